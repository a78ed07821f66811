"""How a result looks: a table to page, sort and search in a notebook, 80 columns in a terminal, a DataFrame in code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

import polars as pl

from corpus_tools.display.html import WIDTH, columns, one_line, padded, plural, resource, safe, tag
from corpus_tools.errors import InputError, known

# A page of a table, the rows that a notebook takes up (the frame has them all), and the lines of a terminal.
PAGE, SHOWN, LINES = 20, 500, 20
# What the heads of columns say when one points at them.
MEANINGS = {
    "count": "how often it stands there",
    "reference": "how often it stands in the reference",
    "per_million": "of a million words",
    "reference_per_million": "of a million words of the reference",
    "reports": "reports that hold it",
    "clusters": "independent reports that hold it: near-duplicates count once",
    "reference_clusters": "independent reports of the reference that hold it",
    "g2": "log-likelihood ratio, negative where the reference has more (Dunning 1993)",
    "q": "p-value, corrected for the number of words (Benjamini and Hochberg 1995)",
    "log_ratio": "binary logarithm of the ratio of the rates: 1 is twice as often (Hardie 2014)",
    "low": "lower end of the 95 % interval",
    "high": "upper end of the 95 % interval",
    "dp": "deviation of proportions, 0: spread evenly (Gries 2008)",
    "dp_norm": "deviation of proportions, from 0, spread evenly, to 1 (Lijffijt and Gries 2012)",
    "juilland_d": "Juilland's D, 1: spread evenly (Juilland et al. 1970)",
    "together": "how often both stand in one window",
    "left": "of these, before the word",
    "right": "of these, after the word",
    "log_dice": "about 14 at most; one more is twice as typical (Rychly 2008)",
    "npmi": "pointwise mutual information, from -1 to 1; 0: as by chance (Bouma 2009)",
    "mattr": "different words in a window (of 50 words, if not said otherwise), as a share (Covington and McFall 2010)",
    "mtld": "words until the share of different ones falls to 0.72 (McCarthy and Jarvis 2010)",
    "hdd": "different words among 42 drawn, as a share (McCarthy and Jarvis 2007)",
}


@dataclass(frozen=True, repr=False)
class Result:
    """Something that was found.

    Attributes
    ----------
    frame
        All of it, as a polars DataFrame.
    title
        What was asked.
    notes
        What has to be known to read it.
    """

    frame: pl.DataFrame
    title: str
    notes: tuple[str, ...]

    # Columns to show; a terminal leaves out the last ones if they do not fit, and rows beyond so many.
    columns: ClassVar[tuple[str, ...]] = ()
    lines: ClassVar[int] = LINES

    def __len__(self) -> int:
        return self.frame.height

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, str) and key not in self.frame.columns:
            raise InputError(f"column {key!r}", "there is none", known(key, self.frame.columns))
        return self.frame[key]

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return self.frame.iter_rows(named=True)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Hand the table to any library that reads Arrow: `polars.DataFrame(result)`, `pyarrow.table(result)`."""
        return self.frame.__arrow_c_stream__(requested_schema)

    def __getattr__(self, name: str) -> Any:
        hint = f"; its DataFrame is `.frame`, with the columns {', '.join(self.frame.columns)}"
        if name.startswith("_") or name == "frame":
            raise AttributeError(name)
        raise AttributeError(f"{type(self).__name__} has no {name!r}{hint}")

    def _shown(self) -> pl.DataFrame:
        return self.frame.select(self.columns or self.frame.columns)

    def _repr_html_(self) -> str:
        shown = self._shown()
        return page(self.title, self.notes, table(shown.columns, shown.head(SHOWN).rows()), more(shown.height))

    def __repr__(self) -> str:
        shown = self._shown()
        return "\n".join([*self._head(), *_aligned(shown.head(self.lines)), *more_lines(shown.height, self.lines)])

    def _head(self) -> list[str]:
        return [one_line(self.title), *map(one_line, self.notes)]


@dataclass(frozen=True, repr=False)
class Overview(Result):
    """The tables of a corpus."""

    lines: ClassVar[int] = 50


def more(rows: int) -> str:
    """Say that a page does not hold all rows."""
    return f"The first {SHOWN:,} of {rows:,} rows." if rows > SHOWN else ""


def more_lines(rows: int, shown: int = LINES) -> list[str]:
    """Say that a terminal does not show all rows."""
    return [f"... and {plural(rows - shown, 'row')} more"] if rows > shown else []


def page(title: str, notes: Iterable[str], body: str, after: str = "") -> str:
    """Put a table on a page of its own style, with what to know beside it; it needs no network."""
    head = tag("div", safe(title), "ct-title", role="heading", **{"aria-level": "3"})
    head += "".join(tag("div", safe(note), "ct-muted") for note in notes)
    style = tag("style", resource("show.css") + resource("table.css"))
    below = tag("div", safe(after), "ct-muted") if after else ""
    return tag("section", style + head + body + below + tag("script", resource("table.js")), "ct-show ct-result")


# HTML of a cell, and what it is sorted by; none: by its words.
Cell = Callable[[Any], tuple[str, str]]


def table(
    columns: Sequence[str], rows: Iterable[Sequence[Any]], cells: dict[str, Cell] | None = None, label: str = ""
) -> str:
    """Write a table; where scripts may run, it can be paged, sorted and searched, and else its first page is read.

    Parameters
    ----------
    columns
        Names of the columns; what they mean is said on pointing at them.
    cells
        How to write a column that is neither words nor numbers.
    label
        What the table is, for those who hear it.
    """
    cells = cells or {}
    heads = "".join(
        tag(
            "th",
            safe(name.replace("_", " ")),
            scope="col",
            title="" if name in cells else MEANINGS.get(name, ""),
            **{"data-name": name},
        )
        for name in columns
    )
    lines = []
    for n, row in enumerate(rows):
        content = "".join(_cell(name, value, cells.get(name)) for name, value in zip(columns, row, strict=True))
        lines.append(f"<tr{' hidden' * (n >= PAGE)}>{content}</tr>")
    body = "".join(lines) or tag("tr", tag("td", "nothing found", "ct-muted", colspan=str(len(columns))))
    inner = tag("thead", tag("tr", heads)) + tag("tbody", body)
    box = tag("div", tag("table", inner, **{"aria-label": label}), "ct-scroll")
    return tag("ct-table", box, "ct-table", **{"data-page": str(PAGE)})


def _cell(name: str, value: Any, write: Cell | None) -> str:
    head = {"data-th": name.replace("_", " ")}
    if write:
        content, order = write(value)
        return tag("td", content, f"ct-{name}", **head, **{"data-s": order})
    if isinstance(value, bool):
        return tag("td", "yes" if value else "", "ct-flag", **head)
    if isinstance(value, int | float):
        return tag("td", safe(number(value, name)), "ct-number", **head, **{"data-v": repr(value)})
    return tag("td", "" if value is None else safe(value), "", **head)


def number(value: float | None, name: str = "") -> str:
    """Write a number as a table shows it: whole ones in groups, others with the digits that matter.

    Examples
    --------
    >>> number(12345), number(1234.5), number(12.345), number(0.0123), number(-3.0, "log_ratio"), number(0.0, "q")
    ('12,345', '1,234', '12.3', '0.012', '-3.00', '<0.001')
    """
    if value is None or value != value:  # noqa: PLR0124 (not a number)
        return ""
    if isinstance(value, int):
        return f"{value:,}"
    if name == "q":
        return "<0.001" if value < 0.001 else f"{value:.3f}"
    size = abs(value)
    return f"{value:,.{0 if size >= 100 else 1 if size >= 10 else 2 if size >= 1 or name.startswith('log') else 3}f}"


def _aligned(frame: pl.DataFrame) -> list[str]:
    """Write rows in columns, words to the left and numbers to the right; the last columns are left out if too wide."""
    texts = [[name.replace("_", " "), *(_plain(value, name) for value in frame[name])] for name in frame.columns]
    right = [frame.schema[name].is_numeric() for name in frame.columns]
    widths = [min(max(map(columns, column)), 40) for column in texts]
    while len(widths) > 1 and sum(widths) + 2 * (len(widths) - 1) > WIDTH:
        widths.pop()
    lines = []
    for row in zip(*texts, strict=True):
        parts = (
            padded(one_line(text, width), width, right=is_right)
            for text, width, is_right in zip(row, widths, right, strict=False)
        )
        lines.append("  ".join(parts).rstrip())
    return lines


def _plain(value: Any, name: str) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, int | float):
        return number(value, name)
    return "" if value is None else str(value)


def day(value: date | None) -> str:
    """Write a day, as a reader does.

    Examples
    --------
    >>> day(date(2017, 3, 6))
    '6 Mar 2017'
    """
    return f"{value.day} {value:%b %Y}" if value else ""
