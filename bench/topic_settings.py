"""Which settings give topics that are found again: the shipped ones beside others, over ten seeds each.

    python -m bench.topic_settings > docs/topic_settings.md

It needs the tables that `make repro` leaves. Every run is drawn and seeded as those of the grid are.
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
from corpus_tools.topics import grid
from corpus_tools.topics.fitting.factorise import STOP_WORDS
from corpus_tools.topics.fitting.matrix import put_together
from corpus_tools.topics.fitting.term_counts import count_partition
from corpus_tools.topics.params import GridParams

RUNS = 10
# What differs from params.yaml. LDA with so few iterations takes as long as all NMF runs together.
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
        counts = put_together(counted, topics, documents["doc_id"])
        corpus = grid.prepare(counts, documents, GridParams(n_topics=[number], runs=RUNS), topics, {})
        jobs = (delayed(grid.fit_and_score)(corpus, topics, number, run) for run in range(RUNS))
        found = grid.pick(Parallel(n_jobs=2)(jobs)).row(0, named=True)
        rows.append((name, counts.matrix.shape[1], found))
        sys.stderr.write(f"{name}: {found['stability']:.3f}\n")
    sys.stdout.write(report(rows, number, documents))


TEXT = """\
# Settings of the topics

Which settings give topics that are found again? {runs} fits each of {number} topics to {documents:,} reports, every one
from another seed and to another four fifths of them; means with two standard errors. Stability: how alike the topics of
any two fits are (average Jaccard of their 20 heaviest terms, aligned; Greene et al. 2014). NPMI, exclusivity (FREX) and
held-out fit (bi-cross-validation) are those of the stage `grid`; of different vocabularies they are other yardsticks,
stability is not. Made by `python -m bench.topic_settings > docs/topic_settings.md`.

| settings | terms | stability | coherence (NPMI) | exclusivity | held-out fit |
|---|---|---|---|---|---|
{lines}

Less stable than the shipped settings beyond chance (5 %, corrected for {n} comparisons): {worse}. More: {better}.
Where stability tells nothing apart, the vocabulary is bounded as is usual for news.
"""


def report(rows: list[tuple[str, int, dict[str, Any]]], number: int, documents: pl.DataFrame) -> str:
    """Write the table in Markdown."""
    told = ("stability", "npmi", "exclusivity", "held_out")
    lines = [
        f"| {name} | {terms:,} | " + " | ".join(f"{of[m]:.3f} ± {2 * of[f'{m}_se']:.3f}" for m in told) + " |"
        for name, terms, of in rows
    ]
    shipped = rows[0][2]
    # One of many comparisons is the largest by chance (Bonferroni).
    sure = NormalDist().inv_cdf(1 - 0.025 / (len(rows) - 1))
    apart = {
        name: (of["stability"] - shipped["stability"]) / (sure * hypot(of["stability_se"], shipped["stability_se"]))
        for name, _, of in rows[1:]
    }
    return TEXT.format(
        runs=RUNS, number=number, documents=documents.height, n=len(rows) - 1, lines="\n".join(lines),
        worse=", ".join(name for name, gap in apart.items() if gap < -1) or "none",
        better=", ".join(name for name, gap in apart.items() if gap > 1) or "none",
    )  # fmt: skip


if __name__ == "__main__":
    main()
