from __future__ import annotations

import pytest
import yaml
from planted import CASES

from corpus_tools.text.dateline import find_dateline

DATELINE_CASES = yaml.safe_load((CASES / "datelines.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", DATELINE_CASES["found"], ids=lambda case: case[0][:30])
def test_datelines_are_read(case):
    text, place, country, agency, word = case
    dateline = find_dateline(text)
    assert dateline is not None
    assert (dateline.place, dateline.country, dateline.agency) == (place, country, agency)
    assert text[dateline.end :].startswith(word)


@pytest.mark.parametrize("text", DATELINE_CASES["none"], ids=lambda text: text[:30] or "empty")
def test_other_openings_are_not_datelines(text):
    assert find_dateline(text) is None
