from __future__ import annotations

import string
import subprocess
import sys
from collections.abc import Sequence
from datetime import date, timedelta
from importlib.resources import files

import numpy as np
import polars as pl
import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from nltk.sentiment.vader import SentimentIntensityAnalyzer as NltkAnalyzer
from nltk.sentiment.vader import VaderConstants
from planted import CASES, environment
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from corpus_tools.nltk_fast.lexicon import boosts, lexicon, rules, split
from corpus_tools.nltk_fast.punkt import news_punkt
from corpus_tools.nltk_fast.vader import rounded, weigh
from corpus_tools.runtime.store import TABLES, fit
from corpus_tools.sentiment.lexicon_match import own_words, rows_of
from corpus_tools.sentiment.scores import INDICES, READS, SCORES, means, score_partition, score_sentences
from corpus_tools.sentiment.sentence_voices import voices
from corpus_tools.sentiment.word_effects import compound_without
from corpus_tools.stats.intervals import BootstrapSettings, differences

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


def test_sentences_of_news_articles_score_as_nltk_scores_them(news_texts):
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
        "import sys; from corpus_tools.sentiment.scores import score_sentences; score_sentences(['good'])"
        "; print({'nltk', 'scipy', 'sklearn'} & {m.split('.')[0] for m in sys.modules})"
    )
    run = subprocess.run([sys.executable, "-c", code], env=environment(1), capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"


# ---- whose voice -----------------------------------------------------------------------------------------------------


def spans_of(text: str, *pieces: str) -> list[tuple[int, int]]:
    return [(text.index(piece), text.index(piece) + len(piece)) for piece in pieces]


def told(text: str, pieces: Sequence[str], *quotes: tuple[str, str, str | None]) -> list[tuple]:
    """Voices of the pieces of a text, of which some words are quoted: words, kind, speaker."""
    documents = pl.DataFrame({"doc_id": ["0", "a"], "text": ["“Before.”", text]})
    spans = [("0", 0, 9), *(("a", *span) for span in spans_of(text, *pieces))]
    said = [("a", *spans_of(text, words)[0], kind, name) for words, kind, name in quotes]
    return voices(
        documents,
        pl.DataFrame(spans, schema=["doc_id", "start", "end"], orient="row"),
        pl.DataFrame(said, schema=QUOTED, orient="row"),
    ).rows()[1:]


QUOTED = {"doc_id": pl.String, "start": pl.Int32, "end": pl.Int32, "kind": pl.String, "speaker_name": pl.String}
NARRATED = ("narrator", None, False)


def test_a_sentence_is_quoted_from_half_of_its_letters_and_digits_on():
    # Six letters and digits of twelve; marks and spaces do not count.
    assert told("“ab - c! de4,” ghijkl.", ["“ab - c! de4,” ghijkl."], ("ab - c! de4,", "direct", "Ann")) == [
        ("quoted", "Ann", True)
    ]
    assert told("“ab - c! de,” ghijkl.", ["“ab - c! de,” ghijkl."], ("ab - c! de,", "direct", "Ann")) == [
        ("narrator", None, True)
    ]
    assert told("“Ärger über İ.”", ["“Ärger über İ.”"], ("Ärger über İ.", "mixed", None)) == [("quoted", None, False)]


def test_a_quotation_reaches_over_sentences_and_an_indirect_one_is_the_narrators():
    text = "They met. “We won. All of it. Now peace,” he said. He said they lost."
    pieces = ["They met.", "“We won.", "All of it.", "Now peace,” he said.", "He said they lost."]
    found = told(text, pieces, ("We won. All of it. Now peace,", "direct", "Ann"), ("they lost", "indirect", "Bo"))
    assert found == [NARRATED, ("quoted", "Ann", False), ("quoted", "Ann", False), ("quoted", "Ann", True), NARRATED]


def test_of_two_quotations_the_larger_one_speaks_and_one_within_another_counts_once():
    text = "“Yes,” said Bo, “never,” said Al."
    quotes = [("Yes,", "direct", "Bo"), ("never,", "direct", "Al")]
    assert told(text, [text], *quotes) == [("narrator", None, True)]  # 8 letters of 22
    assert told("“Yes,” he, “never.”", ["“Yes,” he, “never.”"], *quotes[:1], ("never.", "mixed", "Al")) == [
        ("quoted", "Al", True)
    ]
    within = [("He called it ‘hell’,", "direct", "Ann"), ("hell", "mixed", "Bo")]
    nested = "“He called it ‘hell’,” said the eldest of sisters."
    assert told(nested, [nested], *within) == [("narrator", None, True)]  # 14 of 36, and not 18
    nested = "“He called it ‘hell’,” said Ann."
    assert told(nested, [nested], *within) == [("quoted", "Ann", True)]  # 14 of 21, and not 10


def test_no_quotation_no_letter_no_text():
    assert told("They met. 1!", ["They met.", "!"]) == [NARRATED, NARRATED]
    nothing = pl.DataFrame(schema={"doc_id": pl.String, "text": pl.String, "start": pl.Int32, "end": pl.Int32})
    assert voices(nothing, nothing, pl.DataFrame(schema=QUOTED)).rows() == []


# ---- a partition -----------------------------------------------------------------------------------------------------

DARK, BRIGHT, PLAIN = "The army killed them.", "A wonderful peace came.", "They met on Monday."
DAY = date(2022, 1, 3)


def partition(*reports: dict, rows: Sequence[int] = (), own: pl.DataFrame | None = None) -> dict[str, pl.DataFrame]:
    """Score reports: doc_id, sentences, and what else differs from the default; (words, speaker) of quotations."""
    tables: dict[str, list[dict]] = {name: [] for name in READS}
    for i, report in enumerate(reports):
        doc_id, text = report.get("doc_id", f"d{i}"), " ".join(report["sentences"])
        at = {"doc_id": doc_id}
        first = report.get("first", True)
        days = {"outlet": report.get("outlet", "O"), "published": report.get("published", DAY)}
        tables["documents"].append({**at, **days, "text": text, "is_first_report": first})
        start = 0
        for n, sentence in enumerate(report["sentences"]):
            tables["sentences"].append({**at, "sentence": n, "start": start, "end": start + len(sentence)})
            start += len(sentence) + 1
        for words, name in report.get("quotes", ()):
            begin = text.index(words)
            tables["quotes"].append(
                {**at, "start": begin, "end": begin + len(words), "kind": "direct", "speaker_name": name}
            )
        for name in report.get("people", ()):
            tables["names"].append({**at, "start": len(tables["names"]), "end": 0, "label": "PERSON", "name": name})
        for topic, share in report.get("topics", {}).items():
            tables["doc_topics"].append({**at, "topic": topic, "share": share})
    made = []
    for name, found in tables.items():
        columns = TABLES[name].columns
        given = pl.DataFrame(found, schema={c: t for c, t in columns.items() if not found or c in found[0]})
        blank = (pl.lit(None, t).alias(c) for c, t in columns.items() if c not in given)
        made.append(fit(name, given.with_columns(blank)))
    own = pl.DataFrame(schema={"topic": pl.Int32, "row": pl.Int32}) if own is None else own
    return score_partition(rows, own, *made)


def mean_of(*sentences: str) -> float:
    return round(float(np.mean(score_sentences(sentences)["compound"].to_list())), 6)


def test_a_report_is_the_mean_of_its_sentences_and_one_without_has_none():
    made = partition({"sentences": [BRIGHT, DARK]}, {"sentences": []})
    assert made["sentiment"].select(SCORES).equals(score_sentences([BRIGHT, DARK]))
    with_some, without = made["sentiment_by_document"].rows(named=True)
    assert (with_some["sentences"], with_some["compound"]) == (2, mean_of(BRIGHT, DARK))
    assert (without["sentences"], without["quoted_sentences"], without["compound"]) == (0, 0, None)


def test_planted_voices_have_their_means():
    made = partition({"sentences": [DARK, BRIGHT, PLAIN], "quotes": [(BRIGHT, "Ann Bo")]}, {"sentences": [DARK]})
    first, second = made["sentiment_by_document"].rows(named=True)
    assert (first["narrator"], first["quoted"]) == (mean_of(DARK, PLAIN), mean_of(BRIGHT))
    assert (first["quoted_sentences"], second["quoted_sentences"]) == (1, 0)
    assert (second["narrator"], second["quoted"]) == (mean_of(DARK), None)
    assert made["sentiment"].select("voice", "speaker_name").rows()[:2] == [("narrator", None), ("quoted", "Ann Bo")]


def test_people_are_averaged_under_their_full_names_by_sentence():
    def report(i: int, name: str, *sentences: str) -> dict:
        return {
            "doc_id": f"r{i}", "published": DAY + timedelta(days=i), "sentences": sentences, "first": i != 5,
            "quotes": [(sentence, name) for sentence in sentences], "people": [name, "Ann Bo"],
        }  # fmt: skip

    names = ["Ann Bo", "Ann C. Bo", "Bo", "Ann Bo", "Ann Bo", "Bo"]
    reports = [report(i, name, *([DARK] if i else [BRIGHT, PLAIN])) for i, name in enumerate(names)]
    reports += [report(9, "The Ministry", DARK) | {"people": []}, report(8, "Ed Fu", BRIGHT)]
    parts = [partition(*reports[:3]), partition(*reports[3:])]
    said, people = (pl.concat([part[name] for part in parts]) for name in ("said", "people"))
    rows = means.by_speaker(said, people, BootstrapSettings()).sort("unit", descending=True).rows(named=True)
    assert [(row["unit"], row["speaker_name"], row["sentences"], row["reports"]) for row in rows] == [
        ("report", "Ann Bo", 7, 6), ("cluster", "Ann Bo", 6, 5),
    ]  # fmt: skip
    assert rows[0]["compound"] == mean_of(BRIGHT, PLAIN, *[DARK] * 5)
    assert rows[0]["low"] < rows[0]["compound"] < rows[0]["high"]


TERMS = pl.DataFrame(
    {"topic": [0, 0, 0, 1], "rank": [0, 1, 2, 0], "term": ["army", "kill", "War", "peace"], "weight": 0.1, "frex": 0.1},
    schema_overrides=TABLES["topic_terms"].columns,
)


LABELS = pl.DataFrame({"topic": [0, 1], "label": ["war", "peace"]}, schema_overrides={"topic": pl.Int32})


def test_planted_topics_have_their_means_by_share_and_their_own_words():
    own = own_words(TERMS)
    war, peace = {0: 1.0, 1: 0.0}, {0: 0.25, 1: 0.75}
    reports = [
        {"doc_id": f"r{i}", "published": DAY + timedelta(days=i // 2), "sentences": [DARK, "A bad war."], "topics": war}
        for i in range(6)
    ]
    reports += [
        {"doc_id": "s", "sentences": [BRIGHT, DARK], "topics": peace, "first": False}, {"doc_id": "t", "sentences": []},
        {"doc_id": "u", "sentences": [BRIGHT], "topics": {0: None, 1: None}},
    ]  # fmt: skip
    parts = [partition(*some, own=own) for some in (reports[:4], reports[4:])]
    days = pl.concat([part["topics"] for part in parts])
    found = fit("sentiment_by_topic", means.by_topic(days, LABELS, own, BootstrapSettings()))
    row = found.filter(unit="report", topic=0, index="all").row(0, named=True)
    dark, mixed = mean_of(DARK, "A bad war."), mean_of(BRIGHT, DARK)
    assert (row["label"], row["reports"], row["own_words"]) == ("war", 7, "kill, War")
    assert row["compound"] == pytest.approx((6 * dark + 0.25 * mixed) / 6.25, abs=1e-6)
    # Of killed -3.5, bad -2.5 and war -2.9, the topic's own are two; the mixed report holds killed alone.
    assert row["own_share"] == pytest.approx((6 * 6.4 + 0.25 * 3.5) / (6 * 8.9 + 0.25 * 3.5), abs=1e-6)
    without = found.filter(unit="report", topic=0, index="without").row(0, named=True)
    expected = (6 * mean_of("bad", "They") + 0.25 * mean_of(BRIGHT, "They")) / 6.25
    assert without["compound"] == pytest.approx(expected, abs=1e-6)
    peaceful = found.filter(unit="report", topic=1)
    assert peaceful.filter(index="without")["compound"].item() == pytest.approx(
        mean_of("A wonderful came.", DARK), abs=1e-6
    )
    assert peaceful["own_share"].to_list() == [0.0] * peaceful.height  # nothing negative in its own words
    assert found.filter(unit="cluster", topic=0, index="all")["reports"].item() == 6
    assert found.filter(unit="cluster", topic=1).is_empty()


def test_a_word_that_two_terms_of_a_topic_mean_is_left_out_once():
    one = pl.DataFrame({"topic": [0], "rank": [0], "term": ["kill"]}, schema_overrides={"topic": pl.Int32})
    two = pl.concat([one, one.with_columns(rank=pl.lit(1, dtype=pl.Int64), term=pl.lit("killing"))])
    reports = [{"sentences": ["The killing of the killed was bad."], "topics": {0: 1.0}}]
    days = [partition(*reports, own=own_words(terms))["topics"] for terms in (one, two)]
    assert own_words(two).height > own_words(one).height
    assert days[0].equals(days[1])
    assert days[0].height == 1


# ---- the vocabulary --------------------------------------------------------------------------------------------------


@given(st.lists(st.lists(hard_sentences(), min_size=1, max_size=4), min_size=1, max_size=4))
@settings(max_examples=60)
def test_the_effect_of_a_word_is_the_index_minus_the_index_without_it(reports):
    made = partition(*({"sentences": sentences} for sentences in reports))
    documents = made["sentiment_by_document"]
    found = means.words(made["words"], [], documents)
    weighed = [weigh(pl.Series(sentences)) for sentences in reports]
    index = np.mean([score_sentences(sentences)["compound"].mean() for sentences in reports])
    rows = {word: row for row, word in enumerate(lexicon())}
    for word, n, effect in found.select("word", "n", "effect").iter_rows():
        # Weighed as it is, then put to zero: the rows of the arrays that hold the word.
        left = np.mean([compound_by_hand(words, rows[word]) for words in weighed])
        assert effect == pytest.approx(index - left, abs=1e-6), word
        assert n == sum((words.row == rows[word]).sum() for words in weighed)
    masses = [np.concatenate([sign * words.valence for words in weighed]).clip(0).sum() for sign in (-1, 1)]
    for share, mass in zip(("negative_share", "positive_share"), masses, strict=True):
        assert found[share].sum() == pytest.approx(1 if mass else 0, abs=1e-4)


def compound_by_hand(words, row: int) -> float:
    """The mean score of sentences, one word's valences left out, and every sum made anew."""
    scores = []
    for sentence, emphasis in enumerate(words.emphasis):
        here = (words.sentence == sentence) & (words.row != row)
        whole = sum(words.valence[here].tolist())
        whole = 0.0 if abs(whole) < 1e-9 else whole + float(np.sign(whole) * emphasis)
        scores.append(round(whole / (whole * whole + 15) ** 0.5, 4))
    return float(np.mean(scores))


@given(st.lists(hard_sentences(), min_size=1, max_size=5))
def test_without_all_words_nothing_is_left_and_without_none_everything(sentences):
    words = weigh(pl.Series(sentences))
    assert compound_without(words, range(len(lexicon()))).tolist() == [0.0] * len(sentences)
    assert compound_without(words, []).tolist() == score_sentences(sentences)["compound"].to_list()


def test_a_word_is_taken_out_after_it_was_weighed():
    # Had they been weighed without `war`, `but` would stand after nothing; it weighs what follows all the same.
    rows = rows_of(["kill", "war"])
    sentences = ["They were not killed in the good war!", "A war, but a good one.", "KILLED, a very good friend."]
    made = partition({"sentences": sentences}, rows=rows)
    scores = [round(x / (x * x + 15) ** 0.5, 4) for x in (1.9 + 0.292, 1.9 * 1.5, 4.1 + 0.293 * 1.95)]
    assert made["sentiment_by_document"]["without"].item() == pytest.approx(np.mean(scores), abs=1e-4)


def test_forms_of_a_word_belong_to_the_vocabulary_and_no_other():
    words = list(lexicon())
    assert {words[row] for row in rows_of(["Kill", "no such word"])} == {"kill", "killed", "killing", "kills"}
    assert rows_of([]) == []


def test_the_audit_adds_up_over_partitions_and_says_what_the_vocabulary_carries():
    reports = [{"sentences": [DARK, BRIGHT], "doc_id": "a"}, {"sentences": [DARK, "A bad day."], "doc_id": "b"}]
    rows = rows_of(["kill"])
    whole = partition(*reports, rows=rows)
    parts = [partition(report, rows=rows) for report in reports]
    documents = pl.concat([part["sentiment_by_document"] for part in parts])
    apart = means.words(pl.concat([part["words"] for part in parts]), rows, documents).sort("word")
    assert apart.equals(means.words(whole["words"], rows, documents).sort("word"))
    killed = apart.filter(word="killed").row(0, named=True)
    assert (killed["n"], killed["reports"], killed["valence"], killed["in_vocabulary"]) == (2, 2, -3.5, True)
    assert killed["negative_share"] == pytest.approx(7 / 9.5, abs=1e-6)
    assert killed["effect"] == pytest.approx(mean_of(DARK) / 2, abs=1e-8)
    summary = means.summarise(documents, apart, 0)
    assert summary["negative_share_of_vocabulary"] == round(7 / 9.5, 4)
    assert summary["compound"] - summary["without_vocabulary"] == pytest.approx(killed["effect"], abs=1e-4)
    assert (summary["narrator"], summary["quoted"]) == (summary["compound"], None)


# ---- means -----------------------------------------------------------------------------------------------------------


def documents(*rows: tuple[str, str, date, float | None, bool]) -> pl.DataFrame:
    """doc_id, outlet, published, score in the narrator's voice, and whether it is the first of its kind."""
    frame = pl.DataFrame(rows, schema=["doc_id", "outlet", "published", "compound", "is_first_report"], orient="row")
    return frame.with_columns(
        sentences=pl.lit(2, pl.Int64), narrator="compound", quoted=pl.lit(None, pl.Float64), without="compound"
    )


def scored(seed: int, days: int, a_day: int, *, shift: float = 0.0) -> pl.DataFrame:
    """Reports of `days` days; those of a day have something in common, and half of the days are brighter by `shift`."""
    rng = np.random.default_rng(seed)
    common = rng.normal(0, 0.05, days)
    return documents(*[
        (f"{day:03d}-{i}", "AB"[i % 2], DAY + timedelta(days=day),
         float(common[day] + rng.normal(0, 0.2) + shift * (day * 2 >= days)), i > 0 or day % 3 > 0)
        for day in range(days) for i in range(a_day)
    ])  # fmt: skip


def test_every_report_of_a_day_counts_once():
    frame = documents(
        ("a", "A", DAY, 0.5, True), ("b", "B", DAY, -0.1, False), ("c", "A", date(2022, 1, 5), None, True)
    )
    assert means.by_day(frame).rows() == [("report", DAY, 2, 4, 0.2), ("cluster", DAY, 1, 2, 0.5)]


def test_periods_have_gaps_and_intervals_where_days_allow_them():
    days = [DAY + timedelta(days=i) for i in (0, 1, 2, 3, 4, 15, 16)]
    frame = documents(*((f"a{i}", "A", day, i % 2 / 5, True) for i, day in enumerate(days)))
    found = (
        means.by_period(frame, "week", BootstrapSettings()).filter(unit="report", outlet="A", index="all").sort("start")
    )
    first, gap, last = found.rows(named=True)
    assert (first["reports"], first["compound"]) == (5, 0.08)
    assert first["low"] < 0
    assert first["high"] > 0.16
    assert (gap["reports"], gap["compound"], gap["low"]) == (0, None, None)
    assert (last["reports"], last["compound"], last["low"]) == (2, 0.1, None)  # too few for an interval


def test_all_outlets_together_are_the_one_without_a_name():
    frame = scored(0, 30, 3)
    for found in (means.by_outlet(frame, BootstrapSettings()), means.by_period(frame, "month", BootstrapSettings())):
        every = found.filter(pl.col("outlet").is_null(), pl.col("unit") == "report", pl.col("index") == "all")
        each = found.filter(pl.col("outlet").is_not_null(), pl.col("unit") == "report", pl.col("index") == "all")
        assert every["reports"].sum() == each["reports"].sum() == 90
    january = frame.filter(pl.col("published") < date(2022, 2, 1))
    assert every["compound"][0] == pytest.approx(january["compound"].mean(), abs=1e-6)


def test_a_corpus_without_quotations_has_no_mean_of_quoted_sentences():
    frame = scored(0, 30, 3)
    assert set(means.by_outlet(frame, BootstrapSettings())["index"]) == set(INDICES) - {"quoted"}
    quoted = means.by_period(frame, "week", BootstrapSettings()).filter(index="quoted")
    assert quoted["reports"].sum() == 0
    assert quoted["compound"].null_count() == quoted.height


def test_copies_count_in_one_unit_and_not_in_the_other():
    # A dark report is printed once, a bright one nine times.
    rows = [("dark", "A", DAY, -0.5, True)]
    rows += [(f"copy{i}", "A", DAY + timedelta(days=i % 3), 0.5, not i) for i in range(9)]
    found = means.by_outlet(documents(*rows), BootstrapSettings()).filter(
        pl.col("index") == "all", pl.col("outlet") == "A"
    )
    assert {row["unit"]: (row["reports"], row["compound"]) for row in found.rows(named=True)} == {
        "report": (10, 0.4), "cluster": (2, 0.0),
    }  # fmt: skip


def test_what_is_printed_later_changes_nothing_before():
    frame = scored(1, 60, 4)
    key = ["unit", "outlet", "index", "start"]
    end = DAY + timedelta(weeks=5)
    whole = means.by_period(frame, "week", BootstrapSettings()).filter(pl.col("start") < end).sort(key)
    before = means.by_period(frame.filter(pl.col("published") < end), "week", BootstrapSettings()).sort(key)
    assert whole.equals(before)
    assert before.drop_nulls("low").height > 20


def test_the_order_of_documents_and_partitions_does_not_matter():
    frame = scored(2, 40, 4)
    shuffled = frame.sample(fraction=1, shuffle=True, seed=1)
    for make in (
        lambda f: means.by_outlet(f, BootstrapSettings()),
        lambda f: means.by_period(f, "week", BootstrapSettings()),
        means.by_day,
    ):
        a, b = make(frame), make(shuffled)
        assert a.sort(a.columns).equals(b.sort(b.columns))
    own = own_words(TERMS)
    reports = [
        {"doc_id": f"r{i}", "published": DAY + timedelta(days=i % 4), "sentences": [DARK, BRIGHT][: 1 + i % 2],
         "topics": {0: i / 10, 1: 1 - i / 10}}
        for i in range(10)
    ]  # fmt: skip
    found = []
    for order in ([range(10)], [range(4), range(4, 10)], [[9, 1, 3], [2, 0, 8, 4], [5, 7, 6]]):
        days = pl.concat([partition(*(reports[i] for i in some), own=own)["topics"] for some in order])
        found.append(fit("sentiment_by_topic", means.by_topic(days, LABELS, own, BootstrapSettings())))
    assert found[0].equals(found[1])
    assert found[0].equals(found[2])


def test_a_planted_shift_is_found_and_the_interval_covers_it():
    """A known shift of 0.1 at a known date, in 200 corpora of 60 days with news that lasts no longer than a day."""
    later = pl.col("published") >= DAY + timedelta(days=30)
    drawn = [
        differences(scored(seed, 60, 5, shift=0.1), later, ["compound"], BootstrapSettings(400)) for seed in range(200)
    ]
    found = pl.concat(drawn)
    covered = found.select(((pl.col("low") <= 0.1) & (pl.col("high") >= 0.1)).mean()).item()
    assert 0.9 <= covered <= 0.99
    assert found.select((pl.col("low") > 0).mean()).item() > 0.85  # and seen for what it is: brighter
    assert found["difference"].mean() == pytest.approx(0.1, abs=0.01)


def test_a_planted_shift_of_dark_and_bright_sentences_is_covered():
    """Reports of one planted sentence and a plain one; from a day on, seven of ten are bright and not three of ten."""
    later = pl.col("published") >= DAY + timedelta(days=20)
    truth = 0.4 * (mean_of(BRIGHT) - mean_of(DARK)) / 2
    covered = found_it = 0
    for seed in range(100):
        bright = np.random.default_rng(seed).random((40, 4)) < np.repeat([0.3, 0.7], 20)[:, None]
        reports = [
            {"doc_id": f"r{day:02d}-{i}", "published": DAY + timedelta(days=day), "sentences": [sentence, PLAIN]}
            for day in range(40)
            for i, sentence in enumerate(BRIGHT if b else DARK for b in bright[day])
        ]
        frame = partition(*reports)["sentiment_by_document"]
        row = differences(frame, later, ["compound"], BootstrapSettings(400)).row(0, named=True)
        covered += row["low"] <= truth <= row["high"]
        found_it += row["low"] > 0
    assert 90 <= covered <= 99
    assert found_it == 100
