"""What the figures count over the whole corpus: who is quoted where, which places are named, how tolls move.

Each partition is counted by itself, by the process that annotated it, and only these counts are put together: the marks
of hundreds of thousands of reports would not fit into memory. A report lies in one partition, so numbers of reports add
up; so do those of independent reports, the first of each cluster of near-duplicates, wherever the others lie.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from corpus_tools.annotate.params import AnnotateParams
from corpus_tools.annotate.reports import annotate_partition
from corpus_tools.annotate.tables import TOLLS
from corpus_tools.layers.registry import LAYERS
from corpus_tools.text.person_names import full_names, people, without_initials

# News recalls older events; a claim about what happened longer ago than this is not about a toll that still moves.
_RECENT_DAYS = 31
_PLACE = ["name", "country", "kind", "lat", "lon"]
_KINDS = {"quotes_by_kind": "quotes", "claims_by_kind": "claims"}
_FILLED = {
    "quotes_with_speaker": ("quotes", "speaker_name"),
    "claims_with_speaker": ("claims", "speaker_name"),
    "claims_with_date": ("claims", "event_date"),
    "claims_with_place": ("claims", "place"),
}
# A cluster is named after its first report, so a claim of that one has the cluster's name for its own.
_INDEPENDENT = "claims_in_first_reports"


def annotate_and_count(
    params: AnnotateParams, documents: pl.DataFrame, sentences: pl.DataFrame
) -> dict[str, pl.DataFrame]:
    """Annotate one partition of documents and count its marks.

    Returns
    -------
    A frame for each layer, and those of `count_partition`.
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
        The tables of LAYERS.

    Returns
    -------
    dict of DataFrame
        `people` for `full_names`, `said` for `speakers_by_outlet`, `mentions` for `places_on_map`, `deaths` for
        `tolls`, `marks` for `summarise`.
    """
    names, reports = layers["names"], documents.select("doc_id", "outlet", "is_first_report")
    found = {
        "people": people(names),
        "said": said(layers["quotes"], names, reports),
        "mentions": mentions(layers["places"], reports),
        "deaths": deaths(layers["claims"], reports),
        "marks": marks(layers),
    }
    return {name: frame.sort(frame.columns) for name, frame in found.items()}  # the same bytes on every run


def said(quotes: pl.DataFrame, names: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """Count the direct and mixed quotations of each person in each report.

    Parameters
    ----------
    quotes
        doc_id, kind, speaker_name.
    names
        doc_id, label, name: who is a person.
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


def speakers_by_outlet(said: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Rank the people whom each outlet quotes, by direct and mixed quotations.

    Parameters
    ----------
    said
        outlet, doc_id, is_first_report, speaker_name, quotes; of all partitions.
    people
        name, reports; the same.

    Returns
    -------
    The table of this name; `share` is the part of the outlet's quotations of named people.
    """
    named = said.join(full_names(people), left_on="speaker_name", right_on="name", how="left").with_columns(
        speaker_name=pl.coalesce("full_name", "speaker_name")
    )
    # A report may quote one person by two names, so reports are counted only now.
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


def mentions(places: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
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


def places_on_map(mentions: pl.DataFrame) -> pl.DataFrame:
    """Add up mentions and reports of each place over the partitions."""
    counts = pl.col("mentions", "reports", "first_reports").sum()
    return mentions.group_by(_PLACE).agg(pl.col("geonames_id").max(), counts)


def deaths(claims: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """Take the numbers of people killed at a place, without those that go back more than a month.

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
    # The day that the claim gives to what happened, or its month's or year's first one.
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


def tolls(deaths: pl.DataFrame, gap_days: int) -> pl.DataFrame:
    """Follow numbers of people killed at one place over the days of publication.

    Numbers at one place belong to one event as long as no more than `gap_days` lie between one and the next. Events are
    numbered from the one with most reports on.

    Parameters
    ----------
    deaths
        As `deaths` gives them; of all partitions.
    gap_days
        The longest silence within an event, in days.
    """
    at = ["country", "place"]
    ordered = deaths.sort(*at, "published", "doc_id", "start")
    silence = (pl.col("published").diff().over(at).dt.total_days() > gap_days).fill_null(value=True)
    runs = ordered.with_columns(run=silence.cum_sum().over(at))
    sizes = (
        runs.group_by(*at, "run")
        .agg(pl.col("doc_id").n_unique().alias("reports"), pl.col("published").min().alias("first"))
        .sort("reports", "first", "country", "place", descending=[True, False, False, False])
        .with_columns(event=pl.int_range(1, pl.len() + 1))
        .drop("reports", "first")
    )
    return runs.join(sizes, on=[*at, "run"], nulls_equal=True)


def marks(layers: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Count the rows of each layer, those of each kind, those that say who, when and where, and independent claims.

    Returns
    -------
    what, kind (empty where it is about none), n.
    """
    rows: list[tuple[str, str, int]] = [(layer.name, "", layers[layer.name].height) for layer in LAYERS]
    for what, layer in _KINDS.items():
        rows += [(what, kind, n) for kind, n in layers[layer]["kind"].value_counts().iter_rows()]
    rows += [(what, "", layers[layer][column].count()) for what, (layer, column) in _FILLED.items()]
    independent = layers["claims"].filter(pl.col("cluster_id") == pl.col("doc_id")).height
    rows.append((_INDEPENDENT, "", independent))
    return pl.DataFrame(rows, schema={"what": pl.String, "kind": pl.String, "n": pl.Int64}, orient="row")


def summarise(marks: pl.DataFrame) -> dict[str, Any]:
    """Add up what `marks` counted in each partition, for the metrics."""
    added = marks.group_by("what", "kind").agg(pl.col("n").sum()).sort("what", "kind")
    found: dict[str, dict[str, int]] = {
        what: {} for what in (*(layer.name for layer in LAYERS), *_KINDS, *_FILLED, _INDEPENDENT)
    }
    for what, kind, n in added.iter_rows():
        found[what][kind] = n
    return {what: by_kind if what in _KINDS else by_kind[""] for what, by_kind in found.items()}
