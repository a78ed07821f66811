"""How evenly a pattern is spread over weeks or outlets, and where in time each hit stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import polars as pl

from corpus_tools.display.html import plural
from corpus_tools.display.result import Result, number
from corpus_tools.explore.frequencies import Over, check_sequences, groups
from corpus_tools.explore.pattern import Pattern
from corpus_tools.explore.word_index import CorpusWords, TokenPartition, Where
from corpus_tools.stats import association

if TYPE_CHECKING:
    from corpus_tools.explore.plots import Plot


@dataclass(frozen=True, repr=False)
class Dispersion(Result):
    """How a pattern is spread over the parts of a corpus.

    Attributes
    ----------
    dp, dp_norm, juilland_d
        Deviation of proportions, the same from 0 to 1, and Juilland's D; NaN if nothing was found, and the latter two
        if there is but one part.
    hits
        outlet, at: where in time each hit stands, in days since 1970 with the part of that day's words before it.
    days
        outlet, published: the days on which it has words.
    """

    dp: float
    dp_norm: float
    juilland_d: float
    hits: pl.DataFrame
    days: pl.DataFrame

    columns: ClassVar[tuple[str, ...]] = ("part", "words", "count", "per_million", "reports")

    def barcode(self, outlets: int = 12) -> Plot:
        """Draw a line for each hit along the days of the corpus, one row an outlet."""
        from corpus_tools.explore.plots import barcode  # noqa: PLC0415

        return barcode(self, outlets)


def dispersion(words: CorpusWords, pattern: Pattern, where: Where, *, over: Over = "week") -> Dispersion:
    """Measure how evenly a pattern is spread over the weeks or outlets of a corpus.

    Returns
    -------
    A row a part that has words: part (Monday of the week, or outlet), words, count, per_million, reports; with DP and
    DPnorm (Gries 2008, Lijffijt and Gries 2012) and Juilland's D (1970) of the whole. Reports without a date, or of no
    outlet, belong to no part.

    Raises
    ------
    InputError
        If there are no such parts.
    """
    check_sequences(1, over)
    counted, hits, days, found = [], [], [], 0
    for part in words.parts():
        among = part.keeps(where)
        at, _ = part.find(pattern, among)
        found += len(at)
        kept = part.is_word if among is None else part.is_word & among
        group = groups(part, over)
        sizes = np.bincount(part.doc[kept], minlength=len(group))
        often = np.bincount(part.doc[at], minlength=len(group))
        rows = pl.DataFrame({"part": group, "words": sizes, "count": often, "reports": (often > 0).astype(np.int64)})
        counted.append(rows.drop_nulls("part").group_by("part").agg(pl.all().sum()))
        hits.append(part.documents.select("outlet", "published")[part.doc[at]].with_columns(at=_within(part, at)))
        there = part.documents.filter(pl.Series(sizes > 0, dtype=pl.Boolean))
        days.append(there.select("outlet", "published").unique())
    frame = pl.concat(counted).group_by("part").agg(pl.all().sum()).filter(pl.col("words") > 0).sort("part")
    counts, sizes = frame["count"].to_numpy()[None], frame["words"].to_numpy()
    several = len(sizes) > 1
    dp = float(association.dp(counts, sizes)[0]) if len(sizes) else float("nan")
    dp_norm = float(association.dp(counts, sizes, normalised=True)[0]) if several else float("nan")
    juilland = float(association.juilland_d(counts, sizes)[0]) if several else float("nan")
    inside = int(frame["count"].sum())
    notes = [
        f"{plural(found, 'hit')} over {plural(frame.height, over)}",
        f"DPnorm {number(dp_norm) or 'unknown'}, DP {number(dp) or 'unknown'} (0: spread evenly, 1: all in one)",
        f"Juilland's D {number(juilland) or 'unknown'} (1: spread evenly, 0: all in one)",
    ]
    if inside < found:
        notes.append(f"{plural(found - inside, 'hit')} in reports of no known {over}")
    per_million = (pl.col("count") / pl.col("words") * 1e6).alias("per_million")
    return Dispersion(
        frame.select("part", "words", "count", per_million, "reports"),
        f"Dispersion of {pattern.typed} ({where})",
        tuple(notes), dp, dp_norm, juilland,
        pl.concat(hits).drop_nulls().select("outlet", "at").sort("outlet", "at"),
        pl.concat(days).drop_nulls().unique().sort("outlet", "published"),
    )  # fmt: skip


def _within(part: TokenPartition, at: np.ndarray) -> pl.Expr:
    """Give the day of each hit, and how much of what its outlet printed that day comes before it."""
    documents = part.documents
    sizes = np.bincount(part.doc, minlength=documents.height)
    start = np.concatenate([[0], np.cumsum(sizes)])[:-1]
    counted = documents.select("outlet", "published", words=pl.Series(sizes)).with_columns(
        before=pl.col("words").cum_sum().over("outlet", "published") - pl.col("words"),
        all=pl.col("words").sum().over("outlet", "published"),
    )
    doc = part.doc[at]
    position = counted["before"].to_numpy()[doc] + at - start[doc]
    return pl.col("published").cast(pl.Int32) + pl.Series(position / np.maximum(counted["all"].to_numpy()[doc], 1))
