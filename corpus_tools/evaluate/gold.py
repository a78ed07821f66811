"""Gold: reports that people annotated by reading them (the files in seeds/gold/).

The gold is stand-off: offsets into the texts as found, and labels, no words. The offsets are carried over to the
cleaned text, so cleaning may change without the reports being annotated again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field

from corpus_tools.errors import InputError
from corpus_tools.evaluate.align import align
from corpus_tools.layers.layer import Row
from corpus_tools.layers.matching import folded
from corpus_tools.layers.registry import LAYERS
from corpus_tools.runtime.records import GoldSpan, Section, check

# Why a report of the gold is not scored, in words.
LEFT_OUT = {"missing": "not in the corpus", "other_text": "with another text than the one that was marked"}
_GOLD = {layer.name: layer.gold for layer in LAYERS if layer.gold}


class GoldDateline(Section):
    """The line that opens a report: where it was filed, and by which agency."""

    place: GoldSpan
    agency: GoldSpan | None


class _Header(Section):
    """What a gold report has besides its marks; the checksum is that of the text as found, in UTF-8."""

    doc_id: str
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    dateline: GoldDateline | None


@dataclass(frozen=True)
class GoldReport:
    """The marks of one report.

    Parameters
    ----------
    doc_id
        The report.
    sha256
        Checksum of the text as found, in UTF-8.
    dateline
        Its dateline, if it has one.
    marks
        Gold marks by layer.
    """

    doc_id: str
    sha256: str
    dateline: GoldDateline | None
    marks: Mapping[str, Sequence[Section]]


def scored_tables() -> tuple[str, ...]:
    """List the tables of the layers that have gold."""
    return tuple(_GOLD)


def read_gold(folder: Path) -> dict[str, list[GoldReport]]:
    """Read the gold: one set a file, one report a line.

    Raises
    ------
    InputError
        If a line is no JSON, lacks a key or has one too many, or a report stands twice in a set; the message names
        file, line and key.
    """
    return {path.stem: list(_read_set(path)) for path in _files(folder)}


def fingerprint(folder: Path) -> str:
    """Give one checksum of all gold files, their names among it: which gold a score was made with."""
    found = hashlib.sha256()
    for path in _files(folder):
        found.update(f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return found.hexdigest()


def text_sha256(text: str) -> str:
    """Give the checksum by which a text is known to be the one that was marked."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.jsonl"))


def _read_set(path: Path) -> Iterator[GoldReport]:
    seen: dict[str, int] = {}
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        where = f"{path}, line {number}"
        try:
            found = json.loads(line)
        except ValueError as error:
            raise InputError(where, f"not JSON ({error})", "make the file again as README.md beside it says") from None
        report = _report(found, where)
        if report.doc_id in seen:
            first = seen[report.doc_id]
            raise InputError(f"{where}, doc_id", f"{report.doc_id} stands in line {first} already", "keep one of them")
        seen[report.doc_id] = number
        yield report


def _report(found: Any, where: str) -> GoldReport:
    found = found if isinstance(found, dict) else {}
    header = check({key: value for key, value in found.items() if key not in _GOLD}, _Header, where)
    marks: dict[str, list[Section]] = {}
    for layer, gold in _GOLD.items():
        if not isinstance(found.get(layer), list):
            raise InputError(f"{where}, {layer}", "this key is needed, with a list", "add it, `[]` if there are none")
        marks[layer] = [check(mark, gold.model, f"{where}, {layer}.{n}") for n, mark in enumerate(found[layer])]
    return GoldReport(header.doc_id, header.sha256, header.dateline, marks)


class _Text:
    """A report's text, in which gold spans are found again after cleaning."""

    def __init__(self, doc_id: str, raw: str, clean: str) -> None:
        self.doc_id, self.raw, self.clean = doc_id, raw, clean
        self.to = align(raw, clean)

    def span(self, key: str, span: Sequence[int]) -> Row:
        """Return start, end and text of a span."""
        if not span[0] < span[1] <= len(self.raw):
            where = f"seeds/gold, {self.doc_id}, {key}"
            size = len(self.raw)
            raise InputError(where, f"{span} is no span of the text, which has {size} characters", "correct it")
        start, end = self.to[span[0]], self.to[span[1]]
        return {"start": start, "end": end, "text": self.clean[start:end]}

    def words(self, key: str, *spans: Sequence[int] | None) -> str | None:
        """Return the words of some spans."""
        return " ".join(self.span(key, span)["text"] for span in spans if span) or None


def gold_rows(gold: GoldReport, raw: str, clean: str) -> dict[str, list[Row]]:
    """Write the gold as rows with the columns of the tables, so that like is compared with like.

    Raises
    ------
    InputError
        If an offset is outside the text.
    """
    text, line = _Text(gold.doc_id, raw, clean), gold.dateline
    rows = {layer: [_GOLD[layer].row(mark, text) for mark in marks] for layer, marks in gold.marks.items()}
    dateline = [{"place": text.words("dateline.place", line.place), "country": None,
                 "agency": text.words("dateline.agency", line.agency)}] if line else []  # fmt: skip
    return {**rows, "documents": dateline}


def same_dateline(gold: Row, found: Row) -> bool:
    """Return whether place (with its country or without) and agency are equal, whatever the case."""
    place = folded(found["place"])
    return folded(gold["place"]) in {place, f"{place}, {folded(found['country'])}"} and (
        folded(gold["agency"]) == folded(found["agency"])
    )


def comparable(table: str, rows: list[Row]) -> list[Row]:
    """Leave out what the gold scheme does not annotate."""
    if table == "documents":
        return [row for row in rows if row["place"] or row["agency"]]
    return _GOLD[table].comparable(rows)


# What is scored: its name, the table it is read from, and when two rows are the same.
SCORES: dict[str, tuple[str, Callable[[Row, Row], bool]]] = {
    **{score: (layer, same) for layer, gold in _GOLD.items() for score, same in gold.scores.items()},
    "dateline": ("documents", same_dateline),
}
