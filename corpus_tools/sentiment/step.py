"""Read documents, sentences, quotations, names and topics; write the tables in `sentiment.tables`."""

from __future__ import annotations

from functools import partial

from corpus_tools.runtime.engine import map_partitions
from corpus_tools.runtime.step import Context, StepResult
from corpus_tools.sentiment import averages
from corpus_tools.sentiment.lexicon_match import matching_rows, own_words
from corpus_tools.sentiment.params import SentimentParams
from corpus_tools.sentiment.scores import READS, score_partition
from corpus_tools.sentiment.tables import TABLES
from corpus_tools.stats.intervals import BootstrapSettings


def run(context: Context) -> StepResult:
    """Score each partition, and average the scores of the whole corpus."""
    params, store = context.section(SentimentParams), context.store
    names = [table.name for table in TABLES]
    new = store.staging(*names)
    vocabulary, own = matching_rows(params.vocabulary), own_words(store.read("topic_terms"))
    bootstrap = BootstrapSettings(params.draws, params.seed)
    sums = map_partitions(
        partial(score_partition, vocabulary, own), store, READS, new,
        settings=f"{vocabulary} {own.select('topic', 'row').rows()}",
    )  # fmt: skip
    documents = new.read("sentiment_by_document")
    new.write("sentiment_by_day", 0, averages.by_day(documents))
    new.write("sentiment_by_outlet", 0, averages.by_outlet(documents, bootstrap))
    new.write("sentiment_by_period", 0, averages.by_period(documents, params.period, bootstrap))
    labels = store.read("topic_overview", columns=["topic", "label"])
    new.write("sentiment_by_topic", 0, averages.by_topic(sums["topics"], labels, own, bootstrap))
    new.write("sentiment_by_speaker", 0, averages.by_speaker(sums["speakers"], sums["people"], bootstrap))
    new.write("sentiment_words", 0, averages.by_word(sums["words"], vocabulary, documents))
    metrics = averages.summarise(documents, new.read("sentiment_words"), int(sums["both"]["both"].sum()))
    store.commit(new, *names)
    without = metrics["without_vocabulary"]
    rest = "" if without is None else f", without the vocabulary {without:+.3f}"
    return StepResult(f"{metrics['sentences']:,} sentences, mean compound {metrics['compound']:+.3f}{rest}", metrics)
