from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus_tools.stats.calendar_bins import LONGEST_GAP, bins, start_of


@pytest.mark.parametrize(
    ("period", "start"), [("day", date(2022, 4, 8)), ("week", date(2022, 4, 4)), ("month", date(2022, 4, 1))]
)
def test_bins_begin_on_calendar_days(period, start):
    frame = pl.DataFrame({"published": [date(2022, 4, 8)]})
    assert frame.select(start_of(period)).item() == start


@given(st.lists(st.integers(0, 700), min_size=1, max_size=20), st.sampled_from(["day", "week", "month"]))
def test_every_bin_of_a_stretch_is_there_and_stretches_are_far_apart(days, period):
    dates = pl.DataFrame({"published": [date(2020, 1, 1) + timedelta(days=d) for d in days]})
    starts = dates.select(start_of(period))["start"]
    found = bins(starts, period)
    assert set(starts) <= set(found["start"])
    assert found["start"].is_unique().all()
    assert found.equals(found.sort("start"))
    every = {"day": "1d", "week": "1w", "month": "1mo"}[period]
    calendar = pl.select(pl.date_range(starts.min(), starts.max(), every).alias("start"))["start"].to_list()
    missing = [d for d in calendar if d not in set(found["start"])]
    runs = len([d for d in missing if calendar[calendar.index(d) - 1] not in missing])
    assert found["stretch"].max() == runs  # only whole gaps are left out, one between two stretches
    if missing:
        assert len(missing) > LONGEST_GAP * runs


def test_dates_may_be_missing():
    assert bins(pl.Series([None, None], dtype=pl.Date), "week").is_empty()
