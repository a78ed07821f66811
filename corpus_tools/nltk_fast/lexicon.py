"""The words of many sentences as columns of numbers, one entry a word, with what VADER's rules ask about each.

Corpora repeat their words: what needs the letters of a word is done once for each distinct one.
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

# All that `str.split` takes for white space; polars and its regular expressions leave out 1C to 1F.
_WHITE = "[\t\n\x0b\x0c\r\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"
_SURROGATE = re.compile("[\ud800-\udfff]")
_PUNCTUATION = frozenset(string.punctuation)
# The size of a booster's or dampener's effect.
_BOOST = 0.293


@cache
def rules() -> dict[str, Any]:
    """Give the lists of words that VADER's rules name."""
    read = yaml.safe_load(files("corpus_tools.nltk_fast").joinpath("data/vader_words.yaml").read_text(encoding="utf-8"))
    return {name: value.split() if isinstance(value, str) else value for name, value in read.items()}


@cache
def lexicon() -> dict[str, float]:
    """Give the valence of every word of the vaderSentiment package's file."""
    text = files(vaderSentiment).joinpath("vader_lexicon.txt").read_text(encoding="utf-8")
    rows = (line.strip().split("\t") for line in text.strip().split("\n"))
    return {row[0]: float(row[1]) for row in rows}


@cache
def rows_of_lexicon() -> dict[str, int]:
    """Give the row of every word in the lexicon, from 0."""
    return {word: row for row, word in enumerate(lexicon())}


@cache
def boosts() -> dict[str, float]:
    """Give what the words that strengthen or weaken the next ones add to a positive valence."""
    return dict.fromkeys(rules()["boosters"], _BOOST) | dict.fromkeys(rules()["dampeners"], -_BOOST)


@cache
def phrase_words() -> dict[str, int]:
    """Give a number from 1 to the words of the idioms and dampening pairs; the case counts."""
    phrases = [*rules()["idioms"], *rules()["dampening_pairs"]]
    return {word: i for i, word in enumerate(dict.fromkeys(" ".join(phrases).split()), start=1)}


@dataclass(frozen=True)
class Vocabulary:
    """What the rules ask about a distinct word, an array each; the first entry is any word that they do not know.

    `valence` is 0 outside the lexicon, which has no such value, and `row`, that in the lexicon, is -1.
    """

    valence: np.ndarray
    row: np.ndarray
    boost: np.ndarray
    negates: np.ndarray
    least: np.ndarray
    at_or_very: np.ndarray
    but: np.ndarray
    kind: np.ndarray
    of: np.ndarray
    never: np.ndarray
    so_or_this: np.ndarray
    phrase_word: np.ndarray

    @classmethod
    def of_words(cls, words: Sequence[str]) -> Vocabulary:
        """Look words up in the lexicon and the lists.

        Examples
        --------
        >>> Vocabulary.of_words(["", "Good", "isn't"]).valence.tolist()
        [0.0, 1.9, 0.0]
        """
        lower = [word.lower() for word in words]
        negations = frozenset(rules()["negations"])

        def lowered(*wanted: str) -> np.ndarray:
            return np.array([word in wanted for word in lower])

        return cls(
            valence=np.array([lexicon().get(word, 0.0) for word in lower]),
            row=np.array([rows_of_lexicon().get(word, -1) for word in lower]),
            boost=np.array([boosts().get(word, 0.0) for word in lower]),
            negates=np.array([word in negations or "n't" in word for word in lower]),
            least=lowered("least"),
            at_or_very=lowered("at", "very"),
            but=lowered("but"),
            kind=lowered("kind"),
            of=lowered("of"),
            # As they stand: these two are looked up in the case of the list.
            never=np.array([word == "never" for word in words]),
            so_or_this=np.array([word in {"so", "this"} for word in words]),
            phrase_word=np.array([phrase_words().get(word, 0) for word in words]),
        )


@dataclass(frozen=True)
class Words:
    """The words of all sentences, one after the other.

    `word` is the entry in `vocabulary`, `capitals` is true of words in capitals, `sentence` is the row of the sentence.
    `word` and `capitals` have one entry more at the end, for what stands outside a sentence. `starts` and `counts` have
    an entry a sentence.
    """

    word: np.ndarray
    capitals: np.ndarray
    sentence: np.ndarray
    starts: np.ndarray
    counts: np.ndarray
    vocabulary: Vocabulary


def column(sentences: Sequence[str]) -> pl.Series:
    r"""Make a column of sentences; halves of characters, which polars cannot hold, become U+FFFD: no word has either.

    Examples
    --------
    >>> column(["a\ud800b"]).item() == "a\ufffdb"
    True
    """
    try:
        return pl.Series(sentences, dtype=pl.String)
    except UnicodeEncodeError:
        return pl.Series([_SURROGATE.sub("\ufffd", sentence) for sentence in sentences], dtype=pl.String)


def bare(piece: str) -> str:
    """Take one of VADER's marks off the start or end of a word, if that leaves no other mark.

    NLTK looks for the piece among all the sentence's words with a mark before or after. As those words are the pieces
    without their marks, only its own can make up a piece, which therefore needs no sentence to be decided.

    Examples
    --------
    >>> [bare(piece) for piece in ["cat,", "?!?cat", "(cat,", "!cat!", "wild-cat,", "a,", ":D"]]
    ['cat', 'cat', '(cat,', '!cat!', 'wild-cat,', 'a,', ':D']
    """
    core = piece.strip(string.punctuation)
    if len(core) < 2 or len(core) == len(piece):
        return piece
    before, _, after = piece.partition(core)
    taken = before + after in _marks() and not (before and after) and _PUNCTUATION.isdisjoint(core)
    return core if taken else piece


@cache
def _marks() -> frozenset[str]:
    return frozenset(rules()["punctuation"])


def split(sentences: pl.Series) -> Words:
    r"""Split sentences at white space, drop what is one character long, take off marks and look the words up.

    Examples
    --------
    >>> found = split(pl.Series(["A GOOD day,\tnot", "bad."]))
    >>> found.counts.tolist(), found.vocabulary.valence[found.word].tolist()
    ([3, 1], [1.9, 0.0, 0.0, -2.5, 0.0])
    """
    split_up = sentences.str.replace_all(_WHITE, " ").str.split(" ")
    pieces = split_up.explode()
    kept = (pieces.str.len_chars() > 1).to_numpy()
    sentence = np.repeat(np.arange(len(sentences), dtype=np.int32), split_up.list.len().to_numpy())[kept]
    counts = np.bincount(sentence, minlength=len(sentences))
    codes, distinct = _coded(pieces.filter(pl.Series(kept)))
    entries, vocabulary = _looked_up(distinct)
    return Words(
        word=np.append(entries[codes], 0),
        capitals=np.append(_in_capitals(distinct)[codes], False),
        sentence=sentence,
        starts=np.cumsum(counts) - counts,
        counts=counts,
        vocabulary=vocabulary,
    )


def _coded(pieces: pl.Series) -> tuple[np.ndarray, pl.Series]:
    """Give every piece the number of what it is among the distinct ones, and these in the order of their numbers."""
    codes = pieces.cast(pl.Categorical).to_physical().to_numpy()
    example = np.zeros(int(codes.max()) + 1 if len(codes) else 0, dtype=np.int64)
    example[codes] = np.arange(len(codes))
    return codes, pieces.gather(example)


def _looked_up(pieces: pl.Series) -> tuple[np.ndarray, Vocabulary]:
    """Give the entry of every piece in a vocabulary of the words that the rules know.

    Few do: a wide search over columns finds them, then each is looked at as the rules say.
    """
    lower = pieces.str.to_lowercase()
    stripped = lower.str.strip_chars("".join(rules()["punctuation"]))
    known = lower.is_in(_known().implode()) | stripped.is_in(_known().implode())
    rows = (known | lower.str.contains("n't", literal=True)).arg_true()
    words = [bare(piece) for piece in pieces.gather(rows)]
    numbers = {word: i for i, word in enumerate(dict.fromkeys(["", *words]))}
    entries = np.zeros(len(pieces), dtype=np.uint16 if len(numbers) < 2**16 else np.int64)
    entries[rows.to_numpy()] = [numbers[word] for word in words]
    return entries, Vocabulary.of_words(list(numbers))


@cache
def _known() -> pl.Series:
    """Give every word, in lower case, that the rules know."""
    lists = rules()
    others = ["least", "at", "very", "but", "kind", "of", "never", "so", "this"]
    return pl.Series(list({*lexicon(), *lists["negations"], *boosts(), *phrase_words(), *others}))


def _in_capitals(pieces: pl.Series) -> np.ndarray:
    """Say of every piece whether it is in capitals, as `str.isupper` has it."""
    found = np.zeros(len(pieces), dtype=bool)
    rows = (~pieces.str.contains("[a-z]")).arg_true()
    found[rows.to_numpy()] = [piece.isupper() for piece in pieces.gather(rows)]
    return found
