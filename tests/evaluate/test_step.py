"""The step `evaluate` on the command line."""

from __future__ import annotations

import json

import polars as pl
import pytest
from planted import seed_gold
from seed_rows import as_tables, seed_rows

import corpus_tools as ct
from corpus_tools.evaluate.gold import SCORES, gold_checksum, scored_tables
from corpus_tools.pipeline import TABLES, open_store


@pytest.fixture
def collected(project, call):
    """Return a small project after collect and clean, whose tables of marks are empty."""
    for step in ("collect", "clean"):
        assert call(step)[0] == 0
    for name in scored_tables():
        open_store(project / "data").write(name, 0, pl.DataFrame(schema=TABLES[name].schema))
    return project


def metrics(project) -> dict:
    return json.loads((project / "metrics" / "evaluate.json").read_text(encoding="utf-8"))


def test_the_step_scores_the_tables(collected, call):
    tables = as_tables(seed_rows())
    for name in scored_tables():
        open_store(collected / "data").write(name, 0, tables[name])
    assert call("evaluate")[0] == 0
    scores = metrics(collected)
    assert (scores["reports"], scores["missing"], scores["other_text"]) == (1, 0, 0)
    assert {layer: scores["sets"]["seed"][layer]["f1"] for layer in SCORES} == dict.fromkeys(SCORES, 1.0)
    settings = ct.open_corpus(collected).metrics("evaluate")["settings"]
    assert gold_checksum(collected / "seeds" / "gold")[:12] in settings
    assert "1000 draws of reports, seed 0" in settings
    corpus = (collected / "data" / "fingerprints" / "documents.txt").read_text()[:12]
    assert settings.startswith(f"evaluate · corpus {corpus} · micro F1")
    assert "quotations F1 1.000 in seed" in (collected / "logs" / "steps.log").read_text().splitlines()[-1]


def test_missing_and_differing_reports_are_counted_and_logged(collected, call):
    gold = seed_gold()
    lines = [gold | {"doc_id": "elsewhere-1"}, gold | {"sha256": "0" * 64}]
    path = collected / "seeds" / "gold" / "seed.jsonl"
    path.write_text("".join(json.dumps(g) + "\n" for g in lines), encoding="utf-8")
    assert call("evaluate")[0] == 0
    scores = metrics(collected)
    assert (scores["reports"], scores["missing"], scores["other_text"]) == (0, 1, 1)
    assert scores["sets"]["seed"]["quotes"]["f1"] is None
    log = (collected / "logs" / "steps.log").read_text().splitlines()[-1]
    assert "0 annotated reports, 1 not in the corpus, 1 with a text other than the annotated one" in log


def test_without_gold_there_are_no_scores(collected, call):
    (collected / "seeds" / "gold" / "seed.jsonl").unlink()
    assert call("evaluate")[0] == 0
    assert (metrics(collected)["reports"], metrics(collected)["sets"]) == (0, {})


def test_a_bad_gold_file_stops_the_step(collected, call):
    (collected / "seeds" / "gold" / "seed.jsonl").write_text('{"doc_id": 3}\n')
    status, message = call("evaluate")
    assert status == 2
    assert "seed.jsonl, line 1, doc_id" in message
    assert "remedy:" in message
    assert not (collected / "metrics" / "evaluate.json").exists()
