"""JSON Lines and CSV, read back by polars and the standard library."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from planted_exports import (
    Frames,
    Row,
    drawn,
    planted,
    texts_of,
)

from corpus_tools.export import documents
from corpus_tools.pipeline import TABLES


def plain(row: Row) -> Row:
    return {k: v.isoformat() if isinstance(v, date) else v for k, v in row.items()}


def check_jsonl(folder: Path, frames: Frames) -> None:
    raw = (folder / "corpus.jsonl").read_bytes().decode()
    assert len(raw.splitlines()) == frames["documents"].height
    read = pl.read_ndjson(folder / "corpus.jsonl", infer_schema_length=None)
    columns = list(TABLES["documents"].schema)
    assert read.columns == [*columns, *documents.EXPORTED_LAYERS]
    assert read.select(columns).to_dicts() == [plain(r) for r in frames["documents"].to_dicts()]
    for layer in documents.EXPORTED_LAYERS:
        rows = [{"doc_id": d} | mark for d, marks in read.select("doc_id", layer).iter_rows() for mark in marks]
        assert rows == [plain(r) for r in frames[layer].to_dicts()], layer
        if "text" in frames[layer].columns:
            assert all(texts_of(frames)[r["doc_id"]][r["start"] : r["end"]] == r["text"] for r in rows)


def check_csv(folder: Path, frames: Frames) -> None:
    assert {p.stem for p in folder.iterdir()} == set(documents.EXPORTED)
    for name, frame in frames.items():
        expected = documents.flat_columns(frame)
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


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "check"), [("csv", check_csv), ("jsonl", check_jsonl)], ids=["csv", "jsonl"])
@given(frames=drawn())
@settings(max_examples=60)
def test_any_text_comes_back(kind, check, written, frames):
    check(written(kind, frames), frames)
