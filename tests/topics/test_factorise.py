"""Fits find planted topics, at once and in batches, and depend on nothing but counts, parameters and anchors."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from planted import TOPICS, planted_rows
from scipy import sparse
from sklearn.feature_extraction.text import TfidfTransformer
from topic_models import SMALL, counts_of, four_topics, tokens_of

from corpus_tools.topics import TopicModel
from corpus_tools.topics.fitting.anchors import match_anchors
from corpus_tools.topics.fitting.factorise import fit, idf, normalised, tfidf
from corpus_tools.topics.fitting.params import TopicsParams
from corpus_tools.topics.fitting.subsamples import to_shares

MODELS = pytest.mark.parametrize("model", [pytest.param("nmf", id="nmf"), pytest.param("lda", id="lda")])


def sizes(at_once: int, in_batches: int) -> pytest.MarkDecorator:
    values = [pytest.param(at_once, id="at once"), pytest.param(in_batches, id="in batches")]
    return pytest.mark.parametrize("batch_above", values)


@pytest.fixture
def small_batches(monkeypatch):
    """Four batches of 90 documents, started from a sample of a third."""
    monkeypatch.setattr("corpus_tools.topics.fitting.factorise._BATCH", 24)
    monkeypatch.setattr("corpus_tools.topics.fitting.factorise._SAMPLE", 30)
    monkeypatch.setattr("corpus_tools.topics.fitting.factorise._UPDATES", 100)


def finds_all(model: str, seed: int, batch_above: int) -> bool:
    rows = planted_rows(seed=seed)
    params = SMALL.model_copy(update={"model": model, "seed": seed, "batch_above": batch_above})
    fitted = TopicModel(params).fit(tokens_of(rows))
    assert fitted.summarise()["fit"] == ("whole" if batch_above >= len(rows) else "batches")
    best = [set(t) for t in fitted.terms(n=8).group_by("topic", maintain_order=True).agg("term")["term"].to_list()]
    terms = all(max(len(set(words) & b) for b in best) >= 7 for words in TOPICS.values())
    main = fitted.shares.sort("share", descending=True).group_by("doc_id").first()
    by_planted = main.with_columns(pl.col("doc_id").str.split("-").list.first().alias("planted")).group_by("planted")
    return terms and by_planted.agg(pl.col("topic").n_unique())["topic"].to_list() == [1, 1, 1]


@pytest.mark.parametrize("seed", [pytest.param(seed, id=f"seed {seed}") for seed in range(5)])
@sizes(90, 89)
def test_nmf_finds_planted_topics(seed, batch_above, small_batches):
    assert finds_all("nmf", seed, batch_above)


@pytest.mark.slow
@sizes(90, 89)
def test_lda_finds_planted_topics_from_most_seeds(batch_above, small_batches):
    assert sum(finds_all("lda", seed, batch_above) for seed in range(5)) >= 4  # it may end in a local optimum


@MODELS
def test_batches_give_the_same_result_for_any_partitioning_of_the_documents(model, small_batches):
    rows = planted_rows()
    ids = [row["key"] for row in rows]
    params = SMALL.model_copy(update={"model": model, "batch_above": 1})

    def fitted(*partitions: list[str]) -> TopicModel:
        return TopicModel(params).fit(counts_of(tokens_of(rows), list(partitions)))

    first, again, several = fitted(ids), fitted(ids), fitted(ids[50:][::-1], ids[:20], ids[20:50])
    for other in (again, several):
        assert first.components_.tobytes() == other.components_.tobytes()
        assert first.shares_.tobytes() == other.shares_.tobytes()
    assert first.converged_


def test_batches_report_that_they_did_not_converge(small_batches):
    noise = sparse.csr_matrix(np.random.default_rng(0).poisson(0.3, (60, 40)))
    params = TopicsParams(n_topics=8, batch_above=1, max_iterations=1)
    assert TopicModel(params).fit(noise).summarise()["converged"] is False


def test_batches_ignore_documents_without_terms(small_batches, monkeypatch):
    monkeypatch.setattr("corpus_tools.topics.fitting.factorise._BATCH", 3)  # or some batches would have no term
    rows = [*planted_rows(30), *({"key": f"zz{i}", "body": "the", "day": ""} for i in range(60))]
    model = TopicModel(SMALL.model_copy(update={"batch_above": 1})).fit(tokens_of(rows))
    assert model.summarise()["documents_without_terms"] == 60
    assert np.isfinite(model.components_).all()


@sizes(1000, 100)
def test_lda_shares_do_not_count_the_size_of_a_topic_twice(batch_above):
    """One subject has nine times the reports of the other; two reports are half and half."""
    large, small = np.kron([[1, 0]], np.full((180, 8), 4)), np.kron([[0, 1]], np.full((18, 8), 4))
    half = np.full((2, 16), 2)
    counts = sparse.csr_matrix(np.vstack([large, small, half]))
    params = TopicsParams(model="lda", n_topics=2, max_iterations=30, batch_above=batch_above)
    shares = TopicModel(params).fit(counts).shares_
    assert shares[-2:] == pytest.approx(np.full((2, 2), 0.5), abs=0.05)
    assert np.nanmean(shares, axis=0) == pytest.approx([0.905, 0.095], abs=0.03)


@MODELS
def test_the_seed_decides_where_the_words_do_not(model):
    rng = np.random.default_rng(0)
    noise = sparse.csr_matrix(rng.poisson(0.3, (60, 40)))

    def weights(seed: int) -> np.ndarray:
        np.random.seed(rng.integers(1000))  # the global state must not matter
        params = TopicsParams(model=model, n_topics=8, seed=seed, max_iterations=20)
        fitted = TopicModel(params).fit(noise)
        assert fitted.converged_ == (model == "lda")  # 20 iterations are too few for noise
        return fitted.components_

    assert np.array_equal(weights(1), weights(1))
    assert not np.array_equal(weights(1), weights(2))


def test_a_batch_is_weighted_like_all_documents_together():
    counts = counts_of(tokens_of(planted_rows()), [[r["key"] for r in planted_rows()]]).matrix
    expected = TfidfTransformer(sublinear_tf=True).fit_transform(counts)
    batches = [tfidf(counts[start : start + 25], idf(counts)) for start in range(0, 90, 25)]
    assert (sparse.vstack(batches) != expected).nnz == 0


@MODELS
def test_documents_weighted_again_get_the_shares_of_the_fit(model: str) -> None:
    counts = four_topics()
    factors = fit(counts, TopicsParams(model=model, n_topics=4, max_iterations=100))
    one, other = (to_shares(w, factors.components, counts) for w in (factors.weights, factors.weigh(counts)))
    assert np.nanmax(np.abs(one - other)) < 0.05


@pytest.mark.slow
@MODELS
@sizes(1000, 50)
def test_anchors_change_the_fit_itself(model: str, batch_above: int) -> None:
    """Half of topic 0's and half of topic 1's terms are anchored together: without anchors, no topic has them all."""
    counts = four_topics(400)
    mixed = np.zeros((1, 40))
    mixed[0, [0, 1, 2, 10, 11, 12]] = 1 / 6
    params = TopicsParams(model=model, n_topics=5, batch_above=batch_above, max_iterations=50)

    def anchored_weight(components: np.ndarray) -> float:
        return float((normalised(components)[:, mixed[0] > 0].sum(axis=1)).max())

    without, anchored = fit(counts, params), fit(counts, params, mixed)
    assert anchored_weight(without.components) < 0.5
    assert anchored_weight(anchored.components) > anchored_weight(without.components) + 0.15
    components = normalised(anchored.components)
    topic = int(match_anchors(components, mixed)[0])
    assert components[topic, mixed[0] > 0].sum() == pytest.approx(anchored_weight(anchored.components))
    assert anchored.weights.shape == (400, 5)


def test_anchors_split_a_topic_that_the_documents_do_not_separate() -> None:
    """Flight and talks occur in the same reports more often than not; anchors give each a topic of its own."""
    rng = np.random.default_rng(3)
    rates = np.full((300, 40), 0.05)
    rates[:150, :20] = 0.8  # both together
    rates[:30, 10:20] = 0.05  # flight alone
    rates[30:60, :10] = 0.05  # talks alone
    rates[150:, 20:] = 0.8
    counts = sparse.csr_matrix(rng.poisson(rates))
    anchors = np.zeros((2, 40))
    anchors[0, :4], anchors[1, 10:14] = 0.25, 0.25
    components = normalised(fit(counts, TopicsParams(n_topics=3), anchors).components)
    topics = match_anchors(components, anchors)
    assert len(set(topics.tolist())) == 2
    for topic, own, other in ((topics[0], slice(0, 10), slice(10, 20)), (topics[1], slice(10, 20), slice(0, 10))):
        assert components[topic, own].sum() > 2 * components[topic, other].sum()
