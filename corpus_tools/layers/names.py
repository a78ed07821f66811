"""Names in a report: of people, organisations, places and other things, and the one form that stands for each.

One expression finds capitalised words in a row; lists of words and the map tell what they name; then each short form is
given the fullest one that the report has for it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Literal

from corpus_tools.layers.layer import Brat, Conllu, Highlight, HighlightKind, Layer, Row, Shown, Values
from corpus_tools.layers.types import Name, Report
from corpus_tools.nltk_fast.punkt import news_punkt
from corpus_tools.runtime.schema import DOC_ID, END, START, TEXT, WORDS, Column, Table
from corpus_tools.text.gazetteer import Entry, lookup

Label = Literal["PERSON", "ORG", "PLACE", "OTHER", "?", ""]

# Capitals of the Latin alphabet with its extensions, and of Cyrillic and Greek.
_U = "A-Z" + "".join(chr(c) for c in range(0xC0, 0x530) if chr(c).isupper())
# Between the parts of a word with hyphens: Rostov-on-Don, Khak-e-Safed, Garges-les-Gonesse.
_LINK = (
    r"(?:(?:e|i|les|lès|la|le|de|du|des|on|sur|sous|en|aux|au|ul|al|el|a|der|am|upon|in|o|y|ur|by|the|under|to|und|of)"
    r"-)+"
)
# The second syllable of Korean and Chinese given names, which has no capital: Kim Jong-un, Tsai Ing-wen.
_SYLLABLE = (
    r"(?:un|hye|moon|bak|jin|wen|jeou|shek|nam|il|sung|chol|ho|hyun|ok|jae|kyung|su|seok|joo|woo|min|kyun|ahn|soo|sik"
    r"|kwan|hwan|jong|hee|young|ju)\b"
)
_WORD = (
    rf"[{_U}](?<!\w.)(?:\.(?:[{_U}]\.)*(?:[{_U}]\b)?"
    rf"|\w*(?:['’](?!(?:s|m|re|ve|ll|d|t|S)\b)\w+|-(?:{_LINK})?[{_U}\d]\w*|-{_SYLLABLE}|[?\ufffd]+[a-zß-ÿ]\w*)*)"
)
# What stands between the parts of a person's or a place's name.
_PARTICLE = (
    r"(?:(?:de la|de las|de los|de l[ea]?|de|del|della|di|da|do|dos|das|du|des|van de[nr]?|van|von de[nr]?|von|der|den"
    r"|ter|bin|bint|ibn|al|el|ul|y|la|le|ed|ou|zu|af)[ ])?(?:(?:al|el|as|ash|ad|ar|an|at|az|es|ez|ul|ur|d|l)[-'’])?"
)
_ROW = re.compile(rf'{_WORD}(?:[ \u00a0](?:["“][{_U}]\w+["”] )?{_PARTICLE}{_WORD}){{0,11}}')
_DOTTED = frozenset(
    "St Mt Ft Lt Gen Col Sgt Maj Capt Cmdr Adm Gov Sen Rep Dr Mr Mrs Ms Prof Rev Hon Pres Supt Det Insp Cpl Pvt".split()
)
_AFTER = re.compile(r"(?:['’]s?)? ([a-z]+)")
_BRACKET = re.compile(rf" \(((?:the )?[{_U}][{_U}\w&-]{{1,9}})\)")
_NEW_PERSON = ("-year-old ", " named ", " called ", " aged ")
_LOWER_SEEN = 1 << 5  # Punkt's flag for a word seen in small letters within a sentence


@cache
def _words() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    section = ""
    for line in files("corpus_tools.layers").joinpath("data/name_words.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line[1:-1]
        elif " = " in line:
            found[section].add(line)
        elif not line.startswith("#"):
            found[section].update(line.split())
    return {name: frozenset(words) for name, words in found.items()}


@cache
def words(section: str) -> frozenset[str]:
    """Give the words of a section of `name_words.txt`."""
    return _words()[section]


def acronym(name: str) -> str:
    """Give what a common acronym stands for, or the name itself."""
    return _table("acronyms").get(name, ("", name))[1]


@cache
def _table(section: str) -> dict[str, tuple[Label, str]]:
    found: dict[str, tuple[Label, str]] = {}
    for line in _words()[section]:
        name, _, rest = line.partition(" = ")
        label, _, full = rest.partition(" ")
        found[name] = (label, full or name)  # type: ignore[assignment]
    return found


@cache
def demonyms() -> dict[str, str]:
    """Give the country code of each adjective and people; "" where it tells no country."""
    found: dict[str, str] = {}
    for line in files("corpus_tools.layers").joinpath("data/demonyms.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            code, *words = line.split()
            for word in words:
                found[word.replace("-", " ")] = found[word] = found[word + "s"] = "" if code == "-" else code
    del found["Philippines"]  # a country, not several people of one
    return found


@cache
def _first_names() -> dict[str, str]:
    """Give `male` or `female` for each first name."""
    found: dict[str, str] = {}
    sex = ""
    for line in files("corpus_tools.layers").joinpath("data/first_names.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            sex = line[1:-1]
        elif not line.startswith("#"):
            found.update((name, sex) for name in line.split() if name not in found)
    return {name: sex for name, sex in found.items() if sex != "surname"}


@cache
def _surnames() -> frozenset[str]:
    """Give the surnames that are words, too."""
    text = files("corpus_tools.layers").joinpath("data/first_names.txt").read_text(encoding="utf-8")
    return frozenset(text.partition("[surname]")[2].split())


@cache
def _capitals() -> dict[str, int]:
    return dict(news_punkt().capitals)


@lru_cache(maxsize=1 << 16)
def _ordinary(word: str) -> bool:
    """Tell whether news write the word in small letters too."""
    return bool(_capitals().get(word.lower(), 0) & _LOWER_SEEN)


@dataclass(slots=True)
class _Piece:
    """A stretch of capitalised words, and what is known of it."""

    start: int
    end: int
    label: Label
    titled: str  # the title before it
    initial: bool  # at the start of a sentence or quotation


def find_names(report: Report) -> list[Name]:
    """Find the names of people, organisations, places and other things.

    Titles are no part of a person's name. Nationalities, languages, days and months are no names.

    Parameters
    ----------
    report
        A report; its header and dateline are searched too.

    Returns
    -------
    Names in the order of the text, none within another. `name` is the fullest form that the report has: a surname is
    given the full name that ends with it, an acronym what stands before it in brackets.

    Examples
    --------
    >>> text = "President Volodymyr Zelensky came to Kyiv. Zelensky thanked the EU."
    >>> for name in find_names(Report(text, None, 0, [(0, 42), (43, 67)])):
    ...     print(name.label, name.name)
    PERSON Volodymyr Zelensky
    PLACE Kyiv
    PERSON Volodymyr Zelensky
    ORG European Union
    """
    text = report.text
    starts = {a for a, _ in report.sentences}
    pieces = [
        _Piece(a + start, a + end, label, title, start == 0 and initial)
        for a, b, initial in _rows(text, starts)
        for start, end, label, title in _parse(text[a:b], initial)
    ]
    people = _people(text, pieces)
    _decide(text, pieces, people)
    _dateline(report, pieces)
    return _canonical(text, [p for p in pieces if p.label], people)


# ---- Rows of capitals --------------------------------------------------------------------------------------------


def _rows(text: str, starts: set[int]) -> Iterator[tuple[int, int, bool]]:
    """Give capitalised words in a row, and whether a sentence begins with them.

    They are joined over `of`, `for`, `'s` and the full stop of `St.` where one name goes on.
    """
    a = b = -1
    plain = words("function")  # `The`, `He`: most rows are no more than these
    for match in _ROW.finditer(text):
        if match[0] in plain:
            continue
        start, end = match.span()
        if start and text[start - 1] == "-":
            start -= _article(text, start, end)
        if end - start > _LONGEST:
            continue
        near = b >= 0 and text[b:start] in _GAPS and end - a <= _LONGEST
        if near and _joined(text[a:b], text[b:start], text[start:end]):
            b = end
            continue
        if b >= 0:
            yield a, b, _initial(text, a, starts)
        a, b = start, end
    if b >= 0:
        yield a, b, _initial(text, a, starts)


def _article(text: str, at: int, end: int) -> int:
    """Give the length of the Arabic article that belongs to a place's name: `al-Bab`, but `al-|Rimi`."""
    article = text[max(0, at - 5) : at - 1].rpartition(" ")[2]
    on_map = article in _ARTICLES and lookup(text[at - len(article) - 1 : end].partition(" ")[0])
    return len(article) + 1 if on_map else 0


_ARTICLES = frozenset("al el as ash ad ar an at az ez es".split())
_LONGEST = 160  # letters of a name
_GAPS = frozenset((" of ", " of the ", " for ", " for the ", " and ", " and the ", " in ", " in the "))
_GAPS |= {". ", "'s ", "’s ", " & ", " the "}


def _joined(left: str, gap: str, right: str) -> bool:
    last, head = left.rpartition(" ")[2], right.partition(" ")[0]
    gap = gap.strip().removesuffix(" the")
    if gap == "the":
        return f"{left} the {right}" in _table("known names")  # Save the Children
    if gap == "and":
        return _goes_on(left, head, right)
    if gap == "in":
        return left.endswith("Qaeda") or (" for " in left and " and " in left)
    if gap in ("'s", "’s"):
        # `Sheriff's Office`, `Children's Fund`, `St Mary's Hospital`, but not `Russia's Ministry`
        return last in words("titles") or last in words("owners") or left.rpartition(" ")[0].endswith(("St", "St."))
    if gap in (".", "&"):
        return gap == "&" or last in _DOTTED
    office = last in words("portfolios") and head in words("before titles")
    return office or last in words("organisation heads") or (gap == "of" and last in words("of places"))


def _goes_on(left: str, head: str, right: str) -> bool:
    """Tell `Organization for Security and Co-operation` from `Bank of England and Treasury`."""
    if "Islamic State of " in left:
        return True
    return (" for " in left or " of " in left) and not lookup(right) and _ordinary(head)


def _initial(text: str, at: int, starts: set[int]) -> bool:
    """Tell whether a sentence, a quotation or a line begins here, where any word has a capital."""
    if at in starts or at < 2:
        return True
    before = text[at - 1]
    return (text[at - 2] if before == " " else before) in _OPENERS


_OPENERS = frozenset("\"“'‘.!?:•—\n([;* ")


# ---- What a row says by itself -----------------------------------------------------------------------------------

_Found = tuple[int, int, Label, str]  # start, end, label, title before it
_Tokens = list[tuple[str, int, int]]
_NO_SPACE = re.compile(r"[^ \u00a0]+")


@lru_cache(maxsize=1 << 16)
def _parse(row: str, initial: bool) -> tuple[_Found, ...]:
    """Divide a row into names with labels and the titles before them.

    The label of a single word is "?", since its place in the report decides.
    """
    tokens = [(_undotted(m.group()), m.start(), m.end()) for m in _NO_SPACE.finditer(row)]
    return tuple(_divide(tokens, row, initial))


def _undotted(token: str) -> str:
    return token[:-1] if token[-1] == "." and token[:-1] in _DOTTED else token


def _divide(tokens: _Tokens, row: str, initial: bool) -> list[_Found]:
    while tokens and tokens[0][0] in words("function"):
        tokens, initial = tokens[1:], False
    while len(tokens) > 1 and tokens[-1][0] in words("calendar"):
        tokens = tokens[:-1]
    if not tokens:
        return []
    if len(tokens) == 1:
        return _hyphened(*tokens[0])
    for rule in (_broken, _peoples, _whole, _titled, _after_country, _begins):
        found = rule(tokens, row, initial)
        if found is not None:
            return found
    return _plain(tokens, row)


def _broken(tokens: _Tokens, row: str, initial: bool) -> list[_Found] | None:
    """Divide where a full stop was lost: `West Yorkshire The High Court`."""
    at = next((i for i, (t, *_) in enumerate(tokens) if i and t in words("function")), 0)
    if not at:
        return None
    left = [t for t in tokens[:at] if t[0] != "&"]
    return _divide(left, row, initial) + _divide(tokens[at + 1 :], row, False)


def _peoples(tokens: _Tokens, row: str, _: bool) -> list[_Found] | None:
    """Drop `Sierra Leonean`, and `D-Rhode Island` behind a senator."""
    if _PARTISAN.fullmatch(tokens[0][0]):
        return []
    return _divide(tokens[2:], row, False) if _spell(tokens[:2], row) in demonyms() else None


def _whole(tokens: _Tokens, row: str, _: bool) -> list[_Found] | None:
    label = _label(tokens, row)
    return [(tokens[0][1], tokens[-1][2], label, "")] if label else None


def _after_country(tokens: _Tokens, row: str, _: bool) -> list[_Found] | None:
    """Divide `Sierra Leone Ann Other`, and `EU Ann Other`."""
    front = lookup(_spell(tokens[:2], row)) if len(tokens) > 2 else ()
    if front and front[0].kind == "country":
        return [(tokens[0][1], tokens[1][2], "PLACE", ""), *_divide(tokens[2:], row, False)]
    if tokens[0][0] in _table("acronyms"):
        return [(*tokens[0][1:], "?", ""), *_divide(tokens[1:], row, False)]
    return None


def _begins(tokens: _Tokens, row: str, initial: bool) -> list[_Found] | None:
    """Drop a nationality, and an ordinary word that begins a sentence."""
    first = tokens[0][0]
    if first in words("directions") and tokens[1][0] in demonyms():
        return _divide(tokens[2:], row, False)
    if first.partition("-")[0] in demonyms() or (initial and _ordinary(first) and first not in _first_names()):
        return _divide(tokens[1:], row, False)
    return None


def _hyphened(token: str, a: int, b: int) -> list[_Found]:
    """Take `Dungarvan-Waterford` and `US-Mexico` apart where the map knows the parts and not the whole."""
    parts = token.split("-")
    if len(parts) == 2 and not lookup(token) and all(p in _table("acronyms") or _large(p) for p in parts):
        return [(a, a + len(parts[0]), "?", ""), (b - len(parts[1]), b, "?", "")]
    return [(a, b, "?", "")]


def _large(word: str) -> bool:
    found = lookup(word)
    return bool(found) and found[0].population >= _LARGE // 10 and not found[0].variant


def _spell(tokens: _Tokens, row: str) -> str:
    return row[tokens[0][1] : tokens[-1][2]]


def _place(tokens: _Tokens, row: str) -> bool:
    """Tell whether the words together are on the map, and are not more likely a person."""
    found = lookup(_spell(tokens, row))
    if not found:
        return False
    first = tokens[0][0]
    if row.isupper() and found[0].population < _LARGE:
        return False
    return first not in words("titles") and (first not in _first_names() or found[0].population >= _LARGE)


_LARGE = 100_000  # people: a place that a report may name with no word of where it is


def _label(tokens: _Tokens, row: str) -> Label:
    """Label a row of two words or more by the lists, the map, or the word that says what it is; "" if none does."""
    name = _spell(tokens, row)
    texts = [t for t, *_ in tokens]
    if name in _table("known names"):
        return _table("known names")[name][0]
    federal = texts[1] == "District" and texts[0] in words("directions")  # Southern District of New York
    if federal or "Qaeda" in name or name.startswith("Islamic State "):
        return "ORG"
    if "of" in texts or "for" in texts:
        return _label_of(tokens, texts, row)
    return "PLACE" if _place(tokens, row) else _label_by_head(tokens, texts, row)


def _label_of(tokens: _Tokens, texts: list[str], row: str) -> Label:
    """Label `Bank of England`, `Gulf of Aden`, `Road of Life` by the word before `of`, then by the map."""
    at = min(texts.index(w) for w in ("of", "for") if w in texts)
    head, rest = texts[at - 1], tokens[at + 1 :]
    if head in words("titles"):
        return ""
    if head in words("organisation heads") and head not in words("of places"):
        return "ORG"
    sure = head in words("waters") or lookup(_spell(tokens, row)) or (rest and lookup(_spell(rest, row)))
    return "PLACE" if sure else "OTHER"


def _label_by_head(tokens: _Tokens, texts: list[str], row: str) -> Label:
    first, last = texts[0], texts[-1]
    titled = any(t in words("titles") for t in texts[:-1])
    if last in words("surname heads") and (titled or first in _first_names()):
        return ""
    if last in words("organisation heads") or texts[-2] in ("Garda", "Police"):
        return "ORG"
    by_head = last in words("place heads") and first not in demonyms() and _is_place_by_head(texts)
    by_side = first in words("directions") and last not in words("place heads") and _known(tokens[1:], row)
    by_end = last in words("sides") and _known(tokens[:-1], row)
    by_start = first in words("place heads before") and not titled and not lookup(" ".join(texts[:-1]))
    return "PLACE" if by_head or by_side or by_end or (by_start and len(texts) <= _LONGEST_PLACE) else ""


_LONGEST_PLACE = 4  # words


def _is_place_by_head(texts: list[str]) -> bool:
    if texts[-1] in words("place heads sure"):
        return True
    return any(not _ordinary(t) for t in texts[:-1]) and not any(t in words("titles") for t in texts[:-1])


def _known(tokens: _Tokens, row: str) -> bool:
    found = lookup(_spell(tokens, row))
    return bool(found) and not found[0].variant and (found[0].population >= _LARGE // 2 or found[0].rank == 1)


def _titled(tokens: _Tokens, row: str, initial: bool) -> list[_Found] | None:
    """Take a title and what stands before it off the person: `Texas Governor|Greg Abbott`."""
    title = max((i for i, (t, *_) in enumerate(tokens) if t in words("titles")), default=-1)
    if title < 0:
        return None
    begin = title
    while begin and (tokens[begin - 1][0] in words("titles") or tokens[begin - 1][0] in words("before titles")):
        begin -= 1
    body = tokens[begin][0] in words("bodies")
    found = _employer(tokens[:begin], row, initial, body)
    person = _without_office(tokens[title + 1 :])
    if person:
        organisation = len(person) > 1 and _label(person, row) == "ORG"
        label: Label = "ORG" if organisation else "PERSON"
        found.append((person[0][1], person[-1][2], label, tokens[title][0]))
    return found


def _without_office(person: _Tokens) -> _Tokens:
    """Drop what goes on with the title: `of State`, `for Expenditure and Reform`."""
    while person and (person[0][0] in words("office") or (len(person) > 1 and person[0][0] in words("before titles"))):
        person = person[1:]
    while len(person) > 2 and not _is_name(person[0][0]):
        person = person[1:]
    return person if len(person) != 1 or _is_name(person[0][0]) else []


def _employer(before: _Tokens, row: str, initial: bool, body: bool) -> list[_Found]:
    """Give the place or organisation before a title; not `Lee` of `Lee County Sheriff`, which is its body's name."""
    while before and not _known(before, row) and _no_employer(before):
        before = before[1:]
    if not before:
        return []
    if not body and _known(before, row) and _spell(before, row) not in _table("acronyms"):
        return [(before[0][1], before[-1][2], "PLACE", "")]
    many = len(before) > 1 or body
    return [found for found in _divide(before, row, initial) if found[2] == "ORG"] if many else []


def _no_employer(before: _Tokens) -> bool:
    first, last = before[0][0], before[-1][0]
    return first in demonyms() or first in words("never") or last in demonyms()


def _is_name(word: str) -> bool:
    return not _ordinary(word) or word in _surnames() or word in _first_names() or word in words("known people")


def _plain(tokens: _Tokens, row: str) -> list[_Found]:
    """Label what no list knows: a person, a place with something of its own, or a thing."""
    texts = [t for t, *_ in tokens]
    a, b = tokens[0][1], tokens[-1][2]
    known = _known(tokens[:1], row)
    rest = lookup(_spell(tokens[1:], row))
    if known and rest and rest[0].kind == "other":  # London Heathrow
        return [(a, b, "PLACE", "")]
    if known and len(tokens) > 2 and texts[0] not in _first_names() and _like_person(texts[1:]):
        return [(a, tokens[0][2], "PLACE", ""), (tokens[1][1], b, "PERSON", "")]  # Ambassador to Syria Ann Other
    return [(a, b, "PERSON" if _like_person(texts) else "OTHER", "")]


_INITIAL = re.compile(rf"(?:[{_U}]\.?)+")


def _like_person(texts: list[str]) -> bool:
    if len(texts) > _LONGEST_PERSON or any(map(_no_name, texts)) or all(t.isupper() and "." not in t for t in texts):
        return False
    if texts[0] in _first_names():
        return texts[1] not in words("organisation heads") or texts[1] in words("surname heads")
    if any(texts[0] in words(w) for w in ("not people", "never", "organisations", "directions")) or _famous(texts[0]):
        return False
    if any(t in _first_names() for t in texts[:-1]):
        return True
    *most, last = [t for t in texts if t[0].isupper() and not _INITIAL.fullmatch(t)] or texts[-1:]
    return not any(map(_ordinary, most)) and (last in _surnames() or not _ordinary(last)) and not _lands(last)


_LONGEST_PERSON = 6  # words


def _no_name(word: str) -> bool:
    return word[0].isdigit() or (len(word) > 2 and word.isupper() and "." not in word)


def _famous(word: str) -> bool:
    found = lookup(word)
    return bool(found) and found[0].population >= 10 * _LARGE


def _lands(word: str) -> bool:
    found = lookup(word)
    return bool(found) and (found[0].kind == "country" or not found[0].code)


# ---- What its place in the report says -----------------------------------------------------------------------------


@dataclass(slots=True)
class _People:
    """The people whom the report names in full, by the last word and by the first."""

    by_last: dict[str, list[str]]
    by_first: dict[str, list[str]]

    def add(self, name: str) -> None:
        """Add a full name."""
        namesakes = self.by_last.setdefault(_last(name), [])
        if name not in namesakes and len(namesakes) < _NAMESAKES:
            namesakes.append(name)
            self.by_first.setdefault(name.partition(" ")[0], []).append(name)


_PREFIX = re.compile(r"^(?:al|el|as|ash|ad|ar|an|at|az|Al|El)-")


def _last(name: str) -> str:
    parts = [w for w in name.split(" ") if w not in ("Jr", "Sr", "III", "II")]
    return _PREFIX.sub("", parts[-1] if parts else name)


_NAMESAKES = 20  # people of one surname; more are kept apart in no report


def _people(text: str, pieces: list[_Piece]) -> _People:
    found = _People({}, {})
    for piece in pieces:
        if piece.label == "PERSON" and " " in (name := text[piece.start : piece.end]):
            found.add(name)
    for one, other in pairwise(pieces):
        if one.label == "?" and other.label == "PERSON" and text[one.end : other.start] == " and ":
            first, both = text[one.start : one.end], text[other.start : other.end]
            if first in _first_names() and both.partition(" ")[0] in _first_names():
                found.add(f"{first} {_last(both)}")  # Peter and Tracey Wilkinson
    return found


def _decide(text: str, pieces: list[_Piece], people: _People) -> None:
    """Label the single words by what stands around them, then every mention as the first one that was sure."""
    previous: _Piece | None = None
    for piece in pieces:
        word = text[piece.start : piece.end]
        after_place = previous is not None and previous.label == "PLACE" and text[previous.end : piece.start] in _LISTS
        if piece.label == "?":
            piece.label = _single(text, piece, word, people, after_place)
        elif piece.label in ("PERSON", "OTHER") and not piece.titled and _is_named_place(text, piece, word):
            piece.label = "PLACE"
        if piece.label:
            previous = piece
    _agree(text, pieces)


def _dateline(report: Report, pieces: list[_Piece]) -> None:
    """Take the dateline's capitals for the place that they are: KYIV is no organisation."""
    for piece in pieces:
        if piece.end > report.body_start:
            break
        place = report.place and report.text[piece.start : piece.end].casefold() == report.place.casefold()
        if place and lookup(report.place or ""):
            piece.label = "PLACE"


def _agree(text: str, pieces: list[_Piece]) -> None:
    """Let a name be a place everywhere or nowhere; now and then `in Barbie` does not make one of her."""
    places = Counter(text[p.start : p.end] for p in pieces if p.label == "PLACE")
    others = Counter(text[p.start : p.end] for p in pieces if p.label == "OTHER")
    for piece in pieces:
        if piece.label not in ("PLACE", "OTHER"):
            continue
        word = text[piece.start : piece.end]
        if word.startswith(("St ", "St. ")) and text.startswith(("'s ", "’s "), piece.end):  # St Patrick's Day
            piece.label = "OTHER"
        elif word in places and word in others:
            piece.label = "PLACE" if places[word] >= others[word] or lookup(word) else "OTHER"


def _is_named_place(text: str, piece: _Piece, word: str) -> bool:
    """Tell the places among what looks like people: `Charles de Gaulle airport`, `in Khirbet Ghazaleh`."""
    if text.startswith(" ", piece.end) and word_after(text, piece.end) in words("generic after"):
        return piece.label == "PERSON" or word_before(text, piece.start) in words("locatives")
    weak = piece.label == "PERSON" and word.partition(" ")[0] not in _first_names()
    return weak and word_before(text, piece.start) in ("in", "near")


_LISTS = frozenset((", ", " and ", " or ", "/", ", and ", " & ", "-", "–", " - ", " to "))


def word_before(text: str, at: int) -> str:
    """Give the word before a place, the article left out: `town` of `the town of Bucha`."""
    before = text[max(0, at - _NEAR) : at]
    if before[-1:] != " ":
        return ""
    *further, last = before.split(" ")[:-1]
    if last in ("the", "The"):
        last = further.pop() if further else ""
    if last == "of" and further and further[-1] in words("generic before"):
        return further[-1]
    return last.lower().removesuffix("'s").removesuffix("’s")


_NEAR = 28  # letters


def word_after(text: str, at: int) -> str:
    """Give the word after it if it has a small letter; "" if it has none."""
    match = _AFTER.match(text, at, at + 24)
    return match.group(1) if match else ""


@lru_cache(maxsize=1 << 16)
def _always(word: str) -> Label:
    """Label a single word that needs no look at its place: "" for no name, "?" if its place decides."""
    if word in _table("acronyms"):
        return "?" if _table("acronyms")[word][0] == "PLACE" else _table("acronyms")[word][0]
    if word in _ARTICLED or _ROADS.fullmatch(word):
        return "?"
    start = word.partition("-")[0]
    no_name = any(word in words(w) or start in words(w) for w in ("never", "function", "titles", "calendar"))
    if no_name or word in demonyms() or start in demonyms() or len(word) == 1 or _PARTISAN.fullmatch(word):
        return ""
    return "ORG" if word in words("organisations") else "?"


_PARTISAN = re.compile(r"[DR]-\w+")  # D-Mass.


def _single(text: str, piece: _Piece, word: str, people: _People, after_place: bool) -> Label:
    always = _always(word)
    if always != "?":
        return always
    article = text.startswith(("the ", "The "), max(0, piece.start - 4))
    if word in _ARTICLED:
        return "PLACE" if article else ""
    if word in _table("acronyms"):
        return "" if _attributive(text, piece.start, piece.end) else "PLACE"
    before, after = word_before(text, piece.start), word_after(text, piece.end)
    where = _Where(before, after, after_place, piece.initial, article)
    found = lookup(word)
    of_state = found and found[0].kind == "country" and _OF_STATE.match(text, piece.end)
    if not of_state and _is_person(word, people, found, where):
        return "PERSON"
    road = _ROADS.fullmatch(word) and (word[0] == "I" or before in words("along"))
    return "PLACE" if road or (found and _is_place(text, piece, word, found, where)) else _unknown(word, where)


# `Jordan's army` is the country's, whoever else is called Jordan.
_OF_STATE = re.compile(
    r"['’]s (?:[a-z]+ )?(?:King|Queen|Prince|President|Prime|Foreign|Interior|Defen[cs]e|army|military|government|"
    r"capital|parliament|president|prime|foreign|interior|defen[cs]e|ministry|embassy|ambassador|king|queen|border|economy)\b"
)


def _is_person(word: str, people: _People, found: tuple[Entry, ...], where: _Where) -> bool:
    """Tell whether the report, or everybody, knows a person of that name; a large place may bear it too."""
    large = bool(found) and found[0].population >= _LARGE
    if large and (where.locative or (found[0].kind == "country" and word not in _first_names())):
        return False
    return word in people.by_last or word in people.by_first or word in words("known people")


@dataclass(slots=True)
class _Where:
    """What stands around a word."""

    before: str  # the word before it, the article left out
    after: str
    after_place: bool  # in a list
    initial: bool  # a sentence begins with it
    article: bool

    @property
    def locative(self) -> bool:
        return self.before in _IN or self.after in words("generic after") or self.before in words("generic before")

    @property
    def loosely(self) -> bool:
        return self.locative or self.after_place or self.before in words("locatives")


_IN = frozenset("in near outside around across throughout inside".split())
_SMALL = 5000  # people: a place that the word `from` or `to` before it is enough for
_ROADS = re.compile(r"I-\d{1,3}|[AMN]\d{1,3}")
_ARTICLED = frozenset(
    "West Horn Gulf Pacific Atlantic Arctic Highlands Midlands Caribbean Emirates Levant Riviera".split()
)


def _is_place(text: str, piece: _Piece, word: str, found: tuple[Entry, ...], where: _Where) -> bool:
    best = found[0]
    if word.isupper() and len(word) <= 4:  # NATO, CIA: the map has villages of such names
        return False
    spoke = word in _first_names() and where.after in words("speech")
    if best.kind == "country":
        return not (spoke and where.initial)
    if word in words("other names"):
        return where.locative and best.population >= _LARGE and not _ordinary(word)
    if best.population >= (_LARGE if not best.variant else 10 * _LARGE):
        return where.loosely or not (_ordinary(word) or spoke)
    following = _ROW.match(text, piece.end + 2) if text.startswith(", ", piece.end) else None
    if following and lookup(following.group()):
        return True
    return _is_small_place(word, best, where)


def _is_small_place(word: str, best: Entry, where: _Where) -> bool:
    """Tell whether the words around it make a place of what could be a surname, too."""
    if word in _first_names() or _ordinary(word) or where.initial:
        return where.locative and not where.initial
    if where.after in words("events") or where.locative:
        return True
    return where.loosely and (where.after_place or best.population >= _SMALL)


_ADJECTIVES = ("ian", "ians", "ese", "ean", "ish", "ists", "ism", "ist")


def _unknown(word: str, where: _Where) -> Label:
    if _ordinary(word):
        return ""
    if word.isupper():
        return "ORG"
    if where.locative and not where.initial and where.after not in words("things"):
        sure = where.after in words("generic after") or not (where.article or word.endswith(_ADJECTIVES))
        return "PLACE" if sure else "OTHER"
    return "PERSON" if where.after in words("speech") and word in _first_names() else "OTHER"


_ATTRIBUTE = re.compile(r"([-‐–/]?)(?:[ \u00a0]([\w]+))?")


def _attributive(text: str, start: int, end: int) -> bool:
    """Tell `US military` from `in the US`: a noun after it makes it an adjective."""
    if text[start - 1 : start] == "-" or text.startswith(("'s", "’s"), end):
        return False
    match = _ATTRIBUTE.match(text, end)
    hyphen, word = match.groups() if match else ("", "")
    if hyphen:
        return bool(hyphen != "/")
    if not word or word in words("clause"):
        return False
    # the US launched, but: US armed forces
    return not word.endswith("ed") or word in ("armed", "based", "backed", "led")


# ---- The one form ----------------------------------------------------------------------------------------------------


def _canonical(text: str, pieces: list[_Piece], people: _People) -> list[Name]:
    short: dict[str, str] = {}
    for piece in pieces:
        if piece.label in ("ORG", "OTHER", "PLACE"):
            match = _BRACKET.match(text, piece.end) if text.startswith(" (", piece.end) else None
            if match and " " in text[piece.start : piece.end]:
                short[match.group(1)] = text[piece.start : piece.end]
    found: list[Name] = []
    known: dict[tuple[str, str], str] = {}
    for piece in pieces:
        name = text[piece.start : piece.end]
        if piece.label == "PERSON":
            mention = (name, piece.titled)
            full = known.get(mention) or _full_name(text, piece, name, people)
            if " " in name or _last(name) in people.by_last:  # a first name may be another's the next time
                known[mention] = full
        else:
            full = short.get(name) or _table("acronyms").get(name, ("", name))[1]
        found.append(Name(piece.start, piece.end, piece.label, full))  # type: ignore[arg-type]
    return found


_SEX = dict.fromkeys(("Mr", "Sir", "Lord"), "male") | dict.fromkeys(("Mrs", "Ms", "Miss", "Dame"), "female")


def _full_name(text: str, piece: _Piece, name: str, people: _People) -> str:
    parts = name.split(" ")
    candidates = people.by_last.get(_last(name), [])
    if len(parts) == 1 and not candidates:
        if text[max(0, piece.start - 12) : piece.start].endswith(_NEW_PERSON):
            return name
        candidates = people.by_first.get(name, [])
        if text.startswith(" and ", piece.end) and candidates:
            return candidates[-1]
    elif len(parts) > 1:
        candidates = [c for c in candidates if _same(parts, c.split(" "))]
    elif len(candidates) > 1 and piece.titled in _SEX:
        sexes = [(c, _first_names().get(c.partition(" ")[0])) for c in candidates]
        candidates = [c for c, sex in sexes if sex == _SEX[piece.titled]] or [c for c, sex in sexes if not sex]
    longest = max(candidates, key=len, default=name)
    # two people of one surname: as written
    return longest if all(_same(c.split(" "), longest.split(" ")) for c in candidates) else name


def _same(short: list[str], full: list[str]) -> bool:
    """Tell whether one name can be short for the other: `John Kelly`, `John F. Kelly`; `Le Roux`, `Bruno Le Roux`."""
    if len(short) > len(full):
        short, full = full, short
    if full[-len(short) :] == short:
        return True
    return short[0] == full[0] and _last(short[-1]) == _last(full[-1])


# ---- the layer -------------------------------------------------------------------------------------------------------

TABLE = Table(
    "names",
    "annotate",
    "One row per mention of a named person, organisation, place or other thing, in header, dateline or body.",
    {
        "doc_id": DOC_ID,
        "start": START,
        "end": END,
        "text": WORDS,
        "label": Column(TEXT, "What the name refers to: PERSON, ORG (an organisation), PLACE or OTHER."),
        "name": Column(
            TEXT,
            "Fullest form of the name within the report (a surname becomes the full name), or the full form of a "
            "common acronym; as written where there is no fuller form or it is ambiguous.",
        ),
    },
    ("doc_id", "start", "end"),
)


_KINDS = {"PERSON": "person", "ORG": "org", "PLACE": "place"}
_KIND_LABELS = {"person": "person", "org": "organisation", "place": "place", "name": "other name"}


def _row(report: Report, n: Name) -> Values:
    return report.doc_id, n.start, n.end, report.text[n.start : n.end], n.label, n.name


def _highlights(row: Row, _number: int, _text: str) -> Iterator[Highlight]:
    kind = _KINDS.get(row["label"], "name")
    yield Highlight(kind, row["start"], row["end"], (f"{row['name']} ({_KIND_LABELS[kind]})",))


LAYER = Layer(
    table=TABLE,
    find=lambda marks: find_names(marks.report),
    row=_row,
    shown=Shown(
        kinds=(
            HighlightKind("person", "person", 50),
            HighlightKind("org", "organisation", 51),
            HighlightKind("name", "other name", 52),
        ),
        highlights=_highlights,
    ),
    conllu=Conllu("NE", "label"),  # the key that spaCy's converter reads
    brat=Brat(entities=("PERSON", "ORG", "PLACE", "OTHER"), notes=("name",)),
)
