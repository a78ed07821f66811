"""Stopped at any moment, on a full disk, on a cluster: nothing is lost, and the next run gives the same bytes."""

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
from planted import environment, files_below, run_step, write_project

PER_DOCUMENT = ["clean", "tokenise", "annotate", "sentiment"]
# Sentiment by topic needs the topics, which are those of the whole corpus.
IN_ORDER = ["collect", "clean", "tokenise", "annotate", "topics", "sentiment"]
SMALL = {"documents_per_partition": 8}


pytestmark = pytest.mark.slow


# ---- stopped at any moment -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def finished_project(tmp_path_factory) -> Path:
    """A project of many small partitions, after its steps."""
    folder = write_project(tmp_path_factory.mktemp("whole"), collect=SMALL)
    for step in IN_ORDER:
        run = run_step(folder, step)
        assert run.returncode == 0, run.stderr[-2000:]
    return folder


def tables_below(folder: Path) -> dict[str, bytes]:
    return {n: b for n, b in files_below(folder / "data").items() if not n.startswith(".partitions")}


def assert_readable(folder: Path) -> None:
    """Every file under a table's name can be read; a folder still named `.tmp` was interrupted while written."""
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
def test_killed_at_random_moments_the_results_are_the_same(finished_project, tmp_path, step):
    folder = tmp_path / "p"
    shutil.copytree(finished_project, folder)
    wanted = tables_below(finished_project)
    shutil.rmtree(folder / "data" / ".partitions")
    begun = time.monotonic()
    assert run_step(folder, step, workers=2).returncode == 0
    seconds = time.monotonic() - begun
    shutil.rmtree(folder / "data" / ".partitions", ignore_errors=True)
    chance = random.Random(step)
    for number, stop in enumerate(SIGNALS):
        with start(folder, step, 1 + number % 2) as process:
            time.sleep(chance.uniform(0.2, 1.0) * seconds)
            process.send_signal(stop)
        assert_readable(folder)
    assert run_step(folder, step, workers=2).returncode == 0
    assert tables_below(folder) == wanted


def test_a_killed_step_goes_on_from_what_it_had_done(finished_project, tmp_path):
    folder = tmp_path / "p"
    shutil.copytree(finished_project, folder)
    parts = folder / "data" / ".partitions" / "annotate"
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
def test_a_stopped_step_says_so_and_leaves_no_worker(finished_project, tmp_path, number):
    folder = tmp_path / "p"
    shutil.copytree(finished_project, folder)
    shutil.rmtree(folder / "data" / ".partitions")
    process = start(folder, "tokenise", 2)
    while not (folder / "data" / ".partitions" / "tokenise").exists():  # the workers have begun
        assert process.poll() is None
        time.sleep(0.01)
    workers = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(number)
    status = process.wait(timeout=60)
    assert psutil.wait_procs(workers, timeout=20)[1] == []
    errors = process.communicate(timeout=10)[1]
    if number != signal.SIGKILL:
        assert status == 130
        assert "the next run continues from here" in errors
        assert "Traceback" not in errors


def test_a_full_disk_is_said_and_loses_nothing(finished_project, tmp_path):
    folder = tmp_path / "p"
    shutil.copytree(finished_project, folder)
    wanted = tables_below(folder)
    shutil.rmtree(folder / "data" / ".partitions")
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


def test_a_worker_that_is_ended_is_said_and_nothing_is_lost(finished_project, tmp_path):
    folder = tmp_path / "p"
    shutil.copytree(finished_project, folder)
    wanted = tables_below(folder)
    shutil.rmtree(folder / "data" / ".partitions")
    process = start(folder, "annotate", workers=2)
    parts = folder / "data" / ".partitions" / "annotate"
    while not parts.exists():
        assert process.poll() is None
        time.sleep(0.005)
    for child in psutil.Process(process.pid).children():
        if "loky" in " ".join(child.cmdline()) and "tracker" not in " ".join(child.cmdline()):
            child.kill()
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "was killed" in errors
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
    scheduler_file = tmp_path / "scheduler.json"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": env, "cwd": tmp_path}
    here = ["--host", "127.0.0.1", "--no-dashboard"]
    processes = [
        subprocess.Popen([sys.executable, "-m", "distributed.cli.dask_scheduler", *here, "--port", "0",
                          "--scheduler-file", str(scheduler_file)], **quiet)
    ]  # fmt: skip
    wait_for(lambda: scheduler_file.exists() and scheduler_file.stat().st_size)
    address = json.loads(scheduler_file.read_text())["address"]
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
    [
        pytest.param((), "DASK_SCHEDULER_ADDRESS", id="no address"),
        pytest.param(("--scheduler", "tcp://127.0.0.1:9"), "127.0.0.1:9: no answer", id="no answer"),
    ],
)
def test_a_cluster_that_is_not_there_is_named(finished_project, tmp_path, options, says):
    folder = tmp_path / "p"
    shutil.copytree(finished_project, folder)
    with_dask(folder)
    process = start(folder, "clean", 1, *options)
    errors = process.communicate(timeout=60)[1]
    assert process.returncode == 2
    assert says in errors
    assert "Traceback" not in errors


def test_a_cluster_gives_the_same_bytes_even_if_a_worker_dies(finished_project, tmp_path, cluster):
    address, (_, _, doomed) = cluster
    folder = tmp_path / "p"
    shutil.copytree(finished_project, folder)
    with_dask(folder)
    wanted = tables_below(finished_project)
    for step in PER_DOCUMENT:
        shutil.rmtree(folder / "data" / ".partitions")
        process = start(folder, step, 1, "--scheduler", address)
        if step == "annotate":
            wait_for(lambda: list((folder / "data/.partitions/annotate").glob("*/digests.json")))
            doomed.kill()
        errors = process.communicate(timeout=120)[1]
        assert process.returncode == 0, errors[-2000:]
        assert tables_below(folder) == wanted
