"""People across reports: who is one person under several ways of writing a name."""

from __future__ import annotations

import polars as pl

# A surname alone is taken for the full name that most reports give it, if so large a part of them does.
_CLEARLY = 0.8


def people(names: pl.DataFrame) -> pl.DataFrame:
    """Count the reports that name each person; by each way of writing middle initials, which are left out.

    Parameters
    ----------
    names
        doc_id, label, name.

    Returns
    -------
    name, reports.
    """
    found = names.filter(pl.col("label") == "PERSON").select("doc_id", "name").unique()
    return found.group_by(without_initials(pl.col("name"))).agg(pl.len().cast(pl.Int64).alias("reports"))


def full_names(people: pl.DataFrame) -> pl.DataFrame:
    """Tell which full name a surname alone stands for across reports.

    A report that never writes the first name (`Trump said`) leaves the surname as canonical form. It is taken for the
    full name that ends in it when at least 80 % of the reports that give it a first name agree.

    Parameters
    ----------
    people
        name, reports; of all partitions, so a name may come more than once.

    Returns
    -------
    name, full_name: one row a surname that is clear.

    Examples
    --------
    >>> rows = [("a", "Donald Trump"), ("b", "Donald J. Trump"), ("c", "Trump"), ("a", "Ann Li"), ("b", "Bo Li")]
    >>> names = pl.DataFrame(rows, schema=["doc_id", "name"], orient="row").with_columns(label=pl.lit("PERSON"))
    >>> full_names(people(names)).rows()
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
        .filter(pl.col("share") >= _CLEARLY)
        .select(pl.col("surname").alias("name"), pl.col("name").alias("full_name"))
    )
    return clear.sort("name", "full_name")


def without_initials(name: pl.Expr) -> pl.Expr:
    """Leave out middle initials: `Donald J. Trump` is Donald Trump."""
    return name.str.replace_all(r" [A-Z]\.(?: [A-Z]\.)* ", " ")
