"""Our contestants: the only module here that names functions of the package.

Each function loads what it needs and returns the function that is timed, as in `peers`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from bench.inputs import SEARCH_WORDS, SPAN, Layers, Matrix, Text
from corpus_tools.nltk_fast.punkt import Punkt

if TYPE_CHECKING:
    from corpus_tools.nltk_fast.sentences import SentenceSpans
    from corpus_tools.nltk_fast.words import Tokens

# Documents per partition in params.yaml, and about as many sentences as they have.
_DOCUMENTS, _SENTENCES = 1000, 25_000
STEPS = ("tokenise", "annotate", "topics", "sentiment")


def sentences(punkt: Punkt) -> Callable[[list[Text]], SentenceSpans]:
    """Find the sentences of texts, as arrays."""
    splitter = punkt.splitter()
    return lambda texts: splitter.spans([text for text, _ in texts], [start for _, start in texts])


def words(_punkt: Punkt) -> Callable[[list[str]], list[Tokens]]:
    """Find the tokens of sentences, as arrays, one partition at a time."""
    from corpus_tools.nltk_fast.words import cut_words, word_spans

    word_spans("")  # loads NLTK
    return lambda strings: [cut_words(strings[i : i + _SENTENCES]) for i in range(0, len(strings), _SENTENCES)]


def both(punkt: Punkt) -> Callable[[list[Text]], list[tuple[SentenceSpans, Tokens]]]:
    """Find the sentences of texts and their tokens, one partition at a time."""
    from corpus_tools.nltk_fast.words import cut_words, word_spans

    word_spans("")  # loads NLTK
    cut = sentences(punkt)

    def run(texts: list[Text]) -> tuple[SentenceSpans, Tokens]:
        spans = cut(texts)
        bounds = zip(spans.text.tolist(), spans.start.tolist(), spans.end.tolist(), strict=True)
        return spans, cut_words([texts[i][0][a:b] for i, a, b in bounds])

    return lambda texts: [run(texts[i : i + _DOCUMENTS]) for i in range(0, len(texts), _DOCUMENTS)]


def sentence_rows(spans: SentenceSpans) -> pl.DataFrame:
    """Return the sentences as a table."""
    return _table(spans.text, spans.start, spans.end)


def word_rows(batches: list[Tokens]) -> pl.DataFrame:
    """Return the tokens as a table: number of the sentence, start and end in it."""
    tables = (_table(i * _SENTENCES + _sentence_of(one), one.start, one.end) for i, one in enumerate(batches))
    return pl.concat([_table([], [], []), *tables])


def both_rows(batches: list[tuple[SentenceSpans, Tokens]]) -> pl.DataFrame:
    """Return the tokens as a table: number of the text, start and end in it."""
    tables = [_table([], [], [])]
    for i, (spans, tokens) in enumerate(batches):
        sentence = _sentence_of(tokens)
        begin = spans.start[sentence]
        tables.append(_table(i * _DOCUMENTS + spans.text[sentence], begin + tokens.start, begin + tokens.end))
    return pl.concat(tables)


def _sentence_of(tokens: Tokens) -> Any:
    return np.repeat(np.arange(len(tokens.lengths)), tokens.lengths)


def tags(_punkt: Punkt) -> Callable[[tuple[pl.Series, Any, Any]], pl.Series]:
    """Tag a column of tokens."""
    from corpus_tools.nltk_fast.tagger import news_tagger

    tagger = news_tagger()
    return lambda columns: tagger.tag_column(*columns)


def token_columns(sentences: list[list[str]]) -> tuple[pl.Series, Any, Any]:
    """Return tokens as the tagger takes them: distinct tokens, codes, lengths of sentences."""
    from corpus_tools.nltk_fast.words import encode

    codes, distinct = encode(pl.Series("token", [token for words in sentences for token in words], pl.String))
    return distinct, codes, np.fromiter(map(len, sentences), np.int64, len(sentences))


def tag_rows(column: pl.Series) -> pl.DataFrame:
    """Return the tags as a table."""
    return column.alias("tag").to_frame().with_row_index("token")


def sentiment(_punkt: Punkt) -> Callable[[list[str]], pl.DataFrame]:
    """Compute VADER's four scores of sentences."""
    from corpus_tools.sentiment.scores import score_sentences

    return score_sentences


def sentiment_rows(scores: pl.DataFrame) -> pl.DataFrame:
    """Return the scores as a table."""
    return scores.select("neg", "neu", "pos", "compound").with_row_index("sentence")


def layers(_punkt: Punkt) -> Callable[[Layers], dict[str, pl.DataFrame]]:
    """Find all layers of marks in documents, from their sentences."""
    from corpus_tools.annotate.params import AnnotateParams
    from corpus_tools.annotate.reports import annotate_partition

    return lambda tables: annotate_partition(AnnotateParams(), tables.documents, tables.sentences)


def all_marks(punkt: Punkt) -> Callable[[Layers], list[dict[str, pl.DataFrame]]]:
    """Find sentences, tokens with tags and lemmas, and all layers of marks in documents."""
    from corpus_tools.annotate.params import AnnotateParams
    from corpus_tools.annotate.reports import annotate_partition
    from corpus_tools.tokenise.texts import tokenise_partition

    def run(tables: Layers) -> list[dict[str, pl.DataFrame]]:
        cut = tokenise_partition(punkt, tables.documents)
        return [cut, annotate_partition(AnnotateParams(), tables.documents, cut["sentences"])]

    return run


def topics(_punkt: Punkt) -> Callable[[Matrix], Any]:
    """Fit 30 topics to counts of terms."""
    from corpus_tools.topics import TopicModel
    from corpus_tools.topics.fitting.params import TopicsParams

    return lambda matrix: TopicModel(TopicsParams()).fit(matrix.counts, vocabulary=matrix.vocabulary)


def heaviest(model: Any, _matrix: Matrix) -> list[list[int]]:
    """Return the columns of each topic's ten heaviest terms."""
    return [np.argsort(-row, kind="stable")[:10].tolist() for row in model.components_]


def coherence(terms: list[list[int]], matrix: Matrix) -> float:
    """Return the mean NPMI of topics, for all contestants alike."""
    from corpus_tools.topics.fitting.quality import npmi

    present = (matrix.counts > 0).astype(np.float64)
    return float(np.mean([npmi(present[:, columns]) for columns in terms]))


def concordances(_punkt: Punkt) -> Callable[[Path], dict[str, Any]]:
    """Find the concordance lines of some words; the corpus remains open, as in a notebook."""
    from corpus_tools.corpus import Corpus

    opened = cache(Corpus)
    return lambda folder: {word: opened(folder).concordance(word) for word in SEARCH_WORDS}


def line_rows(concordance: dict[str, Any]) -> pl.DataFrame:
    """Return the match of each line as a table."""
    rows = [(word, n, match) for word, lines in concordance.items() for n, match in enumerate(lines.frame["match"])]
    return pl.DataFrame(rows, schema=["word", "line", "match"], orient="row")


def steps(_punkt: Punkt) -> Callable[[Path], None]:
    """Run our steps in a project, one after the other on one worker."""
    return partial(_run_steps, STEPS)


def _run_steps(names: tuple[str, ...], folder: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    for name in names:
        command = [sys.executable, "-m", "corpus_tools", name]
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{name}: {done.stderr[-2000:]}")


def _table(text: Any, start: Any, end: Any) -> pl.DataFrame:
    return pl.DataFrame({"text": text, "start": start, "end": end}, schema=dict.fromkeys(SPAN, pl.Int64))
