"""Comparisons of a mark with a gold mark that several layers use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def overlap(gold: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    """Return whether two spans share a character."""
    return bool(gold["start"] < row["end"] and row["start"] < gold["end"])


def folded(text: str | None) -> str:
    """Return a text in folded case with single spaces; an empty text for None.

    Examples
    --------
    >>> folded("The  White House")
    'the white house'
    """
    return " ".join((text or "").split()).casefold()


def contains(words: list[str], inner: list[str]) -> bool:
    """Return whether a list of words contains another as a contiguous sublist."""
    return any(words[i : i + len(inner)] == inner for i in range(len(words) - len(inner) + 1))
