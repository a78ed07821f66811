"""What a reader types, turned into words to look for: wildcards, regular expressions, lemmas, several words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt
import polars as pl

from corpus_tools.display.html import one_line
from corpus_tools.errors import InputError, known

Match = Literal["glob", "regex", "fixed"]
Unit = Literal["word", "lemma"]
Bools = npt.NDArray[np.bool_]
_WILD = re.compile(r"[*?]")
_LETTER = r"[\p{L}\p{N}]"
_NONE = pl.Series([""])
# All others the tokeniser may cut: those with more than letters, digits and inner hyphens, and some that it knows.
_PLAIN = re.compile(r"(?!.*\b(?i:cannot|gimme|gonna|gotta|lemme|wanna)\b)\w+(?:-\w+)*")


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
    also
        Other ways in which the text may be cut: `it’s` is three tokens where `it's` is two, and `U.S.` two tokens at
        the end of a sentence.
    of
        Of which sequence each is another reading; of the readings of one, a hit is the longest.
    """

    sequences: tuple[tuple[str, ...], ...]
    unit: Unit
    case: bool
    typed: str
    also: tuple[tuple[str, ...], ...] = ()
    of: tuple[int, ...] = ()

    def takes(self, vocabulary: pl.Series) -> list[list[Bools]]:
        """Say for each word of each sequence which words of a vocabulary it takes in: arrays (words,).

        The vocabulary has straight apostrophes, and no capitals unless they count.
        """
        return [[_contains(vocabulary, word).to_numpy() for word in words] for words in self.sequences + self.also]


def parse(typed: str | Iterable[str], match: Match = "glob", unit: Unit = "word", *, case: bool = False) -> Pattern:
    r"""Read what a reader typed.

    Parameters
    ----------
    typed
        Words with a space between stand one after the other; of several texts any one may.
    match
        "glob": `*` stands for any letters and `?` for one, and a word that is nothing but `*` for any word or number.
        "regex": each word is a regular expression (of Rust's crate regex) for the whole of a word. "fixed": as it
        stands.
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
    one_of("match", match, get_args(Match))
    one_of("unit", unit, get_args(Unit))
    texts = _texts(typed)
    sequences, *others = (
        tuple(
            tuple(_expression(word, match, case=case) for word in _words(text, match, sign, wild=wild))
            for text in texts
        )
        for wild in (False, True)
        for sign in "'’"
    )
    if not sequences or not all(sequences):
        raise InputError("pattern", "no word to look for", "type a word, such as `evacuat*` or `peace talks`")
    also = {(words, of) for other in others for of, words in enumerate(other) if words != sequences[of]}
    stopped = {(words, of) for words, of in also | {*zip(sequences, count())} if _is_stopped(words[-1])}
    if match != "regex":
        also |= {((*before, last.removesuffix(r"\."), r"\."), of) for (*before, last), of in stopped}
    readings = zip(*sorted(also), strict=True) if also else ((), ())
    found = Pattern(sequences, unit, case, " | ".join(" ".join(text.split()) for text in texts), *map(tuple, readings))
    found.takes(_NONE)  # an expression that cannot be read is said before the corpus is
    return found


def one_of(what: str, given: Any, there: Sequence[str]) -> None:
    """Refuse what is none of these.

    Raises
    ------
    InputError
        If it is none; it names them, the nearest first.
    """
    if given not in there:
        raise InputError(f"{what} {given!r}", "there is no such one", known(str(given), there))


def cut(text: str) -> str:
    """Write words as the tokeniser cuts them, with spaces between: what is read in a text and what is typed alike.

    Examples
    --------
    >>> cut("They can’t say, in the U.S.")
    "They ca n't say , in the U.S."
    """
    return " ".join(_words(text, "fixed", "'"))


def _is_stopped(word: str) -> bool:
    return word.endswith(r"\.") and any(c.isalnum() for c in word)


def _texts(typed: Any) -> list[str]:
    texts = [typed] if isinstance(typed, str) or not isinstance(typed, Iterable) else list(typed)
    for text in texts:
        if not isinstance(text, str):
            raise InputError(f"pattern {text!r}", "no text", "put it in quotation marks")
    return texts


def _words(text: str, match: Match, sign: str, *, wild: bool = False) -> list[str]:
    """Cut what was typed into words, as a text is cut in which this sign is the apostrophe.

    Of those that end with a wildcard there are two readings: `5,*` may stand for `5,000`, one token, and `talks,*`,
    which is cut if so wanted, for two.
    """
    words: list[str] = []
    for word in re.sub("['’]", sign, text).split():
        if match == "regex" or _PLAIN.fullmatch(word):
            words.append(word)
        elif match == "glob" and _WILD.search(word):
            words += [word] if word[-1] in "*?" and not wild else _cut_wild(word)
        else:
            words += _cut(word)
    return [word.replace("’", "'") for word in words]


def _cut_wild(word: str) -> list[str]:
    # What follows the last letter may be anything, so the last token goes on: `don't*` is `do` and `n't*`. A wildcard
    # before it stands for letters: `could*n't` is `could*` and `n't`.
    stem = word.rstrip("*?")
    if stem.endswith("’"):  # behind a curly one, what follows is a token of its own
        stem = word
    if not stem or _PLAIN.fullmatch(_WILD.sub("x", stem)):
        return [word]
    *before, last = _cut(stem, _WILD.sub("x", stem))
    return [*before, last + word[len(stem) :]]


def _cut(word: str, like: str | None = None) -> list[str]:
    """Cut a word as the text is cut: `can't` is two tokens; or as another one of the same length is."""
    from nltk.tokenize import NLTKWordTokenizer  # noqa: PLC0415 (half a second that few queries need)

    # The last full stop of a sentence stands alone; here it belongs to the word.
    text = (like or word) + " x"
    try:
        # The tokens themselves would have other quotation marks than the text.
        return [word[start:end] for start, end in NLTKWordTokenizer().span_tokenize(text)][:-1]
    except ValueError:  # as for texts
        return [word]


def _expression(word: str, match: Match, *, case: bool) -> str:
    if match == "regex":
        _contains(_NONE, word, "{}")  # on its own: `a)|(b` is none, but would be one in brackets
        return word if case else f"(?i){word}"
    word = word if case else word.lower()
    if match == "fixed":
        return re.escape(word)
    return _wild(word) if word.strip("*?") else _any_word(word)


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


def _any_word(word: str) -> str:
    """Turn a word of wildcards alone into an expression: some letter or digit is in it, so it is no punctuation."""
    least, more = word.count("?"), ".*" if "*" in word else ""
    found = ["." * before + _LETTER + "." * (least - 1 - before) + more for before in range(least)]
    found += ["." * least + more + _LETTER + more] * bool(more)
    return f"(?:{'|'.join(found)})"


def _contains(vocabulary: pl.Series, word: str, whole: str = "^(?:{})$") -> pl.Series:
    try:
        return vocabulary.str.contains(whole.format(word))
    except pl.exceptions.ComputeError as error:
        typed = one_line(word.removeprefix("(?i)"))
        remedy = 'mend it, or take match="fixed" to look for it as it stands'
        raise InputError(f"pattern {typed!r}", f"no regular expression: {_told(error)}", remedy) from None


def _told(error: Exception) -> str:
    lines = str(error).splitlines()
    said = [line.removeprefix("error: ") for line in lines if line.startswith("error: ")]
    return said[0] if said else lines[0].removeprefix("regex error: ").rstrip(".")
