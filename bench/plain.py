"""A plain script with NLTK and scikit-learn: sentences, words, VADER and LDA, one text after another.

Run as `python bench/plain.py PROJECT INPUTS`; it uses none of our code.
"""

from __future__ import annotations

import json
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import polars as pl
from nltk.sentiment.vader import SentimentIntensityAnalyzer, VaderConstants
from nltk.tokenize import NLTKWordTokenizer
from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer
from sklearn.decomposition import LatentDirichletAllocation
from sklearn.feature_extraction.text import CountVectorizer


class Vader(SentimentIntensityAnalyzer):
    """NLTK's analyser with a lexicon that needs no download."""

    def __init__(self) -> None:
        self.lexicon_file = files("vaderSentiment").joinpath("vader_lexicon.txt").read_text(encoding="utf-8").strip()
        self.lexicon = self.make_lex_dict()
        self.constants = VaderConstants()


def sentence_tokeniser(learned: dict[str, Any]) -> Any:
    """Return a tokeniser with what Punkt learned before."""
    parameters = PunktParameters()
    parameters.abbrev_types = set(learned["abbreviations"])
    parameters.collocations = {tuple(pair.split(" ")) for pair in learned["collocations"]}
    parameters.sent_starters = set(learned["starters"])
    parameters.ortho_context.update(learned["capitals"])
    return PunktSentenceTokenizer(parameters)


def words_of(tokeniser: Any, sentence: str) -> str:
    """Return the tokens of a sentence, separated by blanks."""
    try:
        return " ".join([sentence[a:b] for a, b in tokeniser.span_tokenize(sentence)])
    except ValueError:  # NLTK cannot align its own tokens
        return sentence


def main(project: Path, inputs: Path) -> None:
    """Write sentences with scores and tokens, and the terms of topics."""
    documents = pl.read_parquet(project / "data" / "documents" / "part-*.parquet", columns=["text", "body_start"])
    cut = sentence_tokeniser(json.loads((inputs / "punkt.json").read_text(encoding="utf-8")))
    words, score = NLTKWordTokenizer(), Vader().polarity_scores
    texts = [text[start:] for text, start in documents.iter_rows()]
    rows = [
        (number, sentence, words_of(words, sentence), *score(sentence).values())
        for number, text in enumerate(texts)
        for paragraph in text.split("\n")
        for sentence in cut.tokenize(paragraph)
    ]
    names = ["document", "sentence", "tokens", "neg", "neu", "pos", "compound"]
    pl.DataFrame(rows, schema=names, orient="row").write_parquet(project / "plain.parquet")
    vectoriser = CountVectorizer(min_df=10, max_df=0.4, stop_words="english")
    model = LatentDirichletAllocation(30, learning_method="online", max_iter=10, random_state=0, n_jobs=1)
    model.fit(vectoriser.fit_transform(texts))
    terms = vectoriser.get_feature_names_out()
    heaviest = [[terms[j] for j in row.argsort()[::-1][:10]] for row in model.components_]
    (project / "plain.json").write_text(json.dumps(heaviest), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
