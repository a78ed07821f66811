"""Reporting verbs and phrases (`said`, `according to`): the lists of reporting_words.yaml, and where they occur."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import yaml

_LOWER = re.compile(r"[a-z]{3,}")
_CAPITALISED = "ccording"  # `According` without its capital, as `_LOWER` matches it
# Verbs of one syllable, or stressed on the last one, that double their last letter.
_DOUBLING = frozenset({"admit", "beg", "quip", "refer", "slam"})
_BEFORE_NOUN = re.compile(
    r"\b(?:the|an?|his|her|its|their|our|my|your|this|these|those|of|no|any|some|first|such|other|several|many|"
    r"[a-z]+['’]s?|to|by)$",
    re.IGNORECASE,
)
# `the added pressure`, `of claimed rights`: a participle that describes a thing.
_BEFORE_PARTICIPLE = re.compile(r"\b(?:the|an?|of|by|on|with|in|for|more|much)$")


class Cue(NamedTuple):
    """A reporting verb or phrase; a weak one mostly means something else and counts only next to a quotation."""

    start: int
    end: int
    word: str
    weak: bool


@dataclass(frozen=True)
class ReportingWords:
    """The lists of reporting_words.yaml, where each has its comment; verbs in all their forms."""

    forms: frozenset[str]
    phrases: dict[str, tuple[str, ...]]  # by first word
    weak: frozenset[str]
    nouns: frozenset[str]
    bare_speakers: frozenset[str]
    clause_taking: frozenset[str]
    speakers: frozenset[str]
    between: frozenset[str]
    no_role: frozenset[str]
    any_speaker: frozenset[str]
    bodies: frozenset[str]
    outlets: frozenset[str]


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
def reporting_words() -> ReportingWords:
    """Read the lists of reporting words."""
    file = files("corpus_tools.layers").joinpath("data/reporting_words.yaml")
    lists = yaml.safe_load(file.read_text(encoding="utf-8"))
    irregular = [form for forms in lists.pop("irregular").values() for form in forms]
    words = {name: frozenset(text.split()) for name, text in lists.items()}
    verbs, plain, excluded = words.pop("verbs"), words.pop("plain"), words.pop("not")
    infinitives = (verbs | {"say", "tell", "write", "think", "speak"}) - plain - {"forecast"}
    forms = {form for verb in verbs for form in _inflected(verb)} | plain | {f for f in irregular if " " not in f}
    phrases: dict[str, tuple[str, ...]] = {}
    for phrase in (form for form in irregular if " " in form):
        first = phrase.split()[0]
        phrases[first] = (*phrases.get(first, ()), phrase)
    words["weak"] |= verbs
    words["clause_taking"] |= {"according to"}
    return ReportingWords(forms=frozenset(forms - infinitives - excluded), phrases=phrases, **words)


def find_cues(text: str) -> list[Cue]:
    """Find all reporting verbs and phrases in a text.

    Examples
    --------
    >>> [cue.word for cue in find_cues("According to Smith, who tweeted it, the so-called king said no.")]
    ['according to', 'tweeted', 'said']
    """
    triggers = _triggers()
    matches = (m for m in _LOWER.finditer(text) if m[0] in triggers)
    cues = [cue for m in matches if (cue := _cue(text, m.start(), m.end(), m[0]))]
    return [cue for cue in cues if not _is_noun(text, cue)]


@cache
def _triggers() -> frozenset[str]:
    """Return the words at which a cue can start."""
    return reporting_words().forms | reporting_words().phrases.keys() | {_CAPITALISED}


def _cue(text: str, start: int, end: int, word: str) -> Cue | None:
    if word == _CAPITALISED and text[start - 1] == "A":
        start, word = start - 1, "according"
    before = text[start - 1] if start else " "
    # `Jones-said`: a lost space often leaves a hyphen; but `so-called` reports nothing.
    compound = before == "-" and text[max(0, start - 5) : start].endswith(("so-", "self-"))
    if before.isalnum() or before in "’'_" or compound or text[end : end + 1].isalnum():
        return None
    words = reporting_words()
    phrase = next((p for p in words.phrases.get(word, ()) if text[start : start + len(p)].lower() == p), None)
    if phrase:
        return Cue(start, start + len(phrase), phrase, weak=False)
    if word.startswith("continu") and text[end : end + 1] not in {",", ":"}:
        return None  # somebody continues to do something
    return Cue(start, end, word, word in words.weak) if word in words.forms else None


def _is_noun(text: str, cue: Cue) -> bool:
    before = text[max(0, cue.start - 20) : cue.start].rstrip()
    if cue.word.endswith(("ed", "ing")) and cue.word != "warning":
        return bool(_BEFORE_PARTICIPLE.search(before))
    return cue.weak and bool(_BEFORE_NOUN.search(before))


class Cues:
    """The cues of a text, in order."""

    def __init__(self, text: str) -> None:
        self._cues = find_cues(text)
        self._starts = [cue.start for cue in self._cues]

    def between(self, start: int, end: int) -> list[Cue]:
        """Return the cues that start within a stretch of the text."""
        return self._cues[bisect_left(self._starts, start) : bisect_left(self._starts, end)]
