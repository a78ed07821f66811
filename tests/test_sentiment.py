from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from corpus_tools.sentiment import SCORES, by_day, by_period, score_partition, score_sentences

# The examples of the paper's authors, with the compound scores that their README prints.
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


@pytest.mark.parametrize(("sentence", "compound"), PUBLISHED.items())
def test_the_authors_examples(sentence, compound):
    assert score_sentences([sentence])["compound"].item() == compound


WORDS = st.sampled_from("the army attack was great victory not very killed peace good bad war the they said".split())


@given(st.lists(WORDS, min_size=1, max_size=12, unique=True).map(" ".join))
def test_plain_sentences_score_as_the_authors_own_program_does(sentence):
    assert score_sentences([sentence]).row(0, named=True) == SentimentIntensityAnalyzer().polarity_scores(sentence)


@given(st.lists(st.text(max_size=60), max_size=5))
def test_any_text_scores_within_bounds(sentences):
    scores = score_sentences(sentences)
    assert scores.height == len(sentences)
    assert scores.columns == SCORES
    for neg, neu, pos, compound in scores.iter_rows():
        assert all(0 <= part <= 1 for part in (neg, neu, pos))
        assert -1 <= compound <= 1


def documents(*rows: tuple[str, str, date, float | None]) -> pl.DataFrame:
    frame = pl.DataFrame(rows, schema=["doc_id", "outlet", "published", "compound"], orient="row")
    return frame.with_columns(sentences=pl.lit(2, pl.Int64), neg=pl.lit(0.0), neu=pl.lit(1.0), pos=pl.lit(0.0))


def test_a_report_is_the_mean_of_its_sentences_and_one_without_has_none():
    texts = pl.DataFrame(
        {
            "doc_id": ["a", "b"], "outlet": ["O", "O"], "published": [date(2022, 1, 3)] * 2,
            "text": ["A great victory. A bad war.", ""],
        }
    )  # fmt: skip
    spans = pl.DataFrame({"doc_id": ["a", "a"], "sentence": [0, 1], "start": [0, 17], "end": [16, 27]})
    made = score_partition(texts, spans)
    expected = score_sentences(["A great victory.", "A bad war."])
    assert made["sentiment"].select(SCORES).equals(expected)
    rows = made["sentiment_by_document"].sort("doc_id").rows(named=True)
    assert rows[0]["compound"] == pytest.approx(expected["compound"].mean(), abs=1e-6)
    assert (rows[1]["sentences"], rows[1]["compound"]) == (0, None)


def test_every_report_of_a_day_counts_once():
    frame = documents(
        ("a", "A", date(2022, 1, 3), 0.5), ("b", "B", date(2022, 1, 3), -0.1), ("c", "A", date(2022, 1, 5), None)
    )
    assert by_day(frame).rows() == [(date(2022, 1, 3), 2, 4, 0.2)]


def test_periods_have_intervals_from_the_spread_and_gaps():
    scores = [0.0, 0.2, 0.0, 0.2, 0.1]
    frame = documents(
        *((f"a{i}", "A", date(2022, 1, 3 + i), score) for i, score in enumerate(scores)),
        ("b", "A", date(2022, 1, 18), 0.3), ("c", "A", date(2022, 1, 19), 0.3),
    )  # fmt: skip
    first, gap, last = by_period(frame, "week").sort("start").rows(named=True)
    # mean 0.1, standard deviation 0.1, five reports: 0.1 -+ 1.959964 * 0.1 / sqrt(5)
    assert (first["compound"], first["low"], first["high"]) == (0.1, 0.012348, 0.187652)
    assert (gap["reports"], gap["compound"]) == (0, None)
    assert (last["reports"], last["compound"], last["low"]) == (2, 0.3, None)  # too few for an interval


def test_a_planted_shift_is_seen():
    dark, bright = "The army killed the wounded.", "A wonderful peace made them happy."
    frame = documents(*[
        (f"{i}", "A", date(2022, 1, 3 + 7 * (i % 2)), score_sentences([bright if i % 2 else dark])["compound"].item())
        for i in range(20)
    ])  # fmt: skip
    before, after = by_period(frame, "week").sort("start").rows(named=True)
    assert before["high"] < 0 < after["low"]
