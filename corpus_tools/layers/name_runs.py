"""Runs of capitalised words: the stretches of a text that can hold names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus_tools.layers.name_lists import is_ordinary, known_names, name_words
from corpus_tools.text.gazetteer import lookup

# Capital letters of Latin with its extensions, of Greek and of Cyrillic.
CAPITALS = "A-Z" + "".join(chr(c) for c in range(0xC0, 0x530) if chr(c).isupper())
# Small words between the hyphens of a name: Rostov-on-Don, Khak-e-Safed, Garges-les-Gonesse.
_LINK = (
    r"(?:(?:e|i|les|lès|la|le|de|du|des|on|sur|sous|en|aux|au|ul|al|el|a|der|am|upon|in|o|y|ur|by|the|under|to|und|of)"
    r"-)+"
)
# The second syllable of Korean and Chinese given names is not capitalised: Kim Jong-un, Tsai Ing-wen.
_SYLLABLE = (
    r"(?:un|hye|moon|bak|jin|wen|jeou|shek|nam|il|sung|chol|ho|hyun|ok|jae|kyung|su|seok|joo|woo|min|kyun|ahn|soo|sik"
    r"|kwan|hwan|jong|hee|young|ju)\b"
)
_WORD = (
    rf"[{CAPITALS}](?<!\w.)(?:\.(?:[{CAPITALS}]\.)*(?:[{CAPITALS}]\b)?"
    rf"|\w*(?:['’](?!(?:s|m|re|ve|ll|d|t|S)\b)\w+|-(?:{_LINK})?[{CAPITALS}\d]\w*|-{_SYLLABLE}|[?\ufffd]+[a-zß-ÿ]\w*)*)"
)
# Small words between the words of a person's or a place's name.
_PARTICLE = (
    r"(?:(?:de la|de las|de los|de l[ea]?|de|del|della|di|da|do|dos|das|du|des|van de[nr]?|van|von de[nr]?|von|der|den"
    r"|ter|bin|bint|ibn|al|el|ul|y|la|le|ed|ou|zu|af)[ ])?(?:(?:al|el|as|ash|ad|ar|an|at|az|es|ez|ul|ur|d|l)[-'’])?"
)
RUN = re.compile(rf'{_WORD}(?:[ \u00a0](?:["“][{CAPITALS}]\w+["”] )?{_PARTICLE}{_WORD}){{0,11}}')
# Abbreviations whose full stop ends no name.
ABBREVIATIONS = frozenset(
    "St Mt Ft Lt Gen Col Sgt Maj Capt Cmdr Adm Gov Sen Rep Dr Mr Mrs Ms Prof Rev Hon Pres Supt Det Insp Cpl Pvt".split()
)
_MAX_LENGTH = 160  # characters; longer runs are headlines, tables or damage
_GAPS = frozenset((" of ", " of the ", " for ", " for the ", " and ", " and the ", " in ", " in the "))
_GAPS |= {". ", "'s ", "’s ", " & ", " the "}
_ARTICLES = frozenset("al el as ash ad ar an at az ez es".split())
_BEFORE_SENTENCE = frozenset("\"“'‘.!?:•—\n([;* ")


def find_runs(text: str, sentence_starts: set[int]) -> Iterator[tuple[int, int, bool]]:
    """Find runs of capitalised words, joined over `of`, `for`, `'s`, `&` or the full stop of `St.` within one name.

    Yields
    ------
    Start, end, and whether a sentence begins with the run.
    """
    start = end = -1
    small_words = name_words("function")  # most matches are only `The` or `He`
    for match in RUN.finditer(text):
        if match[0] in small_words:
            continue
        next_start, next_end = match.span()
        if next_start and text[next_start - 1] == "-":
            next_start -= _article_length(text, next_start, next_end)
        if next_end - next_start > _MAX_LENGTH:
            continue
        near = end >= 0 and text[end:next_start] in _GAPS and next_end - start <= _MAX_LENGTH
        if near and _is_one_name(text[start:end], text[end:next_start], text[next_start:next_end]):
            end = next_end
            continue
        if end >= 0:
            yield start, end, _begins_sentence(text, start, sentence_starts)
        start, end = next_start, next_end
    if end >= 0:
        yield start, end, _begins_sentence(text, start, sentence_starts)


def _article_length(text: str, start: int, end: int) -> int:
    """Return the length of the Arabic article that belongs to a place's name: `al-Bab`, but `al-|Rimi`."""
    article = text[max(0, start - 5) : start - 1].rpartition(" ")[2]
    on_map = article in _ARTICLES and lookup(text[start - len(article) - 1 : end].partition(" ")[0])
    return len(article) + 1 if on_map else 0


def _is_one_name(left: str, gap: str, right: str) -> bool:
    last, head = left.rpartition(" ")[2], right.partition(" ")[0]
    gap = gap.strip().removesuffix(" the")
    if gap == "the":
        return f"{left} the {right}" in known_names()  # Save the Children
    if gap == "and":
        return _goes_on_after_and(left, head, right)
    if gap == "in":
        return left.endswith("Qaeda") or (" for " in left and " and " in left)
    if gap in ("'s", "’s"):
        # `Sheriff's Office`, `Children's Fund`, `St Mary's Hospital`, but not `Russia's Ministry`
        owner = last in name_words("titles") or last in name_words("owners")
        return owner or left.rpartition(" ")[0].endswith(("St", "St."))
    if gap in (".", "&"):
        return gap == "&" or last in ABBREVIATIONS
    office = last in name_words("portfolios") and head in name_words("before titles")
    return office or last in name_words("organisation heads") or (gap == "of" and last in name_words("of places"))


def _goes_on_after_and(left: str, head: str, right: str) -> bool:
    """Distinguish `Organization for Security and Co-operation` from `Bank of England and Treasury`."""
    if "Islamic State of " in left:
        return True
    return (" for " in left or " of " in left) and not lookup(right) and is_ordinary(head)


def _begins_sentence(text: str, offset: int, sentence_starts: set[int]) -> bool:
    """Return whether a sentence, quotation or line begins here, where every word is capitalised."""
    if offset in sentence_starts or offset < 2:
        return True
    before = text[offset - 1]
    return (text[offset - 2] if before == " " else before) in _BEFORE_SENTENCE
