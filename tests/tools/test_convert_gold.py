"""Conversion of annotated articles to stand-off gold."""

from __future__ import annotations

import json

import pytest
from planted import SEED, SEED_MARKS, seed_gold

from tools import convert_gold

TEXT = SEED.read_text(encoding="utf-8")


def test_mentions_are_found_near_the_mark():
    text = 'North Korea said. He left. "He and she," he said of the North. Col-Gen Ann-Lee spoke.'
    span = [text.index("He and"), text.index('," he')]
    assert convert_gold.nearest_mention(text, "He", span) == [text.index("He left"), text.index(" left")]
    assert convert_gold.nearest_mention(text, None, span) is None
    assert convert_gold.first_mention(text, "North", ["North Korea", "North"]) == [
        text.index("North."),
        text.index(". Col"),
    ]
    start = text.index("Ann")
    assert convert_gold.spell_name(text, "Ann Lee") == [[start, start + 3], [start + 4, start + 7]]
    with pytest.raises(SystemExit, match="'Zoe' does not occur in the text"):
        convert_gold.spell_name(text, "Zoe")
    with pytest.raises(SystemExit, match="'He' does not occur at 1 "):
        convert_gold.span_at(text, 1, "He")


def test_one_command_converts_a_folder_to_a_set(tmp_path):
    marks = json.loads(json.dumps(SEED_MARKS))
    for layer, words in (("quotes", "content"), ("times", "text"), ("quantities", "text")):
        for mark in marks[layer]:
            mark["start"] = TEXT.index(mark[words])
    (tmp_path / "articles.jsonl").write_text(json.dumps({"id": SEED.stem, "text": TEXT}) + "\n", encoding="utf-8")
    (tmp_path / "annotations.jsonl").write_text(json.dumps(marks) + "\n", encoding="utf-8")
    convert_gold.main("reports", str(tmp_path / "seed.jsonl"), str(tmp_path))
    assert json.loads((tmp_path / "seed.jsonl").read_text(encoding="utf-8")) == seed_gold()
