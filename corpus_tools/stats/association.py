"""Numbers that say how a word is spread, how it keeps company, how two corpora differ, how rich a text is.

All are functions of counts, in arrays; nothing here knows of a corpus.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln, xlogy
from scipy.stats import chi2, false_discovery_control

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[Any]
# Of a text, so many words are drawn for HD-D (McCarthy and Jarvis 2007); of fewer it says nothing.
DRAWN = 42


def g2(a: Counts, b: Counts, of_a: Counts | int, of_b: Counts | int) -> Floats:
    """Measure how surely two rates differ: the log-likelihood ratio of four cells (Dunning 1993), with a sign.

    G2 = 2 sum O ln(O / E) over the word and all other words in both corpora; above zero where the first one has the
    higher rate. Its square root is about a standard normal if words are independent draws, which they are not: read it
    beside the interval of the log ratio, which asks how many reports a word stands in.

    Parameters
    ----------
    a, b
        Arrays (words,): how often each word stands in either corpus.
    of_a, of_b
        How many words each corpus has.

    Examples
    --------
    >>> g2(np.array([10, 1]), np.array([1, 10]), 1000, 1000).round(3).tolist()
    [8.588, -8.588]
    """
    a, b, of_a, of_b = (np.asarray(x, dtype=np.float64) for x in (a, b, of_a, of_b))
    rate = (a + b) / (of_a + of_b)
    # 0 ln 0 is 0.
    found = xlogy(a, a) - xlogy(a, of_a * rate) + xlogy(b, b) - xlogy(b, of_b * rate)
    for rest, of in ((of_a - a, of_a), (of_b - b, of_b)):
        found = found + xlogy(rest, rest) - xlogy(rest, of * (1 - rate))
    signed: Floats = np.sign(a * of_b - b * of_a) * 2 * np.maximum(found, 0)
    return signed


def corrected(g2: Floats) -> Floats:
    """Give the p-values of G2, corrected for their number (Benjamini and Hochberg 1995).

    Parameters
    ----------
    g2
        Array (words,); its sign does not matter. As chi-squared of one degree of freedom.

    Examples
    --------
    >>> corrected(np.array([8.588, -8.588, 0.1])).round(4).tolist()
    [0.0051, 0.0051, 0.7518]
    """
    found: Floats = false_discovery_control(chi2.sf(np.abs(g2), 1)) if len(g2) else g2
    return found


def log_ratio(a: Counts, b: Counts, of_a: Counts | int, of_b: Counts | int) -> Floats:
    """Measure how much two rates differ: the binary logarithm of their ratio (Hardie 2014).

    1 is twice as often, 2 four times, -1 half as often. A word that one of the two never has counts there as half an
    occurrence.

    Parameters
    ----------
    a, b
        Arrays (words,): how often each word stands in either corpus.
    of_a, of_b
        How many words each corpus has.

    Examples
    --------
    >>> log_ratio(np.array([40, 3]), np.array([10, 0]), 1000, 1000).round(3).tolist()
    [2.0, 2.585]
    """
    a, b = (np.where(np.asarray(x) == 0, 0.5, x) for x in (a, b))
    return np.log2(a / of_a) - np.log2(b / of_b)


def rate_variance(  # noqa: PLR0913, PLR0917 - the sums that the formula has
    count: Counts, squares: Counts, cross: Counts, sizes: Counts | int, of: int, units: int
) -> Floats:
    """Give the variance of the natural logarithm of a rate, reports being drawn and not words.

    A word comes in bursts, so the interval of a rate has to ask how it varies between independent reports: with c the
    count and n the length of each, the rate r = sum c / sum n has the variance m / (m - 1) sum (c - r n)^2 / (sum n)^2
    over m reports (ratio estimator, Cochran 1977, chapter 6). For a word that never stands twice in a report it comes
    near to 1 / count, that of independent draws. A count of zero has that of half an occurrence.

    Parameters
    ----------
    count, squares, cross
        Arrays (words,): sums over the reports of c, of c squared, and of c times n.
    sizes
        Sum over the reports of n squared.
    of, units
        Sum of n, and number of reports.

    Returns
    -------
    Array (words,).

    Examples
    --------
    Of two words in four reports of 100 words each, one stands once in each, the other four times in one.

    >>> rate_variance(np.array([4, 4]), np.array([4, 16]), np.array([400, 400]), 40000, 400, 4).tolist()
    [0.0, 1.0]
    """
    rate = count / of
    spread = squares - 2 * rate * cross + rate**2 * sizes
    correction = units / (units - 1) if units > 1 else np.nan
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(count > 0, correction * spread / count.astype(np.float64) ** 2, 2.0)


def log_dice(both: Counts, node: Counts | int, word: Counts) -> Floats:
    """Measure how typical a word is of another: 14 + log2(2 f(xy) / (f(x) + f(y))) (Rychly 2008).

    It does not grow with the corpus. One more is twice as typical. 14 is the most, but for a word that stands more than
    once beside each.

    Parameters
    ----------
    both
        Array (words,): how often each stands near the other.
    node, word
        How often the other stands anywhere, and array (words,): how often each does.

    Examples
    --------
    >>> log_dice(np.array([50, 5]), 50, np.array([50, 950])).round(3).tolist()
    [14.0, 7.356]
    """
    found: Floats = 14 + np.log2(2 * np.asarray(both, dtype=np.float64) / (np.asarray(node) + np.asarray(word)))
    return found


def npmi(both: Counts, node: Counts | int, word: Counts, of: int) -> Floats:
    """Measure how much oftener two things meet than by chance: pointwise mutual information, normalised (Bouma 2009).

    ln(p(xy) / (p(x) p(y))) / -ln p(xy): 1 if they never come apart, 0 as by chance, -1 if they never meet.

    Parameters
    ----------
    both
        Array (words,): how often each stands where the other might.
    node, word
        How many such places there are, and array (words,): how often each stands anywhere.
    of
        How many words there are in all.

    Examples
    --------
    >>> npmi(np.array([50, 25, 0]), 50, np.array([50, 500, 9]), 1000).round(3).tolist()
    [1.0, 0.0, -1.0]
    """
    both = np.asarray(both, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.log(both * of / (np.asarray(node, dtype=np.float64) * word)) / -np.log(both / of)
    return np.where(both == 0, -1.0, np.where(both == of, 1.0, found))


def dp(counts: Counts, sizes: Counts, *, normalised: bool = False) -> Floats:
    """Measure how unevenly a word is spread over parts of a corpus: the deviation of proportions (Gries 2008).

    DP = sum |v - s| / 2, with v the part's share of the word and s its share of all words: 0 is spread evenly, near to
    1 all in one small part. Normalised by 1 - min s it reaches 1 (Lijffijt and Gries 2012).

    Parameters
    ----------
    counts
        Array (words, parts).
    sizes
        Array (parts,): how many words each part has.

    Returns
    -------
    Array (words,); NaN for a word that never stands there.

    Examples
    --------
    >>> counts, sizes = np.array([[5, 5], [10, 0]]), np.array([500, 500])
    >>> dp(counts, sizes).tolist(), dp(counts, sizes, normalised=True).tolist()
    ([0.0, 0.5], [0.0, 1.0])
    """
    share = np.asarray(sizes) / np.sum(sizes)
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = np.abs(counts / np.sum(counts, axis=-1, keepdims=True) - share).sum(axis=-1) / 2
        return found / (1 - share.min()) if normalised else found


def juilland_d(counts: Counts, sizes: Counts) -> Floats:
    """Measure how evenly a word is spread over parts of a corpus: Juilland's D (Juilland et al. 1970).

    D = 1 - V / sqrt(k - 1), with V the coefficient of variation of the word's rates in k parts: 1 is spread evenly, 0
    all in one part.

    Parameters
    ----------
    counts
        Array (words, parts).
    sizes
        Array (parts,): how many words each part has.

    Returns
    -------
    Array (words,); NaN for a word that never stands there.

    Examples
    --------
    >>> juilland_d(np.array([[5, 5], [10, 0]]), np.array([500, 500])).tolist()
    [1.0, 0.0]
    """
    rates = np.asarray(counts) / np.asarray(sizes)
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = 1 - rates.std(axis=-1) / rates.mean(axis=-1) / np.sqrt(rates.shape[-1] - 1)
    return found


def mattr(words: Counts, window: int = 50) -> float:
    """Measure how rich a text is in different words, whatever its length: the moving-average type-token ratio.

    The mean, over all windows of so many words, of the share of different ones (Covington and McFall 2010). NaN for a
    text shorter than a window.

    Parameters
    ----------
    words
        Array (tokens,): a number for each word of the text, the same for the same word.

    Examples
    --------
    >>> mattr(np.array([0, 1, 0, 2]), window=2), mattr(np.array([0, 0, 0]), window=2)
    (1.0, 0.5)
    """
    n = len(words)
    if n < window:
        return float("nan")
    # In a window, a word is new at its first place there. So each token is counted in those windows that hold it but
    # not the place where the same word stood before.
    at = np.arange(n)
    order = np.argsort(words, kind="stable")
    same = np.asarray(words)[order][1:] == np.asarray(words)[order][:-1]
    before = np.full(n, -1)
    before[order[1:][same]] = order[:-1][same]
    first = np.maximum(np.maximum(before + 1, at - window + 1), 0)
    windows = np.minimum(at, n - window) - first + 1
    return float(np.maximum(windows, 0).sum() / (window * (n - window + 1)))


def mtld(words: Sequence[int], threshold: float = 0.72) -> float:
    """Measure how rich a text is in different words: how long a stretch keeps its type-token ratio (McCarthy 2010).

    A stretch ends when the ratio falls to the threshold; what is left over at the end counts as part of one; the
    measure is the mean length of a stretch, forwards and backwards. NaN for an empty text.

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
    return (_stretches(words, threshold) + _stretches(words[::-1], threshold)) / 2


def _stretches(words: Sequence[int], threshold: float) -> float:
    factors, seen, length = 0.0, set[int](), 0
    for word in words:
        seen.add(word)
        length += 1
        if len(seen) <= threshold * length:
            factors += 1
            seen, length = set(), 0
    if length:
        factors += (1 - len(seen) / length) / (1 - threshold)
    # No word comes twice: the whole text is a stretch that has not ended.
    return len(words) / factors if factors else float(len(words))


def hdd(often: Counts, draws: int = DRAWN) -> float:
    """Measure how rich a text is in different words: the share of different ones among 42 drawn (HD-D).

    The sum over the different words of the chance to be drawn at least once, without replacement, divided by the number
    of draws (McCarthy and Jarvis 2007). NaN for a text shorter than that.

    Parameters
    ----------
    often
        Array (different words,): how often each stands in the text.

    Examples
    --------
    >>> round(hdd(np.ones(100)), 3), round(hdd(np.array([50, 50])), 3)
    (1.0, 0.048)
    """
    n = int(np.sum(often))
    if n < draws:
        return float("nan")
    some, words = np.unique(np.asarray(often), return_counts=True)
    rest = n - some
    # ln of C(n - f, draws) / C(n, draws): the chance that none of f is drawn.
    none = gammaln(rest + 1) - gammaln(np.maximum(rest - draws, 0) + 1) - gammaln(n + 1) + gammaln(n - draws + 1)
    return float((words * (1 - np.where(rest >= draws, np.exp(none), 0.0))).sum() / draws)
