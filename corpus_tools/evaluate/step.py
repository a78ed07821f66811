"""Score the marks against reports annotated by people."""

from __future__ import annotations

import polars as pl

from corpus_tools.evaluate.gold import LEFT_OUT, read_gold, scored_tables
from corpus_tools.evaluate.params import EvaluateParams
from corpus_tools.evaluate.score import evaluate, settings
from corpus_tools.runtime.step import Context, Result


def run(context: Context) -> Result:
    """Compare the layers with each set of the gold; a report that cannot be compared is left out and counted."""
    params, store, gold = context.section(EvaluateParams), context.store, context.project.gold
    sets = read_gold(gold)
    wanted = pl.col("doc_id").is_in([report.doc_id for reports in sets.values() for report in reports])

    def annotated(table: str) -> pl.DataFrame:
        return pl.concat([store.read(table, i).filter(wanted) for i in store.numbers(table)])

    tables = {name: annotated(name) for name in ("documents", *scored_tables())}
    found = evaluate(sets, annotated("raw"), tables, params)
    total = {key: sum(scores[key] for scores in found.values()) for key in ("reports", "missing", "other_text")}
    without = ", ".join(f"{total[key]} {reason}" for key, reason in LEFT_OUT.items() if total[key])
    f1 = (
        f"quotations F1 {s['quotes']['f1']:.3f} in {name}" for name, s in found.items() if s["quotes"]["f1"] is not None
    )
    summary = ", ".join([f"{total['reports']} marked reports", *([without] if without else []), *f1])
    # The provenance is filled in between the two, before the long list of scores.
    return Result(summary, {**total, "settings": None, "sets": found}, notes=settings(gold, params))
