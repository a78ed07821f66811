"""Score every sentence with VADER; average by outlet, period, topic and speaker, and audit the vocabulary."""

from __future__ import annotations

from functools import partial

from corpus_tools.runtime.engine import map_partitions
from corpus_tools.runtime.step import Context, Result
from corpus_tools.sentiment import averages
from corpus_tools.sentiment.lexicon_match import own_words, rows_of
from corpus_tools.sentiment.params import SentimentParams
from corpus_tools.sentiment.scores import READS, score_partition
from corpus_tools.sentiment.tables import TABLES
from corpus_tools.stats.intervals import BootstrapSettings


def run(context: Context) -> Result:
    """Write `sentiment`, its averages with their intervals, and `sentiment_words`."""
    params, store = context.section(SentimentParams), context.store
    made = [table.name for table in TABLES]
    new = store.staging(*made)
    vocabulary, own = rows_of(params.vocabulary), own_words(store.read("topic_terms"))
    draws = BootstrapSettings(params.draws, params.seed)
    found = map_partitions(
        partial(score_partition, vocabulary, own), store, READS, new,
        settings=f"{vocabulary} {own.select('topic', 'row').rows()}",
    )  # fmt: skip
    documents = new.read("sentiment_by_document")
    new.write("sentiment_by_day", 0, averages.by_day(documents))
    new.write("sentiment_by_outlet", 0, averages.by_outlet(documents, draws))
    new.write("sentiment_by_period", 0, averages.by_period(documents, params.period, draws))
    labels = store.read("topic_overview", columns=["topic", "label"])
    new.write("sentiment_by_topic", 0, averages.by_topic(found["topics"], labels, own, draws))
    new.write("sentiment_by_speaker", 0, averages.by_speaker(found["said"], found["people"], draws))
    new.write("sentiment_words", 0, averages.words(found["words"], vocabulary, documents))
    metrics = averages.summarise(documents, new.read("sentiment_words"), int(found["both"]["both"].sum()))
    store.commit(new, *made)
    without = metrics["without_vocabulary"]
    rest = "" if without is None else f", without the vocabulary {without:+.3f}"
    return Result(f"{metrics['sentences']:,} sentences, mean compound {metrics['compound']:+.3f}{rest}", metrics)
