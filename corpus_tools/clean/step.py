"""Read `raw`; write `documents` and `reports_by_period`."""

from __future__ import annotations

from corpus_tools.clean.cleaning import COUNTED_COLUMNS, add_clusters, clean_partition, count_reports, summarise
from corpus_tools.clean.duplicates import find_clusters
from corpus_tools.clean.params import CleanParams
from corpus_tools.runtime.engine import map_partitions
from corpus_tools.runtime.provenance import digests
from corpus_tools.runtime.step import Context, StepResult


def run(context: Context) -> StepResult:
    """Clean each partition, and find near-duplicates in the whole corpus."""
    params, store = context.section(CleanParams), context.store
    new = store.staging("documents", "reports_by_period")
    frames = map_partitions(clean_partition, store, ["raw"], new)
    clusters = find_clusters(frames["bodies"], frames["shingles"]["shingle"], params)
    document_digests: list[bytes] = []
    for index in new.numbers("documents"):
        partition = add_clusters(clusters, new.read("documents", index))
        new.write("documents", index, partition)
        document_digests += digests(partition)
    documents = new.read("documents", columns=COUNTED_COLUMNS)
    new.write("reports_by_period", 0, count_reports(documents, params.period))
    metrics = summarise(documents)
    store.commit(new, "documents", "reports_by_period")
    repairs = sum(r["times"] for name, r in metrics["repairs"].items() if not name.startswith("left"))
    summary = f"{metrics['documents']:,} documents, {repairs:,} repairs, {metrics['datelines']:,} datelines"
    return StepResult(summary, metrics, documents=document_digests)
