"""Anchor words: what a researcher wants a topic to be about, as rows to put among the documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import sparse
from scipy.optimize import linear_sum_assignment
from simplemma import lemmatize

from corpus_tools.errors import InputError

Floats = npt.NDArray[np.float64]


def rows(anchors: Mapping[str, Sequence[str]], vocabulary: pl.Series, n_topics: int, where: str = "anchors") -> Floats:
    """Write anchor words as a matrix.

    Parameters
    ----------
    anchors
        Words of each topic that is wanted, by its name; in any form (`refugees` finds the term `refugee`).
    vocabulary
        The V terms.
    n_topics
        How many topics there will be.
    where
        The file they came from, for messages.

    Returns
    -------
    array (A, V), each row adding up to 1.

    Raises
    ------
    InputError
        If there are more anchored topics than topics, or no word of one is in the vocabulary.

    Examples
    --------
    >>> rows({"war": ["army", "tanks"]}, pl.Series(["army", "bank", "tank"]), 2).tolist()
    [[0.5, 0.0, 0.5]]
    """
    if len(anchors) > n_topics:
        raise InputError(where, f"{len(anchors)} anchored topics of {n_topics}", "leave some out, or raise n_topics")
    found = np.zeros((len(anchors), len(vocabulary)))
    for row, (name, words) in enumerate(anchors.items()):
        columns = columns_of(words, vocabulary)
        if not columns:
            raise InputError(
                f"{where}, {name}", "none of its words is a term of this corpus",
                "take others, or lower topics.min_documents (see topic_terms for the terms there are)",
            )  # fmt: skip
        found[row, columns] = 1 / len(columns)
    return found


def columns_of(words: Sequence[str], vocabulary: pl.Series) -> list[int]:
    """Find words, or else their lemmas, in the vocabulary.

    Examples
    --------
    >>> columns_of(["Tanks", "peace"], pl.Series(["army", "bank", "tank"]))
    [2]
    """
    places = {term: column for column, term in enumerate(vocabulary)}
    forms = ((word.lower(), lemmatize(word.lower(), lang="en")) for word in words)
    return sorted({places[form] for pair in forms for form in pair[: 1 if pair[0] in places else 2] if form in places})


def assign(components: Floats, anchors: Floats) -> npt.NDArray[np.int64]:
    """Tell which topic each anchor became: those that are alike together, each topic once.

    Parameters
    ----------
    components
        Array (K, V), each row adding up to 1.
    anchors
        Array (A, V), A no more than K.

    Returns
    -------
    array (A,) of topics
    """
    of = sparse.csr_matrix(anchors > 0) @ components.T  # how much of each topic's weight the anchor's words have
    return np.asarray(linear_sum_assignment(-np.asarray(of))[1])
