from __future__ import annotations

from datetime import date

import polars as pl
import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from planted import CASES, ROOT

from corpus_tools.clean.documents import clean_partition, clean_text, count_reports, language
from corpus_tools.clean.repairs import REPAIRS, flags, mend
from corpus_tools.errors import InputError
from corpus_tools.text.dateline import find_dateline

REPAIR_CASES = yaml.safe_load((CASES / "repairs.yaml").read_text(encoding="utf-8"))
DATELINE_CASES = yaml.safe_load((CASES / "datelines.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", REPAIR_CASES["mended"], ids=lambda case: case[0][:30])
def test_damage_that_its_neighbours_decide_is_mended(case):
    found, right = case[:2]
    assert mend(found)[0] == right


@pytest.mark.parametrize("text", REPAIR_CASES["kept"])
def test_sound_text_is_left_alone(text):
    assert mend(text) == (text, {})


@pytest.mark.parametrize(("text", "name", "times"), REPAIR_CASES["flagged"])
def test_what_nothing_decides_stays_and_is_counted(text, name, times):
    assert mend(text) == (text, {})
    assert flags(text) == {name: times}


@pytest.mark.parametrize("case", REPAIR_CASES["known_failures"], ids=lambda case: case["text"][:30])
def test_known_failures_fail_as_known(case):
    assert mend(case["text"])[0] == case["now"]


def test_repairs_are_counted_by_name():
    _, counts = mend('"No,"?he said.\u00a0"Yes,"?she  said. They don"t know.')
    assert counts == {"no-break spaces": 1, "lost apostrophes": 1, "lost marks": 2, "spaces": 1}
    assert set(counts) <= set(REPAIRS)


# Marks, spaces and letters in odd orders find more than letters at random.
ODD = st.text(
    st.sampled_from("\"?\ufffd-–' ’“”.,!sSaA5(\n\r\t\u00a0\u00ad&;<amp") | st.characters(codec="utf-8"), max_size=60
)


@given(ODD)
@example('"?"?s"?s "?')
@example("a\r\nb\u2028c")
@example("&amp;nbsp;x")
@example("evacu-\nation of the\ncity on\nfoot")
def test_cleaning_clean_text_changes_nothing(text):
    once, _ = mend(text)
    assert mend(once) == (once, {})


@given(ODD)
def test_nothing_is_invented(text):
    """Apart from the dash, every character of the mended text was in the text, an entity, or mis-decoded."""
    if "&" in text or not text.isascii():
        return
    assert set(mend(text)[0]) <= set(text) | set("–' \n\"")


@given(st.text(max_size=200))
def test_any_text_can_be_cleaned(text):
    report = clean_text(text)
    assert 0 <= report.body_start <= len(report.text)


@pytest.mark.parametrize("case", DATELINE_CASES["found"], ids=lambda case: case[0][:30])
def test_datelines_are_read(case):
    text, place, country, agency, word = case
    found = find_dateline(text)
    assert found is not None
    assert (found.place, found.country, found.agency) == (place, country, agency)
    assert text[found.end :].startswith(word)


@pytest.mark.parametrize("text", DATELINE_CASES["none"])
def test_what_looks_like_a_dateline_is_not_one(text):
    assert find_dateline(text) is None


def test_the_seed_report():
    raw = (ROOT / "seeds" / "reports" / "000_10145fd6475e8b3e.txt").read_text(encoding="utf-8")
    report = clean_text(raw)
    assert report.published == date(2022, 4, 8)
    assert (report.place, report.country, report.agency) == ("Severodonetsk", "Ukraine", None)
    assert report.text[report.body_start :].startswith("Ukraine urged its residents in the east")
    assert report.text.endswith("armoured vehicles and jets.")
    assert report.text.count("\n\n") == 14
    assert report.language == "en"
    assert report.repairs == {"apostrophes": 5, "spaces": 1}
    assert report.flags == {}


def test_the_day_may_be_given():
    assert clean_text("Words.", "8 April 2022").published == date(2022, 4, 8)
    assert clean_text("Words.", date(2022, 4, 8)).published == date(2022, 4, 8)
    assert clean_text("date 2022-04-08 Words.").published == date(2022, 4, 8)
    assert clean_text("date 2022-04-08 Words.", "2022-04-09").published == date(2022, 4, 9)  # the source knows better
    with pytest.raises(InputError, match="08/04/2022"):
        clean_text("Words.", "08/04/2022")


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "The army said on Monday that its troops had left the city and were moving south."),
        ("fr", "L'armée a déclaré lundi que ses troupes avaient quitté la ville et se dirigeaient vers le sud."),
        ("uk", "У понеділок армія заявила, що її війська залишили місто і рухаються на південь країни."),
        ("und", "View Comments"),
        ("und", ""),
    ],
)
def test_the_language_is_marked(code, text):
    assert language(text) == code


def raw(*rows: tuple[str, str, str]) -> pl.DataFrame:
    frame = pl.DataFrame(rows, schema=["doc_id", "published", "text"], orient="row")
    empty = dict.fromkeys(("title", "url", "updated", "date_format"), pl.lit(None, pl.String))
    return frame.with_columns(source=pl.lit("s"), outlet=pl.lit("O"), **empty)


def test_a_date_of_update_that_cannot_be_read_is_said():
    rows = raw(("a", "2022-01-03", "Words.")).with_columns(updated=pl.lit("08/04/2022"))
    documents = clean_partition(rows)["documents"]
    assert documents["updated"].to_list() == [None]
    assert documents["repairs"].to_list() == [[{"repair": "left: date of update", "times": 1}]]


def test_reports_are_counted_with_empty_weeks_as_zero():
    # a2 repeats its own outlet's a1, b1 only another's, b2 both; a3 stands alone three weeks later, a4 has no date.
    rows = [
        ("a1", "A", date(2022, 1, 3), "a1"), ("a2", "A", date(2022, 1, 9), "a1"), ("b1", "B", date(2022, 1, 3), "a1"),
        ("b2", "B", date(2022, 1, 10), "a1"), ("a3", "A", date(2022, 1, 24), "a3"), ("a4", "A", None, "a1"),
    ]  # fmt: skip
    frame = pl.DataFrame(rows, schema=["doc_id", "outlet", "published", "cluster_id"], orient="row")
    frame = frame.with_columns(is_first_report=pl.col("doc_id") == pl.col("cluster_id"))
    for order in (frame, frame.reverse()):
        counted = count_reports(order, "week").sort("outlet", "start")
        parts = counted.select("outlet", "reports", "first_reports", "own_repeats", "others_repeats")
        assert parts.filter(outlet="A").drop("outlet").rows() == [
            (2, 1, 1, 0),
            (0, 0, 0, 0),
            (0, 0, 0, 0),
            (1, 1, 0, 0),
        ]
        assert parts.filter(outlet="B").drop("outlet").rows() == [
            (1, 0, 0, 1),
            (1, 0, 1, 0),
            (0, 0, 0, 0),
            (0, 0, 0, 0),
        ]
