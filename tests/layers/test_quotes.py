"""Quotations with their speakers, cues and channels."""

from __future__ import annotations

import polars as pl
import pytest
import yaml
from planted import CASES

from corpus_tools.annotate.reports import annotate_text

WRITTEN = yaml.safe_load((CASES / "quotes.yaml").read_text(encoding="utf-8"))
QUOTED = [case for section, cases in WRITTEN.items() if section != "must_not_mark" for case in cases]


def rule(case: dict) -> str:
    return case["rules"]


@pytest.mark.parametrize("case", QUOTED, ids=rule)
def test_quotation_has_its_speaker_cue_and_channel(case):
    quotes = annotate_text(case["text"]).quotes.filter(pl.col("kind") != "indirect")
    assert [list(r) for r in quotes.select("text", "kind", "speaker_name", "cue", "channel").rows()] == case["quotes"]


@pytest.mark.parametrize("case", WRITTEN["must_not_mark"], ids=rule)
def test_not_a_quotation(case):
    assert annotate_text(case["text"]).quotes.filter(pl.col("kind") != "indirect").is_empty()


def test_indirect_speech_has_a_speaker():
    quotes = annotate_text(
        "Olha Melnyk said on Monday that the road had been closed. The mayor, police said, was safe."
    ).quotes
    assert quotes.select("kind", "text", "speaker_name", "cue").row(0) == (
        "indirect", "the road had been closed", "Olha Melnyk", "said",
    )  # fmt: skip


def test_speaker_has_the_fullest_name_and_the_role_of_the_report():
    text = 'Lugansk regional governor Serhiy Haidai spoke. "We hold," Haidai wrote on Telegram.'
    quote = annotate_text(text).quotes.row(0, named=True)
    assert (quote["speaker"], quote["speaker_name"], quote["speaker_role"], quote["channel"]) == (
        "Haidai", "Serhiy Haidai", "Lugansk regional governor", "Telegram",
    )  # fmt: skip
