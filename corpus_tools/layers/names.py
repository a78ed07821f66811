"""Names of people, organisations, places and other things in a report, each with its full form.

`name_runs` finds runs of capitalised words, `name_parts` divides each by word lists and the gazetteer, `name_context`
labels what is still open by the words around it, and `name_forms` finds the fullest form of each name in the report.
"""

from __future__ import annotations

from collections.abc import Iterator

from corpus_tools.layers.layer import Brat, Conllu, Display, Highlight, HighlightKind, Layer, Row, Values
from corpus_tools.layers.name_context import label_candidates
from corpus_tools.layers.name_forms import NameCandidate, named_people, with_full_forms
from corpus_tools.layers.name_parts import divide_run
from corpus_tools.layers.name_runs import find_runs
from corpus_tools.layers.types import Name, Report
from corpus_tools.runtime.schema import DOC_ID, END, START, TEXT, WORDS, Column, Table
from corpus_tools.text.gazetteer import lookup


def find_names(report: Report) -> list[Name]:
    """Find the names of people, organisations, places and other things.

    A title is not part of a person's name. Nationalities, languages, days and months are not names.

    Parameters
    ----------
    report
        A report; its header and dateline are searched too.

    Returns
    -------
    Names in the order of the text, without overlaps.

    Examples
    --------
    >>> text = "President Volodymyr Zelensky came to Kyiv. Zelensky thanked the EU."
    >>> for name in find_names(Report(text, None, 0, [(0, 42), (43, 67)])):
    ...     print(name.label, name.name)
    PERSON Volodymyr Zelensky
    PLACE Kyiv
    PERSON Volodymyr Zelensky
    ORG European Union
    """
    text = report.text
    sentence_starts = {start for start, _ in report.sentences}
    candidates = [
        NameCandidate(run_start + start, run_start + end, label, title, start == 0 and initial)
        for run_start, run_end, initial in find_runs(text, sentence_starts)
        for start, end, label, title in divide_run(text[run_start:run_end], initial)
    ]
    people = named_people(text, candidates)
    label_candidates(text, candidates, people)
    _label_dateline(report, candidates)
    return with_full_forms(text, [candidate for candidate in candidates if candidate.label], people)


def _label_dateline(report: Report, candidates: list[NameCandidate]) -> None:
    """Label the place of the dateline, whose capitals look like an organisation's: KYIV."""
    if not report.place or not lookup(report.place):
        return
    for candidate in candidates:
        if candidate.end > report.body_start:
            break
        if report.text[candidate.start : candidate.end].casefold() == report.place.casefold():
            candidate.label = "PLACE"


# ---- The layer -------------------------------------------------------------------------------------------------------

TABLE = Table(
    "names",
    "annotate",
    "One row per mention of a named person, organisation, place or other thing, in header, dateline or body. "
    "Reports in languages other than `annotate.languages` have none.",
    {
        "doc_id": DOC_ID,
        "start": START,
        "end": END,
        "text": WORDS,
        "label": Column(TEXT, "What the name refers to: PERSON, ORG (an organisation), PLACE or OTHER."),
        "name": Column(
            TEXT,
            "Fullest form of the name within the report (a surname becomes the full name), or the full form of a "
            "common acronym; as written where there is no fuller form or it is ambiguous.",
        ),
    },
    ("doc_id", "start", "end"),
)


_KINDS = {"PERSON": "person", "ORG": "org", "PLACE": "place"}
_KIND_LABELS = {"person": "person", "org": "organisation", "place": "place", "name": "other name"}


def _row(report: Report, n: Name) -> Values:
    return report.doc_id, n.start, n.end, report.text[n.start : n.end], n.label, n.name


def _highlights(row: Row, _number: int, _text: str) -> Iterator[Highlight]:
    kind = _KINDS.get(row["label"], "name")
    yield Highlight(kind, row["start"], row["end"], (f"{row['name']} ({_KIND_LABELS[kind]})",))


LAYER = Layer(
    table=TABLE,
    find=lambda marks: find_names(marks.report),
    row=_row,
    display=Display(
        kinds=(
            HighlightKind("person", "person", 50),
            HighlightKind("org", "organisation", 51),
            HighlightKind("name", "other name", 52),
        ),
        highlights=_highlights,
    ),
    conllu=Conllu("NE", "label"),  # the key that spaCy's converter reads
    brat=Brat(entities=("PERSON", "ORG", "PLACE", "OTHER"), notes=("name",)),
)
