"""Which words mark one part of a corpus against another, and by how much."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import polars as pl
from scipy.special import ndtri

from corpus_tools.errors import InputError
from corpus_tools.explore import measures
from corpus_tools.explore.counts import Over, Tally, check_sequences, tally
from corpus_tools.explore.display import SHOWN, Result
from corpus_tools.explore.pattern import Unit
from corpus_tools.explore.words import Bools, Part, Where, Words
from corpus_tools.markup import plural

SCHEMA = {
    "term": pl.String(), "count": pl.Int64(), "reference": pl.Int64(), "per_million": pl.Float64(),
    "reference_per_million": pl.Float64(), "g2": pl.Float64(), "q": pl.Float64(), "log_ratio": pl.Float64(),
    "low": pl.Float64(), "high": pl.Float64(), "clusters": pl.Int64(), "reference_clusters": pl.Int64(),
    "dp_norm": pl.Float64(), "keyword": pl.Boolean(),
}  # fmt: skip
_LEVEL = 0.95
_SURE = 0.05
# So many weeks can be told apart by how evenly a word is spread over them; below, outlets are taken.
_FEWEST_WEEKS = 3


@dataclass(frozen=True, repr=False)
class Keyness(Result):
    """Words that mark a target against a reference; `frame` has all words, shown are the keywords."""

    columns: ClassVar[tuple[str, ...]] = (
        "term", "count", "reference", "log_ratio", "low", "high", "g2", "q", "clusters", "reference_clusters",
        "dp_norm",
    )  # fmt: skip

    @property
    def keywords(self) -> pl.DataFrame:
        """Give the words that pass all gates."""
        return self.frame.filter("keyword")

    def _shown(self) -> pl.DataFrame:
        # The surest of both sides, those of the target first.
        surest = self.keywords.sort(pl.col("g2").abs(), "term", descending=[True, False]).head(SHOWN)
        return surest.sort("g2", "term", descending=[True, False]).select(self.columns)


def keyness(  # noqa: PLR0913 - two sides, what is counted, and two gates
    words: Words,
    target: Where,
    reference: Where | None = None,
    *,
    unit: Unit = "word",
    n: int = 1,
    over: Over | None = None,
    min_clusters: int = 5,
    max_dispersion: float = 0.8,
) -> Keyness:
    """Compare how often each word stands in two parts of a corpus; of near-duplicates the first one counts.

    Parameters
    ----------
    target, reference
        The two parts. Without a reference it is the rest of the corpus: if the target is what somebody says, what all
        others are quoted with; if it is words of one voice and more is asked of them, that voice elsewhere.
    unit, n
        Words as written or lemmas, and the length of sequences of them.
    over
        Dispersion is over weeks or outlets; by default over weeks, if the target has words in three or more.
    min_clusters, max_dispersion
        See `compare`.

    Raises
    ------
    InputError
        If one side has no words.
    """
    over = check_sequences(n, over)
    sides = (_target(words, target), _rest(words, target) if reference is None else _target(words, reference))
    counted = [tally(side, unit, n, over or "week") for side in sides]
    if over is None and counted[0].parts.height < _FEWEST_WEEKS:
        over = "outlet"
        sides = (_target(words, target), _rest(words, target) if reference is None else _target(words, reference))
        counted = [tally(side, unit, n, over) for side in sides]
    frame = compare(*counted, min_clusters=min_clusters, max_dispersion=max_dispersion)
    sizes = [f"{side.words:,} words in {plural(side.clusters, 'independent report')}" for side in counted]
    keywords = frame.filter("keyword")
    more = int((keywords["g2"] > 0).sum())
    return Keyness(
        frame,
        f"Keywords of {target} against {'the rest' if reference is None else reference}",
        (
            f"{sizes[0]}, against {sizes[1]}",
            f"{more:,} keywords of the target, {keywords.height - more:,} of the reference, of {frame.height:,} words",
            f"Keywords: q below {_SURE}, 0 outside the interval of the log ratio,",
            f"in {min_clusters} independent reports or more, dp_norm over {over or 'week'}s at most {max_dispersion}",
        ),
    )


def _target(words: Words, where: Where) -> Iterator[tuple[Part, Bools | None]]:
    for part in words.parts():
        kept, first = part.keeps(where), part.first[part.doc]
        yield part, first if kept is None else kept & first


def _rest(words: Words, target: Where) -> Iterator[tuple[Part, Bools | None]]:
    for part, kept in _target(words, target):
        rest = part.first[part.doc] & ~kept  # type: ignore[operator]  # never None
        if target.speaker is not None:
            rest &= part.speaker >= 0
        if target.voice is not None and target != Where(voice=target.voice):
            rest &= part.quoted == (target.voice == "quoted")
        yield part, rest


def compare(target: Tally, reference: Tally, *, min_clusters: int = 5, max_dispersion: float = 0.8) -> pl.DataFrame:
    """Compare how often each word stands in two parts of a corpus.

    G2 (Dunning 1993) says how surely the rates differ, with a sign: above zero, the target has the higher one. Its
    p-values are corrected for the number of words (Benjamini and Hochberg 1995). The log ratio (Hardie 2014) says by
    how much, and its interval is that of independent reports: a word that one report repeats is no more than that
    report.

    Parameters
    ----------
    target, reference
        Counts over the first reports of each cluster, with the same parts.
    min_clusters
        A keyword stands in so many independent reports of the side that has more of it.
    max_dispersion
        A keyword is spread over that side's parts at most so unevenly (DPnorm, Gries 2008): one story of one week makes
        no keyword.

    Returns
    -------
    SCHEMA, the surest keyword of the target first; `keyword` is true where the word passes both gates, q is below 0.05
    and the interval leaves out zero.

    Raises
    ------
    InputError
        If one side has no words.
    """
    for name, side in (("target", target), ("reference", reference)):
        if not side.words:
            raise InputError(name, "it has no words", "choose another outlet, span of days or speaker")
    both = target.terms.join(reference.terms, on="term", how="full", coalesce=True, suffix="_2").sort("term")
    both = both.fill_null(0)
    for side, name in ((target, "dp"), (reference, "dp_2")):
        both = both.join(side.dispersion().rename({"dp_norm": name}), on="term", how="left", maintain_order="left")
    of = [side.words for side in (target, reference)]
    a, b = both["count"].to_numpy(), both["count_2"].to_numpy()
    g2 = measures.g2(a, b, *of)
    ratio = measures.log_ratio(a, b, *of)
    half = ndtri((1 + _LEVEL) / 2) * np.sqrt(_variance(both, "", target) + _variance(both, "_2", reference)) / np.log(2)
    spread = np.where(g2 > 0, both["dp"].to_numpy(), both["dp_2"].to_numpy())
    clusters = np.where(g2 > 0, both["clusters"].to_numpy(), both["clusters_2"].to_numpy())
    q = measures.corrected(g2)
    sure = (q < _SURE) & (np.abs(ratio) > half) & (clusters >= min_clusters) & ~(spread > max_dispersion)
    found = both.select(
        "term", "count", reference="count_2",
        per_million=pl.col("count") / of[0] * 1e6, reference_per_million=pl.col("count_2") / of[1] * 1e6,
        g2=pl.Series(g2), q=pl.Series(q), log_ratio=pl.Series(ratio), low=pl.Series(ratio - half),
        high=pl.Series(ratio + half), clusters="clusters", reference_clusters="clusters_2",
        dp_norm=pl.Series(spread).fill_nan(None), keyword=pl.Series(sure),
    )  # fmt: skip
    return found.select(list(SCHEMA)).sort("g2", "term", descending=[True, False])


def _variance(both: pl.DataFrame, suffix: str, side: Tally) -> measures.Floats:
    count, squares, cross = (both[f"{name}{suffix}"].to_numpy() for name in ("count", "squares", "cross"))
    return measures.rate_variance(count, squares, cross, side.squares, side.words, side.reports)
