from __future__ import annotations

import pytest

from corpus_tools.text.gazetteer import lookup


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Kiev", "Kyiv"), ("Lugansk", "Luhansk"), ("Rangoon", "Yangon"), ("The Hague", "The Hague"), ("SANA'A", "Sanaa")],
    ids=lambda name: name,
)
def test_names_and_variants_are_looked_up(name, expected):
    assert expected in {entry.name for entry in lookup(name)[:2]}
