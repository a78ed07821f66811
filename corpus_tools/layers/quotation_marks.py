"""Pairs of quotation marks: which mark opens, which closes, and what to do with an odd one."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import Literal

_MARK = re.compile(r"[\"“”„«»]|''|``")
# The mark comes first and what must not stand before it second, which finds it many times faster.
_SINGLE = re.compile(r"['‘](?<![\w'’‘].)(?=[\w\[(]).{2,600}?[\w.,!?…\])]['’](?![\w'’])")
# `don"t`: an apostrophe that lost its shape.
_APOSTROPHE = re.compile(r"(?:t|s|ve|re|ll|d|m)\b")
_ENDS = ".!?…"
Turn = Literal["open", "close", "either"]


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words between two marks; `start` and `end` leave the marks out.

    `goes_on` says that no closing mark follows because the quotation goes on after it: in news each paragraph of a
    long quotation opens with a mark and only the last one closes.
    """

    start: int
    end: int
    goes_on: bool = False


def quoted_spans(text: str, start: int, sentences: list[tuple[int, int]]) -> list[Quoted]:
    r"""Pair the quotation marks of a text, straight, curly, angled or doubled.

    A mark's neighbours say whether it opens or closes; where they do not, it does whichever is due. An opening mark
    inside a quotation ends it if a sentence has just ended; if not, it opens a quotation inside, which is left to the
    outer one. A quotation that never closes ends with its sentence, so an odd mark cannot swallow the report.

    Examples
    --------
    >>> text = '"We came. "We saw," he said, and "left'
    >>> [text[q.start : q.end] for q in quoted_spans(text, 0, [(0, 9), (10, 38)])]
    ['We came.', 'We saw,', 'left']
    """
    found: list[Quoted] = []
    marks = [(m.start(), m.end(), _turn(text, m.start(), m.end())) for m in _MARK.finditer(text, start)]
    marks = [mark for mark in marks if not _is_damage(text, mark[0])]
    opened: int | None = None
    skip = 0
    for index, (at, end, turn) in enumerate(marks):
        if skip:
            skip -= 1
            continue
        if opened is not None and (broken := text.find("\n\n", opened, at)) >= 0:
            goes_on = turn == "open" and not text[broken:at].strip()
            found.append(_until(text, opened, broken if goes_on else _sentence_end(sentences, opened, broken), goes_on))
            opened = None
        if opened is None:
            if turn != "close":
                opened = end
        elif turn != "open":
            found.append(Quoted(opened, at))
            opened = None
        elif _ended(text, at):
            found.append(_until(text, opened, at, goes_on=True))
            opened = end
        elif [m[2] for m in marks[index + 1 : index + 3]] == ["close", "close"]:
            skip = 1
        else:
            found.append(_until(text, opened, _sentence_end(sentences, opened, at), goes_on=False))
            opened = end
    if opened is not None:
        found.append(_until(text, opened, _sentence_end(sentences, opened, len(text)), goes_on=False))
    return [q for q in found if text[q.start : q.end].strip()]


def single_spans(text: str, start: int, end: int) -> list[Quoted]:
    """Find words between single marks; whether they are a quotation or a plural's apostrophe the reader must ask."""
    return [Quoted(m.start() + 1, m.end() - 1) for m in _SINGLE.finditer(text, start, end)]


def _turn(text: str, at: int, end: int) -> Turn:
    mark = text[at:end]
    if mark in "“„«``":
        return "open"
    before = text[at - 1] if at else " "
    after = text[end] if end < len(text) else " "
    loose_before = before.isspace() or before in "([{–—/-‘'"
    loose_after = after.isspace() or after in ".,;:!?)]}–—/-’'"
    if mark in "”»":
        # Some keyboards give the closing mark for both.
        return "open" if loose_before and not loose_after and mark == "”" and before.isspace() else "close"
    if mark == '"' and before.isdigit() and at > 1 and text[at - 2] in "'’":
        return "close"  # 5'10" is a height
    if loose_before == loose_after:
        return "either"
    return "open" if loose_before else "close"


def _is_damage(text: str, at: int) -> bool:
    """Tell a mark that stands for another character (`don"t`, `"?` for a dash); `clean_text` mends them."""
    if text[at] != '"' or not at:
        return False
    before, after = text[at - 1], text[at + 1 : at + 2]
    if before.isalpha() and after.isalpha():
        return bool(_APOSTROPHE.match(text, at + 1))
    if after != "?":
        return False
    if before.isspace():
        return True
    if before in ",.!?" or not text[at + 2 : at + 3].isalpha():
        return False
    opened = text.rfind('"', max(0, at - 40), at)
    return not (text[at + 2].islower() and opened >= 0 and len(text[opened:at].split()) <= 2)


def _ended(text: str, at: int) -> bool:
    before = text[max(0, at - 40) : at].rstrip(" -–—*\t\n")
    return before[-1:] in _ENDS or text[max(0, at - 40) : at].rstrip(" \t")[-1:] == "\n"


def _until(text: str, start: int, end: int, goes_on: bool) -> Quoted:
    words = text[start:end]
    return Quoted(start, start + len(words.rstrip(" -–—*\t\n")), goes_on)


def _sentence_end(sentences: list[tuple[int, int]], at: int, limit: int) -> int:
    index = bisect_right(sentences, (at, 1 << 60)) - 1
    # With no sentence to go by, a line of print.
    end = sentences[index][1] if index >= 0 and sentences[index][1] > at else at + 200
    return min(end, limit)
