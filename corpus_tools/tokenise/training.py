"""What Punkt learns from the texts of a corpus (Kiss & Strunk 2006)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

import polars as pl
from nltk.tokenize.punkt import PunktToken, PunktTrainer
from simplemma import is_known

from corpus_tools.nltk_fast.punkt import Punkt, news_abbreviations

# What Punkt remembers of a word's capitals matters after an abbreviation only; words seen less often than this in the
# training texts tell too little to be worth their line in the file.
_SEEN_OFTEN = 3


def sample(documents: pl.DataFrame, size: int) -> list[str]:
    """Choose documents to learn from, the same ones whatever order they come in.

    A source's last documents are left out, up to an eighth of it: what is learned decides about every text, so a few
    reports added at the end of a source must not change it, or all the others would be cut anew.

    Parameters
    ----------
    documents
        source, doc_id; a source's in its own order.
    size
        How many; 0 for all.

    Examples
    --------
    >>> documents = pl.DataFrame({"source": ["s"] * 1000, "doc_id": [f"s-{i}" for i in range(1000)]})
    >>> chosen = sample(documents, 100)
    >>> len(chosen), chosen == sample(documents.head(900), 100)
    (100, True)
    """
    if size == 0 or size >= documents.height:
        return sorted(documents["doc_id"])
    numbered = documents.with_columns(number=pl.int_range(pl.len()).over("source"), all=pl.len().over("source"))
    first = numbered.filter(pl.col("number") < pl.col("all").map_elements(_round_number, pl.Int64))["doc_id"]
    return sorted(sorted(first, key=_shuffled)[:size])


def _round_number(count: int) -> int:
    """Keep a number's first three binary digits: 1000 (1111101000) gives 896 (1110000000)."""
    below = max(count.bit_length() - 3, 0)
    return count >> below << below


def _shuffled(doc_id: str) -> bytes:
    return hashlib.blake2b(doc_id.encode(), digest_size=8).digest()


def train(texts: Sequence[str]) -> Punkt:
    """Let Punkt learn from texts, and add the abbreviations that news agencies use.

    Parameters
    ----------
    texts
        Texts, mended.

    Examples
    --------
    >>> "sgt" in train(["A short text."]).abbreviations  # from the list
    True
    """
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
