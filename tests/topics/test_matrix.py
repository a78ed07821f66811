"""The matrix of counts equals a plain counter's, for any partitioning, and its vocabulary keeps its limits."""

from __future__ import annotations

from collections import Counter
from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from planted import planted_rows
from scipy import sparse
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS
from topic_models import SMALL, counts_of, documents_of, tokens_of

from corpus_tools.errors import InputError
from corpus_tools.topics import TopicModel
from corpus_tools.topics.fitting.matrix import Counts, select_training
from corpus_tools.topics.fitting.params import TopicsParams


def test_the_matrix_counts_what_a_plain_counter_counts():
    tokens = tokens_of(planted_rows())
    ids = tokens["doc_id"].unique().to_list()
    counts = counts_of(tokens, [ids[:40], ids[40:80], ids[80:]])
    plain = Counter((doc_id, lemma.lower()) for doc_id, lemma in tokens.select("doc_id", "lemma").iter_rows())
    plain = {key: n for key, n in plain.items() if len(key[1]) > 2 and key[1] not in ENGLISH_STOP_WORDS}
    documents = Counter(term for _, term in plain)
    vocabulary = sorted(t for t, n in documents.items() if 2 <= n <= 0.9 * 90)
    assert counts.vocabulary.to_list() == vocabulary
    assert counts.doc_ids.to_list() == sorted(ids)
    expected = [[plain.get((doc_id, term), 0) for term in vocabulary] for doc_id in sorted(ids)]
    assert counts.matrix.toarray().tolist() == expected
    assert counts.matrix.has_canonical_format


@given(st.lists(st.integers(0, 4), min_size=90, max_size=90), st.randoms(use_true_random=False))
@settings(max_examples=15)
def test_the_matrix_is_the_same_for_any_partitioning_of_the_documents(partition_of, random):
    tokens = tokens_of([*planted_rows(), {"key": "none", "body": "the of", "day": ""}])
    ids = tokens["doc_id"].unique().sort().to_list()
    random.shuffle(ids)
    partitions = [  # some may be empty
        [d for d, p in zip(ids, [*partition_of, 0], strict=True) if p == partition] for partition in range(5)
    ]
    documents = pl.Series([*ids, "without tokens"])
    one, several = counts_of(tokens, [ids], doc_ids=documents), counts_of(tokens, partitions, doc_ids=documents)
    assert several.doc_ids.equals(one.doc_ids)
    assert several.vocabulary.equals(one.vocabulary)
    for array in ("data", "indices", "indptr"):
        assert np.array_equal(getattr(several.matrix, array), getattr(one.matrix, array))
    without = [i for i, doc_id in enumerate(one.doc_ids) if doc_id in ("none", "without tokens")]
    assert one.matrix[without].nnz == 0


def test_the_vocabulary_keeps_both_limits():
    tokens = pl.DataFrame(
        [("a", "war"), ("b", "war"), ("c", "war"), ("a", "army"), ("b", "army"), ("c", "tank"), ("c", "troop")],
        schema=["doc_id", "lemma"], orient="row",
    )  # fmt: skip
    model = TopicModel(TopicsParams(n_topics=1, min_documents=2, max_share=0.7)).fit(tokens)
    assert model.vocabulary_.to_list() == ["army"]


def test_tokens_of_other_documents_are_refused():
    with pytest.raises(InputError, match="do not belong to the documents"):
        TopicModel(SMALL).fit(tokens_of(planted_rows(31)), documents_of(planted_rows(30)))


def test_only_the_documents_that_a_model_learns_from_limit_its_vocabulary() -> None:
    matrix = sparse.csr_matrix(np.array([[1, 1, 0], [1, 0, 0], [0, 0, 1], [0, 0, 1]]))
    counts = Counts(matrix, pl.Series(list("abcd")), pl.Series(["army", "tank", "truce"]))
    days = pl.Series([date(2022, 4, 7), date(2022, 4, 8), date(2022, 4, 9), None])
    params = TopicsParams(learn_until=date(2022, 4, 8), min_documents=2, max_share=1.0)
    kept, rows = select_training(counts, days, params)
    assert kept.vocabulary.to_list() == ["army"]
    assert rows.tolist() == [True, True, False, False]
    with pytest.raises(ValueError, match="learn_until needs dates"):
        select_training(counts, None, params)
    assert select_training(counts, None, TopicsParams())[0] is counts
