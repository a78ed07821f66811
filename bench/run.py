"""Run the contests: `python -m bench.run` in the project's folder, with the other programs installed (`make bench`).

Every measurement is a fresh process with one thread; in each round, ours and the others take turns.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import click

from bench.turns import Turn, due, output_path

THREADS = dict.fromkeys(
    (
        "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS", "NUMEXPR_NUM_THREADS",
        "POLARS_MAX_THREADS", "RAYON_NUM_THREADS", "CORPUS_TOOLS_WORKERS",
    ),
    "1",
)  # fmt: skip


def _python(*arguments: str) -> str:
    environment = {**os.environ, **THREADS, "PYTHONHASHSEED": "0"}
    done = subprocess.run(
        [sys.executable, "-m", "bench.measure", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise click.ClickException(f"{' '.join(arguments)}: {done.stderr.strip()}")
    return done.stdout


def run(folder: Path, rounds: int, only: tuple[str, ...] = ()) -> tuple[list[Turn], set[tuple[str, str]]]:
    """Run all contestants in turn; the output of the first round is kept beside the inputs.

    Returns
    -------
    The turns, and contest and contestant of those that failed.
    """
    from bench.contests import CONTESTS

    turns: list[Turn] = []
    failed: set[tuple[str, str]] = set()
    for contest in CONTESTS:
        if only and contest.key not in only:
            continue
        for absent in (c for c in contest.contestants if c.missing()):
            click.echo(f"{contest.key:<10} {absent.name:<28} not installed: {', '.join(absent.missing())}")
        for number in range(rounds):
            for one in contest.present():
                if (contest.key, one.name) in failed or not due(turns, contest.key, one.name):
                    continue
                rows = [str(output_path(folder, contest.key, one.name))] if one.rows and number == 0 else []
                try:
                    measured: dict[str, Any] = json.loads(_python(str(folder), contest.key, one.name, *rows))
                except click.ClickException as error:
                    # Reported and counted as a failure at the end, so that hours of other measurements are not lost.
                    failed.add((contest.key, one.name))
                    click.echo(f"{contest.key:<10} {one.name:<28} failed: {error.message}", err=True)
                    continue
                turns.append(Turn(contest.key, one.name, number, **measured))
                click.echo(f"{contest.key:<10} {one.name:<28} {number} {measured['seconds']:9.3f} s")
    return [turn for turn in turns if (turn.contest, turn.contestant) not in failed], failed


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--rounds", default=5, show_default=True, type=click.IntRange(1), help="Turns of each contestant.")
@click.option("--quick", is_flag=True, help="One round on a tenth of the texts, as a test.")
@click.option("--only", multiple=True, metavar="CONTEST", help="Run only this contest; may be repeated.")
@click.option(
    "--dest", type=click.Path(path_type=Path), help="Folder for benchmarks.md, its data and its figure; by default "
    "docs, or data/bench with --quick or --only.",
)  # fmt: skip
def main(rounds: int, *, quick: bool, only: tuple[str, ...], dest: Path | None) -> None:
    """Compare our speed with other programs on the texts of the built corpus.

    Exits with status 1 if a contestant failed, or if an output that has to equal ours differs.
    """
    dest = dest or Path("data/bench" if quick or only else "docs")
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "inputs"
        _python("prepare", str(folder), *(["quick"] if quick else []))
        turns, failed = run(folder, 1 if quick else rounds, only)
        # Imported only now: a new process starts with the peak memory of the one that starts it.
        from bench import report

        differences = report.compare(folder, turns)
        benchmark = report.Benchmark.from_turns(turns, differences, folder, time.monotonic() - start)
    report.write(benchmark, dest)
    click.echo(report.ratio_lines(benchmark))
    for contest, count in differences.items():
        click.echo(f"{contest:<10} {count:,} rows differ from {report.same_as(contest)}")
    click.echo(f"{report.quiet(turns).capitalize()}.")
    click.echo(f"See {dest / 'benchmarks.md'}.")
    if failed or any(differences.values()):
        sys.exit(1)


if __name__ == "__main__":
    main()
