"""Who and what a report names: cases as data, and promises for any text."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus_tools.layers.names import find_names
from corpus_tools.layers.types import Name, Report
from corpus_tools.nltk_fast.punkt import news_punkt, sentence_spans

CASES = yaml.safe_load(Path(__file__).with_name("cases").joinpath("names.yaml").read_text(encoding="utf-8"))
WORDS = (
    "The Mr President of and Paris Texas Jordan Smith al- Rimi Bank US-led 's . , \" ( St. in Kim Jong-un Россия É '"
)


def report(text: str) -> Report:
    return Report(text, None, 0, [(a, b) for _, a, b in sentence_spans(news_punkt().splitter(), text)])


def forms(text: str, label: str) -> dict[str, str]:
    return {text[n.start : n.end]: n.name for n in find_names(report(text)) if n.label == label}


@pytest.mark.parametrize("case", CASES["people"], ids=lambda c: c["text"][:40])
def test_people(case):
    assert forms(case["text"], "PERSON") == case["found"]


@pytest.mark.parametrize("case", CASES["organisations"], ids=lambda c: c["text"][:40])
def test_organisations(case):
    assert forms(case["text"], "ORG") == case["found"]


@pytest.mark.parametrize("text", CASES["nothing"])
def test_no_names(text):
    assert find_names(report(text)) == []


@pytest.mark.parametrize("case", CASES["known failures"], ids=lambda c: c["text"][:40])
@pytest.mark.xfail(strict=True)
def test_known_failures(case):
    assert forms(case["text"], "PERSON") | forms(case["text"], "ORG") == case["found"]


def test_two_of_one_surname():
    """A title tells which of the two; without one, the surname stays as written."""
    text = "Peter and Tracey Wilkinson came. Mr Wilkinson left. Mrs Wilkinson stayed. Wilkinson slept."
    assert [n.name for n in find_names(report(text))] == [
        "Peter Wilkinson",
        "Tracey Wilkinson",
        "Peter Wilkinson",
        "Tracey Wilkinson",
        "Wilkinson",
    ]


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(st.sampled_from(WORDS.split()), max_size=60).map(" ".join)))
def test_any_text(text):
    found: list[Name] = find_names(Report(text, None, 0, [(0, len(text))]))
    ends = [0, *(n.end for n in found)]
    assert all(before <= n.start < n.end <= len(text) for before, n in zip(ends, found, strict=False))
    assert all(n.name for n in found)


@pytest.mark.parametrize("unit", ["Aa ", "St. ", "Bank of ", "Al-'", 'A "B" ', "Mr Smith "])
def test_time_grows_with_length(unit):
    """Rows are cut off, so that no text takes longer than its length warrants."""
    text = unit * (100_000 // len(unit))
    assert len(find_names(Report(text, None, 0, [(0, len(text))]))) <= len(text)


def test_the_seed():
    text = next(Path("seeds/reports").glob("000_*.txt")).read_text(encoding="utf-8")
    found = set(forms(text, "PERSON").items())
    assert found == {
        ("Volodymyr Zelensky", "Volodymyr Zelensky"),
        ("Sergiy Gaiday", "Sergiy Gaiday"),
        ("Gaiday", "Sergiy Gaiday"),
        ("Sergei Lavrov", "Sergei Lavrov"),
        ("Mykhaylo Podolyak", "Mykhaylo Podolyak"),
        ("Mevlut Cavusoglu", "Mevlut Cavusoglu"),
        ("Pavlo Kyrylenko", "Pavlo Kyrylenko"),
        ("Volodymyr", "Volodymyr"),
        ("Dmytro Kuleba", "Dmytro Kuleba"),
    }
