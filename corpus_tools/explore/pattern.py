"""What a reader types, turned into words to look for: wildcards, regular expressions, lemmas, several words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from corpus_tools.errors import InputError

Match = Literal["glob", "regex", "fixed"]
Unit = Literal["word", "lemma"]
Bools = npt.NDArray[np.bool_]
_WILD = re.compile(r"[*?]")
# A word that the tokeniser may cut: one that holds more than letters, digits and inner hyphens.
_PLAIN = re.compile(r"\w+(?:-\w+)*")


@dataclass(frozen=True)
class Pattern:
    """One or more sequences of words, each word as a regular expression that takes in a whole word.

    Attributes
    ----------
    sequences
        What may stand there, each a tuple of words in the order of the text.
    unit
        Whether they are words as written, or lemmas.
    case
        Whether capitals count.
    typed
        What the reader typed, for headings.
    """

    sequences: tuple[tuple[str, ...], ...]
    unit: Unit
    case: bool
    typed: str

    def takes(self, vocabulary: pl.Series) -> list[list[Bools]]:
        """Say for each word of each sequence which words of a vocabulary it takes in: arrays (words,).

        The vocabulary has straight apostrophes, and no capitals unless they count.
        """
        return [[_contains(vocabulary, word).to_numpy() for word in words] for words in self.sequences]


def parse(typed: str | Iterable[str], match: Match = "glob", unit: Unit = "word", *, case: bool = False) -> Pattern:
    r"""Read what a reader typed.

    Parameters
    ----------
    typed
        Words with a space between stand one after the other; of several texts any one may.
    match
        "glob": `*` stands for any letters and `?` for one, and a word that is nothing but `*` for any word. "regex":
        each word is a regular expression (of Rust's crate regex) for the whole of a word. "fixed": as it stands.
    unit
        "word" looks among the words as written, "lemma" among their dictionary forms.
    case
        Whether capitals count.

    Raises
    ------
    InputError
        If nothing is looked for, or an expression cannot be read.

    Examples
    --------
    >>> parse("evacuat* from").sequences
    (('evacuat.*', 'from'),)
    >>> parse(["can't", "U.S."]).sequences
    (('ca', "n't"), ('u\\.s\\.',))
    """
    texts = [typed] if isinstance(typed, str) else list(typed)
    sequences = tuple(tuple(_expression(word, match, case=case) for word in _words(text, match)) for text in texts)
    if not sequences or not all(sequences):
        raise InputError("pattern", "no word to look for", "type a word, such as `evacuat*` or `peace talks`")
    found = Pattern(sequences, unit, case, " | ".join(" ".join(text.split()) for text in texts))
    found.takes(pl.Series([""]))  # an expression that cannot be read is said before the corpus is
    return found


def _words(text: str, match: Match) -> list[str]:
    words: list[str] = []
    for word in text.replace("’", "'").split():
        whole = match == "regex" or (match == "glob" and _WILD.search(word)) or _PLAIN.fullmatch(word)
        words += [word] if whole else _cut(word)
    return words


def _cut(word: str) -> list[str]:
    """Cut a word as the text is cut: `can't` is two tokens."""
    from nltk.tokenize import NLTKWordTokenizer  # noqa: PLC0415 (half a second that few queries need)

    # The last full stop of a sentence stands alone; here it belongs to the word.
    found = NLTKWordTokenizer().tokenize(word + " x")
    return [str(token) for token in found[:-1]]


def _expression(word: str, match: Match, *, case: bool) -> str:
    if match == "regex":
        return word if case else f"(?i){word}"
    word = word if case else word.lower()
    return re.escape(word) if match == "fixed" else _wild(word)


def glob(name: str) -> str:
    """Turn a name with wildcards into a regular expression for all of it; capitals do not count.

    Examples
    --------
    >>> glob("*Trump")
    '(?i)^(?:.*Trump)$'
    """
    return f"(?i)^(?:{_wild(name)})$"


def _wild(word: str) -> str:
    return "".join({"*": ".*", "?": "."}.get(part, re.escape(part)) for part in re.split(r"([*?])", word))


def _contains(vocabulary: pl.Series, word: str) -> pl.Series:
    try:
        return vocabulary.str.contains(f"^(?:{word})$")
    except pl.exceptions.ComputeError as error:
        typed = word.removeprefix("(?i)")
        raise InputError(f"pattern {typed!r}", f"no regular expression: {_told(error)}", "mend it") from None


def _told(error: Exception) -> str:
    said = [line.removeprefix("error: ") for line in str(error).splitlines() if line.startswith("error: ")]
    return said[0] if said else "it cannot be read"
