"""Parameters of `evaluate`."""

from __future__ import annotations

from corpus_tools.runtime.records import Positive, Section, Seed


class EvaluateParams(Section):
    """How often reports are drawn anew for the intervals of the scores, and from which seed."""

    draws: Positive = 1000
    seed: Seed = 0
