"""Axes that several figures share: small panels, time, intervals, names."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil
from typing import Any

import numpy.typing as npt
import polars as pl
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from corpus_tools.figures.layout import DRAWING_MM, MM
from corpus_tools.text.plain_text import plural

Values = npt.NDArray[Any]

# The colour of an interval, by the colour of its line; and that of a second series in a panel.
BANDS, INK = {"C0": "#d5e1fe", "C1": "#fde6c8"}, "#202020"
# Means that differ by less than this share of the axis look the same.
VISIBLE = 0.02
DAYS = {"day": 1, "week": 7, "month": 30}
# The height of a row of panels, and of what surrounds them.
_ROW_MM, _MARGIN_MM = 22, 8
# If the largest stretch has a smaller share of all reports, the figure shows all stretches.
_MAIN_SHARE = 0.8


def main_stretch(data: pl.DataFrame) -> pl.DataFrame:
    """Keep the stretch of time with nearly all reports, if there is one; empty years would squeeze it to a line."""
    sizes = data.group_by("stretch").agg(pl.col("reports").sum()).sort("reports", "stretch", descending=[True, False])
    if sizes["reports"][0] < _MAIN_SHARE * int(sizes["reports"].sum()):
        return data
    return data.filter(pl.col("stretch") == sizes["stretch"][0])


def far_reports_note(data: pl.DataFrame) -> str:
    """Return a sentence on the reports outside the main stretch."""
    drawn = main_stretch(data)["stretch"].unique()
    rest = data.filter(~pl.col("stretch").is_in(drawn.implode()), pl.col("reports") > 0)
    if rest.is_empty():
        return ""
    count = int(rest["reports"].sum())
    days = sorted({str(d) for d in rest["start"]})
    when = ", ".join(days) if len(days) <= 4 else f"{days[0]} to {days[-1]}"
    return f" Not drawn: {plural(count, 'report')} far from the others in time ({rest['period'][0]}s from {when})."


def period_of(data: pl.DataFrame) -> str:
    """Return the length of the bins: day, week or month."""
    return str(data["period"][0])


def time_facts(data: pl.DataFrame) -> dict[str, Any]:
    """Return the first and last bin and their length, for the caption."""
    starts = data["start"]
    return {"first": starts.min(), "last": starts.max(), "period": period_of(data)}


def outlets_by_reports(shown: pl.DataFrame) -> list[str]:
    """Return the outlets with reports, most first."""
    counts = shown.group_by("outlet").agg(pl.col("reports").sum()).filter(pl.col("reports") > 0)
    return counts.sort("reports", "outlet", descending=[True, False])["outlet"].to_list()


def left_out_note(shown: pl.DataFrame, width_mm: int) -> str:
    """Return a sentence if the page has no room for a panel for each outlet."""
    names = outlets_by_reports(shown)
    fitting = len(_fitting(names, width_mm))
    return f" Shown: the {fitting} outlets with most reports, of {len(names)}." if fitting < len(names) else ""


def _columns(width_mm: int) -> int:
    return max(1, width_mm // (29 if width_mm < 120 else 36))


def _fitting(names: list[str], width_mm: int) -> list[str]:
    return names[: _columns(width_mm) * int((DRAWING_MM - _MARGIN_MM) // _ROW_MM)]


def panels(names: list[str], width_mm: int) -> tuple[Figure, Iterator[tuple[str, Axes]]]:
    """Lay out one panel for each name, as many as fit on a page, with common axes."""
    names = _fitting(names, width_mm)
    columns = _columns(width_mm)
    figure, grid = panel_grid(len(names), columns, (width_mm, _ROW_MM, _MARGIN_MM), sharex=True, sharey=True)
    return figure, zip(names, grid, strict=True)


def panel_grid(
    count: int, columns: int, sizes_mm: tuple[float, float, float], *, sharex: bool = False, sharey: bool = False
) -> tuple[Figure, list[Axes]]:
    """Lay out panels in rows, with ticks at the lowest panel of each column.

    Parameters
    ----------
    count, columns
        Number of panels, and of columns if there are as many panels.
    sizes_mm
        The width of the figure, the height of a row, and that of the space around all rows.
    sharex, sharey
        Whether all panels have the same axis.
    """
    width, row, margin = sizes_mm
    columns = min(count, columns)
    rows = ceil(count / columns)
    figure = Figure(figsize=(width * MM, min(DRAWING_MM, rows * row + margin) * MM))
    grid = list(figure.subplots(rows, columns, sharex=sharex, sharey=sharey, squeeze=False).flat)
    for unused in grid[count:]:
        unused.set_axis_off()
    for lowest in grid[max(0, count - columns) : count]:
        lowest.tick_params(labelbottom=True)
    return figure, grid[:count]


def date_axis(axes: Axes) -> None:
    """Set two or three ticks with dates on an axis of time."""
    locator = AutoDateLocator(minticks=2, maxticks=3)
    days, months = "%d %b\n%Y", "%b\n%Y"
    formats = ["%Y", months, days, "%H:%M", "%H:%M", "%S"]
    zero_formats = ["%Y", months, days, *formats[3:]]
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(
        ConciseDateFormatter(locator, formats=formats, zero_formats=zero_formats, show_offset=False)
    )


def number_format() -> FuncFormatter:
    """Format ticks as integers with commas between thousands."""
    return FuncFormatter(lambda value, _: f"{value:,.0f}")


def band(axes: Axes, days: Values, low: Values, high: Values, color: str = "C0") -> None:
    """Draw the interval around a line over time."""
    axes.fill_between(days, low, high, color=BANDS[color], linewidth=0)
    # An interval between two bins without one has no area.
    axes.vlines(days, low, high, color=BANDS[color], linewidth=1.2, zorder=1)


def second_line(axes: Axes, days: Values, values: Values) -> None:
    """Draw a second series in a panel as a thin dark line without markers."""
    axes.plot(days, values, color=INK, linewidth=0.5, marker="", linestyle="-", zorder=4)


def names_axis(axes: Axes) -> None:
    """Style axes with names from top to bottom: vertical grid lines, and no ticks beside the names."""
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=True, axis="x")
    axes.grid(visible=False, axis="y")
