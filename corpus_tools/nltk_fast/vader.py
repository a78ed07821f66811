"""VADER (Hutto & Gilbert 2014) over columns: the numbers of NLTK's analyser, bit for bit, for many sentences at once.

The rules are those of `nltk.sentiment.vader`, with their quirks, for results stay comparable with what others publish.
Sums are made in NLTK's order, word after word (`np.bincount` adds so), and every product in its order, as neither is
associative in floating point. (From Python 3.12 on, `sum` corrects what rounding loses; here it is as in 3.11.)
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl

from corpus_tools.nltk_fast.lexicon import Vocabulary, Words, phrase_words, rules, split

_CAPITALS = 0.733
_NEGATED = -0.74
# A booster's weight one, two and three words before.
_WEIGHTS = {1: 1.0, 2: 0.95, 3: 0.9}
_DAMPENED = -0.293
_EXCLAMATION, _MOST_EXCLAMATIONS = 0.292, 4
_QUESTION, _MANY_QUESTIONS = 0.18, 0.96
_BEFORE_BUT, _AFTER_BUT = 0.5, 1.5
# Makes a sum of valences a compound score.
_ALPHA = 15


def score(sentences: pl.Series) -> pl.DataFrame:
    """Score a column of sentences.

    Returns
    -------
    neg, neu, pos and compound; 0 where a sentence has no word of two characters.

    Examples
    --------
    >>> score(pl.Series(["Not a GOOD day!", "?"])).rows()
    [(0.618, 0.382, 0.0, -0.5007), (0.0, 0.0, 0.0, 0.0)]
    """
    return combined(weigh(sentences))


@dataclass(frozen=True)
class Weighed:
    """The words of sentences that have a valence, as VADER weighed them.

    `sentence`, `row` (in the lexicon) and `valence` have an entry a word, in the order of the text; `counts` (of all
    words) and `emphasis` (what marks add to the size of the sum) have one a sentence.
    """

    sentence: np.ndarray
    row: np.ndarray
    valence: np.ndarray
    counts: np.ndarray
    emphasis: np.ndarray


def weigh(sentences: pl.Series) -> Weighed:
    """Weigh every word of the lexicon by what surrounds it.

    Examples
    --------
    >>> weighed = weigh(pl.Series(["Not a GOOD day!", "Bad, but better."]))
    >>> weighed.sentence.tolist(), weighed.valence.round(3).tolist()
    ([0, 1, 1], [-1.948, -1.25, 2.85])
    """
    words = split(sentences)
    at = np.flatnonzero((words.vocabulary.valence != 0)[words.word[:-1]])
    return Weighed(
        sentence=words.sentence[at],
        row=words.vocabulary.row[words.word[at]],
        valence=_valences(words, at),
        counts=words.counts,
        emphasis=_emphasis(sentences),
    )


@dataclass(frozen=True)
class _Hits:
    """Some words of the lexicon with their surroundings, an array each with an entry a hit."""

    vocabulary: Vocabulary
    # How many words of the sentence stand before it.
    index: np.ndarray
    # By offset from -3 to 2: the entry of that word in the vocabulary, 0 outside the sentence.
    near: dict[int, np.ndarray]
    # By offset from -3 to 0: whether that word is in capitals, and some other word of the sentence is not.
    loud: dict[int, np.ndarray]


def _valences(words: Words, at: np.ndarray) -> np.ndarray:
    """Weigh the words at some places."""
    # NLTK weighs a word that comes again in a sentence by what surrounds the first.
    key = words.sentence[at].astype(np.int64) * len(words.vocabulary.valence) + words.word[at]
    _, first, same = np.unique(key, return_index=True, return_inverse=True)
    found: np.ndarray = _weighed(_hits(words, at[first]))[same] * _but(words, at)
    return found


def _hits(words: Words, at: np.ndarray) -> _Hits:
    sentence = words.sentence[at]
    index, count, outside = at - words.starts[sentence], words.counts[sentence], len(words.sentence)
    places = {
        offset: np.where((index + offset >= 0) & (index + offset < count), at + offset, outside)
        for offset in range(-3, 3)
    }
    capitals = np.bincount(words.sentence[words.capitals[:-1]], minlength=len(words.counts))
    some_capitals = ((capitals > 0) & (capitals < words.counts))[sentence]
    return _Hits(
        vocabulary=words.vocabulary,
        index=index,
        near={offset: words.word[place] for offset, place in places.items()},
        loud={offset: words.capitals[places[offset]] & some_capitals for offset in range(-3, 1)},
    )


def _weighed(hits: _Hits) -> np.ndarray:
    """Weigh every hit by what surrounds it."""
    vocabulary, near = hits.vocabulary, hits.near
    valence: np.ndarray = vocabulary.valence[near[0]]
    valence = valence + np.where(hits.loud[0], np.where(valence > 0, _CAPITALS, -_CAPITALS), 0.0)
    for back, weight in _WEIGHTS.items():
        changed = (valence + _boost(hits, back, valence) * weight) * _negation(hits, back)
        if back == 3:
            changed = _with_phrases(hits, changed)
        # Words of the lexicon do not change those after them.
        reached = (hits.index >= back) & (vocabulary.valence[near[-back]] == 0)
        valence = np.where(reached, changed, valence)
    # The one word that negates only just before, and not as "at least" or "very least".
    least = vocabulary.least[near[-1]] & ~vocabulary.at_or_very[near[-2]]
    valence = np.where(least, valence * _NEGATED, valence)
    valence[vocabulary.kind[near[0]] & vocabulary.of[near[1]]] = 0.0
    return valence


def _boost(hits: _Hits, back: int, valence: np.ndarray) -> np.ndarray:
    """Give what a booster or dampener so many words before adds."""
    boost = hits.vocabulary.boost[hits.near[-back]]
    signed: np.ndarray = np.where(valence < 0, -boost, boost)
    loud = hits.loud[-back] & (boost != 0)
    return np.where(loud, signed + np.where(valence > 0, _CAPITALS, -_CAPITALS), signed)


def _negation(hits: _Hits, back: int) -> np.ndarray:
    """Give the factor of a negation so many words before; "never so" and "never this" strengthen instead.

    Three words before, "so" or "this" just before is enough without "never": NLTK's condition reads so.
    """
    vocabulary, near = hits.vocabulary, hits.near
    factor = np.where(vocabulary.negates[near[-back]], _NEGATED, 1.0)
    never, so_or_this = vocabulary.never[near[-back]], vocabulary.so_or_this[near[-1]]
    if back == 2:
        return np.where(never & so_or_this, 1.5, factor)
    if back == 3:
        return np.where(never & vocabulary.so_or_this[near[-2]] | so_or_this, 1.25, factor)
    return factor


def _with_phrases(hits: _Hits, valence: np.ndarray) -> np.ndarray:
    """Put the valences of idioms in place, and let "kind of" and its like dampen what follows."""
    words = {offset: hits.vocabulary.phrase_word[entries] for offset, entries in hits.near.items()}
    idioms, dampeners = _phrases()
    # Later ones win.
    for start, stop in [(-3, -1), (-3, 0), (-2, 0), (-2, 1), (-1, 1), (0, 2), (0, 3)]:
        found = idioms[_phrase_code([words[offset] for offset in range(start, stop)])]
        valence = np.where(np.isnan(found), valence, found)
    dampened = dampeners[_phrase_code([words[-3], words[-2]])] | dampeners[_phrase_code([words[-2], words[-1]])]
    return np.where(dampened, valence + _DAMPENED, valence)


def _phrase_code(words: list[np.ndarray]) -> np.ndarray:
    """Write the numbers of two or three words as one, after a 1 that tells two from three; a word of no phrase is 0.

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
    """Give the valence of an idiom, nan for none, and whether a pair dampens, by the code of a phrase."""
    size = 2 * (len(phrase_words()) + 1) ** 3
    idioms, dampeners = np.full(size, np.nan), np.zeros(size, dtype=bool)
    for phrase, valence in rules()["idioms"].items():
        idioms[_code_of(phrase)] = valence
    for phrase in rules()["dampening_pairs"]:
        dampeners[_code_of(phrase)] = True
    return idioms, dampeners


def _code_of(phrase: str) -> int:
    return int(_phrase_code([np.array(phrase_words()[word]) for word in phrase.split()]))


def _but(words: Words, at: np.ndarray) -> np.ndarray:
    """Give the factor of every place before and after the first "but" of its sentence."""
    buts = np.flatnonzero(words.vocabulary.but[words.word[:-1]])
    first = np.full(len(words.counts), -1)
    # The last that is written stays.
    first[words.sentence[buts][::-1]] = buts[::-1]
    but = first[words.sentence[at]]
    factor: np.ndarray = np.where(but < 0, 1.0, np.where(at < but, _BEFORE_BUT, _AFTER_BUT))
    return factor


def _emphasis(sentences: pl.Series) -> np.ndarray:
    """Give what exclamation and question marks add to the size of a sentence's valence."""
    exclamations = sentences.str.count_matches("!", literal=True).to_numpy().astype(np.int64)
    questions = sentences.str.count_matches("?", literal=True).to_numpy().astype(np.int64)
    asked = np.select([questions > 3, questions > 1], [_MANY_QUESTIONS, questions * _QUESTION], 0.0)
    both: np.ndarray = asked + np.minimum(exclamations, _MOST_EXCLAMATIONS) * _EXCLAMATION
    return both


def combined(words: Weighed) -> pl.DataFrame:
    """Make the four numbers of every sentence from the valences of its words."""
    valence, counts, emphasis = words.valence, words.counts, words.emphasis

    def total(rows: np.ndarray, each: float | np.ndarray) -> np.ndarray:
        return np.bincount(words.sentence[rows], np.broadcast_to(each, len(valence))[rows], minlength=len(counts))

    positive, negative = valence > 0, valence < 0
    # 1 for the word itself, as the words without valence, which make up the neutral part, count 1.
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


def compound(whole: np.ndarray, emphasis: np.ndarray) -> np.ndarray:
    """Make compound scores of sums of valences, and of what exclamation and question marks add to their size.

    Examples
    --------
    >>> compound(np.array([1.9, -1.9, 0.0]), np.array([0.0, 0.292, 0.292])).tolist()
    [0.4404, -0.4926, 0.0]
    """
    whole = whole + np.sign(whole) * emphasis
    return rounded(whole / np.sqrt(whole * whole + _ALPHA), 4)


def rounded(values: np.ndarray, digits: int) -> np.ndarray:
    """Round as Python's `round` does: to the decimal number nearest to what the value is exactly.

    Multiplying first, as `np.round` does, may make a half of what is not quite one; `round` decides those near a half.

    Examples
    --------
    >>> rounded(np.array([0.0005]), 3).item(), np.round(0.0005, 3).item()
    (0.001, 0.0)
    """
    scale = 10.0**digits
    scaled = values * scale
    near = np.rint(scaled)
    # A whole number divided by a power of ten is the nearest float to that decimal number, as `round` gives it.
    found = near / scale
    unsure = np.flatnonzero(np.abs(np.abs(scaled - near) - 0.5) < 1e-6)
    found[unsure] = [round(value, digits) for value in values[unsure].tolist()]
    return found
