"""Topic models of planted reports, and the counts behind them."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import polars as pl
from planted import TOPICS
from scipy import sparse

from corpus_tools.topics import TopicModel
from corpus_tools.topics.fitting.factorise import STOP_WORDS
from corpus_tools.topics.fitting.matrix import Counts, combine_counts
from corpus_tools.topics.fitting.params import TopicsParams
from corpus_tools.topics.fitting.term_counts import count_partition

SMALL = TopicsParams(n_topics=3, min_documents=2, max_share=0.9)


def tokens_of(rows: list[dict[str, str]]) -> pl.DataFrame:
    """Tokens of planted rows, cut at white space."""
    pairs = [(row["key"], word.strip(".")) for row in rows for word in row["body"].split()]
    return pl.DataFrame(pairs, schema=["doc_id", "lemma"], orient="row")


def documents_of(rows: list[dict[str, str]]) -> pl.DataFrame:
    """Documents of planted rows; `copy_of` names the report whose near-duplicate a row is."""
    return pl.DataFrame(
        {
            "doc_id": [r["key"] for r in rows],
            "published": [date.fromisoformat(r["day"]) for r in rows],
            "outlet": [r.get("paper", "Post") for r in rows],
            "title": [f"On {r['key']}" for r in rows],
            "url": [None for _ in rows],
            "cluster_id": [r.get("copy_of", r["key"]) for r in rows],
            "is_first_report": ["copy_of" not in r for r in rows],
        },
        schema_overrides={"url": pl.String},
    )


def fitted(rows: list[dict[str, str]], **params: Any) -> TopicModel:
    """A model of planted rows, with their documents."""
    return TopicModel(SMALL.model_copy(update=params)).fit(tokens_of(rows), documents_of(rows))


def topic_of(model: TopicModel, name: str) -> int:
    """The topic with most weight on the words of a planted topic."""
    own = model.vocabulary_.is_in(TOPICS[name]).to_numpy()
    return int(model.components_[:, own].sum(axis=1).argmax())


def counts_of(
    tokens: pl.DataFrame, partitions: list[list[str]], params: TopicsParams = SMALL, **documents: pl.Series
) -> Counts:
    """Count the documents of each partition separately, as the steps do, and combine the counts."""
    frames = [count_partition(STOP_WORDS, tokens.filter(pl.col("doc_id").is_in(ids))) for ids in partitions]
    return combine_counts({name: pl.concat([f[name] for f in frames]) for name in frames[0]}, params, **documents)


def planted_counts(
    rng: np.random.Generator, topics: np.ndarray, n_terms: int, present: float, absent: float
) -> sparse.csr_matrix:
    """Counts of documents, each with one planted topic of `n_terms` terms of its own among noise."""
    n_topics = int(topics.max()) + 1
    rates = np.full((len(topics), n_topics * n_terms), absent)
    for topic in range(n_topics):
        rates[topics == topic, topic * n_terms : (topic + 1) * n_terms] = present
    return sparse.csr_matrix(rng.poisson(rates))


def four_topics(n_documents: int = 200) -> sparse.csr_matrix:
    """Counts of four planted topics of ten terms each."""
    return planted_counts(np.random.default_rng(0), np.arange(n_documents) % 4, 10, 1.0, 0.05)
