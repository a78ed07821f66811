"""The term counts of all partitions as one sparse matrix, the same for any partitioning of the documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import sparse

from corpus_tools.errors import InputError
from corpus_tools.topics.fitting.params import TopicsParams


@dataclass(frozen=True)
class Counts:
    """Documents by terms.

    Attributes
    ----------
    matrix : sparse array (D, V) of int32, the count of each term in each document
    doc_ids : Series of D strings, sorted
    vocabulary : Series of V strings, sorted
    """

    matrix: sparse.csr_matrix
    doc_ids: pl.Series
    vocabulary: pl.Series


def combine_counts(
    frames: Mapping[str, pl.DataFrame], params: TopicsParams, doc_ids: pl.Series | None = None
) -> Counts:
    """Combine the counts of all partitions, without terms that occur in too few or too many documents.

    Parameters
    ----------
    frames
        The frames of `count_partition`, each concatenated over the partitions in the same order.
    params
        `min_documents` and `max_share` limit the vocabulary.
    doc_ids
        All documents, including those without tokens; by default those with tokens.

    Raises
    ------
    InputError
        If tokens belong to none of the documents.

    Examples
    --------
    >>> from corpus_tools.topics.fitting.term_counts import count_partition
    >>> tokens = pl.DataFrame({"doc_id": ["b", "b", "b", "a"], "lemma": ["War", "war", "army", "Army"]})
    >>> counts = combine_counts(count_partition([], tokens), TopicsParams(min_documents=1, max_share=1.0))
    >>> counts.matrix.toarray().tolist(), counts.doc_ids.to_list(), counts.vocabulary.to_list()
    ([[1, 0], [1, 2]], ['a', 'b'], ['army', 'war'])
    """
    if params.learn_until is not None:  # keep all terms for now: `select_training` limits them
        params = params.model_copy(update={"min_documents": 1, "max_share": 1.0})
    doc_ids = (frames["rows"]["doc_id"] if doc_ids is None else doc_ids).cast(pl.String).unique().sort()
    if not frames["rows"]["doc_id"].is_in(doc_ids.implode()).all():
        raise InputError("tokens", "they do not belong to the documents", "run `make repro`: one table is outdated")
    columns, vocabulary = _vocabulary(frames["terms"], params, len(doc_ids))
    empty = sparse.csr_matrix((1, len(vocabulary)), dtype=np.int32)
    rows = sparse.vstack([*_blocks(frames, columns, len(vocabulary)), empty], format="csr")
    row_of = frames["rows"].select("doc_id").with_row_index("row")
    order = doc_ids.alias("doc_id").to_frame().join(row_of, on="doc_id", how="left", maintain_order="left")["row"]
    # A document without tokens takes the last row, which is empty.
    return Counts(rows[order.fill_null(rows.shape[0] - 1).to_numpy()], doc_ids, vocabulary)


def select_training(
    counts: Counts, published: pl.Series | None, params: TopicsParams
) -> tuple[Counts, npt.NDArray[np.bool_]]:
    """Select the documents that the model may learn from, and limit the vocabulary by these alone.

    Parameters
    ----------
    counts
        Of all documents, as `combine_counts` returns them.
    published
        D dates in the order of the documents; required if `learn_until` is set.
    params
        `learn_until`, `min_documents` and `max_share`.

    Returns
    -------
    The counts of all documents with the limited vocabulary, and a mask (D,) of the selected documents.

    Raises
    ------
    InputError
        If no document is selected.
    """
    if params.learn_until is None:
        return counts, np.ones(len(counts.doc_ids), np.bool_)
    if published is None:
        raise ValueError("learn_until needs dates: fit(tokens, documents) with doc_id and published")
    rows = (published <= params.learn_until).fill_null(value=False).to_numpy()
    if not rows.any():
        raise InputError("params.yaml, topics.learn_until", "no report is that early", "give a later day, or none")
    present = counts.matrix[rows].getnnz(axis=0)
    kept = np.flatnonzero((present >= params.min_documents) & (present <= params.max_share * rows.sum()))
    return Counts(counts.matrix[:, kept], counts.doc_ids, counts.vocabulary.gather(kept)), rows


def _vocabulary(terms: pl.DataFrame, params: TopicsParams, n_documents: int) -> tuple[npt.NDArray[np.int32], pl.Series]:
    """Return the column of each row of `terms`, -1 for excluded terms, and the vocabulary."""
    documents = pl.col("documents")
    totals = terms.group_by("term").agg(documents.sum())
    kept = totals.filter(documents >= params.min_documents, documents <= params.max_share * n_documents)
    vocabulary = kept["term"].sort()
    numbered = vocabulary.to_frame().with_columns(column=pl.int_range(pl.len(), dtype=pl.Int32))
    column = terms.select("term").join(numbered, on="term", how="left", maintain_order="left")["column"]
    return column.fill_null(-1).to_numpy(), vocabulary


def _blocks(
    frames: Mapping[str, pl.DataFrame], columns: npt.NDArray[np.int32], n_columns: int
) -> Iterator[sparse.csr_matrix]:
    """Yield the rows of each partition; both its terms and the vocabulary are sorted, so columns are in order."""
    offset = {"terms": 0, "rows": 0, "cells": 0}
    for sizes in frames["sizes"].iter_rows(named=True):
        terms = columns[offset["terms"] : offset["terms"] + sizes["terms"]]
        rows, cells = (frames[name].slice(offset[name], sizes[name]) for name in ("rows", "cells"))
        column = terms[cells["term"].to_numpy()]
        kept = column >= 0
        ends = rows["terms"].cum_sum().to_numpy()
        pointers = np.concatenate([[0], np.concatenate([[0], np.cumsum(kept)])[ends]]).astype(np.int32)
        yield sparse.csr_matrix((cells["n"].to_numpy()[kept], column[kept], pointers), shape=(rows.height, n_columns))
        offset = {name: offset[name] + sizes[name] for name in offset}
