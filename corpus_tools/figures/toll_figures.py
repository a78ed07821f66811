"""The figure of tolls: claims of how many people were killed in an event, by day and outlet."""

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
from matplotlib.ticker import MaxNLocator

from corpus_tools.figures.layout import WIDE_MM, Drawing, shortened
from corpus_tools.figures.panels import number_format, panel_grid
from corpus_tools.text.plain_text import plural

# An axis shows this many days or more, so that a single day does not fill it.
_MIN_DAYS = 3
# Claims of one day are side by side within this share of its width.
_SPREAD = 0.7
_INK = "#404040"
# Markers that can be open or filled, with sizes at which they look equally large.
_SIZES = {"o": 3.4, "s": 3.2, "^": 3.8, "D": 2.9, ">": 3.8, "v": 3.8}
# Scale and opacity of the marker of a claim in a repeat of an earlier report, which is no further evidence.
_REPEATED = (0.65, 0.6)
_STROKES = (Path.MOVETO, Path.LINETO, Path.MOVETO, Path.LINETO, Path.LINETO)
_UP = Path([(0, 0), (0, 1), (-0.22, 0.68), (0, 1), (0.22, 0.68)], _STROKES)
_DOWN = Path([(0, 0), (0, -1), (-0.22, -0.68), (0, -1), (0.22, -0.68)], _STROKES)


def _events_shown(data: pl.DataFrame, width_mm: int) -> tuple[list[int], int]:
    """Return the events with most reports that fit on a page, and how many events have two reports or more."""
    reports = data.group_by("event").agg(pl.col("doc_id").n_unique().alias("reports")).sort("event")
    several = reports.filter(pl.col("reports") > 1)
    events = several if several.height else reports
    return events["event"].head(8 if width_mm >= WIDE_MM else 6).to_list(), several.height


def tolls(data: pl.DataFrame, width_mm: int) -> Figure:
    """Draw claims of people killed by day of publication: one panel per event, one marker per claim."""
    events, _ = _events_shown(data, width_mm)
    shown = data.filter(pl.col("event").is_in(events))
    styles = _outlet_styles(shown)
    columns, margin_mm = (4, 14) if width_mm >= WIDE_MM else (2, 22)
    figure, grid = panel_grid(len(events), columns, (width_mm, 34, margin_mm))
    for event, axes in zip(events, grid, strict=True):
        _draw_event(axes, shown.filter(pl.col("event") == event).sort("published", "doc_id", "start"), styles)
    figure.supxlabel("day of publication")
    figure.supylabel("people killed, as claimed")
    spacing: dict[str, Any] = {"handletextpad": 0.2, "columnspacing": 1.0, "labelspacing": 0.35}
    figure.legend(
        handles=_outlet_keys(styles), loc="outside upper left", ncols=3 if width_mm >= WIDE_MM else 2, **spacing
    )
    figure.legend(
        handles=_reading_keys(shown), loc="outside upper right", ncols=2 if width_mm >= WIDE_MM else 1, **spacing
    )
    return figure


def _outlet_styles(shown: pl.DataFrame) -> dict[str, tuple[str, str]]:
    """Return a colour and a marker for each outlet; those with fewest claims share the last of the six."""
    markers = ["o", "s", "^", "D", ">", "v"]
    colours = ["C0", "C1", "C2", "C3", "C5", "C4"]
    ranked = shown["outlet"].value_counts().sort("count", "outlet", descending=[True, False])["outlet"]
    return {outlet: (colours[min(i, 5)], markers[min(i, 5)]) for i, outlet in enumerate(ranked)}


def _draw_event(axes: Axes, claims: pl.DataFrame, styles: dict[str, tuple[str, str]]) -> None:
    first, last = claims["published"][0], claims["published"][-1]
    days = (last - first).days + 1
    margin = max(0, _MIN_DAYS - days) / 2
    top = max(int(x) for x in [*claims["best"], *claims["high"].drop_nulls()]) * 1.25
    positions = claims.select(
        position=(pl.col("published") - first).dt.total_days()
        + ((pl.int_range(pl.len()) + 0.5) / pl.len() - 0.5).over("published") * _SPREAD
    )["position"]
    for position, claim in zip(positions, claims.iter_rows(named=True), strict=True):
        colour, marker = styles[claim["outlet"]]
        _draw_bounds(axes, position, claim, colour)
        face = "white" if claim["speaker_name"] is None else colour
        scale, alpha = (1.0, 1.0) if claim["doc_id"] == claim["cluster_id"] else _REPEATED
        axes.plot(
            position, claim["best"], marker=marker, color=colour, markerfacecolor=face,
            markersize=_SIZES[marker] * scale, markeredgewidth=0.8 * scale, alpha=alpha, zorder=4,
        )  # fmt: skip
    axes.set_xlim(-0.5 - margin, days - 0.5 + margin)
    axes.set_ylim(0, top)
    ticks = range(0, days, ceil(days / 4))
    axes.set_xticks(ticks, [_day(first + timedelta(days=i)) for i in ticks])
    axes.set_xticks(np.arange(0.5, days - 1) if days <= 14 else [], minor=True)
    axes.tick_params(axis="x", which="minor", length=0)
    axes.grid(visible=True, axis="x", which="minor", linestyle=":", color="#b0b0b0", linewidth=0.4)
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.yaxis.set_major_formatter(number_format())
    axes.set_title(f"{shortened(claims['place'][0], 16)}, {_days(first, last)}")


def _draw_bounds(axes: Axes, position: float, claim: dict[str, Any], colour: str) -> None:
    """Draw the range of a claim: a bar between its bounds, and an arrow where it has none."""
    best, low, high = claim["best"], claim["low"], claim["high"]
    arrow = {(True, False): _DOWN, (False, True): _UP}.get((low is None, high is None))
    if arrow is not None:
        axes.plot(
            position, best, marker=arrow, color=colour, fillstyle="none", markersize=15, markeredgewidth=0.7, zorder=3
        )
    ends = [best if low is None else low, best if high is None else high]
    if claim["bound"] != "exact" and ends[0] < ends[1]:
        axes.plot([position] * 2, ends, linestyle="-", marker="_", color=colour, linewidth=0.7, markersize=3, zorder=3)


def _outlet_keys(styles: dict[str, tuple[str, str]]) -> list[Line2D]:
    named = list(styles.items())[: 6 if len(styles) <= 6 else 5]
    keys = [_claim_key(marker, colour, colour, shortened(outlet, 16)) for outlet, (colour, marker) in named]
    if others := len(styles) - len(named):
        keys.append(_claim_key("v", "C4", "C4", plural(others, "other outlet")))
    return keys


def _reading_keys(shown: pl.DataFrame) -> list[Line2D]:
    """Return keys for fill, arrows and bars, if the figure has them."""
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
    """Centre an arrow that starts at the origin, for the legend."""
    points = np.asarray(arrow.vertices)
    return Path(points - (0, points[:, 1].sum() / abs(points[:, 1].sum()) / 2), arrow.codes)


def _day(day: date) -> str:
    return f"{day.day} {day:%b}"


def _days(first: date, last: date) -> str:
    """Format a range of days.

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


def _tolls_facts(data: pl.DataFrame, width_mm: int) -> dict[str, Any]:
    events, several = _events_shown(data, width_mm)
    shown = data.filter(pl.col("event").is_in(events))
    first = shown.filter(pl.col("event") == events[0])
    repeats = shown.filter(pl.col("doc_id") != pl.col("cluster_id")).height
    low, high = int(first["best"].min()), int(first["best"].max())  # type: ignore[arg-type]
    count = f"The {len(events)} events" if len(events) > 1 else "The event"
    rest = f", of {several} with more than one" if several > len(events) else ""
    return {
        "events": f"{count} with most reports{rest}",
        "panels": plural(len(events), "event"), "claims": plural(shown.height, "claim"),
        "repeats": f" Small and pale: {plural(repeats, 'claim')} in repeats of an earlier report." if repeats else "",
        "attributed": f"{shown['speaker_name'].count():,}",
        "place": first["place"][0], "when": _days(first["published"].min(), first["published"].max()),  # type: ignore[arg-type]
        "range": f"{low:,}" if low == high else f"{low:,} to {high:,}",
        "reports": plural(first["doc_id"].n_unique(), "report"),
    }  # fmt: skip


FIGURES = {
    "tolls": Drawing("tolls", tolls, _tolls_facts),
}
