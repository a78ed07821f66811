"""Cleaning: repaired text, date, dateline and language; counts of reports over time."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl
import py3langid

from corpus_tools.clean.duplicates import hash_shingles
from corpus_tools.clean.repairs import flags, mend
from corpus_tools.stats.calendar_bins import Period, bins, start_of
from corpus_tools.text.dateline import find_dateline
from corpus_tools.text.publication_dates import as_day, header_date, parse_datetime

_WORD = re.compile(r"[^\W\d_]{2,}")
# Below about ten words, language identification guesses ("View Comments" comes out as French).
_FEWEST_WORDS = 10
# The first thousand characters give the same result as the whole report, in a third of the time.
_LANGUAGE_SAMPLE = 1000


@dataclass(frozen=True)
class CleanDocument:
    """A report as the other steps read it.

    `text` includes header and dateline; the report's own words start at `body_start`. `repairs` counts the repairs by
    name, and `flags` the damage that was left because its context does not show how to repair it.
    """

    text: str
    published: date | None = None
    place: str | None = None
    country: str | None = None
    agency: str | None = None
    body_start: int = 0
    language: str = "und"
    repairs: dict[str, int] = field(default_factory=dict)
    flags: dict[str, int] = field(default_factory=dict)


def clean_text(raw: str, published: date | str | None = None) -> CleanDocument:
    r"""Repair the text of a report and read its header and dateline.

    No word is changed and no paragraph dropped; a text without damage is returned as it is.

    Parameters
    ----------
    raw
        Text as found.
    published
        Day of publication; without it, the day in a header `date YYYY-MM-DD` is taken.

    Raises
    ------
    InputError
        If `published` is text that cannot mean one day.

    Examples
    --------
    >>> report = clean_text(" date 2022-04-08 SEVERODONETSK, Ukraine: Ukraine\u00a0urged its residents to flee.")
    >>> report.published, report.place, report.country, report.repairs
    (datetime.date(2022, 4, 8), 'Severodonetsk', 'Ukraine', {'no-break spaces': 1, 'spaces': 1})
    >>> report.text[report.body_start :]
    'Ukraine urged its residents to flee.'
    """
    text, repairs = mend(raw)
    header = header_date(text)
    start = header[1] if header else 0
    while text[start : start + 1].isspace():
        start += 1
    dateline = find_dateline(text, start)
    body_start = dateline.end if dateline else start
    day = as_day(published) or (header[0] if header else None)
    return CleanDocument(
        text=text,
        published=day,
        place=dateline.place if dateline else None,
        country=dateline.country if dateline else None,
        agency=dateline.agency if dateline else None,
        body_start=body_start,
        language=language(text[body_start:]),
        repairs=repairs,
        flags=flags(text),
    )


def language(text: str) -> str:
    """Identify the language of a text (Lui & Baldwin 2012).

    Returns
    -------
    ISO 639-1 code; `und` for a text of fewer than ten words.

    Examples
    --------
    >>> language("Die Bundeskanzlerin hat am Freitag in Berlin erklärt, dass sie nicht zurücktreten wird.")
    'de'
    >>> language("View Comments")
    'und'
    """
    text = text[:_LANGUAGE_SAMPLE]
    if len(_WORD.findall(text)) < _FEWEST_WORDS:
        return "und"
    return str(py3langid.classify(text)[0])


def clean_partition(raw: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Clean one partition of `raw`.

    Returns
    -------
    `documents`, each in a cluster of its own until `add_clusters`; `bodies` and `shingles`, the two inputs of
    `find_clusters`.
    """
    rows = [_document(row) for row in raw.iter_rows(named=True)]
    schema = {
        "updated": pl.Datetime("us"),
        "repairs": pl.List(pl.Struct({"repair": pl.String, "times": pl.Int32})),
    }
    documents = pl.DataFrame(rows, schema_overrides=schema, infer_schema_length=None)
    counts, hashes = hash_shingles(documents.select(pl.col("text").str.slice(pl.col("body_start"))).to_series())
    return {
        "documents": documents.with_columns(cluster_id="doc_id", is_first_report=True),
        "bodies": documents.select("doc_id", "published", "body_hash", shingles=counts),
        "shingles": hashes.alias("shingle").to_frame(),
    }


def _document(row: dict[str, Any]) -> dict[str, Any]:
    report = clean_text(row["text"], parse_datetime(row["published"], row["date_format"]))
    updated = parse_datetime(row["updated"], row["date_format"]) if row["updated"] else None
    left = {**report.flags, **({"date of update": 1} if row["updated"] and updated is None else {})}
    repairs = [*report.repairs.items(), *((f"left: {name}", times) for name, times in left.items())]
    return {
        **{name: row[name] for name in ("doc_id", "source", "outlet", "url")},
        "title": mend(row["title"])[0] if row["title"] else None,
        "published": report.published,
        "updated": updated,
        **{n: getattr(report, n) for n in ("place", "country", "agency", "body_start", "language", "text")},
        "repairs": [{"repair": name, "times": times} for name, times in repairs],
        "body_hash": _body_hash(report.text[report.body_start :]),
    }


def _body_hash(body: str) -> str:
    words = " ".join(re.findall(r"\w+", body.casefold()))
    return hashlib.blake2b(words.encode(), digest_size=16).hexdigest()


def add_clusters(clusters: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """Set the clusters of one partition of documents."""
    return documents.drop("cluster_id", "is_first_report").join(clusters, on="doc_id", how="left")


# The columns that the two functions below read; the texts stay on disk.
COUNTED_COLUMNS = "doc_id outlet published place agency language repairs cluster_id is_first_report".split()


def count_reports(documents: pl.DataFrame, period: Period) -> pl.DataFrame:
    """Count the reports of each outlet in each period, including periods without any.

    Parameters
    ----------
    documents
        doc_id, outlet, published, cluster_id, is_first_report.
    period
        Length of a bin.

    Returns
    -------
    The table `reports_by_period`. Each of the `reports` is the first of its cluster (`first_reports`), repeats an
    earlier report of its own outlet (`own_repeats`), or repeats one that only other outlets had (`others_repeats`).
    """
    ordered = documents.sort("published", "doc_id", nulls_last=True)
    own = (pl.int_range(pl.len()) > 0).over("cluster_id", "outlet")
    starts = ordered.with_columns(start_of(period), own=own)
    all_bins = bins(starts["start"], period).join(documents.select("outlet").unique(), how="cross")
    counts = starts.group_by("outlet", "start", maintain_order=True).agg(
        pl.len().alias("reports"),
        pl.col("is_first_report").sum().alias("first_reports"),
        pl.col("own").sum().alias("own_repeats"),
        (~pl.col("own") & ~pl.col("is_first_report")).sum().alias("others_repeats"),
    )
    return all_bins.join(counts, on=["outlet", "start"], how="left").with_columns(
        pl.col("reports", "first_reports", "own_repeats", "others_repeats").fill_null(0)
    )


def summarise(documents: pl.DataFrame) -> dict[str, Any]:
    """Count documents, datelines, languages and repairs for the metrics."""
    repairs = (
        documents.select(pl.col("repairs").explode(empty_as_null=False))
        .unnest("repairs")
        .group_by("repair")
        .agg(pl.col("times").sum(), pl.len().alias("documents"))
        .sort("repair")
    )
    languages = documents["language"].value_counts().sort("language")
    return {
        "documents": documents.height,
        "first_reports": int(documents["is_first_report"].sum()),
        "datelines": int(
            documents.select((pl.col("place").is_not_null() | pl.col("agency").is_not_null()).sum()).item()
        ),
        "languages": dict(languages.iter_rows()),
        "repairs": {name: {"times": times, "documents": n} for name, times, n in repairs.iter_rows()},
    }
