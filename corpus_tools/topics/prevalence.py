"""Mean shares of topics over time and by outlet, with intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import sparse

from corpus_tools.stats.calendar_bins import Period, bins, start_of
from corpus_tools.stats.intervals import BootstrapSettings, by_unit, means

_INTERVAL = ["low", "high"]


def by_period(shares: pl.DataFrame, period: Period, bootstrap: BootstrapSettings) -> pl.DataFrame:
    """Average the shares of the reports in each calendar bin.

    Parameters
    ----------
    shares
        doc_id, published, is_first_report (for independent reports, if given), and one column per topic, named by its
        number.
    period
        Length of a bin.
    bootstrap
        For the intervals.

    Returns
    -------
    unit, topic, period, start, stretch, reports, share, low, high.
    """
    dated = _units(shares).with_columns(start_of(period)).drop_nulls("start")
    averages = _by_topic(means(dated, ["unit", "start"], _topics(shares), bootstrap))
    keys = averages.select("unit", "topic").unique(maintain_order=True)
    return (
        bins(dated["start"], period)
        .join(keys, how="cross")
        .join(averages, on=["unit", "topic", "start"], how="left", maintain_order="left")
        .with_columns(pl.col("reports").fill_null(0))
    )


def by_outlet(shares: pl.DataFrame, bootstrap: BootstrapSettings) -> pl.DataFrame:
    """Average the shares of each outlet's reports; the arguments are those of `by_period`.

    Returns
    -------
    unit, topic, outlet, reports, share, low, high.
    """
    return _by_topic(means(_units(shares), ["unit", "outlet"], _topics(shares), bootstrap))


def _topics(shares: pl.DataFrame) -> list[str]:
    return [name for name in shares.columns if name.isdecimal()]


def _units(shares: pl.DataFrame) -> pl.DataFrame:
    return by_unit(shares) if "is_first_report" in shares.columns else shares.with_columns(unit=pl.lit("report"))


def _by_topic(averages: pl.DataFrame) -> pl.DataFrame:
    # A share lies between 0 and 1, and so must its interval.
    return averages.rename({"mean": "share"}).select(
        pl.exclude("value", *_INTERVAL), pl.col("value").cast(pl.Int32).alias("topic"), pl.col(_INTERVAL).clip(0, 1)
    )


@dataclass(frozen=True)
class Groups:
    """Groups of documents: the bins and outlets that `by_period` and `by_outlet` average.

    Attributes
    ----------
    keys : one row per group: unit, and either start or outlet, the other one null
    members : sparse array (groups, D) of zeros and ones
    """

    keys: pl.DataFrame
    members: sparse.csr_matrix


def groups(shares: pl.DataFrame, period: Period) -> Groups:
    """Return the groups that `by_period` and `by_outlet` average, as a matrix."""
    rows = _units(shares.with_row_index("row")).with_columns(start_of(period))
    by_bin = rows.drop_nulls("start").select("unit", "start", "row", outlet=pl.lit(None, pl.String))
    by_outlet = rows.select("unit", "row", "outlet", start=pl.lit(None, pl.Date)).select(by_bin.columns)
    memberships = pl.concat([by_bin, by_outlet])
    key = ["unit", "start", "outlet"]
    keys = memberships.select(key).unique().sort(key)
    cells = memberships.join(keys.with_row_index("group"), on=key, nulls_equal=True)
    shape = (keys.height, shares.height)
    return Groups(keys, sparse.csr_matrix((np.ones(cells.height), (cells["group"], cells["row"])), shape=shape))
