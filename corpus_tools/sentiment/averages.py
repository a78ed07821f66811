"""Average sentiment by day, outlet, period, topic and speaker, with intervals, and list the effects of words.

Every report counts once, whatever its length. Averages are made over all reports and over independent ones, the
earliest of each cluster of near-duplicates (`intervals.by_unit`). Intervals come from a block bootstrap of days.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import polars as pl

from corpus_tools.nltk_fast.lexicon import lexicon
from corpus_tools.sentiment.scores import INDICES
from corpus_tools.stats.calendar_bins import Period, bins, start_of
from corpus_tools.stats.intervals import UNITS, BootstrapSettings, by_unit, means
from corpus_tools.text.person_names import full_names

_DIGITS = 6
# A single word adds little to the mean of a large corpus.
_EFFECT_DIGITS = 8
# People quoted in fewer reports are left out.
_MIN_REPORTS = 5
_SIGNS = ("negative", "positive")


def by_day(documents: pl.DataFrame) -> pl.DataFrame:
    """Average the reports of each day."""
    scored = by_unit(documents.drop_nulls(["compound", "published"]).sort("published", "doc_id"))
    return scored.group_by("unit", "published", maintain_order=True).agg(
        pl.len().alias("reports"), pl.col("sentences").sum(), pl.col("compound").mean().round(_DIGITS)
    )


def by_outlet(documents: pl.DataFrame, bootstrap: BootstrapSettings) -> pl.DataFrame:
    """Average the reports of each outlet, and of all outlets (null), for each of INDICES."""
    return _average(_with_all_outlets(documents), ["unit", "outlet"], bootstrap)


def by_period(documents: pl.DataFrame, period: Period, bootstrap: BootstrapSettings) -> pl.DataFrame:
    """Average the reports of each outlet, and of all outlets (null), in each period, for each of INDICES.

    A bin depends on its own reports only, so later reports change none of its numbers. Bins without reports have a null
    mean.
    """
    dated = documents.drop_nulls(["compound", "published"])
    series = _with_all_outlets(dated.with_columns(start_of(period)), "start")
    averages = _average(series, ["unit", "outlet", "start"], bootstrap)
    every = (
        bins(dated.select(start_of(period))["start"], period)
        .join(pl.DataFrame({"unit": UNITS}), how="cross")
        .join(series.select("outlet").unique(), how="cross")
        .join(pl.DataFrame({"index": list(INDICES)}), how="cross")
    )
    joined = every.join(averages, on=["unit", "outlet", "start", "index"], how="left", nulls_equal=True)
    return joined.with_columns(pl.col("reports").fill_null(0))


def _with_all_outlets(documents: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """Return the reports of each unit twice: with their outlet, and with null for all outlets."""
    reports = documents.select("outlet", "published", "is_first_report", *INDICES.values(), *columns)
    return by_unit(pl.concat([reports, reports.with_columns(outlet=pl.lit(None, pl.String))]))


def _average(frame: pl.DataFrame, by: Sequence[str], bootstrap: BootstrapSettings) -> pl.DataFrame:
    """Average each of INDICES over the reports that have it: some have no quoted sentence."""
    averages = [
        means(frame, by, [name], bootstrap).with_columns(index=pl.lit(index)) for index, name in INDICES.items()
    ]
    return pl.concat(averages).rename({"mean": "compound"}).drop("value")


def by_topic(days: pl.DataFrame, labels: pl.DataFrame, own: pl.DataFrame, bootstrap: BootstrapSettings) -> pl.DataFrame:
    """Average the reports of each topic, weighted by their shares of it; `without` leaves out the topic's own words.

    Parameters
    ----------
    days
        The sums `topics` of `score_partition`, of all partitions.
    labels
        topic, label.
    own
        topic, rank, term, row: the words of the lexicon that belong to a topic.
    """
    days = by_unit(days)
    averages = pl.concat([_average_topics(days, index, bootstrap) for index in INDICES])
    negative = days.group_by("unit", "topic").agg(pl.col("own", "negative").sum())
    share = pl.when(pl.col("negative") > 0).then(pl.col("own") / pl.col("negative")).round(_DIGITS)
    words = own.sort("topic", "rank").group_by("topic").agg(pl.col("term").unique(maintain_order=True).str.join(", "))
    return (
        averages.join(negative.select("unit", "topic", own_share=share), on=["unit", "topic"], how="left")
        .join(labels, on="topic", how="left")
        .join(words.select("topic", own_words="term"), on="topic", how="left")
        .with_columns(pl.col("own_words").fill_null(""))
    )


def _average_topics(days: pl.DataFrame, index: str, bootstrap: BootstrapSettings) -> pl.DataFrame:
    reports, share = pl.col(f"reports_{index}"), pl.col(f"share_{index}")
    scores = days.filter(reports > 0).select(
        "unit", "topic", "published", reports=reports, share=share, score=pl.col(f"sum_{index}") / share
    )
    averages = means(scores, ["unit", "topic"], ["score"], bootstrap, weight="share", reports="reports")
    return averages.rename({"mean": "compound"}).drop("value").with_columns(index=pl.lit(index))


def by_speaker(speakers: pl.DataFrame, people: pl.DataFrame, bootstrap: BootstrapSettings) -> pl.DataFrame:
    """Average the quoted sentences of each person quoted in five reports or more.

    A surname alone is resolved to the full name that most reports give it.

    Parameters
    ----------
    speakers, people
        The sums of `score_partition` with these names, of all partitions.
    """
    # A report may quote one person by two names.
    reports = (
        speakers.join(full_names(people), left_on="speaker_name", right_on="name", how="left")
        .with_columns(speaker_name=pl.coalesce("full_name", "speaker_name"))
        .sort("speaker_name", "doc_id")
        .group_by("speaker_name", "doc_id", "published", "is_first_report", maintain_order=True)
        .agg(pl.col("sentences", "sum").sum())
        .filter(pl.len().over("speaker_name") >= _MIN_REPORTS)
        .with_columns(compound=pl.col("sum") / pl.col("sentences"))
    )
    reports = by_unit(reports)
    averages = means(reports, ["unit", "speaker_name"], ["compound"], bootstrap, weight="sentences")
    sentences = reports.group_by("unit", "speaker_name").agg(pl.col("sentences").sum())
    joined = averages.join(sentences, on=["unit", "speaker_name"], how="left")
    return joined.rename({"mean": "compound"}).drop("value")


def by_word(sums: pl.DataFrame, vocabulary: Collection[int], documents: pl.DataFrame) -> pl.DataFrame:
    """List the words of the lexicon that occur in the corpus, with their shares of all valence and their effects.

    Parameters
    ----------
    sums
        The sums `words` of `score_partition`, of all partitions.
    vocabulary
        Rows of the lexicon that belong to the vocabulary.
    documents
        compound: the mean of each report, or null.
    """
    totals = sums.group_by("row").agg(pl.col("n", "reports").sum(), pl.col("negative", "positive", "change").sum())
    known = pl.DataFrame({"word": list(lexicon()), "valence": list(lexicon().values())}).with_row_index("row")
    named = totals.join(known.with_columns(pl.col("row").cast(sums.schema["row"])), on="row")
    shares = [(pl.col(c) / pl.col(c).sum()).fill_nan(0.0).round(_DIGITS).alias(f"{c}_share") for c in _SIGNS]
    return named.select(
        "word", "valence", "n", "reports",
        pl.col("row").is_in(list(vocabulary)).alias("in_vocabulary"),
        *shares,
        (pl.col("change") / documents["compound"].count()).round(_EFFECT_DIGITS).alias("effect"),
    )  # fmt: skip


def summarise(documents: pl.DataFrame, words: pl.DataFrame, both: int) -> dict[str, Any]:
    """Return the metrics of the step.

    Parameters
    ----------
    documents
        The table sentiment_by_document.
    words
        The table sentiment_words.
    both
        Number of sentences in which both voices speak.
    """
    ordered = documents.sort("doc_id")
    outlets = ordered.group_by("outlet", maintain_order=True).agg(pl.col("compound").mean().round(4)).sort("outlet")
    mean = {name: ordered[name].mean() for name in INDICES.values()}
    rounded: dict[str, Any] = {name: None if value is None else round(float(value), 4) for name, value in mean.items()}  # type: ignore[arg-type]
    inside = words.filter("in_vocabulary")
    return {
        "sentences": int(documents["sentences"].sum()),
        "compound": rounded["compound"] or 0.0,
        "outlets": dict(outlets.iter_rows()),
        "quoted_sentences": int(documents["quoted_sentences"].sum()),
        "sentences_with_both_voices": both,
        "narrator": rounded["narrator"],
        "quoted": rounded["quoted"],
        "without_vocabulary": rounded["without"],
        "vocabulary_words_found": inside.height,
        "negative_share_of_vocabulary": round(float(inside["negative_share"].sum()), 4),
    }
