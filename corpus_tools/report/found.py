"""What the page tells: the words that were looked for, the figures that were drawn, and the tables."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from corpus_tools.errors import InputError
from corpus_tools.explore.collocations import collocations
from corpus_tools.explore.concordance import concordance
from corpus_tools.explore.dispersion import dispersion
from corpus_tools.explore.pattern import Pattern, parse
from corpus_tools.explore.words import Where, Words
from corpus_tools.params import Report

# One line of them.
_NEAR = 12


@dataclass(frozen=True)
class Picture:
    """A finished figure: its bytes, and what is said of it."""

    name: str
    caption: str
    alt: str
    settings: str
    kind: str
    content: bytes


@dataclass(frozen=True)
class Word:
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
class Found:
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
    """

    tables: Mapping[str, pl.DataFrame]
    words: Sequence[Word]
    running: int
    pictures: Mapping[str, Picture]
    scores: Mapping[str, Any] | None
    settings: Sequence[str]


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


def pictures(folder: Path) -> dict[str, Picture]:
    """Read the figures of a folder, each in its largest width, and as SVG or PNG, whichever takes less room.

    Raises
    ------
    InputError
        If a figure is told of, but not there.
    """
    found = {}
    for path in sorted(folder.glob("*.json")):
        told = json.loads(path.read_text(encoding="utf-8"))
        width = max((key for key in told if key.endswith("mm")), key=lambda key: int(key.removesuffix("mm")))
        drawn = {kind: folder / f"{path.stem}-{width}.{kind.partition('+')[0]}" for kind in ("svg+xml", "png")}
        sizes = {kind: file.stat().st_size for kind, file in drawn.items() if file.exists()}
        if not sizes:
            remedy = "run `make repro`, or only this step: `python -m corpus_tools figures`"
            raise InputError(str(drawn["svg+xml"]), "no such file", remedy)
        best = min(sizes, key=lambda kind: sizes[kind])
        said = told[width]["caption"], told[width]["alt"], told["settings"]
        found[path.stem] = Picture(path.stem, *said, f"image/{best}", drawn[best].read_bytes())
    return found


def running(words: Words) -> int:
    """Count the words of a corpus: tokens with a letter in them."""
    return sum(int(part.is_word.sum()) for part in words.parts())


def look(words: Words, pattern: Pattern, params: Report, total: int) -> Word:
    """Find all that the page tells of one pattern, in a corpus of `total` words."""
    where = Where()
    lines = concordance(words, pattern, where, sort="date", sample=params.lines, seed=params.seed)
    spread = dispersion(words, pattern, where)
    # Of a rare pattern, the words of every sentence would fill the line: only what chance does not bring together.
    near = collocations(words, pattern, where).frame.filter(pl.col("g2") > 0, pl.col("q") < 0.05)["term"].head(_NEAR)
    return Word(
        pattern.typed, lines.frame, lines.hits, lines.hits / max(total, 1) * 1e6, lines.reports, lines.clusters,
        spread.dp_norm, spread.frame.height, tuple(near),
    )  # fmt: skip
