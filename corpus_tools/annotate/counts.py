"""What the figures count over the whole corpus: who is quoted where, which places are named, how tolls move."""

from __future__ import annotations

import polars as pl

# A surname alone is taken for the full name that most reports give it, if so large a part of them does.
_CLEARLY = 0.8
# News recalls older events; a claim about what happened longer ago than this is not about a toll that still moves.
_RECENT_DAYS = 31


def full_names(names: pl.DataFrame) -> pl.DataFrame:
    """Tell which full name a surname alone stands for across reports.

    A report that never writes the first name (`Trump said`) leaves the surname as canonical form. It is taken for the
    full name that ends in it when at least 80 % of the reports that give it a first name agree.

    Parameters
    ----------
    names
        doc_id, label, name.

    Returns
    -------
    name, full_name: one row a surname that is clear.

    Examples
    --------
    >>> rows = [("a", "Donald Trump"), ("b", "Donald J. Trump"), ("c", "Trump"), ("a", "Ann Li"), ("b", "Bo Li")]
    >>> names = pl.DataFrame(rows, schema=["doc_id", "name"], orient="row").with_columns(label=pl.lit("PERSON"))
    >>> full_names(names).rows()
    [('Trump', 'Donald Trump')]
    """
    people = names.filter(pl.col("label") == "PERSON").select("doc_id", "name").unique()
    people = people.with_columns(without_initials(pl.col("name")))
    full = (
        people.filter(pl.col("name").str.contains(" "))
        .group_by("name")
        .len("reports")
        .with_columns(surname=pl.col("name").str.split(" ").list.last())
    )
    clear = (
        full.with_columns(share=pl.col("reports") / pl.col("reports").sum().over("surname"))
        .filter(pl.col("share") >= _CLEARLY)
        .select(pl.col("surname").alias("name"), pl.col("name").alias("full_name"))
    )
    return clear.sort("name", "full_name")


def without_initials(name: pl.Expr) -> pl.Expr:
    """Leave out middle initials: `Donald J. Trump` is Donald Trump."""
    return name.str.replace_all(r" [A-Z]\.(?: [A-Z]\.)* ", " ")


def speakers_by_outlet(quotes: pl.DataFrame, names: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """Rank the people whom each outlet quotes, by direct and mixed quotations.

    Parameters
    ----------
    quotes
        doc_id, kind, speaker_name.
    names
        doc_id, label, name: who is a person.
    documents
        doc_id, outlet.

    Returns
    -------
    The table of this name; `share` is the part of the outlet's quotations of named people.
    """
    people = names.filter(pl.col("label") == "PERSON").select("doc_id", pl.col("name").alias("speaker_name")).unique()
    plain = without_initials(pl.col("speaker_name"))
    said = (
        quotes.filter(pl.col("kind") != "indirect")
        .join(people, on=["doc_id", "speaker_name"])
        .with_columns(plain)
        .join(full_names(names), left_on="speaker_name", right_on="name", how="left")
        .with_columns(speaker_name=pl.coalesce("full_name", "speaker_name"))
        .join(documents, on="doc_id")
    )
    counted = said.group_by("outlet", "speaker_name").agg(
        pl.len().alias("quotes"), pl.col("doc_id").n_unique().alias("reports")
    )
    ordered = counted.sort("outlet", "quotes", "reports", "speaker_name", descending=[False, True, True, False])
    return ordered.with_columns(
        rank=pl.int_range(1, pl.len() + 1).over("outlet"),
        share=pl.col("quotes") / pl.col("quotes").sum().over("outlet"),
    )


def places_on_map(places: pl.DataFrame) -> pl.DataFrame:
    """Count mentions and reports of each place that has coordinates.

    Parameters
    ----------
    places
        doc_id, name, country, kind, lat, lon, geonames_id.
    """
    return (
        places.filter(pl.col("lat").is_not_null())
        .group_by("name", "country", "kind", "lat", "lon")
        .agg(
            pl.col("geonames_id").max(),
            pl.len().alias("mentions"),
            pl.col("doc_id").n_unique().alias("reports"),
        )
    )


def tolls(claims: pl.DataFrame, documents: pl.DataFrame, gap_days: int) -> pl.DataFrame:
    """Follow numbers of people killed at one place over the days of publication.

    Claims about one place belong to one event as long as no more than `gap_days` lie between a claim and the next;
    claims with a date more than a month back are left out.
    Events are numbered from the one with most reports on.

    Parameters
    ----------
    claims
        The table.
    documents
        doc_id, outlet.
    gap_days
        The longest silence within an event, in days.
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
    ).join(documents, on="doc_id")
    at = ["country", "place"]
    ordered = dead.sort(*at, "published", "doc_id", "start")
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
