"""Clean: repaired text, date, dateline, language; which report was printed first, and how many there are over time."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl
import py3langid

from corpus_tools.clean.duplicates import shingles
from corpus_tools.clean.repairs import flags, mend
from corpus_tools.stats.calendar_bins import Period, bins, start_of
from corpus_tools.text.dateline import find_dateline
from corpus_tools.text.publication_dates import as_day, header_date, parse_moment

_WORD = re.compile(r"[^\W\d_]{2,}")
# Language identification is a guess below some ten words ("View Comments" counts as French).
_FEWEST_WORDS = 10
# The first thousand characters decide as well as the whole report, and take a third of the time.
_SEEN_FOR_LANGUAGE = 1000


@dataclass(frozen=True)
class CleanDocument:
    """A report as the other steps see it.

    `text` holds header and dateline still; the report's own words begin at `body_start`. `repairs` counts what was
    mended, by repair, and `flags` the damage that was left because nothing decides what stood there.
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
    r"""Repair a report's text and read its header and dateline.

    Words are not changed, no paragraph is dropped, and clean text comes back as it was.

    Parameters
    ----------
    raw
        The text as found.
    published
        The day of publication, if it is known from elsewhere; else a header `date YYYY-MM-DD` gives it.

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
    """Name a text's language by its ISO 639-1 code, `und` where there are too few words to tell (Lui & Baldwin 2012).

    Examples
    --------
    >>> language("Die Bundeskanzlerin hat am Freitag in Berlin erklärt, dass sie nicht zurücktreten wird.")
    'de'
    >>> language("View Comments")
    'und'
    """
    text = text[:_SEEN_FOR_LANGUAGE]
    if len(_WORD.findall(text)) < _FEWEST_WORDS:
        return "und"
    return str(py3langid.classify(text)[0])


def clean_partition(raw: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Clean one partition of `raw`.

    Returns
    -------
    documents, each in a cluster of its own until `add_clusters`; `prints`: doc_id, published, print (a hash of the
    words), shingles (how many); and the shingles of all, as `find_clusters` takes them.
    """
    rows = [_document(row) for row in raw.iter_rows(named=True)]
    schema = {
        "updated": pl.Datetime("us"),
        "repairs": pl.List(pl.Struct({"repair": pl.String, "times": pl.Int32})),
    }
    documents = pl.DataFrame(rows, schema_overrides=schema, infer_schema_length=None)
    counts, hashes = shingles(documents.select(pl.col("text").str.slice(pl.col("body_start"))).to_series())
    return {
        "documents": documents.with_columns(cluster_id="doc_id", is_first_report=True),
        "prints": documents.select("doc_id", "published", "print", shingles=counts),
        "shingles": hashes.alias("shingle").to_frame(),
    }


def _document(row: dict[str, Any]) -> dict[str, Any]:
    moment = parse_moment(row["published"], row["date_format"])
    report = clean_text(row["text"], moment)
    updated = parse_moment(row["updated"], row["date_format"]) if row["updated"] else None
    left = {**report.flags, **({"date of update": 1} if row["updated"] and updated is None else {})}
    found = [*report.repairs.items(), *((f"left: {name}", times) for name, times in left.items())]
    return {
        **{name: row[name] for name in ("doc_id", "source", "outlet", "url")},
        "title": mend(row["title"])[0] if row["title"] else None,
        "published": report.published,
        "updated": updated,
        **{n: getattr(report, n) for n in ("place", "country", "agency", "body_start", "language", "text")},
        "repairs": [{"repair": name, "times": times} for name, times in found],
        "print": _print(report.text[report.body_start :]),
    }


def _print(body: str) -> str:
    words = " ".join(re.findall(r"\w+", body.casefold()))
    return hashlib.blake2b(words.encode(), digest_size=16).hexdigest()


def add_clusters(clusters: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """Write the clusters into one partition of documents."""
    return documents.drop("cluster_id", "is_first_report").join(clusters, on="doc_id", how="left")


# What the counts below read; the texts stay on disk.
SUMMARISED = "doc_id outlet published place agency language repairs cluster_id is_first_report".split()


def count_reports(documents: pl.DataFrame, period: Period) -> pl.DataFrame:
    """Count reports by outlet and period, and which of them are independent; a period without a report counts 0.

    Parameters
    ----------
    documents
        doc_id, outlet, published, cluster_id, is_first_report.
    period
        The length of a bin.

    Returns
    -------
    The table `reports_by_period`. Each of `reports` is the first of its cluster (`first_reports`), or repeats one that
    its own outlet had printed (`own_repeats`), or one that only others had (`others_repeats`).
    """
    ordered = documents.sort("published", "doc_id", nulls_last=True)
    own = (pl.int_range(pl.len()) > 0).over("cluster_id", "outlet")
    starts = ordered.with_columns(start_of(period), own=own)
    every = bins(starts["start"], period).join(documents.select("outlet").unique(), how="cross")
    counted = starts.group_by("outlet", "start", maintain_order=True).agg(
        pl.len().alias("reports"),
        pl.col("is_first_report").sum().alias("first_reports"),
        pl.col("own").sum().alias("own_repeats"),
        (~pl.col("own") & ~pl.col("is_first_report")).sum().alias("others_repeats"),
    )
    return every.join(counted, on=["outlet", "start"], how="left").with_columns(
        pl.col("reports", "first_reports", "own_repeats", "others_repeats").fill_null(0)
    )


def summarise(documents: pl.DataFrame) -> dict[str, Any]:
    """Count what cleaning found, for the metrics."""
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
