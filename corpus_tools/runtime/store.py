"""Tables on disk: partitions of Parquet files, written completely or not at all.

A new table is written beside the old one and renamed once it is complete, so a reader never meets half a table and a
step that fails leaves the last good one.
"""

from __future__ import annotations

import io
import os
import shutil
from pathlib import Path

import polars as pl

from corpus_tools.errors import InputError
from corpus_tools.runtime.schema import Table, Tables, table_named


class Store:
    """Tables below one folder.

    Parameters
    ----------
    root
        The folder; it need not exist yet.
    tables
        The tables that may be read or written, by name.
    suffix
        What the names of the tables' folders end in while they are being written.
    step
        The step that declares them, if it is one that reads and writes.
    """

    def __init__(self, root: Path, tables: Tables, suffix: str = "", step: str = "") -> None:
        self.root = root
        self.tables = tables
        self.suffix = suffix
        self.step = step

    def table(self, name: str) -> Table:
        """Return the declaration of a table.

        Raises
        ------
        InputError
            If there is no such table.
        ValueError
            If a step reads or writes a table that it does not declare: a fault of this package, not of the input.
        """
        if self.step and name not in self.tables:
            raise ValueError(
                f"the step {self.step} does not declare the table {name}: add it in corpus_tools/pipeline.py"
            )
        return table_named(name, self.tables)

    def folder(self, name: str) -> Path:
        """Return the folder of a table's partitions."""
        return self.root / (self.table(name).folder + self.suffix)

    def partitions(self, name: str) -> list[Path]:
        """List a table's files in order.

        Raises
        ------
        InputError
            If the table has not been made yet.
        """
        files = sorted(self.folder(name).glob("part-*.parquet"), key=lambda path: (len(path.name), path.name))
        if not files:
            raise InputError(
                str(self.folder(name)),
                "no such table yet",
                f"run `make repro`, or only this step: `python -m corpus_tools {self.table(name).step}`",
            )
        return files

    def numbers(self, name: str) -> range:
        """Return the numbers of a table's partitions."""
        return range(len(self.partitions(name)))

    def read(self, name: str, index: int | None = None, columns: list[str] | None = None) -> pl.DataFrame:
        """Read one partition of a table, or all of them, in the order of their files."""
        files = self.partitions(name) if index is None else [self.file(name, index)]
        return pl.concat([_read(f, self.table(name), columns) for f in files])

    def file(self, name: str, index: int) -> Path:
        """Return the file of one partition.

        Raises
        ------
        InputError
            If the table has not been made yet, or has no such partition.
        """
        path = self._part(name, index)
        if not path.exists():
            count = len(self.partitions(name))
            remedy = f"run its step again: `python -m corpus_tools {self.table(name).step}`"
            raise InputError(str(path), f"no such partition; the table has {count} others", remedy)
        return path

    def is_made(self, name: str) -> bool:
        """Return whether a table has been made."""
        return any(self.folder(name).glob("part-*.parquet"))

    def _part(self, name: str, index: int) -> Path:
        return self.folder(name) / f"part-{index:05d}.parquet"

    def scan(self, name: str) -> pl.LazyFrame:
        """Open a table without reading it."""
        return pl.scan_parquet(self.partitions(name))

    def write(self, name: str, index: int, frame: pl.DataFrame) -> None:
        """Write one partition to a temporary file and rename it, so that a file of this name is always complete."""
        path = self._part(name, index)
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_suffix(".tmp")
        write_parquet(self.table(name).fit(frame), aside)
        aside.replace(path)

    def link(self, name: str, index: int, path: Path) -> None:
        """Use a finished file as one partition, without copying its bytes where the file system allows."""
        part = self._part(name, index)
        part.parent.mkdir(parents=True, exist_ok=True)
        aside = part.with_suffix(".tmp")
        aside.unlink(missing_ok=True)
        try:
            os.link(path, aside)
        except OSError:
            shutil.copy2(path, aside)
        aside.replace(part)

    def absolute(self) -> Store:
        """Return the same store with an absolute path, valid in any process."""
        return Store(self.root.absolute(), self.tables, self.suffix, self.step)

    def staging(self, *names: str) -> Store:
        """Open an empty store beside this one, to be filled and then moved into place by `commit`."""
        new = Store(self.root, self.tables, self.suffix + ".partial", self.step)
        for name in names:
            shutil.rmtree(new.folder(name), ignore_errors=True)
            new.folder(name).mkdir(parents=True)
        return new

    def commit(self, new: Store, *names: str) -> None:
        """Replace tables of this store by those of a filled one."""
        for name in names:
            put_in_place(new.folder(name), self.folder(name))


def put_in_place(new: Path, old: Path) -> None:
    """Replace a folder by another; the old one is removed only once the new one has its name."""
    previous = old.with_name(old.name + ".old")
    shutil.rmtree(previous, ignore_errors=True)
    if old.exists():
        old.replace(previous)
    new.replace(old)
    shutil.rmtree(previous, ignore_errors=True)


def empty_staging_folder(folder: Path) -> Path:
    """Make an empty folder with which `put_in_place` can replace another."""
    new = folder.with_name(folder.name + ".partial")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    return new


def write_parquet(frame: pl.DataFrame, path: Path) -> None:
    """Write a file and wait until it is on disk, so that a power failure cannot leave an empty file under its name."""
    content = io.BytesIO()  # written to a file, polars calls a full disk `Invalid thrift`
    frame.write_parquet(content, compression="zstd", statistics=True)
    try:
        with path.open("wb") as file:
            file.write(content.getbuffer())
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None


def write_aside(path: Path, content: str | bytes) -> None:
    """Write a small file completely or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(path.name + ".tmp")
    aside.write_bytes(content.encode() if isinstance(content, str) else content)
    aside.replace(path)


def _read(path: Path, table: Table, columns: list[str] | None) -> pl.DataFrame:
    try:
        return pl.read_parquet(path, columns=columns)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise InputError(
            str(path),
            f"not a complete Parquet file ({str(error).splitlines()[0]})",
            f"run its step again: `python -m corpus_tools {table.step}`",
        ) from None
