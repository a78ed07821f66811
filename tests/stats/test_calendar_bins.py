"""Calendar bins cover each stretch of a corpus without a gap, and nothing between stretches."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus_tools.stats.calendar_bins import LONGEST_GAP, bins, start_of


@pytest.mark.parametrize(
    ("period", "start"),
    [
        pytest.param("day", date(2022, 4, 8), id="day"),
        pytest.param("week", date(2022, 4, 4), id="week"),
        pytest.param("month", date(2022, 4, 1), id="month"),
    ],
)
def test_bins_start_on_the_first_day_of_their_period(period, start):
    frame = pl.DataFrame({"published": [date(2022, 4, 8)]})
    assert frame.select(start_of(period)).item() == start


@given(st.lists(st.integers(0, 700), min_size=1, max_size=20), st.sampled_from(["day", "week", "month"]))
def test_a_stretch_has_all_its_bins_and_stretches_are_far_apart(days, period):
    dates = pl.DataFrame({"published": [date(2020, 1, 1) + timedelta(days=d) for d in days]})
    starts = dates.select(start_of(period))["start"]
    table = bins(starts, period)
    assert set(starts) <= set(table["start"])
    assert table["start"].is_unique().all()
    assert table.equals(table.sort("start"))
    every = {"day": "1d", "week": "1w", "month": "1mo"}[period]
    calendar = pl.select(pl.date_range(starts.min(), starts.max(), every).alias("start"))["start"].to_list()
    missing = [d for d in calendar if d not in set(table["start"])]
    gaps = len([d for d in missing if calendar[calendar.index(d) - 1] not in missing])
    assert table["stretch"].max() == gaps  # only complete gaps are left out, one between two stretches
    if missing:
        assert len(missing) > LONGEST_GAP * gaps


def test_a_corpus_without_dates_has_no_bins():
    assert bins(pl.Series([None, None], dtype=pl.Date), "week").is_empty()
