"""The tables: their columns, their keys, and where their partitions lie below one folder.

A table is a folder of Parquet files, `part-00000.parquet` and on, each holding whole documents. A new table is
written beside the old one and put in its place when all of it is there, so a reader never meets half a table and a
step that fails leaves the last good one.
"""

from __future__ import annotations

import io
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from corpus_tools.errors import InputError, known

_OFFSET = pl.Int32()
_NAME = pl.String()
_MEASURES = ("npmi", "exclusivity", "stability", "held_out")
# A mean share, its 95 % interval, and the lowest and highest that a fit to a part of the reports gives.
_PREVALENCE = ("share", "low", "high", "refit_low", "refit_high")
# A mean sentiment with its interval.
_MEAN: dict[str, pl.DataType] = dict.fromkeys(("compound", "low", "high"), pl.Float64())


@dataclass(frozen=True)
class Table:
    """Columns with their types, the key that sorts the rows, and the step that makes the table."""

    step: str
    columns: dict[str, pl.DataType]
    key: tuple[str, ...]
    folder: str = ""


TABLES: dict[str, Table] = {
    "raw": Table(
        "collect",
        {
            "doc_id": _NAME,
            "source": _NAME,
            "file": _NAME,
            "row": pl.Int64(),
            "outlet": _NAME,
            "title": _NAME,
            "url": _NAME,
            "published": _NAME,
            "updated": _NAME,
            "date_format": _NAME,
            "text": _NAME,
        },
        ("source", "row"),
    ),
    "rejected": Table(
        "collect",
        {"source": _NAME, "file": _NAME, "row": pl.Int64(), "id": _NAME, "reason": _NAME},
        ("source", "row"),
    ),
    "documents": Table(
        "clean",
        {
            "doc_id": _NAME,
            "source": _NAME,
            "outlet": _NAME,
            "title": _NAME,
            "url": _NAME,
            "published": pl.Date(),
            "updated": pl.Datetime("us"),
            "place": _NAME,
            "country": _NAME,
            "agency": _NAME,
            "body_start": _OFFSET,
            "language": _NAME,
            "text": _NAME,
            "repairs": pl.List(pl.Struct({"repair": pl.String, "times": pl.Int32})),
            "cluster_id": _NAME,
            "is_first_report": pl.Boolean(),
        },
        ("doc_id",),
    ),
    "reports_by_period": Table(
        "clean",
        {
            "outlet": _NAME,
            "period": _NAME,
            "start": pl.Date(),
            "stretch": pl.Int32(),
            "reports": pl.Int64(),
            "first_reports": pl.Int64(),
            "own_repeats": pl.Int64(),
            "others_repeats": pl.Int64(),
        },
        ("outlet", "start"),
    ),
    "sentences": Table(
        "tokenise",
        {"doc_id": _NAME, "sentence": pl.Int32(), "paragraph": pl.Int32(), "start": _OFFSET, "end": _OFFSET},
        ("doc_id", "sentence"),
    ),
    "tokens": Table(
        "tokenise",
        {
            "doc_id": _NAME,
            "sentence": pl.Int32(),
            "start": _OFFSET,
            "end": _OFFSET,
            "token": _NAME,
            "norm": _NAME,
            "lemma": _NAME,
            "pos": _NAME,
            "upos": _NAME,
        },
        ("doc_id", "start", "end"),
    ),
    "lengths_by_outlet": Table(
        "tokenise",
        {
            "outlet": _NAME,
            "reports": pl.Int64(),
            "p05": pl.Float64(),
            "p25": pl.Float64(),
            "median": pl.Float64(),
            "p75": pl.Float64(),
            "p95": pl.Float64(),
        },
        ("outlet",),
    ),
    "quotes": Table(
        "annotate",
        {
            "doc_id": _NAME,
            "sentence": pl.Int32(),
            "start": _OFFSET,
            "end": _OFFSET,
            "text": _NAME,
            "kind": _NAME,
            "speaker": _NAME,
            "speaker_start": _OFFSET,
            "speaker_end": _OFFSET,
            "speaker_name": _NAME,
            "speaker_role": _NAME,
            "cue": _NAME,
            "cue_start": _OFFSET,
            "cue_end": _OFFSET,
            "channel": _NAME,
        },
        ("doc_id", "start", "end"),
    ),
    "times": Table(
        "annotate",
        {
            "doc_id": _NAME,
            "start": _OFFSET,
            "end": _OFFSET,
            "text": _NAME,
            "value": _NAME,
            "granularity": _NAME,
        },
        ("doc_id", "start", "end"),
    ),
    "quantities": Table(
        "annotate",
        {
            "doc_id": _NAME,
            "start": _OFFSET,
            "end": _OFFSET,
            "text": _NAME,
            "low": pl.Int64(),
            "best": pl.Int64(),
            "high": pl.Int64(),
            "bound": _NAME,
            "kind": _NAME,
        },
        ("doc_id", "start", "end"),
    ),
    "names": Table(
        "annotate",
        {
            "doc_id": _NAME,
            "start": _OFFSET,
            "end": _OFFSET,
            "text": _NAME,
            "label": _NAME,
            "name": _NAME,
        },
        ("doc_id", "start", "end"),
    ),
    "places": Table(
        "annotate",
        {
            "doc_id": _NAME,
            "start": _OFFSET,
            "end": _OFFSET,
            "text": _NAME,
            "kind": _NAME,
            "name": _NAME,
            "country": _NAME,
            "lat": pl.Float64(),
            "lon": pl.Float64(),
            "geonames_id": pl.Int64(),
        },
        ("doc_id", "start", "end"),
    ),
    "claims": Table(
        "annotate",
        {
            "doc_id": _NAME,
            "cluster_id": _NAME,
            "published": pl.Date(),
            "start": _OFFSET,
            "end": _OFFSET,
            "text": _NAME,
            "low": pl.Int64(),
            "best": pl.Int64(),
            "high": pl.Int64(),
            "bound": _NAME,
            "kind": _NAME,
            "who": _NAME,
            "who_start": _OFFSET,
            "who_end": _OFFSET,
            "speaker_name": _NAME,
            "speaker_start": _OFFSET,
            "speaker_end": _OFFSET,
            "cue": _NAME,
            "cue_start": _OFFSET,
            "cue_end": _OFFSET,
            "event_date": _NAME,
            "event_date_precision": _NAME,
            "event_date_start": _OFFSET,
            "event_date_end": _OFFSET,
            "place": _NAME,
            "place_precision": _NAME,
            "place_start": _OFFSET,
            "place_end": _OFFSET,
            "country": _NAME,
            "lat": pl.Float64(),
            "lon": pl.Float64(),
            "geonames_id": pl.Int64(),
        },
        ("doc_id", "start", "end"),
    ),
    "speakers_by_outlet": Table(
        "annotate",
        {
            "outlet": _NAME,
            "rank": pl.Int32(),
            "speaker_name": _NAME,
            "quotes": pl.Int64(),
            "reports": pl.Int64(),
            "first_reports": pl.Int64(),
            "share": pl.Float64(),
        },
        ("outlet", "rank"),
    ),
    "places_on_map": Table(
        "annotate",
        {
            "name": _NAME,
            "country": _NAME,
            "kind": _NAME,
            "lat": pl.Float64(),
            "lon": pl.Float64(),
            "geonames_id": pl.Int64(),
            "mentions": pl.Int64(),
            "reports": pl.Int64(),
            "first_reports": pl.Int64(),
        },
        ("name", "country", "kind", "lat", "lon"),
    ),
    "tolls": Table(
        "annotate",
        {
            "event": pl.Int32(),
            "place": _NAME,
            "country": _NAME,
            "kind": _NAME,
            "published": pl.Date(),
            "outlet": _NAME,
            "doc_id": _NAME,
            "cluster_id": _NAME,
            "start": _OFFSET,
            "speaker_name": _NAME,
            "low": pl.Int64(),
            "best": pl.Int64(),
            "high": pl.Int64(),
            "bound": _NAME,
        },
        ("event", "published", "doc_id", "start"),
    ),
    "topic_grid": Table(
        "grid",
        {
            "n_topics": pl.Int32(),
            "runs": pl.Int32(),
            **{f"{name}{end}": pl.Float64() for name in _MEASURES for end in ("", "_se")},
            "coherent": pl.Boolean(),
            "stable": pl.Boolean(),
            "picked": pl.Boolean(),
        },
        ("n_topics",),
    ),
    "topic_terms": Table(
        "topics",
        {
            "topic": pl.Int32(),
            "rank": pl.Int32(),
            "term": _NAME,
            "weight": pl.Float64(),
            "frex": pl.Float64(),
        },
        ("topic", "rank"),
        "topics/topic_terms",
    ),
    "doc_topics": Table(
        "topics",
        {"doc_id": _NAME, "topic": pl.Int32(), "share": pl.Float64()},
        ("doc_id", "topic"),
        "topics/doc_topics",
    ),
    "topics_by_period": Table(
        "topics",
        {
            "unit": _NAME,
            "topic": pl.Int32(),
            "label": _NAME,
            "period": _NAME,
            "start": pl.Date(),
            "stretch": pl.Int32(),
            "reports": pl.Int64(),
            **dict.fromkeys(_PREVALENCE, pl.Float64()),
        },
        ("unit", "topic", "start"),
        "topics/topics_by_period",
    ),
    "topics_by_outlet": Table(
        "topics",
        {
            "unit": _NAME,
            "topic": pl.Int32(),
            "label": _NAME,
            "outlet": _NAME,
            "reports": pl.Int64(),
            **dict.fromkeys(_PREVALENCE, pl.Float64()),
        },
        ("unit", "topic", "outlet"),
        "topics/topics_by_outlet",
    ),
    "topic_overview": Table(
        "topics",
        {
            "topic": pl.Int32(),
            "label": _NAME,
            "named_by": _NAME,
            "terms": _NAME,
            "frex_terms": _NAME,
            "share": pl.Float64(),
            "npmi": pl.Float64(),
            "exclusivity": pl.Float64(),
            "stability": pl.Float64(),
            "outlet": _NAME,
            "outlet_share": pl.Float64(),
            "outlet_entropy": pl.Float64(),
            "one_outlet": pl.Boolean(),
        },
        ("topic",),
        "topics/topic_overview",
    ),
    "topic_reports": Table(
        "topics",
        {
            "topic": pl.Int32(),
            "rank": pl.Int32(),
            "doc_id": _NAME,
            "share": pl.Float64(),
            "outlet": _NAME,
            "published": pl.Date(),
            "title": _NAME,
            "url": _NAME,
        },
        ("topic", "rank"),
        "topics/topic_reports",
    ),
    "sentiment": Table(
        "sentiment",
        {
            "doc_id": _NAME,
            "sentence": pl.Int32(),
            "neg": pl.Float64(),
            "neu": pl.Float64(),
            "pos": pl.Float64(),
            "compound": pl.Float64(),
            "voice": _NAME,
            "speaker_name": _NAME,
        },
        ("doc_id", "sentence"),
    ),
    "sentiment_by_document": Table(
        "sentiment",
        {
            "doc_id": _NAME,
            "outlet": _NAME,
            "published": pl.Date(),
            "is_first_report": pl.Boolean(),
            "sentences": pl.Int64(),
            "quoted_sentences": pl.Int64(),
            "neg": pl.Float64(),
            "neu": pl.Float64(),
            "pos": pl.Float64(),
            "compound": pl.Float64(),
            "narrator": pl.Float64(),
            "quoted": pl.Float64(),
            "without": pl.Float64(),
        },
        ("doc_id",),
    ),
    "sentiment_by_day": Table(
        "sentiment",
        {
            "unit": _NAME,
            "published": pl.Date(),
            "reports": pl.Int64(),
            "sentences": pl.Int64(),
            "compound": pl.Float64(),
        },
        ("unit", "published"),
    ),
    "sentiment_by_outlet": Table(
        "sentiment",
        {"unit": _NAME, "outlet": _NAME, "index": _NAME, "reports": pl.Int64(), **_MEAN},
        ("unit", "outlet", "index"),
    ),
    "sentiment_by_period": Table(
        "sentiment",
        {
            "unit": _NAME,
            "outlet": _NAME,
            "index": _NAME,
            "period": _NAME,
            "start": pl.Date(),
            "stretch": pl.Int32(),
            "reports": pl.Int64(),
            **_MEAN,
        },
        ("unit", "outlet", "index", "start"),
    ),
    "sentiment_by_topic": Table(
        "sentiment",
        {
            "unit": _NAME,
            "topic": pl.Int32(),
            "label": _NAME,
            "index": _NAME,
            "reports": pl.Int64(),
            **_MEAN,
            "own_share": pl.Float64(),
            "own_words": _NAME,
        },
        ("unit", "topic", "index"),
    ),
    "sentiment_by_speaker": Table(
        "sentiment",
        {"unit": _NAME, "speaker_name": _NAME, "sentences": pl.Int64(), "reports": pl.Int64(), **_MEAN},
        ("unit", "speaker_name"),
    ),
    "sentiment_words": Table(
        "sentiment",
        {
            "word": _NAME,
            "valence": pl.Float64(),
            "n": pl.Int64(),
            "reports": pl.Int64(),
            "in_vocabulary": pl.Boolean(),
            "negative_share": pl.Float64(),
            "positive_share": pl.Float64(),
            "effect": pl.Float64(),
        },
        ("word",),
    ),
}


def fit(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Put a frame into its table's columns, types and order of rows.

    Raises
    ------
    ValueError
        If a column is missing or the key does not tell every row apart: a fault of ours, not of the input.

    Examples
    --------
    >>> fit("doc_topics", pl.DataFrame({"topic": [1, 0], "doc_id": ["a", "a"], "share": [0.4, 0.6]})).rows()
    [('a', 0, 0.6), ('a', 1, 0.4)]
    """
    table = TABLES[name]
    if missing := [c for c in table.columns if c not in frame.columns]:
        raise ValueError(f"table {name} lacks the columns {missing}")
    frame = frame.select(pl.col(c).cast(t) for c, t in table.columns.items()).sort(table.key)
    if frame.select(pl.struct(table.key).is_duplicated().any()).item():
        raise ValueError(f"table {name}: the key {table.key} does not tell every row apart")
    return frame


def tables_of(step: str) -> list[str]:
    """List the tables that a step makes."""
    return [name for name, table in TABLES.items() if table.step == step]


class Store:
    """Tables below one folder.

    Parameters
    ----------
    root
        The folder; it need not exist yet.
    """

    def __init__(self, root: Path, suffix: str = "") -> None:
        self.root = root
        self.suffix = suffix

    def folder(self, name: str) -> Path:
        """Say where a table's partitions lie."""
        if name not in TABLES:
            raise InputError(f"table {name}", "there is no such table", known(name, TABLES))
        return self.root / ((TABLES[name].folder or name) + self.suffix)

    def partitions(self, name: str) -> list[Path]:
        """List a table's files in order.

        Raises
        ------
        InputError
            If the table has not been made yet.
        """
        found = sorted(self.folder(name).glob("part-*.parquet"), key=lambda path: (len(path.name), path.name))
        if not found:
            raise InputError(
                str(self.folder(name)),
                "no such table yet",
                f"run `make repro`, or only this step: `python -m corpus_tools {TABLES[name].step}`",
            )
        return found

    def numbers(self, name: str) -> range:
        """Give the numbers of a table's partitions."""
        return range(len(self.partitions(name)))

    def read(self, name: str, index: int | None = None, columns: list[str] | None = None) -> pl.DataFrame:
        """Read one partition of a table, or all of them, in the order of their files."""
        files = self.partitions(name) if index is None else [self.file(name, index)]
        return pl.concat([_read(f, name, columns) for f in files])

    def file(self, name: str, index: int) -> Path:
        """Give the file of one partition.

        Raises
        ------
        InputError
            If the table has not been made yet, or has no such partition.
        """
        path = self._part(name, index)
        if not path.exists():
            there = self.partitions(name)
            remedy = f"run its step again: `python -m corpus_tools {TABLES[name].step}`"
            raise InputError(str(path), f"no such partition; the table has {len(there)} others", remedy)
        return path

    def is_made(self, name: str) -> bool:
        """Say whether a table has been made."""
        return any(self.folder(name).glob("part-*.parquet"))

    def _part(self, name: str, index: int) -> Path:
        return self.folder(name) / f"part-{index:05d}.parquet"

    def scan(self, name: str) -> pl.LazyFrame:
        """Open a table without reading it."""
        return pl.scan_parquet(self.partitions(name))

    def write(self, name: str, index: int, frame: pl.DataFrame) -> None:
        """Write one partition, aside first, so that a file of this name is always a whole one."""
        path = self._part(name, index)
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_suffix(".tmp")
        write_parquet(fit(name, frame), aside)
        aside.replace(path)

    def link(self, name: str, index: int, path: Path) -> None:
        """Take a finished file as one partition, without copying its bytes where the disk can do that."""
        part = self._part(name, index)
        part.parent.mkdir(parents=True, exist_ok=True)
        aside = part.with_suffix(".tmp")
        aside.unlink(missing_ok=True)
        try:
            os.link(path, aside)
        except OSError:
            shutil.copy2(path, aside)
        aside.replace(part)

    def absolute(self) -> Store:
        """Name the same tables by a path that holds in any process."""
        return Store(self.root.absolute(), self.suffix)

    def beside(self, *names: str) -> Store:
        """Open an empty store beside this one, to be filled and then put in place by `publish`."""
        new = Store(self.root, self.suffix + ".partial")
        for name in names:
            shutil.rmtree(new.folder(name), ignore_errors=True)
            new.folder(name).mkdir(parents=True)
        return new

    def publish(self, new: Store, *names: str) -> None:
        """Put the tables of a filled store in the place of the ones here."""
        for name in names:
            put_in_place(new.folder(name), self.folder(name))


def put_in_place(new: Path, old: Path) -> None:
    """Let a folder take another's name; the other is gone only after the new one is there."""
    behind = old.with_name(old.name + ".old")
    shutil.rmtree(behind, ignore_errors=True)
    if old.exists():
        old.replace(behind)
    new.replace(old)
    shutil.rmtree(behind, ignore_errors=True)


def write_parquet(frame: pl.DataFrame, path: Path) -> None:
    """Write a file and wait until it is on the disk, so that a loss of power cannot leave a name without its bytes."""
    content = io.BytesIO()  # written to a file, polars calls a full disk `Invalid thrift`
    frame.write_parquet(content, compression="zstd", statistics=True)
    try:
        with path.open("wb") as file:
            file.write(content.getbuffer())
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None


def write_aside(path: Path, content: str | bytes) -> None:
    """Write a small file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(path.name + ".tmp")
    aside.write_bytes(content.encode() if isinstance(content, str) else content)
    aside.replace(path)


def _read(path: Path, name: str, columns: list[str] | None) -> pl.DataFrame:
    try:
        return pl.read_parquet(path, columns=columns)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise InputError(
            str(path),
            f"not a whole Parquet file ({str(error).splitlines()[0]})",
            f"make it again: `dvc repro --force --single-item {TABLES[name].step}`",
        ) from None
