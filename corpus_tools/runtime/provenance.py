"""Settings: what made a table, a figure or a metric, as a record and in one line.

The line names the step, the corpus by a fingerprint of its documents, the parameters, and the versions of what the
results depend on; nothing that differs between machines or numbers of workers. There is one record a step, in
`data/settings/STEP.json`, and none inside the tables' own files: a partition is kept under the fingerprint of what it
was made of and shared between runs (see parts.py), so it holds nothing about the rest of the corpus, and its bytes, on
which the next steps depend, do not change with a parameter that leaves its rows as they were.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any

import polars as pl

from corpus_tools.errors import InputError
from corpus_tools.runtime.code import code_of, version_of
from corpus_tools.runtime.records import Section
from corpus_tools.runtime.schema import Tables, table_named
from corpus_tools.runtime.step import Step

Record = dict[str, Any]
# Of a fingerprint of 32 digits a line shows so many: enough to tell corpora apart.
_SHOWN = 12
# A longer list would be all that a line says; its digest tells two lists apart, and the record has them whole.
_LISTED = 8
# What the results rest on. Other columns of documents follow from these, or nothing is counted by them.
_CONTENT = ("doc_id", "outlet", "published", "text", "cluster_id")


# Run, read and show: no number depends on their versions.
_MACHINERY = frozenset(
    ("anywidget", "click", "distributed", "ipywidgets", "jinja2", "joblib", "lazy_loader", "pip", "pydantic", "pyyaml")
    + ("threadpoolctl", "tqdm", "wcwidth")
)


def digests(documents: pl.DataFrame) -> list[bytes]:
    """Give a digest of each document's content.

    Parameters
    ----------
    documents
        `raw` or `documents`, or some of their rows; of each doc_id, outlet, published, text and, if it is there,
        cluster_id count.
    """
    columns = [c for c in _CONTENT if c in documents.columns]
    return [_digest(row) for row in documents.select(columns).iter_rows()]


def _digest(row: tuple[object, ...]) -> bytes:
    # Each value after its length, so that no two rows run together to the same bytes; none is not the same as empty.
    values = (None if value is None else str(value).encode() for value in row)
    content = b"".join(b"-" if v is None else b"%d:%b" % (len(v), v) for v in values)
    return blake2b(content, digest_size=16).digest()


def fingerprint(digests: Iterable[bytes]) -> str:
    """Give one fingerprint of documents, however they are ordered and cut into partitions.

    Examples
    --------
    >>> fingerprint([b"one", b"two"]) == fingerprint([b"two", b"one"])
    True
    """
    return blake2b(b"".join(sorted(digests)), digest_size=16).hexdigest()


def record(step: Step, params: Section, corpus: str | None = None, notes: Sequence[str] = ()) -> Record:
    """Put together what a step's results depend on.

    Parameters
    ----------
    step
        Its declaration.
    params
        All parameters; those of the step are taken.
    corpus
        The fingerprint of the documents that it read; for `collect`, of the rows that it kept.
    notes
        What else there is to say.

    Returns
    -------
    step, corpus (or raw), notes, parameters, versions, and the `line` of them all.
    """
    found: Record = {"step": step.name}
    if corpus is not None and step.corpus:
        found["raw" if step.corpus == "raw" else "corpus"] = corpus
    if notes:
        found["notes"] = list(notes)
    found |= {"parameters": _parameters(step, params), "versions": _versions(step, params)}
    return {"line": line(found), **found}


def _parameters(step: Step, params: Section) -> dict[str, Any]:
    values = params.model_dump(mode="json")
    own = {name: value for name, value in values.get(step.name, {}).items() if name not in step.unlisted}
    besides = (name.split(".") for name in step.params)
    return own | {f"{section}.{name}": values[section][name] for section, name in besides}


def _versions(step: Step, params: Section) -> dict[str, str]:
    libraries = [name for name in code_of(step.module).libraries if name not in _MACHINERY and name != "spacy"]
    tagger = params.model_dump().get("tokenise", {}).get("tagger", "") if step.name == "tokenise" else ""
    if tagger.startswith("spacy:"):
        libraries += ["spacy", tagger.removeprefix("spacy:")]
    return {name: version_of(name) for name in ("corpus_tools", *libraries)}


def line(record: Record) -> str:
    """Write a record in one line.

    Examples
    --------
    >>> line({"step": "clean", "corpus": "3f2a9c1e40d7c3b1", "parameters": {"period": "week", "skip": []},
    ...       "versions": {"corpus_tools": "0.1.0", "ftfy": "6.3.1"}})
    'clean · corpus 3f2a9c1e40d7 · period week, skip none · corpus_tools 0.1.0, ftfy 6.3.1'
    """
    texts = [f"{what} {record[what][:_SHOWN]}" for what in ("raw", "corpus") if what in record]
    named = (
        ", ".join(f"{name} {_said(value)}" for name, value in record[k].items()) for k in ("parameters", "versions")
    )
    return " · ".join(part for part in (record["step"], *texts, *record.get("notes", ()), *named) if part)


def shortened(record: Record) -> Record:
    """Write a record's values as its line does, each one apart: `dvc metrics diff` then names those that changed.

    Examples
    --------
    >>> made = record("clean", Params(), "3f2a9c1e40d7c3b1")
    >>> shortened(made)["corpus"], shortened(made)["parameters"]["period"], line(shortened(made)) == made["line"]
    ('3f2a9c1e40d7', 'week', True)
    """
    found: Record = {"step": record["step"]}
    found |= {what: record[what][:_SHOWN] for what in ("raw", "corpus") if what in record}
    found |= {"notes": record["notes"]} if "notes" in record else {}
    return found | {
        what: {name: _said(value) for name, value in record[what].items()} for what in ("parameters", "versions")
    }


def _said(value: object) -> str:
    if isinstance(value, list):
        written = "+".join(map(_said, value)) or "none"
        digest = blake2b(written.encode(), digest_size=4).hexdigest()
        return written if len(value) <= _LISTED else f"{len(value)} values {digest}"
    return str(value).lower() if isinstance(value, bool) or value is None else str(value)


def line_of(folder: Path, name: str, tables: Tables) -> str:
    """Return the provenance line of the step that made a table.

    Parameters
    ----------
    folder
        Where the records are, one file per step.
    name
        The table's name.
    tables
        All tables.

    Raises
    ------
    InputError
        If there is no such table, or it has not been made yet.
    """
    step = table_named(name, tables).step
    path = folder / f"{step}.json"
    try:
        return str(json.loads(path.read_text(encoding="utf-8"))["line"])
    except FileNotFoundError:
        raise InputError(
            str(path),
            f"nothing says yet what made {name}",
            f"run `make repro`, or only this step: `python -m corpus_tools {step}`",
        ) from None
