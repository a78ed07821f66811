"""How rich texts are in different words, whatever their length."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal, get_args

import numpy as np
import polars as pl

from corpus_tools.display.html import plural
from corpus_tools.display.result import Result
from corpus_tools.explore.frequencies import groups
from corpus_tools.explore.pattern import Unit, one_of
from corpus_tools.explore.word_index import CorpusWords, TokenPartition, Where, whole
from corpus_tools.stats import association
from corpus_tools.stats.intervals import BootstrapSettings, means

Each = Literal["outlet", "week", "report"]
_MEASURES = ["mattr", "mtld", "hdd"]


@dataclass(frozen=True, repr=False)
class Diversity(Result):
    """How rich reports are in different words."""

    columns: ClassVar[tuple[str, ...]] = ()


def diversity(  # noqa: PLR0913 - what is measured, and where
    words: CorpusWords,
    where: Where,
    *,
    over: Each = "outlet",
    unit: Unit = "word",
    window: int = 50,
    draws: BootstrapSettings | None = None,
) -> Diversity:
    """Measure how rich reports are in different words: MATTR, MTLD and HD-D, each report by itself.

    A report shorter than the window has no MATTR, one shorter than 42 words no HD-D and MTLD, and is left out.

    Parameters
    ----------
    over
        Means over the reports of each outlet or week, with a 95 % interval by a bootstrap of days; or each report.
    unit
        Words as written (in small letters) or lemmas.
    window
        Of MATTR, in words.
    draws
        For the intervals.

    Returns
    -------
    A row an outlet or week: part, reports, and mattr, mtld, hdd with the ends of their intervals (`mattr_low`, ...); or
    a row a report: doc_id, outlet, published, words, mattr, mtld, hdd.

    Raises
    ------
    InputError
        If there are no such parts, or the window is no number of words.

    References
    ----------
    Covington and McFall (2010); McCarthy and Jarvis (2007, 2010).
    """
    one_of("over", over, get_args(Each))
    whole("window", window, 2, usual=50)
    each = pl.concat([_each(part, where, unit, window) for part in words.parts()])
    long = each.drop_nulls(_MEASURES)
    left_out = each.height - long.height
    notes = (
        f"{plural(long.height, 'report')}, each by itself; MATTR over windows of {window} words",
        f"{plural(left_out, 'report')} of fewer than {max(window, association.DRAWN)} words left out",
    )
    title = f"Diversity of {'words' if unit == 'word' else 'lemmas'} by {over} ({where})"
    if over == "report":
        return Diversity(long.drop("week"), title, notes)
    found = means(long.rename({over: "part"}).drop_nulls("part"), ["part"], _MEASURES, draws or BootstrapSettings())
    wide = found.select("part", "reports").unique(maintain_order=True)
    for name in _MEASURES:
        ends = [pl.col(kind).alias(f"{name}_{kind}") for kind in ("low", "high")]
        own = found.filter(value=name).select("part", pl.col("mean").alias(name), *ends)
        wide = wide.join(own, on="part", how="left", maintain_order="left")
    return Diversity(wide, title, notes)


def _each(part: TokenPartition, where: Where, unit: Unit, window: int) -> pl.DataFrame:
    among = part.keeps(where)
    kept = part.is_word if among is None else part.is_word & among
    codes, doc = part.column(unit).codes[kept], part.doc[kept]
    ends = np.searchsorted(doc, np.arange(part.documents.height), side="right")
    starts = np.concatenate([[0], ends])[:-1]
    rows = []
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        _, own = np.unique(codes[start:end], return_inverse=True)
        rows.append(
            (
                len(own), association.mattr(own, window), association.mtld(own.tolist()),
                association.hdd(np.bincount(own)),
            )
        )  # fmt: skip
    schema = {"words": pl.Int64, **dict.fromkeys(_MEASURES, pl.Float64)}
    counted = pl.DataFrame(rows, schema=schema, orient="row").with_columns(pl.col(_MEASURES).fill_nan(None))
    about = part.documents.select("doc_id", "outlet", "published", groups(part, "week").alias("week"))
    return pl.concat([about, counted], how="horizontal").filter(pl.col("words") > 0)
