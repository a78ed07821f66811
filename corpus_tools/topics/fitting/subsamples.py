"""Runs on parts of the documents, from several seeds: what of the topics is the corpus', and what is chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from corpus_tools.topics.fitting.factorise import Fit, fit
from corpus_tools.topics.params import TopicsParams

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

# The part of the documents that a run learns from (Greene et al. 2014).
PART = 0.8


@dataclass(frozen=True)
class Sampled:
    """What every run is given.

    Attributes
    ----------
    counts : sparse array (D, V)
    clusters : array (D,), the cluster of near-duplicates of each document: a run has all of one or none, as a copy in
        the other part would tell what that part is to be asked
    anchors : array (A, V)
    """

    counts: sparse.csr_matrix
    clusters: Ints
    anchors: Floats


def draw(clusters: Ints, seed: int) -> Bools:
    """Draw the documents of a run: an array (D,) with about PART of them.

    Examples
    --------
    >>> drawn = draw(np.array([0, 1, 1, 2, 3, 4]), seed=1)
    >>> int(drawn.sum()), bool(drawn[1] == drawn[2])
    (5, True)
    """
    names, cluster = np.unique(clusters, return_inverse=True)
    order = np.random.default_rng(seed).permutation(len(names))
    kept = np.zeros(len(names), np.bool_)
    kept[order[: round(PART * len(names))]] = True
    return np.asarray(kept[cluster])


def run(corpus: Sampled, params: TopicsParams, seed: int) -> tuple[Bools, Fit]:
    """Fit the model to a part of the documents, drawn by the seed, which is the model's too."""
    drawn = draw(corpus.clusters, seed)
    return drawn, fit(corpus.counts[drawn], params.model_copy(update={"seed": seed}), corpus.anchors)


def shares(weights: Floats, components: Floats, counts: sparse.csr_matrix) -> Floats:
    """Turn weights (D, K) into shares that add up to 1, each topic on the scale of its terms; nan without a term."""
    weights = weights * components.sum(axis=1)
    totals = weights.sum(axis=1, keepdims=True)
    found: Floats = np.divide(weights, totals, out=np.full_like(weights, np.nan), where=totals > 0)
    found[np.diff(counts.indptr) == 0] = np.nan
    return found
