"""The gazetteer: countries, provinces, counties, settlements and regions of the world by name.

`data/places.txt.gz` is an extract of GeoNames (https://www.geonames.org, CC BY 4.0), built by `make gazetteer`.
`data/regions.tsv` adds by hand what GeoNames' cities and provinces lack, such as the Middle East.
"""

from __future__ import annotations

import gzip
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal, cast

PlaceKind = Literal["country", "settlement", "region", "other"]

_DIACRITICS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})
_DIACRITICS.update(dict.fromkeys(map(ord, "'’‘ʼʻ`´."), ""))
_NOT_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """A place of the gazetteer."""

    kind: PlaceKind
    name: str
    code: str  # country, ISO 3166-1
    admin: str  # code of the state or province
    lat: float | None
    lon: float | None
    geonames_id: int | None
    population: int
    rank: int = 0  # of a region: 1 for the first administrative level of its country, 2 for the second
    variant: bool = False  # looked up by another name than its own

    @property
    def country(self) -> str | None:
        """The country's name; None for a region that spans several countries."""
        return country_names().get(self.code)


def lookup_key(name: str) -> str:
    """Return the form in which a name is looked up: lower case, no diacritics, `st` for Saint, no leading article.

    Examples
    --------
    >>> lookup_key("The Bronx"), lookup_key("Saint-Étienne"), lookup_key("SANA'A")
    ('bronx', 'st etienne', 'sanaa')
    """
    if name.isascii() and name.isalpha():
        name = name.lower()
        return "st" if name == "saint" else name
    name = name.casefold().translate(_DIACRITICS)
    if not name.isascii():
        name = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    words = _NOT_WORD.sub(" ", name).split()
    if len(words) > 1 and words[0] == "the":
        del words[0]
    return " ".join("st" if w == "saint" else w for w in words)


@lru_cache(maxsize=1 << 16)
def lookup(name: str) -> tuple[Entry, ...]:
    """Return the places of a name, the most populous first.

    GeoNames' spelling variants count as names, but a place found by one is ranked as if it had a tenth of its people.

    Examples
    --------
    >>> [(e.name, e.country) for e in lookup("Lugansk")[:1]], lookup("Nowhereville")
    ([('Luhansk', 'Ukraine')], ())
    """
    key = lookup_key(name)
    by_hand = _regions().get(key, ())
    by_hand_ids = {e.geonames_id for e in by_hand}
    entries = [_entry(line, variant) for line, variant in _packed().find(key)]
    return (*by_hand, *sorted((e for e in entries if e.geonames_id not in by_hand_ids), key=_most_populous_first))


def _most_populous_first(entry: Entry) -> tuple[int, int]:
    return -entry.population // (10 if entry.variant else 1), entry.geonames_id or 0


@cache
def country_names() -> dict[str, str]:
    """Return the names of the countries by their ISO 3166-1 codes."""
    countries, *_ = _packed().places.partition(b"\nregion\t")  # sorted, so countries come first
    rows = (line.split("\t") for line in countries.decode("utf-8").split("\n"))
    return {fields[2]: fields[1] for fields in rows}


def _entry(line: str, variant: bool = False) -> Entry:
    kind, name, code, admin, lat, lon, number, population, rank = line.split("\t")
    return Entry(
        cast(PlaceKind, kind),
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


VARIANT_MARK = b"~"  # before the offset of a settlement whose own name has another key
PREFIX = 3  # bytes of a key by which the list of keys is divided


@dataclass(frozen=True, slots=True)
class _PackedGazetteer:
    """The file as bytes: building half a million Python strings takes longer than annotating a corpus."""

    places: bytes  # one line per place
    keys: bytes  # one line per key, with the offsets of its places in `places`; sorted by key
    sections: dict[bytes, tuple[int, int]]  # prefix of keys: start and end of these keys in `keys`

    def find(self, key: str) -> Iterator[tuple[str, bool]]:
        """Find the lines of the places of a key, each with whether the key is a variant of the place's name."""
        name = key.encode()
        section = self.sections.get(name[:PREFIX])
        line = self.keys.find(b"\n" + name + b"\t", *section) if section else -1
        if line < 0:
            return
        offsets = self.keys[line + len(name) + 2 : self.keys.index(b"\n", line + 1)]
        for written in offsets.split(b" "):
            offset = int(written.lstrip(VARIANT_MARK), 16)
            end = self.places.index(b"\n", offset)
            yield self.places[offset:end].decode("utf-8"), written.startswith(VARIANT_MARK)


@cache
def _packed() -> _PackedGazetteer:
    data = files("corpus_tools.text").joinpath("data/places.txt.gz").read_bytes()
    places, keys, prefixes = gzip.decompress(data).split(b"\n\n")
    starts = [(prefix, int(start)) for prefix, start in (line.split(b"\t") for line in prefixes.split(b"\n"))]
    ends = [start for _, start in starts[1:]] + [len(keys) + 2]
    sections = {prefix: (start, end) for (prefix, start), end in zip(starts, ends, strict=True)}
    return _PackedGazetteer(places + b"\n", b"\n" + keys + b"\n", sections)


@cache
def _regions() -> dict[str, tuple[Entry, ...]]:
    """Read the regions added by hand; `lookup` puts them before any other place of the same name."""
    regions: dict[str, tuple[Entry, ...]] = {}
    for line in files("corpus_tools.text").joinpath("data/regions.tsv").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        names, code, lat, lon, *rest = line.split("\t")
        number = next((int(r) for r in rest if r.isdigit()), None)
        kind = next((r for r in rest if r.isalpha()), "region")
        first, *_ = variants = names.split("|")
        entry = Entry(cast(PlaceKind, kind), first, code, "", float(lat), float(lon), number, 10**7, 1)
        regions |= {lookup_key(name): (entry,) for name in variants}
    return regions
