"""The tagger: NLTK's tags for any weights, and the weights that come with the package."""

from __future__ import annotations

import random
import re
from importlib.resources import files

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tagged_sentences import GOLDEN, by_nltk, split_tags

from corpus_tools.nltk_fast.tagger import PENN, UNIVERSAL, Tagger, _DistinctTokens, news_tagger, open_tagger

TAGS = ["A", "B", "C"]
# Words that normalise alike, words of one suffix, and strings that no tokeniser returns.
WORDS = [
    "",
    "a",
    "b",
    "A",
    "-a",
    "a-b",
    "1",
    "1990",
    "1990s",
    "٣٣٣٣",
    "a b",
    "-START-",
    "-END-",
    "�",
    "İ",
    "\x85",
    "bba",
]
ODD_SENTENCES = [
    [],
    [""],
    ["-"],
    ["--", "a-b", "-a"],
    ["1990", "19901", "²", "1b"],
    ["“", "a b", "’", "\n", "日本語"],
    ["a"] * 50,
]
MASC = "678a5141cf3381bedb1839c58a330507337be07c7c71603279c0ef5337032304"
FINGERPRINT = "58a022918bdd"
some_sentences = st.lists(st.lists(st.sampled_from(WORDS) | st.text(max_size=4), max_size=8), max_size=6)


@st.composite
def taggers(draw) -> Tagger:
    """Few tags and small weights, so that scores are often equal."""
    word, tag = st.sampled_from(WORDS), st.sampled_from(TAGS)
    before = tag | st.sampled_from(["-START-", "-START2-"])
    feature = st.one_of(
        st.just("bias"),
        st.builds("{} {}".format, st.sampled_from(["i word", "i-1 word", "i-2 word", "i+1 word", "i+2 word"]), word),
        st.builds("{} {}".format, st.sampled_from(["i suffix", "i pref1", "i-1 suffix", "i+1 suffix"]), word),
        st.builds("{} {}".format, st.sampled_from(["i-1 tag", "i-2 tag"]), before),
        st.builds("i tag+i-2 tag {} {}".format, before, before),
        st.builds("i-1 tag+i word {} {}".format, before, word),
    )
    size = draw(st.sampled_from([2, 30_000]))  # the sums exceed 16 bits
    row = st.dictionaries(tag | st.just("unknown"), st.integers(-size, size), max_size=3)
    weights = draw(st.dictionaries(feature, row, max_size=25))
    return Tagger(weights, draw(st.dictionaries(word, tag, max_size=3)), frozenset(TAGS))


@pytest.mark.slow
@given(taggers(), some_sentences)
@settings(max_examples=200)
def test_tags_are_nltks_for_any_weights(tagger, sentences):
    assert tagger.tag(sentences) == by_nltk(tagger, sentences)


@given(some_sentences)
@example(ODD_SENTENCES)
def test_tags_are_nltks_for_the_weights_of_the_package(sentences):
    assert news_tagger().tag(sentences) == by_nltk(news_tagger(), sentences)


def test_tags_are_nltks_for_many_sentences_of_all_lengths(monkeypatch):
    monkeypatch.setattr("corpus_tools.nltk_fast.tagger._BATCH_SENTENCES", 7)  # several batches
    rng = random.Random(0)
    words = [word for line in GOLDEN for word in split_tags(line)[0]]
    sentences = [rng.choices(words, k=rng.randrange(30)) for _ in range(60)]
    assert news_tagger().tag(sentences) == by_nltk(news_tagger(), sentences)


def test_padding_before_and_after_a_sentence_counts():
    edges = {"i+2 word -END-": {"A": 1}, "i+2 word -END2-": {"B": 1}, "i-2 word -START-": {"A": 1}}
    tagger = Tagger(edges, {}, frozenset(TAGS))
    sentences = [["x", "y", "z", "v"], ["x"]]
    assert tagger.tag(sentences) == by_nltk(tagger, sentences) == [["A", "C", "A", "B"], ["B"]]


def test_of_equal_scores_the_last_tag_in_the_alphabet_wins():
    assert Tagger({}, {}, frozenset(TAGS)).tag([["a"]]) == [["C"]]


def test_each_distinct_token_is_looked_up_once(monkeypatch):
    seen = []
    initialise = _DistinctTokens.__init__
    monkeypatch.setattr(
        _DistinctTokens,
        "__init__",
        lambda self, matrices, tokens: (seen.append(tokens), initialise(self, matrices, tokens))[1],
    )
    news_tagger().tag([["the", "town", "the"], ["town", "."]])
    assert seen == [["the", "town", "."]]


def test_every_penn_tag_has_a_universal_one():
    assert len(PENN) == 45
    assert set(UNIVERSAL.values()) <= set(
        "ADJ ADP ADV AUX CCONJ DET INTJ NOUN NUM PART PRON PROPN PUNCT SCONJ SYM VERB X".split()
    )


def test_the_file_names_its_origin_and_its_accuracy():
    path = files("corpus_tools.nltk_fast").joinpath("data/tagger_masc.txt")
    content = path.read_bytes()
    assert len(content) <= 1_500_000
    tagger = news_tagger()
    assert tagger.to_text().encode() == content  # sorted, nothing lost
    assert tagger.classes <= PENN
    about = " ".join(tagger.about)
    # The archive as NLTK packs it, and a lower bound of the accuracy; change neither without a reason.
    assert "masc_tagged.zip, sha256 " + MASC in about
    assert "newspaper" in about
    assert float(re.search(r"([\d.]+)% of their", about)[1]) >= 96.0
    assert open_tagger("masc").fingerprint == FINGERPRINT


def test_a_file_survives_with_odd_words_and_without_comments():
    tagger = Tagger(
        {"i word \x85": {"#": 1, "NN": -2}, "bias": {"NN": 3}}, {"#": "#", "’": "''"}, frozenset(["#", "NN"])
    )
    assert Tagger.from_text(tagger.to_text()) == tagger
