"""Dispersion, counted by part."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from planted_corpus import (
    REPORTS,
    is_word,
)

from corpus_tools.stats import association


def test_spread_over_weeks_and_outlets_is_counted_by_part(corpus, sentences):
    about = {r.row["doc_id"]: r.row for r in REPORTS}
    part_of = {
        "outlet": lambda row: row["outlet"],
        "week": lambda row: row["published"] and str(row["published"] - timedelta(days=row["published"].weekday())),
    }
    for over, part in part_of.items():
        sizes, hits = Counter(), Counter()
        for doc, words in sentences:
            sizes[part(about[doc])] += sum(map(is_word, words))
            hits[part(about[doc])] += words.count("army")
        names = sorted(name for name in sizes if name)
        result = corpus.dispersion("army", over=over)
        assert result.frame["part"].to_list() == names
        assert result.frame["count"].to_list() == [hits[name] for name in names]
        assert result.frame["words"].to_list() == [sizes[name] for name in names]
        counts = np.array([[hits[name] for name in names]])
        assert result.dp == pytest.approx(association.dp(counts, np.array([sizes[name] for name in names]))[0])
        listed = corpus.frequencies("army", over=over).frame
        assert listed["dp_norm"].to_list() == pytest.approx([result.dp_norm])
        undated = sum(words.count("army") for doc, words in sentences if about[doc]["published"] is None)
        assert result.hits.height == sum(hits.values()) - undated


def test_the_time_of_a_hit_is_that_of_its_words_within_the_day(corpus):
    hits = corpus.dispersion("army").hits
    days = {(r.row["outlet"], r.row["published"]) for r in REPORTS if r.row["published"]}
    assert {(o, date(1970, 1, 1) + timedelta(days=int(time))) for o, time in hits.iter_rows()} <= days
    assert hits.select((pl.col("at") % 1).n_unique()).item() > 5
