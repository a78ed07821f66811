"""Calendar bins: every day, week or month that a corpus spans, including those without a report."""

from __future__ import annotations

from typing import Literal

import polars as pl

Period = Literal["day", "week", "month"]
_INTERVALS: dict[str, str] = {"day": "1d", "week": "1w", "month": "1mo"}
# A corpus may hold reports from years apart (one of 2022 beside a winter of 2016/17). More empty bins in a row than
# this, about two months of weeks, are a gap between two stretches, not a series of zeros.
LONGEST_GAP = 8


def start_of(period: Period, column: str = "published") -> pl.Expr:
    """Return the first day of each date's day, week (from Monday, ISO 8601) or month, as a column `start`."""
    return pl.col(column).dt.truncate(_INTERVALS[period]).alias("start")


def bins(starts: pl.Series, period: Period) -> pl.DataFrame:
    """List all bins of each stretch of the corpus.

    Parameters
    ----------
    starts
        First days of the bins that contain reports, in any order; nulls are ignored.
    period
        Length of a bin.

    Returns
    -------
    period, start, stretch, with one row per bin. Stretches are numbered from 0; more than LONGEST_GAP empty bins lie
    between two of them.

    Examples
    --------
    >>> from datetime import date
    >>> starts = pl.Series([date(2017, 1, 2), date(2017, 1, 16), date(2022, 4, 4)])
    >>> bins(starts, "week").select("start", "stretch").rows()  # doctest: +NORMALIZE_WHITESPACE
    [(datetime.date(2017, 1, 2), 0), (datetime.date(2017, 1, 9), 0), (datetime.date(2017, 1, 16), 0),
     (datetime.date(2022, 4, 4), 1)]
    """
    known = starts.drop_nulls().unique().sort()
    if known.is_empty():
        return pl.DataFrame(schema={"period": pl.String, "start": pl.Date, "stretch": pl.Int32})
    calendar = pl.select(pl.date_range(known[0], known[-1], _INTERVALS[period]).alias("start")).with_row_index("bin")
    # The distance between two bins is counted in bins, whatever their length in days.
    empty_before = pl.col("bin").cast(pl.Int64).diff() - 1
    stretch = (empty_before > LONGEST_GAP).fill_null(value=False).cum_sum().cast(pl.Int32)
    filled = calendar.filter(pl.col("start").is_in(known.implode())).with_columns(stretch.alias("stretch"))
    # An empty bin takes the stretch of the next filled one if that is the stretch of the last filled one too.
    every = calendar.join_asof(filled.select("start", "stretch"), on="start", strategy="backward")
    following = calendar.join_asof(filled.select("start", after="stretch"), on="start", strategy="forward")["after"]
    every = every.filter(pl.col("stretch") == following)
    return every.select(pl.lit(period).alias("period"), "start", "stretch")
