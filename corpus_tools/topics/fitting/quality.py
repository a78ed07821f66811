"""Topic quality: coherence, exclusivity, diversity, stability and held-out fit."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import linear_sum_assignment
from threadpoolctl import threadpool_limits

from corpus_tools.topics.fitting.factorise import idf, solve, tfidf
from corpus_tools.topics.fitting.params import TopicsParams

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

COHERENCE_TERMS = 10  # Röder et al. 2015
DIVERSITY_TERMS = 25  # Dieng et al. 2020
STABILITY_TERMS = 20  # Greene et al. 2014


def heaviest(components: Floats, n: int) -> Ints:
    """Return the columns of each topic's n heaviest terms, heaviest first: an array (K, n)."""
    return np.asarray(np.argsort(-components, axis=1, kind="stable")[:, :n])


def coherence(counts: sparse.csr_matrix, components: Floats, n: int = COHERENCE_TERMS) -> Floats:
    """Return each topic's NPMI: the mean over pairs of its n heaviest terms, by co-occurrence in documents.

    -1 for terms that never occur in the same report, 0 for independent terms, 1 for terms that always occur together
    (Bouma 2009, Röder et al. 2015).

    Parameters
    ----------
    counts
        Sparse array (D, V).
    components
        Array (K, V).

    Returns
    -------
    array (K,)
    """
    best = heaviest(components, n)
    columns, column_of_term = np.unique(best, return_inverse=True)
    present = counts[:, columns].tocsc()  # once, because selecting columns passes over all documents
    present.data = np.ones_like(present.data)
    return np.array([npmi(present[:, topic]) for topic in column_of_term.reshape(best.shape)])


def npmi(present: sparse.spmatrix | Floats) -> float:
    """Return the mean NPMI over all pairs of columns of a matrix (documents, terms) of zeros and ones.

    Examples
    --------
    >>> npmi(np.array([[1, 1], [1, 1], [0, 0], [0, 0]]))
    1.0
    >>> npmi(np.array([[1, 0], [0, 1]]))
    -1.0
    """
    present = sparse.csr_matrix(present, dtype=np.float64)
    together = (present.T @ present).toarray() / present.shape[0]
    alone = np.diag(together)
    values = []
    for i in range(len(alone)):
        for j in range(i):
            both = together[i, j]
            if both == 0:
                values.append(-1.0)
            elif both == 1:
                values.append(1.0)  # the limit: both terms occur in every report
            else:
                values.append(float(np.log(both / (alone[i] * alone[j])) / -np.log(both)))
    return float(np.mean(values)) if values else 0.0


def diversity(components: Floats, n: int = DIVERSITY_TERMS) -> float:
    """Return the share of distinct terms among the n heaviest terms of all topics (Dieng et al. 2020)."""
    best = heaviest(components, n)
    return float(len(np.unique(best)) / best.size)


def frex(components: Floats) -> Floats:
    """Return each term's FREX: the harmonic mean of its ranks by weight and by exclusivity within the topic.

    Exclusivity is the topic's share of the term's weight in all topics. Both ranks count equally (Bischof & Airoldi
    2012) and are divided by V, so FREX runs from near 0 to 1.

    Parameters
    ----------
    components
        Array (K, V), each row adding up to 1.

    Returns
    -------
    array (K, V)
    """
    totals = components.sum(axis=0)
    exclusivity = components / np.where(totals == 0, 1, totals)
    by_frequency, by_exclusivity = (np.apply_along_axis(_ranks, 1, values) for values in (components, exclusivity))
    return np.asarray(2 / (1 / by_exclusivity + 1 / by_frequency) / components.shape[1])


def _ranks(values: Floats) -> Ints:
    """Rank from 1; equal values all take the highest of their ranks."""
    return np.searchsorted(np.sort(values), values, side="right")


def exclusivity(components: Floats, n: int = COHERENCE_TERMS) -> Floats:
    """Return the mean FREX of each topic's n heaviest terms: an array (K,) (Roberts et al. 2014)."""
    return np.asarray(np.take_along_axis(frex(components), heaviest(components, n), axis=1).mean(axis=1))


def average_jaccard(one: Ints, other: Ints) -> Floats:
    """Compare ranked lists by the mean Jaccard index of the lists cut at every depth (Greene et al. 2014).

    Parameters
    ----------
    one, other
        Arrays (K, n) and (L, n) of terms, best first, without repetitions within a row.

    Returns
    -------
    array (K, L), from 0 (nothing in common) to 1 (the same terms in the same order).

    Examples
    --------
    >>> average_jaccard(np.array([[1, 2], [3, 4]]), np.array([[2, 1]])).tolist()
    [[0.5], [0.0]]
    """
    depth = one.shape[1]
    terms, numbers = np.unique(np.concatenate([one.ravel(), other.ravel()]), return_inverse=True)
    rank = np.full((len(other), len(terms)), depth)
    np.put_along_axis(rank, numbers[one.size :].reshape(other.shape), np.arange(depth)[None, :], axis=1)
    # The smallest depth at which both lists contain a term of the first: (L, K, n).
    first_shared = np.maximum(rank[:, numbers[: one.size].reshape(one.shape)], np.arange(depth))
    both = np.stack([(first_shared <= cut).sum(axis=2) for cut in range(depth)])
    sizes = 2 * np.arange(1, depth + 1)[:, None, None]
    return np.asarray((both / (sizes - both)).mean(axis=0).T)


def align(one: Ints, other: Ints) -> tuple[Ints, Floats]:
    """Pair the topics of two fits so that their total similarity is highest (Kuhn 1955).

    Parameters
    ----------
    one, other
        Arrays (K, n) of terms, best first.

    Returns
    -------
    array (K,) of the partners in `other`, and array (K,) of each pair's average Jaccard similarity
    """
    similarity = average_jaccard(one, other)
    rows, partners = linear_sum_assignment(-similarity)
    return np.asarray(partners), similarity[rows, partners]


def held_out(
    training: sparse.csr_matrix, left_out: sparse.csr_matrix, components: Floats, params: TopicsParams, seed: int
) -> float:
    """Return the share of the sum of squares of unseen documents that the topics explain, by bi-cross-validation.

    Half of the terms give each left-out document its topic weights, which then predict the other half (Owen & Perry
    2009). 1 is a perfect fit, 0 or less is none.

    Parameters
    ----------
    training, left_out
        Counts, sparse arrays (D, V) and (D', V).
    components
        Array (K, V), fitted to `training`.
    params
        The model: documents are tf-idf for NMF, and shares of words for LDA.
    seed
        Determines the halves.
    """
    if params.model == "nmf":
        weighted = tfidf(left_out, idf(training))
    else:
        sums = np.maximum(np.asarray(left_out.sum(axis=1)), 1)
        weighted = sparse.csr_matrix(left_out.multiply(1 / sums))
    given, hidden = np.array_split(np.random.default_rng(seed).permutation(components.shape[1]), 2)
    with threadpool_limits(limits=1):  # sums in the same order on every machine
        weights = solve(weighted[:, given], np.ascontiguousarray(components[:, given]), params)
        target, basis = weighted[:, hidden], components[:, hidden]
        # The squared error expanded, so that no dense array of documents by terms is needed.
        squares = float(target.multiply(target).sum())
        error = squares - 2 * float((np.asarray(target @ basis.T) * weights).sum())
        error += float(((weights.T @ weights) * (basis @ basis.T)).sum())
    return 1 - error / squares if squares else 0.0
