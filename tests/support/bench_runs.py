"""Planted measurements of benchmarks."""

from __future__ import annotations

from bench.contests import OURS
from bench.inputs import Sizes
from bench.turns import Turn


def turns(**seconds: tuple[float, ...]) -> list[Turn]:
    """Turns of the contest `words`."""
    return [
        Turn("words", name, number, value, value, 100.0)
        for name, values in seconds.items()
        for number, value in enumerate(values)
    ]


def topic_turns(mine: float, theirs: float) -> list[Turn]:
    return [
        Turn("topics", OURS, 0, 1.0, 1.0, 100.0, mine),
        Turn("topics", "scikit-learn NMF", 0, 2.0, 2.0, 100.0, theirs),
    ]


SIZES = Sizes({"planted": 2}, 2, 3.0, 9, 3.0, 50, 2, 3.0, 40)
TURNS = turns(corpus_tools=(1.0, 2.0, 4.0), NLTK=(32.0, 34.0, 30.0), BlingFire=(1.0, 1.0, 1.0))
