"""Intervals: planted means, shifts and copies, and how often the interval covers what was planted."""

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
    """Plant reports whose value moves about a mean: partly with the day, and partly with the day before."""
    level, rows = 0.0, []
    for day in range(days):
        level = lasting * level + rng.normal(scale=0.2)
        published = FIRST + timedelta(days=start + day)
        rows += [(published, mean + level + rng.normal(scale=0.3)) for _ in range(rng.integers(3, 9))]
    return pl.DataFrame(rows, schema={"published": pl.Date, "score": pl.Float64}, orient="row")


@pytest.mark.parametrize(("days", "lasting"), [(7, 0.0), (31, 0.3), (90, 0.3)])
def test_the_interval_of_a_mean_covers_the_planted_one_in_about_95_of_100_draws(days: int, lasting: float) -> None:
    rng = np.random.default_rng(days)
    found = [
        means(reports(rng, days, 0.1, lasting=lasting), [], ["score"], DRAWS).row(0, named=True) for _ in range(400)
    ]
    covered = np.mean([row["low"] <= 0.1 <= row["high"] for row in found])
    assert 0.92 <= covered <= 0.98


def test_an_interval_that_takes_reports_for_independent_covers_far_less() -> None:
    """The planted days matter: else the test above would pass without a block bootstrap."""
    rng = np.random.default_rng(0)
    hits = 0
    for _ in range(300):
        score = reports(rng, 31, 0.1)["score"].to_numpy()
        hits += abs(score.mean() - 0.1) <= 1.96 * score.std(ddof=1) / np.sqrt(len(score))
    assert hits / 300 < 0.85


@pytest.mark.parametrize("shift", [0.0, 0.4])
def test_the_difference_before_and_after_a_date_covers_the_planted_shift(shift: float) -> None:
    rng = np.random.default_rng(5)
    after = pl.col("published") >= FIRST + timedelta(days=30)
    hits, seen = 0, 0
    for _ in range(400):
        both = pl.concat([reports(rng, 30, 0.0), reports(rng, 40, shift, start=30)])
        row = differences(both, after, ["score"], DRAWS).row(0, named=True)
        hits += row["low"] <= shift <= row["high"]
        seen += row["low"] > 0
    assert 0.92 <= hits / 400 <= 0.985
    assert seen / 400 > 0.9 if shift else seen / 400 < 0.05


def test_the_difference_of_two_outlets_that_report_the_same_days_covers_the_planted_one() -> None:
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
    # Days in common are drawn in common: what moves both does not blur the difference.
    assert np.mean(widths) < 0.09


def test_means_are_those_of_numpy_and_weights_count() -> None:
    rows = [("A", FIRST, 1.0, 1), ("A", FIRST, 4.0, 3), ("B", FIRST + timedelta(days=1), 2.0, 0), ("A", None, 7.0, 1)]
    frame = pl.DataFrame(rows, schema=["outlet", "published", "score", "n"], orient="row")
    found = means(frame, ["outlet"], ["score"], DRAWS, weight="n")
    assert found["mean"].to_list() == [np.average([1, 4, 7], weights=[1, 3, 1]), None]
    assert found["reports"].to_list() == [3, 1]
    assert found["low"].null_count() == 2


def test_too_few_days_or_reports_have_no_interval() -> None:
    rng = np.random.default_rng(1)
    assert means(reports(rng, 2, 0.0), [], ["score"], DRAWS)["low"].null_count() == 1
    assert means(reports(rng, 9, 0.0).head(4), [], ["score"], DRAWS)["low"].null_count() == 1
    empty = reports(rng, 3, 0.0).clear()
    assert means(empty, [], ["score"], DRAWS).is_empty()
    few = differences(reports(rng, 9, 0.0), pl.col("published") > FIRST, ["score"], DRAWS)
    assert few["low"].null_count() == 1
    assert differences(empty, pl.lit(value=True), ["score"], DRAWS)["difference"].null_count() == 1


@given(st.randoms(use_true_random=False))
def test_the_order_of_the_rows_and_other_groups_change_nothing(random: object) -> None:
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


def test_of_a_cluster_the_first_report_counts() -> None:
    frame = pl.DataFrame({"doc_id": ["a", "b", "c"], "is_first_report": [True, False, True]})
    found = by_unit(frame).sort("unit", "doc_id")
    assert found.select("unit", "doc_id").rows() == [
        ("cluster", "a"), ("cluster", "c"), ("report", "a"), ("report", "b"), ("report", "c"),
    ]  # fmt: skip


def test_reports_that_were_added_up_by_day_count_as_many():
    rows = [(date(2022, 1, 1) + timedelta(days=i // 3), i % 5 / 10, 1.0 + i % 2) for i in range(30)]
    single = pl.DataFrame(rows, schema=["published", "score", "share"], orient="row")
    days = single.group_by("published", maintain_order=True).agg(
        pl.len().alias("n"), (pl.col("score") * pl.col("share")).sum() / pl.col("share").sum(), pl.col("share").sum()
    )
    found = means(days, [], ["score"], BootstrapSettings(), weight="share", reports="n")
    assert found.equals(means(single, [], ["score"], BootstrapSettings(), weight="share"))
