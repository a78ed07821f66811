"""Lexical diversity of reports, whatever their length."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import polars as pl

from corpus_tools.display.result import Result
from corpus_tools.explore.checks import check_choice, check_integer
from corpus_tools.explore.frequencies import parts_of
from corpus_tools.explore.pattern import Unit
from corpus_tools.explore.word_index import CorpusWords, Selection, TokenPartition
from corpus_tools.stats import association
from corpus_tools.stats.intervals import BootstrapSettings, means
from corpus_tools.text.plain_text import plural

Each = Literal["outlet", "week", "report"]
_MEASURES = ["mattr", "mtld", "hdd"]


@dataclass(frozen=True, repr=False)
class Diversity(Result):
    """Lexical diversity of reports."""


def diversity(
    words: CorpusWords, selection: Selection, *, over: Each = "outlet", unit: Unit = "word", window: int = 50
) -> Diversity:
    """Measure the lexical diversity of each report; see `ExploreMethods.diversity`.

    A report with fewer words than the window, or than the 42 drawn for HD-D, is left out.
    """
    check_choice("over", over, get_args(Each))
    check_integer("window", window, 2, example=50)
    by_report = pl.concat([_by_report(partition, selection, unit, window) for partition in words.partitions()])
    long = by_report.drop_nulls(_MEASURES)
    short = plural(by_report.height - long.height, "report")
    notes = (
        f"{plural(long.height, 'report')}, each by itself; MATTR over windows of {window} words",
        f"{short} of fewer than {max(window, association.DRAWN)} words left out",
    )
    title = f"Diversity of {'words' if unit == 'word' else 'lemmas'} by {over} ({selection})"
    if over == "report":
        return Diversity(long.drop("week"), title, notes)
    averages = means(long.rename({over: "part"}).drop_nulls("part"), ["part"], _MEASURES, BootstrapSettings())
    wide = averages.select("part", "reports").unique(maintain_order=True)
    for name in _MEASURES:
        ends = [pl.col(end).alias(f"{name}_{end}") for end in ("low", "high")]
        of_measure = averages.filter(value=name).select("part", pl.col("mean").alias(name), *ends)
        wide = wide.join(of_measure, on="part", how="left", maintain_order="left")
    return Diversity(wide, title, notes)


def _by_report(partition: TokenPartition, selection: Selection, unit: Unit, window: int) -> pl.DataFrame:
    is_word = partition.words_in(partition.selected(selection))
    codes, doc = partition.column(unit).codes[is_word], partition.doc[is_word]
    ends = np.searchsorted(doc, np.arange(partition.documents.height), side="right")
    rows = []
    for report in np.split(codes, ends[:-1]) if len(ends) else ():
        _, numbers = np.unique(report, return_inverse=True)
        hdd = association.hdd(np.bincount(numbers))
        rows.append((len(numbers), association.mattr(numbers, window), association.mtld(numbers.tolist()), hdd))
    schema = {"words": pl.Int64, **dict.fromkeys(_MEASURES, pl.Float64)}
    measures = pl.DataFrame(rows, schema=schema, orient="row").with_columns(pl.col(_MEASURES).fill_nan(None))
    documents = partition.documents.select("doc_id", "outlet", "published", parts_of(partition, "week").alias("week"))
    return pl.concat([documents, measures], how="horizontal").filter(pl.col("words") > 0)
