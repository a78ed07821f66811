"""Provenance: what made a table, a figure or a metric, as a record and in one line.

The line names the step, the corpus by a fingerprint of its documents, the parameters, and the versions of the libraries
that the results depend on; nothing that differs between machines or numbers of workers. There is one record per step,
in `data/settings/STEP.json`, and none inside the tables' own files: a partition is shared between runs (see
`runtime.cache`), so it holds nothing about the rest of the corpus, and its bytes, on which the next steps depend, do
not change with a parameter that leaves its rows as they were.
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
_SHOWN_DIGITS = 12  # of a fingerprint's 32 in a line: enough to distinguish corpora
_SHOWN_VALUES = 8  # a longer list is a digest in the line; the record has all its values
# The results depend on these columns. Other columns of documents follow from them, or nothing is counted by them.
_CONTENT = ("doc_id", "outlet", "published", "text", "cluster_id")
# Libraries that run, read and show: no result depends on their versions. spaCy is listed where it tags.
_MACHINERY = frozenset(
    "anywidget click distributed ipywidgets jinja2 joblib lazy_loader pip pydantic pyyaml spacy threadpoolctl tqdm"
    " wcwidth".split()
)


def digests(documents: pl.DataFrame) -> list[bytes]:
    """Return a digest of each document's content.

    Parameters
    ----------
    documents
        `raw` or `documents`, or some of their rows: doc_id, outlet, published, text and, of `documents`, cluster_id.
    """
    columns = [column for column in _CONTENT if column in documents.columns]
    return [_digest(row) for row in documents.select(columns).iter_rows()]


def _digest(row: tuple[object, ...]) -> bytes:
    # The length before each value keeps two rows from running together to the same bytes; null differs from empty.
    values = (None if value is None else str(value).encode() for value in row)
    content = b"".join(b"-" if value is None else b"%d:%b" % (len(value), value) for value in values)
    return blake2b(content, digest_size=16).digest()


def corpus_fingerprint(digests: Iterable[bytes]) -> str:
    """Return one fingerprint of documents, the same for any order and any partitions.

    Examples
    --------
    >>> corpus_fingerprint([b"one", b"two"]) == corpus_fingerprint([b"two", b"one"])
    True
    """
    return blake2b(b"".join(sorted(digests)), digest_size=16).hexdigest()


def record(step: Step, params: Section, corpus: str | None = None, notes: Sequence[str] = ()) -> Record:
    """Collect what a step's results depend on.

    Parameters
    ----------
    step
        Its declaration.
    params
        All parameters; those of the step are taken.
    corpus
        The fingerprint of the documents that it read; for `collect` and `clean`, of those that it wrote.
    notes
        Further facts.

    Returns
    -------
    step, corpus (or raw), notes, parameters, versions, and the `line` that says it all.

    Examples
    --------
    >>> class Sizes(Section):
    ...     width_mm: int = 89
    >>> class AllParams(Section):
    ...     figures: Sizes = Sizes()
    >>> step = Step("figures", "Draw.", "corpus_tools.stats.association:g2", corpus=None)
    >>> content = record(step, AllParams())
    >>> content["parameters"], list(content["versions"])
    ({'width_mm': 89}, ['corpus_tools', 'numpy', 'scipy'])
    """
    content: Record = {"step": step.name}
    if corpus is not None and step.corpus:
        content["raw" if step.corpus == "raw" else "corpus"] = corpus
    if notes:
        content["notes"] = list(notes)
    content |= {"parameters": _parameters(step, params), "versions": _versions(step, params)}
    return {"line": line(content), **content}


def _parameters(step: Step, params: Section) -> dict[str, Any]:
    values = params.model_dump(mode="json")
    own = {name: value for name, value in values.get(step.name, {}).items() if name not in step.unlisted}
    others = (name.split(".") for name in step.params)
    return own | {f"{section}.{name}": values[section][name] for section, name in others}


def _versions(step: Step, params: Section) -> dict[str, str]:
    names = ["corpus_tools", *(name for name in code_of(step.module).libraries if name not in _MACHINERY)]
    tagger = getattr(getattr(params, step.name, None), "tagger", "")
    if tagger.startswith("spacy:"):
        names += ["spacy", tagger.removeprefix("spacy:")]
    return {name: version_of(name) for name in names}


def line(record: Record) -> str:
    """Write a record in one line.

    Examples
    --------
    >>> line({"step": "clean", "corpus": "3f2a9c1e40d7c3b1", "parameters": {"period": "week", "skip": []},
    ...       "versions": {"corpus_tools": "0.2.0", "ftfy": "6.3.1"}})
    'clean · corpus 3f2a9c1e40d7 · period week, skip none · corpus_tools 0.2.0, ftfy 6.3.1'
    """
    texts = [f"{name} {record[name][:_SHOWN_DIGITS]}" for name in ("raw", "corpus") if name in record]
    lists = (
        ", ".join(f"{name} {_written(value)}" for name, value in record[key].items())
        for key in ("parameters", "versions")
    )
    return " · ".join(text for text in (record["step"], *texts, *record.get("notes", ()), *lists) if text)


def shortened(record: Record) -> Record:
    """Write a record's values as its line does, one by one: `dvc metrics diff` then names those that changed.

    Examples
    --------
    >>> content = {"step": "clean", "corpus": "3f2a9c1e40d7c3b1", "parameters": {"skip": []}, "versions": {}}
    >>> shortened(content)
    {'step': 'clean', 'corpus': '3f2a9c1e40d7', 'parameters': {'skip': 'none'}, 'versions': {}}
    """
    content: Record = {"step": record["step"]}
    content |= {name: record[name][:_SHOWN_DIGITS] for name in ("raw", "corpus") if name in record}
    content |= {"notes": record["notes"]} if "notes" in record else {}
    return content | {
        key: {name: _written(value) for name, value in record[key].items()} for key in ("parameters", "versions")
    }


def _written(value: object) -> str:
    if isinstance(value, list):
        text = "+".join(map(_written, value)) or "none"
        digest = blake2b(text.encode(), digest_size=4).hexdigest()
        return text if len(value) <= _SHOWN_VALUES else f"{len(value)} values {digest}"
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
            f"no record yet of what made {name}",
            f"run `make repro`, or only this step: `python -m corpus_tools {step}`",
        ) from None
