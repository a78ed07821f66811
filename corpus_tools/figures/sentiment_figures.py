"""Figures of sentiment: over time, with and without a vocabulary, by word, and by voice."""

from __future__ import annotations

from math import ceil
from typing import Any

import numpy as np
import polars as pl
from matplotlib.axes import Axes
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
    left_out_note,
    main_stretch,
    names_axis,
    outlets_by_reports,
    panels,
    second_line,
    time_facts,
)
from corpus_tools.text.plain_text import plural

_INDEX_STYLES: dict[str, dict[str, Any]] = {
    "all": {"color": "C0", "marker": "o", "linestyle": "-"},
    "without": {"color": "C1", "marker": "s", "linestyle": "--"},
}
_ZERO = "#808080"
# An axis that ended closer to zero would show noise.
_LEAST = 0.05


def _rows(data: pl.DataFrame, unit: str, *indices: str) -> pl.DataFrame:
    return data.filter(pl.col("unit") == unit, pl.col("index").is_in(indices))


def _extremes(shown: pl.DataFrame) -> tuple[float, float]:
    """Return the ends of an axis with all means, all intervals and zero."""
    values = [x for name in ("compound", "low", "high") for x in shown[name].drop_nulls()]
    low, high = min([-_LEAST, *values]), max([_LEAST, *values])
    room = (high - low) * 0.05
    return low - room, high + room


def _compare_units(shown: pl.DataFrame, clusters: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """Join the means of all reports and of independent ones: key, compound, other, difference."""
    other = clusters.select(*key, other="compound")
    both = shown.select(*key, "compound").join(other, on=key, how="left", nulls_equal=True, maintain_order="left")
    return both.with_columns(difference=(pl.col("compound") - pl.col("other")).abs())


def _largest_difference(pairs: pl.DataFrame) -> float:
    return float(pairs["difference"].max() or 0.0)  # type: ignore[arg-type]


def _independent_note(pairs: pl.DataFrame, axis: tuple[float, float], sign: str) -> str:
    """Return a sentence on the line of independent reports, or on how little they differ where none is drawn."""
    if not pairs["difference"].count():
        return ""
    most = _largest_difference(pairs)
    if most > VISIBLE * (axis[1] - axis[0]):
        independent = "independent reports only, the earliest of their near-duplicates"
        return f" {sign}: {independent} (drawn where a mean changes visibly)."
    bound = max(1, ceil(round(most * 1000, 3))) / 1000
    return f" No mean changes by more than {bound:.3f} if only the earliest of near-duplicates count."


# ---- over time -------------------------------------------------------------------------------------------------------


def _by_outlet(data: pl.DataFrame, unit: str) -> pl.DataFrame:
    return _rows(data.filter(pl.col("outlet").is_not_null()), unit, "all")


_BIN = ["outlet", "index", "start"]


def sentiment_over_time(data: pl.DataFrame, width_mm: int) -> Figure:
    """Draw mean sentiment per period as lines with bands, in one panel per outlet with a common scale."""
    shown = main_stretch(_by_outlet(data, "report"))
    pairs = _compare_units(shown, _by_outlet(data, "cluster"), _BIN)
    axis = _over_time_axis(shown)
    figure, grid = panels(outlets_by_reports(shown), width_mm)
    for outlet, axes in grid:
        rows = shown.filter(pl.col("outlet") == outlet).sort("start")
        axes.axhline(0, color=_ZERO, linewidth=0.5)
        _draw_line(axes, rows, _INDEX_STYLES["all"])
        _draw_independent_line(axes, pairs.filter(pl.col("outlet") == outlet).sort("start"), axis)
        axes.set_title(outlet)
        axes.yaxis.set_major_locator(MaxNLocator(4))
        date_axis(axes)
    figure.axes[0].set_ylim(*axis)
    figure.supylabel("mean VADER score")
    return figure


def _over_time_axis(shown: pl.DataFrame) -> tuple[float, float]:
    extreme = max(abs(x) for x in _extremes(shown))
    return -extreme, extreme


def _draw_line(axes: Axes, rows: pl.DataFrame, style: dict[str, Any]) -> None:
    days = rows["start"].to_numpy()
    low, mean, high = (rows[c].to_numpy().astype(float) for c in ("low", "compound", "high"))
    band(axes, days, low, high, style["color"])
    axes.plot(days, mean, **style)


def _draw_independent_line(axes: Axes, pairs: pl.DataFrame, axis: tuple[float, float]) -> None:
    """Draw the means of independent reports if they differ visibly from those of all reports."""
    if _largest_difference(pairs) > VISIBLE * (axis[1] - axis[0]):
        second_line(axes, pairs["start"].to_numpy(), pairs["other"].to_numpy().astype(float))


def _sentiment_over_time_facts(data: pl.DataFrame, width_mm: int) -> dict[str, Any]:
    series = _by_outlet(data, "report")
    shown = main_stretch(series)
    pairs = _compare_units(shown, _by_outlet(data, "cluster"), _BIN)
    with_band = shown.drop_nulls("low")
    means = (with_band if with_band.height else shown.drop_nulls("compound")).sort("compound", "outlet", "start")
    low, high = means.row(0, named=True), means.row(-1, named=True)
    return {
        **time_facts(shown), "elsewhere": left_out_note(shown, width_mm) + far_reports_note(series),
        "independent": _independent_note(pairs, _over_time_axis(shown), "Thin dark line"),
        "lowest": low["outlet"], "lowest_start": low["start"],
        "highest": high["outlet"], "highest_start": high["start"],
    }  # fmt: skip


# ---- with and without the vocabulary ---------------------------------------------------------------------------------

_INDEX_LABELS = {"all": "all words", "without": "without the vocabulary"}


def _all_outlets(data: pl.DataFrame, unit: str) -> pl.DataFrame:
    return _rows(data.filter(pl.col("outlet").is_null()), unit, *_INDEX_STYLES)


def sentiment_vocabulary(data: pl.DataFrame, width_mm: int) -> Figure:
    """Draw mean sentiment of all outlets over time, with and without the words of the vocabulary."""
    shown = main_stretch(_all_outlets(data, "report"))
    pairs = _compare_units(shown, _all_outlets(data, "cluster"), _BIN)
    axis = _extremes(shown)
    figure = Figure(figsize=(width_mm * MM, (70 if width_mm >= WIDE_MM else 62) * MM))
    axes = figure.subplots()
    axes.axhline(0, color=_ZERO, linewidth=0.5)
    for index, style in _INDEX_STYLES.items():
        _draw_line(axes, shown.filter(pl.col("index") == index).sort("start"), style)
        _draw_independent_line(axes, pairs.filter(pl.col("index") == index).sort("start"), axis)
    for interval in axes.collections:
        interval.set_alpha(0.75)  # both are visible where they overlap
    axes.set_ylim(*axis)
    axes.set_ylabel("mean VADER score")
    axes.yaxis.set_major_locator(MaxNLocator(5))
    date_axis(axes)
    keys = [Line2D([], [], label=_INDEX_LABELS[index], **style) for index, style in _INDEX_STYLES.items()]
    figure.legend(handles=keys, loc="outside upper left", ncols=2, handlelength=2.8, columnspacing=1.6)
    return figure


def _sentiment_vocabulary_facts(data: pl.DataFrame, _width_mm: int) -> dict[str, Any]:
    series = _all_outlets(data, "report")
    shown = main_stretch(series)
    pairs = _compare_units(shown, _all_outlets(data, "cluster"), _BIN)
    bins = shown.filter(pl.col("index") == "all").select("start", "reports", "compound")
    rest = shown.filter(pl.col("index") == "without").select("start", without="compound")
    both = bins.join(rest, on="start").drop_nulls()
    gap = (pl.col("without") - pl.col("compound")).abs()
    widest = both.sort(gap, "start", descending=[True, False]).row(0, named=True)
    return {
        **time_facts(shown), "elsewhere": far_reports_note(series.filter(pl.col("index") == "all")),
        "independent": _independent_note(pairs, _extremes(shown), "Thin dark lines"),
        "reports": f"{bins['reports'].sum():,}", "bins": both.height,
        "below": both.filter(pl.col("compound") < 0).height, "below_without": both.filter(pl.col("without") < 0).height,
        "widest_start": widest["start"],
        "widest": _signed(widest["compound"]), "widest_without": _signed(widest["without"]),
    }  # fmt: skip


def _signed(value: float) -> str:
    """Format a score with its sign.

    Examples
    --------
    >>> _signed(-0.123), _signed(0.0)
    ('-0.12', '0.00')
    """
    return f"{value:+.2f}" if round(value, 2) else "0.00"


# ---- words -----------------------------------------------------------------------------------------------------------

_WORDS_SHOWN = 12
_INSIDE: dict[str, Any] = {"facecolor": BANDS["C1"], "edgecolor": "C1", "hatch": "//////"}
_OUTSIDE: dict[str, Any] = {"facecolor": "C0", "edgecolor": "C0"}


def _largest_effects(data: pl.DataFrame) -> pl.DataFrame:
    known = data.drop_nulls("effect").filter(pl.col("effect") != 0)
    return known.sort(pl.col("effect").abs(), "word", descending=[True, False]).head(_WORDS_SHOWN)


def sentiment_words(data: pl.DataFrame, width_mm: int) -> Figure:
    """Draw the largest effects of single words on mean sentiment as bars; words of the vocabulary are hatched."""
    shown = _largest_effects(data)
    figure = Figure(figsize=(width_mm * MM, (max(shown.height, 3) * 4 + 18) * MM))
    axes = figure.subplots()
    for position, row in enumerate(shown.iter_rows(named=True)):
        axes.barh(position, row["effect"] * 1000, height=0.68, **(_INSIDE if row["in_vocabulary"] else _OUTSIDE))
    axes.axvline(0, color=_ZERO, linewidth=0.5)
    labels = shown.select("word", "reports").iter_rows()
    axes.set_yticks(range(shown.height), [f"{shortened(word, 18)} ({reports:,})" for word, reports in labels])
    axes.set_ylim(max(shown.height, 3) - 0.4, -0.6)
    axes.spines["left"].set_visible(False)
    names_axis(axes)
    axes.set_xlabel("effect on the mean VADER score (thousandths)")
    keys = [Patch(label="in the vocabulary", **_INSIDE), Patch(label="other", **_OUTSIDE)]
    figure.legend(handles=keys, loc="outside upper left", ncols=2, columnspacing=1.6)
    return figure


def _sentiment_words_facts(data: pl.DataFrame, _width_mm: int) -> dict[str, Any]:
    shown = _largest_effects(data)
    inside = data.filter("in_vocabulary")
    first = shown.row(0, named=True) if shown.height else None
    leads = f" The largest is that of {first['word']}: {first['effect'] * 1000:+.1f} thousandths." if first else ""
    return {
        "words": f"{data.height:,}", "shown": shown.height, "inside": f"{inside.height:,}",
        "negative": f"{inside['negative_share'].sum() * 100:.0f}",
        "drawn_inside": int(shown["in_vocabulary"].sum()), "leads": leads,
    }  # fmt: skip


# ---- voices ----------------------------------------------------------------------------------------------------------

_VOICE_STYLES: dict[str, dict[str, Any]] = {
    "narrator": {"color": "C0", "marker": "o", "markerfacecolor": "C0"},
    "quoted": {"color": "C1", "marker": "s", "markerfacecolor": "white"},
}
# The height of an outlet's row, and of what surrounds the rows.
_OUTLET_MM, _AROUND_MM = 5, 18
_ALL_OUTLETS = "all outlets"


def _by_voice(data: pl.DataFrame, unit: str = "report") -> pl.DataFrame:
    return _rows(data, unit, *_VOICE_STYLES).with_columns(pl.col("outlet").fill_null(_ALL_OUTLETS))


def _outlets_shown(data: pl.DataFrame) -> list[str]:
    """Return outlets with an interval, or all if none has one, most negative narrator first, then "all outlets"."""
    narrator = _by_voice(data).filter(pl.col("index") == "narrator")
    rows = narrator.drop_nulls("low") if narrator["low"].count() else narrator
    outlets = rows.filter(pl.col("outlet") != _ALL_OUTLETS).sort("reports", "outlet", descending=[True, False])
    shown = outlets.head((DRAWING_MM - _AROUND_MM) // _OUTLET_MM - 1).sort("compound", "outlet")["outlet"].to_list()
    return [*shown, _ALL_OUTLETS]


def sentiment_voices(data: pl.DataFrame, width_mm: int) -> Figure:
    """Draw mean sentiment of the narrator's and of quoted sentences as two dots per outlet, with intervals."""
    outlets = _outlets_shown(data)
    shown = _by_voice(data).filter(pl.col("outlet").is_in(outlets))
    pairs = _compare_units(shown, _by_voice(data, "cluster"), ["outlet", "index"])
    axis = _extremes(shown)
    figure = Figure(figsize=(width_mm * MM, (len(outlets) * _OUTLET_MM + _AROUND_MM) * MM))
    axes = figure.subplots()
    axes.axvline(0, color=_ZERO, linewidth=0.5)
    for offset, (voice, style) in zip((-0.16, 0.16), _VOICE_STYLES.items(), strict=True):
        rows = shown.filter(pl.col("index") == voice)
        positions = np.array([outlets.index(outlet) for outlet in rows["outlet"]]) + offset
        known = rows["low"].is_not_null().to_numpy()
        low, mean, high = (rows[c].to_numpy().astype(float) for c in ("low", "compound", "high"))
        axes.hlines(positions[known], low[known], high[known], color=style["color"], linewidth=0.9)
        axes.plot(mean, positions, linestyle="", markersize=3.2, markeredgewidth=0.8, zorder=3, **style)
        different = pairs.filter(pl.col("index") == voice, pl.col("difference") > VISIBLE * (axis[1] - axis[0]))
        positions = np.array([outlets.index(outlet) for outlet in different["outlet"]]) + offset
        axes.plot(different["other"].to_numpy(), positions, linestyle="", marker="|", color=INK, markersize=5, zorder=4)
    axes.axhline(len(outlets) - 1.5, color=_ZERO, linewidth=0.4, linestyle=":")
    axes.set_yticks(range(len(outlets)), [shortened(outlet, 22) for outlet in outlets])
    axes.set_ylim(len(outlets) - 0.4, -0.6)
    axes.set_xlim(*axis)
    names_axis(axes)
    axes.set_xlabel("mean VADER score")
    labels = {"narrator": "narrator's sentences", "quoted": "quoted sentences"}
    keys = [Line2D([], [], markersize=3.2, label=labels[voice], **style) for voice, style in _VOICE_STYLES.items()]
    figure.legend(handles=keys, loc="outside upper left", ncols=2, columnspacing=1.6)
    return figure


def _sentiment_voices_facts(data: pl.DataFrame, _width_mm: int) -> dict[str, Any]:
    outlets = _outlets_shown(data)
    voices = _by_voice(data)
    shown = voices.filter(pl.col("outlet").is_in(outlets))
    pairs = _compare_units(shown, _by_voice(data, "cluster"), ["outlet", "index"])
    wide = shown.pivot("index", index="outlet", values="compound", maintain_order=True)
    both = wide.filter(pl.col("outlet") != _ALL_OUTLETS).drop_nulls() if "quoted" in wide.columns else wide.clear()
    higher = both.filter(pl.col("quoted") > pl.col("narrator")).height if both.height else 0
    together = voices.filter(pl.col("outlet") == _ALL_OUTLETS)
    means = {row["index"]: _signed(row["compound"]) for row in together.iter_rows(named=True)}
    rest = voices["outlet"].n_unique() - len(outlets)
    quoted = f"quoted {means['quoted']}" if "quoted" in means else "nobody quoted"
    return {
        "outlets": len(outlets) - 1, "all_outlets": f"narrator {means['narrator']}, {quoted}", "both": both.height,
        "more_positive": higher,
        "independent": _independent_note(pairs, _extremes(shown), "Vertical dark stroke"),
        "left_out": f" Not drawn: {plural(rest, 'further outlet')}, with few reports or for lack of room."
        if rest else "",
    }  # fmt: skip


FIGURES = {
    "sentiment_over_time": Drawing("sentiment_by_period", sentiment_over_time, _sentiment_over_time_facts),
    "sentiment_vocabulary": Drawing("sentiment_by_period", sentiment_vocabulary, _sentiment_vocabulary_facts),
    "sentiment_words": Drawing("sentiment_words", sentiment_words, _sentiment_words_facts),
    "sentiment_voices": Drawing("sentiment_by_outlet", sentiment_voices, _sentiment_voices_facts),
}
