"""What all drawings share: the page, and what a drawing is."""

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

from corpus_tools.display.html import plural

MM = 1 / 25.4
# Journals print at most so high (Nature); the foot, which says what made the figure, is kept free even if it says
# nothing, so that a drawing is the same with and without.
PAGE_MM, FOOT_MM = 170, 8
HIGHEST_MM = PAGE_MM - FOOT_MM
# The foot's type, and what is free above, below and beside it.
_FOOT_PT, _FOOT_GAP_MM = 4.5, 0.7
# From this width on a figure has two columns of text to fill.
WIDE_MM = 150


@dataclass(frozen=True)
class Drawing:
    """The table a figure is drawn from, the function that draws it, and the one that gives its caption's numbers."""

    table: str
    draw: Callable[[pl.DataFrame, int], Figure]
    facts: Callable[[pl.DataFrame, int], dict[str, Any]]


def shortened(name: str, longest: int) -> str:
    """Cut a name that would take the room of what it names; the table keeps it whole.

    Examples
    --------
    >>> shortened("Anna Berg", 12), shortened("The Ministry of Foreign Affairs", 12)
    ('Anna Berg', 'The Ministr…')
    """
    return name if len(name) <= longest else name[: longest - 1].rstrip() + "…"


def repeats_among(drawn: pl.DataFrame, what: str, name: pl.Expr) -> str:
    """Say of how many rows `reports` holds more than `first_reports`, and most of which; nothing, if of none.

    Examples
    --------
    >>> places = pl.DataFrame({"name": ["Kyiv", "Lviv"], "reports": [9, 2], "first_reports": [7, 2]})
    >>> repeats_among(places, "place", pl.col("name"))
    ' Of 1 of the 2 places, some reports repeat an earlier one; of Kyiv most: 7 of 9 are independent.'
    """
    counts = ["reports", "first_reports"]
    rows = drawn.select(name.alias("name"), *counts).filter(pl.col("reports") > pl.col("first_reports"))
    if rows.is_empty():
        return ""
    ordered = rows.sort(pl.col("reports") - pl.col("first_reports"), "name", descending=[True, False])
    most, reports, first = ordered.row(0)
    return (
        f" Of {rows.height:,} of the {plural(drawn.height, what)}, some reports repeat an earlier one; "
        f"of {most} most: {first:,} of {reports:,} are independent."
    )


def foot(figure: Figure, line: str) -> Bbox:
    """Write a line of settings below a finished drawing, small and grey, and give the page with it, in inches.

    The drawing stays as it is: the page grows downwards, so that nothing can run into it. Where a journal's page has no
    room for all lines, the last one ends in an ellipsis; the figure's files hold the whole.
    """
    wide, high = figure.get_size_inches()
    gap = _FOOT_GAP_MM * MM
    lines = _wrapped(line, (wide - 4 * gap) * 72)
    while True:
        text = figure.text(
            2 * gap / wide, -gap / high, "\n".join(lines), va="top", fontsize=_FOOT_PT, color="#767676", linespacing=1.1
        )
        below = 2 * gap + text.get_window_extent().height / figure.dpi
        if high + below <= PAGE_MM * MM or len(lines) == 1:
            return Bbox.from_extents(0, -below, wide, high)
        text.remove()
        lines = [*lines[:-2], lines[-2].rsplit(", ", 1)[0] + " …"]


def _wrapped(line: str, points: float) -> list[str]:
    """Break a line, after its commas and points only, so that no part is wider than so many points."""
    font = FontProperties(size=_FOOT_PT)
    lines: list[str] = []
    for word in re.split("(?<=[,·|]) ", line):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_to_path.get_text_width_height_descent(longer, font, ismath=False)[0] <= points:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
