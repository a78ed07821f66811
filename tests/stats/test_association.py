"""Measures of association, dispersion and diversity, against published examples and other implementations."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from nltk.collocations import BigramAssocMeasures
from planted_corpus import (
    hdd_by_hand,
    mattr_by_hand,
)
from scipy.stats import chi2, chi2_contingency

from corpus_tools.stats import association

CELLS = st.tuples(st.integers(0, 60), st.integers(0, 60), st.integers(1, 5000), st.integers(1, 5000))


@given(CELLS)
def test_g2_is_the_likelihood_ratio_of_four_cells(cells):
    a, b, rest_a, rest_b = cells
    assume(a + b)
    table = [[a, b], [rest_a, rest_b]]
    wanted = chi2_contingency(table, correction=False, lambda_="log-likelihood").statistic
    result = association.g2(np.array([a]), np.array([b]), a + rest_a, b + rest_b)[0]
    assert abs(result) == pytest.approx(wanted, abs=1e-8)
    assert np.sign(result) in {0, np.sign(a / (a + rest_a) - b / (b + rest_b))}


def test_g2_orders_words_as_quantedas_textstat_keyness_does():
    # The example in quanteda's tests of `textstat_keyness(measure = "lr")`; `g`, which has a count of zero, is last
    # there because ln 0 is not a number, so it is left out here.
    target = Counter("a a a b b c c c c c c d e f g h h".split())
    reference = Counter("a a b c c d d d d e f h".split())
    words = np.array(list("cbhaefd"))
    a, b = (np.array([side[word] for word in words]) for side in (target, reference))
    result = association.g2(a, b, target.total(), reference.total())
    assert words[np.argsort(-result, kind="stable")].tolist() == list("cbhaefd")
    assert np.all(np.diff(result) <= 1e-12)


def test_g2_of_a_table_that_quanteda_and_r_agree_on():
    # d1 "b b b b b b b a a a", d2 "a a a a a a a b b": a is 3 of 10 words, and 7 of 9.
    wanted = chi2_contingency([[3, 7], [7, 2]], correction=False, lambda_="log-likelihood").statistic
    assert association.g2(np.array([3]), np.array([7]), 10, 9)[0] == pytest.approx(-wanted)


def test_the_log_ratio_doubles_by_one():
    # Hardie (2014): one point for each doubling; a count of zero is taken as half an occurrence.
    a, b = np.array([8, 4, 2, 1, 0]), np.array([2, 2, 2, 2, 2])
    assert association.log_ratio(a, b, 100, 100).tolist() == pytest.approx([2, 1, 0, -1, -2])
    assert association.log_ratio(a, b, 200, 100).tolist() == pytest.approx([1, 0, -1, -2, -3])


def test_p_values_are_corrected_for_their_number():
    # By hand (Benjamini and Hochberg 1995): p times the number of tests over its rank, at most that of a higher rank.
    p = np.array([0.01, 0.04, 0.03, 0.5])
    result = association.corrected(chi2.isf(p, 1) * [1, -1, 1, -1])
    assert result.tolist() == pytest.approx([0.04, 0.04 * 4 / 3, 0.04 * 4 / 3, 0.5])


def burst(rng: np.random.Generator, reports: int, rate: float) -> tuple[np.ndarray, np.ndarray]:
    """Counts of a word that comes in bursts, and the lengths of the reports."""
    sizes = rng.integers(100, 900, reports)
    return rng.poisson(sizes * rate * rng.gamma(0.2, 5.0, reports)), sizes


def test_the_variance_of_a_rate_is_that_of_the_ratio_estimator():
    counts, sizes = burst(np.random.default_rng(3), 40, 0.01)
    rate = counts.sum() / sizes.sum()
    wanted = 40 / 39 * ((counts - rate * sizes) ** 2).sum() / sizes.sum() ** 2 / rate**2
    sums = ([counts.sum()], [(counts**2).sum()], [(counts * sizes).sum()])
    result = association.rate_variance(*map(np.array, sums), (sizes**2).sum(), sizes.sum(), 40)
    assert result[0] == pytest.approx(wanted)


def test_the_interval_of_the_log_ratio_covers_a_planted_ratio_where_words_come_in_bursts():
    rng = np.random.default_rng(0)
    covered = naive = 0
    for _ in range(500):
        sides = [burst(rng, 300, rate) for rate in (0.004, 0.002)]
        (a, b), (of_a, of_b) = ([x.sum() for x in side] for side in zip(*sides, strict=True))
        ratio = association.log_ratio(np.array([a]), np.array([b]), of_a, of_b)[0]
        variance = sum(
            association.rate_variance(
                np.array([c.sum()]), np.array([(c**2).sum()]), np.array([(c * n).sum()]), (n**2).sum(), n.sum(), len(n)
            )[0]
            for c, n in sides
        )
        covered += abs(ratio - 1) < 1.96 * np.sqrt(variance) / np.log(2)
        naive += abs(ratio - 1) < 1.96 * np.sqrt(1 / a + 1 / b) / np.log(2)
    assert 0.92 <= covered / 500 <= 0.98
    assert naive / 500 < 0.7  # what it would be, were words drawn one by one


@given(st.integers(1, 50), st.integers(0, 50), st.integers(0, 50), st.integers(1, 10**5))
def test_measures_of_collocation_are_those_of_nltk(both, more_node, more_word, rest):
    node, word = both + more_node, both + more_word
    total = node + word + rest
    given = (both, (node, word), total)
    assert association.log_dice(np.array([both]), node, np.array([word]))[0] == pytest.approx(
        14 + np.log2(BigramAssocMeasures.dice(*given))  # Rychly (2008)
    )
    wanted = BigramAssocMeasures.pmi(*given) / -np.log2(both / total)  # Bouma (2009)
    assert association.npmi(np.array([both]), node, np.array([word]), total)[0] == pytest.approx(wanted)
    g2 = association.g2(np.array([both]), np.array([word - both]), node, total - node)[0]
    assert abs(g2) == pytest.approx(BigramAssocMeasures.likelihood_ratio(*given), rel=1e-6, abs=1e-6)


# Gries (2008): five parts of 9, 10, 10, 10 and 11 words.
PARTS = "bamnibeup basatbewqn bcagabesta baghabeaat bahaabeaxat".split()


def test_dispersion_is_that_of_the_published_example():
    counts = np.array([[part.count("a") for part in PARTS]])
    sizes = np.array([len(part) for part in PARTS])
    assert counts.tolist() == [[1, 2, 3, 4, 5]]
    assert association.dp(counts, sizes)[0] == pytest.approx(0.18, abs=5e-3)
    assert association.dp(counts, sizes, normalised=True)[0] == pytest.approx(0.22, abs=5e-3)
    assert association.juilland_d(counts, sizes)[0] == pytest.approx(0.785, abs=5e-4)


@given(st.lists(st.tuples(st.integers(1, 50), st.integers(50, 90)), min_size=2, max_size=8))
def test_dispersion_has_its_bounds(parts):
    sizes = np.array([size for _, size in parts])
    even, one = sizes[None] * 2, np.zeros((1, len(parts)))
    one[0, sizes.argmin()] = 7
    assert association.dp(even, sizes, normalised=True)[0] == pytest.approx(0, abs=1e-12)
    assert association.dp(one, sizes, normalised=True)[0] == pytest.approx(1)
    assert association.juilland_d(even, sizes)[0] == pytest.approx(1)
    assert association.juilland_d(one, sizes)[0] == pytest.approx(0, abs=1e-12)


TEXTS = st.lists(st.sampled_from([f"w{int(k**1.7)}" for k in range(40)]), min_size=60, max_size=200)


def numbers(words: list[str]) -> np.ndarray:
    return np.unique(words, return_inverse=True)[1]


def factors(words: list[str]) -> float:
    """How many times the ratio falls to 0.72; the rest counts as a fraction (McCarthy and Jarvis 2010)."""
    for length in range(1, len(words) + 1):
        if len({*words[:length]}) / length <= 0.72:
            return 1 + factors(words[length:])
    return (1 - len({*words}) / len(words)) / 0.28 if words else 0.0


def mtld_by_hand(words: list[str]) -> float:
    return float(np.mean([len(words) / factors(text) for text in (words, words[::-1])]))


@pytest.mark.slow
@given(TEXTS)
def test_diversity_is_as_defined(words):
    assert association.mattr(numbers(words), 50) == pytest.approx(mattr_by_hand(words, 50))
    assert association.hdd(np.bincount(numbers(words))) == pytest.approx(hdd_by_hand(words))
    assert association.mtld(numbers(words).tolist()) == pytest.approx(mtld_by_hand(words))


def test_mtld_of_the_published_example():
    # McCarthy and Jarvis (2010) count one factor in it: the ratio falls to .667 at the sixth word; what is left has no
    # repetition. Read backwards it falls to .6 at the fifth.
    words = "of the people by the people for the people".split()
    assert association.mtld(numbers(words).tolist()) == pytest.approx(9)
    assert association.mtld([]) != association.mtld([])
    assert association.mtld([0, 1, 2]) == 3  # no word occurs twice: one factor that has not ended
