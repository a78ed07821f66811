"""Places of the world by name: countries, provinces, counties, settlements, and regions of the news.

The map is GeoNames (https://www.geonames.org, CC BY 4.0), cut to what reports need by `make gazetteer` and kept in
`data/places.txt.gz`; `data/regions.tsv` adds, by hand, what GeoNames' cities and provinces lack.
"""

from __future__ import annotations

import gzip
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Literal, cast

PlaceKind = Literal["country", "settlement", "region", "other"]

_MARKS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})
_MARKS.update(dict.fromkeys(map(ord, "'’‘ʼʻ`´."), ""))
_NO_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """A place on the map; `admin` is the code of its state or province, `rank` 1 for a country's first level."""

    kind: PlaceKind
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


VARIANT = b"~"  # before the offset of a place of which the key is not the first name
HEAD = 3  # letters by which the index of the keys is divided


@dataclass(frozen=True, slots=True)
class _Map:
    """The file as it is, since half a million Python strings would take longer to make than a corpus to annotate."""

    places: bytes  # a line each
    keys: bytes  # lines of a key and the offsets of its places, sorted by key
    heads: dict[bytes, int]  # where the keys begin that start with these letters

    def find(self, found: str) -> Iterator[tuple[str, bool]]:
        wanted = found.encode()
        start = self.heads.get(wanted[:HEAD])
        if start is None:
            return
        # the heads are in the order of the file: the next one ends this one
        line = self.keys.find(b"\n" + wanted + b"\t", start, self.heads[b"\n" + wanted[:HEAD]])
        if line < 0:
            return
        offsets = self.keys[line + len(wanted) + 2 : self.keys.index(b"\n", line + 1)]
        for offset in offsets.split(b" "):
            at = int(offset.lstrip(VARIANT), 16)
            yield self.places[at : self.places.index(b"\n", at)].decode("utf-8"), offset.startswith(VARIANT)


@cache
def _map() -> _Map:
    raw = files("corpus_tools.text").joinpath("data/places.txt.gz").read_bytes()
    places, keys, heads = gzip.decompress(raw).split(b"\n\n")
    starts = [line.split(b"\t") for line in heads.split(b"\n")]
    begins = {head: int(start) for head, start in starts}
    ends = {b"\n" + head: int(after) for (head, _), (_, after) in pairwise([*starts, [b"", b"%d" % (len(keys) + 2)]])}
    return _Map(places + b"\n", b"\n" + keys + b"\n", begins | ends)


@cache
def _regions() -> dict[str, tuple[Entry, ...]]:
    """Read the regions added by hand; their rank puts them before any place of the same name."""
    found: dict[str, tuple[Entry, ...]] = {}
    for line in files("corpus_tools.text").joinpath("data/regions.tsv").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        names, code, lat, lon, *rest = line.split("\t")
        number = next((int(r) for r in rest if r.isdigit()), None)
        kind = next((r for r in rest if r.isalpha()), "region")
        first, *_ = every = names.split("|")
        entry = Entry(cast(PlaceKind, kind), first, code, "", float(lat), float(lon), number, 10**7, 1)
        for name in every:
            found[key(name)] = (entry,)
    return found
