"""Channels through which words reached the reporter: a platform, a news outlet, a statement, an interview."""

from __future__ import annotations

import re
from functools import cache

from corpus_tools.layers.clauses import Clauses
from corpus_tools.layers.reporting_verbs import reporting_words
from corpus_tools.layers.types import Span

# A stretch of text without any of these letters mentions no channel: a quick test.
_CHANNEL_LETTERS = re.compile(
    r"t(?:old|ell|weet|ement|ter|ure)|Face|Twit|Tele|Inst|YouT|What|Weib|VKon|Snap|Redd|Link|Skyp|Tik|press|conf|"
    r"brief|interv|speak|spoke|speech|mail|report|blog|court|communiqu"
)
_NAME = r"[A-Z](?:[\w&-]|\.(?=\w))*"
_CHANNEL = re.compile(
    r"\b(?P<medium>Facebook|Twitter|Telegram|Instagram|YouTube|WhatsApp|Weibo|VKontakte|Snapchat|Reddit|LinkedIn|Skype|"
    r"TikTok)\b|\b(?P<tweet>tweet(?:ed|s|ing)?)\b|"
    rf"\b(?:told|tells|telling|interview (?:with|to|by)|speaking to|spoke to) (?:the )?"
    rf"(?P<outlet>{_NAME}(?: (?:of|de|la|the) {_NAME}| {_NAME}){{0,4}})|"
    r"\b(?P<statement>statement|press release|communique|communiqué)\b|"
    r"\b(?P<conference>(?:press|news) (?:conference|briefing))\b|\b(?P<interview>interview)\b|"
    r"\btold (?P<press>reporters|journalists)\b|"
    r"\b(?P<letter>letter|speech|email|e-mail|report|blog|court (?:papers|filing|documents))\b"
)
# Names of channels by group of the expression; the other groups give the words themselves.
_CHANNEL_NAMES = {
    "tweet": "Twitter",
    "statement": "statement",
    "conference": "press conference",
    "interview": "interview",
    "press": "reporters",
}


def find_channel(clauses: Clauses, span: Span, cue: Span) -> str | None:
    """Return the channel that a stretch of text mentions nearest to a cue, or at its beginning."""
    start, end = span
    if not _CHANNEL_LETTERS.search(clauses.masked, start, end):
        return None
    near = max(start, cue[0] - 60), min(end, cue[1] + 70)
    lead_in = start, min(start + 40, near[0])
    channels = [
        (_distance(match, cue), channel)
        for stretch in (near, lead_in)
        for match in _CHANNEL.finditer(clauses.masked, *stretch)
        if (channel := _channel_name(clauses, match))
    ]
    return min(channels, key=lambda c: c[0])[1] if channels else None


def _distance(match: re.Match[str], cue: Span) -> int:
    if match.start() <= cue[0] < match.end():
        return 0
    return min(abs(match.start() - cue[1]), abs(cue[0] - match.end()))


def _channel_name(clauses: Clauses, match: re.Match[str]) -> str | None:
    group = match.lastgroup or ""
    if group == "outlet" and not _is_outlet(clauses, match.span(group)):
        return None
    return _CHANNEL_NAMES.get(group, match[group])


def _is_outlet(clauses: Clauses, span: Span) -> bool:
    """Distinguish a news outlet, which publishes the words, from a person or body that heard them."""
    names = clauses.names_in(span[0], span[1] + 1)
    if any(n.label in {"PERSON", "PLACE"} for n in names):
        return False
    written = clauses.masked[slice(*span)]
    return written.isupper() or bool(_outlet_words().search(written)) or bool(names and names[0].label == "OTHER")


@cache
def _outlet_words() -> re.Pattern[str]:
    return re.compile("|".join(sorted(reporting_words().outlets)))
