"""Read `documents` and `tokens`; write `topic_grid`."""

from __future__ import annotations

from joblib import delayed

from corpus_tools.runtime.records import read_word_lists
from corpus_tools.runtime.step import Context, StepResult
from corpus_tools.topics.choice.grid import feasible_numbers, fit_and_score, pick, sampling_inputs, summarise
from corpus_tools.topics.fitting.corpus_counts import read_counts, run_fits
from corpus_tools.topics.fitting.params import GridParams, TopicsParams


def run(context: Context) -> StepResult:
    """Fit each number of topics to subsamples, and choose one of the numbers by the rule."""
    grid, topics, store = context.section(GridParams), context.section(TopicsParams), context.store
    counts, documents = read_counts(store, topics)
    anchors = context.project.anchors
    inputs = sampling_inputs(counts, documents, grid, topics, read_word_lists(anchors), str(anchors))
    numbers = feasible_numbers(grid, inputs, topics.seed)
    # The slowest fits start first, so that no core idles at the end.
    jobs = [delayed(fit_and_score)(inputs, topics, n, run) for n in numbers[::-1] for run in range(grid.runs)]
    table = pick(run_fits(jobs, inputs.counts.nnz, "grid"))
    new = store.staging("topic_grid")
    new.write("topic_grid", 0, table)
    metrics = summarise(table, inputs.counts.shape[0])
    store.commit(new, "topic_grid")
    return StepResult(f"{metrics['picked']} topics, of {', '.join(map(str, numbers))}", metrics)
