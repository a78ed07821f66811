"""One partition of documents at a time, on any number of workers or machines, with the same bytes for any number."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Literal

import polars as pl
from joblib import Parallel, cpu_count, delayed, parallel_config
from joblib.externals.loky import get_reusable_executor
from joblib.externals.loky.process_executor import TerminatedWorkerError
from tqdm import tqdm

from corpus_tools.errors import InputError
from corpus_tools.runtime.cache import PartitionCache
from corpus_tools.runtime.code import code_digest, digest_of, file_digest
from corpus_tools.runtime.store import Store

PartitionFunction = Callable[..., dict[str, pl.DataFrame]]
_FIRST_WORKER_SECONDS = 3600  # a batch system may keep the first worker of a cluster waiting
_ANSWER_SECONDS = 5  # a scheduler that is up answers sooner
_POLL_SECONDS = 0.5


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


@contextmanager
def computing_on(engine: Literal["local", "dask"], scheduler: str | None = None) -> Iterator[None]:
    """Let `map_partitions` run on this machine's cores, or on the workers of a Dask cluster (Rocklin 2015).

    Parameters
    ----------
    engine
        `local` or `dask`.
    scheduler
        Address of the cluster's scheduler, such as tcp://10.0.0.1:8786.

    Raises
    ------
    InputError
        If Dask is not installed, or nothing answers at the address.
    """
    if engine == "local":
        yield
        return
    if not scheduler:
        raise InputError(
            "params.yaml, engine", "dask needs the address of a scheduler",
            "set DASK_SCHEDULER_ADDRESS or give --scheduler (see docs/scale.md), or set engine to local",
        )  # fmt: skip
    try:
        from distributed import Client  # noqa: PLC0415 - an extra
    except ImportError:
        raise InputError(
            "params.yaml, engine",
            "Dask is not installed",
            "install the extra (`pip install '.[dask]'`), or set it to local",
        ) from None
    try:
        client = Client(scheduler, timeout=_ANSWER_SECONDS)
    except (OSError, ValueError) as error:
        raise InputError(f"scheduler {scheduler}", f"no answer ({error})", "see that it runs (docs/scale.md)") from None
    with client, parallel_config("dask", client=client, wait_for_workers_timeout=_FIRST_WORKER_SECONDS):
        yield


@contextmanager
def _told() -> Iterator[None]:
    """Say what became of a worker, and leave none behind after an error."""
    try:
        yield
    except TerminatedWorkerError:
        raise InputError(
            "a worker process", "it was ended from outside, mostly because memory ran out",
            "run again with a smaller CORPUS_TOOLS_WORKERS or collect.documents_per_partition; it goes on from the "
            "finished partitions",
        ) from None  # fmt: skip
    except Exception:
        get_reusable_executor().shutdown(wait=True, kill_workers=True)
        raise


@cache
def _watched(parent: int) -> None:
    """Let this process end when the one that started it has: killed outright, that one cannot see to it."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_POLL_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def map_partitions(
    function: PartitionFunction, source: Store, reads: Sequence[str], target: Store, *, settings: str = ""
) -> dict[str, pl.DataFrame]:
    """Apply a pure function to every partition of some tables, or take what it gave the last time.

    A partition is made again if its tables, the settings, or the code behind the function changed (`runtime.code`).

    Parameters
    ----------
    function
        Takes one frame per table of `reads`; returns frames by name. Those named like a table become the partition of
        the same number in `target`; the others are returned, concatenated in order.
    source, target
        Where the tables are read and written.
    reads
        Tables that have the same partitions: the function's arguments, in this order.
    settings
        All that the results depend on besides the tables and the code.

    Returns
    -------
    The frames that are not tables, by name.

    Raises
    ------
    InputError
        If the tables do not hold the same documents (one of them is older), or a worker was killed.
    """
    label = _label(function)
    cache = PartitionCache(target.root.absolute() / ".parts" / label, target.tables)
    entries = (_module(function), __name__)
    code = digest_of(code_digest(*entries), settings)
    _count(source, reads)
    together = zip(*(source.partitions(name) for name in reads), strict=True)
    keys = [digest_of(code, *map(file_digest, files)) for files in together]
    missing = [index for index, key in enumerate(keys) if cache.files(key) is None]
    job = _Job(function, source.absolute(), tuple(reads), cache, entries, code_digest(*entries), os.getpid())
    make = delayed(job)
    run = Parallel(n_jobs=max(1, min(workers(), len(missing))), return_as="generator_unordered")
    done = len(keys) - len(missing)
    with _told(), tqdm(total=len(keys), initial=done, desc=label, unit="part", leave=False) as bar:
        for _ in run(make(index, keys[index]) for index in missing):
            bar.update()
    frames = _collected(cache, keys, target)
    cache.keep_only(keys)
    return frames


def _module(function: PartitionFunction) -> str:
    return str(getattr(function, "func", function).__module__)


def _label(function: PartitionFunction) -> str:
    """Return the room of a function: `tokenise` for corpus_tools.tokenise.texts."""
    return _module(function).removeprefix("corpus_tools.").split(".", maxsplit=1)[0]


def _collected(cache: PartitionCache, keys: Sequence[str], target: Store) -> dict[str, pl.DataFrame]:
    kept: dict[str, list[pl.DataFrame]] = {}
    for index, key in enumerate(keys):
        files = cache.files(key)
        if files is None:
            raise InputError(
                str(cache.folder / key), "this finished partition is gone or damaged", "run the step again"
            )
        for name, path in files.items():
            if name in target.tables:
                target.link(name, index, path)
            else:
                kept.setdefault(name, []).append(pl.read_parquet(path))
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


@dataclass(frozen=True)
class _Job:
    """Make one partition in a worker; it returns nothing, so that nothing large travels between processes."""

    function: PartitionFunction
    source: Store
    reads: tuple[str, ...]
    cache: PartitionCache
    entries: tuple[str, ...]
    code: str
    started_by: int

    def __call__(self, index: int, key: str) -> None:
        if os.getppid() == self.started_by:
            _watched(self.started_by)
        if self.code != code_digest(*self.entries):
            raise InputError(
                f"worker {socket.gethostname()}",
                "it runs another version of corpus_tools or of a package it needs",
                "install the same requirements.lock there",
            )
        self.cache.put(key, self.function(*_together(self.source, self.reads, index)))
