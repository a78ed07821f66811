"""What is exported, read back by readers that are not ours: the same marks, and text[start:end] in every row."""

from __future__ import annotations

import csv
import json
import re
import warnings
from collections.abc import Callable
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import conllu as conllu_reader
import polars as pl
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from planted import files_below

import corpus_tools.__main__ as command
from corpus_tools import export
from corpus_tools.runtime.store import TABLES, Store, fit

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # bratly's own, against pydantic
    from bratly import AttributeAnnotation, Document, EntityAnnotation, EventAnnotation, NoteAnnotation
    from bratly import RelationAnnotation as Relation
    from bratly.io import read_and_load_ann_file

Row = dict[str, Any]
Frames = dict[str, pl.DataFrame]
Written = Callable[..., Path]
FORMATS = sorted(export.WRITERS)
MARKS = ("quotes", "times", "quantities", "names", "places", "claims")


def in_tables(rows: dict[str, list[Row]]) -> Frames:
    """Rows as tables; what a row does not say is null, what this version's tables lack is left out."""
    return {
        name: fit(
            name,
            pl.DataFrame(
                [[row.get(c) for c in TABLES[name].columns] for row in rows.get(name, [])],
                schema=TABLES[name].columns,
                orient="row",
            ),
        )
        for name in export.EXPORTED
    }


def cut(doc_id: str, text: str, **known: Any) -> dict[str, list[Row]]:
    """A document with a sentence a line and a paragraph a sentence, and words and single marks as tokens."""
    rows: dict[str, list[Row]] = {name: [] for name in export.EXPORTED}
    rows["documents"] = [
        {"doc_id": doc_id, "source": "s", "outlet": "The Day", "text": text, "body_start": 0, "language": "en"} | known
    ]
    lines = [m for m in re.finditer(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+", text) if m[0].strip()]
    for i, line in enumerate(lines):
        start = line.start() + len(line[0]) - len(line[0].lstrip())
        end = line.start() + len(line[0].rstrip())
        rows["sentences"].append({"doc_id": doc_id, "sentence": i, "paragraph": i, "start": start, "end": end})
        for t in re.finditer(r"\w+|[^\w\s]", text[start:end]):
            word = {"doc_id": doc_id, "sentence": i, "start": start + t.start(), "end": start + t.end()}
            rows["tokens"].append(
                word | {"token": t[0], "norm": t[0], "lemma": t[0].lower(), "pos": "NN", "upos": "NOUN"}
            )
    return rows


def found(text: str, words: str, **more: Any) -> Row:
    start = text.index(words)
    return {"start": start, "end": start + len(words), "text": words} | more


def part(name: str, text: str, words: str) -> Row:
    start = text.index(words)
    return {f"{name}_start": start, f"{name}_end": start + len(words)}


REPORT = (
    "SEVERODONETSK, Ukraine:\n"
    '"We left, 🏃 and they\n\nstayed," Olha Bondar | AFP told\tus on Thursday.\n'
    "At least 1,200 people fled Severodonetsk_2, said קול ישראל, “the Voice”.\r\n"
)


def planted() -> Frames:
    """One document with every layer, one with odd text and no marks, one without a single token."""
    rows = cut("seeds/Київ 1", REPORT, title='A "title",\nof two lines', published=date(2022, 4, 8))
    rows["documents"][0] |= {
        "updated": datetime(2022, 4, 8, 7, 11, 5),
        "repairs": [{"repair": "lost marks", "times": 2}, {"repair": "it's", "times": 1}],
        "is_first_report": True,
        "url": "",
    }
    doc = {"doc_id": "seeds/Київ 1"}
    number = {"low": 1200, "best": 1200, "high": None, "bound": "at least", "kind": "displaced"}
    place = {"country": "Ukraine", "lat": 48.9482, "lon": 38.4917, "geonames_id": 693805}
    speaker = part("speaker", REPORT, "Olha Bondar") | {"speaker_name": "Olha Bondar"}
    rows["quotes"] = [
        doc | found(REPORT, "We left, 🏃 and they\n\nstayed", kind="direct", channel="AFP", sentence=1)
        | speaker | {"speaker": "Olha Bondar"} | part("cue", REPORT, "told") | {"cue": "told"},
        doc | found(REPORT, "the Voice", kind="mixed", sentence=4),
    ]  # fmt: skip
    rows["times"] = [doc | found(REPORT, "Thursday", value="2022-04-07", granularity="day")]
    rows["quantities"] = [doc | found(REPORT, "At least 1,200 people") | number]
    rows["names"] = [
        doc | found(REPORT, "Olha Bondar", label="PERSON", name="Olha Bondar"),
        doc | found(REPORT, "קול ישראל", label="ORG", name="קול ישראל"),
    ]
    rows["places"] = [doc | found(REPORT, "Severodonetsk_2", kind="settlement", name="Severodonetsk") | place]
    rows["claims"] = [
        doc | found(REPORT, "At least 1,200 people") | number | speaker | part("who", REPORT, "people")
        | part("cue", REPORT, "said") | part("event_date", REPORT, "Thursday")
        | part("place", REPORT, "Severodonetsk_2")
        | {"who": "people", "cue": "said", "event_date": "2022-04-07", "event_date_precision": "day",
           "place": "Severodonetsk", "place_precision": "settlement", "published": date(2022, 4, 8)} | place,
    ]  # fmt: skip
    for other in (
        cut("a-2", "_ \\ | = # 1\t2  3\u00a04\u20285\x85e\u0301 ''\n# text = x\n\t\"\"\n"),
        cut("empty", " \n"),
    ):
        for name in export.EXPORTED:
            rows[name] += other[name]
    return in_tables(rows)


ODD = st.characters(exclude_categories=["Cs"]) | st.sampled_from(
    "ab _|=\\#\"'“”,;\n\r\t\u2028\x85\x1c\u00a0🏃ק\u0301\ufeff"
)


@st.composite
def drawn(draw: st.DrawFn) -> Frames:
    """Any texts, with marks from any token to any later one, across lines and over one another."""
    rows: dict[str, list[Row]] = {name: [] for name in export.EXPORTED}
    # An id begins with its source's name, so it is never blank; a comment of CoNLL-U tells apart what `_flat` leaves.
    ids = st.text(ODD, max_size=5).map(lambda odd: f"s-{odd}")
    for doc_id in draw(st.lists(ids, min_size=1, max_size=3, unique_by=lambda i: export._flat(i).strip())):
        made = cut(doc_id, draw(st.text(ODD, max_size=40)), title=draw(st.none() | st.text(ODD, max_size=5)))
        text, tokens = made["documents"][0]["text"], made["tokens"]
        at = st.integers(0, len(tokens) - 1)
        for layer in MARKS if tokens else ():
            spans = {tuple(sorted(draw(st.tuples(at, at)))) for _ in range(draw(st.integers(0, 3)))}
            for first, last in spans:
                start, end = tokens[first]["start"], tokens[last]["end"]
                kind = {"label": "ORG", "kind": "direct", "value": "2022-04", "name": draw(st.text(ODD, max_size=4))}
                both = {f"{p}_{k}": v for p in ("speaker", "place") for k, v in (("start", start), ("end", end))}
                made[layer].append(
                    {"doc_id": doc_id, "start": start, "end": end, "text": text[start:end]} | kind | both
                )
        for name in export.EXPORTED:
            rows[name] += made[name]
    return in_tables(rows)


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> Written:
    """Write partitions into a new folder."""

    def write(kind: str, *partitions: Frames) -> Path:
        folder = tmp_path_factory.mktemp("export")
        for i, frames in enumerate(partitions):
            assert sum(export.WRITERS[kind](frames, folder, i)) == frames["documents"].height
        return folder

    return write


def texts_of(frames: Frames) -> dict[str, str]:
    return dict(frames["documents"].select("doc_id", "text").iter_rows())


# ---- CoNLL-U --------------------------------------------------------------------------------------------------------


def read_conllu(path: Path) -> list[Any]:
    with path.open(encoding="utf-8", newline="\n") as file:
        return list(conllu_reader.parse_incr(file))


def check_conllu(folder: Path, frames: Frames) -> None:
    texts, rows, doc_id = texts_of(frames), [], None
    sentences = {(d, s): (a, b) for d, s, _, a, b in frames["sentences"].iter_rows()}
    ids = {export._flat(d).strip(): d for d in texts}
    for line in (folder / "part-00000.conllu").read_text(encoding="utf-8").split("\n"):
        assert line == "" or line.startswith("# ") or (line.count("\t") == 9 and all(line.split("\t")))
    for sentence in read_conllu(folder / "part-00000.conllu"):
        doc_id = ids.get(sentence.metadata.get("newdoc id"), doc_id)
        number = int(sentence.metadata["sent_id"].rsplit("-s", 1)[1])
        start, end = sentences[doc_id, number]
        raw = sentence.metadata["text"]
        assert len(raw) == end - start
        assert [t["id"] for t in sentence] == list(range(1, len(sentence) + 1))
        for token in sentence:
            a, b = map(int, token["misc"]["TokenRange"].split(":"))
            assert texts[doc_id][a:b] == raw[a - start : b - start] == token["form"]
            rows.append((doc_id, number, a, b, token["form"], token["lemma"]))
        for left, right in pairwise(sentence):
            gap = texts[doc_id][
                int(left["misc"]["TokenRange"].split(":")[1]) : int(right["misc"]["TokenRange"].split(":")[0])
            ]
            assert (left["misc"].get("SpaceAfter") == "No") == (gap == "")
            assert ("SpacesAfter" in left["misc"]) == (gap not in {"", " "})
    assert rows == frames["tokens"].select("doc_id", "sentence", "start", "end", "token", "lemma").rows()


def test_conllu_of_the_planted_documents(written):
    frames = planted()
    folder = written("conllu", frames)
    check_conllu(folder, frames)
    sentences = read_conllu(folder / "part-00000.conllu")
    first = next(s for s in sentences if s.metadata.get("newdoc id") == "seeds/Київ 1")
    assert first.metadata["published"] == "2022-04-08"
    assert first.metadata["title"] == 'A "title", of two lines'
    tokens = [t for s in sentences for t in s]
    assert marked(tokens, "NE") == {("PERSON", "Olha Bondar"), ("ORG", "קול ישראל")}
    assert marked(tokens, "Quote") == {("direct", "We left , 🏃 and they stayed"), ("mixed", "the Voice")}
    assert marked(tokens, "Time") == {("2022-04-07", "Thursday")}
    assert marked(tokens, "People") == {("displaced", "At least 1 , 200 people")}
    assert marked(tokens, "Place") == {("settlement", "Severodonetsk_2")}
    besides = [{k: t["misc"][k] for k in ("Speaker", "Best", "GeoNames") if k in t["misc"]} for t in tokens]
    assert [b for b in besides if b] == [{"Speaker": "Olha_Bondar"}, {"Best": "1200"}, {"GeoNames": "693805"}]
    assert sum("newdoc id" in s.metadata for s in sentences) == 2  # the third has no token
    assert sum("newpar" in s.metadata for s in sentences) == len(sentences)
    listed = pl.read_csv(folder / "documents.csv")
    assert listed["doc_id"].to_list() == frames["documents"]["doc_id"].to_list()
    assert set(listed["file"]) == {"part-00000.conllu"}


def marked(tokens: list[Any], key: str) -> set[tuple[str, str]]:
    spans: list[tuple[str, list[str]]] = []
    for token in tokens:
        tag = token["misc"].get(key)
        if tag and tag.startswith("B-"):
            spans.append((tag[2:], [token["form"]]))
        elif tag:
            assert tag == f"I-{spans[-1][0]}"
            spans[-1][1].append(token["form"])
    return {(label, " ".join(words)) for label, words in spans}


def test_spaces_between_tokens_can_be_put_back(written):
    frames = planted()
    tokens = [t for s in read_conllu(written("conllu", frames) / "part-00000.conllu") for t in s]
    told = next(t for t in tokens if t["form"] == "told")
    they = next(t for t in tokens if t["form"] == "they")
    assert told["misc"]["SpacesAfter"] == r"\t"
    assert they["misc"]["SpacesAfter"] == r"\n\n"
    assert next(t for t in tokens if t["form"] == "left")["misc"]["SpaceAfter"] == "No"
    bare = read_conllu(written("conllu", in_tables(cut("a", "To the end."))) / "part-00000.conllu")
    assert "SpaceAfter" not in bare[-1][-1]["misc"]  # CoNLL-U has none at the end of a document


def test_tags_stand_in_conllu_where_the_tokens_have_them(written):
    frames = planted()
    plain = frames["tokens"].select(pl.exclude("pos", "upos"))
    tagged = plain.with_columns(pos=pl.lit("NNP"), upos=pl.lit("PROPN"))
    for tokens, xpos, upos in ((plain, None, "_"), (tagged, "NNP", "PROPN")):
        folder = written("conllu", frames | {"tokens": tokens})
        read = {(t["xpos"], t["upos"]) for s in read_conllu(folder / "part-00000.conllu") for t in s}
        assert read == {(xpos, upos)}


def test_of_two_marks_that_overlap_the_first_and_longer_stands_in_conllu(written):
    text = "The Kyiv Post of Kyiv reports"
    rows = cut("a", text)
    for words, label in (("Kyiv Post of Kyiv", "ORG"), ("Kyiv", "PLACE"), ("Kyiv reports", "OTHER"), ("The", "OTHER")):
        start = text.rindex(words) if words == "Kyiv reports" else text.index(words)
        rows["names"].append({"doc_id": "a", "start": start, "end": start + len(words), "label": label, "name": words})
    tokens = [t for s in read_conllu(written("conllu", in_tables(rows)) / "part-00000.conllu") for t in s]
    assert marked(tokens, "NE") == {("OTHER", "The"), ("ORG", "Kyiv Post of Kyiv")}


# ---- brat -----------------------------------------------------------------------------------------------------------


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
    rows["quotes"] = [{"doc_id": "a", "kind": "direct"} | found(text, text)]
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


@given(st.lists(st.text(ODD, min_size=1, max_size=200), min_size=2, unique=True))
@settings(max_examples=50)
def test_file_names_differ_also_where_capitals_do_not_count(ids):
    names = [export.file_name(i) for i in [*ids, "a", "A", "a.b", "a b"]]
    assert len({n.lower() for n in names}) == len({*ids, "a", "A", "a.b", "a b"})
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{1,100}", n) for n in names)


# ---- JSON Lines and CSV ---------------------------------------------------------------------------------------------


def plain(row: Row) -> Row:
    return {k: v.isoformat() if isinstance(v, date) else v for k, v in row.items()}


def check_jsonl(folder: Path, frames: Frames) -> None:
    raw = (folder / "corpus.jsonl").read_bytes().decode()
    assert len(raw.splitlines()) == frames["documents"].height
    read = pl.read_ndjson(folder / "corpus.jsonl", infer_schema_length=None)
    columns = list(TABLES["documents"].columns)
    assert read.columns == [*columns, *export.LAYERS]
    assert read.select(columns).to_dicts() == [plain(r) for r in frames["documents"].to_dicts()]
    for layer in export.LAYERS:
        rows = [{"doc_id": d} | mark for d, marks in read.select("doc_id", layer).iter_rows() for mark in marks]
        assert rows == [plain(r) for r in frames[layer].to_dicts()], layer
        if "text" in frames[layer].columns:
            assert all(texts_of(frames)[r["doc_id"]][r["start"] : r["end"]] == r["text"] for r in rows)


def check_csv(folder: Path, frames: Frames) -> None:
    assert {p.stem for p in folder.iterdir()} == set(export.EXPORTED)
    for name, frame in frames.items():
        expected = export.flat_columns(frame)
        read = pl.read_csv(folder / f"{name}.csv", schema=dict(expected.schema))
        assert read.to_dicts() == expected.to_dicts(), name
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        for column in set(frame.columns) & {"doc_id", "text", "token", "title"}:
            assert [r[column] for r in rows] == frame[column].fill_null("").to_list()
        if "text" in frame.columns and name != "documents":
            for row in rows:
                assert texts_of(frames)[row["doc_id"]][int(row["start"]) : int(row["end"])] == row["text"]


def test_jsonl_of_the_planted_documents(written):
    frames = planted()
    check_jsonl(written("jsonl", frames), frames)


def test_csv_of_the_planted_documents(written):
    frames = planted()
    folder = written("csv", frames)
    check_csv(folder, frames)
    read = pl.read_csv(folder / "documents.csv").filter(pl.col("doc_id") == "seeds/Київ 1")
    assert json.loads(read["repairs"].item())[1] == {"repair": "it's", "times": 1}
    assert (read["updated"].item(), read["published"].item()) == ("2022-04-08T07:11:05", "2022-04-08")


CHECKS: dict[str, Callable[[Path, Frames], None]] = {
    "brat": check_brat,
    "conllu": check_conllu,
    "csv": check_csv,
    "jsonl": check_jsonl,
}


@pytest.mark.parametrize("kind", FORMATS)
@given(frames=drawn())
@settings(max_examples=60)
def test_any_text_comes_back(kind, written, frames):
    CHECKS[kind](written(kind, frames), frames)


# ---- the command ----------------------------------------------------------------------------------------------------


@pytest.fixture
def filled(tmp_path, monkeypatch):
    """A folder with the tables of two partitions."""
    monkeypatch.chdir(tmp_path)
    store = Store(tmp_path / "data")
    second = in_tables(cut("z-1", "One more.\nIn another part."))
    for i, frames in enumerate((planted(), second)):
        for name, frame in frames.items():
            store.write(name, i, frame)
    (tmp_path / "data" / "settings").mkdir()
    for step in ("clean", "tokenise", "annotate"):
        (tmp_path / "data" / "settings" / f"{step}.json").write_text(json.dumps({"line": f"{step} · corpus a1"}))
    return tmp_path


@pytest.mark.parametrize("kind", FORMATS)
def test_the_command_writes_all_partitions_and_says_so(filled, kind, written):
    said = CliRunner().invoke(command.cli, ["export", "--format", kind, "out/new"])
    assert said.exit_code == 0, said.output
    files = files_below(filled / "out/new")
    assert f"4 documents as {kind}, {len(files):,} files, " in said.output
    assert "in out/new" in said.output
    told = json.loads(files.pop("settings.json"))
    assert set(told) == set(export.EXPORTED)
    assert (told["documents"], told["claims"]) == ("clean · corpus a1", "annotate · corpus a1")
    assert files == files_below(written(kind, planted(), in_tables(cut("z-1", "One more.\nIn another part."))))
    assert [p.name for p in (filled / "out").iterdir()] == ["new"]
    if kind != "brat":
        ids = [i.encode() for i in ("seeds/Київ 1", "a-2", "z-1")]
        assert all(sum(i in content for content in files.values()) >= 1 for i in ids)
    for name, content in files.items():
        if name.endswith(".csv"):
            assert content.count(b"doc_id,") == 1  # one header


def test_the_command_offers_what_can_be_written():
    (option,) = [p for p in command.export.params if p.name == "kind"]
    assert list(option.type.choices) == FORMATS


def test_a_folder_that_holds_something_is_not_touched(filled, call):
    for name in ("out", "mine.old", "empty.partial"):
        (filled / name).mkdir()
        (filled / name / "notes.txt").write_text("mine")
    (filled / "file").write_text("mine")
    before = files_below(filled)
    for dest, says in (
        ("out", "not an empty folder"),
        ("file", "not an empty folder"),
        ("empty", "empty.partial"),
        (".", ""),
    ):
        status, said = call("export", "--format", "csv", dest)
        assert status == 2
        assert says in said
        assert "remedy:" in said
    (filled / "mine").mkdir()
    assert call("export", "--format", "jsonl", "mine")[0] == 0  # nothing is lost: it is empty
    assert (filled / "mine" / "corpus.jsonl").is_file()
    after = files_below(filled)
    assert {name: after[name] for name in before} == before


def test_a_table_that_is_missing_is_named_with_its_step(filled, call):
    for path in (filled / "data" / "claims").iterdir():
        path.unlink()
    status, said = call("export", "--format", "brat", "out")
    assert status == 2
    assert "claims" in said
    assert "corpus_tools annotate" in said
    assert [p.name for p in filled.iterdir()] == ["data"]


def test_tables_of_which_nothing_says_what_made_them_are_not_exported(filled, call):
    (filled / "data" / "settings" / "tokenise.json").unlink()
    status, said = call("export", "--format", "csv", "out")
    assert status == 2
    assert "data/settings/tokenise.json" in said
    assert "corpus_tools tokenise" in said
    assert [p.name for p in filled.iterdir()] == ["data"]


def test_tables_of_different_runs_are_refused(filled, call):
    Store(filled / "data").write("names", 0, in_tables({"names": [{"doc_id": "x", "start": 0, "end": 1}]})["names"])
    status, said = call("export", "--format", "brat", "out")
    assert status == 2
    assert "data/names" in said
    assert "make repro" in said
    (filled / "data" / "names" / "part-00001.parquet").unlink()
    assert call("export", "--format", "brat", "out")[0] == 2
    assert [p.name for p in filled.iterdir()] == ["data"]


def test_half_an_export_never_stands_there(filled, call, monkeypatch):
    def fails(frames, folder, index):
        (folder / "half").write_text("half")
        yield 1
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(export.WRITERS, "csv", fails)
    status, said = call("export", "--format", "csv", "out")
    assert status == 2
    assert "No space left" in said
    assert [p.name for p in filled.iterdir()] == ["data"]


def test_one_partition_is_read_at_a_time(filled, monkeypatch):
    order = []
    read, write = Store.read, export.WRITERS["csv"]

    def reading(self, name, index=None, columns=None):
        order.append(("read", index))
        return read(self, name, index, columns)

    def writing(frames, folder, index):
        order.append(("write", index))
        return write(frames, folder, index)

    monkeypatch.setattr(Store, "read", reading)
    monkeypatch.setitem(export.WRITERS, "csv", writing)
    assert CliRunner().invoke(command.cli, ["export", "--format", "csv", "out"]).exit_code == 0
    assert list(dict.fromkeys(order)) == [("read", 0), ("write", 0), ("read", 1), ("write", 1)]
