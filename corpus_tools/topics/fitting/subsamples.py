"""Fits to random subsamples of the documents with different seeds, which show what is chance in a topic model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from corpus_tools.topics.fitting.factorise import Fit, fit
from corpus_tools.topics.fitting.params import TopicsParams

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

# Fraction of the documents in a subsample (Greene et al. 2014).
FRACTION = 0.8


@dataclass(frozen=True)
class SamplingInputs:
    """What subsamples are drawn from.

    Attributes
    ----------
    counts : sparse array (D, V)
    clusters : array (D,), the cluster of near-duplicates of each document; a subsample has all of a cluster or none,
        because a copy outside it would not be held out
    anchors : array (A, V)
    """

    counts: sparse.csr_matrix
    clusters: Ints
    anchors: Floats


def draw(clusters: Ints, seed: int) -> Bools:
    """Draw a subsample: a mask (D,) of the documents in about FRACTION of the clusters.

    Examples
    --------
    >>> drawn = draw(np.array([0, 1, 1, 2, 3, 4]), seed=1)
    >>> int(drawn.sum()), bool(drawn[1] == drawn[2])
    (5, True)
    """
    names, cluster = np.unique(clusters, return_inverse=True)
    order = np.random.default_rng(seed).permutation(len(names))
    kept = np.zeros(len(names), np.bool_)
    kept[order[: round(FRACTION * len(names))]] = True
    return np.asarray(kept[cluster])


def fit_subsample(inputs: SamplingInputs, params: TopicsParams, seed: int) -> tuple[Bools, Fit]:
    """Draw a subsample and fit the model to it, both by the same seed."""
    drawn = draw(inputs.clusters, seed)
    return drawn, fit(inputs.counts[drawn], params.model_copy(update={"seed": seed}), inputs.anchors)


def to_shares(weights: Floats, components: Floats, counts: sparse.csr_matrix) -> Floats:
    """Convert weights (D, K) to shares that add up to 1; nan for documents without terms or weights.

    Each topic's weights are first multiplied by the sum of its components, so that topics share one scale.
    """
    weights = weights * components.sum(axis=1)
    totals = weights.sum(axis=1, keepdims=True)
    shares: Floats = np.divide(weights, totals, out=np.full_like(weights, np.nan), where=totals > 0)
    shares[np.diff(counts.indptr) == 0] = np.nan
    return shares
