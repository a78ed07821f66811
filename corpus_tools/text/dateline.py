"""The dateline that opens a wire report: where it was written, and whose agency's it is.

Forms, by example: `SEVERODONETSK, Ukraine: `, `KIEV, March 1. /TASS/. `, `LONDON (Reuters) - `,
`TAIPEI, Taiwan, Feb. 3 (AP) -- `, `WASHINGTON – `, `Mosul, Iraq - `, `(CNN)`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus_tools.text.gazetteer import key, lookup

_UPPER = r"[^\W\d_a-zß-öø-ÿ]"  # a capital of any script; a class of capitals is what re lacks
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
# Forms that a label, a company or a headline can take as well (`UPDATE: `, `UK - `): the place has to be on the map.
_NEEDS_MAP = frozenset(_FORMS[2:6])
# So can `ANALYSIS (AFP) -` and `NATO (North Atlantic Treaty Organization) –`: a place off the map needs a known agency.
_AGENCIES = frozenset(
    "AA AFP ANI ANSA AP Bloomberg CNN DPA dpa EFE IANS Interfax Kyodo PTI Reuters RIA TASS UPI Xinhua".split()
)
_LABELS = frozenset(
    "ANALYSIS BREAKING CORRECTED EXCLUSIVE EXPLAINER FACTBOX INSIGHT LIVE OPINION TIMELINE UPDATE WRAPUP".split()
)


@dataclass(frozen=True)
class Dateline:
    """Place and country as words, agency as written, and where the report's own words begin."""

    place: str | None
    country: str | None
    agency: str | None
    end: int


def find_dateline(text: str, start: int = 0) -> Dateline | None:
    """Read the dateline that stands at `start`.

    Parameters
    ----------
    text
        A mended text.
    start
        Where the report begins, after any header.

    Returns
    -------
    None if the report does not open with one. The country is given only where the dateline writes it.

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
        found = match.groupdict()
        place = found.get("place")
        region = found.get("region") or found.get("inner")
        if place and region and _is_country(place) and not _is_country(region):
            place, region = region, place  # `United States, New York - `
        if place and not _plausible(form, place, region, found.get("agency")):
            continue
        country = _as_name(region) if region and _is_country(region) else None
        return Dateline(_as_name(place) if place else None, country, found.get("agency"), match.end())
    return None


def _plausible(form: re.Pattern[str], place: str, region: str | None, agency: str | None) -> bool:
    upper = form in _FORMS[:4]
    if not (place.upper() == place if upper else place[0].isupper()) or not place[0].isupper():
        return False
    if _on_map(place) or _is_region(region or ""):
        return True
    if form is _FORMS[1]:
        return agency in _AGENCIES and place not in _LABELS
    return form not in _NEEDS_MAP


def _as_name(place: str) -> str:
    """Write `ROSTOV-ON-DON` as `Rostov-on-Don`; what has lower-case letters is left alone."""
    if place != place.upper():
        return place

    def word(match: re.Match[str]) -> str:
        found = match.group().lower()
        if found in {"on", "of", "de", "la", "upon", "am", "sur"} and match.start():
            return found
        # N'DJAMENA but SANA'A: a single letter before the apostrophe is a word of its own
        head, mark, tail = found.partition("'")
        return head.capitalize() + mark + (tail.capitalize() if len(head) == 1 else tail)

    return re.sub(r"[^\W\d_]+(?:'[^\W\d_]+)?", word, place)


_TOWN_AT_LEAST = 15_000  # people; smaller ones bear the names of too many labels and companies


def _on_map(place: str) -> bool:
    found = (entry for part in place.split("/") for entry in lookup(part.strip()))
    return any(e.kind == "country" or (e.kind == "settlement" and e.population >= _TOWN_AT_LEAST) for e in found)


def _is_country(place: str) -> bool:
    return any(e.kind == "country" for e in lookup(place))


def _is_region(place: str) -> bool:
    state = any(e.code == "US" and e.kind == "region" and e.rank == 1 for e in lookup(place))
    return state or _is_country(place) or key(place).replace(" ", "") in _AP_STATES


# The abbreviations of the AP stylebook, in which American datelines give the state.
_AP_STATES = frozenset(
    """
    ala ariz ark calif colo conn del fla ga ill ind kan ky la md mass mich minn miss mo mont neb nev nh nj nm ny nc nd
    okla ore pa ri sc sd tenn vt va wash wva wis wyo dc
    """.split()
)
