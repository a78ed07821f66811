"""Quotations: the words, who said them, by which word, in which role, through which channel.

A quotation is read within its frame: the sentences it stands in, with all quoted words blanked out, so that only the
reporter's own words can name a speaker. News English names the speaker after the words (`"...," she said`), before them
(`she said: "..."`), at the end of the sentence (`was "...", police said`), or a sentence earlier.
"""

from __future__ import annotations

import re
from typing import Literal

from corpus_tools.layers.clauses import BLANK, CLAUSE, LEAD_IN, WORD, Clauses, Source
from corpus_tools.layers.layer import Marks
from corpus_tools.layers.quotation_marks import Quoted, quoted_spans, single_spans
from corpus_tools.layers.reporting_verbs import Cue, find_cues, words
from corpus_tools.layers.speakers import Mentions
from corpus_tools.layers.types import Name, Quote, Report, Span

_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
# `she said in a statement on Monday`: how and when it was said, not what.
_WHEN = re.compile(
    rf"(?:in|on|at|to|during|after|before|late|earlier)\s+(?:an?|the|his|her|its|their|{_DAY})\b|{_DAY}\b"
)
# `scenes that Ukraine said were evidence`: the subject of what is said stands elsewhere.
_NO_SUBJECT = re.compile(r"(?:is|are|was|were|has|have|had|will|would|could|can|should|may|might)\b")
_THAT = re.compile(
    rf"(?:\s+(?:on |late |early |late on )?{_DAY}(?: (?:morning|night|evening|afternoon))?(?= [a-z]))?"
    r"(?:\s+(?:(?:on|in|at|to|late|early|last|this|earlier|previously|[A-Z]|reporters|journalists|lawmakers)"
    r"[^,;:]{0,70}?\s)?that\s+|\s+)"
)
_AFTER_CUE = re.compile(
    rf"\s*(?:[.,;:–—-]|$|{BLANK}|\"|”|(?:on|in|at|during|after|before|to|as|from|when|while|late|early|last|this|"
    rf"yesterday|today|by|via|earlier|reporters|journalists|{_DAY})\b|[A-Z])"
)
_ASIDE_ENDS = re.compile(r"--|[–—]|,(?=[^,]*\w+\W+\w+\W+\w+[^,]*$)")
_STATED = re.compile(r"\b(?:stated|declared|avowed|professed|self-proclaimed)$")
_OWNER = re.compile(r"['’]s?(?:\s+[a-z]+)?$")
_NEW_CLAUSE = re.compile(r"\b(?:and|but|who|which)\b")
_DOUBLE = re.compile(r"[\"“”]")
_TOKEN = re.compile(r"[\w’'-]+")
_OF_WHOM = re.compile(r"['’]s\s$|\ba\s$|\bthe\s$")
_THAT_BEFORE = re.compile(r"\b(?:that|saying|said),?$")
_LEAD = re.compile(r"[\"”'’»`]*[\s,–—\-]*")
# A clause that names the speaker holds no end of a sentence.
_BREAK = re.compile(r"[;:]|[.!?]\s+[A-Z]")
_ABBREVIATED = re.compile(r"\b[A-Z][a-z]{0,4}\.")
_SAYING = re.compile(r"\s+as\s+(saying|telling)\b")
_NOUN_BY = re.compile(r"\s+(?:from|by|made by)\s+")
_SOURCE_BY = re.compile(r"\s+(?:[\w ]{0,30}\s)?by\s+")
_NAMED_THING = re.compile(
    r"(?:author of|newspaper|paper|magazine|daily|weekly|journal|tabloid|film|movie|documentary|book|novel|memoir|song|"
    r"album|show|series|programme|program|play|musical|exhibition|called|titled|entitled|named|nicknamed|dubbed|"
    r"codenamed|known as|aka|so-called|operation|novelist|website|[’']s)\s*[,:(]?\s*$",
    re.IGNORECASE,
)
_MERELY_MENTIONED = re.compile(
    r"(?:\b(?:the|a|his|her|its|their) (?:words?|terms?|phrase|name|nickname|letters?|expression|title|hashtag)|"
    r"\bso-called|\bknown as|\bnicknamed|\bcodenamed|\bcode-named|\baka|\btitled|\bentitled)\s*[,:]?\s*$",
    re.IGNORECASE,
)
_NAMED_LAW = re.compile(r"\s*(?:law|laws|act|bill|doctrine|rule|statute|defen[cs]e|visas?|effect)\b")
# Without one of these letters in a row there is no channel, which is soon seen.
_CHANNEL_WORD = re.compile(
    r"t(?:old|ell|weet|ement|ter|ure)|Face|Twit|Tele|Inst|YouT|What|Weib|VKon|Snap|Redd|Link|Skyp|Tik|press|conf|"
    r"brief|interv|speak|spoke|speech|mail|report|blog|court|communiqu"
)
_NAME = r"[A-Z](?:[\w&-]|\.(?=\w))*"
_OUTLET = re.compile(
    r"News|Times|Post|Press|Guardian|Journal|Radio|TV|Television|Jazeera|Reuters|Herald|Tribune|Telegraph|Mail|Mirror|"
    r"Sun|Standard|Independent|Observer|Economist|Gazette|Broadcasting|Network|Magazine|Agency|Monde|Spiegel|Bild|"
    r"Zeitung|Figaro|Today|Sport|Daily|Weekly|Globe|Examiner|Chronicle|Vox|Politico|Bloomberg|Interfax|Xinhua|Sputnik|"
    r"HuffPost|Huffington|Yahoo|Newsnight|Haaretz|Ynet|Dozhd|Novosti|Ukrinform|Suspilne|Mehr|Tasnim|Anadolu|Kyodo|Yonhap"
)
_CHANNELS = re.compile(
    r"\b(?P<medium>Facebook|Twitter|Telegram|Instagram|YouTube|WhatsApp|Weibo|VKontakte|Snapchat|Reddit|LinkedIn|Skype|"
    r"TikTok)\b|\b(?P<tweet>tweet(?:ed|s|ing)?)\b|"
    rf"\b(?:told|tells|telling|interview (?:with|to|by)|speaking to|spoke to) (?:the )?"
    rf"(?P<outlet>{_NAME}(?: (?:of|de|la|the) {_NAME}| {_NAME}){{0,4}})|"
    r"\b(?P<statement>statement|press release|communique|communiqué)\b|"
    r"\b(?P<conference>(?:press|news) (?:conference|briefing))\b|\b(?P<interview>interview)\b|"
    r"\btold (?P<press>reporters|journalists)\b|"
    r"\b(?P<letter>letter|speech|email|e-mail|report|blog|court (?:papers|filing|documents))\b"
)
# A noun that takes the words along stands within so many words before them.
_NOUN_NEAR = 17
# A text without a full stop is one long sentence: no speaker is named further away than this many characters.
_FAR = 1500
# Nor is it named by more than so many words of saying from the quotation.
_CUES = 8
# Of the verbs that mean other things too, those that close a sentence about documents (`the report states`).
_REPORTS = frozenset({"reported", "reports", "states"})
_LEADS_UP = re.compile(
    r"(?:\b(?:said|says|told|wrote|tweeted|added|asked|chanted|shouted|yelled)\b[^,.;:]{0,30}[,:]?|[:])\s*$"
)
_TITLE_WORDS = frozenset(
    "a an and at by de du el for from in la le les of on or the to vs with und der die das".split()
)


class Voices:
    """Who speaks in a report: its quotations, and who stands behind any of its words.

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
        self.quoted = self._quoted()
        self.masked = self._mask()
        self.clauses = Clauses(self.masked, names)
        self.mentions = Mentions(report, self.masked, names)

    def _quoted(self) -> list[Quoted]:
        found = quoted_spans(self.text, self.report.body_start, self.sentences)
        singles: list[Quoted] = []
        at = self.report.body_start
        for span in [*found, Quoted(len(self.text), len(self.text))]:
            singles += [s for s in single_spans(self.text, at, span.start) if self._single_is_quoted(s)]
            at = span.end
        every = sorted([*found, *singles], key=lambda q: q.start)
        return [q for q in every if self._is_reported(q)]

    def _single_is_quoted(self, span: Quoted) -> bool:
        """Take words in single marks for a quotation only where a word of saying stands beside them."""
        words_in = self.text[span.start : span.end]
        after = self.text[span.end + 1 : span.end + 60]
        if words_in[-1] in ",!?" or after.startswith(","):
            return any(find_cues(after))
        before = re.split(r"[.!?]\s", self.text[max(0, span.start - 60) : span.start - 1])[-1]
        close = find_cues(before)
        return bool(close) and bool(
            re.fullmatch(r"[:,]?\s*(?:that\s*|as\s*|it\s*|was\s*|an?\s*)*", before[close[-1].end :])
        )

    def _mask(self) -> str:
        parts, at = [], 0
        for q in self.quoted:
            parts += [self.text[at : q.start], BLANK * (q.end - q.start)]
            at = q.end
        return "".join([*parts, self.text[at:]])

    # ---- frames ----------------------------------------------------------------------------------------------------

    def sentence_of(self, at: int) -> int:
        """Give the index of the sentence that holds an offset, or of the nearest one."""
        return self.report.sentence_of(at) or 0

    def _frame(self, q: Quoted) -> Span:
        start, end = self._sentences_of(q)
        return max(start, q.start - _FAR), min(end, q.end + _FAR)

    def _sentences_of(self, q: Quoted) -> Span:
        if not self.sentences:
            return self.report.body_start, len(self.text)
        first = self.sentence_of(q.start - 1)
        start = self.sentences[first][0]
        last = self.sentence_of(max(q.start, q.end - 1))
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
        if not rest or not (rest[0].isupper() or rest[0] in '"“' + BLANK or rest[0].isdigit()):
            return not rest
        if self.text[q.end - 1] == ".":
            return True
        return not self._is_clause_of(q)

    def _goes_on_after(self, q: Quoted, at: int) -> bool:
        return self.text[at].islower() or self._is_clause_of(q)

    def _is_clause_of(self, q: Quoted) -> bool:
        """Tell `"Where is he?" Smith asked.` from `"Where is he?" Smith said he did not know.` by what follows."""
        if self.text[q.end - 1] not in "?!…":
            return False
        window = self.masked[q.end + 1 : q.end + 160]
        window = re.split(r"[.;!?]\s|\n", window)[0]
        cue = next(iter(find_cues(window)), None)
        return cue is not None and bool(_AFTER_CUE.match(window, cue.end)) and window[: cue.start].count(",") < 2

    # ---- sources ---------------------------------------------------------------------------------------------------

    def _after(self, q: Quoted, frame_end: int) -> Source | None:
        """Read the clause that follows the words: `"...," she said`, `"..." said Mr Rouse`."""
        lead = _LEAD.match(self.masked, q.end, frame_end)
        at = lead.end() if lead else q.end
        stop = self.masked.find(BLANK, at, frame_end)
        stop = min(stop if stop >= 0 else frame_end, at + 350)
        every = self.clauses.cues.between(at, stop)
        if every and every[0].start == at and every[0].word.endswith("ing"):
            return None
        finite = [c for c in every if not c.word.endswith("ing")]
        cue = next((c for c in finite if not self.clauses.follows_who(c)), next(iter(finite), None))
        if cue is None:
            return self._name_alone(at, stop)
        if cue.start == at:
            return self.clauses.inverted(cue, stop)
        between = self.masked[at : cue.start]
        if _BREAK.search(_ABBREVIATED.sub("", between)):
            return None
        if cue.word == "according to":
            return self.clauses.inverted(cue, stop) if len(between.split()) < 12 else None
        return self._quoted_as(at, cue, stop) or self._subject_after(at, cue)

    def _subject_after(self, at: int, cue: Cue) -> Source | None:
        """Find the subject between the words and a verb of saying; an apposition may part the two."""
        between = self.masked[at : cue.start]
        first = between.split(",")[0]
        if LEAD_IN.match(first) and "," not in between:
            return None
        if "," in between and not LEAD_IN.match(first):
            speaker, passive = self.clauses.mention(at, at + len(first)), self.clauses.trim(at, cue.start)[1]
        else:
            speaker, passive = self.clauses.subject(at, cue)
        return Source(speaker, (cue.start, cue.end)) if speaker and not passive else None

    def _name_alone(self, start: int, stop: int) -> Source | None:
        """Read a bare name that follows the words as their speaker (`"...," Ms Palaszczuk.`)."""
        first = next(iter(self.clauses.names_in(start, stop)), None)
        if not first or first.label != "PERSON" or self.masked[first.end : first.end + 1] not in (".", ""):
            return None
        return Source((first.start, first.end), None) if len(self.masked[start : first.start].split()) <= 6 else None

    def _quoted_as(self, at: int, cue: Cue, stop: int) -> Source | None:
        """Read `AFP quoted X as saying`, `X was quoted by AFP`, `X is quoted as saying`."""
        if cue.word not in {"quoted", "cited", "quotes"}:
            return None
        passive = self.clauses.trim(at, cue.start)[1]
        saying = _SAYING.search(self.masked, cue.end, min(stop, cue.end + 120))
        if passive:
            speaker = self.clauses.subject(at, cue)[0]
            whole = saying.end() if saying and saying.start() == cue.end else cue.end
            return Source(speaker, (cue.start, whole)) if speaker else None
        if saying:
            speaker = self.clauses.mention(cue.end, saying.start())
            return Source(speaker, saying.span(1)) if speaker else None
        return None

    def _before(self, frame_start: int, q: Quoted) -> Source | None:
        """Read the clause that leads up to the words: `she said: "..."`, `called it "..."`."""
        noun = self._noun_before(frame_start, q)
        unnamed: Source | None = None
        for cue in reversed(self.clauses.cues.between(frame_start, q.start)[-_CUES:]):
            if noun and noun.cue and noun.cue[0] > cue.start and cue.weak:
                return noun
            distance = len(WORD.findall(self.masked, cue.end, q.start))
            if cue.weak and distance > 14:
                continue
            source, passive = self._by_cue(frame_start, cue, q)
            if source:
                return source
            if passive and distance <= 4 and not unnamed:
                unnamed = Source(None, (cue.start, cue.end))
        return noun or unnamed

    def _by_cue(self, frame_start: int, cue: Cue, q: Quoted) -> tuple[Source | None, bool]:
        if cue.word == "according to":
            return self.clauses.inverted(cue, q.start), False
        if quoted_as := self._quoted_as(frame_start, cue, q.start):
            return quoted_as, False
        if self._in_aside(cue, q):
            return None, False
        speaker, passive = self.clauses.subject(frame_start, cue)
        if passive and not cue.word.endswith("ing"):
            by = _SOURCE_BY.match(self.masked, cue.end, q.start)
            speaker = self.clauses.first_mention(by.end(), q.start) if by else None
        return (Source(speaker, (cue.start, cue.end)) if speaker else None), passive

    def _in_aside(self, cue: Cue, q: Quoted) -> bool:
        """Tell a relative clause that closes before the words: `Russia, which denies it, ...`, `-- who said so --`."""
        if not self.clauses.follows_who(cue):
            return False
        return bool(_ASIDE_ENDS.search(self.masked[cue.end : q.start]))

    def _noun_before(self, frame_start: int, q: Quoted) -> Source | None:
        """Read `Mr Trump's promise of "..."` and `statements from the ministry that "..."`."""
        near = list(WORD.finditer(self.masked, max(frame_start, q.start - 200), q.start))[-_NOUN_NEAR:]
        for match in reversed([m for m in near if m[0].lower() in words().nouns]):
            by = _NOUN_BY.match(self.masked, match.end(), q.start)
            if by and (speaker := self.clauses.first_mention(by.end(), q.start)):
                return Source(speaker, match.span())
            left = self.masked[frame_start : match.start()].rstrip()
            if stated := _STATED.search(left):
                begins = max((m.end() for m in CLAUSE.finditer(left)), default=0)
                speaker = self.clauses.first_mention(frame_start + begins, frame_start + stated.start())
                return Source(speaker, (frame_start + stated.start(), match.end()))
            if owner := _OWNER.search(left):
                end = frame_start + owner.start()
                named = [n for n in self.clauses.names_in(frame_start, end + 2) if n.start < end <= n.end]
                if named:
                    return Source((named[-1].start, min(named[-1].end, end)), match.span())
        return None

    def _far_after(self, q: Quoted, frame_end: int) -> Source | None:
        """Read the clause that ends the sentence, as in `was in a "...", authorities said.` and the like."""
        for cue in self.clauses.cues.between(q.end + 1, frame_end)[:_CUES]:
            if cue.weak and cue.word not in _REPORTS:
                continue
            source = self._closing(q, cue, frame_end)
            if source:
                return source
        return None

    def _closing(self, q: Quoted, cue: Cue, frame_end: int) -> Source | None:
        if cue.word == "according to":
            return self.clauses.inverted(cue, frame_end)
        if cue.word.endswith("ing") or not (cue.word in {"told", "tells"} or _AFTER_CUE.match(self.masked, cue.end)):
            return None
        comma = self.masked.rfind(",", q.end, cue.start)
        if comma < 0 or _NEW_CLAUSE.search(self.masked[comma : cue.start]):
            return None
        speaker, passive = self.clauses.subject(comma + 1, cue)
        return Source(speaker, (cue.start, cue.end)) if speaker and not passive else None

    # ---- all of it -------------------------------------------------------------------------------------------------

    def _own_source(self, q: Quoted, frame: Span) -> Source | None:
        start, end = frame
        opens = not WORD.search(self.masked, start, q.start)
        if q.goes_on:
            return None if opens else self._before(start, q)
        if (opens or self.text[q.end - 1] in ",?!…-–—") and (source := self._after(q, end)):
            return source
        before = None if opens else self._before(start, q)
        set_off = self.masked[q.end + 1 : q.end + 2] in (",", "-", "–") and not self._close(before, q)
        if set_off and (source := self._after(q, end)):
            return source
        if before and before.speaker:
            return before
        return self._far_after(q, end) or before

    def _close(self, source: Source | None, q: Quoted) -> bool:
        """Say whether a word of saying leads up to the words at once (`saying he wanted to "..."`)."""
        return bool(
            source and source.speaker and source.cue and len(WORD.findall(self.masked, source.cue[1], q.start)) <= 5
        )

    def quotes(self) -> list[Quote]:
        """Give all quotations, in order."""
        kept: list[tuple[Quoted, Span, Source | None]] = []
        for q in self.quoted:
            frame = self._frame(q)
            kept.append((q, frame, self._own_source(q, frame)))
        sources = self._chained(kept)
        made = [
            self._made(q, frame, source)
            for i, ((q, frame, _), source) in enumerate(zip(kept, sources, strict=True))
            if not self._scare(i, kept)
        ]
        return sorted([*made, *self._indirect(kept)], key=lambda q: (q.start, q.end))

    def source_of(self, at: int) -> Source | None:
        """Say who reports the words at an offset outside of quotations: a clause before them, or at their end."""
        index = self.report.sentence_of(at)
        if index is None:
            return None
        start, end = self.sentences[index]
        for cue in reversed([c for c in self.clauses.cues.between(max(start, at - _FAR), at) if not c.weak][-_CUES:]):
            speaker, passive = self._inverted_or_subject(start, at, cue)
            if speaker and not passive:
                return Source(speaker, (cue.start, cue.end))
        return self._far_after(Quoted(at, at), min(end, at + _FAR))

    def _chained(self, kept: list[tuple[Quoted, Span, Source | None]]) -> list[Source | None]:
        """Let a quotation without a clause of its own take the speaker of the one it follows, or leads up to."""
        sources = [source for _, _, source in kept]
        for i, (q, frame, source) in enumerate(kept):
            if source is None and i and sources[i - 1] and self._adjacent(kept[i - 1], q, frame):
                sources[i] = sources[i - 1]
        for i in range(len(kept) - 2, -1, -1):
            if sources[i] is None and sources[i + 1] and kept[i][0].goes_on:
                sources[i] = sources[i + 1]
        for i in range(len(kept) - 2, -1, -1):
            if sources[i] is None and sources[i + 1] and kept[i][1][0] == kept[i + 1][1][0]:
                sources[i] = sources[i + 1]
        for i, (q, frame, _) in enumerate(kept):
            if sources[i] is None:
                sources[i] = self._carried(q, frame)
        return sources

    def _adjacent(self, before: tuple[Quoted, Span, Source | None], q: Quoted, frame: Span) -> bool:
        if frame[0] < before[1][1]:  # within one sentence
            return True
        whole = not WORD.search(self.masked, frame[0], q.start) and not WORD.search(self.masked, q.end, frame[1])
        return whole and not WORD.search(self.masked, before[1][1], frame[0])

    def _carried(self, q: Quoted, frame: Span) -> Source | None:
        """Take the one who acts in the sentence; else the one whom the sentence before reports."""
        if WORD.search(self.masked, frame[0], q.start):
            subject = self.clauses.clause_subject(frame[0], q.start)
            if subject and self.mentions.is_person(subject):
                return Source(subject, None)
        index = self.sentence_of(frame[0]) - 1
        if index < 0:
            return None
        start, end = self.sentences[index]
        for cue in reversed([c for c in self.clauses.cues.between(start, end)[-_CUES:] if not c.weak]):
            speaker, passive = self._inverted_or_subject(start, end, cue)
            if speaker and not passive:
                return Source(speaker, None)
        return None

    def _inverted_or_subject(self, start: int, end: int, cue: Cue) -> tuple[Span | None, bool]:
        if cue.word == "according to":
            source = self.clauses.inverted(cue, end)
            return (source.speaker if source else None), False
        return self.clauses.subject(start, cue)

    def _scare(self, i: int, kept: list[tuple[Quoted, Span, Source | None]]) -> bool:
        """Tell a single word that nobody in its sentence is said to have said: the reporter's own distance."""
        q, frame, source = kept[i]
        if source or len(self.text[q.start : q.end].split()) > 1:
            return False
        return not any(k is not kept[i] and k[1] == frame and k[2] for k in kept[max(0, i - 3) : i + 4])

    def _is_reported(self, q: Quoted) -> bool:
        """Leave out titles, nicknames, names of laws and words merely mentioned."""
        words_in = self.text[q.start : q.end]
        if q.end - q.start > 120:
            return True
        before = _DOUBLE.split(self.text[max(self.report.body_start, q.start - 60) : max(0, q.start - 1)])[-1]
        after = self.text[q.end + 1 : q.end + 25]
        if _MERELY_MENTIONED.search(before):
            return False
        plain: list[str] = _TOKEN.findall(words_in)
        titled = (
            bool(plain)
            and all(w[0].isupper() or w[0].isdigit() or w.lower() in _TITLE_WORDS for w in plain)
            and plain[0][0].isupper()
        )
        if titled and (words_in[-1] not in ".!?" or len(plain) >= 4) and len(plain) <= 12:
            return not self._names_a_thing(plain, before, after)
        law = len(plain) <= 5 and _OF_WHOM.search(before) and _NAMED_LAW.match(after)
        return not law

    @staticmethod
    def _names_a_thing(plain: list[str], before: str, after: str) -> bool:
        """Tell a nickname between two names, and a title, from capitalised words that someone said."""
        nickname = re.search(r"[A-Z][\w.’'-]*\s$", before) and re.match(r"\s[A-Z]", after)
        if nickname or _NAMED_THING.search(before):
            return True
        return len(plain) >= 2 and not _LEADS_UP.search(before) and not find_cues(before[-25:])

    def _made(self, q: Quoted, frame: Span, source: Source | None) -> Quote:
        start = q.start + len(self.text[q.start : q.end]) - len(self.text[q.start : q.end].lstrip())
        speaker = source.speaker if source else None
        cue = source.cue if source else None
        name, role = self.mentions.resolve(speaker) if speaker else (None, None)
        channel = self._channel(frame, cue)
        return Quote(start, q.end, self._kind(q, frame, cue), speaker, name, role, cue, channel)

    def _kind(self, q: Quoted, frame: Span, cue: Span | None) -> Literal["direct", "mixed"]:
        words_in = self.text[q.start : q.end]
        before = self.masked[frame[0] : max(frame[0], q.start - 1)].rstrip()
        many = len(words_in.split()) >= 4
        if not WORD.search(before) or before.endswith(":"):
            return "direct" if many or words_in[-1] in ",.!?" else "mixed"
        if before.endswith(",") and cue and not re.search(r"\w", self.masked[cue[1] : q.start - 1].strip(" ,")):
            return "direct"
        full = words_in[-1] in ".!?," and words_in[0].isupper() and many
        said_that = bool(_THAT_BEFORE.search(before)) and words_in[-1] in ".!?" and many
        return "direct" if full or said_that else "mixed"

    def _channel(self, frame: Span, cue: Span | None) -> str | None:
        """Read through which channel the words came, nearest to the word of saying."""
        if cue is None:
            return None
        start, end = frame
        sentence = self.sentence_of(cue[0])
        if self.sentences and not start <= cue[0] < end:
            start, end = self.sentences[sentence]
        best: tuple[int, str] | None = None
        near = (max(start, cue[0] - 60), min(end, cue[1] + 70))
        if not _CHANNEL_WORD.search(self.masked, start, end):
            return None
        lead_in = (start, min(start + 40, near[0]))
        for match in (m for part in (near, lead_in) for m in _CHANNELS.finditer(self.masked, *part)):
            if match["outlet"] and not self._is_outlet(match.span("outlet")):
                continue
            said = _channel_name(match)
            distance = (
                0
                if match.start() <= cue[0] < match.end()
                else min(abs(match.start() - cue[1]), abs(cue[0] - match.end()))
            )
            if said and (best is None or distance < best[0]):
                best = distance, said
        return best[1] if best else None

    def _is_outlet(self, span: Span) -> bool:
        """Tell a news outlet, which takes words along, from a person or a body that was told."""
        found = self.clauses.names_in(span[0], span[1] + 1)
        if any(n.label in {"PERSON", "PLACE"} for n in found):
            return False
        said = self.masked[slice(*span)]
        return said.isupper() or bool(_OUTLET.search(said)) or bool(found and found[0].label == "OTHER")

    def _indirect(self, kept: list[tuple[Quoted, Span, Source | None]]) -> list[Quote]:
        """Find reported speech without marks (`She said that ...`)."""
        taken = {self.sentence_of(f[0]) for _, f, _ in kept} | {self.sentence_of(q.start) for q, _, _ in kept}
        found = []
        for index, (start, end) in enumerate(self.sentences):
            if index in taken or BLANK in self.masked[start:end]:
                continue
            for cue in self.clauses.cues.between(start, end):
                if cue.word not in words().clause_taking:
                    continue
                if said := self._said(start, end, cue):
                    found.append(said)
                    break
        return found

    def _said(self, start: int, end: int, cue: Cue) -> Quote | None:
        speaker, passive = self._inverted_or_subject(start, end, cue)
        if not speaker or passive:
            return None
        body = self.text[start:end].rstrip(" .")
        rest = _THAT.match(self.text, cue.end, end)
        at = rest.end() if rest else cue.end
        if cue.word == "according to" or len(self.text[at:end].split()) < 4:
            comma = self.text.rfind(",", start, min(speaker[0], cue.start) + 1)
            if comma - start < 15:
                return None
            span = start, comma
        elif self.text[at : at + 1] in ",;." or _NO_SUBJECT.match(self.text, at) or _WHEN.match(self.text, at):
            return None
        else:
            span = at, start + len(body)
        if span[1] - span[0] < 10:
            return None
        name, role = self.mentions.resolve(speaker)
        return Quote(
            *span,
            "indirect",
            speaker,
            name,
            role,
            (cue.start, cue.end),
            self._channel((start, end), (cue.start, cue.end)),
        )


def _channel_name(match: re.Match[str]) -> str | None:
    found = match.groupdict()
    if found["medium"]:
        return found["medium"]
    if found["tweet"]:
        return "Twitter"
    if found["outlet"]:
        return str(found["outlet"]).removesuffix("'s").removesuffix("’s").rstrip(".")
    kinds = {"statement": "statement", "conference": "press conference", "interview": "interview", "press": "reporters"}
    for group, said in kinds.items():
        if found[group]:
            return said
    return str(found["letter"]) if found["letter"] else None


def voices_of(marks: Marks) -> Voices:
    """Return who speaks in a report; layers share it by `marks.shared(voices_of)`."""
    return Voices(marks.report, list(marks["names"]))
