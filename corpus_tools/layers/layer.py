"""The declaration of a layer of marks: how it is found, stored, counted, shown, exported and evaluated.

To add a layer, write a module with its finder and its `LAYER`, and list that in `corpus_tools.layers.registry`;
CONTRIBUTING.md has an example.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

import polars as pl

from corpus_tools.layers.types import Report
from corpus_tools.runtime.records import Section
from corpus_tools.runtime.schema import SMALL, Column, Table

Row = dict[str, Any]
Values = tuple[Any, ...]
_Shared = TypeVar("_Shared")


def offset_columns(name: str, words: str, null: str = "there is none") -> dict[str, Column]:
    """Return the columns NAME_start and NAME_end of a span that a mark may lack.

    Parameters
    ----------
    name
        Prefix of the columns.
    words
        The words of the span, for the descriptions.
    null
        When the columns are null.
    """
    start = f"Offset into `documents.text` where {words} starts, in characters from 0; null where {null}."
    end = f"Offset into `documents.text` where {words} ends, in characters, exclusive; null where {null}."
    return {f"{name}_start": Column(SMALL, start), f"{name}_end": Column(SMALL, end)}


class Marks:
    """The marks of one report; each layer is found on first use.

    Parameters
    ----------
    report
        The report.
    layers
        The layers by name.

    Examples
    --------
    >>> from corpus_tools.layers import times
    >>> marks = Marks(Report("He left in 2014.", None, 0, [(0, 16)]), {"times": times.LAYER})
    >>> list(marks.rows("times"))
    [('0', 11, 15, '2014', '2014', 'year')]
    """

    def __init__(self, report: Report, layers: Mapping[str, Layer]) -> None:
        self.report = report
        self._layers = layers
        self._marks: dict[str, Sequence[Any]] = {}
        self._shared: dict[Callable[[Marks], Any], Any] = {}

    def __getitem__(self, layer: str) -> Sequence[Any]:
        """Return the marks of a layer, in the order of the text."""
        if layer not in self._marks:
            self._marks[layer] = self._layers[layer].find(self)
        return self._marks[layer]

    def shared(self, compute: Callable[[Marks], _Shared]) -> _Shared:
        """Return what a function computes from these marks; it is called once, whichever layers need it."""
        if compute not in self._shared:
            self._shared[compute] = compute(self)
        result: _Shared = self._shared[compute]
        return result

    def rows(self, layer: str) -> Iterator[Values]:
        """Return the marks of a layer as rows of its table."""
        row = self._layers[layer].row
        return (row(self.report, mark) for mark in self[layer])


@dataclass(frozen=True)
class HighlightKind:
    """A kind of highlight.

    Parameters
    ----------
    name
        Its name; the CSS class is `ct-NAME`.
    label
        Its entry in the legend.
    rank
        Of highlights on the same words, the one of lowest rank is outermost. Ranks 0 and 1 belong to the display.
    """

    name: str
    label: str
    rank: int


@dataclass(frozen=True)
class Highlight:
    """A highlighted span of text.

    Parameters
    ----------
    kind
        Name of a `HighlightKind`.
    start, end
        Offsets into the text.
    tooltip
        Lines of the tooltip.
    number
        Number of its row in a table below the text.
    """

    kind: str
    start: int
    end: int
    tooltip: tuple[str, ...]
    number: str = ""


def highlights_of_parts(row: Mapping[str, Any], kinds: Mapping[str, str], mark: str) -> Iterator[Highlight]:
    """Highlight the spans that belong to a mark, such as the speaker of a quotation.

    Parameters
    ----------
    row
        A row with columns `PART_start` and `PART_end` for each part.
    kinds
        The kind of highlight of each part.
    mark
        What they belong to, for the tooltip.
    """
    for part, kind in kinds.items():
        start, end = row[f"{part}_start"], row[f"{part}_end"]
        if start is not None and end is not None:
            yield Highlight(kind, start, end, (f"{part.replace('_', ' ')} of {mark}",))


@dataclass(frozen=True)
class Listing:
    """A table below the text that lists a layer's rows.

    Parameters
    ----------
    caption
        Its caption.
    columns
        The column of the layer's table for each heading; of several separated by spaces, the first gives the value
        and the others follow in parentheses.
    sign
        Written before the number of each row.
    """

    caption: str
    columns: Mapping[str, str]
    sign: str = ""


DATES_AND_PLACES = "Dates and places"  # a caption that two layers share


@dataclass(frozen=True)
class CountTable:
    """A table below the text that counts equal marks; layers that give the same caption share it.

    Parameters
    ----------
    caption
        Its caption.
    cells
        Returns what a row is, what it means, and how precisely.
    """

    caption: str
    cells: Callable[[Row], tuple[str, str | None, str | None]]


@dataclass(frozen=True)
class Display:
    """How a layer is shown in a report.

    Parameters
    ----------
    kinds
        Kinds of highlights that this layer introduces; it may use those of other layers too.
    highlights
        Returns the highlights of a row, given the row, its number from 1, and the text.
    listing, tally
        The tables below the text; None for no table.
    """

    kinds: tuple[HighlightKind, ...]
    highlights: Callable[[Row, int, str], Iterator[Highlight]]
    listing: Listing | None = None
    tally: CountTable | None = None


@dataclass(frozen=True)
class RowCounts:
    """Which of a layer's rows metrics/annotate.json counts besides all of them.

    Parameters
    ----------
    by
        Columns: `LAYER_by_COLUMN` counts the rows of each value.
    rows
        Name and condition: `LAYER_NAME` counts the rows that meet it.
    """

    by: tuple[str, ...] = ()
    rows: Mapping[str, pl.Expr] = field(default_factory=dict)


@dataclass(frozen=True)
class Conllu:
    """How a layer is written in the MISC column of CoNLL-U.

    Parameters
    ----------
    key
        Its key; values are `B-VALUE` at the first token and `I-VALUE` at the others.
    column
        The column that gives the value.
    detail
        Key and column of a further value, written at the first token only.
    """

    key: str
    column: str
    detail: tuple[str, str] | None = None


@dataclass(frozen=True)
class Brat:
    """How a layer is written in brat's standoff format.

    Parameters
    ----------
    entities
        Its entity types; if there are several, the column `label` gives the type.
    notes
        The columns written into the note of an entity or event.
    attribute
        Name, column and values of an attribute.
    relations
        Name of each relation, entity type of its second argument, and prefix of that argument's columns of offsets.
    event
        Type of the event that a row is written as, instead of an entity.
    roles
        Role, entity type, and prefix of the columns of offsets of each argument of the event; an empty prefix means
        the row's own offsets.
    """

    entities: tuple[str, ...]
    notes: tuple[str, ...]
    attribute: tuple[str, str, tuple[str, ...]] | None = None
    relations: tuple[tuple[str, str, str], ...] = ()
    event: str = ""
    roles: tuple[tuple[str, str, str], ...] = ()


class GoldText(Protocol):
    """The cleaned text of an annotated report, in which gold spans are found again."""

    def span(self, key: str, span: Sequence[int]) -> Row:
        """Return start, end and text of a span; the key names it in messages."""

    def words(self, key: str, *spans: Sequence[int] | None) -> str | None:
        """Return the words of some spans, separated by spaces; None if there are no spans."""


@dataclass(frozen=True)
class Gold:
    """How a layer is compared with the annotations of people.

    Parameters
    ----------
    model
        Model of one mark in the files of gold.
    row
        Turns such a mark into a row with the columns to compare.
    scores
        For the name of each score, a function that returns whether a gold row and a row of the table are the same.
    comparable
        Leaves out rows that the gold scheme does not annotate.
    """

    model: type[Section]
    row: Callable[[Any, GoldText], Row]
    scores: Mapping[str, Callable[[Row, Row], bool]]
    comparable: Callable[[list[Row]], list[Row]] = lambda rows: rows


@dataclass(frozen=True)
class Layer:
    """A layer of marks.

    Parameters
    ----------
    table
        Its table.
    find
        Finds the marks of a report, in the order of the text; may use the marks of other layers.
    row
        Turns a mark into a row of the table.
    display
        How it is shown in a report.
    counts
        What is counted besides the number of its rows.
    conllu, brat
        How it is exported; None leaves it out of the format.
    gold
        How it is evaluated; None if there is no gold for it.
    """

    table: Table
    find: Callable[[Marks], Sequence[Any]]
    row: Callable[[Report, Any], Values]
    display: Display
    counts: RowCounts = RowCounts()
    conllu: Conllu | None = None
    brat: Brat | None = None
    gold: Gold | None = None

    @property
    def name(self) -> str:
        """The table's name."""
        return self.table.name
