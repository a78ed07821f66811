"""Means with intervals, by a bootstrap that draws days: reports of one day tell of the same events.

An interval answers: how far could this mean be from that of other days like these? Days are drawn in blocks of days
that follow each other, as news lasts (Künsch 1989, circular: Politis & Romano 1992), and a block is as long as the cube
root of the number of days (Hall, Horowitz & Jing 1995): a day in a week, four days in three months. A week has so few
days that percentiles of the draws would be too narrow; so the interval is the draws' standard error times Student's t.
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

# Of fewer days nobody can tell how much days differ.
_FEWEST_DAYS = 3
# A mean of fewer reports is read one by one.
_FEWEST_REPORTS = 5
_DIGITS = 6
_TWO_SIDED_95 = 0.975
UNITS = ("report", "cluster")
_ESTIMATES = ["mean", "low", "high"]


@dataclass(frozen=True)
class BootstrapSettings:
    """How often days are drawn anew, and from which seed."""

    draws: int = 1000
    seed: int = 0


def by_unit(reports: pl.DataFrame) -> pl.DataFrame:
    """List reports twice: all of them, and of each cluster of near-duplicates the one that was printed first.

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
    kept = (reports, reports.filter("is_first_report"))
    return pl.concat([rows.with_columns(unit=pl.lit(unit)) for unit, rows in zip(UNITS, kept, strict=True)])


def means(  # noqa: PLR0913 - the last two are rare
    frame: pl.DataFrame,
    by: Sequence[str],
    values: Sequence[str],
    draws: BootstrapSettings,
    *,
    weight: str | None = None,
    reports: str | None = None,
) -> pl.DataFrame:
    """Give the mean of each value in each group, with a 95 % interval by a block bootstrap of days.

    Parameters
    ----------
    frame
        The columns `by`, published and the values; a row a report (or a part of one).
    by
        Columns that make the groups.
    values
        Columns of numbers. Rows in which one of them is null do not count.
    draws
        How many, and the seed. The draws depend on nothing but the number of days, so that what is added to one group
        changes no other.
    weight
        Column of what a row counts; by default each counts 1.
    reports
        Column of how many reports a row stands for, where those of a day have been added up; by default each is one.

    Returns
    -------
    by, reports, value (its name), mean, low, high: a row a group and value, in the order of the groups. The
    interval is null below five reports or three days, or if a report has no date.

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
        mean = sums.sum(axis=0) / weights.sum() if weights.sum() else np.full(len(values), np.nan)
        half = np.full(len(values), np.nan)
        if count >= _FEWEST_REPORTS and not group["published"].null_count():
            half = _half_widths(sums, weights, draws)
        key = group.row(0)[: len(by)]
        rows += [(*key, count, *row) for row in zip(values, mean, mean - half, mean + half, strict=True)]
    columns: dict[str, Any] = {**{name: days.schema[name] for name in by}, "reports": pl.Int64, "value": pl.String}
    found = pl.DataFrame(rows, schema={**columns, **dict.fromkeys(_ESTIMATES, pl.Float64)}, orient="row")
    return found.with_columns(pl.col(_ESTIMATES).fill_nan(None).round(_DIGITS))


def _by_day(
    frame: pl.DataFrame, by: Sequence[str], values: Sequence[str], weight: str | None, reports: str | None = None
) -> pl.DataFrame:
    """Add up each day of each group: reports, _weight and weighed values; in the order of groups and days."""
    of = (pl.col(weight) if weight else pl.lit(1)).cast(pl.Float64)
    # A whole order of the rows, so that sums do not depend on the one in which they came.
    order = [*by, "published", *values, *([weight] if weight else [])]
    counted = frame.drop_nulls([*values]).sort(order, nulls_last=True)
    weighed = counted.with_columns(of.alias("_weight")).with_columns(pl.col(values) * pl.col("_weight"))
    return weighed.group_by([*by, "published"], maintain_order=True).agg(
        (pl.col(reports).sum() if reports else pl.len()).cast(pl.Int64).alias("reports"),
        pl.col("_weight", *values).sum(),
    )


def _half_widths(sums: Floats, weights: Floats, draws: BootstrapSettings) -> Floats:
    """Give half the width of the intervals of ratios of sums, for days (N, K) with weights (N,)."""
    sums, weights = sums[weights > 0], weights[weights > 0]
    n = len(weights)
    if n < _FEWEST_DAYS:
        return np.full(sums.shape[1], np.nan)
    drawn = _drawn(n, draws)
    spread = (drawn @ sums / (drawn @ weights)[:, None]).std(axis=0, ddof=1)
    return np.asarray(spread * _widened(n))


def _widened(n: int) -> float:
    """Give what makes half an interval of a standard error: Student's t; and drawn blocks vary less than new ones."""
    blocks = n / _block(n)
    return float(stdtrit(blocks - 1, _TWO_SIDED_95) * np.sqrt(blocks / (blocks - 1)))


def _block(n: int) -> int:
    """Give the length of a block for so many days: its cube root, as a whole number.

    Examples
    --------
    >>> [_block(n) for n in (3, 7, 8, 26, 27, 64)]
    [1, 1, 2, 2, 3, 4]
    """
    return int(np.floor(np.cbrt(n) + 1e-9))


# Groups of as many days share their draws; more than a few at a time would fill the memory where years are compared.
@lru_cache(maxsize=8)
def _drawn(n: int, draws: BootstrapSettings) -> Floats:
    """Draw days in blocks, the first after the last: an array (draws, n), how often each of n days is drawn."""
    length = _block(n)
    rng = np.random.default_rng([draws.seed, n])
    starts = rng.integers(n, size=(draws.draws, round(n / length), 1))
    days = (starts + np.arange(length)).reshape(draws.draws, -1) % n
    flat = days + np.arange(draws.draws)[:, None] * n
    return np.bincount(flat.ravel(), minlength=draws.draws * n).reshape(draws.draws, n).astype(np.float64)


def differences(
    frame: pl.DataFrame, side: pl.Expr, values: Sequence[str], draws: BootstrapSettings, *, weight: str | None = None
) -> pl.DataFrame:
    """Give the difference of the means of two sides, such as before and after a date, with a 95 % interval.

    Sides that share days (two outlets, reporting the same events) are drawn together, day by day; sides that do not
    (before and after) are drawn each for itself.

    Parameters
    ----------
    frame
        published, and the values; a row a report. Rows without a date do not count.
    side
        False for the first side, true for the second, null for what belongs to neither.
    values, draws, weight
        As in `means`.

    Returns
    -------
    value, reports_a, reports_b, mean_a, mean_b, difference (b - a), low, high; a row a value. What too few reports or
    days do not allow is null.

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
        together = a.join(b, on="published", how="semi").height > 0
        half = (_half_paired if together else _half_apart)(a, b, values, draws)
    found = {
        "value": list(values),
        "reports_a": reports[0],
        "reports_b": reports[1],
        "mean_a": mean[0],
        "mean_b": mean[1],
    }
    difference = mean[1] - mean[0]
    numbers = pl.DataFrame({**found, "difference": difference, "low": difference - half, "high": difference + half})
    return numbers.with_columns(pl.col(pl.Float64).fill_nan(None).round(_DIGITS))


def _ratio(sums: Floats, weight: float) -> Floats:
    return sums / weight if weight else np.full(len(sums), np.nan)


def _half_apart(a: pl.DataFrame, b: pl.DataFrame, values: Sequence[str], draws: BootstrapSettings) -> Floats:
    """Give half the width for sides that have no day in common, with the degrees of freedom of the smaller one."""
    halves = [_half_widths(side.select(values).to_numpy(), side["_weight"].to_numpy(), draws) for side in (a, b)]
    errors = [half / _widened(side.height) for half, side in zip(halves, (a, b), strict=True)]
    return np.asarray(np.hypot(*errors) * _widened(min(a.height, b.height)))


def _half_paired(a: pl.DataFrame, b: pl.DataFrame, values: Sequence[str], draws: BootstrapSettings) -> Floats:
    """Give half the width for sides that share days."""
    days = pl.concat([a, b]).select(pl.col("published").unique().sort())
    filled = [days.join(side, on="published", how="left", maintain_order="left").fill_null(0) for side in (a, b)]
    drawn = _drawn(days.height, draws)
    with np.errstate(invalid="ignore"):  # a draw may hold no day of one side: it does not count
        drawn_means = [
            drawn @ side.select(values).to_numpy() / (drawn @ side["_weight"].to_numpy())[:, None] for side in filled
        ]
    spread = np.nanstd(drawn_means[1] - drawn_means[0], axis=0, ddof=1)
    return np.asarray(spread * _widened(min(a.height, b.height)))
