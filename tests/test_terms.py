"""Counts, measures of topics, anchors, and runs on parts of the documents."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from corpus_tools.terms import anchors, measures, runs
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse
from sklearn.decomposition import non_negative_factorization
from sklearn.metrics import jaccard_score

from corpus_tools.errors import InputError
from corpus_tools.topics.fitting.factorise import STOP_WORDS, fit, normalised
from corpus_tools.topics.fitting.matrix import Counts, learnt
from corpus_tools.topics.fitting.term_counts import count_partition
from corpus_tools.topics.params import TopicsParams


def counted(text: str) -> list[str]:
    """Terms of a text cut at white space, and at each `?` as NLTK cuts."""
    tokens, start = [], 0
    for word in text.replace("?", " ? ").split():
        start = text.index(word, start)
        tokens.append(("a", start, start + len(word), word, word.lower()))
        start += len(word)
    frame = pl.DataFrame(tokens, schema=["doc_id", "start", "end", "token", "lemma"], orient="row")
    return count_partition(STOP_WORDS, frame)["terms"]["term"].to_list()


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("police in Sch?neberg said", ["police", "said"]),
        ("a strike at ?ireann buses", ["buses", "strike"]),
        ("Peace? Nobody knows peace?", ["knows", "peace"]),
        ("Peace? Nobody", ["peace"]),
        ("Mr Douglas said-the dispute", ["dispute", "douglas"]),
        ("one of-the state-of-the-art tanks", ["state-of-the-art", "tanks"]),
        ("and-then check-in up-and-coming", ["check-in", "up-and-coming"]),
        ("they're o'brien we'd", ["o'brien"]),
        ("Beyonc\ufffd sang", ["sang"]),
    ],
)
def test_words_that_a_fault_of_the_feed_made_are_no_terms(text: str, terms: list[str]) -> None:
    assert counted(text) == terms


def test_a_lost_letter_reaches_into_no_other_report() -> None:
    rows = [("a", 0, 1, "?", "?"), ("b", 1, 5, "war", "war")]
    frame = pl.DataFrame(rows, schema=["doc_id", "start", "end", "token", "lemma"], orient="row")
    found = count_partition([], frame)
    assert found["terms"]["term"].to_list() == ["war"]
    assert found["rows"]["doc_id"].to_list() == ["a", "b"]


def test_average_jaccard_is_the_mean_of_scikit_learns_over_all_depths() -> None:
    rng = np.random.default_rng(0)
    one, other = (np.array([rng.permutation(30)[:12] for _ in range(n)]) for n in (4, 5))

    def plain(a: np.ndarray, b: np.ndarray) -> float:
        cuts = [[np.isin(np.arange(30), ranked[: n + 1]) for ranked in (a, b)] for n in range(12)]
        return float(np.mean([jaccard_score(*cut) for cut in cuts]))

    expected = [[plain(a, b) for b in other] for a in one]
    assert measures.average_jaccard(one, other) == pytest.approx(np.array(expected))


@given(st.permutations(range(5)))
def test_topics_are_aligned_whatever_their_order(order: list[int]) -> None:
    one = np.arange(50).reshape(5, 10)
    partners, alike = measures.align(one, one[order])
    assert [order[p] for p in partners] == list(range(5))
    assert alike.tolist() == [1.0] * 5


def test_held_out_is_one_minus_the_squares_that_are_left() -> None:
    rng = np.random.default_rng(1)
    counts = sparse.csr_matrix(rng.poisson(0.6, (60, 30)))
    params = TopicsParams(model="lda", n_topics=4)  # its documents are plain shares: easy to make by hand
    components = rng.random((4, 30))
    shares = counts[40:].toarray() / np.maximum(counts[40:].sum(axis=1), 1)
    given_, hidden = np.array_split(np.random.default_rng(9).permutation(30), 2)
    found, _, _ = non_negative_factorization(
        np.asarray(shares)[:, given_], H=components[:, given_], n_components=4, update_H=False, max_iter=200
    )
    rest = np.asarray(shares)[:, hidden]
    expected = 1 - ((rest - found @ components[:, hidden]) ** 2).sum() / (rest**2).sum()
    assert measures.held_out(counts[:40], counts[40:], components, params, 9) == pytest.approx(expected)


def planted(n_documents: int = 200, seed: int = 0) -> sparse.csr_matrix:
    """Four planted topics of ten terms each, and noise."""
    rng = np.random.default_rng(seed)
    of = np.arange(n_documents) % 4
    weights = np.full((n_documents, 40), 0.05)
    for topic in range(4):
        weights[of == topic, topic * 10 : topic * 10 + 10] = 1.0
    return sparse.csr_matrix(rng.poisson(weights))


def test_topics_that_are_there_explain_documents_left_out_and_noise_does_not() -> None:
    def explained(counts: sparse.csr_matrix, k: int) -> float:
        params = TopicsParams(n_topics=k)
        return measures.held_out(counts[:150], counts[150:], fit(counts[:150], params).components, params, 0)

    counts = planted()
    noise = sparse.csr_matrix(np.random.default_rng(0).poisson(0.3, counts.shape))
    assert explained(counts, 4) > 0.4
    assert explained(counts, 4) > explained(counts, 2) + 0.1
    assert explained(noise, 4) < explained(counts, 4) - 0.2


@pytest.mark.parametrize("model", ["nmf", "lda"])
@pytest.mark.parametrize("batch_above", [1000, 50])
def test_anchors_change_the_fit_itself(model: str, batch_above: int) -> None:
    """Half of topic 0's and half of topic 1's terms are anchored together: no topic holds them without anchors."""
    counts = planted(400)
    mixed = np.zeros((1, 40))
    mixed[0, [0, 1, 2, 10, 11, 12]] = 1 / 6
    params = TopicsParams(model=model, n_topics=5, batch_above=batch_above, max_iterations=50)

    def held(components: np.ndarray) -> float:
        return float((normalised(components)[:, mixed[0] > 0].sum(axis=1)).max())

    without, anchored = fit(counts, params), fit(counts, params, mixed)
    assert held(without.components) < 0.5
    assert held(anchored.components) > held(without.components) + 0.15
    topic = int(anchors.assign(normalised(anchored.components), mixed)[0])
    assert normalised(anchored.components)[topic, mixed[0] > 0].sum() == pytest.approx(held(anchored.components))
    assert anchored.weights.shape == (400, 5)


def test_anchors_split_a_topic_that_the_documents_leave_whole() -> None:
    """Flight and talks stand in the same reports more often than not; anchors give each a topic of its own."""
    rng = np.random.default_rng(3)
    weights = np.full((300, 40), 0.05)
    weights[:150, :20] = 0.8  # both together
    weights[:30, 10:20] = 0.05  # flight alone
    weights[30:60, :10] = 0.05  # talks alone
    weights[150:, 20:] = 0.8
    counts = sparse.csr_matrix(rng.poisson(weights))
    wanted = np.zeros((2, 40))
    wanted[0, :4], wanted[1, 10:14] = 0.25, 0.25
    params = TopicsParams(n_topics=3)
    components = normalised(fit(counts, params, wanted).components)
    topics = anchors.assign(components, wanted)
    assert len(set(topics.tolist())) == 2
    for topic, own, other in ((topics[0], slice(0, 10), slice(10, 20)), (topics[1], slice(10, 20), slice(0, 10))):
        assert components[topic, own].sum() > 2 * components[topic, other].sum()


def test_anchors_find_any_form_of_a_word_and_name_what_is_wrong() -> None:
    vocabulary = pl.Series(["evacuate", "refugee", "war"])
    found = anchors.rows({"flight": ["refugees", "Evacuated", "unheard"]}, vocabulary, 2)
    assert found.tolist() == [[0.5, 0.5, 0.0]]
    with pytest.raises(InputError, match="none of its words") as error:
        anchors.rows({"flight": ["unheard"]}, vocabulary, 2, "anchors.yaml")
    assert error.value.where == "anchors.yaml, flight"
    with pytest.raises(InputError, match="2 anchored topics of 1"):
        anchors.rows({"a": ["war"], "b": ["refugee"]}, vocabulary, 1)


@given(st.lists(st.integers(0, 20), min_size=5, max_size=60), st.integers(0, 99))
def test_a_run_has_all_of_a_cluster_or_none(clusters: list[int], seed: int) -> None:
    of = np.array(clusters)
    drawn = runs.draw(of, seed)
    for cluster in set(clusters):
        assert len(set(drawn[of == cluster].tolist())) == 1
    names = len(set(clusters))
    assert len(set(of[drawn].tolist())) == round(runs.PART * names)


@pytest.mark.parametrize("model", ["nmf", "lda"])
def test_documents_weighed_anew_get_what_the_fit_gave_them(model: str) -> None:
    counts = planted()
    found = fit(counts, TopicsParams(model=model, n_topics=4, max_iterations=100))
    one, other = (runs.shares(w, found.components, counts) for w in (found.weights, found.weigh(counts)))
    assert np.nanmax(np.abs(one - other)) < 0.05


def test_shares_add_up_and_a_document_without_terms_has_none() -> None:
    counts = sparse.csr_matrix(np.array([[1, 0], [0, 0]]))
    found = runs.shares(np.array([[1.0, 3.0], [1.0, 1.0]]), np.array([[1.0, 1.0], [1.0, 0.0]]), counts)
    assert found[0].tolist() == [0.4, 0.6]
    assert np.isnan(found[1]).all()


def test_what_a_model_may_learn_from_bounds_its_terms() -> None:
    matrix = sparse.csr_matrix(np.array([[1, 1, 0], [1, 0, 0], [0, 0, 1], [0, 0, 1]]))
    counts = Counts(matrix, pl.Series(list("abcd")), pl.Series(["army", "tank", "truce"]))
    days = pl.Series([date(2022, 4, 7), date(2022, 4, 8), date(2022, 4, 9), None])
    params = TopicsParams(learn_until=date(2022, 4, 8), min_documents=2, max_share=1.0)
    kept, rows = learnt(counts, days, params)
    assert kept.vocabulary.to_list() == ["army"]
    assert rows.tolist() == [True, True, False, False]
    with pytest.raises(ValueError, match="learn_until needs dates"):
        learnt(counts, None, params)
    assert learnt(counts, None, TopicsParams())[0] is counts
