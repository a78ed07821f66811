"""Measures of keyness, collocation, dispersion and lexical diversity, as functions of arrays of counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln, xlogy
from scipy.stats import chi2, false_discovery_control

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[Any]
DRAWN = 42  # words drawn for HD-D (McCarthy and Jarvis 2007), which is undefined for shorter texts


def g2(a: Counts, b: Counts, of_a: Counts | int, of_b: Counts | int) -> Floats:
    """Return the signed log-likelihood ratio of two rates, G2 (Dunning 1993).

    G2 = 2 sum O ln(O / E) over the word and all other words in both corpora; positive if the first corpus has the
    higher rate. Its square root is approximately standard normal if words are independent draws, which they are not: so
    read it together with the interval of the log ratio, which takes reports as independent.

    Parameters
    ----------
    a, b
        Arrays (words,): the count of each word in either corpus.
    of_a, of_b
        The number of words in each corpus.

    Examples
    --------
    >>> g2(np.array([10, 1]), np.array([1, 10]), 1000, 1000).round(3).tolist()
    [8.588, -8.588]
    """
    a, b, of_a, of_b = (np.asarray(x, dtype=np.float64) for x in (a, b, of_a, of_b))
    rate = (a + b) / (of_a + of_b)
    # xlogy, because 0 ln 0 is 0.
    half = xlogy(a, a) - xlogy(a, of_a * rate) + xlogy(b, b) - xlogy(b, of_b * rate)
    for rest, size in ((of_a - a, of_a), (of_b - b, of_b)):
        half = half + xlogy(rest, rest) - xlogy(rest, size * (1 - rate))
    signed: Floats = np.sign(a * of_b - b * of_a) * 2 * np.maximum(half, 0)
    return signed


def corrected(g2: Floats) -> Floats:
    """Return the p-values of G2, corrected for their number (Benjamini and Hochberg 1995).

    Parameters
    ----------
    g2
        Array (words,): chi-squared with one degree of freedom; the sign does not matter.

    Examples
    --------
    >>> corrected(np.array([8.588, -8.588, 0.1])).round(4).tolist()
    [0.0051, 0.0051, 0.7518]
    """
    q: Floats = false_discovery_control(chi2.sf(np.abs(g2), 1)) if len(g2) else g2
    return q


def log_ratio(a: Counts, b: Counts, of_a: Counts | int, of_b: Counts | int) -> Floats:
    """Return the binary logarithm of the ratio of two rates (Hardie 2014).

    1 is twice as often, 2 four times, -1 half as often. A count of zero is taken as half an occurrence.

    Parameters
    ----------
    a, b, of_a, of_b
        As in `g2`.

    Examples
    --------
    >>> log_ratio(np.array([40, 3]), np.array([10, 0]), 1000, 1000).round(3).tolist()
    [2.0, 2.585]
    """
    a, b = (np.where(np.asarray(x) == 0, 0.5, x) for x in (a, b))
    return np.log2(a / of_a) - np.log2(b / of_b)


def rate_variance(  # noqa: PLR0913, PLR0917 - the sums that the formula has
    count: Counts, squares: Counts, cross: Counts, sizes: Counts | int, total: int, units: int
) -> Floats:
    """Return the variance of the natural logarithm of a rate, with reports instead of words as independent draws.

    Words come in bursts, so the interval of a rate depends on how the rate varies between reports. With c the count and
    n the length of each of m reports, the rate r = sum c / sum n has the variance
    m / (m - 1) sum (c - r n)^2 / (sum n)^2 (ratio estimator, Cochran 1977, chapter 6). For a word that never occurs
    twice in a report, this is close to 1 / count, the variance of independent draws. A count of zero has the variance
    of half an occurrence.

    Parameters
    ----------
    count, squares, cross
        Arrays (words,): sums over the reports of c, of c squared, and of c times n.
    sizes
        Sum over the reports of n squared.
    total, units
        Sum of n, and number of reports.

    Returns
    -------
    Array (words,).

    Examples
    --------
    In four reports of 100 words, one word occurs once in each, the other four times in one.

    >>> rate_variance(np.array([4, 4]), np.array([4, 16]), np.array([400, 400]), 40000, 400, 4).tolist()
    [0.0, 1.0]
    """
    rate = count / total
    spread = squares - 2 * rate * cross + rate**2 * sizes
    correction = units / (units - 1) if units > 1 else np.nan
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(count > 0, correction * spread / count.astype(np.float64) ** 2, 2.0)


def log_dice(both: Counts, node: Counts | int, word: Counts) -> Floats:
    """Return logDice, 14 + log2(2 f(xy) / (f(x) + f(y))), which measures how typical a word is of a node (Rychly 2008).

    It does not depend on the size of the corpus. One more is twice as typical. The maximum is 14, but for a word that
    occurs more than once near each node.

    Parameters
    ----------
    both
        Array (words,): occurrences of each word near the node.
    node, word
        Occurrences of the node, and array (words,): occurrences of each word.

    Examples
    --------
    >>> log_dice(np.array([50, 5]), 50, np.array([50, 950])).round(3).tolist()
    [14.0, 7.356]
    """
    score: Floats = 14 + np.log2(2 * np.asarray(both, dtype=np.float64) / (np.asarray(node) + np.asarray(word)))
    return score


def npmi(both: Counts, node: Counts | int, word: Counts, total: int) -> Floats:
    """Return normalised pointwise mutual information, ln(p(xy) / (p(x) p(y))) / -ln p(xy) (Bouma 2009).

    1 if two things only occur together, 0 if they occur together as often as by chance, -1 if they never do.

    Parameters
    ----------
    both
        Array (words,): occurrences of each word in the positions near the node.
    node, word
        The number of these positions, and array (words,): occurrences of each word.
    total
        The number of words.

    Examples
    --------
    >>> npmi(np.array([50, 25, 0]), 50, np.array([50, 500, 9]), 1000).round(3).tolist()
    [1.0, 0.0, -1.0]
    """
    both = np.asarray(both, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        score = np.log(both * total / (np.asarray(node, dtype=np.float64) * word)) / -np.log(both / total)
    return np.where(both == 0, -1.0, np.where(both == total, 1.0, score))


def dp(counts: Counts, sizes: Counts, *, normalised: bool = False) -> Floats:
    """Return the deviation of proportions, which measures how unevenly a word is spread over parts (Gries 2008).

    DP = sum |v - s| / 2, where v is the share of the word's occurrences in a part of the corpus, and s the share of all
    words: 0 is spread evenly, almost 1 all in one small part. Divided by 1 - min s, its maximum is 1 (Lijffijt and
    Gries 2012).

    Parameters
    ----------
    counts
        Array (words, parts).
    sizes
        Array (parts,): the number of words in each part.
    normalised
        Whether to divide by 1 - min s.

    Returns
    -------
    Array (words,); NaN for a word without occurrences.

    Examples
    --------
    >>> counts, sizes = np.array([[5, 5], [10, 0]]), np.array([500, 500])
    >>> dp(counts, sizes).tolist(), dp(counts, sizes, normalised=True).tolist()
    ([0.0, 0.5], [0.0, 1.0])
    """
    share = np.asarray(sizes) / np.sum(sizes)
    with np.errstate(divide="ignore", invalid="ignore"):
        deviation: Floats = np.abs(counts / np.sum(counts, axis=-1, keepdims=True) - share).sum(axis=-1) / 2
        return deviation / (1 - share.min()) if normalised else deviation


def juilland_d(counts: Counts, sizes: Counts) -> Floats:
    """Return Juilland's D, which measures how evenly a word is spread over parts (Juilland et al. 1970).

    D = 1 - V / sqrt(k - 1), with V the coefficient of variation of the word's rates in k parts: 1 is spread evenly, 0
    all in one part.

    Parameters
    ----------
    counts, sizes
        As in `dp`.

    Returns
    -------
    Array (words,); NaN for a word without occurrences.

    Examples
    --------
    >>> juilland_d(np.array([[5, 5], [10, 0]]), np.array([500, 500])).tolist()
    [1.0, 0.0]
    """
    rates = np.asarray(counts) / np.asarray(sizes)
    with np.errstate(divide="ignore", invalid="ignore"):
        d: Floats = 1 - rates.std(axis=-1) / rates.mean(axis=-1) / np.sqrt(rates.shape[-1] - 1)
    return d


def mattr(words: Counts, window: int = 50) -> float:
    """Return the moving-average type-token ratio, a measure of lexical diversity that does not depend on length.

    It is the mean share of different words in all windows of the text (Covington and McFall 2010); NaN for a text that
    is shorter than a window.

    Parameters
    ----------
    words
        Array (tokens,): an integer for each word of the text, equal for equal words.
    window
        Words in a window.

    Examples
    --------
    >>> mattr(np.array([0, 1, 0, 2]), window=2), mattr(np.array([0, 0, 0]), window=2)
    (1.0, 0.5)
    """
    n = len(words)
    if n < window:
        return float("nan")
    # Each token is a different word of those windows that contain it, but not the previous token of the same word.
    tokens = np.arange(n)
    order = np.argsort(words, kind="stable")
    same = np.asarray(words)[order][1:] == np.asarray(words)[order][:-1]
    before = np.full(n, -1)
    before[order[1:][same]] = order[:-1][same]
    first = np.maximum(np.maximum(before + 1, tokens - window + 1), 0)
    windows = np.minimum(tokens, n - window) - first + 1
    return float(np.maximum(windows, 0).sum() / (window * (n - window + 1)))


def mtld(words: Sequence[int], threshold: float = 0.72) -> float:
    """Return MTLD, the mean length of a factor: a run of words whose type-token ratio stays above a threshold.

    A factor ends when the ratio falls to the threshold. The rest of the text counts as a fraction of a factor. The mean
    is that of reading forwards and backwards; NaN for an empty text.

    References
    ----------
    McCarthy, P. M., and Jarvis, S. (2010). MTLD, vocd-D, and HD-D. Behavior Research Methods 42.

    Examples
    --------
    >>> mtld([0, 1, 0, 1, 0, 1])
    3.0
    """
    if not len(words):
        return float("nan")
    return (_factor_length(words, threshold) + _factor_length(words[::-1], threshold)) / 2


def _factor_length(words: Sequence[int], threshold: float) -> float:
    factors, seen, length = 0.0, set[int](), 0
    for word in words:
        seen.add(word)
        length += 1
        if len(seen) <= threshold * length:
            factors += 1
            seen, length = set(), 0
    if length:
        factors += (1 - len(seen) / length) / (1 - threshold)
    # If no word occurs twice, the text is a factor that has not ended.
    return len(words) / factors if factors else float(len(words))


def hdd(counts: Counts, draws: int = DRAWN) -> float:
    """Return HD-D, the expected share of different words among some drawn without replacement.

    It is the sum over the different words of the probability that each is drawn at least once, divided by the number of
    draws (McCarthy and Jarvis 2007); NaN for a text with fewer words.

    Parameters
    ----------
    counts
        Array (different words,): occurrences of each in the text.
    draws
        Words drawn.

    Examples
    --------
    >>> round(hdd(np.ones(100)), 3), round(hdd(np.array([50, 50])), 3)
    (1.0, 0.048)
    """
    n = int(np.sum(counts))
    if n < draws:
        return float("nan")
    distinct, words = np.unique(np.asarray(counts), return_counts=True)
    rest = n - distinct
    # ln of C(n - f, draws) / C(n, draws), the probability that none of f occurrences is drawn.
    none = gammaln(rest + 1) - gammaln(np.maximum(rest - draws, 0) + 1) - gammaln(n + 1) + gammaln(n - draws + 1)
    return float((words * (1 - np.where(rest >= draws, np.exp(none), 0.0))).sum() / draws)
