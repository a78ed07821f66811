"""The names in a run of capitalised words, as far as the run alone shows them.

A run can hold several: `Texas Governor Greg Abbott` is a place, a title and a person. Word lists and the gazetteer
divide it; a single word mostly needs its context, which `name_context` reads.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from corpus_tools.layers.name_lists import (
    Label,
    acronyms,
    demonyms,
    first_names,
    is_ordinary,
    known_names,
    name_words,
    surnames,
)
from corpus_tools.layers.name_runs import ABBREVIATIONS, CAPITALS
from corpus_tools.text.gazetteer import lookup

LARGE = 100_000  # people: a place that a report may name without saying where it is
PARTISAN = re.compile(r"[DR]-\w+")  # D-Mass., behind a senator's name
_MAX_PLACE_WORDS = 4
_MAX_PERSON_WORDS = 6
_NOT_PEOPLE = ("not people", "never", "organisations", "directions")  # sections of words that begin no person's name
_NO_SPACE = re.compile(r"[^ \u00a0]+")
_INITIAL = re.compile(rf"(?:[{CAPITALS}]\.?)+")


class NamePart(NamedTuple):
    """A name within a run; offsets are those of the run."""

    start: int
    end: int
    label: Label
    title: str = ""  # the title before it


class _RunWord(NamedTuple):
    text: str
    start: int
    end: int


@lru_cache(maxsize=1 << 16)
def divide_run(run: str, initial: bool) -> tuple[NamePart, ...]:
    """Divide a run into names with labels, without their titles.

    Parameters
    ----------
    run
        Capitalised words in a row.
    initial
        Whether a sentence begins with it, so that its first word may be capitalised for that reason only.

    Returns
    -------
    The names. The label of a single word is "?": its context decides.

    Examples
    --------
    >>> run = "Texas Governor Greg Abbott"
    >>> [(run[part.start : part.end], part.label, part.title) for part in divide_run(run, initial=False)]
    [('Texas', 'PLACE', ''), ('Greg Abbott', 'PERSON', 'Governor')]
    """
    words = [_RunWord(_without_stop(m.group()), m.start(), m.end()) for m in _NO_SPACE.finditer(run)]
    return tuple(_divide(words, run, initial))


def _without_stop(word: str) -> str:
    return word[:-1] if word[-1] == "." and word[:-1] in ABBREVIATIONS else word


def _divide(words: list[_RunWord], run: str, initial: bool) -> list[NamePart]:
    while words and words[0].text in name_words("function"):
        words, initial = words[1:], False
    while len(words) > 1 and words[-1].text in name_words("calendar"):
        words = words[:-1]
    if not words:
        return []
    if len(words) == 1:
        return _split_at_hyphen(words[0])
    for rule in _RULES:
        parts = rule(words, run, initial)
        if parts is not None:
            return parts
    return _label_unlisted(words, run)


# ---- Rules: each returns None where it does not apply ---------------------------------------------------------------


def _split_at_small_word(words: list[_RunWord], run: str, initial: bool) -> list[NamePart] | None:
    """Split where a full stop was lost: `West Yorkshire The High Court`."""
    index = next((i for i, word in enumerate(words) if i and word.text in name_words("function")), 0)
    if not index:
        return None
    left = [word for word in words[:index] if word.text != "&"]
    return _divide(left, run, initial) + _divide(words[index + 1 :], run, False)


def _drop_two_word_people(words: list[_RunWord], run: str, _: bool) -> list[NamePart] | None:
    """Drop `Sierra Leonean`, and all of `D-Rhode Island`."""
    if PARTISAN.fullmatch(words[0].text):
        return []
    return _divide(words[2:], run, False) if _span_text(words[:2], run) in demonyms() else None


def _label_all(words: list[_RunWord], run: str, _: bool) -> list[NamePart] | None:
    label = _label(words, run)
    return [NamePart(words[0].start, words[-1].end, label)] if label else None


def _split_at_title(words: list[_RunWord], run: str, initial: bool) -> list[NamePart] | None:
    """Separate a person from the title and from what precedes it: `Texas Governor|Greg Abbott`."""
    title = max((i for i, word in enumerate(words) if word.text in name_words("titles")), default=-1)
    if title < 0:
        return None
    first = title
    while first and (
        words[first - 1].text in name_words("titles") or words[first - 1].text in name_words("before titles")
    ):
        first -= 1
    parts = _employer(words[:first], run, initial, of_body=words[first].text in name_words("bodies"))
    person = _without_office(words[title + 1 :])
    if person:
        organisation = len(person) > 1 and _label(person, run) == "ORG"
        label: Label = "ORG" if organisation else "PERSON"
        parts.append(NamePart(person[0].start, person[-1].end, label, words[title].text))
    return parts


def _split_after_country(words: list[_RunWord], run: str, _: bool) -> list[NamePart] | None:
    """Split `Sierra Leone|Ann Other` and `EU|Ann Other`."""
    entries = lookup(_span_text(words[:2], run)) if len(words) > 2 else ()
    if entries and entries[0].kind == "country":
        return [NamePart(words[0].start, words[1].end, "PLACE"), *_divide(words[2:], run, False)]
    if words[0].text in acronyms():
        return [NamePart(words[0].start, words[0].end, "?"), *_divide(words[1:], run, False)]
    return None


def _drop_first_word(words: list[_RunWord], run: str, initial: bool) -> list[NamePart] | None:
    """Drop a nationality, or an ordinary word that begins a sentence."""
    first = words[0].text
    if first in name_words("directions") and words[1].text in demonyms():
        return _divide(words[2:], run, False)
    if first.partition("-")[0] in demonyms() or (initial and is_ordinary(first) and first not in first_names()):
        return _divide(words[1:], run, False)
    return None


_RULES = (
    _split_at_small_word, _drop_two_word_people, _label_all, _split_at_title, _split_after_country, _drop_first_word,
)  # fmt: skip


def _split_at_hyphen(word: _RunWord) -> list[NamePart]:
    """Split `Dungarvan-Waterford` and `US-Mexico`, both halves of which are known but not the compound."""
    text, start, end = word
    halves = text.split("-")
    if len(halves) == 2 and not lookup(text) and all(half in acronyms() or _is_large_place(half) for half in halves):
        return [NamePart(start, start + len(halves[0]), "?"), NamePart(end - len(halves[1]), end, "?")]
    return [NamePart(start, end, "?")]


def _label_unlisted(words: list[_RunWord], run: str) -> list[NamePart]:
    """Label a run that no list knows: a person, a place with something in it, or another thing."""
    texts = [word.text for word in words]
    start, end = words[0].start, words[-1].end
    known = _is_known_place(words[:1], run)
    rest = lookup(_span_text(words[1:], run))
    if known and rest and rest[0].kind == "other":  # London Heathrow
        return [NamePart(start, end, "PLACE")]
    if known and len(words) > 2 and texts[0] not in first_names() and _is_like_person(texts[1:]):
        # Ambassador to Syria Ann Other
        return [NamePart(start, words[0].end, "PLACE"), NamePart(words[1].start, end, "PERSON")]
    return [NamePart(start, end, "PERSON" if _is_like_person(texts) else "OTHER")]


# ---- The label of several words -------------------------------------------------------------------------------------


def _label(words: list[_RunWord], run: str) -> Label:
    """Label two or more words by the lists, the gazetteer, or a word that names the kind; "" if none applies."""
    name = _span_text(words, run)
    texts = [word.text for word in words]
    if name in known_names():
        return known_names()[name][0]
    federal = texts[1] == "District" and texts[0] in name_words("directions")  # Southern District of New York
    if federal or "Qaeda" in name or name.startswith("Islamic State "):
        return "ORG"
    if "of" in texts or "for" in texts:
        return _label_with_of(words, texts, run)
    return "PLACE" if _is_place(words, run) else _label_by_head(words, texts, run)


def _label_with_of(words: list[_RunWord], texts: list[str], run: str) -> Label:
    """Label `Bank of England`, `Gulf of Aden`, `Road of Life` by the word before `of`, then by the gazetteer."""
    index = min(texts.index(small) for small in ("of", "for") if small in texts)
    head, rest = texts[index - 1], words[index + 1 :]
    if head in name_words("titles"):
        return ""
    if head in name_words("organisation heads") and head not in name_words("of places"):
        return "ORG"
    place = head in name_words("waters") or lookup(_span_text(words, run)) or (rest and lookup(_span_text(rest, run)))
    return "PLACE" if place else "OTHER"


def _label_by_head(words: list[_RunWord], texts: list[str], run: str) -> Label:
    first, last = texts[0], texts[-1]
    titled = any(text in name_words("titles") for text in texts[:-1])
    if last in name_words("surname heads") and (titled or first in first_names()):
        return ""
    if last in name_words("organisation heads") or texts[-2] in ("Garda", "Police"):
        return "ORG"
    place_head = last in name_words("place heads")
    by_head = place_head and first not in demonyms() and _is_place_by_head(texts)
    by_first_side = first in name_words("directions") and not place_head and _is_known_place(words[1:], run)
    by_last_side = last in name_words("sides") and _is_known_place(words[:-1], run)
    by_start = first in name_words("place heads before") and not titled and not lookup(" ".join(texts[:-1]))
    short = len(texts) <= _MAX_PLACE_WORDS
    return "PLACE" if by_head or by_first_side or by_last_side or (by_start and short) else ""


def _is_place_by_head(texts: list[str]) -> bool:
    if texts[-1] in name_words("place heads sure"):
        return True
    *before, _ = texts
    return any(not is_ordinary(text) for text in before) and not any(text in name_words("titles") for text in before)


# ---- People and their titles ----------------------------------------------------------------------------------------


def _without_office(person: list[_RunWord]) -> list[_RunWord]:
    """Drop what continues the title: `of State`, `for Expenditure and Reform`."""
    while person and (
        person[0].text in name_words("office") or (len(person) > 1 and person[0].text in name_words("before titles"))
    ):
        person = person[1:]
    while len(person) > 2 and person[0].text not in ("of", "the") and not _can_be_name(person[0].text):
        person = person[1:]
    return person if len(person) != 1 or _can_be_name(person[0].text) else []


def _employer(before: list[_RunWord], run: str, initial: bool, of_body: bool) -> list[NamePart]:
    """Return the place or organisation before a title; not `Lee` of `Lee County Sheriff`, which belongs to the body."""
    while before and not _is_known_place(before, run) and _is_no_employer(before):
        before = before[1:]
    if not before:
        return []
    if not of_body and _is_known_place(before, run) and _span_text(before, run) not in acronyms():
        return [NamePart(before[0].start, before[-1].end, "PLACE")]
    if len(before) == 1 and not of_body:
        return []
    return [part for part in _divide(before, run, initial) if part.label == "ORG"]


def _is_no_employer(words: list[_RunWord]) -> bool:
    first, last = words[0].text, words[-1].text
    return first in demonyms() or first in name_words("never") or last in demonyms()


def _can_be_name(word: str) -> bool:
    return not is_ordinary(word) or word in surnames() or word in first_names() or word in name_words("known people")


def _is_like_person(texts: list[str]) -> bool:
    if len(texts) > _MAX_PERSON_WORDS or any(map(_is_number_or_acronym, texts)):
        return False
    if all(text.isupper() and "." not in text for text in texts):
        return False
    first = texts[0]
    if first in first_names():
        return texts[1] not in name_words("organisation heads") or texts[1] in name_words("surname heads")
    if any(first in name_words(section) for section in _NOT_PEOPLE) or _is_big_city(first):
        return False
    return any(text in first_names() for text in texts[:-1]) or _ends_with_surname(texts)


def _ends_with_surname(texts: list[str]) -> bool:
    *others, last = [t for t in texts if t[0].isupper() and not _INITIAL.fullmatch(t)] or texts[-1:]
    surname = last in surnames() or not is_ordinary(last)
    return surname and not any(map(is_ordinary, others)) and not _is_country_or_region(last)


def _is_number_or_acronym(word: str) -> bool:
    return word[0].isdigit() or (len(word) > 2 and word.isupper() and "." not in word)


# ---- Places in the gazetteer ----------------------------------------------------------------------------------------


def _span_text(words: list[_RunWord], run: str) -> str:
    return run[words[0].start : words[-1].end]


def _is_place(words: list[_RunWord], run: str) -> bool:
    """Return whether the gazetteer has the words together, and they are not more likely a person."""
    entries = lookup(_span_text(words, run))
    if not entries:
        return False
    first = words[0].text
    if run.isupper() and entries[0].population < LARGE:
        return False
    return first not in name_words("titles") and (first not in first_names() or entries[0].population >= LARGE)


def _is_known_place(words: list[_RunWord], run: str) -> bool:
    """Return whether the words are the main name of a larger place or of a state or province."""
    entries = lookup(_span_text(words, run))
    return bool(entries) and not entries[0].variant and (entries[0].population >= LARGE // 2 or entries[0].rank == 1)


def _is_large_place(word: str) -> bool:
    entries = lookup(word)
    return bool(entries) and entries[0].population >= LARGE // 10 and not entries[0].variant


def _is_big_city(word: str) -> bool:
    entries = lookup(word)
    return bool(entries) and entries[0].population >= 10 * LARGE


def _is_country_or_region(word: str) -> bool:
    entries = lookup(word)
    return bool(entries) and (entries[0].kind == "country" or not entries[0].code)
