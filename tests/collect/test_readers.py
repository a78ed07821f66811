from __future__ import annotations

import csv
import hashlib
import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from planted import SEED

from corpus_tools.collect.readers import READERS
from corpus_tools.collect.sources import Source, check_rows
from corpus_tools.errors import InputError

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
    """Return the kept and the rejected rows of a file."""
    source = Source(kind=kind, columns={"text": "body", "published": "day", "id": "key", "outlet": "paper"}, **options)
    rows = list(check_rows("mine", source, READERS[kind](path, source.columns.used(), source.encoding), str(path)))
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


def test_a_date_format_decides_what_a_date_means(tmp_path):
    kept, _ = read(write(tmp_path, "csv", [ROWS[2]]), "csv", date_format="%d/%m/%Y")
    assert kept[0]["published"] == "08/04/2022"  # as found; `clean` reads it
    assert kept[0]["date_format"] == "%d/%m/%Y"


def test_malformed_rows_are_rejected_and_not_lost(tmp_path):
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


def test_values_that_are_not_text_are_rejected_or_written_plainly(tmp_path):
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


def test_the_folder_gives_the_seed_report_byte_for_byte():
    row = next(READERS["text"](SEED.parent, {}, "utf-8"))
    assert row.values["text"].encode() == SEED.read_bytes()
    assert row.values["published"] == "2022-04-08"
    assert (
        hashlib.sha256(SEED.read_bytes()).hexdigest()
        == "4503a5f3cb4b261255a1a931d181e3b4517a54e29a051359058a42e11fadcb13"
    )
