"""How each figure is drawn, from one table each. Nothing is estimated here: what is shown stands in the table."""

from __future__ import annotations

from math import ceil
from typing import Any

import numpy as np
import polars as pl
from matplotlib.colors import PowerNorm
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter

from corpus_tools.figures.page import HIGHEST_MM, MM, Drawing
from corpus_tools.figures.panels import date_axis as _date_axis
from corpus_tools.figures.panels import elsewhere as _elsewhere
from corpus_tools.figures.panels import left_out as _left_out
from corpus_tools.figures.panels import main_stretch
from corpus_tools.figures.panels import panels as _panels
from corpus_tools.figures.panels import period_of as _period
from corpus_tools.figures.panels import present as _present
from corpus_tools.figures.panels import range_of as _range
from corpus_tools.figures.places import places_map, places_map_facts
from corpus_tools.figures.tone import (
    sentiment_over_time,
    sentiment_over_time_facts,
    sentiment_vocabulary,
    sentiment_vocabulary_facts,
    sentiment_voices,
    sentiment_voices_facts,
    sentiment_words,
    sentiment_words_facts,
)
from corpus_tools.figures.voices import most_quoted, most_quoted_facts, tolls, tolls_facts

_TERMS_SHOWN = 6


def timeline(data: pl.DataFrame, width_mm: int) -> Figure:
    """Draw reports by outlet and period as bars; one panel an outlet, one scale for all."""
    shown = main_stretch(data)
    outlets = _present(shown)
    figure, panels = _panels(outlets, width_mm)
    days = {"day": 1, "week": 7, "month": 30}[_period(shown)]
    for outlet, axes in panels:
        rows = shown.filter(pl.col("outlet") == outlet).sort("start")
        axes.bar(rows["start"].to_numpy(), rows["reports"].to_numpy(), width=days * 0.85, align="edge", color="C0")
        axes.set_title(outlet)
        axes.yaxis.set_major_locator(MaxNLocator(3, integer=True))
        _date_axis(axes)
    figure.supylabel(f"reports a {_period(shown)}")
    return figure


def timeline_facts(data: pl.DataFrame, width_mm: int) -> dict[str, Any]:
    """Give the numbers in the timeline's caption."""
    shown = main_stretch(data)
    peak = shown.sort("reports", "outlet", descending=[True, False]).row(0, named=True)
    return {
        **_range(shown), "reports": f"{shown['reports'].sum():,}",
        "elsewhere": _left_out(shown, width_mm) + _elsewhere(data),
        "largest": peak["outlet"], "peak": peak["reports"], "peak_start": peak["start"],
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
        boxprops={"facecolor": "#d5e1fe", "edgecolor": "C0", "linewidth": 0.6},
        medianprops={"color": "black", "linewidth": 1.0, "marker": "none"},
        whiskerprops={"color": "C0", "linewidth": 0.6}, capprops={"color": "C0", "linewidth": 0.6},
    )  # fmt: skip
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(10, subs=(1, 2, 5)))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.grid(visible=True, axis="x")
    axes.grid(visible=False, axis="y")
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


def _topics_shown(data: pl.DataFrame, width_mm: int) -> int:
    return min(int(data["topic"].max()) + 1, 30 if width_mm >= 150 else 12)  # type: ignore[arg-type]


def topic_terms(data: pl.DataFrame, width_mm: int) -> Figure:
    """Draw the heaviest terms of the largest topics as bars; as many topics as are readable at this width."""
    count = _topics_shown(data, width_mm)
    columns = min(count, 5 if width_mm >= 150 else 2)
    rows = ceil(count / columns)
    figure = Figure(figsize=(width_mm * MM, min(HIGHEST_MM, rows * 27 + 6) * MM))
    grid = figure.subplots(rows, columns, squeeze=False, sharex=True)
    for empty in grid.flat[count:]:
        empty.set_axis_off()
    for topic, axes in zip(range(count), grid.flat, strict=False):
        best = data.filter(pl.col("topic") == topic, pl.col("rank") < _TERMS_SHOWN).sort("rank", descending=True)
        axes.barh(best["term"].to_list(), (best["weight"] * 100).to_numpy(), color="C0", height=0.7)
        axes.set_title(f"topic {topic}")
        axes.grid(visible=False)
        axes.tick_params(axis="y", length=0)
        axes.xaxis.set_major_locator(MaxNLocator(3, integer=True))
    figure.supxlabel("part of the topic's weight (%)")
    return figure


def topic_terms_facts(data: pl.DataFrame, width_mm: int) -> dict[str, Any]:
    """Give the numbers in the caption of the topic terms."""
    topics, shown = int(data["topic"].max()) + 1, _topics_shown(data, width_mm)  # type: ignore[arg-type]
    leading = data.filter(pl.col("topic") == 0).sort("rank")["term"].head(3)
    return {
        "shown": f"{shown}" if shown == topics else f"the {shown} largest of {topics}",
        "leading": ", ".join(leading),
    }


def topics_over_time(data: pl.DataFrame, width_mm: int) -> Figure:
    """Draw topic shares by period as a heat map with the topics' terms beside it."""
    shown = main_stretch(data)
    starts = shown["start"].unique().sort()
    wide = shown.sort("topic", "start").select("topic", "label", "start", "share")
    labels = wide.select("topic", "label").unique(maintain_order=True)
    grid = wide["share"].to_numpy().reshape(labels.height, len(starts)) * 100
    counts = shown.filter(pl.col("topic") == labels["topic"][0]).sort("start")["reports"].to_numpy()
    figure = Figure(figsize=(width_mm * MM, min(HIGHEST_MM, max(75, labels.height * 3.9 + 26)) * MM))
    above, axes = figure.subplots(2, 1, sharex=True, height_ratios=[1, max(2, labels.height * 0.4)])
    above.bar(range(len(starts)), counts, width=0.9, color="#9c9ca1")
    above.set_ylabel("reports")
    above.yaxis.set_major_locator(MaxNLocator(2, integer=True))
    above.tick_params(labelbottom=False)
    for column in np.flatnonzero(np.isnan(grid).all(axis=0)):
        axes.axvspan(column - 0.5, column + 0.5, facecolor="white", edgecolor="#b0b0b0", hatch="/////", linewidth=0)
    # Most shares are small and a few are large: the square root keeps both apart.
    norm = PowerNorm(0.5, 0, np.nanmax(grid))
    image = axes.imshow(grid, aspect="auto", cmap="cividis_r", norm=norm, interpolation="none")
    axes.set_yticks(range(labels.height), labels["label"].to_list())
    step = ceil(len(starts) / (5 if width_mm < 120 else 10))
    axes.set_xticks(range(0, len(starts), step), [f"{d:%d %b\n%Y}" for d in starts.to_list()[::step]])
    axes.grid(visible=False)
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel(f"{_period(shown)} from")
    bar = figure.colorbar(image, ax=axes, shrink=0.6, aspect=25, pad=0.01)
    bar.set_label("share of the average report (%)")
    bar.outline.set_visible(False)
    return figure


def topics_over_time_facts(data: pl.DataFrame, _width_mm: int) -> dict[str, Any]:
    """Give the numbers in the caption of the topics over time."""
    shown = main_stretch(data)
    peak = shown.drop_nulls("share").sort("share", "topic", descending=[True, False]).row(0, named=True)
    return {
        **_range(shown), "elsewhere": _elsewhere(data.filter(pl.col("topic") == 0)),
        "gaps": " Hatched: no reports." if shown["share"].null_count() else "",
        "topics": shown["topic"].n_unique(), "bins": shown["start"].n_unique(),
        "peak_start": peak["start"], "peak_label": peak["label"], "peak": f"{peak['share'] * 100:.0f}",
    }  # fmt: skip


DRAWINGS: dict[str, Drawing] = {
    "timeline": Drawing("reports_by_period", timeline, timeline_facts),
    "report_lengths": Drawing("lengths_by_outlet", report_lengths, report_lengths_facts),
    "topic_terms": Drawing("topic_terms", topic_terms, topic_terms_facts),
    "topics_over_time": Drawing("topics_by_period", topics_over_time, topics_over_time_facts),
    "sentiment_over_time": Drawing("sentiment_by_period", sentiment_over_time, sentiment_over_time_facts),
    "sentiment_vocabulary": Drawing("sentiment_by_period", sentiment_vocabulary, sentiment_vocabulary_facts),
    "sentiment_words": Drawing("sentiment_words", sentiment_words, sentiment_words_facts),
    "sentiment_voices": Drawing("sentiment_by_outlet", sentiment_voices, sentiment_voices_facts),
    "most_quoted": Drawing("speakers_by_outlet", most_quoted, most_quoted_facts),
    "places_map": Drawing("places_on_map", places_map, places_map_facts),
    "tolls": Drawing("tolls", tolls, tolls_facts),
}
