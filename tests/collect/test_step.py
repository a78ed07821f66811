"""The step: bad input is named with a remedy and leaves the last good tables; the counts add up."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from planted import files_below, planted_rows

from corpus_tools.collect.sources import summarise
from corpus_tools.pipeline import open_store
from corpus_tools.runtime.provenance import line

Damage = Callable[[Path], object]


def report(content: bytes) -> Damage:
    """Add a report."""
    return lambda project: (project / "seeds" / "reports" / "bad.txt").write_bytes(content)


def source(content: bytes | None = None, *, name: str = "x", **declaration: object) -> Damage:
    """Add a source, and its file if there is content."""

    def damage(project: Path) -> None:
        (project / "seeds" / f"{name}.yaml").write_text(yaml.safe_dump(declaration), encoding="utf-8")
        if content is not None:
            (project / "seeds" / str(declaration["path"])).write_bytes(content)

    return damage


def csv_source(content: bytes, **declaration: object) -> Damage:
    return source(content, kind="csv", path="x.csv", **declaration)


def params(text: str) -> Damage:
    return lambda project: (project / "params.yaml").write_text(text)


LONG = b"word " * 1_200_000
# By name: what to damage, and words of the message.
BAD_INPUT = {
    "empty file": (report(b""), ["bad.txt", "empty file"]),
    "blank file": (report(b" \n\n"), ["bad.txt", "empty file"]),
    "binary file": (report(b"date 2022-04-08 \x00\x01\x02"), ["bad.txt", "binary", "offset 16"]),
    "pdf": (report(b"%PDF-1.7 ..."), ["bad.txt", "PDF"]),
    "utf-16": (report("date 2022-04-08 A: b".encode("utf-16")), ["bad.txt", "encoding: utf-16"]),
    "encoding": (report(b"date 2022-04-08 caf\xe9 noir"), ["bad.txt, byte 19", "0xe9", "windows-1252"]),
    "no date": (report(b"Words without a day."), ["bad.txt", "no date, neither in a header nor in the file name"]),
    "missing column": (
        csv_source(b"day,body\n2022-04-08,a\n", columns={"text": "bodi", "published": "day"}),
        ["x.csv, column bodi", "did you mean body?"],
    ),
    "no usable row": (
        csv_source(b"published,text\n08/04/2022,a\nnever,b\n"),
        ["x.csv", "none of its 2 rows", "row 1", "08/04/2022"],
    ),
    "empty table": (csv_source(b""), ["x.csv", "empty file"]),
    "csv quotes": (csv_source(b'published,text\n2022-04-08,"a" b\n'), ["x.csv, line 2", "not CSV"]),
    "csv encoding": (csv_source(b"published,text\n2022-04-08,caf\xe9\n"), ["x.csv, byte 29", "0xe9"]),
    "csv long field": (csv_source(b"published,text\n2022-04-08," + LONG), ["x.csv, line 2", "field larger"]),
    "jsonl long line": (
        source(b'{"text": "' + LONG, kind="jsonl", path="x.jsonl"),
        ["x.jsonl", "at most 5,000,000"],
    ),
    "incomplete parquet": (
        source(b"PAR1", kind="parquet", path="x.parquet"),
        ["x.parquet", "not a complete Parquet file"],
    ),
    "no such file": (source(kind="csv", path="y.csv"), ["y.csv", "no such file"]),
    "no path": (source(kind="csv"), ["x.yaml, path", "needed"]),
    "outside": (source(kind="csv", path="../params.yaml"), ["x.yaml, path", "not below seeds/"]),
    "typo in a source": (source(kind="csv", pth="x.csv"), ["x.yaml, pth", "unknown key", "did you mean path?"]),
    "typo in its columns": (
        source(kind="csv", path="x.csv", columns={"txt": "a"}),
        ["x.yaml, columns.txt", "did you mean text?"],
    ),
    "no such encoding": (
        csv_source(b"published,text\n", encoding="latin-99"),
        ["x.yaml, encoding", "'latin-99'"],
    ),
    "wrong encoding": (
        csv_source(b"published,text\n2022-04-08,a\n", encoding="utf-16"),
        ["x.csv, byte 0", "utf-16"],
    ),
    "cut character": (csv_source(b"published,text\n2022-04-08,caf\xc3"), ["x.csv, byte 29", "0xc3"]),
    "incomplete date format": (
        csv_source(b"published,text\n", date_format="%d/%d/%Y"),
        ["x.yaml, date_format", "%d/%m/%Y"],
    ),
    "a header twice": (
        csv_source(b"published,text,text\n2022-04-08,a,b\n"),
        ["x.csv, column text", "the header has it twice"],
    ),
    "only a header": (csv_source(b"published,text\n"), ["x.csv", "only a header"]),
    "a key that no row has": (
        source(
            b'{"text": "a", "published": "2022-04-08", "title": "b"}\n',
            kind="jsonl",
            path="x.jsonl",
            columns={"title": "titel"},
        ),
        ["x.jsonl, column titel", "did you mean title?"],
    ),
    "two sources, one doc_id": (
        source(
            b"id,published,text\n000,2022-04-08,a\n",
            name="planted-war",
            kind="csv",
            path="x.csv",
            columns={"id": "id"},
        ),
        ["x.csv, row 1", "planted-war-000", "planted.jsonl, row 1"],
    ),
    "wrong kind": (source(kind="xlsx", path="x.xlsx"), ["x.yaml, kind", "'xlsx'"]),
    "unknown source to skip": (
        params("collect: {skip: [plantd]}"),
        ["collect.skip", "plantd", "did you mean planted?"],
    ),
}


def check_refused(project, call, damage, words):
    assert call("collect")[0] == 0
    before = files_below(project / "data")
    damage(project)
    status, stderr = call("collect")
    assert status == 2
    for word in [*words, "remedy:"]:
        assert word in stderr
    assert "Traceback" not in stderr
    after = {k: v for k, v in files_below(project / "data").items() if ".partial" not in k}
    assert after == before


@pytest.mark.parametrize("name", BAD_INPUT)
def test_bad_input_is_named_with_the_remedy_and_the_last_good_tables_stay(project, call, name):
    check_refused(project, call, *BAD_INPUT[name])


@pytest.mark.slow
def test_a_report_of_one_long_line_is_refused(project, call):
    damage = report(b"date 2022-04-08 " + b"word " * 10_500_000)
    check_refused(project, call, damage, ["bad.txt", "52,500,016"])


def test_two_rows_of_one_id_are_both_named(project, call):
    rows = planted_rows(5)
    rows[3]["key"] = rows[1]["key"]
    (project / "seeds" / "planted.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    status, stderr = call("collect")
    assert status == 2
    for word in ["planted.jsonl, row 4", rows[1]["key"], "row 2", "remedy:"]:
        assert word in stderr


def test_no_documents_at_all(project, call):
    for path in (project / "seeds").glob("*.yaml"):
        path.unlink()
    status, stderr = call("collect")
    assert status == 2
    assert "no documents at all" in stderr


def test_the_counts_add_up(project, call):
    rows = [*planted_rows(50), {"key": "empty", "day": "2022-01-01", "body": " ", "paper": "P"}]
    (project / "seeds" / "planted.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    assert call("collect")[0] == 0
    store = open_store(project / "data")
    metrics = json.loads((project / "metrics" / "collect.json").read_text())
    assert line(metrics.pop("settings")).startswith("collect · raw ")
    assert metrics == {
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
    assert summarise(store.read("raw"), store.read("rejected"))["found"] == 52
