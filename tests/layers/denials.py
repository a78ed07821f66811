"""Denials: the verbs by which somebody denies something.

The example of CONTRIBUTING.md for a new layer; test_add_a_layer.py adds it to a copy of the package.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from corpus_tools.layers.layer import Brat, Conllu, Display, Highlight, HighlightKind, Layer, Row, Values
from corpus_tools.layers.types import Report
from corpus_tools.runtime.schema import DOC_ID, END, START, TEXT, WORDS, Column, Table

_DENIAL = re.compile(r"\bden(?:ied|ies|y)\b")

TABLE = Table(
    "denials",
    "annotate",
    "One row per verb that denies something.",
    {
        "doc_id": DOC_ID,
        "start": START,
        "end": END,
        "text": WORDS,
        "tense": Column(TEXT, "Tense of the verb: past (denied) or present (denies, deny)."),
    },
    ("doc_id", "start", "end"),
)


@dataclass(frozen=True, slots=True)
class Denial:
    """A verb that denies something."""

    start: int
    end: int
    tense: Literal["past", "present"]


def find_denials(report: Report) -> list[Denial]:
    """Find the verbs that deny something, in the order of the text.

    Examples
    --------
    >>> find_denials(Report("Moscow denied it.", None, 0, [(0, 17)]))
    [Denial(start=7, end=13, tense='past')]
    """
    verbs = _DENIAL.finditer(report.text, report.body_start)
    return [Denial(*v.span(), "past" if v[0] == "denied" else "present") for v in verbs]


def _row(report: Report, d: Denial) -> Values:
    return report.doc_id, d.start, d.end, report.text[d.start : d.end], d.tense


def _highlights(row: Row, number: int, _text: str) -> Iterator[Highlight]:
    yield Highlight("denial", row["start"], row["end"], (f"denial {number} ({row['tense']})",))


LAYER = Layer(
    table=TABLE,
    find=lambda marks: find_denials(marks.report),
    row=_row,
    display=Display(kinds=(HighlightKind("denial", "denial", 60),), highlights=_highlights),
    conllu=Conllu("Denial", "tense"),
    brat=Brat(entities=("Denial",), notes=("tense",)),
)
