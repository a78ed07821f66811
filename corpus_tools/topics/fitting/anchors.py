"""Anchor words: terms that a topic should be about, as additional rows of the matrix."""

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


def anchor_rows(
    anchors: Mapping[str, Sequence[str]], vocabulary: pl.Series, n_topics: int, source: str = "anchors"
) -> Floats:
    """Return anchor words as a matrix.

    Parameters
    ----------
    anchors
        Words of each anchored topic by the topic's name, in any form (`refugees` matches the term `refugee`).
    vocabulary
        The V terms.
    n_topics
        Number of topics of the model.
    source
        File with the anchors, for error messages.

    Returns
    -------
    array (A, V), each row adding up to 1.

    Raises
    ------
    InputError
        If there are more anchors than topics, or no word of an anchor is in the vocabulary.

    Examples
    --------
    >>> anchor_rows({"war": ["army", "tanks"]}, pl.Series(["army", "bank", "tank"]), 2).tolist()
    [[0.5, 0.0, 0.5]]
    """
    if len(anchors) > n_topics:
        raise InputError(
            source, f"{len(anchors)} anchored topics, but the model has {n_topics}", "remove some, or raise n_topics"
        )
    matrix = np.zeros((len(anchors), len(vocabulary)))
    for row, (name, words) in enumerate(anchors.items()):
        columns = find_columns(words, vocabulary)
        if not columns:
            raise InputError(
                f"{source}, {name}", "none of its words is a term of this corpus",
                "use other words (topic_terms lists terms of this corpus), or lower topics.min_documents",
            )  # fmt: skip
        matrix[row, columns] = 1 / len(columns)
    return matrix


def find_columns(words: Sequence[str], vocabulary: pl.Series) -> list[int]:
    """Find the columns of words, or else of their lemmas, in the vocabulary.

    Examples
    --------
    >>> find_columns(["Tanks", "peace"], pl.Series(["army", "bank", "tank"]))
    [2]
    """
    column_of = {term: column for column, term in enumerate(vocabulary)}
    lowered = [word.lower() for word in words]
    terms = {word if word in column_of else lemmatize(word, lang="en") for word in lowered}
    return sorted(column_of[term] for term in terms if term in column_of)


def match_anchors(components: Floats, anchors: Floats) -> npt.NDArray[np.int64]:
    """Assign each anchor to the topic it became, each topic at most once.

    The assignment maximises the weight that the anchors' words have in their topics, in total.

    Parameters
    ----------
    components
        Array (K, V), each row adding up to 1.
    anchors
        Array (A, V), with A at most K.

    Returns
    -------
    array (A,) of topics
    """
    weight = sparse.csr_matrix(anchors > 0) @ components.T
    return np.asarray(linear_sum_assignment(-np.asarray(weight))[1])
