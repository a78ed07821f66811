"""Which words carry the index: what every word of the lexicon weighs, and the scores without some of them.

A word is taken out after VADER has weighed it: its valence is put to zero, and all else stays as VADER weighed it, so
that what is left is the other words' own part and not another reading of the sentence.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from corpus_tools.nltk_fast.lexicon import lexicon
from corpus_tools.nltk_fast.vader import Weighed, compound

# A difference of sums that should be nothing is less than this, and a sum of valences is more.
_NOTHING = 1e-9


def compound_without(words: Weighed, rows: Sequence[int]) -> npt.NDArray[np.float64]:
    """Give the compound scores of sentences without some words.

    Parameters
    ----------
    words
        The words of the sentences that have a valence.
    rows
        Rows of the lexicon.

    Examples
    --------
    >>> from corpus_tools.nltk_fast.vader import weigh
    >>> rows = [row for row, word in enumerate(lexicon()) if word == "war"]
    >>> compound_without(weigh(pl.Series(["A good war.", "Good!", "War!"])), rows).tolist()
    [0.4404, 0.4926, 0.0]
    """
    taken = np.zeros(len(lexicon()), dtype=bool)
    taken[list(rows)] = True
    left = np.where(taken[words.row], 0.0, words.valence)
    return compound(np.bincount(words.sentence, left, minlength=len(words.counts)), words.emphasis)


def changes(words: Weighed, groups: pl.DataFrame) -> pl.DataFrame:
    """Tell what each group of words adds to the compound score of each sentence that has one of them.

    Parameters
    ----------
    words
        The words of the sentences that have a valence.
    groups
        row (in the lexicon), group; a word may be in several.

    Returns
    -------
    group, sentence, n (words), negative, positive (sums of the sizes of their valences), change (score minus the score
    without them).

    Examples
    --------
    >>> from corpus_tools.nltk_fast.vader import weigh
    >>> groups = pl.DataFrame({"row": range(len(lexicon())), "group": list(lexicon())})
    >>> changes(weigh(pl.Series(["A good war."])), groups).select("group", "negative", "change").rows()
    [('good', 0.0, 0.3494), ('war', 2.9, -0.6904)]
    """
    size = len(words.counts)
    whole = np.bincount(words.sentence, words.valence, minlength=size)
    scores = compound(whole, words.emphasis)
    hits = pl.DataFrame({"sentence": words.sentence, "row": words.row, "valence": words.valence})
    named = hits.join(groups.with_columns(pl.col("row").cast(hits.schema["row"])), on="row", maintain_order="left")
    found = named.group_by("group", "sentence", maintain_order=True).agg(
        pl.len().cast(pl.Int64).alias("n"),
        (-pl.col("valence")).clip(lower_bound=0).sum().alias("negative"),
        pl.col("valence").clip(lower_bound=0).sum().alias("positive"),
        pl.col("valence").sum(),
    )
    at = found["sentence"].to_numpy()
    left = whole[at] - found["valence"].to_numpy()
    left = np.where(np.abs(left) < _NOTHING, 0.0, left)
    change = np.round(scores[at] - compound(left, words.emphasis[at]), 4)  # both have four digits
    return found.drop("valence").with_columns(change=pl.Series(change))


def masses(words: Weighed) -> npt.NDArray[np.float64]:
    """Give the sum of the sizes of the negative valences of each sentence."""
    sizes = np.bincount(words.sentence, np.clip(-words.valence, 0.0, None), minlength=len(words.counts))
    return sizes.astype(np.float64)  # without a word, bincount counts in whole numbers
