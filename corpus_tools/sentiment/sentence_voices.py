"""Assign each sentence the voice that speaks in it: the narrator's, or that of somebody who is quoted."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

Integers = npt.NDArray[Any]


def voices(documents: pl.DataFrame, sentences: pl.DataFrame, quotes: pl.DataFrame) -> pl.DataFrame:
    """Return the voice of each sentence: quoted if at least half of its letters and digits are within quotations.

    An indirect quotation is in the reporter's words, so it counts as the narrator's voice.

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
    One row per sentence, in order: voice ("narrator" or "quoted"), speaker_name (of the quotation with most of the
    sentence's letters; null in the narrator's voice or if the quotation has none), both (whether the sentence has
    letters within quotations and outside them).

    Examples
    --------
    >>> text = "They met. “We will win,” he said. Nobody left."
    >>> spans = pl.DataFrame({"doc_id": ["a"] * 3, "start": [0, 10, 34], "end": [9, 33, 46]})
    >>> quotes = {"doc_id": ["a"], "start": [11], "end": [23], "kind": ["direct"], "speaker_name": ["Ann Bo"]}
    >>> voices(pl.DataFrame({"doc_id": ["a"], "text": [text]}), spans, pl.DataFrame(quotes)).rows()
    [('narrator', None, False), ('quoted', 'Ann Bo', True), ('narrator', None, False)]
    """
    verbatim = quotes.filter(pl.col("kind") != "indirect")
    lengths = documents["text"].str.len_chars().cast(pl.Int64)
    offsets = documents.select("doc_id", offset=lengths.cum_sum() - lengths)
    (start, end), (quote_start, quote_end) = _spans(sentences, offsets), _spans(verbatim, offsets)
    is_letter = _letter_flags(documents["text"])
    size = len(is_letter) + 1
    depth = np.bincount(quote_start, minlength=size) - np.bincount(quote_end, minlength=size)
    before, quoted_before = _counts_before(is_letter), _counts_before(is_letter & (np.cumsum(depth)[:-1] > 0))
    letters, quoted_letters = before[end] - before[start], quoted_before[end] - quoted_before[start]
    quoted = (quoted_letters > 0) & (2 * quoted_letters >= letters)
    quote = np.where(quoted, _largest_quotes((start, end), (quote_start, quote_end), before), -1)
    speakers = verbatim["speaker_name"].cast(pl.String).gather(pl.Series(quote).replace(-1, None))
    return pl.DataFrame(
        {
            "voice": pl.Series(quoted).replace_strict({True: "quoted", False: "narrator"}, return_dtype=pl.String),
            "speaker_name": speakers,
            "both": (quoted_letters > 0) & (quoted_letters < letters),
        }
    )


def _spans(spans: pl.DataFrame, offsets: pl.DataFrame) -> tuple[Integers, Integers]:
    """Return starts and ends of spans in the concatenation of all texts."""
    joined = spans.join(offsets, on="doc_id", how="left", maintain_order="left")
    start, end = (joined.select(pl.col(c) + pl.col("offset")).to_series().to_numpy() for c in ("start", "end"))
    return start, end


def _letter_flags(texts: pl.Series) -> npt.NDArray[np.bool_]:
    """Return, for every character of all texts, whether it is a letter or digit."""
    codes = np.frombuffer("".join(texts).encode("utf-32-le"), dtype="<u4")
    distinct = np.flatnonzero(np.bincount(codes))
    is_letter = np.zeros(int(distinct[-1]) + 1 if len(distinct) else 1, dtype=bool)
    is_letter[distinct] = [chr(code).isalnum() for code in distinct.tolist()]
    flags: npt.NDArray[np.bool_] = is_letter[codes]
    return flags


def _counts_before(flags: npt.NDArray[np.bool_]) -> Integers:
    return np.concatenate([[0], np.cumsum(flags)])


def _largest_quotes(
    sentences: tuple[Integers, Integers], quotes: tuple[Integers, Integers], before: Integers
) -> Integers:
    """Return the number of the quotation that shares most letters with each sentence, -1 if none shares any.

    Parameters
    ----------
    sentences, quotes
        Starts and ends; sentences do not overlap, quotations may.
    before
        How many letters precede each character.
    """
    order = np.argsort(sentences[0], kind="stable")
    start, end = sentences[0][order], sentences[1][order]
    first = np.searchsorted(end, quotes[0], side="right")
    count = np.maximum(np.searchsorted(start, quotes[1], side="left") - first, 0)
    quote = np.repeat(np.arange(len(count)), count)
    sentence = np.repeat(first - np.cumsum(count) + count, count) + np.arange(count.sum())
    shared = before[np.minimum(end[sentence], quotes[1][quote])] - before[np.maximum(start[sentence], quotes[0][quote])]
    best = np.lexsort((quote, -shared, sentence))[::-1]
    largest = np.full(len(order), -1)
    # Of several values assigned to one sentence, NumPy keeps the last.
    largest[order[sentence[best]]] = quote[best]
    return largest
