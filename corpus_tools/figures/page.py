"""What all drawings share: the page, and what a drawing is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl
from matplotlib.figure import Figure

MM = 1 / 25.4
# Journals print at most so high (Nature).
HIGHEST_MM = 170
# From this width on a figure has two columns of text to fill.
WIDE_MM = 150


@dataclass(frozen=True)
class Drawing:
    """The table a figure is drawn from, the function that draws it, and the one that gives its caption's numbers."""

    table: str
    draw: Callable[[pl.DataFrame, int], Figure]
    facts: Callable[[pl.DataFrame, int], dict[str, Any]]


def shortened(name: str, longest: int) -> str:
    """Cut a name that would take the room of what it names; the table keeps it whole.

    Examples
    --------
    >>> shortened("Anna Berg", 12), shortened("The Ministry of Foreign Affairs", 12)
    ('Anna Berg', 'The Ministr…')
    """
    return name if len(name) <= longest else name[: longest - 1].rstrip() + "…"


def plural(count: int, one: str, many: str = "") -> str:
    """Say how many of something there are.

    Examples
    --------
    >>> plural(1, "report"), plural(1200, "report"), plural(2, "country", "countries")
    ('1 report', '1,200 reports', '2 countries')
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"
