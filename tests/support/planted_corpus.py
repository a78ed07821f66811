"""A small corpus whose words, people, places and quotations are known, and what can be counted in it by hand."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
from scipy.stats import hypergeom

import corpus_tools as ct
from corpus_tools.explore.concordance import Concordance
from corpus_tools.pipeline import TABLES, open_store
from corpus_tools.tokenise.texts import tokenise_texts

OUTLETS, PLACES = ("BBC", "Evening Star", "Morning Post"), ("Kyiv", "Izyum", "Aleppo")


FULL = {"Bondar": "Olha Bondar", "Petrenko": "Ivan Petrenko"}  # the full names of surnames


WORDS = "army Army convoy shelters the attack attacks won't it’s U.S. peace-talks food".split()


@dataclass
class PlantedReport:
    row: dict
    quotes: list[dict]
    names: list[dict]
    places: list[dict]


def report(number: int) -> PlantedReport:
    """A report of planted people, places and quotations; some have a header, some no date, some are repeats."""
    rng = random.Random(number)
    place, named = PLACES[number % 3], rng.choice(PLACES)
    head = f"{place.upper()}, army (AFP) - " if number % 2 else ""
    some = lambda n: " ".join(rng.choices(WORDS, k=n))  # noqa: E731
    marks: dict[str, list[dict]] = {"quotes": [], "names": [], "places": []}
    text = head

    def say(words: str, layer: str = "", **columns: str) -> None:
        nonlocal text
        if layer:
            offsets = {"start": len(text), "end": len(text) + len(words), "text": words}
            marks[layer].append(offsets | columns)
        text += words

    for surname, full in FULL.items():
        say(f"The {some(4)}, and - {some(2)}.\nNear ")
        say(named, "places", name=named, kind="settlement")
        say(f" {some(3)}. ")
        say(full, "names", label="PERSON", name=full)
        say(' said: "')
        say(f"We  {some(5)}. They {some(2)}", "quotes", kind="direct", speaker_name=rng.choice([surname, full]))
        say('," and that ')
        start = len(text)
        say(f'the {some(2)} is "')
        say(some(2), "quotes", kind="mixed", speaker_name=rng.choice([None, "Ann B. Li"]))
        say('" here')
        inner = {"start": start, "end": len(text), "text": text[start:], "kind": "indirect", "speaker_name": full}
        marks["quotes"].append(inner)
        say(". ")
    row = {
        "doc_id": f"r{number:03d}", "outlet": OUTLETS[number % 3], "title": f"No. {number}",
        "published": None if number == 5 else date(2016, 12, 28) + timedelta(days=3 * number),
        "place": place if head else None, "body_start": len(head), "text": text,
        "cluster_id": f"c{number - number % 4 % 3}", "is_first_report": number % 4 != 1,
    }  # fmt: skip
    return PlantedReport(row, **marks)


def filled(name: str, rows: list[dict]) -> pl.DataFrame:
    empty = dict.fromkeys(TABLES[name].schema)
    return pl.DataFrame([empty | row for row in rows], schema=TABLES[name].schema)


def write(folder: Path, reports: list[PlantedReport], per_partition: int) -> ct.Corpus:
    store = open_store(folder / "data")
    for partition, first in enumerate(range(0, len(reports), per_partition)):
        mine = reports[first : first + per_partition]
        store.write("documents", partition, filled("documents", [r.row for r in mine]))
        for name in ("quotes", "names", "places"):
            marks = [{"doc_id": r.row["doc_id"]} | mark for r in mine for mark in getattr(r, name)]
            store.write(name, partition, filled(name, marks))
        starts = [r.row["body_start"] for r in mine]
        _, tokens = tokenise_texts([r.row["text"] for r in mine], starts=starts)
        ids = pl.Series([r.row["doc_id"] for r in mine], dtype=pl.String)
        store.write("tokens", partition, tokens.with_columns(ids.gather(tokens["doc_id"]).alias("doc_id")))
    return ct.open_corpus(folder)


REPORTS = [report(n) for n in range(24)]


BY_ID = {r.row["doc_id"]: r for r in REPORTS}


def places_of(result: Concordance) -> list[tuple[str, int, int]]:
    return list(result.frame.select("doc_id", "start", "end").iter_rows())


def voice_of(token: dict) -> tuple[str, str | None]:
    """Voice and speaker of a token: the speaker is that of the innermost quotation that has one."""
    around = [q for q in BY_ID[token["doc_id"]].quotes if q["start"] <= token["start"] < q["end"]]
    voice = "quoted" if any(q["kind"] != "indirect" for q in around) else "narrator"
    named = sorted((q for q in around if q["speaker_name"]), key=lambda q: q["end"] - q["start"])
    name = named[0]["speaker_name"].replace(" B.", "") if named else None
    return voice, FULL.get(name, name)


def mattr_by_hand(words: list[str], window: int) -> float:
    return float(np.mean([len({*words[k : k + window]}) / window for k in range(len(words) - window + 1)]))


def hdd_by_hand(words: list[str]) -> float:
    drawn = (1 - hypergeom.pmf(0, len(words), often, 42) for often in Counter(words).values())
    return float(sum(drawn)) / 42


def is_word(token: str) -> bool:
    return any(c.isalpha() for c in token)


def plain(number: int, text: str, **columns: object) -> PlantedReport:
    row = {
        "doc_id": f"k{number:03d}", "outlet": "Post" if number % 2 else "Star", "title": None,
        "published": date(2017, 1, 2) + timedelta(days=number % 56), "place": None, "body_start": 0, "text": text,
        "cluster_id": f"k{number:03d}", "is_first_report": True, **columns,
    }  # fmt: skip
    return PlantedReport(row, [], [], [])
