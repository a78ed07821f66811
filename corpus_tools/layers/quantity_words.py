"""The lexicon of `quantities`, and the words after a number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import Any

import yaml

from corpus_tools.text.numerals import NUMBER_WORDS, Numeral

# Limits on what is read after a number, in characters and words; they bound the cost of a long sentence.
_AFTER, _TOKENS = 220, 36
WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|--|[^\w\s]")
LETTERS = re.compile(r"[a-z]{3,}")
# Some sources have hyphens in place of spaces (`were-killed-on Tuesday`).
_LOST_SPACES = re.compile(
    r"(?i)(?<=\w)-(?=(?:who|were|was|are|on|in|at|by|and|after|while|with|from|of|since|including|fleeing|have|had)\b)"
    r"|(?<=were)-|(?<=was)-|(?<=killed)-|(?<=injured)-|(?<=been)-|(?<=arrested)-"
)
_PERSON_END = re.compile(r"(?:ists?|ians|men|women)\Z")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The content of quantity_words.yaml: kinds by word, patterns by first word, and sets of words."""

    strong: dict[str, str]
    weak: dict[str, str]
    subject: dict[str, str]
    state: dict[str, str]
    nouns: dict[str, str]
    persons: dict[str, str]
    before_of: dict[str, str]
    phrases: dict[str, list[tuple[re.Pattern[str], str]]]
    people: frozenset[str]
    things: frozenset[str]
    stops: frozenset[str]
    be: frozenset[str]
    have: frozenset[str]
    modal: frozenset[str]
    fillers: frozenset[str]
    prepositions: frozenset[str]
    determiners: frozenset[str]
    before_number: frozenset[str]
    objects: frozenset[str]
    noun_ends: frozenset[str]
    events: frozenset[str]  # a sentence without any of these reports no event

    def verb_kind(self, word: str) -> str | None:
        """Return the kind of a form of a transitive verb."""
        return self.strong.get(word) or self.weak.get(word)

    def event_kind(self, word: str) -> str | None:
        """Return the kind of a transitive verb or of a state."""
        return self.verb_kind(word) or self.state.get(word)

    def group_kind(self, word: str) -> str | None:
        """Return the kind of a group of people: `the number of dead`, `among the injured`."""
        if word == "victims":
            return "killed"
        return self.strong.get(word) or self.nouns.get(word) or self.persons.get(word) or self.state.get(word)

    def ends_noun(self, word: str) -> bool:
        """Return whether a word ends the noun before it."""
        return (
            word in self.be
            or word in self.have
            or word in self.modal
            or word in self.prepositions
            or word in self.stops
            or word in self.subject
            or word in self.phrases
            or word in self.noun_ends
            or (word in self.fillers and word not in ("alleged", "more"))
        )


@cache
def read_lexicon() -> Lexicon:
    """Read quantity_words.yaml, once."""
    path = files("corpus_tools.layers").joinpath("data/quantity_words.yaml")
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    phrases: dict[str, list[tuple[re.Pattern[str], str]]] = {}
    events = set("toll victims victim lives souls injuring among".split())
    for kind, patterns in content.pop("phrases").items():
        for pattern in patterns:
            compiled = re.compile(rf"(?i){pattern}\b")
            events.update(LETTERS.findall(pattern))
            for word in _first_words(pattern):
                phrases.setdefault(word, []).append((compiled, kind))
    lists: dict[str, Any] = {}
    for name, words in content.items():
        if isinstance(words, dict):
            lists[name] = {word: kind for kind, line in words.items() for word in line.split()}
            events.update(LETTERS.findall(" ".join(lists[name])))
        else:
            lists[name] = frozenset(words.split())
    singular = {re.sub(r"(?<=[^aeiou])ies$", "y", word).removesuffix("s") for word in lists["things"]}
    lists["things"] |= {word for word in singular if len(word) > 2}
    for name in ("prepositions", "determiners", "be", "have", "stops", "fillers", "noun_ends"):
        events -= lists[name]
    return Lexicon(phrases=phrases, events=frozenset(events), **lists)


def _first_words(pattern: str) -> list[str]:
    """Return the words that a phrase of quantity_words.yaml can start with."""
    choice = re.match(r"\(\?:([^()]+)\)(\??)(.*)", pattern)
    if not choice:
        return [re.split(r"[^\w-]", pattern)[0]]
    words = [word.split()[0] for word in choice[1].split("|")]
    return words + _first_words(choice[3]) if choice[2] else words


class Clause:
    """The words from a number to the end of its sentence, within the limits."""

    def __init__(self, text: str, begin: int, end: int, numeral: Numeral) -> None:
        self.text, self.begin, self.numeral, self.start = text, begin, numeral, numeral.end
        window = text[numeral.end : min(end, numeral.end + _AFTER)]
        self.window = _LOST_SPACES.sub(" ", window) if "-" in window else window
        self.raw: list[str] = WORD.findall(self.window)[:_TOKENS]
        self.words = [word.lower() for word in self.raw]

    def span(self, i: int) -> tuple[int, int]:
        """Return start and end of a word in the text; computed on demand, as few words need it."""
        match = next(islice(WORD.finditer(self.window), i, None))
        return self.start + match.start(), self.start + match.end()

    def word(self, i: int) -> str:
        """Return a word in lower case; an empty text outside the clause."""
        return self.words[i] if 0 <= i < len(self.words) else ""

    def before(self, n: int) -> str:
        """Return at most n characters of the sentence before the number."""
        return self.text[max(self.begin, self.numeral.start - n) : self.numeral.start]

    def phrase(self, i: int) -> str | None:
        """Return the kind of the predicate of several words that starts at a word."""
        for pattern, kind in read_lexicon().phrases.get(self.words[i], ()):
            if pattern.match(self.text, self.span(i)[0]):
                return kind
        return None

    def is_person(self, i: int) -> bool:
        """Return whether a word is a noun for people, by the lexicon or by its ending."""
        if not 0 <= i < len(self.words):
            return False
        word, raw, lexicon = self.words[i], self.raw[i], read_lexicon()
        tail = word.rpartition("-")[2]
        return (
            tail in lexicon.people
            or word in lexicon.nouns
            or word in lexicon.persons
            or _PERSON_END.search(word) is not None
            or (raw[0].isupper() and raw.endswith(("ans", "is", "ese")) and tail not in lexicon.things)
        )


def is_number(word: str) -> bool:
    """Return whether a number can start with a word."""
    return word[:1].isdigit() or word.partition("-")[0] in NUMBER_WORDS
