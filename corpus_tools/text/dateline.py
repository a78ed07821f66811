"""Datelines: the place and the agency that open a wire report.

Forms, by example: `SEVERODONETSK, Ukraine: `, `KIEV, March 1. /TASS/. `, `LONDON (Reuters) - `,
`TAIPEI, Taiwan, Feb. 3 (AP) -- `, `WASHINGTON – `, `Mosul, Iraq - `, `(CNN)`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus_tools.text.gazetteer import lookup, lookup_key

_UPPER = r"[^\W\d_a-zß-öø-ÿ]"  # a capital of any script; `re` has no class of capitals
_WORD_UPPER = rf"(?:{_UPPER}['’])?(?:{_UPPER}{{2,}}\.?|{_UPPER}\.)(?:['’]{_UPPER}+)?"
_PLACE_UPPER = rf"(?:THE )?{_WORD_UPPER}(?:[ -](?:{_WORD_UPPER}|on|de|of|la))*"
_WORD_TITLE = r"[^\W\d_a-z][\w'’.]*"
_PLACE_TITLE = rf"{_WORD_TITLE}(?:[ -](?:{_WORD_TITLE}|on|de|of|la|al))*"
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)(?:[a-z]{2,6})?\.?"
_DAY = rf"(?:{_MONTH}\s+\d{{1,2}}|\d{{1,2}}\s+{_MONTH})(?:,?\s+\d{{4}})?"
_AGENCY = r"(?P<agency>[^\W\d_][\w&.' -]{1,40}?)"
_REGION = rf"(?:,\s+(?P<region>{_PLACE_TITLE}|{_PLACE_UPPER})|\s*[/(](?P<inner>{_PLACE_TITLE})[/)])"
_PLACES = rf"(?P<place>{_PLACE_UPPER}(?:\s?/\s?{_PLACE_UPPER})*)"
_DASH = r"(?:\s*(?:-{2,}|[–—―])\s*|\s+-\s+|\s*-\s+)"

_FORMS = [
    # `KIEV, March 1. /TASS/.`, `BONN /Germany/, May 16. /TASS, Ivan Ivanov/.`, `TAIPEI, May 1, 2017 /AP/ --`
    re.compile(rf"{_PLACES}{_REGION}?[,.]\s*{_DAY}[.,]?\s*/\s*{_AGENCY}[\s.]*(?:,[^/]{{1,80}})?/\.?(?:\s*-+)?\s*"),
    # `LONDON (Reuters) -`, `TAIPEI, Taiwan, Feb. 3 (AP) --`
    re.compile(rf"{_PLACES}{_REGION}?(?:,\s*{_DAY})?\s*\({_AGENCY}\){_DASH}"),
    # `WASHINGTON, March 1 -`, `SOFIA, Bulgaria –`; a dash with no space before it is a hyphen (US-led)
    re.compile(rf"{_PLACES}{_REGION}?(?:,\s*{_DAY})?(?:\s+(?:-{{1,2}}|[–—―])\s*|\s*[—―]\s*)"),
    # `SEVERODONETSK, Ukraine:`, `KYIV:`
    re.compile(rf"{_PLACES}{_REGION}?:\s+"),
    # `New York (CNN)`, `Kyiv (AFP) –`
    re.compile(rf"(?P<place>{_PLACE_TITLE})\s*\((?P<agency>CNN|AP|AFP|Reuters)\)\s*(?:[-–—]+\s*)?"),
    # `Mosul, Iraq -`
    re.compile(rf"(?P<place>{_PLACE_TITLE}){_REGION}{_DASH}"),
    # `(CNN)`
    re.compile(r"\((?P<agency>CNN|AP|AFP|Reuters)\)\s*(?:[-–—]+\s*)?"),
]
_IN_CAPITALS = frozenset(_FORMS[:4])
# Labels, companies and headlines take these forms too (`UPDATE: `, `UK - `), so the gazetteer must know the place.
_NEEDS_KNOWN_PLACE = frozenset(_FORMS[2:6])
# `ANALYSIS (AFP) -` and `NATO (North Atlantic Treaty Organization) –` take this one, so a place that the gazetteer does
# not know needs a known agency.
_NEEDS_KNOWN_AGENCY = _FORMS[1]
_AGENCIES = frozenset(
    "AA AFP ANI ANSA AP Bloomberg CNN DPA dpa EFE IANS Interfax Kyodo PTI Reuters RIA TASS UPI Xinhua".split()
)
_LABELS = frozenset(
    "ANALYSIS BREAKING CORRECTED EXCLUSIVE EXPLAINER FACTBOX INSIGHT LIVE OPINION TIMELINE UPDATE WRAPUP".split()
)


@dataclass(frozen=True)
class Dateline:
    """A dateline: place, country and agency in words, and the offset at which the report's own words start."""

    place: str | None
    country: str | None
    agency: str | None
    end: int


def find_dateline(text: str, start: int = 0) -> Dateline | None:
    """Read the dateline at the offset `start`.

    Parameters
    ----------
    text
        Text of a report, repaired.
    start
        Offset at which the report starts, after any header.

    Returns
    -------
    The dateline, or None if the report does not open with one. The country is None unless the dateline names it: it is
    not looked up.

    Examples
    --------
    >>> find_dateline("SEVERODONETSK, Ukraine: Ukraine urged its residents")
    Dateline(place='Severodonetsk', country='Ukraine', agency=None, end=24)
    >>> find_dateline("KIEV, March 1. /TASS/. A meeting").agency
    'TASS'
    >>> find_dateline("UPDATE: Police say") is None
    True
    """
    for form in _FORMS:
        match = form.match(text, start)
        if not match:
            continue
        groups = match.groupdict()
        place, agency = groups.get("place"), groups.get("agency")
        region = groups.get("region") or groups.get("inner")
        if place and region and _is_country(place) and not _is_country(region):
            place, region = region, place  # `United States, New York - `
        if place and not _is_plausible(form, place, region, agency):
            continue
        country = _in_title_case(region) if region and _is_country(region) else None
        return Dateline(_in_title_case(place) if place else None, country, agency, match.end())
    return None


def _is_plausible(form: re.Pattern[str], place: str, region: str | None, agency: str | None) -> bool:
    if not place[0].isupper() or (form in _IN_CAPITALS and place != place.upper()):
        return False
    if _is_known(place) or _is_region(region or ""):
        return True
    if form is _NEEDS_KNOWN_AGENCY:
        return agency in _AGENCIES and place not in _LABELS
    return form not in _NEEDS_KNOWN_PLACE


def _in_title_case(place: str) -> str:
    """Write `ROSTOV-ON-DON` as `Rostov-on-Don`; a name with lower-case letters is left alone."""
    if place != place.upper():
        return place

    def capitalise(match: re.Match[str]) -> str:
        word = match.group().lower()
        if word in {"on", "of", "de", "la", "upon", "am", "sur"} and match.start():
            return word
        # N'Djamena but Sana'a: only a single letter before the apostrophe is a word of its own
        head, mark, tail = word.partition("'")
        return head.capitalize() + mark + (tail.capitalize() if len(head) == 1 else tail)

    return re.sub(r"[^\W\d_]+(?:'[^\W\d_]+)?", capitalise, place)


_TOWN_AT_LEAST = 15_000  # people; too many labels and companies have the name of a smaller town


def _is_known(place: str) -> bool:
    entries = (entry for name in place.split("/") for entry in lookup(name.strip()))
    return any(e.kind == "country" or (e.kind == "settlement" and e.population >= _TOWN_AT_LEAST) for e in entries)


def _is_country(place: str) -> bool:
    return any(e.kind == "country" for e in lookup(place))


def _is_region(place: str) -> bool:
    state = any(e.code == "US" and e.kind == "region" and e.rank == 1 for e in lookup(place))
    return state or _is_country(place) or lookup_key(place).replace(" ", "") in _AP_STATES


# The AP stylebook's abbreviations of the states, as American datelines use them.
_AP_STATES = frozenset(
    """
    ala ariz ark calif colo conn del fla ga ill ind kan ky la md mass mich minn miss mo mont neb nev nh nj nm ny nc nd
    okla ore pa ri sc sd tenn vt va wash wva wis wyo dc
    """.split()
)
