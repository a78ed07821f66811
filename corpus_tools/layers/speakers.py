"""Who is meant by a mention: names, pronouns and descriptions resolved within a report, and people's roles."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache, cached_property

from corpus_tools.layers.reporting_verbs import words
from corpus_tools.layers.types import Name, Report

Span = tuple[int, int]
# How many names a description looks back over.
_MEMORY = 200
_TITLES = {
    "he": re.compile(r"\b(?:Mr|Sir|Lord|King|Prince|Pope|Brother|Father|Imam)\.?\s+$"),
    "she": re.compile(r"\b(?:Mrs|Ms|Miss|Lady|Queen|Princess|Dame|Sister)\.?\s+$"),
}
# What ends a role read from right to left: verbs, pronouns, titles and the small words between phrases.
_NO_ROLE = frozenset(
    """a an the in on at to of for from by with without under over after before about against between during as that
    this these those and or but nor who whom whose which what when where why how if whether because while since until
    is are was were be been am has have had do does did will would can could may might must shall should not no he she
    it they we i you him her them us me my our your his its their says said say told tells added wrote tweeted quoted
    met meets made makes took takes than then there here so such calls became becomes saw sees according via mr mrs ms
    miss dr sir lord lady dame also however meanwhile""".split()
)
_WORDS = re.compile(r"[\w-]+")
_ROLE_START = re.compile(r"[,;:.!?()\x00\"“”]\s|[\x00\"“”]")
_ROLE_AFTER = re.compile(r",\s+((?:the |a |an )?[^,.;:()\x00\"“”]{3,90}?)(?=,|\.|\x00|\"|“|$)")
_ROLE_END = re.compile(r" (?:who|told|said|says|tells|wrote|added|tweeted)\b")
_NOT_ROLE = re.compile(r"(?:who|which|said|and|but|told)\b")
# Words for a person that stand for whoever spoke last, when nobody in the report has that role by name.
_ANY_PERSON = frozenset(
    """diplomat politician leader minister president senator lawmaker premier chancellor ambassador envoy general
    commander republican democrat congressman congresswoman actor actress singer player coach billionaire businessman
    king queen pope prince professor author historian economist analyst expert activist veteran mayor governor
    """.split()
)
_BODIES = frozenset(
    """organisation organization group agency company ministry school report statement university hospital charity
    committee commission council party government police court union bank newspaper body department office army
    military force institute watchdog broadcaster network firm association foundation militia movement embassy
    delegation administration authority document resolution""".split()
)
_PRONOUNS = frozenset("he she it they we i who which you".split())
_DEFINITE = frozenset({"the", "our", "his", "her", "their", "this"})


@cache
def _role_heads() -> frozenset[str]:
    return words().heads | _ANY_PERSON


class Mentions:
    """The names of a report and what refers to them.

    Mentions have to be resolved in the order of the text: a pronoun leans on who spoke before.
    """

    def __init__(self, report: Report, masked: str, names: list[Name]) -> None:
        self._report, self._masked, self._names = report, masked, names
        self._by_span = {(n.start, n.end): n for n in names}
        self._starts = [n.start for n in names]
        self._spoken: list[tuple[int, Name]] = []
        self._roles: dict[str, str | None] = {}
        self._sex: dict[str, str] = {}
        self._people: dict[str, list[Name]] = {}
        for n in (n for n in names if n.label == "PERSON"):
            self._people.setdefault(n.name, []).append(n)
            for pronoun, title in _TITLES.items():
                if title.search(report.text, max(0, n.start - 10), n.start):
                    self._sex[n.name] = pronoun

    def is_person(self, span: Span) -> bool:
        """Say whether a mention is a person's name or a personal pronoun."""
        name = self._by_span.get(span)
        if name:
            return name.label == "PERSON"
        return self._report.text[slice(*span)].lower() in {"he", "she", "they"}

    def resolve(self, span: Span) -> tuple[str | None, str | None]:
        """Give the fullest name in the report of whoever a mention means, and their role.

        Who has no name is given as written; a pronoun that nothing resolves gives None.
        """
        mention = self._report.text[slice(*span)]
        low = mention.lower()
        name = self._by_span.get(span) or self._referent(span, low)
        if name is None and low in _PRONOUNS:
            return None, None
        if name is None:
            described = not low.startswith("the ") and any(w in _role_heads() for w in low.split())
            return mention, mention if described else None
        self._spoken.append((span[0], name))
        return name.name, self._role(name)

    def _referent(self, span: Span, low: str) -> Name | None:
        if low in {"he", "she"}:
            return self._person_before(span[0], low)
        if low in {"they", "it"}:
            return self._body_before(span[0])
        return self._described(span, low)

    # ---- pronouns --------------------------------------------------------------------------------------------------

    def _first_people(self) -> Iterator[Name]:
        """Give the person that each sentence speaks of first: in news, mostly its subject."""
        text = self._report.text
        for start, end in self._report.sentences:
            for n in self._names[bisect_left(self._starts, start) : bisect_left(self._starts, end)]:
                owner = text.startswith(("'s", "’s"), n.end)
                if n.label == "PERSON" and self._masked[n.start] != "\x00" and not owner:
                    yield n
                    break

    @cached_property
    def _subjects(self) -> list[Name]:
        return list(self._first_people())

    def _person_before(self, at: int, pronoun: str) -> Name | None:
        index = bisect_left(self._subjects, at, key=lambda n: n.start)
        subjects = [(n.start, n) for n in self._subjects[max(0, index - 20) : index]]
        spoken = [x for x in self._spoken[-20:] if x[0] < at and x[1].label == "PERSON"]
        for _, name in sorted([*spoken, *subjects], key=lambda x: -x[0]):
            if self._sex.get(name.name, pronoun) == pronoun:
                return name
        return None

    def _body_before(self, at: int) -> Name | None:
        """Find what `it` or `they` means: the body named first in the sentence, else whoever spoke last."""
        index = self._report.sentence_of(at)
        start = self._report.sentences[index][0] if index is not None else 0
        here = self._names[bisect_left(self._starts, start) : bisect_left(self._starts, at)]
        body = next((n for n in here if n.label in {"ORG", "PLACE"}), None)
        return body or (self._spoken[-1][1] if self._spoken and self._spoken[-1][0] < at else None)

    # ---- descriptions ----------------------------------------------------------------------------------------------

    def _described(self, span: Span, low: str) -> Name | None:
        parts = _WORDS.findall(low)
        if not parts:
            return None
        if named := self._apposed(span[1]):
            return named
        index = bisect_left(self._starts, span[0])
        before = self._names[max(0, index - _MEMORY) : index]
        if parts[-1] in _BODIES:
            return self._body(span, parts, before)
        return self._person(parts, before) if parts[0] in _DEFINITE else None

    def _body(self, span: Span, parts: list[str], before: list[Name]) -> Name | None:
        inside = [n for n in self._names[bisect_left(self._starts, span[0]) :][:5] if n.end <= span[1]]
        if inside and inside[-1].label == "ORG" and parts[-1] in {"statement", "report"}:
            return inside[-1]
        if parts[0] not in _DEFINITE and len(parts) > 1:
            return None
        return next((n for n in reversed(before) if n.label == "ORG" and parts[-1] in n.name.lower().split()), None)

    def _person(self, parts: list[str], before: list[Name]) -> Name | None:
        if parts[0] not in {"the", "our"}:
            return None
        for n in reversed([n for n in before if n.label == "PERSON"]):
            if parts[-1] in _WORDS.findall((self._role(n) or "").lower()):
                return n
        last = self._spoken[-1][1] if self._spoken else None
        anyone = parts[-1] in _ANY_PERSON and len(parts) <= 3
        return last if last and last.label == "PERSON" and anyone else None

    def _apposed(self, at: int) -> Name | None:
        """Find the name that explains a description: `The spokesman, Maj. Gen. Asif Ghafoor, ...`."""
        index = bisect_left(self._starts, at)
        if self._masked[at : at + 2] != ", " or index >= len(self._names) or self._names[index].label != "PERSON":
            return None
        name = self._names[index]
        gap = self._masked[at + 2 : name.start]
        titles = all(w[:1].isupper() for w in gap.split()) and len(gap) < 40
        return name if titles and self._masked[name.end : name.end + 1] in {",", ""} else None

    # ---- roles -----------------------------------------------------------------------------------------------------

    def _role(self, name: Name) -> str | None:
        if name.name not in self._roles:
            found = (self._role_before(n) or self._role_after(n) for n in self._people.get(name.name, [])[:20])
            self._roles[name.name] = next((role for role in found if role), None)
        return self._roles[name.name]

    def _role_before(self, n: Name) -> str | None:
        """Read `Lugansk regional governor` before a name, back to the first word that belongs to no title."""
        index = self._report.sentence_of(n.start)
        start = max(n.start - 90, self._report.sentences[index][0] if index is not None else 0)
        role: list[str] = []
        for word in reversed(_ROLE_START.split(self._masked[start : n.start])[-1].split()):
            bare = word.strip(",.'’()[]").lower()
            if not bare or bare in _NO_ROLE or bare.endswith(("ed", "ing")) or len(role) == 7:
                break
            role.insert(0, word)
        return " ".join(role) if role and role[-1].lower().strip(",.'’").split("-")[-1] in _role_heads() else None

    def _role_after(self, n: Name) -> str | None:
        """Read `, a lawyer for the family,` after a name."""
        after = _ROLE_AFTER.match(self._masked, n.end)
        if not after or _NOT_ROLE.match(after.group(1)):
            return None
        role = _ROLE_END.split(after.group(1).strip())[0]
        if not any(w.lower() in _role_heads() for w in _WORDS.findall(role)):
            return None
        return re.sub(r"^(?:the|an?) ", "", role)
