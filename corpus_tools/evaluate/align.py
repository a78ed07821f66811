"""From offsets into a text as found to offsets into the cleaned text."""

from __future__ import annotations

import re
from difflib import SequenceMatcher


def align(raw: str, clean: str) -> list[int]:
    """Say for each offset into a text as found where it lies in the cleaned text.

    Cleaning changes marks, spaces and single letters, but keeps the words in order. So words are paired first; between
    two pairs, what is equal from the left and from the right is paired by character, and only what is left between
    those is approximate. Offsets never cross.

    Parameters
    ----------
    raw, clean
        The same report before and after.

    Returns
    -------
    len(raw) + 1 offsets into `clean`.

    Examples
    --------
    >>> raw, clean = 'It ended."?Nobody  knew.', 'It ended." Nobody knew.'
    >>> to = align(raw, clean)
    >>> clean[to[raw.index("Nobody")] : to[raw.index(".", 11)]]
    'Nobody knew'
    """
    theirs, ours = ([m.span() for m in re.finditer(r"\w+", text)] for text in (raw, clean))
    words = SequenceMatcher(None, [raw[a:b] for a, b in theirs], [clean[a:b] for a, b in ours], autojunk=False)
    to = [0] * (len(raw) + 1)
    at = target = 0
    for i, j, size in words.get_matching_blocks():
        # The last block is empty and stands for the ends of both texts.
        for (a, b), (c, d) in zip(theirs[i : i + size], ours[j : j + size], strict=True):
            _align_gap(raw, clean, (at, a), (target, c), to)
            to[a:b] = range(c, d)
            at, target = b, d
    _align_gap(raw, clean, (at, len(raw)), (target, len(clean)), to)
    to[len(raw)] = len(clean)
    return to


def _align_gap(raw: str, clean: str, old: tuple[int, int], new: tuple[int, int], to: list[int]) -> None:
    (a, b), (c, d) = old, new
    while a < b and c < d and raw[a] == clean[c]:
        to[a] = c
        a, c = a + 1, c + 1
    while a < b and c < d and raw[b - 1] == clean[d - 1]:
        b, d = b - 1, d - 1
        to[b] = d
    for k in range(a, b):
        to[k] = min(c + k - a, d)
