"""Find the words of VADER's lexicon that belong to a list of words: a vocabulary, or the terms of a topic."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import polars as pl
from simplemma import lemmatize

from corpus_tools.nltk_fast.lexicon import lexicon


def matching_rows(words: Iterable[str]) -> list[int]:
    """Return the rows of the lexicon whose word or lemma (simplemma, Barbaresi 2021) is one of the given words.

    Examples
    --------
    >>> [list(lexicon())[row] for row in matching_rows(["kill", "peace"])]
    ['kill', 'killed', 'killing', 'kills', 'peace', 'peaces']
    """
    wanted = [word.lower() for word in words]
    return _forms().filter(pl.col("form").is_in(wanted))["row"].unique().sort().to_list()


def own_words(terms: pl.DataFrame) -> pl.DataFrame:
    """Return the words of the lexicon that are terms of a topic, or forms of one.

    Capital letters make no difference: VADER gives the name Hope the valence of the word.

    Parameters
    ----------
    terms
        topic, rank, term.

    Returns
    -------
    topic, rank, term, row (in the lexicon), sorted.

    Examples
    --------
    >>> terms = pl.DataFrame({"topic": [0, 0, 1], "rank": [0, 1, 0], "term": ["army", "war", "Peace"]})
    >>> own = own_words(terms)
    >>> list(zip(own["term"], [list(lexicon())[row] for row in own["row"]]))
    [('war', 'war'), ('war', 'warred'), ('war', 'warring'), ('war', 'wars'), ('Peace', 'peace'), ('Peace', 'peaces')]
    """
    named = terms.select("topic", "rank", "term", form=pl.col("term").str.to_lowercase())
    return named.join(_forms(), on="form").drop("form").unique().sort("topic", "rank", "term", "row")


@cache
def _forms() -> pl.DataFrame:
    """Return row and form of every word of the lexicon: the word itself, and its lemma."""
    words = list(lexicon())
    # The lemmatiser knows words, not emoticons.
    lemmas = [str(lemmatize(word, lang="en")).lower() if word.isalpha() else word for word in words]
    rows = pl.Series("row", range(len(words)), dtype=pl.Int32)
    return pl.concat([pl.DataFrame({"row": rows, "form": forms}) for forms in (words, lemmas)]).unique().sort("row")
