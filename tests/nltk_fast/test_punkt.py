"""Punkt's parameters, and the list of abbreviations."""

from __future__ import annotations

from corpus_tools.nltk_fast.punkt import Punkt, news_abbreviations
from corpus_tools.tokenise.training import train


def test_abbreviations_are_in_lower_case_without_the_last_full_stop():
    abbreviations = news_abbreviations()
    assert {"gen", "u.s", "sept", "r-ariz", "p.m"} <= abbreviations
    assert all(a == a.lower() and not a.endswith(".") for a in abbreviations)


def test_parameters_survive_their_file():
    learned = train(["Gen. A. Smith left. The U.S. stayed."] * 5)
    assert Punkt.from_json(learned.to_json()) == learned
