"""Figures of sentiment: over time, by voice, with and without a vocabulary, and the words that carry it."""

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

from corpus_tools.figures.page import HIGHEST_MM, MM, WIDE_MM, shortened
from corpus_tools.figures.panels import (
    BANDS,
    INK,
    VISIBLE,
    band,
    date_axis,
    elsewhere,
    left_out,
    lying,
    main_stretch,
    other_line,
    panels,
    present,
    range_of,
)

# How each index looks.
_LOOKS: dict[str, dict[str, Any]] = {
    "all": {"color": "C0", "marker": "o", "linestyle": "-"},
    "without": {"color": "C1", "marker": "s", "linestyle": "--"},
}
_ZERO = "#808080"
# Closer to zero than this, an axis would show noise.
_LEAST = 0.05
_ENDS = ("compound", "low", "high")


def _rows(data: pl.DataFrame, unit: str, *indices: str) -> pl.DataFrame:
    return data.filter(pl.col("unit") == unit, pl.col("index").is_in(indices))


def _extremes(shown: pl.DataFrame) -> tuple[float, float]:
    """Give the ends of an axis that holds all means, intervals and zero."""
    values = [x for name in _ENDS for x in shown[name].drop_nulls()]
    low, high = min([-_LEAST, *values]), max([_LEAST, *values])
    room = (high - low) * 0.05
    return low - room, high + room


def _apart(shown: pl.DataFrame, clusters: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """Set the means of independent reports beside those of all: key, compound, other, apart (their distance)."""
    other = clusters.select(*key, other="compound")
    both = shown.select(*key, "compound").join(other, on=key, how="left", nulls_equal=True, maintain_order="left")
    return both.with_columns(apart=(pl.col("compound") - pl.col("other")).abs())


def _independent(apart: pl.DataFrame, axis: tuple[float, float], sign: str) -> str:
    """Say in the caption what is drawn where only the first of near-duplicates counts, or how little that changes."""
    most = apart["apart"].drop_nulls().max()
    if most is None:
        return ""
    if float(most) > VISIBLE * (axis[1] - axis[0]):  # type: ignore[arg-type]
        return f" {sign}: of near-duplicates only the first report counts (drawn where that moves a mean visibly)."
    least = max(1, ceil(round(float(most) * 1000, 3))) / 1000  # type: ignore[arg-type]
    return f" Counting only the first of near-duplicates moves no mean by more than {least:.3f}."


# ---- over time -------------------------------------------------------------------------------------------------------


def _series(data: pl.DataFrame, unit: str) -> pl.DataFrame:
    return _rows(data.filter(pl.col("outlet").is_not_null()), unit, "all")


_BIN = ["outlet", "index", "start"]


def sentiment_over_time(data: pl.DataFrame, width_mm: int) -> Figure:
    """Draw mean sentiment by outlet and period as lines with bands; one panel an outlet, one scale for all."""
    shown = main_stretch(_series(data, "report"))
    apart = _apart(shown, _series(data, "cluster"), _BIN)
    axis = _over_time_axis(shown)
    figure, each = panels(present(shown), width_mm)
    for outlet, axes in each:
        rows = shown.filter(pl.col("outlet") == outlet).sort("start")
        axes.axhline(0, color=_ZERO, linewidth=0.5)
        _line(axes, rows, _LOOKS["all"])
        _cluster_line(axes, apart.filter(pl.col("outlet") == outlet).sort("start"), axis)
        axes.set_title(outlet)
        axes.yaxis.set_major_locator(MaxNLocator(4))
        date_axis(axes)
    figure.axes[0].set_ylim(*axis)
    figure.supylabel("mean VADER score")
    return figure


def _over_time_axis(shown: pl.DataFrame) -> tuple[float, float]:
    extreme = max(abs(x) for x in _extremes(shown))
    return -extreme, extreme


def _line(axes: Axes, rows: pl.DataFrame, look: dict[str, Any]) -> None:
    days = rows["start"].to_numpy()
    low, mean, high = (rows[c].to_numpy().astype(float) for c in ("low", "compound", "high"))
    band(axes, days, low, high, look["color"])
    axes.plot(days, mean, **look)


def _cluster_line(axes: Axes, apart: pl.DataFrame, axis: tuple[float, float]) -> None:
    """Draw the means of independent reports, if they stand visibly apart from those of all."""
    most = apart["apart"].drop_nulls().max()
    if most is not None and float(most) > VISIBLE * (axis[1] - axis[0]):  # type: ignore[arg-type]
        other_line(axes, apart["start"].to_numpy(), apart["other"].to_numpy().astype(float))


def sentiment_over_time_facts(data: pl.DataFrame, width_mm: int) -> dict[str, Any]:
    """Give the numbers in the caption of the sentiment over time."""
    series = _series(data, "report")
    shown = main_stretch(series)
    apart = _apart(shown, _series(data, "cluster"), _BIN)
    with_band = shown.drop_nulls("low")
    means = (with_band if with_band.height else shown.drop_nulls("compound")).sort("compound", "outlet", "start")
    low, high = means.row(0, named=True), means.row(-1, named=True)
    return {
        **range_of(shown), "elsewhere": left_out(shown, width_mm) + elsewhere(series),
        "independent": _independent(apart, _over_time_axis(shown), "Thin dark line"),
        "lowest": low["outlet"], "lowest_start": low["start"],
        "highest": high["outlet"], "highest_start": high["start"],
    }  # fmt: skip


# ---- with and without the vocabulary ---------------------------------------------------------------------------------

_SAID = {"all": "all words", "without": "without the vocabulary"}


def _of_all(data: pl.DataFrame, unit: str) -> pl.DataFrame:
    return _rows(data.filter(pl.col("outlet").is_null()), unit, *_LOOKS)


def sentiment_vocabulary(data: pl.DataFrame, width_mm: int) -> Figure:
    """Draw the index of all outlets over time, as it is and without the words of the vocabulary."""
    shown = main_stretch(_of_all(data, "report"))
    apart = _apart(shown, _of_all(data, "cluster"), _BIN)
    axis = _extremes(shown)
    figure = Figure(figsize=(width_mm * MM, (70 if width_mm >= WIDE_MM else 62) * MM))
    axes = figure.subplots()
    axes.axhline(0, color=_ZERO, linewidth=0.5)
    for index, look in _LOOKS.items():
        _line(axes, shown.filter(pl.col("index") == index).sort("start"), look)
        _cluster_line(axes, apart.filter(pl.col("index") == index).sort("start"), axis)
    for painted in axes.collections:
        painted.set_alpha(0.75)  # where they overlap, both are seen
    axes.set_ylim(*axis)
    axes.set_ylabel("mean VADER score")
    axes.yaxis.set_major_locator(MaxNLocator(5))
    date_axis(axes)
    keys = [Line2D([], [], label=_SAID[index], **look) for index, look in _LOOKS.items()]
    figure.legend(handles=keys, loc="outside upper left", ncols=2, handlelength=2.8, columnspacing=1.6)
    return figure


def sentiment_vocabulary_facts(data: pl.DataFrame, _width_mm: int) -> dict[str, Any]:
    """Give the numbers in the caption of the index with and without the vocabulary."""
    series = _of_all(data, "report")
    shown = main_stretch(series)
    apart = _apart(shown, _of_all(data, "cluster"), _BIN)
    bins = shown.filter(pl.col("index") == "all").select("start", "reports", "compound")
    rest = shown.filter(pl.col("index") == "without").select("start", without="compound")
    pairs = bins.join(rest, on="start").drop_nulls()
    fewer = pairs.filter(pl.col("compound") < 0).height
    still = pairs.filter(pl.col("without") < 0).height
    gap = (pl.col("without") - pl.col("compound")).abs()
    most = pairs.sort(gap, "start", descending=[True, False]).row(0, named=True)
    return {
        **range_of(shown), "elsewhere": elsewhere(series.filter(pl.col("index") == "all")),
        "independent": _independent(apart, _extremes(shown), "Thin dark lines"),
        "reports": f"{bins['reports'].sum():,}", "bins": pairs.height, "below": fewer, "still": still,
        "widest_start": most["start"], "widest": _signed(most["compound"]), "widest_without": _signed(most["without"]),
    }  # fmt: skip


def _signed(value: float) -> str:
    """Write a score with its sign.

    Examples
    --------
    >>> _signed(-0.123), _signed(0.0)
    ('-0.12', '0.00')
    """
    return f"{value:+.2f}" if round(value, 2) else "0.00"


# ---- the words that carry the index ----------------------------------------------------------------------------------

_WORDS_SHOWN = 12
_IN: dict[str, Any] = {"facecolor": BANDS["C1"], "edgecolor": "C1", "hatch": "//////"}
_NOT_IN: dict[str, Any] = {"facecolor": "C0", "edgecolor": "C0"}


def _heaviest(data: pl.DataFrame) -> pl.DataFrame:
    known = data.drop_nulls("effect").filter(pl.col("effect") != 0)
    return known.sort(pl.col("effect").abs(), "word", descending=[True, False]).head(_WORDS_SHOWN)


def sentiment_words(data: pl.DataFrame, width_mm: int) -> Figure:
    """Draw what the words that move the index most add to it, as bars; those of the vocabulary are hatched."""
    shown = _heaviest(data)
    figure = Figure(figsize=(width_mm * MM, (max(shown.height, 3) * 4 + 18) * MM))
    axes = figure.subplots()
    for at, row in enumerate(shown.iter_rows(named=True)):
        axes.barh(at, row["effect"] * 1000, height=0.68, **(_IN if row["in_vocabulary"] else _NOT_IN))
    axes.axvline(0, color=_ZERO, linewidth=0.5)
    labels = shown.select("word", "reports").iter_rows()
    axes.set_yticks(range(shown.height), [f"{shortened(word, 18)} ({reports:,})" for word, reports in labels])
    axes.set_ylim(max(shown.height, 3) - 0.4, -0.6)
    axes.spines["left"].set_visible(False)
    lying(axes)
    axes.set_xlabel("part in the mean VADER score (thousandths)")
    keys = [Patch(label="of the vocabulary", **_IN), Patch(label="other", **_NOT_IN)]
    figure.legend(handles=keys, loc="outside upper left", ncols=2, columnspacing=1.6)
    return figure


def sentiment_words_facts(data: pl.DataFrame, _width_mm: int) -> dict[str, Any]:
    """Give the numbers in the caption of the words that carry the index."""
    shown = _heaviest(data)
    inside = data.filter("in_vocabulary")
    first = shown.row(0, named=True) if shown.height else None
    leads = f" The first is {first['word']}: {first['effect'] * 1000:+.1f} thousandths." if first else ""
    return {
        "words": f"{data.height:,}", "shown": shown.height, "inside": f"{inside.height:,}",
        "negative": f"{inside['negative_share'].sum() * 100:.0f}",
        "drawn_inside": int(shown["in_vocabulary"].sum()), "leads": leads,
    }  # fmt: skip


# ---- whose voice -----------------------------------------------------------------------------------------------------

_VOICES: dict[str, dict[str, Any]] = {
    "narrator": {"color": "C0", "marker": "o", "markerfacecolor": "C0"},
    "quoted": {"color": "C1", "marker": "s", "markerfacecolor": "white"},
}
_VOICE_MM, _AROUND_MM = 5, 18
_EVERYBODY = "all outlets"


def _by_voice(data: pl.DataFrame, unit: str = "report") -> pl.DataFrame:
    return _rows(data, unit, *_VOICES).with_columns(pl.col("outlet").fill_null(_EVERYBODY))


def _lines(data: pl.DataFrame) -> list[str]:
    """List the outlets with an interval, or all if none has one: darkest narrator on top, and all outlets below."""
    voices = _by_voice(data)
    of_narrator = voices.filter(pl.col("index") == "narrator")
    known = of_narrator.drop_nulls("low") if of_narrator["low"].count() else of_narrator
    outlets = known.filter(pl.col("outlet") != _EVERYBODY).sort("reports", "outlet", descending=[True, False])
    shown = outlets.head((HIGHEST_MM - _AROUND_MM) // _VOICE_MM - 1).sort("compound", "outlet")["outlet"].to_list()
    return [*shown, _EVERYBODY]


def sentiment_voices(data: pl.DataFrame, width_mm: int) -> Figure:
    """Draw mean sentiment in the narrator's voice and in quoted ones as two dots an outlet, with intervals."""
    outlets = _lines(data)
    shown = _by_voice(data).filter(pl.col("outlet").is_in(outlets))
    key = ["outlet", "index"]
    apart = _apart(shown, _by_voice(data, "cluster"), key)
    axis = _extremes(shown)
    figure = Figure(figsize=(width_mm * MM, (len(outlets) * _VOICE_MM + _AROUND_MM) * MM))
    axes = figure.subplots()
    axes.axvline(0, color=_ZERO, linewidth=0.5)
    for beside, (voice, look) in zip((-0.16, 0.16), _VOICES.items(), strict=True):
        rows = shown.filter(pl.col("index") == voice)
        at = np.array([outlets.index(outlet) for outlet in rows["outlet"]]) + beside
        known = rows["low"].is_not_null().to_numpy()
        low, mean, high = (rows[c].to_numpy().astype(float) for c in ("low", "compound", "high"))
        axes.hlines(at[known], low[known], high[known], color=look["color"], linewidth=0.9)
        axes.plot(mean, at, linestyle="", markersize=3.2, markeredgewidth=0.8, zorder=3, **look)
        moved = apart.filter(pl.col("index") == voice, pl.col("apart") > VISIBLE * (axis[1] - axis[0]))
        places = np.array([outlets.index(outlet) for outlet in moved["outlet"]]) + beside
        axes.plot(moved["other"].to_numpy(), places, linestyle="", marker="|", color=INK, markersize=5, zorder=4)
    axes.axhline(len(outlets) - 1.5, color=_ZERO, linewidth=0.4, linestyle=":")
    axes.set_yticks(range(len(outlets)), [shortened(outlet, 22) for outlet in outlets])
    axes.set_ylim(len(outlets) - 0.4, -0.6)
    axes.set_xlim(*axis)
    lying(axes)
    axes.set_xlabel("mean VADER score")
    words = {"narrator": "narrator's sentences", "quoted": "quoted sentences"}
    keys = [Line2D([], [], markersize=3.2, label=words[voice], **look) for voice, look in _VOICES.items()]
    figure.legend(handles=keys, loc="outside upper left", ncols=2, columnspacing=1.6)
    return figure


def sentiment_voices_facts(data: pl.DataFrame, _width_mm: int) -> dict[str, Any]:
    """Give the numbers in the caption of the voices."""
    outlets = _lines(data)
    voices = _by_voice(data)
    shown = voices.filter(pl.col("outlet").is_in(outlets))
    apart = _apart(shown, _by_voice(data, "cluster"), ["outlet", "index"])
    wide = shown.pivot("index", index="outlet", values="compound", maintain_order=True)
    both = wide.filter(pl.col("outlet") != _EVERYBODY).drop_nulls() if "quoted" in wide.columns else wide.clear()
    brighter = both.filter(pl.col("quoted") > pl.col("narrator")).height if both.height else 0
    every = voices.filter(pl.col("outlet") == _EVERYBODY)
    said = {row["index"]: _signed(row["compound"]) for row in every.iter_rows(named=True)}
    rest = voices["outlet"].n_unique() - len(outlets)
    of_all = f"narrator {said['narrator']}" + (f", quoted {said['quoted']}" if "quoted" in said else ", nobody quoted")
    return {
        "outlets": len(outlets) - 1, "of_all": of_all, "both": both.height, "brighter": brighter,
        "independent": _independent(apart, _extremes(shown), "Upright dark stroke"),
        "left_out": f" Not drawn: {rest} more, with few reports or for want of room." if rest else "",
    }  # fmt: skip
