"""Pairs of quotation marks: which mark opens, which closes, and what to do with an odd one."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import Literal

from corpus_tools.layers.types import Span

_DOUBLE_MARK = re.compile(r"[\"“”„«»]|''|``")
# The mark first and what must not precede it second: this is many times faster.
_SINGLE = re.compile(r"['‘](?<![\w'’‘].)(?=[\w\[(]).{2,600}?[\w.,!?…\])]['’](?![\w'’])")
# `don"t`: an apostrophe that was damaged.
_APOSTROPHE = re.compile(r"(?:t|s|ve|re|ll|d|m)\b")
_SENTENCE_ENDS = ".!?…"
_TRAILING = " -–—*\t\n"
_LINE = 200  # characters: where an unclosed quotation ends if there are no sentences to go by
Direction = Literal["open", "close", "either"]


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words between two marks; `start` and `end` leave the marks out.

    `goes_on` is true if no closing mark follows because the quotation continues: in news each paragraph of a long
    quotation opens with a mark and only the last one closes.
    """

    start: int
    end: int
    goes_on: bool = False


def quoted_spans(text: str, start: int, sentences: list[Span]) -> list[Quoted]:
    r"""Pair the double quotation marks of a text from `start` on: straight, curly, angled or made of two single ones.

    The characters next to a mark show whether it opens or closes; otherwise marks alternate. An
    opening mark within a quotation ends it if a sentence has just ended; otherwise it opens an inner quotation, which
    is left to the outer one. A quotation that never closes ends with its sentence, so an odd mark cannot swallow the
    report.

    Examples
    --------
    >>> text = '"We came. "We saw," he said, and "left'
    >>> [text[q.start : q.end] for q in quoted_spans(text, 0, [(0, 9), (10, 38)])]
    ['We came.', 'We saw,', 'left']
    """
    spans: list[Quoted] = []
    matches = [m for m in _DOUBLE_MARK.finditer(text, start) if not _is_damage(text, m.start())]
    marks = [(*m.span(), _direction(text, *m.span())) for m in matches]
    opened: int | None = None
    skip = 0
    for index, (mark_start, mark_end, direction) in enumerate(marks):
        if skip:
            skip -= 1
            continue
        if opened is not None and (paragraph_end := text.find("\n\n", opened, mark_start)) >= 0:
            goes_on = direction == "open" and not text[paragraph_end:mark_start].strip()
            end = paragraph_end if goes_on else _sentence_end(sentences, opened, paragraph_end)
            spans.append(_until(text, opened, end, goes_on))
            opened = None
        if opened is None:
            if direction != "close":
                opened = mark_end
        elif direction != "open":
            spans.append(Quoted(opened, mark_start))
            opened = None
        elif _sentence_has_ended(text, mark_start):
            spans.append(_until(text, opened, mark_start, goes_on=True))
            opened = mark_end
        elif [following for *_, following in marks[index + 1 : index + 3]] == ["close", "close"]:
            skip = 1  # a quotation inside
        else:
            spans.append(_until(text, opened, _sentence_end(sentences, opened, mark_start), goes_on=False))
            opened = mark_end
    if opened is not None:
        spans.append(_until(text, opened, _sentence_end(sentences, opened, len(text)), goes_on=False))
    return [q for q in spans if text[q.start : q.end].strip()]


def single_spans(text: str, start: int, end: int) -> list[Quoted]:
    """Find words between single marks: quotations, or what lies between two apostrophes."""
    return [Quoted(m.start() + 1, m.end() - 1) for m in _SINGLE.finditer(text, start, end)]


def _direction(text: str, start: int, end: int) -> Direction:
    mark = text[start:end]
    if mark in "“„«``":
        return "open"
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    loose_before = before.isspace() or before in "([{–—/-‘'"
    loose_after = after.isspace() or after in ".,;:!?)]}–—/-’'"
    if mark in "”»":
        # Some keyboards write the closing mark at both ends.
        return "open" if loose_before and not loose_after and mark == "”" and before.isspace() else "close"
    if mark == '"' and before.isdigit() and start > 1 and text[start - 2] in "'’":
        return "close"  # 5'10" is a height
    if loose_before == loose_after:
        return "either"
    return "open" if loose_before else "close"


def _is_damage(text: str, offset: int) -> bool:
    """Return whether a mark replaces another character (`don"t`, `"?` for a dash); `clean_text` repairs these."""
    if text[offset] != '"' or not offset:
        return False
    before, after = text[offset - 1], text[offset + 1 : offset + 2]
    if before.isalpha() and after.isalpha():
        return bool(_APOSTROPHE.match(text, offset + 1))
    if after != "?":
        return False
    if before.isspace():
        return True
    if before in ",.!?" or not text[offset + 2 : offset + 3].isalpha():
        return False
    opened = text.rfind('"', max(0, offset - 40), offset)
    return not (text[offset + 2].islower() and opened >= 0 and len(text[opened:offset].split()) <= 2)


def _sentence_has_ended(text: str, offset: int) -> bool:
    before = text[max(0, offset - 40) : offset]
    return before.rstrip(_TRAILING)[-1:] in _SENTENCE_ENDS or before.rstrip(" \t")[-1:] == "\n"


def _until(text: str, start: int, end: int, goes_on: bool) -> Quoted:
    return Quoted(start, start + len(text[start:end].rstrip(_TRAILING)), goes_on)


def _sentence_end(sentences: list[Span], offset: int, limit: int) -> int:
    index = bisect_right(sentences, (offset, 1 << 60)) - 1
    end = sentences[index][1] if index >= 0 and sentences[index][1] > offset else offset + _LINE
    return min(end, limit)
