"""Whose voice a sentence speaks with: the narrator's, or that of somebody who is quoted."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

Integers = npt.NDArray[Any]


def voices(documents: pl.DataFrame, sentences: pl.DataFrame, quotes: pl.DataFrame) -> pl.DataFrame:
    """Tell the voice of each sentence: quoted, if at least half of its letters and digits stand within quotations.

    An indirect quotation is the reporter's wording, so it is the narrator's voice.

    Parameters
    ----------
    documents
        doc_id, text.
    sentences
        doc_id, start, end; the sentences of a report do not overlap.
    quotes
        doc_id, start, end, kind, speaker_name.

    Returns
    -------
    voice ("narrator" or "quoted"), speaker_name (that of the quotation with most of the sentence's letters; null in the
    narrator's voice or if it is not named), both (whether letters stand within quotations and outside them); a row a
    sentence, in order.

    Examples
    --------
    >>> text = "They met. “We will win,” he said. Nobody left."
    >>> spans = pl.DataFrame({"doc_id": ["a"] * 3, "start": [0, 10, 34], "end": [9, 33, 46]})
    >>> said = {"doc_id": ["a"], "start": [11], "end": [23], "kind": ["direct"], "speaker_name": ["Ann Bo"]}
    >>> voices(pl.DataFrame({"doc_id": ["a"], "text": [text]}), spans, pl.DataFrame(said)).rows()
    [('narrator', None, False), ('quoted', 'Ann Bo', True), ('narrator', None, False)]
    """
    own_words = quotes.filter(pl.col("kind") != "indirect")
    lengths = documents["text"].str.len_chars().cast(pl.Int64)
    before = documents.select("doc_id", before=lengths.cum_sum() - lengths)
    (start, end), (quote_start, quote_end) = _places(sentences, before), _places(own_words, before)
    letters = _letters(documents["text"])
    depth = np.bincount(quote_start, minlength=len(letters) + 1) - np.bincount(quote_end, minlength=len(letters) + 1)
    so_far, quoted_so_far = _so_far(letters), _so_far(letters & (np.cumsum(depth)[:-1] > 0))
    whole, part = so_far[end] - so_far[start], quoted_so_far[end] - quoted_so_far[start]
    quoted = (part > 0) & (2 * part >= whole)
    speaker = _largest((start, end), (quote_start, quote_end), so_far)
    named = own_words["speaker_name"].cast(pl.String).gather(pl.Series(np.where(quoted, speaker, -1)).replace(-1, None))
    return pl.DataFrame(
        {
            "voice": pl.Series(quoted).replace_strict({True: "quoted", False: "narrator"}, return_dtype=pl.String),
            "speaker_name": named,
            "both": (part > 0) & (part < whole),
        }
    )


def _places(spans: pl.DataFrame, before: pl.DataFrame) -> tuple[Integers, Integers]:
    """Give first and last places of stretches in all texts, one after the other."""
    found = spans.join(before, on="doc_id", how="left", maintain_order="left")
    start, end = (found.select(pl.col(c) + pl.col("before")).to_series().to_numpy() for c in ("start", "end"))
    return start, end


def _letters(texts: pl.Series) -> npt.NDArray[np.bool_]:
    """Say of every character of all texts whether it is a letter or digit."""
    codes = np.frombuffer("".join(texts).encode("utf-32-le"), dtype="<u4")
    distinct = np.flatnonzero(np.bincount(codes))
    known = np.zeros(int(distinct[-1]) + 1 if len(distinct) else 1, dtype=bool)
    known[distinct] = [chr(code).isalnum() for code in distinct.tolist()]
    found: npt.NDArray[np.bool_] = known[codes]
    return found


def _so_far(letters: npt.NDArray[np.bool_]) -> Integers:
    return np.concatenate([[0], np.cumsum(letters)])


def _largest(sentences: tuple[Integers, Integers], quotes: tuple[Integers, Integers], so_far: Integers) -> Integers:
    """Give the quotation that shares most letters with each sentence, the first of several; -1 for none."""
    order = np.argsort(sentences[0], kind="stable")
    start, end = sentences[0][order], sentences[1][order]
    first = np.searchsorted(end, quotes[0], side="right")
    count = np.maximum(np.searchsorted(start, quotes[1], side="left") - first, 0)
    quote = np.repeat(np.arange(len(count)), count)
    sentence = np.repeat(first - np.cumsum(count) + count, count) + np.arange(count.sum())
    shared = so_far[np.minimum(end[sentence], quotes[1][quote])] - so_far[np.maximum(start[sentence], quotes[0][quote])]
    best = np.lexsort((quote, -shared, sentence))[::-1]
    found = np.full(len(order), -1)
    # The last that is written stays.
    found[order[sentence[best]]] = quote[best]
    return found
