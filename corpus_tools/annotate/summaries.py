"""Counts of marks over the whole corpus: people quoted, places mentioned, tolls, and the metrics.

The process that annotates a partition also counts its marks, and only these counts are combined: the marks of hundreds
of thousands of reports would not fit into memory. A report is in one partition, so numbers of reports add up. So do
those of independent reports, the first of each cluster of near-duplicates, whichever partition the copies are in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from corpus_tools.annotate.params import AnnotateParams
from corpus_tools.annotate.reports import annotate_partition
from corpus_tools.annotate.tables import TOLLS
from corpus_tools.layers.registry import LAYERS
from corpus_tools.text.person_names import count_people, full_names, without_initials

# News recalls older events; a claim about one longer ago than this is not part of a toll that is still changing.
_RECENT_DAYS = 31
_PLACE = ["name", "country", "kind", "lat", "lon"]
# What the layers declare to be counted besides their rows: layer and column, and layer and condition.
_BY_VALUE = {f"{layer.name}_by_{column}": (layer.name, column) for layer in LAYERS for column in layer.counts.by}
_CONDITIONS = {f"{x.name}_{what}": (x.name, condition) for x in LAYERS for what, condition in x.counts.rows.items()}


def annotate_and_count(
    params: AnnotateParams, documents: pl.DataFrame, sentences: pl.DataFrame
) -> dict[str, pl.DataFrame]:
    """Annotate one partition of documents and count its marks.

    Returns
    -------
    The table of each layer, and the counts of `count_partition`.
    """
    layers = annotate_partition(params, documents, sentences)
    return {**layers, **count_partition(documents, layers)}


def count_partition(documents: pl.DataFrame, layers: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Count the marks of one partition.

    Parameters
    ----------
    documents
        doc_id, outlet, is_first_report.
    layers
        The table of each layer.

    Returns
    -------
    dict of DataFrame
        `people` and `person_quotes` for `speakers_by_outlet`, `place_mentions` for `places_on_map`, `death_claims` for
        `tolls`, `mark_counts` for `summarise`.
    """
    names, reports = layers["names"], documents.select("doc_id", "outlet", "is_first_report")
    counts = {
        "people": count_people(names),
        "person_quotes": person_quotes(layers["quotes"], names, reports),
        "place_mentions": place_mentions(layers["places"], reports),
        "death_claims": death_claims(layers["claims"], reports),
        "mark_counts": mark_counts(layers),
    }
    return {name: frame.sort(frame.columns) for name, frame in counts.items()}  # for the same bytes on every run


def person_quotes(quotes: pl.DataFrame, names: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """Count the direct and mixed quotations of each person in each report.

    Parameters
    ----------
    quotes
        doc_id, kind, speaker_name.
    names
        doc_id, label, name.
    documents
        doc_id, outlet, is_first_report.

    Returns
    -------
    outlet, doc_id, is_first_report, speaker_name, quotes.
    """
    people = names.filter(pl.col("label") == "PERSON").select("doc_id", pl.col("name").alias("speaker_name")).unique()
    return (
        quotes.filter(pl.col("kind") != "indirect")
        .join(people, on=["doc_id", "speaker_name"])
        .join(documents, on="doc_id")
        .group_by("outlet", "doc_id", "is_first_report", without_initials(pl.col("speaker_name")))
        .agg(pl.len().cast(pl.Int64).alias("quotes"))
    )


def speakers_by_outlet(person_quotes: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Rank the people whom each outlet quotes by their direct and mixed quotations.

    Parameters
    ----------
    person_quotes, people
        The counts of all partitions.

    Returns
    -------
    The table `speakers_by_outlet`.
    """
    named = person_quotes.join(full_names(people), left_on="speaker_name", right_on="name", how="left").with_columns(
        speaker_name=pl.coalesce("full_name", "speaker_name")
    )
    # A report may quote one person under two names, so reports are counted after names are unified.
    counted = named.group_by("outlet", "speaker_name").agg(
        pl.col("quotes").sum(),
        pl.col("doc_id").n_unique().alias("reports"),
        pl.col("doc_id").filter("is_first_report").n_unique().alias("first_reports"),
    )
    ordered = counted.sort("outlet", "quotes", "reports", "speaker_name", descending=[False, True, True, False])
    return ordered.with_columns(
        rank=pl.int_range(1, pl.len() + 1).over("outlet"),
        share=pl.col("quotes") / pl.col("quotes").sum().over("outlet"),
    )


def place_mentions(places: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """Count mentions and reports of each place that has coordinates.

    Parameters
    ----------
    places
        doc_id, name, country, kind, lat, lon, geonames_id.
    documents
        doc_id, is_first_report.

    Returns
    -------
    The columns of the table `places_on_map`.
    """
    return (
        places.filter(pl.col("lat").is_not_null())
        .join(documents, on="doc_id")
        .group_by(_PLACE)
        .agg(
            pl.col("geonames_id").max(),
            pl.len().cast(pl.Int64).alias("mentions"),
            pl.col("doc_id").n_unique().cast(pl.Int64).alias("reports"),
            pl.col("doc_id").filter("is_first_report").n_unique().cast(pl.Int64).alias("first_reports"),
        )
    )


def places_on_map(place_mentions: pl.DataFrame) -> pl.DataFrame:
    """Add up mentions and reports of each place over all partitions."""
    counts = pl.col("mentions", "reports", "first_reports").sum()
    return place_mentions.group_by(_PLACE).agg(pl.col("geonames_id").max(), counts)


def death_claims(claims: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """Select the claims of how many people were killed at a place within a month before publication.

    Parameters
    ----------
    claims
        The table.
    documents
        doc_id, outlet.

    Returns
    -------
    The columns of the table `tolls` except event.
    """
    # The day of the event, or the first day of its month or year.
    happened = pl.col("event_date").str.slice(0, 10).str.replace(r"^(\d{4})$", "$1-01-01")
    happened = happened.str.replace(r"^(\d{4}-\d{2})$", "$1-01").str.to_date("%Y-%m-%d", strict=False)
    recent = happened.is_null() | (happened >= pl.col("published").dt.offset_by(f"-{_RECENT_DAYS}d"))
    dead = claims.filter(
        recent
        & (pl.col("kind") == "killed")
        & pl.col("best").is_not_null()
        & pl.col("place_precision").is_in(["settlement", "region"])
        & pl.col("published").is_not_null()
    )
    columns = [c for c in TOLLS.columns if c != "event"]
    return dead.join(documents, on="doc_id").select(columns)


def tolls(death_claims: pl.DataFrame, gap_days: int) -> pl.DataFrame:
    """Group claims of people killed at one place into events.

    Claims about one place are one event if at most `gap_days` days of publication separate each from the next. Events
    are numbered in descending order of their reports.

    Parameters
    ----------
    death_claims
        The claims of all partitions.
    gap_days
        The longest time between two consecutive claims, in days.
    """
    place = ["country", "place"]
    ordered = death_claims.sort(*place, "published", "doc_id", "start")
    starts = (pl.col("published").diff().over(place).dt.total_days() > gap_days).fill_null(value=True)
    runs = ordered.with_columns(run=starts.cum_sum().over(place))
    events = (
        runs.group_by(*place, "run")
        .agg(pl.col("doc_id").n_unique().alias("reports"), pl.col("published").min().alias("first"))
        .sort("reports", "first", "country", "place", descending=[True, False, False, False])
        .with_columns(event=pl.int_range(1, pl.len() + 1))
        .drop("reports", "first")
    )
    return runs.join(events, on=[*place, "run"], nulls_equal=True)


def mark_counts(layers: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Count the rows of each layer, and those that it declares to be counted.

    Returns
    -------
    what, kind (empty for counts that are not by value), n.
    """
    rows: list[tuple[str, str, int]] = [(layer.name, "", layers[layer.name].height) for layer in LAYERS]
    for what, (layer, column) in _BY_VALUE.items():
        rows += [(what, value, n) for value, n in layers[layer][column].value_counts().iter_rows()]
    rows += [(what, "", layers[layer].filter(condition).height) for what, (layer, condition) in _CONDITIONS.items()]
    return pl.DataFrame(rows, schema={"what": pl.String, "kind": pl.String, "n": pl.Int64}, orient="row")


def summarise(mark_counts: pl.DataFrame) -> dict[str, Any]:
    """Return the metrics: the counts of all partitions added up."""
    sums = mark_counts.group_by("what", "kind").agg(pl.col("n").sum()).sort("what", "kind")
    names = (*(layer.name for layer in LAYERS), *_BY_VALUE, *_CONDITIONS)
    counts: dict[str, dict[str, int]] = {what: {} for what in names}
    for what, kind, n in sums.iter_rows():
        counts[what][kind] = n
    return {what: values if what in _BY_VALUE else values[""] for what, values in counts.items()}
