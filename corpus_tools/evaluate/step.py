"""Read the gold, `raw`, `documents` and the tables of the layers; write only metrics."""

from __future__ import annotations

import polars as pl

from corpus_tools.evaluate.gold import LEFT_OUT, read_gold, scored_tables
from corpus_tools.evaluate.params import EvaluateParams
from corpus_tools.evaluate.score import evaluate, provenance_notes
from corpus_tools.runtime.step import Context, StepResult


def run(context: Context) -> StepResult:
    """Compare the layers with each set of the gold; reports that cannot be compared are left out and counted."""
    params, store, folder = context.section(EvaluateParams), context.store, context.project.gold
    gold = read_gold(folder)
    has_gold = pl.col("doc_id").is_in([report.doc_id for reports in gold.values() for report in reports])

    def annotated(table: str) -> pl.DataFrame:
        return pl.concat([store.read(table, i).filter(has_gold) for i in store.numbers(table)])

    tables = {name: annotated(name) for name in ("documents", *scored_tables())}
    sets = evaluate(gold, annotated("raw"), tables, params)
    total = {key: sum(scores[key] for scores in sets.values()) for key in ("reports", *LEFT_OUT)}
    summary = [f"{total['reports']} annotated reports"]
    summary += [f"{total[key]} {reason}" for key, reason in LEFT_OUT.items() if total[key]]
    for name, scores in sets.items():
        if (f1 := scores["quotes"]["f1"]) is not None:
            summary.append(f"quotations F1 {f1:.3f} in {name}")
    # The provenance line is filled in at `settings`, before the long list of scores.
    metrics = {**total, "settings": None, "sets": sets}
    return StepResult(", ".join(summary), metrics, notes=provenance_notes(folder, params))
