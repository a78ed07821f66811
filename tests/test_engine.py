"""Partitions: kept when a step is stopped, made anew only where something changed, the same bytes on any engine."""

from __future__ import annotations

import json
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st
from planted import environment, files_below, planted_rows, run_step, write_project

from corpus_tools.collect.sources import in_partitions
from corpus_tools.errors import InputError
from corpus_tools.runtime.cache import Parts
from corpus_tools.runtime.engine import map_partitions
from corpus_tools.runtime.store import TABLES, Store

PER_DOCUMENT = ["clean", "tokenise", "annotate", "sentiment"]
# Sentiment by topic needs the topics, which are those of the whole corpus.
IN_ORDER = ["collect", "clean", "tokenise", "annotate", "topics", "sentiment"]
SMALL = {"documents_per_partition": 8}


def frame(*ids: str) -> pl.DataFrame:
    rows = {"doc_id": ids, "sentence": 0, "paragraph": 0, "start": 0, "end": range(1, len(ids) + 1)}
    return pl.DataFrame(rows).cast(TABLES["sentences"].columns)


def ends_partition(sentences: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """A step that leaves a trace each time it runs."""
    with Path("ran.txt").open("a") as log:
        log.write(sentences["doc_id"][0] + "\n")
    return {"ends": sentences.select("doc_id", "end")}


@pytest.fixture
def store(tmp_path, monkeypatch) -> Store:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CORPUS_TOOLS_WORKERS", "1")
    store = Store(tmp_path / "data")
    for index, ids in enumerate([("a", "b"), ("c",), ("d", "e")]):
        store.write("sentences", index, frame(*ids))
    return store


def ran() -> str:
    found = Path("ran.txt").read_text().split() if Path("ran.txt").exists() else []
    Path("ran.txt").unlink(missing_ok=True)
    return "".join(found)


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


def test_partitions_that_moved_are_taken_from_where_they_were(store):
    map_partitions(ends_partition, store, ["sentences"], store)
    ran()
    for index, ids in enumerate([("new",), ("a", "b"), ("c",), ("d", "e")]):
        store.write("sentences", index, frame(*ids))
    found = map_partitions(ends_partition, store, ["sentences"], store)["ends"]
    assert found["doc_id"].to_list() == ["new", "a", "b", "c", "d", "e"]
    assert ran() == "new"


@pytest.mark.parametrize("damage", [lambda p: p.write_bytes(p.read_bytes()[:-1]), Path.unlink])
def test_a_damaged_partition_is_made_again(store, damage):
    map_partitions(ends_partition, store, ["sentences"], store)
    ran()
    broken = min((store.root / ".parts" / "test_engine").glob("*/ends.parquet"))
    damage(broken)
    found = map_partitions(ends_partition, store, ["sentences"], store)["ends"]
    assert found["end"].to_list() == [1, 2, 1, 1, 2]
    assert len(ran()) == 1


def test_a_partition_that_fails_half_way_is_not_there(tmp_path):
    class FullError(Exception):
        """What a disk says."""

    class Frame(pl.DataFrame):
        def write_parquet(self, file, **_: object) -> None:
            file.write(b"PAR1")
            raise FullError

    parts = Parts(tmp_path / "parts")
    with pytest.raises(FullError):
        parts.put("key", {"first": pl.DataFrame({"a": [1]}), "second": Frame()})
    assert parts.files("key") is None
    assert list(parts.folder.iterdir()) == []


def test_a_worker_of_another_version_is_refused(store, monkeypatch):
    fingerprints = iter(["ours", "ours", "theirs"])
    monkeypatch.setattr("corpus_tools.runtime.engine.code_fingerprint", lambda: next(fingerprints, "theirs"))
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


def test_added_reports_leave_most_of_the_work_done(tmp_path):
    rows = planted_rows(300)
    folder = write_project(tmp_path / "p", rows, collect=SMALL, tokenise={"train_documents": 20})

    alone = [step for step in PER_DOCUMENT if step != "sentiment"]

    def run() -> dict[str, set[str]]:
        for step in ["collect", *alone]:
            done = run_step(folder, step)
            assert done.returncode == 0, done.stderr[-2000:]
        return {step: {p.name for p in (folder / "data/.parts" / step).iterdir()} for step in alone}

    before = run()
    more = [{**row, "key": "more" + row["key"]} for row in planted_rows(5)]
    source = folder / "seeds" / "planted.jsonl"
    source.write_text(source.read_text() + "".join(json.dumps(row) + "\n" for row in more), encoding="utf-8")
    after = run()
    for step in alone:
        assert len(before[step]) > 40, step
        assert len(after[step] - before[step]) <= 2, step


# ---- stopped at any moment -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    """A project of many small partitions, after its steps."""
    folder = write_project(tmp_path_factory.mktemp("whole"), collect=SMALL)
    for step in IN_ORDER:
        run = run_step(folder, step)
        assert run.returncode == 0, run.stderr[-2000:]
    return folder


def tables_below(folder: Path) -> dict[str, bytes]:
    return {n: b for n, b in files_below(folder / "data").items() if not n.startswith(".parts")}


def assert_whole(folder: Path) -> None:
    """Whatever is there under a table's name can be read; a folder still named `.tmp` was stopped being written."""
    for path in (folder / "data").glob("**/*.parquet"):
        if path.parent.suffix != ".tmp":
            assert pl.read_parquet(path).width, path


def start(folder: Path, step: str, workers: int, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "corpus_tools", step, *options],
        cwd=folder, env=environment(workers), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


SIGNALS = [signal.SIGKILL, signal.SIGTERM, signal.SIGINT]


@pytest.mark.parametrize("step", ["collect", *PER_DOCUMENT])
def test_killed_at_random_moments_the_results_are_the_same(whole, tmp_path, step):
    folder = tmp_path / "p"
    shutil.copytree(whole, folder)
    wanted = tables_below(whole)
    shutil.rmtree(folder / "data" / ".parts")
    begun = time.monotonic()
    assert run_step(folder, step, workers=2).returncode == 0
    seconds = time.monotonic() - begun
    shutil.rmtree(folder / "data" / ".parts", ignore_errors=True)
    chance = random.Random(step)
    for number, stop in enumerate(SIGNALS):
        with start(folder, step, 1 + number % 2) as process:
            time.sleep(chance.uniform(0.2, 1.0) * seconds)
            process.send_signal(stop)
        assert_whole(folder)
    assert run_step(folder, step, workers=2).returncode == 0
    assert tables_below(folder) == wanted


def test_a_killed_step_goes_on_from_what_it_had_done(whole, tmp_path):
    folder = tmp_path / "p"
    shutil.copytree(whole, folder)
    parts = folder / "data" / ".parts" / "annotate"
    all_of_them = {p.name for p in parts.iterdir()}
    shutil.rmtree(parts)
    process = start(folder, "annotate", workers=1)
    while not [p for p in (parts.iterdir() if parts.exists() else []) if p.suffix != ".tmp"]:
        assert process.poll() is None
        time.sleep(0.005)
    process.kill()
    process.communicate()
    done = {p: p.stat().st_ino for p in parts.iterdir() if p.suffix != ".tmp"}
    assert 0 < len(done) < len(all_of_them)
    assert run_step(folder, "annotate").returncode == 0
    assert {p.name for p in parts.iterdir()} == all_of_them
    assert {p: p.stat().st_ino for p in done} == done


@pytest.mark.parametrize("number", SIGNALS)
def test_a_stopped_step_says_so_and_leaves_no_worker(whole, tmp_path, number):
    folder = tmp_path / "p"
    shutil.copytree(whole, folder)
    shutil.rmtree(folder / "data" / ".parts")
    process = start(folder, "tokenise", 2)
    while not (folder / "data" / ".parts" / "tokenise").exists():  # the workers have begun
        assert process.poll() is None
        time.sleep(0.01)
    workers = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(number)
    status = process.wait(timeout=60)
    assert psutil.wait_procs(workers, timeout=20)[1] == []
    said = process.communicate(timeout=10)[1]
    if number != signal.SIGKILL:
        assert status == 130
        assert "the next run goes on from here" in said
        assert "Traceback" not in said


def test_a_full_disk_is_said_and_loses_nothing(whole, tmp_path):
    folder = tmp_path / "p"
    shutil.copytree(whole, folder)
    wanted = tables_below(folder)
    shutil.rmtree(folder / "data" / ".parts")
    run = subprocess.run(
        [sys.executable, "-m", "corpus_tools", "tokenise"],
        cwd=folder, env=environment(1), capture_output=True, text=True, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)),
    )  # fmt: skip
    assert run.returncode == 2
    assert "File too large" in run.stderr
    assert "remedy" in run.stderr
    assert tables_below(folder).items() >= wanted.items()
    assert run_step(folder, "tokenise").returncode == 0
    assert tables_below(folder) == wanted


def test_a_worker_that_is_ended_is_said_and_nothing_is_lost(whole, tmp_path):
    folder = tmp_path / "p"
    shutil.copytree(whole, folder)
    wanted = tables_below(folder)
    shutil.rmtree(folder / "data" / ".parts")
    process = start(folder, "annotate", workers=2)
    parts = folder / "data" / ".parts" / "annotate"
    while not parts.exists():
        assert process.poll() is None
        time.sleep(0.005)
    for child in psutil.Process(process.pid).children():
        if "loky" in " ".join(child.cmdline()) and "tracker" not in " ".join(child.cmdline()):
            child.kill()
    _, said = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "ended from outside" in said
    assert run_step(folder, "annotate").returncode == 0
    assert tables_below(folder) == wanted


# ---- a Dask cluster --------------------------------------------------------------------------------------------------


def wait_for(condition, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.fixture
def cluster(tmp_path):
    """A scheduler and two workers, each a process of its own, on loopback."""
    env = {**environment(1), "DASK_DISTRIBUTED__WORKER__DAEMON": "false"}
    env.pop("CORPUS_TOOLS_WORKERS")
    told = tmp_path / "scheduler.json"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": env, "cwd": tmp_path}
    here = ["--host", "127.0.0.1", "--no-dashboard"]
    processes = [
        subprocess.Popen([sys.executable, "-m", "distributed.cli.dask_scheduler", *here, "--port", "0",
                          "--scheduler-file", str(told)], **quiet)
    ]  # fmt: skip
    wait_for(lambda: told.exists() and told.stat().st_size)
    address = json.loads(told.read_text())["address"]
    processes += [
        subprocess.Popen([sys.executable, "-m", "distributed.cli.dask_worker", address, *here, "--nthreads", "1",
                          "--no-nanny", "--name", name, "--local-directory", str(tmp_path / name)], **quiet)
        for name in ("one", "two")
    ]  # fmt: skip
    yield address, processes
    for process in processes:
        process.kill()
        process.wait()


def with_dask(folder: Path) -> None:
    params = (folder / "params.yaml").read_text()
    (folder / "params.yaml").write_text(params.replace("engine: local", "engine: dask"))


@pytest.mark.parametrize(
    ("options", "says"),
    [((), "DASK_SCHEDULER_ADDRESS"), (("--scheduler", "tcp://127.0.0.1:9"), "127.0.0.1:9: no answer")],
)
def test_a_cluster_that_is_not_there_is_named(whole, tmp_path, options, says):
    folder = tmp_path / "p"
    shutil.copytree(whole, folder)
    with_dask(folder)
    process = start(folder, "clean", 1, *options)
    said = process.communicate(timeout=60)[1]
    assert process.returncode == 2
    assert says in said
    assert "Traceback" not in said


def test_a_cluster_gives_the_same_bytes_even_if_a_worker_dies(whole, tmp_path, cluster):
    address, (_, _, doomed) = cluster
    folder = tmp_path / "p"
    shutil.copytree(whole, folder)
    with_dask(folder)
    wanted = tables_below(whole)
    for step in PER_DOCUMENT:
        shutil.rmtree(folder / "data" / ".parts")
        process = start(folder, step, 1, "--scheduler", address)
        if step == "annotate":
            wait_for(lambda: list((folder / "data/.parts/annotate").glob("*/digests.json")))
            doomed.kill()
        said = process.communicate(timeout=120)[1]
        assert process.returncode == 0, said[-2000:]
        assert tables_below(folder) == wanted
