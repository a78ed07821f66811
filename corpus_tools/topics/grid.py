"""How many topics? Fits for several numbers, on parts of the corpus and from several seeds, and a rule that picks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from corpus_tools.errors import InputError
from corpus_tools.topics.fitting import anchors, quality, subsamples
from corpus_tools.topics.fitting.factorise import normalised
from corpus_tools.topics.fitting.matrix import Counts, learnt
from corpus_tools.topics.params import GridParams, TopicsParams

# Exclusivity and held-out fit grow with almost every topic more, so they cannot say where to stop; they are there to be
# seen. A number that cannot be told from the best is as good, and the smaller one is read sooner (Breiman et al. 1984).
RULE = (
    "of the numbers whose coherence cannot be told from the best one's (two standard errors of the difference), "
    "and of these whose stability cannot be told from the best of them, the smallest"
)
_ERRORS = 2
_DIGITS = 6
_MEASURES = ["npmi", "exclusivity", "stability", "held_out"]
Row = dict[str, Any]
Floats = npt.NDArray[np.float64]


def numbers(grid: GridParams, corpus: subsamples.Sampled, seed: int = 0) -> list[int]:
    """List the numbers of topics that the documents, terms and anchors allow.

    Raises
    ------
    InputError
        If there is none.

    Examples
    --------
    >>> from scipy.sparse import csr_matrix
    >>> sampled = subsamples.Sampled(csr_matrix((40, 500)), np.arange(40), np.zeros((0, 500)))
    >>> numbers(GridParams(n_topics=[2, 80]), sampled)
    [2]
    """
    n_documents, n_terms = corpus.counts.shape
    drawn = [int(subsamples.draw(corpus.clusters, seed + run).sum()) for run in range(grid.runs)]
    if max(drawn) == n_documents:
        raise InputError(
            "the documents", "no run of the grid leaves one out: they are too few, or copies of each other",
            "add documents, or lower clean.duplicate_days",
        )  # fmt: skip
    least, most = max(len(corpus.anchors), 1), min(*drawn, n_terms)
    found = sorted({n for n in grid.n_topics if least <= n <= most})
    if not found:
        raise InputError(
            "params.yaml, grid.n_topics",
            f"no number of topics that {n_documents} documents with {n_terms} terms allow",
            f"give one from {least} to {most}, lower topics.min_documents, or add documents",
        )
    return found


def prepare(  # noqa: PLR0913, PLR0917 - the counts, what is known of the documents, and three choices
    counts: Counts,
    documents: pl.DataFrame,
    grid: GridParams,
    topics: TopicsParams,
    words: Mapping[str, Sequence[str]],
    where: str = "anchors",
) -> subsamples.Sampled:
    """Put together what every run is given.

    Parameters
    ----------
    counts
        Of all documents.
    documents
        published, cluster_id; in the order of the counts' documents.
    grid
        How many documents the grid looks at, at most (more are drawn by the seed).
    topics
        Vocabulary and seed.
    words, where
        Anchors by topic, and the file they came from.
    """
    counts, may = learnt(counts, documents["published"], topics)
    rows = np.flatnonzero(may)
    if len(rows) > grid.documents:
        rows = np.sort(np.random.default_rng(topics.seed).permutation(rows)[: grid.documents])
    clusters = documents["cluster_id"].rank("dense").to_numpy()
    anchored = anchors.rows(words, counts.vocabulary, max(grid.n_topics), where)
    return subsamples.Sampled(counts.matrix[rows], clusters[rows], anchored)


def fit_and_score(corpus: subsamples.Sampled, params: TopicsParams, n_topics: int, run: int) -> Row:
    """Fit one number of topics to one part of the corpus.

    Returns
    -------
    n_topics, run, npmi, exclusivity, held_out, and terms: the topics' heaviest ones, an array (K, n).
    """
    params = params.model_copy(update={"n_topics": n_topics})
    drawn, fit = subsamples.run(corpus, params, params.seed + run)
    components = normalised(fit.components)
    inside, outside = corpus.counts[drawn], corpus.counts[~drawn]
    return {
        "n_topics": n_topics,
        "run": run,
        "npmi": float(quality.coherence(inside, components).mean()),
        "exclusivity": float(quality.exclusivity(components).mean()),
        "held_out": quality.held_out(inside, outside, fit.components, params, params.seed + run),
        "terms": quality.heaviest(components, quality.STABILITY_TERMS),
    }


def pick(fits: Iterable[Row]) -> pl.DataFrame:
    """Put the runs together, and pick by RULE.

    Parameters
    ----------
    fits
        What `fit_and_score` returned, in any order; the same three runs or more of each number.

    Returns
    -------
    n_topics, runs; npmi, exclusivity, stability, held_out: means over the runs; each with its standard error, `_se`;
    coherent, stable: whether the number passes that part of RULE; picked. Stability is how alike the topics of any two
    runs are (average Jaccard of their 20 heaviest terms, aligned).
    """
    by_number: dict[int, list[Row]] = {}
    for found in sorted(fits, key=lambda row: (row["n_topics"], row["run"])):
        by_number.setdefault(found["n_topics"], []).append(found)
    values = {n: _values(of) for n, of in by_number.items()}
    coherent = near_best({n: of["npmi"] for n, of in values.items()})
    stable = near_best({n: values[n]["stability"] for n in coherent})
    table = pl.DataFrame(
        {"n_topics": n, "runs": len(by_number[n]), **_described(of)}
        | {"coherent": n in coherent, "stable": n in stable, "picked": n == min(stable)}
        for n, of in values.items()
    )
    return table.with_columns(pl.col(pl.Float64).fill_nan(None))


def _values(of: list[Row]) -> dict[str, Floats]:
    """Give each run's measures; of stability its pseudo-values, whose mean is that of all pairs."""
    found = {name: np.array([row[name] for row in of]) for name in _MEASURES if name != "stability"}
    n = len(of)
    alike = np.zeros((n, n))
    for i in range(n):
        for j in range(i):
            alike[i, j] = alike[j, i] = quality.align(of[i]["terms"], of[j]["terms"])[1].mean()
    # Every run is in many pairs, so pairs are not independent: a jackknife over the runs (Tukey 1958; Arvesen 1969).
    pairs, of_run = alike.sum() / 2, alike.sum(axis=1)
    mean = pairs / (n * (n - 1) / 2)
    without = (pairs - of_run) / ((n - 1) * (n - 2) / 2)
    return {**found, "stability": n * mean - (n - 1) * without}


def _described(of: dict[str, Floats]) -> Row:
    found: Row = {}
    for name in _MEASURES:
        found[name] = round(float(of[name].mean()), _DIGITS)
        found[f"{name}_se"] = round(_standard_error(of[name]), _DIGITS)
    return found


def _standard_error(values: Floats) -> float:
    return float(values.std(ddof=1) / np.sqrt(len(values)))


def near_best(values: Mapping[int, Floats]) -> list[int]:
    """List the numbers that cannot be told from the best one.

    Runs of one number have each its own part of the documents, which runs of the others have too, so what is looked at
    are their differences, run by run.

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
    below = {n: values[best] - of for n, of in values.items()}
    return [n for n, gap in below.items() if gap.mean() <= _ERRORS * _standard_error(gap)]


def summarise(table: pl.DataFrame, n_documents: int) -> dict[str, Any]:
    """Give what was picked, and why, for the metrics."""
    best = table.filter("picked").row(0, named=True)
    return {
        "picked": best["n_topics"],
        "rule": RULE,
        "looked_at": table["n_topics"].to_list(),
        "runs": best["runs"],
        "documents": n_documents,
        **{name: None if best[name] is None else round(best[name], 4) for name in _MEASURES},
    }
