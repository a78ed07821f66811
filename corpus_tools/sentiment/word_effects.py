"""What single words add to the scores of sentences, and the scores without some words.

A word is left out after VADER has weighed it: its valence becomes zero, and the weights of the other words, which may
depend on it, stay as they are. The result is therefore the contribution of the other words, not another reading of the
sentence.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from corpus_tools.nltk_fast.lexicon import lexicon
from corpus_tools.nltk_fast.vader import WeighedWords, compound

# Rounding errors of a sum of valences are smaller than this, valences are larger.
_ROUNDING = 1e-9


def compound_without(words: WeighedWords, rows: Sequence[int]) -> npt.NDArray[np.float64]:
    """Return the compound score of each sentence without some words.

    Parameters
    ----------
    words
        The words of the sentences that have a valence.
    rows
        Rows of the lexicon whose words are left out.

    Examples
    --------
    >>> from corpus_tools.nltk_fast.vader import weigh_words
    >>> rows = [row for row, word in enumerate(lexicon()) if word == "war"]
    >>> compound_without(weigh_words(pl.Series(["A good war.", "Good!", "War!"])), rows).tolist()
    [0.4404, 0.4926, 0.0]
    """
    left_out = np.zeros(len(lexicon()), dtype=bool)
    left_out[list(rows)] = True
    valences = np.where(left_out[words.row], 0.0, words.valence)
    return compound(np.bincount(words.sentence, valences, minlength=len(words.counts)), words.emphasis)


def word_effects(words: WeighedWords, groups: pl.DataFrame) -> pl.DataFrame:
    """Return what each group of words adds to the compound score of each sentence that contains one of them.

    Parameters
    ----------
    words
        The words of the sentences that have a valence.
    groups
        row (in the lexicon), group; a word may be in several groups.

    Returns
    -------
    group, sentence, n (words of the group), negative, positive (sums of the absolute values of their valences), change
    (the score minus the score without them).

    Examples
    --------
    >>> from corpus_tools.nltk_fast.vader import weigh_words
    >>> groups = pl.DataFrame({"row": range(len(lexicon())), "group": list(lexicon())})
    >>> word_effects(weigh_words(pl.Series(["A good war."])), groups).select("group", "negative", "change").rows()
    [('good', 0.0, 0.3494), ('war', 2.9, -0.6904)]
    """
    sums = np.bincount(words.sentence, words.valence, minlength=len(words.counts))
    scores = compound(sums, words.emphasis)
    hits = pl.DataFrame({"sentence": words.sentence, "row": words.row, "valence": words.valence})
    grouped = hits.join(groups.with_columns(pl.col("row").cast(hits.schema["row"])), on="row", maintain_order="left")
    effects = grouped.group_by("group", "sentence", maintain_order=True).agg(
        pl.len().cast(pl.Int64).alias("n"),
        (-pl.col("valence")).clip(lower_bound=0).sum().alias("negative"),
        pl.col("valence").clip(lower_bound=0).sum().alias("positive"),
        pl.col("valence").sum(),
    )
    rows = effects["sentence"].to_numpy()
    rest = sums[rows] - effects["valence"].to_numpy()
    rest = np.where(np.abs(rest) < _ROUNDING, 0.0, rest)
    change = np.round(scores[rows] - compound(rest, words.emphasis[rows]), 4)  # both have four digits
    return effects.drop("valence").with_columns(change=pl.Series(change))


def negative_sums(words: WeighedWords) -> npt.NDArray[np.float64]:
    """Return the sum of the absolute values of the negative valences of each sentence."""
    sums = np.bincount(words.sentence, np.clip(-words.valence, 0.0, None), minlength=len(words.counts))
    return sums.astype(np.float64)  # bincount returns integers if no sentence has a word
