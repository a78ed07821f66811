"""Parameters of `sentiment`."""

from __future__ import annotations

from corpus_tools.runtime.records import Positive, Section, Seed
from corpus_tools.stats.calendar_bins import Period

# The defaults of `sentiment.vocabulary` in params.yaml, where the choice is explained; a test compares them.
_WAR = """
    war battle combat fight attack assault raid ambush bomb bombing bombard blast explosion explode
    shell shelling shoot gunfire gunman weapon missile kill killer killing dead death die deadly
    wound injure casualty victim bloodshed destroy destruction devastate violence violent enemy
    hostility conflict terror terrorist terrorism rebel invade invasion siege hostage massacre
    murder
"""


class SentimentParams(Section):
    """The bins of sentiment over time, the vocabulary left out of the second index, and the bootstrap."""

    period: Period = "week"
    vocabulary: list[str] = _WAR.split()
    draws: Positive = 1000
    seed: Seed = 0
