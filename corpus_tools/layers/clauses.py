"""Subjects of words of saying: who is named in the reporter's own words, to the left or the right of a verb."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

from corpus_tools.layers.reporting_verbs import Cue, Cues, words
from corpus_tools.layers.types import Name

Span = tuple[int, int]
# What stands for each character of quoted words.
BLANK = "\x00"
# A subject stands no further from its verb than this many characters.
_FAR = 600
# Nor does its clause begin further away than this.
_NEAR = 240
WORD = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)*")
_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
# What may stand between a subject and its verb of saying, besides adverbs in -ly.
_BETWEEN = frozenset(
    """has have had is are was were be been being also then later further previously earlier again once now already
    since still just even instead would will could can did does do not never himself herself itself themselves ever
    both all first next soon today yesterday""".split()
)
_BE = frozenset("is are was were be been being".split())
_SET_OFF = re.compile(
    rf"(?:\b(?:in turn|in part|(?:last|this) (?:week|month)|"
    rf"(?:late |early )?(?:on )?{_DAY}(?: (?:morning|night|evening|afternoon))?)|\([^()]*\))$"
)
_SET_OFF_ENDS = frozenset("turn part week month morning night evening afternoon".split())
# Where a clause begins. A comma is one as well, but may also set off an apposition.
CLAUSE = re.compile(
    rf"[;:!?(–—]|{BLANK}+|--|\b(?:and|but|as|while|when|after|because|that|if|whether|although|though|before|since|"
    rf"where|what|than|or|yet)\b"
)
_PREPOSITION = re.compile(
    r"\b(?:of|for|at|from|in|with|to|on|who|which|whose|against|into|over|near|behind|outside|inside|about|based|"
    r"speaking|reporting|familiar|during|after|before|as|when|while|by|under|through|between|among|including|"
    r"tasked|identified|named|wearing|standing|told|last|this|late|early|yesterday|today)\b"
)
# A phrase that leads into the sentence and holds no subject of it.
LEAD_IN = re.compile(
    rf"\s*(?:in|on|at|after|before|while|when|as|during|with|for|from|by|since|although|though|despite|following|"
    rf"meanwhile|however|earlier|later|if|because|under|over|among|against|about|upon|until|once|without|[a-z]+ing|"
    rf"[a-z]+ly|asked|{_DAY}|but|and|yet|still|also|instead|then|now|to)\b",
    re.IGNORECASE,
)
_FINITE = re.compile(r"\b(?:is|are|was|were|has|have|had|will|would|can|could|may|might|did|does|do)\b")
_OPENER = re.compile(
    r"(?:but|and|meanwhile|however|yet|so|still|also|later|then|earlier|instead|as|both|witness|that|though|while)\b"
    r"[\s,]*",
    re.IGNORECASE,
)
_WHO = re.compile(r"\b(?:who|which)$")
_PRONOUN = re.compile(r"\b(?:he|she|they|it|we|I|who|which)$", re.IGNORECASE)
_DETERMINED = re.compile(
    r"\b(?:the|an?|one|another|our|their|his|her|its|this|some|many|both|several|other|two|three|senior|local|"
    r"federal|former|top)\b",
    re.IGNORECASE,
)
# A full stop after one of these ends no phrase.
_TITLE = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Col|Gen|Lt|Sgt|Sen|Rep|Gov|St|Rev|Prof|Capt|Maj|Adm|Cmdr|[A-Z])\.")
_PHRASE_END = re.compile(rf"[,;:({BLANK}]|\.(?:\s|$)|\b(?:who|that|adding|after|when|while)\b")
_HARD = re.compile(rf"[;:!?]\s|{BLANK}+")
_ANYONE = re.compile(
    r"(?:the|an?|one|another|our|their|his|her|its|this|some|many|[A-Z])[\w’'-]*(?: [\w’'-]+){0,4}", re.IGNORECASE
)
_ARTICLE = re.compile(r"(?:the|an?|one|our|their|his|her|its|another|some)\s+[\w’'-]+", re.IGNORECASE)
_FIRST_PRONOUN = re.compile(r"(?:he|she|they|it|we|who)\b", re.IGNORECASE)
_OF_AGE = re.compile(r"\s*(?:from|of|in|at|with|aged|\d)")
_OF = re.compile(r"(?:of|for|at|from)\b")
_OF_TAIL = re.compile(r" (?:of|for) (?:the )?(?:[A-Z][\w’'-]*|of|the|and)(?: (?:[A-Z][\w’'-]*|of|the|and)){0,6}(?=,|$)")
_TAIL = re.compile(r"(?: (?!who|which|that|said)[\w’'-]+){1,9}")


class Source(NamedTuple):
    """Who is named for some words, and by which cue."""

    speaker: Span | None
    cue: Span | None


class Clauses:
    """The reporter's own words of a report (those quoted are blanked out), with the names in them."""

    def __init__(self, masked: str, names: list[Name]) -> None:
        self.masked = masked
        self.cues = Cues(masked)
        self._words = words()
        self._names = names
        self._starts = [n.start for n in names]

    def trim(self, start: int, end: int) -> tuple[int, bool]:
        """Step back over adverbs and auxiliaries before a verb; say whether it is passive."""
        passive = False
        while True:
            left = self.masked[max(start, end - 80) : end].rstrip(" -")
            end = max(start, end - 80) + len(left)
            word = left[left.rfind(" ") + 1 :]
            if word in _BETWEEN or (word.endswith("ly") and word.islower()):
                passive = passive or word in _BE
                end -= len(word)
            elif (word in _SET_OFF_ENDS or word.endswith(("day", ")"))) and (match := _SET_OFF.search(left)):
                end -= len(left) - match.start()
            else:
                return end, passive

    def subject(self, lo: int, cue: Cue) -> tuple[Span | None, bool]:
        """Find the subject of a verb of saying to its left, from `lo` on; say whether the verb is passive."""
        lo = max(lo, cue.start - _FAR)
        end, passive = self.trim(lo, cue.start)
        left = self.masked[lo:end]
        if cue.word.endswith("ing") and not passive:
            return self.clause_subject(lo, end), False
        if cue.word.endswith("ed") and self.masked.startswith((" as ", " by "), cue.end):
            passive = True  # `hired X, described as ...`
        if left.endswith(","):
            return self.clause_subject(lo, end - 1, apposed=True), passive
        boundary = max((m.end() for m in CLAUSE.finditer(left, max(0, len(left) - _NEAR))), default=0)
        comma = left.rfind(",") + 1
        chunk = lo + max(boundary, comma), end
        if comma > boundary and _OF_AGE.match(self.masked[slice(*chunk)]):
            return self.clause_subject(lo, end, apposed=True), passive
        if not self.masked[slice(*chunk)].strip():
            return self.clause_subject(lo, lo + max(0, boundary - 1)), passive
        return self.mention(*chunk) or self._anyone(*chunk, cue), passive

    def clause_subject(self, lo: int, end: int, apposed: bool = False, back: int = 8) -> Span | None:
        """Find the subject that a clause begins with, past phrases that lead into it; else that of a clause before."""
        lo = max(lo, end - _FAR)
        left = self.masked[lo:end]
        hard = next(reversed(list(_HARD.finditer(left))), None)
        at = lo + hard.end() if hard else lo
        for part in self.masked[at:end].split(","):
            if apposed and _FINITE.search(part):
                pass
            elif part.strip() and not LEAD_IN.match(part):
                if found := self.first_mention(at, at + len(part)):
                    return found
            elif opener := _OPENER.match(part.lstrip()):
                shift = len(part) - len(part.lstrip()) + opener.end()
                if found := self.first_mention(at + shift, at + len(part)):
                    return found
            at += len(part) + 1
        if hard and hard.start() and back:  # the subject may stand before words quoted earlier in the sentence
            return self.clause_subject(lo, lo + hard.start(), apposed, back - 1)
        return None

    def names_in(self, start: int, end: int) -> list[Name]:
        """Give the names that lie wholly in a stretch of the text."""
        low = bisect_right(self._starts, start - 1)
        high = bisect_right(self._starts, end - 1)
        return [n for n in self._names[low:high] if n.end <= end]

    def first_mention(self, start: int, end: int) -> Span | None:
        """Find who stands at the beginning of a clause."""
        start = self._opened(start, end)
        here = self.masked[start:end]
        if match := _FIRST_PRONOUN.match(here):
            return start, start + match.end()
        return self._first_name(start, end) or self._first_described(start, here)

    def _first_name(self, start: int, end: int) -> Span | None:
        every = self.names_in(start, end)
        # A surname that the lists lack is still who speaks, if the clause begins with it.
        found = [n for n in every if n.label != "OTHER"] or [n for n in every[:1] if n.start == start]
        if not found:
            return None
        first = found[0]
        for after in found[1:]:
            if first.label == "PERSON" or not self._same_phrase(self.masked[first.end : after.start]):
                break
            first = after
        if _PREPOSITION.search(self.masked, start, first.start) or self.masked.startswith(("'s", "’s"), first.end):
            return None
        return first.start, first.end

    def _first_described(self, start: int, here: str) -> Span | None:
        """Find a description that a clause begins with: `the ambassador`, or `local officials` without an article."""
        article = bool(_ARTICLE.match(here))
        for index, word in enumerate(WORD.finditer(here)):
            low = word.group().lower()
            if (article and index < 8 and low in self._words.heads) or (index < 3 and low in self._words.bare):
                # `The head of the WHO, ...`: with what the head is head of
                tail = _OF_TAIL.match(here, word.end())
                return start, start + (tail.end() if tail else word.end())
            if index >= 8:
                break
        return None

    def _opened(self, start: int, end: int) -> int:
        while start < end:
            skipped = len(self.masked[start:end]) - len(self.masked[start:end].lstrip(" -\"”“'’)\n"))
            start += skipped
            match = _OPENER.match(self.masked, start, end)
            if not match or match.end() == start:
                break
            start = match.end()
        return start

    def _same_phrase(self, gap: str) -> bool:
        gap_words = [w.lower() for w in WORD.findall(gap)]
        return (
            len(gap_words) <= 5
            and "," not in gap
            and not _PREPOSITION.search(gap.removeprefix("'s").removeprefix("’s"))
            and not any(w in self._words.forms or w in {"the", "a", "an", "and", "that"} for w in gap_words)
        )

    def mention(self, start: int, end: int) -> Span | None:
        """Find who a noun phrase names: a pronoun, a name that it ends with, or the phrase itself."""
        start = self._opened(start, end)
        phrase = self.masked[start:end].rstrip(" ,-")
        if not phrase:
            return None
        end = start + len(phrase)
        if match := _PRONOUN.search(phrase):
            if match.group().lower() in {"who", "which"}:
                return self.mention(start, start + match.start()) or self.clause_subject(max(0, start - 200), start)
            return start + match.start(), end
        head_end = self.head_end(start, end)
        if _OF.match(self.masked, head_end, end) and (found := self._description(start, head_end, [])):
            tail = _TAIL.match(self.masked, head_end - 1, end)
            return found[0], tail.end() if tail else found[1]
        every = self.names_in(start, head_end)
        whole = [n for n in every if n.start == start and not self.masked[n.end : head_end].strip()]
        inside = [n for n in every if n.label != "OTHER"] or whole
        if inside and not self.masked[inside[-1].end : head_end].strip(" ,()0123456789-"):
            return inside[-1].start, inside[-1].end
        return self._description(start, head_end, inside)

    def _anyone(self, start: int, end: int, cue: Cue) -> Span | None:
        """Take whatever noun phrase is the subject of a plain word of saying: a name of any kind, `the brief`."""
        if cue.weak:
            return None
        start = self._opened(start, end)
        phrase = self.masked[start:end].rstrip(" ,-")
        named = [n for n in self.names_in(start, start + len(phrase)) if n.end == start + len(phrase)]
        if named:
            return named[-1].start, named[-1].end
        if _ANYONE.fullmatch(phrase):
            return start, start + len(phrase)
        return None

    def head_end(self, start: int, end: int) -> int:
        """Cut a noun phrase before its first preposition that is not part of a name."""
        for match in _PREPOSITION.finditer(self.masked, start, end):
            if match.start() == start:
                continue
            if not any(n.start < match.start() < n.end for n in self.names_in(start, end)):
                return match.start()
        return end

    def _description(self, start: int, end: int, inside: list[Name]) -> Span | None:
        phrase = self.masked[start:end].rstrip(" ,-(")
        ends = list(re.finditer(r"[\w’'-]+", phrase))
        heads = [w for w in ends if w.group().lower() in self._words.heads or w.group().lower() in self._words.bare]
        if not heads:
            one = [n for n in inside if not self.masked[start : n.start].strip()]
            return (one[0].start, one[0].end) if one and ends and len(ends) <= 6 else None
        head = heads[-1]
        determined = [m.start() for m in _DETERMINED.finditer(phrase, 0, head.start())]
        first = determined[0] if determined else 0
        if len(determined) > 1 and any(
            w.group().lower() in self._words.forms for w in ends if w.start() < determined[-1]
        ):
            first = determined[-1]
        if head.group().lower() in self._words.bare and not determined:
            first = max(0, ends[max(0, ends.index(head) - 2)].start()) if len(ends) <= 3 else head.start()
        return start + first, start + head.end()

    def inverted(self, cue: Cue, stop: int) -> Source | None:
        """Find the subject that follows a verb of saying (`said Mr Rouse`)."""
        stop = min(stop, cue.end + _FAR)
        right = _TITLE.sub(lambda m: m.group()[:-1] + "_", self.masked[cue.end : stop])
        end = _PHRASE_END.search(right)
        phrase_end = cue.end + end.start() if end else stop
        speaker = self.mention(cue.end, phrase_end) or self.first_mention(cue.end, phrase_end)
        speaker = speaker or self._anyone(cue.end, phrase_end, cue)
        return Source(speaker, (cue.start, cue.end)) if speaker else None

    def follows_who(self, cue: Cue) -> bool:
        """Say whether the subject of a verb is `who` or `which`."""
        at = max(0, cue.start - 40)
        return bool(_WHO.search(self.masked[at : self.trim(at, cue.start)[0]]))
