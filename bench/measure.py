"""One measurement, in a process of its own: `python -m bench.measure FOLDER CONTEST CONTESTANT [ROWS]` prints JSON."""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

from bench.contests import CONTESTS, Contest, Contestant
from bench.inputs import prepare, read_punkt, write_sizes
from corpus_tools.errors import InputError


def measure(folder: Path, contest: Contest, contestant: Contestant, rows: Path | None = None) -> dict[str, Any]:
    """Time one contestant once, and measure the peak memory of its process.

    Parameters
    ----------
    folder
        Where `inputs.prepare` wrote the inputs.
    rows
        Path of the output, if it will be compared.

    Returns
    -------
    seconds; cpu (seconds of processor time); peak_mb; npmi for topics.
    """
    work = contestant.load(read_punkt(folder))
    raw = contest.read(folder)
    form = contestant.form or (lambda items: items)
    if contest.first:
        work(form(contest.first(raw)))
    argument = form(raw)
    start, cpu = time.perf_counter(), _cpu()
    output = work(argument)
    measured: dict[str, Any] = {"seconds": time.perf_counter() - start, "cpu": _cpu() - cpu, "peak_mb": _peak_mb()}
    if contestant.heaviest:
        from bench.ours import coherence

        measured["npmi"] = coherence(contestant.heaviest(output, raw), raw)
    if rows and contestant.rows:
        contestant.rows(output).write_parquet(rows)
    return measured


def _usage() -> list[resource.struct_rusage]:
    return [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]


def _cpu() -> float:
    return sum(usage.ru_utime + usage.ru_stime for usage in _usage())


def _peak_mb() -> float:
    """Return the peak memory of this process or of any of its children."""
    unit = 1 if sys.platform == "darwin" else 1024
    return max(usage.ru_maxrss for usage in _usage()) * unit / 1e6


def _main(arguments: list[str]) -> None:
    if arguments[0] == "prepare":
        folder = Path(arguments[1])
        try:
            write_sizes(folder, prepare(Path.cwd(), folder, quick="quick" in arguments[2:]))
        except InputError as error:
            sys.exit(str(error))
        return
    folder, key, name = Path(arguments[0]), *arguments[1:3]
    contest = next(c for c in CONTESTS if c.key == key)
    contestant = next(c for c in contest.contestants if c.name == name)
    rows = Path(arguments[3]) if arguments[3:] else None
    sys.stdout.write(json.dumps(measure(folder, contest, contestant, rows)) + "\n")


if __name__ == "__main__":
    _main(sys.argv[1:])
