"""Our contestants: the one place that knows the names of the package's functions.

Each function loads what it needs and gives the work that is timed, like those in `peers`.
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

from bench.given import SOUGHT, SPAN, Layers, Matrix, Text
from corpus_tools.nltk_fast.punkt import Punkt

if TYPE_CHECKING:
    from corpus_tools.nltk_fast.sentences import Spans
    from corpus_tools.nltk_fast.words import Words

# A partition's size in params.yaml, and about the sentences that it has.
_DOCUMENTS, _SENTENCES = 1000, 25_000
WHOLE = ("tokenise", "annotate", "topics", "sentiment")


def sentences(punkt: Punkt) -> Callable[[list[Text]], Spans]:
    """Turn texts into spans of sentences, as columns."""
    splitter = punkt.splitter()
    return lambda texts: splitter.spans([text for text, _ in texts], [start for _, start in texts])


def words(_punkt: Punkt) -> Callable[[list[str]], list[Words]]:
    """Turn sentences into spans of tokens, as columns; as many at a time as a partition has."""
    from corpus_tools.nltk_fast.words import cut_words, word_spans

    word_spans("")  # loads NLTK
    return lambda given: [cut_words(given[i : i + _SENTENCES]) for i in range(0, len(given), _SENTENCES)]


def both(punkt: Punkt) -> Callable[[list[Text]], list[tuple[Spans, Words]]]:
    """Turn texts into sentences and their tokens, as many at a time as a partition has."""
    from corpus_tools.nltk_fast.words import cut_words, word_spans

    word_spans("")  # loads NLTK
    cut = sentences(punkt)

    def run(texts: list[Text]) -> tuple[Spans, Words]:
        found = cut(texts)
        places = zip(found.text.tolist(), found.start.tolist(), found.end.tolist(), strict=True)
        return found, cut_words([texts[i][0][a:b] for i, a, b in places])

    return lambda texts: [run(texts[i : i + _DOCUMENTS]) for i in range(0, len(texts), _DOCUMENTS)]


def sentence_rows(found: Spans) -> pl.DataFrame:
    """Give the sentences as a table, to compare them."""
    return _columns(found.text, found.start, found.end)


def word_rows(found: list[Words]) -> pl.DataFrame:
    """Give the tokens as a table: number of the sentence, start and end in it."""
    parts = (_columns(i * _SENTENCES + _each(one), one.start, one.end) for i, one in enumerate(found))
    return pl.concat([_columns([], [], []), *parts])


def both_rows(found: list[tuple[Spans, Words]]) -> pl.DataFrame:
    """Give the tokens as a table: number of the text, start and end in it."""
    parts = []
    for i, (cut, tokens) in enumerate(found):
        of = _each(tokens)
        begin = cut.start[of]
        parts.append(_columns(i * _DOCUMENTS + cut.text[of], begin + tokens.start, begin + tokens.end))
    return pl.concat([_columns([], [], []), *parts])


def _each(tokens: Words) -> Any:
    return np.repeat(np.arange(len(tokens.lengths)), tokens.lengths)


def tags(_punkt: Punkt) -> Callable[[tuple[pl.Series, Any, Any]], pl.Series]:
    """Turn columns of tokens into a column of tags."""
    from corpus_tools.nltk_fast.tagger import news_tagger

    tagger = news_tagger()
    return lambda given: tagger.tag_column(*given)


def token_columns(given: list[list[str]]) -> tuple[pl.Series, Any, Any]:
    """Give tokens as the tagger takes them."""
    from corpus_tools.nltk_fast.words import number

    kinds, distinct = number(pl.Series("token", [token for sentence in given for token in sentence], pl.String))
    return distinct, kinds, np.fromiter(map(len, given), np.int64, len(given))


def tag_rows(found: pl.Series) -> pl.DataFrame:
    """Give the tags as a table."""
    return found.alias("tag").to_frame().with_row_index("token")


def sentiment(_punkt: Punkt) -> Callable[[list[str]], pl.DataFrame]:
    """Turn sentences into VADER's four scores."""
    from corpus_tools.sentiment.scores import score_sentences

    return score_sentences


def sentiment_rows(found: pl.DataFrame) -> pl.DataFrame:
    """Give the scores as a table."""
    return found.select("neg", "neu", "pos", "compound").with_row_index("sentence")


def layers(_punkt: Punkt) -> Callable[[Layers], dict[str, pl.DataFrame]]:
    """Turn documents with their sentences into all layers of marks."""
    from corpus_tools.annotate.params import AnnotateParams
    from corpus_tools.annotate.reports import annotate_partition

    return lambda given: annotate_partition(AnnotateParams(), given.documents, given.sentences)


def all_marks(punkt: Punkt) -> Callable[[Layers], list[dict[str, pl.DataFrame]]]:
    """Turn documents into sentences, tokens with tags and lemmas, and all layers of marks."""
    from corpus_tools.annotate.params import AnnotateParams
    from corpus_tools.annotate.reports import annotate_partition
    from corpus_tools.tokenise.texts import tokenise_partition

    def run(given: Layers) -> list[dict[str, pl.DataFrame]]:
        cut = tokenise_partition(punkt, given.documents)
        return [cut, annotate_partition(AnnotateParams(), given.documents, cut["sentences"])]

    return run


def topics(_punkt: Punkt) -> Callable[[Matrix], Any]:
    """Turn counts into 30 topics."""
    from corpus_tools.topics import TopicModel
    from corpus_tools.topics.params import TopicsParams

    return lambda given: TopicModel(TopicsParams()).fit(given.counts, vocabulary=given.vocabulary)


def heaviest(model: Any, _given: Matrix) -> list[list[int]]:
    """Give the columns of each topic's ten heaviest terms."""
    return [np.argsort(-row, kind="stable")[:10].tolist() for row in model.components_]


def coherence(best: list[list[int]], given: Matrix) -> float:
    """Give the mean NPMI of topics: one function for all contestants."""
    from corpus_tools.topics.fitting.quality import npmi

    present = (given.counts > 0).astype(np.float64)
    return float(np.mean([npmi(present[:, columns]) for columns in best]))


def concordances(_punkt: Punkt) -> Callable[[Path], dict[str, Any]]:
    """Find the lines of some words; a corpus that was opened stays open, as in a notebook."""
    from corpus_tools.corpus import Corpus

    opened = cache(Corpus)
    return lambda folder: {word: opened(folder).concordance(word) for word in SOUGHT}


def line_rows(found: dict[str, Any]) -> pl.DataFrame:
    """List what stands there, line by line."""
    rows = [(word, n, match) for word, lines in found.items() for n, match in enumerate(lines.frame["match"])]
    return pl.DataFrame(rows, schema=["word", "line", "match"], orient="row")


def whole(_punkt: Punkt) -> Callable[[Path], None]:
    """Run our steps on a folder like the project's, one after the other on one worker."""
    return partial(_steps, WHOLE)


def _steps(names: tuple[str, ...], folder: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    for name in names:
        command = [sys.executable, "-m", "corpus_tools", name]
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{name}: {done.stderr[-2000:]}")


def _columns(text: Any, start: Any, end: Any) -> pl.DataFrame:
    return pl.DataFrame({"text": text, "start": start, "end": end}, schema=dict.fromkeys(SPAN, pl.Int64))
