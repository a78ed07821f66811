"""What the words around a name show it to be: `the town of Bucha`, `in Jordan`, `Jordan said`."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from corpus_tools.layers.name_forms import NameCandidate, NamedPeople
from corpus_tools.layers.name_lists import Label, acronyms, demonyms, first_names, is_ordinary, name_words
from corpus_tools.layers.name_parts import LARGE, PARTISAN
from corpus_tools.layers.name_runs import RUN
from corpus_tools.text.gazetteer import Entry, lookup

_WORD_AFTER = re.compile(r"(?:['’]s?)? ([a-z]+)")
_REACH = 28  # characters before a name in which the word before it is sought
_BETWEEN_LISTED = frozenset((", ", " and ", " or ", "/", ", and ", " & ", "-", "–", " - ", " to "))
_INSIDE = frozenset("in near outside around across throughout inside".split())
_SMALL = 5000  # people: a place for which `from` or `to` before it is enough
_ROAD = re.compile(r"I-\d{1,3}|[AMN]\d{1,3}")
# Places that need an article: the West.
_WITH_ARTICLE = frozenset(
    "West Horn Gulf Pacific Atlantic Arctic Highlands Midlands Caribbean Emirates Levant Riviera".split()
)
# `Jordan's army` is the country's, even where a person in the report is called Jordan.
_OF_STATE = re.compile(
    r"['’]s (?:[a-z]+ )?(?:King|Queen|Prince|President|Prime|Foreign|Interior|Defen[cs]e|army|military|government|"
    r"capital|parliament|president|prime|foreign|interior|defen[cs]e|ministry|embassy|ambassador|king|queen|border|economy)\b"
)
_ADJECTIVE_ENDINGS = ("ian", "ians", "ese", "ean", "ish", "ists", "ism", "ist")
_HYPHEN_OR_WORD = re.compile(r"([-‐–/]?)(?:[ \u00a0]([\w]+))?")


def word_before(text: str, offset: int) -> str:
    """Return the word before a name, in lower case, skipping an article and the `of` of `town of`; "" if there is none.

    Examples
    --------
    >>> word_before("the town of Bucha", 12), word_before("in the Gulf", 7)
    ('town', 'in')
    """
    before = text[max(0, offset - _REACH) : offset]
    if before[-1:] != " ":
        return ""
    *earlier, last = before.split(" ")[:-1]
    if last in ("the", "The"):
        last = earlier.pop() if earlier else ""
    if last == "of" and earlier and earlier[-1] in name_words("generic before"):
        return earlier[-1]
    return last.lower().removesuffix("'s").removesuffix("’s")


def word_after(text: str, offset: int) -> str:
    """Return the word after a name if it is in lower case; else ""."""
    match = _WORD_AFTER.match(text, offset, offset + 24)
    return match.group(1) if match else ""


@dataclass(slots=True)
class _NameContext:
    before: str  # as word_before returns it
    after: str
    after_place: bool  # a list of places goes on
    initial: bool  # a sentence begins with the word
    article: bool

    @property
    def locative(self) -> bool:
        """Return whether a word next to it shows a place."""
        return (
            self.before in _INSIDE
            or self.after in name_words("generic after")
            or self.before in name_words("generic before")
        )

    @property
    def weakly_locative(self) -> bool:
        """Return whether a word next to it, such as `from` or `captured`, suggests a place."""
        return self.locative or self.after_place or self.before in name_words("locatives")


def label_candidates(text: str, candidates: list[NameCandidate], people: NamedPeople) -> None:
    """Label the candidates whose context decides, then make all mentions of a name agree."""
    previous: NameCandidate | None = None
    for candidate in candidates:
        word = text[candidate.start : candidate.end]
        after_place = (
            previous is not None
            and previous.label == "PLACE"
            and text[previous.end : candidate.start] in _BETWEEN_LISTED
        )
        if candidate.label == "?":
            candidate.label = _label_word(text, candidate, word, people, after_place)
        elif candidate.label in ("PERSON", "OTHER") and _is_used_as_place(text, candidate, word):
            candidate.label = "PLACE"
        if candidate.label:
            previous = candidate
    _agree(text, candidates)


def _agree(text: str, candidates: list[NameCandidate]) -> None:
    """Label a name as a place everywhere or nowhere, so that one `in Barbie` does not make her a place."""
    places = Counter(text[c.start : c.end] for c in candidates if c.label == "PLACE")
    others = Counter(text[c.start : c.end] for c in candidates if c.label == "OTHER")
    for candidate in candidates:
        if candidate.label not in ("PLACE", "OTHER"):
            continue
        word = text[candidate.start : candidate.end]
        if word.startswith(("St ", "St. ")) and text.startswith(("'s ", "’s "), candidate.end):  # St Patrick's Day
            candidate.label = "OTHER"
        elif word in places and word in others:
            candidate.label = "PLACE" if places[word] >= others[word] or lookup(word) else "OTHER"


def _is_used_as_place(text: str, candidate: NameCandidate, name: str) -> bool:
    """Return whether what looks like a person is a place: `Charles de Gaulle airport`, `in Khirbet Ghazaleh`."""
    if candidate.title:
        return False
    if text.startswith(" ", candidate.end) and word_after(text, candidate.end) in name_words("generic after"):
        return candidate.label == "PERSON" or word_before(text, candidate.start) in name_words("locatives")
    unsure = candidate.label == "PERSON" and name.partition(" ")[0] not in first_names()
    return unsure and word_before(text, candidate.start) in ("in", "near")


@lru_cache(maxsize=1 << 16)
def _label_without_context(word: str) -> Label:
    """Label a single word by the lists; "" if it is no name, "?" if its context decides."""
    if word in acronyms():
        label, _ = acronyms()[word]
        return "?" if label == "PLACE" else label
    if word in _WITH_ARTICLE or _ROAD.fullmatch(word):
        return "?"
    start = word.partition("-")[0]
    no_name = any(
        word in name_words(section) or start in name_words(section)
        for section in ("never", "function", "titles", "calendar")
    )
    if no_name or word in demonyms() or start in demonyms() or len(word) == 1 or PARTISAN.fullmatch(word):
        return ""
    return "ORG" if word in name_words("organisations") else "?"


def _label_word(text: str, candidate: NameCandidate, word: str, people: NamedPeople, after_place: bool) -> Label:
    label = _label_without_context(word)
    if label != "?":
        return label
    article = text.startswith(("the ", "The "), max(0, candidate.start - 4))
    if word in _WITH_ARTICLE:
        return "PLACE" if article else ""
    if word in acronyms():
        return "" if _is_attributive(text, candidate.start, candidate.end) else "PLACE"
    before, after = word_before(text, candidate.start), word_after(text, candidate.end)
    context = _NameContext(before, after, after_place, candidate.initial, article)
    entries = lookup(word)
    of_state = entries and entries[0].kind == "country" and _OF_STATE.match(text, candidate.end)
    if not of_state and _is_person(word, people, entries, context):
        return "PERSON"
    road = _ROAD.fullmatch(word) and (word[0] == "I" or before in name_words("along"))
    if road or (entries and _is_place(text, candidate, word, entries[0], context)):
        return "PLACE"
    return _label_unlisted_word(word, context)


def _is_person(word: str, people: NamedPeople, entries: tuple[Entry, ...], context: _NameContext) -> bool:
    """Return whether the name is a person's in this report, or a famous person's, and not that of a large place."""
    large = bool(entries) and entries[0].population >= LARGE
    if large and (context.locative or (entries[0].kind == "country" and word not in first_names())):
        return False
    return word in people.by_last or word in people.by_first or word in name_words("known people")


def _is_place(text: str, candidate: NameCandidate, word: str, entry: Entry, context: _NameContext) -> bool:
    if word.isupper() and len(word) <= 4:  # NATO, CIA: there are villages of such names
        return False
    speaks = word in first_names() and context.after in name_words("speech")
    if entry.kind == "country":
        return not (speaks and context.initial)
    if word in name_words("other names"):
        return context.locative and entry.population >= LARGE and not is_ordinary(word)
    if entry.population >= (LARGE if not entry.variant else 10 * LARGE):
        return context.weakly_locative or not (is_ordinary(word) or speaks)
    following = RUN.match(text, candidate.end + 2) if text.startswith(", ", candidate.end) else None
    if following and lookup(following.group()):
        return True
    return _is_small_place(word, entry, context)


def _is_small_place(word: str, entry: Entry, context: _NameContext) -> bool:
    """Return whether the context makes a place of a word that could also be a surname."""
    if word in first_names() or is_ordinary(word) or context.initial:
        return context.locative and not context.initial
    if context.after in name_words("events") or context.locative:
        return True
    return context.weakly_locative and (context.after_place or entry.population >= _SMALL)


def _label_unlisted_word(word: str, context: _NameContext) -> Label:
    if is_ordinary(word):
        return ""
    if word.isupper():
        return "ORG"
    if context.locative and not context.initial and context.after not in name_words("things"):
        generic = context.after in name_words("generic after")
        return "PLACE" if generic or not (context.article or word.endswith(_ADJECTIVE_ENDINGS)) else "OTHER"
    return "PERSON" if context.after in name_words("speech") and word in first_names() else "OTHER"


def _is_attributive(text: str, start: int, end: int) -> bool:
    """Distinguish `US military` from `in the US`: a noun after it makes it an adjective."""
    if text[start - 1 : start] == "-" or text.startswith(("'s", "’s"), end):
        return False
    match = _HYPHEN_OR_WORD.match(text, end)
    hyphen, word = match.groups() if match else ("", "")
    if hyphen:
        return bool(hyphen != "/")
    if not word or word in name_words("clause"):
        return False
    # the US launched, but: US armed forces
    return not word.endswith("ed") or word in ("armed", "based", "backed", "led")
