from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from planted import SEED

from corpus_tools.clean.cleaning import clean_partition, clean_text, count_reports, language
from corpus_tools.errors import InputError


@given(st.text(max_size=200))
def test_any_text_can_be_cleaned(text):
    report = clean_text(text)
    assert 0 <= report.body_start <= len(report.text)


def test_the_seed_report():
    report = clean_text(SEED.read_text(encoding="utf-8"))
    assert report.published == date(2022, 4, 8)
    assert (report.place, report.country, report.agency) == ("Severodonetsk", "Ukraine", None)
    assert report.text[report.body_start :].startswith("Ukraine urged its residents in the east")
    assert report.text.endswith("armoured vehicles and jets.")
    assert report.text.count("\n\n") == 14
    assert report.language == "en"
    assert report.repairs == {"apostrophes": 5, "spaces": 1}
    assert report.flags == {}


def test_a_known_day_of_publication_is_used():
    assert clean_text("Words.", "8 April 2022").published == date(2022, 4, 8)
    assert clean_text("Words.", date(2022, 4, 8)).published == date(2022, 4, 8)
    assert clean_text("date 2022-04-08 Words.").published == date(2022, 4, 8)
    assert clean_text("date 2022-04-08 Words.", "2022-04-09").published == date(2022, 4, 9)  # the source knows better
    with pytest.raises(InputError, match="08/04/2022"):
        clean_text("Words.", "08/04/2022")


@pytest.mark.parametrize(
    ("code", "text"),
    [
        pytest.param(
            "en", "The army said on Monday that its troops had left the city and were moving south.", id="English"
        ),
        pytest.param(
            "fr",
            "L'armée a déclaré lundi que ses troupes avaient quitté la ville et se dirigeaient vers le sud.",
            id="French",
        ),
        pytest.param(
            "uk",
            "У понеділок армія заявила, що її війська залишили місто і рухаються на південь країни.",
            id="Ukrainian",
        ),
        pytest.param("und", "View Comments", id="two words"),
        pytest.param("und", "", id="empty"),
    ],
)
def test_languages_are_identified(code, text):
    assert language(text) == code


def raw(*rows: tuple[str, str, str]) -> pl.DataFrame:
    frame = pl.DataFrame(rows, schema=["doc_id", "published", "text"], orient="row")
    empty = dict.fromkeys(("title", "url", "updated", "date_format"), pl.lit(None, pl.String))
    return frame.with_columns(source=pl.lit("s"), outlet=pl.lit("O"), **empty)


def test_an_unreadable_date_of_update_is_counted():
    rows = raw(("a", "2022-01-03", "Words.")).with_columns(updated=pl.lit("08/04/2022"))
    documents = clean_partition(rows)["documents"]
    assert documents["updated"].to_list() == [None]
    assert documents["repairs"].to_list() == [[{"repair": "left: date of update", "times": 1}]]


def test_reports_are_counted_with_empty_weeks_as_zero():
    # a2 repeats a1 of its own outlet, b1 that of another, b2 both; a3 follows alone three weeks later, a4 has no date.
    rows = [
        ("a1", "A", date(2022, 1, 3), "a1"), ("a2", "A", date(2022, 1, 9), "a1"), ("b1", "B", date(2022, 1, 3), "a1"),
        ("b2", "B", date(2022, 1, 10), "a1"), ("a3", "A", date(2022, 1, 24), "a3"), ("a4", "A", None, "a1"),
    ]  # fmt: skip
    frame = pl.DataFrame(rows, schema=["doc_id", "outlet", "published", "cluster_id"], orient="row")
    frame = frame.with_columns(is_first_report=pl.col("doc_id") == pl.col("cluster_id"))
    for order in (frame, frame.reverse()):
        counts = count_reports(order, "week").sort("outlet", "start")
        counts = counts.select("outlet", "reports", "first_reports", "own_repeats", "others_repeats")
        assert counts.filter(outlet="A").drop("outlet").rows() == [
            (2, 1, 1, 0),
            (0, 0, 0, 0),
            (0, 0, 0, 0),
            (1, 1, 0, 0),
        ]
        assert counts.filter(outlet="B").drop("outlet").rows() == [
            (1, 0, 0, 1),
            (1, 0, 1, 0),
            (0, 0, 0, 0),
            (0, 0, 0, 0),
        ]
