"""What Punkt learns from a corpus (Kiss & Strunk 2006), kept as a small file that a person can read."""

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
    """Abbreviations, collocations over a full stop, words that start sentences, and how words are capitalised."""

    abbreviations: tuple[str, ...]
    collocations: tuple[tuple[str, str], ...]
    starters: tuple[str, ...]
    capitals: tuple[tuple[str, int], ...]

    def parameters(self) -> PunktParameters:
        """Give NLTK's own record of it."""
        from nltk.tokenize.punkt import PunktParameters  # noqa: PLC0415 - a second to load, for what few callers need

        found = PunktParameters()
        found.abbrev_types = set(self.abbreviations)
        found.collocations = set(self.collocations)
        found.sent_starters = set(self.starters)
        found.ortho_context.update(self.capitals)
        return found

    def splitter(self) -> Splitter:
        """Give a sentence tokeniser with these parameters; the same one again, for it remembers what it decided."""
        return _splitter(self)

    def to_json(self) -> str:
        """Write it, one entry a line where there are many."""
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
        found = json.loads(text)
        pairs = (pair.split(" ") for pair in found["collocations"])
        return cls(
            tuple(found["abbreviations"]),
            tuple((first, second) for first, second in pairs),
            tuple(found["starters"]),
            tuple(found["capitals"].items()),
        )


@lru_cache(maxsize=4)
def _splitter(learned: Punkt) -> Splitter:
    return Splitter(learned)


def sentence_spans(splitter: Splitter, text: str, start: int = 0) -> Iterator[tuple[int, int, int]]:
    """Give paragraph number, start and end of every sentence; a line end always ends one.

    Examples
    --------
    >>> list(sentence_spans(news_punkt().splitter(), "Gen. Mattis left. It is late."))
    [(0, 0, 17), (0, 18, 29)]
    """
    _, *columns = splitter.spans([text], [start])
    return zip(*(column.tolist() for column in columns), strict=True)


@cache
def news_abbreviations() -> frozenset[str]:
    """Read the list that comes with the package; a line beginning with # is a comment."""
    lines = files("corpus_tools.nltk_fast").joinpath("data/abbreviations.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


@cache
def news_punkt() -> Punkt:
    """Read what Punkt learned from News Articles: for texts that belong to no corpus."""
    return Punkt.from_json(files("corpus_tools.nltk_fast").joinpath("data/punkt_news.json").read_text(encoding="utf-8"))
