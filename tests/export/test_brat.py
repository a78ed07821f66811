"""brat's standoff format, read back by another reader."""

from __future__ import annotations

import warnings
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from planted_exports import (
    Frames,
    cut,
    drawn,
    in_tables,
    planted,
    span,
    texts_of,
)

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # bratly's own, against pydantic
    from bratly import AttributeAnnotation, Document, EntityAnnotation, EventAnnotation, NoteAnnotation
    from bratly import RelationAnnotation as Relation
    from bratly.io import read_and_load_ann_file


def read_brat(folder: Path, frames: Frames) -> dict[str, Any]:
    files = dict(
        pl.read_csv(folder / "documents.csv", schema_overrides={"doc_id": pl.String})["doc_id", "file"].iter_rows()
    )
    options = {"no_duplicates": False, "sorting": False, "renumerotize": False}
    read = {}
    for doc_id, text in texts_of(frames).items():
        path = folder / files[doc_id]
        assert path.with_name(path.name + ".txt").read_bytes().decode() == text
        ann = path.with_name(path.name + ".ann")
        lines = ann.read_bytes().decode()
        assert len(lines.splitlines()) == lines.count("\n")  # no odd line end inside
        assert all(line.count("\t") <= 2 for line in lines.splitlines())
        read[doc_id] = read_and_load_ann_file(str(ann), **options).annotations if lines else []
        assert len(read[doc_id]) == lines.count("\n")
    return read


def check_brat(folder: Path, frames: Frames) -> None:
    read, texts = read_brat(folder, frames), texts_of(frames)
    for doc_id, marks in read.items():
        spans = set()
        for mark in marks:
            if isinstance(mark, EntityAnnotation):
                text = texts[doc_id]
                assert " ".join(text[f.start : f.end] for f in mark.fragments) == mark.content
                spans.add((mark.label, mark.fragments[0].start, mark.fragments[-1].end))
                between = [text[a.end : b.start] for a, b in pairwise(mark.fragments)]
                assert all(gap and gap.isspace() for gap in between)
        for layer, label in (("places", "Location"), ("times", "Time"), ("quotes", "Quote"), ("claims", "Claim")):
            here = frames[layer].filter(pl.col("doc_id") == doc_id)
            assert {(label, a, b) for a, b in here.select("start", "end").iter_rows()} <= spans
        here = frames["names"].filter(pl.col("doc_id") == doc_id)
        assert set(here.select("label", "start", "end").iter_rows()) <= spans
        assert sum(isinstance(m, EventAnnotation) for m in marks) == sum(frames["claims"]["doc_id"] == doc_id)


def test_brat_of_the_planted_documents(written):
    frames = planted()
    folder = written("brat", frames)
    check_brat(folder, frames)
    marks = read_brat(folder, frames)["seeds/Київ 1"]
    entities = {m.id: (m.label, m.content) for m in marks if isinstance(m, EntityAnnotation)}
    assert ("Quote", "We left, 🏃 and they stayed") in entities.values()
    relations = {(m.label, m.argument1[1].content, m.argument2[1].content) for m in marks if isinstance(m, Relation)}
    assert relations == {
        ("SaidBy", "We left, 🏃 and they stayed", "Olha Bondar"),
        ("CuedBy", "We left, 🏃 and they stayed", "told"),
    }
    assert [m.values for m in marks if isinstance(m, AttributeAnnotation)] == [["direct"], ["mixed"]]
    (event,) = [m for m in marks if isinstance(m, EventAnnotation)]
    assert {role: mark.content for role, mark in event.args.items()} == {
        "Number": "At least 1,200 people",
        "Who": "people",
        "Speaker": "Olha Bondar",
        "Cue": "said",
        "Date": "Thursday",
        "Place": "Severodonetsk_2",
    }
    notes = {m.component.id: m.value for m in marks if isinstance(m, NoteAnnotation)}
    assert notes[event.id].startswith("kind=displaced; low=1200; best=1200; bound=at least; speaker_name=Olha Bondar")
    assert event.event_trigger.id not in notes  # brat refuses a note on the trigger of an event
    (time,) = [i for i, (label, _) in entities.items() if label == "Time"]
    assert notes[time] == "value=2022-04-07; granularity=day"


def test_bratly_finds_the_marks_in_the_text_files(written):
    text = "We left\n and   \n\n they stayed\tthere"
    rows = cut("a", text)
    rows["quotes"] = [{"doc_id": "a", "kind": "direct"} | span(text, text)]
    folder = written("brat", in_tables(rows))
    path = folder / "part-00000" / "a"
    assert (
        path.with_suffix(".ann")
        .read_text()
        .startswith("T1\tQuote 0 7;9 12;18 29;30 35\tWe left and they stayed there\n")
    )
    collection = read_and_load_ann_file(str(path.with_suffix(".ann")))
    document = Document(fullpath=f"{path}.txt", version="1", comment="-", annotation_collections=[collection])
    assert document.check_ann_compatibility_with_txt()


def test_all_that_is_in_ann_files_is_declared_in_the_configuration(written):
    frames = planted()
    folder = written("brat", frames)
    sections: dict[str, set[str]] = {}
    for line in (folder / "annotation.conf").read_text().splitlines():
        if line.startswith("["):
            sections[line.strip("[]")] = declared = set()
        elif line and not line.startswith("#"):
            declared.add(line)
    used = [m for marks in read_brat(folder, frames).values() for m in marks]
    entities, events = sections["entities"], {line.split("\t")[0] for line in sections["events"]}
    assert {m.label for m in used if isinstance(m, EntityAnnotation)} <= entities | events
    relations = {
        f"{m.label}\tArg1:{m.argument1[1].label}, Arg2:{m.argument2[1].label}" for m in used if isinstance(m, Relation)
    }
    assert relations == sections["relations"] - {"<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>"}
    roles = {f"{r}:{m.label}" for e in used if isinstance(e, EventAnnotation) for r, m in e.args.items()}
    (event,) = sections["events"]
    assert roles == set(event.split("\t")[1].replace("?", "").split(", "))


@pytest.mark.slow
@given(frames=drawn())
@settings(max_examples=60)
def test_any_text_comes_back(written, frames):
    check_brat(written("brat", frames), frames)
