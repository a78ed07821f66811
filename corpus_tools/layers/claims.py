"""Claims: each number of people tied to who says so, and to the day and the place of what happened."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import TypeVar

from corpus_tools.layers.clauses import Source
from corpus_tools.layers.layer import Brat, Highlight, HighlightKind, Layer, Listing, Marks, Row, Shown, Values
from corpus_tools.layers.types import NOWHERE, Claim, Place, Quantity, Quote, Report, Time
from corpus_tools.layers.voices import Voices, voices_of
from corpus_tools.layers.wording import highlights_of_parts, joined, number_of_people, with_details
from corpus_tools.runtime.schema import COUNT, DAY, DOC_ID, NUMBER, SMALL, TEXT, Column, Table

Mark = TypeVar("Mark", Time, Place)
# A day right after a word of saying (`police said on Monday`) is the day of the words, not of the event.
_SAID_THEN = re.compile(r"\s*(?:in [\w ]{1,30} )?(?:on |late |early |late on |early on )?$")
_SINCE = re.compile(r"\bsince(?: [\w’']+){0,4} (?:on |in )?$|\bsince $")
# A place where something happened follows a word for where; one that acts (`since Russia invaded`) does not.
_WHERE = re.compile(
    r"(?:\b(?i:in|at|near|from|outside|around|across|inside|into|of|on|off|over|to|within|throughout|towards?|between|"
    r"north|south|east|west)\s+(?:[\w’'-]+\s+){0,3}|[,(]\s*)$"
)
# In a text without a full stop, nothing further away than this belongs to a number.
_FAR = 800
# Of two places that stand together (`in Kremenchuk, Ukraine`) the finer one.
_FINENESS = {"settlement": 0, "other": 1, "region": 2, "country": 3}


@dataclass(frozen=True, slots=True)
class Around:
    """What else is marked in the report."""

    times: list[Time]
    places: list[Place]
    quotes: list[Quote]
    voices: Voices


def find_claims(report: Report, quantities: list[Quantity], around: Around) -> list[Claim]:
    """Tie the numbers of people of a report to what is said around them.

    The speaker is that of the quotation, marked or not, that holds the number; else of a word of saying in its
    sentence; else the report itself (no name). Date and place are the nearest of the sentence that are not the
    speaker's own; a sentence without a place takes that of the dateline, and says so in its precision.
    """
    return [_claim(report, n, around) for n in quantities]


def _claim(report: Report, n: Quantity, around: Around) -> Claim:
    index = report.sentence_of(n.start)
    start, end = report.sentences[index] if index is not None else (n.start, n.end)
    start, end = max(start, n.start - _FAR), min(end, n.end + _FAR)
    start = max(start, report.text.rfind(";", start, n.start))
    end = report.text.find(";", n.end, end) if ";" in report.text[n.end : end] else end
    source, name = _source(n, around)
    event = _event(report, n, _within(around.times, start, end), source)
    value, precision = _event_date(report, event)
    near = _within(around.places, max(start, report.body_start), end)
    here = [p for p in near if _WHERE.search(report.text, max(start, p.start - 40), p.start)]
    place = _place(report.text, n, here, source)
    at_dateline = next((p for p in around.places[:3] if p.end <= report.body_start), None)
    elsewhere = "dateline" if report.place else None
    speaker, cue = source or (None, None)
    precise = place.kind if place else elsewhere
    return Claim(n, name, speaker, cue, value, precision, event, place or at_dateline, precise)


_start = attrgetter("start")


def _within(marks: list[Mark], start: int, end: int) -> list[Mark]:
    return marks[bisect_left(marks, start, key=_start) : bisect_left(marks, end, key=_start)]


def _source(n: Quantity, around: Around) -> tuple[Source | None, str | None]:
    # An indirect quotation may lie around others, so the one that holds the number is among the last before it.
    before = bisect_right(around.quotes, n.start, key=_start)
    for q in reversed(around.quotes[max(0, before - 10) : before]):
        if n.end <= q.end and q.speaker:
            return Source(q.speaker, q.cue), q.speaker_name
    source = around.voices.source_of(n.start)
    if source is None or source.speaker is None:
        return None, None
    return source, around.voices.mentions.resolve(source.speaker)[0]


def _event(report: Report, n: Quantity, times: list[Time], source: Source | None) -> Time | None:
    cue = source.cue if source else None

    def of_the_words(t: Time) -> bool:
        return bool(cue and t.start >= cue[1] and _SAID_THEN.fullmatch(report.text[cue[1] : t.start]))

    there = [t for t in times if not of_the_words(t)]
    return min(there, key=lambda t: (_distance(n, t.start, t.end), t.start), default=None)


def _event_date(report: Report, event: Time | None) -> tuple[str | None, str | None]:
    if event is None:
        return None, None
    before = report.text[max(0, event.start - 60) : event.start]
    if report.published and event.granularity == "day" and _SINCE.search(before):
        return f"{event.value}/{report.published.isoformat()}", "interval"
    return event.value, event.granularity


def _place(text: str, n: Quantity, places: list[Place], source: Source | None) -> Place | None:
    speaker = source.speaker if source else None
    there = [p for p in places if not (speaker and _belongs(text, p, speaker))]
    if not there:
        return None
    nearest = min(there, key=lambda p: (_distance(n, p.start, p.end), p.start))
    together = [p for p in there if 0 <= p.start - nearest.end <= 2 or 0 <= nearest.start - p.end <= 2]
    return min([nearest, *together], key=lambda p: _FINENESS[p.kind])


def _belongs(text: str, p: Place, speaker: tuple[int, int]) -> bool:
    """Say whether a place is part of the speaker's name or role (`Donetsk governor Pavlo Kyrylenko`)."""
    if speaker[0] <= p.start < speaker[1]:
        return True
    return p.end <= speaker[0] <= p.end + 60 and bool(_ROLE.fullmatch(text, p.end, speaker[0]))


_ROLE = re.compile(r"(?:['’]s)?(?: [\w-]+){0,5} ")


def _distance(n: Quantity, start: int, end: int) -> int:
    # English tells when and where after what, so what stands before is taken to be twice as far.
    return start - n.end if start >= n.end else 2 * (n.start - end)


# ---- the layer -------------------------------------------------------------------------------------------------------

TABLE = Table(
    "claims",
    "annotate",
    "One row per number of people in `quantities`, with who claims it, and when and where it happened.",
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
        "text": Column(TEXT, "The number with its modifier, as written (at least 25): `documents.text[start:end]`."),
        "low": Column(
            COUNT,
            "Fewest people that the number may mean; for about, `best` less half a unit of its last non-zero digit. "
            "Null for an upper bound (up to 50), unless the number is a vague word.",
        ),
        "best": Column(
            COUNT,
            "Number of people as written, also where it is a bound; for a range, its lower end. Null "
            "for a vague word (dozens).",
        ),
        "high": Column(
            COUNT,
            "Most people that the number may mean; for about, `best` plus half a unit of its last non-zero "
            "digit. Null for a lower bound (at least 50) that is not a range, and for a vague word without "
            "an upper limit (millions).",
        ),
        "bound": Column(
            TEXT,
            "How the number is bounded: exact, at least, at most or about; a range (10 to 15) counts as at least, a "
            "vague word without a modifier as about.",
        ),
        "kind": Column(
            TEXT,
            "What happened to the people: killed, wounded, missing, displaced, evacuated, detained, "
            "trapped or other-affected.",
        ),
        "who": Column(
            TEXT,
            "The words after the number that say which people it counts (miners, Syrian refugees); "
            "null where there are none.",
        ),
        "who_start": Column(
            SMALL, "Offset into `documents.text` where `who` starts, in characters from 0; null where there is none."
        ),
        "who_end": Column(
            SMALL, "Offset into `documents.text` where `who` ends, in characters, exclusive; null where there is none."
        ),
        "speaker_name": Column(
            TEXT,
            "Who makes the claim: the speaker's name in its fullest form within the report, or a speaker "
            "without a name as written (police). Null where the report makes the claim in its own voice or a "
            "pronoun could not be resolved.",
        ),
        "speaker_start": Column(
            SMALL,
            "Offset into `documents.text` where the words that refer to the speaker start, in characters from 0; null "
            "where the report makes the claim in its own voice.",
        ),
        "speaker_end": Column(
            SMALL,
            "Offset into `documents.text` where the words that refer to the speaker end, in characters, exclusive; "
            "null where the report makes the claim in its own voice.",
        ),
        "cue": Column(
            TEXT,
            "Reporting word or phrase that attributes the claim to the speaker (said, according to); null where the "
            "report makes the claim in its own voice or the speaker is inferred from the context.",
        ),
        "cue_start": Column(
            SMALL, "Offset into `documents.text` where `cue` starts, in characters from 0; null where there is none."
        ),
        "cue_end": Column(
            SMALL, "Offset into `documents.text` where `cue` ends, in characters, exclusive; null where there is none."
        ),
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
        "event_date_start": Column(
            SMALL,
            "Offset into `documents.text` where the date expression starts, in characters from 0; "
            "null where there is none.",
        ),
        "event_date_end": Column(
            SMALL,
            "Offset into `documents.text` where the date expression ends, in characters, exclusive; "
            "null where there is none.",
        ),
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
        "place_start": Column(
            SMALL,
            "Offset into `documents.text` where the mention of `place`, in the sentence or the dateline, starts, in "
            "characters from 0; null where `place` is null or its dateline is not marked in `places`.",
        ),
        "place_end": Column(
            SMALL,
            "Offset into `documents.text` where the mention of `place`, in the sentence or the dateline, ends, in "
            "characters, exclusive; null where `place` is null or its dateline is not marked in `places`.",
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


def _find(marks: Marks) -> Sequence[Claim]:
    times, places, quotes = (list(marks[name]) for name in ("times", "places", "quotes"))
    around = Around(times, places, quotes, marks.shared(voices_of))
    return find_claims(marks.report, list(marks["quantities"]), around)


def _row(report: Report, c: Claim) -> Values:
    n, place, event = c.quantity, c.place, c.event
    who = (n.who_start, n.who_end) if n.who_end > n.who_start else None
    at_dateline = report.place if c.place_precision == "dateline" else None
    return (
        report.doc_id, report.cluster_id, report.published, n.start, n.end, report.words((n.start, n.end)),
        n.low, n.best, n.high, n.bound, n.kind, report.words(who), *(who or NOWHERE),
        c.speaker_name, *(c.speaker or NOWHERE), report.words(c.cue), *(c.cue or NOWHERE),
        c.event_date, c.event_date_precision, *((event.start, event.end) if event else NOWHERE),
        place.name if place else at_dateline, c.place_precision, *((place.start, place.end) if place else NOWHERE),
        *((place.country, place.lat, place.lon, place.geonames_id) if place else (None,) * 4),
    )  # fmt: skip


def _highlights(row: Row, number: int, _text: str) -> Iterator[Highlight]:
    source = f"according to {row['speaker_name']}" if row["speaker_name"] else "in the report's own words"
    details = with_details(row, _EVENT_DATE), with_details(row, _PLACE)
    says = joined(", ", number_of_people(row), row["who"], source, *details)
    yield Highlight("quantity", row["start"], row["end"], (f"claim {number}: {says}",), f"#{number}")
    yield from highlights_of_parts(row, _PART_KINDS, f"claim {number}")


LAYER = Layer(
    table=TABLE,
    find=_find,
    row=_row,
    shown=Shown(
        kinds=(HighlightKind("who", "who they are", 21),),
        highlights=_highlights,
        listing=Listing(
            "Claims",
            {"people": "text", "low": "low", "best": "best", "high": "high", "kind": "kind", "who": "who",
             "speaker": "speaker_name", "event date": _EVENT_DATE, "place": _PLACE},
            sign="#",
        ),
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
