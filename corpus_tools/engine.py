"""One partition of documents at a time, on any number of workers, with the same bytes for any number."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence

import polars as pl
from joblib import Parallel, cpu_count, delayed
from tqdm import tqdm

from corpus_tools.errors import InputError
from corpus_tools.tables import TABLES, Store

Step = Callable[..., dict[str, pl.DataFrame]]


def workers() -> int:
    """Say how many worker processes to use: `CORPUS_TOOLS_WORKERS`, else one a core.

    It is not in params.yaml because no result depends on it.

    Raises
    ------
    InputError
        If the variable holds anything but a whole number above 0.
    """
    given = os.environ.get("CORPUS_TOOLS_WORKERS", "").strip()
    if not given:
        return int(cpu_count())
    if not given.isdecimal() or int(given) == 0:
        raise InputError("CORPUS_TOOLS_WORKERS", f"{given!r} is not a number of workers", "give 1 or more, or unset it")
    return int(given)


def map_partitions(
    step: Step, source: Store, reads: Sequence[str], target: Store, *, label: str
) -> dict[str, pl.DataFrame]:
    """Apply a pure function to every partition of some tables.

    Parameters
    ----------
    step
        Takes one frame a table of `reads`; returns frames by name. Those named like a table are written to
        `target` as the partition of the same number, the others are handed back, put together in order.
    source, target
        Where the tables are read and written.
    reads
        Tables that have the same partitions; the step's arguments, in this order.
    label
        What the progress bar says.

    Returns
    -------
    The frames that are not tables, by name.

    Raises
    ------
    InputError
        If the tables do not hold the same documents: one of them is older.
    """
    count = _count(source, reads)
    run = Parallel(n_jobs=min(workers(), count), return_as="generator")
    jobs = (delayed(_one)(step, source, tuple(reads), target, i) for i in range(count))
    kept: dict[str, list[pl.DataFrame]] = {}
    for result in tqdm(run(jobs), total=count, desc=label, unit="part", leave=False):
        for name, frame in result.items():
            kept.setdefault(name, []).append(frame)
    return {name: pl.concat(frames) for name, frames in kept.items()}


def each_partition(source: Store, reads: Sequence[str]) -> Iterator[dict[str, pl.DataFrame]]:
    """Read tables that belong together, one partition at a time and in order, in this process.

    Raises
    ------
    InputError
        If a table is missing, or the tables do not hold the same documents.
    """
    for index in range(_count(source, reads)):
        yield dict(zip(reads, _together(source, reads, index), strict=True))


def _count(source: Store, reads: Sequence[str]) -> int:
    count = len(source.partitions(reads[0]))
    for name in reads[1:]:
        if len(source.partitions(name)) != count:
            raise _stale(source, name, reads[0])
    return count


def _together(source: Store, reads: Sequence[str], index: int) -> list[pl.DataFrame]:
    frames = [source.read(name, index) for name in reads]
    for name, frame in zip(reads[1:], frames[1:], strict=True):
        if not frame["doc_id"].unique().is_in(frames[0]["doc_id"].implode()).all():
            raise _stale(source, name, reads[0])
    return frames


def _stale(source: Store, name: str, other: str) -> InputError:
    return InputError(
        str(source.folder(name)),
        f"it does not belong to the {other} that are there",
        "run `make repro`: one of them is older",
    )


def _one(step: Step, source: Store, reads: tuple[str, ...], target: Store, index: int) -> dict[str, pl.DataFrame]:
    made = step(*_together(source, reads, index))
    for name in made.keys() & TABLES.keys():
        target.write(name, index, made[name])
    return {name: frame for name, frame in made.items() if name not in TABLES}
