"""The explorer without a browser: what its fields ask for, what it says, and what an exported notebook holds."""

from __future__ import annotations

import re
from datetime import date

import polars as pl
import pytest
from planted import write_notebook

from corpus_tools.display.result import SHOWN
from corpus_tools.notebooks.execute import run_notebook


def test_each_field_narrows_the_lines_and_the_call_finds_the_same_again(corpus):
    explorer = corpus.explore("attack*")
    choices = {
        "outlet": ("BBC", "Morning Post"), "since": date(2017, 1, 1), "until": date(2017, 2, 20), "voice": "quoted",
        "speaker": "Olha Bondar", "sort": "right", "match": ("glob", "lemma"),
    }  # fmt: skip
    hits = len(explorer.result)
    for name, value in choices.items():
        getattr(explorer, name).value = value
        again = eval(explorer.call, {"corpus": corpus})  # noqa: S307
        assert again.frame.equals(explorer.result.frame)
        assert explorer.result.hits <= hits
        assert name == "match" or f"{name}=" in explorer.call
        hits = explorer.result.hits
    assert hits > 0
    assert "unit='lemma'" in explorer.call


def test_a_comma_separates_texts_but_not_a_regular_expression(corpus):
    explorer = corpus.explore("army, the attack")
    assert explorer.call == "corpus.concordance(['army', 'the attack'])"
    explorer.pattern.value = "1,000,army,2017 , 5,5"
    assert explorer.call == "corpus.concordance(['1,000', 'army', '2017', '5,5'])"
    explorer.match.value = ("regex", "word")
    explorer.pattern.value = "a{1,2}rmy"
    assert explorer.call == "corpus.concordance('a{1,2}rmy', match='regex')"
    assert len(explorer.result) > 0


def test_a_line_that_is_chosen_opens_its_report_with_the_words_marked(corpus):
    explorer = corpus.explore("attack*")
    explorer.reader.chosen = 3
    line = explorer.result.frame.row(3, named=True)
    assert explorer.reader.report == corpus.show(line["doc_id"], [(line["start"], line["end"])]).html
    assert 'class="ct-hit"' in explorer.reader.report
    # Other lines are shown: none of them is chosen.
    explorer.pattern.value = "army"
    assert (explorer.reader.chosen, explorer.reader.report) == (-1, "")
    explorer.reader.chosen = 10**6
    assert explorer.reader.report == ""


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("speaker", "Zz*", "nobody of this name"),
        ("place", "Atlantis", "no report names it"),
        ("pattern", "(", "pattern"),
    ],
)
def test_what_cannot_be_found_is_said_and_no_old_lines_stay(corpus, field, value, message):
    explorer = corpus.explore("army")
    if field == "pattern":
        explorer.match.value = ("regex", "word")
    getattr(explorer, field).value = value
    assert message in explorer.status.value
    assert 'role="alert"' in explorer.status.value
    assert (explorer.result, explorer.call, explorer.reader.lines) == (None, "", "")


def test_without_words_it_says_what_to_do(corpus):
    explorer = corpus.explore()
    assert "Type words" in explorer.status.value
    assert explorer.result is None
    explorer.pattern.value = "army"
    assert explorer.result.hits > 0
    explorer.pattern.value = " "
    assert (explorer.result, explorer.call, explorer.reader.lines) == (None, "", "")


def test_no_more_lines_than_a_page_takes_up_are_made(corpus):
    explorer = corpus.explore("*")
    assert len(explorer.result) == SHOWN < explorer.result.hits
    assert f"The first {SHOWN} of {explorer.result.hits:,} rows." in explorer.reader.lines


def test_fields_offer_what_the_corpus_holds(corpus):
    explorer = corpus.explore()
    assert (
        list(explorer.outlet.options)
        == corpus.documents.select(pl.col("outlet").unique().sort()).collect()["outlet"].to_list()
    )
    assert "Olha Bondar" in explorer.speaker.options
    assert "Kyiv" in explorer.place.options


@pytest.mark.slow
def test_an_exported_notebook_holds_the_lines_and_the_same_bytes_twice(corpus, tmp_path):
    path = write_notebook(
        tmp_path / "a.ipynb", f"import corpus_tools as ct\nct.open_corpus({str(corpus.root)!r}).explore('army')"
    )
    (executed, page), again = run_notebook(path, tmp_path, 60), run_notebook(path, tmp_path, 60)
    assert (executed, page) == again
    assert "widget-view" not in executed
    assert re.search(r'<td class="ct-match"[^>]*>[Aa]rmy</td>', page)
