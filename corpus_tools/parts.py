"""Finished partitions of a step, kept under the fingerprint of all they were made of.

A step that was stopped goes on from them, and a corpus to which reports were added has only the partitions made that
these reports changed. What is here is a whole partition or is not here: files are written aside and a folder renamed.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import requires, version
from pathlib import Path
from re import match

import polars as pl

from corpus_tools.tables import TABLES, fit, write_parquet

_DIGESTS = "digests.json"


@dataclass(frozen=True)
class Parts:
    """One step's finished partitions, a folder each.

    Parameters
    ----------
    folder
        Where they lie; it need not exist yet.
    """

    folder: Path

    def files(self, key: str) -> dict[str, Path] | None:
        """Give a partition's files by name, or None if it is not there with all its bytes."""
        where = self.folder / key
        try:
            digests: dict[str, str] = json.loads((where / _DIGESTS).read_text(encoding="utf-8"))
            if all(file_digest(where / name) == digest for name, digest in digests.items()):
                return {name.removesuffix(".parquet"): where / name for name in digests}
        except (OSError, ValueError):
            pass
        return None

    def put(self, key: str, frames: Mapping[str, pl.DataFrame]) -> None:
        """Keep a partition; those of its frames that are named like a table get the table's columns and order."""
        self.folder.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=f"{key}.", suffix=".tmp", dir=self.folder))
        try:
            for name, frame in frames.items():
                write_parquet(fit(name, frame) if name in TABLES else frame, aside / f"{name}.parquet")
            digests = {path.name: file_digest(path) for path in sorted(aside.iterdir())}
            (aside / _DIGESTS).write_text(json.dumps(digests, indent=0), encoding="utf-8")
            aside.chmod(0o755)  # a folder that mkdtemp makes is for nobody else
            if self.files(key) is None:  # else another worker was as fast
                shutil.rmtree(self.folder / key, ignore_errors=True)  # there, but damaged
                aside.replace(self.folder / key)
        finally:
            shutil.rmtree(aside, ignore_errors=True)

    def keep_only(self, keys: Iterable[str]) -> None:
        """Remove all other partitions, and what was left of broken ones."""
        wanted = set(keys)
        for path in self.folder.iterdir() if self.folder.exists() else ():
            if path.name not in wanted:
                shutil.rmtree(path, ignore_errors=True)


def file_digest(path: Path) -> str:
    """Give a file's fingerprint."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def fingerprint(*what: str) -> str:
    """Give one fingerprint of several texts.

    Examples
    --------
    >>> fingerprint("a", "b") == fingerprint("ab", "")
    False
    """
    return hashlib.blake2b("\0".join(what).encode(), digest_size=16).hexdigest()


@cache
def code_fingerprint() -> str:
    """Give the fingerprint of this package and of the versions of what it stands on."""
    package = Path(__file__).parent
    sources = [p for p in sorted(package.rglob("*")) if p.is_file() and p.suffix not in {".pyc", ".tmp"}]
    own = [f"{p.relative_to(package).as_posix()} {file_digest(p)}" for p in sources]
    named = (match(r"[\w.-]+", r) for r in requires("corpus_tools") or () if "extra ==" not in r)
    return fingerprint(*own, *(f"{m.group()} {version(m.group())}" for m in named if m))
