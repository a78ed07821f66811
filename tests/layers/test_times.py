from __future__ import annotations

import re
from datetime import date

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from planted import CASES, SEED, least_seconds

from corpus_tools.layers.times import find_times
from corpus_tools.layers.types import Report
from corpus_tools.nltk_fast.punkt import news_punkt, sentence_spans

WRITTEN = yaml.safe_load((CASES / "times.yaml").read_text(encoding="utf-8"))


def cases(*sections):
    """The cases of some sections of times.yaml, each with the head of its sentence for an id."""
    return [pytest.param(*case, id=case[0][:60]) for section in sections for case in WRITTEN[section]]


VALUE = r"\d{4}(-\d\d(-\d\d)?|-W\d\d)?"
# Pieces of dates in any order are harder than letters in any order.
PIECES = (
    "Monday last next May 31 February 30 2016 the day before week ago two years later 1990s - to and between"
    " , . 9999 0000"
    " /TASS/ today “ 03.2017 that weekend mid- since will 😀 ישראל \u0301 \ud800 \x00"
).split()


def report(text, published, start=0):
    splitter = news_punkt().splitter()
    spans = [(a, b) for _, a, b in sentence_spans(splitter, text, start)]
    return Report(text, published, start, spans, dateline_start=start)


def marks(text, published, start=0):
    return [[text[t.start : t.end], t.value, t.granularity] for t in find_times(report(text, published, start))]


@pytest.mark.parametrize(("sentence", "published", "expected"), cases("wild", "synthetic", "must not mark"))
def test_a_sentence_has_these_dates(sentence, published, expected):
    assert marks(sentence, published) == expected


@pytest.mark.parametrize(("sentence", "published", "expected"), cases("known failures"))
@pytest.mark.xfail(reason="beyond rules of this size", strict=True)
def test_known_failures(sentence, published, expected):
    assert marks(sentence, published) == expected


def test_the_seed_report():
    text = SEED.read_text(encoding="utf-8")
    values = [value for _, value, _ in marks(text, date(2022, 4, 8), text.index("Ukraine urged"))]
    assert values == [
        "2022-04-07", "2022-04-07", "2022-03", "2022-04-06", "2014", "2022-02-24", "2022-04-07"
    ]  # fmt: skip


@pytest.mark.parametrize("published", [date.min, date.max], ids=["first day", "last day"])
def test_the_ends_of_the_calendar(published):
    text = (
        "Yesterday, tomorrow, last week, next week, next year, last month, a year ago, next Monday, last Monday, March."
    )
    for _, value, _ in marks(text, published):
        assert re.fullmatch(VALUE, value)


def test_the_header_is_not_searched_but_the_dateline_is():
    text = "date 2022-04-08 KYIV, April 7: Talks ended on Thursday."
    assert marks(text, date(2022, 4, 8), text.index("KYIV")) == [
        ["April 7", "2022-04-07", "day"],
        ["Thursday", "2022-04-07", "day"],
    ]


@given(
    st.one_of(
        st.text(), st.lists(st.sampled_from(PIECES)).map(" ".join), st.lists(st.sampled_from(PIECES)).map("".join)
    ),
    st.one_of(st.none(), st.dates()),
    st.integers(0, 20),
)
def test_any_text_gives_sorted_spans_and_iso_values(text, published, start):
    end = start
    for time in find_times(Report(text, published, start, [], dateline_start=start)):
        assert end <= time.start < time.end <= len(text)
        end = time.end
        assert re.fullmatch(VALUE if time.granularity != "interval" else f"{VALUE}/{VALUE}", time.value)
        for value in time.value.split("/"):
            date.fromisoformat(value if "W" in value else (value + "-01-01")[:10])


@given(st.text(alphabet=st.characters(exclude_categories=["N", "Cs"])))
def test_without_digit_weekday_month_or_relative_word_there_is_nothing(text):
    if not re.search(r"day|week|month|year|ning|noon|night|morr|Jan|Feb|Ma[ry]|Apr|Ju[nl]|Aug|Sep|Oct|Nov|Dec", text):
        assert find_times(Report(text, date(2022, 4, 8), 0, [(0, len(text))])) == []


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2030, 12, 31)))
def test_every_written_day_is_read_back(day):
    forms = ["%Y-%m-%d", "%d %B %Y", "%B %d, %Y", "%d %b %Y", "%d.%m.%Y", "%A, %B %d, %Y"]
    for form in forms:
        text = f"It began on {day.strftime(form)}."
        assert [value for _, value, _ in marks(text, day)] == [day.isoformat()]


REPEATED = ["7", "1", "2014-", "May ", "day", "Monday ", "the day before ", "March 3 ", "2017 that day "]


@pytest.mark.slow
@pytest.mark.parametrize("unit", REPEATED, ids=repr)
def test_running_time_is_linear_in_length(unit):
    def seconds(length):
        text = unit * (length // len(unit))
        return least_seconds(lambda: find_times(Report(text, date(2022, 4, 8), 0, [(0, len(text))])))

    assert seconds(160_000) < 30 * max(seconds(20_000), 0.002)
