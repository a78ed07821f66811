"""Parameters of `evaluate`."""

from __future__ import annotations

from corpus_tools.runtime.records import Positive, Section, Seed


class EvaluateParams(Section):
    """Number of bootstrap samples of reports for the intervals of the scores, and their seed."""

    draws: Positive = 1000
    seed: Seed = 0
