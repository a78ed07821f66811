"""Figures of topics: their number, their terms, and their shares over time."""

from __future__ import annotations

from math import ceil
from typing import Any

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.colors import PowerNorm
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from corpus_tools.figures.layout import DRAWING_MM, MM, WIDE_MM, Drawing, shortened
from corpus_tools.figures.panels import (
    BANDS,
    INK,
    VISIBLE,
    band,
    date_axis,
    far_reports_note,
    main_stretch,
    panel_grid,
    period_of,
    second_line,
    time_facts,
)

_TERMS_SHOWN = 6
# The largest number of rows, and of characters beside a row, that are readable in a heat map.
_MAX_ROWS, _LONGEST_LABEL = 40, 34
_MEASURES = {
    "npmi": "coherence (NPMI)",
    "stability": "stability (Jaccard)",
    "exclusivity": "exclusivity (FREX)",
    "held_out": "held-out fit (R²)",
}
_STANDARD_ERRORS = 2


def _largest(shown: int, topics: int) -> str:
    return f"{shown}" if shown == topics else f"the {shown} largest of {topics}"


# ---- number ----------------------------------------------------------------------------------------------------------


def topic_number(data: pl.DataFrame, width_mm: int) -> Figure:
    """Draw the measures of each number of topics with two standard errors, and mark the chosen number."""
    figure, grid = panel_grid(len(_MEASURES), 4 if width_mm >= WIDE_MM else 2, (width_mm, 34, 12), sharex=True)
    data = data.sort("n_topics")
    for (name, title), axes in zip(_MEASURES.items(), grid, strict=True):
        _draw_measure(axes, data, name)
        axes.set_title(title)
    figure.supxlabel("number of topics")
    style: dict[str, Any] = {"marker": "o", "linestyle": "", "markersize": 4}
    handles = [
        Line2D([], [], color="C0", markerfacecolor="white", label="tested", **style),
        Line2D([], [], color="C0", markerfacecolor="C0", label="passes this criterion", **style),
        Line2D([], [], color="C1", linestyle="--", label="chosen"),
    ]
    figure.legend(handles=handles, loc="outside upper left", ncols=3, handletextpad=0.4, columnspacing=1.2)
    return figure


def _draw_measure(axes: Axes, data: pl.DataFrame, name: str) -> None:
    numbers, mean = data["n_topics"].to_numpy(), data[name].to_numpy()
    picked = data.filter("picked")["n_topics"].item()
    axes.axvline(picked, color="C1", linestyle="--", linewidth=0.9, zorder=1)
    axes.plot(numbers, mean, color="C0", linewidth=0.5, marker="", linestyle="-")
    axes.errorbar(
        numbers, mean, yerr=_STANDARD_ERRORS * data[f"{name}_se"].to_numpy(), fmt="o", color="C0",
        markerfacecolor="white", markersize=4, elinewidth=0.8, linestyle="",
    )  # fmt: skip
    if condition := {"npmi": "coherent", "stability": "stable"}.get(name):
        passing = data.filter(condition)
        axes.plot(passing["n_topics"], passing[name], color="C0", marker="o", markersize=4, linestyle="", zorder=3)
    axes.set_xlim(0, float(numbers.max()) * 1.08)
    axes.set_xticks(numbers)
    axes.yaxis.set_major_locator(MaxNLocator(4))


def _topic_number_facts(data: pl.DataFrame, _width_mm: int) -> dict[str, Any]:
    data = data.sort("n_topics")
    picked = data.filter("picked").row(0, named=True)
    return {
        "numbers": ", ".join(map(str, data["n_topics"])), "runs": picked["runs"], "picked": picked["n_topics"],
        "coherent": ", ".join(map(str, data.filter("coherent")["n_topics"])),
        "stable": ", ".join(map(str, data.filter("stable")["n_topics"])),
        **{name: f"{picked[name]:.2f}" for name in _MEASURES},
    }  # fmt: skip


# ---- terms -----------------------------------------------------------------------------------------------------------


def _topics_shown(data: pl.DataFrame, width_mm: int) -> int:
    return min(int(data["topic"].max()) + 1, 30 if width_mm >= WIDE_MM else 12)  # type: ignore[arg-type]


def topic_terms(data: pl.DataFrame, width_mm: int) -> Figure:
    """Draw the heaviest terms of the largest topics as bars, as many topics as are readable at this width."""
    count = _topics_shown(data, width_mm)
    figure, grid = panel_grid(count, 5 if width_mm >= WIDE_MM else 2, (width_mm, 27, 6), sharex=True)
    for topic, axes in enumerate(grid):
        terms = data.filter(pl.col("topic") == topic, pl.col("rank") < _TERMS_SHOWN).sort("rank", descending=True)
        axes.barh(terms["term"].to_list(), (terms["weight"] * 100).to_numpy(), color="C0", height=0.7)
        axes.set_title(f"topic {topic}")
        axes.grid(visible=False)
        axes.tick_params(axis="y", length=0)
        axes.xaxis.set_major_locator(MaxNLocator(3, integer=True))
    figure.supxlabel("share of the topic's weight (%)")
    return figure


def _topic_terms_facts(data: pl.DataFrame, width_mm: int) -> dict[str, Any]:
    topics, shown = int(data["topic"].max()) + 1, _topics_shown(data, width_mm)  # type: ignore[arg-type]
    leading = data.filter(pl.col("topic") == 0).sort("rank")["term"].head(3)
    return {"shown": _largest(shown, topics), "leading": ", ".join(leading)}


# ---- shares over time, as a heat map ---------------------------------------------------------------------------------


def topics_over_time(data: pl.DataFrame, width_mm: int) -> Figure:
    """Draw topic shares per period as a heat map with the topics' labels beside it."""
    shown = main_stretch(data.filter(unit="report"))
    starts = shown["start"].unique().sort()
    wide = shown.filter(pl.col("topic") < _MAX_ROWS).sort("topic", "start").select("topic", "label", "start", "share")
    labels = wide.select("topic", "label").unique(maintain_order=True)
    grid = wide["share"].to_numpy().reshape(labels.height, len(starts)) * 100
    counts = shown.filter(pl.col("topic") == labels["topic"][0]).sort("start")["reports"].to_numpy()
    figure = Figure(figsize=(width_mm * MM, min(DRAWING_MM, max(75, labels.height * 3.9 + 26)) * MM))
    above, axes = figure.subplots(2, 1, sharex=True, height_ratios=[1, min(6, max(2, labels.height * 0.4))])
    above.bar(range(len(starts)), counts, width=0.9, color="#9c9ca1")
    above.set_ylabel("reports")
    above.yaxis.set_major_locator(MaxNLocator(2, integer=True))
    above.tick_params(labelbottom=False)
    for column in np.flatnonzero(np.isnan(grid).all(axis=0)):
        axes.axvspan(column - 0.5, column + 0.5, facecolor="white", edgecolor="#b0b0b0", hatch="/////", linewidth=0)
    # Most shares are small and a few are large; on a square-root scale both are distinguishable.
    norm = PowerNorm(0.5, 0, np.nanmax(grid))
    image = axes.imshow(grid, aspect="auto", cmap="cividis_r", norm=norm, interpolation="none")
    axes.set_yticks(range(labels.height), [shortened(label, _LONGEST_LABEL) for label in labels["label"]])
    step = ceil(len(starts) / (5 if width_mm < 120 else 10))
    axes.set_xticks(range(0, len(starts), step), [f"{d:%d %b\n%Y}" for d in starts.to_list()[::step]])
    axes.grid(visible=False)
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel(f"{period_of(shown)} from")
    bar = figure.colorbar(image, ax=axes, shrink=0.6, aspect=25, pad=0.01)
    bar.set_label("share of the average report (%)")
    bar.outline.set_visible(False)
    return figure


def _topics_over_time_facts(data: pl.DataFrame, _width_mm: int) -> dict[str, Any]:
    reports = data.filter(unit="report")
    shown = main_stretch(reports)
    topics = shown["topic"].n_unique()
    drawn = min(topics, _MAX_ROWS)
    peak = shown.drop_nulls("share").sort("share", "topic", descending=[True, False]).row(0, named=True)
    return {
        **time_facts(shown), "elsewhere": far_reports_note(reports.filter(pl.col("topic") == 0)),
        "gaps": " Hatched: no reports." if shown["share"].null_count() else "",
        "of": _largest(drawn, topics), "topics": drawn, "bins": shown["start"].n_unique(),
        "peak_start": peak["start"], "peak_label": peak["label"], "peak": f"{peak['share'] * 100:.0f}",
    }  # fmt: skip


# ---- shares over time, with bands ------------------------------------------------------------------------------------


def _panels_shown(data: pl.DataFrame, width_mm: int) -> int:
    return min(data["topic"].n_unique(), 16 if width_mm >= WIDE_MM else 10)


def topic_prevalence(data: pl.DataFrame, width_mm: int) -> Figure:
    """Draw the largest topics' mean shares as lines with bands, each panel with its own scale."""
    shown = main_stretch(data.filter(unit="report"))
    others = data.filter(unit="cluster").select("topic", "start", other="share")
    shown = shown.join(others, on=["topic", "start"], how="left", maintain_order="left")
    columns = 4 if width_mm >= WIDE_MM else 2
    figure, grid = panel_grid(_panels_shown(shown, width_mm), columns, (width_mm, 25, 16), sharex=True)
    differs = False
    for topic, axes in enumerate(grid):
        rows = shown.filter(pl.col("topic") == topic).sort("start")
        differs |= _draw_prevalence(axes, rows)
        axes.set_title(shortened(rows["label"][0], 30 if width_mm >= WIDE_MM else 28))
        date_axis(axes)
    figure.supylabel("share of the average report (%)")
    figure.legend(
        handles=_prevalence_keys(shown, differs), loc="outside upper left", ncols=2 if width_mm < WIDE_MM else 4
    )
    return figure


def _draw_prevalence(axes: Axes, rows: pl.DataFrame) -> bool:
    """Draw one topic; return whether independent reports have a line of their own."""
    days = rows["start"].to_numpy()
    columns = ("share", "low", "high", "refit_low", "refit_high", "other")
    values = {name: rows[name].to_numpy().astype(float) * 100 for name in columns}
    band(axes, days, values["low"], values["high"])
    for end in ("refit_low", "refit_high"):
        axes.plot(days, values[end], color="C1", linewidth=0.6, linestyle=":", marker="")
    axes.plot(days, values["share"], color="C0", marker="o", linestyle="-")
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_locator(MaxNLocator(3))
    differs = _differs_visibly(rows)
    if differs:
        second_line(axes, days, values["other"])
    return differs


def _differs_visibly(rows: pl.DataFrame) -> bool:
    most = (rows["share"] - rows["other"]).abs().max()
    top = rows.select(pl.max_horizontal("high", "refit_high", "share").max()).item()
    return most is not None and top is not None and float(most) > VISIBLE * float(top)  # type: ignore[arg-type]


def _prevalence_keys(shown: pl.DataFrame, differs: bool) -> list[Line2D | Patch]:
    keys: list[Line2D | Patch] = [
        Line2D([], [], color="C0", marker="o", label="mean of all reports"),
        Patch(color=BANDS["C0"], label="95% interval"),
    ]
    if shown["refit_low"].count():
        keys.append(Line2D([], [], color="C1", linewidth=0.6, linestyle=":", label="lowest and highest refit"))
    if differs:
        keys.append(Line2D([], [], color=INK, linewidth=0.5, label="independent reports"))
    return keys


def _topic_prevalence_facts(data: pl.DataFrame, width_mm: int) -> dict[str, Any]:
    reports = data.filter(unit="report")
    shown = main_stretch(reports)
    count = _panels_shown(shown, width_mm)
    drawn = shown.filter(pl.col("topic") < count).drop_nulls("share")
    peak = drawn.sort("share", "topic", descending=[True, False]).row(0, named=True)
    others = data.filter(unit="cluster").select("topic", "start", other="share")
    most = drawn.join(others, on=["topic", "start"]).select((pl.col("share") - pl.col("other")).abs().max()).item()
    independent = ""
    if most is not None:
        independent = f" No share changes by more than {most * 100:.1f} points if only independent reports count."
    return {
        **time_facts(shown), "elsewhere": far_reports_note(reports.filter(pl.col("topic") == 0)),
        "of": _largest(count, shown["topic"].n_unique()), "independent": independent,
        "peak_label": peak["label"], "peak_start": peak["start"], "peak": f"{peak['share'] * 100:.0f}",
        "low": f"{(peak['low'] if peak['low'] is not None else peak['share']) * 100:.0f}",
        "high": f"{(peak['high'] if peak['high'] is not None else peak['share']) * 100:.0f}",
    }  # fmt: skip


FIGURES = {
    "topic_number": Drawing("topic_grid", topic_number, _topic_number_facts),
    "topic_terms": Drawing("topic_terms", topic_terms, _topic_terms_facts),
    "topics_over_time": Drawing("topics_by_period", topics_over_time, _topics_over_time_facts),
    "topic_prevalence": Drawing("topics_by_period", topic_prevalence, _topic_prevalence_facts),
}
