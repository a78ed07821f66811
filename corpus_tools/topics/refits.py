"""Refits of the topic model to subsamples: how stable the topics are, and how much their mean shares vary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import sparse

from corpus_tools.errors import InputError
from corpus_tools.topics.fitting import quality
from corpus_tools.topics.fitting.factorise import normalised
from corpus_tools.topics.fitting.params import TopicsParams
from corpus_tools.topics.fitting.subsamples import SamplingInputs, draw, fit_subsample, to_shares
from corpus_tools.topics.model import TopicModel
from corpus_tools.topics.prevalence import Groups

Floats = npt.NDArray[np.float64]
_DIGITS = 6
_RANGE = ["refit_low", "refit_high"]
# A larger corpus is represented by a sample of this size: more documents take longer and hardly change the refits.
_LARGEST_SAMPLE = 20_000


@dataclass(frozen=True)
class RefitInputs:
    """The inputs that all refits share.

    Attributes
    ----------
    training : documents from which the subsamples are drawn
    counts : sparse array (D, V) of the documents whose shares are compared
    shares : their shares in the model, array (D, K)
    members : their groups, sparse array (groups, D)
    params : the model's parameters
    components : the model's components, array (K, V)
    """

    training: SamplingInputs
    counts: sparse.csr_matrix
    shares: Floats
    members: sparse.csr_matrix
    params: TopicsParams
    components: Floats


def refit_inputs(model: TopicModel, clusters: npt.NDArray[np.int64], members: sparse.csr_matrix) -> RefitInputs:
    """Collect the inputs that all refits share.

    Parameters
    ----------
    model
        A fitted model.
    clusters
        Array (D,), the cluster of near-duplicates of each document.
    members
        Sparse array (groups, D).

    Raises
    ------
    InputError
        If a subsample has fewer documents than the model has topics.
    """
    params = model.params
    rows, training = np.arange(len(clusters)), np.flatnonzero(model.learnt_)
    if len(rows) > _LARGEST_SAMPLE:
        rng = np.random.default_rng(params.seed)
        rows, training = (np.sort(rng.permutation(indices)[:_LARGEST_SAMPLE]) for indices in (rows, training))
    sizes = [int(draw(clusters[training], _seed(params, run)).sum()) for run in range(params.refits)]
    if sizes and min(sizes) < params.number:
        raise InputError(
            "params.yaml, topics.n_topics",
            f"{params.number} topics, but a refit to four fifths of the reports has only {min(sizes)}",
            f"set it to {min(sizes)} or less, or topics.refits to 0",
        )
    return RefitInputs(
        SamplingInputs(model.counts_[training], clusters[training], model.anchors_),
        model.counts_[rows], model.shares_[rows], members[:, rows], params, model.components_,
    )  # fmt: skip


def _seed(params: TopicsParams, run: int) -> int:
    return params.seed + 1 + run


@dataclass(frozen=True)
class Refit:
    """The results of a refit, with its topics in the order of the model's.

    Attributes
    ----------
    stability : array (K,), average Jaccard similarity of each topic's 20 heaviest terms to those of the model's topic
    shift : array (groups, K), mean shares of the same documents minus those of the model
    """

    stability: Floats
    shift: Floats


def refit(inputs: RefitInputs, run: int) -> Refit:
    """Fit the model to a subsample drawn by seed + 1 + `run`, and compare its terms and shares with the model's."""
    _, factors = fit_subsample(inputs.training, inputs.params, _seed(inputs.params, run))
    n = quality.STABILITY_TERMS
    terms = quality.heaviest(normalised(factors.components), n)
    partners, stability = quality.align(quality.heaviest(inputs.components, n), terms)
    shares = to_shares(factors.weigh(inputs.counts), factors.components, inputs.counts)[:, partners]
    change = shares - inputs.shares
    known = inputs.members @ (~np.isnan(change[:, :1])).astype(np.float64)
    with np.errstate(invalid="ignore"):  # a group without known shares has no mean
        return Refit(stability, np.asarray(inputs.members @ np.nan_to_num(change)) / known)


def with_refits(prevalence: pl.DataFrame, groups: Groups, refits: Sequence[Refit]) -> pl.DataFrame:
    """Add the lowest and the highest mean share of all refits: refit_low and refit_high, null without refits.

    Parameters
    ----------
    prevalence
        Mean shares, as `prevalence.by_period` or `prevalence.by_outlet` return them.
    groups
        The groups of the refits.
    refits
        Results of `refit`.
    """
    n_groups, topics = groups.keys.height, len(refits[0].stability) if refits else 0
    shifts = np.stack([refit.shift for refit in refits]) if refits else np.zeros((1, n_groups, topics))
    ends = groups.keys[np.repeat(np.arange(n_groups), topics)].with_columns(
        pl.Series("topic", np.tile(np.arange(topics), n_groups), dtype=pl.Int32),
        pl.Series("refit_low", shifts.min(axis=0).ravel()).fill_nan(None),
        pl.Series("refit_high", shifts.max(axis=0).ravel()).fill_nan(None),
    )
    on = ["unit", "topic", "start" if "start" in prevalence.columns else "outlet"]
    joined = prevalence.join(ends.drop_nulls(on), on=on, how="left", maintain_order="left")
    return joined.with_columns((pl.col(_RANGE) + pl.col("share")).clip(0, 1).round(_DIGITS))


def mean_stability(refits: Sequence[Refit]) -> Floats | None:
    """Return each topic's mean stability over the refits: an array (K,), or None without refits."""
    return np.mean([refit.stability for refit in refits], axis=0) if refits else None


def summarise(refits: Sequence[Refit]) -> dict[str, Any]:
    """Return the number of refits and the stability of the topics in them, for the metrics."""
    by_run = [float(refit.stability.mean()) for refit in refits]
    return {
        "refits": len(refits),
        "stability": round(float(np.mean(by_run)), 4) if refits else None,
        "stability_lowest_run": round(min(by_run), 4) if refits else None,
    }
