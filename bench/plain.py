"""The script that one would write with NLTK and scikit-learn: sentences, words, VADER and LDA, one text after another.

Run as `python bench/plain.py PROJECT GIVEN`; it needs nothing of ours.
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
    """Give Punkt what it learned before."""
    found = PunktParameters()
    found.abbrev_types = set(learned["abbreviations"])
    found.collocations = {tuple(pair.split(" ")) for pair in learned["collocations"]}
    found.sent_starters = set(learned["starters"])
    found.ortho_context.update(learned["capitals"])
    return PunktSentenceTokenizer(found)


def words_of(tokeniser: Any, sentence: str) -> str:
    """Give the tokens of a sentence with blanks between them."""
    try:
        return " ".join([sentence[a:b] for a, b in tokeniser.span_tokenize(sentence)])
    except ValueError:  # where it cannot find its own tokens again
        return sentence


def main(project: Path, given: Path) -> None:
    """Read the documents; write sentences with their scores, tokens, and the topics' terms."""
    documents = pl.read_parquet(project / "data" / "documents" / "part-*.parquet", columns=["text", "body_start"])
    cut = sentence_tokeniser(json.loads((given / "punkt.json").read_text(encoding="utf-8")))
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
    best = [[terms[j] for j in row.argsort()[::-1][:10]] for row in model.components_]
    (project / "plain.json").write_text(json.dumps(best), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
