"""The gold of the seed report as rows and tables, for the tests of `evaluate`."""

from __future__ import annotations

import polars as pl
from planted import SEED, SEED_MARKS, seed_gold

from corpus_tools.clean.cleaning import clean_text
from corpus_tools.evaluate.gold import GoldReport, gold_rows, parse_report, scored_tables
from corpus_tools.evaluate.params import EvaluateParams
from corpus_tools.evaluate.score import evaluate
from corpus_tools.pipeline import TABLES

TEXT = SEED.read_text(encoding="utf-8")
CLEAN = clean_text(TEXT).text
DOC_ID = seed_gold()["doc_id"]


def parsed(marks: dict = SEED_MARKS) -> GoldReport:
    """Return the gold of the seed report."""
    return parse_report(seed_gold(marks), "gold")


def seed_rows(marks: dict = SEED_MARKS) -> dict[str, list[dict]]:
    """Return the gold of the seed report as rows of the tables."""
    return gold_rows(parsed(marks), TEXT, CLEAN)


def as_tables(rows: dict[str, list[dict]]) -> dict[str, pl.DataFrame]:
    """Return tables with these rows; columns that they lack are null."""
    document = {"text": CLEAN, **(rows["documents"][0] if rows["documents"] else {})}
    return {
        name: pl.DataFrame(
            [{"doc_id": DOC_ID, **row} for row in (rows[name] if name != "documents" else [document])],
            schema=TABLES[name].schema,
        )
        for name in ("documents", *scored_tables())
    }


def scores_of(rows: dict[str, list[dict]], gold: GoldReport) -> dict:
    """Score rows against the gold of the seed report."""
    raw = pl.DataFrame({"doc_id": [gold.doc_id], "text": [TEXT]})
    return evaluate({"seed": [gold]}, raw, as_tables(rows), EvaluateParams(draws=50))["seed"]
