"""The command `export`: all partitions or nothing, and one at a time in memory."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from planted import files_below
from planted_exports import (
    FORMATS,
    cut,
    in_tables,
    planted,
)

import corpus_tools.__main__ as command
from corpus_tools import export as export_room
from corpus_tools.export import documents, formats
from corpus_tools.pipeline import open_store
from corpus_tools.runtime.store import Store


@pytest.fixture
def filled(tmp_path, monkeypatch):
    """A folder with the tables of two partitions."""
    monkeypatch.chdir(tmp_path)
    store = open_store(tmp_path / "data")
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
    result = CliRunner().invoke(command.cli, ["export", "--format", kind, "out/new"])
    assert result.exit_code == 0, result.output
    files = files_below(filled / "out/new")
    assert f"4 documents as {kind}, {len(files):,} files, " in result.output
    assert "in out/new" in result.output
    lines = json.loads(files.pop("settings.json"))
    assert set(lines) == set(documents.EXPORTED)
    assert (lines["documents"], lines["claims"]) == ("clean · corpus a1", "annotate · corpus a1")
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
    for dest, expected in (
        ("out", "not an empty folder"),
        ("file", "not an empty folder"),
        ("empty", "empty.partial"),
        (".", ""),
    ):
        status, result = call("export", "--format", "csv", dest)
        assert status == 2
        assert expected in result
        assert "remedy:" in result
    (filled / "mine").mkdir()
    assert call("export", "--format", "jsonl", "mine")[0] == 0  # nothing is lost: it is empty
    assert (filled / "mine" / "corpus.jsonl").is_file()
    after = files_below(filled)
    assert {name: after[name] for name in before} == before


def test_a_table_that_is_missing_is_named_with_its_step(filled, call):
    for path in (filled / "data" / "claims").iterdir():
        path.unlink()
    status, result = call("export", "--format", "brat", "out")
    assert status == 2
    assert "claims" in result
    assert "corpus_tools annotate" in result
    assert [p.name for p in filled.iterdir()] == ["data"]


def test_tables_without_provenance_are_not_exported(filled, call):
    (filled / "data" / "settings" / "tokenise.json").unlink()
    status, result = call("export", "--format", "csv", "out")
    assert status == 2
    assert "data/settings/tokenise.json" in result
    assert "corpus_tools tokenise" in result
    assert [p.name for p in filled.iterdir()] == ["data"]


def test_tables_of_different_runs_are_refused(filled, call):
    open_store(filled / "data").write(
        "names", 0, in_tables({"names": [{"doc_id": "x", "start": 0, "end": 1}]})["names"]
    )
    status, result = call("export", "--format", "brat", "out")
    assert status == 2
    assert "data/names" in result
    assert "make repro" in result
    (filled / "data" / "names" / "part-00001.parquet").unlink()
    assert call("export", "--format", "brat", "out")[0] == 2
    assert [p.name for p in filled.iterdir()] == ["data"]


def test_a_failed_export_leaves_nothing(filled, call, monkeypatch):
    def fails(frames, folder, index):
        (folder / "half").write_text("half")
        yield 1
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(formats.WRITERS, "csv", fails)
    status, result = call("export", "--format", "csv", "out")
    assert status == 2
    assert "No space left" in result
    assert [p.name for p in filled.iterdir()] == ["data"]


def test_one_partition_is_read_at_a_time(filled, monkeypatch):
    order = []
    read, write = Store.read, formats.WRITERS["csv"]

    def reading(self, name, index=None, columns=None):
        order.append(("read", index))
        return read(self, name, index, columns)

    def writing(frames, folder, index):
        order.append(("write", index))
        return write(frames, folder, index)

    monkeypatch.setattr(Store, "read", reading)
    monkeypatch.setitem(formats.WRITERS, "csv", writing)
    assert CliRunner().invoke(command.cli, ["export", "--format", "csv", "out"]).exit_code == 0
    assert list(dict.fromkeys(order)) == [("read", 0), ("write", 0), ("read", 1), ("write", 1)]


def test_the_command_line_offers_every_format():
    assert sorted(formats.WRITERS) == sorted(export_room.FORMATS)
