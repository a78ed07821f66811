"""Results: 80 columns of a terminal, a table of a page, rows and columns for code."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from planted_corpus import (
    PlantedReport,
    write,
)
from rendered import Page, any_text, columns

import corpus_tools as ct
from corpus_tools.display.result import LINES, PAGE, SHOWN, Description, Overview, Result
from corpus_tools.explore.concordance import SCHEMA, Concordance

any_rows = st.lists(st.tuples(any_text, st.integers(-(10**15), 10**15), st.floats(), any_text), max_size=25)


@given(any_rows, any_text)
def test_a_terminal_shows_80_columns_of_any_content(rows, title):
    frame = pl.DataFrame(rows, schema={"a": pl.String, "n": pl.Int64, "x": pl.Float64, "b": pl.String}, orient="row")
    lines = repr(Result(frame, title, ("a note",))).split("\n")
    assert all(columns(line) <= 80 and (line.isprintable() or not line) for line in lines)
    assert len(lines) == 2 + 1 + min(len(rows), LINES) + (len(rows) > LINES)


def test_a_terminal_says_how_many_rows_are_not_shown():
    frame = pl.DataFrame({"term": [f"w{n}" for n in range(LINES + 3)], "count": range(LINES + 3)})
    lines = repr(Result(frame, "Words", ("a note",))).split("\n")
    assert lines[:4] == ["Words", "a note", "term  count", "w0        0"]
    assert lines[-2:] == [f"w{LINES - 1}      {LINES - 1}", "... and 3 rows more"]
    assert repr(Result(frame.head(LINES), "", ())).split("\n")[-1] == f"w{LINES - 1}      {LINES - 1}"
    assert repr(Result(frame.head(LINES + 1), "", ())).endswith("... and 1 row more")


def test_columns_that_do_not_fit_are_left_out_from_the_last():
    frame = pl.DataFrame({name: [name * 30] for name in "abc"})
    assert repr(Result(frame, "t", ())).split("\n")[-1] == "a" * 30 + "  " + "b" * 30


def test_numbers_are_written_for_readers():
    frame = pl.DataFrame(
        {"n": [12345, None], "x": [0.01234, float("nan")], "q": [0.0001, 0.2], "log_ratio": [-3.0, 0.5]}
    )
    assert repr(Result(frame, "t", ())).split("\n")[1:] == [
        "     n      x       q  log ratio",
        "12,345  0.012  <0.001      -3.00",
        "                0.200       0.50",
    ]


HOSTILE = "<script>alert(1)</script> & \"x\" 'y'"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory) -> Concordance:
    row = {
        "doc_id": "a",
        "body_start": 0,
        "outlet": "<b>Post</b>",
        "published": date(2017, 3, 6),
        "is_first_report": True,
    }
    text = f"{HOSTILE} army {HOSTILE} " * 30
    quote = {
        "start": 0,
        "end": len(text),
        "kind": "direct",
        "speaker_name": "<img src=x onerror=alert(1)>",
        "text": text,
    }
    corpus = write(tmp_path_factory.mktemp("hostile"), [PlantedReport(row | {"text": text}, [quote], [], [])], 1)
    return corpus.concordance("army", width=len(HOSTILE) + 1)


def test_what_a_report_holds_never_becomes_markup(hostile):
    html = hostile._repr_html_()
    page = Page(html)
    assert Counter(tag for tag, _ in page.tags)["script"] == 1  # ours
    assert not {"b", "img"} & {tag for tag, _ in page.tags}
    assert f"{HOSTILE} " in {data for data, path in page.pieces if "ct-left" in path}
    assert "<img src=x onerror=alert(1)>" in {data for data, path in page.pieces if path[-1] == "td"}


def test_a_page_needs_no_network(hostile):
    assert not re.search(r"(?:src|href|url|@import)\s*[=(]|https?://", hostile._repr_html_().replace("src=x", ""))


def test_a_page_is_the_same_each_time(corpus):
    one, other = (corpus.concordance("the", sort="left")._repr_html_() for _ in range(2))
    assert one == other


def test_a_table_can_be_read_without_its_script(corpus):
    result = corpus.concordance("the")
    page = Page(result._repr_html_())
    heads = [a for tag, a in page.tags if tag == "th"]
    assert [a["scope"] for a in heads] == ["col"] * 6
    assert [a["data-name"] for a in heads] == ["left", "match", "right", "outlet", "day", "speaker_name"]
    cells = [a["data-th"] for tag, a in page.tags if tag == "td"]
    assert cells == ["left", "match", "right", "outlet", "day", "speaker name"] * len(result)
    rows = ["hidden" in a for tag, a in page.tags if tag == "tr"][1:]
    assert rows == [n >= PAGE for n in range(len(result))]


def test_a_page_has_a_maximum_of_rows_and_says_so(corpus):
    result = corpus.concordance("*")
    assert len(result) > SHOWN
    page = Page(result._repr_html_())
    assert [tag for tag, _ in page.tags].count("tr") == SHOWN + 1
    assert f"The first 500 of {len(result):,} rows." in page.text("ct-muted")


@pytest.mark.parametrize("ask", ["concordance", "frequencies", "collocations"])
def test_nothing_found_can_be_shown(corpus, ask):
    result = getattr(corpus, ask)("nowhere")
    assert len(result) == 0
    assert "nothing found" in Page(result._repr_html_()).text("ct-muted")
    assert "Traceback" not in repr(result)
    assert list(result) == []


def test_a_result_is_rows_columns_and_an_arrow_table(corpus):
    result = corpus.concordance("army")
    assert len(result) == result.frame.height
    assert list(result) == result.frame.rows(named=True)
    assert result["doc_id"].to_list() == [line["doc_id"] for line in result]
    assert pl.DataFrame(result).equals(result.frame)
    assert result.frame.schema == SCHEMA


def test_an_unknown_column_is_answered_with_the_known_ones(corpus):
    with pytest.raises(ct.InputError, match="column 'term': no such column") as error:
        corpus.concordance("army")["term"]
    assert "doc_id" in error.value.remedy


def test_an_unknown_attribute_points_to_the_frame(corpus):
    result = corpus.concordance("army")
    with pytest.raises(AttributeError, match=r"no 'head'; its DataFrame is `\.frame`, with the columns doc_id, outlet"):
        result.head(3)
    assert not hasattr(result, "_repr_png_")


def test_a_description_is_wrapped_and_not_cut():
    words = " ".join(f"word{n}" for n in range(60))
    frame = pl.DataFrame(
        {"column": ["a_long_name_of_a_column"], "type": ["List(Struct({'a': String}))"], "text": [words]}
    )
    description = Description(frame, f"claims: {words}", ("a note",))
    lines = repr(description).split("\n")
    assert all(len(line) <= 80 for line in lines)
    assert "…" not in repr(description)
    assert [word for word in repr(description).split() if word.startswith("word")] == words.split() * 2
    assert sum("a_long_name_of_a_column" in line for line in lines) == 1


def test_an_overview_is_one_page():
    frame = pl.DataFrame({"table": [f"t{n}" for n in range(PAGE + 5)]})
    overview = Overview(frame, "Corpus", ())
    assert not any("hidden" in attributes for _, attributes in Page(overview._repr_html_()).tags)
    assert len(repr(overview).split("\n")) == 1 + 1 + PAGE + 5
