"""Factorise documents by terms into documents by topics and topics by terms: all at once, or in batches."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.decomposition import NMF, LatentDirichletAllocation, MiniBatchNMF, non_negative_factorization
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, TfidfTransformer
from threadpoolctl import threadpool_limits

from corpus_tools.topics.params import TopicsParams

Floats = npt.NDArray[np.float64]
STOP_WORDS = sorted(ENGLISH_STOP_WORDS)

# Documents. Each batch moves all terms, of which a large corpus has a hundred thousand, so that smaller batches
# (scikit-learn's 1024) take longer, for the same coherence.
_BATCH = 4096
# NMF in batches begins where NMF of so many documents ends: from random weights it would need many passes.
_SAMPLE = 10_000
# What one pass over all documents leaves of the batch it began with (MiniBatchNMF.fit's default, but `partial_fit`
# would forget so much with each batch).
_KEPT = 0.7
# Multiplicative updates never leave zero: terms that a topic of the sample lacks begin at this part of the mean weight.
_NEARLY_ZERO = 1e-4
# Batches settle when a pass moves the weights of the terms by less than this part of them.
_SETTLED = 0.02
# Updates of a batch's documents before it moves the terms: more made no better topics (scikit-learn's 30 took twice the
# time for the same coherence and loss).
_RESTARTS = 10
_UPDATES = 200  # LDA learns from at least so many batches, the same documents again if need be (as iterations allow)


@dataclass(frozen=True)
class Fit:
    """The two factors, and how further documents are weighed.

    Attributes
    ----------
    weights : array (D, K)
    components : array (K, V)
    weigh : counts of any documents (sparse, D', V) to their weights (D', K) for these components
    converged : bool, False if NMF was stopped by max_iterations
    """

    weights: Floats
    components: Floats
    weigh: Callable[[sparse.csr_matrix], Floats]
    converged: bool = True  # LDA takes the iterations it is given


def fit(counts: sparse.csr_matrix, params: TopicsParams, anchors: Floats | None = None) -> Fit:
    """Fit the model, to all documents at once or, if they are more than `batch_above`, in batches.

    Parameters
    ----------
    counts
        Sparse array (D, V) of whole numbers.
    params
        Model, number of topics, seed and iterations.
    anchors
        Array (A, V) of what each anchored topic is to hold, a row each that adds up to 1: it is put among the documents
        as a report that holds nothing else and weighs as much as a topic's part of them (after Guided NMF, Vendrow et
        al. 2021). So the documents still decide what goes with the anchors.
    """
    in_batches = counts.shape[0] > params.batch_above
    no_anchors = np.zeros((0, counts.shape[1]))
    return (fit_batches if in_batches else fit_whole)(counts, params, no_anchors if anchors is None else anchors)


def fit_whole(counts: sparse.csr_matrix, params: TopicsParams, anchors: Floats) -> Fit:
    """Fit NMF on tf-idf (Lee & Seung 1999) or LDA on counts (Blei et al. 2003) to all documents at once.

    The arguments are those of `fit`, but that anchors have to be given, if only none.

    Examples
    --------
    >>> counts = sparse.csr_matrix(np.kron(np.eye(2, dtype=int), np.full((3, 2), 5)))
    >>> (fit_whole(counts, TopicsParams(n_topics=2), np.zeros((0, 4))).weights > 0).sum(axis=0).tolist()
    [3, 3]
    """
    with threadpool_limits(limits=1):  # sums in one order, whatever the machine
        if params.model == "nmf":
            return _nmf(counts, idf(counts), params, anchors)
        model = LatentDirichletAllocation(
            params.number, max_iter=params.max_iterations, random_state=params.seed, n_jobs=1
        )
        plain = counts.astype(np.float64)
        weights = model.fit_transform(_anchored(plain, anchors, params))[: counts.shape[0]]
        return Fit(weights, normalised(model.components_), partial(_transform, model))


def fit_batches(counts: sparse.csr_matrix, params: TopicsParams, anchors: Floats) -> Fit:
    """Fit the same models in batches of documents, so that nothing but the counts grows with the corpus.

    NMF by multiplicative updates that forget (Lefèvre, Bach & Févotte 2011), on from NMF of a sample; online LDA
    (Hoffman, Blei & Bach 2010). Batches are drawn by the seed from the documents in the order of their names.

    The arguments are those of `fit_whole`; the anchors are in every batch, and max_iterations counts passes over the
    documents.

    Examples
    --------
    >>> counts = sparse.csr_matrix(np.kron(np.eye(2, dtype=int), np.full((3, 2), 5)))
    >>> (fit_batches(counts, TopicsParams(n_topics=2), np.zeros((0, 4))).weights > 0.01).sum(axis=0).tolist()
    [3, 3]
    """
    # A batch of documents without terms says nothing, and its mean would be a divisor of zero.
    order = np.random.default_rng(params.seed).permutation(np.flatnonzero(np.diff(counts.indptr)))
    with threadpool_limits(limits=1):
        return (_nmf_in_batches if params.model == "nmf" else _lda_in_batches)(counts, order, params, anchors)


def normalised(components: Floats) -> Floats:
    """Let each topic's weights add up to 1.

    LDA's have to: documents' weights are shares already, and the pseudo-counts of the terms hold sizes.
    """
    scale = components.sum(axis=1, keepdims=True)
    return components / np.where(scale == 0, 1, scale)


def _anchored(weighed: sparse.csr_matrix, anchors: Floats, params: TopicsParams) -> sparse.csr_matrix:
    """Put the anchors below the documents, each with the weight of a K-th of them."""
    if not len(anchors):
        return weighed
    if params.model == "nmf":  # minimises squares
        mass = weighed.multiply(weighed).sum() / params.number
        rows = anchors * np.sqrt(mass / (anchors**2).sum(axis=1, keepdims=True))
    else:  # counts words
        rows = anchors * (weighed.sum() / params.number)
    return sparse.vstack([weighed, sparse.csr_matrix(rows)], format="csr")


def _transform(model: LatentDirichletAllocation, counts: sparse.csr_matrix) -> Floats:
    every = np.arange(counts.shape[0])
    with threadpool_limits(limits=1):
        parts = [model.transform(counts[rows].astype(np.float64)) for rows in _batches(every)]
    return np.concatenate(parts)


def _solve_all(components: Floats, idf: Floats, params: TopicsParams, counts: sparse.csr_matrix) -> Floats:
    every = np.arange(counts.shape[0])
    with threadpool_limits(limits=1):
        return np.concatenate([solve(tfidf(counts[rows], idf), components, params) for rows in _batches(every)])


def idf(counts: sparse.csr_matrix) -> Floats:
    """Give the terms' inverse document frequency, smoothed as if one more document held every term.

    Returns
    -------
    array (V,)
    """
    n_documents, _ = counts.shape
    return np.asarray(np.log((n_documents + 1) / (counts.getnnz(axis=0) + 1.0)) + 1)


def tfidf(counts: sparse.csr_matrix, idf: Floats) -> sparse.csr_matrix:
    """Weigh counts: 1 + log n, by inverse document frequency, each document of length 1 (Salton & Buckley 1988).

    Parameters
    ----------
    counts
        Sparse array (D, V); the documents may be a part of those that `idf` was made of.
    idf
        Array (V,).

    Returns
    -------
    sparse array (D, V)
    """
    transformer = TfidfTransformer(sublinear_tf=True)
    transformer.idf_ = idf
    return transformer.transform(counts.astype(np.float64), copy=False)


def _nmf(counts: sparse.csr_matrix, idf: Floats, params: TopicsParams, anchors: Floats) -> Fit:
    p, weighed = params, tfidf(counts, idf)
    model = NMF(p.number, init="nndsvda", random_state=p.seed, max_iter=p.max_iterations, tol=1e-3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # said by `converged` and in the metrics instead
        weights = model.fit_transform(_anchored(weighed, anchors, p))[: counts.shape[0]]
    weigh = partial(_solve_all, model.components_, idf, p)
    return Fit(weights, model.components_, weigh, model.n_iter_ < p.max_iterations)


def _nmf_in_batches(
    counts: sparse.csr_matrix, order: npt.NDArray[np.int64], params: TopicsParams, anchors: Floats
) -> Fit:
    p = params
    weights_of_terms = idf(counts)
    sample = np.sort(order[: max(_SAMPLE, p.number)])
    start = _nmf(counts[sample], weights_of_terms, p, anchors).components
    start = np.maximum(start, _NEARLY_ZERO * start.mean())
    fade = _KEPT ** min(1, _BATCH / len(order))
    model = MiniBatchNMF(
        p.number, init="custom", batch_size=_BATCH, forget_factor=fade, fresh_restarts_max_iter=_RESTARTS
    )
    components, converged = start, False
    for _ in range(p.max_iterations):
        before = components.copy()
        for rows in _batches(order):
            batch = _anchored(tfidf(counts[rows], weights_of_terms), anchors, p)
            # Only the first call takes the start; scikit-learn wants both factors there and solves for the first.
            model.partial_fit(batch, W=np.ones((batch.shape[0], p.number)), H=start)
        components = model.components_
        converged = bool(np.linalg.norm(components - before) <= _SETTLED * np.linalg.norm(before))
        if converged:
            break
    weigh = partial(_solve_all, components, weights_of_terms, p)
    return Fit(weigh(counts), components, weigh, converged)


def solve(weighed: sparse.csr_matrix, components: Floats, params: TopicsParams) -> Floats:
    """Find the documents' weights by coordinate descent, as in the whole fit: a topic that is not there has none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        weights, _, _ = non_negative_factorization(
            weighed, H=components, n_components=params.number, update_H=False, max_iter=params.max_iterations
        )
    return np.asarray(weights)


def _lda_in_batches(
    counts: sparse.csr_matrix, order: npt.NDArray[np.int64], params: TopicsParams, anchors: Floats
) -> Fit:
    p = params
    model = LatentDirichletAllocation(
        p.number, total_samples=len(order), batch_size=_BATCH, random_state=p.seed, n_jobs=1
    )
    passes = -(-_UPDATES // -(-len(order) // _BATCH))
    for _ in range(min(passes, p.max_iterations)):
        for rows in _batches(order):
            model.partial_fit(_anchored(counts[rows].astype(np.float64), anchors, p))
    weigh = partial(_transform, model)
    return Fit(weigh(counts), normalised(model.components_), weigh)


def _batches(order: npt.NDArray[np.int64]) -> Iterator[npt.NDArray[np.int64]]:
    for start in range(0, len(order), _BATCH):
        yield order[start : start + _BATCH]
