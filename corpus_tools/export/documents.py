"""What all formats share: documents with their rows of each layer, names of files, the list of documents."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl

from corpus_tools.layers.registry import BY_NAME

Frames = Mapping[str, pl.DataFrame]
Row = dict[str, Any]
Layers = dict[str, list[Row]]

EXPORTED_LAYERS = ("sentences", "tokens", *BY_NAME)
EXPORTED = ("documents", *EXPORTED_LAYERS)
# Everything that ends a line or a column for some reader; `str.splitlines` knows most of them.
BREAK = re.compile(r"[\t\n\r\v\f\x1c-\x1f\x85\u2028\u2029]")


def reports(frames: Frames, layers: Sequence[str] = EXPORTED_LAYERS) -> Iterator[tuple[Row, Layers]]:
    """Yield each document of a partition with its rows of some layers, in the tables' order."""
    by_document = {n: frames[n].partition_by("doc_id", as_dict=True, include_key=False) for n in layers}
    for document in frames["documents"].iter_rows(named=True):
        key = (document["doc_id"],)
        yield document, {n: rows[key].to_dicts() if key in rows else [] for n, rows in by_document.items()}


def on_one_line(value: object) -> str:
    """Return a value without line ends and tabs; each becomes one blank, so offsets remain valid."""
    return BREAK.sub(" ", str(value))


def file_name(doc_id: str) -> str:
    """Return a file name that any file system and brat accept, different for every document.

    Examples
    --------
    >>> file_name("news_articles-12"), file_name("Київ/1")
    ('news_articles-12', '_1-a7dadbd8')
    """
    if re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,99}", doc_id):
        return doc_id
    # With capitals, the hash is needed too: some file systems do not distinguish A from a.
    name = re.sub(r"[^A-Za-z0-9_-]+", "_", doc_id)[:90]
    return f"{name}-{sha256(doc_id.encode()).hexdigest()[:8]}"


def flat_columns(frame: pl.DataFrame) -> pl.DataFrame:
    """Convert lists and records to JSON, because CSV has no form for them.

    Examples
    --------
    >>> flat_columns(pl.DataFrame({"a": [[{"repair": "spaces", "times": 2}]]})).item()
    '[{"repair": "spaces", "times": 2}]'
    """
    nested = [c.name for c in frame.iter_columns() if c.dtype.is_nested()]
    columns = {
        n: [None if v is None else json.dumps(v, ensure_ascii=False) for v in frame[n].to_list()] for n in nested
    }
    return frame.with_columns(pl.Series(n, values, dtype=pl.String) for n, values in columns.items())


def append_csv(path: Path, frame: pl.DataFrame) -> None:
    """Append rows to a CSV file; the first rows come with a header."""
    header = not path.exists()
    with path.open("ab") as out:
        flat_columns(frame).write_csv(out, include_header=header, datetime_format="%Y-%m-%dT%H:%M:%S")


def list_documents(frames: Frames, folder: Path, files: list[str]) -> None:
    """Write `documents.csv`: the file and metadata of each document, for formats that have no place for metadata."""
    append_csv(
        folder / "documents.csv", frames["documents"].drop("text", "repairs").with_columns(file=pl.Series(files))
    )


def write_settings(lines: Mapping[str, str], folder: Path) -> None:
    """Write `settings.json`, the provenance lines of the tables, which no format has a place for."""
    text = json.dumps(lines, indent=2, ensure_ascii=False)
    (folder / "settings.json").write_text(text + "\n", encoding="utf-8", newline="\n")
