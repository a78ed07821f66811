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
from dataclasses import dataclass
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import polars as pl

from corpus_tools.errors import InputError, known
from corpus_tools.params import Params
from corpus_tools.tables import TABLES

Record = dict[str, Any]
# Of a fingerprint of 32 digits a line shows so many: enough to tell corpora apart.
_SHOWN = 12
# A longer list would be all that a line says; its digest tells two lists apart, and the record has them whole.
_LISTED = 8
# What the results rest on. Other columns of documents follow from these, or nothing is counted by them.
_CONTENT = ("doc_id", "outlet", "published", "text", "cluster_id")


@dataclass(frozen=True)
class _Made:
    """The libraries on whose version a step's results depend, and the parameters beside those of its own section."""

    libraries: tuple[str, ...]
    besides: tuple[str, ...] = ()


# A new step needs a line here, and `data/settings/STEP.json` among the outs of its stage.
STEPS: dict[str, _Made] = {
    "collect": _Made(("polars",)),
    "clean": _Made(("polars", "ftfy", "py3langid", "simplemma")),
    "tokenise": _Made(("polars", "nltk", "simplemma")),
    "annotate": _Made(("polars",)),
    "grid": _Made(
        ("polars", "numpy", "scipy", "scikit-learn", "simplemma"),
        (
            "topics.batch_above",
            "topics.learn_until",
            "topics.leave_out",
            "topics.max_iterations",
            "topics.max_share",
            "topics.min_documents",
            "topics.model",
            "topics.seed",
        ),
    ),
    "topics": _Made(("polars", "numpy", "scipy", "scikit-learn", "simplemma")),
    "sentiment": _Made(("polars", "numpy", "scipy", "simplemma", "vaderSentiment")),
    "evaluate": _Made(("polars", "numpy", "scipy")),
    "figures": _Made(("matplotlib",)),
    "report": _Made(("polars", "numpy")),
}
# What is no part of a line: how often scores were drawn anew is said in words there, a figure's width stands in the
# names of its files, and whether the line is printed, anybody sees.
_LEFT_OUT = {"evaluate": ("draws", "seed"), "figures": ("widths_mm", "settings_line")}


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


def record(step: str, params: Params, corpus: str | None = None, notes: Sequence[str] = ()) -> Record:
    """Put together what a step's results depend on.

    Parameters
    ----------
    step
        One of STEPS.
    params
        All parameters; those of the step are taken.
    corpus
        The fingerprint of the documents that it read; for `collect`, of the rows that it kept.
    notes
        What else there is to say.

    Returns
    -------
    step, corpus (or raw), notes, parameters, versions, and the `line` of them all.

    Examples
    --------
    >>> made = record("annotate", Params(), "3f2a9c1e40d7c3b1")
    >>> made["parameters"], sorted(made["versions"])
    ({'languages': ['en'], 'event_gap_days': 4}, ['corpus_tools', 'polars'])
    """
    found: Record = {"step": step}
    if corpus is not None:
        found["raw" if step == TABLES["raw"].step else "corpus"] = corpus
    if notes:
        found["notes"] = list(notes)
    found |= {"parameters": _parameters(step, params), "versions": _versions(step, params)}
    return {"line": line(found), **found}


def _parameters(step: str, params: Params) -> dict[str, Any]:
    values = params.model_dump(mode="json")
    own = {name: value for name, value in values.get(step, {}).items() if name not in _LEFT_OUT.get(step, ())}
    besides = (name.split(".") for name in STEPS[step].besides)
    return own | {f"{section}.{name}": values[section][name] for section, name in besides}


def _versions(step: str, params: Params) -> dict[str, str]:
    names = ["corpus_tools", *STEPS[step].libraries]
    if step == "tokenise" and params.tokenise.tagger.startswith("spacy:"):
        names += ["spacy", params.tokenise.tagger.removeprefix("spacy:")]
    found = {}
    for name in names:
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # a model of spaCy that lies in a folder of its user's
            found[name] = "of no package"
    return found


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


def line_of(folder: Path, table: str) -> str:
    """Give the line of the step that made a table.

    Parameters
    ----------
    folder
        Where the records are, one file a step.
    table
        The table's name.

    Raises
    ------
    InputError
        If there is no such table, or it has not been made yet.
    """
    if table not in TABLES:
        raise InputError(f"table {table}", "there is no such table", known(table, TABLES))
    step = TABLES[table].step
    path = folder / f"{step}.json"
    try:
        return str(json.loads(path.read_text(encoding="utf-8"))["line"])
    except FileNotFoundError:
        raise InputError(
            str(path),
            f"nothing says yet what made {table}",
            f"run `make repro`, or only this step: `python -m corpus_tools {step}`",
        ) from None
