"""Who has another turn."""

from __future__ import annotations

import pytest
from bench_runs import turns

from bench.turns import due


@pytest.mark.parametrize(
    ("seconds", "another"),
    [((40.0,), True), ((40.0, 40.0), False), ((9.0, 9.0), True), ((9.0,) * 3, False), ((2.0,) * 4, True)],
    ids=["one long", "two long", "two medium", "three medium", "four short"],
)
def test_slow_contestants_have_fewer_turns(seconds, another):
    assert due(turns(NLTK=seconds), "words", "NLTK") is another
