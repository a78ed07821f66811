from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from planted_sentiment import DAY, LABELS, NEGATIVE, NEUTRAL, POSITIVE, TERMS, mean_of, partition

from corpus_tools.pipeline import TABLES
from corpus_tools.sentiment import averages
from corpus_tools.sentiment.lexicon_match import matching_rows, own_words
from corpus_tools.sentiment.scores import INDICES
from corpus_tools.stats.intervals import BootstrapSettings, differences

BOOTSTRAP = BootstrapSettings()


def test_people_are_averaged_under_their_full_names_by_sentence():
    def report(i: int, name: str, *sentences: str) -> dict:
        return {
            "doc_id": f"r{i}", "published": DAY + timedelta(days=i), "sentences": sentences, "first": i != 5,
            "quotes": [(sentence, name) for sentence in sentences], "people": [name, "Ann Bo"],
        }  # fmt: skip

    names = ["Ann Bo", "Ann C. Bo", "Bo", "Ann Bo", "Ann Bo", "Bo"]
    reports = [report(i, name, *([NEGATIVE] if i else [POSITIVE, NEUTRAL])) for i, name in enumerate(names)]
    reports += [report(9, "The Ministry", NEGATIVE) | {"people": []}, report(8, "Ed Fu", POSITIVE)]
    parts = [partition(*reports[:3]), partition(*reports[3:])]
    speakers, people = (pl.concat([part[name] for part in parts]) for name in ("speakers", "people"))
    rows = averages.by_speaker(speakers, people, BOOTSTRAP).sort("unit", descending=True).rows(named=True)
    assert [(row["unit"], row["speaker_name"], row["sentences"], row["reports"]) for row in rows] == [
        ("report", "Ann Bo", 7, 6), ("cluster", "Ann Bo", 6, 5),
    ]  # fmt: skip
    assert rows[0]["compound"] == mean_of(POSITIVE, NEUTRAL, *[NEGATIVE] * 5)
    assert rows[0]["low"] < rows[0]["compound"] < rows[0]["high"]


def test_topics_have_means_weighted_by_share_and_own_words():
    own = own_words(TERMS)
    war, peace = {0: 1.0, 1: 0.0}, {0: 0.25, 1: 0.75}
    reports = [
        {
            "doc_id": f"r{i}",
            "published": DAY + timedelta(days=i // 2),
            "sentences": [NEGATIVE, "A bad war."],
            "topics": war,
        }
        for i in range(6)
    ]
    reports += [
        {"doc_id": "s", "sentences": [POSITIVE, NEGATIVE], "topics": peace, "first": False},
        {"doc_id": "t", "sentences": []},
        {"doc_id": "u", "sentences": [POSITIVE], "topics": {0: None, 1: None}},
    ]  # fmt: skip
    parts = [partition(*half, own=own) for half in (reports[:4], reports[4:])]
    days = pl.concat([part["topics"] for part in parts])
    table = TABLES["sentiment_by_topic"].fit(averages.by_topic(days, LABELS, own, BOOTSTRAP))
    row = table.filter(unit="report", topic=0, index="all").row(0, named=True)
    negative, mixed = mean_of(NEGATIVE, "A bad war."), mean_of(POSITIVE, NEGATIVE)
    assert (row["label"], row["reports"], row["own_words"]) == ("war", 7, "kill, War")
    assert row["compound"] == pytest.approx((6 * negative + 0.25 * mixed) / 6.25, abs=1e-6)
    # Of killed (-3.5), bad (-2.5) and war (-2.9), bad is no own word; the mixed report has killed only.
    assert row["own_share"] == pytest.approx((6 * 6.4 + 0.25 * 3.5) / (6 * 8.9 + 0.25 * 3.5), abs=1e-6)
    without = table.filter(unit="report", topic=0, index="without").row(0, named=True)
    expected = (6 * mean_of("bad", "They") + 0.25 * mean_of(POSITIVE, "They")) / 6.25
    assert without["compound"] == pytest.approx(expected, abs=1e-6)
    peaceful = table.filter(unit="report", topic=1)
    assert peaceful.filter(index="without")["compound"].item() == pytest.approx(
        mean_of("A wonderful came.", NEGATIVE), abs=1e-6
    )
    assert peaceful["own_share"].to_list() == [0.0] * peaceful.height  # its own words are positive
    assert table.filter(unit="cluster", topic=0, index="all")["reports"].item() == 6
    assert table.filter(unit="cluster", topic=1).is_empty()


def test_word_effects_add_up_over_partitions_and_to_the_effect_of_the_vocabulary():
    reports = [
        {"sentences": [NEGATIVE, POSITIVE], "doc_id": "a"},
        {"sentences": [NEGATIVE, "A bad day."], "doc_id": "b"},
    ]
    rows = matching_rows(["kill"])
    together = partition(*reports, rows=rows)
    parts = [partition(report, rows=rows) for report in reports]
    documents = pl.concat([part["sentiment_by_document"] for part in parts])
    table = averages.by_word(pl.concat([part["words"] for part in parts]), rows, documents).sort("word")
    assert table.equals(averages.by_word(together["words"], rows, documents).sort("word"))
    killed = table.filter(word="killed").row(0, named=True)
    assert (killed["n"], killed["reports"], killed["valence"], killed["in_vocabulary"]) == (2, 2, -3.5, True)
    assert killed["negative_share"] == pytest.approx(7 / 9.5, abs=1e-6)
    assert killed["effect"] == pytest.approx(mean_of(NEGATIVE) / 2, abs=1e-8)
    summary = averages.summarise(documents, table, 0)
    assert summary["negative_share_of_vocabulary"] == round(7 / 9.5, 4)
    assert summary["compound"] - summary["without_vocabulary"] == pytest.approx(killed["effect"], abs=1e-4)
    assert (summary["narrator"], summary["quoted"]) == (summary["compound"], None)


def documents(*rows: tuple[str, str, date, float | None, bool]) -> pl.DataFrame:
    """Reports in the narrator's voice: doc_id, outlet, published, score, is_first_report."""
    frame = pl.DataFrame(rows, schema=["doc_id", "outlet", "published", "compound", "is_first_report"], orient="row")
    return frame.with_columns(
        sentences=pl.lit(2, pl.Int64), narrator="compound", quoted=pl.lit(None, pl.Float64), without="compound"
    )


def scored(seed: int, days: int, per_day: int, *, shift: float = 0.0) -> pl.DataFrame:
    """Reports with a common effect for each day, and scores higher by `shift` in the second half of the days."""
    rng = np.random.default_rng(seed)
    common = rng.normal(0, 0.05, days)
    return documents(*[
        (f"{day:03d}-{i}", "AB"[i % 2], DAY + timedelta(days=day),
         float(common[day] + rng.normal(0, 0.2) + shift * (day * 2 >= days)), i > 0 or day % 3 > 0)
        for day in range(days) for i in range(per_day)
    ])  # fmt: skip


def test_every_report_of_a_day_counts_once():
    frame = documents(
        ("a", "A", DAY, 0.5, True), ("b", "B", DAY, -0.1, False), ("c", "A", date(2022, 1, 5), None, True)
    )
    assert averages.by_day(frame).rows() == [("report", DAY, 2, 4, 0.2), ("cluster", DAY, 1, 2, 0.5)]


def test_periods_have_gaps_and_intervals_where_days_allow_them():
    days = [DAY + timedelta(days=i) for i in (0, 1, 2, 3, 4, 15, 16)]
    frame = documents(*((f"a{i}", "A", day, i % 2 / 5, True) for i, day in enumerate(days)))
    weeks = averages.by_period(frame, "week", BOOTSTRAP).filter(unit="report", outlet="A", index="all").sort("start")
    first, gap, last = weeks.rows(named=True)
    assert (first["reports"], first["compound"]) == (5, 0.08)
    assert first["low"] < 0
    assert first["high"] > 0.16
    assert (gap["reports"], gap["compound"], gap["low"]) == (0, None, None)
    assert (last["reports"], last["compound"], last["low"]) == (2, 0.1, None)  # too few for an interval


def test_rows_without_an_outlet_are_about_all_outlets():
    frame = scored(0, 30, 3)
    for table in (averages.by_outlet(frame, BOOTSTRAP), averages.by_period(frame, "month", BOOTSTRAP)):
        every = table.filter(pl.col("outlet").is_null(), pl.col("unit") == "report", pl.col("index") == "all")
        each = table.filter(pl.col("outlet").is_not_null(), pl.col("unit") == "report", pl.col("index") == "all")
        assert every["reports"].sum() == each["reports"].sum() == 90
    january = frame.filter(pl.col("published") < date(2022, 2, 1))
    assert every["compound"][0] == pytest.approx(january["compound"].mean(), abs=1e-6)


def test_a_corpus_without_quotations_has_no_mean_of_quoted_sentences():
    frame = scored(0, 30, 3)
    assert set(averages.by_outlet(frame, BOOTSTRAP)["index"]) == set(INDICES) - {"quoted"}
    quoted = averages.by_period(frame, "week", BOOTSTRAP).filter(index="quoted")
    assert quoted["reports"].sum() == 0
    assert quoted["compound"].null_count() == quoted.height


def test_repeats_count_in_one_unit_and_not_in_the_other():
    # A negative report appears once, a positive one nine times.
    rows = [("negative", "A", DAY, -0.5, True)]
    rows += [(f"copy{i}", "A", DAY + timedelta(days=i % 3), 0.5, not i) for i in range(9)]
    table = averages.by_outlet(documents(*rows), BOOTSTRAP).filter(pl.col("index") == "all", pl.col("outlet") == "A")
    assert {row["unit"]: (row["reports"], row["compound"]) for row in table.rows(named=True)} == {
        "report": (10, 0.4), "cluster": (2, 0.0),
    }  # fmt: skip


def test_later_reports_change_no_earlier_bin():
    frame = scored(1, 60, 4)
    key = ["unit", "outlet", "index", "start"]
    end = DAY + timedelta(weeks=5)
    all_weeks = averages.by_period(frame, "week", BOOTSTRAP).filter(pl.col("start") < end).sort(key)
    before = averages.by_period(frame.filter(pl.col("published") < end), "week", BOOTSTRAP).sort(key)
    assert all_weeks.equals(before)
    assert before.drop_nulls("low").height > 20


def test_the_order_of_documents_and_partitions_does_not_matter():
    frame = scored(2, 40, 4)
    shuffled = frame.sample(fraction=1, shuffle=True, seed=1)
    for make in (
        lambda f: averages.by_outlet(f, BOOTSTRAP),
        lambda f: averages.by_period(f, "week", BOOTSTRAP),
        averages.by_day,
    ):
        a, b = make(frame), make(shuffled)
        assert a.sort(a.columns).equals(b.sort(b.columns))
    own = own_words(TERMS)
    reports = [
        {"doc_id": f"r{i}", "published": DAY + timedelta(days=i % 4), "sentences": [NEGATIVE, POSITIVE][: 1 + i % 2],
         "topics": {0: i / 10, 1: 1 - i / 10}}
        for i in range(10)
    ]  # fmt: skip
    tables = []
    for order in ([range(10)], [range(4), range(4, 10)], [[9, 1, 3], [2, 0, 8, 4], [5, 7, 6]]):
        days = pl.concat([partition(*(reports[i] for i in rows), own=own)["topics"] for rows in order])
        tables.append(TABLES["sentiment_by_topic"].fit(averages.by_topic(days, LABELS, own, BOOTSTRAP)))
    assert tables[0].equals(tables[1])
    assert tables[0].equals(tables[2])


@pytest.mark.slow
def test_intervals_cover_a_planted_shift_and_exclude_zero():
    """A shift of 0.1 at a known date, in 200 corpora of 60 days in which no effect lasts longer than a day."""
    later = pl.col("published") >= DAY + timedelta(days=30)
    drawn = [
        differences(scored(seed, 60, 5, shift=0.1), later, ["compound"], BootstrapSettings(400)) for seed in range(200)
    ]
    table = pl.concat(drawn)
    covered = table.select(((pl.col("low") <= 0.1) & (pl.col("high") >= 0.1)).mean()).item()
    assert 0.9 <= covered <= 0.99
    assert table.select((pl.col("low") > 0).mean()).item() > 0.85
    assert table["difference"].mean() == pytest.approx(0.1, abs=0.01)


@pytest.mark.slow
def test_intervals_cover_a_planted_shift_of_sentences():
    """Reports of a planted and a neutral sentence; from one day on, 70 and not 30 per cent of these are positive."""
    later = pl.col("published") >= DAY + timedelta(days=20)
    truth = 0.4 * (mean_of(POSITIVE) - mean_of(NEGATIVE)) / 2
    covered = detected = 0
    for seed in range(100):
        positive = np.random.default_rng(seed).random((40, 4)) < np.repeat([0.3, 0.7], 20)[:, None]
        reports = [
            {"doc_id": f"r{day:02d}-{i}", "published": DAY + timedelta(days=day), "sentences": [sentence, NEUTRAL]}
            for day in range(40)
            for i, sentence in enumerate(POSITIVE if b else NEGATIVE for b in positive[day])
        ]
        frame = partition(*reports)["sentiment_by_document"]
        row = differences(frame, later, ["compound"], BootstrapSettings(400)).row(0, named=True)
        covered += row["low"] <= truth <= row["high"]
        detected += row["low"] > 0
    assert 90 <= covered <= 99
    assert detected == 100
