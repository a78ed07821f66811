"""Near-duplicates: one wire report, printed by several outlets or several times, within some days.

Reports are compared by their shingles, runs of five words (Broder 1997). Outlets cut a wire report from its end and put
a paragraph of their own before it, so what counts is how much of the shorter report stands in the other one too
(containment), and not how alike the two are as wholes.

What is found is of the whole corpus: a later report may show that two earlier ones are one. A passage that stands on
more days than a window has is taken for what an outlet puts under its reports; so a report that is printed anew,
edited, on every day of a week or more is not told from that, and counts each day.
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

_WORDS = 5  # shorter runs are phrases of the trade ("told reporters on Monday"), longer ones break at each edit
# One shingle in so many is kept, by its hash, so the same ones in every report: a fourth of the memory. (2 to this.)
_KEPT_BITS = 2
# So few in common are a sentence that both quote.
_FEWEST_SHARED = 5
# A shingle is looked for in so many next reports only; beyond, a report that dozens printed holds together as a chain.
_NEIGHBOURS = 16
_ODD = np.uint64(0x9E3779B97F4A7C15)  # 2^64 over the golden ratio: multiplicative hashing (Knuth 1973)


def shingles(bodies: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Hash the shingles of texts, and keep one in four.

    Parameters
    ----------
    bodies
        The reports' own words.

    Returns
    -------
    How many are kept of each text, and the hashes (32 bits), text by text, in order and each once.

    Examples
    --------
    >>> text = "Rebels seized the town on Monday after three days of heavy shelling, residents said by telephone."
    >>> counts, found = shingles(pl.Series([text, text.upper(), "Too short."]))
    >>> counts.to_list(), found.to_list()
    ([2, 2, 0], [1045656111, 2613267390, 1045656111, 2613267390])
    """
    words = bodies.str.to_lowercase().str.extract_all(r"\w+")
    lengths = words.list.len().to_numpy().astype(np.int64)
    row = np.repeat(np.arange(len(lengths)), lengths)
    flat = words.explode(empty_as_null=False, keep_nulls=False)
    at, hashes = _runs(_of_words(flat), row)
    kept = hashes & np.uint64(2**_KEPT_BITS - 1) == 0
    found = np.unique(row[at[kept]].astype(np.uint64) << np.uint64(32) | hashes[kept] >> np.uint64(32))
    counts = np.bincount((found >> np.uint64(32)).astype(np.int64), minlength=len(lengths))
    return pl.Series(counts, dtype=pl.Int32), pl.Series(found.astype(np.uint32))


def _of_words(words: pl.Series) -> Hashes:
    distinct = words.unique()
    hashes = [int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "little") for word in distinct]
    return np.asarray(np.array(hashes, np.uint64)[words.cast(pl.Enum(distinct)).to_physical().to_numpy()])


def _runs(words: Hashes, row: Ints) -> tuple[Ints, Hashes]:
    """Hash each run of words that lies within a text; give where it begins, too."""
    n = max(len(words) - _WORDS + 1, 0)
    found = np.zeros(n, np.uint64)
    for i in range(_WORDS):
        found = (found ^ words[i : n + i]) * _ODD  # whole numbers modulo 2^64
        found ^= found >> np.uint64(32)
    at = np.flatnonzero(row[:n] == row[_WORDS - 1 :][:n])
    return at, found[at]


def find_clusters(prints: pl.DataFrame, hashes: pl.Series, params: CleanParams) -> pl.DataFrame:
    """Put reports that are one and the same into a cluster, named after the one printed first.

    Two reports are one if they have the same words, or if `duplicate_share` of the shorter one's shingles stand in the
    other; and if they were printed not more than `duplicate_days` apart. A copy of a copy belongs to the cluster, so
    that a cluster may last longer. A report without a date is one with those of the same words only.

    Parameters
    ----------
    prints
        doc_id, published, print (a hash of all its words), shingles (how many): one row a report, in any order.
    hashes
        The shingles of all reports, in the order of `prints`.
    params
        `duplicate_days` and `duplicate_share`.

    Returns
    -------
    doc_id, cluster_id, is_first_report, by date. Nothing is dropped.
    """
    order = prints.with_row_index("place").sort("published", "doc_id", nulls_last=True)
    n = order.height
    rank = np.zeros(n, np.int64)
    rank[order["place"].to_numpy()] = np.arange(n)
    # Days far apart for those without a date: they never share a window.
    day = order["published"].to_physical().cast(pl.Int64)
    days = day.fill_null(pl.Series(2**40 + np.arange(n) * 2**20)).to_numpy() if day.null_count() else day.to_numpy()
    of = np.repeat(rank, prints["shingles"].to_numpy())
    alike = _alike(of, hashes.to_numpy(), days, params)
    one, other = (np.concatenate(both) for both in zip(alike, _same(order, params), strict=True))
    links = coo_array((np.ones(len(one), np.int8), (one, other)), shape=(n, n))
    _, cluster = connected_components(links, directed=False)
    first = np.unique(cluster, return_index=True)[1][cluster]
    doc_id = order["doc_id"]
    return pl.DataFrame(
        {"doc_id": doc_id, "cluster_id": doc_id.gather(first), "is_first_report": first == np.arange(n)}
    )


def _same(order: pl.DataFrame, params: CleanParams) -> tuple[Ints, Ints]:
    """Link each report with the next one of the same words, if it is near enough."""
    rows = order.select("print", "published", row=pl.int_range(pl.len()))
    following = rows.with_columns(pl.col("row", "published").shift(-1).over("print").name.prefix("next_"))
    apart = (pl.col("next_published") - pl.col("published")).dt.total_days()
    near = following.filter(pl.col("next_row").is_not_null(), apart.fill_null(0) <= params.duplicate_days)
    return near["row"].to_numpy(), near["next_row"].to_numpy()


def _alike(of: Ints, hashes: npt.NDArray[np.uint32], days: Ints, params: CleanParams) -> tuple[Ints, Ints]:
    """Link reports of which the shorter one has enough of its shingles in the other.

    Parameters
    ----------
    of, hashes
        Arrays (S,): which report, by rank in time, has which shingle.
    days
        Array (D,): the day of each report, which do not fall.
    """
    key = np.sort(hashes.astype(np.uint64) << np.uint64(32) | of.astype(np.uint64))
    hashes, of = (key >> np.uint64(32)).astype(np.uint32), (key & np.uint64(2**32 - 1)).astype(np.int64)
    # What stands on more days than a window has is no news: what an outlet puts under its reports, or tells each time.
    passing = _passing(hashes, days[of], params.duplicate_days + 1)
    hashes, of = hashes[passing], of[passing]
    found = [np.zeros(0, np.int64)]
    for step in range(1, min(_NEIGHBOURS, len(of) - 1) + 1):
        one, other = of[:-step], of[step:]
        near = (hashes[step:] == hashes[:-step]) & (days[other] - days[one] <= params.duplicate_days)
        found.append(one[near] * len(days) + other[near])
    pair, shared = np.unique(np.concatenate(found), return_counts=True)
    one, other = np.divmod(pair, max(len(days), 1))
    # Of what is not boilerplate.
    sizes = np.bincount(of, minlength=len(days))
    enough = (shared >= _FEWEST_SHARED) & (shared >= params.duplicate_share * np.minimum(sizes[one], sizes[other]))
    return one[enough], other[enough]


def _passing(hashes: npt.NDArray[np.uint32], days: Ints, most: int) -> Bools:
    """Say which shingles, sorted by hash and day, stand on few days."""
    if not len(hashes):
        return np.zeros(0, np.bool_)
    new = np.append(True, hashes[1:] != hashes[:-1])
    begins = np.flatnonzero(new)
    on_days = np.add.reduceat(new | np.append(True, days[1:] != days[:-1]), begins, dtype=np.int64)
    return np.repeat(on_days <= most, np.diff(np.append(begins, len(hashes))))
