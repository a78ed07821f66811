"""Agreement of the marks with the gold: precision, recall and F1, with intervals."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import polars as pl
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from corpus_tools.evaluate.gold import (
    LEFT_OUT,
    SCORES,
    GoldReport,
    comparable,
    gold_checksum,
    gold_rows,
    scored_tables,
    text_sha256,
)
from corpus_tools.evaluate.params import EvaluateParams
from corpus_tools.layers.layer import Row

_Row = TypeVar("_Row")
Counts = tuple[int, int, int]  # right, predicted and gold rows of one report


def count_right(gold: list[_Row], predicted: list[_Row], same: Callable[[_Row, _Row], bool]) -> int:
    """Return the size of a maximum matching of gold and predicted rows (Hopcroft & Karp 1973).

    Each row is paired once at most, and the order of rows does not matter.

    Examples
    --------
    >>> count_right([1], [1, -1], lambda gold, predicted: abs(predicted) == gold)
    1
    """
    if not gold or not predicted:
        return 0
    pairs = csr_array([[same(g, p) for p in predicted] for g in gold])
    return int((maximum_bipartite_matching(pairs, perm_type="column") >= 0).sum())


def score(counts: list[Counts], draws: int, seed: int) -> dict[str, float | int | None]:
    """Return precision, recall and F1 over all reports, with a 95% bootstrap interval of F1 (Efron 1979).

    Parameters
    ----------
    counts
        Right, predicted and gold rows: one triple per report.
    draws
        Number of bootstrap samples; each draws as many reports as there are, with replacement.
    seed
        Seed of the samples.

    Returns
    -------
    gold, found, right; precision, recall, f1, low, high, each None where its denominator is 0.

    Examples
    --------
    >>> score([(3, 4, 4), (1, 1, 2)], draws=100, seed=0)
    {'gold': 6, 'found': 5, 'right': 4, 'precision': 0.8, 'recall': 0.6667, 'f1': 0.7273, 'low': 0.6667, 'high': 0.75}
    """
    per_report = np.array(counts, dtype=np.int64).reshape(-1, 3)
    right, predicted, gold = (int(n) for n in per_report.sum(axis=0))
    low = high = None
    if len(per_report):
        samples = np.random.default_rng(seed).integers(len(per_report), size=(draws, len(per_report)))
        sums = per_report[samples].sum(axis=1)
        sums = sums[sums[:, 1] + sums[:, 2] > 0]
        if len(sums):
            f1 = 2 * sums[:, 0] / (sums[:, 1] + sums[:, 2])
            low, high = (round(float(q), 4) for q in np.quantile(f1, [0.025, 0.975]))
    return {
        "gold": gold, "found": predicted, "right": right,
        "precision": _ratio(right, predicted), "recall": _ratio(right, gold), "f1": _ratio(2 * right, predicted + gold),
        "low": low, "high": high,
    }  # fmt: skip


def _ratio(numerator: int, denominator: int) -> float | None:
    return round(numerator / denominator, 4) if denominator else None


def evaluate(
    gold: dict[str, list[GoldReport]], raw: pl.DataFrame, tables: dict[str, pl.DataFrame], params: EvaluateParams
) -> dict[str, Any]:
    """Score the tables against each set of the gold.

    A report that the corpus lacks, or whose text is not the annotated one, is left out and counted.

    Parameters
    ----------
    gold
        The sets by name, as `read_gold` returns them.
    raw
        doc_id and text of the raw reports; reports without gold do no harm.
    tables
        `documents` and the tables of `scored_tables`.
    params
        Number and seed of the bootstrap samples.

    Returns
    -------
    For each set: reports scored, missing and with another text, and the scores of each layer.
    """
    texts = dict(raw.select("doc_id", "text").iter_rows())
    documents = {row["doc_id"]: row for row in tables["documents"].iter_rows(named=True)}
    rows: dict[str, dict[str, list[Row]]] = {table: {} for table in scored_tables()}
    for table, by_report in rows.items():
        for row in tables[table].iter_rows(named=True):
            by_report.setdefault(row["doc_id"], []).append(row)
    metrics: dict[str, Any] = {}
    for name, reports in gold.items():
        present = [g for g in reports if g.doc_id in texts and g.doc_id in documents]
        scored = [g for g in present if text_sha256(texts[g.doc_id]) == g.sha256]
        counts: dict[str, list[Counts]] = {score_name: [] for score_name in SCORES}
        for report in scored:
            document = documents[report.doc_id]
            gold_marks = gold_rows(report, texts[report.doc_id], document["text"])
            marks = {"documents": [document], **{t: rows[t].get(report.doc_id, []) for t in scored_tables()}}
            for score_name, (table, same) in SCORES.items():
                expected, predicted = comparable(table, gold_marks[table]), comparable(table, marks[table])
                right = count_right(expected, predicted, same)
                counts[score_name].append((right, len(predicted), len(expected)))
        scores = {score_name: score(counts[score_name], params.draws, params.seed) for score_name in SCORES}
        left_out = len(reports) - len(present), len(present) - len(scored)
        metrics[name] = {"reports": len(scored), **dict(zip(LEFT_OUT, left_out, strict=True)), **scores}
    return metrics


def provenance_notes(folder: Path, params: EvaluateParams) -> tuple[str, ...]:
    """Return what the scores depend on, for the provenance line (Post 2018 asks this of every published score)."""
    samples = f"95% by {params.draws} draws of reports, seed {params.seed}"
    return "micro F1, one to one", samples, f"gold {gold_checksum(folder)[:12]}"
