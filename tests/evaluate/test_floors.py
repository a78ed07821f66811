"""F1 on the gold of News Articles: no change may take a layer below its floor."""

from __future__ import annotations

import json

import polars as pl
import pytest
from planted import ROOT

from corpus_tools.annotate.reports import annotate_text
from corpus_tools.clean.cleaning import clean_partition
from corpus_tools.collect.fetch import fetch
from corpus_tools.collect.readers import READERS
from corpus_tools.collect.sources import Source, check_rows
from corpus_tools.evaluate.gold import gold_checksum, read_gold, scored_tables
from corpus_tools.evaluate.params import EvaluateParams
from corpus_tools.evaluate.score import evaluate
from corpus_tools.pipeline import TABLES
from corpus_tools.runtime.records import read_yaml

pytestmark = pytest.mark.slow
GOLD = ROOT / "seeds" / "gold"
FLOORS = json.loads((ROOT / "tests" / "floors.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def news_scores() -> dict:
    """Return the scores of the present code on the gold of News Articles, fetched as `collect` does."""
    source = read_yaml(ROOT / "seeds" / "news_articles.yaml", Source)
    path = fetch("news_articles", source.fetch, ROOT / "data" / "sources" / "news_articles")
    gold = read_gold(GOLD)
    doc_ids = {report.doc_id for reports_ in gold.values() for report in reports_}
    rows = check_rows(
        "news_articles", source, READERS[source.kind](path, source.columns.used(), source.encoding), str(path)
    )
    raw = pl.DataFrame([r for r in rows if r.get("doc_id") in doc_ids], schema=TABLES["raw"].schema)
    documents = clean_partition(raw)["documents"]
    marks: dict[str, list[pl.DataFrame]] = {name: [] for name in scored_tables()}
    for doc_id, text, published in documents.select("doc_id", "text", "published").iter_rows():
        annotations = annotate_text(text, published)
        for name in scored_tables():
            marks[name].append(getattr(annotations, name).with_columns(doc_id=pl.lit(doc_id)))
    tables = {"documents": documents, **{name: pl.concat(frames) for name, frames in marks.items()}}
    return evaluate(gold, raw, tables, EvaluateParams())


def test_the_floors_are_for_the_present_gold(news_scores):
    assert gold_checksum(GOLD) == FLOORS["fingerprint"], (
        "the gold changed: run `python -m corpus_tools evaluate`, and put its fingerprint "
        f"{gold_checksum(GOLD)} and new floors into tests/floors.json"
    )
    for name, scores in news_scores.items():
        assert (scores["missing"], scores["other_text"]) == (0, 0), name


@pytest.mark.parametrize(
    ("name", "layer", "floor"),
    [
        pytest.param(name, layer, floor, id=f"{name} {layer}")
        for name, floors in FLOORS["floors"].items()
        for layer, floor in floors.items()
    ],
)
def test_no_layer_falls_below_its_floor(news_scores, name, layer, floor):
    f1 = news_scores[name][layer]["f1"]
    assert f1 >= floor, (
        f"{layer} of {name}: F1 {f1} is below the floor {floor}. Correct the change that lowered it; if the loss "
        "is intended, lower the floor in tests/floors.json and give the reason in the commit message"
    )
