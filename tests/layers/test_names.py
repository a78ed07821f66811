"""Names of people and organisations: cases as data, and promises for any text."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from planted import CASES, SEED

from corpus_tools.layers.names import find_names
from corpus_tools.layers.types import Report
from corpus_tools.nltk_fast.punkt import news_punkt, sentence_spans

WRITTEN = yaml.safe_load((CASES / "names.yaml").read_text(encoding="utf-8"))
PIECES = (
    "The Mr President of and Paris Texas Jordan Smith al- Rimi Bank US-led 's . , \" ( St. in Kim Jong-un Россия É '"
)


def report(text: str) -> Report:
    return Report(text, None, 0, [(start, end) for _, start, end in sentence_spans(news_punkt().splitter(), text)])


def full_forms(text: str, label: str) -> dict[str, str]:
    return {text[n.start : n.end]: n.name for n in find_names(report(text)) if n.label == label}


def cases(section: str) -> list:
    return [pytest.param(case["text"], case["found"], id=case["text"][:40]) for case in WRITTEN[section]]


@pytest.mark.parametrize(("text", "expected"), cases("people"))
def test_people(text, expected):
    assert full_forms(text, "PERSON") == expected


@pytest.mark.parametrize(("text", "expected"), cases("organisations"))
def test_organisations(text, expected):
    assert full_forms(text, "ORG") == expected


@pytest.mark.parametrize("text", WRITTEN["nothing"], ids=lambda text: text[:40] or "empty")
def test_no_names(text):
    assert find_names(report(text)) == []


@pytest.mark.parametrize(("text", "expected"), cases("known failures"))
@pytest.mark.xfail(strict=True)
def test_known_failures(text, expected):
    assert full_forms(text, "PERSON") | full_forms(text, "ORG") == expected


def test_two_people_of_one_surname():
    """A title shows which of the two is meant; without one, the surname stays as written."""
    text = "Peter and Tracey Wilkinson came. Mr Wilkinson left. Mrs Wilkinson stayed. Wilkinson slept."
    assert [n.name for n in find_names(report(text))] == [
        "Peter Wilkinson",
        "Tracey Wilkinson",
        "Peter Wilkinson",
        "Tracey Wilkinson",
        "Wilkinson",
    ]


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PIECES.split()), max_size=60).map(" ".join)))
def test_names_of_any_text_are_in_order_and_do_not_overlap(text):
    names = find_names(Report(text, None, 0, [(0, len(text))]))
    ends = [0, *(n.end for n in names)]
    assert all(before <= n.start < n.end <= len(text) for before, n in zip(ends, names, strict=False))
    assert all(n.name for n in names)


@pytest.mark.parametrize("unit", ["Aa ", "St. ", "Bank of ", "Al-'", 'A "B" ', "Mr Smith "], ids=str.strip)
def test_time_grows_with_length(unit):
    """Runs of capitals are cut off, so that no text takes longer than its length warrants."""
    text = unit * (100_000 // len(unit))
    assert len(find_names(Report(text, None, 0, [(0, len(text))]))) <= len(text)


def test_people_of_the_seed_report():
    people = full_forms(SEED.read_text(encoding="utf-8"), "PERSON")
    assert people == {
        "Volodymyr Zelensky": "Volodymyr Zelensky",
        "Sergiy Gaiday": "Sergiy Gaiday",
        "Gaiday": "Sergiy Gaiday",
        "Sergei Lavrov": "Sergei Lavrov",
        "Mykhaylo Podolyak": "Mykhaylo Podolyak",
        "Mevlut Cavusoglu": "Mevlut Cavusoglu",
        "Pavlo Kyrylenko": "Pavlo Kyrylenko",
        "Volodymyr": "Volodymyr",
        "Dmytro Kuleba": "Dmytro Kuleba",
    }
