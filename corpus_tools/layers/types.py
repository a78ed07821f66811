"""What the layers mark in a report; offsets are those of Python strings, the end exclusive."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from typing import Literal

Span = tuple[int, int]
NOWHERE = (None, None)  # the offsets of what a mark lacks


@dataclass(frozen=True, slots=True)
class Report:
    """A report as the layers see it.

    Its own words, split into sentences, start at `body_start`; the dateline before them starts at `opens`, after any
    header.
    """

    text: str
    published: date | None
    body_start: int
    sentences: list[tuple[int, int]]
    place: str | None = None
    country: str | None = None
    opens: int = 0
    doc_id: str = "0"
    cluster_id: str | None = None

    def words(self, span: Span | None) -> str | None:
        """Return the words of a span."""
        return self.text[span[0] : span[1]] if span else None

    def sentence_of(self, at: int) -> int | None:
        """Give the index of the sentence that holds an offset, or of the last one before it."""
        index = bisect_right(self.sentences, (at, 1 << 60)) - 1
        return index if index >= 0 else None


@dataclass(frozen=True, slots=True)
class Name:
    """A name as written, and the form that stands for it in the whole report."""

    start: int
    end: int
    label: Literal["PERSON", "ORG", "PLACE", "OTHER"]
    name: str


@dataclass(frozen=True, slots=True)
class Place:
    """A place with its entry in GeoNames; the entry is None where the map does not know the place."""

    start: int
    end: int
    kind: Literal["country", "settlement", "region", "other"]
    name: str
    country: str | None
    lat: float | None
    lon: float | None
    geonames_id: int | None


@dataclass(frozen=True, slots=True)
class Time:
    """A date as written, and its ISO 8601 value: a day, month, year, week, or an interval of two with a slash."""

    start: int
    end: int
    value: str
    granularity: Literal["day", "week", "month", "year", "interval"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of people to whom something happened, and the words that say which people."""

    start: int
    end: int
    low: int | None
    best: int | None
    high: int | None
    bound: Literal["exact", "at least", "at most", "about"]
    kind: Literal["killed", "wounded", "missing", "displaced", "evacuated", "detained", "trapped", "other-affected"]
    who_start: int
    who_end: int


@dataclass(frozen=True, slots=True)
class Quote:
    """Reported words, and who said them, by which word, through which channel."""

    start: int
    end: int
    kind: Literal["direct", "mixed", "indirect"]
    speaker: tuple[int, int] | None
    speaker_name: str | None
    speaker_role: str | None
    cue: tuple[int, int] | None
    channel: str | None


@dataclass(frozen=True, slots=True)
class Claim:
    """A number of people with who says so (None: the report itself), and when and where it happened."""

    quantity: Quantity
    speaker_name: str | None
    speaker: tuple[int, int] | None
    cue: tuple[int, int] | None
    event_date: str | None
    event_date_precision: str | None
    event: Time | None
    place: Place | None
    place_precision: str | None

    @property
    def start(self) -> int:
        """Where the number begins."""
        return self.quantity.start

    @property
    def end(self) -> int:
        """Where the number ends."""
        return self.quantity.end
