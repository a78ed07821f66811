"""How each figure is drawn, from one table each. Nothing is estimated here: what is shown stands in the table."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter

from corpus_tools.display.html import plural
from corpus_tools.figures.page import HIGHEST_MM, MM, WIDE_MM, Drawing, shortened
from corpus_tools.figures.panels import (
    BANDS,
    date_axis,
    elsewhere,
    left_out,
    lying,
    main_stretch,
    panels,
    period_of,
    present,
    range_of,
)
from corpus_tools.figures.place_figures import places_map, places_map_facts
from corpus_tools.figures.tone_figures import (
    sentiment_over_time,
    sentiment_over_time_facts,
    sentiment_vocabulary,
    sentiment_vocabulary_facts,
    sentiment_voices,
    sentiment_voices_facts,
    sentiment_words,
    sentiment_words_facts,
)
from corpus_tools.figures.topic_figures import (
    topic_number,
    topic_number_facts,
    topic_prevalence,
    topic_prevalence_facts,
    topic_terms,
    topic_terms_facts,
    topics_over_time,
    topics_over_time_facts,
)
from corpus_tools.figures.voice_figures import most_quoted, most_quoted_facts, tolls, tolls_facts


def timeline(data: pl.DataFrame, width_mm: int) -> Figure:
    """Draw reports by outlet and period as bars; one panel an outlet, one scale for all."""
    shown = main_stretch(data)
    outlets = present(shown)
    figure, each = panels(outlets, width_mm)
    days = {"day": 1, "week": 7, "month": 30}[period_of(shown)]
    for outlet, axes in each:
        rows = shown.filter(pl.col("outlet") == outlet).sort("start")
        axes.bar(rows["start"].to_numpy(), rows["reports"].to_numpy(), width=days * 0.85, align="edge", color="C0")
        axes.set_title(outlet)
        axes.yaxis.set_major_locator(MaxNLocator(3, integer=True))
        date_axis(axes)
    figure.supylabel(f"reports a {period_of(shown)}")
    return figure


def timeline_facts(data: pl.DataFrame, width_mm: int) -> dict[str, Any]:
    """Give the numbers in the timeline's caption."""
    shown = main_stretch(data)
    peak = shown.sort("reports", "outlet", descending=[True, False]).row(0, named=True)
    first = int(shown["first_reports"].sum())
    differ = first < shown["reports"].sum()
    independent = f", {first:,} of them independent: the first printed of their cluster of near-duplicates"
    return {
        **range_of(shown), "reports": f"{shown['reports'].sum():,}", "independent": independent if differ else "",
        "elsewhere": left_out(shown, width_mm) + elsewhere(data),
        "largest": peak["outlet"], "peak": peak["reports"], "peak_start": peak["start"],
    }  # fmt: skip


# A line of an outlet, and what is above and below all of them; the height of the panel over time.
_OUTLET_MM, _ABOVE_MM, _OVER_TIME_MM = 4.2, 20, 45
# What a report is: the first of its cluster, or one of two kinds of repeats, told apart by colour and by hatching.
_PARTS: dict[str, tuple[str, dict[str, Any]]] = {
    "first_reports": ("independent", {"facecolor": "C0", "edgecolor": "C0"}),
    "own_repeats": ("repeats one of the same outlet", {"facecolor": "C1", "edgecolor": "C1"}),
    "others_repeats": ("repeats one of another outlet", {"facecolor": "white", "edgecolor": "C3", "hatch": "//////"}),
}


def _repeats_by_outlet(shown: pl.DataFrame, width_mm: int) -> tuple[pl.DataFrame, int]:
    """Add up reports and repeats of those outlets that fit on a page, most reports first, and count all outlets."""
    counts = pl.col("reports", *_PARTS).sum()
    counted = shown.group_by("outlet").agg(counts).filter(pl.col("reports") > 0)
    ordered = counted.with_columns(repeats=pl.col("own_repeats") + pl.col("others_repeats")).sort(
        "reports", "outlet", descending=[True, False]
    )
    room = HIGHEST_MM - _ABOVE_MM - (0 if width_mm >= WIDE_MM else _OVER_TIME_MM)
    return ordered.head(int(room // _OUTLET_MM)), counted.height


def independent_reports(data: pl.DataFrame, width_mm: int) -> Figure:
    """Draw reports by period, the independent ones and the repeats on each other; and the repeats' part by outlet."""
    shown = main_stretch(data)
    outlets, _ = _repeats_by_outlet(shown, width_mm)
    high = outlets.height * _OUTLET_MM
    if width_mm >= WIDE_MM:
        figure = Figure(figsize=(width_mm * MM, (max(high, _OVER_TIME_MM - 4) + _ABOVE_MM) * MM))
        over_time, by_outlet = figure.subplots(1, 2, width_ratios=[1.3, 1])
    else:
        figure = Figure(figsize=(width_mm * MM, (_OVER_TIME_MM + high + _ABOVE_MM) * MM))
        over_time, by_outlet = figure.subplots(2, 1, height_ratios=[_OVER_TIME_MM - 8, high + 6])
    _parts_over_time(over_time, shown)
    _repeats(by_outlet, outlets)
    figure.legend(
        handles=[Patch(label=label, **look) for label, look in _PARTS.values()], loc="outside upper left",
        ncols=3 if width_mm >= WIDE_MM else 1, handletextpad=0.4, columnspacing=1.2,
    )  # fmt: skip
    return figure


def _parts_over_time(axes: Axes, shown: pl.DataFrame) -> None:
    counts = shown.group_by("start").agg(pl.col(*_PARTS).sum()).sort("start")
    days = {"day": 1, "week": 7, "month": 30}[period_of(shown)]
    below = np.zeros(counts.height)
    for part, (_, look) in _PARTS.items():
        values = counts[part].to_numpy()
        some = values > 0  # a bar of no height would still have an edge
        axes.bar(
            counts["start"].to_numpy()[some], values[some], bottom=below[some], width=days * 0.85, align="edge", **look
        )
        below = below + values
    axes.set_title(f"a  reports a {period_of(shown)}")
    axes.set_ylabel("reports")
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    date_axis(axes)


def _repeats(axes: Axes, outlets: pl.DataFrame) -> None:
    at, left = np.arange(outlets.height), np.zeros(outlets.height)
    for part in ("own_repeats", "others_repeats"):
        values = (outlets[part] / outlets["reports"] * 100).to_numpy()
        some = values > 0
        axes.barh(at[some], values[some], left=left[some], height=0.65, **_PARTS[part][1])
        left = left + values
    labels = outlets.select("outlet", "repeats", "reports").iter_rows()
    axes.set_yticks(at, [f"{shortened(outlet, 18)} ({n:,} of {of:,})" for outlet, n, of in labels])
    axes.set_ylim(outlets.height - 0.4, -0.6)
    axes.set_xlim(0, max(1.0, float(left.max()) * 1.08))
    lying(axes)
    axes.set_title("b  repeats of an earlier report")
    axes.set_xlabel("part of the outlet's reports (%)")


def independent_reports_facts(data: pl.DataFrame, width_mm: int) -> dict[str, Any]:
    """Give the numbers in the caption of the independent reports."""
    shown = main_stretch(data)
    outlets, of = _repeats_by_outlet(shown, width_mm)
    sums = {name: int(shown[name].sum()) for name in ("reports", *_PARTS)}
    part = pl.col("repeats") / pl.col("reports")
    most = outlets.sort(part, "reports", "outlet", descending=[True, True, False]).row(0, named=True)
    share = most["repeats"] / most["reports"]
    which = f"{most['repeats']:,} of its {plural(most['reports'], 'report')} ({share * 100:.1f} per cent)"
    missing = f" The {outlets.height} outlets with most reports, of {of}." if outlets.height < of else ""
    return {
        **range_of(shown), **{name: f"{n:,}" for name, n in sums.items()}, "outlets": outlets.height,
        "most": f"{most['outlet']} repeats most: {which}." if most["repeats"] else "No report repeats an earlier one.",
        "elsewhere": missing + elsewhere(data),
    }  # fmt: skip


def _lengths_shown(data: pl.DataFrame) -> pl.DataFrame:
    """Keep the outlets with most reports, as many as fit on a page."""
    known = data.filter(pl.col("median") > 0).sort("reports", "outlet", descending=[True, False])
    return known.head((HIGHEST_MM - 14) // 5)


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
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.xaxis.set_minor_formatter(NullFormatter())
    lying(axes)
    axes.set_xlabel("tokens a report (logarithmic)")
    return figure


def report_lengths_facts(data: pl.DataFrame, _width_mm: int) -> dict[str, Any]:
    """Give the numbers in the caption of the report lengths."""
    ranked = _lengths_shown(data).sort("median", "outlet", descending=[True, False])
    return {
        "reports": f"{ranked['reports'].sum():,}", "outlets": ranked.height,
        "longest": ranked["outlet"][0], "longest_median": f"{ranked['median'][0]:,.0f}",
        "shortest": ranked["outlet"][-1], "shortest_median": f"{ranked['median'][-1]:,.0f}",
    }  # fmt: skip


DRAWINGS: dict[str, Drawing] = {
    "timeline": Drawing("reports_by_period", timeline, timeline_facts),
    "independent_reports": Drawing("reports_by_period", independent_reports, independent_reports_facts),
    "report_lengths": Drawing("lengths_by_outlet", report_lengths, report_lengths_facts),
    "topic_number": Drawing("topic_grid", topic_number, topic_number_facts),
    "topic_terms": Drawing("topic_terms", topic_terms, topic_terms_facts),
    "topics_over_time": Drawing("topics_by_period", topics_over_time, topics_over_time_facts),
    "topic_prevalence": Drawing("topics_by_period", topic_prevalence, topic_prevalence_facts),
    "sentiment_over_time": Drawing("sentiment_by_period", sentiment_over_time, sentiment_over_time_facts),
    "sentiment_vocabulary": Drawing("sentiment_by_period", sentiment_vocabulary, sentiment_vocabulary_facts),
    "sentiment_words": Drawing("sentiment_words", sentiment_words, sentiment_words_facts),
    "sentiment_voices": Drawing("sentiment_by_outlet", sentiment_voices, sentiment_voices_facts),
    "most_quoted": Drawing("speakers_by_outlet", most_quoted, most_quoted_facts),
    "places_map": Drawing("places_on_map", places_map, places_map_facts),
    "tolls": Drawing("tolls", tolls, tolls_facts),
}
