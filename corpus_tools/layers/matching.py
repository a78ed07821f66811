"""When a mark found and a gold mark are the same: comparisons that layers share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def overlap(gold: Mapping[str, Any], found: Mapping[str, Any]) -> bool:
    """Return whether two spans share a character."""
    return bool(gold["start"] < found["end"] and found["start"] < gold["end"])


def folded(words: str | None) -> str:
    """Return words without case and with single spaces; an empty text for None.

    Examples
    --------
    >>> folded("The  White House")
    'the white house'
    """
    return " ".join((words or "").split()).casefold()


def contains(words: list[str], inner: list[str]) -> bool:
    """Return whether some words hold others, whole and in a row."""
    return any(words[i : i + len(inner)] == inner for i in range(len(words) - len(inner) + 1))
