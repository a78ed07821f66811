"""Every layer's declaration fits its table and the other layers'."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from planted import SEED
from seed_rows import seed_rows

from corpus_tools.layers.layer import Layer, Marks
from corpus_tools.layers.registry import BY_NAME, LAYERS
from corpus_tools.layers.types import Report
from corpus_tools.nltk_fast.punkt import news_punkt, sentence_spans

KINDS = [kind for layer in LAYERS for kind in layer.display.kinds]
each_layer = pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.name)


@pytest.fixture(scope="module")
def marks() -> Marks:
    text = SEED.read_text(encoding="utf-8")
    sentences = [(start, end) for _, start, end in sentence_spans(news_punkt().splitter(), text, 0)]
    return Marks(Report(text, date(2022, 4, 8), 0, sentences), BY_NAME)


@each_layer
def test_a_row_has_a_value_for_each_column(layer: Layer, marks: Marks):
    rows = list(marks.rows(layer.name))
    assert rows
    assert {len(row) for row in rows} == {len(layer.table.columns)}


@each_layer
def test_the_table_starts_with_the_span_and_describes_each_column(layer: Layer):
    assert {"doc_id", "start", "end", "text"} <= layer.table.columns.keys()
    assert layer.table.step == "annotate"
    for column in layer.table.columns.values():
        assert column.description.endswith(".")


@each_layer
def test_highlights_are_of_declared_kinds_and_inside_the_text(layer: Layer, marks: Marks):
    names = {kind.name for kind in KINDS}
    text = marks.report.text
    rows = [dict(zip(layer.table.columns, row, strict=True)) for row in marks.rows(layer.name)]
    highlights = [h for number, row in enumerate(rows, 1) for h in layer.display.highlights(row, number, text)]
    assert {h.kind for h in highlights} <= names
    assert {kind.name for kind in layer.display.kinds} <= names
    assert all(0 <= h.start < h.end <= len(text) for h in highlights)


def test_kinds_of_highlights_differ_in_name_and_rank():
    # The two outermost ranks are those of the display: the header, and words that were searched for.
    names, ranks = Counter(["lead", "hit"]), Counter([0, 1])
    names.update(kind.name for kind in KINDS)
    ranks.update(kind.rank for kind in KINDS)
    assert set(names.values()) == set(ranks.values()) == {1}


@each_layer
def test_declared_columns_exist_in_the_table(layer: Layer):
    declared: list[str] = []
    if listing := layer.display.listing:
        declared += " ".join(listing.columns.values()).split()
    declared += layer.counts.by
    declared += [column for condition in layer.counts.rows.values() for column in condition.meta.root_names()]
    if conllu := layer.conllu:
        declared += [conllu.column, *(conllu.detail or ())[1:]]
    if brat := layer.brat:
        declared += brat.notes
        declared += ["label"] if len(brat.entities) > 1 else []
        declared += [brat.attribute[1]] if brat.attribute else []
        prefixes = [f"{prefix}_" if prefix else "" for _, _, prefix in (*brat.relations, *brat.roles)]
        declared += [f"{prefix}{edge}" for prefix in prefixes for edge in ("start", "end")]
        assert brat.entities or brat.event
    assert set(declared) <= layer.table.columns.keys()


@pytest.mark.parametrize("layer", [layer for layer in LAYERS if layer.gold], ids=lambda layer: layer.name)
def test_gold_rows_have_columns_of_the_table(layer: Layer):
    rows = seed_rows()[layer.name]
    assert rows
    for row in rows:
        assert row.keys() <= layer.table.columns.keys()
    assert layer.gold.scores


def test_names_differ():
    scores = [name for layer in LAYERS if layer.gold for name in layer.gold.scores]
    keys = [layer.conllu.key for layer in LAYERS if layer.conllu]
    for names in ([layer.name for layer in LAYERS], scores, keys):
        assert len(set(names)) == len(names)
