"""Figures of who is quoted where, and of how a toll moves from claim to claim."""

from __future__ import annotations

from datetime import date, timedelta
from math import ceil
from typing import Any

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.path import Path
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter

from corpus_tools.display.html import plural
from corpus_tools.figures.page import HIGHEST_MM, MM, WIDE_MM, repeats_among, shortened
from corpus_tools.figures.panels import lying

# ---- who is quoted ---------------------------------------------------------------------------------------------------

# What a person's line takes, and what is around them in a panel (title, ticks) and on the page (legend, label).
_PERSON_MM, _PANEL_MM, _AROUND_MM = 3.1, 8.0, 12.0
_LONGEST_NAME = 22


def _people_shown(width_mm: int) -> int:
    return 8 if width_mm >= WIDE_MM else 5


def _outlets_quoting(data: pl.DataFrame, width_mm: int) -> tuple[list[tuple[str, int]], int]:
    """Give the outlets that fit on a page with their numbers of quotations, most first, and the columns."""
    columns = 4 if width_mm >= WIDE_MM else 2
    row_mm = _people_shown(width_mm) * _PERSON_MM + _PANEL_MM
    counted = data.group_by("outlet").agg(pl.col("quotes").sum()).sort("quotes", "outlet", descending=[True, False])
    return counted.head(columns * int((HIGHEST_MM - _AROUND_MM) // row_mm)).rows(), columns


def most_quoted(data: pl.DataFrame, width_mm: int) -> Figure:
    """Draw the most quoted people of each outlet: quotations and reports as two marks on one logarithmic scale."""
    outlets, columns = _outlets_quoting(data, width_mm)
    people = _people_shown(width_mm)
    columns = min(columns, len(outlets))
    rows = ceil(len(outlets) / columns)
    height = rows * (people * _PERSON_MM + _PANEL_MM) + _AROUND_MM
    figure = Figure(figsize=(width_mm * MM, height * MM))
    grid = figure.subplots(rows, columns, sharex=True, squeeze=False)
    for empty in grid.flat[len(outlets) :]:
        empty.set_axis_off()
    for (outlet, quotes), axes in zip(outlets, grid.flat, strict=False):
        best = data.filter(pl.col("outlet") == outlet).sort("rank").head(people)
        _people(axes, best, people)
        # Ending where the panel ends: names beside it leave little room, and none would be left above the next panel.
        axes.set_title(f"{shortened(outlet, _LONGEST_NAME)} ({quotes:,})", loc="right")
    for below in list(grid.flat)[max(0, len(outlets) - columns) : len(outlets)]:
        below.tick_params(labelbottom=True)
    highest = int(data["quotes"].max())  # type: ignore[arg-type]
    first = grid.flat[0]
    first.set_xscale("log")
    first.set_xlim(0.6, max(highest, 5) * 1.4)
    first.xaxis.set_major_locator(LogLocator(10, subs=(1,) if highest >= 50 else (1, 2, 5), numticks=20))
    first.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    first.xaxis.set_minor_formatter(NullFormatter())
    first.tick_params(axis="x", which="minor", length=0)
    figure.supxlabel("number (logarithmic)")
    marks = [_mark("o", "C0", "C0", "quotations"), _mark("s", "C1", "white", "reports that quote the person")]
    figure.legend(handles=marks, loc="outside upper left", ncols=2, handletextpad=0.2, columnspacing=1.2)
    return figure


def _people(axes: Axes, best: pl.DataFrame, lines: int) -> None:
    at = np.arange(best.height)
    axes.hlines(at, best["reports"].to_numpy(), best["quotes"].to_numpy(), color="#b0b0b0", linewidth=0.8, zorder=2)
    # The open square is the larger one, so that both are seen where a person has one quotation a report.
    axes.plot(
        best["reports"].to_numpy(), at, linestyle="", marker="s", color="C1", markerfacecolor="white", markersize=3.8
    )
    axes.plot(best["quotes"].to_numpy(), at, linestyle="", marker="o", color="C0", markersize=2.4)
    axes.set_yticks(at, [shortened(name, _LONGEST_NAME) for name in best["speaker_name"]])
    axes.set_ylim(lines - 0.4, -0.6)
    axes.spines["left"].set_visible(False)
    lying(axes)


def _mark(marker: str, edge: str, face: str, label: str) -> Line2D:
    size = 3.8 if marker == "s" else 3.2
    return Line2D([], [], linestyle="", marker=marker, color=edge, markerfacecolor=face, markersize=size, label=label)


def most_quoted_facts(data: pl.DataFrame, width_mm: int) -> dict[str, Any]:
    """Give the numbers in the caption of the most quoted."""
    shown = [outlet for outlet, _ in _outlets_quoting(data, width_mm)[0]]
    outlets = data["outlet"].n_unique()
    leaders = data.filter(pl.col("rank") == 1, pl.col("outlet").is_in(shown))
    top = leaders.sort("quotes", "outlet", descending=[True, False]).row(0, named=True)
    drawn = data.filter(pl.col("rank") <= _people_shown(width_mm), pl.col("outlet").is_in(shown))
    agreed = leaders["speaker_name"].value_counts().sort("count", "speaker_name", descending=[True, False])
    return {
        "people": _people_shown(width_mm), "outlets": len(shown), "quotes": f"{data['quotes'].sum():,}",
        "left_out": f" The {len(shown)} outlets with most quotations, of {outlets}." if len(shown) < outlets else "",
        "repeats": repeats_among(drawn, "line", pl.format("{} in {}", "speaker_name", "outlet")),
        "top": top["speaker_name"], "top_outlet": top["outlet"],
        "top_quotes": plural(top["quotes"], "quotation"), "top_reports": plural(top["reports"], "report"),
        "leader": agreed["speaker_name"][0], "leads": plural(agreed["count"][0], "outlet"),
    }  # fmt: skip


# ---- how a toll moves ------------------------------------------------------------------------------------------------

# An axis shows at least so many days, so that a single one does not fill it.
_FEWEST_DAYS = 3
# Claims of one day stand beside each other within this part of its width.
_SPREAD = 0.7
_INK = "#404040"
# Markers that can be open or filled, with sizes at which they look alike.
_SIZES = {"o": 3.4, "s": 3.2, "^": 3.8, "D": 2.9, ">": 3.8, "v": 3.8}
# Size and opacity of the mark of a claim in a report that repeats an earlier one: no further witness.
_REPEATED = (0.65, 0.6)
_STROKES = (Path.MOVETO, Path.LINETO, Path.MOVETO, Path.LINETO, Path.LINETO)
_UP = Path([(0, 0), (0, 1), (-0.22, 0.68), (0, 1), (0.22, 0.68)], _STROKES)
_DOWN = Path([(0, 0), (0, -1), (-0.22, -0.68), (0, -1), (0.22, -0.68)], _STROKES)


def _events_shown(data: pl.DataFrame, width_mm: int) -> tuple[list[int], int]:
    """Give the events with most reports, as many as fit, and how many there are that two reports or more tell of."""
    reports = data.group_by("event").agg(pl.col("doc_id").n_unique().alias("reports")).sort("event")
    several = reports.filter(pl.col("reports") > 1)
    told = several if several.height else reports
    return told["event"].head(8 if width_mm >= WIDE_MM else 6).to_list(), several.height


def tolls(data: pl.DataFrame, width_mm: int) -> Figure:
    """Draw claims of people killed by day of publication; one panel an event, one mark a claim, no lines between."""
    events, _ = _events_shown(data, width_mm)
    shown = data.filter(pl.col("event").is_in(events))
    styles = _outlet_styles(shown)
    columns = min(len(events), 4 if width_mm >= WIDE_MM else 2)
    rows = ceil(len(events) / columns)
    figure = Figure(figsize=(width_mm * MM, (rows * 34 + (14 if width_mm >= WIDE_MM else 22)) * MM))
    grid = figure.subplots(rows, columns, squeeze=False)
    for empty in grid.flat[len(events) :]:
        empty.set_axis_off()
    for event, axes in zip(events, grid.flat, strict=False):
        _event(axes, shown.filter(pl.col("event") == event).sort("published", "doc_id", "start"), styles)
    figure.supxlabel("day of publication")
    figure.supylabel("people killed, as claimed")
    near: dict[str, Any] = {"handletextpad": 0.2, "columnspacing": 1.0, "labelspacing": 0.35}
    figure.legend(handles=_outlet_keys(styles), loc="outside upper left", ncols=3 if width_mm >= WIDE_MM else 2, **near)
    figure.legend(
        handles=_reading_keys(shown), loc="outside upper right", ncols=2 if width_mm >= WIDE_MM else 1, **near
    )
    return figure


def _outlet_styles(shown: pl.DataFrame) -> dict[str, tuple[str, str]]:
    """Give each outlet a colour and a marker; past the six of the style, the ones with fewest claims share grey."""
    markers = ["o", "s", "^", "D", ">", "v"]
    colours = ["C0", "C1", "C2", "C3", "C5", "C4"]
    counted = shown["outlet"].value_counts().sort("count", "outlet", descending=[True, False])["outlet"]
    return {outlet: (colours[min(i, 5)], markers[min(i, 5)]) for i, outlet in enumerate(counted)}


def _event(axes: Axes, claims: pl.DataFrame, styles: dict[str, tuple[str, str]]) -> None:
    first, last = claims["published"][0], claims["published"][-1]
    days = (last - first).days + 1
    beside = max(0, _FEWEST_DAYS - days) / 2
    top = max(int(x) for x in [*claims["best"], *claims["high"].drop_nulls()]) * 1.25
    position = claims.select(
        at=(pl.col("published") - first).dt.total_days()
        + ((pl.int_range(pl.len()) + 0.5) / pl.len() - 0.5).over("published") * _SPREAD
    )["at"]
    for at, claim in zip(position, claims.iter_rows(named=True), strict=True):
        colour, marker = styles[claim["outlet"]]
        _bound(axes, at, claim, colour)
        face = "white" if claim["speaker_name"] is None else colour
        scale, alpha = (1.0, 1.0) if claim["doc_id"] == claim["cluster_id"] else _REPEATED
        axes.plot(
            at, claim["best"], marker=marker, color=colour, markerfacecolor=face, markersize=_SIZES[marker] * scale,
            markeredgewidth=0.8 * scale, alpha=alpha, zorder=4,
        )  # fmt: skip
    axes.set_xlim(-0.5 - beside, days - 0.5 + beside)
    axes.set_ylim(0, top)
    ticks = range(0, days, ceil(days / 4))
    axes.set_xticks(ticks, [_day(first + timedelta(days=i)) for i in ticks])
    axes.set_xticks(np.arange(0.5, days - 1) if days <= 14 else [], minor=True)
    axes.tick_params(axis="x", which="minor", length=0)
    axes.grid(visible=True, axis="x", which="minor", linestyle=":", color="#b0b0b0", linewidth=0.4)
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.set_title(f"{shortened(claims['place'][0], 16)}, {_days(first, last)}")


def _bound(axes: Axes, at: float, claim: dict[str, Any], colour: str) -> None:
    """Draw what a claim leaves open: an arrow where there is no end, a bar to the end that is known."""
    best, low, high = claim["best"], claim["low"], claim["high"]
    arrow = {(True, False): _DOWN, (False, True): _UP}.get((low is None, high is None))
    if arrow is not None:
        axes.plot(at, best, marker=arrow, color=colour, fillstyle="none", markersize=15, markeredgewidth=0.7, zorder=3)
    ends = [best if low is None else low, best if high is None else high]
    if claim["bound"] != "exact" and ends[0] < ends[1]:
        axes.plot([at, at], ends, linestyle="-", marker="_", color=colour, linewidth=0.7, markersize=3, zorder=3)


def _outlet_keys(styles: dict[str, tuple[str, str]]) -> list[Line2D]:
    named = list(styles.items())[: 6 if len(styles) <= 6 else 5]
    keys = [_claim_key(marker, colour, colour, shortened(outlet, 16)) for outlet, (colour, marker) in named]
    if others := len(styles) - len(named):
        keys.append(_claim_key("v", "C4", "C4", plural(others, "other outlet")))
    return keys


def _reading_keys(shown: pl.DataFrame) -> list[Line2D]:
    """Explain fill, arrows and bars, as far as they are there."""
    quoted = shown["speaker_name"].is_not_null()
    keys = []
    if quoted.any():
        keys.append(_claim_key("o", _INK, _INK, "attributed to a speaker"))
    if not quoted.all():
        keys.append(_claim_key("o", _INK, "white", "in the report's own voice"))
    if (shown["doc_id"] != shown["cluster_id"]).any():
        scale, alpha = _REPEATED
        keys.append(_claim_key("o", _INK, _INK, "in a repeat of an earlier report"))
        keys[-1].set(markersize=_SIZES["o"] * scale, alpha=alpha)
    for bound, marker in (("at least", _shifted(_UP)), ("at most", _shifted(_DOWN)), ("about", "|")):
        if bound in set(shown["bound"]):
            size = 6 if marker == "|" else 7
            keys.append(
                Line2D(
                    [], [], linestyle="", marker=marker, color=_INK, fillstyle="none", markersize=size,
                    markeredgewidth=0.7, label=bound,
                )
            )  # fmt: skip
    return keys


def _claim_key(marker: str, edge: str, face: str, label: str) -> Line2D:
    return Line2D(
        [], [], linestyle="", marker=marker, color=edge, markerfacecolor=face, markersize=_SIZES[marker],
        markeredgewidth=0.8, label=label,
    )  # fmt: skip


def _shifted(arrow: Path) -> Path:
    """Centre an arrow, which in a panel begins at its mark."""
    points = np.asarray(arrow.vertices)
    return Path(points - (0, points[:, 1].sum() / abs(points[:, 1].sum()) / 2), arrow.codes)


def _day(day: date) -> str:
    return f"{day.day} {day:%b}"


def _days(first: date, last: date) -> str:
    """Write a stretch of days.

    Examples
    --------
    >>> _days(date(2022, 4, 7), date(2022, 4, 9)), _days(date(2022, 4, 30), date(2022, 5, 2))
    ('7–9 Apr 2022', '30 Apr–2 May 2022')
    """
    if first == last:
        return f"{_day(last)} {last.year}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{_day(last)} {last.year}"
    return f"{_day(first)}{'' if first.year == last.year else f' {first.year}'}–{_day(last)} {last.year}"


def tolls_facts(data: pl.DataFrame, width_mm: int) -> dict[str, Any]:
    """Give the numbers in the caption of the tolls."""
    events, several = _events_shown(data, width_mm)
    shown = data.filter(pl.col("event").is_in(events))
    first = shown.filter(pl.col("event") == events[0])
    repeats = shown.filter(pl.col("doc_id") != pl.col("cluster_id")).height
    low, high = int(first["best"].min()), int(first["best"].max())  # type: ignore[arg-type]
    count = f"The {len(events)} events" if len(events) > 1 else "The event"
    of = f", of {several} with more than one" if several > len(events) else ""
    return {
        "events": f"{count} with most reports{of}",
        "panels": plural(len(events), "event"), "claims": plural(shown.height, "claim"),
        "repeats": f" Small and pale: {plural(repeats, 'claim')} in repeats of an earlier report." if repeats else "",
        "attributed": f"{shown['speaker_name'].count():,}",
        "place": first["place"][0], "when": _days(first["published"].min(), first["published"].max()),  # type: ignore[arg-type]
        "range": f"{low:,}" if low == high else f"{low:,} to {high:,}",
        "reports": plural(first["doc_id"].n_unique(), "report"),
    }  # fmt: skip
