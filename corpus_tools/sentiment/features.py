"""What speaks for a good or a bad meaning of a sentence: named numbers and stems, for `calibration` to weigh.

Words have the valence of VADER's lexicon (Hutto & Gilbert 2014); those it lacks have that of their family, the words
of one stem (Porter's Snowball stemmer), or of their class of meaning (resources/meaning_classes.yaml).
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

from corpus_tools.nltk_fast.lexicon import column, lexicon, rules
from corpus_tools.nltk_fast.vader import score

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

# Letters of any script, with apostrophes between them.
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
# What a negation leaves of a valence, and how far it reaches: as in VADER.
_NEGATED, _NEGATION_REACHES = -0.74, 3
# A verb's object stands near it; what is wished may be a clause away.
_TURNING_REACHES, _MODAL_REACHES = 4, 6
# Above this, in VADER's scale from -4 to 4, a word leaves no doubt.
_STRONG = 2.0
# A sentence of about two clear words is as far from balance as one of ten.
_SATURATES = 4.0
_VADER = ["neg", "pos", "compound"]
# With the words that come to mind first, and with all: what both say counts twice.
_LISTS = {"core": ["core"], "all": ["core", "wider"]}


@dataclass(frozen=True)
class Evidence:
    """What N sentences say.

    `values` (N, F) has a column for each of the F entries of `names`, each a kind and a name; `stems` are the stems of
    each sentence's words, with "not " before those that are negated.
    """

    names: list[tuple[str, str]]
    values: Floats
    stems: list[list[str]]


def evidence(sentences: Sequence[str]) -> Evidence:
    """Read sentences.

    Parameters
    ----------
    sentences
        N sentences; one without a word has zeros and no stems.

    Examples
    --------
    >>> read = evidence(["No famine, but hope."])
    >>> read.stems
    [['no', 'not famin', 'not but', 'not hope']]
    >>> dict(zip(read.names, read.values[0].round(2).tolist(), strict=True))["class", "core poverty"]
    -0.37
    """
    texts = column(sentences)
    words = _words(texts.to_list())
    scores = score(texts)
    parts = [{("vader", name): scores[name].to_numpy() for name in _VADER}]
    for name in _LISTS:
        parts += [_sums(words, name), _classes(words, name)]
    named = {key: values for part in parts for key, values in part.items()}
    return Evidence(list(named), np.column_stack(list(named.values())), _stems(words))


@cache
def names() -> frozenset[tuple[str, str]]:
    """Give kind and name of all that `evidence` counts, but for the stems."""
    return frozenset(evidence([""]).names)


# ---- what is known of a word -----------------------------------------------------------------------------------------


@cache
def stem(word: str) -> str:
    """Cut a word in lower case down to what its inflections and derivations share.

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
def _read(name: str) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(files("corpus_tools.resources").joinpath(name).read_text(encoding="utf-8"))
    return read


@cache
def _signals(name: str) -> frozenset[str]:
    return frozenset(_read("meaning_signals.yaml")[name].split())


@cache
def _turning_stems() -> frozenset[str]:
    return frozenset(map(stem, _signals("turning")))


def _negates(word: str) -> bool:
    return word in _negations() or word.endswith("n't")


@cache
def _negations() -> frozenset[str]:
    return frozenset(rules()["negations"]) | _signals("absence")


@cache
def _families() -> dict[str, float]:
    """Give the mean valence of the lexicon's words of each stem, where these are all good or all bad."""
    members: dict[str, list[float]] = defaultdict(list)
    for word, valence in lexicon().items():
        if word.isalpha():
            members[stem(word)].append(valence)
    return {s: float(np.mean(v)) for s, v in members.items() if min(v) > 0 or max(v) < 0}


def _of_lexicon(word: str) -> float:
    return lexicon().get(word) or _families().get(stem(word), 0.0)


@cache
def _members(name: str) -> dict[str, list[str]]:
    """Give the words of each class, from the parts of the file that make up a list."""
    classes = _read("meaning_classes.yaml")
    return {c: " ".join(classes[c][part] for part in _LISTS[name]).split() for c in sorted(classes)}


@cache
def _classes_of(name: str) -> dict[str, list[int]]:
    """Give the numbers of the classes of each stem."""
    found: dict[str, set[int]] = defaultdict(set)
    for number, members in enumerate(_members(name).values()):
        for word in members:
            found[stem(word)].add(number)
    return {s: sorted(numbers) for s, numbers in found.items()}


@cache
def _class_valences(name: str) -> Floats:
    """Give each class the mean valence of its words that the lexicon knows: one mean of many words."""
    known = [[v for v in map(_of_lexicon, members) if v] for members in _members(name).values()]
    return np.array([np.mean(v) if v else 0.0 for v in known])


def _valence(name: str, word: str) -> float:
    """Give a word's own valence, that of its classes, or the mean of both."""
    own, classes = _of_lexicon(word), _classes_of(name).get(stem(word))
    if classes is None:
        return own
    shared = float(_class_valences(name)[classes].mean())
    return (own + shared) / 2 if own else shared


# ---- what stands in the sentences ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Words:
    """The words of N sentences, one after the other, an array each; `distinct` are those that `word` numbers."""

    distinct: list[str]
    word: Ints
    sentence: Ints
    # How many words of the sentence stand before it.
    index: Ints
    # Of every sentence.
    counts: Ints
    # Valences count by this much: less than none where negated.
    factor: Floats

    def which(self, test: Callable[[str], bool]) -> Flags:
        """Test every word."""
        return np.array([test(word) for word in self.distinct], dtype=bool)[self.word]

    def within(self, flags: Flags, reach: int) -> Flags:
        """Say of every word whether one of the `reach` words before it in its sentence has a flag."""
        return _within(flags, self.index, reach)

    def total(self, rows: Flags, values: Floats) -> Floats:
        """Add up values of each sentence's words, of some rows only."""
        return np.bincount(self.sentence[rows], values[rows], minlength=len(self.counts)).astype(np.float64)


def _within(flags: Flags, index: Ints, reach: int) -> Flags:
    found = np.zeros(len(flags), dtype=bool)
    for back in range(1, reach + 1):
        found[back:] |= flags[:-back] & (index[back:] >= back)
    return found


def _words(sentences: Sequence[str]) -> _Words:
    split = [_WORD.findall(sentence.lower().replace("’", "'")) for sentence in sentences]
    counts = np.array([len(words) for words in split], dtype=np.int64)
    numbers: dict[str, int] = {}
    word = np.array([numbers.setdefault(w, len(numbers)) for words in split for w in words], dtype=np.int64)
    sentence = np.repeat(np.arange(len(split)), counts)
    index = np.arange(len(word)) - (np.cumsum(counts) - counts)[sentence]
    negates = np.array([_negates(w) for w in numbers], dtype=bool)[word]
    factor = np.where(_within(negates, index, _NEGATION_REACHES), _NEGATED, 1.0)
    return _Words(list(numbers), word, sentence, index, counts, factor)


def _stems(words: _Words) -> list[list[str]]:
    plain = [stem(word) for word in words.distinct]
    found: list[list[str]] = [[] for _ in words.counts]
    for word, row, factor in zip(words.word.tolist(), words.sentence.tolist(), words.factor.tolist(), strict=True):
        found[row].append(plain[word] if factor > 0 else f"not {plain[word]}")
    return found


def _root_of_length(words: _Words) -> Floats:
    """Give what sums are divided by: their spread grows with the root of a sentence's length."""
    return np.sqrt(np.maximum(words.counts, 1))


def _classes(words: _Words, name: str) -> dict[tuple[str, str], Floats]:
    """Count the words of each class, negated ones by less than none."""
    classes = [_classes_of(name).get(stem(word), []) for word in words.distinct]
    of = np.repeat(np.arange(len(classes)), [len(numbers) for numbers in classes])
    number = np.array([n for numbers in classes for n in numbers], dtype=np.int64)
    members = list(_members(name))
    shape = (len(words.distinct), len(members))
    membership = sparse.csr_array((np.ones(len(of)), (of, number)), shape=shape)
    shape = (len(words.counts), len(words.distinct))
    counts = sparse.csr_array((words.factor, (words.sentence, words.word)), shape=shape) @ membership
    scaled = counts.toarray() / _root_of_length(words)[:, None]
    return {("class", f"{name} {c}"): scaled[:, i] for i, c in enumerate(members)}


def _sums(words: _Words, name: str) -> dict[tuple[str, str], Floats]:
    """Sum up the valences of each sentence's words, good and bad ones apart, all of them and those in some place."""
    valence = np.array([_valence(name, word) for word in words.distinct], dtype=np.float64)[words.word] * words.factor
    root = _root_of_length(words)
    found: dict[str, Floats] = {}
    places = _places(words, valence)
    for sign, signed in (("good", valence > 0), ("bad", valence < 0)):
        found[sign] = words.total(signed, valence) / root
        found[f"{sign}, number"] = words.total(signed, np.ones_like(valence)) / root
        for place, flags in places.items():
            found[f"{sign}, {place}"] = words.total(signed & flags, valence) / root
    net, size = (found["good"] + found["bad"]) * root, (found["good"] - found["bad"]) * root
    # One more, so that a single weak word is not as good as sure.
    found["balance"] = net / (size + 1)
    found["saturated"] = np.tanh(net / _SATURATES)
    found |= _extremes(words, valence)
    return {("words", f"{name} {key}"): values for key, values in found.items()}


def _places(words: _Words, valence: Floats) -> dict[str, Flags]:
    """Say of every word in which places it stands."""
    contrast = words.which(_signals("contrast").__contains__)
    last = np.full(len(words.counts), -1)
    np.maximum.at(last, words.sentence[contrast], words.index[contrast])
    after = words.index > last[words.sentence]
    contrasted = (last >= 0)[words.sentence]
    turning = words.which(lambda word: stem(word) in _turning_stems())
    return {
        "strong": np.abs(valence) > _STRONG,
        "turned": words.within(turning, _TURNING_REACHES),
        "modal": words.within(words.which(_signals("modal").__contains__), _MODAL_REACHES),
        "before contrast": ~after,
        "after contrast": contrasted & after,
    }


def _extremes(words: _Words, valence: Floats) -> dict[str, Floats]:
    """Give the best, worst, first and last valence of each sentence, 0 where there is none."""
    at = np.flatnonzero(valence)
    sentence, values = words.sentence[at], valence[at]
    best, worst, first, last = np.zeros((4, len(words.counts)))
    np.maximum.at(best, sentence, values)
    np.minimum.at(worst, sentence, values)
    # The last that is written stays.
    last[sentence] = values
    first[sentence[::-1]] = values[::-1]
    return {"best": best, "worst": worst, "first": first, "last": last}
