"""Numbers as news English writes them, in digits, in words or vaguely: how many at least, at best and at most."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal, cast

import yaml

Bound = Literal["exact", "at least", "at most", "about"]

_MOST = 10**10  # more people than there are
_TEENS = "eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
SMALL = {w: n for n, w in enumerate(f"one two three four five six seven eight nine ten {_TEENS}".split(), 1)}
SMALL |= {w: 10 * n for n, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
_SCALES = {"dozen": 12, "hundred": 100, "thousand": 1000, "million": 10**6, "m": 10**6}
_NEEDS_ARTICLE = frozenset("few couple handful".split())
_NEEDS_OF = frozenset("tens scores".split())
_STARTS = [*SMALL, *_SCALES, *_NEEDS_ARTICLE, *_NEEDS_OF, "several", "dozens", "hundreds", "thousands", "millions"]
_STARTS.remove("m")


def _guarded(words: list[str]) -> str:
    """Write an alternation that branches on the first letter, small or capital."""
    tails: dict[str, list[str]] = {}
    for word in sorted(words, key=lambda w: (-len(w), w)):
        tails.setdefault(word[0], []).append(word[1:])
    return "|".join(f"[{a}{a.upper()}](?:{'|'.join(rest)})" for a, rest in tails.items())


_SCALE = r"(?:million|thousand|hundred|dozen)\b"
# `and` after hundred, thousand, million only.
_AND = r"(?:(?<=hundred)|(?<=thousand)|(?<=million))[ \xa0]and[ \xa0]"
_NEXT = rf"(?:{_AND}|[ \xa0-])(?:(?:{'|'.join(SMALL)})\b|{_SCALE})"
_UNITS = r"%|per\s?cent\b|per\s|[ap]\.?m\b|(?:year|month|week|day|hour|minute)s?\b"
# What cannot be people stops here, before anything is looked up: a unit, a sign, a hyphen, more digits.
_NUMERAL = re.compile(
    # The first class is all that most places of a text are asked.
    rf"\b(?=[0-9{''.join(sorted({c for w in _STARTS for c in (w[0], w[0].upper())}))}])"
    rf"(?:[0-9][0-9,]{{0,20}}(?:\.[0-9]{{1,3}})?(?:m\b|[ \xa0-]{_SCALE})?|(?:{_guarded(_STARTS)})\b"
    rf"(?:{_NEXT}){{0,9}}(?:[ \xa0]of[ \xa0](?:thousands|millions)\b)?)"
    rf"(?<!,)(?!\w|[.,:/]?[0-9]|-\w|['’%°$€£]|\s?(?:{_UNITS}))"
)
_JOINED = frozenset("$€£¥#/.,:-–—_°'’+&")
# A dash that lost its spaces (`at least-500`) joins nothing.
_LOST_SPACE = re.compile(
    r"(?i)(?:least|than|over|about|around|some|nearly|kill(?:ed|ing)|injur(?:ed|ing)|arrested|people|the|of|,)-\Z"
)
_FOLLOWING = re.compile(r"\s+([^\W_]+)(?!-\w)")
_MODIFIER = re.compile(
    r"(?i)\b(?:(?P<least>at least|(?:no|not) (?:fewer|less) than|(?:well |just |many )?(?:more|greater) than|"
    r"(?:well |just )?over|above|upwards? of|in excess of|a minimum of)|(?P<most>up to|as many as|(?:fewer|less|"
    r"(?:no|not) more) than|under|below|at most|a maximum of)|(?P<about>about|around|some|nearly|almost|roughly|"
    r"approximately|(?:an )?estimated|close to|just under|an? (?:reported|average))),?[\s-]+\Z"
)
_MODIFIER_ENDS = frozenset(
    "least than over above of excess to as under below most about around some nearly almost roughly approximately "
    "estimated reported average".split()
)
_PARTS = {"half": 0.5, "quarter of": 0.25, "three quarters of": 0.75, "three-quarters of": 0.75}
_ARTICLE = re.compile(
    rf"(?i)\b(?:a )?(?:({'|'.join(sorted(_PARTS, reverse=True))}) )?(?:an?|(several|few|couple)(?: of)?)\s+\Z"
)
_RANGE = re.compile(r"\s?[-–]\s?|\s+(to|and|or)\s+(?:as many as |more than |up to |even )?")
_SHARED_SCALE = re.compile(r"(?:\s?[-–]\s?|\s(?:to|or)\s)[0-9.]{1,6}[ \xa0-](million|thousand)\b")  # `1.5 to 2 million`
_RANGE_OPENS = re.compile(r"(?i)\b(between|from|rose|risen|rises|up|grew|increased)\s+\Z")
_OR_MORE = re.compile(r"\s+or (?:(more)|so|thereabouts)\b")


@dataclass(slots=True)
class Numeral:
    """A number as written: with its modifier from `start`, without from `bare`; and what it says."""

    start: int
    bare: int
    end: int
    low: int | None
    best: int | None
    high: int | None
    bound: Bound = "exact"
    digits: bool = False


@cache
def _table() -> Any:
    path = files("corpus_tools.text").joinpath("data/vague_numbers.yaml")
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def candidates(
    text: str, start: int = 0, *, never: AbstractSet[str] = frozenset(), people: AbstractSet[str] = frozenset()
) -> list[re.Match[str]]:
    """Find, in one pass, what could be a number that counts people.

    Parameters
    ----------
    text, start
        Where to look.
    never
        Words that, following a number, make it one of things.
    people
        Words that, following four digits, make them a number and not a year.

    Examples
    --------
    >>> [match[0] for match in candidates("In 2016 two men walked 12 miles.", never={"miles"})]
    ['two']
    """
    return [match for match in _NUMERAL.finditer(text, start) if not _refused(text, match, never, people)]


def read_numerals(text: str, matches: Iterable[re.Match[str]], floor: int = 0) -> list[Numeral]:
    """Read what candidates say, each with its modifier; a range is one.

    Parameters
    ----------
    text, matches
        A text and candidates of one sentence of it.
    floor
        Where the sentence begins: modifiers before it are not read.

    Examples
    --------
    >>> text = "between 10 and 15 men"
    >>> [(text[n.start : n.end], n.low, n.high) for n in read_numerals(text, candidates(text))]
    [('between 10 and 15', 10, 15)]
    """
    read: list[Numeral] = []
    for match in matches:
        before = read[-1] if read else None
        found = None if _joined(text, before, match.start()) else _read(text, match, floor)
        if found and before and (whole := _range(text, before, found, floor)):
            read[-1] = whole
        elif found:
            read.append(found)
    return read


def _refused(text: str, match: re.Match[str], never: AbstractSet[str], people: AbstractSet[str]) -> bool:
    """Tell what the next word or the digits rule out at once: most numbers of a text."""
    following = _FOLLOWING.match(text, match.end())
    word = following[1] if following else ""
    written = match[0]
    if written in _NEEDS_OF and word != "of":
        return True
    year = len(written) == 4 and written[:2] in ("19", "20") and written.isdigit()
    return word in never or (year and word not in people)


def _joined(text: str, before: Numeral | None, start: int) -> bool:
    """Tell a number that a sign or a hyphen joins to what stands before it; a range is none."""
    if not start or text[start - 1] not in _JOINED or text.startswith("--", start - 2):
        return False
    if before is not None and start - before.end <= 3:
        return text[before.end : start].strip() not in ("-", "–")
    return not _LOST_SPACE.search(text, max(0, start - 10), start)


def _read(text: str, match: re.Match[str], floor: int) -> Numeral | None:
    words = " ".join(match[0].lower().split())
    found = Numeral(match.start(), match.start(), match.end(), None, None, None, digits=words[0].isdigit())
    first = words.partition(" ")[0].partition("-")[0]
    part = 1.0
    if first in _NEEDS_ARTICLE or first in _SCALES:
        article = _ARTICLE.search(text, max(floor, found.start - 28), found.start)
        if article:
            found.start = article.start()
            words = f"{article[2].lower()} {words}" if article[2] else words
            part = _PARTS[article[1].lower()] if article[1] else 1.0
        elif first in _NEEDS_ARTICLE:
            return None  # `few protesters`
        if words == "couple" and not text.startswith(" of ", found.end):
            return None  # `a couple was arrested`
    vague = _vague(words)
    if vague:
        found.low, found.high = vague
    else:
        shared = _SHARED_SCALE.match(text, found.end) if found.digits else None
        value = _value(f"{words} {shared[1]}" if shared and words[-1].isdigit() else words)
        if value is None:
            return None
        found.best = round(value * part)
    return _bounded(text, found, floor)


def _value(words: str) -> int | None:
    """Give what a number says, in digits or spelled out; None for words that make no number (`two three`)."""
    if words[0].isdigit():
        mantissa, scale = cast(re.Match[str], re.match(r"([\d,.]*\d)[\s-]?(\w*)", words)).groups()
        if "." in mantissa and not scale:
            return None
        found = round(float(mantissa.replace(",", "")) * _SCALES.get(scale, 1))
        return found if found < _MOST else None
    total = current = 0
    for word in re.findall(r"[a-z]+", words):
        number, scale = SMALL.get(word), _SCALES.get(word, 1)
        if number is not None:
            if current % 10 or (current % 100 and number >= 10):
                return None
            current += number
        elif scale in (12, 100):
            current = (current or 1) * scale
        elif scale > 1:
            total, current = total + (current or 1) * scale, 0
    return total + current if total + current < _MOST else None


def _vague(words: str) -> tuple[int, int | None] | None:
    """Read `dozens`, `several hundred`, `tens of thousands` in the table."""
    table = _table()["words"]
    if words in table:
        low, high = table[words]
        return low, high
    head, _, unit = words.partition(" ")
    factor = _table()["units"].get(unit)
    return (table[head][0] * factor, table[head][1] * factor) if head in table and factor else None


def _bounded(text: str, found: Numeral, floor: int) -> Numeral:
    """Read the words before and behind that make a number a lower, an upper or a rough one."""
    before = text[max(floor, found.start - 28) : found.start]
    last = before.replace("-", " ").replace(",", " ").split()[-1:]
    modifier = _MODIFIER.search(before) if last and last[0].lower() in _MODIFIER_ENDS else None
    behind = _OR_MORE.match(text, found.end)
    if modifier:
        found.start -= len(before) - modifier.start()
        found.bound = cast(Bound, {"least": "at least", "most": "at most"}.get(modifier.lastgroup or "", "about"))
    elif behind:
        found.end, found.bound = behind.end(), "at least" if behind[1] else "about"
    elif found.best is None:
        found.bound = "about"
    if found.best is None:
        found.high = None if found.bound == "at least" else found.high
        return found
    slack = 0
    if found.bound == "about":
        noughts = len(str(found.best)) - len(str(found.best).rstrip("0"))
        slack = min(int(_table()["rounding"] * 10**noughts), found.best)
    found.low = None if found.bound == "at most" else found.best - slack
    found.high = None if found.bound == "at least" else found.best + slack
    return found


def _range(text: str, first: Numeral, second: Numeral, floor: int) -> Numeral | None:
    """Join `between 10 and 15`, `10 to 15`, `10-15`: at least the first."""
    if second.bare - first.end > 24 or first.best is None or second.best is None:
        return None
    gap = _RANGE.fullmatch(text, first.end, second.bare)
    if gap is None:
        return None
    opened = _RANGE_OPENS.search(text, max(floor, first.start - 12), first.start)
    opening = opened[1].lower() if opened else ""
    low, high = first.best, second.best
    if low >= high or (gap[1] == "and" and opening != "between") or (gap[1] == "to" and opening not in ("", "between")):
        return None
    start = opened.start() if opened and opening == "between" else first.start
    return Numeral(start, first.bare, second.end, low, low, high, "at least", first.digits)
