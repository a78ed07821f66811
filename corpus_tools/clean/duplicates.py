"""Near-duplicates: one wire report that several outlets print, or one outlet several times, within a few days.

Reports are compared by their shingles, runs of five words (Broder 1997). Outlets cut a wire report from its end and put
a paragraph of their own before it. The measure is therefore containment, the share of the shorter report's shingles
that the other one contains, and not the resemblance of the two reports.

Clusters are those of the whole corpus: a later report can join two clusters of earlier ones. A passage printed on more
days than the window has is taken for boilerplate. This has a limit: a report that is printed again, edited, on each of
more days than that counts as boilerplate too, and each day as a report of its own.
"""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from corpus_tools.clean.params import CleanParams

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]

_WORDS = 5  # shorter runs are stock phrases ("told reporters on Monday"), longer ones break at each edit
# One shingle in four (2 to this power) is kept, which takes a fourth of the memory. The hash decides, so that all
# reports keep the same ones.
_KEPT_BITS = 2
# Two reports with fewer shingles in common merely quote the same sentence.
_FEWEST_SHARED = 5
# Each occurrence of a shingle is compared with this many next ones. If more reports share it, they form a chain.
_NEIGHBOURS = 16
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)  # 2^64 over the golden ratio: multiplicative hashing (Knuth 1973)


def hash_shingles(bodies: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Hash the shingles of texts and keep one in four.

    Parameters
    ----------
    bodies
        The reports' own words.

    Returns
    -------
    The number of shingles kept of each text; and their hashes (32 bits), text by text, ascending and without repeats.

    Examples
    --------
    >>> text = "Rebels seized the town on Monday after three days of heavy shelling, residents said by telephone."
    >>> counts, hashes = hash_shingles(pl.Series([text, text.upper(), "Too short."]))
    >>> counts.to_list(), hashes.to_list()
    ([2, 2, 0], [1045656111, 2613267390, 1045656111, 2613267390])
    """
    words = bodies.str.to_lowercase().str.extract_all(r"\w+")
    lengths = words.list.len().to_numpy().astype(np.int64)
    text_of_word = np.repeat(np.arange(len(lengths)), lengths)
    flat = words.explode(empty_as_null=False, keep_nulls=False)
    starts, hashes = _hash_runs(_hash_words(flat), text_of_word)
    kept = hashes & np.uint64(2**_KEPT_BITS - 1) == 0
    texts = text_of_word[starts[kept]].astype(np.uint64)
    pairs = np.unique(texts << np.uint64(32) | hashes[kept] >> np.uint64(32))  # text and hash in one number
    counts = np.bincount((pairs >> np.uint64(32)).astype(np.int64), minlength=len(lengths))
    return pl.Series(counts, dtype=pl.Int32), pl.Series(pairs.astype(np.uint32))


def _hash_words(words: pl.Series) -> Hashes:
    distinct = words.unique()
    hashes = [int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "little") for word in distinct]
    return np.asarray(np.array(hashes, np.uint64)[words.cast(pl.Enum(distinct)).to_physical().to_numpy()])


def _hash_runs(words: Hashes, text_of_word: Ints) -> tuple[Ints, Hashes]:
    """Return the start and the hash of each run of words that lies within one text."""
    n = max(len(words) - _WORDS + 1, 0)
    hashes = np.zeros(n, np.uint64)
    for i in range(_WORDS):
        hashes = (hashes ^ words[i : n + i]) * _MULTIPLIER  # integers modulo 2^64
        hashes ^= hashes >> np.uint64(32)
    starts = np.flatnonzero(text_of_word[:n] == text_of_word[_WORDS - 1 :][:n])
    return starts, hashes[starts]


def find_clusters(bodies: pl.DataFrame, hashes: pl.Series, params: CleanParams) -> pl.DataFrame:
    """Find clusters of near-duplicates, named after the report printed first.

    Two reports printed at most `duplicate_days` apart are near-duplicates if they have the same words, or if one
    contains `duplicate_share` of the shingles of the other, shorter one. A copy of a copy belongs to the cluster, so a
    cluster can span more days than that. A report without a date joins only reports of the same words.

    Parameters
    ----------
    bodies
        doc_id, published, body_hash (of all words of a report), shingles (their number): one row per report, in any
        order.
    hashes
        The shingles of all reports, in the order of `bodies`.
    params
        `duplicate_days` and `duplicate_share`.

    Returns
    -------
    doc_id, cluster_id, is_first_report, in the order of publication, with one row per report.

    Examples
    --------
    >>> from datetime import date
    >>> columns = {"published": date(2022, 4, 8), "body_hash": 1, "shingles": 2}
    >>> bodies = pl.DataFrame([{"doc_id": doc_id} | columns for doc_id in "ab"])
    >>> find_clusters(bodies, pl.Series([10, 20] * 2, dtype=pl.UInt64), CleanParams()).rows()
    [('a', 'a', True), ('b', 'a', False)]
    """
    ordered = bodies.with_row_index("row").sort("published", "doc_id", nulls_last=True)
    n = ordered.height
    rank = np.zeros(n, np.int64)
    rank[ordered["row"].to_numpy()] = np.arange(n)
    # Reports without a date get days far apart, so that no window holds two of them.
    day = ordered["published"].to_physical().cast(pl.Int64)
    days = day.fill_null(pl.Series(2**40 + np.arange(n) * 2**20)).to_numpy() if day.null_count() else day.to_numpy()
    ranks = np.repeat(rank, bodies["shingles"].to_numpy())
    contained = _contained_pairs(ranks, hashes.to_numpy(), days, params)
    one, other = (np.concatenate(both) for both in zip(contained, _identical_pairs(ordered, params), strict=True))
    links = coo_array((np.ones(len(one), np.int8), (one, other)), shape=(n, n))
    _, cluster = connected_components(links, directed=False)
    first = np.unique(cluster, return_index=True)[1][cluster]
    doc_id = ordered["doc_id"]
    return pl.DataFrame(
        {"doc_id": doc_id, "cluster_id": doc_id.gather(first), "is_first_report": first == np.arange(n)}
    )


def _identical_pairs(ordered: pl.DataFrame, params: CleanParams) -> tuple[Ints, Ints]:
    """Pair each report with the next one of the same words, unless too many days lie between them."""
    rows = ordered.select("body_hash", "published", row=pl.int_range(pl.len()))
    pairs = rows.with_columns(pl.col("row", "published").shift(-1).over("body_hash").name.prefix("next_"))
    apart = (pl.col("next_published") - pl.col("published")).dt.total_days()
    near = pairs.filter(pl.col("next_row").is_not_null(), apart.fill_null(0) <= params.duplicate_days)
    return near["row"].to_numpy(), near["next_row"].to_numpy()


def _contained_pairs(ranks: Ints, hashes: npt.NDArray[np.uint32], days: Ints, params: CleanParams) -> tuple[Ints, Ints]:
    """Pair reports if one contains enough of the shingles of the other, shorter one.

    Parameters
    ----------
    ranks, hashes
        Arrays (S,): each shingle's report, by its rank in time, and its hash.
    days
        Array (D,): the day of each report, ascending.
    """
    pairs = np.sort(hashes.astype(np.uint64) << np.uint64(32) | ranks.astype(np.uint64))  # hash and rank in one number
    hashes, ranks = (pairs >> np.uint64(32)).astype(np.uint32), (pairs & np.uint64(2**32 - 1)).astype(np.int64)
    kept = ~_is_boilerplate(hashes, days[ranks], params.duplicate_days + 1)
    hashes, ranks = hashes[kept], ranks[kept]
    shared_pairs = [np.zeros(0, np.int64)]
    for step in range(1, min(_NEIGHBOURS, len(ranks) - 1) + 1):
        one, other = ranks[:-step], ranks[step:]
        near = (hashes[step:] == hashes[:-step]) & (days[other] - days[one] <= params.duplicate_days)
        shared_pairs.append(one[near] * len(days) + other[near])
    pair, shared = np.unique(np.concatenate(shared_pairs), return_counts=True)
    one, other = np.divmod(pair, max(len(days), 1))
    sizes = np.bincount(ranks, minlength=len(days))  # without boilerplate
    enough = (shared >= _FEWEST_SHARED) & (shared >= params.duplicate_share * np.minimum(sizes[one], sizes[other]))
    return one[enough], other[enough]


def _is_boilerplate(hashes: npt.NDArray[np.uint32], days: Ints, most_days: int) -> Bools:
    """Return, for shingles sorted by hash and day, whether each occurs on more than `most_days` days."""
    if not len(hashes):
        return np.zeros(0, np.bool_)
    new_hash = np.append(True, hashes[1:] != hashes[:-1])
    starts = np.flatnonzero(new_hash)
    day_counts = np.add.reduceat(new_hash | np.append(True, days[1:] != days[:-1]), starts, dtype=np.int64)
    return np.repeat(day_counts > most_days, np.diff(np.append(starts, len(hashes))))
