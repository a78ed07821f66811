"""Sources of reports, and the rows of the tables `raw` and `rejected` that they give.

Each source is declared in one YAML file in `seeds/`. It is a folder of .txt files, a CSV, TSV, JSON Lines or Parquet
file beside the YAML file, or such a file inside a package of the Python Package Index.
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

from corpus_tools.collect.readers import SourceRow
from corpus_tools.errors import InputError
from corpus_tools.runtime.records import Section
from corpus_tools.text.publication_dates import parse_datetime


class PackageFile(Section):
    """A file inside a package of the Python Package Index, pinned by two checksums."""

    package: str = Field(pattern=r"^[A-Za-z0-9._-]+==[A-Za-z0-9.]+$")
    package_sha256: str = Field(pattern="^[0-9a-f]{64}$")
    member: str
    sha256: str = Field(pattern="^[0-9a-f]{64}$")


class Columns(Section):
    """The source's name of each column of `raw`; every source needs `text` and `published`."""

    text: str = "text"
    published: str = "published"
    id: str | None = None
    title: str | None = None
    url: str | None = None
    outlet: str | None = None
    updated: str | None = None

    def used(self) -> dict[str, str]:
        """Return the source's name of each column that it has."""
        return {ours: theirs for ours, theirs in self.model_dump().items() if theirs is not None}


class Source(Section):
    """One YAML file in `seeds/`: where the reports are and how to read them."""

    kind: Literal["text", "csv", "tsv", "jsonl", "parquet"]
    path: str | None = None
    fetch: PackageFile | None = None
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
            raise ValueError("Not an encoding that Python knows") from None
        return name

    @field_validator("date_format")
    @classmethod
    def _complete_format(cls, form: str | None) -> str | None:
        day = datetime(2022, 12, 25)  # year, month and day cannot be confused
        try:
            complete = form is None or datetime.strptime(day.strftime(form), form).date() == day.date()
        except (ValueError, re.error):
            complete = False
        if not complete:
            raise ValueError("Not a format of year, month and day such as %d/%m/%Y")
        return form


def check_rows(
    name: str, source: Source, rows: Iterator[SourceRow], label: str, locations: dict[str, str] | None = None
) -> Iterator[dict[str, Any]]:
    """Turn the rows of a source into rows of `raw` and `rejected`.

    Parameters
    ----------
    name
        Name of the source, with which every doc_id starts.
    source
        Its declaration.
    rows
        Its rows, as read.
    label
        Name of the source's file in messages.
    locations
        Location of each doc_id of the sources so far, for messages; those of this source are added.

    Yields
    ------
    One dict per row with the columns of `raw`, or with those of `rejected`, among them `reason`.

    Raises
    ------
    InputError
        If two rows have the same id, or if no row can be used: the YAML file is then more likely wrong than the rows.
    """
    locations = {} if locations is None else locations
    date_format = None if source.kind == "text" else source.date_format  # dates of .txt files are in ISO 8601
    count = kept = 0
    first_reason = ""
    for row in rows:
        count += 1
        location = row.location(label)
        reason = row.fault or _fault(row, date_format)
        if reason:
            first_reason = first_reason or f"{location}: {reason}"
            yield {"source": name, "file": row.file, "row": row.number, "id": row.id, "reason": reason}
            continue
        doc_id = f"{name}-{row.id}"
        if doc_id in locations:
            raise InputError(
                location,
                f"its id {row.id!r} gives the doc_id {doc_id}, which {locations[doc_id]} already has",
                f"make the ids unique, or leave `columns.id` out of seeds/{name}.yaml, so that rows are numbered",
            )
        locations[doc_id] = location
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
            f"none of its {count} rows can be used; {first_reason or 'it has only a header'}",
            f"check that `columns` and `date_format` in seeds/{name}.yaml fit the file",
        )


def _fault(row: SourceRow, date_format: str | None) -> str | None:
    if not (row.values.get("text") or "").strip():
        return "empty text"
    written = row.values.get("published") or ""
    if not written.strip():
        return "no date"
    if parse_datetime(written, date_format) is None:
        wanted = f"as {date_format}" if date_format else "as one day (set `date_format`?)"
        return f"date {written.strip()!r} cannot be read {wanted}"
    return None


def _outlet(name: str, source: Source, row: SourceRow) -> str:
    try:
        host = urlsplit(row.values.get("url") or "").hostname or ""
    except ValueError:  # not a valid link
        host = ""
    written = (row.values.get("outlet") or "").strip() or source.outlet or host.removeprefix("www.") or name
    return source.outlets.get(written, written)


def in_partitions(
    rows: Iterator[dict[str, Any]], size: int
) -> Iterator[tuple[list[dict[str, Any]], list[dict[str, Any]]]]:
    """Group rows into partitions (kept, rejected) of at most `size` kept ones and, but for the last, at least half.

    The ids decide where a partition ends: after the document of its second half whose id has the smallest hash. If
    partitions were cut by number alone, one report added in front would move all later ones into other partitions, and
    each step would have to process them again. This way, the cuts are the old ones again after a few partitions.
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


def summarise(raw: pl.DataFrame, rejected: pl.DataFrame) -> dict[str, Any]:
    """Count the rows found, kept and rejected for the metrics, in total and per source."""

    def counts(kept: int, refused: int) -> dict[str, int]:
        return {"found": kept + refused, "kept": kept, "rejected": refused}

    names = sorted({*raw["source"].unique(), *rejected["source"].unique()})
    by_source = {name: counts((raw["source"] == name).sum(), (rejected["source"] == name).sum()) for name in names}
    return {**counts(raw.height, rejected.height), "sources": by_source}
