"""Factorise documents by terms into documents by topics and topics by terms, in one go or in batches."""

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

from corpus_tools.topics.fitting.params import TopicsParams

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
STOP_WORDS = sorted(ENGLISH_STOP_WORDS)

# Documents per batch. Each batch updates all terms, up to a hundred thousand in a large corpus, so smaller batches
# (scikit-learn's default is 1024) take longer without better coherence.
_BATCH = 4096
# NMF in batches starts from NMF of a sample of this size; from random weights it would need many passes.
_SAMPLE = 10_000
# Weight that one pass over all documents leaves to the first batch. This is the default of MiniBatchNMF.fit, but
# `partial_fit` would forget that much with each batch.
_KEPT_PER_PASS = 0.7
# Multiplicative updates never leave zero, so terms absent from a topic of the sample start at this fraction of the mean
# weight.
_NEARLY_ZERO = 1e-4
# NMF in batches has converged when a pass changes the term weights by at most this fraction (Frobenius norm).
_TOLERANCE = 0.02
# Updates of a batch's documents before the terms are updated; scikit-learn's 30 took twice the time for the same
# coherence and loss.
_RESTARTS = 10
# LDA learns from at least this many batches, in several passes if necessary (as max_iterations allows).
_UPDATES = 200


@dataclass(frozen=True)
class Fit:
    """The two factors, and a function that weights further documents.

    Attributes
    ----------
    weights : array (D, K)
    components : array (K, V)
    weigh : function from the counts of any documents (sparse, D', V) to their weights (D', K) for these components
    converged : bool, False if NMF was stopped by max_iterations; LDA always runs its iterations
    """

    weights: Floats
    components: Floats
    weigh: Callable[[sparse.csr_matrix], Floats]
    converged: bool = True


def fit(counts: sparse.csr_matrix, params: TopicsParams, anchors: Floats | None = None) -> Fit:
    """Fit the model to all documents at once, or in batches if there are more than `batch_above`.

    Parameters
    ----------
    counts
        Sparse array (D, V) of integers.
    params
        Model, number of topics, seed and iterations.
    anchors
        Array (A, V), each row adding up to 1. Each row takes part in the fit as a report that contains the anchor's
        words only and weighs as much as a topic's share of the documents (after Guided NMF, Vendrow et al. 2021). The
        documents still decide which other terms join the anchors.
    """
    in_batches = counts.shape[0] > params.batch_above
    no_anchors = np.zeros((0, counts.shape[1]))
    return (fit_in_batches if in_batches else fit_at_once)(counts, params, no_anchors if anchors is None else anchors)


def fit_at_once(counts: sparse.csr_matrix, params: TopicsParams, anchors: Floats) -> Fit:
    """Fit NMF on tf-idf (Lee & Seung 1999) or LDA on counts (Blei et al. 2003) to all documents at once.

    The arguments are those of `fit`, except that `anchors` is required (without any, it has no rows).

    Examples
    --------
    >>> counts = sparse.csr_matrix(np.kron(np.eye(2, dtype=int), np.full((3, 2), 5)))
    >>> (fit_at_once(counts, TopicsParams(n_topics=2), np.zeros((0, 4))).weights > 0).sum(axis=0).tolist()
    [3, 3]
    """
    with threadpool_limits(limits=1):  # sums in the same order on every machine
        if params.model == "nmf":
            return _nmf(counts, idf(counts), params, anchors)
        model = LatentDirichletAllocation(
            params.number, max_iter=params.max_iterations, random_state=params.seed, n_jobs=1
        )
        rows = _with_anchors(counts.astype(np.float64), anchors, params)
        weights = model.fit_transform(rows)[: counts.shape[0]]
        return Fit(weights, normalised(model.components_), partial(_lda_weights, model))


def fit_in_batches(counts: sparse.csr_matrix, params: TopicsParams, anchors: Floats) -> Fit:
    """Fit the same models in batches of documents, so that only the counts grow with the corpus.

    The models are NMF by multiplicative updates with forgetting (Lefèvre, Bach & Févotte 2011), started from NMF of a
    sample, and online LDA (Hoffman, Blei & Bach 2010). Batches are drawn by the seed from the documents sorted by id.

    The arguments are those of `fit_at_once`; every batch includes the anchors, and max_iterations limits the passes
    over the documents.

    Examples
    --------
    >>> counts = sparse.csr_matrix(np.kron(np.eye(2, dtype=int), np.full((3, 2), 5)))
    >>> (fit_in_batches(counts, TopicsParams(n_topics=2), np.zeros((0, 4))).weights > 0.01).sum(axis=0).tolist()
    [3, 3]
    """
    # A batch without terms would divide by its mean, zero; documents without terms add nothing to a fit anyway.
    order = np.random.default_rng(params.seed).permutation(np.flatnonzero(np.diff(counts.indptr)))
    with threadpool_limits(limits=1):
        return (_nmf_in_batches if params.model == "nmf" else _lda_in_batches)(counts, order, params, anchors)


def normalised(components: Floats) -> Floats:
    """Scale each topic's weights to add up to 1.

    LDA needs this before its weights are turned into shares: its document weights are shares already, and its
    components are pseudo-counts, which would count the size of a topic twice.
    """
    scale = components.sum(axis=1, keepdims=True)
    return components / np.where(scale == 0, 1, scale)


def idf(counts: sparse.csr_matrix) -> Floats:
    """Return the terms' inverse document frequency (V,), smoothed as if one more document contained every term."""
    n_documents, _ = counts.shape
    return np.asarray(np.log((n_documents + 1) / (counts.getnnz(axis=0) + 1.0)) + 1)


def tfidf(counts: sparse.csr_matrix, idf: Floats) -> sparse.csr_matrix:
    """Weight counts as (1 + log n) times idf, and scale each document to length 1 (Salton & Buckley 1988).

    Parameters
    ----------
    counts
        Sparse array (D, V); `idf` may come from other documents.
    idf
        Array (V,).

    Returns
    -------
    sparse array (D, V)
    """
    transformer = TfidfTransformer(sublinear_tf=True)
    transformer.idf_ = idf
    return transformer.transform(counts.astype(np.float64), copy=False)


def solve(weighted: sparse.csr_matrix, components: Floats, params: TopicsParams) -> Floats:
    """Solve for the documents' weights by coordinate descent, as NMF does: absent topics get exactly 0."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        weights, _, _ = non_negative_factorization(
            weighted, H=components, n_components=params.number, update_H=False, max_iter=params.max_iterations
        )
    return np.asarray(weights)


def _with_anchors(weighted: sparse.csr_matrix, anchors: Floats, params: TopicsParams) -> sparse.csr_matrix:
    """Append the anchors to the documents, each with 1/K of the documents' weight."""
    if not len(anchors):
        return weighted
    if params.model == "nmf":  # minimises squares
        mass = weighted.multiply(weighted).sum() / params.number
        rows = anchors * np.sqrt(mass / (anchors**2).sum(axis=1, keepdims=True))
    else:  # counts words
        rows = anchors * (weighted.sum() / params.number)
    return sparse.vstack([weighted, sparse.csr_matrix(rows)], format="csr")


def _lda_weights(model: LatentDirichletAllocation, counts: sparse.csr_matrix) -> Floats:
    with threadpool_limits(limits=1):
        batches = _batches(np.arange(counts.shape[0]))
        return np.concatenate([model.transform(counts[rows].astype(np.float64)) for rows in batches])


def _nmf_weights(components: Floats, idf: Floats, params: TopicsParams, counts: sparse.csr_matrix) -> Floats:
    with threadpool_limits(limits=1):
        batches = _batches(np.arange(counts.shape[0]))
        return np.concatenate([solve(tfidf(counts[rows], idf), components, params) for rows in batches])


def _nmf(counts: sparse.csr_matrix, idf: Floats, params: TopicsParams, anchors: Floats) -> Fit:
    p = params
    model = NMF(p.number, init="nndsvda", random_state=p.seed, max_iter=p.max_iterations, tol=1e-3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # reported by `converged` and in the metrics instead
        weights = model.fit_transform(_with_anchors(tfidf(counts, idf), anchors, p))[: counts.shape[0]]
    weigh = partial(_nmf_weights, model.components_, idf, p)
    return Fit(weights, model.components_, weigh, model.n_iter_ < p.max_iterations)


def _nmf_in_batches(counts: sparse.csr_matrix, order: Ints, params: TopicsParams, anchors: Floats) -> Fit:
    p = params
    term_idf = idf(counts)
    sample = np.sort(order[: max(_SAMPLE, p.number)])
    start = _nmf(counts[sample], term_idf, p, anchors).components
    start = np.maximum(start, _NEARLY_ZERO * start.mean())
    kept_per_batch = _KEPT_PER_PASS ** min(1, _BATCH / len(order))
    model = MiniBatchNMF(
        p.number, init="custom", batch_size=_BATCH, forget_factor=kept_per_batch, fresh_restarts_max_iter=_RESTARTS
    )
    components, converged = start, False
    for _ in range(p.max_iterations):
        before = components.copy()
        for rows in _batches(order):
            batch = _with_anchors(tfidf(counts[rows], term_idf), anchors, p)
            # Only the first call uses the start; scikit-learn requires both factors there, and solves for W.
            model.partial_fit(batch, W=np.ones((batch.shape[0], p.number)), H=start)
        components = model.components_
        converged = bool(np.linalg.norm(components - before) <= _TOLERANCE * np.linalg.norm(before))
        if converged:
            break
    weigh = partial(_nmf_weights, components, term_idf, p)
    return Fit(weigh(counts), components, weigh, converged)


def _lda_in_batches(counts: sparse.csr_matrix, order: Ints, params: TopicsParams, anchors: Floats) -> Fit:
    p = params
    model = LatentDirichletAllocation(
        p.number, total_samples=len(order), batch_size=_BATCH, random_state=p.seed, n_jobs=1
    )
    passes = -(-_UPDATES // -(-len(order) // _BATCH))
    for _ in range(min(passes, p.max_iterations)):
        for rows in _batches(order):
            model.partial_fit(_with_anchors(counts[rows].astype(np.float64), anchors, p))
    weigh = partial(_lda_weights, model)
    return Fit(weigh(counts), normalised(model.components_), weigh)


def _batches(order: Ints) -> Iterator[Ints]:
    for start in range(0, len(order), _BATCH):
        yield order[start : start + _BATCH]
