"""Features of the calibrated sentiment model.

Words have the valence of VADER's lexicon (Hutto & Gilbert 2014). A word that the lexicon lacks takes the mean valence
of the words with the same stem (Porter's Snowball stemmer) or of its meaning classes (meaning_classes.yaml).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt
import yaml
from nltk.stem.snowball import SnowballStemmer
from scipy import sparse

from corpus_tools.nltk_fast.lexicon import lexicon, rule_words, string_column
from corpus_tools.nltk_fast.vader import score

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

# Letters of any script, with apostrophes between them.
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
# VADER's factor for a negated valence, and the number of words that a negation affects.
_NEGATED, _NEGATION_REACH = -0.74, 3
# A verb's object follows it closely; a wish may govern a whole clause.
_TURNING_REACH, _MODAL_REACH = 4, 6
# Above this, in VADER's scale from -4 to 4, a word is unambiguous.
_STRONG = 2.0
# Two clearly positive words make a sentence about as positive as ten do.
_SATURATES = 4.0
_VADER = ["neg", "pos", "compound"]
# Features come from the obvious words of each class and from all its words, so that the obvious ones weigh more.
_WORD_LISTS = {"core": ["core"], "all": ["core", "wider"]}


@dataclass(frozen=True)
class Features:
    """Features of N sentences.

    Attributes
    ----------
    names
        Kind and name of each of the F features.
    values
        Array (N, F).
    stems
        The stems of each sentence's words; those of negated words start with "not ".
    """

    names: list[tuple[str, str]]
    values: Floats
    stems: list[list[str]]


def extract_features(sentences: Sequence[str]) -> Features:
    """Return the features of sentences; a sentence without words has zeros and no stems.

    Examples
    --------
    >>> features = extract_features(["No famine, but hope."])
    >>> features.stems
    [['no', 'not famin', 'not but', 'not hope']]
    >>> dict(zip(features.names, features.values[0].round(2).tolist(), strict=True))["class", "core poverty"]
    -0.37
    """
    texts = string_column(sentences)
    words = _split(texts.to_list())
    scores = score(texts)
    values = {("vader", name): scores[name].to_numpy() for name in _VADER}
    for word_list in _WORD_LISTS:
        values |= _valence_features(words, word_list) | _class_features(words, word_list)
    return Features(list(values), np.column_stack(list(values.values())), _stems(words))


@cache
def feature_names() -> frozenset[tuple[str, str]]:
    """Return kind and name of all features except the stems."""
    return frozenset(extract_features([""]).names)


# ---- words -----------------------------------------------------------------------------------------------------------


@cache
def stem(word: str) -> str:
    """Return the stem that a word in lower case shares with its inflections and derivations.

    Examples
    --------
    >>> stem("famines"), stem("hopeful")
    ('famin', 'hope')
    """
    return str(_stemmer().stem(word))


@cache
def _stemmer() -> Any:
    return SnowballStemmer("english")


@cache
def meaning_classes() -> dict[str, dict[str, list[str]]]:
    """Return the words of each class in `meaning_classes.yaml`, in its lists `core` and `wider`."""
    classes = _read("data/meaning_classes.yaml")
    return {name: {key: words.split() for key, words in lists.items()} for name, lists in classes.items()}


@cache
def meaning_signals() -> dict[str, frozenset[str]]:
    """Return the lists of `meaning_signals.yaml`: words that change the meaning of the words after them."""
    return {name: frozenset(words.split()) for name, words in _read("data/meaning_signals.yaml").items()}


def _read(path: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(files("corpus_tools.sentiment").joinpath(path).read_text(encoding="utf-8"))
    return content


@cache
def _negations() -> frozenset[str]:
    return frozenset(rule_words()["negations"]) | meaning_signals()["absence"]


@cache
def _stem_valences() -> dict[str, float]:
    """Return the mean valence of the lexicon's words of each stem, if all of them have the same sign."""
    valences: dict[str, list[float]] = defaultdict(list)
    for word, valence in lexicon().items():
        if word.isalpha():
            valences[stem(word)].append(valence)
    return {s: float(np.mean(v)) for s, v in valences.items() if min(v) > 0 or max(v) < 0}


def _lexicon_valence(word: str) -> float:
    return lexicon().get(word) or _stem_valences().get(stem(word), 0.0)


@cache
def _class_members(word_list: str) -> dict[str, list[str]]:
    classes = meaning_classes()
    return {name: [word for key in _WORD_LISTS[word_list] for word in classes[name][key]] for name in sorted(classes)}


@cache
def _classes_of_stems(word_list: str) -> dict[str, list[int]]:
    numbers: dict[str, set[int]] = defaultdict(set)
    for number, members in enumerate(_class_members(word_list).values()):
        for word in members:
            numbers[stem(word)].add(number)
    return {s: sorted(classes) for s, classes in numbers.items()}


@cache
def _class_valences(word_list: str) -> Floats:
    """Return the mean valence of each class over those of its words that the lexicon knows."""
    valences = [[v for v in map(_lexicon_valence, members) if v] for members in _class_members(word_list).values()]
    return np.array([np.mean(v) if v else 0.0 for v in valences])


def _valence(word_list: str, word: str) -> float:
    """Return a word's own valence, that of its classes, or the mean of both."""
    own, classes = _lexicon_valence(word), _classes_of_stems(word_list).get(stem(word))
    if classes is None:
        return own
    shared = float(_class_valences(word_list)[classes].mean())
    return (own + shared) / 2 if own else shared


# ---- sentences -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _SentenceWords:
    """The words of N sentences, concatenated.

    Attributes
    ----------
    distinct
        The distinct words.
    word, sentence, index
        Of each word: its number in `distinct`, its sentence, and its position there.
    factor
        Of each word: what its valence is multiplied by, below 0 if it is negated.
    counts
        Of each sentence: its number of words.
    """

    distinct: list[str]
    word: Ints
    sentence: Ints
    index: Ints
    counts: Ints
    factor: Floats

    def flags(self, test: Callable[[str], bool]) -> Flags:
        """Test every word."""
        return np.array([test(word) for word in self.distinct], dtype=bool)[self.word]

    def sums(self, rows: Flags, values: Floats) -> Floats:
        """Add up values of each sentence's words, over the selected rows."""
        return np.bincount(self.sentence[rows], values[rows], minlength=len(self.counts)).astype(np.float64)

    def root_lengths(self) -> Floats:
        """Return the root of each sentence's length, with which the spread of its sums grows."""
        return np.sqrt(np.maximum(self.counts, 1))


def _split(sentences: Sequence[str]) -> _SentenceWords:
    split = [_WORD.findall(sentence.lower().replace("’", "'")) for sentence in sentences]
    counts = np.array([len(words) for words in split], dtype=np.int64)
    numbers: dict[str, int] = {}
    word = np.array([numbers.setdefault(w, len(numbers)) for words in split for w in words], dtype=np.int64)
    sentence = np.repeat(np.arange(len(split)), counts)
    index = np.arange(len(word)) - (np.cumsum(counts) - counts)[sentence]
    negates = np.array([w in _negations() or w.endswith("n't") for w in numbers], dtype=bool)[word]
    factor = np.where(_follows(negates, index, _NEGATION_REACH), _NEGATED, 1.0)
    return _SentenceWords(list(numbers), word, sentence, index, counts, factor)


def _follows(flags: Flags, index: Ints, reach: int) -> Flags:
    """Return, for every word, whether one of the `reach` words before it in its sentence is flagged."""
    follows = np.zeros(len(flags), dtype=bool)
    for back in range(1, reach + 1):
        follows[back:] |= flags[:-back] & (index[back:] >= back)
    return follows


def _stems(words: _SentenceWords) -> list[list[str]]:
    plain = [stem(word) for word in words.distinct]
    stems: list[list[str]] = [[] for _ in words.counts]
    for word, row, factor in zip(words.word.tolist(), words.sentence.tolist(), words.factor.tolist(), strict=True):
        stems[row].append(plain[word] if factor > 0 else f"not {plain[word]}")
    return stems


def _class_features(words: _SentenceWords, word_list: str) -> dict[tuple[str, str], Floats]:
    """Count the words of each class, negated ones with a negative factor."""
    classes = [_classes_of_stems(word_list).get(stem(word), []) for word in words.distinct]
    rows = np.repeat(np.arange(len(classes)), [len(numbers) for numbers in classes])
    columns = np.array([n for numbers in classes for n in numbers], dtype=np.int64)
    names = list(_class_members(word_list))
    shape = (len(words.distinct), len(names))
    membership = sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=shape)
    shape = (len(words.counts), len(words.distinct))
    counts = sparse.csr_array((words.factor, (words.sentence, words.word)), shape=shape) @ membership
    scaled = counts.toarray() / words.root_lengths()[:, None]
    return {("class", f"{word_list} {name}"): scaled[:, i] for i, name in enumerate(names)}


def _valence_features(words: _SentenceWords, word_list: str) -> dict[tuple[str, str], Floats]:
    """Sum up positive and negative valences of each sentence, over all words and over those in each context."""
    valences = np.array([_valence(word_list, word) for word in words.distinct], dtype=np.float64)
    valence = valences[words.word] * words.factor
    root = words.root_lengths()
    values: dict[str, Floats] = {}
    contexts = _contexts(words, valence)
    for sign, signed in (("good", valence > 0), ("bad", valence < 0)):
        values[sign] = words.sums(signed, valence) / root
        values[f"{sign}, number"] = words.sums(signed, np.ones_like(valence)) / root
        for context, flags in contexts.items():
            values[f"{sign}, {context}"] = words.sums(signed & flags, valence) / root
    net, size = (values["good"] + values["bad"]) * root, (values["good"] - values["bad"]) * root
    # The 1 keeps a single weak word from counting as fully positive or negative.
    values["balance"] = net / (size + 1)
    values["saturated"] = np.tanh(net / _SATURATES)
    values |= _extremes(words, valence)
    return {("words", f"{word_list} {name}"): feature for name, feature in values.items()}


def _contexts(words: _SentenceWords, valence: Floats) -> dict[str, Flags]:
    signals = meaning_signals()
    turning = frozenset(map(stem, signals["turning"]))
    contrast = words.flags(signals["contrast"].__contains__)
    last = np.full(len(words.counts), -1)
    np.maximum.at(last, words.sentence[contrast], words.index[contrast])
    after = words.index > last[words.sentence]
    contrasted = (last >= 0)[words.sentence]
    return {
        "strong": np.abs(valence) > _STRONG,
        "turned": _follows(words.flags(lambda word: stem(word) in turning), words.index, _TURNING_REACH),
        "modal": _follows(words.flags(signals["modal"].__contains__), words.index, _MODAL_REACH),
        "before contrast": ~after,
        "after contrast": contrasted & after,
    }


def _extremes(words: _SentenceWords, valence: Floats) -> dict[str, Floats]:
    """Return the best, worst, first and last valence of each sentence, 0 where all words are neutral."""
    rows = np.flatnonzero(valence)
    sentence, values = words.sentence[rows], valence[rows]
    best, worst, first, last = np.zeros((4, len(words.counts)))
    np.maximum.at(best, sentence, values)
    np.minimum.at(worst, sentence, values)
    # Of several values assigned to one sentence, NumPy keeps the last.
    last[sentence] = values
    first[sentence[::-1]] = values[::-1]
    return {"best": best, "worst": worst, "first": first, "last": last}
