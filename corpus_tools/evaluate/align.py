"""Align a raw text with its cleaned version, to carry offsets over."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

Span = tuple[int, int]


def align(raw: str, clean: str) -> list[int]:
    """Return the offset in the cleaned text for each offset in the raw text.

    Cleaning changes punctuation, white space and single letters but keeps the order of words. Words are therefore
    paired first. Between two pairs, characters that are equal from the left or from the right are paired; only offsets
    between those are approximate. Offsets never cross.

    Parameters
    ----------
    raw, clean
        The same report before and after cleaning.

    Returns
    -------
    len(raw) + 1 offsets into `clean`.

    Examples
    --------
    >>> raw, clean = 'It ended."?Nobody  knew.', 'It ended." Nobody knew.'
    >>> offsets = align(raw, clean)
    >>> clean[offsets[raw.index("Nobody")] : offsets[raw.index(".", 11)]]
    'Nobody knew'
    """
    raw_words, clean_words = ([m.span() for m in re.finditer(r"\w+", text)] for text in (raw, clean))
    matcher = SequenceMatcher(
        None, [raw[a:b] for a, b in raw_words], [clean[c:d] for c, d in clean_words], autojunk=False
    )
    offsets = [0] * (len(raw) + 1)
    raw_end = clean_end = 0
    for i, j, size in matcher.get_matching_blocks():
        for (a, b), (c, d) in zip(raw_words[i : i + size], clean_words[j : j + size], strict=True):
            _align_gap(raw, clean, (raw_end, a), (clean_end, c), offsets)
            offsets[a:b] = range(c, d)
            raw_end, clean_end = b, d
    _align_gap(raw, clean, (raw_end, len(raw)), (clean_end, len(clean)), offsets)
    offsets[len(raw)] = len(clean)
    return offsets


def _align_gap(raw: str, clean: str, raw_gap: Span, clean_gap: Span, offsets: list[int]) -> None:
    (a, b), (c, d) = raw_gap, clean_gap
    while a < b and c < d and raw[a] == clean[c]:
        offsets[a] = c
        a, c = a + 1, c + 1
    while a < b and c < d and raw[b - 1] == clean[d - 1]:
        b, d = b - 1, d - 1
        offsets[b] = d
    for k in range(a, b):
        offsets[k] = min(c + k - a, d)
