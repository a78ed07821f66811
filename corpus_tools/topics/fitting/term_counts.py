"""How often each term stands in each document of one partition, in small whole numbers instead of words."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import polars as pl

# A term is a word of letters (hyphens and apostrophes inside), at least three of them: two-letter words of English are
# function words or initials.
_TERM = r"^[^\W\d_][^\W\d_'’-]*(?:[-'’]?[^\W\d_]+)+$"
_SHORTEST = 3
# No compound of English ends or begins so: two words of which a feed lost the dash or the line between ("said-the").
_NO_END = r"-(?:a|an|the|and|or|but|he|she|they|we|his|their|these|this|those|which|who)$"
_NO_BEGINNING = r"^(?:the|and|or|but)-"
# What stands for a letter that was lost on the way.
_LOST = r"^\?+$|\x{fffd}"


def count_partition(stop_words: Collection[str], tokens: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Count the terms of each document: lower-case lemmas that are whole words and no stop words.

    Words that a fault of the feed made do not count: what is left of a word around a lost letter (`Sch?neberg`), two
    words run together (`said-the`), and a contraction that nobody took apart (`they're`).

    Parameters
    ----------
    stop_words
        Words that are no terms, in lower case. (They are handed over because importing them takes as long as counting
        three partitions.)
    tokens
        doc_id, lemma, documents in any order; and start, end and token, in the order of the text, if pieces of words
        are to be told from words.

    Returns
    -------
    dict of DataFrame
        `terms`, one row a term and sorted: term, documents (how many it stands in). `rows`, one row a document with
        tokens and sorted: doc_id, terms (how many distinct ones). `cells`, sorted by row and term: term (its number in
        `terms`), n. `sizes`, one row: terms, rows, cells (how many each frame has), so that frames of many partitions
        that were put together can be told apart.

    Examples
    --------
    >>> tokens = pl.DataFrame({"doc_id": ["b", "b", "b", "a"], "lemma": ["War", "the", "war", "Army"]})
    >>> found = count_partition(["the"], tokens)
    >>> found["terms"].rows(), found["rows"].rows(), found["cells"].rows()
    ([('army', 1), ('war', 1)], [('a', 1), ('b', 1)], [(0, 1), (1, 2)])
    """
    stop_words = [word.lower() for word in stop_words]
    tokens = _whole(tokens)
    terms, known = _terms(tokens, stop_words)
    doc_ids = tokens["doc_id"].cast(pl.String).unique().sort()
    # A token's term as a whole number; null where its lemma is none. Two joins with small tables, then no strings.
    column = tokens.select("lemma").join(known, on="lemma", how="left", maintain_order="left")["column"]
    is_term = column.is_not_null().to_numpy()
    key = _rows(tokens["doc_id"], doc_ids)[is_term] * len(terms) + column.drop_nulls().to_numpy()
    cells, n = np.unique(key, return_counts=True)
    row, column_of = np.divmod(cells, max(len(terms), 1))
    frames = {
        "terms": pl.DataFrame({"term": terms, "documents": _count(column_of, len(terms))}),
        "rows": pl.DataFrame({"doc_id": doc_ids, "terms": _count(row, len(doc_ids))}),
        "cells": pl.DataFrame({"term": column_of.astype(np.int32), "n": n.astype(np.int32)}),
    }
    return {**frames, "sizes": pl.DataFrame({name: [frame.height] for name, frame in frames.items()})}


def _whole(tokens: pl.DataFrame) -> pl.DataFrame:
    """Take away the lemmas of words that touch a lost letter; their documents stay."""
    if "token" not in tokens.columns:
        return tokens
    start, end = pl.col("start"), pl.col("end")
    lost = pl.col("token").str.contains(_LOST)
    # A question mark stands for a letter only before another one: at the end of a word it asks.
    before = lost.shift(1, fill_value=False) & (end.shift(1) == start) & (pl.col("doc_id").shift(1) == pl.col("doc_id"))
    within = lost.shift(-1, fill_value=False) & (start.shift(-1) == end) & (start.shift(-2) == end.shift(-1))
    word_follows = pl.col("token").shift(-2).str.contains(r"^\p{L}")
    broken = (before | within & word_follows).fill_null(value=False)
    return tokens.select("doc_id", lemma=pl.when(~broken).then("lemma"))


def _terms(tokens: pl.DataFrame, stop_words: Collection[str]) -> tuple[pl.Series, pl.DataFrame]:
    """List the terms in order, and which lemma is which of them; each distinct lemma is looked at once."""
    term = pl.col("term")
    lemmas = tokens.select(pl.col("lemma").unique()).with_columns(term=pl.col("lemma").str.to_lowercase())
    lemmas = lemmas.filter(term.str.len_chars() >= _SHORTEST, term.str.contains(_TERM), ~term.is_in(sorted(stop_words)))
    glued = term.str.contains(_NO_END) | term.str.contains(_NO_BEGINNING)
    contracted = term.str.extract(r"^([^'’]+)['’]").is_in(sorted(stop_words)).fill_null(value=False)
    lemmas = lemmas.filter(~glued, ~contracted)
    terms = lemmas["term"].unique().sort()
    return terms, lemmas.join(terms.to_frame().with_row_index("column"), on="term").select("lemma", "column")


def _rows(doc_id: pl.Series, doc_ids: pl.Series) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Give each token its document's row; a document's tokens stand together, so each run of them is looked up once."""
    runs = doc_id.cast(pl.String).rle().struct.unnest()
    rows = doc_ids.alias("value").to_frame().with_row_index("row")
    row = runs.join(rows, on="value", how="left", maintain_order="left")["row"]
    return np.repeat(row.to_numpy().astype(np.int64), runs["len"].to_numpy())


def _count(numbers: np.ndarray[tuple[int], np.dtype[np.int64]], size: int) -> pl.Series:
    return pl.Series(np.bincount(numbers, minlength=size), dtype=pl.Int32)
