"""The topic model: its shares and terms, what it learns from, its anchors, and what it refuses."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from planted import TOPICS, planted_rows
from scipy import sparse
from topic_models import SMALL, fitted, tokens_of, topic_of

from corpus_tools.errors import InputError
from corpus_tools.topics import TopicModel
from corpus_tools.topics.fitting.params import TopicsParams
from corpus_tools.topics.overview import overview, typical_reports


def test_one_seed_gives_the_same_result_for_any_order_of_the_documents():
    rows = planted_rows()
    first, again, reversed_ = (TopicModel(SMALL).fit(tokens_of(r)) for r in (rows, rows, rows[::-1]))
    for other in (again, reversed_):
        assert first.terms().equals(other.terms())
        assert first.shares.equals(other.shares)


def test_ten_fits_with_one_seed_give_the_same_bytes_for_any_order_of_the_reports():
    rows = planted_rows()
    random = np.random.default_rng(0)
    results = set()
    for _ in range(10):
        model = fitted([rows[i] for i in random.permutation(len(rows))])
        tables = (model.terms(), model.shares, model.prevalence(), model.prevalence_by_outlet(), typical_reports(model))
        frames = [t.sort(t.columns[:4]).write_csv() for t in (*tables, overview(model, None))]
        results.add((model.components_.tobytes(), model.shares_.tobytes(), *frames))
    assert len(results) == 1


def test_weights_and_shares_add_up():
    model = TopicModel(SMALL).fit(tokens_of(planted_rows()))
    assert np.allclose(model.components_.sum(axis=1), 1)
    assert np.allclose(model.shares_.sum(axis=1), 1)


def test_topics_are_ordered_by_size():
    kept = {"flight": 30, "talks": 20, "war": 10}  # of 30 each
    rows = [r for r in planted_rows() if int(r["key"][-3:]) // 3 < kept[r["key"].split("-")[0]]]
    best = TopicModel(SMALL).fit(tokens_of(rows)).terms(n=1)["term"].to_list()
    assert [next(t for t, words in TOPICS.items() if term in words) for term in best] == ["flight", "talks", "war"]


def test_a_document_without_terms_has_no_shares():
    rows = [*planted_rows(), {"key": "zzz", "body": "unheard", "day": "2022-01-03"}]
    model = TopicModel(SMALL).fit(tokens_of(rows))
    assert model.shares.filter(pl.col("doc_id") == "zzz")["share"].to_list() == [None, None, None]
    assert model.summarise()["documents_without_terms"] == 1


def test_a_matrix_can_be_fitted_too():
    counts = sparse.csr_matrix(np.kron(np.eye(2, dtype=int), np.full((10, 4), 3)))
    model = TopicModel(TopicsParams(n_topics=2)).fit(counts, vocabulary=list("abcdefgh"))
    best = model.terms(n=4).group_by("topic").agg(pl.col("term").sort())["term"].to_list()
    assert sorted(best) == [list("abcd"), list("efgh")]


def test_words_to_leave_out_may_be_capitalised():
    model = TopicModel(SMALL.model_copy(update={"leave_out": ["Army"]})).fit(tokens_of(planted_rows()))
    assert "army" not in model.vocabulary_.to_list()
    assert "soldier" in model.vocabulary_.to_list()


def test_a_model_that_learns_until_a_day_does_not_change_with_later_reports():
    rows = sorted(planted_rows(120), key=lambda row: row["day"])
    until = date.fromisoformat(rows[79]["day"])
    early = [r for r in rows if date.fromisoformat(r["day"]) <= until]
    strange = [{**r, "body": "zeppelin balloon zeppelin", "key": f"zz{i}"} for i, r in enumerate(rows[len(early) :])]
    known, complete, other = (fitted(r, learn_until=until) for r in (early, rows, [*early, *strange]))
    for later in (complete, other):
        assert later.vocabulary_.to_list() == known.vocabulary_.to_list()
        assert later.terms().equals(known.terms())
        both = later.shares.join(known.shares, on=["doc_id", "topic"])
        assert both["share"].to_list() == pytest.approx(both["share_right"].to_list(), abs=1e-6)
    assert "zeppelin" in fitted([*early, *strange]).vocabulary_.to_list()
    assert complete.summarise()["documents_learnt_from"] == len(early)


def test_anchored_topics_have_the_names_of_their_anchors():
    model = TopicModel(SMALL, {"Displacement": ["refugees", "camp"]}).fit(tokens_of(planted_rows()))
    assert model.labels()[topic_of(model, "flight")] == "Displacement"
    assert model.summarise()["anchored"] == 1


def test_prevalence_without_dates_is_refused():
    with pytest.raises(ValueError, match="documents"):
        TopicModel(SMALL).fit(tokens_of(planted_rows())).prevalence()


def test_a_day_before_all_reports_is_named():
    with pytest.raises(InputError, match="no report is that early") as error:
        fitted(planted_rows(), learn_until=date(1999, 1, 1))
    assert error.value.where == "params.yaml, topics.learn_until"


@pytest.mark.parametrize(
    ("params", "message"),
    [
        pytest.param({"n_topics": 100}, "100 topics from 90 documents", id="too few documents"),
        pytest.param({"n_topics": 50, "min_documents": 1}, "topics", id="too few terms"),
        pytest.param({"min_documents": 90, "max_share": 0.01}, "they leave 0 terms", id="no terms"),
    ],
)
def test_an_error_about_too_little_to_fit_names_the_parameter(params, message):
    with pytest.raises(InputError, match=message) as error:
        TopicModel(SMALL.model_copy(update=params)).fit(tokens_of(planted_rows()))
    assert "params.yaml, topics." in error.value.where
