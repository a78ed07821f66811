"""The number of topics: fits with several numbers to several subsamples, and a rule that picks one of the numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from corpus_tools.errors import InputError
from corpus_tools.topics.fitting import quality
from corpus_tools.topics.fitting.anchors import anchor_rows
from corpus_tools.topics.fitting.factorise import normalised
from corpus_tools.topics.fitting.matrix import Counts, select_training
from corpus_tools.topics.fitting.params import GridParams, TopicsParams
from corpus_tools.topics.fitting.subsamples import SamplingInputs, draw, fit_subsample

# Exclusivity and held-out fit increase with almost every additional topic, so they cannot pick a number and are only
# reported. A number that does not differ detectably from the best is as good, and fewer topics are easier to read
# (after the one-standard-error rule of Breiman et al. 1984; here two standard errors of the difference).
RULE = (
    "We choose the smallest number whose coherence, and then stability, does not differ detectably (by two standard "
    "errors of the difference) from the best."
)
_ERRORS = 2
_DIGITS = 6
_MEASURES = ["npmi", "exclusivity", "stability", "held_out"]
Row = dict[str, Any]
Floats = npt.NDArray[np.float64]


def feasible_numbers(grid: GridParams, inputs: SamplingInputs, seed: int = 0) -> list[int]:
    """List the numbers of topics that the documents, terms and anchors allow.

    Raises
    ------
    InputError
        If there are none, or a subsample leaves no document out.

    Examples
    --------
    >>> from scipy.sparse import csr_matrix
    >>> inputs = SamplingInputs(csr_matrix((40, 500)), np.arange(40), np.zeros((0, 500)))
    >>> feasible_numbers(GridParams(n_topics=[2, 80]), inputs)
    [2]
    """
    n_documents, n_terms = inputs.counts.shape
    sizes = [int(draw(inputs.clusters, seed + run).sum()) for run in range(grid.runs)]
    if max(sizes) == n_documents:
        raise InputError(
            "the documents", "a run of the grid leaves none out: they are too few, or copies of each other",
            "add documents, or lower clean.duplicate_days",
        )  # fmt: skip
    least, most = max(len(inputs.anchors), 1), min(*sizes, n_terms)
    numbers = sorted({n for n in grid.n_topics if least <= n <= most})
    if not numbers:
        in_range = f"give one from {least} to {most}, " if least <= most else ""
        raise InputError(
            "params.yaml, grid.n_topics",
            f"none of these numbers is possible with {n_documents} documents and {n_terms} terms",
            f"{in_range}lower topics.min_documents, or add documents",
        )
    return numbers


def sampling_inputs(  # noqa: PLR0913, PLR0917 - counts and documents, three choices, and a name for messages
    counts: Counts,
    documents: pl.DataFrame,
    grid: GridParams,
    topics: TopicsParams,
    anchors: Mapping[str, Sequence[str]],
    source: str = "anchors",
) -> SamplingInputs:
    """Collect the inputs that all runs of the grid share.

    Parameters
    ----------
    counts
        Of all documents.
    documents
        published and cluster_id, in the order of the counts' documents.
    grid
        `documents` limits the number of documents; from a larger corpus, the seed draws a sample.
    topics
        Vocabulary and seed.
    anchors, source
        Anchor words by topic, and their file.
    """
    counts, selected = select_training(counts, documents["published"], topics)
    rows = np.flatnonzero(selected)
    if len(rows) > grid.documents:
        rows = np.sort(np.random.default_rng(topics.seed).permutation(rows)[: grid.documents])
    clusters = documents["cluster_id"].rank("dense").to_numpy()
    matrix = anchor_rows(anchors, counts.vocabulary, max(grid.n_topics), source)
    return SamplingInputs(counts.matrix[rows], clusters[rows], matrix)


def fit_and_score(inputs: SamplingInputs, params: TopicsParams, n_topics: int, run: int) -> Row:
    """Fit one number of topics to one subsample.

    Returns
    -------
    n_topics, run, npmi, exclusivity, held_out, and terms: an array (K, n) of each topic's heaviest terms.
    """
    params = params.model_copy(update={"n_topics": n_topics})
    drawn, factors = fit_subsample(inputs, params, params.seed + run)
    components = normalised(factors.components)
    training, left_out = inputs.counts[drawn], inputs.counts[~drawn]
    return {
        "n_topics": n_topics,
        "run": run,
        "npmi": float(quality.coherence(training, components).mean()),
        "exclusivity": float(quality.exclusivity(components).mean()),
        "held_out": quality.held_out(training, left_out, factors.components, params, params.seed + run),
        "terms": quality.heaviest(components, quality.STABILITY_TERMS),
    }


def pick(fits: Iterable[Row]) -> pl.DataFrame:
    """Average the runs of each number, and pick a number by RULE.

    Parameters
    ----------
    fits
        Results of `fit_and_score` in any order, with the same runs (three or more) for each number.

    Returns
    -------
    The table `topic_grid` (see `topics.tables` for its columns).
    """
    by_number: dict[int, list[Row]] = {}
    for row in sorted(fits, key=lambda row: (row["n_topics"], row["run"])):
        by_number.setdefault(row["n_topics"], []).append(row)
    measures = {n: _measures(rows) for n, rows in by_number.items()}
    coherent = near_best({n: values["npmi"] for n, values in measures.items()})
    stable = near_best({n: measures[n]["stability"] for n in coherent})
    table = pl.DataFrame(
        {"n_topics": n, "runs": len(by_number[n]), **_means_and_errors(values)}
        | {"coherent": n in coherent, "stable": n in stable, "picked": n == min(stable)}
        for n, values in measures.items()
    )
    return table.with_columns(pl.col(pl.Float64).fill_nan(None))


def _measures(rows: list[Row]) -> dict[str, Floats]:
    """Return each measure by run; for stability, jackknife pseudo-values, whose mean is the mean over all pairs."""
    values = {name: np.array([row[name] for row in rows]) for name in _MEASURES if name != "stability"}
    n = len(rows)
    similarity = np.zeros((n, n))
    for i in range(n):
        for j in range(i):
            similarity[i, j] = similarity[j, i] = quality.align(rows[i]["terms"], rows[j]["terms"])[1].mean()
    # Pairs that share a run are not independent, hence the jackknife over runs (Tukey 1958; Arvesen 1969).
    total, by_run = similarity.sum() / 2, similarity.sum(axis=1)
    mean = total / (n * (n - 1) / 2)
    without_run = (total - by_run) / ((n - 1) * (n - 2) / 2)
    return {**values, "stability": n * mean - (n - 1) * without_run}


def _means_and_errors(values: dict[str, Floats]) -> Row:
    row: Row = {}
    for name in _MEASURES:
        row[name] = round(float(values[name].mean()), _DIGITS)
        row[f"{name}_se"] = round(_standard_error(values[name]), _DIGITS)
    return row


def _standard_error(values: Floats) -> float:
    return float(values.std(ddof=1) / np.sqrt(len(values)))


def near_best(values: Mapping[int, Floats]) -> list[int]:
    """List the numbers that do not differ detectably from the best.

    All numbers are fitted to the same subsamples, so they are compared run by run.

    Parameters
    ----------
    values
        Array (runs,) of a measure for each number of topics.

    Examples
    --------
    >>> near_best({10: np.array([0.1, 0.2, 0.3]), 20: np.array([0.4, 0.5, 0.6]), 30: np.array([0.4, 0.6, 0.7])})
    [20, 30]
    """
    best = max(values, key=lambda n: (float(values[n].mean()), -n))
    gaps = {n: values[best] - by_run for n, by_run in values.items()}
    return [n for n, gap in gaps.items() if gap.mean() <= _ERRORS * _standard_error(gap)]


def summarise(table: pl.DataFrame, n_documents: int) -> dict[str, Any]:
    """Return the picked number, the rule and the measures, for the metrics."""
    best = table.filter("picked").row(0, named=True)
    return {
        "picked": best["n_topics"],
        "rule": RULE,
        "looked_at": table["n_topics"].to_list(),
        "runs": best["runs"],
        "documents": n_documents,
        **{name: None if best[name] is None else round(best[name], 4) for name in _MEASURES},
    }
