"""Run a pure function over the partitions of a corpus, on any number of workers or machines, with the same bytes."""

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
    """Return the number of worker processes: `CORPUS_TOOLS_WORKERS`, or else one per core.

    It is not in params.yaml because no result depends on it.

    Raises
    ------
    InputError
        If the variable is set to anything but an integer above 0.
    """
    value = os.environ.get("CORPUS_TOOLS_WORKERS", "").strip()
    if not value:
        return int(cpu_count())
    if not value.isdecimal() or int(value) == 0:
        raise InputError("CORPUS_TOOLS_WORKERS", f"{value!r} is not a number of workers", "set 1 or more, or unset it")
    return int(value)


@contextmanager
def computing_on(engine: Literal["local", "dask"], scheduler: str | None = None) -> Iterator[None]:
    """Run `map_partitions` on this machine's cores, or on the workers of a Dask cluster (Rocklin 2015).

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
            "set DASK_SCHEDULER_ADDRESS or pass --scheduler (see docs/scale.md), or set engine to local",
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
        raise InputError(
            f"scheduler {scheduler}", f"no answer ({error})", "check that it is running (docs/scale.md)"
        ) from None
    with client, parallel_config("dask", client=client, wait_for_workers_timeout=_FIRST_WORKER_SECONDS):
        yield


@contextmanager
def _clean_shutdown() -> Iterator[None]:
    """Turn a killed worker into an InputError; shut the pool down on any other error."""
    try:
        yield
    except TerminatedWorkerError:
        raise InputError(
            "a worker process", "was killed, most likely for lack of memory",
            "run again with a smaller CORPUS_TOOLS_WORKERS or collect.documents_per_partition; the finished partitions "
            "are kept",
        ) from None  # fmt: skip
    except Exception:
        get_reusable_executor().shutdown(wait=True, kill_workers=True)
        raise


@cache
def _watch_parent(parent: int) -> None:
    """Exit when the parent process is gone; a parent killed by SIGKILL cannot stop its workers."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_POLL_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def map_partitions(
    function: PartitionFunction, source: Store, reads: Sequence[str], target: Store, *, settings: str = ""
) -> dict[str, pl.DataFrame]:
    """Apply a pure function to every partition of some tables, or take what it returned the last time.

    A partition is made again if its tables, the declarations of `target`'s tables, the settings or the code behind the
    function (`runtime.code`) changed.

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
    cache = PartitionCache(target.root.absolute() / ".partitions" / label, target.tables)
    entries = (_module(function), __name__)
    declared = repr([(table.name, table.schema, table.key) for table in target.tables.values()])
    code = digest_of(code_digest(*entries), declared, settings)
    _partition_count(source, reads)
    files = zip(*(source.partitions(name) for name in reads), strict=True)
    keys = [digest_of(code, *map(file_digest, paths)) for paths in files]
    missing = [index for index, key in enumerate(keys) if cache.files(key) is None]
    job = _Job(function, source.absolute(), tuple(reads), cache, entries, code_digest(*entries), os.getpid())
    make = delayed(job)
    run = Parallel(n_jobs=max(1, min(workers(), len(missing))), return_as="generator_unordered")
    done = len(keys) - len(missing)
    with _clean_shutdown(), tqdm(total=len(keys), initial=done, desc=label, unit="partition", leave=False) as bar:
        for _ in run(make(index, keys[index]) for index in missing):
            bar.update()
    frames = _collect(cache, keys, target)
    cache.keep_only(keys)
    return frames


def _module(function: PartitionFunction) -> str:
    return str(getattr(function, "func", function).__module__)


def _label(function: PartitionFunction) -> str:
    """Return the room of a function: `tokenise` for corpus_tools.tokenise.texts."""
    return _module(function).removeprefix("corpus_tools.").split(".", maxsplit=1)[0]


def _collect(cache: PartitionCache, keys: Sequence[str], target: Store) -> dict[str, pl.DataFrame]:
    kept: dict[str, list[pl.DataFrame]] = {}
    for index, key in enumerate(keys):
        files = cache.files(key)
        if files is None:
            raise InputError(
                str(cache.folder / key), "this finished partition is missing or damaged", "run the step again"
            )
        for name, path in files.items():
            if name in target.tables:
                target.link(name, index, path)
            else:
                kept.setdefault(name, []).append(pl.read_parquet(path))
    return {name: pl.concat(frames) for name, frames in kept.items()}


def each_partition(source: Store, reads: Sequence[str]) -> Iterator[dict[str, pl.DataFrame]]:
    """Read tables with the same partitions, one partition at a time and in order, in this process.

    Raises
    ------
    InputError
        If a table is missing, or the tables do not hold the same documents.
    """
    for index in range(_partition_count(source, reads)):
        yield dict(zip(reads, _read_partition(source, reads, index), strict=True))


def _partition_count(source: Store, reads: Sequence[str]) -> int:
    count = len(source.partitions(reads[0]))
    for name in reads[1:]:
        if len(source.partitions(name)) != count:
            raise _stale(source, name, reads[0])
    return count


def _read_partition(source: Store, reads: Sequence[str], index: int) -> list[pl.DataFrame]:
    frames = [source.read(name, index) for name in reads]
    for name, frame in zip(reads[1:], frames[1:], strict=True):
        if not frame["doc_id"].unique().is_in(frames[0]["doc_id"].implode()).all():
            raise _stale(source, name, reads[0])
    return frames


def _stale(source: Store, name: str, other: str) -> InputError:
    return InputError(
        str(source.folder(name)),
        f"does not match the {other} on disk",
        "run `make repro`: one of them is older",
    )


@dataclass(frozen=True, eq=False)  # Dask puts a job into a dictionary, and its tables cannot be hashed
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
            _watch_parent(self.started_by)
        if self.code != code_digest(*self.entries):
            raise InputError(
                f"worker {socket.gethostname()}",
                "runs another version of corpus_tools or of a package it needs",
                "install the same requirements.lock there",
            )
        self.cache.put(key, self.function(*_read_partition(self.source, self.reads, index)))
