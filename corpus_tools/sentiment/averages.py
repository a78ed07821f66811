"""Mean sentiment of the corpus by outlet, period, topic and speaker, with intervals, and the words that carry it.

Each report counts once, however long it is, and everything is counted twice: by report, and by independent report, of
which a cluster of near-duplicates holds one (`intervals.by_unit`). Intervals are those of a block bootstrap of days.
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
# What one word of thousands adds to the mean of a large corpus is small.
_DIGITS_OF_EFFECT = 8
# People quoted in fewer reports are read one by one.
_FEWEST_REPORTS = 5
_SIGNS = ("negative", "positive")


def by_day(documents: pl.DataFrame) -> pl.DataFrame:
    """Average the reports of each day: every report counts once, however long it is."""
    scored = by_unit(documents.drop_nulls(["compound", "published"]).sort("published", "doc_id"))
    return scored.group_by("unit", "published", maintain_order=True).agg(
        pl.len().alias("reports"), pl.col("sentences").sum(), pl.col("compound").mean().round(_DIGITS)
    )


def by_outlet(documents: pl.DataFrame, draws: BootstrapSettings) -> pl.DataFrame:
    """Average the reports of each outlet, and of all (outlet null), by each of INDICES.

    Returns
    -------
    unit, outlet, index, reports, compound, low, high.
    """
    return _averaged(_of_all_and_each(documents), ["unit", "outlet"], draws)


def by_period(documents: pl.DataFrame, period: Period, draws: BootstrapSettings) -> pl.DataFrame:
    """Average the reports of each outlet and of all (outlet null) in each period, by each of INDICES.

    A bin depends on its own reports only, so what is printed later changes nothing.

    Returns
    -------
    unit, outlet, index, period, start, stretch, reports, compound, low, high. A bin without a report has a null mean.
    """
    dated = documents.drop_nulls(["compound", "published"])
    series = _of_all_and_each(dated.with_columns(start_of(period)), "start")
    found = _averaged(series, ["unit", "outlet", "start"], draws)
    every = (
        bins(dated.select(start_of(period))["start"], period)
        .join(pl.DataFrame({"unit": UNITS}), how="cross")
        .join(series.select("outlet").unique(), how="cross")
        .join(pl.DataFrame({"index": list(INDICES)}), how="cross")
    )
    joined = every.join(found, on=["unit", "outlet", "start", "index"], how="left", nulls_equal=True)
    return joined.with_columns(pl.col("reports").fill_null(0))


def _of_all_and_each(documents: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """List the reports by unit, each once for its outlet and once for all of them."""
    wanted = documents.select("outlet", "published", "is_first_report", *INDICES.values(), *columns)
    return by_unit(pl.concat([wanted, wanted.with_columns(outlet=pl.lit(None, pl.String))]))


def _averaged(frame: pl.DataFrame, by: Sequence[str], draws: BootstrapSettings) -> pl.DataFrame:
    """Average each of INDICES: some reports have no quoted sentence, so each counts its own reports."""
    found = [means(frame, by, [name], draws).with_columns(index=pl.lit(index)) for index, name in INDICES.items()]
    return pl.concat(found).rename({"mean": "compound"}).drop("value")


def by_topic(days: pl.DataFrame, labels: pl.DataFrame, own: pl.DataFrame, draws: BootstrapSettings) -> pl.DataFrame:
    """Average the reports of each topic, a report by its share of the topic.

    Parameters
    ----------
    days
        What `score_partition` adds up as `topics`, of all partitions.
    labels
        topic, label.
    own
        topic, rank, term, row: the words of the lexicon that belong to a topic.

    Returns
    -------
    unit, topic, label, index, reports (those with a share of it), compound, low, high,
    own_share (the part of its reports' negative valence that its own words carry), own_words (the terms that are words
    of the lexicon). The index "without" is without these.
    """
    counted = by_unit(days)
    found = pl.concat([_by_topic(counted, index, draws) for index in INDICES])
    carried = counted.group_by("unit", "topic").agg(pl.col("own", "negative").sum())
    share = pl.when(pl.col("negative") > 0).then(pl.col("own") / pl.col("negative")).round(_DIGITS)
    words = own.sort("topic", "rank").group_by("topic").agg(pl.col("term").unique(maintain_order=True).str.join(", "))
    return (
        found.join(carried.select("unit", "topic", own_share=share), on=["unit", "topic"], how="left")
        .join(labels, on="topic", how="left")
        .join(words.select("topic", own_words="term"), on="topic", how="left")
        .with_columns(pl.col("own_words").fill_null(""))
    )


def _by_topic(days: pl.DataFrame, index: str, draws: BootstrapSettings) -> pl.DataFrame:
    reports, share = pl.col(f"reports_{index}"), pl.col(f"share_{index}")
    some = days.filter(reports > 0).select(
        "unit", "topic", "published", reports=reports, share=share, score=pl.col(f"sum_{index}") / share
    )
    found = means(some, ["unit", "topic"], ["score"], draws, weight="share", reports="reports")
    return found.rename({"mean": "compound"}).drop("value").with_columns(index=pl.lit(index))


def by_speaker(said: pl.DataFrame, people: pl.DataFrame, draws: BootstrapSettings) -> pl.DataFrame:
    """Average the quoted sentences of each person, over the corpus.

    Parameters
    ----------
    said, people
        What `score_partition` gives by these names, of all partitions.

    Returns
    -------
    unit, speaker_name, sentences, reports, compound, low, high; people quoted in five reports or more. A report counts
    by its sentences; a surname alone is taken for the full name that most reports give it.
    """
    # A report may quote one person by two names.
    each = (
        said.join(full_names(people), left_on="speaker_name", right_on="name", how="left")
        .with_columns(speaker_name=pl.coalesce("full_name", "speaker_name"))
        .sort("speaker_name", "doc_id")
        .group_by("speaker_name", "doc_id", "published", "is_first_report", maintain_order=True)
        .agg(pl.col("sentences", "sum").sum())
        .filter(pl.len().over("speaker_name") >= _FEWEST_REPORTS)
        .with_columns(compound=pl.col("sum") / pl.col("sentences"))
    )
    counted = by_unit(each)
    found = means(counted, ["unit", "speaker_name"], ["compound"], draws, weight="sentences")
    sentences = counted.group_by("unit", "speaker_name").agg(pl.col("sentences").sum())
    joined = found.join(sentences, on=["unit", "speaker_name"], how="left")
    return joined.rename({"mean": "compound"}).drop("value")


def words(sums: pl.DataFrame, vocabulary: Collection[int], documents: pl.DataFrame) -> pl.DataFrame:
    """List the words of the lexicon that the corpus holds, with what each weighs and adds to the index.

    Parameters
    ----------
    sums
        What `score_partition` adds up as `words`, of all partitions.
    vocabulary
        Rows of the lexicon that belong to the vocabulary.
    documents
        compound: the mean of each report, or null.

    Returns
    -------
    word, valence (in the lexicon), n, reports, in_vocabulary, negative_share and positive_share (its part of all
    negative and positive valence, as VADER weighed it), effect (the mean over reports, minus the same with the word's
    valence put to zero; null without reports).
    """
    total = sums.group_by("row").agg(pl.col("n", "reports").sum(), pl.col("negative", "positive", "change").sum())
    known = pl.DataFrame({"word": list(lexicon()), "valence": list(lexicon().values())}).with_row_index("row")
    named = total.join(known.with_columns(pl.col("row").cast(sums.schema["row"])), on="row")
    share = [(pl.col(c) / pl.col(c).sum()).fill_nan(0.0).round(_DIGITS).alias(f"{c}_share") for c in _SIGNS]
    return named.select(
        "word", "valence", "n", "reports",
        pl.col("row").is_in(list(vocabulary)).alias("in_vocabulary"),
        *share,
        (pl.col("change") / documents["compound"].count()).round(_DIGITS_OF_EFFECT).alias("effect"),
    )  # fmt: skip


def summarise(documents: pl.DataFrame, words: pl.DataFrame, both: int) -> dict[str, Any]:
    """Average all reports and each outlet's, for the metrics; and say whose voice speaks, and what words carry.

    Parameters
    ----------
    documents
        The table sentiment_by_document.
    words
        The table sentiment_words.
    both
        In how many sentences both voices speak.
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
