"""Places in a report, each with its entry in GeoNames: which Paris, which Georgia, where on the map."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from corpus_tools.layers.layer import (
    Brat,
    Conllu,
    Gold,
    GoldText,
    Highlight,
    HighlightKind,
    Layer,
    Row,
    Shown,
    Values,
)  # fmt: skip
from corpus_tools.layers.matching import folded
from corpus_tools.layers.names import acronym, demonyms, word_after, word_before, words
from corpus_tools.layers.types import Name, Place, Report
from corpus_tools.layers.wording import place_on_map
from corpus_tools.runtime.records import GoldSpan, Section
from corpus_tools.runtime.schema import COUNT, DOC_ID, END, NUMBER, START, TEXT, WORDS, Column, Table
from corpus_tools.text.gazetteer import Entry, PlaceKind, lookup


def find_places(report: Report, names: list[Name]) -> list[Place]:
    """Find every mention of a named place, and the place on the map.

    Which of several places of one name is meant is told by what the report says after it (`Paris, Texas`), by the
    countries that it names, by nationalities, and by their population, in the manner of Leidner (2007).

    Parameters
    ----------
    report
        A report.
    names
        Its names, by `find_names`.

    Returns
    -------
    Places in the order of the text. Coordinates are those of a settlement's middle; of a country or region, those of
    the city nearest to the centre of its people. They are None where the map does not know the place.

    Examples
    --------
    >>> from corpus_tools.layers.names import find_names
    >>> report = Report("Shells hit Bucha and the town of Kreminna in Ukraine.", None, 0, [(0, 53)])
    >>> [(p.name, p.country, p.lat) for p in find_places(report, find_names(report))]
    [('Bucha', 'Ukraine', 50.55), ('Kreminna', 'Ukraine', 49.05), ('Ukraine', 'Ukraine', 48.8)]
    """
    text = report.text
    mentions = [_mention(text, name) for name in names if name.label == "PLACE"]
    containers = (
        [_container(text, a, b) for a, b in zip(mentions, [*mentions[1:], None], strict=True)] if mentions else []
    )
    context = _context(report, mentions)
    known: dict[tuple[str, PlaceKind | None, Entry | None], _Place] = {}
    found = []
    for mention, container, before in zip(mentions, containers, [None, *containers], strict=False):
        named = before if before in mention.entries else None  # Georgia, because of Atlanta
        question = (mention.text, mention.kind, container or named)
        if question not in known:
            known[question] = _resolve(mention, container, named, context)
        found.append(Place(mention.start, mention.end, *known[question]))
    return found


_Place = tuple[PlaceKind, str, str | None, float | None, float | None, int | None]  # Place's fields after its offsets


@dataclass(frozen=True, slots=True)
class _Mention:
    """A place as written, the places of that name, and the kind that the words around it tell."""

    start: int
    end: int
    text: str
    entries: tuple[Entry, ...]
    kind: PlaceKind | None
    exact: bool  # the map has the name as written, and not only without `northern`, `County`


def _mention(text: str, name: Name) -> _Mention:
    written = text[name.start : name.end]
    entries, exact = _look_up(written)
    return _Mention(name.start, name.end, written, entries, _kind_by_words(text, name, written, exact), exact)


@cache
def _region_words() -> frozenset[str]:
    kinds = {w.lower() for w in words("place heads region")}
    return frozenset({*kinds, *(w + "s" for w in kinds), "counties", "countryside", "provinces", "territories"})


# `Lugansk and Donetsk regions`
_PLURAL = re.compile(r" and [A-Z][\w’'-]* (?:regions|provinces|states|counties|districts|oblasts|governorates)\b")
_OTHER_HEADS = frozenset(
    "Mount Mt Lake Cape Camp River Gulf Bay Strait Loch Lough Glen Sierra Isle Mont Monte Wadi Jebel Jabal".split()
)
_OTHER_WORDS = frozenset(
    "airport airbase river port camp highway road square mosque border base dam bridge sea".split()
)


def _kind_by_words(text: str, name: Name, written: str, exact: bool) -> PlaceKind | None:
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
    return "settlement" if before in _TOWNS else None


def _kind_by_head(first: str, last: str) -> PlaceKind | None:
    if last in words("place heads region") or first in {"Co", "County"}:
        return "region"
    if last in words("place heads settlement"):
        return "settlement"
    if last in words("place heads") or first in _OTHER_HEADS:
        return "other"
    return "region" if first in words("directions") else None


_TOWNS = frozenset("city town village cities towns villages".split())
_ROAD = re.compile(r"I-\d+|[AMN]\d+")


@lru_cache(maxsize=1 << 15)
def _look_up(written: str) -> tuple[tuple[Entry, ...], bool]:
    """Give the places of the name; failing that, of what it says without side or kind (`Hama Governorate`)."""
    found = lookup(acronym(written))
    if found:
        return found, True
    first, _, rest = written.partition(" ")
    county = written.startswith("Co-") or first in {"Co", "County"}
    if county and (found := _look_up(rest or written[3:])[0]):
        return tuple(e for e in found if e.code in {"IE", "GB"}) or found, False
    if rest and first in words("directions"):
        return _look_up(rest)[0], False
    airport = lookup(rest)[:1] if rest else ()
    if airport and airport[0].kind == "other":  # London Heathrow
        return airport, True
    start, _, last = written.rpartition(" ")
    if start and (last in words("place heads region") or last in words("directions") or last in {"City", "Airport"}):
        return _look_up(start)[0], False
    return (), False


def _container(text: str, mention: _Mention, following: _Mention | None) -> Entry | None:
    """Give the country or state that is named after the place to say where it is: `Paris, Texas`."""
    if following is None or text[mention.end : following.start] not in {", ", " in ", ", in ", " (", " /"}:
        return None
    if any(e.kind == "country" for e in mention.entries[:2]):  # El Salvador, Mexico and Honduras
        return None
    for entry in following.entries[:3]:
        holds = entry.kind == "country" or (entry.kind == "region" and entry.rank == 1)
        if holds and any(_inside(e, entry) for e in mention.entries):
            return entry
    return None


def _inside(entry: Entry, container: Entry) -> bool:
    if entry.code != container.code or entry is container:
        return False
    return container.kind == "country" or not container.admin or entry.admin == container.admin


# ---- Which of several --------------------------------------------------------------------------------------------

# Weights in powers of ten of population: a country that the report names makes up for a twentieth of the people.
_NAMED, _NATIONALITY, _NEIGHBOUR, _CONTAINED = 1.3, 0.7, 0.8, 6.0
_AGAIN = 0.2  # for each mention
_MOTHER_CITY = 0.3  # of Gloucester and its namesakes overseas
_COUNTRY = 1.5  # a country before a city or state of its name (Mexico, Georgia)
_OTHER_KIND = 3.0
_SURE = 20  # times as populous as the next


def _context(report: Report, mentions: list[_Mention]) -> dict[str, float]:
    """Weigh the countries that the report is about, by what it names without doubt."""
    found: dict[str, float] = defaultdict(float)
    people = {demonyms()[w] for w in demonyms().keys() & set(report.text.split())}
    for code in people:
        found[code] = _NATIONALITY
    for mention in mentions:
        for code, admin, weight in _sure(mention.entries):
            found[code] = max(found[code], weight) + _AGAIN
            if admin:
                found[f"{code}.{admin}"] = _NEIGHBOUR
    for entry in lookup(report.country)[:1] if report.country else ():
        found[entry.code] = _NAMED
    found.pop("", None)
    return {code: min(weight, _NAMED) for code, weight in found.items()}


def _sure(entries: tuple[Entry, ...]) -> Iterable[tuple[str, str, float]]:
    if not entries:
        return
    first = entries[0]
    countries = [e for e in entries if e.kind == "country"]
    if countries:
        yield from ((e.code, "", _NAMED) for e in countries if len(entries) == 1 or e is first)
    elif first.population >= _SURE * _next_elsewhere(entries):
        yield first.code, first.admin, _NEIGHBOUR


def _next_elsewhere(entries: tuple[Entry, ...]) -> int:
    return next((e.population for e in entries if e.code != entries[0].code), 0)


def _resolve(mention: _Mention, container: Entry | None, named: Entry | None, context: dict[str, float]) -> _Place:
    best = named or max(mention.entries, key=lambda e: _score(e, mention, container, context), default=None)
    if best is None:
        return (mention.kind or "settlement", _title(mention.text), None, None, None, None)
    if not mention.exact:  # only the larger place is on the map: near enough for its coordinates, another place by name
        return (mention.kind or "region", _title(mention.text), best.country, best.lat, best.lon, None)
    kind = mention.kind if mention.kind == "other" and best.population < _OWN_AIRPORT else best.kind
    if mention.kind == "region" and best.kind == "settlement":
        kind = "region"
    return (kind, best.name, best.country, best.lat, best.lon, best.geonames_id)


_OWN_AIRPORT = 100_000  # people: the airport, port or border of a larger place bears its name, but is another


def _score(entry: Entry, mention: _Mention, container: Entry | None, context: dict[str, float]) -> float:
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
        # a city lends its name to its province, and is meant unless the report says otherwise
        score -= 1.0 if entry.rank == 1 else 1.5
        if mention.kind == "settlement":
            score -= _OTHER_KIND
    if container is not None and _inside(entry, container):
        score += _CONTAINED
    return score


def _title(written: str) -> str:
    return written.title() if written.isupper() and len(written) > 3 else written


# ---- the layer -------------------------------------------------------------------------------------------------------

TABLE = Table(
    "places",
    "annotate",
    "One row per mention of a named place, resolved against the gazetteer, which is based on GeoNames.",
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


def same_place(gold: Row, found: Row) -> bool:
    """Return whether both names are equal, whatever the case, without a leading "the"."""
    return _place_name(gold) == _place_name(found)


def _place_name(row: Row) -> str:
    return folded(row["text"]).removeprefix("the ")


def _distinct(rows: list[Row]) -> list[Row]:
    """Keep one row per name: the gold scheme annotates a place where it is first named."""
    return list({_place_name(row): row for row in rows}.values())


LAYER = Layer(
    table=TABLE,
    find=lambda marks: find_places(marks.report, list(marks["names"])),
    row=_row,
    shown=Shown(kinds=(HighlightKind("place", "place", 40),), highlights=_highlights),
    conllu=Conllu("Place", "kind", ("GeoNames", "geonames_id")),
    brat=Brat(entities=("Location",), notes=("kind", "name", "country", "lat", "lon", "geonames_id")),
    gold=Gold(model=GoldPlace, row=_gold_row, scores={"places": same_place}, comparable=_distinct),
)
