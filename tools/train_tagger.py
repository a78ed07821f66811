"""Train the tagger on MASC: `python -m tools.train_tagger ZIP` prints the weights and their accuracy (`make tags`).

MASC is the Manually Annotated Sub-Corpus of the American National Corpus (Ide et al. 2010): half a million words, open
for any use. Its tokens and tags come from GATE; `as_penn` corrects where they differ from the Penn Treebank's.
"""

from __future__ import annotations

import hashlib
import random
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from zipfile import BadZipFile, ZipFile

import nltk
from nltk.tag.perceptron import PerceptronTagger
from nltk.tokenize import NLTKWordTokenizer

from corpus_tools.errors import InputError
from corpus_tools.nltk_fast.tagger import PENN, Tagger
from tools import arguments

Tagged = list[tuple[str, str]]
_TOKENISER = NLTKWordTokenizer()
_RENAMED = {"-": ":", "...": ":", '"': "''", "'": "''", "PP": "PRP"}
# GATE tags unknown marks as nouns.
_MARKS = (
    dict.fromkeys("([{", "(")
    | dict.fromkeys(")]}", ")")
    | dict.fromkeys(["-", "--", "–", "—", "…", "...", ":", ";"], ":")
    | dict.fromkeys("/\\*+=<>|_~^@§°•", "SYM")
    | dict.fromkeys("$£€¥", "$")
    | dict.fromkeys("“‘`", "``")
    | {"”": "''", "#": "#", "&": "CC"}
)
_CONTRACTIONS = {"cannot": ["MD", "RB"], "gonna": ["VBG", "TO"], "wanna": ["VBP", "TO"], "gotta": ["VBD", "TO"]}
_ABBREVIATED_NAME = re.compile(r"(?:[A-Z][a-z]*\.)+(?<!No\.)(?<!Fig\.)")
_NUMBER = re.compile(r"\d[\d.,:/-]*")
_LINE_OF_DASHES = re.compile(r"[-=_*]{3,}")
# Tags before and after the hyphen of a compound; between other tags, a single `-` is a dash.
_COMPOUND_ENDS = frozenset("NN NNS NNP NNPS JJ VBN VBG CD RB".split())
_COMPOUND_STARTS = _COMPOUND_ENDS | frozenset("IN VB RBR JJR JJS FW".split())
# Weights are rounded to quarters, and those below 5 quarters dropped: this changes 0.2 % of the tags and leaves a third
# of the file.
_UNITS, _LEAST = 4, 5
_NEWS = "newspaper"


def read(path: Path) -> Iterator[tuple[str, list[Tagged]]]:
    """Yield the category (newspaper, blog, ...) and the sentences of each file, unchanged."""
    with ZipFile(path) as archive:
        categories = archive.read("masc_tagged/categories.txt").decode().splitlines()
        for name, category in sorted(line.split() for line in categories):
            text = archive.read(f"masc_tagged/{name}").decode("utf-8", errors="replace")
            yield category, [_pairs(line) for line in text.splitlines()]


def _pairs(line: str) -> Tagged:
    pairs = (token.rpartition("_") for token in line.split())
    return [(word, tag) for word, _, tag in pairs if word]


def as_penn(lines: Iterable[Tagged]) -> list[Tagged]:
    """Cut tokens as the package's tokeniser does, and convert tags to Penn's; drop lines that cannot be converted.

    Examples
    --------
    >>> as_penn([[("A", "DT"), ("U.S.", "NN"), ("cease", "JJ"), ("-", "-"), ("fire", "NN"), ("[", "NN")]])
    [[('A', 'DT'), ('U.S.', 'NNP'), ('cease-fire', 'NN'), ('[', '(')]]
    """
    sentences = []
    opening = True
    for line in lines:
        if not line:
            opening = True  # a new paragraph
        sentence = _joined([piece for word, tag in line for piece in _pieces(word, tag)])
        for i, (word, _) in enumerate(sentence):
            if word == '"':  # MASC tags opening marks '' too
                opening = i == 0 or (opening and i < len(sentence) - 1)
                sentence[i] = (word, "``" if opening else "''")
                opening = not opening
        # `don ’ t`: texts that were cut at curly apostrophes have useless tags.
        if sentence and all(tag in PENN and word != "’" for word, tag in sentence):
            sentences.append(sentence)
    return sentences


def _pieces(word: str, tag: str) -> Tagged:
    word = word.replace("’", "'") if len(word) > 1 else word
    if _LINE_OF_DASHES.fullmatch(word) or word == '"':
        return [(word, ":" if word != '"' else tag)]
    parts = _TOKENISER.tokenize(word + " x")[:-1]  # before another word, a full stop is not cut off
    if tags := _CONTRACTIONS.get(word.lower()):
        return list(zip(parts, tags, strict=True))
    return [(part, _penn(part, _RENAMED.get(tag, tag))) for part in parts]


def _penn(word: str, tag: str) -> str:
    if word in _MARKS:
        return _MARKS[word]
    if tag == "NN" and _NUMBER.fullmatch(word):
        return "CD"
    if tag == "NN" and _ABBREVIATED_NAME.fullmatch(word):
        return "NNP"
    return tag


def _joined(tokens: Tagged) -> Tagged:
    """Join dashes of two hyphens, and compounds, which MASC splits at the hyphen."""
    joined: Tagged = []
    i = 0
    while i < len(tokens):
        word, tag = tokens[i]
        if word == "-" and tokens[i + 1 : i + 2] == [("-", ":")]:
            joined.append(("--", ":"))
            i += 2
        elif word == "-" and joined and i + 1 < len(tokens) and _compound(joined[-1], tokens[i + 1]):
            (first, _), (last, kind) = joined.pop(), tokens[i + 1]
            after = tokens[i + 2][1] if i + 2 < len(tokens) else ""
            joined.append((f"{first}-{last}", "JJ" if after.startswith("NN") and kind != "NNP" else kind))
            i += 2
        else:
            joined.append((word, tag))
            i += 1
    return joined


def _compound(before: tuple[str, str], after: tuple[str, str]) -> bool:
    letters = before[0][-1].isalnum() and after[0][0].isalnum()
    return letters and before[1] in _COMPOUND_STARTS and after[1] in _COMPOUND_ENDS


def train(sentences: list[Tagged], iterations: int = 5) -> PerceptronTagger:
    """Train NLTK's averaged perceptron (Collins 2002; Honnibal 2013), in the same order each time."""
    tagger = PerceptronTagger(load=False)
    state = random.getstate()
    random.seed(0)  # NLTK shuffles with the global generator
    try:
        tagger.train(sentences, nr_iter=iterations)
    finally:
        random.setstate(state)
    return tagger


def learn(path: Path) -> Tagger:
    """Train on all of MASC; measure the accuracy on its news with weights trained on the rest.

    Raises
    ------
    InputError
        If the file does not exist or is not MASC.
    """
    try:
        archive = path.read_bytes()
        files = [(category, as_penn(lines)) for category, lines in read(path)]
    except (OSError, BadZipFile, KeyError) as error:
        raise InputError(str(path), f"not MASC ({error})", "use the file masc_tagged.zip of NLTK's data") from None
    news = [s for category, sentences in files if category == _NEWS for s in sentences]
    rest = [s for category, sentences in files if category != _NEWS for s in sentences]
    held_out = Tagger.from_nltk(train(rest), _UNITS, _LEAST).to_nltk().accuracy(news)
    # The first lines of the file that comes with the package: another wording would change its fingerprint.
    about = [
        f"Weights of NLTK {nltk.__version__}'s averaged perceptron, made by `make tags MASC=masc_tagged.zip`.",
        "Learned from MASC, the Manually Annotated Sub-Corpus of the American National Corpus (Ide et al. 2010, ACL),",
        f"open for any use, as NLTK packs it (masc_tagged.zip, sha256 {hashlib.sha256(archive).hexdigest()}):",
        f"{len(files)} files, {len(news) + len(rest):,} sentences, {_count(news) + _count(rest):,} tokens.",
        f"Such weights, when the {_NEWS} files were left out: {held_out:.2%} of their {_count(news):,} tokens right.",
        f"Numbers are 1/{_UNITS}; smaller ones than {_LEAST} are left out.",
    ]
    return Tagger.from_nltk(train(news + rest), _UNITS, _LEAST, about)


def _count(sentences: list[Tagged]) -> int:
    return sum(map(len, sentences))


if __name__ == "__main__":
    try:
        sys.stdout.buffer.write(learn(Path(*arguments("train_tagger ZIP"))).to_text().encode())
    except InputError as error:
        sys.exit(f"error: {error}")
