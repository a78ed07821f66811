"""Read the sources in seeds/; write `raw` and `rejected`, which together hold every row of every source."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
from tqdm import tqdm

from corpus_tools.collect.fetch import fetch
from corpus_tools.collect.params import CollectParams
from corpus_tools.collect.readers import READERS
from corpus_tools.collect.sources import Source, check_rows, in_partitions, summarise
from corpus_tools.collect.tables import RAW, REJECTED
from corpus_tools.errors import InputError, known
from corpus_tools.runtime.project import Project
from corpus_tools.runtime.provenance import digests
from corpus_tools.runtime.records import read_yaml
from corpus_tools.runtime.step import Context, StepResult


def run(context: Context) -> StepResult:
    """Collect the sources in partitions of nearly the same size."""
    params, store = context.section(CollectParams), context.store
    new = store.staging("raw", "rejected")
    index = 0
    all_rejected: list[dict[str, Any]] = []
    document_digests: list[bytes] = []
    for rows in _sources(params, context.project):
        for kept, rejected in in_partitions(rows, params.documents_per_partition):
            all_rejected += rejected
            if kept:
                raw = pl.DataFrame(kept, schema=RAW.schema)
                new.write("raw", index, raw)
                document_digests += digests(raw)
                index += 1
    if not index:
        raise InputError(
            str(context.project.seeds),
            "no documents at all",
            "put a report into seeds/reports/, or add a source (see docs/your_own_corpus.md)",
        )
    new.write("rejected", 0, pl.DataFrame(all_rejected, schema=REJECTED.schema))
    counts = summarise(new.read("raw", columns=["source"]), new.read("rejected", columns=["source"]))
    store.commit(new, "raw", "rejected")
    summary = f"{counts['found']:,} found = {counts['kept']:,} kept + {counts['rejected']:,} rejected"
    return StepResult(summary, counts, documents=document_digests)


def _sources(params: CollectParams, project: Project) -> Iterator[Iterator[dict[str, Any]]]:
    files = {p.stem: p for p in sorted([*project.seeds.glob("*.yaml"), *project.seeds.glob("*.yml")])}
    for name in params.skip:
        if name not in files:
            raise InputError(f"{project.params}, collect.skip", f"no such source: {name}", known(name, files))
    used = {name: path for name, path in files.items() if name not in params.skip}
    # All YAML files are read first, so that a mistake in any of them is reported before a source is read.
    sources = {name: read_yaml(path, Source) for name, path in used.items()}
    locations: dict[str, str] = {}
    for name, source in sources.items():
        if source.fetch:
            path = fetch(name, source.fetch, project.data / "sources" / name)
        else:
            path = _inside_seeds(name, source.path, project.seeds)
        rows = READERS[source.kind](path, source.columns.used(), source.encoding)
        progress = tqdm(rows, desc=f"collect {name}", unit=" rows", leave=False)
        yield check_rows(name, source, progress, str(path), locations)


def _inside_seeds(name: str, path: str | None, seeds: Path) -> Path:
    if path is None:
        raise InputError(
            f"seeds/{name}.yaml, path", "this key is needed", "set it to the file or folder, relative to seeds/"
        )
    full_path = seeds / path
    if seeds.absolute() not in Path(os.path.normpath(full_path.absolute())).parents:
        raise InputError(
            f"seeds/{name}.yaml, path",
            f"{path} is not below seeds/",
            "put it (or a link to it) there: DVC watches that folder",
        )
    return full_path
