"""How a result is shown: a table to page, sort and search in a notebook, 80 columns in a terminal."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import zip_longest
from textwrap import wrap
from typing import Any, ClassVar, NamedTuple

import polars as pl
import yaml

from corpus_tools.display.html import fill_in
from corpus_tools.errors import InputError, known
from corpus_tools.text.plain_text import WIDTH, columns, number, one_line, padded, plural, printable

# Rows per page of a table, rows in a notebook (the frame has them all), and rows in a terminal.
PAGE, SHOWN, LINES = 20, 500, 20
_WIDEST = 40  # columns of a terminal that one column of a table may take
_WIDEST_WRAPPED = 20  # the same for a wrapped column between the first and the last


class Cell(NamedTuple):
    """What a table shows instead of a number or words.

    Attributes
    ----------
    words
        Its text.
    order
        What it is sorted by.
    url, anchor
        The page of the web, or the id in this page, that it links to.
    """

    words: str
    order: str
    url: str | None = None
    anchor: str = ""


class ShownColumn(NamedTuple):
    """A column of a table: its name, its heading and tooltip, and whether its values are of type Cell."""

    name: str
    heading: str
    meaning: str
    has_cells: bool


@dataclass(frozen=True)
class ShownTable:
    """A table for the macro `data_table` of the templates.

    Attributes
    ----------
    columns
        Its columns.
    rows
        Its rows.
    total
        How many rows there are, shown or not.
    label
        What the table is, for screen readers.
    page
        Rows per page.
    """

    columns: Sequence[ShownColumn]
    rows: Sequence[Sequence[Any]]
    total: int
    label: str = ""
    page: int = PAGE


def shown_table(
    names: Sequence[str], rows: Sequence[Sequence[Any]], cells: Collection[str] = (), total: int = 0, **how: Any
) -> ShownTable:
    """Return a table whose columns have their headings and tooltips.

    Parameters
    ----------
    names
        Names of the columns.
    rows
        The rows to show.
    cells
        The columns whose values are of type Cell.
    total
        How many rows there are, shown or not.
    how
        `label` and `page` of the table.
    """
    meanings = _meanings()
    headed = [ShownColumn(n, n.replace("_", " "), "" if n in cells else meanings.get(n, ""), n in cells) for n in names]
    return ShownTable(headed, rows, max(total, len(rows)), **how)


@cache
def _meanings() -> dict[str, str]:
    path = files("corpus_tools.display").joinpath("data", "column_meanings.yaml")
    meanings: dict[str, str] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return meanings


@dataclass(frozen=True, repr=False)
class Result:
    """The result of a search or a count.

    Attributes
    ----------
    frame
        All rows, as a polars DataFrame.
    title
        What was asked.
    notes
        Notes shown below the title.
    """

    frame: pl.DataFrame
    title: str
    notes: tuple[str, ...]

    # Columns to show, by default all; a terminal leaves out the last ones if they do not fit.
    columns: ClassVar[tuple[str, ...]] = ()

    def __len__(self) -> int:
        return self.frame.height

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, str) and key not in self.frame.columns:
            raise InputError(f"column {key!r}", "no such column", known(key, self.frame.columns))
        return self.frame[key]

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return self.frame.iter_rows(named=True)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Pass the table to any library that reads Arrow: `polars.DataFrame(result)`, `pyarrow.table(result)`."""
        return self.frame.__arrow_c_stream__(requested_schema)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name == "frame":
            raise AttributeError(name)
        hint = f"its DataFrame is `.frame`, with the columns {', '.join(self.frame.columns)}"
        raise AttributeError(f"{type(self).__name__} has no {name!r}; {hint}")

    def _shown(self) -> pl.DataFrame:
        return self.frame.select(self.columns or self.frame.columns)

    def _table(self) -> ShownTable:
        shown = self._shown()
        return shown_table(shown.columns, shown.head(SHOWN).rows(), total=shown.height)

    def _lines(self) -> list[str]:
        shown = self._shown()
        return [*_aligned(shown.head(LINES)), *more_lines(shown.height)]

    def _repr_html_(self) -> str:
        return fill_in("result.html", title=self.title, notes=self.notes, table=self._table())

    def _head(self) -> list[str]:
        return [one_line(text) for text in (self.title, *self.notes)]

    def __repr__(self) -> str:
        return "\n".join([*self._head(), *self._lines()])


@dataclass(frozen=True, repr=False)
class Overview(Result):
    """A table to read as a whole: all its rows are shown at once."""

    def _table(self) -> ShownTable:
        return shown_table(self.frame.columns, self.frame.rows(), page=self.frame.height)

    def _lines(self) -> list[str]:
        return _aligned(self.frame)


@dataclass(frozen=True, repr=False)
class Description(Overview):
    """An overview of long texts: a terminal wraps them instead of cutting them.

    Examples
    --------
    >>> frame = pl.DataFrame({"column": ["best"], "description": ["Number of people as written, " * 2]})
    >>> Description(frame, "claims: numbers of people", ())
    claims: numbers of people
    column  description
    best    Number of people as written, Number of people as written,
    """

    def _head(self) -> list[str]:
        return [line for text in (self.title, *self.notes) for line in _wrap(text, WIDTH)]

    def _lines(self) -> list[str]:
        return list(_wrapped(self.frame))


def more_lines(rows: int) -> list[str]:
    """Return the line that says how many rows a terminal does not show."""
    return [f"... and {plural(rows - LINES, 'row')} more"] if rows > LINES else []


def _texts(frame: pl.DataFrame) -> list[list[str]]:
    """Return the cells of each column as text, its heading first."""
    return [[name.replace("_", " "), *(_plain(value, name) for value in frame[name])] for name in frame.columns]


def _plain(value: Any, name: str) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, int | float):
        return number(value, name)
    return "" if value is None else str(value)


def _aligned(frame: pl.DataFrame) -> list[str]:
    """Write rows in columns, text to the left and numbers to the right; leave out the last columns that do not fit."""
    texts = _texts(frame)
    right = [frame.schema[name].is_numeric() for name in frame.columns]
    widths = [min(max(map(columns, column)), _WIDEST) for column in texts]
    while len(widths) > 1 and sum(widths) + 2 * (len(widths) - 1) > WIDTH:
        widths.pop()
    lines = []
    for row in zip(*texts, strict=True):
        cells = zip(row, widths, right, strict=False)
        lines.append(
            "  ".join(padded(one_line(text, width), width, right=last) for text, width, last in cells).rstrip()
        )
    return lines


def _wrapped(frame: pl.DataFrame) -> Iterator[str]:
    """Write rows in columns and wrap what does not fit; the last column takes the width that the others leave."""
    texts = _texts(frame)
    right = [frame.schema[name].is_numeric() for name in frame.columns]
    widest = [max(map(columns, column)) for column in texts[:-1]]
    widths = [*widest[:1], *(min(width, _WIDEST_WRAPPED) for width in widest[1:])]
    widths.append(WIDTH - sum(widths) - 2 * len(widths))
    for row in zip(*texts, strict=True):
        cells = (_wrap(text, width) for text, width in zip(row, widths, strict=True))
        for line in zip_longest(*cells, fillvalue=""):
            aligned = zip(line, widths, right, strict=True)
            yield "  ".join(padded(text, width, right=last) for text, width, last in aligned).rstrip()


def _wrap(text: str, width: int) -> list[str]:
    return wrap(printable(text), width, break_on_hyphens=False)
