"""Reporting verbs and phrases."""

from __future__ import annotations

from corpus_tools.layers.reporting_verbs import find_cues


def test_reporting_verbs_are_not_nouns():
    assert [c.word for c in find_cues("The claims were denied, he said; a called strike")] == ["denied", "said"]
