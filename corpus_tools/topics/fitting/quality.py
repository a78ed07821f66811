"""What a reviewer asks of topics: whether their terms belong together, are their own, and would be found again."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import linear_sum_assignment
from threadpoolctl import threadpool_limits

from corpus_tools.topics.fitting.factorise import idf, solve, tfidf
from corpus_tools.topics.params import TopicsParams

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

COHERENCE_TERMS = 10  # Röder et al. 2015
DIVERSITY_TERMS = 25  # Dieng et al. 2020
STABILITY_TERMS = 20  # Greene et al. 2014


def heaviest(components: Floats, n: int) -> Ints:
    """Give the columns of each topic's n heaviest terms: an array (K, n)."""
    return np.asarray(np.argsort(-components, axis=1, kind="stable")[:, :n])


def coherence(counts: sparse.csr_matrix, components: Floats, n: int = COHERENCE_TERMS) -> Floats:
    """Give each topic's NPMI: the mean over pairs of its n heaviest terms, by co-occurrence in documents.

    -1 for terms that never stand in one report, 0 for independent ones, 1 for those always together (Bouma 2009,
    Röder et al. 2015).

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
    wanted, at = np.unique(best, return_inverse=True)
    present = counts[:, wanted].tocsc()  # once: each look at some columns goes through all documents
    present.data = np.ones_like(present.data)
    return np.array([npmi(present[:, columns]) for columns in at.reshape(best.shape)])


def npmi(present: sparse.spmatrix | Floats) -> float:
    """Give the mean NPMI over all pairs of columns of a matrix (documents, terms) of zeros and ones.

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
                values.append(1.0)  # the limit: both stand in every report
            else:
                values.append(float(np.log(both / (alone[i] * alone[j])) / -np.log(both)))
    return float(np.mean(values)) if values else 0.0


def diversity(components: Floats, n: int = DIVERSITY_TERMS) -> float:
    """Give the share of distinct terms among the n heaviest of all topics (Dieng et al. 2020)."""
    best = heaviest(components, n)
    return float(len(np.unique(best)) / best.size)


def frex(components: Floats) -> Floats:
    """Give the harmonic mean of each term's ranks by weight in a topic and by how much of it is that topic's.

    Both halves alike (Bischof & Airoldi 2012). From near 0 to 1.

    Parameters
    ----------
    components
        Array (K, V), rows that add up to 1.

    Returns
    -------
    array (K, V)
    """
    totals = components.sum(axis=0)
    exclusivity = components / np.where(totals == 0, 1, totals)
    by_frequency, by_exclusivity = (np.apply_along_axis(_ranks, 1, of) for of in (components, exclusivity))
    return np.asarray(2 / (1 / by_exclusivity + 1 / by_frequency) / components.shape[1])


def _ranks(values: Floats) -> Ints:
    """Rank from 1; of equal values each takes the highest rank."""
    return np.searchsorted(np.sort(values), values, side="right")


def exclusivity(components: Floats, n: int = COHERENCE_TERMS) -> Floats:
    """Give the mean FREX of each topic's n heaviest terms: an array (K,) (Roberts et al. 2014)."""
    return np.asarray(np.take_along_axis(frex(components), heaviest(components, n), axis=1).mean(axis=1))


def average_jaccard(one: Ints, other: Ints) -> Floats:
    """Compare ranked lists: the mean of the Jaccard indices of the lists cut at every depth (Greene et al. 2014).

    Parameters
    ----------
    one, other
        Arrays (K, n) and (L, n) of terms, best first; no term twice in a row.

    Returns
    -------
    array (K, L) from 0, nothing in common, to 1, the same terms in the same order.

    Examples
    --------
    >>> average_jaccard(np.array([[1, 2], [3, 4]]), np.array([[2, 1]])).tolist()
    [[0.5], [0.0]]
    """
    depth = one.shape[1]
    terms, at = np.unique(np.concatenate([one.ravel(), other.ravel()]), return_inverse=True)
    place = np.full((len(other), len(terms)), depth)
    np.put_along_axis(place, at[one.size :].reshape(other.shape), np.arange(depth)[None, :], axis=1)
    # The depth from which on a term stands in both lists: (L, K, n).
    since = np.maximum(place[:, at[: one.size].reshape(one.shape)], np.arange(depth))
    both = np.stack([(since <= cut).sum(axis=2) for cut in range(depth)])
    sizes = 2 * np.arange(1, depth + 1)[:, None, None]
    return np.asarray((both / (sizes - both)).mean(axis=0).T)


def align(one: Ints, other: Ints) -> tuple[Ints, Floats]:
    """Find for each ranked list its partner in another run, so that they are alike in sum (Kuhn 1955).

    Parameters
    ----------
    one, other
        Arrays (K, n) of terms, best first.

    Returns
    -------
    array (K,) of partners, and array (K,) of how alike they are
    """
    alike = average_jaccard(one, other)
    rows, partners = linear_sum_assignment(-alike)
    return np.asarray(partners), alike[rows, partners]


def held_out(
    learnt: sparse.csr_matrix, left_out: sparse.csr_matrix, components: Floats, params: TopicsParams, seed: int
) -> float:
    """Tell how much of documents the topics explain that they were not fitted to, by bi-cross-validation.

    Half of the terms give each left-out document its weights of the topics, which must then explain the other half
    (Owen & Perry 2009): 1 for all of its squares, 0 for none.

    Parameters
    ----------
    learnt, left_out
        Counts, sparse arrays (D, V) and (D', V).
    components
        Array (K, V), learnt from the first.
    params
        For LDA documents are shares of words, for NMF tf-idf.
    seed
        Which half is which.
    """
    if params.model == "nmf":
        weighed = tfidf(left_out, idf(learnt))
    else:
        sums = np.maximum(np.asarray(left_out.sum(axis=1)), 1)
        weighed = sparse.csr_matrix(left_out.multiply(1 / sums))
    given, hidden = np.array_split(np.random.default_rng(seed).permutation(components.shape[1]), 2)
    with threadpool_limits(limits=1):  # sums in one order, whatever the machine
        weights = solve(weighed[:, given], np.ascontiguousarray(components[:, given]), params)
        rest, told = weighed[:, hidden], components[:, hidden]
        # The square of the difference, without writing out documents by terms.
        squares = float(rest.multiply(rest).sum())
        error = squares - 2 * float((np.asarray(rest @ told.T) * weights).sum())
        error += float(((weights.T @ weights) * (told @ told.T)).sum())
    return 1 - error / squares if squares else 0.0
