"""The number of topics: planted numbers are picked, and the rule does what it says."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from scipy import sparse
from topic_models import planted_counts

from corpus_tools.errors import InputError
from corpus_tools.topics.choice import grid
from corpus_tools.topics.fitting.matrix import Counts
from corpus_tools.topics.fitting.params import GridParams, TopicsParams
from corpus_tools.topics.fitting.quality import align
from corpus_tools.topics.fitting.subsamples import SamplingInputs, draw


def planted(k: int, seed: int) -> SamplingInputs:
    """K planted topics of twelve terms each, in 60 documents per topic."""
    rng = np.random.default_rng(seed)
    counts = planted_counts(rng, rng.integers(k, size=60 * k), 12, 0.8, 0.03)
    return SamplingInputs(counts, np.arange(60 * k), np.zeros((0, 12 * k)))


@pytest.mark.parametrize(("k", "seed"), [pytest.param(k, seed, id=f"{k} topics") for seed, k in enumerate((4, 6, 8))])
def test_the_planted_number_is_picked(k: int, seed: int) -> None:
    inputs = planted(k, seed)
    rows = [grid.fit_and_score(inputs, TopicsParams(), n, run) for n in (2, 4, 6, 8, 12, 16) for run in range(4)]
    table = grid.pick(rows)
    assert table.filter("picked")["n_topics"].to_list() == [k]
    best = table.filter("picked").row(0, named=True)
    assert best["stability"] > 0.7  # eight of the 20 terms are noise
    assert grid.summarise(table, 10)["picked"] == k
    # The order in which the runs finish does not matter.
    assert grid.pick(rows[::-1]).equals(table)


def test_the_rule_compares_coherence_first_stability_next_and_takes_the_smallest() -> None:
    def row(n: int, run: int, npmi: float, terms: list[list[int]]) -> dict:
        return {"n_topics": n, "run": run, "npmi": npmi, "exclusivity": 1.0, "held_out": 0.5, "terms": np.array(terms)}

    same = [[1, 2], [3, 4]]
    rows = []
    for run, noise in enumerate((0.0, 0.01, -0.01)):
        changing = [[10 + run, 20 + run], [30 + run, 40 + run]]
        rows += [
            row(5, run, 0.2 + noise, same),  # stable, but not coherent
            row(10, run, 0.39 + noise * 2, changing),  # coherent, but not stable
            row(20, run, 0.4 + noise * 3, same),
            row(40, run, 0.4 - noise, same),  # as good, but larger
        ]
    table = grid.pick(rows)
    assert table["coherent"].to_list() == [False, True, True, True]
    assert table["stable"].to_list() == [False, False, True, True]
    assert table["picked"].to_list() == [False, False, True, False]
    assert table["stability"].to_list() == [1.0, 0.0, 1.0, 1.0]


def test_stability_is_the_mean_of_all_pairs_and_its_error_a_jackknife_over_the_runs() -> None:
    rng = np.random.default_rng(4)
    terms = [np.array([rng.permutation(12)[:4] for _ in range(3)]) for _ in range(5)]
    rows = [
        {"n_topics": 3, "run": i, "npmi": 0.1, "exclusivity": 1.0, "held_out": 0.1, "terms": t}
        for i, t in enumerate(terms)
    ]
    row = grid.pick(rows).row(0, named=True)

    def mean(runs: list[int]) -> float:
        return float(np.mean([align(terms[i], terms[j])[1].mean() for i in runs for j in runs if i > j]))

    without = np.array([mean([i for i in range(5) if i != left_out]) for left_out in range(5)])
    assert row["stability"] == pytest.approx(mean(list(range(5))), abs=1e-6)
    assert row["stability_se"] == pytest.approx(np.sqrt(4 / 5 * ((without - without.mean()) ** 2).sum()), abs=1e-6)


def test_a_corpus_of_copies_is_refused() -> None:
    inputs = SamplingInputs(planted(4, 0).counts, np.zeros(240, int), np.zeros((0, 48)))
    with pytest.raises(InputError, match="copies of each other"):
        grid.feasible_numbers(GridParams(), inputs)


def test_a_large_cluster_limits_the_numbers_by_the_subsamples_without_it() -> None:
    inputs = planted(4, 0)
    clusters = np.where(np.arange(240) < 200, 0, np.arange(240))
    least = min(int(draw(clusters, run).sum()) for run in range(8))
    assert least < 60
    one_large = SamplingInputs(inputs.counts, clusters, inputs.anchors)
    assert grid.feasible_numbers(GridParams(n_topics=[10, 60]), one_large) == [10]


def test_if_no_number_is_possible_the_parameter_is_named() -> None:
    inputs = planted(4, 0)
    assert grid.feasible_numbers(GridParams(n_topics=[40, 4, 400]), inputs) == [4, 40]
    with pytest.raises(InputError, match="none of these numbers is possible") as error:
        grid.feasible_numbers(GridParams(n_topics=[400]), inputs)
    assert error.value.where == "params.yaml, grid.n_topics"
    assert error.value.remedy.startswith("give one from 1 to 48, ")


def test_if_too_few_documents_leave_no_term_no_number_is_proposed() -> None:
    inputs = planted(4, 0)
    few = SamplingInputs(inputs.counts[:7, :0], np.arange(7), np.zeros((0, 0)))
    with pytest.raises(InputError, match="none of these numbers is possible with 7 documents and 0 terms") as error:
        grid.feasible_numbers(GridParams(), few)
    assert error.value.remedy == "lower topics.min_documents, or add documents"


def test_a_large_corpus_is_sampled_by_the_seed() -> None:
    n = 50
    counts = Counts(sparse.csr_matrix(np.ones((n, 3), int)), pl.Series(map(str, range(n))), pl.Series(["a", "b", "c"]))
    documents = pl.DataFrame({"published": [None] * n, "cluster_id": [str(i // 2) for i in range(n)]})
    first, again = (
        grid.sampling_inputs(counts, documents, GridParams(documents=20), TopicsParams(seed=3), {"x": ["b"]})
        for _ in range(2)
    )
    assert first.counts.shape == (20, 3)
    assert first.clusters.tolist() == again.clusters.tolist()
    assert first.anchors.tolist() == [[0.0, 1.0, 0.0]]
