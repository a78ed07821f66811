from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from planted_sentiment import partition, tricky_sentences

from corpus_tools.nltk_fast.lexicon import lexicon
from corpus_tools.nltk_fast.vader import weigh_words
from corpus_tools.sentiment import averages
from corpus_tools.sentiment.lexicon_match import matching_rows
from corpus_tools.sentiment.scores import score_sentences
from corpus_tools.sentiment.word_effects import compound_without


@pytest.mark.slow
@given(st.lists(st.lists(tricky_sentences(), min_size=1, max_size=4), min_size=1, max_size=4))
@settings(max_examples=60)
def test_the_effect_of_a_word_is_the_index_minus_the_index_without_it(reports):
    scored = partition(*({"sentences": sentences} for sentences in reports))
    table = averages.by_word(scored["words"], [], scored["sentiment_by_document"])
    weighed = [weigh_words(pl.Series(sentences)) for sentences in reports]
    index = np.mean([score_sentences(sentences)["compound"].mean() for sentences in reports])
    rows = {word: row for row, word in enumerate(lexicon())}
    for word, n, effect in table.select("word", "n", "effect").iter_rows():
        without = np.mean([compound_by_hand(words, rows[word]) for words in weighed])
        assert effect == pytest.approx(index - without, abs=1e-6), word
        assert n == sum((words.row == rows[word]).sum() for words in weighed)
    sums = [np.concatenate([sign * words.valence for words in weighed]).clip(0).sum() for sign in (-1, 1)]
    for share, total in zip(("negative_share", "positive_share"), sums, strict=True):
        assert table[share].sum() == pytest.approx(1 if total else 0, abs=1e-4)


def compound_by_hand(words, row: int) -> float:
    """Mean score of sentences without the valences of one word, every sum computed from scratch."""
    scores = []
    for sentence, emphasis in enumerate(words.emphasis):
        kept = (words.sentence == sentence) & (words.row != row)
        total = sum(words.valence[kept].tolist())
        total = 0.0 if abs(total) < 1e-9 else total + float(np.sign(total) * emphasis)
        scores.append(round(total / (total * total + 15) ** 0.5, 4))
    return float(np.mean(scores))


@pytest.mark.slow
@given(st.lists(tricky_sentences(), min_size=1, max_size=5))
def test_leaving_out_all_words_or_none(sentences):
    words = weigh_words(pl.Series(sentences))
    assert compound_without(words, range(len(lexicon()))).tolist() == [0.0] * len(sentences)
    assert compound_without(words, []).tolist() == score_sentences(sentences)["compound"].to_list()


def test_a_word_is_left_out_after_it_was_weighed():
    # `but` raises what follows even where the word before it is left out.
    rows = matching_rows(["kill", "war"])
    sentences = ["They were not killed in the good war!", "A war, but a good one.", "KILLED, a very good friend."]
    scored = partition({"sentences": sentences}, rows=rows)
    scores = [round(x / (x * x + 15) ** 0.5, 4) for x in (1.9 + 0.292, 1.9 * 1.5, 4.1 + 0.293 * 1.95)]
    assert scored["sentiment_by_document"]["without"].item() == pytest.approx(np.mean(scores), abs=1e-4)
