"""Two plots: a network of collocations, and a barcode of hits over time."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
from matplotlib import style
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox
from scipy.cluster.hierarchy import leaves_list, linkage

from corpus_tools.display.html import fill_in
from corpus_tools.stats.calendar_bins import bins
from corpus_tools.text.plain_text import plural

Floats = npt.NDArray[np.float64]
# Width and height of a journal page's plot, and height of a row of the barcode, in inches.
_WIDTH, _HEIGHT, _ROW = 7.2, 5.2, 0.26
_DPI = 150
_ALT_TEXT_ITEMS = 5  # words or outlets named in the alternative text
_NEAREST = 0.35  # distance of the most typical word from the centre; the least typical is at 1
_THICKEST_PT = 2.5
_LABEL_STEPS = 12  # distances tried for a label that would cover another


class Plot(Figure):
    """A plot that a notebook shows with its caption; `savefig` writes it to a file.

    Attributes
    ----------
    caption, alt
        Caption and alternative text.
    """

    caption = ""
    alt = ""

    def _repr_html_(self) -> str:
        content = io.BytesIO()
        self.savefig(content, format="png", dpi=_DPI, metadata={"Software": None})
        source = f"data:image/png;base64,{base64.b64encode(content.getvalue()).decode()}"
        return fill_in("figure.html", source=source, alt=self.alt, caption=self.caption, settings="")


def _styled(draw: Callable[..., Plot]) -> Callable[..., Plot]:
    @wraps(draw)
    def drawn(*arguments: Any) -> Plot:
        with style.context("corpus_tools.figures.figure"):
            figure = draw(*arguments)
            figure.draw_without_rendering()  # the layout depends on the style
        return figure

    return drawn


def _empty(figure: Plot, ax: Axes, title: str, why: str) -> Plot:
    ax.axis("off")
    ax.text(0.5, 0.5, why, ha="center", va="center", transform=ax.transAxes)
    figure.caption = figure.alt = f"{title}: {why}."
    return figure


@_styled
def network(near: pl.DataFrame, pairs: pl.DataFrame, pattern: str, title: str) -> Plot:
    """Draw words around a pattern, after the collocation networks of Brezina, McEnery and Wattam (2015).

    The higher its logDice, the nearer a word is to the centre. Words that occur together are side by side and joined by
    a line, thicker for more frequent pairs.

    Parameters
    ----------
    near
        term, log_dice: the words, the most typical first.
    pairs
        term, other, together.
    """
    figure = Plot(figsize=(_WIDTH, _HEIGHT))
    ax = figure.add_subplot()
    if near.is_empty():
        return _empty(figure, ax, title, "no word is near often enough")
    ax.axis("off")
    ax.set(xlim=(-1.45, 1.45), ylim=(-1.2, 1.2))
    terms = near["term"].to_list()
    together = _together(pairs, terms)
    angle = np.empty(len(terms))
    angle[_side_by_side(together)] = np.pi / 2 - 2 * np.pi * np.arange(len(terms)) / len(terms)
    dice = near["log_dice"].to_numpy()
    radius = _NEAREST + (1 - _NEAREST) * (dice.max() - dice) / max(np.ptp(dice), 1e-9)
    x, y = radius * np.cos(angle), radius * np.sin(angle)
    most = max(together.max(), 1)
    for one, other in zip(*np.nonzero(np.triu(together, 1)), strict=True):
        width = _THICKEST_PT * together[one, other] / most
        ax.plot(x[[one, other]], y[[one, other]], "-", color="C1", marker="", lw=max(width, 0.2), alpha=0.6, zorder=1)
    for k in range(len(terms)):
        ax.plot([0, x[k]], [0, y[k]], "-", color="#b9bec4", marker="", lw=0.6, zorder=0)
    ax.plot(x, y, "o", color="C0", ms=4, ls="", zorder=2)
    box = {"fc": "white", "ec": "C0", "lw": 0.8, "pad": 2}
    ax.text(0, 0, pattern, ha="center", va="center", weight="bold", zorder=3, bbox=box)
    _label(ax, terms, angle, radius)
    figure.caption = (
        f"{title}: the nearer to the centre, the more typical (logDice {dice.max():.1f} to {dice.min():.1f}). "
        "Orange lines join words that also occur together; thicker lines mark more frequent pairs."
    )
    figure.alt = f"Network around {pattern}; most typical: {', '.join(terms[:_ALT_TEXT_ITEMS])}"
    return figure


def _together(pairs: pl.DataFrame, terms: list[str]) -> Floats:
    """Return how often two terms occur together, as an array (terms, terms): 0 but for the most frequent pairs."""
    index = {term: n for n, term in enumerate(terms)}
    counts = np.zeros((len(terms), len(terms)))
    for one, other, n in pairs.iter_rows():
        if one in index and other in index:
            counts[index[one], index[other]] = counts[index[other], index[one]] = n
    # Nearly all frequent words occur together once, so only about two lines per word are drawn.
    above = counts[np.triu_indices(len(terms), 1)]
    above = np.sort(above[above > 0])[::-1]
    least = above[min(len(terms) * 2, len(above)) - 1] if len(above) else 0
    return np.where(counts >= max(least, 2), counts, 0)


def _side_by_side(together: Floats) -> npt.NDArray[np.int64]:
    """Order terms so that those that occur together are neighbours (optimal leaf ordering, Bar-Joseph et al. 2001)."""
    n = len(together)
    if n < 3:
        return np.arange(n)
    distance = 1 / (1 + together[np.triu_indices(n, 1)])
    order: npt.NDArray[np.int64] = leaves_list(linkage(distance, "average", optimal_ordering=True)).astype(np.int64)
    return order


def _label(ax: Axes, terms: list[str], angle: Floats, radius: Floats) -> None:
    """Write each word outside its point, further out where it would cover another."""
    taken: list[Bbox] = []
    for k in np.argsort(radius):
        right = np.cos(angle[k])
        side = "left" if right > 0.15 else "right" if right < -0.15 else "center"
        for step in range(_LABEL_STEPS):
            distance = radius[k] + 0.05 + 0.04 * step
            text = ax.text(
                distance * np.cos(angle[k]), distance * np.sin(angle[k]), terms[k], ha=side, va="center", size="small",
                zorder=4, bbox={"fc": "white", "ec": "none", "pad": 0.5, "alpha": 0.8},
            )  # fmt: skip
            box = text.get_window_extent()
            if step == _LABEL_STEPS - 1 or not any(box.overlaps(other) for other in taken):
                taken.append(box)
                break
            text.remove()


@_styled
def barcode(hits: pl.DataFrame, days: pl.DataFrame, outlets: int, title: str) -> Plot:
    """Draw a line for each hit along the days of the corpus, one row per outlet, shaded where it has reports.

    Parameters
    ----------
    hits
        outlet, at: as in `Dispersion`.
    days
        outlet, published.
    outlets
        Rows to draw: the outlets with most hits.
    """
    main_days, main_hits = _main_run(hits, days)
    counts = main_hits.group_by("outlet").len("hits")
    rows = main_days.select("outlet").unique().join(counts, on="outlet", how="left")
    rows = rows.with_columns(pl.col("hits").fill_null(0)).sort("hits", "outlet", descending=[True, False])
    shown = rows.head(outlets)
    figure = Plot(figsize=(_WIDTH, 0.7 + _ROW * max(shown.height, 1)))
    ax = figure.add_subplot()
    if shown.is_empty():
        return _empty(figure, ax, title, "no report with a date and an outlet")
    for row, name in enumerate(shown["outlet"]):
        published = main_days.filter(outlet=name)["published"].cast(pl.Int32).to_list()
        ax.broken_barh([(day, 1) for day in published], (row - 0.4, 0.8), facecolor="#e3ebfb", lw=0)
        ax.vlines(main_hits.filter(outlet=name)["at"].to_numpy(), row - 0.4, row + 0.4, color="#1f4fb0", lw=0.5)
    ax.set(yticks=range(shown.height), ylim=(shown.height - 0.4, -0.6), xlabel="day of publication")
    ax.set_yticklabels([f"{name} ({n:,})" for name, n in shown.iter_rows()])
    ax.grid(visible=False)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    locator = AutoDateLocator()
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(ConciseDateFormatter(locator))
    caption = [
        f"{title}: {plural(main_hits.height, 'hit')}, each a line at its day",
        "Shaded: days on which the outlet has reports",
    ]
    if rows.height > shown.height:
        caption.append(f"{plural(rows.height - shown.height, 'outlet')} with fewer hits not drawn")
    if far := hits.height - main_hits.height:
        caption.append(f"{plural(far, 'hit')} far from these days not drawn")
    figure.caption = ". ".join(caption) + "."
    most = ", ".join(f"{name} {n:,}" for name, n in shown.head(_ALT_TEXT_ITEMS).iter_rows() if n)
    figure.alt = f"Rows of lines, one for each of {plural(shown.height, 'outlet')}. Most hits: {most or 'none'}"
    return figure


def _main_run(hits: pl.DataFrame, days: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the days of the main run of weeks with reports, and its hits: empty years would fill the axis."""
    if days.is_empty():
        return days, hits
    week = pl.col("published").dt.truncate("1w")
    runs = bins(days.select(week)["published"], "week").select("start", "stretch")
    days = days.with_columns(start=week).join(runs, on="start", how="left", maintain_order="left")
    longest = days.group_by("stretch").len().sort("len", "stretch", descending=[True, False])
    days = days.filter(pl.col("stretch").is_in(longest["stretch"].head(1).implode()))
    first, last = (days["published"].cast(pl.Int32).min(), days["published"].cast(pl.Int32).max())
    hits = hits.filter((pl.col("at") >= first) & (pl.col("at") < pl.lit(last) + 1))
    return days.select("outlet", "published"), hits
