"""The full form of each name: `Zelensky` is the Volodymyr Zelensky whom the report names in full."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from corpus_tools.layers.name_lists import Label, first_names, full_form
from corpus_tools.layers.name_runs import CAPITALS
from corpus_tools.layers.types import Name

_ACRONYM_IN_BRACKETS = re.compile(rf" \(((?:the )?[{CAPITALS}][{CAPITALS}\w&-]{{1,9}})\)")
_ARTICLE_PREFIX = re.compile(r"^(?:al|el|as|ash|ad|ar|an|at|az|Al|El)-")
_NEW_PERSON = ("-year-old ", " named ", " called ", " aged ")  # precede the first name of a new person
_SEX_BY_TITLE = dict.fromkeys(("Mr", "Sir", "Lord"), "male") | dict.fromkeys(("Mrs", "Ms", "Miss", "Dame"), "female")
_MAX_NAMESAKES = 20  # people of one surname in a report


@dataclass(slots=True)
class NameCandidate:
    """Capitalised words that can be a name, with what is known of them so far."""

    start: int
    end: int
    label: Label
    title: str  # the title before it
    initial: bool  # a sentence or quotation begins with it


@dataclass(slots=True)
class NamedPeople:
    """Full names of people in a report, by last and by first word."""

    by_last: dict[str, list[str]] = field(default_factory=dict)
    by_first: dict[str, list[str]] = field(default_factory=dict)

    def add(self, name: str) -> None:
        """Add a full name."""
        namesakes = self.by_last.setdefault(_surname(name), [])
        if name not in namesakes and len(namesakes) < _MAX_NAMESAKES:
            namesakes.append(name)
            self.by_first.setdefault(name.partition(" ")[0], []).append(name)


def named_people(text: str, candidates: list[NameCandidate]) -> NamedPeople:
    """Return the people whom a report names in full."""
    people = NamedPeople()
    for candidate in candidates:
        if candidate.label == "PERSON" and " " in (name := text[candidate.start : candidate.end]):
            people.add(name)
    for one, other in pairwise(candidates):
        if one.label == "?" and other.label == "PERSON" and text[one.end : other.start] == " and ":
            first, second = text[one.start : one.end], text[other.start : other.end]
            if first in first_names() and second.partition(" ")[0] in first_names():
                people.add(f"{first} {_surname(second)}")  # Peter and Tracey Wilkinson
    return people


def with_full_forms(text: str, candidates: list[NameCandidate], people: NamedPeople) -> list[Name]:
    """Return the labelled candidates as names with their full forms.

    A person gets the longest name in the report that the mention can be short for; an acronym what precedes it where
    the report gives it in brackets, or its common meaning. A name that can mean two people stays as written.
    """
    acronyms: dict[str, str] = {}
    for candidate in candidates:
        if candidate.label in ("ORG", "OTHER", "PLACE"):
            in_brackets = text.startswith(" (", candidate.end) and _ACRONYM_IN_BRACKETS.match(text, candidate.end)
            if in_brackets and " " in text[candidate.start : candidate.end]:
                acronyms[in_brackets.group(1)] = text[candidate.start : candidate.end]
    names: list[Name] = []
    known: dict[tuple[str, str], str] = {}
    for candidate in candidates:
        name = text[candidate.start : candidate.end]
        if candidate.label == "PERSON":
            mention = (name, candidate.title)
            full = known.get(mention) or _full_name(text, candidate, name, people)
            if " " in name or _surname(name) in people.by_last:  # a first name alone may later mean somebody else
                known[mention] = full
        else:
            full = acronyms.get(name) or full_form(name)
        names.append(Name(candidate.start, candidate.end, candidate.label, full))  # type: ignore[arg-type]
    return names


def _full_name(text: str, candidate: NameCandidate, name: str, people: NamedPeople) -> str:
    words = name.split(" ")
    full_names = people.by_last.get(_surname(name), [])
    if len(words) == 1 and not full_names:
        if text[max(0, candidate.start - 12) : candidate.start].endswith(_NEW_PERSON):
            return name
        full_names = people.by_first.get(name, [])
        if text.startswith(" and ", candidate.end) and full_names:
            return full_names[-1]
    elif len(words) > 1:
        full_names = [full for full in full_names if _can_be_same(words, full.split(" "))]
    elif len(full_names) > 1 and candidate.title in _SEX_BY_TITLE:
        full_names = _of_sex(_SEX_BY_TITLE[candidate.title], full_names)
    longest = max(full_names, key=len, default=name)
    one_person = all(_can_be_same(full.split(" "), longest.split(" ")) for full in full_names)
    return longest if one_person else name


def _of_sex(sex: str, full_names: list[str]) -> list[str]:
    """Return the names whose first name is of that sex; failing that, those whose first name is unknown."""
    sexes = {full: first_names().get(full.partition(" ")[0]) for full in full_names}
    return [full for full in full_names if sexes[full] == sex] or [full for full in full_names if not sexes[full]]


def _can_be_same(short: list[str], full: list[str]) -> bool:
    """Return whether one can be short for the other: `Le Roux`, `Bruno Le Roux`; `John Kelly`, `John F. Kelly`."""
    if len(short) > len(full):
        short, full = full, short
    if full[-len(short) :] == short:
        return True
    return short[0] == full[0] and _surname(short[-1]) == _surname(full[-1])


def _surname(name: str) -> str:
    words = [word for word in name.split(" ") if word not in ("Jr", "Sr", "III", "II")]
    return _ARTICLE_PREFIX.sub("", words[-1] if words else name)
