"""Means with intervals by a bootstrap of days, because reports of the same day cover the same events.

An interval answers: how far could this mean be from that of other days like these? Days are drawn in blocks of
consecutive days, because news lasts (Künsch 1989; circular: Politis & Romano 1992). The length of a block is the cube
root of the number of days (Hall, Horowitz & Jing 1995): one day for a week, four days for three months. With as few
days as a week has, percentiles of the draws would be too narrow; the half-width of an interval is therefore the
standard error over the draws times the quantile of Student's t.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.special import stdtrit

Floats = npt.NDArray[np.float64]

# Fewer days are too few to estimate the variation between days.
_FEWEST_DAYS = 3
# Fewer reports are too few for a mean to be informative.
_FEWEST_REPORTS = 5
_DIGITS = 6
_TWO_SIDED_95 = 0.975
UNITS = ("report", "cluster")
_ESTIMATES = ["mean", "low", "high"]


@dataclass(frozen=True)
class BootstrapSettings:
    """The number of bootstrap draws, and their seed."""

    draws: int = 1000
    seed: int = 0


def by_unit(reports: pl.DataFrame) -> pl.DataFrame:
    """List reports twice: all of them, and the earliest of each cluster of near-duplicates.

    Parameters
    ----------
    reports
        is_first_report and any further columns.

    Returns
    -------
    The columns of `reports`, and unit: "report" or "cluster".

    Examples
    --------
    >>> reports = pl.DataFrame({"doc_id": ["a", "b"], "is_first_report": [True, False]})
    >>> by_unit(reports).select("unit", "doc_id").rows()
    [('report', 'a'), ('report', 'b'), ('cluster', 'a')]
    """
    frames = (reports, reports.filter("is_first_report"))
    return pl.concat([frame.with_columns(unit=pl.lit(unit)) for unit, frame in zip(UNITS, frames, strict=True)])


def means(  # noqa: PLR0913 - the last two are rare
    frame: pl.DataFrame,
    by: Sequence[str],
    values: Sequence[str],
    bootstrap: BootstrapSettings,
    *,
    weight: str | None = None,
    reports: str | None = None,
) -> pl.DataFrame:
    """Return the mean of each value in each group, with a 95% interval by a block bootstrap of days.

    Parameters
    ----------
    frame
        The columns of `by`, published, and the values, with one row per report (or piece of a report).
    by
        Columns that define the groups.
    values
        Columns of numbers. Rows in which any of them is null are ignored.
    bootstrap
        The draws depend on nothing else but the number of days, so adding to one group changes no other.
    weight
        Column with the weight of each row; without it, all rows weigh the same.
    reports
        Column with the number of reports in each row, for frames already summed by day; without it, a row is one.

    Returns
    -------
    The columns of `by`, reports, value (its name), mean, low, high, with one row per group and value, in the order of
    the groups. The interval is null with fewer than five reports or three days, or if a report has no date.

    Examples
    --------
    >>> from datetime import date
    >>> rows = [("A", date(2022, 4, day), float(day % 2)) for day in range(1, 9)]
    >>> frame = pl.DataFrame(rows, schema=["outlet", "published", "share"], orient="row")
    >>> means(frame, ["outlet"], ["share"], BootstrapSettings()).select("outlet", "reports", "value", "mean").rows()
    [('A', 8, 'share', 0.5)]
    """
    days = _by_day(frame, by, values, weight, reports)
    rows = []
    for group in days.partition_by(by, maintain_order=True) if by else [days] * (days.height > 0):
        weights, sums = group["_weight"].to_numpy(), group.select(values).to_numpy()
        count = int(group["reports"].sum())
        mean = _ratio(sums.sum(axis=0), weights.sum())
        half = np.full(len(values), np.nan)
        if count >= _FEWEST_REPORTS and not group["published"].null_count():
            half = _half_widths(sums, weights, bootstrap)
        key = group.row(0)[: len(by)]
        rows += [(*key, count, *row) for row in zip(values, mean, mean - half, mean + half, strict=True)]
    columns: dict[str, Any] = {**{name: days.schema[name] for name in by}, "reports": pl.Int64, "value": pl.String}
    estimates = pl.DataFrame(rows, schema={**columns, **dict.fromkeys(_ESTIMATES, pl.Float64)}, orient="row")
    return estimates.with_columns(pl.col(_ESTIMATES).fill_nan(None).round(_DIGITS))


def _by_day(
    frame: pl.DataFrame, by: Sequence[str], values: Sequence[str], weight: str | None, reports: str | None = None
) -> pl.DataFrame:
    """Sum each day of each group: reports, _weight and weighted values, in the order of groups and days."""
    row_weight = (pl.col(weight) if weight else pl.lit(1)).cast(pl.Float64)
    # A total order of the rows makes the sums independent of the order in which the rows arrive.
    order = [*by, "published", *values, *([weight] if weight else [])]
    counted = frame.drop_nulls([*values]).sort(order, nulls_last=True)
    weighted = counted.with_columns(row_weight.alias("_weight")).with_columns(pl.col(values) * pl.col("_weight"))
    return weighted.group_by([*by, "published"], maintain_order=True).agg(
        (pl.col(reports).sum() if reports else pl.len()).cast(pl.Int64).alias("reports"),
        pl.col("_weight", *values).sum(),
    )


def _ratio(sums: Floats, weight: float) -> Floats:
    return sums / weight if weight else np.full(len(sums), np.nan)


def _half_widths(sums: Floats, weights: Floats, bootstrap: BootstrapSettings) -> Floats:
    """Return the half-widths of the intervals of ratios of sums, for days (N, K) with weights (N,)."""
    sums, weights = sums[weights > 0], weights[weights > 0]
    n = len(weights)
    if n < _FEWEST_DAYS:
        return np.full(sums.shape[1], np.nan)
    drawn = _drawn(n, bootstrap)
    spread = (drawn @ sums / (drawn @ weights)[:, None]).std(axis=0, ddof=1)
    return np.asarray(spread * _half_width_per_error(n))


def _half_width_per_error(n: int) -> float:
    """Return Student's t for n days, corrected for drawn blocks varying less than independent ones."""
    blocks = n / _block_length(n)
    return float(stdtrit(blocks - 1, _TWO_SIDED_95) * np.sqrt(blocks / (blocks - 1)))


def _block_length(n: int) -> int:
    """Return the integer part of the cube root of the number of days.

    Examples
    --------
    >>> [_block_length(n) for n in (3, 7, 8, 26, 27, 64)]
    [1, 1, 2, 2, 3, 4]
    """
    return int(np.floor(np.cbrt(n) + 1e-9))


# Groups with the same number of days share their draws. The cache is small because draws of many days are large.
@lru_cache(maxsize=8)
def _drawn(n: int, bootstrap: BootstrapSettings) -> Floats:
    """Draw blocks of n days arranged in a circle; the array (draws, n) counts how often each day is drawn."""
    length, draws = _block_length(n), bootstrap.draws
    rng = np.random.default_rng([bootstrap.seed, n])
    starts = rng.integers(n, size=(draws, round(n / length), 1))
    days = (starts + np.arange(length)).reshape(draws, -1) % n
    flat = days + np.arange(draws)[:, None] * n
    return np.bincount(flat.ravel(), minlength=draws * n).reshape(draws, n).astype(np.float64)


def differences(
    frame: pl.DataFrame,
    side: pl.Expr,
    values: Sequence[str],
    bootstrap: BootstrapSettings,
    *,
    weight: str | None = None,
) -> pl.DataFrame:
    """Return the difference of the means of two sides, such as before and after a date, with a 95% interval.

    Days that both sides cover (two outlets that report the same events) are drawn together; sides without a day in
    common (before and after) are drawn independently.

    Parameters
    ----------
    frame
        published, and the values, with one row per report. Rows without a date are ignored.
    side
        False for the first side, true for the second, null for rows that belong to neither.
    values, bootstrap, weight
        As in `means`.

    Returns
    -------
    value, reports_a, reports_b, mean_a, mean_b, difference (b - a), low, high, with one row per value. Values that too
    few reports or days do not allow are null.

    Examples
    --------
    >>> from datetime import date
    >>> rows = [(date(2022, 4, day), float(day > 15) + day % 3) for day in range(1, 31)]
    >>> frame = pl.DataFrame(rows, schema=["published", "share"], orient="row")
    >>> later = pl.col("published") > date(2022, 4, 15)
    >>> differences(frame, later, ["share"], BootstrapSettings())["difference"].to_list()
    [1.0]
    """
    sided = frame.with_columns(side.alias("_side")).drop_nulls(["_side", "published"])
    days = _by_day(sided, ["_side"], values, weight)
    a, b = (days.filter(pl.col("_side") == s) for s in (False, True))
    reports = [int(side["reports"].sum()) for side in (a, b)]
    mean = [_ratio(side.select(values).sum().to_numpy()[0], float(side["_weight"].sum())) for side in (a, b)]
    half = np.full(len(values), np.nan)
    if min(reports) >= _FEWEST_REPORTS and min(a.height, b.height) >= _FEWEST_DAYS:
        paired = a.join(b, on="published", how="semi").height > 0
        half = (_half_paired if paired else _half_apart)(a, b, values, bootstrap)
    difference = mean[1] - mean[0]
    columns = {
        "value": list(values), "reports_a": reports[0], "reports_b": reports[1], "mean_a": mean[0], "mean_b": mean[1],
        "difference": difference, "low": difference - half, "high": difference + half,
    }  # fmt: skip
    return pl.DataFrame(columns).with_columns(pl.col(pl.Float64).fill_nan(None).round(_DIGITS))


def _half_apart(a: pl.DataFrame, b: pl.DataFrame, values: Sequence[str], bootstrap: BootstrapSettings) -> Floats:
    """Return the half-widths for sides without a day in common, with the degrees of freedom of the smaller side."""
    halves = [_half_widths(side.select(values).to_numpy(), side["_weight"].to_numpy(), bootstrap) for side in (a, b)]
    errors = [half / _half_width_per_error(side.height) for half, side in zip(halves, (a, b), strict=True)]
    return np.asarray(np.hypot(*errors) * _half_width_per_error(min(a.height, b.height)))


def _half_paired(a: pl.DataFrame, b: pl.DataFrame, values: Sequence[str], bootstrap: BootstrapSettings) -> Floats:
    """Return the half-widths for sides that have days in common."""
    days = pl.concat([a, b]).select(pl.col("published").unique().sort())
    filled = [days.join(side, on="published", how="left", maintain_order="left").fill_null(0) for side in (a, b)]
    drawn = _drawn(days.height, bootstrap)
    with np.errstate(invalid="ignore"):  # a draw without a day of one side has no mean, and nanstd ignores it
        drawn_means = [
            drawn @ side.select(values).to_numpy() / (drawn @ side["_weight"].to_numpy())[:, None] for side in filled
        ]
    spread = np.nanstd(drawn_means[1] - drawn_means[0], axis=0, ddof=1)
    return np.asarray(spread * _half_width_per_error(min(a.height, b.height)))
