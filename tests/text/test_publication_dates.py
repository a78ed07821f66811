from __future__ import annotations

from datetime import date, datetime

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from planted import CASES

from corpus_tools.text.publication_dates import file_name_date, header_date, parse_datetime


@pytest.mark.parametrize(
    "case",
    yaml.safe_load((CASES / "dates.yaml").read_text(encoding="utf-8")),
    ids=lambda case: case[0].strip() or "empty",
)
def test_a_written_date_means_one_day_or_none(case):
    written, meant = case
    published = parse_datetime(written)
    assert (published and str(published.date())) == meant


def test_the_time_is_kept():
    assert parse_datetime("2016/12/30 7:11") == datetime(2016, 12, 30, 7, 11)
    assert parse_datetime("April 8, 2022 12:05 a.m.") == datetime(2022, 4, 8, 0, 5)


def test_a_date_format_excludes_other_forms():
    assert parse_datetime("08/04/2022", "%m/%d/%Y") == datetime(2022, 8, 4)
    assert parse_datetime("2022-08-04", "%m/%d/%Y") is None


@given(st.dates(min_value=date(1000, 1, 1)))
def test_every_day_is_read_in_every_form(day):
    forms = ["%Y-%m-%d", "%Y/%m/%d 10:15", "%d %B %Y", "%B %d, %Y", "%a, %d %b %Y 10:15:00 GMT", "%d.%m.%Y"]
    for form in forms:
        published = parse_datetime(day.strftime(form))
        assert published is not None
        assert published.date() == day


@given(st.text(max_size=40))
def test_any_text_is_a_date_or_none(text):
    published = parse_datetime(text)
    assert published is None or any(c.isdigit() for c in text)


def test_header_and_file_name():
    assert header_date(" date 2022-04-08 KYIV: War") == (date(2022, 4, 8), 17)
    assert header_date("update 2022-04-08") is None
    assert header_date("date 2022-13-08 x") is None
    assert file_name_date("afp_2022-04-08.txt") == date(2022, 4, 8)
    assert file_name_date("000_10145fd6475e8b3e.txt") is None
    assert file_name_date("2022-99-08.txt") is None
