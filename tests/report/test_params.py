"""The parameters of the report."""

from __future__ import annotations

import pytest
from case_ids import case_id

from corpus_tools.errors import InputError
from corpus_tools.params import Params
from corpus_tools.runtime.records import read_yaml


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("report: {word: [a]}", ["params.yaml, report.word: unknown key", "did you mean words?"]),
        ("report: {lines: 0}", ["params.yaml, report.lines", "greater than 0"]),
        ("report: {words: [3]}", ["params.yaml, report.words.0"]),
        ("report: {title: ''}", ["params.yaml, report.title"]),
    ],
    ids=case_id,
)
def test_a_mistake_names_its_key(tmp_path, text, expected):
    (tmp_path / "params.yaml").write_text(text)
    with pytest.raises(InputError) as error:
        read_yaml(tmp_path / "params.yaml", Params)
    assert all(words in str(error.value) for words in expected)
