"""Frequencies, against NLTK and the concordance."""

from __future__ import annotations

import re
from collections import Counter

import nltk
import numpy as np
import polars as pl
import pytest
from planted_corpus import (
    REPORTS,
    is_word,
)

import corpus_tools as ct
from corpus_tools.explore.frequencies import tally
from corpus_tools.explore.pattern import tokenised


@pytest.mark.parametrize("n", [1, 2, 3])
def test_frequencies_are_those_of_nltks_ngrams(corpus, sentences, n):
    grams = [
        (doc, " ".join(gram)) for doc, words in sentences for gram in nltk.ngrams(words, n) if all(map(is_word, gram))
    ]
    result = corpus.frequencies(n=n).frame
    assert dict(result.select("term", "count").iter_rows()) == Counter(gram for _, gram in grams)
    reports = Counter(gram for _, gram in set(grams))
    assert dict(result.select("term", "reports").iter_rows()) == reports
    firsts = {r.row["doc_id"] for r in REPORTS if r.row["is_first_report"]}
    wanted = Counter(gram for doc, gram in set(grams) if doc in firsts)
    assert dict(result.select("term", "clusters").iter_rows()) == {term: wanted[term] for term in reports}
    assert result["per_million"].to_list() == pytest.approx([c / len(grams) * 1e6 for c in result["count"]])
    assert result.equals(result.sort("count", "term", descending=[True, False]))


@pytest.mark.parametrize(
    "typed", ["U.S.", "it's", "won't", "the U.S.", "it*", "army", "Army convoy", "*", "attack* the", "peace-talks"]
)
def test_a_frequency_list_counts_the_hits_of_the_concordance(corpus, typed):
    result, lines = corpus.frequencies(typed).frame, corpus.concordance(typed)
    assert result["count"].sum() == lines.hits > 0
    if not re.search("[* ]", typed):
        assert result["term"].to_list() == [tokenised(typed.lower())]
    assert result.select(pl.col("reports").max(), pl.col("clusters").max()).row(0) <= (lines.reports, lines.clusters)
    if "*" not in typed:
        assert result.rows() == result.filter(count=lines.hits, reports=lines.reports, clusters=lines.clusters).rows()


@pytest.mark.parametrize("bad", [-1, 0, 2.5, "3"])
def test_an_invalid_length_of_sequences_is_named(corpus, bad):
    with pytest.raises(ct.InputError, match=r"^n "):
        corpus.frequencies(n=bad)


def test_a_tally_adds_up_squares_and_products(planted):
    partition = planted.words.partition(0)
    result = tally([(partition, None)])
    counts = Counter()
    for doc, text in enumerate(partition.texts):
        counts[doc] = text.split().count("doubled") + text.split().count("doubled.")
    sizes = np.bincount(partition.doc[partition.is_word])
    row = result.terms.filter(term="doubled").row(0, named=True)
    assert row["squares"] == sum(n**2 for n in counts.values())
    assert row["cross"] == sum(n * int(sizes[doc]) for doc, n in counts.items())
    assert (result.words, result.squares) == (sizes.sum(), (sizes**2).sum())
