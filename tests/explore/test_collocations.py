"""Collocations, counted by hand and with NLTK's association."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import polars as pl
import pytest
from nltk.collocations import BigramAssocMeasures
from planted_corpus import (
    is_word,
)
from scipy.stats import chi2, false_discovery_control

from corpus_tools.errors import InputError
from corpus_tools.explore import collocations
from corpus_tools.explore.word_index import Selection
from corpus_tools.stats import association


@pytest.mark.parametrize(("typed", "window"), [("army", 1), ("army", 5), ("the", 3), ("the attack", 2)])
def test_words_in_a_window_are_counted_as_by_hand(corpus, sentences, typed, window):
    node = typed.split()
    together, left, hits, inside = Counter(), Counter(), 0, 0
    for _, tokens in sentences:
        words = [token for token in tokens if is_word(token)]
        # A sequence is found in neighbouring tokens, with no punctuation between.
        positions = [
            k for k in range(len(words)) if words[k : k + len(node)] == node and _neighbours(tokens, words, k, node)
        ]
        hits += len(positions)
        own = {k + i for k in positions for i in range(len(node))}
        sides = {}
        for step in range(1, window + 1):
            for sign in (1, -1):
                for k in positions:
                    to = k + len(node) - 1 + step if sign > 0 else k - step
                    if 0 <= to < len(words) and to not in own:
                        sides.setdefault(to, sign)
        inside += len(sides)
        together.update(words[k] for k in sides)
        left.update(words[k] for k, sign in sides.items() if sign < 0)
    result = corpus.collocations(typed, window=window, min_together=1)
    assert dict(result.frame.select("term", "together").iter_rows()) == together
    assert {t: n for t, n in result.frame.select("term", "left").iter_rows() if n} == left
    counts = Counter(word for _, tokens in sentences for word in tokens if is_word(word))
    assert dict(result.frame.select("term", "count").iter_rows()) == {term: counts[term] for term in together}
    word, n = together.most_common(1)[0]
    row = result.frame.row(by_predicate=pl.col("term") == word, named=True)
    cells = (n, (inside, counts[word]), counts.total())
    assert abs(row["g2"]) == pytest.approx(BigramAssocMeasures.likelihood_ratio(*cells), rel=1e-6, abs=1e-6)
    assert row["log_dice"] == pytest.approx(14 + np.log2(2 * n / (hits + counts[word])))


def _neighbours(tokens: list[str], words: list[str], k: int, node: list[str]) -> bool:
    places = [i for i, token in enumerate(tokens) if is_word(token)]
    return all(b - a == 1 for a, b in pairwise(places[k : k + len(node)]))


def test_rare_collocates_are_left_out_and_pairs_are_those_of_the_list(corpus):
    all_of, some = (corpus.collocations("army", min_together=n) for n in (1, 8))
    assert some.frame["term"].to_list() == [t for t, n in all_of.frame.select("term", "together").iter_rows() if n >= 8]
    assert some.frame.equals(some.frame.sort("log_dice", "term", descending=[True, False]))
    assert {*some.pairs["term"], *some.pairs["other"]} <= {*some.frame["term"]}
    assert (some.pairs["term"] < some.pairs["other"]).all()
    with pytest.raises(InputError, match="window 0"):
        corpus.collocations("army", window=0)


def test_p_values_are_corrected_for_all_words_and_not_only_for_collocates(corpus):
    result, some = (corpus.collocations("army", window=1, min_together=n).frame for n in (1, 8))
    count = corpus.frequencies().frame.filter(pl.col("term") != "army")
    words = corpus.frequencies().frame["count"].sum()
    both = count.join(result.select("term", "together"), on="term", how="left").fill_null(0)
    assert both.filter(together=0).height > 3
    a, c = both["together"].to_numpy(), both["count"].to_numpy()
    g2 = association.g2(a, c - a, a.sum(), words - a.sum())
    family = dict(zip(both["term"], false_discovery_control(chi2.sf(np.abs(g2), 1)), strict=True))
    for row in some.iter_rows(named=True):
        assert row["q"] == pytest.approx(family[row["term"]], rel=1e-6)


def test_a_word_of_two_windows_belongs_to_the_nearer_hit(planted):
    partition = planted.words.partition(0)
    positions = np.array([0, 4], dtype=np.int32)
    side, whose = collocations._sides(partition, positions, np.array([1, 1], dtype=np.int32), partition.is_word, 3)
    assert side[:7].tolist() == [0, 1, 1, -1, 0, 1, 1]
    assert whose[[1, 3, 5]].tolist() == [0, 1, 1]
    assert Selection() == planted.words.select({})
