"""What Punkt learns from the texts of a corpus (Kiss & Strunk 2006)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from nltk.tokenize.punkt import PunktToken, PunktTrainer
from simplemma import is_known

from corpus_tools.punkt import Punkt, news_abbreviations

# What Punkt remembers of a word's capitals matters after an abbreviation only; words seen less often than this in the
# training texts tell too little to be worth their line in the file.
_SEEN_OFTEN = 3


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
        super().__init__(token_cls=_Token)
        self._params.abbrev_types = set(news_abbreviations())

    def _reclassify_abbrev_types(self, types: Iterable[str]) -> Iterator[tuple[str, float, bool]]:
        return (found for found in super()._reclassify_abbrev_types(types) if found[0] not in news_abbreviations())


class _Token(PunktToken):
    """Punkt's token, whose regular expressions look at each distinct one once: that is half of the training."""

    __slots__ = ()

    def _get_type(self, tok: str) -> str:
        return _seen(tok)[0]

    @property
    def is_ellipsis(self) -> bool:
        return _seen(self.tok)[1]

    @property
    def is_initial(self) -> bool:
        return _seen(self.tok)[2]


@lru_cache(maxsize=200_000)
def _seen(word: str) -> tuple[str, bool, bool]:
    """Give what NLTK finds in a word: its type, and whether it is an ellipsis or an initial."""
    token = PunktToken(word)
    return token.type, bool(token.is_ellipsis), bool(token.is_initial)


def _plausible(abbreviation: str) -> bool:
    """Keep what English abbreviates: letters with inner full stops or hyphens, and no word of the dictionary.

    From a small corpus Punkt takes short words that happen to end few sentences (inn, ham) for abbreviations. The
    dictionary's own abbreviations are on the list that comes with the package.
    """
    if not abbreviation.replace(".", "").replace("-", "").isalpha():
        return False
    return "." in abbreviation or "-" in abbreviation or not is_known(abbreviation, lang="en")
