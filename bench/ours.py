"""Our contestants: the one place that knows the names of the package's functions.

Each function loads what it needs and gives the work that is timed, like those in `peers`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from bench.given import Layers, Matrix, Span, Text
from corpus_tools.punkt import Punkt

WHOLE = ("tokenise", "annotate", "topics", "sentiment")


def sentences(punkt: Punkt) -> Callable[[list[Text]], list[list[Span]]]:
    """Turn texts into spans of sentences."""
    from corpus_tools.punkt import sentence_spans

    splitter = punkt.splitter()
    return lambda texts: [[(a, b) for _, a, b in sentence_spans(splitter, text, start)] for text, start in texts]


def words(_punkt: Punkt) -> Callable[[list[str]], list[list[Span]]]:
    """Turn sentences into spans of tokens."""
    from corpus_tools.tokenise import word_spans

    return lambda given: [word_spans(sentence) for sentence in given]


def both(punkt: Punkt) -> Callable[[list[Text]], list[tuple[int, int, int]]]:
    """Turn texts into the tokens of their sentences: number of the text, start and end."""
    from corpus_tools.punkt import sentence_spans
    from corpus_tools.tokenise import word_spans

    splitter = punkt.splitter()
    return lambda texts: [
        (doc, start + a, start + b)
        for doc, (text, first) in enumerate(texts)
        for _, start, end in sentence_spans(splitter, text, first)
        for a, b in word_spans(text[start:end])
    ]


def span_rows(found: list[list[Span]]) -> pl.DataFrame:
    """Give the spans of `sentences` or `words` as a table, to compare it."""
    return _table([(i, *span) for i, spans in enumerate(found) for span in spans], ("text", "start", "end"))


def both_rows(found: list[tuple[int, int, int]]) -> pl.DataFrame:
    """Give the spans of `both` as a table."""
    return _table(found, ("text", "start", "end"))


def tags(_punkt: Punkt) -> Callable[[tuple[pl.Series, Any]], pl.Series]:
    """Turn columns of tokens into a column of tags."""
    from corpus_tools.tagger import news_tagger

    tagger = news_tagger()
    return lambda given: tagger.tag_column(*given)


def token_columns(given: list[list[str]]) -> tuple[pl.Series, Any]:
    """Give tokens as the tagger takes them."""
    lengths = np.fromiter(map(len, given), np.int64, len(given))
    return pl.Series("token", [token for sentence in given for token in sentence], pl.String), lengths


def tag_rows(found: pl.Series) -> pl.DataFrame:
    """Give the tags as a table."""
    return found.alias("tag").to_frame().with_row_index("token")


def sentiment(_punkt: Punkt) -> Callable[[list[str]], pl.DataFrame]:
    """Turn sentences into VADER's four scores."""
    from corpus_tools.sentiment import score_sentences

    return score_sentences


def sentiment_rows(found: pl.DataFrame) -> pl.DataFrame:
    """Give the scores as a table."""
    return found.select("neg", "neu", "pos", "compound").with_row_index("sentence")


def layers(_punkt: Punkt) -> Callable[[Layers], dict[str, pl.DataFrame]]:
    """Turn documents with their sentences into all layers of marks."""
    from corpus_tools.annotate import annotate_partition
    from corpus_tools.params import Annotate

    return lambda given: annotate_partition(Annotate(), given.documents, given.sentences)


def all_marks(punkt: Punkt) -> Callable[[Layers], list[dict[str, pl.DataFrame]]]:
    """Turn documents into sentences, tokens with tags and lemmas, and all layers of marks."""
    from corpus_tools.annotate import annotate_partition
    from corpus_tools.params import Annotate
    from corpus_tools.tokenise import tokenise_partition

    def run(given: Layers) -> list[dict[str, pl.DataFrame]]:
        cut = tokenise_partition(punkt, given.documents)
        return [cut, annotate_partition(Annotate(), given.documents, cut["sentences"])]

    return run


def topics(_punkt: Punkt) -> Callable[[Matrix], Any]:
    """Turn counts into 30 topics."""
    from corpus_tools.params import Topics
    from corpus_tools.topics import TopicModel

    return lambda given: TopicModel(Topics()).fit(given.counts, vocabulary=given.vocabulary)


def heaviest(model: Any, _given: Matrix) -> list[list[int]]:
    """Give the columns of each topic's ten heaviest terms."""
    return [np.argsort(-row, kind="stable")[:10].tolist() for row in model.components_]


def coherence(best: list[list[int]], given: Matrix) -> float:
    """Give the mean NPMI of topics: one function for all contestants."""
    from corpus_tools.topics import npmi

    present = (given.counts > 0).astype(np.float64)
    return float(np.mean([npmi(present[:, columns]) for columns in best]))


def whole(_punkt: Punkt) -> Callable[[Path], None]:
    """Run our steps on a folder like the project's, one after the other on one worker."""
    return partial(_steps, WHOLE)


def _steps(names: tuple[str, ...], folder: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    for name in names:
        command = [sys.executable, "-m", "corpus_tools", name]
        subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)


def _table(rows: list[tuple[int, int, int]], names: tuple[str, str, str]) -> pl.DataFrame:
    return pl.DataFrame(np.array(rows, np.int64).reshape(-1, 3), schema=dict.fromkeys(names, pl.Int64))
