"""Read `documents` and `sentences`; write the table of each layer, and the tables in `annotate.tables`."""

from __future__ import annotations

from functools import partial

from corpus_tools.annotate.params import AnnotateParams
from corpus_tools.annotate.summaries import annotate_and_count, places_on_map, speakers_by_outlet, summarise, tolls
from corpus_tools.annotate.tables import TABLES
from corpus_tools.layers.registry import LAYERS
from corpus_tools.runtime.engine import map_partitions
from corpus_tools.runtime.step import Context, StepResult


def run(context: Context) -> StepResult:
    """Annotate each partition, and summarise the marks of the whole corpus."""
    params, store = context.section(AnnotateParams), context.store
    tables = [layer.name for layer in LAYERS] + [table.name for table in TABLES]
    new = store.staging(*tables)
    work = partial(annotate_and_count, params)
    counts = map_partitions(work, store, ["documents", "sentences"], new, settings=params.model_dump_json())
    new.write("speakers_by_outlet", 0, speakers_by_outlet(counts["person_quotes"], counts["people"]))
    new.write("places_on_map", 0, places_on_map(counts["place_mentions"]))
    new.write("tolls", 0, tolls(counts["death_claims"], params.event_gap_days))
    metrics = summarise(counts["mark_counts"])
    store.commit(new, *tables)
    summary = f"{metrics['quotes']:,} quotations, {metrics['claims']:,} claims, {metrics['places']:,} places"
    return StepResult(summary, metrics)
