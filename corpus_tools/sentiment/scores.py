"""Score sentences with VADER (Hutto & Gilbert 2014), and sum the scores of one partition for the averages.

VADER is made for single sentences: over a whole article its compound score tends to -1 or 1.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from corpus_tools.nltk_fast.lexicon import lexicon, string_column
from corpus_tools.nltk_fast.vader import WeighedWords, score, score_weighed, weigh_words
from corpus_tools.sentiment.sentence_voices import voices
from corpus_tools.sentiment.word_effects import compound_without, negative_sums, word_effects
from corpus_tools.text.person_names import count_people, without_initials

SCORES = ["neg", "neu", "pos", "compound"]
# The averages: of all sentences, of those in one voice, and of all sentences without the words of the vocabulary; and
# their columns in sentiment_by_document.
INDICES = {"all": "compound", "narrator": "narrator", "quoted": "quoted", "without": "without"}
# The tables that `score_partition` takes, in order.
READS = ("documents", "sentences", "quotes", "names", "doc_topics")
_DIGITS = 6


def score_sentences(sentences: Sequence[str]) -> pl.DataFrame:
    """Score sentences with VADER.

    Returns
    -------
    One row per sentence, in order: neg, neu and pos (shares that add up to 1 but for rounding) and compound (from -1 to
    1).

    Examples
    --------
    >>> score_sentences(["The images shocked the world.", "Talks opened in Istanbul."])["compound"].to_list()
    [-0.3182, 0.0]
    """
    return score(string_column(sentences))


def score_partition(vocabulary: Sequence[int], own: pl.DataFrame, *tables: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Score every sentence of one partition, and sum what the averages over the corpus need.

    Parameters
    ----------
    vocabulary
        Rows of the lexicon that the index `without` leaves out.
    own
        topic, row: the words of the lexicon that belong to a topic.
    tables
        The tables of READS.

    Returns
    -------
    The tables `sentiment` and `sentiment_by_document`, and the sums `words` (by word of the lexicon), `topics` (by
    topic and day), `speakers` (by report and quoted person), `people` (reports by name) and `both` (sentences in which
    both voices speak).
    """
    documents, sentences, quotes, names, doc_topics = tables
    words = weigh_words(string_column(_texts(documents, sentences)))
    spoken = voices(documents, sentences, quotes)
    scored = pl.concat([sentences.select("doc_id", "sentence"), score_weighed(words), spoken], how="horizontal")
    extra = {"without": compound_without(words, vocabulary), "negative": negative_sums(words)}
    by_document = documents.select("doc_id", "outlet", "published", "is_first_report").join(
        _document_means(scored.with_columns(**{name: pl.Series(values) for name, values in extra.items()})),
        on="doc_id", how="left", maintain_order="left",
    )  # fmt: skip
    by_document = by_document.with_columns(pl.col("sentences", "quoted_sentences", "negative").fill_null(0))
    reports = scored.select("doc_id", sentences=pl.len().over("doc_id"))
    sums = {
        "words": _word_sums(words, reports),
        "topics": _topic_sums(_own_sums(words, own, reports), by_document, doc_topics),
        "speakers": _speaker_sums(scored, names, documents),
        "people": count_people(names),
        "both": scored.select(both=pl.col("both").sum().cast(pl.Int64)),
    }
    return {
        "sentiment": scored.drop("both"),
        "sentiment_by_document": by_document.drop("negative"),
        **{name: frame.sort(frame.columns) for name, frame in sums.items()},  # the same bytes on every run
    }


def _texts(documents: pl.DataFrame, sentences: pl.DataFrame) -> list[str]:
    texts = dict(zip(documents["doc_id"], documents["text"], strict=True))
    spans = zip(*(sentences[name].to_list() for name in ("doc_id", "start", "end")), strict=True)
    return [texts[doc][start:end] for doc, start, end in spans]


def _document_means(scored: pl.DataFrame) -> pl.DataFrame:
    """Average each report's sentences: all, by voice, and without the vocabulary."""
    quoted = pl.col("voice") == "quoted"
    return scored.group_by("doc_id", maintain_order=True).agg(
        pl.len().cast(pl.Int64).alias("sentences"),
        quoted.sum().cast(pl.Int64).alias("quoted_sentences"),
        pl.col(SCORES).mean().round(_DIGITS),
        pl.col("compound").filter(~quoted).mean().round(_DIGITS).alias("narrator"),
        pl.col("compound").filter(quoted).mean().round(_DIGITS).alias("quoted"),
        pl.col("without").mean().round(_DIGITS),
        pl.col("negative").sum(),
    )


def _word_sums(words: WeighedWords, reports: pl.DataFrame) -> pl.DataFrame:
    """Sum up the occurrences, reports, valences and effects of each word of the lexicon."""
    groups = pl.DataFrame({"row": range(len(lexicon())), "group": range(len(lexicon()))})
    effects = _report_effects(word_effects(words, groups), reports)
    return effects.group_by(pl.col("group").alias("row"), maintain_order=True).agg(
        pl.col("n").sum(),
        pl.col("doc_id").n_unique().cast(pl.Int64).alias("reports"),
        pl.col("negative", "positive", "change").sum(),
    )


def _report_effects(effects: pl.DataFrame, reports: pl.DataFrame) -> pl.DataFrame:
    """Add the report of each sentence, and turn changes of sentences into changes of their report's mean.

    Parameters
    ----------
    effects
        As `word_effects` returns them.
    reports
        Of each sentence: doc_id, sentences (of the report).
    """
    joined = effects.with_columns(reports[name].gather(effects["sentence"]) for name in reports.columns)
    return joined.with_columns(pl.col("change") / pl.col("sentences"))


def _own_sums(words: WeighedWords, own: pl.DataFrame, reports: pl.DataFrame) -> pl.DataFrame:
    """Sum up the negative valences of each topic's own words in each report, and their effect on its mean."""
    # Two terms of a topic may match one word of the lexicon (`kill`, `killing`), which is left out once.
    groups = own.select("row", group="topic").unique(maintain_order=True)
    effects = _report_effects(word_effects(words, groups), reports)
    return effects.group_by("doc_id", pl.col("group").cast(pl.Int32).alias("topic"), maintain_order=True).agg(
        pl.col("negative").sum().alias("own"), pl.col("change").sum()
    )


def _topic_sums(own: pl.DataFrame, by_document: pl.DataFrame, doc_topics: pl.DataFrame) -> pl.DataFrame:
    """Sum up the reports of each topic and day, weighted by their shares of the topic.

    Returns
    -------
    topic, is_first_report, published, the negative valences of the topic's own words and of all words (own, negative),
    and for each of INDICES its reports, their shares and their weighted scores (reports_, share_ and sum_ with its
    name).
    """
    with_share = doc_topics.filter(pl.col("share") > 0).join(by_document.drop_nulls("compound"), on="doc_id")
    weighted = with_share.join(own, on=["doc_id", "topic"], how="left").with_columns(
        pl.col("own", "change").fill_null(0.0)
    )
    # Here, `without` leaves out the topic's own words and not the vocabulary.
    weighted = weighted.with_columns(without=pl.col("compound") - pl.col("change")).sort("topic", "doc_id")
    sums = [
        expression
        for index, name in INDICES.items()
        for expression in (
            pl.col(name).count().cast(pl.Int64).alias(f"reports_{index}"),
            pl.col("share").filter(pl.col(name).is_not_null()).sum().alias(f"share_{index}"),
            (pl.col("share") * pl.col(name)).sum().alias(f"sum_{index}"),
        )
    ]
    return weighted.group_by("topic", "is_first_report", "published", maintain_order=True).agg(
        (pl.col("share") * pl.col("own")).sum().alias("own"),
        (pl.col("share") * pl.col("negative")).sum().alias("negative"),
        *sums,
    )


def _speaker_sums(scored: pl.DataFrame, names: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """Sum up the quoted sentences of each person in each report.

    Returns
    -------
    doc_id, published, is_first_report, speaker_name, sentences, sum (of their scores).
    """
    persons = names.filter(pl.col("label") == "PERSON").select("doc_id", pl.col("name").alias("speaker_name")).unique()
    return (
        scored.drop_nulls("speaker_name")
        .join(persons, on=["doc_id", "speaker_name"], maintain_order="left")
        .join(documents.select("doc_id", "published", "is_first_report"), on="doc_id", maintain_order="left")
        .group_by(
            "doc_id", "published", "is_first_report", without_initials(pl.col("speaker_name")), maintain_order=True
        )
        .agg(pl.len().cast(pl.Int64).alias("sentences"), pl.col("compound").sum().alias("sum"))
    )
