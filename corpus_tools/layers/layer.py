"""What a layer of marks is: one declaration, from which it is found, stored, shown, exported and evaluated.

To add a layer, write a module with its finder and a `LAYER`, and add that to `corpus_tools.layers.registry`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from corpus_tools.layers.types import Report
from corpus_tools.runtime.records import Section
from corpus_tools.runtime.schema import Table

Row = dict[str, Any]
Values = tuple[Any, ...]
_Shared = TypeVar("_Shared")


class Marks:
    """The marks of one report; each layer is found when it is first asked for.

    Parameters
    ----------
    report
        The report.
    layers
        The layers by name.
    """

    def __init__(self, report: Report, layers: Mapping[str, Layer]) -> None:
        self.report = report
        self._layers = layers
        self._found: dict[str, Sequence[Any]] = {}
        self._shared: dict[Callable[[Marks], Any], Any] = {}

    def __getitem__(self, layer: str) -> Sequence[Any]:
        """Return the marks of a layer, in the order of the text."""
        if layer not in self._found:
            self._found[layer] = self._layers[layer].find(self)
        return self._found[layer]

    def shared(self, make: Callable[[Marks], _Shared]) -> _Shared:
        """Return what several layers need of the report, made once."""
        if make not in self._shared:
            self._shared[make] = make(self)
        result: _Shared = self._shared[make]
        return result

    def rows(self, layer: str) -> Iterator[Values]:
        """Return a layer's rows, with the columns of its table."""
        row = self._layers[layer].row
        return (row(self.report, mark) for mark in self[layer])


@dataclass(frozen=True)
class HighlightKind:
    """How one kind of highlight is named.

    Parameters
    ----------
    name
        The CSS class is `ct-NAME`.
    label
        For the legend.
    rank
        Of highlights on the same words, the one of lowest rank is outermost.
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
    says
        Lines of the tooltip.
    number
        Number of its row in a table below the text.
    """

    kind: str
    start: int
    end: int
    says: tuple[str, ...]
    number: str = ""


@dataclass(frozen=True)
class Listing:
    """A table of a layer's rows below the text.

    Parameters
    ----------
    caption
        Its caption.
    columns
        The layer's columns by their headings; of several, separated by spaces, the first is the value and the others
        follow in parentheses.
    sign
        Before the number of each row.
    """

    caption: str
    columns: Mapping[str, str]
    sign: str = ""


@dataclass(frozen=True)
class Shown:
    """How a layer is shown in a report.

    Parameters
    ----------
    kinds
        The kinds of highlights that it makes.
    highlights
        Takes a row, its number from 1, and the text.
    listing
        The table below the text, if there is one.
    """

    kinds: tuple[HighlightKind, ...]
    highlights: Callable[[Row, int, str], Iterator[Highlight]]
    listing: Listing | None = None


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
        Key and column of what only the first token carries.
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
        Its types of entities; of several, the column `label` says which.
    notes
        The columns that go into an entity's or event's note.
    attribute
        Name, column and values of an attribute.
    relations
        Name of a relation, entity type of its other end, and the prefix of that end's columns of offsets.
    event
        Name of an event that the row is, instead of an entity.
    roles
        Role, entity type and prefix of the event's arguments.
    """

    entities: tuple[str, ...]
    notes: tuple[str, ...]
    attribute: tuple[str, str, tuple[str, ...]] | None = None
    relations: tuple[tuple[str, str, str], ...] = ()
    event: str = ""
    roles: tuple[tuple[str, str, str], ...] = ()


class GoldText(Protocol):
    """The text of an annotated report, in which gold spans are found again."""

    def span(self, key: str, span: Sequence[int]) -> Row:
        """Return start, end and text of a span; the key names it in messages."""

    def words(self, key: str, *spans: Sequence[int] | None) -> str | None:
        """Return the words of some spans with spaces between; None if there are none."""


@dataclass(frozen=True)
class Gold:
    """How a layer is compared with what people annotated.

    Parameters
    ----------
    model
        One gold mark as the files have it.
    row
        Turns it into a row with the columns that are compared.
    scores
        By the name of each score, whether a gold row and a row found are the same.
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
        Its table, whose columns carry their descriptions.
    find
        Finds the marks of a report, in the order of the text; may ask for other layers.
    row
        Turns a mark into a row of the table.
    shown
        How it is shown in a report.
    conllu, brat
        How it is exported; None where a format has no place for it.
    gold
        How it is evaluated; None without gold.
    """

    table: Table
    find: Callable[[Marks], Sequence[Any]]
    row: Callable[[Report, Any], Values]
    shown: Shown
    conllu: Conllu | None = None
    brat: Brat | None = None
    gold: Gold | None = None

    @property
    def name(self) -> str:
        """The table's name."""
        return self.table.name
