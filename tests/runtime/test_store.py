from __future__ import annotations

import polars as pl
import pytest

from corpus_tools.errors import InputError
from corpus_tools.pipeline import TABLES, open_store
from corpus_tools.runtime.store import Store


def shares(*docs: str) -> pl.DataFrame:
    return pl.DataFrame({"doc_id": list(docs), "topic": [0] * len(docs), "share": [1.0] * len(docs)})


def test_rows_are_sorted_by_the_key_and_columns_put_in_order():
    made = TABLES["doc_topics"].fit(shares("b", "a").select("share", "topic", "doc_id"))
    assert made.columns == ["doc_id", "topic", "share"]
    assert made["doc_id"].to_list() == ["a", "b"]
    assert made.schema["topic"] == pl.Int32


def test_a_missing_column_or_a_double_key_is_our_fault():
    with pytest.raises(ValueError, match="lacks"):
        TABLES["doc_topics"].fit(shares("a").drop("share"))
    with pytest.raises(ValueError, match="key"):
        TABLES["doc_topics"].fit(shares("a", "a"))


def test_what_was_there_stays_until_the_new_is_committed(tmp_path):
    store = open_store(tmp_path)
    store.write("doc_topics", 0, shares("old"))
    new = store.staging("doc_topics")
    new.write("doc_topics", 0, shares("new"))
    assert store.read("doc_topics")["doc_id"].to_list() == ["old"]
    store.commit(new, "doc_topics")
    assert store.read("doc_topics")["doc_id"].to_list() == ["new"]
    assert [p.name for p in (tmp_path / "topics").iterdir()] == ["doc_topics"]


def test_a_new_table_has_no_partition_of_the_old(tmp_path):
    store = open_store(tmp_path)
    for i in range(3):
        store.write("doc_topics", i, shares(f"old{i}"))
    new = store.staging("doc_topics")
    new.write("doc_topics", 0, shares("new"))
    store.commit(new, "doc_topics")
    assert len(store.partitions("doc_topics")) == 1


def test_half_a_file_left_by_a_killed_run_is_not_read(tmp_path):
    store = open_store(tmp_path)
    (tmp_path / "topics" / "doc_topics.partial").mkdir(parents=True)
    (tmp_path / "topics" / "doc_topics.partial" / "part-00007.parquet").write_bytes(b"PAR1half")
    new = store.staging("doc_topics")
    new.write("doc_topics", 0, shares("a"))
    store.commit(new, "doc_topics")
    assert store.read("doc_topics").height == 1


def test_a_missing_and_a_truncated_table_are_named_with_the_remedy(tmp_path):
    store = open_store(tmp_path)
    with pytest.raises(InputError, match="no such table yet") as error:
        store.read("documents")
    assert "python -m corpus_tools clean" in str(error.value)
    store.write("doc_topics", 0, shares("a"))
    path = store.partitions("doc_topics")[0]
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(InputError, match="not a complete Parquet file") as error:
        store.read("doc_topics")
    assert "part-00000.parquet" in str(error.value)
    assert "topics" in error.value.remedy


def test_an_unknown_table_is_named_with_those_there_are(tmp_path):
    with pytest.raises(InputError, match="did you mean documents"):
        open_store(tmp_path).read("document")


def test_partitions_beyond_a_hundred_thousand_stay_in_order(tmp_path):
    store = open_store(tmp_path)
    for index in (99_999, 100_000, 2):
        store.write("doc_topics", index, pl.DataFrame({"doc_id": [f"d{index}"], "topic": [0], "share": [1.0]}))
    assert store.read("doc_topics")["doc_id"].to_list() == ["d2", "d99999", "d100000"]


def test_a_table_that_a_step_does_not_declare_is_a_fault_of_ours(tmp_path):
    store = Store(tmp_path, {"doc_topics": TABLES["doc_topics"]}, step="topics")
    for opened in (store, store.absolute(), store.staging("doc_topics")):
        with pytest.raises(ValueError, match=r"step topics does not declare the table documents.*pipeline\.py"):
            opened.read("documents")
