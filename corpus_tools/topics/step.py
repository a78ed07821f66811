"""Fit the topic model."""

from __future__ import annotations

import numpy as np
from joblib import delayed

from corpus_tools.runtime.records import read_word_lists
from corpus_tools.runtime.step import Context, Result
from corpus_tools.topics import prevalence
from corpus_tools.topics.corpus_counts import read_counts, run_fits
from corpus_tools.topics.model import TopicModel
from corpus_tools.topics.overview import labels, overview, typical
from corpus_tools.topics.params import TopicsParams
from corpus_tools.topics.tables import TABLES


def run(context: Context) -> Result:
    """Write the tables of topics: terms, shares, prevalence with its intervals, and an overview."""
    params, store, project = context.section(TopicsParams), context.store, context.project
    counts, documents = read_counts(store, params)
    chosen = params.n_topics
    if chosen == "grid":
        chosen = int(store.read("topic_grid").filter("picked")["n_topics"].item())
    settings = params.model_copy(update={"n_topics": chosen})
    model = TopicModel(settings, read_word_lists(project.anchors), str(project.anchors)).fit(counts, documents)
    model.named_, nowhere = labels(model, read_word_lists(project.labels), str(project.labels))
    groups = prevalence.groups(model.dated(), settings.period)
    inputs = prevalence.refit_inputs(model, documents["cluster_id"].rank("dense").to_numpy(), groups.members)
    jobs = [delayed(prevalence.refit)(inputs, run) for run in range(settings.refits)]
    refits = run_fits(jobs, model.counts_.nnz, "topics")
    stability = np.mean([refit.stability for refit in refits], axis=0) if refits else None
    made = [table.name for table in TABLES]
    new = store.staging(*made)
    new.write("topic_terms", 0, model.terms())
    for part in store.numbers("documents"):
        new.write("doc_topics", part, model.shares_of(store.read("documents", part, ["doc_id"])["doc_id"]))
    by_period, by_outlet = model.prevalence(settings.period), model.prevalence_by_outlet()
    new.write("topics_by_period", 0, prevalence.with_bands(by_period, groups, refits))
    new.write("topics_by_outlet", 0, prevalence.with_bands(by_outlet, groups, refits))
    new.write("topic_overview", 0, overview(model, stability))
    new.write("topic_reports", 0, typical(model))
    metrics = model.summarise() | prevalence.summarise(params.n_topics, refits, nowhere)
    store.commit(new, *made)
    stopped = "" if metrics["converged"] else ", stopped before it settled (raise topics.max_iterations)"
    unused = f", no topic for the labels {', '.join(nowhere)}" if nowhere else ""
    size = f"{metrics['topics']} topics, {metrics['vocabulary']:,} terms, NPMI {metrics['npmi']:.3f}"
    return Result(f"{size}{stopped}{unused}", metrics, notes=[f"{metrics['topics']} topics"])
