"""Claims: each number of people tied to who says so, and to the day and the place of what happened."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from operator import attrgetter
from typing import TypeVar

from corpus_tools.annotate.clauses import Source
from corpus_tools.annotate.quotes import Voices
from corpus_tools.annotate.spans import Claim, Place, Quantity, Quote, Report, Time

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
