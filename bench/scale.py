"""Measure how time, memory and disk grow with the corpus: all steps on several copies of the reports in data/raw.

    python -m bench.scale SCRATCH 1 100

makes a project below SCRATCH for each number of copies, each copy with ids and dates of its own, runs the steps in it,
and writes SCRATCH/scale.json. `docs/scale.md` has the results.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import polars as pl
import psutil
import yaml

from corpus_tools.pipeline import STEPS
from tools import arguments

ROOT = Path(__file__).parent.parent
SOURCE = {
    "kind": "parquet",
    "path": "reports.parquet",
    "columns": {"id": "id", "published": "day", "text": "text", "outlet": "outlet", "title": "title", "url": "url"},
}
_SAMPLING_SECONDS = 0.5


def lay_out(folder: Path, copies: int) -> int:
    """Make a project with several copies of the corpus, and return its number of reports."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "seeds").mkdir(parents=True)
    raw = pl.read_parquet(ROOT / "data" / "raw").join(
        pl.read_parquet(ROOT / "data" / "documents", columns=["doc_id", "published"]), on="doc_id", suffix="_day"
    )
    tables = [
        raw.select(
            id=pl.col("doc_id") + f"-{copy}",
            day=(pl.col("published_day") + pl.duration(days=7 * copy)).cast(pl.String),
            text="text", outlet="outlet", title="title", url="url",
        )
        for copy in range(copies)
    ]  # fmt: skip
    reports = pl.concat(tables)
    reports.write_parquet(folder / "seeds" / "reports.parquet")
    (folder / "seeds" / "copies.yaml").write_text(yaml.safe_dump(SOURCE), encoding="utf-8")
    (folder / "seeds" / "gold").mkdir()
    shutil.copytree(ROOT / "seeds" / "topics", folder / "seeds" / "topics")
    shutil.copy(ROOT / "params.yaml", folder)
    shutil.copytree(ROOT / "notebooks", folder / "notebooks", ignore=shutil.ignore_patterns("executed"))
    return reports.height


def memory(process: psutil.Process, seconds: dict[int, float]) -> int:
    """Return the memory of a process and its descendants in bytes, and record the processor time of each.

    Shared memory is counted once.
    """
    total = 0
    for one in [process, *process.children(recursive=True)]:
        try:
            total += one.memory_full_info().pss
            times = one.cpu_times()
        except psutil.Error:  # ended meanwhile
            continue
        seconds[one.pid] = times.user + times.system
    return total


def run(folder: Path, step: str) -> dict[str, Any]:
    """Run a step, and measure its time and peak memory."""
    begin = time.monotonic()
    process = psutil.Popen(
        [sys.executable, "-m", "corpus_tools", step],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
    )
    peak, cpu = 0, dict[int, float]()
    while process.poll() is None:
        peak = max(peak, memory(process, cpu))
        time.sleep(_SAMPLING_SECONDS)
    seconds = time.monotonic() - begin
    return {"seconds": seconds, "cpu": sum(cpu.values()), "bytes": peak, "status": process.returncode}


def main(scratch: Path, copies: list[int]) -> None:
    """Run all steps for each number of copies."""
    path = scratch / "scale.json"
    results = json.loads(path.read_text()) if path.exists() else {}
    for n in copies:
        folder = scratch / f"x{n}"
        documents = lay_out(folder, n)
        steps: dict[str, Any] = {}
        for name in (step.name for step in STEPS):
            steps[name] = result = run(folder, name)
            results[str(documents)] = {"steps": steps, "disk": size(folder / "data"), "cores": os.cpu_count()}
            path.write_text(json.dumps(results, indent=1))
            sys.stdout.write(
                f"{documents:>8,} {name:<10} {result['seconds']:8.1f} s, {result['cpu']:8.1f} s of processors, "
                f"{result['bytes'] / 1e9:6.2f} GB, status {result['status']}\n"
            )
            sys.stdout.flush()


def size(folder: Path) -> dict[str, int]:
    """Return the bytes of each table; a file with two names is counted once."""
    inodes: set[int] = set()
    sizes: dict[str, int] = {}
    for path in sorted(folder.rglob("*")):
        status = path.stat()
        if path.is_file() and status.st_ino not in inodes:
            inodes.add(status.st_ino)
            name = path.relative_to(folder).parts[0]
            sizes[name] = sizes.get(name, 0) + status.st_size
    return sizes


if __name__ == "__main__":
    scratch, *numbers = arguments("scale SCRATCH COPIES", more=True, folder="bench")
    main(Path(scratch), [int(number) for number in numbers])
