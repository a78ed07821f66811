"""Which words in quotation marks are quotations: not titles, nicknames, names of laws, or words merely mentioned."""

from __future__ import annotations

import re

from corpus_tools.layers.quotation_marks import Quoted, quoted_spans, single_spans
from corpus_tools.layers.reporting_verbs import find_cues
from corpus_tools.layers.types import Report

_SENTENCE_BREAK = re.compile(r"[.!?]\s")
_CUE_TO_QUOTATION = re.compile(r"[:,]?\s*(?:that\s*|as\s*|it\s*|was\s*|an?\s*)*")
_DOUBLE_MARK = re.compile(r"[\"“”]")
_TOKEN = re.compile(r"[\w’'-]+")
_TITLE_WORDS = frozenset(
    "a an and at by de du el for from in la le les of on or the to vs with und der die das".split()
)
_BEFORE_TITLE = re.compile(
    r"(?:author of|newspaper|paper|magazine|daily|weekly|journal|tabloid|film|movie|documentary|book|novel|memoir|song|"
    r"album|show|series|programme|program|play|musical|exhibition|called|titled|entitled|named|nicknamed|dubbed|"
    r"codenamed|known as|aka|so-called|operation|novelist|website|[’']s)\s*[,:(]?\s*$",
    re.IGNORECASE,
)
_BEFORE_MENTION = re.compile(
    r"(?:\b(?:the|a|his|her|its|their) (?:words?|terms?|phrase|name|nickname|letters?|expression|title|hashtag)|"
    r"\bso-called|\bknown as|\bnicknamed|\bcodenamed|\bcode-named|\baka|\btitled|\bentitled)\s*[,:]?\s*$",
    re.IGNORECASE,
)
_BEFORE_LAW = re.compile(r"['’]s\s$|\ba\s$|\bthe\s$")
_LAW = re.compile(r"\s*(?:law|laws|act|bill|doctrine|rule|statute|defen[cs]e|visas?|effect)\b")
_NAME_BEFORE = re.compile(r"[A-Z][\w.’'-]*\s$")
_NAME_AFTER = re.compile(r"\s[A-Z]")
_INTRODUCED = re.compile(
    r"(?:\b(?:said|says|told|wrote|tweeted|added|asked|chanted|shouted|yelled)\b[^,.;:]{0,30}[,:]?|[:])\s*$"
)


def find_quoted_words(report: Report) -> list[Quoted]:
    """Find the quoted words of a report that somebody said or wrote, in order.

    Examples
    --------
    >>> text = 'He read the novel "The Long Road" and said it was "too sad".'
    >>> [text[q.start : q.end] for q in find_quoted_words(Report(text, None, 0, [(0, len(text))]))]
    ['too sad']
    """
    text = report.text
    doubles = quoted_spans(text, report.body_start, report.sentences)
    singles: list[Quoted] = []
    offset = report.body_start
    for span in [*doubles, Quoted(len(text), len(text))]:
        singles += [q for q in single_spans(text, offset, span.start) if _has_cue_beside(text, q)]
        offset = span.end
    spans = sorted([*doubles, *singles], key=lambda q: q.start)
    return [q for q in spans if _is_quotation(text, q, report.body_start)]


def _has_cue_beside(text: str, q: Quoted) -> bool:
    """Return whether a reporting verb is next to words in single quotation marks, which otherwise prove little."""
    after = text[q.end + 1 : q.end + 60]
    if text[q.end - 1] in ",!?" or after.startswith(","):
        return any(find_cues(after))
    before = _SENTENCE_BREAK.split(text[max(0, q.start - 60) : q.start - 1])[-1]
    cues = find_cues(before)
    return bool(cues) and bool(_CUE_TO_QUOTATION.fullmatch(before[cues[-1].end :]))


def _is_quotation(text: str, q: Quoted, body_start: int) -> bool:
    words = text[q.start : q.end]
    if len(words) > 120:
        return True
    before = _DOUBLE_MARK.split(text[max(body_start, q.start - 60) : max(0, q.start - 1)])[-1]
    after = text[q.end + 1 : q.end + 25]
    if _BEFORE_MENTION.search(before):
        return False
    tokens: list[str] = _TOKEN.findall(words)
    if _is_in_title_case(tokens) and (words[-1] not in ".!?" or len(tokens) >= 4) and len(tokens) <= 12:
        return not _is_title_or_nickname(tokens, before, after)
    return not (len(tokens) <= 5 and _BEFORE_LAW.search(before) and _LAW.match(after))


def _is_in_title_case(tokens: list[str]) -> bool:
    if not tokens or not tokens[0][0].isupper():
        return False
    return all(t[0].isupper() or t[0].isdigit() or t.lower() in _TITLE_WORDS for t in tokens)


def _is_title_or_nickname(tokens: list[str], before: str, after: str) -> bool:
    """Distinguish a title, or a nickname between two names, from capitalised words that somebody said."""
    nickname = _NAME_BEFORE.search(before) and _NAME_AFTER.match(after)
    if nickname or _BEFORE_TITLE.search(before):
        return True
    return len(tokens) >= 2 and not _INTRODUCED.search(before) and not find_cues(before[-25:])
