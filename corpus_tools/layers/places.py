"""Places in a report, each resolved to its entry in the gazetteer: which Paris, which Georgia."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from corpus_tools.layers.layer import (
    DATES_AND_PLACES,
    Brat,
    Conllu,
    CountTable,
    Display,
    Gold,
    GoldText,
    Highlight,
    HighlightKind,
    Layer,
    Row,
    Values,
)
from corpus_tools.layers.matching import folded
from corpus_tools.layers.name_context import word_after, word_before
from corpus_tools.layers.name_lists import demonyms, full_form, name_words
from corpus_tools.layers.types import Name, Place, Report
from corpus_tools.runtime.records import GoldSpan, Section
from corpus_tools.runtime.schema import COUNT, DOC_ID, END, NUMBER, START, TEXT, WORDS, Column, Table
from corpus_tools.text.gazetteer import Entry, PlaceKind, lookup
from corpus_tools.text.wording import place_on_map

_Resolution = tuple[PlaceKind, str, str | None, float | None, float | None, int | None]  # Place without its offsets


def find_places(report: Report, names: list[Name]) -> list[Place]:
    """Find every mention of a named place, and its entry in the gazetteer.

    Where several places share a name, the choice weighs what follows it (`Paris, Texas`), the countries and
    nationalities that the report names, and population, in the manner of Leidner (2007).

    Parameters
    ----------
    report
        A report.
    names
        Its names, by `find_names`.

    Returns
    -------
    Places in the order of the text. The coordinates of a settlement are those of its centre; those of a country or
    region are those of the city nearest to its centre of population. They are None where the gazetteer lacks the place.

    Examples
    --------
    >>> from corpus_tools.layers.names import find_names
    >>> report = Report("Shells hit Bucha and the town of Kreminna in Ukraine.", None, 0, [(0, 53)])
    >>> [(p.name, p.country, p.lat) for p in find_places(report, find_names(report))]
    [('Bucha', 'Ukraine', 50.55), ('Kreminna', 'Ukraine', 49.05), ('Ukraine', 'Ukraine', 48.8)]
    """
    text = report.text
    mentions = [_mention(text, name) for name in names if name.label == "PLACE"]
    containers = [_container(text, *pair) for pair in zip(mentions, [*mentions[1:], None], strict=False)]
    context = _context(report, mentions)
    resolutions: dict[tuple[str, PlaceKind | None, Entry | None], _Resolution] = {}
    places = []
    for mention, container, previous in zip(mentions, containers, [None, *containers], strict=False):
        named = previous if previous in mention.entries else None  # Georgia, which contains the Atlanta before it
        key = (mention.text, mention.kind, container or named)
        if key not in resolutions:
            resolutions[key] = _resolve(mention, container, named, context)
        places.append(Place(mention.start, mention.end, *resolutions[key]))
    return places


@dataclass(frozen=True, slots=True)
class _PlaceMention:
    """A place as written, the places of that name, and the kind that the words around it show."""

    start: int
    end: int
    text: str
    entries: tuple[Entry, ...]
    kind: PlaceKind | None
    exact: bool  # the entries have the name as written, and not only without `northern` or `County`


def _mention(text: str, name: Name) -> _PlaceMention:
    written = text[name.start : name.end]
    entries, exact = _entries(written)
    return _PlaceMention(name.start, name.end, written, entries, _kind_in_context(text, name, written, exact), exact)


# ---- The kind of place ----------------------------------------------------------------------------------------------


@cache
def _region_words() -> frozenset[str]:
    kinds = {w.lower() for w in name_words("place heads region")}
    return frozenset({*kinds, *(w + "s" for w in kinds), "counties", "countryside", "provinces", "territories"})


# `Lugansk and Donetsk regions`
_PLURAL = re.compile(r" and [A-Z][\w’'-]* (?:regions|provinces|states|counties|districts|oblasts|governorates)\b")
_OTHER_HEADS = frozenset(
    "Mount Mt Lake Cape Camp River Gulf Bay Strait Loch Lough Glen Sierra Isle Mont Monte Wadi Jebel Jabal".split()
)
_OTHER_WORDS = frozenset(
    "airport airbase river port camp highway road square mosque border base dam bridge sea".split()
)
_SETTLEMENT_WORDS = frozenset("city town village cities towns villages".split())
_ROAD = re.compile(r"I-\d+|[AMN]\d+")


def _kind_in_context(text: str, name: Name, written: str, exact: bool) -> PlaceKind | None:
    first, _, rest = written.partition(" ")
    if written.startswith("Co-"):  # Co-Mayo, where a space was lost
        return "region"
    if rest and not exact:
        return _kind_by_head(first, rest.rpartition(" ")[2])
    after, before = word_after(text, name.end), word_before(text, name.start)
    if after in _region_words() or before in _region_words() or (after == "and" and _PLURAL.match(text, name.end)):
        return "region"
    if after in _OTHER_WORDS or _ROAD.fullmatch(written):
        return "other"
    return "settlement" if before in _SETTLEMENT_WORDS else None


def _kind_by_head(first: str, last: str) -> PlaceKind | None:
    if last in name_words("place heads region") or first in {"Co", "County"}:
        return "region"
    if last in name_words("place heads settlement"):
        return "settlement"
    if last in name_words("place heads") or first in _OTHER_HEADS:
        return "other"
    return "region" if first in name_words("directions") else None


# ---- Candidates -----------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1 << 15)
def _entries(written: str) -> tuple[tuple[Entry, ...], bool]:
    """Return the places of that name, and whether they bear it as written.

    Where the gazetteer lacks the name, they are the places of the name without its direction or kind: Hama for
    `Hama Governorate`.
    """
    entries = lookup(full_form(written))
    if entries:
        return entries, True
    first, _, rest = written.partition(" ")
    county = written.startswith("Co-") or first in {"Co", "County"}
    if county and (entries := _entries(rest or written[3:])[0]):
        return tuple(e for e in entries if e.code in {"IE", "GB"}) or entries, False
    if rest and first in name_words("directions"):
        return _entries(rest)[0], False
    airport = lookup(rest)[:1] if rest else ()
    if airport and airport[0].kind == "other":  # London Heathrow
        return airport, True
    start, _, last = written.rpartition(" ")
    kind = last in name_words("place heads region") or last in name_words("directions") or last in {"City", "Airport"}
    return (_entries(start)[0] if start and kind else ()), False


def _container(text: str, mention: _PlaceMention, following: _PlaceMention | None) -> Entry | None:
    """Return the country or state that is named after a place to say where it is: `Paris, Texas`."""
    if following is None or text[mention.end : following.start] not in {", ", " in ", ", in ", " (", " /"}:
        return None
    if any(e.kind == "country" for e in mention.entries[:2]):  # El Salvador, Mexico and Honduras
        return None
    for entry in following.entries[:3]:
        can_contain = entry.kind == "country" or (entry.kind == "region" and entry.rank == 1)
        if can_contain and any(_is_inside(e, entry) for e in mention.entries):
            return entry
    return None


def _is_inside(entry: Entry, container: Entry) -> bool:
    if entry.code != container.code or entry is container:
        return False
    return container.kind == "country" or not container.admin or entry.admin == container.admin


# ---- Which of several -----------------------------------------------------------------------------------------------

# Added to the decimal logarithm of population: a country that the report names outweighs twenty times the people.
_NAMED, _NATIONALITY, _NEIGHBOUR, _CONTAINED = 1.3, 0.7, 0.8, 6.0
_REPEATED = 0.2  # for each mention
_MOTHER_CITY = 0.3  # Gloucester over its namesakes overseas
_COUNTRY = 1.5  # a country over a city or state of its name (Mexico, Georgia)
_OTHER_KIND = 3.0
_CLEARLY_LARGER = 20  # times the population of the next candidate
# People: the airport, port or border of a place of this size is named after it but is another place.
_WITH_OWN_AIRPORT = 100_000


def _context(report: Report, mentions: list[_PlaceMention]) -> dict[str, float]:
    """Weigh the countries and states of a report by the nationalities and unambiguous places in it."""
    weights: dict[str, float] = defaultdict(float)
    for demonym in demonyms().keys() & set(report.text.split()):
        weights[demonyms()[demonym]] = _NATIONALITY
    for mention in mentions:
        for code, admin, weight in _unambiguous(mention.entries):
            weights[code] = max(weights[code], weight) + _REPEATED
            if admin:
                weights[f"{code}.{admin}"] = _NEIGHBOUR
    for entry in lookup(report.country)[:1] if report.country else ():
        weights[entry.code] = _NAMED
    weights.pop("", None)
    return {code: min(weight, _NAMED) for code, weight in weights.items()}


def _unambiguous(entries: tuple[Entry, ...]) -> Iterator[tuple[str, str, float]]:
    """Yield country, state and weight of what a name means without doubt."""
    if not entries:
        return
    first = entries[0]
    countries = [e for e in entries if e.kind == "country"]
    if countries:
        yield from ((e.code, "", _NAMED) for e in countries if len(entries) == 1 or e is first)
        return
    elsewhere = next((e.population for e in entries if e.code != first.code), 0)
    if first.population >= _CLEARLY_LARGER * elsewhere:
        yield first.code, first.admin, _NEIGHBOUR


def _resolve(
    mention: _PlaceMention, container: Entry | None, named: Entry | None, context: dict[str, float]
) -> _Resolution:
    best = named or max(mention.entries, key=lambda e: _score(e, mention, container, context), default=None)
    if best is None:
        return (mention.kind or "settlement", _in_title_case(mention.text), None, None, None, None)
    if not mention.exact:  # the gazetteer has only the larger place: its coordinates are near enough, its name is not
        return (mention.kind or "region", _in_title_case(mention.text), best.country, best.lat, best.lon, None)
    kind = mention.kind if mention.kind == "other" and best.population < _WITH_OWN_AIRPORT else best.kind
    if mention.kind == "region" and best.kind == "settlement":
        kind = "region"
    return (kind, best.name, best.country, best.lat, best.lon, best.geonames_id)


def _score(entry: Entry, mention: _PlaceMention, container: Entry | None, context: dict[str, float]) -> float:
    score = (
        math.log10(entry.population + 10)
        + context.get(entry.code, 0.0)
        + context.get(f"{entry.code}.{entry.admin}", 0.0)
    )
    score -= entry.variant and any(not e.variant and e.kind == "settlement" for e in mention.entries)
    score += _MOTHER_CITY * (entry.code == "GB")
    if entry.kind == "country":
        score += _COUNTRY
    elif mention.kind == "region":
        score += _OTHER_KIND * (entry.kind == "region") - (entry.rank == 2)
    elif entry.kind == "region":
        # a city and its province often share a name; the city is meant unless the report says otherwise
        score -= 1.0 if entry.rank == 1 else 1.5
        if mention.kind == "settlement":
            score -= _OTHER_KIND
    if container is not None and _is_inside(entry, container):
        score += _CONTAINED
    return score


def _in_title_case(written: str) -> str:
    return written.title() if written.isupper() and len(written) > 3 else written


# ---- The layer -------------------------------------------------------------------------------------------------------

TABLE = Table(
    "places",
    "annotate",
    "One row per mention of a named place, resolved against the gazetteer, which is based on GeoNames. "
    "Reports in languages other than `annotate.languages` have none.",
    {
        "doc_id": DOC_ID,
        "start": START,
        "end": END,
        "text": WORDS,
        "kind": Column(
            TEXT,
            "Kind of place: country, settlement, region (also a state, province or county) or other (an airport, a "
            "river, a sea, a road, a building, ...); settlement also where the gazetteer lacks the place and its "
            "context does not say what it is.",
        ),
        "name": Column(
            TEXT,
            "Name of the place in the gazetteer; as written where the gazetteer lacks the place or has only the larger "
            "one that it belongs to (northern Syria).",
        ),
        "country": Column(
            TEXT,
            "English name of the country that the place is or lies in, as in GeoNames; null where the gazetteer lacks "
            "the place, or it lies in several countries or in none.",
        ),
        "lat": Column(
            NUMBER,
            "Latitude in decimal degrees, positive to the north: of a settlement's centre; of a country or region, "
            "mostly that of the city nearest to its centre of population. Null where the gazetteer has no "
            "coordinates for the place.",
        ),
        "lon": Column(
            NUMBER,
            "Longitude in decimal degrees, positive to the east, of the same point as `lat`; null where the gazetteer "
            "has no coordinates for the place.",
        ),
        "geonames_id": Column(
            COUNT,
            "Identifier of the place in GeoNames; null where the gazetteer lacks the place, has only the larger one "
            "that it belongs to, or has no identifier for it.",
        ),
    },
    ("doc_id", "start", "end"),
)


class GoldPlace(Section):
    """A distinct named place, where it is first named."""

    span: GoldSpan
    kind: Literal["country", "settlement", "region", "other"]


def _row(report: Report, p: Place) -> Values:
    return (
        report.doc_id, p.start, p.end, report.text[p.start : p.end], p.kind, p.name,
        p.country, p.lat, p.lon, p.geonames_id,
    )  # fmt: skip


def _highlights(row: Row, _number: int, _text: str) -> Iterator[Highlight]:
    yield Highlight("place", row["start"], row["end"], (f"{place_on_map(row)} ({row['kind']})",))


def _gold_row(gold: GoldPlace, text: GoldText) -> Row:
    return text.span("places.span", gold.span)


def same_place(gold: Row, predicted: Row) -> bool:
    """Return whether both names are equal, whatever the case, without a leading "the"."""
    return _place_name(gold) == _place_name(predicted)


def _place_name(row: Row) -> str:
    return folded(row["text"]).removeprefix("the ")


def _distinct(rows: list[Row]) -> list[Row]:
    """Keep one row per name: the gold scheme annotates a place where it is first named."""
    return list({_place_name(row): row for row in rows}.values())


LAYER = Layer(
    table=TABLE,
    find=lambda marks: find_places(marks.report, list(marks["names"])),
    row=_row,
    display=Display(
        kinds=(HighlightKind("place", "place", 40),),
        highlights=_highlights,
        tally=CountTable(DATES_AND_PLACES, lambda row: ("place", place_on_map(row), row["kind"])),
    ),
    conllu=Conllu("Place", "kind", ("GeoNames", "geonames_id")),
    brat=Brat(entities=("Location",), notes=("kind", "name", "country", "lat", "lon", "geonames_id")),
    gold=Gold(model=GoldPlace, row=_gold_row, scores={"places": same_place}, comparable=_distinct),
)
