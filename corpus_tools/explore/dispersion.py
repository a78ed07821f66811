"""Dispersion: how evenly a pattern is spread over weeks or outlets, and when each hit was published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import polars as pl

from corpus_tools.display.result import Result
from corpus_tools.explore.frequencies import Over, check_sequences, parts_of
from corpus_tools.explore.pattern import Pattern
from corpus_tools.explore.word_index import CorpusWords, Ints, Selection, TokenPartition
from corpus_tools.stats import association
from corpus_tools.text.plain_text import number, plural

if TYPE_CHECKING:
    from corpus_tools.explore.plots import Plot


@dataclass(frozen=True, repr=False)
class Dispersion(Result):
    """How evenly a pattern is spread over the parts of a corpus.

    Attributes
    ----------
    dp, dp_norm, juilland_d
        The deviation of proportions, the same normalised to 1, and Juilland's D; NaN without hits, and the latter two
        also if there is only one part.
    hits
        outlet, at: the time of each hit in days since 1970, the fraction being the share of that day's words before it.
    days
        outlet, published: the days on which the outlet has words.
    """

    dp: float
    dp_norm: float
    juilland_d: float
    hits: pl.DataFrame
    days: pl.DataFrame

    columns: ClassVar[tuple[str, ...]] = ("part", "words", "count", "per_million", "reports")

    def barcode(self, outlets: int = 12) -> Plot:
        """Draw a line for each hit along the days of the corpus, one row per outlet."""
        from corpus_tools.explore.plots import barcode  # noqa: PLC0415 - matplotlib is loaded once a plot is drawn

        return barcode(self.hits, self.days, outlets, self.title.removeprefix("Dispersion of "))


def dispersion(words: CorpusWords, pattern: Pattern, selection: Selection, *, over: Over = "week") -> Dispersion:
    """Measure the dispersion of a pattern; see `ExploreMethods.dispersion`.

    Reports without a date, or without an outlet, belong to no part.
    """
    check_sequences(1, over)
    counts, times, days, n_hits = [], [], [], 0
    for partition, selected, hits, _ in words.search(pattern, selection):
        n_hits += len(hits)
        part = parts_of(partition, over)
        sizes = np.bincount(partition.doc[partition.words_in(selected)], minlength=len(part))
        count = np.bincount(partition.doc[hits], minlength=len(part))
        rows = pl.DataFrame({"part": part, "words": sizes, "count": count, "reports": (count > 0).astype(np.int64)})
        counts.append(rows.drop_nulls("part").group_by("part").agg(pl.all().sum()))
        documents = partition.documents.select("outlet", "published")
        times.append(documents[partition.doc[hits]].with_columns(at=_times(partition, hits)))
        days.append(documents.filter(pl.Series(sizes > 0, dtype=pl.Boolean)).unique())
    frame = pl.concat(counts).group_by("part").agg(pl.all().sum()).filter(pl.col("words") > 0).sort("part")
    by_part, sizes = frame["count"].to_numpy()[None], frame["words"].to_numpy()
    dp = float(association.dp(by_part, sizes)[0]) if len(sizes) else float("nan")
    several = len(sizes) > 1
    dp_norm = float(association.dp(by_part, sizes, normalised=True)[0]) if several else float("nan")
    juilland = float(association.juilland_d(by_part, sizes)[0]) if several else float("nan")
    notes = [
        f"{plural(n_hits, 'hit')} over {plural(frame.height, over)}",
        f"DPnorm {number(dp_norm) or 'unknown'}, DP {number(dp) or 'unknown'} (0: spread evenly, 1: all in one)",
        f"Juilland's D {number(juilland) or 'unknown'} (1: spread evenly, 0: all in one)",
    ]
    if unplaced := n_hits - int(frame["count"].sum()):
        notes.append(f"{plural(unplaced, 'hit')} in reports of no known {over}")
    per_million = (pl.col("count") / pl.col("words") * 1e6).alias("per_million")
    return Dispersion(
        frame.select("part", "words", "count", per_million, "reports"),
        f"Dispersion of {pattern.typed} ({selection})",
        tuple(notes), dp, dp_norm, juilland,
        pl.concat(times).drop_nulls().select("outlet", "at").sort("outlet", "at"),
        pl.concat(days).drop_nulls().unique().sort("outlet", "published"),
    )  # fmt: skip


def _times(partition: TokenPartition, hits: Ints) -> pl.Expr:
    """Return the day of each hit, plus the share of what its outlet published on that day that is before it."""
    sizes = np.bincount(partition.doc, minlength=partition.documents.height)
    start = np.concatenate([[0], np.cumsum(sizes)])[:-1]
    of_day = partition.documents.select("outlet", "published", words=pl.Series(sizes)).with_columns(
        before=pl.col("words").cum_sum().over("outlet", "published") - pl.col("words"),
        all=pl.col("words").sum().over("outlet", "published"),
    )
    doc = partition.doc[hits]
    position = of_day["before"].to_numpy()[doc] + hits - start[doc]
    return pl.col("published").cast(pl.Int32) + pl.Series(position / np.maximum(of_day["all"].to_numpy()[doc], 1))
