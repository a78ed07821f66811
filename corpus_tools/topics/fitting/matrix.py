"""The counts of all partitions as one sparse matrix, the same for any partitioning of the documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import sparse

from corpus_tools.errors import InputError
from corpus_tools.topics.params import TopicsParams


@dataclass(frozen=True)
class Counts:
    """Documents by terms.

    Attributes
    ----------
    matrix : sparse array (D, V) of int32, how often each term stands in each document
    doc_ids : Series of D strings, sorted
    vocabulary : Series of V strings, sorted
    """

    matrix: sparse.csr_matrix
    doc_ids: pl.Series
    vocabulary: pl.Series


def put_together(found: Mapping[str, pl.DataFrame], params: TopicsParams, doc_ids: pl.Series | None = None) -> Counts:
    """Put the counts of all partitions together and leave out terms that stand in too few or too many documents.

    Parameters
    ----------
    found
        What `count_partition` gave, each frame put together over the partitions in one order.
    params
        `min_documents` and `max_share` bound the vocabulary.
    doc_ids
        All documents, those without tokens too; by default those with tokens.

    Raises
    ------
    InputError
        If there are tokens of other documents.

    Examples
    --------
    >>> from corpus_tools.topics.fitting.term_counts import count_partition
    >>> tokens = pl.DataFrame({"doc_id": ["b", "b", "b", "a"], "lemma": ["War", "war", "army", "Army"]})
    >>> counts = put_together(count_partition([], tokens), TopicsParams(min_documents=1, max_share=1.0))
    >>> counts.matrix.toarray().tolist(), counts.doc_ids.to_list(), counts.vocabulary.to_list()
    ([[1, 0], [1, 2]], ['a', 'b'], ['army', 'war'])
    """
    if params.learn_until is not None:  # all terms for now: `learnt` leaves some out
        params = params.model_copy(update={"min_documents": 1, "max_share": 1.0})
    doc_ids = (found["rows"]["doc_id"] if doc_ids is None else doc_ids).cast(pl.String).unique().sort()
    if not found["rows"]["doc_id"].is_in(doc_ids.implode()).all():
        raise InputError("tokens", "they do not belong to the documents", "run `make repro`: one of them is older")
    columns, vocabulary = _vocabulary(found["terms"], params, len(doc_ids))
    rows = sparse.vstack(
        [*_blocks(found, columns, len(vocabulary)), sparse.csr_matrix((1, len(vocabulary)), dtype=np.int32)],
        format="csr",
    )
    arrived = found["rows"].select("doc_id").with_row_index("row")
    # A document without tokens takes the last row, which is empty.
    order = doc_ids.alias("doc_id").to_frame().join(arrived, on="doc_id", how="left", maintain_order="left")["row"]
    return Counts(rows[order.fill_null(rows.shape[0] - 1).to_numpy()], doc_ids, vocabulary)


def learnt(counts: Counts, published: pl.Series | None, params: TopicsParams) -> tuple[Counts, npt.NDArray[np.bool_]]:
    """Tell which documents the model may learn from, and keep the terms that these alone allow.

    Parameters
    ----------
    counts
        What `put_together` gave.
    published
        D dates in the order of the documents; wanted if there is a `learn_until`.
    params
        `learn_until`, `min_documents` and `max_share`.

    Returns
    -------
    The counts of all documents, and an array (D,).

    Raises
    ------
    InputError
        If no document may be learnt from.
    """
    if params.learn_until is None:
        return counts, np.ones(len(counts.doc_ids), np.bool_)
    if published is None:
        raise ValueError("learn_until needs dates: fit(tokens, documents) with doc_id and published")
    rows = (published <= params.learn_until).fill_null(value=False).to_numpy()
    if not rows.any():
        raise InputError("params.yaml, topics.learn_until", "no report is dated up to it", "give a later day, or none")
    present = counts.matrix[rows].getnnz(axis=0)
    kept = np.flatnonzero((present >= params.min_documents) & (present <= params.max_share * rows.sum()))
    return Counts(counts.matrix[:, kept], counts.doc_ids, counts.vocabulary.gather(kept)), rows


def _vocabulary(terms: pl.DataFrame, params: TopicsParams, n_documents: int) -> tuple[npt.NDArray[np.int32], pl.Series]:
    """Give each partition's terms their column, -1 for those that are left out, and list those that are not."""
    found_in = terms.group_by("term").agg(pl.col("documents").sum())
    kept = found_in.filter(
        pl.col("documents") >= params.min_documents, pl.col("documents") <= params.max_share * n_documents
    )
    vocabulary = kept["term"].sort()
    numbered = vocabulary.to_frame().with_columns(column=pl.int_range(pl.len(), dtype=pl.Int32))
    column = terms.select("term").join(numbered, on="term", how="left", maintain_order="left")["column"]
    return column.fill_null(-1).to_numpy(), vocabulary


def _blocks(
    found: Mapping[str, pl.DataFrame], columns: npt.NDArray[np.int32], n_columns: int
) -> Iterator[sparse.csr_matrix]:
    """Make each partition's part of the matrix; its columns are in order as terms are sorted here and there."""
    at = {"terms": 0, "rows": 0, "cells": 0}
    for sizes in found["sizes"].iter_rows(named=True):
        part = {name: found[name].slice(at[name], sizes[name]) for name in at}
        column = columns[at["terms"] : at["terms"] + sizes["terms"]][part["cells"]["term"].to_numpy()]
        kept = column >= 0
        ends = part["rows"]["terms"].cum_sum().to_numpy()
        pointers = np.concatenate([[0], np.concatenate([[0], np.cumsum(kept)])[ends]]).astype(np.int32)
        yield sparse.csr_matrix(
            (part["cells"]["n"].to_numpy()[kept], column[kept], pointers), shape=(sizes["rows"], n_columns)
        )
        at = {name: at[name] + sizes[name] for name in at}
