"""How time, memory and disk grow with the corpus: the reports of data/raw, many times over, through every step.

    python bench/scale.py SCRATCH 1 100

makes a project below SCRATCH for each number of copies, each copy with ids and dates of its own, runs the steps in it,
and writes SCRATCH/scale.json. `docs/scale.md` tells what it showed.
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

ROOT = Path(__file__).parent.parent
STEPS = (
    "collect", "clean", "tokenise", "annotate", "grid", "topics", "sentiment", "evaluate", "figures", "report",
    "notebooks",
)  # fmt: skip
SOURCE = {
    "kind": "parquet",
    "path": "reports.parquet",
    "columns": {"id": "id", "published": "day", "text": "text", "outlet": "outlet", "title": "title", "url": "url"},
}
_LOOK_EVERY = 0.5


def lay_out(folder: Path, copies: int) -> int:
    """Make a project with that many copies of the corpus; returns the number of reports."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "seeds").mkdir(parents=True)
    found = pl.read_parquet(ROOT / "data" / "raw").join(
        pl.read_parquet(ROOT / "data" / "documents", columns=["doc_id", "published"]), on="doc_id", suffix="_day"
    )
    reports = [
        found.select(
            id=pl.col("doc_id") + f"-{copy}",
            day=(pl.col("published_day") + pl.duration(days=7 * copy)).cast(pl.String),
            text="text", outlet="outlet", title="title", url="url",
        )
        for copy in range(copies)
    ]  # fmt: skip
    whole = pl.concat(reports)
    whole.write_parquet(folder / "seeds" / "reports.parquet")
    (folder / "seeds" / "copies.yaml").write_text(yaml.safe_dump(SOURCE), encoding="utf-8")
    (folder / "seeds" / "gold").mkdir()
    shutil.copytree(ROOT / "seeds" / "topics", folder / "seeds" / "topics")
    shutil.copy(ROOT / "params.yaml", folder)
    shutil.copytree(ROOT / "notebooks", folder / "notebooks", ignore=shutil.ignore_patterns("executed"))
    return whole.height


def look(process: psutil.Process, worked: dict[int, float]) -> int:
    """Give the memory of a process and all it started, in bytes; note how long each has worked.

    What they share is counted once.
    """
    total = 0
    for one in [process, *process.children(recursive=True)]:
        try:
            total += one.memory_full_info().pss
            used = one.cpu_times()
        except psutil.Error:  # gone since
            continue
        worked[one.pid] = used.user + used.system
    return total


def run(folder: Path, step: str) -> dict[str, Any]:
    """Run a step and watch it."""
    begun = time.monotonic()
    process = psutil.Popen(
        [sys.executable, "-m", "corpus_tools", step],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
    )
    most, worked = 0, dict[int, float]()
    while process.poll() is None:
        most = max(most, look(process, worked))
        time.sleep(_LOOK_EVERY)
    seconds = time.monotonic() - begun
    return {"seconds": seconds, "cpu": sum(worked.values()), "bytes": most, "status": process.returncode}


def main(scratch: Path, sizes: list[int]) -> None:
    """Run all steps at every size."""
    told = scratch / "scale.json"
    found = json.loads(told.read_text()) if told.exists() else {}
    for copies in sizes:
        folder = scratch / f"x{copies}"
        documents = lay_out(folder, copies)
        steps: dict[str, Any] = {}
        for step in STEPS:
            steps[step] = run(folder, step)
            found[str(documents)] = {"steps": steps, "disk": size(folder / "data"), "cores": os.cpu_count()}
            told.write_text(json.dumps(found, indent=1))
            done = steps[step]
            sys.stdout.write(
                f"{documents:>8,} {step:<10} {done['seconds']:8.1f} s, {done['cpu']:8.1f} s of processors, "
                f"{done['bytes'] / 1e9:6.2f} GB, status {done['status']}\n"
            )
            sys.stdout.flush()


def size(folder: Path) -> dict[str, int]:
    """Give the bytes of every table; a file with two names is counted once."""
    seen: set[int] = set()
    found: dict[str, int] = {}
    for path in sorted(folder.rglob("*")):
        state = path.stat()
        if path.is_file() and state.st_ino not in seen:
            seen.add(state.st_ino)
            name = path.relative_to(folder).parts[0]
            found[name] = found.get(name, 0) + state.st_size
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]), [int(n) for n in sys.argv[2:]])
