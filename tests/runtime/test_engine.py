"""Partitions: kept when a step is stopped, made again only where something changed, the same bytes on any engine."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from planted import planted_rows, run_step, write_project

from corpus_tools.collect.sources import in_partitions
from corpus_tools.errors import InputError
from corpus_tools.pipeline import TABLES, open_store
from corpus_tools.runtime.cache import PartitionCache
from corpus_tools.runtime.engine import map_partitions
from corpus_tools.runtime.schema import Column
from corpus_tools.runtime.store import Store

PER_DOCUMENT = ["clean", "tokenise", "annotate", "sentiment"]
# Sentiment by topic needs the topics, which are those of the whole corpus.
IN_ORDER = ["collect", "clean", "tokenise", "annotate", "topics", "sentiment"]
SMALL = {"documents_per_partition": 8}


def frame(*ids: str) -> pl.DataFrame:
    rows = {"doc_id": ids, "sentence": 0, "paragraph": 0, "start": 0, "end": range(1, len(ids) + 1)}
    return pl.DataFrame(rows).cast(TABLES["sentences"].schema)


def ends_partition(sentences: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """A step that leaves a trace each time it runs."""
    with Path("ran.txt").open("a") as log:
        log.write(sentences["doc_id"][0] + "\n")
    return {"ends": sentences.select("doc_id", "end")}


@pytest.fixture
def store(tmp_path, monkeypatch) -> Store:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CORPUS_TOOLS_WORKERS", "1")
    store = open_store(tmp_path / "data")
    for index, ids in enumerate([("a", "b"), ("c",), ("d", "e")]):
        store.write("sentences", index, frame(*ids))
    return store


def ran() -> str:
    traces = Path("ran.txt").read_text().split() if Path("ran.txt").exists() else []
    Path("ran.txt").unlink(missing_ok=True)
    return "".join(traces)


# ---- what is done is not done again --------------------------------------------------------------------------------


def test_a_partition_is_made_again_only_when_it_or_the_settings_changed(store):
    def run(settings: str = "") -> list[int]:
        return map_partitions(ends_partition, store, ["sentences"], store, settings=settings)["ends"]["end"].to_list()

    assert (run(), ran()) == ([1, 2, 1, 1, 2], "acd")
    assert (run(), ran()) == ([1, 2, 1, 1, 2], "")
    store.write("sentences", 1, frame("x", "y"))
    assert (run(), ran()) == ([1, 2, 1, 2, 1, 2], "x")
    assert (run("other"), ran()) == ([1, 2, 1, 2, 1, 2], "axd")
    assert (run(), ran()) == ([1, 2, 1, 2, 1, 2], "axd")  # only the last run's are kept


def test_a_partition_is_made_again_if_the_declaration_of_its_table_changed(store):
    map_partitions(ends_partition, store, ["sentences"], store)
    ran()
    sentences = TABLES["sentences"]
    paragraph = {**sentences.columns, "paragraph": Column(pl.Int64(), "Number of the paragraph.")}
    for changed in ({"columns": paragraph}, {"key": ("doc_id", "start")}):
        target = Store(store.root, {**store.tables, "sentences": dataclasses.replace(sentences, **changed)})
        map_partitions(ends_partition, store, ["sentences"], target)
        assert ran() == "acd", changed


def test_partitions_that_moved_are_taken_from_where_they_were(store):
    map_partitions(ends_partition, store, ["sentences"], store)
    ran()
    for index, ids in enumerate([("new",), ("a", "b"), ("c",), ("d", "e")]):
        store.write("sentences", index, frame(*ids))
    ends = map_partitions(ends_partition, store, ["sentences"], store)["ends"]
    assert ends["doc_id"].to_list() == ["new", "a", "b", "c", "d", "e"]
    assert ran() == "new"


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda path: path.write_bytes(path.read_bytes()[:-1]), id="last byte missing"),
        pytest.param(Path.unlink, id="file missing"),
    ],
)
def test_a_damaged_partition_is_made_again(store, damage):
    map_partitions(ends_partition, store, ["sentences"], store)
    ran()
    broken = min((store.root / ".partitions").glob("*/*/ends.parquet"))
    damage(broken)
    ends = map_partitions(ends_partition, store, ["sentences"], store)["ends"]
    assert ends["end"].to_list() == [1, 2, 1, 1, 2]
    assert len(ran()) == 1


def test_a_partition_that_fails_half_way_is_not_there(tmp_path):
    class FullError(Exception):
        """What a disk says."""

    class Frame(pl.DataFrame):
        def write_parquet(self, file, **_: object) -> None:
            file.write(b"PAR1")
            raise FullError

    parts = PartitionCache(tmp_path / "parts", {})
    with pytest.raises(FullError):
        parts.put("key", {"first": pl.DataFrame({"a": [1]}), "second": Frame()})
    assert parts.files("key") is None
    assert list(parts.folder.iterdir()) == []


def test_a_worker_of_another_version_is_refused(store, monkeypatch):
    digests = iter(["ours", "ours", "theirs"])
    monkeypatch.setattr("corpus_tools.runtime.engine.code_digest", lambda *_: next(digests, "theirs"))
    with pytest.raises(InputError, match="another version of corpus_tools"):
        map_partitions(ends_partition, store, ["sentences"], store)


# ---- partitions that stay where they are -----------------------------------------------------------------------------


def cut(ids: list[str], size: int) -> list[list[str]]:
    return [[r["doc_id"] for r in kept] for kept, _ in in_partitions(({"doc_id": i} for i in ids), size)]


@given(st.integers(0, 300), st.integers(1, 40))
def test_partitions_hold_between_half_and_all_of_their_size(count, size):
    parts = cut([f"d{i}" for i in range(count)], size)
    assert [i for part in parts for i in part] == [f"d{i}" for i in range(count)]
    assert all(size // 2 < len(part) <= size for part in parts[:-1])
    assert all(part for part in parts)


@given(st.integers(0, 2000), st.integers(1, 100))
def test_added_reports_move_only_the_partitions_around_them(place, added):
    ids = [f"d{i}" for i in range(2000)]
    before = cut(ids, 50)
    after = cut(ids[:place] + [f"new{i}" for i in range(added)] + ids[place:], 50)
    same = {tuple(part) for part in before} & {tuple(part) for part in after}
    assert len(before) - len(same) <= 14  # of about 53; mostly 2 or 3


@pytest.mark.slow
def test_added_reports_leave_most_of_the_work_done(tmp_path):
    rows = planted_rows(300)
    folder = write_project(tmp_path / "p", rows, collect=SMALL, tokenise={"train_documents": 20})

    alone = [step for step in PER_DOCUMENT if step != "sentiment"]

    def run() -> dict[str, set[str]]:
        for step in ["collect", *alone]:
            done = run_step(folder, step)
            assert done.returncode == 0, done.stderr[-2000:]
        return {step: {p.name for p in (folder / "data/.partitions" / step).iterdir()} for step in alone}

    before = run()
    more = [{**row, "key": "more" + row["key"]} for row in planted_rows(5)]
    source = folder / "seeds" / "planted.jsonl"
    source.write_text(source.read_text() + "".join(json.dumps(row) + "\n" for row in more), encoding="utf-8")
    after = run()
    for step in alone:
        assert len(before[step]) > 40, step
        assert len(after[step] - before[step]) <= 2, step
