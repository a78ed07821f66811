"""Sizes of a page, and the text that drawings share: short names, notes about repeats, and the provenance line."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path
from matplotlib.transforms import Bbox

from corpus_tools.text.plain_text import plural

MM = 1 / 25.4
# The height of a page in Nature. The room for the provenance line is kept free even without it, so that the drawing is
# the same with and without.
PAGE_MM, FOOTER_MM = 170, 8
DRAWING_MM = PAGE_MM - FOOTER_MM
# The size of the provenance line's type, and the gap on each side of it.
_FOOTER_PT, _FOOTER_GAP_MM = 4.5, 0.7
INDEPENDENT = "A report is independent if it is the earliest of its near-duplicates."
# From this width on, a figure spans two columns of text.
WIDE_MM = 150


@dataclass(frozen=True)
class Drawing:
    """A figure: the table it shows, the function that draws it, and the one that returns the facts of its caption."""

    table: str
    draw: Callable[[pl.DataFrame, int], Figure]
    facts: Callable[[pl.DataFrame, int], dict[str, Any]]


def shortened(name: str, longest: int) -> str:
    """Cut a name that is longer than `longest` characters; the figure's table has all of it.

    Examples
    --------
    >>> shortened("Anna Berg", 12), shortened("The Ministry of Foreign Affairs", 12)
    ('Anna Berg', 'The Ministr…')
    """
    return name if len(name) <= longest else name[: longest - 1].rstrip() + "…"


def repeats_note(rows: pl.DataFrame, noun: str, name: pl.Expr) -> str:
    """Return a sentence on the rows in which `reports` exceeds `first_reports`, or nothing if there are none.

    Examples
    --------
    >>> places = pl.DataFrame({"name": ["Kyiv", "Lviv"], "reports": [9, 2], "first_reports": [7, 2]})
    >>> repeats_note(places, "place", pl.col("name")).removesuffix(" " + INDEPENDENT)
    ' For 1 of the 2 places, some reports repeat an earlier one, most for Kyiv: 7 of 9 are independent.'
    """
    reports, first = pl.col("reports"), pl.col("first_reports")
    repeated = rows.filter(reports > first).select(name.alias("name"), reports, first)
    if repeated.is_empty():
        return ""
    most, total, independent = repeated.sort(reports - first, "name", descending=[True, False]).row(0)
    return (
        f" For {repeated.height:,} of the {plural(rows.height, noun)}, some reports repeat an earlier one, "
        f"most for {most}: {independent:,} of {total:,} are independent. {INDEPENDENT}"
    )


def add_footer(figure: Figure, line: str) -> Bbox:
    """Write the provenance line below a finished drawing, and return the enlarged page in inches.

    The page grows downwards, so the drawing stays as it is. If not all lines fit on a journal's page, the last one ends
    in an ellipsis; the figure's files have the complete text.
    """
    width, height = figure.get_size_inches()
    gap = _FOOTER_GAP_MM * MM
    lines = _wrapped(line, (width - 4 * gap) * 72)
    while True:
        text = figure.text(
            2 * gap / width, -gap / height, "\n".join(lines), va="top", fontsize=_FOOTER_PT, color="#767676",
            linespacing=1.1,
        )  # fmt: skip
        below = 2 * gap + text.get_window_extent().height / figure.dpi
        if height + below <= PAGE_MM * MM or len(lines) == 1:
            return Bbox.from_extents(0, -below, width, height)
        text.remove()
        lines = [*lines[:-2], lines[-2].rsplit(", ", 1)[0] + " …"]


def _wrapped(line: str, width_pt: float) -> list[str]:
    """Break a line after its commas, points and bars, so that no line is wider than `width_pt`."""
    font = FontProperties(size=_FOOTER_PT)
    lines: list[str] = []
    for word in re.split("(?<=[,·|]) ", line):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_to_path.get_text_width_height_descent(longer, font, ismath=False)[0] <= width_pt:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
