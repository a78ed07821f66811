"""Mean shares over time and by outlet: planted changes, copies, gaps and intervals."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from planted import TOPICS, planted_rows
from topic_models import SMALL, documents_of, fitted, tokens_of, topic_of

from corpus_tools.stats.intervals import BootstrapSettings, differences
from corpus_tools.topics import TopicModel
from corpus_tools.topics.overview import typical_reports


def without_units(rows: list[dict[str, str]]) -> TopicModel:
    """A model whose documents are not known to be copies or not."""
    return TopicModel(SMALL).fit(tokens_of(rows), documents_of(rows).select("doc_id", "published"))


def test_prevalence_follows_a_planted_change_and_leaves_gaps_open():
    start = date(2022, 1, 3)
    rows = planted_rows(120)
    for i, row in enumerate(rows):  # war in weeks 0 and 1, talks in weeks 3 and 4, nothing in week 2
        week = {"war": [0, 1], "talks": [3, 4], "flight": [0, 4]}[row["key"].split("-")[0]][i % 2]
        row["day"] = str(start + timedelta(weeks=week, days=i % 7))
    model = without_units(rows)
    war = next(i for i, label in enumerate(model.labels()) if set(label.split(", ")) <= set(TOPICS["war"]))
    series = model.prevalence("week").filter(topic=war).sort("start")
    assert series["start"].to_list() == [start + timedelta(weeks=i) for i in range(5)]
    assert series["reports"].to_list()[2] == 0
    assert series["share"].to_list()[2] is None
    assert min(series["share"].to_list()[:2]) > 0.4
    assert max(series["share"].to_list()[3:]) < 0.1


def test_prevalence_does_not_count_reports_without_terms():
    rows = [{**row, "day": "2022-01-03"} for row in planted_rows()]
    rows += [{"key": "zzz", "body": "the", "day": "2022-01-04"}]
    prevalence = without_units(rows).prevalence("week")
    assert prevalence["reports"].to_list() == [90, 90, 90]
    assert prevalence["share"].sum() == pytest.approx(1, abs=1e-5)


@pytest.mark.slow
def test_a_planted_break_is_detected_at_its_date_and_the_interval_covers_it_in_95_of_100_samples():
    """Reports of war become likelier on one day; shares come from a model, and days from those of its documents."""
    rng = np.random.default_rng(0)
    model = fitted(planted_rows(600))
    shares = model.documents_with_shares().with_columns(war=pl.col("doc_id").str.starts_with("war")).sort("doc_id")
    pools = [shares.filter(pl.col("war") == war)[str(topic_of(model, "war"))].to_numpy() for war in (False, True)]
    truth = (0.6 - 0.3) * (pools[1].mean() - pools[0].mean())
    assert truth > 0.2
    start, days = date(2022, 1, 3), 60
    breaks = start + timedelta(days=30)
    middle = start + timedelta(days=15)
    hits, detected, early = 0, 0, 0
    for _ in range(300):
        # A day's news decides how much is about the war, so reports of the same day are not independent.
        chance = np.clip(np.where(np.arange(days) < 30, 0.3, 0.6) + rng.normal(scale=0.12, size=days), 0, 1)
        n = rng.integers(3, 9, size=days)
        war = rng.random(n.sum()) < np.repeat(chance, n)
        share = np.where(war, rng.choice(pools[1], n.sum()), rng.choice(pools[0], n.sum()))
        published = pl.Series([start + timedelta(days=int(d)) for d in np.repeat(np.arange(days), n)])
        frame = pl.DataFrame({"published": published, "share": share})
        row = differences(frame, pl.col("published") >= breaks, ["share"], BootstrapSettings(200)).row(0, named=True)
        hits += row["low"] <= truth <= row["high"]
        detected += row["low"] > 0
        before = frame.filter(pl.col("published") < breaks)
        nothing = differences(before, pl.col("published") >= middle, ["share"], BootstrapSettings(200))
        early += bool(nothing["low"][0] > 0 or nothing["high"][0] < 0)
    assert 0.91 <= hits / 300 <= 0.985
    assert detected / 300 > 0.95
    assert early / 300 < 0.1


def test_copies_count_once_where_independent_reports_are_counted():
    rows = [{**r, "day": "2022-01-03"} for r in planted_rows(30)]
    war = [r for r in rows if r["key"].startswith("war")]
    copies = [{**war[0], "key": f"zz-{i}", "copy_of": war[0]["key"], "paper": "Copyist"} for i in range(20)]
    model = fitted([*rows, *copies])
    topic = topic_of(model, "war")
    by_unit = {r["unit"]: r for r in model.prevalence("week").filter(topic=topic).iter_rows(named=True)}
    assert (by_unit["report"]["reports"], by_unit["cluster"]["reports"]) == (50, 30)
    assert by_unit["report"]["share"] == pytest.approx(0.6, abs=0.05)
    assert by_unit["cluster"]["share"] == pytest.approx(1 / 3, abs=0.05)
    outlets = model.prevalence_by_outlet().filter(topic=topic)
    assert outlets.filter(outlet="Copyist")["unit"].to_list() == ["report"]
    assert not set(typical_reports(model)["doc_id"]) & {copy["key"] for copy in copies}


def test_a_later_bin_does_not_affect_an_earlier_one():
    rows = sorted(planted_rows(120), key=lambda row: row["day"])
    model = fitted(rows)
    before = model.prevalence("week")
    last = before["start"].max()
    late = [i for i, r in enumerate(sorted(rows, key=lambda r: r["key"])) if r["day"] >= str(last)]
    model.shares_[late] = [1.0, 0.0, 0.0]  # as if the last week's reports were about something else
    after = model.prevalence("week")
    assert after.filter(pl.col("start") < last).equals(before.filter(pl.col("start") < last))
    assert not after.equals(before)
