"""Text for people: lines that fit a terminal, and counts with their noun."""

from __future__ import annotations

import pytest
from case_ids import case_id
from hypothesis import given
from hypothesis import strategies as st
from rendered import any_text, columns

from corpus_tools.text.plain_text import one_line, plural


@pytest.mark.parametrize(
    ("count", "noun", "wanted"),
    [(0, ("hit",), "0 hits"), (1, ("hit",), "1 hit"), (-1, ("hit",), "-1 hits"),
     (2_000, ("country", "countries"), "2,000 countries")],
    ids=case_id,
)  # fmt: skip
def test_a_count_has_its_noun(count, noun, wanted):
    assert plural(count, *noun) == wanted


@given(any_text, st.integers(1, 90))
def test_a_line_of_a_terminal_is_cut_with_a_sign(words, width):
    line = one_line(words, width)
    assert columns(line) <= width
    assert line.isprintable()
    assert line.endswith("…") or len(line) == len(words)
