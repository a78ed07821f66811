"""Annotated corpora and publishable figures from dated news reports, reproducibly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus_tools.corpus import Corpus, open_corpus
from corpus_tools.errors import InputError

if TYPE_CHECKING:
    from corpus_tools.explore.nltk_reader import NltkReader

__all__ = ["Corpus", "InputError", "as_nltk", "open_corpus"]
__version__ = "0.1.0"


def as_nltk(corpus: Corpus) -> NltkReader:
    """Read a corpus with the methods of NLTK's readers, so that any of NLTK's functions takes it.

    Parameters
    ----------
    corpus
        As `open_corpus` gives it.

    Returns
    -------
    A reader with fileids, categories (outlets), raw, words, sents, paras, tagged_words, tagged_sents and tagged_paras;
    see `corpus_tools.explore.nltk_reader`.

    Examples
    --------
    >>> reader = as_nltk(corpus)
    >>> reader.categories()
    ['BBC', 'TASS']
    >>> list(reader.words(categories="TASS"))[:4]
    ['Peace', 'talks', 'began', 'on']
    """
    # Imported here: NLTK takes half a second to load, and every step imports this package.
    from corpus_tools.explore.nltk_reader import NltkReader  # noqa: PLC0415

    return NltkReader(corpus.words.store, corpus.root)
