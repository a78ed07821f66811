"""Run a declared step: read what it needs, let it put its tables in place, and write down what made them."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from corpus_tools.errors import InputError
from corpus_tools.runtime.code import digest_of, file_digest
from corpus_tools.runtime.project import Project
from corpus_tools.runtime.provenance import corpus_fingerprint, line_of, record, shortened
from corpus_tools.runtime.records import Section, read_word_lists
from corpus_tools.runtime.schema import Tables
from corpus_tools.runtime.step import Context, Step
from corpus_tools.runtime.store import Store, write_aside


def run_step(step: Step, params: Section, tables: Tables, project: Project) -> str:
    """Run a step and return the line that the terminal and the log show.

    Parameters
    ----------
    step
        Its declaration.
    params
        All of params.yaml.
    tables
        All tables of the pipeline; the step gets those that it declares.
    project
        Where the files are.

    Raises
    ------
    InputError
        If something that the step needs is missing or wrong.
    """
    start = time.monotonic()
    makes = next((table.name for table in step.writes if table.name in ("raw", "documents")), None)
    # Read first: without it no provenance could be written.
    corpus = None if makes or not step.corpus else _read_fingerprint(project, tables, step.corpus)
    own = {name: tables[name] for name in (*step.reads, *(table.name for table in step.writes))}
    store = Store(project.data, own, step=step.name)
    find_line = partial(line_of, project.provenance, tables=tables)
    context = Context(project, store, params, find_line, record(step, params)["line"])
    result = step.function()(context)
    if makes and result.documents is not None:
        corpus = corpus_fingerprint(result.documents)
        write_aside(project.fingerprint_file(makes), corpus + "\n")
    if result.metrics is not None:
        provenance = record(step, params, corpus, [*result.notes, *_notes(step, store, project)])
        if step.writes:
            write_aside(project.provenance / f"{step.name}.json", _json(provenance))
        write_aside(project.metrics(step.name), _json({**result.metrics, "settings": shortened(provenance)}))
    line = f"{step.name:<10} {result.summary}, {time.monotonic() - start:.1f} s"
    _log(project.log, line)
    return line


def _read_fingerprint(project: Project, tables: Tables, table: str) -> str:
    path = project.fingerprint_file(table)
    try:
        return path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        raise InputError(
            str(path),
            "no such file yet",
            f"run `make repro`, or only this step: `python -m corpus_tools {tables[table].step}`",
        ) from None


def _notes(step: Step, store: Store, project: Project) -> list[str]:
    """Name a researcher's word lists, and the tables that other steps made by their own parameters, by digests."""
    lists = {Path(name).stem: read_word_lists(project.root / name) for name in step.files if name.endswith(".yaml")}
    notes = [f"{name} {digest_of(json.dumps(words))[:8]}" for name, words in lists.items() if words]
    return notes + [f"{table} {digest_of(*map(file_digest, store.partitions(table)))[:8]}" for table in step.noted]


def _json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _log(path: Path, line: str) -> None:
    path.parent.mkdir(exist_ok=True)
    with path.open("a", encoding="utf-8") as log:
        log.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')}  {line}\n")
