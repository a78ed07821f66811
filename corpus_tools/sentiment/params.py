"""Parameters of `sentiment`."""

from __future__ import annotations

from corpus_tools.runtime.records import Positive, Section, Seed
from corpus_tools.stats.calendar_bins import Period

# How news in English tells of armed conflict, chosen by what these words mean and not by looking at any corpus: what is
# reported is then told apart from how. Of some of them, the lexicon knows no form.
_WAR = """
    war battle combat fight attack assault raid ambush bomb bombing bombard blast explosion explode
    shell shelling shoot gunfire gunman weapon missile kill killer killing dead death die deadly
    wound injure casualty victim bloodshed destroy destruction devastate violence violent enemy
    hostility conflict terror terrorist terrorism rebel invade invasion siege hostage massacre
    murder
"""


class SentimentParams(Section):
    """How sentiment is followed over time, without which vocabulary too, and how often days are drawn anew."""

    period: Period = "week"
    vocabulary: list[str] = _WAR.split()
    draws: Positive = 1000
    seed: Seed = 0
