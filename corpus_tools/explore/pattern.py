"""Patterns that a researcher types: wildcards, regular expressions, lemmas, sequences of words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt
import polars as pl

from corpus_tools.errors import InputError
from corpus_tools.explore.checks import check_choice
from corpus_tools.text.plain_text import one_line

Match = Literal["glob", "regex", "fixed"]
Unit = Literal["word", "lemma"]
Bools = npt.NDArray[np.bool_]
_WILDCARD = re.compile(r"[*?]")
_LETTER_OR_DIGIT = r"[\p{L}\p{N}]"
_NO_WORDS = pl.Series([""])
# The tokeniser may cut all other words: those with more than letters, digits and inner hyphens, and some that it knows.
_NEVER_CUT = re.compile(r"(?!.*\b(?i:cannot|gimme|gonna|gotta|lemme|wanna)\b)\w+(?:-\w+)*")


@dataclass(frozen=True)
class Pattern:
    """One or more sequences of words, each word a regular expression for a token from its first letter to its last.

    Attributes
    ----------
    sequences
        The alternatives, each a tuple of words in the order of the text.
    unit
        Whether they are words as written, or lemmas.
    case
        Whether capitals count.
    typed
        What was typed, for headings.
    variants
        Other ways in which the text may be cut: `it’s` is three tokens where `it's` is two, and `U.S.` two tokens at
        the end of a sentence.
    variant_of
        The index of the sequence that each variant belongs to; of overlapping variants, the longest is the hit.
    """

    sequences: tuple[tuple[str, ...], ...]
    unit: Unit
    case: bool
    typed: str
    variants: tuple[tuple[str, ...], ...] = ()
    variant_of: tuple[int, ...] = ()

    def matches(self, vocabulary: pl.Series) -> list[list[Bools]]:
        """Return, for each word of each sequence and variant, which words of a vocabulary it matches: arrays (words,).

        The vocabulary has straight apostrophes, and no capitals unless they count.
        """
        return [[_contains(vocabulary, word).to_numpy() for word in words] for words in self.sequences + self.variants]


def parse(typed: str | Iterable[str], match: Match = "glob", unit: Unit = "word", *, case: bool = False) -> Pattern:
    r"""Parse a pattern.

    Parameters
    ----------
    typed
        Words separated by spaces form a sequence; several texts are alternatives.
    match
        "glob": `*` is any number of letters and `?` a single one; a word of `*` alone is any word or number. "regex":
        each word is a regular expression (Rust's crate regex) for a whole token. "fixed": no character is special.
    unit
        "word" searches the words as written, "lemma" their dictionary forms.
    case
        Whether capitals count.

    Raises
    ------
    InputError
        If there is no word to search for, or an expression is invalid.

    Examples
    --------
    >>> parse("evacuat* from").sequences
    (('evacuat.*', 'from'),)
    >>> parse(["can't", "U.S."]).sequences
    (('ca', "n't"), ('u\\.s\\.',))
    """
    check_choice("match", match, get_args(Match))
    check_choice("unit", unit, get_args(Unit))
    texts = _texts(typed)
    sequences, *others = (
        tuple(
            tuple(_expression(word, match, case=case) for word in _words(text, match, apostrophe, cut_wild=cut_wild))
            for text in texts
        )
        for cut_wild in (False, True)
        for apostrophe in "'’"
    )
    if not sequences or not all(sequences):
        raise InputError("pattern", "no word to look for", "type a word, such as `evacuat*` or `peace talks`")
    variants = {(words, n) for other in others for n, words in enumerate(other) if words != sequences[n]}
    if match != "regex":
        stopped = {(words, n) for words, n in variants | {*zip(sequences, count())} if _ends_with_stop(words[-1])}
        variants |= {((*before, last.removesuffix(r"\."), r"\."), n) for (*before, last), n in stopped}
    columns = zip(*sorted(variants), strict=True) if variants else ((), ())
    pattern = Pattern(sequences, unit, case, " | ".join(" ".join(text.split()) for text in texts), *map(tuple, columns))
    pattern.matches(_NO_WORDS)  # refuses an invalid expression before the corpus is read
    return pattern


def tokenised(text: str) -> str:
    """Return words with spaces wherever the tokeniser cuts them, so that text read and text typed compare equal.

    Examples
    --------
    >>> tokenised("They can’t say, in the U.S.")
    "They ca n't say , in the U.S."
    """
    return " ".join(_words(text, "fixed", "'"))


def _ends_with_stop(word: str) -> bool:
    return word.endswith(r"\.") and any(c.isalnum() for c in word)


def _texts(typed: Any) -> list[str]:
    texts = [typed] if isinstance(typed, str) or not isinstance(typed, Iterable) else list(typed)
    for text in texts:
        if not isinstance(text, str):
            raise InputError(f"pattern {text!r}", "not a text", "put it in quotation marks")
    return texts


def _words(text: str, match: Match, apostrophe: str, *, cut_wild: bool = False) -> list[str]:
    """Cut a typed text into words as the tokeniser would cut a text with this apostrophe.

    A word that ends with a wildcard can be read in two ways: `5,*` may mean `5,000`, one token, and `talks,*`, which is
    cut only if `cut_wild` is true, two.
    """
    words: list[str] = []
    for word in re.sub("['’]", apostrophe, text).split():
        if match == "regex" or _NEVER_CUT.fullmatch(word):
            words.append(word)
        elif match == "glob" and _WILDCARD.search(word):
            words += [word] if word[-1] in "*?" and not cut_wild else _cut_wild(word)
        else:
            words += _cut(word)
    return [word.replace("’", "'") for word in words]


def _cut_wild(word: str) -> list[str]:
    # Anything may follow the last letter, so the last token goes on: `don't*` is `do` and `n't*`. A wildcard before it
    # is letters: `could*n't` is `could*` and `n't`.
    stem = word.rstrip("*?")
    if stem.endswith("’"):  # what follows a curly apostrophe is a token of its own
        stem = word
    if not stem or _NEVER_CUT.fullmatch(_WILDCARD.sub("x", stem)):
        return [word]
    *before, last = _cut(stem, _WILDCARD.sub("x", stem))
    return [*before, last + word[len(stem) :]]


def _cut(word: str, like: str | None = None) -> list[str]:
    """Cut a word as the tokeniser cuts it (`can't` is two tokens), or as it cuts another one of the same length."""
    from nltk.tokenize import NLTKWordTokenizer  # noqa: PLC0415 (half a second that few queries need)

    # The tokeniser cuts off the last full stop of a text; here it belongs to the word.
    text = (like or word) + " x"
    try:
        # The tokens themselves would have other quotation marks than the text.
        return [word[start:end] for start, end in NLTKWordTokenizer().span_tokenize(text)][:-1]
    except ValueError:  # as for texts
        return [word]


def _expression(word: str, match: Match, *, case: bool) -> str:
    if match == "regex":
        _contains(_NO_WORDS, word, "{}")  # without brackets, in which the invalid `a)|(b` would become valid
        return word if case else f"(?i){word}"
    word = word if case else word.lower()
    if match == "fixed":
        return re.escape(word)
    return _wild(word) if word.strip("*?") else _any_word(word)


def name_expression(name: str) -> str:
    """Return a regular expression for a whole name, which may have wildcards; capitals do not count.

    Examples
    --------
    >>> name_expression("*Trump")
    '(?i)^(?:.*Trump)$'
    """
    return f"(?i)^(?:{_wild(name)})$"


def _wild(word: str) -> str:
    return "".join({"*": ".*", "?": "."}.get(part, re.escape(part)) for part in re.split(r"([*?])", word))


def _any_word(word: str) -> str:
    """Return an expression for a word of wildcards alone: it needs a letter or digit, so it matches no punctuation."""
    least, more = word.count("?"), ".*" if "*" in word else ""
    options = ["." * n + _LETTER_OR_DIGIT + "." * (least - 1 - n) + more for n in range(least)]
    options += ["." * least + more + _LETTER_OR_DIGIT + more] * bool(more)
    return f"(?:{'|'.join(options)})"


def _contains(vocabulary: pl.Series, word: str, template: str = "^(?:{})$") -> pl.Series:
    try:
        return vocabulary.str.contains(template.format(word))
    except pl.exceptions.ComputeError as error:
        typed = one_line(word.removeprefix("(?i)"))
        remedy = 'correct it, or use match="fixed" to search for these characters'
        raise InputError(f"pattern {typed!r}", f"no regular expression: {_reason(error)}", remedy) from None


def _reason(error: Exception) -> str:
    lines = str(error).splitlines()
    reasons = [line.removeprefix("error: ") for line in lines if line.startswith("error: ")]
    return reasons[0] if reasons else lines[0].removeprefix("regex error: ").rstrip(".")
