"""Parameters that Punkt learned from a corpus (Kiss & Strunk 2006), stored as a small readable file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from corpus_tools.nltk_fast.sentences import Splitter

if TYPE_CHECKING:
    from nltk.tokenize.punkt import PunktParameters


@dataclass(frozen=True)
class Punkt:
    """Parameters of NLTK's Punkt.

    Attributes
    ----------
    abbreviations
        In lower case, without the last full stop.
    collocations
        Pairs of words with a full stop between them that ends no sentence.
    starters
        Words that often start a sentence.
    capitals
        Words, and how each was capitalised, as NLTK's bits.
    """

    abbreviations: tuple[str, ...]
    collocations: tuple[tuple[str, str], ...]
    starters: tuple[str, ...]
    capitals: tuple[tuple[str, int], ...]

    def parameters(self) -> PunktParameters:
        """Return the parameters as NLTK's object."""
        from nltk.tokenize.punkt import PunktParameters  # noqa: PLC0415 - a second to load, for few callers

        parameters = PunktParameters()
        parameters.abbrev_types = set(self.abbreviations)
        parameters.collocations = set(self.collocations)
        parameters.sent_starters = set(self.starters)
        parameters.ortho_context.update(self.capitals)
        return parameters

    def splitter(self) -> Splitter:
        """Return a sentence tokeniser with these parameters; equal parameters share one, which keeps its decisions."""
        return _splitter(self)

    def to_json(self) -> str:
        """Return the parameters as JSON, with one entry per line."""
        return json.dumps(
            {
                "abbreviations": self.abbreviations,
                "collocations": [" ".join(pair) for pair in self.collocations],
                "starters": self.starters,
                "capitals": dict(self.capitals),
            },
            indent=0,
            ensure_ascii=False,
        )

    @classmethod
    def from_json(cls, text: str) -> Punkt:
        """Read what `to_json` wrote."""
        values = json.loads(text)
        pairs = (pair.split(" ") for pair in values["collocations"])
        return cls(
            tuple(values["abbreviations"]),
            tuple((first, second) for first, second in pairs),
            tuple(values["starters"]),
            tuple(values["capitals"].items()),
        )


@lru_cache(maxsize=4)
def _splitter(punkt: Punkt) -> Splitter:
    return Splitter(punkt)


def sentence_spans(splitter: Splitter, text: str, start: int = 0) -> Iterator[tuple[int, int, int]]:
    """Yield paragraph number, start and end of each sentence; a line end always ends a sentence.

    Examples
    --------
    >>> list(sentence_spans(news_punkt().splitter(), "Gen. Mattis left. It is late."))
    [(0, 0, 17), (0, 18, 29)]
    """
    _, *columns = splitter.spans([text], [start])
    return zip(*(column.tolist() for column in columns), strict=True)


@cache
def news_abbreviations() -> frozenset[str]:
    """Return the package's list of news abbreviations."""
    lines = files("corpus_tools.nltk_fast").joinpath("data/abbreviations.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


@cache
def news_punkt() -> Punkt:
    """Return what Punkt learned from News Articles, for texts outside a corpus."""
    return Punkt.from_json(files("corpus_tools.nltk_fast").joinpath("data/punkt_news.json").read_text(encoding="utf-8"))
