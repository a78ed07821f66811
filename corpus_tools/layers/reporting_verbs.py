"""Words of saying: the lists of reporting_words.yaml, and where such words stand in a text."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import yaml

_LOWER = re.compile(r"[a-z]{3,}")
# Verbs of one syllable, or stressed on the last one, that double their last letter.
_DOUBLING = frozenset({"admit", "beg", "quip", "refer", "slam"})
_NOUN_BEFORE = re.compile(
    r"\b(?:the|an?|his|her|its|their|our|my|your|this|these|those|of|no|any|some|first|such|other|several|many|"
    r"[a-z]+['’]s?|to|by)$",
    re.IGNORECASE,
)
# `the added pressure`, `of claimed rights`: a participle that describes a thing.
_THING_BEFORE = re.compile(r"\b(?:the|an?|of|by|on|with|in|for|more|much)$")


class Cue(NamedTuple):
    """A word of saying in the reporter's own words."""

    start: int
    end: int
    word: str
    weak: bool


@dataclass(frozen=True)
class Words:
    """The lists of reporting_words.yaml, by form."""

    forms: frozenset[str]
    phrases: dict[str, tuple[str, ...]]
    weak: frozenset[str]
    nouns: frozenset[str]
    bare: frozenset[str]
    clause_taking: frozenset[str]
    heads: frozenset[str]


def _inflected(verb: str) -> list[str]:
    if verb.endswith("e"):
        return [verb + "s", verb + "d", verb[:-1] + "ing"]
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return [verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing"]
    if verb in _DOUBLING:
        return [verb + "s", verb + verb[-1] + "ed", verb + verb[-1] + "ing"]
    ending = "es" if verb.endswith(("s", "sh", "ch", "x")) else "s"
    return [verb + ending, verb + "ed", verb + "ing"]


@cache
def words() -> Words:
    """Read the lists of reporting words."""
    lists = yaml.safe_load(
        files("corpus_tools.layers").joinpath("data/reporting_words.yaml").read_text(encoding="utf-8")
    )
    irregular = [form for forms in lists["irregular"].values() for form in forms]
    verbs = lists["verbs"].split()
    plain = set(lists["plain"].split())
    infinitives = (set(verbs) | {"say", "tell", "write", "think", "speak"}) - plain
    forms = {form for verb in verbs for form in _inflected(verb)} | plain | {f for f in irregular if " " not in f}
    phrases: dict[str, tuple[str, ...]] = {}
    for phrase in (f for f in irregular if " " in f):
        first = phrase.split()[0]
        phrases[first] = (*phrases.get(first, ()), phrase)
    weak = frozenset(lists["weak"].split()) | frozenset(verbs)
    return Words(
        frozenset(forms - (infinitives - {"forecast"}) - set(lists["not"].split())),
        phrases,
        weak,
        frozenset(lists["nouns"].split()),
        frozenset(lists["bare_speakers"].split()),
        frozenset(lists["clause_taking"].split()) | {"according to"},
        frozenset(lists["speakers"].split()),
    )


def find_cues(text: str) -> list[Cue]:
    """Find every word of saying in a text.

    Examples
    --------
    >>> [cue.word for cue in find_cues("According to Smith, who tweeted it, the so-called king said no.")]
    ['according to', 'tweeted', 'said']
    """
    wanted = _wanted()
    near = (m for m in _LOWER.finditer(text) if m[0] in wanted)
    found = [cue for m in near if (cue := _cue(text, m.start(), m.end(), m[0]))]
    return [cue for cue in found if not _is_noun(text, cue)]


@cache
def _wanted() -> frozenset[str]:
    return words().forms | words().phrases.keys() | {_ACCORDING}


_ACCORDING = "ccording"  # behind a capital, at the start of a sentence


def _cue(text: str, start: int, end: int, word: str) -> Cue | None:
    if word == _ACCORDING and text[start - 1] == "A":
        start, word = start - 1, "according"
    before = text[start - 1] if start else " "
    # `Jones-said`: a lost space often leaves a hyphen; `so-called` is no word of saying.
    if (
        before.isalnum()
        or before in "’'_"
        or (before == "-" and text[max(0, start - 5) : start].endswith(("so-", "self-")))
    ):
        return None
    if text[end : end + 1].isalnum():
        return None
    phrase = next((p for p in words().phrases.get(word, ()) if text[start : start + len(p)].lower() == p), None)
    if phrase:
        return Cue(start, start + len(phrase), phrase, weak=False)
    if word.startswith("continu") and text[end : end + 1] not in {",", ":"}:
        return None  # it goes on doing something else
    return Cue(start, end, word, word in words().weak) if word in words().forms else None


def _is_noun(text: str, cue: Cue) -> bool:
    before = text[max(0, cue.start - 20) : cue.start].rstrip()
    if cue.word.endswith(("ed", "ing")) and cue.word != "warning":
        return bool(_THING_BEFORE.search(before))
    return cue.weak and bool(_NOUN_BEFORE.search(before))


class Cues:
    """The words of saying of one text, found once."""

    def __init__(self, text: str) -> None:
        self._all = find_cues(text)
        self._starts = [cue.start for cue in self._all]

    def between(self, start: int, end: int) -> list[Cue]:
        """Give those that begin in a stretch of the text."""
        return self._all[bisect_left(self._starts, start) : bisect_left(self._starts, end)]
