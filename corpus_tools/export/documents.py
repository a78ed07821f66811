"""What the formats share: documents with their rows of each layer, names of files, the list of documents."""

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
# Everything that ends a line or a column for one reader or another; `str.splitlines` knows most of them.
BREAK = re.compile(r"[\t\n\r\v\f\x1c-\x1f\x85\u2028\u2029]")


def reports(frames: Frames, layers: Sequence[str] = EXPORTED_LAYERS) -> Iterator[tuple[Row, Layers]]:
    """Return each document of a partition with its rows of some layers, in the tables' order."""
    parts = {n: frames[n].partition_by("doc_id", as_dict=True, include_key=False) for n in layers}
    for document in frames["documents"].iter_rows(named=True):
        key = (document["doc_id"],)
        yield document, {n: part[key].to_dicts() if key in part else [] for n, part in parts.items()}


def on_one_line(value: object) -> str:
    """Keep a value on its line and in its column; one character stays one character, so offsets hold."""
    return BREAK.sub(" ", str(value))


def file_name(doc_id: str) -> str:
    """Make a name that any file system and brat take, a different one for every document.

    Examples
    --------
    >>> file_name("news_articles-12"), file_name("Київ/1")
    ('news_articles-12', '_1-a7dadbd8')
    """
    if re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,99}", doc_id):
        return doc_id
    # Capitals too get the hash: some file systems do not tell A from a.
    safe = re.sub(r"[^A-Za-z0-9_-]+", "_", doc_id)[:90]
    return f"{safe}-{sha256(doc_id.encode()).hexdigest()[:8]}"


def flat_columns(frame: pl.DataFrame) -> pl.DataFrame:
    """Put lists and records into JSON, for a CSV has no place for them.

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
    """Append rows to a CSV file, which gets its header with the first ones."""
    header = not path.exists()
    with path.open("ab") as out:
        flat_columns(frame).write_csv(out, include_header=header, datetime_format="%Y-%m-%dT%H:%M:%S")


def list_documents(frames: Frames, folder: Path, files: list[str]) -> None:
    """Say in which file each document is, with what else is known of it, for formats that have no place for that."""
    append_csv(
        folder / "documents.csv", frames["documents"].drop("text", "repairs").with_columns(file=pl.Series(files))
    )


def write_settings(lines: Mapping[str, str], folder: Path) -> None:
    """Say in `settings.json` what made each table; the other files have no place for it that their readers know."""
    text = json.dumps(lines, indent=2, ensure_ascii=False)
    (folder / "settings.json").write_text(text + "\n", encoding="utf-8", newline="\n")
