from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from conftest import TOPICS, planted_rows
from scipy import sparse
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from corpus_tools.errors import InputError
from corpus_tools.params import Topics
from corpus_tools.topics import TopicModel, count_terms, npmi

SMALL = Topics(n_topics=3, min_documents=2, max_share=0.9)


def tokens_of(rows: list[dict[str, str]]) -> pl.DataFrame:
    pairs = [(row["key"], word.strip(".")) for row in rows for word in row["body"].split()]
    return pl.DataFrame(pairs, schema=["doc_id", "lemma"], orient="row")


def documents_of(rows: list[dict[str, str]]) -> pl.DataFrame:
    return pl.DataFrame({"doc_id": [r["key"] for r in rows], "published": [date.fromisoformat(r["day"]) for r in rows]})


def found_all(model: str, seed: int) -> bool:
    rows = planted_rows(seed=seed)
    fitted = TopicModel(SMALL.model_copy(update={"model": model, "seed": seed})).fit(tokens_of(rows))
    best = [set(t) for t in fitted.terms(n=8).group_by("topic", maintain_order=True).agg("term")["term"].to_list()]
    terms = all(max(len(set(words) & b) for b in best) >= 7 for words in TOPICS.values())
    main = fitted.shares.sort("share", descending=True).group_by("doc_id").first()
    of_topic = main.with_columns(pl.col("doc_id").str.split("-").list.first().alias("planted"))
    return terms and of_topic.group_by("planted").agg(pl.col("topic").n_unique())["topic"].to_list() == [1, 1, 1]


@pytest.mark.parametrize("seed", range(5))
def test_planted_topics_are_found(seed):
    assert found_all("nmf", seed)


def test_lda_finds_planted_topics_from_most_seeds():
    assert sum(found_all("lda", seed) for seed in range(5)) >= 4  # it may end in a local optimum


def test_one_seed_gives_one_result_in_whatever_order_the_documents_come():
    rows = planted_rows()
    first, again, shuffled = (TopicModel(SMALL).fit(tokens_of(r)) for r in (rows, rows, rows[::-1]))
    assert first.terms().equals(again.terms())
    assert first.shares.equals(again.shares)
    assert first.terms().equals(shuffled.terms())
    assert first.shares.equals(shuffled.shares)


def test_weights_and_shares_add_up():
    model = TopicModel(SMALL).fit(tokens_of(planted_rows()))
    assert np.allclose(model.components_.sum(axis=1), 1)
    assert np.allclose(model.shares_.sum(axis=1), 1)


def test_topics_are_ordered_by_size():
    kept = {"flight": 30, "talks": 20, "war": 10}  # of 30 each
    rows = [r for r in planted_rows() if int(r["key"][-3:]) // 3 < kept[r["key"].split("-")[0]]]
    best = TopicModel(SMALL).fit(tokens_of(rows)).terms(n=1)["term"].to_list()
    assert [next(t for t, words in TOPICS.items() if term in words) for term in best] == ["flight", "talks", "war"]


@pytest.mark.parametrize("model", ["nmf", "lda"])
def test_the_seed_decides_where_the_words_do_not(model):
    rng = np.random.default_rng(0)
    noise = sparse.csr_matrix(rng.poisson(0.3, (60, 40)))

    def weights(seed: int) -> np.ndarray:
        np.random.seed(rng.integers(1000))  # the global state must not matter
        params = Topics(model=model, n_topics=8, seed=seed, max_iterations=20)
        fitted = TopicModel(params).fit(noise)
        assert fitted.converged_ == (model == "lda")  # 20 iterations are too few for noise
        return fitted.components_

    assert np.array_equal(weights(1), weights(1))
    assert not np.array_equal(weights(1), weights(2))


def test_a_document_without_terms_has_no_shares():
    rows = [*planted_rows(), {"key": "zzz", "body": "unheard", "day": "2022-01-03"}]
    model = TopicModel(SMALL).fit(tokens_of(rows))
    assert model.shares.filter(pl.col("doc_id") == "zzz")["share"].to_list() == [None, None, None]
    assert model.summarise()["documents_without_terms"] == 1


def test_a_matrix_can_be_fitted_too():
    counts = sparse.csr_matrix(np.kron(np.eye(2, dtype=int), np.full((10, 4), 3)))
    model = TopicModel(Topics(n_topics=2)).fit(counts, vocabulary=list("abcdefgh"))
    best = model.terms(n=4).group_by("topic").agg(pl.col("term").sort())["term"].to_list()
    assert sorted(best) == [list("abcd"), list("efgh")]


def test_terms_are_lower_case_words_and_no_stop_words():
    lemmas = [
        "War",
        "war",
        "the",
        "The",
        "not",
        "--",
        "5",
        "38-year-old",
        "al-qaeda",
        "o'brien",
        "US",
        "é",
        "a1",
        "étude",
    ]
    counted = count_terms(pl.DataFrame({"doc_id": ["d"] * len(lemmas), "lemma": lemmas}))
    assert dict(counted.select("term", "n").iter_rows()) == {"war": 2, "al-qaeda": 1, "o'brien": 1, "étude": 1}
    assert not set(counted["term"]) & ENGLISH_STOP_WORDS


def test_the_vocabulary_obeys_both_bounds():
    tokens = pl.DataFrame(
        [("a", "all"), ("b", "all"), ("c", "all"), ("a", "two"), ("b", "two"), ("c", "once"), ("c", "two2")],
        schema=["doc_id", "lemma"], orient="row",
    ).with_columns(pl.col("lemma").replace("all", "every"))  # fmt: skip
    counts = tokens.rename({"lemma": "term"}).with_columns(n=pl.lit(1))
    model = TopicModel(Topics(n_topics=1, min_documents=2, max_share=0.7)).fit(counts)
    assert model.vocabulary_ == ["two"]


# Two reports hold both words, one only the first, one neither: p(a) = 3/4, p(b) = p(a, b) = 1/2, so
# NPMI = log(0.5 / (0.75 * 0.5)) / -log(0.5), worked out on paper.
def test_npmi_by_hand():
    present = np.array([[1, 1], [1, 1], [1, 0], [0, 0]])
    assert npmi(present) == pytest.approx(np.log(4 / 3) / np.log(2))


def test_npmi_of_independent_words_is_zero():
    rng = np.random.default_rng(0)
    assert npmi(rng.integers(0, 2, (20_000, 6))) == pytest.approx(0, abs=0.02)


# Two topics, three terms: b belongs to topic 0 alone, c to topic 1 alone, a to both alike. With V = 3, topic 0 ranks
# a 3/3 and b 2/3 by weight, b 3/3 and a 2/3 by exclusivity: both have the harmonic mean 2 / (3/2 + 1) = 0.8.
def test_frex_by_hand():
    model = TopicModel()
    model.vocabulary_ = ["a", "b", "c"]
    model.components_ = np.array([[0.6, 0.4, 0.0], [0.6, 0.0, 0.4]])
    frex = model.terms(by="frex", n=3).filter(topic=0)
    assert dict(frex.select("term", "frex").iter_rows()) == {"a": 0.8, "b": 0.8, "c": 0.333333}


def test_diversity_by_hand():
    model = TopicModel()
    model.components_ = np.array([[0.5, 0.4, 0.1, 0.0], [0.0, 0.4, 0.5, 0.1]])
    assert model.diversity(n=2) == pytest.approx(3 / 4)


def test_prevalence_follows_a_planted_change_and_leaves_gaps_open():
    start = date(2022, 1, 3)
    rows = planted_rows(120)
    for i, row in enumerate(rows):  # war in weeks 0 and 1, talks in weeks 3 and 4, nothing in week 2
        week = {"war": [0, 1], "talks": [3, 4], "flight": [0, 4]}[row["key"].split("-")[0]][i % 2]
        row["day"] = str(start + timedelta(weeks=week, days=i % 7))
    model = TopicModel(SMALL).fit(tokens_of(rows), documents_of(rows))
    found = model.prevalence("week")
    war = next(i for i, label in enumerate(model.labels()) if set(label.split(", ")) <= set(TOPICS["war"]))
    series = found.filter(topic=war).sort("start")
    assert series["start"].to_list() == [start + timedelta(weeks=i) for i in range(5)]
    assert series["reports"].to_list()[2] == 0
    assert series["share"].to_list()[2] is None
    assert min(series["share"].to_list()[:2]) > 0.4
    assert max(series["share"].to_list()[3:]) < 0.1


def test_prevalence_without_dates_says_what_it_needs():
    with pytest.raises(ValueError, match="documents"):
        TopicModel(SMALL).fit(tokens_of(planted_rows())).prevalence()


@pytest.mark.parametrize(
    ("params", "says"),
    [
        ({"n_topics": 100}, "100 topics from 90 documents"),
        ({"n_topics": 50, "min_documents": 1}, "topics"),
        ({"min_documents": 90, "max_share": 0.01}, "they leave 0 terms"),
    ],
)
def test_too_little_to_fit_is_said_with_the_parameter(params, says):
    with pytest.raises(InputError, match=says) as error:
        TopicModel(SMALL.model_copy(update=params)).fit(tokens_of(planted_rows()))
    assert "params.yaml, topics." in error.value.where
