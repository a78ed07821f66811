"""How much of the reports each topic takes: over time, by outlet, with bands of days and of other runs of the model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import sparse

from corpus_tools.errors import InputError
from corpus_tools.stats.calendar_bins import Period, bins, start_of
from corpus_tools.stats.intervals import BootstrapSettings, by_unit, means
from corpus_tools.topics.fitting import quality, subsamples
from corpus_tools.topics.fitting.factorise import normalised
from corpus_tools.topics.params import TopicsParams

if TYPE_CHECKING:
    from corpus_tools.topics.model import TopicModel

Floats = npt.NDArray[np.float64]
_DIGITS = 6
_BANDS = ["low", "high"]
_REFITS = ["refit_low", "refit_high"]
# Runs learn from so many documents of a larger corpus: more make them longer, and hardly more alike.
_MOST = 20_000


def in_order(doc_ids: pl.Series, documents: pl.DataFrame) -> pl.DataFrame:
    """Put documents into the order of their names that the model has."""
    named = documents.with_columns(pl.col("doc_id").cast(pl.String))
    return doc_ids.alias("doc_id").to_frame().join(named, on="doc_id", how="left", maintain_order="left")


def _topics(shares: pl.DataFrame) -> list[str]:
    return [name for name in shares.columns if name.isdecimal()]


def _units(shares: pl.DataFrame) -> pl.DataFrame:
    return by_unit(shares) if "is_first_report" in shares.columns else shares.with_columns(unit=pl.lit("report"))


def by_period(shares: pl.DataFrame, period: Period, draws: BootstrapSettings) -> pl.DataFrame:
    """Average the shares of each bin.

    Parameters
    ----------
    shares
        doc_id, published, is_first_report (if there are units), and a column a topic, named by its number.
    period
        Length of a bin.
    draws
        Of days, for the intervals.

    Returns
    -------
    unit, topic, period, start, stretch, reports, share, low, high.
    """
    dated = _units(shares).with_columns(start_of(period)).drop_nulls("start")
    found = _long(means(dated, ["unit", "start"], _topics(shares), draws))
    every = bins(dated["start"], period)
    keys = found.select("unit", "topic").unique(maintain_order=True)
    return (
        every.join(keys, how="cross")
        .join(found, on=["unit", "topic", "start"], how="left", maintain_order="left")
        .with_columns(pl.col("reports").fill_null(0))
    )


def by_outlet(shares: pl.DataFrame, draws: BootstrapSettings) -> pl.DataFrame:
    """Average the shares of each outlet's reports.

    Returns
    -------
    unit, topic, outlet, reports, share, low, high.
    """
    return _long(means(_units(shares), ["unit", "outlet"], _topics(shares), draws))


def _long(found: pl.DataFrame) -> pl.DataFrame:
    # A share lies between 0 and 1, and so does what it may be.
    return found.rename({"mean": "share"}).select(
        pl.exclude("value", *_BANDS), pl.col("value").cast(pl.Int32).alias("topic"), pl.col(_BANDS).clip(0, 1)
    )


@dataclass(frozen=True)
class Groups:
    """Groups of documents whose mean shares every run is asked for.

    Attributes
    ----------
    keys : a row a group: unit and start or outlet, the other one null
    members : sparse array (groups, D) of ones
    """

    keys: pl.DataFrame
    members: sparse.csr_matrix


def groups(shares: pl.DataFrame, period: Period) -> Groups:
    """List the bins and the outlets that `by_period` and `by_outlet` average."""
    rows = _units(shares.with_row_index("row")).with_columns(start_of(period))
    in_bins = rows.drop_nulls("start").select("unit", "start", "row", outlet=pl.lit(None, pl.String))
    at_outlets = rows.select("unit", "row", "outlet", start=pl.lit(None, pl.Date)).select(in_bins.columns)
    every = pl.concat([in_bins, at_outlets])
    key = ["unit", "start", "outlet"]
    keys = every.select(key).unique().sort(key)
    at = every.join(keys.with_row_index("group"), on=key, nulls_equal=True)
    shape = (keys.height, shares.height)
    return Groups(keys, sparse.csr_matrix((np.ones(at.height), (at["group"], at["row"])), shape=shape))


@dataclass(frozen=True)
class RefitInputs:
    """What every run is told of the whole model.

    Attributes
    ----------
    corpus : documents to learn from
    every : counts of the documents whose shares are asked for, sparse array (D, V)
    shares : their shares, array (D, K)
    members : the groups they are in, sparse array (groups, D)
    params : the model's parameters, with its number of topics
    components : array (K, V)
    """

    corpus: subsamples.Sampled
    every: sparse.csr_matrix
    shares: Floats
    members: sparse.csr_matrix
    params: TopicsParams
    components: Floats


def refit_inputs(model: TopicModel, clusters: npt.NDArray[np.int64], members: sparse.csr_matrix) -> RefitInputs:
    """Put together what every run is told.

    Parameters
    ----------
    model
        The whole model, fitted.
    clusters
        Array (D,), the cluster of near-duplicates of each document.
    members
        Sparse array (groups, D).

    Raises
    ------
    InputError
        If a part of the documents is too small for so many topics.
    """
    rows, learnt = np.arange(len(clusters)), np.flatnonzero(model.learnt_)
    if len(rows) > _MOST:
        rng = np.random.default_rng(model.params.seed)
        rows, learnt = (np.sort(rng.permutation(of)[:_MOST]) for of in (rows, learnt))
    corpus = subsamples.Sampled(model.counts_[learnt], clusters[learnt], model.anchors_)
    first = model.params.seed + 1
    least = min(
        (int(subsamples.draw(corpus.clusters, first + run).sum()) for run in range(model.params.refits)), default=0
    )
    if model.params.refits and least < model.params.number:
        raise InputError(
            "params.yaml, topics.n_topics",
            f"{model.params.number} topics, of which a refit to four fifths of the reports has {least}",
            f"set it to {least} or less, or topics.refits to 0",
        )
    return RefitInputs(
        corpus, model.counts_[rows], model.shares_[rows], members[:, rows], model.params, model.components_
    )


@dataclass(frozen=True)
class Refit:
    """What one run on a part of the documents found, its topics in the order of the whole model's.

    Attributes
    ----------
    stability : array (K,) of how alike each topic's 20 heaviest terms are to the whole model's (average Jaccard)
    shift : array (groups, K) of how much larger the mean shares are than the whole model's, for the same documents
    """

    stability: Floats
    shift: Floats


def refit(inputs: RefitInputs, run: int) -> Refit:
    """Fit the model anew to a part of the documents, drawn by seed + 1 + `run`, and let it read all of them."""
    _, found = subsamples.run(inputs.corpus, inputs.params, inputs.params.seed + 1 + run)
    n = quality.STABILITY_TERMS
    own = normalised(found.components)
    partners, alike = quality.align(quality.heaviest(inputs.components, n), quality.heaviest(own, n))
    shares = subsamples.shares(found.weigh(inputs.every), found.components, inputs.every)[:, partners]
    apart = shares - inputs.shares
    known = inputs.members @ (~np.isnan(apart[:, :1])).astype(np.float64)
    with np.errstate(invalid="ignore"):
        return Refit(alike, np.asarray(inputs.members @ np.nan_to_num(apart)) / known)


def with_bands(prevalence: pl.DataFrame, groups: Groups, refits: Sequence[Refit]) -> pl.DataFrame:
    """Add the lowest and the highest mean share that any run found: refit_low and refit_high, null without runs.

    Parameters
    ----------
    prevalence
        What `by_period` or `by_outlet` gave.
    groups
        As the runs had them.
    refits
        What `refit` gave.
    """
    topics = len(refits[0].stability) if refits else 0
    shifts = np.stack([refit.shift for refit in refits]) if refits else np.zeros((1, groups.keys.height, topics))
    rows = np.repeat(np.arange(groups.keys.height), topics)
    ends = groups.keys[rows].with_columns(
        pl.Series("topic", np.tile(np.arange(topics), groups.keys.height), dtype=pl.Int32),
        pl.Series("refit_low", shifts.min(axis=0).ravel()).fill_nan(None),
        pl.Series("refit_high", shifts.max(axis=0).ravel()).fill_nan(None),
    )
    on = ["unit", "topic", "start" if "start" in prevalence.columns else "outlet"]
    joined = prevalence.join(ends.drop_nulls(on), on=on, how="left", maintain_order="left")
    return joined.with_columns((pl.col(_REFITS) + pl.col("share")).clip(0, 1).round(_DIGITS))


def summarise(chosen: int | str, refits: Sequence[Refit], nowhere: Sequence[str]) -> dict[str, Any]:
    """Tell who chose the number of topics, how stable they are, and which labels fit no topic, for the metrics."""
    by_run = [float(refit.stability.mean()) for refit in refits]
    return {
        "number_picked_by": "grid" if chosen == "grid" else "params.yaml",
        "refits": len(refits),
        "stability": round(float(np.mean(by_run)), 4) if refits else None,
        "stability_lowest_run": round(min(by_run), 4) if refits else None,
        "labels_without_topic": list(nowhere),
    }
