"""Part-of-speech tags by the averaged perceptron (Collins 2002; Honnibal 2013), for whole columns of tokens at once.

The features, the tag dictionary and the ties are those of `nltk.tag.perceptron.PerceptronTagger`, and so are the tags,
if it is given the same weights. Only the way there is another: all sentences advance one position at a time.
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

from corpus_tools.errors import InputError, known

if TYPE_CHECKING:
    from nltk.tag.perceptron import PerceptronTagger

Ints = npt.NDArray[np.integer[Any]]
Weights = dict[str, dict[str, int]]

# Penn's tags (Marcus et al. 1993) and the universal one of each (universaldependencies.org, English). What only syntax
# decides is left undecided: `be`, `have` and `do` are VERB also where they are auxiliaries, every IN is ADP also where
# it is a conjunction, every TO is PART also where it is a preposition. The last line has tags of spaCy's models.
UNIVERSAL = {
    "CC": "CCONJ", "CD": "NUM", "DT": "DET", "EX": "PRON", "FW": "X", "IN": "ADP", "JJ": "ADJ", "JJR": "ADJ",
    "JJS": "ADJ", "LS": "X", "MD": "AUX", "NN": "NOUN", "NNS": "NOUN", "NNP": "PROPN", "NNPS": "PROPN", "PDT": "DET",
    "POS": "PART", "PRP": "PRON", "PRP$": "PRON", "RB": "ADV", "RBR": "ADV", "RBS": "ADV", "RP": "ADP", "SYM": "SYM",
    "TO": "PART", "UH": "INTJ", "VB": "VERB", "VBD": "VERB", "VBG": "VERB", "VBN": "VERB", "VBP": "VERB",
    "VBZ": "VERB", "WDT": "PRON", "WP": "PRON", "WP$": "PRON", "WRB": "ADV", "#": "SYM", "$": "SYM", "``": "PUNCT",
    "''": "PUNCT", "(": "PUNCT", ")": "PUNCT", ",": "PUNCT", ".": "PUNCT", ":": "PUNCT",
    "-LRB-": "PUNCT", "-RRB-": "PUNCT", "HYPH": "PUNCT", "NFP": "PUNCT", "AFX": "ADJ", "ADD": "X", "XX": "X", "GW": "X",
}  # fmt: skip
PENN = frozenset(list(UNIVERSAL)[:45])

# NLTK's, of `PerceptronTagger`.
_START, _END = ["-START-", "-START2-"], ["-END-", "-END2-"]
# So many sentences advance together: their scores stay in the processor's cache, and memory is bounded.
_SENTENCES = 4096


class ColumnTagger(Protocol):
    """Whatever tags a column of tokens."""

    @property
    def fingerprint(self) -> str:
        """Name its version, so that a result says what made it."""
        ...

    def tag_column(self, distinct: pl.Series, kinds: Ints, lengths: Ints) -> pl.Series:
        """Give one Penn tag a token; see `Tagger.tag_column`."""
        ...


@dataclass(frozen=True)
class Tagger:
    """An averaged perceptron with whole numbers for weights, so that sums are exact in any order and ties are ties.

    Attributes
    ----------
    weights
        Feature, as NLTK writes it (`i suffix ing`), to tag to weight.
    tagdict
        Tags of words that hardly ever have another.
    classes
        All tags.
    about
        Where it comes from, as lines of text.

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
        """Take what NLTK learned, in whole numbers of 1/units; weights below `least` of them are dropped."""
        whole = (
            (feature, {tag: w for tag, weight in row.items() if abs(w := round(weight * units)) >= least})
            for feature, row in tagger.model.weights.items()
        )
        return cls({f: row for f, row in whole if row}, dict(tagger.tagdict), frozenset(tagger.classes), tuple(about))

    def to_nltk(self) -> PerceptronTagger:
        """Give NLTK's own tagger with these weights."""
        found = _nltk()(load=False)
        found.decode_json_params((self.weights, self.tagdict, self.classes))
        return found

    def to_text(self) -> str:
        """Write it, one entry a line: comments, classes, the tag dictionary, the weights; in order."""
        rows = (
            f"{feature}\t{' '.join(f'{tag} {weight}' for tag, weight in sorted(row.items()))}"
            for feature, row in sorted(self.weights.items())
        )
        words = (f"{word}\t{tag}" for word, tag in sorted(self.tagdict.items()))
        classes = "\t".join(["classes", *sorted(self.classes)])  # not `# $ ''`, which would look like a comment
        return "\n".join([*(f"# {a}" for a in self.about), classes, *words, "", *rows, ""])

    @classmethod
    def from_text(cls, text: str) -> Tagger:
        """Read what `to_text` wrote."""
        head, _, body = text.partition("\n\n")
        lines = head.split("\n")  # not splitlines(), which also parts at characters that words hold
        n_about = next(i for i, line in enumerate(lines) if not line.startswith("# "))
        weights: Weights = {}
        for line in body.split("\n")[:-1]:
            feature, _, row = line.partition("\t")
            parts = row.split(" ")
            weights[feature] = dict(zip(parts[::2], map(int, parts[1::2]), strict=True))
        tagdict = dict(line.split("\t") for line in lines[n_about + 1 :])
        about = tuple(line[2:] for line in lines[:n_about])
        return cls(weights, tagdict, frozenset(lines[n_about].split("\t")[1:]), about)

    @property
    def fingerprint(self) -> str:
        """Give the beginning of the SHA-256 of `to_text`."""
        return hashlib.sha256(self.to_text().encode()).hexdigest()[:12]

    def tag(self, sentences: Sequence[Sequence[str]]) -> list[list[str]]:
        """Give one tag a token, sentence by sentence."""
        return tag_lists(self, sentences)

    def tag_column(self, distinct: pl.Series, kinds: Ints, lengths: Ints) -> pl.Series:
        """Give one tag a token of a column.

        Parameters
        ----------
        distinct
            The tokens that there are.
        kinds
            N tokens, sentence after sentence, as indices of these.
        lengths
            How many tokens each sentence has; their sum is N.
        """
        found = self._tables.tag(distinct.to_list(), kinds, np.asarray(lengths, dtype=np.int64))
        return pl.Series("pos", self._tables.labels, pl.String).gather(found)

    @cached_property
    def _tables(self) -> _Tables:
        return _Tables(self)


class _Tables:
    """The weights as matrices with one column a tag, each combination of features that one token decides summed once.

    Row 0 of the weights is that of a feature without weights. Tags are in falling order of their names, because
    `argmax` takes the first of equal scores and NLTK the last in the alphabet.
    """

    def __init__(self, tagger: Tagger) -> None:
        self.labels = sorted(tagger.classes, reverse=True)
        columns = {tag: i for i, tag in enumerate(self.labels)}
        self.tagdict = {word: columns[tag] for word, tag in tagger.tagdict.items() if tag}
        self.row = {feature: i for i, feature in enumerate(tagger.weights, start=1)}
        largest = max((abs(w) for row in tagger.weights.values() for w in row.values()), default=0)
        # 14 features a token: where their sum fits, half the bytes are twice the speed.
        fits = largest * 14 <= np.iinfo(np.int16).max
        self.weights = np.zeros((len(self.row) + 1, len(self.labels)), np.int16 if fits else np.int64)
        for i, row in enumerate(tagger.weights.values(), start=1):
            for tag, weight in row.items():
                if tag in columns:
                    self.weights[i, columns[tag]] = weight
        self.before = [*self.labels, *_START]  # what the tag before can be
        self.n = len(self.before)
        self.tags = self._sum_of_tags()
        self.word_ids, self.words = self._rows_of_tag_and_word()

    def _sum_of_tags(self) -> Ints:
        """For the tag before and the one before that: bias and their three features, (n * n, tags)."""
        one = self._rows("i-1 tag", self.before)
        two = self._rows("i-2 tag", self.before)
        both = self._rows("i tag+i-2 tag", [f"{a} {b}" for a in self.before for b in self.before])
        w = self.weights
        single = w[one][:, None] + w[two][None, :] + w[self.row.get("bias", 0)]
        summed: Ints = single.reshape(self.n**2, -1) + w[both]
        return summed

    def _rows_of_tag_and_word(self) -> tuple[dict[str, int], Ints]:
        """Row of the weights for the tag before with each word that has such a feature; word 0 has none."""
        prefix = "i-1 tag+i word "
        pairs = [f[len(prefix) :].partition(" ")[::2] for f in self.row if f.startswith(prefix)]
        ids = {word: i for i, word in enumerate(dict.fromkeys(word for _, word in pairs), start=1)}
        rows = np.zeros((len(ids) + 1, self.n), np.int32)
        place = {tag: i for i, tag in enumerate(self.before)}
        for tag, word in pairs:
            if tag in place:
                rows[ids[word], place[tag]] = self.row[f"{prefix}{tag} {word}"]
        return ids, rows.ravel()

    def _rows(self, name: str, values: Iterable[str]) -> Ints:
        return np.fromiter((self.row.get(f"{name} {value}", 0) for value in values), np.int32)

    def tag(self, distinct: list[str], ids: Ints, lengths: Ints) -> Ints:
        """Give each token the number of its tag; `distinct` has the token of each of `ids`."""
        token = _Distinct(self, distinct)
        ends = np.cumsum(lengths)
        found = np.empty(len(ids), np.uint16)
        order = np.argsort(-lengths, kind="stable")
        for first in range(0, len(order), _SENTENCES):
            chosen = order[first : first + _SENTENCES]
            self._advance(token, ids, (ends - lengths)[chosen], lengths[chosen], found)
        return found

    def _advance(self, token: _Distinct, ids: Ints, starts: Ints, lengths: Ints, found: Ints) -> None:
        """Tag sentences, longest first, one position of all of them after the other."""
        n = len(starts)
        two_before, one_before = (np.full(n, token.n + i) for i in range(2))
        now, one_after = (self._at(token, ids, starts, lengths, i) for i in range(2))
        tag, tag_before = (np.full(n, len(self.labels) + i) for i in range(2))
        for position in range(lengths[0] if n else 0):
            # Those that have a token here come first.
            n = int(np.searchsorted(-lengths, -position, side="left"))
            two_after = self._at(token, ids, starts[:n], lengths[:n], position + 2)
            two_before, one_before, now, one_after = (x[:n] for x in (two_before, one_before, now, one_after))
            tag, tag_before = tag[:n], tag_before[:n]
            chosen = token.known[now]
            ask = np.flatnonzero(chosen < 0)
            here, last = now[ask], tag[ask]
            scores = token.own[here]
            scores += token.left[one_before[ask]]
            scores += token.right[one_after[ask]]
            scores += self.weights[token.far_left[two_before[ask]]]
            scores += self.weights[token.far_right[two_after[ask]]]
            scores += self.tags[last * self.n + tag_before[ask]]
            scores += self.weights[self.words[token.word[here] * self.n + last]]
            chosen[ask] = scores.argmax(axis=1)
            found[starts[:n] + position] = chosen
            tag, tag_before = chosen, tag
            two_before, one_before, now, one_after = one_before, now, one_after, two_after

    @staticmethod
    def _at(token: _Distinct, ids: Ints, starts: Ints, lengths: Ints, position: int) -> Ints:
        """Give the token at a position of each sentence, or what NLTK has after its end."""
        beyond = position - lengths
        inside = np.flatnonzero(beyond < 0)
        at = token.n + len(_START) + np.clip(beyond, 0, len(_END) - 1)
        at[inside] = ids[starts[inside] + position]
        return at


def _normal(word: str) -> str:
    """Give the form by which NLTK knows a word, as its `PerceptronTagger.normalize` does."""
    if "-" in word and word[0] != "-":
        return "!HYPHEN"
    if word.isdigit() and len(word) == 4:
        return "!YEAR"
    return "!DIGITS" if word and word[0].isdigit() else word.lower()


class _Distinct:
    """Rows and sums for each distinct token, then for what stands before a sentence and after it."""

    def __init__(self, tables: _Tables, tokens: list[str]) -> None:
        self.n = len(tokens)
        words = [*map(_normal, tokens), *_START, *_END]
        edge = [""] * (len(_START) + len(_END))  # never tagged themselves
        raw = [*tokens, *edge]
        suffixes = [word[-3:] for word in words]
        rows, w = tables._rows, tables.weights
        self.known = np.fromiter((tables.tagdict.get(t, -1) for t in raw), np.int64)
        self.word = np.fromiter((tables.word_ids.get(word, 0) for word in words), np.int64)
        self.own = w[rows("i word", words)]
        self.own += w[rows("i suffix", (t[-3:] for t in raw))]
        self.own += w[rows("i pref1", (t[:1] for t in raw))]
        self.left = w[rows("i-1 word", words)] + w[rows("i-1 suffix", suffixes)]
        self.right = w[rows("i+1 word", words)] + w[rows("i+1 suffix", suffixes)]
        self.far_left = rows("i-2 word", words)
        self.far_right = rows("i+2 word", words)


def tag_lists(tagger: ColumnTagger, sentences: Sequence[Sequence[str]]) -> list[list[str]]:
    """Tag lists of tokens with whatever tags columns."""
    lengths = np.fromiter(map(len, sentences), np.int64, len(sentences))
    numbers: dict[str, int] = {}
    kinds = [numbers.setdefault(token, len(numbers)) for sentence in sentences for token in sentence]
    distinct = pl.Series("token", [*numbers], pl.String)
    tags = iter(tagger.tag_column(distinct, np.asarray(kinds, np.int64), lengths).to_list())
    return [[next(tags) for _ in sentence] for sentence in sentences]


class _Spacy:
    """A model of spaCy's, given our tokens."""

    def __init__(self, model: str) -> None:
        import spacy  # noqa: PLC0415  # optional
        from spacy.tokens import Doc  # noqa: PLC0415

        self.model = spacy.load(model, exclude=["ner", "lemmatizer"])
        self.doc = Doc

    @property
    def fingerprint(self) -> str:
        return str(self.model.meta["version"])

    def tag_column(self, distinct: pl.Series, kinds: Ints, lengths: Ints) -> pl.Series:
        words, ends = distinct.gather(kinds).to_list(), np.cumsum(lengths)
        docs = (self.doc(self.model.vocab, words[end - n : end]) for n, end in zip(lengths, ends, strict=True))
        return pl.Series("pos", [token.tag_ for doc in self.model.pipe(docs) for token in doc], pl.String)


def _nltk() -> Any:
    from nltk.tag.perceptron import PerceptronTagger  # noqa: PLC0415 - a second to load, for what few callers need

    return PerceptronTagger


@cache
def open_tagger(name: str) -> ColumnTagger:
    """Open a tagger by its name in params.yaml.

    Raises
    ------
    InputError
        If there is no such tagger, or it is not installed.
    """
    kind, _, model = name.partition(":")
    try:
        if name == "masc":
            return news_tagger()
        if name == "nltk":  # its weights have three decimals
            return Tagger.from_nltk(_nltk()(), 1000, 1)
        if kind == "spacy" and model:
            return _Spacy(model)
    except LookupError:
        remedy = "run `python -m nltk.downloader averaged_perceptron_tagger_eng`, or take `masc`"
        raise InputError("tokenise.tagger", "NLTK's weights are not installed", remedy) from None
    except ImportError:
        raise InputError("tokenise.tagger", "spaCy is not installed", "`pip install spacy`, or take `masc`") from None
    except OSError:
        remedy = f"run `python -m spacy download {model}`, or take `masc`"
        raise InputError("tokenise.tagger", f"spaCy has no model {model}", remedy) from None
    raise InputError("tokenise.tagger", f"there is no tagger {name}", known(name, ["masc", "nltk", "spacy:MODEL"]))


@cache
def news_tagger() -> Tagger:
    """Read the weights that come with the package, learned from MASC."""
    return Tagger.from_text(
        files("corpus_tools.nltk_fast").joinpath("data/tagger_masc.txt").read_text(encoding="utf-8")
    )
