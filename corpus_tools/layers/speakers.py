"""Whom a mention means: names, pronouns and descriptions resolved within a report, and the roles of people."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache, cached_property

from corpus_tools.layers.reporting_verbs import reporting_words
from corpus_tools.layers.types import Name, Report, Span

# Names before a description among which its referent is sought.
_MEMORY = 200
# Earlier speakers, and first people of earlier sentences, among which the referent of a pronoun is sought.
_PRONOUN_MEMORY = 20
_TITLES = {
    "he": re.compile(r"\b(?:Mr|Sir|Lord|King|Prince|Pope|Brother|Father|Imam)\.?\s+$"),
    "she": re.compile(r"\b(?:Mrs|Ms|Miss|Lady|Queen|Princess|Dame|Sister)\.?\s+$"),
}
_MAX_ROLE_WORDS = 7
_WORD = re.compile(r"[\w-]+")
_ROLE_START = re.compile(r"[,;:.!?()\x00\"“”]\s|[\x00\"“”]")
_ROLE_AFTER = re.compile(r",\s+((?:the |a |an )?[^,.;:()\x00\"“”]{3,90}?)(?=,|\.|\x00|\"|“|$)")
_ROLE_END = re.compile(r" (?:who|told|said|says|tells|wrote|added|tweeted)\b")
_NOT_ROLE = re.compile(r"(?:who|which|said|and|but|told)\b")
_LEADING_ARTICLE = re.compile(r"^(?:the|an?) ")
_PRONOUNS = frozenset("he she it they we i who which you".split())
_DEFINITE = frozenset({"the", "our", "his", "her", "their", "this"})


@cache
def _role_heads() -> frozenset[str]:
    return reporting_words().speakers | reporting_words().any_speaker


class Mentions:
    """The names of a report and what refers to them.

    Resolve mentions in the order of the text: a pronoun depends on who spoke before.

    Parameters
    ----------
    report
        The report.
    masked
        Its text with quoted words blanked out.
    names
        Its names, in order.
    """

    def __init__(self, report: Report, masked: str, names: list[Name]) -> None:
        self._report, self._masked, self._names = report, masked, names
        self._by_span = {(n.start, n.end): n for n in names}
        self._starts = [n.start for n in names]
        self._speakers: list[tuple[int, Name]] = []  # in the order in which they were resolved
        self._roles: dict[str, str | None] = {}
        self._pronouns: dict[str, str] = {}
        self._people: dict[str, list[Name]] = {}
        for n in (n for n in names if n.label == "PERSON"):
            self._people.setdefault(n.name, []).append(n)
            for pronoun, title in _TITLES.items():
                if title.search(report.text, max(0, n.start - 10), n.start):
                    self._pronouns[n.name] = pronoun

    def is_person(self, span: Span) -> bool:
        """Return whether a mention is a person's name or a personal pronoun."""
        name = self._by_span.get(span)
        return name.label == "PERSON" if name else self._report.text[slice(*span)].lower() in {"he", "she", "they"}

    def resolve(self, span: Span) -> tuple[str | None, str | None]:
        """Return the full name and the role of whomever a mention means.

        A speaker without a name is returned as written; a pronoun that cannot be resolved as None.
        """
        mention = self._report.text[slice(*span)]
        lower = mention.lower()
        name = self._by_span.get(span) or self._referent(span, lower)
        if name is None and lower in _PRONOUNS:
            return None, None
        if name is None:
            described = not lower.startswith("the ") and any(word in _role_heads() for word in lower.split())
            return mention, mention if described else None
        self._speakers.append((span[0], name))
        return name.name, self._role(name)

    def _referent(self, span: Span, lower: str) -> Name | None:
        if lower in {"he", "she"}:
            return self._person_before(span[0], lower)
        if lower in {"they", "it"}:
            return self._body_before(span[0])
        return self._described(span, lower)

    # ---- Pronouns --------------------------------------------------------------------------------------------------

    @cached_property
    def _subjects(self) -> list[Name]:
        return list(self._first_people())

    def _first_people(self) -> Iterator[Name]:
        """Yield the first person named in each sentence, in news mostly its subject."""
        for start, end in self._report.sentences:
            for n in self._names[bisect_left(self._starts, start) : bisect_left(self._starts, end)]:
                possessive = self._report.text.startswith(("'s", "’s"), n.end)
                if n.label == "PERSON" and self._masked[n.start] != "\x00" and not possessive:
                    yield n
                    break

    def _person_before(self, offset: int, pronoun: str) -> Name | None:
        index = bisect_left(self._subjects, offset, key=lambda n: n.start)
        subjects = [(n.start, n) for n in self._subjects[max(0, index - _PRONOUN_MEMORY) : index]]
        recent = self._speakers[-_PRONOUN_MEMORY:]
        speakers = [(start, n) for start, n in recent if start < offset and n.label == "PERSON"]
        nearest_first = (n for _, n in sorted([*speakers, *subjects], key=lambda pair: -pair[0]))
        return next((n for n in nearest_first if self._pronouns.get(n.name, pronoun) == pronoun), None)

    def _body_before(self, offset: int) -> Name | None:
        """Return what `it` or `they` means: the first body in the sentence, else the last speaker."""
        index = self._report.sentence_of(offset)
        start = self._report.sentences[index][0] if index is not None else 0
        names = self._names[bisect_left(self._starts, start) : bisect_left(self._starts, offset)]
        body = next((n for n in names if n.label in {"ORG", "PLACE"}), None)
        return body or (self._speakers[-1][1] if self._speakers and self._speakers[-1][0] < offset else None)

    # ---- Descriptions ----------------------------------------------------------------------------------------------

    def _described(self, span: Span, lower: str) -> Name | None:
        words = _WORD.findall(lower)
        if not words:
            return None
        if apposition := self._apposition(span[1]):
            return apposition
        index = bisect_left(self._starts, span[0])
        before = self._names[max(0, index - _MEMORY) : index]
        if words[-1] in reporting_words().bodies:
            return self._described_body(span, words, before)
        return self._described_person(words, before) if words[0] in {"the", "our"} else None

    def _described_body(self, span: Span, words: list[str], before: list[Name]) -> Name | None:
        inside = [n for n in self._names[bisect_left(self._starts, span[0]) :][:5] if n.end <= span[1]]
        if inside and inside[-1].label == "ORG" and words[-1] in {"statement", "report"}:
            return inside[-1]
        if words[0] not in _DEFINITE and len(words) > 1:
            return None
        return next((n for n in reversed(before) if n.label == "ORG" and words[-1] in n.name.lower().split()), None)

    def _described_person(self, words: list[str], before: list[Name]) -> Name | None:
        for n in reversed([n for n in before if n.label == "PERSON"]):
            if words[-1] in _WORD.findall((self._role(n) or "").lower()):
                return n
        last = self._speakers[-1][1] if self._speakers else None
        fits_anyone = words[-1] in reporting_words().any_speaker and len(words) <= 3
        return last if last and last.label == "PERSON" and fits_anyone else None

    def _apposition(self, offset: int) -> Name | None:
        """Return the name that explains a description: `The spokesman, Maj. Gen. Asif Ghafoor, ...`."""
        index = bisect_left(self._starts, offset)
        if self._masked[offset : offset + 2] != ", " or index >= len(self._names):
            return None
        name = self._names[index]
        gap = self._masked[offset + 2 : name.start]
        only_titles = all(word[:1].isupper() for word in gap.split()) and len(gap) < 40
        ends = self._masked[name.end : name.end + 1] in {",", ""}
        return name if name.label == "PERSON" and only_titles and ends else None

    # ---- Roles -----------------------------------------------------------------------------------------------------

    def _role(self, name: Name) -> str | None:
        if name.name not in self._roles:
            mentions = self._people.get(name.name, [])[:20]
            roles = (self._role_before(n) or self._role_after(n) for n in mentions)
            self._roles[name.name] = next(filter(None, roles), None)
        return self._roles[name.name]

    def _role_before(self, n: Name) -> str | None:
        """Read `Lugansk regional governor` before a name, back to the first word that belongs to no role."""
        index = self._report.sentence_of(n.start)
        start = max(n.start - 90, self._report.sentences[index][0] if index is not None else 0)
        role: list[str] = []
        for word in reversed(_ROLE_START.split(self._masked[start : n.start])[-1].split()):
            bare = word.strip(",.'’()[]").lower()
            no_role = not bare or bare in reporting_words().no_role or bare.endswith(("ed", "ing"))
            if no_role or len(role) == _MAX_ROLE_WORDS:
                break
            role.insert(0, word)
        return " ".join(role) if role and role[-1].lower().strip(",.'’").split("-")[-1] in _role_heads() else None

    def _role_after(self, n: Name) -> str | None:
        """Read `, a lawyer for the family,` after a name."""
        after = _ROLE_AFTER.match(self._masked, n.end)
        if not after or _NOT_ROLE.match(after.group(1)):
            return None
        role = _ROLE_END.split(after.group(1).strip())[0]
        if not any(word.lower() in _role_heads() for word in _WORD.findall(role)):
            return None
        return _LEADING_ARTICLE.sub("", role)
