"""Values of marks in words, for tooltips, tables and reports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from corpus_tools.layers.layer import Highlight


def joined(between: str, *parts: str | None) -> str:
    """Join the parts that are not empty."""
    return between.join(part for part in parts if part)


def with_details(row: Mapping[str, Any], columns: str) -> str:
    """Return the value of the first column, and those of the others in parentheses.

    Examples
    --------
    >>> with_details({"value": "2022-05", "granularity": "month"}, "value granularity")
    '2022-05 (month)'
    """
    first, *more = (f"{v:,}" if isinstance(v, int) else v for v in map(row.get, columns.split()))
    return joined(" ", first, *(f"({v})" for v in more if v))


def number_of_people(row: Mapping[str, Any]) -> str:
    """Return a number of people with its bounds.

    Examples
    --------
    >>> number_of_people({"low": 1200, "best": 1200, "high": None, "bound": "at least"})
    'at least 1,200'
    """
    low, best, high = (with_details(row, c) or None for c in ("low", "best", "high"))
    bound = row["bound"] if row["bound"] in {"at least", "at most", "about"} else None
    span = f"{low} to {high}" if low and high and low != high else None
    value = {"at least": low, "at most": high}.get(bound or "") or best or low or high or "an unknown number"
    return joined(" ", bound, value, span and f"({span})") if bound else span or value


def place_on_map(row: Mapping[str, Any]) -> str:
    """Return a place with its country and coordinates."""
    place = joined(", ", row["name"], row["country"] if row["country"] != row["name"] else None)
    if row["lat"] is None or row["lon"] is None:
        return place
    return f"{place} {abs(row['lat']):.2f} {'SN'[row['lat'] >= 0]} {abs(row['lon']):.2f} {'WE'[row['lon'] >= 0]}"


def highlights_of_parts(row: Mapping[str, Any], kinds: Mapping[str, str], whole: str) -> Iterator[Highlight]:
    """Highlight the parts of a mark, such as the speaker of a quotation.

    Parameters
    ----------
    row
        With `PART_start` and `PART_end` for each part.
    kinds
        Kind of highlight by part.
    whole
        What they are part of, for the tooltip.
    """
    for part, kind in kinds.items():
        start, end = row[f"{part}_start"], row[f"{part}_end"]
        if start is not None and end is not None:
            yield Highlight(kind, start, end, (f"{part.replace('_', ' ')} of {whole}",))
