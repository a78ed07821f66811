"""Values of marks as text, for tooltips, tables and reports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def joined(separator: str, *texts: str | None) -> str:
    """Join the texts that are not empty."""
    return separator.join(text for text in texts if text)


def with_details(row: Mapping[str, Any], columns: str) -> str:
    """Return the value of the first column, followed by those of the others in parentheses.

    Examples
    --------
    >>> with_details({"value": "2022-05", "granularity": "month"}, "value granularity")
    '2022-05 (month)'
    """
    first, *others = (f"{v:,}" if isinstance(v, int) else v for v in map(row.get, columns.split()))
    return joined(" ", first, *(f"({v})" for v in others if v))


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
    """Return a place with its country and coordinates.

    Examples
    --------
    >>> place_on_map({"name": "Kyiv", "country": "Ukraine", "lat": 50.454, "lon": 30.524})
    'Kyiv, Ukraine 50.45 N 30.52 E'
    """
    place = joined(", ", row["name"], row["country"] if row["country"] != row["name"] else None)
    if row["lat"] is None or row["lon"] is None:
        return place
    return f"{place} {abs(row['lat']):.2f} {'SN'[row['lat'] >= 0]} {abs(row['lon']):.2f} {'WE'[row['lon'] >= 0]}"
