"""Quotations: the words, who said them, by which word, in which role, through which channel."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

import polars as pl

from corpus_tools.layers.layer import (
    Brat,
    Conllu,
    Display,
    Gold,
    GoldText,
    Highlight,
    HighlightKind,
    Layer,
    Listing,
    Row,
    RowCounts,
    Values,
    highlights_of_parts,
    offset_columns,
)
from corpus_tools.layers.matching import contains, folded
from corpus_tools.layers.types import NO_SPAN, Quote, Report
from corpus_tools.layers.voices import voices_of
from corpus_tools.runtime.records import GoldSpan, Section
from corpus_tools.runtime.schema import DOC_ID, END, SMALL, START, TEXT, Column, Table
from corpus_tools.text.wording import joined

TABLE = Table(
    "quotes",
    "annotate",
    "One row per quotation, with its speaker, cue and channel. "
    "Reports in languages other than `annotate.languages` have none.",
    {
        "doc_id": DOC_ID,
        "sentence": Column(SMALL, "Number of the sentence in which the quotation starts, as in `sentences`."),
        "start": START,
        "end": END,
        "text": Column(TEXT, "The quoted or reported words, without quotation marks: `documents.text[start:end]`."),
        "kind": Column(
            TEXT,
            "Kind of quotation: direct (a whole utterance in quotation marks), mixed (quoted words within the "
            "reporter's own sentence, titles and single words among them) or indirect (reported speech without "
            "quotation marks).",
        ),
        "speaker": Column(
            TEXT,
            "The words by which the text refers to the speaker: a name, a description or a pronoun; null "
            "where no speaker was found.",
        ),
        **offset_columns("speaker", "`speaker`"),
        "speaker_name": Column(
            TEXT,
            "The speaker's name in the fullest form that could be linked within the report, pronouns and descriptions "
            "resolved; a speaker "
            "without a name as written (police). Null where no speaker was found or a pronoun could not be resolved.",
        ),
        "speaker_role": Column(
            TEXT,
            "The speaker's role as the report gives it next to the name (Lugansk regional governor), or the "
            "description itself if the speaker has no name; null where none was found.",
        ),
        "cue": Column(
            TEXT,
            "Reporting word or phrase that introduces the quotation (said, according to), or a noun such as promise; "
            "null where there is none, as when the speaker is inferred from the context.",
        ),
        **offset_columns("cue", "`cue`"),
        "channel": Column(
            TEXT,
            "Channel through which the words came: the name of a platform (Facebook, Twitter) or of an outlet "
            "that was spoken to, else statement, press conference, interview or reporters, else the form as "
            "written (letter, speech, email, report, blog, court filing). Null where none is mentioned near the "
            "cue or at the start of the sentence, or there is no cue.",
        ),
    },
    ("doc_id", "start", "end"),
)

_QUOTATION_MARKS = frozenset("\"'“”„«»‘’`")


class GoldQuote(Section):
    """A quotation; `name` spells the speaker's fullest name, in several spans where the report never has it in one."""

    span: GoldSpan
    kind: Literal["direct", "mixed"]
    speaker: GoldSpan | None
    name: list[GoldSpan] | None
    cue: GoldSpan | None


def _row(report: Report, q: Quote) -> Values:
    return (
        report.doc_id, report.sentence_of(q.start), q.start, q.end, report.text[q.start : q.end], q.kind,
        report.words(q.speaker), *(q.speaker or NO_SPAN), q.speaker_name, q.speaker_role,
        report.words(q.cue), *(q.cue or NO_SPAN), q.channel,
    )  # fmt: skip


def _highlights(row: Row, number: int, text: str) -> Iterator[Highlight]:
    indirect, source = row["kind"] == "indirect", joined(", ", row["speaker_name"] or "no speaker", row["speaker_role"])
    says = f"quotation {number} ({row['kind']}): {joined('; ', source, row['cue'], row['channel'])}"
    # The table leaves the quotation marks out; a highlight that stops short of them looks like a mistake.
    start = row["start"] - (not indirect and text[: row["start"]][-1:] in _QUOTATION_MARKS)
    end = row["end"] + (not indirect and text[row["end"] :][:1] in _QUOTATION_MARKS)
    yield Highlight("indirect" if indirect else "quote", start, end, (says,), str(number))
    yield from highlights_of_parts(row, {"speaker": "speaker", "cue": "cue"}, f"quotation {number}: {source}")


def _gold_row(gold: GoldQuote, text: GoldText) -> Row:
    return {
        **text.span("quotes.span", gold.span), "kind": gold.kind,
        "speaker": text.words("quotes.speaker", gold.speaker),
        "speaker_name": text.words("quotes.name", *gold.name or []),
    }  # fmt: skip


def same_quote(gold: Row, predicted: Row) -> bool:
    """Return whether the spans are equal but for a final comma or full stop."""
    return _without_final_mark(gold) == _without_final_mark(predicted)


def same_quote_and_speaker(gold: Row, predicted: Row) -> bool:
    """Return whether spans are equal and the speaker is right.

    The speaker is right if the mention is, if one mention contains the other in whole words, or if the name is.

    Examples
    --------
    >>> quote = {"start": 0, "end": 9, "text": "We go on."}
    >>> by = lambda speaker, name: {**quote, "speaker": speaker, "speaker_name": name}
    >>> same_quote_and_speaker(by("Mr Haidai", "Serhiy Haidai"), by("Haidai", "Haidai"))
    True
    >>> same_quote_and_speaker(by("the general", "Ivan Petrov"), by("he", "Pavlo Kyrylenko"))
    False
    """
    if not same_quote(gold, predicted):
        return False
    if gold["speaker_name"] and folded(gold["speaker_name"]) == folded(predicted["speaker_name"]):
        return True
    one, other = (re.findall(r"\w+", folded(row["speaker"])) for row in (gold, predicted))
    if not one or not other:
        return one == other
    return contains(one, other) or contains(other, one)


def _without_final_mark(row: Row) -> tuple[int, int]:
    return row["start"], row["end"] - row["text"].endswith((",", "."))


def _annotated(rows: list[Row]) -> list[Row]:
    """Leave out indirect speech, which the gold scheme does not annotate."""
    return [row for row in rows if row["kind"] != "indirect"]


LAYER = Layer(
    table=TABLE,
    find=lambda marks: marks.shared(voices_of).quotes(),
    row=_row,
    display=Display(
        kinds=(
            HighlightKind("quote", "quotation", 10), HighlightKind("indirect", "indirect quotation", 11),
            HighlightKind("speaker", "speaker", 12), HighlightKind("cue", "cue", 13),
        ),
        highlights=_highlights,
        listing=Listing(
            "Who says what",
            {"words": "text", "speaker": "speaker_name", "role": "speaker_role", "cue": "cue", "channel": "channel",
             "kind": "kind"},
        ),
    ),
    counts=RowCounts(by=("kind",), rows={"with_speaker": pl.col("speaker_name").is_not_null()}),
    conllu=Conllu("Quote", "kind", ("Speaker", "speaker_name")),
    brat=Brat(
        entities=("Quote",),
        notes=("kind", "speaker_name", "speaker_role", "channel"),
        attribute=("QuoteKind", "kind", ("direct", "mixed", "indirect")),
        relations=(("SaidBy", "Speaker", "speaker"), ("CuedBy", "Cue", "cue")),
    ),
    gold=Gold(
        model=GoldQuote,
        row=_gold_row,
        scores={"quotes": same_quote, "quotes_with_speaker": same_quote_and_speaker},
        comparable=_annotated,
    ),
)  # fmt: skip
