"""The words of many sentences as arrays, with what VADER's rules ask about each word.

Corpora repeat their words, so whatever depends on the letters of a word is computed once per distinct word.
"""

from __future__ import annotations

import re
import string
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import polars as pl
import vaderSentiment
import yaml

# All white space of `str.split`; polars and its regular expressions leave out 1C to 1F.
_WHITE = "[\t\n\x0b\x0c\r\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"
_SURROGATE = re.compile("[\ud800-\udfff]")
_PUNCTUATION = frozenset(string.punctuation)
# What a booster adds to a positive valence.
_BOOST = 0.293


@cache
def rule_words() -> dict[str, Any]:
    """Return the word lists of VADER's rules."""
    lists = yaml.safe_load(
        files("corpus_tools.nltk_fast").joinpath("data/vader_words.yaml").read_text(encoding="utf-8")
    )
    return {name: value.split() if isinstance(value, str) else value for name, value in lists.items()}


@cache
def lexicon() -> dict[str, float]:
    """Return the valence of each word in the lexicon of the vaderSentiment package."""
    text = files(vaderSentiment).joinpath("vader_lexicon.txt").read_text(encoding="utf-8")
    rows = (line.strip().split("\t") for line in text.strip().split("\n"))
    return {row[0]: float(row[1]) for row in rows}


@cache
def lexicon_rows() -> dict[str, int]:
    """Return the row number of each word in the lexicon, from 0."""
    return {word: row for row, word in enumerate(lexicon())}


@cache
def boosts() -> dict[str, float]:
    """Return what each booster and dampener adds to the positive valence of a word that follows."""
    return dict.fromkeys(rule_words()["boosters"], _BOOST) | dict.fromkeys(rule_words()["dampeners"], -_BOOST)


@cache
def phrase_words() -> dict[str, int]:
    """Assign a number from 1 to each word of the idioms and dampening pairs; upper and lower case differ."""
    phrases = [*rule_words()["idioms"], *rule_words()["dampening_pairs"]]
    return {word: i for i, word in enumerate(dict.fromkeys(" ".join(phrases).split()), start=1)}


@dataclass(frozen=True)
class Vocabulary:
    """What the rules ask about each distinct word, one array per question.

    The first entry stands for all words that no rule knows. Outside the lexicon, `valence` is 0, a value that no word
    of the lexicon has, and `lexicon_row` is -1.
    """

    valence: np.ndarray
    lexicon_row: np.ndarray
    boost: np.ndarray
    negates: np.ndarray
    is_least: np.ndarray
    is_at_or_very: np.ndarray
    is_but: np.ndarray
    is_kind: np.ndarray
    is_of: np.ndarray
    is_never: np.ndarray
    is_so_or_this: np.ndarray
    phrase_word: np.ndarray

    @classmethod
    def of_words(cls, words: Sequence[str]) -> Vocabulary:
        """Build the vocabulary of some words from the lexicon and the lists of the rules.

        Examples
        --------
        >>> Vocabulary.of_words(["", "Good", "isn't"]).valence.tolist()
        [0.0, 1.9, 0.0]
        """
        lower = [word.lower() for word in words]
        negations = frozenset(rule_words()["negations"])

        def is_any_of(*wanted: str) -> np.ndarray:
            return np.array([word in wanted for word in lower])

        return cls(
            valence=np.array([lexicon().get(word, 0.0) for word in lower]),
            lexicon_row=np.array([lexicon_rows().get(word, -1) for word in lower]),
            boost=np.array([boosts().get(word, 0.0) for word in lower]),
            negates=np.array([word in negations or "n't" in word for word in lower]),
            is_least=is_any_of("least"),
            is_at_or_very=is_any_of("at", "very"),
            is_but=is_any_of("but"),
            is_kind=is_any_of("kind"),
            is_of=is_any_of("of"),
            # NLTK compares the rest without lowering the case.
            is_never=np.array([word == "never" for word in words]),
            is_so_or_this=np.array([word in {"so", "this"} for word in words]),
            phrase_word=np.array([phrase_words().get(word, 0) for word in words]),
        )


@dataclass(frozen=True)
class WordArrays:
    """The words of all sentences, concatenated.

    Attributes
    ----------
    word
        Entry of each word in `vocabulary`; one more at the end, for positions outside a sentence.
    capitals
        Whether each word is in capitals; one more at the end, as above.
    sentence
        Row of each word's sentence.
    starts, counts
        For each sentence, the index of its first word and its number of words.
    vocabulary
        The distinct words that the rules know.
    """

    word: np.ndarray
    capitals: np.ndarray
    sentence: np.ndarray
    starts: np.ndarray
    counts: np.ndarray
    vocabulary: Vocabulary


def string_column(sentences: Sequence[str]) -> pl.Series:
    r"""Make a polars column of sentences.

    Lone surrogates, which polars cannot hold, become U+FFFD. No word of VADER's rules contains either.

    Examples
    --------
    >>> string_column(["a\ud800b"]).item() == "a\ufffdb"
    True
    """
    try:
        return pl.Series(sentences, dtype=pl.String)
    except UnicodeEncodeError:
        return pl.Series([_SURROGATE.sub("\ufffd", sentence) for sentence in sentences], dtype=pl.String)


def strip_mark(piece: str) -> str:
    """Remove one of VADER's punctuation marks from the start or the end of a word, unless other marks remain.

    NLTK looks up each piece among all words of the sentence with a mark added before or after. Those words are the
    pieces without their marks, so only the piece's own word can match, and the sentence need not be searched.

    Examples
    --------
    >>> [strip_mark(piece) for piece in ["cat,", "?!?cat", "(cat,", "!cat!", "wild-cat,", "a,", ":D"]]
    ['cat', 'cat', '(cat,', '!cat!', 'wild-cat,', 'a,', ':D']
    """
    core = piece.strip(string.punctuation)
    if len(core) < 2 or len(core) == len(piece):
        return piece
    before, _, after = piece.partition(core)
    removable = before + after in _marks() and not (before and after) and _PUNCTUATION.isdisjoint(core)
    return core if removable else piece


@cache
def _marks() -> frozenset[str]:
    return frozenset(rule_words()["punctuation"])


def split_words(sentences: pl.Series) -> WordArrays:
    r"""Split sentences at white space, drop pieces of one character, remove marks, and look the words up.

    Examples
    --------
    >>> words = split_words(pl.Series(["A GOOD day,\tnot", "bad."]))
    >>> words.counts.tolist(), words.vocabulary.valence[words.word].tolist()
    ([3, 1], [1.9, 0.0, 0.0, -2.5, 0.0])
    """
    split = sentences.str.replace_all(_WHITE, " ").str.split(" ")
    pieces = split.explode()
    long = (pieces.str.len_chars() > 1).to_numpy()
    sentence = np.repeat(np.arange(len(sentences), dtype=np.int32), split.list.len().to_numpy())[long]
    counts = np.bincount(sentence, minlength=len(sentences))
    codes, distinct = _encoded(pieces.filter(pl.Series(long)))
    entries, vocabulary = _looked_up(distinct)
    return WordArrays(
        word=np.append(entries[codes], 0),
        capitals=np.append(_in_capitals(distinct)[codes], False),
        sentence=sentence,
        starts=np.cumsum(counts) - counts,
        counts=counts,
        vocabulary=vocabulary,
    )


def _encoded(pieces: pl.Series) -> tuple[np.ndarray, pl.Series]:
    """Return each piece's code, and the distinct pieces in the order of the codes."""
    codes = pieces.cast(pl.Categorical).to_physical().to_numpy()
    example = np.zeros(int(codes.max()) + 1 if len(codes) else 0, dtype=np.int64)
    example[codes] = np.arange(len(codes))
    return codes, pieces.gather(example)


def _looked_up(pieces: pl.Series) -> tuple[np.ndarray, Vocabulary]:
    """Return each piece's entry in a vocabulary of the words that the rules know.

    Few pieces are known. A search over whole columns finds the candidates; only these are looked up one by one.
    """
    lower = pieces.str.to_lowercase()
    stripped = lower.str.strip_chars("".join(rule_words()["punctuation"]))
    known = lower.is_in(_known_words().implode()) | stripped.is_in(_known_words().implode())
    rows = (known | lower.str.contains("n't", literal=True)).arg_true()
    words = [strip_mark(piece) for piece in pieces.gather(rows)]
    numbers = {word: i for i, word in enumerate(dict.fromkeys(["", *words]))}
    entries = np.zeros(len(pieces), dtype=np.uint16 if len(numbers) < 2**16 else np.int64)
    entries[rows.to_numpy()] = [numbers[word] for word in words]
    return entries, Vocabulary.of_words(list(numbers))


@cache
def _known_words() -> pl.Series:
    """Return all words that the rules know; those of the lists are in lower case."""
    others = ["least", "at", "very", "but", "kind", "of", "never", "so", "this"]
    return pl.Series(list({*lexicon(), *rule_words()["negations"], *boosts(), *phrase_words(), *others}))


def _in_capitals(pieces: pl.Series) -> np.ndarray:
    """Return whether each piece is in capitals, as `str.isupper` has it."""
    capitals = np.zeros(len(pieces), dtype=bool)
    rows = (~pieces.str.contains("[a-z]")).arg_true()
    capitals[rows.to_numpy()] = [piece.isupper() for piece in pieces.gather(rows)]
    return capitals
