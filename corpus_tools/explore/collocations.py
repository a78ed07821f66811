"""Which words keep company with a pattern."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import polars as pl
from scipy import sparse

from corpus_tools.display.html import plural
from corpus_tools.display.result import Result
from corpus_tools.explore.pattern import Pattern
from corpus_tools.explore.word_index import Bools, CorpusWords, Ints, Numbers, TokenPartition, Where, whole
from corpus_tools.stats import association

if TYPE_CHECKING:
    from corpus_tools.explore.plots import Plot

SCHEMA = {
    "term": pl.String(), "together": pl.Int64(), "count": pl.Int64(), "left": pl.Int64(), "right": pl.Int64(),
    "reports": pl.Int64(), "clusters": pl.Int64(), "log_dice": pl.Float64(), "g2": pl.Float64(), "q": pl.Float64(),
    "npmi": pl.Float64(),
}  # fmt: skip


# Of so many words, the most typical ones, it is counted how often two of them meet.
_LINKED = 60


@dataclass(frozen=True, repr=False)
class Collocations(Result):
    """Words that keep company with others."""

    _count_pairs: Callable[[], pl.DataFrame] = field(compare=False)

    columns: ClassVar[tuple[str, ...]] = (
        "term",
        "together",
        "count",
        "log_dice",
        "g2",
        "q",
        "npmi",
        "left",
        "right",
        "clusters",
    )

    @cached_property
    def pairs(self) -> pl.DataFrame:
        """Count how often two of the words stand in one window: term, other, together.

        It takes a second look at the corpus, so only when it is asked for.
        """
        return self._count_pairs()

    def network(self, words: int = 25) -> Plot:
        """Draw the most typical words around the one looked for, with lines between those that meet too."""
        from corpus_tools.explore.plots import network  # noqa: PLC0415

        return network(self, words)


def collocations(
    words: CorpusWords, pattern: Pattern, where: Where, *, window: int = 5, min_together: int = 5
) -> Collocations:
    """Count the words in a window around each hit of a pattern, and weigh how tightly they belong to it.

    The window ends with the sentence and holds words only (tokens with a letter in them). A word that stands in the
    windows of two hits counts once, and the words of the hits themselves do not count. With O such words, R words in
    all windows, C of this word and N in all: G2 of O of R against C - O of N - R (Dunning 1993); NPMI of O, R, C and N
    (Bouma 2009); logDice of O, the hits and C (Rychly 2008). The p-values of G2 are corrected for all words
    found outside hits (Benjamini and Hochberg 1995).

    Parameters
    ----------
    window
        So many words on each side.
    min_together
        Leave out words that meet the pattern more rarely: their measures are chance.

    Returns
    -------
    SCHEMA, the most typical first (logDice).

    Raises
    ------
    InputError
        If the window is empty, or no number of words.
    """
    whole("window", window, 1, usual=5)
    whole("min_together", min_together, 1, usual=5)
    near: list[pl.DataFrame] = []
    everywhere: list[pl.DataFrame] = []
    hits, sizes = 0, np.zeros(2, dtype=np.int64)
    for part in words.parts():
        among = part.keeps(where)
        at, size = part.find(pattern, among)
        hits += len(at)
        column = part.column(pattern.unit)
        is_word = part.is_word if among is None else part.is_word & among
        side, _ = _sides(part, at, size, is_word, window)
        inside = np.flatnonzero(side)
        sizes += [len(inside), is_word.sum()]
        often = np.bincount(column.codes[is_word], minlength=len(column.vocabulary))
        apart = np.bincount(column.codes[is_word & ~_inside(part, at, size)], minlength=len(column.vocabulary))
        counts = pl.DataFrame({"term": column.vocabulary, "count": often, "apart": apart})
        everywhere.append(counts.filter(pl.col("count") > 0))
        near.append(_near(part, column.codes, column.vocabulary, inside, side))
    counted = pl.concat(near).group_by("term").agg(pl.all().sum())
    found = pl.concat(everywhere).group_by("term").agg(pl.all().sum()).sort("term")
    found = found.filter(pl.col("apart") > 0)  # else it stands in hits only, so it could not be near one
    found = found.join(counted, on="term", how="left", maintain_order="left").fill_null(0)
    both, count = found["together"].to_numpy(), found["count"].to_numpy()
    of_window, of = (int(x) for x in sizes)
    g2 = association.g2(both, count - both, of_window, of - of_window)
    # Corrected for all words that might have met: to leave out the rare ones first would choose by what is tested.
    found = found.with_columns(g2=pl.Series(g2), q=pl.Series(association.corrected(g2)))
    found = found.filter(pl.col("together") >= min_together)
    both, count = found["together"].to_numpy(), found["count"].to_numpy()
    found = found.with_columns(
        log_dice=pl.Series(association.log_dice(both, hits, count)),
        npmi=pl.Series(association.npmi(both, of_window, count, of)),
    )
    frame = found.select(list(SCHEMA)).sort("log_dice", "term", descending=[True, False])
    return Collocations(
        frame,
        f"Words near {pattern.typed} ({where})",
        (
            f"{plural(hits, 'hit')}; of {of:,} words, {of_window:,} stand within {window} words of one in its sentence",
            f"{plural(frame.height, 'word')} at least {plural(min_together, 'time')}",
        ),
        partial(_pairs, words, pattern, where, window, frame["term"].head(_LINKED)),
    )


def _inside(part: TokenPartition, at: Ints, size: Ints) -> Bools:
    found = np.zeros(len(part), dtype=np.bool_)
    for k in range(int(size.max(initial=0))):
        found[at[size > k] + k] = True
    return found


def _sides(part: TokenPartition, at: Ints, size: Ints, is_word: Bools, window: int) -> tuple[Numbers, Numbers]:
    """Say of each token on which side of a hit it stands (-1 left, 1 right, 0 in no window or in a hit), and of which.

    A word in the windows of two hits belongs to the nearer one, and of two as near to the one before it.
    """
    place = np.flatnonzero(is_word)  # words alone, numbered through: a window counts words
    rank: Numbers = np.cumsum(is_word) - is_word
    found, whose = np.zeros(len(part), dtype=np.int8), np.zeros(len(part), dtype=np.int32)
    near = np.full(len(part), window + 1, dtype=np.int32)
    for step in range(1, window + 1):
        last = at + size - 1
        for sign, to in ((1, rank[last] + is_word[last] + step - 1), (-1, rank[at] - step)):
            inside = (to >= 0) & (to < len(place))
            token, hit = place[to[inside]], np.flatnonzero(inside)
            same = (part.doc[token] == part.doc[at[hit]]) & (part.sentence[token] == part.sentence[at[hit]])
            same &= near[token] > step
            token, hit = token[same], hit[same]
            near[token], found[token], whose[token] = step, sign, hit
    found[_inside(part, at, size)] = 0
    return found, whose


def _pairs(words: CorpusWords, pattern: Pattern, where: Where, window: int, terms: pl.Series) -> pl.DataFrame:
    """Count how often two terms stand in the window of one hit: term, other, together; each pair once, in order."""
    terms = terms.sort()
    met = np.zeros((len(terms), len(terms)), dtype=np.int64)
    for part in words.parts():
        among = part.keeps(where)
        at, size = part.find(pattern, among)
        side, whose = _sides(part, at, size, part.is_word if among is None else part.is_word & among, window)
        column = part.column(pattern.unit)
        number = (
            column.vocabulary.to_frame("term")
            .join(terms.to_frame("term").with_row_index("n"), on="term", how="left", maintain_order="left")["n"]
            .cast(pl.Int32)
            .fill_null(-1)
            .to_numpy()[column.codes]
        )
        here = np.flatnonzero((side != 0) & (number >= 0))
        ones = np.ones(len(here), dtype=np.int64)
        counted = sparse.csr_matrix((ones, (whose[here], number[here])), (len(at), len(terms)))
        counted.data[:] = 1  # one that stands there twice meets the others once
        met += (counted.T @ counted).toarray()
    one, other = np.nonzero(np.triu(met, 1))
    return pl.DataFrame({"term": terms.gather(one), "other": terms.gather(other), "together": met[one, other]})


def _near(part: TokenPartition, codes: Ints, vocabulary: pl.Series, inside: Numbers, side: Numbers) -> pl.DataFrame:
    rows = pl.DataFrame({"code": codes[inside], "doc": part.doc[inside], "side": side[inside]})
    rows = rows.with_columns(first=pl.Series(part.first[part.doc[inside]], dtype=pl.Boolean))
    counted = rows.group_by("code").agg(
        together=pl.len().cast(pl.Int64),
        left=(pl.col("side") < 0).sum().cast(pl.Int64),
        right=(pl.col("side") > 0).sum().cast(pl.Int64),
        reports=pl.col("doc").n_unique().cast(pl.Int64),
        clusters=pl.col("doc").filter("first").n_unique().cast(pl.Int64),
    )
    return counted.with_columns(term=vocabulary.gather(counted["code"])).drop("code")
