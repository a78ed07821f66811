"""The figure of the people quoted most in each outlet."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import LogLocator, NullFormatter

from corpus_tools.figures.layout import DRAWING_MM, WIDE_MM, Drawing, repeats_note, shortened
from corpus_tools.figures.panels import names_axis, number_format, panel_grid
from corpus_tools.text.plain_text import plural

# Heights of a person's row, and of what surrounds the rows in a panel (title, ticks) and on the page (legend, label).
_PERSON_MM, _PANEL_MM, _AROUND_MM = 3.1, 8.0, 12.0
_LONGEST_NAME = 22


def _people_shown(width_mm: int) -> int:
    return 8 if width_mm >= WIDE_MM else 5


def _outlets_shown(data: pl.DataFrame, width_mm: int) -> tuple[list[tuple[str, int]], int]:
    """Return the outlets that fit on a page with their numbers of quotations, most first, and the number of columns."""
    columns = 4 if width_mm >= WIDE_MM else 2
    row_mm = _people_shown(width_mm) * _PERSON_MM + _PANEL_MM
    counts = data.group_by("outlet").agg(pl.col("quotes").sum()).sort("quotes", "outlet", descending=[True, False])
    return counts.head(columns * int((DRAWING_MM - _AROUND_MM) // row_mm)).rows(), columns


def most_quoted(data: pl.DataFrame, width_mm: int) -> Figure:
    """Draw the most quoted people of each outlet: quotations and reports as two markers on one logarithmic scale."""
    outlets, columns = _outlets_shown(data, width_mm)
    people = _people_shown(width_mm)
    sizes_mm = (width_mm, people * _PERSON_MM + _PANEL_MM, _AROUND_MM)
    figure, grid = panel_grid(len(outlets), columns, sizes_mm, sharex=True)
    for (outlet, quotes), axes in zip(outlets, grid, strict=True):
        _draw_people(axes, data.filter(pl.col("outlet") == outlet).sort("rank").head(people), people)
        # Right-aligned, because a title that started above the names would run into the next panel.
        axes.set_title(f"{shortened(outlet, _LONGEST_NAME)} ({quotes:,})", loc="right")
    highest = int(data["quotes"].max())  # type: ignore[arg-type]
    first = grid[0]
    first.set_xscale("log")
    first.set_xlim(0.6, max(highest, 5) * 1.4)
    first.xaxis.set_major_locator(LogLocator(10, subs=(1,) if highest >= 50 else (1, 2, 5), numticks=20))
    first.xaxis.set_major_formatter(number_format())
    first.xaxis.set_minor_formatter(NullFormatter())
    first.tick_params(axis="x", which="minor", length=0)
    figure.supxlabel("number (logarithmic)")
    keys = [_key("o", "C0", "C0", "quotations"), _key("s", "C1", "white", "reports that quote the person")]
    figure.legend(handles=keys, loc="outside upper left", ncols=2, handletextpad=0.2, columnspacing=1.2)
    return figure


def _draw_people(axes: Axes, people: pl.DataFrame, rows: int) -> None:
    positions = np.arange(people.height)
    reports, quotes = people["reports"].to_numpy(), people["quotes"].to_numpy()
    axes.hlines(positions, reports, quotes, color="#b0b0b0", linewidth=0.8, zorder=2)
    # The open square is larger, so that both are visible where a person has one quotation per report.
    axes.plot(reports, positions, linestyle="", marker="s", color="C1", markerfacecolor="white", markersize=3.8)
    axes.plot(quotes, positions, linestyle="", marker="o", color="C0", markersize=2.4)
    axes.set_yticks(positions, [shortened(name, _LONGEST_NAME) for name in people["speaker_name"]])
    axes.set_ylim(rows - 0.4, -0.6)
    axes.spines["left"].set_visible(False)
    names_axis(axes)


def _key(marker: str, edge: str, face: str, label: str) -> Line2D:
    size = 3.8 if marker == "s" else 3.2
    return Line2D([], [], linestyle="", marker=marker, color=edge, markerfacecolor=face, markersize=size, label=label)


def _most_quoted_facts(data: pl.DataFrame, width_mm: int) -> dict[str, Any]:
    shown = [outlet for outlet, _ in _outlets_shown(data, width_mm)[0]]
    outlets = data["outlet"].n_unique()
    leaders = data.filter(pl.col("rank") == 1, pl.col("outlet").is_in(shown))
    top = leaders.sort("quotes", "outlet", descending=[True, False]).row(0, named=True)
    drawn = data.filter(pl.col("rank") <= _people_shown(width_mm), pl.col("outlet").is_in(shown))
    names = leaders["speaker_name"].value_counts().sort("count", "speaker_name", descending=[True, False])
    return {
        "people": _people_shown(width_mm), "outlets": len(shown), "quotes": f"{data['quotes'].sum():,}",
        "left_out": f" Shown: the {len(shown)} outlets with most quotations, of {outlets}."
        if len(shown) < outlets else "",
        "repeats": repeats_note(drawn, "row", pl.format("{} in {}", "speaker_name", "outlet")),
        "top": top["speaker_name"], "top_outlet": top["outlet"],
        "top_quotes": plural(top["quotes"], "quotation"), "top_reports": plural(top["reports"], "report"),
        "leader": names["speaker_name"][0], "leads": plural(names["count"][0], "outlet"),
    }  # fmt: skip


FIGURES = {
    "most_quoted": Drawing("speakers_by_outlet", most_quoted, _most_quoted_facts),
}
