from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.resources import files

import numpy as np
import polars as pl
import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from nltk.sentiment.vader import SentimentIntensityAnalyzer as NltkAnalyzer
from nltk.sentiment.vader import VaderConstants
from planted import CASES
from planted_sentiment import tricky_sentences

from corpus_tools.nltk_fast.lexicon import boosts, lexicon, rule_words, split_words
from corpus_tools.nltk_fast.punkt import news_punkt
from corpus_tools.nltk_fast.vader import rounded
from corpus_tools.sentiment.scores import score_sentences


class Reference(NltkAnalyzer):
    """NLTK's program with the lexicon file of the vaderSentiment package, which needs no download."""

    def __init__(self):
        self.lexicon_file = files("vaderSentiment").joinpath("vader_lexicon.txt").read_text(encoding="utf-8").strip()
        self.lexicon = self.make_lex_dict()
        self.constants = VaderConstants()


REFERENCE = Reference()
RULES = yaml.safe_load((CASES / "vader.yaml").read_text(encoding="utf-8"))


def expected(sentences: Sequence[str]) -> list[tuple[float, ...]]:
    return [tuple(map(float, REFERENCE.polarity_scores(sentence).values())) for sentence in sentences]


def assert_as_nltk(sentences: Sequence[str]) -> None:
    """The same to the last bit, and to the sign of a zero."""
    actual, wanted = score_sentences(sentences).rows(), expected(sentences)
    assert len(actual) == len(wanted)
    for sentence, ours, theirs in zip(sentences, actual, wanted, strict=True):
        assert [x.hex() for x in ours] == [x.hex() for x in theirs], sentence


@pytest.mark.parametrize("rule", RULES)
def test_rules_and_quirks_are_those_of_nltk(rule):
    with_it, without = RULES[rule]
    assert_as_nltk([with_it, without])
    assert expected([with_it]) != expected([without]), "the pair does not test the rule"


def test_sentences_do_not_affect_each_other():
    # The words that a rule looks for are in the sentence before or after.
    sentences = [sentence for pair in RULES.values() for sentence in pair]
    sentences += ["", " ", "good", "not", "good", "yeah", "right", "good", "kind", "of", "but", "GOOD", "never so"]
    sentences += ["least", "good", "at", "least good", "very", "good", "a-b", "this good", "the", "shit"]
    assert_as_nltk(sentences)
    assert_as_nltk(sentences[::-1])


@pytest.mark.slow
@settings(max_examples=200)
@given(st.lists(tricky_sentences(), max_size=8))
def test_tricky_sentences_score_as_in_nltk(sentences):
    assert_as_nltk(sentences)


@given(st.lists(st.text(max_size=60), max_size=5))
@example(["good\u0085bad", "good\x1fbad", "good\x00bad"])
def test_any_text_scores_as_in_nltk(sentences):
    assert_as_nltk(sentences)


@given(st.text(st.characters(codec=None, categories=["Cs", "Lu", "Ll", "Zs"]), max_size=10))
@example("good\ud800 bad")
def test_lone_surrogates_score_as_in_nltk(sentence):
    assert_as_nltk([sentence, "good"])


@given(st.lists(st.sampled_from(sorted(REFERENCE.lexicon)), max_size=12).map(" ".join))
def test_words_of_the_lexicon_add_up_as_in_nltk(sentence):
    assert_as_nltk([sentence, sentence + "!", sentence.upper() + " x-y"])


@pytest.mark.slow
def test_sentences_of_news_articles_score_as_in_nltk(news_texts):
    spans = news_punkt().splitter().spans(news_texts)
    rows = zip(spans.text.tolist(), spans.start.tolist(), spans.end.tolist(), strict=True)
    assert_as_nltk([news_texts[i][start:end] for i, start, end in rows])


def test_the_words_of_the_rules_are_those_of_nltk():
    pairs = set(rule_words()["dampening_pairs"])
    assert set(rule_words()["negations"]) == VaderConstants.NEGATE
    assert boosts() | dict.fromkeys(pairs, VaderConstants.B_DECR) == VaderConstants.BOOSTER_DICT
    assert not pairs & boosts().keys()
    assert rule_words()["idioms"] == VaderConstants.SPECIAL_CASE_IDIOMS
    assert rule_words()["punctuation"] == VaderConstants.PUNC_LIST
    assert lexicon() == REFERENCE.lexicon
    # Assumptions of the code: a valence of 0 means that the lexicon lacks the word, and it lacks these.
    assert 0 not in lexicon().values()
    assert not boosts().keys() & lexicon().keys()
    assert not {"least", "at", "very", "but", "of", "never", "so", "this", *VaderConstants.NEGATE} & lexicon().keys()
    assert {len(phrase.split()) for phrase in rule_words()["idioms"]} == {2, 3}


def test_white_space_is_that_of_python():
    space = [chr(i) for i in range(sys.maxunicode + 1) if chr(i).isspace()]
    assert split_words(pl.Series([f"aa{c}aa" for c in space])).counts.tolist() == [2] * len(space)


@given(st.lists(st.floats(-1, 1), max_size=20), st.sampled_from([3, 4]))
@example([i / 2000 for i in range(-2000, 2000)], 3)
@example([i / 20000 for i in range(-20000, 20000)], 4)
@example([i / 1024 for i in range(1024)], 3)
def test_rounding_is_that_of_python(values, digits):
    assert [x.hex() for x in rounded(np.array(values, dtype=float), digits).tolist()] == [
        round(x, digits).hex() for x in values
    ]
