"""Run the contests: `python -m bench.run`, in the project's folder, with the others installed (`make bench`).

Every measurement is a fresh process with one thread; in each round, ours and the others take turns.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

THREADS = dict.fromkeys(
    (
        "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS", "NUMEXPR_NUM_THREADS",
        "POLARS_MAX_THREADS", "RAYON_NUM_THREADS", "CORPUS_TOOLS_WORKERS",
    ),
    "1",
)  # fmt: skip
# Whoever has taken so many seconds in so many turns or more has no other: long runs vary little.
ENOUGH = ((2, 60.0), (3, 15.0))


@dataclass(frozen=True)
class Turn:
    """One measurement."""

    contest: str
    contestant: str
    round: int
    seconds: float
    cpu: float
    peak_mb: float
    npmi: float | None = None


def due(turns: list[Turn], contest: str, contestant: str) -> bool:
    """Say whether somebody has another turn.

    Examples
    --------
    >>> due([Turn("words", "NLTK", i, 12.0, 12.0, 90.0) for i in range(3)], "words", "NLTK")
    False
    """
    done = [turn.seconds for turn in turns if (turn.contest, turn.contestant) == (contest, contestant)]
    return not any(len(done) >= least and sum(done) >= seconds for least, seconds in ENOUGH)


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
    """Let all contestants take their turns, and leave what they gave in the first round beside the input.

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
                rows = [str(rows_of(folder, contest.key, one.name))] if one.rows and number == 0 else []
                try:
                    found: dict[str, Any] = json.loads(_python(str(folder), contest.key, one.name, *rows))
                except click.ClickException as error:
                    # Said, and at the end counted as a failure: what the others took an hour for is not lost.
                    failed.add((contest.key, one.name))
                    click.echo(f"{contest.key:<10} {one.name:<28} failed: {error.message}", err=True)
                    continue
                turns.append(Turn(contest.key, one.name, number, **found))
                click.echo(f"{contest.key:<10} {one.name:<28} {number} {found['seconds']:9.3f} s")
    return [turn for turn in turns if (turn.contest, turn.contestant) not in failed], failed


def rows_of(folder: Path, contest: str, contestant: str) -> Path:
    """Say where a contestant's output lies."""
    return folder / f"{contest}-{contestant.replace(' ', '-')}.parquet"


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--rounds", default=5, show_default=True, type=click.IntRange(1), help="Turns that each one has.")
@click.option("--quick", is_flag=True, help="One round on a tenth of the texts, to see that all works.")
@click.option("--only", multiple=True, metavar="CONTEST", help="Leave the other contests out.")
@click.option(
    "--dest", type=click.Path(path_type=Path), help="Folder for benchmarks.md and the rest; by default docs, or if "
    "--quick or --only is given data/bench.",
)  # fmt: skip
def main(rounds: int, *, quick: bool, only: tuple[str, ...], dest: Path | None) -> None:
    """Measure our speed against others on the texts of the built corpus.

    Ends with status 1 if a contestant failed, or if one whose output has to be ours gave another.
    """
    dest = dest or Path("data/bench" if quick or only else "docs")
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "given"
        _python("prepare", str(folder), *(["quick"] if quick else []))
        turns, failed = run(folder, 1 if quick else rounds, only)
        # Only now: a process starts with the greatest size that the one which starts it had.
        from bench import report

        differences = report.compare(folder, turns)
        found = report.Found.of(turns, differences, folder, time.monotonic() - start)
    report.write(found, dest)
    click.echo(report.ratio_lines(found))
    for contest, count in differences.items():
        click.echo(f"{contest:<10} {count:,} rows differ from {report.same_as(contest)}")
    click.echo(f"{report.quiet(turns).capitalize()}.")
    click.echo(f"See {dest / 'benchmarks.md'}.")
    if failed or any(differences.values()):
        sys.exit(1)


if __name__ == "__main__":
    main()
