"""What the steps `grid` and `topics` share: the corpus' term counts, and fits in parallel."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import polars as pl
from joblib import Parallel
from tqdm import tqdm

from corpus_tools.runtime.engine import map_partitions, workers
from corpus_tools.runtime.store import Store
from corpus_tools.topics.fitting.factorise import STOP_WORDS
from corpus_tools.topics.fitting.matrix import Counts, combine_counts
from corpus_tools.topics.fitting.params import TopicsParams
from corpus_tools.topics.fitting.term_counts import count_partition

# Starting a process takes as long as a fit to this many counts of terms, which is about a hundred reports.
_WORTH_A_PROCESS = 20_000
_COLUMNS = ["doc_id", "published", "outlet", "title", "url", "cluster_id", "is_first_report"]


def read_counts(store: Store, params: TopicsParams) -> tuple[Counts, pl.DataFrame]:
    """Count terms by document, and read the documents' metadata in the same order.

    Returns
    -------
    The counts, and doc_id, published, outlet, title, url, cluster_id, is_first_report.
    """
    documents = store.read("documents", columns=_COLUMNS).sort("doc_id")
    stop_words = [*STOP_WORDS, *params.leave_out]
    count = partial(count_partition, stop_words)
    # The counts become no table. With none declared, both steps have the same finished partitions.
    frames = map_partitions(count, store, ["tokens"], Store(store.root, {}), settings=json.dumps(stop_words))
    return combine_counts(frames, params, documents["doc_id"]), documents


def run_fits(jobs: list[Any], size: int, name: str) -> list[Any]:
    """Run fits in parallel, or in this process if they are too small to be worth others.

    Parameters
    ----------
    jobs
        Calls made by `joblib.delayed`.
    size
        Number of non-zero counts in one fit.
    name
        Label of the progress bar.
    """
    processes = workers() if size > _WORTH_A_PROCESS else 1
    results = Parallel(n_jobs=processes, backend="loky", return_as="generator")(jobs)
    return list(tqdm(results, total=len(jobs), desc=name, unit="fit", leave=False))
