"""Anchor words find their terms, and errors name the anchor."""

from __future__ import annotations

import polars as pl
import pytest

from corpus_tools.errors import InputError
from corpus_tools.topics.fitting.anchors import anchor_rows

VOCABULARY = pl.Series(["evacuate", "refugee", "war"])


def test_anchors_match_any_form_of_a_word() -> None:
    matrix = anchor_rows({"flight": ["refugees", "Evacuated", "unheard"]}, VOCABULARY, 2)
    assert matrix.tolist() == [[0.5, 0.5, 0.0]]


def test_an_anchor_without_a_term_is_named() -> None:
    with pytest.raises(InputError, match="none of its words") as error:
        anchor_rows({"flight": ["unheard"]}, VOCABULARY, 2, "anchors.yaml")
    assert error.value.where == "anchors.yaml, flight"


def test_more_anchors_than_topics_are_refused() -> None:
    with pytest.raises(InputError, match="2 anchored topics, but the model has 1"):
        anchor_rows({"a": ["war"], "b": ["refugee"]}, VOCABULARY, 1)
