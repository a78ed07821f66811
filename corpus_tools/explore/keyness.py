"""Which words mark one part of a corpus against another, and by how much."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import polars as pl
from scipy.special import ndtri

from corpus_tools.display.html import plural
from corpus_tools.display.result import SHOWN, Result
from corpus_tools.errors import InputError
from corpus_tools.explore.frequencies import Chosen, Over, Tally, check_sequences, tally
from corpus_tools.explore.pattern import Unit
from corpus_tools.explore.word_index import Bools, CorpusWords, TokenPartition, Where, whole
from corpus_tools.stats import association

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
    words: CorpusWords,
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
        Dispersion is over weeks or outlets; by default, of a side that has words in three weeks or more over weeks, and
        of another one over outlets.
    min_clusters, max_dispersion
        See `compare`.

    Raises
    ------
    InputError
        If one side has no words, or a number is none that can be.
    """
    check_sequences(n, over)
    whole("min_clusters", min_clusters, usual=5)
    if isinstance(max_dispersion, str) or not 0 <= max_dispersion <= 1:
        raise InputError(f"max_dispersion {max_dispersion!r}", "no number from 0 to 1", "give one, such as 0.8")

    def rest() -> Chosen:
        return _rest(words, target) if reference is None else _target(words, reference)

    (of_target, parts), (of_rest, its_parts) = (
        _counted(side, unit, n, over) for side in (lambda: _target(words, target), rest)
    )
    frame = compare(of_target, of_rest, min_clusters=min_clusters, max_dispersion=max_dispersion)
    sizes = [f"{side.words:,} words in {plural(side.clusters, 'independent report')}" for side in (of_target, of_rest)]
    keywords = frame.filter("keyword")
    more = int((keywords["g2"] > 0).sum())
    notes = [
        f"{sizes[0]}, against {sizes[1]}",
        f"{more:,} keywords of the target, {keywords.height - more:,} of the reference, of {frame.height:,} words",
        f"Keywords: q below {_SURE}, 0 outside the interval of the log ratio, in {min_clusters} reports or more",
        *_gates(("target", of_target, parts), ("reference", of_rest, its_parts), max_dispersion),
    ]
    if reference is not None and (both := _shared(words, target, reference)):
        notes.append(f"{plural(both, 'token')} on both sides, which draws their rates together")
    title = f"Keywords of {target} against {'the rest' if reference is None else reference}"
    return Keyness(frame, title, tuple(notes))


def _counted(side: Callable[[], Chosen], unit: Unit, n: int, over: Over | None) -> tuple[Tally, Over]:
    found = tally(side(), unit, n, over or "week")
    if over is None and found.parts.height < _FEWEST_WEEKS:
        over = "outlet"
        found = tally(side(), unit, n, over)
    return found, over or "week"


def _gates(one: tuple[str, Tally, Over], other: tuple[str, Tally, Over], most: float) -> Iterator[str]:
    """Say over which parts the words of either side have to be spread, or that it has none to be spread over."""
    for name, side, over in (one, other):
        several = side.parts.height > 1
        how = f"dp_norm over {over}s at most {most}" if several else f"no limit of dp_norm, as it is of one {over} only"
        yield f"Those of the {name}: {how}"


def _shared(words: CorpusWords, target: Where, reference: Where) -> int:
    """Count the tokens that both sides have, of first reports."""
    pairs = zip(_target(words, target), _target(words, reference), strict=True)
    return sum(int((one & other).sum()) for (_, one), (_, other) in pairs)


def _target(words: CorpusWords, where: Where) -> Iterator[tuple[TokenPartition, Bools]]:
    for part in words.parts():
        kept, first = part.keeps(where), part.first[part.doc]
        yield part, first if kept is None else kept & first


def _rest(words: CorpusWords, target: Where) -> Iterator[tuple[TokenPartition, Bools]]:
    for part, kept in _target(words, target):
        rest = part.first[part.doc] & ~kept
        if target.speaker is not None:
            rest &= (part.speaker >= 0) & ~part.says(target.speaker)
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
        no keyword. A side of but one part has no such limit.

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
    g2 = association.g2(a, b, *of)
    ratio = association.log_ratio(a, b, *of)
    half = ndtri((1 + _LEVEL) / 2) * np.sqrt(_variance(both, "", target) + _variance(both, "_2", reference)) / np.log(2)
    spread = np.where(g2 > 0, both["dp"].to_numpy(), both["dp_2"].to_numpy())
    clusters = np.where(g2 > 0, both["clusters"].to_numpy(), both["clusters_2"].to_numpy())
    q = association.corrected(g2)
    one_part = np.where(g2 > 0, target.parts.height < 2, reference.parts.height < 2)
    # A word of undated reports only stands in no week: how it is spread is not known, so it passes no limit.
    even = one_part | (spread <= max_dispersion)
    sure = (q < _SURE) & (np.abs(ratio) > half) & (clusters >= min_clusters) & even
    found = both.select(
        "term", "count", reference="count_2",
        per_million=pl.col("count") / of[0] * 1e6, reference_per_million=pl.col("count_2") / of[1] * 1e6,
        g2=pl.Series(g2), q=pl.Series(q), log_ratio=pl.Series(ratio), low=pl.Series(ratio - half),
        high=pl.Series(ratio + half), clusters="clusters", reference_clusters="clusters_2",
        dp_norm=pl.Series(spread).fill_nan(None), keyword=pl.Series(sure),
    )  # fmt: skip
    return found.select(list(SCHEMA)).sort("g2", "term", descending=[True, False])


def _variance(both: pl.DataFrame, suffix: str, side: Tally) -> association.Floats:
    count, squares, cross = (both[f"{name}{suffix}"].to_numpy() for name in ("count", "squares", "cross"))
    return association.rate_variance(count, squares, cross, side.squares, side.words, side.reports)
