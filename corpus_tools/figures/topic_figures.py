"""Figures of topics: how many, their terms, and how they move, with bands."""

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

from corpus_tools.figures.page import HIGHEST_MM, MM, WIDE_MM, shortened
from corpus_tools.figures.panels import (
    BANDS,
    INK,
    VISIBLE,
    band,
    date_axis,
    elsewhere,
    main_stretch,
    other_line,
    period_of,
    range_of,
)

_TERMS_SHOWN = 6
# So many rows of a heat map can be read on a page, and names of such a length beside them.
_ROWS, _LONGEST_LABEL = 40, 34
_MEASURES = {
    "npmi": "coherence (NPMI)",
    "stability": "stability (Jaccard)",
    "exclusivity": "exclusivity (FREX)",
    "held_out": "held-out fit (R²)",
}
_ERRORS = 2


def _of(data: pl.DataFrame, unit: str) -> pl.DataFrame:
    return data.filter(pl.col("unit") == unit)


def _of_all(shown: int, topics: int) -> str:
    return f"{shown}" if shown == topics else f"the {shown} largest of {topics}"


# ---- how many --------------------------------------------------------------------------------------------------------


def topic_number(data: pl.DataFrame, width_mm: int) -> Figure:
    """Draw the measures of each number of topics as points with two standard errors; the picked one is marked."""
    columns = 4 if width_mm >= WIDE_MM else 2
    rows = ceil(len(_MEASURES) / columns)
    figure = Figure(figsize=(width_mm * MM, (rows * 34 + 12) * MM))
    grid = figure.subplots(rows, columns, sharex=True, squeeze=False)
    data = data.sort("n_topics")
    for (name, title), axes in zip(_MEASURES.items(), grid.flat, strict=True):
        _measure(axes, data, name)
        axes.set_title(title)
    figure.supxlabel("number of topics")
    looks: dict[str, Any] = {"marker": "o", "linestyle": "", "markersize": 4}
    handles = [
        Line2D([], [], color="C0", markerfacecolor="white", label="looked at", **looks),
        Line2D([], [], color="C0", markerfacecolor="C0", label="passes this measure", **looks),
        Line2D([], [], color="C1", linestyle="--", label="picked"),
    ]
    figure.legend(handles=handles, loc="outside upper left", ncols=3, handletextpad=0.4, columnspacing=1.2)
    return figure


def _measure(axes: Axes, data: pl.DataFrame, name: str) -> None:
    numbers, mean = data["n_topics"].to_numpy(), data[name].to_numpy()
    picked = data.filter("picked")["n_topics"].item()
    axes.axvline(picked, color="C1", linestyle="--", linewidth=0.9, zorder=1)
    axes.plot(numbers, mean, color="C0", linewidth=0.5, marker="", linestyle="-")
    axes.errorbar(
        numbers, mean, yerr=_ERRORS * data[f"{name}_se"].to_numpy(), fmt="o", color="C0", markerfacecolor="white",
        markersize=4, elinewidth=0.8, linestyle="",
    )  # fmt: skip
    passing = {"npmi": "coherent", "stability": "stable"}.get(name)
    if passing:
        kept = data.filter(passing)
        axes.plot(kept["n_topics"], kept[name], color="C0", marker="o", markersize=4, linestyle="", zorder=3)
    axes.set_xlim(0, float(numbers.max()) * 1.08)
    axes.set_xticks(numbers)
    axes.yaxis.set_major_locator(MaxNLocator(4))


def topic_number_facts(data: pl.DataFrame, _width_mm: int) -> dict[str, Any]:
    """Give the numbers in the caption of the number of topics."""
    data = data.sort("n_topics")
    best = data.filter("picked").row(0, named=True)
    return {
        "numbers": ", ".join(map(str, data["n_topics"])), "runs": best["runs"], "picked": best["n_topics"],
        "coherent": ", ".join(map(str, data.filter("coherent")["n_topics"])),
        "stable": ", ".join(map(str, data.filter("stable")["n_topics"])),
        **{name: f"{best[name]:.2f}" for name in _MEASURES},
    }  # fmt: skip


# ---- their terms -----------------------------------------------------------------------------------------------------


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
        "shown": _of_all(shown, topics),
        "leading": ", ".join(leading),
    }


# ---- over time, all of them ------------------------------------------------------------------------------------------


def topics_over_time(data: pl.DataFrame, width_mm: int) -> Figure:
    """Draw topic shares by period as a heat map with the topics' terms beside it."""
    shown = main_stretch(_of(data, "report"))
    starts = shown["start"].unique().sort()
    wide = shown.filter(pl.col("topic") < _ROWS).sort("topic", "start").select("topic", "label", "start", "share")
    labels = wide.select("topic", "label").unique(maintain_order=True)
    grid = wide["share"].to_numpy().reshape(labels.height, len(starts)) * 100
    counts = shown.filter(pl.col("topic") == labels["topic"][0]).sort("start")["reports"].to_numpy()
    figure = Figure(figsize=(width_mm * MM, min(HIGHEST_MM, max(75, labels.height * 3.9 + 26)) * MM))
    above, axes = figure.subplots(2, 1, sharex=True, height_ratios=[1, min(6, max(2, labels.height * 0.4))])
    above.bar(range(len(starts)), counts, width=0.9, color="#9c9ca1")
    above.set_ylabel("reports")
    above.yaxis.set_major_locator(MaxNLocator(2, integer=True))
    above.tick_params(labelbottom=False)
    for column in np.flatnonzero(np.isnan(grid).all(axis=0)):
        axes.axvspan(column - 0.5, column + 0.5, facecolor="white", edgecolor="#b0b0b0", hatch="/////", linewidth=0)
    # Most shares are small and a few are large: the square root keeps both apart.
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


def topics_over_time_facts(data: pl.DataFrame, _width_mm: int) -> dict[str, Any]:
    """Give the numbers in the caption of the topics over time."""
    reports = _of(data, "report")
    shown = main_stretch(reports)
    peak = shown.drop_nulls("share").sort("share", "topic", descending=[True, False]).row(0, named=True)
    return {
        **range_of(shown), "elsewhere": elsewhere(reports.filter(pl.col("topic") == 0)),
        "gaps": " Hatched: no reports." if shown["share"].null_count() else "",
        "of": _of_all(min(shown["topic"].n_unique(), _ROWS), shown["topic"].n_unique()),
        "topics": min(shown["topic"].n_unique(), _ROWS), "bins": shown["start"].n_unique(),
        "peak_start": peak["start"], "peak_label": peak["label"], "peak": f"{peak['share'] * 100:.0f}",
    }  # fmt: skip


# ---- with bands ------------------------------------------------------------------------------------------------------


def _panels_of(data: pl.DataFrame, width_mm: int) -> tuple[int, int]:
    """Give how many topics are drawn, and in how many columns."""
    columns, rows = (4, 4) if width_mm >= WIDE_MM else (2, 5)
    topics = data["topic"].n_unique()
    return min(topics, columns * rows), min(topics, columns)


def topic_prevalence(data: pl.DataFrame, width_mm: int) -> Figure:
    """Draw the largest topics' mean shares as lines with bands; each panel has a scale of its own."""
    shown = main_stretch(_of(data, "report"))
    others = _of(data, "cluster").select("topic", "start", other="share")
    shown = shown.join(others, on=["topic", "start"], how="left", maintain_order="left")
    count, columns = _panels_of(shown, width_mm)
    rows = ceil(count / columns)
    figure = Figure(figsize=(width_mm * MM, (rows * 25 + 16) * MM))
    grid = figure.subplots(rows, columns, sharex=True, squeeze=False)
    apart = False
    for empty in grid.flat[count:]:
        empty.set_axis_off()
    for topic, axes in zip(range(count), grid.flat, strict=False):
        of = shown.filter(pl.col("topic") == topic).sort("start")
        apart |= _prevalence(axes, of)
        axes.set_title(shortened(of["label"][0], 30 if width_mm >= WIDE_MM else 28))
        date_axis(axes)
    for below in list(grid.flat)[max(0, count - columns) : count]:
        below.tick_params(labelbottom=True)
    figure.supylabel("share of the average report (%)")
    figure.legend(handles=_keys(shown, apart), loc="outside upper left", ncols=2 if width_mm < WIDE_MM else 4)
    return figure


def _prevalence(axes: Axes, of: pl.DataFrame) -> bool:
    """Draw one topic; say whether independent reports are drawn apart."""
    days = of["start"].to_numpy()
    at = {name: of[name].to_numpy().astype(float) * 100 for name in ("share", "low", "high", "other")}
    band(axes, days, at["low"], at["high"])
    for end in ("refit_low", "refit_high"):
        values = of[end].to_numpy().astype(float) * 100
        axes.plot(days, values, color="C1", linewidth=0.6, linestyle=":", marker="")
    axes.plot(days, at["share"], color="C0", marker="o", linestyle="-")
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_locator(MaxNLocator(3))
    apart = _visibly_apart(of)
    if apart:
        other_line(axes, days, at["other"])
    return apart


def _visibly_apart(of: pl.DataFrame) -> bool:
    most = (of["share"] - of["other"]).abs().max()
    top = of.select(pl.max_horizontal("high", "refit_high", "share").max()).item()
    return most is not None and top is not None and float(most) > VISIBLE * float(top)  # type: ignore[arg-type]


def _keys(shown: pl.DataFrame, apart: bool) -> list[Line2D | Patch]:
    keys: list[Line2D | Patch] = [
        Line2D([], [], color="C0", marker="o", label="mean of all reports"),
        Patch(color=BANDS["C0"], label="95 % interval"),
    ]
    if shown["refit_low"].count():
        keys.append(Line2D([], [], color="C1", linewidth=0.6, linestyle=":", label="lowest and highest refit"))
    if apart:
        keys.append(Line2D([], [], color=INK, linewidth=0.5, label="independent reports"))
    return keys


def topic_prevalence_facts(data: pl.DataFrame, width_mm: int) -> dict[str, Any]:
    """Give the numbers in the caption of the topics' prevalence."""
    reports = _of(data, "report")
    shown = main_stretch(reports)
    count, _ = _panels_of(shown, width_mm)
    drawn = shown.filter(pl.col("topic") < count).drop_nulls("share")
    peak = drawn.sort("share", "topic", descending=[True, False]).row(0, named=True)
    others = _of(data, "cluster").select("topic", "start", other="share")
    apart = drawn.join(others, on=["topic", "start"]).select((pl.col("share") - pl.col("other")).abs().max()).item()
    moved = "Counting independent reports only moves no share by more than"
    most = "" if apart is None else f" {moved} {apart * 100:.1f} points."
    return {
        **range_of(shown), "elsewhere": elsewhere(reports.filter(pl.col("topic") == 0)),
        "of": _of_all(count, shown["topic"].n_unique()), "independent": most,
        "peak_label": peak["label"], "peak_start": peak["start"], "peak": f"{peak['share'] * 100:.0f}",
        "low": f"{(peak['low'] if peak['low'] is not None else peak['share']) * 100:.0f}",
        "high": f"{(peak['high'] if peak['high'] is not None else peak['share']) * 100:.0f}",
    }  # fmt: skip
