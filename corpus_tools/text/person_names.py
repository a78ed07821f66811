"""Names of people across reports: which ways of writing a name mean one person."""

from __future__ import annotations

import polars as pl

_CLEAR_SHARE = 0.8


def count_people(names: pl.DataFrame) -> pl.DataFrame:
    """Count the reports that name each person; names that differ by middle initials only are one.

    Parameters
    ----------
    names
        doc_id, label, name.

    Returns
    -------
    name, reports.
    """
    people = names.filter(pl.col("label") == "PERSON").select("doc_id", "name").unique()
    return people.group_by(without_initials(pl.col("name"))).agg(pl.len().cast(pl.Int64).alias("reports"))


def full_names(people: pl.DataFrame) -> pl.DataFrame:
    """Find the full name that a surname alone means across reports.

    In a report that never writes the first name (`Trump said`), the surname is the canonical form. It is taken to mean
    a full name that ends in it if at least 80% of the reports with any such full name have this one.

    Parameters
    ----------
    people
        name, reports; of all partitions, so a name may occur more than once.

    Returns
    -------
    name, full_name: one row per surname that has a clear full name.

    Examples
    --------
    >>> rows = [("a", "Donald Trump"), ("b", "Donald J. Trump"), ("c", "Trump"), ("a", "Ann Li"), ("b", "Bo Li")]
    >>> names = pl.DataFrame(rows, schema=["doc_id", "name"], orient="row").with_columns(label=pl.lit("PERSON"))
    >>> full_names(count_people(names)).rows()
    [('Trump', 'Donald Trump')]
    """
    full = (
        people.filter(pl.col("name").str.contains(" "))
        .group_by("name")
        .agg(pl.col("reports").sum())
        .with_columns(surname=pl.col("name").str.split(" ").list.last())
    )
    clear = (
        full.with_columns(share=pl.col("reports") / pl.col("reports").sum().over("surname"))
        .filter(pl.col("share") >= _CLEAR_SHARE)
        .select(pl.col("surname").alias("name"), pl.col("name").alias("full_name"))
    )
    return clear.sort("name", "full_name")


def without_initials(name: pl.Expr) -> pl.Expr:
    """Drop middle initials: `Donald J. Trump` becomes `Donald Trump`."""
    return name.str.replace_all(r" [A-Z]\.(?: [A-Z]\.)* ", " ")
