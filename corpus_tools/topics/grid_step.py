"""Choose the number of topics."""

from __future__ import annotations

from joblib import delayed

from corpus_tools.runtime.records import read_word_lists
from corpus_tools.runtime.step import Context, Result
from corpus_tools.topics.corpus_counts import read_counts, run_fits
from corpus_tools.topics.grid import fit_and_score, numbers, pick, prepare, summarise
from corpus_tools.topics.params import GridParams, TopicsParams


def run(context: Context) -> Result:
    """Write `topic_grid`: fits of several numbers of topics, and which number the rule picks."""
    grid, topics, store = context.section(GridParams), context.section(TopicsParams), context.store
    counts, documents = read_counts(store, topics)
    anchors = context.project.anchors
    corpus = prepare(counts, documents, grid, topics, read_word_lists(anchors), str(anchors))
    wanted = numbers(grid, corpus, topics.seed)
    # The fits that take longest first, so that no core waits for them at the end.
    jobs = [delayed(fit_and_score)(corpus, topics, n, run) for n in wanted[::-1] for run in range(grid.runs)]
    table = pick(run_fits(jobs, corpus.counts.nnz, "grid"))
    new = store.staging("topic_grid")
    new.write("topic_grid", 0, table)
    metrics = summarise(table, corpus.counts.shape[0])
    store.commit(new, "topic_grid")
    return Result(f"{metrics['picked']} topics, of {', '.join(map(str, metrics['looked_at']))}", metrics)
