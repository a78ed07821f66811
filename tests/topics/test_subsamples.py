"""Subsamples keep near-duplicates together, and shares add up."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from corpus_tools.topics.fitting.subsamples import FRACTION, draw, to_shares


@given(st.lists(st.integers(0, 20), min_size=5, max_size=60), st.integers(0, 99))
def test_a_subsample_has_all_of_a_cluster_or_none(clusters: list[int], seed: int) -> None:
    cluster_of = np.array(clusters)
    drawn = draw(cluster_of, seed)
    for cluster in set(clusters):
        assert len(set(drawn[cluster_of == cluster].tolist())) == 1
    assert len(set(cluster_of[drawn].tolist())) == round(FRACTION * len(set(clusters)))


def test_shares_add_up_and_a_document_without_terms_has_none() -> None:
    counts = sparse.csr_matrix(np.array([[1, 0], [0, 0]]))
    shares = to_shares(np.array([[1.0, 3.0], [1.0, 1.0]]), np.array([[1.0, 1.0], [1.0, 0.0]]), counts)
    assert shares[0].tolist() == [0.4, 0.6]
    assert np.isnan(shares[1]).all()
