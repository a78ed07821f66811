"""VADER scores (Hutto & Gilbert 2014) of many sentences at once, equal to those of NLTK's analyser in every bit.

The rules are those of `nltk.sentiment.vader`, quirks included, so that results compare with published ones.
Floating-point arithmetic is not associative, so sums run in NLTK's order, word after word (as `np.bincount` adds), and
so do products. From Python 3.12 on, `sum` corrects its rounding errors; here sums are those of Python 3.11.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl

from corpus_tools.nltk_fast.lexicon import Vocabulary, WordArrays, phrase_words, rule_words, split_words

_CAPITALS = 0.733
_NEGATED = -0.74
# Weight of a booster one, two and three words before.
_WEIGHTS = {1: 1.0, 2: 0.95, 3: 0.9}
_DAMPENED = -0.293
_EXCLAMATION, _MOST_EXCLAMATIONS = 0.292, 4
_QUESTION, _MANY_QUESTIONS = 0.18, 0.96
_BEFORE_BUT, _AFTER_BUT = 0.5, 1.5
# VADER's normalisation constant of the compound score.
_ALPHA = 15


def score(sentences: pl.Series) -> pl.DataFrame:
    """Score a column of sentences.

    Returns
    -------
    neg, neu, pos and compound; 0 where a sentence has no word of at least two characters.

    Examples
    --------
    >>> score(pl.Series(["Not a GOOD day!", "?"])).rows()
    [(0.618, 0.382, 0.0, -0.5007), (0.0, 0.0, 0.0, 0.0)]
    """
    return score_weighed(weigh_words(sentences))


@dataclass(frozen=True)
class WeighedWords:
    """The lexicon words of sentences with their valences in context.

    Attributes
    ----------
    sentence, row, valence
        For each lexicon word in text order: row of its sentence, its row in the lexicon, and its valence in context.
    counts, emphasis
        For each sentence: its number of words, and what its exclamation and question marks add to the size of the sum.
    """

    sentence: np.ndarray
    row: np.ndarray
    valence: np.ndarray
    counts: np.ndarray
    emphasis: np.ndarray


def weigh_words(sentences: pl.Series) -> WeighedWords:
    """Compute the valence in context of each lexicon word in a column of sentences.

    Examples
    --------
    >>> words = weigh_words(pl.Series(["Not a GOOD day!", "Bad, but better."]))
    >>> words.sentence.tolist(), words.valence.round(3).tolist()
    ([0, 1, 1], [-1.948, -1.25, 2.85])
    """
    words = split_words(sentences)
    index = np.flatnonzero((words.vocabulary.valence != 0)[words.word[:-1]])
    return WeighedWords(
        sentence=words.sentence[index],
        row=words.vocabulary.lexicon_row[words.word[index]],
        valence=_valences(words, index),
        counts=words.counts,
        emphasis=_emphasis(sentences),
    )


@dataclass(frozen=True)
class _Hits:
    """Lexicon words with their neighbours; arrays have one entry per hit."""

    vocabulary: Vocabulary
    # Position of the word in its sentence, from 0.
    position: np.ndarray
    # By offset from -3 to 2: the vocabulary entry of that neighbour, 0 outside the sentence.
    near: dict[int, np.ndarray]
    # By offset from -3 to 0: whether that word is in capitals while another word of the sentence is not.
    loud: dict[int, np.ndarray]


def _valences(words: WordArrays, index: np.ndarray) -> np.ndarray:
    """Compute the valences of the words at some indices."""
    # Where a sentence repeats a word, NLTK weighs each occurrence by the neighbours of the first.
    key = words.sentence[index].astype(np.int64) * len(words.vocabulary.valence) + words.word[index]
    _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    valences: np.ndarray = _weighed(_hits(words, index[first]))[inverse] * _but(words, index)
    return valences


def _hits(words: WordArrays, index: np.ndarray) -> _Hits:
    sentence = words.sentence[index]
    position, count, outside = index - words.starts[sentence], words.counts[sentence], len(words.sentence)
    neighbours = {
        offset: np.where((position + offset >= 0) & (position + offset < count), index + offset, outside)
        for offset in range(-3, 3)
    }
    capitals = np.bincount(words.sentence[words.capitals[:-1]], minlength=len(words.counts))
    some_capitals = ((capitals > 0) & (capitals < words.counts))[sentence]
    return _Hits(
        vocabulary=words.vocabulary,
        position=position,
        near={offset: words.word[neighbour] for offset, neighbour in neighbours.items()},
        loud={offset: words.capitals[neighbours[offset]] & some_capitals for offset in range(-3, 1)},
    )


def _weighed(hits: _Hits) -> np.ndarray:
    """Compute the valence of each hit from its neighbours, leaving "but" aside."""
    vocabulary, near = hits.vocabulary, hits.near
    valence: np.ndarray = vocabulary.valence[near[0]]
    valence = valence + np.where(hits.loud[0], np.where(valence > 0, _CAPITALS, -_CAPITALS), 0.0)
    for back, weight in _WEIGHTS.items():
        changed = (valence + _boost(hits, back, valence) * weight) * _negation(hits, back)
        if back == 3:
            changed = _with_phrases(hits, changed)
        # Words of the lexicon do not change those after them.
        applies = (hits.position >= back) & (vocabulary.valence[near[-back]] == 0)
        valence = np.where(applies, changed, valence)
    # "least" negates the next word only, and not as part of "at least" or "very least".
    least = vocabulary.is_least[near[-1]] & ~vocabulary.is_at_or_very[near[-2]]
    valence = np.where(least, valence * _NEGATED, valence)
    valence[vocabulary.is_kind[near[0]] & vocabulary.is_of[near[1]]] = 0.0
    return valence


def _boost(hits: _Hits, back: int, valence: np.ndarray) -> np.ndarray:
    """Return what a booster or dampener `back` words before adds."""
    boost = hits.vocabulary.boost[hits.near[-back]]
    signed: np.ndarray = np.where(valence < 0, -boost, boost)
    loud = hits.loud[-back] & (boost != 0)
    return np.where(loud, signed + np.where(valence > 0, _CAPITALS, -_CAPITALS), signed)


def _negation(hits: _Hits, back: int) -> np.ndarray:
    """Return the factor of a negation `back` words before; "never so" and "never this" strengthen instead.

    Three words before, "so" or "this" just before the word suffices without "never", as NLTK's condition has it.
    """
    vocabulary, near = hits.vocabulary, hits.near
    factor = np.where(vocabulary.negates[near[-back]], _NEGATED, 1.0)
    never, so_or_this = vocabulary.is_never[near[-back]], vocabulary.is_so_or_this[near[-1]]
    if back == 2:
        return np.where(never & so_or_this, 1.5, factor)
    if back == 3:
        return np.where(never & vocabulary.is_so_or_this[near[-2]] | so_or_this, 1.25, factor)
    return factor


def _with_phrases(hits: _Hits, valence: np.ndarray) -> np.ndarray:
    """Replace valences by those of idioms, and dampen what follows "kind of", "sort of" or "just enough"."""
    words = {offset: hits.vocabulary.phrase_word[entries] for offset, entries in hits.near.items()}
    idioms, dampeners = _phrases()
    # Later idioms override earlier ones.
    for start, stop in [(-3, -1), (-3, 0), (-2, 0), (-2, 1), (-1, 1), (0, 2), (0, 3)]:
        idiom = idioms[_phrase_code([words[offset] for offset in range(start, stop)])]
        valence = np.where(np.isnan(idiom), valence, idiom)
    dampened = dampeners[_phrase_code([words[-3], words[-2]])] | dampeners[_phrase_code([words[-2], words[-1]])]
    return np.where(dampened, valence + _DAMPENED, valence)


def _phrase_code(words: list[np.ndarray]) -> np.ndarray:
    """Encode two or three word numbers as one integer; 0 stands for a word of no phrase.

    A leading digit 1 keeps codes of two words apart from those of three.

    Examples
    --------
    >>> _phrase_code([np.array([1]), np.array([2])]).item() - (len(phrase_words()) + 1) ** 2
    22
    """
    code = np.ones_like(words[0])
    for word in words:
        code = code * (len(phrase_words()) + 1) + word
    return code


@cache
def _phrases() -> tuple[np.ndarray, np.ndarray]:
    """Return by phrase code the valence of an idiom (nan for none), and whether a pair dampens."""
    size = 2 * (len(phrase_words()) + 1) ** 3
    idioms, dampeners = np.full(size, np.nan), np.zeros(size, dtype=bool)
    for phrase, valence in rule_words()["idioms"].items():
        idioms[_code_of(phrase)] = valence
    for phrase in rule_words()["dampening_pairs"]:
        dampeners[_code_of(phrase)] = True
    return idioms, dampeners


def _code_of(phrase: str) -> int:
    return int(_phrase_code([np.array(phrase_words()[word]) for word in phrase.split()]))


def _but(words: WordArrays, index: np.ndarray) -> np.ndarray:
    """Return the factor of each word for its place before or after the first "but" of its sentence."""
    buts = np.flatnonzero(words.vocabulary.is_but[words.word[:-1]])
    first = np.full(len(words.counts), -1)
    # Assigned in reverse order: the first "but" of a sentence is written last and stays.
    first[words.sentence[buts][::-1]] = buts[::-1]
    but = first[words.sentence[index]]
    factor: np.ndarray = np.where(but < 0, 1.0, np.where(index < but, _BEFORE_BUT, _AFTER_BUT))
    return factor


def _emphasis(sentences: pl.Series) -> np.ndarray:
    """Return what exclamation and question marks add to the size of each sentence's sum of valences."""
    exclamations = sentences.str.count_matches("!", literal=True).to_numpy().astype(np.int64)
    questions = sentences.str.count_matches("?", literal=True).to_numpy().astype(np.int64)
    question_part = np.select([questions > 3, questions > 1], [_MANY_QUESTIONS, questions * _QUESTION], 0.0)
    emphasis: np.ndarray = question_part + np.minimum(exclamations, _MOST_EXCLAMATIONS) * _EXCLAMATION
    return emphasis


def score_weighed(words: WeighedWords) -> pl.DataFrame:
    """Compute the four scores of each sentence from the valences of its words."""
    valence, counts, emphasis = words.valence, words.counts, words.emphasis

    def total(rows: np.ndarray, each: float | np.ndarray) -> np.ndarray:
        return np.bincount(words.sentence[rows], np.broadcast_to(each, len(valence))[rows], minlength=len(counts))

    positive, negative = valence > 0, valence < 0
    # VADER adds 1 for the word itself, to balance the neutral words, which count 1 each.
    up, down = total(positive, valence + 1), -total(negative, valence - 1)
    neutral = counts - total(positive, 1.0) - total(negative, 1.0)
    up, down = up + np.where(up > down, emphasis, 0.0), down + np.where(up < down, emphasis, 0.0)
    everything = np.where(counts > 0, up + down + neutral, 1.0)
    return pl.DataFrame(
        {
            "neg": rounded(down / everything, 3),
            "neu": rounded(neutral / everything, 3),
            "pos": rounded(up / everything, 3),
            "compound": compound(total(positive | negative, valence), emphasis),
        }
    )


def compound(total: np.ndarray, emphasis: np.ndarray) -> np.ndarray:
    """Compute compound scores from sums of valences and from what the marks add to their size.

    Examples
    --------
    >>> compound(np.array([1.9, -1.9, 0.0]), np.array([0.0, 0.292, 0.292])).tolist()
    [0.4404, -0.4926, 0.0]
    """
    total = total + np.sign(total) * emphasis
    return rounded(total / np.sqrt(total * total + _ALPHA), 4)


def rounded(values: np.ndarray, digits: int) -> np.ndarray:
    """Round as Python's `round` does: to the decimal number nearest to the exact value of the float.

    `np.round` multiplies first, which can turn a value just below a half into a half. Values near a half are therefore
    passed to `round`.

    Examples
    --------
    >>> rounded(np.array([0.0005]), 3).item(), np.round(0.0005, 3).item()
    (0.001, 0.0)
    """
    scale = 10.0**digits
    scaled = values * scale
    near = np.rint(scaled)
    # An integer divided by a power of ten is the float nearest to that decimal number, which is what `round` returns.
    result = near / scale
    unsure = np.flatnonzero(np.abs(np.abs(scaled - near) - 0.5) < 1e-6)
    result[unsure] = [round(value, digits) for value in values[unsure].tolist()]
    return result
