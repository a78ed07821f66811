"""Read `documents`, `tokens` and `topic_grid`; write the tables in `topics.tables`."""

from __future__ import annotations

from joblib import delayed

from corpus_tools.runtime.records import read_word_lists
from corpus_tools.runtime.step import Context, StepResult
from corpus_tools.topics.fitting.corpus_counts import read_counts, run_fits
from corpus_tools.topics.fitting.params import TopicsParams
from corpus_tools.topics.model import TopicModel
from corpus_tools.topics.overview import assign_labels, overview, typical_reports
from corpus_tools.topics.prevalence import groups
from corpus_tools.topics.refits import mean_stability, refit, refit_inputs, summarise, with_refits
from corpus_tools.topics.tables import TABLES


def run(context: Context) -> StepResult:
    """Fit and label the model, and refit it to subsamples, for stability and the range of the shares."""
    params, store, project = context.section(TopicsParams), context.store, context.project
    counts, documents = read_counts(store, params)
    picked_by_grid = params.n_topics == "grid"
    if picked_by_grid:
        number = int(store.read("topic_grid").filter("picked")["n_topics"].item())
        params = params.model_copy(update={"n_topics": number})
    model = TopicModel(params, read_word_lists(project.anchors), str(project.anchors)).fit(counts, documents)
    model.named_, unmatched = assign_labels(model, read_word_lists(project.labels), str(project.labels))
    bins_and_outlets = groups(model.documents_with_shares(), params.period)
    inputs = refit_inputs(model, documents["cluster_id"].rank("dense").to_numpy(), bins_and_outlets.members)
    jobs = [delayed(refit)(inputs, run) for run in range(params.refits)]
    refits = run_fits(jobs, model.counts_.nnz, "topics")
    tables = [table.name for table in TABLES]
    new = store.staging(*tables)
    new.write("topic_terms", 0, model.terms())
    for index in store.numbers("documents"):
        new.write("doc_topics", index, model.shares_of(store.read("documents", index, ["doc_id"])["doc_id"]))
    by_period, by_outlet = model.prevalence(params.period), model.prevalence_by_outlet()
    new.write("topics_by_period", 0, with_refits(by_period, bins_and_outlets, refits))
    new.write("topics_by_outlet", 0, with_refits(by_outlet, bins_and_outlets, refits))
    new.write("topic_overview", 0, overview(model, mean_stability(refits)))
    new.write("topic_reports", 0, typical_reports(model))
    metrics = {
        **model.summarise(),
        "number_picked_by": "grid" if picked_by_grid else "params.yaml",
        **summarise(refits),
        "labels_without_topic": unmatched,
    }
    store.commit(new, *tables)
    size = f"{metrics['topics']} topics, {metrics['vocabulary']:,} terms, NPMI {metrics['npmi']:.3f}"
    stopped = "" if metrics["converged"] else ", not converged (raise topics.max_iterations)"
    unused = f", no topic matches the labels {', '.join(unmatched)}" if unmatched else ""
    return StepResult(f"{size}{stopped}{unused}", metrics, notes=[f"{metrics['topics']} topics"])
