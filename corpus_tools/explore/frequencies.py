"""How often words stand in parts of a corpus: the sums that keyness, dispersion and frequency lists are made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, get_args

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import sparse

from corpus_tools.display.html import plural
from corpus_tools.display.result import Result
from corpus_tools.errors import InputError
from corpus_tools.explore.pattern import Pattern, Unit, cut, one_of
from corpus_tools.explore.word_index import Bools, CorpusWords, TokenPartition, Where, whole
from corpus_tools.stats.calendar_bins import start_of

Over = Literal["week", "outlet"]
Ints = npt.NDArray[Any]
Chosen = Iterable[tuple[TokenPartition, Bools | None]]


@dataclass(frozen=True)
class Tally:
    """Counts of words in the reports of a selection.

    Attributes
    ----------
    terms
        A row a term that stands there, sorted: term, count, reports; clusters (independent reports); squares, cross
        (sums over the reports of the count squared, and of the count times the report's words).
    cells
        term, part, count: of those over 0, sorted.
    parts
        part, words: the weeks or outlets, and how many words they have; sorted.
    words, squares, reports, clusters
        How many words the reports have, the sum of their squares, and how many reports and independent ones there are.
    """

    terms: pl.DataFrame
    cells: pl.DataFrame
    parts: pl.DataFrame
    words: int
    squares: int
    reports: int
    clusters: int

    def dispersion(self) -> pl.DataFrame:
        """Give DPnorm of each term over the parts: term, dp_norm; null if there is but one part."""
        shares = self.parts.select("part", share=pl.col("words") / pl.col("words").sum())
        if shares.height < 2:
            return self.terms.select("term", dp_norm=pl.lit(None, pl.Float64))
        # A part without the term adds its share, so it is enough to look at the others.
        of_term = pl.col("count") / pl.col("count").sum().over("term")
        beyond = (of_term - pl.col("share")).abs() - pl.col("share")
        cells = self.cells.join(shares, on="part").sort("term", "part")
        least = float(shares["share"].min())  # type: ignore[arg-type]
        return (
            cells.select("term", beyond=beyond)
            .group_by("term", maintain_order=True)
            .agg(dp_norm=(1 + pl.col("beyond").sum()) / 2 / (1 - least))
        )


@dataclass(frozen=True, repr=False)
class Frequencies(Result):
    """How often words, or sequences of them, stand in a corpus."""

    columns: ClassVar[tuple[str, ...]] = ("term", "count", "per_million", "reports", "clusters", "dp_norm")


def frequencies(  # noqa: PLR0913 - what is counted, and where
    words: CorpusWords,
    where: Where,
    *,
    unit: Unit = "word",
    n: int | None = None,
    pattern: Pattern | None = None,
    over: Over = "week",
) -> Frequencies:
    """Count words, or sequences of them, the most frequent first.

    Parameters
    ----------
    unit
        "word" counts words as written, in small letters; "lemma" their dictionary forms.
    n
        Length of the sequences; by default that of the pattern, and without one it is 1.
    pattern
        List only what it takes in: its hits, as `concordance` has them, so numbers too if it asks for them.
    over
        Dispersion is over weeks or over outlets.

    Raises
    ------
    InputError
        If there are no such sequences or parts.

    Returns
    -------
    term, count; per_million (of all words, or of all sequences); reports, clusters (independent reports) that hold it;
    dp_norm (0: spread evenly over the parts, 1: all in the smallest one).
    """
    n = _length(pattern, n)
    check_sequences(n, over)
    found = tally(((part, part.keeps(where)) for part in words.parts()), unit, n, over, pattern)
    terms = found.terms.join(found.dispersion(), on="term", how="left", maintain_order="left")
    frame = terms.select(
        "term",
        "count",
        (pl.col("count") / max(found.words, 1) * 1e6).alias("per_million"),
        "reports",
        "clusters",
        "dp_norm",
    ).sort("count", "term", descending=[True, False])
    what = "Words" if n == 1 else f"Sequences of {n} words"
    return Frequencies(
        frame,
        f"{what}{f' like {pattern.typed}' if pattern else ''} ({where})",
        (
            f"{plural(frame.height, 'different one')}; {found.words:,} in all",
            f"{plural(found.reports, 'report')}, {found.clusters:,} of them independent",
            f"dp_norm is over {plural(found.parts.height, over)}",
        ),
    )


def _length(pattern: Pattern | None, n: int | None) -> int:
    lengths = {len(words) for words in pattern.sequences} if pattern else {1 if n is None else n}
    if len(lengths) > 1 or (n is not None and lengths != {n}):
        asked = f"pattern {pattern.typed!r}" if pattern else f"n {n}"
        raise InputError(
            asked,
            f"sequences of {' and '.join(map(str, sorted(lengths | ({n} if n else set()))))} words",
            "ask for one length at a time",
        )
    return lengths.pop()


def check_sequences(n: int, over: Over | None) -> None:
    """Refuse a length of sequences, or parts, that there are not.

    Raises
    ------
    InputError
        If there are none such.
    """
    whole("n", n, 1, usual=2)
    if over is not None:
        one_of("over", over, get_args(Over))


def tally(
    chosen: Chosen, unit: Unit = "word", n: int = 1, over: Over = "week", pattern: Pattern | None = None
) -> Tally:
    """Count words, or sequences of them.

    A word is a token with a letter in it. A sequence stands in one sentence with nothing between its words.

    Parameters
    ----------
    chosen
        Partitions, and which of their tokens are meant (None: all).
    n
        Length of the sequences.
    over
        What the parts are.
    pattern
        Count its hits only, each as the term it is, of all words.
    """
    terms, cells, parts, sums = [], [], [], np.zeros(4, dtype=np.int64)
    for part, among in chosen:
        at = _starts(part, among, n)
        at_hits, found, vocabulary = _terms(part, at, unit, n) if pattern is None else _hits(part, among, pattern, n)
        shape = (part.documents.height, len(vocabulary))
        matrix = sparse.csr_matrix((np.ones(len(at_hits), dtype=np.int64), (part.doc[at_hits], found)), shape)
        sizes = np.bincount(part.doc[at], minlength=part.documents.height)
        there = np.flatnonzero(sizes)
        sums += [sizes.sum(), (sizes**2).sum(), len(there), part.first[there].sum()]
        terms.append(
            pl.DataFrame(
                {
                    "term": vocabulary,
                    "count": np.asarray(matrix.sum(axis=0)).ravel(),
                    "reports": np.bincount(matrix.indices, minlength=matrix.shape[1]),
                    "clusters": np.bincount(matrix[part.first].indices, minlength=matrix.shape[1]),
                    "squares": np.asarray(matrix.multiply(matrix).sum(axis=0)).ravel(),
                    "cross": matrix.T @ sizes,
                }
            ).filter(pl.col("count") > 0)
        )
        group = groups(part, over)
        names = group.drop_nulls().unique().sort()
        belongs = group.cast(pl.Enum(names)).to_physical()
        of, rows = belongs.drop_nulls().to_numpy(), np.flatnonzero(belongs.is_not_null())
        shape = (len(names), len(group))
        by_part = sparse.csr_matrix((np.ones(len(of), dtype=np.int64), (of, rows)), shape)
        counted = (by_part @ matrix).tocoo()
        cells.append(
            pl.DataFrame(
                {"term": vocabulary.gather(counted.col), "part": names.gather(counted.row), "count": counted.data}
            )
        )
        parts.append(pl.DataFrame({"part": names, "words": by_part @ sizes}))
    return Tally(
        _summed(terms, "term"), _summed(cells, "term", "part"), _summed(parts, "part").filter(pl.col("words") > 0),
        *(int(x) for x in sums),
    )  # fmt: skip


def groups(part: TokenPartition, over: Over) -> pl.Series:
    """Say of each report to which week or outlet it belongs; none, if that is not known."""
    key = start_of("week").cast(pl.String) if over == "week" else pl.col("outlet")
    return part.documents.select(part=key)["part"]


def _summed(frames: list[pl.DataFrame], *by: str) -> pl.DataFrame:
    return pl.concat(frames).group_by(by).agg(pl.all().sum()).sort(by)


def _starts(part: TokenPartition, among: Bools | None, n: int) -> Ints:
    """Find where each sequence of so many words begins."""
    kept = part.is_word if among is None else part.is_word & among
    at = np.flatnonzero(kept)
    at = at[at + n <= len(part)]
    last = at + n - 1
    inside = (part.doc[at] == part.doc[last]) & (part.sentence[at] == part.sentence[last])
    for k in range(1, n):
        inside &= kept[at + k]
    found: Ints = at[inside]
    return found


def _terms(part: TokenPartition, at: Ints, unit: Unit, n: int, *, case: bool = False) -> tuple[Ints, Ints, pl.Series]:
    """Give each sequence of so many words that begins at one of these tokens a number: tokens, numbers, the terms."""
    column = part.column(unit, case=case)
    codes, vocabulary = column.codes, column.vocabulary
    found = codes[at].astype(np.int64)
    if n == 1:
        return at, found, vocabulary
    # Shorter sequences are numbered anew, so that the product of two numbers never outgrows 64 bits.
    first = np.zeros(0, dtype=np.int64)
    for k in range(1, n):
        longer = found * len(vocabulary) + codes[at + k]
        _, first, found = np.unique(longer, return_index=True, return_inverse=True)
    texts = pl.DataFrame({str(k): vocabulary.gather(codes[at[first] + k]) for k in range(n)})
    return at, found, texts.select(pl.concat_str(pl.all(), separator=" ")).to_series()


def _hits(part: TokenPartition, among: Bools | None, pattern: Pattern, n: int) -> tuple[Ints, Ints, pl.Series]:
    """Give each hit of a pattern a number; one that the text cuts otherwise (`U.S` `.`) is the term as it is typed."""
    at, size = part.find(pattern, among)
    usual = size == n
    plain, numbers, vocabulary = _terms(part, at[usual], pattern.unit, n, case=pattern.case)
    other, last = at[~usual], (at + size - 1)[~usual]
    if not len(other):
        return plain, numbers, vocabulary
    spans = zip(part.doc[other].tolist(), part.start[other].tolist(), part.end[last].tolist(), strict=True)
    texts = (part.texts[doc][start:end] for doc, start, end in spans)
    odd = pl.Series([cut(text if pattern.case else text.lower()) for text in texts], dtype=pl.String)
    both = pl.concat([vocabulary.gather(numbers), odd])
    terms = both.unique().sort()
    return np.concatenate([plain, other]), both.cast(pl.Enum(terms)).to_physical().to_numpy(), terms
