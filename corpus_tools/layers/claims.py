"""Claims: each number of people with its source, and with the date and place of the event."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import TypeVar

import polars as pl

from corpus_tools.layers.clauses import Attribution
from corpus_tools.layers.layer import (
    Brat,
    Display,
    Highlight,
    HighlightKind,
    Layer,
    Listing,
    Marks,
    Row,
    RowCounts,
    Values,
    highlights_of_parts,
    offset_columns,
)
from corpus_tools.layers.quantities import TABLE as QUANTITIES
from corpus_tools.layers.types import NO_SPAN, Claim, Place, Quantity, Report, Span, Time
from corpus_tools.layers.voices import voices_of
from corpus_tools.runtime.schema import COUNT, DAY, DOC_ID, NUMBER, SMALL, TEXT, Column, Table
from corpus_tools.text.wording import joined, number_of_people, with_details

_Located = TypeVar("_Located", Time, Place)
# A day right after a reporting verb (`police said on Monday`) dates the words, not the event.
_DATE_OF_WORDS = re.compile(r"\s*(?:in [\w ]{1,30} )?(?:on |late |early |late on |early on )?$")
_SINCE = re.compile(r"\bsince(?: [\w’']+){0,4} (?:on |in )?$|\bsince $")
# The place of an event follows a word such as in or near; a place that acts (`since Russia invaded`) does not.
_BEFORE_PLACE = re.compile(
    r"(?:\b(?i:in|at|near|from|outside|around|across|inside|into|of|on|off|over|to|within|throughout|towards?|between|"
    r"north|south|east|west)\s+(?:[\w’'-]+\s+){0,3}|[,(]\s*)$"
)
# A sentence without an end, as in a table, is cut at this distance from the number, in characters.
_MAX_DISTANCE = 800
# Of two adjacent places (`in Kremenchuk, Ukraine`) the one with the lowest number is taken.
_COARSENESS = {"settlement": 0, "other": 1, "region": 2, "country": 3}


def find_claims(marks: Marks) -> list[Claim]:
    """Add speaker, date and place to the numbers of people of a report.

    The speaker is that of the quotation around the number, or of the reporting verb that governs its clause; without
    either, the report makes the claim itself. Date and place are the nearest of the sentence, except those that date
    the speaker's words or belong to the speaker's name. Without a place in the sentence, that of the dateline is taken,
    with the precision `dateline`.
    """
    return [_claim(marks, n) for n in marks["quantities"]]


def _claim(marks: Marks, n: Quantity) -> Claim:
    report = marks.report
    index = report.sentence_of(n.start)
    start, end = report.sentences[index] if index is not None else (n.start, n.end)
    start, end = max(start, n.start - _MAX_DISTANCE), min(end, n.end + _MAX_DISTANCE)
    start = max(start, report.text.rfind(";", start, n.start))
    end = report.text.find(";", n.end, end) if ";" in report.text[n.end : end] else end
    source, name = _source(marks, n)
    event = _event(report, n, _within(marks["times"], start, end), source)
    date, date_precision = _event_date(report, event)
    nearby = _within(marks["places"], max(start, report.body_start), end)
    candidates = [p for p in nearby if _BEFORE_PLACE.search(report.text, max(start, p.start - 40), p.start)]
    place = _place(report.text, n, candidates, source)
    place_precision = place.kind if place else "dateline" if report.place else None
    of_dateline = next((p for p in marks["places"][:3] if p.end <= report.body_start), None)
    speaker, cue = source or (None, None)
    return Claim(n, name, speaker, cue, date, date_precision, event, place or of_dateline, place_precision)


_start = attrgetter("start")


def _within(marks: Sequence[_Located], start: int, end: int) -> Sequence[_Located]:
    return marks[bisect_left(marks, start, key=_start) : bisect_left(marks, end, key=_start)]


def _source(marks: Marks, n: Quantity) -> tuple[Attribution | None, str | None]:
    # An indirect quotation may contain others, so the one around the number is not always the last before it.
    before = bisect_right(marks["quotes"], n.start, key=_start)
    for q in reversed(marks["quotes"][max(0, before - 10) : before]):
        if n.end <= q.end and q.speaker:
            return Attribution(q.speaker, q.cue), q.speaker_name
    voices = marks.shared(voices_of)
    source = voices.source_of(n.start)
    if source is None or source.speaker is None:
        return None, None
    return source, voices.mentions.resolve(source.speaker)[0]


def _event(report: Report, n: Quantity, times: Sequence[Time], source: Attribution | None) -> Time | None:
    cue = source.cue if source else None

    def dates_the_words(t: Time) -> bool:
        return bool(cue and t.start >= cue[1] and _DATE_OF_WORDS.fullmatch(report.text[cue[1] : t.start]))

    candidates = [t for t in times if not dates_the_words(t)]
    return min(candidates, key=lambda t: (_distance(n, t.start, t.end), t.start), default=None)


def _event_date(report: Report, event: Time | None) -> tuple[str | None, str | None]:
    if event is None:
        return None, None
    before = report.text[max(0, event.start - 60) : event.start]
    if report.published and event.granularity == "day" and _SINCE.search(before):
        return f"{event.value}/{report.published.isoformat()}", "interval"
    return event.value, event.granularity


def _place(text: str, n: Quantity, places: list[Place], source: Attribution | None) -> Place | None:
    speaker = source.speaker if source else None
    places = [p for p in places if not (speaker and _belongs(text, p, speaker))]
    if not places:
        return None
    nearest = min(places, key=lambda p: (_distance(n, p.start, p.end), p.start))
    adjacent = [p for p in places if 0 <= p.start - nearest.end <= 2 or 0 <= nearest.start - p.end <= 2]
    return min([nearest, *adjacent], key=lambda p: _COARSENESS[p.kind])


def _belongs(text: str, p: Place, speaker: Span) -> bool:
    """Return whether a place belongs to the speaker's name or role (`Donetsk governor Pavlo Kyrylenko`)."""
    if speaker[0] <= p.start < speaker[1]:
        return True
    return p.end <= speaker[0] <= p.end + 60 and bool(_ROLE.fullmatch(text, p.end, speaker[0]))


_ROLE = re.compile(r"(?:['’]s)?(?: [\w-]+){0,5} ")


def _distance(n: Quantity, start: int, end: int) -> int:
    # In English, date and place mostly follow the event, so distance counts twice before the number.
    return start - n.end if start >= n.end else 2 * (n.start - end)


# ---- the layer -------------------------------------------------------------------------------------------------------

TABLE = Table(
    "claims",
    "annotate",
    "One row per number of people in `quantities`, with who claims it, and when and where it happened. "
    "Reports in languages other than `annotate.languages` have none.",
    {
        "doc_id": DOC_ID,
        "cluster_id": Column(
            TEXT,
            "Cluster of near-duplicates that the report belongs to, identified by the `doc_id` of its first report; "
            "equal to `doc_id` if the report is an independent one. Null for a text annotated outside a corpus.",
        ),
        "published": Column(DAY, "Day of publication of the report; null for a text annotated without one."),
        "start": Column(SMALL, "Offset into `documents.text` where the number starts, in characters from 0."),
        "end": Column(SMALL, "Offset into `documents.text` where the number ends, in characters, exclusive."),
        **{name: QUANTITIES.columns[name] for name in ("text", "low", "best", "high", "bound", "kind")},
        "who": Column(
            TEXT,
            "The words after the number that say which people it counts (miners, Syrian refugees); "
            "null where there are none.",
        ),
        **offset_columns("who", "`who`"),
        "speaker_name": Column(
            TEXT,
            "Who makes the claim: the speaker's name in its fullest form within the report, or a speaker "
            "without a name as written (police). Null where the report makes the claim in its own voice or a "
            "pronoun could not be resolved.",
        ),
        **offset_columns("speaker", "the reference to the speaker", "the report makes the claim in its own voice"),
        "cue": Column(
            TEXT,
            "Reporting word or phrase that attributes the claim to the speaker (said, according to); null where the "
            "report makes the claim in its own voice or the speaker is inferred from the context.",
        ),
        **offset_columns("cue", "`cue`"),
        "event_date": Column(
            TEXT,
            "When it happened, as an ISO 8601 value as in `times`: the nearest date expression in the sentence that "
            "does not date the speaker's words (police said on Monday); null where there is none.",
        ),
        "event_date_precision": Column(
            TEXT,
            "Precision of `event_date`: day, week, month, year or interval; since followed by a day makes an interval "
            "from that day to the day of publication. Null where `event_date` is null.",
        ),
        **offset_columns("event_date", "the date expression"),
        "place": Column(
            TEXT,
            "Name of the place where it happened, as in `places`: the nearest place in the sentence (of two side by "
            "side, the smaller one) that follows a word such as in, at or near and does not belong to the speaker's "
            "name or role, else the place of the dateline; null where there is neither.",
        ),
        "place_precision": Column(
            TEXT,
            "How precisely `place` is known: settlement, region, country or other is the kind of a place named in the "
            "sentence; dateline means that the sentence names none and the place of the dateline is given instead. "
            "Null where `place` is null.",
        ),
        **offset_columns(
            "place",
            "the mention of `place`, in the sentence or the dateline,",
            "`place` is null or its dateline is not marked in `places`",
        ),
        "country": Column(
            TEXT,
            "English name of the country that `place` is or lies in, as in `places`; null where `place` is null, the "
            "gazetteer lacks it, or it lies in several countries or in none.",
        ),
        "lat": Column(
            NUMBER,
            "Latitude of `place` in decimal degrees, positive to the north, as in `places`; null where `place` is "
            "null or has no coordinates.",
        ),
        "lon": Column(
            NUMBER,
            "Longitude of `place` in decimal degrees, positive to the east, as in `places`; null where `place` is "
            "null or has no coordinates.",
        ),
        "geonames_id": Column(
            COUNT, "Identifier of `place` in GeoNames; null where `place` is null or has no identifier, as in `places`."
        ),
    },
    ("doc_id", "start", "end"),
)


_EVENT_DATE, _PLACE = "event_date event_date_precision", "place place_precision"
_PART_KINDS = {"who": "who", "speaker": "speaker", "cue": "cue", "event_date": "date", "place": "place"}


def _row(report: Report, c: Claim) -> Values:
    n, place, event = c.quantity, c.place, c.event
    who = (n.who_start, n.who_end) if n.who_end > n.who_start else None
    of_dateline = report.place if c.place_precision == "dateline" else None
    return (
        report.doc_id, report.cluster_id, report.published, n.start, n.end, report.words((n.start, n.end)),
        n.low, n.best, n.high, n.bound, n.kind, report.words(who), *(who or NO_SPAN),
        c.speaker_name, *(c.speaker or NO_SPAN), report.words(c.cue), *(c.cue or NO_SPAN),
        c.event_date, c.event_date_precision, *((event.start, event.end) if event else NO_SPAN),
        place.name if place else of_dateline, c.place_precision, *((place.start, place.end) if place else NO_SPAN),
        *((place.country, place.lat, place.lon, place.geonames_id) if place else (None,) * 4),
    )  # fmt: skip


def _highlights(row: Row, number: int, _text: str) -> Iterator[Highlight]:
    source = f"according to {row['speaker_name']}" if row["speaker_name"] else "in the report's own words"
    details = with_details(row, _EVENT_DATE), with_details(row, _PLACE)
    content = joined(", ", number_of_people(row), row["who"], source, *details)
    yield Highlight("quantity", row["start"], row["end"], (f"claim {number}: {content}",), f"#{number}")
    yield from highlights_of_parts(row, _PART_KINDS, f"claim {number}")


LAYER = Layer(
    table=TABLE,
    find=find_claims,
    row=_row,
    display=Display(
        kinds=(HighlightKind("who", "who they are", 21),),
        highlights=_highlights,
        listing=Listing(
            "Claims",
            {"people": "text", "low": "low", "best": "best", "high": "high", "kind": "kind", "who": "who",
             "speaker": "speaker_name", "event date": _EVENT_DATE, "place": _PLACE},
            sign="#",
        ),
    ),
    counts=RowCounts(
        by=("kind",),
        rows={
            "with_speaker": pl.col("speaker_name").is_not_null(),
            "with_date": pl.col("event_date").is_not_null(),
            "with_place": pl.col("place").is_not_null(),
            "in_first_reports": pl.col("cluster_id") == pl.col("doc_id"),  # a cluster is named after its first report
        },
    ),
    brat=Brat(
        entities=(),
        notes=(
            "kind", "low", "best", "high", "bound", "speaker_name", "event_date", "event_date_precision",
            "place", "place_precision", "country", "lat", "lon", "geonames_id",
        ),
        event="Claim",
        roles=(
            ("Number", "Quantity", ""), ("Who", "Who", "who"), ("Speaker", "Speaker", "speaker"), ("Cue", "Cue", "cue"),
            ("Date", "Time", "event_date"), ("Place", "Location", "place"),
        ),
    ),
)  # fmt: skip
