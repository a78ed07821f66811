"""The formats in which a corpus is exported, one partition of documents at a time.

Offsets are the tables' own: characters of `documents.text`, the end exclusive. docs/export.md says what each format
holds and how the usual tools open it.
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

# Each writes one partition into a folder, and yields how many documents are done.
Writer = Callable[[Frames, Path, int], Iterator[int]]
WRITERS: dict[str, Writer] = {"brat": write_brat, "conllu": write_conllu, "csv": write_csv, "jsonl": write_jsonl}


def export(store: Store, kind: str, dest: Path, line_of: Callable[[str], str]) -> str:
    """Write the corpus with all its marks into a folder.

    Parameters
    ----------
    store
        The tables of EXPORTED.
    kind
        One of WRITERS.
    dest
        A new or empty folder; it is there once everything is written.
    line_of
        Returns the provenance line of a table.

    Returns
    -------
    What was written, in one line.

    Raises
    ------
    InputError
        If the folder is not empty, or a table is missing.
    """
    total = store.scan("documents").select(pl.len()).collect().item()
    new = _beside(dest)
    try:
        with tqdm(total=total, desc=f"export {kind}", unit=" documents", leave=False) as bar:
            for index, frames in enumerate(each_partition(store, EXPORTED)):
                for done in WRITERS[kind](frames, new, index):
                    bar.update(done)
        write_settings({name: line_of(name) for name in EXPORTED}, new)
        sizes = [p.stat().st_size for p in new.rglob("*") if p.is_file()]
        new.replace(dest)  # not put_in_place: whatever else is beside a user's folder is not ours to remove
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return f"{total:,} documents as {kind}, {len(sizes):,} files, {sum(sizes) / 1e6:,.1f} MB, in {dest}"


def _beside(dest: Path) -> Path:
    """Make an empty folder that can take the place of a user's one, if nothing is lost by that."""
    full = dest.absolute()
    if full.exists() and not (full.is_dir() and not any(full.iterdir())):
        raise InputError(str(dest), "it is there and not an empty folder", "give a new one, or empty it")
    new = full.with_name(full.name + ".partial")
    if new.exists():
        raise InputError(
            str(new), "it is in the way", "if an export that was stopped left it, remove it; else give another folder"
        )
    new.mkdir(parents=True)
    return new
