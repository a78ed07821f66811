"""What the page tells: the words that were looked for, the figures that were drawn, and the tables."""

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
from corpus_tools.explore.word_index import CorpusWords, Where
from corpus_tools.report.params import ReportParams

# One line of them.
_NEAR = 12


@dataclass(frozen=True)
class WordFindings:
    """What is known of one pattern: how often and how evenly it is found, what is near it, and some of its lines."""

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
    """All that the page tells.

    Attributes
    ----------
    tables
        Those that are made, by name; `documents` at least.
    running
        How many words the reports have.
    scores
        As in metrics/evaluate.json; none: the marks were not scored.
    settings
        What made the tables, a line a step.
    made_by
        The step that makes each table.
    """

    tables: Mapping[str, pl.DataFrame]
    words: Sequence[WordFindings]
    running: int
    pictures: Mapping[str, Picture]
    scores: Mapping[str, Any] | None
    settings: Sequence[str]
    made_by: Mapping[str, str]


def patterns(typed: Sequence[str], where: str) -> list[Pattern]:
    """Read the words to look for.

    Raises
    ------
    InputError
        If one cannot be read; `where` and its number name it.

    Examples
    --------
    >>> patterns(["peace talks", " "], "params.yaml, report.words")
    Traceback (most recent call last):
    corpus_tools.errors.InputError: params.yaml, report.words.1: no word to look for
      remedy: type a word, such as `evacuat*` or `peace talks`
    """
    found = []
    for n, words in enumerate(typed):
        try:
            found.append(parse(words))
        except InputError as error:
            raise InputError(f"{where}.{n}", error.what, error.remedy) from None
    return found


def running(words: CorpusWords) -> int:
    """Count the words of a corpus: tokens with a letter in them."""
    return sum(int(part.is_word.sum()) for part in words.parts())


def look(words: CorpusWords, pattern: Pattern, params: ReportParams, total: int) -> WordFindings:
    """Find all that the page tells of one pattern, in a corpus of `total` words."""
    where = Where()
    lines = concordance(words, pattern, where, sort="date", sample=params.lines, seed=params.seed)
    spread = dispersion(words, pattern, where)
    # Of a rare pattern, the words of every sentence would fill the line: only what chance does not bring together.
    near = collocations(words, pattern, where).frame.filter(pl.col("g2") > 0, pl.col("q") < 0.05)["term"].head(_NEAR)
    return WordFindings(
        pattern.typed, lines.frame, lines.hits, lines.hits / max(total, 1) * 1e6, lines.reports, lines.clusters,
        spread.dp_norm, spread.frame.height, tuple(near),
    )  # fmt: skip
