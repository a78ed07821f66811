"""Panels, one an outlet, and axes of time: what figures of series share."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil
from typing import Any

import numpy.typing as npt
import polars as pl
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure

from corpus_tools.display.html import plural
from corpus_tools.figures.page import HIGHEST_MM, MM

Values = npt.NDArray[Any]

# What an interval is painted in, by the colour of its line; and a thin line of what counts otherwise.
BANDS, INK = {"C0": "#d5e1fe", "C1": "#fde6c8"}, "#202020"
# Two means of which one is drawn over the other look the same if they differ by less than this part of the axis.
VISIBLE = 0.02
# A row of panels, and what is around all of them.
_ROW_MM, _MARGIN_MM = 22, 8

# Below this part of all reports, the largest stretch would not stand for the corpus, and everything is drawn.
_MAIN = 0.8


def main_stretch(data: pl.DataFrame) -> pl.DataFrame:
    """Keep the stretch of time with most reports, if it has nearly all: empty years squeeze the rest to a line."""
    sizes = data.group_by("stretch").agg(pl.col("reports").sum()).sort("reports", "stretch", descending=[True, False])
    if sizes["reports"][0] < _MAIN * int(sizes["reports"].sum()):
        return data
    return data.filter(pl.col("stretch") == sizes["stretch"][0])


def elsewhere(data: pl.DataFrame) -> str:
    """Say in the caption what is not in the main stretch."""
    drawn = main_stretch(data)["stretch"].unique()
    rest = data.filter(~pl.col("stretch").is_in(drawn.implode()), pl.col("reports") > 0)
    if rest.is_empty():
        return ""
    count = int(rest["reports"].sum())
    days = sorted({str(d) for d in rest["start"]})
    when = ", ".join(days) if len(days) <= 4 else f"{days[0]} to {days[-1]}"
    return f" Not drawn: {plural(count, 'report')} far from the others in time ({rest['period'][0]}s from {when})."


def period_of(data: pl.DataFrame) -> str:
    """Say how long a bin is."""
    return str(data["period"][0])


def range_of(data: pl.DataFrame) -> dict[str, Any]:
    """Give the first and last bin, and how long a bin is."""
    starts = data["start"]
    return {"first": starts.min(), "last": starts.max(), "period": period_of(data)}


def _columns(width_mm: int) -> int:
    return max(1, width_mm // (29 if width_mm < 120 else 36))


def _readable(names: list[str], width_mm: int) -> list[str]:
    """Keep as many panels as fit on a page at a height that can be read."""
    return names[: _columns(width_mm) * int((HIGHEST_MM - _MARGIN_MM) // _ROW_MM)]


def left_out(shown: pl.DataFrame, width_mm: int) -> str:
    """Say in the caption that not all outlets fit on the page."""
    names = present(shown)
    fitting = len(_readable(names, width_mm))
    return f" The {fitting} outlets with most reports, of {len(names)}." if fitting < len(names) else ""


def panels(names: list[str], width_mm: int) -> tuple[Figure, Iterator[tuple[str, Axes]]]:
    """Lay out one panel a name."""
    names = _readable(names, width_mm)
    columns = min(len(names), _columns(width_mm))
    rows = ceil(len(names) / columns)
    figure = Figure(figsize=(width_mm * MM, (rows * _ROW_MM + _MARGIN_MM) * MM))
    axes = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    flat = list(axes.flat)
    for empty in flat[len(names) :]:
        empty.set_axis_off()
    for below in flat[max(0, len(names) - columns) : len(names)]:
        below.tick_params(labelbottom=True)
    return figure, zip(names, flat, strict=False)


def date_axis(axes: Axes) -> None:
    """Give an axis of time a few ticks with dates."""
    locator = AutoDateLocator(minticks=2, maxticks=3)
    days, months = "%d %b\n%Y", "%b\n%Y"
    formats = ["%Y", months, days, "%H:%M", "%H:%M", "%S"]
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(
        ConciseDateFormatter(
            locator, formats=formats, zero_formats=["%Y", months, days, *formats[3:]], show_offset=False
        )
    )


def band(axes: Axes, days: Values, low: Values, high: Values, color: str = "C0") -> None:
    """Paint the interval around a line over time."""
    axes.fill_between(days, low, high, color=BANDS[color], linewidth=0)
    # An interval between two bins without one has no area.
    axes.vlines(days, low, high, color=BANDS[color], linewidth=1.2, zorder=1)


def other_line(axes: Axes, days: Values, values: Values) -> None:
    """Draw a series beside the one that a panel is about: thin, dark and without marks."""
    axes.plot(days, values, color=INK, linewidth=0.5, marker="", linestyle="-", zorder=4)


def lying(axes: Axes) -> None:
    """Let an axis be one of names from top to bottom: values are read downwards, and names need no ticks."""
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=True, axis="x")
    axes.grid(visible=False, axis="y")


def present(shown: pl.DataFrame) -> list[str]:
    """List the outlets with reports, most first."""
    counted = shown.group_by("outlet").agg(pl.col("reports").sum()).filter(pl.col("reports") > 0)
    return counted.sort("reports", "outlet", descending=[True, False])["outlet"].to_list()
