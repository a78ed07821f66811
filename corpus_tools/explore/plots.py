"""Two drawings for exploring: a network of collocations, and a barcode of hits along time."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import polars as pl
from matplotlib import style
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox
from scipy.cluster.hierarchy import leaves_list, linkage

from corpus_tools.display.html import plural, safe, tag
from corpus_tools.stats.calendar_bins import bins

if TYPE_CHECKING:
    from corpus_tools.explore.collocations import Collocations
    from corpus_tools.explore.dispersion import Dispersion

Floats = npt.NDArray[np.float64]
# A page of a journal in inches; and a row of the barcode.
_WIDE, _HIGH, _ROW = 7.2, 5.2, 0.26
_DPI = 150
_TOLD = 5  # of the words or outlets, so many are told to those who hear
_NEAREST = 0.35  # the most typical word stands so far from the middle, the least typical at 1
_STRONGEST_PT = 2.5


class Plot(Figure):
    """A drawing that a notebook shows with what has to be known to read it; `savefig` writes it to a file.

    Attributes
    ----------
    caption
        What stands under it.
    alt
        What it shows, for those who hear it.
    """

    caption = ""
    alt = ""

    def _repr_html_(self) -> str:
        content = io.BytesIO()
        self.savefig(content, format="png", dpi=_DPI, metadata={"Software": None})
        data = base64.b64encode(content.getvalue()).decode()
        attributes = {"alt": self.alt, "src": f"data:image/png;base64,{data}"}
        picture = tag("img", "", style="max-width:100%;background:white", **attributes).removesuffix("</img>")
        return tag("figure", picture + tag("figcaption", safe(self.caption)), style="max-width:60em;margin:0")


def _styled(draw: Callable[..., Plot]) -> Callable[..., Plot]:
    @wraps(draw)
    def drawn(*args: object) -> Plot:
        with style.context("corpus_tools.style.figure"):
            figure = draw(*args)
            figure.draw_without_rendering()  # the layout is settled while the style holds
        return figure

    return drawn


def _nothing(figure: Plot, ax: Axes, why: str) -> Plot:
    ax.text(0.5, 0.5, why.rpartition(": ")[2], ha="center", va="center", transform=ax.transAxes)
    figure.caption = figure.alt = f"{why}."
    return figure


@_styled
def network(found: Collocations, words: int) -> Plot:
    """Draw the most typical words around the one looked for.

    The nearer a word, the higher its logDice; words that meet each other stand side by side and are joined, by the
    thicker a line the oftener they meet. After the collocation networks of Brezina, McEnery and Wattam (2015).
    """
    figure = Plot(figsize=(_WIDE, _HIGH))
    ax = figure.add_subplot()
    ax.axis("off")
    ax.set(xlim=(-1.45, 1.45), ylim=(-1.2, 1.2))
    shown = found.frame.head(words)
    if shown.is_empty():
        return _nothing(figure, ax, f"{found.title}: no word is near often enough")
    terms = shown["term"].to_list()
    together = _together(found.pairs, terms)
    order = _side_by_side(together)
    angle = np.empty(len(terms))
    angle[order] = np.pi / 2 - 2 * np.pi * np.arange(len(terms)) / len(terms)
    dice = shown["log_dice"].to_numpy()
    radius = _NEAREST + (1 - _NEAREST) * (dice.max() - dice) / max(np.ptp(dice), 1e-9)
    x, y = radius * np.cos(angle), radius * np.sin(angle)
    strongest = max(together.max(), 1)
    for one, other in zip(*np.nonzero(np.triu(together, 1)), strict=True):
        width = _STRONGEST_PT * together[one, other] / strongest
        ax.plot(x[[one, other]], y[[one, other]], "-", color="C1", marker="", lw=max(width, 0.2), alpha=0.6, zorder=1)
    for k in range(len(terms)):
        ax.plot([0, x[k]], [0, y[k]], "-", color="#b9bec4", marker="", lw=0.6, zorder=0)
    ax.plot(x, y, "o", color="C0", ms=4, ls="", zorder=2)
    middle = found.title.rsplit(" (", 1)[0].removeprefix("Words near ")
    ax.text(
        0,
        0,
        middle,
        ha="center",
        va="center",
        weight="bold",
        zorder=3,
        bbox={"fc": "white", "ec": "C0", "lw": 0.8, "pad": 2},
    )
    _label(ax, terms, angle, radius)
    figure.caption = (
        f"{found.title}: the nearer to the middle, the more typical (logDice {dice.max():.1f} to {dice.min():.1f}). "
        "Orange lines join words that meet there too, the thicker the oftener."
    )
    figure.alt = f"Network around {middle}; most typical: {', '.join(terms[:_TOLD])}"
    return figure


def _together(pairs: pl.DataFrame, terms: list[str]) -> Floats:
    """Give how often two terms meet, where it is oftener than most pairs do: an array (terms, terms)."""
    at = {term: n for n, term in enumerate(terms)}
    found = np.zeros((len(terms), len(terms)))
    for one, other, n in pairs.iter_rows():
        if one in at and other in at:
            found[at[one], at[other]] = found[at[other], at[one]] = n
    # Nearly all frequent words meet once; lines are for those that belong together.
    often = found[np.triu_indices(len(terms), 1)]
    often = np.sort(often[often > 0])[::-1]
    least = often[min(len(terms) * 2, len(often)) - 1] if len(often) else 0
    return np.where(found >= max(least, 2), found, 0)


def _side_by_side(together: Floats) -> npt.NDArray[np.int64]:
    """Order terms so that those which meet stand side by side (optimal leaf ordering, Bar-Joseph et al. 2001)."""
    n = len(together)
    if n < 3:
        return np.arange(n)
    apart = 1 / (1 + together[np.triu_indices(n, 1)])
    order: npt.NDArray[np.int64] = leaves_list(linkage(apart, "average", optimal_ordering=True)).astype(np.int64)
    return order


def _label(ax: Axes, terms: list[str], angle: Floats, radius: Floats) -> None:
    """Write each word outside its point, further out if another word is there."""
    taken: list[Bbox] = []
    for k in np.argsort(radius):
        right = np.cos(angle[k])
        side = "left" if right > 0.15 else "right" if right < -0.15 else "center"
        for step in range(12):
            at = radius[k] + 0.05 + 0.04 * step
            text = ax.text(
                at * np.cos(angle[k]), at * np.sin(angle[k]), terms[k], ha=side, va="center", size="small", zorder=4,
                bbox={"fc": "white", "ec": "none", "pad": 0.5, "alpha": 0.8},
            )  # fmt: skip
            box = text.get_window_extent()
            if step == 11 or not any(box.overlaps(other) for other in taken):
                taken.append(box)
                break
            text.remove()


@_styled
def barcode(found: Dispersion, outlets: int) -> Plot:
    """Draw a line for each hit along the days of the corpus, one row an outlet; grey where it has no report.

    Within its day, a hit stands where it stands in what the outlet printed that day.
    """
    days, hits = _main_stretch(found)
    counted = days.select("outlet").unique().join(hits.group_by("outlet").len("hits"), on="outlet", how="left")
    counted = counted.with_columns(pl.col("hits").fill_null(0)).sort("hits", "outlet", descending=[True, False])
    shown = counted.head(outlets)
    names = shown["outlet"].to_list()
    figure = Plot(figsize=(_WIDE, 0.7 + _ROW * max(len(names), 1)))
    ax = figure.add_subplot()
    if not names:
        ax.axis("off")
        return _nothing(figure, ax, f"{found.title}: no report with a date and an outlet")
    for row, name in enumerate(names):
        of = pl.col("outlet") == name
        there = days.filter(of)["published"].cast(pl.Int32).to_list()
        ax.broken_barh([(day, 1) for day in there], (row - 0.4, 0.8), facecolor="#e3ebfb", lw=0)
        ax.vlines(hits.filter(of)["at"].to_numpy(), row - 0.4, row + 0.4, color="#1f4fb0", lw=0.5)
    ax.set(yticks=range(len(names)), ylim=(len(names) - 0.4, -0.6), xlabel="day of publication")
    ax.set_yticklabels([f"{name} ({n:,})" for name, n in shown.select("outlet", "hits").iter_rows()])
    ax.grid(visible=False)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    locator = AutoDateLocator()
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(ConciseDateFormatter(locator))
    what = found.title.removeprefix("Dispersion of ")
    told = [
        f"{what}: {plural(hits.height, 'hit')}, each a line at its day. Shaded: days on which the outlet has reports"
    ]
    if counted.height > shown.height:
        told.append(f"{plural(counted.height - shown.height, 'outlet')} with fewer hits not drawn")
    if far := found.hits.height - hits.height:
        told.append(f"{plural(far, 'hit')} far from these days not drawn")
    figure.caption = ". ".join(told) + "."
    most = ", ".join(f"{name} {n:,}" for name, n in shown.select("outlet", "hits").head(_TOLD).iter_rows() if n)
    figure.alt = f"Rows of lines, one for each of {plural(shown.height, 'outlet')}. Most hits: {most or 'none'}"
    return figure


def _main_stretch(found: Dispersion) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give the days of the stretch that has most of them, and its hits: an axis across empty years says nothing."""
    if found.days.is_empty():
        return found.days, found.hits
    week = pl.col("published").dt.truncate("1w")
    stretches = bins(found.days.select(week)["published"], "week").select("start", "stretch")
    days = found.days.with_columns(start=week).join(stretches, on="start", how="left", maintain_order="left")
    most = days.group_by("stretch").len().sort("len", "stretch", descending=[True, False])
    days = days.filter(pl.col("stretch").is_in(most["stretch"].head(1).implode()))
    first, last = (days["published"].cast(pl.Int32).min(), days["published"].cast(pl.Int32).max())
    hits = found.hits.filter((pl.col("at") >= first) & (pl.col("at") < pl.lit(last) + 1))
    return days, hits
