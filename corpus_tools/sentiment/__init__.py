"""Sentiment by sentence, with VADER (Hutto & Gilbert 2014), and its means by report, day and period.

VADER was made for one sentence at a time: over a whole article its compound score runs to -1 or 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from corpus_tools.sentiment.vader import score
from corpus_tools.sentiment.words import column
from corpus_tools.series import Period, bins, start_of

__all__ = [
    "SCORES",
    "Calibration",
    "by_day",
    "by_period",
    "calibrate",
    "load_calibration",
    "score_partition",
    "score_sentences",
    "summarise",
]
SCORES = ["neg", "neu", "pos", "compound"]
_DIGITS = 6
# Half-width of a 95 % interval of a mean, in standard errors.
_NORMAL_95 = 1.959964
# The spread of fewer reports than this says too little for an interval.
_FEWEST_FOR_INTERVAL = 5


def __getattr__(name: str) -> Any:
    """Import the calibration when it is asked for: the processes that score with VADER pay for no regression."""
    if name not in {"Calibration", "calibrate", "load_calibration"}:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from corpus_tools.sentiment import calibration  # noqa: PLC0415

    return getattr(calibration, name)


def score_sentences(sentences: Sequence[str]) -> pl.DataFrame:
    """Score sentences with VADER.

    Parameters
    ----------
    sentences
        One sentence each.

    Returns
    -------
    neg, neu, pos (parts that add up to 1, but for rounding) and compound (from -1 to 1); a row a sentence, in order.

    Examples
    --------
    >>> score_sentences(["The images shocked the world.", "Talks opened in Istanbul."])["compound"].to_list()
    [-0.3182, 0.0]
    """
    return score(column(sentences))


def score_partition(documents: pl.DataFrame, sentences: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Score every sentence of one partition.

    Returns
    -------
    sentiment, and sentiment_by_document: the means over each report's sentences, null where it has none.
    """
    texts = dict(zip(documents["doc_id"], documents["text"], strict=True))
    spans = zip(*(sentences[name].to_list() for name in ("doc_id", "start", "end")), strict=True)
    scores = score_sentences([texts[doc][start:end] for doc, start, end in spans])
    scored = pl.concat([sentences.select("doc_id", "sentence"), scores], how="horizontal")
    means = scored.group_by("doc_id", maintain_order=True).agg(
        pl.len().cast(pl.Int64).alias("sentences"), pl.col(SCORES).mean().round(_DIGITS)
    )
    by_document = documents.select("doc_id", "outlet", "published").join(means, on="doc_id", how="left")
    return {
        "sentiment": scored,
        "sentiment_by_document": by_document.with_columns(pl.col("sentences").fill_null(0)),
    }


def by_day(documents: pl.DataFrame) -> pl.DataFrame:
    """Average the reports of each day: every report counts once, however long it is."""
    scored = documents.drop_nulls(["compound", "published"]).sort("published", "doc_id")
    return scored.group_by("published", maintain_order=True).agg(
        pl.len().alias("reports"), pl.col("sentences").sum(), pl.col("compound").mean().round(_DIGITS)
    )


def by_period(documents: pl.DataFrame, period: Period) -> pl.DataFrame:
    """Average the reports of each outlet and period, with a 95 % interval.

    Returns
    -------
    outlet, start, stretch, reports, compound, low, high; the interval is the mean's, from the spread between reports
    (normal approximation), and null below five reports. A bin without a report has a null mean.
    """
    scored = (
        documents.drop_nulls(["compound", "published"]).with_columns(start_of(period)).sort("outlet", "start", "doc_id")
    )
    half = pl.when(pl.len() >= _FEWEST_FOR_INTERVAL).then(_NORMAL_95 * pl.col("compound").std() / pl.len().sqrt())
    means = scored.group_by("outlet", "start", maintain_order=True).agg(
        pl.len().cast(pl.Int64).alias("reports"),
        pl.col("compound").mean().round(_DIGITS),
        (pl.col("compound").mean() - half).round(_DIGITS).alias("low"),
        (pl.col("compound").mean() + half).round(_DIGITS).alias("high"),
    )
    every = bins(scored["start"], period).join(scored.select("outlet").unique(), how="cross")
    return every.join(means, on=["outlet", "start"], how="left").with_columns(pl.col("reports").fill_null(0))


def summarise(documents: pl.DataFrame) -> dict[str, Any]:
    """Average all reports and each outlet's, for the metrics."""
    by_outlet = documents.sort("doc_id").group_by("outlet", maintain_order=True).agg(pl.col("compound").mean().round(4))
    return {
        "sentences": int(documents["sentences"].sum()),
        "compound": round(float(documents.sort("doc_id").select(pl.col("compound").mean()).item() or 0.0), 4),
        "outlets": dict(by_outlet.sort("outlet").iter_rows()),
    }
