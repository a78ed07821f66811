"""Frequencies of words and sequences of words, and the sums that keyness and dispersion are computed from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, get_args

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import sparse

from corpus_tools.display.result import Result
from corpus_tools.errors import InputError
from corpus_tools.explore.checks import check_choice, check_integer
from corpus_tools.explore.pattern import Pattern, Unit, tokenised
from corpus_tools.explore.word_index import Bools, CorpusWords, Selection, TokenPartition
from corpus_tools.stats.calendar_bins import start_of
from corpus_tools.text.plain_text import plural

Over = Literal["week", "outlet"]
Ints = npt.NDArray[Any]
Selected = Iterable[tuple[TokenPartition, Bools | None]]


@dataclass(frozen=True)
class Tally:
    """Counts of terms in selected reports. The parts of the corpus are weeks or outlets.

    Attributes
    ----------
    terms
        One row per term, sorted: term, count, reports; clusters (independent reports); squares and cross (sums over the
        reports of the squared count, and of the count times the number of words).
    cells
        term, part, count: the counts above zero, sorted.
    parts
        part, words: the number of words of each part, sorted.
    words, squares, reports, clusters
        The number of words, the sum over the reports of its square, and the numbers of reports and independent reports.
    """

    terms: pl.DataFrame
    cells: pl.DataFrame
    parts: pl.DataFrame
    words: int
    squares: int
    reports: int
    clusters: int

    def dispersion(self) -> pl.DataFrame:
        """Return DPnorm of each term over the parts: term, dp_norm; null if there is only one part."""
        shares = self.parts.select("part", share=pl.col("words") / pl.col("words").sum())
        if shares.height < 2:
            return self.terms.select("term", dp_norm=pl.lit(None, pl.Float64))
        # A part without the term adds its share, so only the others have to be compared.
        of_term = pl.col("count") / pl.col("count").sum().over("term")
        excess = (of_term - pl.col("share")).abs() - pl.col("share")
        cells = self.cells.join(shares, on="part").sort("term", "part")
        least = float(shares["share"].min())  # type: ignore[arg-type]
        return (
            cells.select("term", excess=excess)
            .group_by("term", maintain_order=True)
            .agg(dp_norm=(1 + pl.col("excess").sum()) / 2 / (1 - least))
        )


@dataclass(frozen=True, repr=False)
class Frequencies(Result):
    """Frequencies of words or sequences of words."""

    columns: ClassVar[tuple[str, ...]] = ("term", "count", "per_million", "reports", "clusters", "dp_norm")


def frequencies(  # noqa: PLR0913 - what is counted, in which words
    words: CorpusWords,
    selection: Selection,
    *,
    unit: Unit = "word",
    n: int | None = None,
    pattern: Pattern | None = None,
    over: Over = "week",
) -> Frequencies:
    """Count words or sequences of words; see `ExploreMethods.frequencies`."""
    n = _length(pattern, n)
    check_sequences(n, over)
    selected = ((partition, partition.selected(selection)) for partition in words.partitions())
    counts = tally(selected, unit, n, over, pattern)
    frame = counts.terms.join(counts.dispersion(), on="term", how="left", maintain_order="left")
    per_million = (pl.col("count") / max(counts.words, 1) * 1e6).alias("per_million")
    frame = frame.select("term", "count", per_million, "reports", "clusters", "dp_norm")
    what = "Words" if n == 1 else f"Sequences of {n} words"
    return Frequencies(
        frame.sort("count", "term", descending=[True, False]),
        f"{what}{f' like {pattern.typed}' if pattern else ''} ({selection})",
        (
            f"{plural(frame.height, 'different one')}; {counts.words:,} in all",
            f"{plural(counts.reports, 'report')}, {counts.clusters:,} of them independent",
            f"dp_norm is over {plural(counts.parts.height, over)}",
        ),
    )


def _length(pattern: Pattern | None, n: int | None) -> int:
    lengths = {len(words) for words in pattern.sequences} if pattern else {1 if n is None else n}
    if len(lengths) > 1 or (n is not None and lengths != {n}):
        raise InputError(
            f"pattern {pattern.typed!r}" if pattern else f"n {n}",
            f"sequences of {' and '.join(map(str, sorted(lengths | ({n} if n else set()))))} words",
            "ask for one length at a time",
        )
    return lengths.pop()


def check_sequences(n: int, over: Over | None) -> None:
    """Raise InputError unless n is a length of sequences and `over` names parts of the corpus, or is None."""
    check_integer("n", n, 1, example=2)
    if over is not None:
        check_choice("over", over, get_args(Over))


def tally(
    selected: Selected, unit: Unit = "word", n: int = 1, over: Over = "week", pattern: Pattern | None = None
) -> Tally:
    """Count words or sequences of words.

    A word is a token with a letter. A sequence does not go beyond its sentence, and has nothing between its words.

    Parameters
    ----------
    selected
        Partitions, and which of their tokens are selected (None: all).
    n
        Length of the sequences.
    over
        The parts of the corpus.
    pattern
        Count only its hits.
    """
    terms, cells, parts, sums = [], [], [], np.zeros(4, dtype=np.int64)
    for partition, mask in selected:
        starts = _starts(partition, mask, n)
        if pattern is None:
            tokens, (codes, vocabulary) = starts, _terms(partition, starts, unit, n)
        else:
            tokens, codes, vocabulary = _hits(partition, mask, pattern, n)
        shape = (partition.documents.height, len(vocabulary))
        matrix = sparse.csr_matrix((np.ones(len(tokens), dtype=np.int64), (partition.doc[tokens], codes)), shape)
        sizes = np.bincount(partition.doc[starts], minlength=partition.documents.height)
        filled, first = np.flatnonzero(sizes), partition.is_first_report
        sums += [sizes.sum(), (sizes**2).sum(), len(filled), first[filled].sum()]
        terms.append(
            pl.DataFrame(
                {
                    "term": vocabulary,
                    "count": np.asarray(matrix.sum(axis=0)).ravel(),
                    "reports": np.bincount(matrix.indices, minlength=matrix.shape[1]),
                    "clusters": np.bincount(matrix[first].indices, minlength=matrix.shape[1]),
                    "squares": np.asarray(matrix.multiply(matrix).sum(axis=0)).ravel(),
                    "cross": matrix.T @ sizes,
                }
            ).filter(pl.col("count") > 0)
        )
        part = parts_of(partition, over)
        names = part.drop_nulls().unique().sort()
        part_codes = part.cast(pl.Enum(names)).to_physical()
        known, rows = part_codes.drop_nulls().to_numpy(), np.flatnonzero(part_codes.is_not_null())
        by_part = sparse.csr_matrix((np.ones(len(known), dtype=np.int64), (known, rows)), (len(names), len(part)))
        counts = (by_part @ matrix).tocoo()
        cells.append(
            pl.DataFrame(
                {"term": vocabulary.gather(counts.col), "part": names.gather(counts.row), "count": counts.data}
            )
        )
        parts.append(pl.DataFrame({"part": names, "words": by_part @ sizes}))
    return Tally(
        _summed(terms, "term"), _summed(cells, "term", "part"), _summed(parts, "part").filter(pl.col("words") > 0),
        *(int(x) for x in sums),
    )  # fmt: skip


def parts_of(partition: TokenPartition, over: Over) -> pl.Series:
    """Return the week or outlet of each report; null if it is not known."""
    key = start_of("week").cast(pl.String) if over == "week" else pl.col("outlet")
    return partition.documents.select(part=key)["part"]


def _summed(frames: list[pl.DataFrame], *by: str) -> pl.DataFrame:
    return pl.concat(frames).group_by(by).agg(pl.all().sum()).sort(by)


def _starts(partition: TokenPartition, selected: Bools | None, n: int) -> Ints:
    """Return the first token of each sequence of n words."""
    words = partition.words_in(selected)
    starts = np.flatnonzero(words)
    starts = starts[starts + n <= len(partition)]
    last = starts + n - 1
    inside = (partition.doc[starts] == partition.doc[last]) & (partition.sentence[starts] == partition.sentence[last])
    for k in range(1, n):
        inside &= words[starts + k]
    sequences: Ints = starts[inside]
    return sequences


def _terms(
    partition: TokenPartition, starts: Ints, unit: Unit, n: int, *, case: bool = False
) -> tuple[Ints, pl.Series]:
    """Return a code for the sequence of n words that starts at each token, and the terms that the codes stand for."""
    column = partition.column(unit, case=case)
    words, vocabulary = column.codes, column.vocabulary
    codes = words[starts].astype(np.int64)
    if n == 1:
        return codes, vocabulary
    # Shorter sequences get new, consecutive codes, so the product of two codes never exceeds 64 bits.
    first = np.zeros(0, dtype=np.int64)
    for k in range(1, n):
        longer = codes * len(vocabulary) + words[starts + k]
        _, first, codes = np.unique(longer, return_index=True, return_inverse=True)
    texts = pl.DataFrame({str(k): vocabulary.gather(words[starts[first] + k]) for k in range(n)})
    return codes, texts.select(pl.concat_str(pl.all(), separator=" ")).to_series()


def _hits(partition: TokenPartition, selected: Bools | None, pattern: Pattern, n: int) -> tuple[Ints, Ints, pl.Series]:
    """Return the first token of each hit, a code for its term, and the terms.

    If the text is tokenised differently from the pattern (`U.S` `.`), the term is the typed one.
    """
    hits, lengths = partition.find(pattern, selected)
    usual = lengths == n
    codes, vocabulary = _terms(partition, hits[usual], pattern.unit, n, case=pattern.case)
    other, last = hits[~usual], (hits + lengths - 1)[~usual]
    if not len(other):
        return hits[usual], codes, vocabulary
    ends = (partition.doc[other].tolist(), partition.start[other].tolist(), partition.end[last].tolist())
    texts = (partition.texts[doc][start:end] for doc, start, end in zip(*ends, strict=True))
    variants = pl.Series([tokenised(text if pattern.case else text.lower()) for text in texts], dtype=pl.String)
    both = pl.concat([vocabulary.gather(codes), variants])
    terms = both.unique().sort()
    return np.concatenate([hits[usual], other]), both.cast(pl.Enum(terms)).to_physical().to_numpy(), terms
