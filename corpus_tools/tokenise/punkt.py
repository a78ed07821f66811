"""What Punkt learns from a corpus (Kiss & Strunk 2006), kept as a small file that a person can read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from nltk.tokenize.punkt import PunktParameters, PunktTrainer
from simplemma import is_known

# What Punkt remembers of a word's capitals matters after an abbreviation only; words seen less often than this in the
# training texts tell too little to be worth their line in the file.
_SEEN_OFTEN = 3


@dataclass(frozen=True)
class Punkt:
    """Abbreviations, collocations over a full stop, words that start sentences, and how words are capitalised."""

    abbreviations: tuple[str, ...]
    collocations: tuple[tuple[str, str], ...]
    starters: tuple[str, ...]
    capitals: tuple[tuple[str, int], ...]

    def parameters(self) -> PunktParameters:
        """Give NLTK's own record of it."""
        found = PunktParameters()
        found.abbrev_types = set(self.abbreviations)
        found.collocations = set(self.collocations)
        found.sent_starters = set(self.starters)
        found.ortho_context.update(self.capitals)
        return found

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


def train(texts: Sequence[str], sample: int = 0) -> Punkt:
    """Let Punkt learn from texts, and add the abbreviations that news agencies use.

    Parameters
    ----------
    texts
        Texts, mended.
    sample
        Learn from this many, spread evenly; 0 for all.

    Examples
    --------
    >>> "sgt" in train(["A short text."]).abbreviations  # from the list
    True
    """
    if 0 < sample < len(texts):
        texts = [texts[i * len(texts) // sample] for i in range(sample)]
    trainer = _Trainer()
    for text in texts:
        trainer.train(text, finalize=False)
    trainer.finalize_training()
    found = trainer.get_params()
    # The trainer's own counts; without them a file would hold every word of the corpus.
    often = trainer._type_fdist
    capitals = {
        w: flags for w, flags in found.ortho_context.items() if flags and often[w] + often[w + "."] >= _SEEN_OFTEN
    }
    return Punkt(
        tuple(sorted({a for a in found.abbrev_types if _plausible(a)} | news_abbreviations())),
        tuple(sorted(found.collocations)),
        tuple(sorted(found.sent_starters)),
        tuple(sorted(capitals.items())),
    )


class _Trainer(PunktTrainer):
    """Punkt's trainer, told the abbreviations of news first.

    Learning them anew it loses the ones that mostly stand before one word: without `St.` it takes `Petersburg` for a
    word that starts sentences.
    """

    def __init__(self) -> None:
        super().__init__()
        self._params.abbrev_types = set(news_abbreviations())

    def _reclassify_abbrev_types(self, types: Iterable[str]) -> Iterator[tuple[str, float, bool]]:
        return (found for found in super()._reclassify_abbrev_types(types) if found[0] not in news_abbreviations())


def _plausible(abbreviation: str) -> bool:
    """Keep what English abbreviates: letters with inner full stops or hyphens, and no word of the dictionary.

    From a small corpus Punkt takes short words that happen to end few sentences (inn, ham) for abbreviations. The
    dictionary's own abbreviations are on the list that comes with the package.
    """
    if not abbreviation.replace(".", "").replace("-", "").isalpha():
        return False
    return "." in abbreviation or "-" in abbreviation or not is_known(abbreviation, lang="en")


@cache
def news_abbreviations() -> frozenset[str]:
    """Read the list that comes with the package; a line beginning with # is a comment."""
    lines = files("corpus_tools.tokenise").joinpath("abbreviations.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


@cache
def news_punkt() -> Punkt:
    """Read what Punkt learned from News Articles: for texts that belong to no corpus."""
    return Punkt.from_json(files("corpus_tools.tokenise").joinpath("punkt_news.json").read_text(encoding="utf-8"))
