"""Places of a report and their entries in the gazetteer: cases as data, and promises for any text."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from planted import CASES, SEED

from corpus_tools.layers.names import find_names
from corpus_tools.layers.places import find_places
from corpus_tools.layers.types import Place, Report
from corpus_tools.nltk_fast.punkt import news_punkt, sentence_spans

WRITTEN = yaml.safe_load((CASES / "places.yaml").read_text(encoding="utf-8"))
PIECES = (
    "The Mr of and , Paris Texas Georgia Norton Road in US US-led UK Bucha Ukraine province Northern St. 's . County"
)


def places(text: str, sentences: list[tuple[int, int]] | None = None) -> list[Place]:
    spans = sentences or [(start, end) for _, start, end in sentence_spans(news_punkt().splitter(), text)]
    report = Report(text, None, 0, spans)
    return find_places(report, find_names(report))


def cases(section: str) -> list:
    return [pytest.param(text, expected, id=text[:40]) for text, expected in WRITTEN[section]]


@pytest.mark.parametrize(("text", "expected"), cases("found"))
def test_places_have_kind_name_and_country(text, expected):
    assert {text[p.start : p.end]: [p.kind, p.name, p.country] for p in places(text)} == expected


@pytest.mark.parametrize("text", WRITTEN["must not mark"], ids=lambda text: text[:40])
def test_no_places(text):
    assert places(text) == []


@pytest.mark.parametrize(("text", "expected"), cases("known failures"))
@pytest.mark.xfail(strict=True)
def test_known_failures(text, expected):
    assert [text[p.start : p.end] for p in places(text)] == expected


def test_the_country_decides():
    """Of two towns of one name, the one in the country that the report is about."""
    assert [p.country for p in places("Shops in Cambridge closed.")] == ["United Kingdom"]
    abroad = places("Shops in Cambridge and Boston closed, the United States said.")
    assert {p.country for p in abroad} == {"United States"}


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PIECES.split()), max_size=60).map(" ".join)))
def test_places_of_any_text_are_in_order_and_on_the_globe(text):
    marks = places(text, [(0, len(text))])
    ends = [0, *(p.end for p in marks)]
    assert all(before <= p.start < p.end <= len(text) for before, p in zip(ends, marks, strict=False))
    assert all(p.lat is None or -90 <= p.lat <= 90 for p in marks)
    assert all(p.lon is None or -180 <= p.lon <= 180 for p in marks)
    assert all((p.lat is None) == (p.lon is None) for p in marks)


def test_places_of_the_seed_report():
    """Fourteen places, all in the gazetteer, the dateline's among them."""
    text = SEED.read_text(encoding="utf-8")
    marks = places(text)
    fourteen = """Severodonetsk Ukraine Kyiv Russia Bucha Moscow Donbas Lugansk Donetsk Kreminna Istanbul Turkey Crimea
        Kharkiv"""
    assert {text[p.start : p.end].title() for p in marks} == set(fourteen.split())
    assert len({p.name for p in marks}) == 14
    assert all(p.lat is not None and p.lon is not None for p in marks)
    countries = {text[p.start : p.end]: p.country for p in marks}
    assert countries["Kreminna"] == countries["Bucha"] == "Ukraine"
