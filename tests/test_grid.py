"""How many topics: planted numbers are picked, and the rule does what it says."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from corpus_tools.terms import measures, runs
from scipy import sparse

from corpus_tools import grid
from corpus_tools.errors import InputError
from corpus_tools.params import Params
from corpus_tools.runtime.records import check
from corpus_tools.topics.fitting.matrix import Counts
from corpus_tools.topics.params import GridParams, TopicsParams


def planted(k: int, seed: int) -> runs.Corpus:
    """As many planted topics, of twelve terms each."""
    rng = np.random.default_rng(seed)
    of = rng.integers(k, size=60 * k)
    weights = np.full((len(of), 12 * k), 0.03)
    for topic in range(k):
        weights[of == topic, topic * 12 : topic * 12 + 12] = 0.8
    counts = sparse.csr_matrix(rng.poisson(weights))
    return runs.Corpus(counts, np.arange(len(of)), np.zeros((0, 12 * k)))


@pytest.mark.parametrize(("k", "seed"), [(4, 0), (6, 1), (8, 2)])
def test_the_planted_number_is_picked(k: int, seed: int) -> None:
    corpus = planted(k, seed)
    rows = [grid.look(corpus, TopicsParams(), n, run) for n in (2, 4, 6, 8, 12, 16) for run in range(4)]
    table = grid.choose(rows)
    assert table.filter("picked")["n_topics"].to_list() == [k]
    best = table.filter("picked").row(0, named=True)
    assert best["stability"] > 0.7  # eight of the 20 terms are noise
    assert grid.summarise(table, 10)["picked"] == k
    # In whatever order the runs come back.
    assert grid.choose(rows[::-1]).equals(table)


def test_the_rule_looks_at_coherence_first_at_stability_next_and_takes_the_smallest() -> None:
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
    table = grid.choose(rows)
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
    found = grid.choose(rows).row(0, named=True)

    def mean(of: list[int]) -> float:
        return float(np.mean([measures.align(terms[i], terms[j])[1].mean() for i in of for j in of if i > j]))

    without = np.array([mean([i for i in range(5) if i != left]) for left in range(5)])
    assert found["stability"] == pytest.approx(mean(list(range(5))), abs=1e-6)
    assert found["stability_se"] == pytest.approx(np.sqrt(4 / 5 * ((without - without.mean()) ** 2).sum()), abs=1e-6)


def test_documents_of_which_no_run_leaves_one_out_are_refused() -> None:
    corpus = runs.Corpus(planted(4, 0).counts, np.zeros(240, int), np.zeros((0, 48)))
    with pytest.raises(InputError, match="copies of each other"):
        grid.numbers(GridParams(), corpus)
    # One large cluster: in some runs there is little else.
    clusters = np.where(np.arange(240) < 200, 0, np.arange(240))
    least = min(int(runs.draw(clusters, run).sum()) for run in range(8))
    assert least < 60
    assert grid.numbers(GridParams(n_topics=[10, 60]), runs.Corpus(corpus.counts, clusters, corpus.anchors)) == [10]


def test_no_number_that_fits_is_said_with_the_parameter() -> None:
    corpus = planted(4, 0)
    assert grid.numbers(GridParams(n_topics=[40, 4, 400]), corpus) == [4, 40]
    with pytest.raises(InputError, match="no number of topics") as error:
        grid.numbers(GridParams(n_topics=[400]), corpus)
    assert error.value.where == "params.yaml, grid.n_topics"


def test_a_large_corpus_is_sampled_and_copies_stay_together() -> None:
    n = 50
    counts = Counts(sparse.csr_matrix(np.ones((n, 3), int)), pl.Series(map(str, range(n))), pl.Series(["a", "b", "c"]))
    documents = pl.DataFrame({"published": [None] * n, "cluster_id": [str(i // 2) for i in range(n)]})
    params = Params(grid=GridParams(documents=20), topics=TopicsParams(seed=3))
    corpus = grid.prepare(counts, documents, params, {"x": ["b"]}, "anchors.yaml")
    again = grid.prepare(counts, documents, params, {"x": ["b"]}, "anchors.yaml")
    assert corpus.counts.shape == (20, 3)
    assert corpus.clusters.tolist() == again.clusters.tolist()
    assert corpus.anchors.tolist() == [[0.0, 1.0, 0.0]]


@pytest.mark.parametrize("value", [{"n_topics": []}, {"n_topics": [0]}, {"runs": 2}, {"documents": 0}])
def test_wrong_values_are_named(value: dict) -> None:
    with pytest.raises(InputError) as error:
        check({"grid": value}, Params, "params.yaml")
    assert error.value.where.startswith(f"params.yaml, grid.{next(iter(value))}")


def test_a_model_by_hand_wants_a_number() -> None:
    with pytest.raises(InputError, match="`grid` stands for no number"):
        _ = TopicsParams(n_topics="grid").number
