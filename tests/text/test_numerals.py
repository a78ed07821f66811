from __future__ import annotations

import pytest

from corpus_tools.text.numerals import candidates, read_numerals


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("12.5.2016 3-1 14:15 1/2 $5 7% 8-year-old 1860s 3.5", id="joined to signs or digits"),
        pytest.param("two three", id="two words"),
    ],
)
def test_these_are_not_numbers_of_people(text):
    assert read_numerals(text, candidates(text)) == []
