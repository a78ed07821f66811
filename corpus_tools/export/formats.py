"""The formats in which a corpus is exported, one partition of documents at a time.

Offsets are those of the tables: characters of `documents.text`, the end exclusive. docs/export.md describes each format
and how common tools open it.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
from tqdm import tqdm

from corpus_tools.errors import InputError
from corpus_tools.export.brat import write_brat
from corpus_tools.export.conllu import write_conllu
from corpus_tools.export.documents import EXPORTED, Frames, write_settings
from corpus_tools.export.flat import write_csv, write_jsonl
from corpus_tools.runtime.engine import each_partition
from corpus_tools.runtime.store import Store

# Each writes one partition into a folder, and yields the number of documents written since its last yield.
Writer = Callable[[Frames, Path, int], Iterator[int]]
WRITERS: dict[str, Writer] = {"brat": write_brat, "conllu": write_conllu, "csv": write_csv, "jsonl": write_jsonl}


def export(store: Store, kind: str, dest: Path, line_of: Callable[[str], str]) -> str:
    """Write the corpus with all its marks into a folder; on an error, the folder is not made.

    Parameters
    ----------
    store
        The tables of EXPORTED.
    kind
        One of WRITERS.
    dest
        A new or empty folder.
    line_of
        Returns the provenance line of a table.

    Returns
    -------
    One line about what was written.

    Raises
    ------
    InputError
        If the folder is not empty, or a table is missing.
    """
    total = store.scan("documents").select(pl.len()).collect().item()
    staging = _staging(dest)
    try:
        with tqdm(total=total, desc=f"export {kind}", unit=" documents", leave=False) as bar:
            for index, frames in enumerate(each_partition(store, EXPORTED)):
                for done in WRITERS[kind](frames, staging, index):
                    bar.update(done)
        write_settings({name: line_of(name) for name in EXPORTED}, staging)
        sizes = [p.stat().st_size for p in staging.rglob("*") if p.is_file()]
        staging.replace(dest)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return f"{total:,} documents as {kind}, {len(sizes):,} files, {sum(sizes) / 1e6:,.1f} MB, in {dest}"


def _staging(dest: Path) -> Path:
    """Make the folder to write into, which replaces the destination once all is written; refuse to overwrite files."""
    full = dest.absolute()
    if full.exists() and not (full.is_dir() and not any(full.iterdir())):
        raise InputError(str(dest), "already exists and is not an empty folder", "give a new one, or empty it")
    staging = full.with_name(full.name + ".partial")
    if staging.exists():
        remedy = "if an interrupted export left it, remove it; else give another folder"
        raise InputError(str(staging), "already exists", remedy)
    staging.mkdir(parents=True)
    return staging
