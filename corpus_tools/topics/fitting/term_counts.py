"""Counts of each term in each document of one partition, as compact integer tables."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import numpy.typing as npt
import polars as pl

# A term is a word of letters (hyphens and apostrophes inside), at least three of them: two-letter words of English are
# function words or initials.
_TERM = r"^[^\W\d_][^\W\d_'’-]*(?:[-'’]?[^\W\d_]+)+$"
_SHORTEST = 3
# No English compound ends or starts like this: these are two words that lost the dash or line break between them
# ("said-the").
_NO_END = r"-(?:a|an|the|and|or|but|he|she|they|we|his|their|these|this|those|which|who)$"
_NO_BEGINNING = r"^(?:the|and|or|but)-"
# Tokens that replace a letter lost in transmission.
_LOST = r"^\?+$|\x{fffd}"


def count_partition(stop_words: Collection[str], tokens: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Count the terms of each document: lower-case lemmas that are complete words and no stop words.

    Words produced by errors of the feed are not counted: fragments around a lost letter (`Sch?neberg`), two words run
    together (`said-the`), and contractions that were not split (`they're`).

    Parameters
    ----------
    stop_words
        Words that are not terms, in lower case. They are an argument because importing them takes as long as counting
        three partitions.
    tokens
        doc_id and lemma, with documents in any order. To detect fragments of words also start, end and token, in the
        order of the text.

    Returns
    -------
    dict of DataFrame
        - `terms`, one row per term, sorted: term, documents (the number of documents that contain it).
        - `rows`, one row per document with tokens, sorted: doc_id, terms (the number of distinct terms).
        - `cells`, sorted by document and term: term (its row in `terms`), n (the count).
        - `sizes`, one row: terms, rows, cells (the heights of these frames), by which concatenated frames of several
          partitions can be split again.

    Examples
    --------
    >>> tokens = pl.DataFrame({"doc_id": ["b", "b", "b", "a"], "lemma": ["War", "the", "war", "Army"]})
    >>> frames = count_partition(["the"], tokens)
    >>> frames["terms"].rows(), frames["rows"].rows(), frames["cells"].rows()
    ([('army', 1), ('war', 1)], [('a', 1), ('b', 1)], [(0, 1), (1, 2)])
    """
    tokens = _without_fragments(tokens)
    terms, term_of_lemma = _terms(tokens, {word.lower() for word in stop_words})
    doc_ids = tokens["doc_id"].cast(pl.String).unique().sort()
    # Each token's term as an integer, null where the lemma is no term. Two joins with small tables replace all string
    # operations on tokens.
    column = tokens.select("lemma").join(term_of_lemma, on="lemma", how="left", maintain_order="left")["column"]
    is_term = column.is_not_null().to_numpy()
    key = _rows(tokens["doc_id"], doc_ids)[is_term] * len(terms) + column.drop_nulls().to_numpy()
    cells, n = np.unique(key, return_counts=True)
    row, column_of_cell = np.divmod(cells, max(len(terms), 1))
    frames = {
        "terms": pl.DataFrame({"term": terms, "documents": _occurrences(column_of_cell, len(terms))}),
        "rows": pl.DataFrame({"doc_id": doc_ids, "terms": _occurrences(row, len(doc_ids))}),
        "cells": pl.DataFrame({"term": column_of_cell.astype(np.int32), "n": n.astype(np.int32)}),
    }
    return {**frames, "sizes": pl.DataFrame({name: [frame.height] for name, frame in frames.items()})}


def _without_fragments(tokens: pl.DataFrame) -> pl.DataFrame:
    """Set the lemmas of words next to a lost letter to null, so that their documents remain."""
    if "token" not in tokens.columns:
        return tokens
    start, end = pl.col("start"), pl.col("end")
    lost = pl.col("token").str.contains(_LOST)
    # A question mark replaces a letter only before another letter; at the end of a word it is punctuation.
    before = lost.shift(1, fill_value=False) & (end.shift(1) == start) & (pl.col("doc_id").shift(1) == pl.col("doc_id"))
    within = lost.shift(-1, fill_value=False) & (start.shift(-1) == end) & (start.shift(-2) == end.shift(-1))
    word_follows = pl.col("token").shift(-2).str.contains(r"^\p{L}")
    broken = (before | within & word_follows).fill_null(value=False)
    return tokens.select("doc_id", lemma=pl.when(~broken).then("lemma"))


def _terms(tokens: pl.DataFrame, stop_words: set[str]) -> tuple[pl.Series, pl.DataFrame]:
    """Return the sorted terms, and the column of each lemma that is one; each distinct lemma is checked once."""
    term, stop = pl.col("term"), sorted(stop_words)
    lemmas = tokens.select(pl.col("lemma").unique()).with_columns(term=pl.col("lemma").str.to_lowercase())
    lemmas = lemmas.filter(term.str.len_chars() >= _SHORTEST, term.str.contains(_TERM), ~term.is_in(stop))
    glued = term.str.contains(_NO_END) | term.str.contains(_NO_BEGINNING)
    contracted = term.str.extract(r"^([^'’]+)['’]").is_in(stop).fill_null(value=False)
    lemmas = lemmas.filter(~glued, ~contracted)
    terms = lemmas["term"].unique().sort()
    return terms, lemmas.join(terms.to_frame().with_row_index("column"), on="term").select("lemma", "column")


def _rows(doc_id: pl.Series, doc_ids: pl.Series) -> npt.NDArray[np.int64]:
    """Return each token's row; a document's tokens are consecutive, so each run of tokens needs one lookup."""
    runs = doc_id.cast(pl.String).rle().struct.unnest()
    rows = doc_ids.alias("value").to_frame().with_row_index("row")
    row = runs.join(rows, on="value", how="left", maintain_order="left")["row"]
    return np.repeat(row.to_numpy().astype(np.int64), runs["len"].to_numpy())


def _occurrences(numbers: npt.NDArray[np.int64], size: int) -> pl.Series:
    return pl.Series(np.bincount(numbers, minlength=size), dtype=pl.Int32)
