from __future__ import annotations

import string
import subprocess
import sys

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from planted import environment
from planted_sentiment import NEGATIVE, NEUTRAL, POSITIVE, mean_of, partition
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from corpus_tools.sentiment.lexicon_match import own_words
from corpus_tools.sentiment.scores import SCORES, score_sentences

# Examples of the paper's authors, with the compound scores in their README.
PUBLISHED = {
    "VADER is smart, handsome, and funny.": 0.8316,
    "VADER is smart, handsome, and funny!": 0.8439,
    "VADER is very smart, handsome, and funny.": 0.8545,
    "VADER is VERY SMART, handsome, and FUNNY.": 0.9227,
    "VADER is VERY SMART, handsome, and FUNNY!!!": 0.9342,
    "VADER is not smart, handsome, nor funny.": -0.7424,
    "The book was good.": 0.4404,
    "At least it isn't a horrible book.": 0.431,
    "The plot was good, but the characters are uncompelling and the dialog is not great.": -0.7042,
    "Today SUX!": -0.5461,
}


@pytest.mark.parametrize(("sentence", "compound"), PUBLISHED.items(), ids=list(PUBLISHED))
def test_published_examples(sentence, compound):
    assert score_sentences([sentence])["compound"].item() == compound


AUTHORS_PROGRAM = SentimentIntensityAnalyzer()
WORDS = st.sampled_from("the army attack was great victory not very killed peace good bad war the they said".split())


@given(st.lists(WORDS, min_size=1, max_size=12, unique=True).map(" ".join))
def test_plain_sentences_score_as_in_the_authors_program(sentence):
    assert score_sentences([sentence]).row(0, named=True) == AUTHORS_PROGRAM.polarity_scores(sentence)


@given(st.lists(st.text(max_size=60), max_size=5))
def test_any_text_scores_within_bounds(sentences):
    scores = score_sentences(sentences)
    assert scores.height == len(sentences)
    assert scores.columns == SCORES
    for neg, neu, pos, compound in scores.iter_rows():
        assert all(0 <= share <= 1 for share in (neg, neu, pos))
        assert -1 <= compound <= 1


def test_no_sentences_and_sentences_without_words():
    assert score_sentences([]).schema == dict.fromkeys(SCORES, pl.Float64)
    assert score_sentences([]).height == 0
    assert score_sentences(["", " ", "\n\t", "a", "! ?", "\u2003"]).rows() == [(0.0, 0.0, 0.0, 0.0)] * 6
    assert score_sentences([string.punctuation]).rows() == [(0.0, 1.0, 0.0, 0.0)]


def test_scoring_loads_neither_nltk_nor_scipy():
    code = (
        "import sys; from corpus_tools.sentiment.scores import score_sentences; score_sentences(['good'])"
        "; print({'nltk', 'scipy', 'sklearn'} & {m.split('.')[0] for m in sys.modules})"
    )
    run = subprocess.run([sys.executable, "-c", code], env=environment(1), capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"


def test_a_report_has_the_mean_of_its_sentences_if_it_has_any():
    tables = partition({"sentences": [POSITIVE, NEGATIVE]}, {"sentences": []})
    assert tables["sentiment"].select(SCORES).equals(score_sentences([POSITIVE, NEGATIVE]))
    report, empty = tables["sentiment_by_document"].rows(named=True)
    assert (report["sentences"], report["compound"]) == (2, mean_of(POSITIVE, NEGATIVE))
    assert (empty["sentences"], empty["quoted_sentences"], empty["compound"]) == (0, 0, None)


def test_planted_voices_have_their_means():
    tables = partition(
        {"sentences": [NEGATIVE, POSITIVE, NEUTRAL], "quotes": [(POSITIVE, "Ann Bo")]}, {"sentences": [NEGATIVE]}
    )
    first, second = tables["sentiment_by_document"].rows(named=True)
    assert (first["narrator"], first["quoted"]) == (mean_of(NEGATIVE, NEUTRAL), mean_of(POSITIVE))
    assert (first["quoted_sentences"], second["quoted_sentences"]) == (1, 0)
    assert (second["narrator"], second["quoted"]) == (mean_of(NEGATIVE), None)
    assert tables["sentiment"].select("voice", "speaker_name").rows()[:2] == [("narrator", None), ("quoted", "Ann Bo")]


def test_a_word_matched_by_two_terms_of_a_topic_is_left_out_once():
    one = pl.DataFrame({"topic": [0], "rank": [0], "term": ["kill"]}, schema_overrides={"topic": pl.Int32})
    two = pl.concat([one, one.with_columns(rank=pl.lit(1, dtype=pl.Int64), term=pl.lit("killing"))])
    reports = [{"sentences": ["The killing of the killed was bad."], "topics": {0: 1.0}}]
    days = [partition(*reports, own=own_words(terms))["topics"] for terms in (one, two)]
    assert own_words(two).height > own_words(one).height
    assert days[0].equals(days[1])
    assert days[0].height == 1
