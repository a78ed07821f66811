"""Compare the stability of topics under the shipped settings and under others, over ten seeds each.

    python -m bench.topic_settings > docs/topic_settings.md

It needs the tables that `make repro` makes. Samples and seeds of the runs are those of the grid.
"""

from __future__ import annotations

import sys
from math import hypot
from pathlib import Path
from statistics import NormalDist
from typing import Any

import polars as pl
from joblib import Parallel, delayed

from corpus_tools.params import Params
from corpus_tools.pipeline import open_store
from corpus_tools.runtime.records import read_yaml
from corpus_tools.topics.choice import grid
from corpus_tools.topics.fitting.factorise import STOP_WORDS
from corpus_tools.topics.fitting.matrix import combine_counts
from corpus_tools.topics.fitting.params import GridParams
from corpus_tools.topics.fitting.term_counts import count_partition

RUNS = 10
# Differences from params.yaml. LDA with only 20 iterations takes as long as all NMF runs together.
SETTINGS: dict[str, dict[str, Any]] = {
    "as shipped": {},
    "terms in 5 reports or more": {"min_documents": 5},
    "terms in 20 reports or more": {"min_documents": 20},
    "terms in at most a fifth of the reports": {"max_share": 0.2},
    "terms in at most a tenth of the reports": {"max_share": 0.1},
    "LDA, 20 iterations": {"model": "lda", "max_iterations": 20},
}


def main() -> None:
    """Print a table of coherence, stability, exclusivity and held-out fit by setting."""
    store = open_store(Path("data"))
    columns = ["doc_id", "published", "cluster_id"]
    documents = store.read("documents", columns=columns).sort("doc_id")
    counted = count_partition(STOP_WORDS, store.read("tokens", columns=["doc_id", "start", "end", "token", "lemma"]))
    number = int(store.read("topic_grid").filter("picked")["n_topics"].item())
    shipped = read_yaml(Path("params.yaml"), Params)
    rows = []
    for name, changes in SETTINGS.items():
        topics = shipped.topics.model_copy(update={"n_topics": number, **changes})
        counts = combine_counts(counted, topics, documents["doc_id"])
        corpus = grid.sampling_inputs(counts, documents, GridParams(n_topics=[number], runs=RUNS), topics, {})
        jobs = (delayed(grid.fit_and_score)(corpus, topics, number, run) for run in range(RUNS))
        means = grid.pick(Parallel(n_jobs=2)(jobs)).row(0, named=True)
        rows.append((name, counts.matrix.shape[1], means))
        sys.stderr.write(f"{name}: {means['stability']:.3f}\n")
    sys.stdout.write(report(rows, number, documents))


TEXT = """\
# Stability of topics by settings

Which settings give topics that a refit finds again? Each row shows {runs} fits of {number} topics to {documents:,}
reports, each with its own seed and a different random four fifths of the reports: means with two standard errors.
Stability is the similarity of the topics of any two fits (average Jaccard of their 20 heaviest terms, aligned; Greene
et al. 2014). NPMI, exclusivity (FREX) and held-out fit (bi-cross-validation) are those of the step `grid`. Unlike
stability, they do not compare across vocabularies. Made by `python -m bench.topic_settings > docs/topic_settings.md`.

| settings | terms | stability | coherence (NPMI) | exclusivity | held-out fit |
|---|---|---|---|---|---|
{lines}

Less stable than the shipped settings beyond chance (5%, corrected for {n} comparisons): {worse}. More stable:
{better}. Where stability does not distinguish settings, the bounds of the vocabulary are those usual for news.
"""


def report(rows: list[tuple[str, int, dict[str, Any]]], number: int, documents: pl.DataFrame) -> str:
    """Return the page in Markdown."""
    columns = ("stability", "npmi", "exclusivity", "held_out")
    lines = [
        f"| {name} | {terms:,} | " + " | ".join(f"{means[m]:.3f} ± {2 * means[f'{m}_se']:.3f}" for m in columns) + " |"
        for name, terms, means in rows
    ]
    shipped = rows[0][2]
    # Bonferroni: of several comparisons, the largest difference is large by chance.
    z = NormalDist().inv_cdf(1 - 0.025 / (len(rows) - 1))
    gaps = {
        name: (means["stability"] - shipped["stability"]) / (z * hypot(means["stability_se"], shipped["stability_se"]))
        for name, _, means in rows[1:]
    }
    return TEXT.format(
        runs=RUNS, number=number, documents=documents.height, n=len(rows) - 1, lines="\n".join(lines),
        worse=", ".join(name for name, gap in gaps.items() if gap < -1) or "none",
        better=", ".join(name for name, gap in gaps.items() if gap > 1) or "none",
    )  # fmt: skip


if __name__ == "__main__":
    main()
