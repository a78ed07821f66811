"""Part-of-speech tags by the averaged perceptron (Collins 2002; Honnibal 2013), for whole columns of tokens at once.

Features, tag dictionary and ties are those of `nltk.tag.perceptron.PerceptronTagger`; with the same weights, so are the
tags. NLTK tags one token after another; here all sentences advance together, one position at a time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt
import polars as pl
import yaml

from corpus_tools.errors import InputError, known

if TYPE_CHECKING:
    from nltk.tag.perceptron import PerceptronTagger

Ints = npt.NDArray[np.integer[Any]]
Weights = dict[str, dict[str, int]]

_TAGS = yaml.safe_load(files("corpus_tools.nltk_fast").joinpath("data/universal_tags.yaml").read_text(encoding="utf-8"))
# The universal tag of each Penn Treebank tag, and of the tags that only spaCy's models use.
UNIVERSAL = {tag: universal for group in _TAGS.values() for universal, tags in group.items() for tag in tags.split()}
PENN = frozenset(tag for tags in _TAGS["penn"].values() for tag in tags.split())

# The padding tokens of NLTK's `PerceptronTagger`.
_START, _END = ["-START-", "-START2-"], ["-END-", "-END2-"]
# Sentences that advance together; their scores stay in the processor's cache, and memory is bounded.
_BATCH_SENTENCES = 4096


class ColumnTagger(Protocol):
    """Anything that tags a column of tokens."""

    @property
    def fingerprint(self) -> str:
        """Identify the version, which the metrics record."""
        ...

    def tag_column(self, distinct: pl.Series, codes: Ints, lengths: Ints) -> pl.Series:
        """Return one Penn tag per token; see `Tagger.tag_column`."""
        ...


@dataclass(frozen=True)
class Tagger:
    """An averaged perceptron with integer weights, whose sums are exact in any order, so that ties remain ties.

    Attributes
    ----------
    weights
        Weights by feature, as NLTK writes it (`i suffix ing`), and tag.
    tagdict
        Tags of words that almost never have another tag.
    classes
        All tags.
    about
        Origin of the weights, as lines of text.

    Examples
    --------
    >>> news_tagger().tag([["They", "left", "the", "town", "."], []])
    [['PRP', 'VBD', 'DT', 'NN', '.'], []]
    """

    weights: Weights
    tagdict: dict[str, str]
    classes: frozenset[str]
    about: tuple[str, ...] = ()

    @classmethod
    def from_nltk(cls, tagger: PerceptronTagger, units: int, least: int, about: Iterable[str] = ()) -> Tagger:
        """Convert a tagger of NLTK's; weights become multiples of 1/units, and those below `least` are dropped."""
        weights = (
            (feature, {tag: w for tag, weight in row.items() if abs(w := round(weight * units)) >= least})
            for feature, row in tagger.model.weights.items()
        )
        return cls({f: row for f, row in weights if row}, dict(tagger.tagdict), frozenset(tagger.classes), tuple(about))

    def to_nltk(self) -> PerceptronTagger:
        """Return NLTK's tagger with these weights."""
        tagger = _nltk()(load=False)
        tagger.decode_json_params((self.weights, self.tagdict, self.classes))
        return tagger

    def to_text(self) -> str:
        """Return the tagger as text, one entry per line: comments, classes, tag dictionary, weights; each sorted."""
        rows = (
            f"{feature}\t{' '.join(f'{tag} {weight}' for tag, weight in sorted(row.items()))}"
            for feature, row in sorted(self.weights.items())
        )
        words = (f"{word}\t{tag}" for word, tag in sorted(self.tagdict.items()))
        classes = "\t".join(["classes", *sorted(self.classes)])  # the word first: a line `# $ ''` would be a comment
        return "\n".join([*(f"# {a}" for a in self.about), classes, *words, "", *rows, ""])

    @classmethod
    def from_text(cls, text: str) -> Tagger:
        """Read what `to_text` wrote."""
        head, _, body = text.partition("\n\n")
        lines = head.split("\n")  # not splitlines(), which also splits at characters that occur in words
        n_about = next(i for i, line in enumerate(lines) if not line.startswith("# "))
        weights: Weights = {}
        for line in body.split("\n")[:-1]:
            feature, _, row = line.partition("\t")
            fields = row.split(" ")
            weights[feature] = dict(zip(fields[::2], map(int, fields[1::2]), strict=True))
        tagdict = dict(line.split("\t") for line in lines[n_about + 1 :])
        about = tuple(line[2:] for line in lines[:n_about])
        return cls(weights, tagdict, frozenset(lines[n_about].split("\t")[1:]), about)

    @property
    def fingerprint(self) -> str:
        """Return the first 12 digits of the SHA-256 of `to_text`."""
        return hashlib.sha256(self.to_text().encode()).hexdigest()[:12]

    def tag(self, sentences: Sequence[Sequence[str]]) -> list[list[str]]:
        """Return one tag per token, sentence by sentence."""
        return tag_lists(self, sentences)

    def tag_column(self, distinct: pl.Series, codes: Ints, lengths: Ints) -> pl.Series:
        """Return one tag per token of a column.

        Parameters
        ----------
        distinct
            The distinct tokens.
        codes
            N tokens, sentence after sentence, as indices in `distinct`.
        lengths
            Number of tokens of each sentence; their sum is N.
        """
        tags = self._matrices.tag(distinct.to_list(), codes, np.asarray(lengths, dtype=np.int64))
        return pl.Series("pos", self._matrices.labels, pl.String).gather(tags)

    @cached_property
    def _matrices(self) -> _Matrices:
        return _Matrices(self)


class _Matrices:
    """The weights as matrices with one column per tag; features that depend on one token only are summed once.

    Row 0 of the weights belongs to features without weights. Tags are in descending order of their names, because
    `argmax` returns the first of equal scores and NLTK the last in the alphabet.
    """

    def __init__(self, tagger: Tagger) -> None:
        self.labels = sorted(tagger.classes, reverse=True)
        columns = {tag: i for i, tag in enumerate(self.labels)}
        self.tagdict = {word: columns[tag] for word, tag in tagger.tagdict.items() if tag}
        self.row = {feature: i for i, feature in enumerate(tagger.weights, start=1)}
        largest = max((abs(w) for row in tagger.weights.values() for w in row.values()), default=0)
        # A token has 14 features; where their sum fits into 16 bits, the fewer bytes double the speed.
        fits = largest * 14 <= np.iinfo(np.int16).max
        self.weights = np.zeros((len(self.row) + 1, len(self.labels)), np.int16 if fits else np.int64)
        for i, row in enumerate(tagger.weights.values(), start=1):
            for tag, weight in row.items():
                if tag in columns:
                    self.weights[i, columns[tag]] = weight
        self.before = [*self.labels, *_START]  # possible values of the previous tag
        self.n = len(self.before)
        self.tags = self._sum_of_tags()
        self.word_ids, self.words = self._rows_of_tag_and_word()

    def _sum_of_tags(self) -> Ints:
        """Sum bias and the three tag features for each pair of the previous two tags, as (n * n, tags)."""
        one = self._rows("i-1 tag", self.before)
        two = self._rows("i-2 tag", self.before)
        both = self._rows("i tag+i-2 tag", [f"{a} {b}" for a in self.before for b in self.before])
        w = self.weights
        single = w[one][:, None] + w[two][None, :] + w[self.row.get("bias", 0)]
        summed: Ints = single.reshape(self.n**2, -1) + w[both]
        return summed

    def _rows_of_tag_and_word(self) -> tuple[dict[str, int], Ints]:
        """Return numbers of the words in features of previous tag and word, and their rows; word 0 has no feature."""
        prefix = "i-1 tag+i word "
        pairs = [f[len(prefix) :].partition(" ")[::2] for f in self.row if f.startswith(prefix)]
        ids = {word: i for i, word in enumerate(dict.fromkeys(word for _, word in pairs), start=1)}
        rows = np.zeros((len(ids) + 1, self.n), np.int32)
        index = {tag: i for i, tag in enumerate(self.before)}
        for tag, word in pairs:
            if tag in index:
                rows[ids[word], index[tag]] = self.row[f"{prefix}{tag} {word}"]
        return ids, rows.ravel()

    def _rows(self, name: str, values: Iterable[str]) -> Ints:
        return np.fromiter((self.row.get(f"{name} {value}", 0) for value in values), np.int32)

    def tag(self, distinct: list[str], codes: Ints, lengths: Ints) -> Ints:
        """Return the index of each token's tag; see `Tagger.tag_column`."""
        token = _DistinctTokens(self, distinct)
        starts = np.cumsum(lengths) - lengths
        tags = np.empty(len(codes), np.uint16)
        order = np.argsort(-lengths, kind="stable")
        for first in range(0, len(order), _BATCH_SENTENCES):
            batch = order[first : first + _BATCH_SENTENCES]
            self._advance(token, codes, starts[batch], lengths[batch], tags)
        return tags

    def _advance(self, token: _DistinctTokens, codes: Ints, starts: Ints, lengths: Ints, tags: Ints) -> None:
        """Tag sentences, longest first, one position of all sentences after the other."""
        n = len(starts)
        two_before, one_before = (np.full(n, token.n + i) for i in range(2))
        current, one_after = (self._token_at(token, codes, starts, lengths, i) for i in range(2))
        tag, tag_before = (np.full(n, len(self.labels) + i) for i in range(2))
        for position in range(lengths[0] if n else 0):
            # The first n sentences reach this position.
            n = int(np.searchsorted(-lengths, -position, side="left"))
            two_after = self._token_at(token, codes, starts[:n], lengths[:n], position + 2)
            two_before, one_before, current, one_after = (x[:n] for x in (two_before, one_before, current, one_after))
            tag, tag_before = tag[:n], tag_before[:n]
            chosen = token.known[current]
            undecided = np.flatnonzero(chosen < 0)
            word, last = current[undecided], tag[undecided]
            scores = token.own[word]
            scores += token.left[one_before[undecided]]
            scores += token.right[one_after[undecided]]
            scores += self.weights[token.far_left[two_before[undecided]]]
            scores += self.weights[token.far_right[two_after[undecided]]]
            scores += self.tags[last * self.n + tag_before[undecided]]
            scores += self.weights[self.words[token.word[word] * self.n + last]]
            chosen[undecided] = scores.argmax(axis=1)
            tags[starts[:n] + position] = chosen
            tag, tag_before = chosen, tag
            two_before, one_before, current, one_after = one_before, current, one_after, two_after

    @staticmethod
    def _token_at(token: _DistinctTokens, codes: Ints, starts: Ints, lengths: Ints, position: int) -> Ints:
        """Return the token at a position of each sentence, or NLTK's padding after the sentence's end."""
        beyond = position - lengths
        inside = np.flatnonzero(beyond < 0)
        tokens = token.n + len(_START) + np.clip(beyond, 0, len(_END) - 1)
        tokens[inside] = codes[starts[inside] + position]
        return tokens


def _normal(word: str) -> str:
    """Normalise a word as NLTK's `PerceptronTagger.normalize` does."""
    if "-" in word and word[0] != "-":
        return "!HYPHEN"
    if word.isdigit() and len(word) == 4:
        return "!YEAR"
    return "!DIGITS" if word and word[0].isdigit() else word.lower()


class _DistinctTokens:
    """Rows and sums of weights for each distinct token, then for NLTK's padding before and after a sentence."""

    def __init__(self, matrices: _Matrices, tokens: list[str]) -> None:
        self.n = len(tokens)
        words = [*map(_normal, tokens), *_START, *_END]
        raw = [*tokens, *[""] * (len(_START) + len(_END))]  # the padding is never tagged itself
        suffixes = [word[-3:] for word in words]
        rows, w = matrices._rows, matrices.weights
        self.known = np.fromiter((matrices.tagdict.get(t, -1) for t in raw), np.int64)
        self.word = np.fromiter((matrices.word_ids.get(word, 0) for word in words), np.int64)
        self.own = w[rows("i word", words)]
        self.own += w[rows("i suffix", (t[-3:] for t in raw))]
        self.own += w[rows("i pref1", (t[:1] for t in raw))]
        self.left = w[rows("i-1 word", words)] + w[rows("i-1 suffix", suffixes)]
        self.right = w[rows("i+1 word", words)] + w[rows("i+1 suffix", suffixes)]
        self.far_left = rows("i-2 word", words)
        self.far_right = rows("i+2 word", words)


def tag_lists(tagger: ColumnTagger, sentences: Sequence[Sequence[str]]) -> list[list[str]]:
    """Tag lists of tokens with a tagger of columns."""
    lengths = np.fromiter(map(len, sentences), np.int64, len(sentences))
    numbers: dict[str, int] = {}
    codes = [numbers.setdefault(token, len(numbers)) for sentence in sentences for token in sentence]
    distinct = pl.Series("token", [*numbers], pl.String)
    tags = iter(tagger.tag_column(distinct, np.asarray(codes, np.int64), lengths).to_list())
    return [[next(tags) for _ in sentence] for sentence in sentences]


class _Spacy:
    """A spaCy model that tags the tokens of this package."""

    def __init__(self, model: str) -> None:
        import spacy  # noqa: PLC0415  # optional
        from spacy.tokens import Doc  # noqa: PLC0415

        self.model = spacy.load(model, exclude=["ner", "lemmatizer"])
        self.doc = Doc

    @property
    def fingerprint(self) -> str:
        return str(self.model.meta["version"])

    def tag_column(self, distinct: pl.Series, codes: Ints, lengths: Ints) -> pl.Series:
        words, ends = distinct.gather(codes).to_list(), np.cumsum(lengths)
        docs = (self.doc(self.model.vocab, words[end - n : end]) for n, end in zip(lengths, ends, strict=True))
        return pl.Series("pos", [token.tag_ for doc in self.model.pipe(docs) for token in doc], pl.String)


def _nltk() -> Any:
    from nltk.tag.perceptron import PerceptronTagger  # noqa: PLC0415 - a second to load, for few callers

    return PerceptronTagger


@cache
def open_tagger(name: str) -> ColumnTagger:
    """Open a tagger by its name in params.yaml.

    Raises
    ------
    InputError
        If the name is unknown, or the tagger is not installed.
    """
    kind, _, model = name.partition(":")
    try:
        if name == "masc":
            return news_tagger()
        if name == "nltk":  # NLTK's weights have three decimals
            return Tagger.from_nltk(_nltk()(), 1000, 1)
        if kind == "spacy" and model:
            return _Spacy(model)
    except LookupError:
        remedy = "run `python -m nltk.downloader averaged_perceptron_tagger_eng`, or use `masc`"
        raise InputError("tokenise.tagger", "NLTK's weights are not installed", remedy) from None
    except ImportError:
        raise InputError(
            "tokenise.tagger", "spaCy is not installed", "run `pip install spacy`, or use `masc`"
        ) from None
    except OSError:
        remedy = f"run `python -m spacy download {model}`, or use `masc`"
        raise InputError("tokenise.tagger", f"spaCy has no model {model}", remedy) from None
    raise InputError("tokenise.tagger", f"no tagger is called {name}", known(name, ["masc", "nltk", "spacy:MODEL"]))


@cache
def news_tagger() -> Tagger:
    """Return the tagger that comes with the package, trained on MASC."""
    return Tagger.from_text(
        files("corpus_tools.nltk_fast").joinpath("data/tagger_masc.txt").read_text(encoding="utf-8")
    )
