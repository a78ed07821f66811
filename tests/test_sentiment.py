from __future__ import annotations

import string
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from importlib.resources import files

import numpy as np
import polars as pl
import pytest
import yaml
from conftest import CASES, environment
from hypothesis import example, given, settings
from hypothesis import strategies as st
from nltk.sentiment.vader import SentimentIntensityAnalyzer as NltkAnalyzer
from nltk.sentiment.vader import VaderConstants
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from corpus_tools.punkt import news_punkt
from corpus_tools.sentiment import SCORES, by_day, by_period, score_partition, score_sentences
from corpus_tools.sentiment.vader import rounded
from corpus_tools.sentiment.words import boosts, lexicon, rules, split

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


# ---- the same as NLTK ------------------------------------------------------------------------------------------------


class Reference(NltkAnalyzer):
    """NLTK's program with the lexicon file of the vaderSentiment package, which needs no download."""

    def __init__(self):
        self.lexicon_file = files("vaderSentiment").joinpath("vader_lexicon.txt").read_text(encoding="utf-8").strip()
        self.lexicon = self.make_lex_dict()
        self.constants = VaderConstants()


REFERENCE = Reference()
CASES_OF_RULES = yaml.safe_load((CASES / "vader.yaml").read_text(encoding="utf-8"))


def expected(sentences: Sequence[str]) -> list[tuple[float, ...]]:
    return [tuple(map(float, REFERENCE.polarity_scores(sentence).values())) for sentence in sentences]


def assert_as_nltk(sentences: Sequence[str]) -> None:
    """The same to the last bit, and to the sign of a zero."""
    found, wanted = score_sentences(sentences).rows(), expected(sentences)
    assert len(found) == len(wanted)
    for sentence, ours, theirs in zip(sentences, found, wanted, strict=True):
        assert [x.hex() for x in ours] == [x.hex() for x in theirs], sentence


@pytest.mark.parametrize("rule", CASES_OF_RULES)
def test_every_rule_and_quirk_is_nltks(rule):
    with_it, without = CASES_OF_RULES[rule]
    assert_as_nltk([with_it, without])
    assert expected([with_it]) != expected([without]), "the sentence says nothing about the rule"


def test_sentences_do_not_see_each_other():
    # What a rule looks for may stand in the sentence before or after.
    sentences = [sentence for pair in CASES_OF_RULES.values() for sentence in pair]
    sentences += ["", " ", "good", "not", "good", "yeah", "right", "good", "kind", "of", "but", "GOOD", "never so"]
    sentences += ["least", "good", "at", "least good", "very", "good", "a-b", "this good", "the", "shit"]
    assert_as_nltk(sentences)
    assert_as_nltk(sentences[::-1])


WELL_CHOSEN = """
    good bad great horrible kind peace war kill love :) :( :D :-Þ <3 l no like hand-to-hand
    very so extremely barely kinda sort-of VERY Barely not never isn't ISN'T Never nor without xn't least at Least AT
    this This So but But BUT of OF Of just enough sort the shit The bomb ass yeah right cut mustard kiss of death hand
    to mouth a I 12 -- ! ? !!! ??? ?!? word-like Word WORD İstanbul Kill ǅ Ä ß can't fed up
""".split()
GLUE = st.sampled_from(
    [*" " * 14, "  ", "\t", "\n", "\r\n", "\u00a0", "\u2003", "\x1c", "\x85", "\u200b", "! ", "? ", "", "!"]
)
MARKS = st.sampled_from([*[""] * 30, *VaderConstants.PUNC_LIST, "(", "_", "!!!!", "…", "’"])
CASE = st.sampled_from([str, str, str, str, str.upper, str.title])


@st.composite
def hard_sentences(draw: st.DrawFn) -> str:
    """Few different words, so that they come again, and meet each other."""
    pool = draw(st.lists(st.sampled_from(WELL_CHOSEN), min_size=1, max_size=10))
    words = draw(st.lists(st.tuples(MARKS, CASE, st.sampled_from(pool), MARKS, GLUE), max_size=20))
    return "".join(before + case(word) + after + glue for before, case, word, after, glue in words)


@settings(max_examples=200)
@given(st.lists(hard_sentences(), max_size=8))
def test_sentences_made_to_be_hard_score_as_nltk_scores_them(sentences):
    assert_as_nltk(sentences)


@given(st.lists(st.text(max_size=60), max_size=5))
@example(["good\u0085bad", "good\x1fbad", "good\x00bad"])
def test_any_text_scores_as_nltk_scores_it(sentences):
    assert_as_nltk(sentences)


@given(st.text(st.characters(codec=None, categories=["Cs", "Lu", "Ll", "Zs"]), max_size=10))
@example("good\ud800 bad")
def test_halves_of_characters_do_no_harm(sentence):
    assert_as_nltk([sentence, "good"])


@given(st.lists(st.sampled_from(sorted(REFERENCE.lexicon)), max_size=12).map(" ".join))
def test_words_of_the_lexicon_add_up_as_in_nltk(sentence):
    assert_as_nltk([sentence, sentence + "!", sentence.upper() + " x-y"])


def test_every_sentence_of_news_articles_scores_as_nltk_scores_it(news_texts):
    found = news_punkt().splitter().spans(news_texts)
    places = zip(found.text.tolist(), found.start.tolist(), found.end.tolist(), strict=True)
    assert_as_nltk([news_texts[i][start:end] for i, start, end in places])


def test_the_words_of_the_rules_are_nltks():
    pairs = set(rules()["dampening_pairs"])
    assert set(rules()["negations"]) == VaderConstants.NEGATE
    assert boosts() | dict.fromkeys(pairs, VaderConstants.B_DECR) == VaderConstants.BOOSTER_DICT
    assert not pairs & boosts().keys()
    assert rules()["idioms"] == VaderConstants.SPECIAL_CASE_IDIOMS
    assert rules()["punctuation"] == VaderConstants.PUNC_LIST
    assert lexicon() == REFERENCE.lexicon
    # What the program takes for granted: a valence of 0 is a word outside the lexicon, and these words are outside.
    assert 0 not in lexicon().values()
    assert not boosts().keys() & lexicon().keys()
    assert not {"least", "at", "very", "but", "of", "never", "so", "this", *VaderConstants.NEGATE} & lexicon().keys()
    assert {len(phrase.split()) for phrase in rules()["idioms"]} == {2, 3}


def test_white_space_is_pythons():
    space = [chr(i) for i in range(sys.maxunicode + 1) if chr(i).isspace()]
    assert split(pl.Series([f"aa{c}aa" for c in space])).counts.tolist() == [2] * len(space)


@given(st.lists(st.floats(-1, 1), max_size=20), st.sampled_from([3, 4]))
@example([i / 2000 for i in range(-2000, 2000)], 3)
@example([i / 20000 for i in range(-20000, 20000)], 4)
@example([i / 1024 for i in range(1024)], 3)
def test_rounding_is_pythons(values, digits):
    assert [x.hex() for x in rounded(np.array(values, dtype=float), digits).tolist()] == [
        round(x, digits).hex() for x in values
    ]


def test_no_sentence_and_sentences_of_nothing():
    assert score_sentences([]).schema == dict.fromkeys(SCORES, pl.Float64)
    assert score_sentences([]).height == 0
    assert score_sentences(["", " ", "\n\t", "a", "! ?", "\u2003"]).rows() == [(0.0, 0.0, 0.0, 0.0)] * 6
    assert score_sentences([string.punctuation]).rows() == [(0.0, 1.0, 0.0, 0.0)]


def test_scoring_loads_neither_nltk_nor_scipy():
    code = (
        "import sys; from corpus_tools.sentiment import score_sentences; score_sentences(['good'])"
        "; print({'nltk', 'scipy', 'sklearn'} & {m.split('.')[0] for m in sys.modules})"
    )
    run = subprocess.run([sys.executable, "-c", code], env=environment(1), capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"


# ---- means -----------------------------------------------------------------------------------------------------------


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
