"""Keyness: the words that are characteristic of one part of a corpus, compared with another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import polars as pl
from scipy.special import ndtri

from corpus_tools.display.result import SHOWN, Result
from corpus_tools.errors import InputError
from corpus_tools.explore.checks import check_integer
from corpus_tools.explore.frequencies import Over, Selected, Tally, check_sequences, tally
from corpus_tools.explore.pattern import Unit
from corpus_tools.explore.word_index import Bools, CorpusWords, Selection, TokenPartition
from corpus_tools.stats import association
from corpus_tools.text.plain_text import plural

SCHEMA = {
    "term": pl.String(), "count": pl.Int64(), "reference": pl.Int64(), "per_million": pl.Float64(),
    "reference_per_million": pl.Float64(), "g2": pl.Float64(), "q": pl.Float64(), "log_ratio": pl.Float64(),
    "low": pl.Float64(), "high": pl.Float64(), "clusters": pl.Int64(), "reference_clusters": pl.Int64(),
    "dp_norm": pl.Float64(), "keyword": pl.Boolean(),
}  # fmt: skip
_LEVEL = 0.95
_SIGNIFICANT = 0.05
_FEWEST_WEEKS = 3  # a side with fewer weeks is spread over outlets instead


@dataclass(frozen=True, repr=False)
class Keyness(Result):
    """Words of a target compared with a reference; `frame` has all words, the keywords are shown."""

    columns: ClassVar[tuple[str, ...]] = (
        "term", "count", "reference", "log_ratio", "low", "high", "g2", "q", "clusters", "reference_clusters",
        "dp_norm",
    )  # fmt: skip

    @property
    def keywords(self) -> pl.DataFrame:
        """The words that pass all conditions."""
        return self.frame.filter("keyword")

    def _shown(self) -> pl.DataFrame:
        # The most significant of both sides, those of the target first.
        shown = self.keywords.sort(pl.col("g2").abs(), "term", descending=[True, False]).head(SHOWN)
        return shown.sort("g2", "term", descending=[True, False]).select(self.columns)


def keyness(  # noqa: PLR0913 - two sides, what is counted, and two conditions
    words: CorpusWords,
    target: Selection,
    reference: Selection | None = None,
    *,
    unit: Unit = "word",
    n: int = 1,
    over: Over | None = None,
    min_clusters: int = 5,
    max_dispersion: float = 0.8,
) -> Keyness:
    """Compare the words of two parts of a corpus; see `ExploreMethods.keyness`."""
    check_sequences(n, over)
    check_integer("min_clusters", min_clusters, example=5)
    if isinstance(max_dispersion, str) or not 0 <= max_dispersion <= 1:
        raise InputError(f"max_dispersion {max_dispersion!r}", "not a number from 0 to 1", "give one, such as 0.8")

    def rest() -> Selected:
        return _rest(words, target) if reference is None else _independent(words, reference)

    (of_target, target_over), (of_reference, reference_over) = (
        _tally(side, unit, n, over) for side in (lambda: _independent(words, target), rest)
    )
    frame = compare(of_target, of_reference, min_clusters=min_clusters, max_dispersion=max_dispersion)
    sizes = [
        f"{side.words:,} words in {plural(side.clusters, 'independent report')}" for side in (of_target, of_reference)
    ]
    keywords = frame.filter("keyword")
    n_target = int((keywords["g2"] > 0).sum())
    notes = [
        f"{sizes[0]}, against {sizes[1]}",
        f"{n_target:,} keywords of the target, {len(keywords) - n_target:,} of the reference, of {len(frame):,} words",
        f"Keywords: q below {_SIGNIFICANT}, 0 outside the interval of the log ratio, in {min_clusters} reports or more",
        _limit("target", of_target, target_over, max_dispersion),
        _limit("reference", of_reference, reference_over, max_dispersion),
    ]
    if reference is not None and (shared := _shared(words, target, reference)):
        notes.append(f"{plural(shared, 'token')} on both sides, which makes their rates more alike")
    title = f"Keywords of {target} against {'the rest' if reference is None else reference}"
    return Keyness(frame, title, tuple(notes))


def _tally(side: Callable[[], Selected], unit: Unit, n: int, over: Over | None) -> tuple[Tally, Over]:
    counts = tally(side(), unit, n, over or "week")
    if over is None and counts.parts.height < _FEWEST_WEEKS:
        over = "outlet"
        counts = tally(side(), unit, n, over)
    return counts, over or "week"


def _limit(name: str, side: Tally, over: Over, most: float) -> str:
    limit = f"dp_norm over {over}s at most {most}"
    return f"Those of the {name}: {limit if side.parts.height > 1 else f'no limit of dp_norm, with one {over} only'}"


def _shared(words: CorpusWords, target: Selection, reference: Selection) -> int:
    """Count the tokens of first reports that are on both sides."""
    pairs = zip(_independent(words, target), _independent(words, reference), strict=True)
    return sum(int((one & other).sum()) for (_, one), (_, other) in pairs)


def _independent(words: CorpusWords, selection: Selection) -> Iterator[tuple[TokenPartition, Bools]]:
    """Yield each partition with its selected tokens of independent reports."""
    for partition in words.partitions():
        selected, first = partition.selected(selection), partition.is_first_report[partition.doc]
        yield partition, first if selected is None else selected & first


def _rest(words: CorpusWords, target: Selection) -> Iterator[tuple[TokenPartition, Bools]]:
    for partition, selected in _independent(words, target):
        rest = partition.is_first_report[partition.doc] & ~selected
        if target.speaker is not None:
            rest &= (partition.speaker >= 0) & ~partition.spoken_by(target.speaker)
        if target.voice is not None and target != Selection(voice=target.voice):
            rest &= partition.is_quoted == (target.voice == "quoted")
        yield partition, rest


def compare(target: Tally, reference: Tally, *, min_clusters: int = 5, max_dispersion: float = 0.8) -> pl.DataFrame:
    """Compare the counts of two parts of a corpus.

    Parameters
    ----------
    target, reference
        Counts over independent reports, with the same kind of parts.
    min_clusters
        A keyword occurs in at least this many independent reports of the side that has the higher rate.
    max_dispersion
        Its DPnorm on that side is at most this, so a word of one week's story is not a keyword. A side with only
        one part has no such limit.

    Returns
    -------
    SCHEMA, the most significant keyword of the target first.

    Raises
    ------
    InputError
        If one side has no words.
    """
    for name, side in (("target", target), ("reference", reference)):
        if not side.words:
            raise InputError(name, "it has no words", "choose another outlet, other days or another speaker")
    both = target.terms.join(reference.terms, on="term", how="full", coalesce=True, suffix="_2").sort("term")
    both = both.fill_null(0)
    for side, name in ((target, "dp"), (reference, "dp_2")):
        both = both.join(side.dispersion().rename({"dp_norm": name}), on="term", how="left", maintain_order="left")
    sizes = (target.words, reference.words)
    a, b = both["count"].to_numpy(), both["count_2"].to_numpy()
    g2 = association.g2(a, b, *sizes)
    q = association.corrected(g2)
    ratio = association.log_ratio(a, b, *sizes)
    variance = _variance(both, "", target) + _variance(both, "_2", reference)
    half = ndtri((1 + _LEVEL) / 2) * np.sqrt(variance) / np.log(2)
    dp_norm = np.where(g2 > 0, both["dp"].to_numpy(), both["dp_2"].to_numpy())
    clusters = np.where(g2 > 0, both["clusters"].to_numpy(), both["clusters_2"].to_numpy())
    one_part = np.where(g2 > 0, target.parts.height < 2, reference.parts.height < 2)
    # The dispersion of a word of undated reports only is not known (NaN), so the word passes no limit.
    even = one_part | (dp_norm <= max_dispersion)
    keyword = (q < _SIGNIFICANT) & (np.abs(ratio) > half) & (clusters >= min_clusters) & even
    frame = both.select(
        "term", "count", reference="count_2",
        per_million=pl.col("count") / sizes[0] * 1e6, reference_per_million=pl.col("count_2") / sizes[1] * 1e6,
        g2=pl.Series(g2), q=pl.Series(q), log_ratio=pl.Series(ratio), low=pl.Series(ratio - half),
        high=pl.Series(ratio + half), clusters="clusters", reference_clusters="clusters_2",
        dp_norm=pl.Series(dp_norm).fill_nan(None), keyword=pl.Series(keyword),
    )  # fmt: skip
    return frame.select(list(SCHEMA)).sort("g2", "term", descending=[True, False])


def _variance(both: pl.DataFrame, suffix: str, side: Tally) -> association.Floats:
    count, squares, cross = (both[f"{name}{suffix}"].to_numpy() for name in ("count", "squares", "cross"))
    return association.rate_variance(count, squares, cross, side.squares, side.words, side.reports)
