"""How well the marks agree with the gold: precision, recall and F1, with intervals."""

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
    fingerprint,
    gold_rows,
    scored_tables,
    text_sha256,
)  # fmt: skip
from corpus_tools.evaluate.params import EvaluateParams
from corpus_tools.layers.layer import Row

_T = TypeVar("_T")


def count_right(gold: list[_T], found: list[_T], same: Callable[[_T, _T], bool]) -> int:
    """Pair as many rows as can be, each with one at most (Hopcroft & Karp 1973), so that order does not matter.

    Examples
    --------
    >>> count_right([1], [1, -1], lambda gold, found: abs(found) == gold)
    1
    """
    if not gold or not found:
        return 0
    pairs = csr_array([[same(g, f) for f in found] for g in gold])
    return int((maximum_bipartite_matching(pairs, perm_type="column") >= 0).sum())


def score(counts: list[tuple[int, int, int]], draws: int, seed: int) -> dict[str, float | int | None]:
    """Precision, recall and F1 over all reports, with a 95 % interval by drawing reports anew (Efron 1979).

    Parameters
    ----------
    counts
        Right, found and gold: one triple a report.
    draws
        How many samples of as many reports, with replacement.
    seed
        Of the draws.

    Returns
    -------
    gold, found, right; precision, recall, f1, low, high, None where there is nothing to divide by.

    Examples
    --------
    >>> score([(3, 4, 4), (1, 1, 2)], draws=100, seed=0)
    {'gold': 6, 'found': 5, 'right': 4, 'precision': 0.8, 'recall': 0.6667, 'f1': 0.7273, 'low': 0.6667, 'high': 0.75}
    """
    each = np.array(counts, dtype=np.int64).reshape(-1, 3)
    right, found, gold = (int(n) for n in each.sum(axis=0))
    low = high = None
    if len(each):
        drawn = each[np.random.default_rng(seed).integers(len(each), size=(draws, len(each)))].sum(axis=1)
        drawn = drawn[drawn[:, 1] + drawn[:, 2] > 0]
        if len(drawn):
            f1 = 2 * drawn[:, 0] / (drawn[:, 1] + drawn[:, 2])
            low, high = (round(float(q), 4) for q in np.quantile(f1, [0.025, 0.975]))
    return {
        "gold": gold, "found": found, "right": right,
        "precision": _share(right, found), "recall": _share(right, gold), "f1": _share(2 * right, found + gold),
        "low": low, "high": high,
    }  # fmt: skip


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def evaluate(
    gold: dict[str, list[GoldReport]], raw: pl.DataFrame, tables: dict[str, pl.DataFrame], params: EvaluateParams
) -> dict[str, Any]:
    """Score the tables against each set of the gold.

    A report that the corpus lacks, or whose text is not the one that was marked, is left out and counted.

    Parameters
    ----------
    gold
        What `read_gold` gives.
    raw
        doc_id and text as found; other reports do not matter.
    tables
        documents, quotes, times, quantities and places.
    params
        Number and seed of the draws.

    Returns
    -------
    For each set: reports scored, missing and with another text, and the scores of each layer.
    """
    texts = dict(raw.select("doc_id", "text").iter_rows())
    documents = {row["doc_id"]: row for row in tables["documents"].iter_rows(named=True)}
    rows: dict[str, dict[str, list[Row]]] = {name: {} for name in scored_tables()}
    for name in scored_tables():
        for row in tables[name].iter_rows(named=True):
            rows[name].setdefault(row["doc_id"], []).append(row)
    found: dict[str, Any] = {}
    for name, reports in gold.items():
        here = [g for g in reports if g.doc_id in texts and g.doc_id in documents]
        used = [g for g in here if text_sha256(texts[g.doc_id]) == g.sha256]
        counts: dict[str, list[tuple[int, int, int]]] = {layer: [] for layer in SCORES}
        for report in used:
            document = documents[report.doc_id]
            wanted = gold_rows(report, texts[report.doc_id], document["text"])
            marked = {"documents": [document], **{t: rows[t].get(report.doc_id, []) for t in scored_tables()}}
            for layer, (table, same) in SCORES.items():
                ours, theirs = comparable(table, marked[table]), comparable(table, wanted[table])
                counts[layer].append((count_right(theirs, ours, same), len(ours), len(theirs)))
        scores = {layer: score(counts[layer], params.draws, params.seed) for layer in SCORES}
        left_out = len(reports) - len(here), len(here) - len(used)
        found[name] = {"reports": len(used), **dict(zip(LEFT_OUT, left_out, strict=True)), **scores}
    return found


def settings(folder: Path, params: EvaluateParams) -> tuple[str, ...]:
    """Say what made the scores (as Post 2018 asks of every published score): parts of a line of settings."""
    drawn = f"95 % by {params.draws} draws of reports, seed {params.seed}"
    return "micro F1, one to one", drawn, f"gold {fingerprint(folder)[:12]}"
