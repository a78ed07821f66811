"""What the report shows: the words searched for, the figures that were drawn, and the tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from corpus_tools.display.picture import Picture
from corpus_tools.errors import InputError
from corpus_tools.explore.collocations import collocations
from corpus_tools.explore.concordance import concordance
from corpus_tools.explore.dispersion import dispersion
from corpus_tools.explore.pattern import Pattern, parse
from corpus_tools.explore.word_index import CorpusWords, Selection
from corpus_tools.report.params import ReportParams

_NEAR = 12  # words near a pattern: one line of them


@dataclass(frozen=True)
class WordFindings:
    """How often and how evenly a pattern occurs, the words near it, and some of its lines."""

    typed: str
    lines: pl.DataFrame
    hits: int
    per_million: float
    reports: int
    independent: int
    dp_norm: float
    weeks: int
    near: tuple[str, ...]


@dataclass(frozen=True)
class ReportContents:
    """Everything that the page shows.

    Attributes
    ----------
    tables
        The tables that have been made, by name; `documents` at least.
    words
        The findings for each pattern.
    n_words
        The number of words in the corpus.
    pictures
        The figures that have been drawn, by name.
    scores
        As in metrics/evaluate.json; None if the marks were not evaluated.
    settings
        Provenance lines, one per step.
    made_by
        The step that makes each table.
    """

    tables: Mapping[str, pl.DataFrame]
    words: Sequence[WordFindings]
    n_words: int
    pictures: Mapping[str, Picture]
    scores: Mapping[str, Any] | None
    settings: Sequence[str]
    made_by: Mapping[str, str]


def parse_patterns(typed: Sequence[str], key: str) -> list[Pattern]:
    """Parse the patterns to search for.

    Raises
    ------
    InputError
        If one is invalid; its place is `key` and its index.

    Examples
    --------
    >>> parse_patterns(["peace talks", " "], "params.yaml, report.words")
    Traceback (most recent call last):
    corpus_tools.errors.InputError: params.yaml, report.words.1: no word to look for
      remedy: type a word, such as `evacuat*` or `peace talks`
    """
    patterns = []
    for n, text in enumerate(typed):
        try:
            patterns.append(parse(text))
        except InputError as error:
            raise InputError(f"{key}.{n}", error.what, error.remedy) from None
    return patterns


def count_words(words: CorpusWords) -> int:
    """Count the words of a corpus: tokens with a letter."""
    return sum(int(partition.is_word.sum()) for partition in words.partitions())


def find_words(words: CorpusWords, pattern: Pattern, params: ReportParams, n_words: int) -> WordFindings:
    """Collect what the page shows of one pattern, in a corpus of `n_words` words."""
    everything = Selection()
    lines = concordance(words, pattern, everything, sort="date", sample=params.lines, seed=params.seed)
    spread = dispersion(words, pattern, everything)
    # Near a rare pattern, every word of its sentences would be listed: so only those more frequent than by chance.
    near = collocations(words, pattern, everything).frame.filter(pl.col("g2") > 0, pl.col("q") < 0.05)["term"]
    return WordFindings(
        pattern.typed, lines.frame, lines.hits, lines.hits / max(n_words, 1) * 1e6, lines.reports, lines.clusters,
        spread.dp_norm, spread.frame.height, tuple(near.head(_NEAR)),
    )  # fmt: skip
