"""Calendar bins: every day, week or month of a corpus, those without a report too."""

from __future__ import annotations

from typing import Literal

import polars as pl

Period = Literal["day", "week", "month"]
_EVERY: dict[str, str] = {"day": "1d", "week": "1w", "month": "1mo"}
# A corpus may hold reports years apart (one seed of 2022 beside a winter of 2016/17). A run of more empty bins than
# this is a gap between two stretches and not a series of zeros: about two months of weeks.
LONGEST_GAP = 8


def start_of(period: Period, column: str = "published") -> pl.Expr:
    """Give the first day of each date's day, week (Monday, ISO 8601) or month."""
    return pl.col(column).dt.truncate(_EVERY[period]).alias("start")


def bins(starts: pl.Series, period: Period) -> pl.DataFrame:
    """List all bins of each stretch of the corpus.

    Parameters
    ----------
    starts
        First days of the bins that hold reports, in any order; nulls are left aside.
    period
        The length of a bin.

    Returns
    -------
    period, start, stretch: one row a bin; stretches count from 0 and lie more than LONGEST_GAP empty bins apart.

    Examples
    --------
    >>> from datetime import date
    >>> found = pl.Series([date(2017, 1, 2), date(2017, 1, 16), date(2022, 4, 4)])
    >>> bins(found, "week").select("start", "stretch").rows()  # doctest: +NORMALIZE_WHITESPACE
    [(datetime.date(2017, 1, 2), 0), (datetime.date(2017, 1, 9), 0), (datetime.date(2017, 1, 16), 0),
     (datetime.date(2022, 4, 4), 1)]
    """
    known = starts.drop_nulls().unique().sort()
    if known.is_empty():
        return pl.DataFrame(schema={"period": pl.String, "start": pl.Date, "stretch": pl.Int32})
    every = pl.select(pl.date_range(known[0], known[-1], _EVERY[period]).alias("start"))
    # Number of the bin in the calendar, so that the distance between two bins is in bins whatever their length.
    found = every.with_row_index("bin").filter(pl.col("start").is_in(known.implode()))
    found = found.with_columns(
        ((pl.col("bin").cast(pl.Int64).diff() - 1) > LONGEST_GAP)
        .fill_null(value=False)
        .cum_sum()
        .cast(pl.Int32)
        .alias("stretch")
    )
    ends = found.group_by("stretch", maintain_order=True).agg(
        pl.col("start").first().alias("from"), pl.col("start").last().alias("to")
    )
    rows = [
        pl.select(
            pl.date_range(first, last, _EVERY[period]).alias("start"),
            pl.lit(stretch, pl.Int32).alias("stretch"),
        )
        for stretch, first, last in ends.iter_rows()
    ]
    return pl.concat(rows).select(pl.lit(period).alias("period"), "start", "stretch")
