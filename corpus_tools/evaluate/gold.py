"""Gold: reports that people annotated by reading them (the files in seeds/gold/).

The gold is stand-off: labels and offsets into the raw texts, without words. Offsets are carried over to the cleaned
text, so the rules of cleaning may change without new annotation.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field, create_model

from corpus_tools.errors import InputError
from corpus_tools.evaluate.align import align
from corpus_tools.layers.layer import Row
from corpus_tools.layers.matching import folded
from corpus_tools.layers.registry import LAYERS
from corpus_tools.runtime.records import GoldSpan, Section, check

# Why a report of the gold is not scored.
LEFT_OUT = {"missing": "not in the corpus", "other_text": "with a text other than the annotated one"}
_GOLD = {layer.name: layer.gold for layer in LAYERS if layer.gold}


class GoldDateline(Section):
    """The line that opens a report: where it was filed, and by which agency."""

    place: GoldSpan
    agency: GoldSpan | None


class _Header(Section):
    doc_id: str
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    dateline: GoldDateline | None


# One line of a gold file: the header, and a list of marks for each layer that has gold.
_FIELDS: dict[str, Any] = {name: (list[gold.model], ...) for name, gold in _GOLD.items()}  # type: ignore[name-defined]
_Line = create_model("_Line", __base__=_Header, **_FIELDS)


@dataclass(frozen=True)
class GoldReport:
    """The gold marks of one report.

    Parameters
    ----------
    doc_id
        Identifier of the report.
    sha256
        Checksum of its raw text in UTF-8.
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
    """Read the gold: one set per file, one report per line.

    Raises
    ------
    InputError
        If a line is not JSON, lacks a key or has an unknown one, or a set has the same report twice; the message names
        file, line and key.
    """
    return {path.stem: list(_read_set(path)) for path in _files(folder)}


def gold_checksum(folder: Path) -> str:
    """Return one checksum over names and bytes of all gold files, which identifies the gold behind a score."""
    checksum = hashlib.sha256()
    for path in _files(folder):
        checksum.update(f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return checksum.hexdigest()


def text_sha256(text: str) -> str:
    """Return the checksum that shows whether a text is the one that was annotated."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.jsonl"))


def _read_set(path: Path) -> Iterator[GoldReport]:
    lines: dict[str, int] = {}
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        location = f"{path}, line {number}"
        try:
            content = json.loads(line)
        except ValueError as error:
            remedy = "generate the file again as described in the README.md beside it"
            raise InputError(location, f"not JSON ({error})", remedy) from None
        report = parse_report(content, location)
        if first := lines.get(report.doc_id):
            raise InputError(f"{location}, doc_id", f"{report.doc_id} is already in line {first}", "keep one of them")
        lines[report.doc_id] = number
        yield report


def parse_report(content: Any, location: str) -> GoldReport:
    """Check one line of a gold file, parsed as JSON; `location` names it in messages.

    Raises
    ------
    InputError
        If a key is missing or unknown, or a value is of the wrong type.
    """
    line = check(content, _Line, location)
    return GoldReport(line.doc_id, line.sha256, line.dateline, {layer: getattr(line, layer) for layer in _GOLD})


class _AlignedText:
    """A cleaned text, in which spans of the raw text are found again."""

    def __init__(self, doc_id: str, raw: str, clean: str) -> None:
        self.doc_id, self.raw, self.clean = doc_id, raw, clean
        self.offsets = align(raw, clean)

    def span(self, key: str, span: Sequence[int]) -> Row:
        """Return start, end and text of a span."""
        if not span[0] < span[1] <= len(self.raw):
            location = f"seeds/gold, {self.doc_id}, {key}"
            size = len(self.raw)
            raise InputError(location, f"{span} is not a span of the text, which has {size} characters", "correct it")
        start, end = self.offsets[span[0]], self.offsets[span[1]]
        return {"start": start, "end": end, "text": self.clean[start:end]}

    def words(self, key: str, *spans: Sequence[int] | None) -> str | None:
        """Return the words of some spans, separated by spaces."""
        return " ".join(self.span(key, span)["text"] for span in spans if span) or None


def gold_rows(gold: GoldReport, raw: str, clean: str) -> dict[str, list[Row]]:
    """Turn gold marks into rows with the columns of the tables, for comparison with them.

    Raises
    ------
    InputError
        If an offset is outside the text.
    """
    text, line = _AlignedText(gold.doc_id, raw, clean), gold.dateline
    rows = {layer: [_GOLD[layer].row(mark, text) for mark in marks] for layer, marks in gold.marks.items()}
    dateline = [{"place": text.words("dateline.place", line.place), "country": None,
                 "agency": text.words("dateline.agency", line.agency)}] if line else []  # fmt: skip
    return {**rows, "documents": dateline}


def same_dateline(gold: Row, row: Row) -> bool:
    """Return whether agency and place are equal, regardless of case; gold may add the country to the place."""
    place = folded(row["place"])
    return folded(gold["place"]) in {place, f"{place}, {folded(row['country'])}"} and (
        folded(gold["agency"]) == folded(row["agency"])
    )


def comparable(table: str, rows: list[Row]) -> list[Row]:
    """Leave out rows that the gold scheme does not annotate."""
    if table == "documents":
        return [row for row in rows if row["place"] or row["agency"]]
    return _GOLD[table].comparable(rows)


# The name of each score, the table that it is read from, and when a gold row and a row of the table are the same.
SCORES: dict[str, tuple[str, Callable[[Row, Row], bool]]] = {
    **{score: (layer, same) for layer, gold in _GOLD.items() for score, same in gold.scores.items()},
    "dateline": ("documents", same_dateline),
}
