"""Figures of the reports themselves: their number over time, independent ones and repeats, and their length."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import LogLocator, MaxNLocator, NullFormatter

from corpus_tools.figures.layout import DRAWING_MM, INDEPENDENT, MM, WIDE_MM, Drawing, shortened
from corpus_tools.figures.panels import (
    BANDS,
    DAYS,
    date_axis,
    far_reports_note,
    left_out_note,
    main_stretch,
    names_axis,
    number_format,
    outlets_by_reports,
    panels,
    period_of,
    time_facts,
)
from corpus_tools.text.plain_text import plural

# ---- reports over time -----------------------------------------------------------------------------------------------


def timeline(data: pl.DataFrame, width_mm: int) -> Figure:
    """Draw the number of reports per period as bars, in one panel per outlet with a common scale."""
    shown = main_stretch(data)
    figure, grid = panels(outlets_by_reports(shown), width_mm)
    width = DAYS[period_of(shown)] * 0.85
    for outlet, axes in grid:
        rows = shown.filter(pl.col("outlet") == outlet).sort("start")
        axes.bar(rows["start"].to_numpy(), rows["reports"].to_numpy(), width=width, align="edge", color="C0")
        axes.set_title(outlet)
        axes.yaxis.set_major_locator(MaxNLocator(3, integer=True))
        date_axis(axes)
    figure.supylabel(f"reports per {period_of(shown)}")
    return figure


def _timeline_facts(data: pl.DataFrame, width_mm: int) -> dict[str, Any]:
    shown = main_stretch(data)
    peak = shown.sort("reports", "outlet", descending=[True, False]).row(0, named=True)
    first = int(shown["first_reports"].sum())
    differ = first < shown["reports"].sum()
    return {
        **time_facts(shown), "reports": f"{shown['reports'].sum():,}",
        "independent": f", {first:,} of them independent" if differ else "",
        "definition": f" {INDEPENDENT}" if differ else "",
        "elsewhere": left_out_note(shown, width_mm) + far_reports_note(data),
        "largest": peak["outlet"], "peak": peak["reports"], "peak_start": peak["start"],
    }  # fmt: skip


# ---- independent reports ---------------------------------------------------------------------------------------------

# The height of an outlet's bar, of what surrounds the bars, and of the panel over time.
_OUTLET_MM, _AROUND_MM, _OVER_TIME_MM = 4.2, 20, 45
# Independent reports and two kinds of repeats, distinguished by colour and hatching.
_KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "first_reports": ("independent", {"facecolor": "C0", "edgecolor": "C0"}),
    "own_repeats": ("repeat of a report of the same outlet", {"facecolor": "C1", "edgecolor": "C1"}),
    "others_repeats": (
        "repeat of a report of another outlet",
        {"facecolor": "white", "edgecolor": "C3", "hatch": "//////"},
    ),
}


def independent_reports(data: pl.DataFrame, width_mm: int) -> Figure:
    """Draw independent reports and repeats per period as stacked bars, and the share of repeats by outlet."""
    shown = main_stretch(data)
    outlets, _ = _outlets_with_repeats(shown, width_mm)
    height = outlets.height * _OUTLET_MM
    if width_mm >= WIDE_MM:
        figure = Figure(figsize=(width_mm * MM, (max(height, _OVER_TIME_MM - 4) + _AROUND_MM) * MM))
        over_time, by_outlet = figure.subplots(1, 2, width_ratios=[1.3, 1])
    else:
        figure = Figure(figsize=(width_mm * MM, (_OVER_TIME_MM + height + _AROUND_MM) * MM))
        over_time, by_outlet = figure.subplots(2, 1, height_ratios=[_OVER_TIME_MM - 8, height + 6])
    _draw_kinds_over_time(over_time, shown)
    _draw_repeats_by_outlet(by_outlet, outlets)
    figure.legend(
        handles=[Patch(label=label, **style) for label, style in _KINDS.values()], loc="outside upper left",
        ncols=3 if width_mm >= WIDE_MM else 1, handletextpad=0.4, columnspacing=1.2,
    )  # fmt: skip
    return figure


def _outlets_with_repeats(shown: pl.DataFrame, width_mm: int) -> tuple[pl.DataFrame, int]:
    """Count reports and repeats of the outlets that fit on a page, most reports first; also return how many exist."""
    counts = shown.group_by("outlet").agg(pl.col("reports", *_KINDS).sum()).filter(pl.col("reports") > 0)
    ordered = counts.with_columns(repeats=pl.col("own_repeats") + pl.col("others_repeats")).sort(
        "reports", "outlet", descending=[True, False]
    )
    room = DRAWING_MM - _AROUND_MM - (0 if width_mm >= WIDE_MM else _OVER_TIME_MM)
    return ordered.head(int(room // _OUTLET_MM)), counts.height


def _draw_kinds_over_time(axes: Axes, shown: pl.DataFrame) -> None:
    counts = shown.group_by("start").agg(pl.col(*_KINDS).sum()).sort("start")
    days, width = counts["start"].to_numpy(), DAYS[period_of(shown)] * 0.85
    bottom = np.zeros(counts.height)
    for kind, (_, style) in _KINDS.items():
        values = counts[kind].to_numpy()
        rows = values > 0  # a bar without height would still have an edge
        axes.bar(days[rows], values[rows], bottom=bottom[rows], width=width, align="edge", **style)
        bottom = bottom + values
    axes.set_title(f"a  reports per {period_of(shown)}")
    axes.set_ylabel("reports")
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    date_axis(axes)


def _draw_repeats_by_outlet(axes: Axes, outlets: pl.DataFrame) -> None:
    positions, left = np.arange(outlets.height), np.zeros(outlets.height)
    for kind in ("own_repeats", "others_repeats"):
        values = (outlets[kind] / outlets["reports"] * 100).to_numpy()
        rows = values > 0
        axes.barh(positions[rows], values[rows], left=left[rows], height=0.65, **_KINDS[kind][1])
        left = left + values
    labels = outlets.select("outlet", "repeats", "reports").iter_rows()
    axes.set_yticks(positions, [f"{shortened(outlet, 18)} ({n:,} of {total:,})" for outlet, n, total in labels])
    axes.set_ylim(outlets.height - 0.4, -0.6)
    axes.set_xlim(0, max(1.0, float(left.max()) * 1.08))
    names_axis(axes)
    axes.set_title("b  repeats of an earlier report")
    axes.set_xlabel("share of the outlet's reports (%)")


def _independent_reports_facts(data: pl.DataFrame, width_mm: int) -> dict[str, Any]:
    shown = main_stretch(data)
    outlets, total = _outlets_with_repeats(shown, width_mm)
    sums = {name: int(shown[name].sum()) for name in ("reports", *_KINDS)}
    share = pl.col("repeats") / pl.col("reports")
    most = outlets.sort(share, "reports", "outlet", descending=[True, True, False]).row(0, named=True)
    which = "No report repeats an earlier one."
    if most["repeats"]:
        percent = most["repeats"] / most["reports"] * 100
        of_its = f"{most['repeats']:,} of its {plural(most['reports'], 'report')}"
        which = f"{most['outlet']} has the largest share: {of_its} ({percent:.1f} per cent)."
    left_out = f" Shown: the {outlets.height} outlets with most reports, of {total}." if outlets.height < total else ""
    return {
        **time_facts(shown), **{name: f"{n:,}" for name, n in sums.items()}, "outlets": outlets.height,
        "most": which, "elsewhere": left_out + far_reports_note(data),
    }  # fmt: skip


# ---- length ----------------------------------------------------------------------------------------------------------


def report_lengths(data: pl.DataFrame, width_mm: int) -> Figure:
    """Draw report lengths by outlet as boxes on a logarithmic scale."""
    rows = _lengths_shown(data).sort("median", "outlet", descending=[False, True]).to_dicts()
    figure = Figure(figsize=(width_mm * MM, (len(rows) * 5 + 14) * MM))
    axes = figure.subplots()
    boxes = [
        {"label": f"{r['outlet']} ({r['reports']:,})", "whislo": r["p05"], "q1": r["p25"], "med": r["median"],
         "q3": r["p75"], "whishi": r["p95"], "fliers": []}
        for r in rows
    ]  # fmt: skip
    axes.bxp(
        boxes, orientation="horizontal", showfliers=False, widths=0.6, patch_artist=True,
        boxprops={"facecolor": BANDS["C0"], "edgecolor": "C0", "linewidth": 0.6},
        medianprops={"color": "black", "linewidth": 1.0, "marker": "none"},
        whiskerprops={"color": "C0", "linewidth": 0.6}, capprops={"color": "C0", "linewidth": 0.6},
    )  # fmt: skip
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(10, subs=(1, 2, 5)))
    axes.xaxis.set_major_formatter(number_format())
    axes.xaxis.set_minor_formatter(NullFormatter())
    names_axis(axes)
    axes.set_xlabel("tokens per report (logarithmic)")
    return figure


def _lengths_shown(data: pl.DataFrame) -> pl.DataFrame:
    """Keep the outlets with most reports, as many as fit on a page."""
    known = data.filter(pl.col("median") > 0).sort("reports", "outlet", descending=[True, False])
    return known.head((DRAWING_MM - 14) // 5)


def _report_lengths_facts(data: pl.DataFrame, _width_mm: int) -> dict[str, Any]:
    ranked = _lengths_shown(data).sort("median", "outlet", descending=[True, False])
    return {
        "reports": f"{ranked['reports'].sum():,}", "outlets": ranked.height,
        "longest": ranked["outlet"][0], "longest_median": f"{ranked['median'][0]:,.0f}",
        "shortest": ranked["outlet"][-1], "shortest_median": f"{ranked['median'][-1]:,.0f}",
    }  # fmt: skip


FIGURES = {
    "timeline": Drawing("reports_by_period", timeline, _timeline_facts),
    "independent_reports": Drawing("reports_by_period", independent_reports, _independent_reports_facts),
    "report_lengths": Drawing("lengths_by_outlet", report_lengths, _report_lengths_facts),
}
