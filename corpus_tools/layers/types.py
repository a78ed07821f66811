"""The marks of the layers; offsets are those of Python strings, the end exclusive."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from typing import Literal

Span = tuple[int, int]
NO_SPAN = (None, None)  # the offsets of something that a mark lacks

QuantityKind = Literal[
    "killed", "wounded", "missing", "displaced", "evacuated", "detained", "trapped", "other-affected"
]
Bound = Literal["exact", "at least", "at most", "about"]


@dataclass(frozen=True, slots=True)
class Report:
    """A report as the layers read it.

    Parameters
    ----------
    text, published
        Its text and day of publication.
    body_start
        Where its own words start, after header and dateline.
    sentences
        Start and end of each sentence of the body.
    place, country
        Those of the dateline.
    dateline_start
        Where the dateline starts, after the header.
    doc_id, cluster_id
        For the rows of the tables.
    """

    text: str
    published: date | None
    body_start: int
    sentences: list[Span]
    place: str | None = None
    country: str | None = None
    dateline_start: int = 0
    doc_id: str = "0"
    cluster_id: str | None = None

    def words(self, span: Span | None) -> str | None:
        """Return the words of a span."""
        return self.text[span[0] : span[1]] if span else None

    def sentence_of(self, offset: int) -> int | None:
        """Return the index of the last sentence that starts at or before an offset."""
        index = bisect_right(self.sentences, (offset, 1 << 60)) - 1
        return index if index >= 0 else None


@dataclass(frozen=True, slots=True)
class Name:
    """A name as written, and its fullest form in the report."""

    start: int
    end: int
    label: Literal["PERSON", "ORG", "PLACE", "OTHER"]
    name: str


@dataclass(frozen=True, slots=True)
class Place:
    """A place with its entry in GeoNames; coordinates and id are None for a place that the gazetteer lacks."""

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
    """A number of people to whom something happened, and the span of the words that say which people."""

    start: int
    end: int
    low: int | None
    best: int | None
    high: int | None
    bound: Bound
    kind: QuantityKind
    who_start: int
    who_end: int


@dataclass(frozen=True, slots=True)
class Quote:
    """Quoted or reported words with their speaker, cue and channel."""

    start: int
    end: int
    kind: Literal["direct", "mixed", "indirect"]
    speaker: Span | None
    speaker_name: str | None
    speaker_role: str | None
    cue: Span | None
    channel: str | None


@dataclass(frozen=True, slots=True)
class Claim:
    """A number of people with its source (None for the report itself), and the date and place of the event."""

    quantity: Quantity
    speaker_name: str | None
    speaker: Span | None
    cue: Span | None
    event_date: str | None
    event_date_precision: str | None
    event: Time | None
    place: Place | None
    place_precision: str | None

    @property
    def start(self) -> int:
        """Where the number starts."""
        return self.quantity.start

    @property
    def end(self) -> int:
        """Where the number ends."""
        return self.quantity.end
