"""Which lemmas count as terms."""

from __future__ import annotations

import polars as pl
import pytest
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from corpus_tools.topics.fitting.factorise import STOP_WORDS
from corpus_tools.topics.fitting.term_counts import count_partition


def terms_of(text: str) -> list[str]:
    """Terms of a text cut at white space, and at each `?` as NLTK cuts."""
    tokens, start = [], 0
    for word in text.replace("?", " ? ").split():
        start = text.index(word, start)
        tokens.append(("a", start, start + len(word), word, word.lower()))
        start += len(word)
    frame = pl.DataFrame(tokens, schema=["doc_id", "start", "end", "token", "lemma"], orient="row")
    return count_partition(STOP_WORDS, frame)["terms"]["term"].to_list()


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        pytest.param("police in Sch?neberg said", ["police", "said"], id="lost letter inside a word"),
        pytest.param("a strike at ?ireann buses", ["buses", "strike"], id="lost first letter"),
        pytest.param("Peace? Nobody knows peace?", ["knows", "peace"], id="question marks"),
        pytest.param("Peace? Nobody", ["peace"], id="question mark before a word"),
        pytest.param("Mr Douglas said-the dispute", ["dispute", "douglas"], id="lost dash"),
        pytest.param(
            "one of-the state-of-the-art tanks", ["state-of-the-art", "tanks"], id="lost dash beside a compound"
        ),
        pytest.param("and-then check-in up-and-coming", ["check-in", "up-and-coming"], id="compounds"),
        pytest.param("they're o'brien we'd", ["o'brien"], id="contractions"),
        pytest.param("Beyonc\ufffd sang", ["sang"], id="replacement character"),
    ],
)
def test_words_produced_by_errors_of_the_feed_are_no_terms(text: str, terms: list[str]) -> None:
    assert terms_of(text) == terms


def test_a_lost_letter_does_not_affect_the_next_report() -> None:
    rows = [("a", 0, 1, "?", "?"), ("b", 1, 5, "war", "war")]
    tokens = pl.DataFrame(rows, schema=["doc_id", "start", "end", "token", "lemma"], orient="row")
    frames = count_partition([], tokens)
    assert frames["terms"]["term"].to_list() == ["war"]
    assert frames["rows"]["doc_id"].to_list() == ["a", "b"]


def test_terms_are_lower_case_words_and_no_stop_words():
    lemmas = "War war the The not -- 5 38-year-old al-qaeda o'brien US é a1 étude".split()
    frames = count_partition(STOP_WORDS, pl.DataFrame({"doc_id": ["d"] * len(lemmas), "lemma": lemmas}))
    counts = dict(zip(frames["terms"]["term"], frames["cells"]["n"], strict=True))
    assert counts == {"war": 2, "al-qaeda": 1, "o'brien": 1, "étude": 1}
    assert not set(counts) & ENGLISH_STOP_WORDS
