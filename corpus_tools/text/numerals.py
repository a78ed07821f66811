"""Numbers as news English writes them: in digits, in words, or vaguely, each with a lower and an upper bound."""

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

_LIMIT = 10**10  # more than the people on earth
_TEENS = "eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
NUMBER_WORDS = {w: n for n, w in enumerate(f"one two three four five six seven eight nine ten {_TEENS}".split(), 1)}
NUMBER_WORDS |= {w: 10 * n for n, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
_SCALES = {"dozen": 12, "hundred": 100, "thousand": 1000, "million": 10**6, "m": 10**6}
_NEEDS_ARTICLE = frozenset("few couple handful".split())
_NEEDS_OF = frozenset("tens scores".split())
_PLURALS = "several dozens hundreds thousands millions".split()
_STARTS = [word for word in (*NUMBER_WORDS, *_SCALES, *_NEEDS_ARTICLE, *_NEEDS_OF, *_PLURALS) if word != "m"]


def _alternation(words: list[str]) -> str:
    """Return an alternation that branches on the first letter, in lower or upper case."""
    tails: dict[str, list[str]] = {}
    for word in sorted(words, key=lambda w: (-len(w), w)):
        tails.setdefault(word[0], []).append(word[1:])
    return "|".join(f"[{a}{a.upper()}](?:{'|'.join(rest)})" for a, rest in tails.items())


_SCALE = r"(?:million|thousand|hundred|dozen)\b"
# `and` only after hundred, thousand, million
_AND = r"(?:(?<=hundred)|(?<=thousand)|(?<=million))[ \xa0]and[ \xa0]"
_NEXT = rf"(?:{_AND}|[ \xa0-])(?:(?:{'|'.join(NUMBER_WORDS)})\b|{_SCALE})"
_UNITS = r"%|per\s?cent\b|per\s|[ap]\.?m\b|(?:year|month|week|day|hour|minute)s?\b"
# A number that cannot count people fails to match: one before a unit, a sign, a hyphen or more digits.
_NUMERAL = re.compile(
    # At most positions of a text, the engine tests this class only.
    rf"\b(?=[0-9{''.join(sorted({c for w in _STARTS for c in (w[0], w[0].upper())}))}])"
    rf"(?:[0-9][0-9,]{{0,20}}(?:\.[0-9]{{1,3}})?(?:m\b|[ \xa0-]{_SCALE})?|(?:{_alternation(_STARTS)})\b"
    rf"(?:{_NEXT}){{0,9}}(?:[ \xa0]of[ \xa0](?:thousands|millions)\b)?)"
    rf"(?<!,)(?!\w|[.,:/]?[0-9]|-\w|['’%°$€£]|\s?(?:{_UNITS}))"
)
_JOINED = frozenset("$€£¥#/.,:-–—_°'’+&")
# A dash after these words has lost its spaces (`at least-500`): it joins nothing.
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
_FRACTIONS = {"half": 0.5, "quarter of": 0.25, "three quarters of": 0.75, "three-quarters of": 0.75}
_ARTICLE = re.compile(
    rf"(?i)\b(?:a )?(?:({'|'.join(sorted(_FRACTIONS, reverse=True))}) )?(?:an?|(several|few|couple)(?: of)?)\s+\Z"
)
_RANGE = re.compile(r"\s?[-–]\s?|\s+(to|and|or)\s+(?:as many as |more than |up to |even )?")
_SHARED_SCALE = re.compile(r"(?:\s?[-–]\s?|\s(?:to|or)\s)[0-9.]{1,6}[ \xa0-](million|thousand)\b")  # `1.5 to 2 million`
_RANGE_OPENS = re.compile(r"(?i)\b(between|from|rose|risen|rises|up|grew|increased)\s+\Z")
_OR_MORE = re.compile(r"\s+or (?:(more)|so|thereabouts)\b")


@dataclass(slots=True)
class Numeral:
    """A number in a text: its span, its best value and its bounds, each None where the text leaves it open."""

    start: int  # of its modifier, if it has one
    bare: int  # of the number itself
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
    """Find the numbers that could count people, in one pass.

    Parameters
    ----------
    text, start
        A text, and the offset at which the search starts.
    never
        Words that show that the number before them counts things.
    people
        Words that show that four digits before them are a number and not a year.

    Examples
    --------
    >>> [match[0] for match in candidates("In 2016 two men walked 12 miles.", never={"miles"})]
    ['two']
    """
    return [match for match in _NUMERAL.finditer(text, start) if _may_count_people(text, match, never, people)]


def read_numerals(text: str, matches: Iterable[re.Match[str]], floor: int = 0) -> list[Numeral]:
    """Read the values of candidates, each with its modifier; a range is one number.

    Parameters
    ----------
    text, matches
        A text, and the candidates of one of its sentences.
    floor
        Offset at which the sentence starts: modifiers before it are not read.

    Examples
    --------
    >>> text = "between 10 and 15 men"
    >>> [(text[n.start : n.end], n.low, n.high) for n in read_numerals(text, candidates(text))]
    [('between 10 and 15', 10, 15)]
    """
    numerals: list[Numeral] = []
    for match in matches:
        before = numerals[-1] if numerals else None
        numeral = None if _is_joined(text, before, match.start()) else _read(text, match, floor)
        if numeral and before and (merged := _range(text, before, numeral, floor)):
            numerals[-1] = merged
        elif numeral:
            numerals.append(numeral)
    return numerals


def _may_count_people(text: str, match: re.Match[str], never: AbstractSet[str], people: AbstractSet[str]) -> bool:
    """Check the digits and the next word: they rule out most numbers of a text."""
    following = _FOLLOWING.match(text, match.end())
    word = following[1] if following else ""
    written = match[0]
    if written in _NEEDS_OF and word != "of":
        return False
    is_year = len(written) == 4 and written[:2] in ("19", "20") and written.isdigit()
    return word not in never and (word in people or not is_year)


def _is_joined(text: str, before: Numeral | None, start: int) -> bool:
    """Check whether a sign or a hyphen joins a number to the text before it; the dash of a range does not count."""
    if not start or text[start - 1] not in _JOINED or text.startswith("--", start - 2):
        return False
    if before is not None and start - before.end <= 3:
        return text[before.end : start].strip() not in ("-", "–")
    return not _LOST_SPACE.search(text, max(0, start - 10), start)


def _read(text: str, match: re.Match[str], floor: int) -> Numeral | None:
    words = " ".join(match[0].lower().split())
    numeral = Numeral(match.start(), match.start(), match.end(), None, None, None, digits=words[0].isdigit())
    first = words.partition(" ")[0].partition("-")[0]
    fraction = 1.0
    if first in _NEEDS_ARTICLE or first in _SCALES:
        article = _ARTICLE.search(text, max(floor, numeral.start - 28), numeral.start)
        if article:
            numeral.start = article.start()
            words = f"{article[2].lower()} {words}" if article[2] else words
            fraction = _FRACTIONS[article[1].lower()] if article[1] else 1.0
        elif first in _NEEDS_ARTICLE:
            return None  # `few protesters`
        if words == "couple" and not text.startswith(" of ", numeral.end):
            return None  # `a couple was arrested`
    vague = _vague(words)
    if vague:
        numeral.low, numeral.high = vague
    else:
        shared = _SHARED_SCALE.match(text, numeral.end) if numeral.digits else None
        value = _value(f"{words} {shared[1]}" if shared and words[-1].isdigit() else words)
        if value is None:
            return None
        numeral.best = round(value * fraction)
    return _with_bounds(text, numeral, floor)


def _value(words: str) -> int | None:
    """Return the value of a number in digits or in words; None if the words do not form a number (`two three`)."""
    if words[0].isdigit():
        mantissa, scale = cast(re.Match[str], re.match(r"([\d,.]*\d)[\s-]?(\w*)", words)).groups()
        if "." in mantissa and not scale:
            return None
        value = round(float(mantissa.replace(",", "")) * _SCALES.get(scale, 1))
        return value if value < _LIMIT else None
    total = current = 0
    for word in re.findall(r"[a-z]+", words):
        number, scale = NUMBER_WORDS.get(word), _SCALES.get(word, 1)
        if number is not None:
            if current % 10 or (current % 100 and number >= 10):
                return None
            current += number
        elif scale in (12, 100):
            current = (current or 1) * scale
        elif scale > 1:
            total, current = total + (current or 1) * scale, 0
    return total + current if total + current < _LIMIT else None


def _vague(words: str) -> tuple[int, int | None] | None:
    """Return the bounds of `dozens`, `several hundred`, `tens of thousands`."""
    table = _table()["words"]
    if words in table:
        low, high = table[words]
        return low, high
    head, _, unit = words.partition(" ")
    factor = _table()["units"].get(unit)
    return (table[head][0] * factor, table[head][1] * factor) if head in table and factor else None


def _with_bounds(text: str, numeral: Numeral, floor: int) -> Numeral:
    """Set the bounds by the modifier before a number (`at least`, `up to`, `about`) or after it (`or more`)."""
    before = text[max(floor, numeral.start - 28) : numeral.start]
    last = before.replace("-", " ").replace(",", " ").split()[-1:]
    modifier = _MODIFIER.search(before) if last and last[0].lower() in _MODIFIER_ENDS else None
    after = _OR_MORE.match(text, numeral.end)
    if modifier:
        numeral.start -= len(before) - modifier.start()
        numeral.bound = cast(Bound, {"least": "at least", "most": "at most"}.get(modifier.lastgroup or "", "about"))
    elif after:
        numeral.end, numeral.bound = after.end(), "at least" if after[1] else "about"
    elif numeral.best is None:
        numeral.bound = "about"
    if numeral.best is None:
        numeral.high = None if numeral.bound == "at least" else numeral.high
        return numeral
    slack = 0
    if numeral.bound == "about":
        zeros = len(str(numeral.best)) - len(str(numeral.best).rstrip("0"))
        slack = min(int(_table()["rounding"] * 10**zeros), numeral.best)
    numeral.low = None if numeral.bound == "at most" else numeral.best - slack
    numeral.high = None if numeral.bound == "at least" else numeral.best + slack
    return numeral


def _range(text: str, first: Numeral, second: Numeral, floor: int) -> Numeral | None:
    """Merge two numbers into a range (`between 10 and 15`, `10 to 15`, `10-15`), whose best value is the lower one."""
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
