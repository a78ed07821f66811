"""Finished partitions of a step, kept under the digest of all they were made of.

A stopped step continues from them; after reports are added, only the partitions they change are made. A partition is
stored completely or not at all: its files are written aside, and their folder is renamed.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from corpus_tools.runtime.code import file_digest
from corpus_tools.runtime.schema import Tables
from corpus_tools.runtime.store import write_parquet

_DIGESTS = "digests.json"


@dataclass(frozen=True)
class PartitionCache:
    """One step's finished partitions, a folder each.

    Parameters
    ----------
    folder
        Where they are; it need not exist yet.
    tables
        The tables that the step may write, by name.
    """

    folder: Path
    tables: Tables

    def files(self, key: str) -> dict[str, Path] | None:
        """Return a partition's files by name, or None unless it is here with all its bytes."""
        where = self.folder / key
        try:
            digests: dict[str, str] = json.loads((where / _DIGESTS).read_text(encoding="utf-8"))
            if all(file_digest(where / name) == digest for name, digest in digests.items()):
                return {name.removesuffix(".parquet"): where / name for name in digests}
        except (OSError, ValueError):
            pass
        return None

    def put(self, key: str, frames: Mapping[str, pl.DataFrame]) -> None:
        """Keep a partition; frames named like a table get the table's columns and row order."""
        self.folder.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=f"{key}.", suffix=".tmp", dir=self.folder))
        try:
            for name, frame in frames.items():
                fitted = self.tables[name].fit(frame) if name in self.tables else frame
                write_parquet(fitted, aside / f"{name}.parquet")
            digests = {path.name: file_digest(path) for path in sorted(aside.iterdir())}
            (aside / _DIGESTS).write_text(json.dumps(digests, indent=0), encoding="utf-8")
            aside.chmod(0o755)  # mkdtemp makes a folder that only its owner may read
            if self.files(key) is None:  # unless another worker finished first
                shutil.rmtree(self.folder / key, ignore_errors=True)  # present, but damaged
                aside.replace(self.folder / key)
        finally:
            shutil.rmtree(aside, ignore_errors=True)

    def keep_only(self, keys: Iterable[str]) -> None:
        """Remove all other partitions, and what interrupted runs left."""
        wanted = set(keys)
        for path in self.folder.iterdir() if self.folder.exists() else ():
            if path.name not in wanted:
                shutil.rmtree(path, ignore_errors=True)
