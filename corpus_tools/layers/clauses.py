"""Subjects of reporting verbs: who is named in the reporter's own words, to the left or the right of a verb."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import islice
from typing import NamedTuple

from corpus_tools.layers.reporting_verbs import Cue, Cues, reporting_words
from corpus_tools.layers.types import Name, Span

# Replaces each character of quoted words.
BLANK = "\x00"
# Characters between a reporting verb and its subject, at most.
_MAX_DISTANCE = 600
# Characters between a reporting verb and the start of its clause, at most.
_MAX_CLAUSE = 240
# Words of a clause among which the head of a description is sought.
_MAX_DESCRIPTION = 8
WORD = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)*")
DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_BE = frozenset("is are was were be been being".split())
# What can come between a subject and its verb besides single words: `police in turn said`.
_INSERTION = re.compile(
    rf"(?:\b(?:in turn|in part|(?:last|this) (?:week|month)|"
    rf"(?:late |early )?(?:on )?{DAY}(?: (?:morning|night|evening|afternoon))?)|\([^()]*\))$"
)
_INSERTION_ENDS = frozenset("turn part week month morning night evening afternoon".split())
# Where a clause begins. A comma begins one as well, but can also set off an apposition.
CLAUSE = re.compile(
    rf"[;:!?(–—]|{BLANK}+|--|\b(?:and|but|as|while|when|after|because|that|if|whether|although|though|before|since|"
    rf"where|what|than|or|yet)\b"
)
_PREPOSITION = re.compile(
    r"\b(?:of|for|at|from|in|with|to|on|who|which|whose|against|into|over|near|behind|outside|inside|about|based|"
    r"speaking|reporting|familiar|during|after|before|as|when|while|by|under|through|between|among|including|"
    r"tasked|identified|named|wearing|standing|told|last|this|late|early|yesterday|today)\b"
)
# A phrase that leads into the sentence and contains no subject of it.
LEAD_IN = re.compile(
    rf"\s*(?:in|on|at|after|before|while|when|as|during|with|for|from|by|since|although|though|despite|following|"
    rf"meanwhile|however|earlier|later|if|because|under|over|among|against|about|upon|until|once|without|[a-z]+ing|"
    rf"[a-z]+ly|asked|{DAY}|but|and|yet|still|also|instead|then|now|to)\b",
    re.IGNORECASE,
)
_FINITE = re.compile(r"\b(?:is|are|was|were|has|have|had|will|would|can|could|may|might|did|does|do)\b")
_OPENER = re.compile(
    r"(?:but|and|meanwhile|however|yet|so|still|also|later|then|earlier|instead|as|both|witness|that|though|while)\b"
    r"[\s,]*",
    re.IGNORECASE,
)
_WHO = re.compile(r"\b(?:who|which)$")
_LAST_PRONOUN = re.compile(r"\b(?:he|she|they|it|we|I|who|which)$", re.IGNORECASE)
_FIRST_PRONOUN = re.compile(r"(?:he|she|they|it|we|who)\b", re.IGNORECASE)
_DETERMINER = re.compile(
    r"\b(?:the|an?|one|another|our|their|his|her|its|this|some|many|both|several|other|two|three|senior|local|"
    r"federal|former|top)\b",
    re.IGNORECASE,
)
# A full stop after one of these ends no phrase.
_ABBREVIATION = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Col|Gen|Lt|Sgt|Sen|Rep|Gov|St|Rev|Prof|Capt|Maj|Adm|Cmdr|[A-Z])\.")
_PHRASE_END = re.compile(rf"[,;:({BLANK}]|\.(?:\s|$)|\b(?:who|that|adding|after|when|while)\b")
_CLAUSE_END = re.compile(rf"[;:!?]\s|{BLANK}+")
_NOUN_PHRASE = re.compile(
    r"(?:the|an?|one|another|our|their|his|her|its|this|some|many|[A-Z])[\w’'-]*(?: [\w’'-]+){0,4}", re.IGNORECASE
)
_ARTICLE = re.compile(r"(?:the|an?|one|our|their|his|her|its|another|some)\s+[\w’'-]+", re.IGNORECASE)
_OF_AGE = re.compile(r"\s*(?:from|of|in|at|with|aged|\d)")
_OF = re.compile(r"(?:of|for|at|from)\b")
_OF_TAIL = re.compile(r" (?:of|for) (?:the )?(?:[A-Z][\w’'-]*|of|the|and)(?: (?:[A-Z][\w’'-]*|of|the|and)){0,6}(?=,|$)")
_TAIL = re.compile(r"(?: (?!who|which|that|said)[\w’'-]+){1,9}")
_HYPHENED_WORD = re.compile(r"[\w’'-]+")


class Attribution(NamedTuple):
    """The mention of a speaker, and the cue that attributes words to them."""

    speaker: Span | None
    cue: Span | None


class Clauses:
    """The reporter's own words in a report, and the names in them.

    Parameters
    ----------
    masked
        The report's text with quoted words replaced by `BLANK`.
    names
        Its names, in order.
    """

    def __init__(self, masked: str, names: list[Name]) -> None:
        self.masked = masked
        self.cues = Cues(masked)
        self._words = reporting_words()
        self._names = names
        self._starts = [n.start for n in names]

    # ---- Subjects ------------------------------------------------------------------------------------------------

    def subject(self, start: int, cue: Cue) -> tuple[Span | None, bool]:
        """Return the subject of a cue to its left, from `start` on, and whether the verb is passive."""
        start = max(start, cue.start - _MAX_DISTANCE)
        end, passive = self.trim(start, cue.start)
        left = self.masked[start:end]
        if cue.word.endswith("ing") and not passive:
            return self.clause_subject(start, end), False
        if cue.word.endswith("ed") and self.masked.startswith((" as ", " by "), cue.end):
            passive = True  # `hired X, described as ...`
        if left.endswith(","):
            return self.clause_subject(start, end - 1, apposed=True), passive
        boundary = max((m.end() for m in CLAUSE.finditer(left, max(0, len(left) - _MAX_CLAUSE))), default=0)
        comma = left.rfind(",") + 1
        phrase = start + max(boundary, comma), end
        if comma > boundary and _OF_AGE.match(self.masked[slice(*phrase)]):
            return self.clause_subject(start, end, apposed=True), passive
        if not self.masked[slice(*phrase)].strip():
            return self.clause_subject(start, start + max(0, boundary - 1)), passive
        return self.mention(*phrase) or self._any_noun_phrase(*phrase, cue), passive

    def trim(self, start: int, end: int) -> tuple[int, bool]:
        """Return the end of what precedes a verb without adverbs and auxiliaries, and whether the verb is passive."""
        passive = False
        while True:
            left = self.masked[max(start, end - 80) : end].rstrip(" -")
            end = max(start, end - 80) + len(left)
            word = left[left.rfind(" ") + 1 :]
            if word in self._words.between or (word.endswith("ly") and word.islower()):
                passive = passive or word in _BE
                end -= len(word)
            elif (word in _INSERTION_ENDS or word.endswith(("day", ")"))) and (match := _INSERTION.search(left)):
                end -= len(left) - match.start()
            else:
                return end, passive

    def clause_subject(self, start: int, end: int, apposed: bool = False, retries: int = 8) -> Span | None:
        """Return the subject with which a clause begins, after any phrases that lead into it; else an earlier one's."""
        start = max(start, end - _MAX_DISTANCE)
        *_, clause_end = [None, *_CLAUSE_END.finditer(self.masked[start:end])]
        offset = start + clause_end.end() if clause_end else start
        for phrase in self.masked[offset:end].split(","):
            if apposed and _FINITE.search(phrase):
                pass
            elif phrase.strip() and not LEAD_IN.match(phrase):
                if subject := self.first_mention(offset, offset + len(phrase)):
                    return subject
            elif opener := _OPENER.match(phrase.lstrip()):
                after_opener = offset + len(phrase) - len(phrase.lstrip()) + opener.end()
                if subject := self.first_mention(after_opener, offset + len(phrase)):
                    return subject
            offset += len(phrase) + 1
        if clause_end and clause_end.start() and retries:  # the subject can precede words quoted before
            return self.clause_subject(start, start + clause_end.start(), apposed, retries - 1)
        return None

    def inverted(self, cue: Cue, stop: int) -> Attribution | None:
        """Return the subject that follows a reporting verb (`said Mr Rouse`)."""
        stop = min(stop, cue.end + _MAX_DISTANCE)
        right = _ABBREVIATION.sub(lambda m: m.group()[:-1] + "_", self.masked[cue.end : stop])
        end = _PHRASE_END.search(right)
        phrase = cue.end, cue.end + end.start() if end else stop
        speaker = self.mention(*phrase) or self.first_mention(*phrase) or self._any_noun_phrase(*phrase, cue)
        return Attribution(speaker, (cue.start, cue.end)) if speaker else None

    def follows_who(self, cue: Cue) -> bool:
        """Return whether the subject of a verb is `who` or `which`."""
        start = max(0, cue.start - 40)
        return bool(_WHO.search(self.masked[start : self.trim(start, cue.start)[0]]))

    # ---- What a clause begins with -------------------------------------------------------------------------------

    def names_in(self, start: int, end: int) -> list[Name]:
        """Return the names that lie wholly within a stretch of the text."""
        low = bisect_right(self._starts, start - 1)
        high = bisect_right(self._starts, end - 1)
        return [n for n in self._names[low:high] if n.end <= end]

    def first_mention(self, start: int, end: int) -> Span | None:
        """Return the pronoun, name or description with which a clause begins."""
        start = self._after_openers(start, end)
        clause = self.masked[start:end]
        if match := _FIRST_PRONOUN.match(clause):
            return start, start + match.end()
        return self._first_name(start, end) or self._first_description(start, clause)

    def _after_openers(self, start: int, end: int) -> int:
        while start < end:
            start += len(self.masked[start:end]) - len(self.masked[start:end].lstrip(" -\"”“'’)\n"))
            match = _OPENER.match(self.masked, start, end)
            if not match or match.end() == start:
                break
            start = match.end()
        return start

    def _first_name(self, start: int, end: int) -> Span | None:
        names = self.names_in(start, end)
        # A surname that the lists lack still names the speaker if the clause begins with it.
        sure = [n for n in names if n.label != "OTHER"] or [n for n in names[:1] if n.start == start]
        if not sure:
            return None
        first, *others = sure
        for other in others:
            if first.label == "PERSON" or not self._is_same_phrase(self.masked[first.end : other.start]):
                break
            first = other
        if _PREPOSITION.search(self.masked, start, first.start) or self.masked.startswith(("'s", "’s"), first.end):
            return None
        return first.start, first.end

    def _is_same_phrase(self, gap: str) -> bool:
        words = [w.lower() for w in WORD.findall(gap)]
        return (
            len(words) <= 5
            and "," not in gap
            and not _PREPOSITION.search(gap.removeprefix("'s").removeprefix("’s"))
            and not any(w in self._words.forms or w in {"the", "a", "an", "and", "that"} for w in words)
        )

    def _first_description(self, start: int, clause: str) -> Span | None:
        """Return a description that begins a clause: `the ambassador`, or `local officials` without an article."""
        article = bool(_ARTICLE.match(clause))
        for index, match in enumerate(islice(WORD.finditer(clause), _MAX_DESCRIPTION)):
            word = match.group().lower()
            if (article and word in self._words.speakers) or (index < 3 and word in self._words.bare_speakers):
                # `The head of the WHO, ...`: with what they are head of
                tail = _OF_TAIL.match(clause, match.end())
                return start, start + (tail.end() if tail else match.end())
        return None

    # ---- Whom a noun phrase means --------------------------------------------------------------------------------

    def mention(self, start: int, end: int) -> Span | None:
        """Return what a noun phrase refers to: a pronoun, a name that it ends with, or its description."""
        start = self._after_openers(start, end)
        phrase = self.masked[start:end].rstrip(" ,-")
        if not phrase:
            return None
        end = start + len(phrase)
        if match := _LAST_PRONOUN.search(phrase):
            if match.group().lower() in {"who", "which"}:
                return self.mention(start, start + match.start()) or self.clause_subject(max(0, start - 200), start)
            return start + match.start(), end
        head_end = self._head_end(start, end)
        if _OF.match(self.masked, head_end, end) and (description := self._description(start, head_end, [])):
            tail = _TAIL.match(self.masked, head_end - 1, end)
            return description[0], tail.end() if tail else description[1]
        names = self.names_in(start, head_end)
        sole = [n for n in names if n.start == start and not self.masked[n.end : head_end].strip()]
        sure = [n for n in names if n.label != "OTHER"] or sole
        if sure and not self.masked[sure[-1].end : head_end].strip(" ,()0123456789-"):
            return sure[-1].start, sure[-1].end
        return self._description(start, head_end, sure)

    def _head_end(self, start: int, end: int) -> int:
        """Return the offset of the first preposition of a noun phrase that is not inside a name."""
        for match in _PREPOSITION.finditer(self.masked, start, end):
            if match.start() == start:
                continue
            if not any(n.start < match.start() < n.end for n in self.names_in(start, end)):
                return match.start()
        return end

    def _description(self, start: int, end: int, names: list[Name]) -> Span | None:
        phrase = self.masked[start:end].rstrip(" ,-(")
        words = list(_HYPHENED_WORD.finditer(phrase))
        lower = [word.group().lower() for word in words]
        heads = [i for i, w in enumerate(lower) if w in self._words.speakers or w in self._words.bare_speakers]
        if not heads:
            first_name = [n for n in names if not self.masked[start : n.start].strip()]
            return (first_name[0].start, first_name[0].end) if first_name and words and len(words) <= 6 else None
        last = heads[-1]
        head = words[last]
        determiners = [m.start() for m in _DETERMINER.finditer(phrase, 0, head.start())]
        begin = determiners[0] if determiners else 0
        if len(determiners) > 1 and any(
            lower[i] in self._words.forms for i, word in enumerate(words) if word.start() < determiners[-1]
        ):
            begin = determiners[-1]
        if lower[last] in self._words.bare_speakers and not determiners:
            begin = words[max(0, last - 2)].start() if len(words) <= 3 else head.start()
        return start + begin, start + head.end()

    def _any_noun_phrase(self, start: int, end: int, cue: Cue) -> Span | None:
        """Return any noun phrase that is the subject of a strong cue: a name of any kind, `the brief`."""
        if cue.weak:
            return None
        start = self._after_openers(start, end)
        phrase = self.masked[start:end].rstrip(" ,-")
        names = [n for n in self.names_in(start, start + len(phrase)) if n.end == start + len(phrase)]
        if names:
            return names[-1].start, names[-1].end
        if _NOUN_PHRASE.fullmatch(phrase):
            return start, start + len(phrase)
        return None
