"""Labels, outlets and typical reports of topics."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from planted import planted_rows
from topic_models import fitted, topic_of

from corpus_tools.errors import InputError
from corpus_tools.topics.overview import assign_labels, overview, typical_reports


def test_a_topic_of_one_outlet_is_recognised_by_its_entropy():
    rows = planted_rows(240)
    papers = ["Post", "Star", "Echo", "Globe"]
    for i, row in enumerate(rows):
        row["paper"] = papers[i % 4] if not row["key"].startswith("flight") else "Globe"
    model = fitted(rows)
    table = overview(model, None)
    flight = topic_of(model, "flight")
    by_topic = {r["topic"]: r for r in table.iter_rows(named=True)}
    assert by_topic[flight]["one_outlet"] is True
    assert by_topic[flight]["outlet"] == "Globe"
    assert [r["one_outlet"] for t, r in by_topic.items() if t != flight] == [False, False]
    assert table["stability"].null_count() == 3


def test_with_a_single_outlet_there_is_no_entropy():
    table = overview(fitted([{**row, "paper": "Post"} for row in planted_rows(240)]), np.array([0.5, 0.6, 0.7]))
    assert table["outlet_entropy"].null_count() == 3
    assert table["stability"].to_list() == [0.5, 0.6, 0.7]


def test_typical_reports_are_those_with_the_largest_shares():
    model = fitted(planted_rows(120))
    reports = typical_reports(model)
    assert reports.group_by("topic").len()["len"].to_list() == [5, 5, 5]
    best = model.shares.sort("share", descending=True).group_by("topic").agg(pl.col("share").head(5))
    for topic, shares in best.iter_rows():
        assert reports.filter(topic=topic).sort("rank")["share"].to_list() == pytest.approx(shares, abs=1e-6)
    assert reports["title"][0] == f"On {reports['doc_id'][0]}"


def test_labels_are_assigned_by_their_words():
    model = fitted(planted_rows(), n_terms=10)
    wanted = {"The war": ["army", "Soldiers"], "None": ["army", "treaty"]}
    labels, unmatched = assign_labels(model, wanted, "labels.yaml")
    assert labels == {topic_of(model, "war"): "The war"}
    assert unmatched == ["None"]
    model.named_ = labels
    assert "The war" in model.prevalence()["label"].to_list()
    assert overview(model, None).filter(label="The war")["named_by"].to_list() == ["labels"]


def test_two_labels_of_one_topic_are_refused():
    model = fitted(planted_rows(), n_terms=10)
    with pytest.raises(InputError, match="matches the same topic as 'a'") as error:
        assign_labels(model, {"a": ["army"], "b": ["soldier"]}, "labels.yaml")
    assert error.value.where == "labels.yaml, b"


def test_a_label_without_a_term_is_refused():
    with pytest.raises(InputError, match="none of its words"):
        assign_labels(fitted(planted_rows(), n_terms=10), {"a": ["zeppelin"]})
