"""Measures of topic quality, by hand and against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from planted import planted_rows
from scipy import sparse
from sklearn.decomposition import non_negative_factorization
from sklearn.metrics import jaccard_score
from topic_models import SMALL, four_topics, tokens_of

from corpus_tools.topics import TopicModel
from corpus_tools.topics.fitting.factorise import fit
from corpus_tools.topics.fitting.params import TopicsParams
from corpus_tools.topics.fitting.quality import align, average_jaccard, exclusivity, held_out, npmi


# Two reports contain both words, one only the first, one neither: p(a) = 3/4, p(b) = p(a, b) = 1/2, so
# NPMI = log(0.5 / (0.75 * 0.5)) / -log(0.5), worked out on paper.
def test_npmi_by_hand():
    present = np.array([[1, 1], [1, 1], [1, 0], [0, 0]])
    assert npmi(present) == pytest.approx(np.log(4 / 3) / np.log(2))


def test_npmi_of_independent_words_is_zero():
    rng = np.random.default_rng(0)
    assert npmi(rng.integers(0, 2, (20_000, 6))) == pytest.approx(0, abs=0.02)


def test_coherence_counts_reports_not_occurrences():
    model = TopicModel(SMALL).fit(tokens_of(planted_rows()))
    present = model.counts_.toarray() > 0
    best = np.argsort(-model.components_, axis=1, kind="stable")[:, :4]
    assert model.counts_.max() > 1
    assert model.coherence(n=4).tolist() == [npmi(present[:, columns].astype(float)) for columns in best]


# Two topics, three terms: b belongs to topic 0 alone, c to topic 1 alone, a to both equally. With V = 3, topic 0 ranks
# a 3/3 and b 2/3 by weight, b 3/3 and a 2/3 by exclusivity: both have the harmonic mean 2 / (3/2 + 1) = 0.8.
def test_frex_by_hand():
    model = TopicModel()
    model.vocabulary_ = ["a", "b", "c"]
    model.components_ = np.array([[0.6, 0.4, 0.0], [0.6, 0.0, 0.4]])
    frex = model.terms(by="frex", n=3).filter(topic=0)
    assert dict(frex.select("term", "frex").iter_rows()) == {"a": 0.8, "b": 0.8, "c": 0.333333}
    assert exclusivity(model.components_, n=2).tolist() == pytest.approx([0.8, 0.8])


def test_diversity_by_hand():
    model = TopicModel()
    model.components_ = np.array([[0.5, 0.4, 0.1, 0.0], [0.0, 0.4, 0.5, 0.1]])
    assert model.diversity(n=2) == pytest.approx(3 / 4)


def test_average_jaccard_is_the_mean_of_scikit_learns_over_all_depths() -> None:
    rng = np.random.default_rng(0)
    one, other = (np.array([rng.permutation(30)[:12] for _ in range(n)]) for n in (4, 5))

    def plain(a: np.ndarray, b: np.ndarray) -> float:
        cuts = [[np.isin(np.arange(30), ranked[: n + 1]) for ranked in (a, b)] for n in range(12)]
        return float(np.mean([jaccard_score(*cut) for cut in cuts]))

    expected = [[plain(a, b) for b in other] for a in one]
    assert average_jaccard(one, other) == pytest.approx(np.array(expected))


@given(st.permutations(range(5)))
def test_topics_are_aligned_in_any_order(order: list[int]) -> None:
    one = np.arange(50).reshape(5, 10)
    partners, similarity = align(one, one[order])
    assert [order[p] for p in partners] == list(range(5))
    assert similarity.tolist() == [1.0] * 5


def test_held_out_is_one_minus_the_share_of_squares_left_unexplained() -> None:
    rng = np.random.default_rng(1)
    counts = sparse.csr_matrix(rng.poisson(0.6, (60, 30)))
    params = TopicsParams(model="lda", n_topics=4)  # its documents are plain shares, which are easy to compute here
    components = rng.random((4, 30))
    shares = np.asarray(counts[40:].toarray() / np.maximum(counts[40:].sum(axis=1), 1))
    given_, hidden = np.array_split(np.random.default_rng(9).permutation(30), 2)
    weights, _, _ = non_negative_factorization(
        shares[:, given_], H=components[:, given_], n_components=4, update_H=False, max_iter=200
    )
    target = shares[:, hidden]
    expected = 1 - ((target - weights @ components[:, hidden]) ** 2).sum() / (target**2).sum()
    assert held_out(counts[:40], counts[40:], components, params, 9) == pytest.approx(expected)


def test_planted_topics_explain_left_out_documents_and_noise_does_not() -> None:
    def explained(counts: sparse.csr_matrix, k: int) -> float:
        params = TopicsParams(n_topics=k)
        return held_out(counts[:150], counts[150:], fit(counts[:150], params).components, params, 0)

    counts = four_topics()
    noise = sparse.csr_matrix(np.random.default_rng(0).poisson(0.3, counts.shape))
    assert explained(counts, 4) > 0.4
    assert explained(counts, 4) > explained(counts, 2) + 0.1
    assert explained(noise, 4) < explained(counts, 4) - 0.2
