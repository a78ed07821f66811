"""Sentiment by sentence, with VADER (Hutto & Gilbert 2014): in whose voice, and carried by which words.

VADER was made for one sentence at a time: over a whole article its compound score runs to -1 or 1.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from corpus_tools.nltk_fast.lexicon import column, lexicon
from corpus_tools.nltk_fast.vader import Weighed, combined, score, weigh
from corpus_tools.sentiment.sentence_voices import voices
from corpus_tools.sentiment.word_effects import changes, compound_without, masses
from corpus_tools.text.person_names import people, without_initials

SCORES = ["neg", "neu", "pos", "compound"]
# What is averaged: all sentences, those of one voice, and all without the words of the vocabulary; and by which column
# of sentiment_by_document.
INDICES = {"all": "compound", "narrator": "narrator", "quoted": "quoted", "without": "without"}
# The tables that `score_partition` takes, in this order.
READS = ("documents", "sentences", "quotes", "names", "doc_topics")
_DIGITS = 6


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


def score_partition(vocabulary: Sequence[int], own: pl.DataFrame, *tables: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Score every sentence of one partition, and add up what the means over the corpus need.

    Parameters
    ----------
    vocabulary
        Rows of the lexicon that `without` leaves out.
    own
        topic, row: the words of the lexicon that belong to a topic.
    tables
        Those of READS.

    Returns
    -------
    sentiment; sentiment_by_document (the means over each report's sentences, null where it has none); and for the
    corpus: `words` (sums by word of the lexicon), `topics` (sums by topic and day), `said` (sums by report and person
    quoted), `people`, and `both` (sentences in which both voices speak).
    """
    documents, sentences, quotes, names, doc_topics = tables
    words = weigh(column(_texts(documents, sentences)))
    told = voices(documents, sentences, quotes)
    scored = pl.concat([sentences.select("doc_id", "sentence"), combined(words), told], how="horizontal")
    extra = {"without": compound_without(words, vocabulary), "negative": masses(words)}
    by_document = documents.select("doc_id", "outlet", "published", "is_first_report").join(
        _by_document(scored.with_columns(**{name: pl.Series(values) for name, values in extra.items()})),
        on="doc_id", how="left", maintain_order="left",
    )  # fmt: skip
    by_document = by_document.with_columns(pl.col("sentences", "quoted_sentences", "negative").fill_null(0))
    of_sentence = scored.select("doc_id", parts=pl.len().over("doc_id")).with_row_index("sentence")
    found = {
        "words": _words(words, of_sentence),
        "topics": _topics(_own(words, own, of_sentence), by_document, doc_topics),
        "said": _said(scored, names, documents),
        "people": people(names),
        "both": scored.select(both=pl.col("both").sum().cast(pl.Int64)),
    }
    return {
        "sentiment": scored.drop("both"),
        "sentiment_by_document": by_document.drop("negative"),
        **{name: frame.sort(frame.columns) for name, frame in found.items()},  # the same bytes on every run
    }


def _texts(documents: pl.DataFrame, sentences: pl.DataFrame) -> list[str]:
    texts = dict(zip(documents["doc_id"], documents["text"], strict=True))
    spans = zip(*(sentences[name].to_list() for name in ("doc_id", "start", "end")), strict=True)
    return [texts[doc][start:end] for doc, start, end in spans]


def _by_document(scored: pl.DataFrame) -> pl.DataFrame:
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


def _words(words: Weighed, of_sentence: pl.DataFrame) -> pl.DataFrame:
    """Add up each word of the lexicon: how often, in how many reports, its valences, and what it adds to reports."""
    groups = pl.DataFrame({"row": range(len(lexicon())), "group": range(len(lexicon()))})
    each = _with_report(changes(words, groups), of_sentence)
    return each.group_by(pl.col("group").alias("row"), maintain_order=True).agg(
        pl.col("n").sum(),
        pl.col("doc_id").n_unique().cast(pl.Int64).alias("reports"),
        pl.col("negative", "positive", "change").sum(),
    )


def _with_report(each: pl.DataFrame, of_sentence: pl.DataFrame) -> pl.DataFrame:
    """Name the report of each sentence, and let a change be one of its report's mean."""
    at = each["sentence"]
    found = each.with_columns(of_sentence["doc_id"].gather(at), of_sentence["parts"].gather(at))
    return found.with_columns(pl.col("change") / pl.col("parts"))


def _own(words: Weighed, own: pl.DataFrame, of_sentence: pl.DataFrame) -> pl.DataFrame:
    """Give what the own words of each topic weigh in each report, and what they add to its mean."""
    # Two terms of a topic may mean one word of the lexicon (`kill`, `killing`): it is left out once.
    rows = own.select("row", group="topic").unique(maintain_order=True)
    each = _with_report(changes(words, rows), of_sentence)
    return each.group_by("doc_id", pl.col("group").cast(pl.Int32).alias("topic"), maintain_order=True).agg(
        pl.col("negative").sum().alias("own"), pl.col("change").sum()
    )


def _topics(own: pl.DataFrame, by_document: pl.DataFrame, doc_topics: pl.DataFrame) -> pl.DataFrame:
    """Add up the reports of each topic and day, a report by its share of the topic.

    Returns
    -------
    topic, is_first_report, published, the valences of the topic's own words and of all (own, negative), and for each of
    INDICES its reports, their shares and their weighed scores (reports_, share_ and sum_ with its name).
    """
    has_some = doc_topics.filter(pl.col("share") > 0).join(by_document.drop_nulls("compound"), on="doc_id")
    counted = has_some.join(own, on=["doc_id", "topic"], how="left").with_columns(
        pl.col("own", "change").fill_null(0.0)
    )
    # Without the topic's own words, that is; each topic has others.
    counted = counted.with_columns(without=pl.col("compound") - pl.col("change")).sort("topic", "doc_id")
    sums = [
        part
        for index, name in INDICES.items()
        for part in (
            pl.col(name).count().cast(pl.Int64).alias(f"reports_{index}"),
            pl.col("share").filter(pl.col(name).is_not_null()).sum().alias(f"share_{index}"),
            (pl.col("share") * pl.col(name)).sum().alias(f"sum_{index}"),
        )
    ]
    return counted.group_by("topic", "is_first_report", "published", maintain_order=True).agg(
        (pl.col("share") * pl.col("own")).sum().alias("own"),
        (pl.col("share") * pl.col("negative")).sum().alias("negative"),
        *sums,
    )


def _said(scored: pl.DataFrame, names: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """Add up the quoted sentences of each person in each report.

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
