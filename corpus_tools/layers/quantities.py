"""Quantities: numbers of people to whom something happened, with bounds, what happened, and who they are.

A number is read first, then the noun after it, then what governs it: a verb before it (`killed 14`), a noun before it
(`the deaths of 14`), a predicate after its noun (`14 miners, among them two boys, were killed`), or the noun itself
(`14 refugees`). Without any of these, it takes the kind of the number beside it (`killing 14, including two boys`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, cast

from corpus_tools.layers.layer import (
    Brat,
    Conllu,
    Display,
    Gold,
    GoldText,
    Highlight,
    HighlightKind,
    Layer,
    Row,
    Values,
)
from corpus_tools.layers.matching import overlap
from corpus_tools.layers.quantity_words import LETTERS, WORD, Clause, is_number, read_lexicon
from corpus_tools.layers.types import Bound, Quantity, QuantityKind, Report
from corpus_tools.runtime.records import GoldSpan, Section
from corpus_tools.runtime.schema import COUNT, DOC_ID, END, START, TEXT, Column, Table
from corpus_tools.text.numerals import candidates, read_numerals
from corpus_tools.text.wording import number_of_people

_BEFORE = 90  # characters before a number in which its governor is looked for

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)(?:[a-z]{2,6})?\b\.?"
_DATE_AFTER = re.compile(rf"(?:st|nd|rd|th)?,?\s+{_MONTH}|\s+(?:GMT|BST|EST|ET|CET|local time|o'clock|noon|midnight)\b")
_DATE_BEFORE = re.compile(rf"\b{_MONTH}\s\Z")
_LABEL_BEFORE = re.compile(
    r"(?:\b[A-Z][\w'’]*(?:\.| of)?|\b(?:number|chapter|page|room|no\.)"
    r"|\bage[sd]?(?: of| between)?(?: \d+,?)*(?: (?:and|or|to))?)\s*\Z"
)
_AGE_BEFORE = re.compile(r"\w['’\"”)]?(?:,| \()\s?\Z")
_NOT_ONE = re.compile(r"(?i)\b(?:no|any|every|each|this|that|the|which|number|day|phase|another)[\s-]+\Z")
_NOT_COUNTED = re.compile(
    r"(?i)\b(?:per|every|out of|(?:none|neither) of(?: the)?|(?:one|two|three|\d) in|"
    r"(?:thirds?|quarters?|fifths?|half) of(?: the)?|"
    r"(?:grand)?(?:mother|father|parent|mum|dad)s? of)\s\Z"
)
_RATE = re.compile(r"\s+in\s+(?:\d|two|three|four|five|six|seven|eight|nine|ten)\b")

_PARTICIPLES = frozenset("shot hurt held slain beaten burnt".split())
_PLURALS = frozenset("people men women children dead".split())
_TO_DEATH = re.compile(
    r"(?!sentenced)\w+(?:\s+(?:at|by|in) [\w' ]{3,30}|\s+(?:and|or) \w+)?\s+"
    r"(?:(?:to death|dead)\b|and (?:later |fatally )?(?:killed|died)\b)"
)
_NO_FLIGHT = re.compile(r"\w+[^.;]{0,40}?\b(?:the scene|on foot|the area|police|custody|prison|in a)\b")
_LIVES = re.compile(r"\s+(?:\w+ ){0,2}(?:lives|souls)\b")
_TAKEN = frozenset("claim claimed claiming claims cost costing costs ended lost take taken takes taking took".split())
# Losses of these are deaths: `the army lost 14 soldiers`.
_SOLDIERS = frozenset(
    "soldier soldiers troops servicemen fighters men marines pilots sailors guardsmen members".split()
)
_TOLL = re.compile(
    r"(?i)\b(?:(toll)|(?:number|total) of (?:people |those |civilians )?(\w+)(?! (?:families|households|cases)))"
    r"\b[^.;]{0,120}?\b(?:to|at|of|was|is|stands|reached|hit|exceeded|passed|surpassed|topped|now)\s+\Z"
)
_INCLUDED = re.compile(
    r"(?i)\bth(?:e|ose) (\w+)(?: (?:\w+ ){0,3})?(?:include[sd]?|including|were|are|was)\s+"
    r"(?:(?:[\w’']+['’]s|his|her|the|their)\s+)?\Z"
)
_TOPIC = re.compile(r"(?:Of|Among) (?:all )?th(?:e|ose) ([\w'’ -]{3,60}),")
_BESIDE = re.compile(
    r"(?i)\W*(?:(?:and|or|plus|as well as|along with|including|among them|at least|most|injuring|of them|of whom|with)"
    r"\W+|(?:were|are) \w+, )*"
)
_INCLUDING = re.compile(r"(?i)\bincluding\s+\Z")
_POSSIBLE = frozenset("to would could might can should not never".split())
_NO_DEATHS = re.compile(
    r"(?i)\b(?:abus|rap(?:e|ing)|assault|sexual|groom|fraud|traffick|crimes?\b|slave|exploit|bull(?:y|ied))"
)


@dataclass(slots=True)
class _Noun:
    """The noun after a number: its words, and whether it means people."""

    first: int = 0
    last: int = -1
    after: int = 0  # the first word after it
    sort: Literal["none", "people", "unknown", "thing"] = "none"
    kind: str | None = None  # of the noun itself
    modified: str | None = None  # of a participle within it: five *wounded* soldiers
    pronoun: bool = False  # two of them
    partitive: bool = False  # one of the greatest


def _read_noun(clause: Clause) -> _Noun:
    """Read the noun after a number, past adjectives and names (`two suspected Northern Front fighters`)."""
    i, word = 0, ""
    if clause.word(0) == "of":
        i = 1
        while clause.word(i) in read_lexicon().determiners or clause.word(i) == "all":
            word = clause.word(i)
            i += 1
        if word in ("them", "whom", "us", "those", "these", "you") and not clause.is_person(i):
            return _Noun(i - 1, i - 1, i, "people", pronoun=True)
        if word and is_number(clause.word(i)):
            i += 1
    noun = _Noun(i, partitive=bool(word))
    while i < min(len(clause.words), noun.first + 10) and _extend(clause, noun, i):
        i += 1
    noun.after = noun.last + 1 if noun.last >= 0 else noun.first
    return noun


def _extend(clause: Clause, noun: _Noun, i: int) -> bool:
    """Add a word to the noun; return False if that ends the noun."""
    lexicon, word = read_lexicon(), clause.words[i]
    if clause.is_person(i):
        return _extend_by_person(clause, noun, i)
    if noun.sort == "people" or not word[0].isalnum() or is_number(word):
        return False
    before_person = clause.is_person(i + 1)
    if kind := lexicon.event_kind(word):
        noun.modified = kind if before_person else None
        return before_person
    thing = word in lexicon.things and not before_person
    clipped = word.endswith("ed") and clause.word(i + 1) in lexicon.prepositions  # `12 suspected of`
    if thing or not (lexicon.ends_noun(word) or clipped):
        noun.sort, noun.last = "thing" if thing else "unknown", i
        return not thing
    return False


def _extend_by_person(clause: Clause, noun: _Noun, i: int) -> bool:
    lexicon, word = read_lexicon(), clause.words[i]
    if not word.endswith("s") and word not in _PLURALS and _continues_noun(clause.word(i + 1)):
        noun.modified = lexicon.persons.get(word)  # `350 refugee children`
        return True  # `two police stations`, `34 migrant detention centres`
    noun.last = i
    if word == "bodies" and i > noun.first and clause.word(i - 1) not in ("dead", "more", "other", "lifeless"):
        noun.sort = "thing"  # `19 independent bodies`
        return False
    noun.sort = "people"
    victim = "victim" if word in ("victim", "victims") else noun.kind
    noun.kind = lexicon.nouns.get(word) or lexicon.persons.get(word) or victim
    return True


def _continues_noun(word: str) -> bool:
    """Return whether a word turns the singular before it into a modifier."""
    if not word.isalpha() or word.endswith(("ed", "ing", "ly")):
        return False
    return not read_lexicon().event_kind(word) and not read_lexicon().ends_noun(word)


class _Predicate:
    """The search for the predicate of a number's noun."""

    def __init__(self, clause: Clause, noun: _Noun) -> None:
        self.clause, self.noun, self.lexicon = clause, noun, read_lexicon()
        self.be = self.have = False  # whether a form of these has been passed
        self.adjacent = True  # whether only known words have been passed
        self.credit = 1  # number of unknown words that may still be passed

    def find(self) -> str | None:
        """Return the kind; None if the clause has another predicate."""
        i = self.noun.after
        while 0 <= i < len(self.clause.words):
            if kind := self._kind_at(i):
                return kind
            i = self._pass(i)
        return None

    def _kind_at(self, i: int) -> str | None:
        word, sort = self.clause.words[i], self.noun.sort
        people = sort == "people" or (sort == "none" and (self.be or self.adjacent))
        kind = None
        if self.be and self.clause.words[i + 1 : i + 3] == ["to", "death"] and word != "sentenced":
            kind = "killed"
        elif people or (sort == "unknown" and self.be):
            kind = self.clause.phrase(i)
        if kind is None and word in self.lexicon.state and (self.be or self.adjacent) and (people or word == "dead"):
            kind = self.lexicon.state[word]
        if kind is None and (word in self.lexicon.strong or (people and word in self.lexicon.weak)):
            kind = self._passive(i)
        return kind or self._active(i)

    def _active(self, i: int) -> str | None:
        """Return the kind of a verb such as died; not in `two men fled the scene`, `one of the greats, who died`."""
        kind = self.lexicon.subject.get(self.clause.words[i])
        if kind == "displaced" and _NO_FLIGHT.match(self.clause.text, self.clause.span(i)[0]):
            return None
        return None if self.noun.partitive and self.noun.sort == "unknown" else kind

    def _passive(self, i: int) -> str | None:
        """Return the kind of a passive participle; with an object (`killed three`) the verb is active."""
        lexicon, word = self.lexicon, self.clause.words[i]
        if not (word.endswith("ed") or word in _PARTICIPLES) or (self.have and not self.be):
            return None
        before = self.clause.word(i - 1)
        if i > self.noun.after and (before in lexicon.determiners or (before in lexicon.prepositions and not self.be)):
            return None  # `in the besieged buildings`, `the funeral of slain officials`
        after = i + 1
        while self.clause.word(after) in ("and", "or") and lexicon.verb_kind(self.clause.word(after + 1)):
            after += 2
        if not self.be and self._object(after):
            return None
        loose = not self.adjacent or (self.noun.sort == "none" and _continues_noun(self.clause.word(after)))
        if word in lexicon.weak and not self.be and loose:
            return None
        fatal = self.clause.word(i - 1) == "fatally" or _TO_DEATH.match(self.clause.text, self.clause.span(i)[0])
        return "killed" if fatal else lexicon.verb_kind(word)

    def _object(self, i: int) -> bool:
        word = self.clause.word(i)
        if word == "at":
            return self.clause.word(i + 1) == "least"
        return word in self.lexicon.objects or is_number(word)

    def _pass(self, i: int) -> int:
        """Pass a word and return the index of the next, or -1 where the search ends."""
        word, lexicon = self.clause.words[i], self.lexicon
        if word in lexicon.be:
            self.be = True
        elif word in lexicon.have:
            self.have = True
        elif word in lexicon.modal:
            return i + 1 if self.clause.word(i + 1) == "have" else -1
        elif word in (",", "(", "-", "--", "–", "—"):
            return self._pass_aside(i)
        elif word in ("and", "or"):
            return self._pass_conjunction(i)
        elif word in lexicon.fillers or word.endswith("ly"):
            self.credit += word == "who"
        else:
            return self._pass_unknown(i)
        return i + 1

    def _pass_unknown(self, i: int) -> int:
        word, lexicon = self.clause.words[i], self.lexicon
        if word in lexicon.stops or not word[0].isalnum() or word in lexicon.strong or word in lexicon.subject:
            return -1
        verb = word.endswith("ed") and self.clause.word(i + 1) not in lexicon.prepositions
        if verb or (self.be and self.adjacent and word.endswith("ed")):
            return -1
        self.adjacent = False
        if word in lexicon.prepositions or word.endswith("ing"):
            self.credit = 7
            return i + 1
        self.credit -= 1
        return i + 1 if self.credit >= 0 else -1

    def _pass_aside(self, i: int) -> int:
        """Pass the words between two commas, dashes or brackets."""
        words, following = self.clause.words, self.clause.word(i + 1)
        if following in self.lexicon.be or following in self.lexicon.have or following in ("who", "all", "both"):
            return i + 1
        if following in ("and", "but", "while", "with") or (following.endswith("ing") and following != "including"):
            return -1
        closing = ")" if words[i] == "(" else words[i]
        try:
            end = words.index(closing, i + 1, i + 30)
        except ValueError:
            return -1
        return -1 if ";" in words[i:end] or "." in words[i:end] else end + 1

    def _pass_conjunction(self, i: int) -> int:
        """Pass to a second noun (`14 men and 11 women were killed`), not to a second verb."""
        word, lexicon = self.clause.word(i + 1), self.lexicon
        if lexicon.verb_kind(word) or word in lexicon.be or word in lexicon.have or word == "then":
            return -1
        self.credit = 4
        return i + 2 if is_number(word) else i + 1


def _governed(clause: Clause, noun: _Noun) -> str | None:
    """Return the kind of the governor before a number: `killed 14`, `the deaths of 14`, `the toll rose to 14`."""
    lexicon, before = read_lexicon(), clause.before(_BEFORE)
    words = WORD.findall(before.lower())
    i, after_of = len(words) - 1, False
    if words[-1:] == ["and"] and noun.sort == "people":  # `killed a soldier and two policemen`
        i = next((j for j in range(i - 1, max(i - 6, -1), -1) if words[j] in ("a", "an", "his", "her")), i)
    while i >= 0 and (words[i] in lexicon.before_number or words[i].endswith("ly")):
        after_of = after_of or words[i] == "of"
        i -= 1
    word, earlier = (words[i] if i >= 0 else "", words[i - 1] if i > 0 else "")
    kind = None
    if after_of:
        saved = word == "lives" and _TAKEN.isdisjoint(words[max(0, i - 3) : i])
        kind = None if saved else lexicon.before_of.get(word)
    elif earlier not in lexicon.be and (earlier not in _POSSIBLE or word.endswith(("ed", "ing")) or "on to" in before):
        kind = lexicon.verb_kind(word) if noun.sort == "people" else lexicon.strong.get(word)
        if word == "hostage" and earlier in ("take", "taken", "taking", "took"):
            kind = "detained"
        lost = word in ("lost", "losing") and not _SOLDIERS.isdisjoint(clause.words[noun.first : noun.after])
        if (word == "dead" and earlier == "shot") or (word in _TAKEN and _LIVES.match(clause.text, clause.start)):
            kind = "killed"
        kind = kind or ("killed" if lost else None)
    return kind or _of_group(clause, words)


def _of_group(clause: Clause, words: list[str]) -> str | None:
    """Return the kind of a group whose size is given: `the number of dead rose to 14`, `the injured included two`."""
    before = clause.before(170)
    if ("toll" in before or " of " in before) and (toll := _TOLL.search(before)):
        return "killed" if toll[1] else read_lexicon().group_kind(toll[2].lower())
    if not {"were", "are", "was", "include", "includes", "included", "including"}.isdisjoint(words[-4:]):
        included = _INCLUDED.search(before)
        return read_lexicon().group_kind(included[1].lower()) if included else None
    return None


def _counts_no_people(clause: Clause, noun: _Noun) -> bool:
    """Return whether a number is an age, a date, a label or the pronoun `one`."""
    text, numeral, before = clause.text, clause.numeral, clause.before(24)
    if noun.sort == "thing" or _NOT_COUNTED.search(before) or _RATE.match(text, numeral.end):
        return True
    if text[numeral.bare : numeral.end].lower() == "one":
        name = text[numeral.bare].isupper() and before[-2:-1].isalpha()  # Formula One
        superlative = clause.word(0) == "of" and (clause.word(2) == "most" or clause.word(2).endswith("est"))
        return name or superlative or _NOT_ONE.search(before) is not None
    if not numeral.digits:
        return False
    if noun.sort == "people":
        return _DATE_BEFORE.search(before) is not None
    return _DATE_AFTER.match(text, numeral.end) is not None or _age_or_label(clause, before)


def _age_or_label(clause: Clause, before: str) -> bool:
    numeral = clause.numeral
    if numeral.best is not None and numeral.best <= 120 and _AGE_BEFORE.search(before):
        return clause.text.startswith((",", ".", ")", ";", " -", " –", " and "), numeral.end)
    return numeral.start == numeral.bare and _LABEL_BEFORE.search(before) is not None


def _kind_of_victims(clause: Clause) -> str:
    start = clause.start
    return "other-affected" if _NO_DEATHS.search(clause.text, max(0, start - 600), start + 600) else "killed"


def _own_kind(clause: Clause, noun: _Noun) -> str | None:
    """Return the kind by the number's own governor, predicate or noun."""
    if noun.kind and clause.word(noun.last) in read_lexicon().nouns:
        return None if clause.word(noun.first) in ("prior", "previous") else noun.kind
    kind = _governed(clause, noun) or noun.modified or _Predicate(clause, noun).find()
    if kind and (kind != "other-affected" or noun.kind in (None, "victim")):
        return kind
    return _kind_of_victims(clause) if noun.kind == "victim" else noun.kind


def _adopted_kind(clause: Clause, noun: _Noun, previous: Quantity | None) -> str | None:
    """Return the kind of the sentence's topic (`Of the wounded, two ...`) or of the number beside it."""
    text, start = clause.text, clause.numeral.start
    if text.startswith(("Of ", "Among "), clause.begin) and (topic := _TOPIC.match(text, clause.begin)):
        words = topic[1].lower().split()
        kinds = map(read_lexicon().group_kind, words)
        return _kind_of_victims(clause) if "victims" in words else next(filter(None, kinds), None)
    if previous is None or start - previous.who_end > 120:
        return None
    if noun.pronoun or (noun.sort != "unknown" and _INCLUDING.search(clause.before(12))):
        return previous.kind
    if noun.sort == "unknown" and clause.raw[noun.last][0].islower():
        return None  # `12 arrests and 30 prosecutions`
    following = clause.word(noun.after)
    known = following in read_lexicon().prepositions or following in ("and", "as", "when", "who", "after")
    if following.isalpha() and not known:
        return None
    return previous.kind if _BESIDE.fullmatch(text, previous.who_end, start) else None


def _quantity(clause: Clause, previous: Quantity | None) -> Quantity | None:
    noun, n = _read_noun(clause), clause.numeral
    if _counts_no_people(clause, noun):
        return None
    kind = _own_kind(clause, noun) or _adopted_kind(clause, noun, previous)
    if kind is None:
        return None
    who = (clause.span(noun.first)[0], clause.span(noun.last)[1]) if noun.last >= 0 else (n.end, n.end)
    return Quantity(n.start, n.end, n.low, n.best, n.high, n.bound, cast(QuantityKind, kind), *who)


def find_quantities(report: Report) -> list[Quantity]:
    """Find the numbers of people who were killed, wounded, displaced, detained or otherwise affected.

    Ages, money, distances, votes, and people to whom nothing happened (demonstrators, voters) are left out. A vague
    number (`dozens`) has no best value; its low and high are those of vague_numbers.yaml. A lower bound has no high,
    an upper bound no low. The span of the words that say which people is empty where the noun is missing.

    Parameters
    ----------
    report
        The report, of which only the body is read.

    Examples
    --------
    >>> text = "The flood killed at least 25 people and left two missing. It was 12 degrees."
    >>> quantities = find_quantities(Report(text, None, 0, [(0, 57), (58, 76)]))
    >>> [(text[q.start : q.end], q.low, q.best, q.high, q.kind, text[q.who_start : q.who_end]) for q in quantities]
    [('at least 25', 25, 25, None, 'killed', 'people'), ('two', 2, 2, 2, 'missing', '')]
    """
    text, lexicon, quantities = report.text, read_lexicon(), list[Quantity]()
    matches = candidates(text, report.body_start, never=lexicon.things, people=lexicon.people)
    i = 0
    for begin, end in report.sentences:
        first = i
        while i < len(matches) and matches[i].start() < end:
            i += 1
        if i > first:
            quantities += _in_sentence(text, max(begin, report.body_start), end, matches[first:i])
    return quantities


def _in_sentence(text: str, begin: int, end: int, matches: list[re.Match[str]]) -> list[Quantity]:
    quantities = list[Quantity]()
    # Most sentences with a number report no event, and this is a quick check.
    if read_lexicon().events.isdisjoint(LETTERS.findall(text[begin:end].lower())):
        return quantities
    inside = [match for match in matches if begin <= match.start() and match.end() <= end]
    for numeral in read_numerals(text, inside, begin):
        if quantity := _quantity(Clause(text, begin, end, numeral), quantities[-1] if quantities else None):
            quantities.append(quantity)
    return quantities


# ---- the layer -------------------------------------------------------------------------------------------------------

TABLE = Table(
    "quantities",
    "annotate",
    "One row per number of people to whom something happened. "
    "Reports in languages other than `annotate.languages` have none.",
    {
        "doc_id": DOC_ID,
        "start": START,
        "end": END,
        "text": Column(TEXT, "The number with its modifier, as written (at least 25): `documents.text[start:end]`."),
        "low": Column(
            COUNT,
            "Fewest people that the number may mean; for about, `best` less half a unit of its last non-zero digit. "
            "Null for an upper bound (up to 50), unless the number is a vague word.",
        ),
        "best": Column(
            COUNT,
            "Number of people as written, also where it is a bound; for a range, its lower end. Null "
            "for a vague word (dozens).",
        ),
        "high": Column(
            COUNT,
            "Most people that the number may mean; for about, `best` plus half a unit of its last non-zero "
            "digit. Null for a lower bound (at least 50) that is not a range, and for a vague word without "
            "an upper limit (millions).",
        ),
        "bound": Column(
            TEXT,
            "How the number is bounded: exact, at least, at most or about; a range (10 to 15) counts as at least, a "
            "vague word without a modifier as about.",
        ),
        "kind": Column(
            TEXT,
            "What happened to the people: killed, wounded, missing, displaced, evacuated, detained, "
            "trapped or other-affected.",
        ),
    },
    ("doc_id", "start", "end"),
)


class GoldQuantity(Section):
    """A number of people to whom something happened."""

    span: GoldSpan
    best: int
    bound: Bound
    kind: QuantityKind


def _row(report: Report, n: Quantity) -> Values:
    return report.doc_id, n.start, n.end, report.text[n.start : n.end], n.low, n.best, n.high, n.bound, n.kind


def _highlights(row: Row, _number: int, _text: str) -> Iterator[Highlight]:
    yield Highlight("quantity", row["start"], row["end"], (f"{row['kind']}: {number_of_people(row)}",))


def _gold_row(gold: GoldQuantity, text: GoldText) -> Row:
    return {**text.span("quantities.span", gold.span), "best": gold.best, "kind": gold.kind}


def same_quantity(gold: Row, row: Row) -> bool:
    """Return whether spans overlap and both value and kind are equal."""
    return overlap(gold, row) and (gold["best"], gold["kind"]) == (row["best"], row["kind"])


def _with_value(rows: list[Row]) -> list[Row]:
    """Leave out vague numbers, which the gold scheme does not annotate."""
    return [row for row in rows if row["best"] is not None]


LAYER = Layer(
    table=TABLE,
    find=lambda marks: find_quantities(marks.report),
    row=_row,
    display=Display(kinds=(HighlightKind("quantity", "number of people", 20),), highlights=_highlights),
    conllu=Conllu("People", "kind", ("Best", "best")),
    brat=Brat(entities=("Quantity",), notes=("kind", "low", "best", "high", "bound")),
    gold=Gold(model=GoldQuantity, row=_gold_row, scores={"quantities": same_quantity}, comparable=_with_value),
)
