"""Parameters of `sentiment`."""

from __future__ import annotations

from corpus_tools.runtime.records import Positive, Section, Seed
from corpus_tools.stats.calendar_bins import Period

# War words, chosen by their meaning and not by looking at any corpus: the index without them separates what is reported
# from how. VADER's lexicon lacks some of them.
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
