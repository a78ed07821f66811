"""Where a report is: cases as data, and promises for any text."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus_tools.layers.names import find_names
from corpus_tools.layers.places import find_places
from corpus_tools.layers.types import Place, Report
from corpus_tools.nltk_fast.punkt import news_punkt, sentence_spans
from corpus_tools.text.gazetteer import lookup

CASES = yaml.safe_load(Path(__file__).with_name("cases").joinpath("places.yaml").read_text(encoding="utf-8"))
WORDS = (
    "The Mr of and , Paris Texas Georgia Norton Road in US US-led UK Bucha Ukraine province Northern St. 's . County"
)


def places(text: str) -> list[Place]:
    report = Report(text, None, 0, [(a, b) for _, a, b in sentence_spans(news_punkt().splitter(), text)])
    return find_places(report, find_names(report))


@pytest.mark.parametrize(("text", "expected"), CASES["found"], ids=lambda c: c[:40] if isinstance(c, str) else "")
def test_found(text, expected):
    found = {text[p.start : p.end]: [p.kind, p.name, p.country] for p in places(text)}
    assert found == expected


@pytest.mark.parametrize("text", CASES["must not mark"])
def test_must_not_mark(text):
    assert places(text) == []


@pytest.mark.parametrize(("text", "expected"), CASES["known failures"])
@pytest.mark.xfail(strict=True)
def test_known_failures(text, expected):
    assert [text[p.start : p.end] for p in places(text)] == expected


def test_the_country_decides():
    """Of two towns of one name, the one in the country that the report is about."""
    assert [p.country for p in places("Shops in Cambridge closed.")] == ["United Kingdom"]
    abroad = places("Shops in Cambridge and Boston closed, the United States said.")
    assert {p.country for p in abroad} == {"United States"}


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(st.sampled_from(WORDS.split()), max_size=60).map(" ".join)))
def test_any_text(text):
    report = Report(text, None, 0, [(0, len(text))])
    found = find_places(report, find_names(report))
    ends = [0, *(p.end for p in found)]
    assert all(before <= p.start < p.end <= len(text) for before, p in zip(ends, found, strict=False))
    assert all(p.lat is None or -90 <= p.lat <= 90 for p in found)
    assert all(p.lon is None or -180 <= p.lon <= 180 for p in found)
    assert all((p.lat is None) == (p.lon is None) for p in found)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Kiev", "Kyiv"), ("Lugansk", "Luhansk"), ("Rangoon", "Yangon"), ("The Hague", "The Hague"), ("SANA'A", "Sanaa")],
)
def test_lookup(name, expected):
    assert expected in {e.name for e in lookup(name)[:2]}


def test_the_seed():
    """Fourteen places, all on the map, the dateline's among them."""
    text = next(Path("seeds/reports").glob("000_*.txt")).read_text(encoding="utf-8")
    found = places(text)
    fourteen = """Severodonetsk Ukraine Kyiv Russia Bucha Moscow Donbas Lugansk Donetsk Kreminna Istanbul Turkey Crimea
        Kharkiv"""
    assert {text[p.start : p.end].title() for p in found} == set(fourteen.split())
    assert len({p.name for p in found}) == 14
    assert all(p.lat is not None and p.lon is not None for p in found)
    home = {text[p.start : p.end]: p.country for p in found}
    assert home["Kreminna"] == home["Bucha"] == "Ukraine"
