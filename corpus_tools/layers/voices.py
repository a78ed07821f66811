"""Who speaks in a report: the speaker, cue, role and channel of each quotation.

A quotation is read within its frame: its sentences, with all quoted words blanked out, so that only the reporter's own
words can name a speaker. News English names the speaker after the words (`"...," she said`), before them
(`she said: "..."`), at the end of the sentence (`was "...", police said`), or a sentence earlier.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from corpus_tools.layers.channels import find_channel
from corpus_tools.layers.clauses import BLANK, CLAUSE, DAY, LEAD_IN, WORD, Attribution, Clauses
from corpus_tools.layers.layer import Marks
from corpus_tools.layers.quotation_marks import Quoted
from corpus_tools.layers.quoted_words import find_quoted_words
from corpus_tools.layers.reporting_verbs import Cue, find_cues, reporting_words
from corpus_tools.layers.speakers import Mentions
from corpus_tools.layers.types import Name, Quote, Report, Span

# `she said in a statement on Monday`: how and when it was said, not what.
_WHEN = re.compile(rf"(?:in|on|at|to|during|after|before|late|earlier)\s+(?:an?|the|his|her|its|their|{DAY})\b|{DAY}\b")
# `scenes that Ukraine said were evidence`: the subject of what is said comes before the cue.
_FINITE_VERB = re.compile(r"(?:is|are|was|were|has|have|had|will|would|could|can|should|may|might)\b")
_THAT = re.compile(
    rf"(?:\s+(?:on |late |early |late on )?{DAY}(?: (?:morning|night|evening|afternoon))?(?= [a-z]))?"
    r"(?:\s+(?:(?:on|in|at|to|late|early|last|this|earlier|previously|[A-Z]|reporters|journalists|lawmakers)"
    r"[^,;:]{0,70}?\s)?that\s+|\s+)"
)
_AFTER_CUE = re.compile(
    rf"\s*(?:[.,;:–—-]|$|{BLANK}|\"|”|(?:on|in|at|during|after|before|to|as|from|when|while|late|early|last|this|"
    rf"yesterday|today|by|via|earlier|reporters|journalists|{DAY})\b|[A-Z])"
)
_ASIDE_END = re.compile(r"--|[–—]|,(?=[^,]*\w+\W+\w+\W+\w+[^,]*$)")
_STATED = re.compile(r"\b(?:stated|declared|avowed|professed|self-proclaimed)$")
_POSSESSIVE = re.compile(r"['’]s?(?:\s+[a-z]+)?$")
_NEW_CLAUSE = re.compile(r"\b(?:and|but|who|which)\b")
_THAT_BEFORE = re.compile(r"\b(?:that|saying|said),?$")
_AFTER_QUOTATION = re.compile(r"[\"”'’»`]*[\s,–—\-]*")
# A clause that names the speaker contains no end of a sentence.
_BREAK = re.compile(r"[;:]|[.!?]\s+[A-Z]")
_SENTENCE_BREAK = re.compile(r"[.;!?]\s|\n")
_ABBREVIATION = re.compile(r"\b[A-Z][a-z]{0,4}\.")
_AS_SAYING = re.compile(r"\s+as\s+(saying|telling)\b")
_NOUN_BY = re.compile(r"\s+(?:from|by|made by)\s+")
_PASSIVE_BY = re.compile(r"\s+(?:[\w ]{0,30}\s)?by\s+")
# Words before a quotation among which a noun can introduce it.
_NOUN_REACH = 17
# Words between a quotation and a weak cue, at most.
_WEAK_REACH = 14
# Characters between a quotation and its speaker, at most: a text without full stops is one long sentence.
_FRAME_REACH = 1500
# Cues between a quotation and the one that names its speaker, at most.
_MAX_CUES = 8
# Weak cues that can nevertheless close a sentence about a document (`the report states`).
_CLOSING = frozenset({"reported", "reports", "states"})


class _FramedQuotation(NamedTuple):
    """A quotation, its frame, and the source that the frame names."""

    quoted: Quoted
    frame: Span
    source: Attribution | None


class Voices:
    """Who speaks in a report: its quotations, and the source of any of its words.

    Parameters
    ----------
    report
        The report.
    names
        Its names, in order.
    """

    def __init__(self, report: Report, names: list[Name]) -> None:
        self.report = report
        self.text = report.text
        self.sentences = report.sentences
        self.quoted = find_quoted_words(report)
        self.masked = self._masked()
        self.clauses = Clauses(self.masked, names)
        self.mentions = Mentions(report, self.masked, names)

    def _masked(self) -> str:
        pieces, offset = [], 0
        for q in self.quoted:
            pieces += [self.text[offset : q.start], BLANK * (q.end - q.start)]
            offset = q.end
        return "".join([*pieces, self.text[offset:]])

    def quotes(self) -> list[Quote]:
        """Return all quotations, in order."""
        framed = []
        for q in self.quoted:
            frame = self._frame(q)
            framed.append(_FramedQuotation(q, frame, self._own_source(q, frame)))
        sources = self._shared_sources(framed)
        quotes = [
            self._quote(f, source)
            for i, (f, source) in enumerate(zip(framed, sources, strict=True))
            if not self._is_scare_quote(i, framed)
        ]
        return sorted([*quotes, *self._indirect_quotes(framed)], key=lambda q: (q.start, q.end))

    def source_of(self, offset: int) -> Attribution | None:
        """Return the source of words outside of quotations: a clause before them, or at the end of their sentence."""
        index = self.report.sentence_of(offset)
        if index is None:
            return None
        start, end = self.sentences[index]
        cues = [c for c in self.clauses.cues.between(max(start, offset - _FRAME_REACH), offset) if not c.weak]
        source = self._last_source(cues[-_MAX_CUES:], start, offset)
        return source or self._closing_source(Quoted(offset, offset), min(end, offset + _FRAME_REACH))

    # ---- Frames ----------------------------------------------------------------------------------------------------

    def _sentence_of(self, offset: int) -> int:
        return self.report.sentence_of(offset) or 0

    def _frame(self, q: Quoted) -> Span:
        start, end = self._sentences_of(q)
        return max(start, q.start - _FRAME_REACH), min(end, q.end + _FRAME_REACH)

    def _sentences_of(self, q: Quoted) -> Span:
        if not self.sentences:
            return self.report.body_start, len(self.text)
        start = self.sentences[self._sentence_of(q.start - 1)][0]
        last = self._sentence_of(max(q.start, q.end - 1))
        end = self.sentences[last][1]
        if self.text[q.end - 1] in ".!?…" and self._sentence_follows(q):
            return start, min(end, q.end + 1)
        while end < q.end + 1 or (
            last + 1 < len(self.sentences) and end <= q.end + 2 and self._goes_on_after(q, self.sentences[last + 1][0])
        ):
            if last + 1 >= len(self.sentences):
                return start, max(end, q.end + 1)
            last += 1
            end = self.sentences[last][1]
        return start, end

    def _sentence_follows(self, q: Quoted) -> bool:
        rest = self.masked[q.end + 1 : q.end + 90].lstrip(" -–—\n")
        if not rest:
            return True
        if not (rest[0].isupper() or rest[0] in '"“' + BLANK or rest[0].isdigit()):
            return False
        return self.text[q.end - 1] == "." or not self._clause_follows(q)

    def _goes_on_after(self, q: Quoted, offset: int) -> bool:
        return self.text[offset].islower() or self._clause_follows(q)

    def _clause_follows(self, q: Quoted) -> bool:
        """Distinguish `"Where is he?" Smith asked` from `"Where is he?" Smith said he did not know`."""
        if self.text[q.end - 1] not in "?!…":
            return False
        clause = _SENTENCE_BREAK.split(self.masked[q.end + 1 : q.end + 160])[0]
        cue = next(iter(find_cues(clause)), None)
        return cue is not None and bool(_AFTER_CUE.match(clause, cue.end)) and clause[: cue.start].count(",") < 2

    # ---- The source that a frame names -----------------------------------------------------------------------------

    def _own_source(self, q: Quoted, frame: Span) -> Attribution | None:
        start, end = frame
        begins_frame = not WORD.search(self.masked, start, q.start)
        if q.goes_on:
            return None if begins_frame else self._source_before(start, q)
        if (begins_frame or self.text[q.end - 1] in ",?!…-–—") and (source := self._source_after(q, end)):
            return source
        before = None if begins_frame else self._source_before(start, q)
        set_off = self.masked[q.end + 1 : q.end + 2] in (",", "-", "–") and not self._is_close(before, q)
        if set_off and (source := self._source_after(q, end)):
            return source
        if before and before.speaker:
            return before
        return self._closing_source(q, end) or before

    def _is_close(self, source: Attribution | None, q: Quoted) -> bool:
        """Return whether a cue with a speaker leads directly up to the words (`saying he wanted to "..."`)."""
        if not source or not source.speaker or not source.cue:
            return False
        return len(WORD.findall(self.masked, source.cue[1], q.start)) <= 5

    def _source_after(self, q: Quoted, frame_end: int) -> Attribution | None:
        """Read the clause that follows the words: `"...," she said`, `"..." said Mr Rouse`."""
        lead = _AFTER_QUOTATION.match(self.masked, q.end, frame_end)
        start = lead.end() if lead else q.end
        stop = self.masked.find(BLANK, start, frame_end)
        stop = min(stop if stop >= 0 else frame_end, start + 350)
        cues = self.clauses.cues.between(start, stop)
        if cues and cues[0].start == start and cues[0].word.endswith("ing"):
            return None
        finite = [c for c in cues if not c.word.endswith("ing")]
        cue = next((c for c in finite if not self.clauses.follows_who(c)), next(iter(finite), None))
        if cue is None:
            return self._name_alone(start, stop)
        if cue.start == start:
            return self.clauses.inverted(cue, stop)
        between = self.masked[start : cue.start]
        if _BREAK.search(_ABBREVIATION.sub("", between)):
            return None
        if cue.word == "according to":
            return self.clauses.inverted(cue, stop) if len(between.split()) < 12 else None
        return self._quoted_as(start, cue, stop) or self._subject_after(start, cue)

    def _subject_after(self, start: int, cue: Cue) -> Attribution | None:
        """Find the subject between the words and a cue, from which an apposition can separate it."""
        between = self.masked[start : cue.start]
        first = between.split(",")[0]
        lead_in = LEAD_IN.match(first)
        if "," in between and not lead_in:
            speaker, passive = self.clauses.mention(start, start + len(first)), self.clauses.trim(start, cue.start)[1]
        elif "," not in between and lead_in:
            return None
        else:
            speaker, passive = self.clauses.subject(start, cue)
        return _attribution(speaker, passive, cue)

    def _name_alone(self, start: int, stop: int) -> Attribution | None:
        """Read a bare name that follows the words as their speaker (`"...," Ms Palaszczuk.`)."""
        first = next(iter(self.clauses.names_in(start, stop)), None)
        if not first or first.label != "PERSON" or self.masked[first.end : first.end + 1] not in (".", ""):
            return None
        near = len(self.masked[start : first.start].split()) <= 6
        return Attribution((first.start, first.end), None) if near else None

    def _quoted_as(self, start: int, cue: Cue, stop: int) -> Attribution | None:
        """Read `AFP quoted X as saying`, `X was quoted by AFP`, `X is quoted as saying`."""
        if cue.word not in {"quoted", "cited", "quotes"}:
            return None
        saying = _AS_SAYING.search(self.masked, cue.end, min(stop, cue.end + 120))
        if self.clauses.trim(start, cue.start)[1]:  # passive
            speaker = self.clauses.subject(start, cue)[0]
            cue_end = saying.end() if saying and saying.start() == cue.end else cue.end
            return Attribution(speaker, (cue.start, cue_end)) if speaker else None
        speaker = self.clauses.mention(cue.end, saying.start()) if saying else None
        return Attribution(speaker, saying.span(1)) if saying and speaker else None

    def _source_before(self, frame_start: int, q: Quoted) -> Attribution | None:
        """Read the clause that leads up to the words: `she said: "..."`, `called it "..."`."""
        noun = self._source_by_noun(frame_start, q)
        unnamed: Attribution | None = None
        for cue in reversed(self.clauses.cues.between(frame_start, q.start)[-_MAX_CUES:]):
            if noun and noun.cue and noun.cue[0] > cue.start and cue.weak:
                return noun
            distance = len(WORD.findall(self.masked, cue.end, q.start))
            if cue.weak and distance > _WEAK_REACH:
                continue
            source, passive = self._source_by_cue(frame_start, cue, q)
            if source:
                return source
            if passive and distance <= 4 and not unnamed:
                unnamed = Attribution(None, (cue.start, cue.end))
        return noun or unnamed

    def _source_by_cue(self, frame_start: int, cue: Cue, q: Quoted) -> tuple[Attribution | None, bool]:
        if cue.word == "according to":
            return self.clauses.inverted(cue, q.start), False
        if quoted_as := self._quoted_as(frame_start, cue, q.start):
            return quoted_as, False
        if self._is_in_aside(cue, q):
            return None, False
        speaker, passive = self.clauses.subject(frame_start, cue)
        if passive and not cue.word.endswith("ing"):
            by = _PASSIVE_BY.match(self.masked, cue.end, q.start)
            speaker = self.clauses.first_mention(by.end(), q.start) if by else None
        return _attribution(speaker, False, cue), passive

    def _is_in_aside(self, cue: Cue, q: Quoted) -> bool:
        """Return whether a relative clause ends before the words: `Russia, which denies it, ...`."""
        return self.clauses.follows_who(cue) and bool(_ASIDE_END.search(self.masked[cue.end : q.start]))

    def _source_by_noun(self, frame_start: int, q: Quoted) -> Attribution | None:
        """Read `Mr Trump's promise of "..."` and `statements from the ministry that "..."`."""
        near = list(WORD.finditer(self.masked, max(frame_start, q.start - 200), q.start))[-_NOUN_REACH:]
        for noun in reversed([m for m in near if m[0].lower() in reporting_words().nouns]):
            by = _NOUN_BY.match(self.masked, noun.end(), q.start)
            if by and (speaker := self.clauses.first_mention(by.end(), q.start)):
                return Attribution(speaker, noun.span())
            left = self.masked[frame_start : noun.start()].rstrip()
            if stated := _STATED.search(left):
                clause_start = frame_start + max((m.end() for m in CLAUSE.finditer(left)), default=0)
                speaker = self.clauses.first_mention(clause_start, frame_start + stated.start())
                return Attribution(speaker, (frame_start + stated.start(), noun.end()))
            if possessive := _POSSESSIVE.search(left):
                end = frame_start + possessive.start()
                owners = [n for n in self.clauses.names_in(frame_start, end + 2) if n.start < end <= n.end]
                if owners:
                    return Attribution((owners[-1].start, min(owners[-1].end, end)), noun.span())
        return None

    def _closing_source(self, q: Quoted, frame_end: int) -> Attribution | None:
        """Read the clause at the end of the sentence: `was in a "...", authorities said`."""
        for cue in self.clauses.cues.between(q.end + 1, frame_end)[:_MAX_CUES]:
            strong = not cue.weak or cue.word in _CLOSING
            if strong and (source := self._source_by_closing_cue(q, cue, frame_end)):
                return source
        return None

    def _source_by_closing_cue(self, q: Quoted, cue: Cue, frame_end: int) -> Attribution | None:
        if cue.word == "according to":
            return self.clauses.inverted(cue, frame_end)
        if cue.word.endswith("ing") or not (cue.word in {"told", "tells"} or _AFTER_CUE.match(self.masked, cue.end)):
            return None
        comma = self.masked.rfind(",", q.end, cue.start)
        if comma < 0 or _NEW_CLAUSE.search(self.masked[comma : cue.start]):
            return None
        return _attribution(*self.clauses.subject(comma + 1, cue), cue)

    def _subject_of(self, start: int, end: int, cue: Cue) -> tuple[Span | None, bool]:
        """Return the subject of a cue, which follows `according to`, and whether the verb is passive."""
        if cue.word == "according to":
            source = self.clauses.inverted(cue, end)
            return (source.speaker if source else None), False
        return self.clauses.subject(start, cue)

    def _last_source(self, cues: list[Cue], start: int, end: int) -> Attribution | None:
        """Return the source by the last of some cues that has a subject and is not passive."""
        sources = (_attribution(*self._subject_of(start, end, cue), cue) for cue in reversed(cues))
        return next((source for source in sources if source), None)

    # ---- Quotations without a source of their own ------------------------------------------------------------------

    def _shared_sources(self, framed: list[_FramedQuotation]) -> list[Attribution | None]:
        """Assign to a quotation without a clause of its own the source of the one that it follows or leads up to."""
        sources = [f.source for f in framed]
        for i, f in enumerate(framed):
            if sources[i] is None and i and sources[i - 1] and self._is_continued(framed[i - 1], f):
                sources[i] = sources[i - 1]
        backwards = range(len(framed) - 2, -1, -1)
        for i in backwards:
            if sources[i] is None and framed[i].quoted.goes_on:
                sources[i] = sources[i + 1]
        for i in backwards:
            if sources[i] is None and framed[i].frame[0] == framed[i + 1].frame[0]:
                sources[i] = sources[i + 1]
        return [source or self._carried_source(f) for f, source in zip(framed, sources, strict=True)]

    def _is_continued(self, previous: _FramedQuotation, f: _FramedQuotation) -> bool:
        start, end = f.frame
        if start < previous.frame[1]:  # within one sentence
            return True
        alone = not WORD.search(self.masked, start, f.quoted.start) and not WORD.search(self.masked, f.quoted.end, end)
        return alone and not WORD.search(self.masked, previous.frame[1], start)

    def _carried_source(self, f: _FramedQuotation) -> Attribution | None:
        """Return the person who acts in the sentence; else the source of the sentence before."""
        start = f.frame[0]
        if WORD.search(self.masked, start, f.quoted.start):
            subject = self.clauses.clause_subject(start, f.quoted.start)
            if subject and self.mentions.is_person(subject):
                return Attribution(subject, None)
        index = self._sentence_of(start) - 1
        if index < 0:
            return None
        sentence = self.sentences[index]
        cues = [c for c in self.clauses.cues.between(*sentence)[-_MAX_CUES:] if not c.weak]
        source = self._last_source(cues, *sentence)
        return Attribution(source.speaker, None) if source else None

    def _is_scare_quote(self, i: int, framed: list[_FramedQuotation]) -> bool:
        """Return whether nobody in its sentence is a source of a single word: the reporter only keeps a distance."""
        f = framed[i]
        if f.source or len(self.text[f.quoted.start : f.quoted.end].split()) > 1:
            return False
        return not any(other.source and other.frame == f.frame for other in framed[max(0, i - 3) : i + 4])

    # ---- Quotes ----------------------------------------------------------------------------------------------------

    def _quote(self, f: _FramedQuotation, source: Attribution | None) -> Quote:
        words = self.text[f.quoted.start : f.quoted.end]
        start = f.quoted.start + len(words) - len(words.lstrip())
        speaker, cue = source or (None, None)
        name, role = self.mentions.resolve(speaker) if speaker else (None, None)
        channel = self._channel(f.frame, cue) if cue else None
        return Quote(start, f.quoted.end, self._kind(f, cue), speaker, name, role, cue, channel)

    def _kind(self, f: _FramedQuotation, cue: Span | None) -> Literal["direct", "mixed"]:
        words = self.text[f.quoted.start : f.quoted.end]
        frame_start, opening = f.frame[0], f.quoted.start - 1
        before = self.masked[frame_start : max(frame_start, opening)].rstrip()
        long = len(words.split()) >= 4
        if not WORD.search(before) or before.endswith(":"):
            return "direct" if long or words[-1] in ",.!?" else "mixed"
        if before.endswith(",") and cue and not re.search(r"\w", self.masked[cue[1] : opening].strip(" ,")):
            return "direct"
        sentence = long and words[-1] in ".!?," and words[0].isupper()
        after_that = long and words[-1] in ".!?" and _THAT_BEFORE.search(before)
        return "direct" if sentence or after_that else "mixed"

    def _channel(self, span: Span, cue: Span) -> str | None:
        if self.sentences and not span[0] <= cue[0] < span[1]:
            span = self.sentences[self._sentence_of(cue[0])]
        return find_channel(self.clauses, span, cue)

    def _indirect_quotes(self, framed: list[_FramedQuotation]) -> Iterator[Quote]:
        """Find reported speech without quotation marks (`She said that ...`) in sentences without quotations."""
        clause_taking = reporting_words().clause_taking
        taken = {self._sentence_of(offset) for f in framed for offset in (f.frame[0], f.quoted.start)}
        for index, (start, end) in enumerate(self.sentences):
            if index in taken or BLANK in self.masked[start:end]:
                continue
            for cue in self.clauses.cues.between(start, end):
                if cue.word in clause_taking and (quote := self._indirect_quote(start, end, cue)):
                    yield quote
                    break

    def _indirect_quote(self, start: int, end: int, cue: Cue) -> Quote | None:
        speaker, passive = self._subject_of(start, end, cue)
        if not speaker or passive:
            return None
        that = _THAT.match(self.text, cue.end, end)
        clause_start = that.end() if that else cue.end
        if cue.word == "according to" or len(self.text[clause_start:end].split()) < 4:
            span = start, self.text.rfind(",", start, min(speaker[0], cue.start) + 1)
            if span[1] - span[0] < 15:
                return None
        elif (
            self.text[clause_start : clause_start + 1] in ",;."
            or _FINITE_VERB.match(self.text, clause_start)
            or _WHEN.match(self.text, clause_start)
        ):
            return None
        else:
            span = clause_start, start + len(self.text[start:end].rstrip(" ."))
        if span[1] - span[0] < 10:
            return None
        name, role = self.mentions.resolve(speaker)
        cue_span = cue.start, cue.end
        channel = self._channel((start, end), cue_span)
        return Quote(*span, "indirect", speaker, name, role, cue_span, channel)


def _attribution(speaker: Span | None, passive: bool, cue: Cue) -> Attribution | None:
    return Attribution(speaker, (cue.start, cue.end)) if speaker and not passive else None


def voices_of(marks: Marks) -> Voices:
    """Return who speaks in a report; layers share it by `marks.shared(voices_of)`."""
    return Voices(marks.report, list(marks["names"]))
