"""The word lists by which names are recognised, read from `data/`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal

from corpus_tools.nltk_fast.punkt import news_punkt

# What a name refers to; "?" if its context decides, "" if it is no name.
Label = Literal["PERSON", "ORG", "PLACE", "OTHER", "?", ""]

_SEEN_LOWER = 1 << 5  # Punkt's flag for a word that occurs in lower case within a sentence


def _lines(file: str) -> Iterator[tuple[str, str]]:
    """Yield the `[section]` and the text of each line that is neither a heading nor a comment."""
    section = ""
    for line in files("corpus_tools.layers").joinpath("data", file).read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line[1:-1]
        elif not line.startswith("#"):
            yield section, line


@cache
def _sections() -> dict[str, frozenset[str]]:
    words: dict[str, set[str]] = defaultdict(set)
    for section, line in _lines("name_words.txt"):
        words[section].update([line] if " = " in line else line.split())
    return {section: frozenset(members) for section, members in words.items()}


@cache
def name_words(section: str) -> frozenset[str]:
    """Return the words of a section of `name_words.txt`."""
    return _sections()[section]


def _labelled(section: str) -> dict[str, tuple[Label, str]]:
    """Return label and full form of each entry `NAME = LABEL` or `NAME = LABEL FULL FORM`."""
    entries: dict[str, tuple[Label, str]] = {}
    for line in _sections()[section]:
        name, _, value = line.partition(" = ")
        label, _, full = value.partition(" ")
        entries[name] = (label, full or name)  # type: ignore[assignment]
    return entries


@cache
def known_names() -> dict[str, tuple[Label, str]]:
    """Return label and form of names that look like something else: `Aston Martin` like a person."""
    return _labelled("known names")


@cache
def acronyms() -> dict[str, tuple[Label, str]]:
    """Return label and full form of common acronyms."""
    return _labelled("acronyms")


@lru_cache(maxsize=1 << 16)
def full_form(name: str) -> str:
    """Return the full form of a common acronym, or the name itself.

    Examples
    --------
    >>> full_form("UN"), full_form("Kyiv")
    ('United Nations', 'Kyiv')
    """
    return acronyms().get(name, ("", name))[1]


@cache
def demonyms() -> dict[str, str]:
    """Return the country code of each adjective and people; "" where there is no such country."""
    codes: dict[str, str] = {}
    for _, line in _lines("demonyms.txt"):
        code, *words = line.split()
        for word in words:
            codes[word.replace("-", " ")] = codes[word] = codes[word + "s"] = "" if code == "-" else code
    del codes["Philippines"]  # a country, not the plural of a people
    return codes


@cache
def first_names() -> dict[str, str]:
    """Return `male` or `female` for each first name."""
    sexes: dict[str, str] = {}
    for sex, line in _lines("first_names.txt"):
        if sex != "surname":
            sexes.update((name, sex) for name in line.split() if name not in sexes)
    return sexes


@cache
def surnames() -> frozenset[str]:
    """Return the surnames that are also common words."""
    return frozenset(
        name for section, line in _lines("first_names.txt") if section == "surname" for name in line.split()
    )


@cache
def _capitals() -> dict[str, int]:
    return dict(news_punkt().capitals)


@lru_cache(maxsize=1 << 16)
def is_ordinary(word: str) -> bool:
    """Return whether news texts also write the word in lower case."""
    return bool(_capitals().get(word.lower(), 0) & _SEEN_LOWER)
