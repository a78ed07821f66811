"""Intervals cover planted means and differences as often as they should, and ignore what they should ignore."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus_tools.stats.intervals import BootstrapSettings, by_unit, differences, means

FIRST = date(2022, 1, 3)
DRAWS = BootstrapSettings(draws=300)


def reports(rng: np.random.Generator, days: int, mean: float, *, start: int = 0, lasting: float = 0.3) -> pl.DataFrame:
    """Return reports whose values vary around a mean by report and by day; days resemble the day before."""
    level, rows = 0.0, []
    for day in range(days):
        level = lasting * level + rng.normal(scale=0.2)
        published = FIRST + timedelta(days=start + day)
        rows += [(published, mean + level + rng.normal(scale=0.3)) for _ in range(rng.integers(3, 9))]
    return pl.DataFrame(rows, schema={"published": pl.Date, "score": pl.Float64}, orient="row")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("days", "lasting"),
    [
        pytest.param(7, 0.0, id="a week of independent days"),
        pytest.param(31, 0.3, id="a month"),
        pytest.param(90, 0.3, id="three months"),
    ],
)
def test_the_interval_of_a_mean_covers_the_planted_mean_in_about_95_of_100_samples(days: int, lasting: float) -> None:
    rng = np.random.default_rng(days)
    rows = [
        means(reports(rng, days, 0.1, lasting=lasting), [], ["score"], DRAWS).row(0, named=True) for _ in range(400)
    ]
    covered = np.mean([row["low"] <= 0.1 <= row["high"] for row in rows])
    assert 0.92 <= covered <= 0.98


def test_an_interval_that_treats_reports_as_independent_covers_far_less() -> None:
    """If it did not, the test above would pass without a block bootstrap."""
    rng = np.random.default_rng(0)
    hits = 0
    for _ in range(300):
        score = reports(rng, 31, 0.1)["score"].to_numpy()
        hits += abs(score.mean() - 0.1) <= 1.96 * score.std(ddof=1) / np.sqrt(len(score))
    assert hits / 300 < 0.85


@pytest.mark.slow
@pytest.mark.parametrize("shift", [pytest.param(0.0, id="no shift"), pytest.param(0.4, id="a shift")])
def test_the_difference_before_and_after_a_date_covers_the_planted_shift(shift: float) -> None:
    rng = np.random.default_rng(5)
    after = pl.col("published") >= FIRST + timedelta(days=30)
    hits, detected = 0, 0
    for _ in range(400):
        both = pl.concat([reports(rng, 30, 0.0), reports(rng, 40, shift, start=30)])
        row = differences(both, after, ["score"], DRAWS).row(0, named=True)
        hits += row["low"] <= shift <= row["high"]
        detected += row["low"] > 0
    assert 0.92 <= hits / 400 <= 0.985
    assert detected / 400 > 0.9 if shift else detected / 400 < 0.05


@pytest.mark.slow
def test_the_difference_of_two_outlets_that_report_on_the_same_days_covers_the_planted_one() -> None:
    rng = np.random.default_rng(6)
    hits, widths = 0, []
    for _ in range(400):
        one = reports(rng, 60, 0.0)
        level = one.group_by("published", maintain_order=True).agg(pl.col("score").mean())
        other = level.with_columns(pl.col("score") + 0.2 + rng.normal(scale=0.1, size=level.height))
        both = pl.concat([one.with_columns(b=False), other.select("published", "score").with_columns(b=True)])
        row = differences(both, pl.col("b"), ["score"], DRAWS).row(0, named=True)
        hits += row["low"] <= 0.2 <= row["high"]
        widths.append(row["high"] - row["low"])
        assert row["reports_b"] == 60
    assert 0.92 <= hits / 400 <= 0.985
    # Common days are drawn together, so variation that both outlets share does not widen the interval.
    assert np.mean(widths) < 0.09


def test_means_equal_numpys_weighted_means() -> None:
    rows = [("A", FIRST, 1.0, 1), ("A", FIRST, 4.0, 3), ("B", FIRST + timedelta(days=1), 2.0, 0), ("A", None, 7.0, 1)]
    frame = pl.DataFrame(rows, schema=["outlet", "published", "score", "n"], orient="row")
    table = means(frame, ["outlet"], ["score"], DRAWS, weight="n")
    assert table["mean"].to_list() == [np.average([1, 4, 7], weights=[1, 3, 1]), None]
    assert table["reports"].to_list() == [3, 1]
    assert table["low"].null_count() == 2


def test_too_few_days_or_reports_give_no_interval() -> None:
    rng = np.random.default_rng(1)
    assert means(reports(rng, 2, 0.0), [], ["score"], DRAWS)["low"].null_count() == 1
    assert means(reports(rng, 9, 0.0).head(4), [], ["score"], DRAWS)["low"].null_count() == 1
    empty = reports(rng, 3, 0.0).clear()
    assert means(empty, [], ["score"], DRAWS).is_empty()
    few = differences(reports(rng, 9, 0.0), pl.col("published") > FIRST, ["score"], DRAWS)
    assert few["low"].null_count() == 1
    assert differences(empty, pl.lit(value=True), ["score"], DRAWS)["difference"].null_count() == 1


@given(st.randoms(use_true_random=False))
def test_neither_the_order_of_the_rows_nor_other_groups_change_a_mean(random: object) -> None:
    rng = np.random.default_rng(2)
    frame = pl.concat([reports(rng, 12, 0.1).with_columns(outlet=pl.lit(name)) for name in "AB"])
    rows = frame.rows()
    random.shuffle(rows)  # type: ignore[attr-defined]
    shuffled = pl.DataFrame(rows, schema=frame.schema, orient="row")
    expected = means(frame, ["outlet"], ["score"], DRAWS)
    assert means(shuffled, ["outlet"], ["score"], DRAWS).equals(expected)
    alone = means(shuffled.filter(pl.col("outlet") == "B"), ["outlet"], ["score"], DRAWS)
    assert alone.equals(expected.filter(pl.col("outlet") == "B"))


def test_a_later_report_changes_no_earlier_bin() -> None:
    rng = np.random.default_rng(3)
    weeks = reports(rng, 28, 0.1).with_columns(start=pl.col("published").dt.truncate("1w"))
    before = means(weeks, ["start"], ["score"], DRAWS)
    later = weeks.with_columns(score=pl.when(pl.col("start") == weeks["start"].max()).then(9).otherwise("score"))
    assert means(later, ["start"], ["score"], DRAWS).head(3).equals(before.head(3))
    assert not means(later, ["start"], ["score"], DRAWS).equals(before)


def test_only_the_first_report_of_a_cluster_counts() -> None:
    frame = pl.DataFrame({"doc_id": ["a", "b", "c"], "is_first_report": [True, False, True]})
    table = by_unit(frame).sort("unit", "doc_id")
    assert table.select("unit", "doc_id").rows() == [
        ("cluster", "a"), ("cluster", "c"), ("report", "a"), ("report", "b"), ("report", "c"),
    ]  # fmt: skip


def test_reports_summed_by_day_give_the_same_means_as_single_reports() -> None:
    rows = [(date(2022, 1, 1) + timedelta(days=i // 3), i % 5 / 10, 1.0 + i % 2) for i in range(30)]
    single = pl.DataFrame(rows, schema=["published", "score", "share"], orient="row")
    days = single.group_by("published", maintain_order=True).agg(
        pl.len().alias("n"), (pl.col("score") * pl.col("share")).sum() / pl.col("share").sum(), pl.col("share").sum()
    )
    table = means(days, [], ["score"], BootstrapSettings(), weight="share", reports="n")
    assert table.equals(means(single, [], ["score"], BootstrapSettings(), weight="share"))
