"""Lexical diversity of reports, computed by hand."""

from __future__ import annotations

import polars as pl
import pytest
from planted_corpus import (
    REPORTS,
    hdd_by_hand,
    is_word,
    mattr_by_hand,
    plain,
    write,
)


def test_diversity_is_that_of_each_report_and_its_mean(corpus, sentences):
    each = corpus.diversity(over="report").frame
    for row in each.iter_rows(named=True):
        words = [word for doc, tokens in sentences if doc == row["doc_id"] for word in tokens if is_word(word)]
        assert row["words"] == len(words)
        assert row["mattr"] == pytest.approx(mattr_by_hand(words, 50))
        assert row["hdd"] == pytest.approx(hdd_by_hand(words))
    by_outlet = corpus.diversity(over="outlet").frame
    wanted = each.group_by("outlet").agg(pl.col("mtld").mean()).sort("outlet")
    assert by_outlet["part"].to_list() == wanted["outlet"].to_list()
    assert by_outlet["mtld"].to_list() == pytest.approx(wanted["mtld"].to_list())
    known = by_outlet.drop_nulls("mtld_low")
    assert ((known["mtld_low"] <= known["mtld"]) & (known["mtld"] <= known["mtld_high"])).all()


def test_short_reports_are_left_out_and_counted(corpus):
    result = corpus.diversity(over="report", window=10**4)
    assert result.frame.is_empty()
    assert f"{len(REPORTS)} reports of fewer than 10000 words left out" in result.notes[1]


def test_no_sequence_reaches_over_the_end_of_a_sentence_and_no_short_report_is_measured(tmp_path):
    texts = ["Army advances\n\nTalks begin", " ".join(f"word{chr(97 + k)}" for k in range(20)) + "."]
    small = write(tmp_path, [plain(number, text) for number, text in enumerate(texts)], 2)
    pairs = small.frequencies(n=2).frame["term"]
    assert {"army advances", "talks begin"} <= {*pairs}
    assert "advances talks" not in pairs
    # Twenty words would do for the window, but 42 cannot be drawn from them.
    assert small.diversity(over="report", window=10).frame.is_empty()
    assert small.diversity(over="outlet", window=10).frame.columns[:3] == ["part", "reports", "mattr"]
