"""Repair the texts; read dates, datelines and languages; find near-duplicates."""

from __future__ import annotations

from corpus_tools.clean.documents import SUMMARISED, add_clusters, clean_partition, count_reports, summarise
from corpus_tools.clean.duplicates import find_clusters
from corpus_tools.clean.params import CleanParams
from corpus_tools.runtime.engine import map_partitions
from corpus_tools.runtime.provenance import digests
from corpus_tools.runtime.step import Context, Result


def run(context: Context) -> Result:
    """Write `documents` and `reports_by_period`."""
    params, store = context.section(CleanParams), context.store
    new = store.staging("documents", "reports_by_period")
    found = map_partitions(clean_partition, store, ["raw"], new)
    clusters = find_clusters(found["prints"], found["shingles"]["shingle"], params)
    digested: list[bytes] = []
    for index in new.numbers("documents"):
        part = add_clusters(clusters, new.read("documents", index))
        new.write("documents", index, part)
        digested += digests(part)
    documents = new.read("documents", columns=SUMMARISED)
    new.write("reports_by_period", 0, count_reports(documents, params.period))
    metrics = summarise(documents)
    store.commit(new, "documents", "reports_by_period")
    repairs = sum(r["times"] for name, r in metrics["repairs"].items() if not name.startswith("left"))
    summary = f"{metrics['documents']:,} documents, {repairs:,} repairs, {metrics['datelines']:,} datelines"
    return Result(summary, metrics, documents=digested)
