"""Collocations: the words that occur near a pattern more often than expected by chance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import polars as pl
from scipy import sparse

from corpus_tools.display.result import Result
from corpus_tools.explore.checks import check_integer
from corpus_tools.explore.pattern import Pattern
from corpus_tools.explore.word_index import Bools, CorpusWords, Ints, Numbers, Selection, TokenPartition
from corpus_tools.stats import association
from corpus_tools.text.plain_text import plural

if TYPE_CHECKING:
    from corpus_tools.explore.plots import Plot

SCHEMA = {
    "term": pl.String(), "together": pl.Int64(), "count": pl.Int64(), "left": pl.Int64(), "right": pl.Int64(),
    "reports": pl.Int64(), "clusters": pl.Int64(), "log_dice": pl.Float64(), "g2": pl.Float64(), "q": pl.Float64(),
    "npmi": pl.Float64(),
}  # fmt: skip
_PAIRED = 60  # the most typical words, whose pairs are counted for the network


@dataclass(frozen=True, repr=False)
class Collocations(Result):
    """Words near a pattern, and how strongly they are associated with it."""

    pattern: str
    _count_pairs: Callable[[], pl.DataFrame] = field(compare=False)

    columns: ClassVar[tuple[str, ...]] = (
        "term", "together", "count", "log_dice", "g2", "q", "npmi", "left", "right", "clusters",
    )  # fmt: skip

    @cached_property
    def pairs(self) -> pl.DataFrame:
        """How often two of the words occur in the same window: term, other, together.

        Counting them takes a second pass over the corpus, which is made on first use.
        """
        return self._count_pairs()

    def network(self, words: int = 25) -> Plot:
        """Draw the most typical words around the pattern, with lines between those that occur together."""
        from corpus_tools.explore.plots import network  # noqa: PLC0415 - matplotlib is loaded once a plot is drawn

        return network(self.frame.head(words), self.pairs, self.pattern, self.title)


def collocations(
    words: CorpusWords, pattern: Pattern, selection: Selection, *, window: int = 5, min_together: int = 5
) -> Collocations:
    """Count the words around each hit of a pattern; see `ExploreMethods.collocations`.

    The window ends with the sentence and has words only (tokens with a letter). A word in the windows of two hits is
    counted once, and the words of the hits are not counted. G2 compares O of R with C - O of N - R, in the letters of
    the method's formulas. Its p-values are corrected for all words that occur outside hits.
    """
    check_integer("window", window, 1, example=5)
    check_integer("min_together", min_together, 1, example=5)
    near: list[pl.DataFrame] = []
    everywhere: list[pl.DataFrame] = []
    n_hits, sizes = 0, np.zeros(2, dtype=np.int64)
    for partition, selected, hits, lengths in words.search(pattern, selection):
        n_hits += len(hits)
        column, is_word = partition.column(pattern.unit), partition.words_in(selected)
        side, _ = _sides(partition, hits, lengths, is_word, window)
        in_window = np.flatnonzero(side)
        sizes += [len(in_window), is_word.sum()]
        total = np.bincount(column.codes[is_word], minlength=len(column.vocabulary))
        outside = is_word & ~_in_hits(partition, hits, lengths)
        apart = np.bincount(column.codes[outside], minlength=len(column.vocabulary))
        counts = pl.DataFrame({"term": column.vocabulary, "count": total, "apart": apart})
        everywhere.append(counts.filter(pl.col("count") > 0))
        near.append(_near(partition, column.codes, column.vocabulary, in_window, side))
    near_counts = pl.concat(near).group_by("term").agg(pl.all().sum())
    frame = pl.concat(everywhere).group_by("term").agg(pl.all().sum()).sort("term")
    frame = frame.filter(pl.col("apart") > 0)  # a word of hits only can never be near one
    frame = frame.join(near_counts, on="term", how="left", maintain_order="left").fill_null(0)
    together, count = frame["together"].to_numpy(), frame["count"].to_numpy()
    n_window, n_words = (int(x) for x in sizes)
    g2 = association.g2(together, count - together, n_window, n_words - n_window)
    # Corrected before rare words are left out: leaving them out first would select by what is tested.
    frame = frame.with_columns(g2=pl.Series(g2), q=pl.Series(association.corrected(g2)))
    frame = frame.filter(pl.col("together") >= min_together)
    together, count = frame["together"].to_numpy(), frame["count"].to_numpy()
    frame = frame.with_columns(
        log_dice=pl.Series(association.log_dice(together, n_hits, count)),
        npmi=pl.Series(association.npmi(together, n_window, count, n_words)),
    )
    frame = frame.select(list(SCHEMA)).sort("log_dice", "term", descending=[True, False])
    notes = (
        f"{plural(n_hits, 'hit')}; {n_window:,} of {n_words:,} words are within {window} words of one in its sentence",
        f"{plural(frame.height, 'word')} at least {plural(min_together, 'time')}",
    )
    count_pairs = partial(_pairs, words, pattern, selection, window, frame["term"].head(_PAIRED))
    return Collocations(frame, f"Words near {pattern.typed} ({selection})", notes, pattern.typed, count_pairs)


def _in_hits(partition: TokenPartition, hits: Ints, lengths: Ints) -> Bools:
    mask = np.zeros(len(partition), dtype=np.bool_)
    for k in range(int(lengths.max(initial=0))):
        mask[hits[lengths > k] + k] = True
    return mask


def _sides(
    partition: TokenPartition, hits: Ints, lengths: Ints, is_word: Bools, window: int
) -> tuple[Numbers, Numbers]:
    """Return the side of a hit that each token is on (-1 left, 1 right, 0 outside windows or in a hit), and the hit.

    A word in the windows of two hits belongs to the nearer one, or to the one before it if both are as near.
    """
    tokens = np.flatnonzero(is_word)  # the token of each word: windows count words
    before: Numbers = np.cumsum(is_word) - is_word
    side, nearest = np.zeros(len(partition), dtype=np.int8), np.zeros(len(partition), dtype=np.int32)
    distance = np.full(len(partition), window + 1, dtype=np.int32)
    for step in range(1, window + 1):
        last = hits + lengths - 1
        for sign, number in ((1, before[last] + is_word[last] + step - 1), (-1, before[hits] - step)):
            inside = (number >= 0) & (number < len(tokens))
            token, hit = tokens[number[inside]], np.flatnonzero(inside)
            same = partition.doc[token] == partition.doc[hits[hit]]
            same &= partition.sentence[token] == partition.sentence[hits[hit]]
            same &= distance[token] > step
            token, hit = token[same], hit[same]
            distance[token], side[token], nearest[token] = step, sign, hit
    side[_in_hits(partition, hits, lengths)] = 0
    return side, nearest


def _pairs(words: CorpusWords, pattern: Pattern, selection: Selection, window: int, terms: pl.Series) -> pl.DataFrame:
    """Count how often two terms occur in the window of one hit: term, other, together; each pair once, in order."""
    terms = terms.sort()
    together = np.zeros((len(terms), len(terms)), dtype=np.int64)
    for partition, selected, hits, lengths in words.search(pattern, selection) if len(terms) else ():
        side, nearest = _sides(partition, hits, lengths, partition.words_in(selected), window)
        column = partition.column(pattern.unit)
        numbered = terms.to_frame("term").with_row_index("n")
        number = (
            column.vocabulary.to_frame("term")
            .join(numbered, on="term", how="left", maintain_order="left")["n"]
            .cast(pl.Int32)
            .fill_null(-1)
            .to_numpy()[column.codes]
        )
        tokens = np.flatnonzero((side != 0) & (number >= 0))
        ones = np.ones(len(tokens), dtype=np.int64)
        in_window = sparse.csr_matrix((ones, (nearest[tokens], number[tokens])), (len(hits), len(terms)))
        in_window.data[:] = 1  # a term that is twice in a window meets the others once
        together += (in_window.T @ in_window).toarray()
    one, other = np.nonzero(np.triu(together, 1))
    return pl.DataFrame({"term": terms.gather(one), "other": terms.gather(other), "together": together[one, other]})


def _near(
    partition: TokenPartition, codes: Ints, vocabulary: pl.Series, in_window: Numbers, side: Numbers
) -> pl.DataFrame:
    doc = partition.doc[in_window]
    rows = pl.DataFrame({"code": codes[in_window], "doc": doc, "side": side[in_window]})
    rows = rows.with_columns(first=pl.Series(partition.is_first_report[doc], dtype=pl.Boolean))
    counts = rows.group_by("code").agg(
        together=pl.len().cast(pl.Int64),
        left=(pl.col("side") < 0).sum().cast(pl.Int64),
        right=(pl.col("side") > 0).sum().cast(pl.Int64),
        reports=pl.col("doc").n_unique().cast(pl.Int64),
        clusters=pl.col("doc").filter("first").n_unique().cast(pl.Int64),
    )
    return counts.with_columns(term=vocabulary.gather(counts["code"])).drop("code")
