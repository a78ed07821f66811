"""Train Punkt on the texts of a corpus (Kiss & Strunk 2006)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

import polars as pl
from nltk.tokenize.punkt import PunktToken, PunktTrainer
from simplemma import is_known

from corpus_tools.nltk_fast.punkt import Punkt, news_abbreviations

# Punkt uses a word's capitalisation after abbreviations only. Words that occur less often than this in the training
# texts show too little to be worth their line in the file.
_MIN_COUNT = 3


def sample(documents: pl.DataFrame, size: int) -> list[str]:
    """Choose documents to learn from; the order of the sources does not matter.

    What Punkt learns affects every text. A few reports added at the end of a source must therefore not change it, or
    all other reports would have to be cut again. For this reason, up to an eighth of each source, at its end, is left
    out.

    Parameters
    ----------
    documents
        source, doc_id; the documents of each source in their order.
    size
        Number of documents; 0 for all.

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
    return sorted(sorted(first, key=_hash)[:size])


def _round_number(count: int) -> int:
    """Keep the first three binary digits of a number: 1000 (1111101000) becomes 896 (1110000000)."""
    below = max(count.bit_length() - 3, 0)
    return count >> below << below


def _hash(doc_id: str) -> bytes:
    return hashlib.blake2b(doc_id.encode(), digest_size=8).digest()


def train(texts: Sequence[str]) -> Punkt:
    """Train Punkt on cleaned texts, and add the abbreviations that news agencies use.

    Examples
    --------
    >>> "sgt" in train(["A short text."]).abbreviations  # from the list
    True
    """
    trainer = _Trainer()
    for text in texts:
        trainer.train(text, finalize=False)
    trainer.finalize_training()
    learned = trainer.get_params()
    # The trainer's own counts; without the limit, the file would contain every word of the corpus.
    counts = trainer._type_fdist
    capitals = {
        w: flags for w, flags in learned.ortho_context.items() if flags and counts[w] + counts[w + "."] >= _MIN_COUNT
    }
    return Punkt(
        tuple(sorted({a for a in learned.abbrev_types if _plausible(a)} | news_abbreviations())),
        tuple(sorted(learned.collocations)),
        tuple(sorted(learned.sent_starters)),
        tuple(sorted(capitals.items())),
    )


class _Trainer(PunktTrainer):
    """Punkt's trainer, which starts from the abbreviations of news and keeps them.

    Left to itself, Punkt misses abbreviations that mostly precede one word: without `St.`, it takes `Petersburg` for a
    word that starts sentences.
    """

    def __init__(self) -> None:
        super().__init__(token_cls=_Token)
        self._params.abbrev_types = set(news_abbreviations())

    def _reclassify_abbrev_types(self, types: Iterable[str]) -> Iterator[tuple[str, float, bool]]:
        return (row for row in super()._reclassify_abbrev_types(types) if row[0] not in news_abbreviations())


class _Token(PunktToken):
    """Punkt's token; it applies its regular expressions once per distinct token, which halves the training time."""

    __slots__ = ()

    def _get_type(self, tok: str) -> str:
        return _token_facts(tok)[0]

    @property
    def is_ellipsis(self) -> bool:
        return _token_facts(self.tok)[1]

    @property
    def is_initial(self) -> bool:
        return _token_facts(self.tok)[2]


@lru_cache(maxsize=200_000)
def _token_facts(word: str) -> tuple[str, bool, bool]:
    """Return the type of a word as NLTK has it, and whether it is an ellipsis or an initial."""
    token = PunktToken(word)
    return token.type, bool(token.is_ellipsis), bool(token.is_initial)


def _plausible(abbreviation: str) -> bool:
    """Return whether English could abbreviate so: letters, inner full stops or hyphens, and no dictionary word.

    In a small corpus, Punkt takes short words that happen to end few sentences (inn, ham) for abbreviations.
    Abbreviations in the dictionary are on the package's list.
    """
    if not abbreviation.replace(".", "").replace("-", "").isalpha():
        return False
    return "." in abbreviation or "-" in abbreviation or not is_known(abbreviation, lang="en")
