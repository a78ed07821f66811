"""A table of planted numbers for every figure."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from functools import cache

import numpy as np
import polars as pl
import pytest
from matplotlib.figure import Figure

from corpus_tools.figures.drawings import DRAWINGS
from corpus_tools.figures.params import FiguresParams
from corpus_tools.figures.render import draw
from corpus_tools.pipeline import TABLES

PARAMS = FiguresParams(widths_mm=[89, 183], dpi=100)
# As long as the longest provenance line, that of the topics.
SETTINGS = (
    "topics · corpus 61be6709f3a6 · model nmf, n_topics 30, seed 0, min_documents 10, max_share 0.4, "
    "max_iterations 200, batch_above 50000, n_terms 30, period week · corpus_tools 0.1.0, polars 2.1.0, numpy 2.4.6, "
    "scipy 1.17.1, scikit-learn 1.9.1 | figures · font_pt 7.0, dpi 300 · corpus_tools 0.1.0, matplotlib 3.11.2"
)
# Drawing all figures takes long, so the fast tests draw one of them.
NAMES = [pytest.param(name, marks=() if name == "report_lengths" else pytest.mark.slow) for name in DRAWINGS]
WEEKS = [date(2022, 1, 3) + timedelta(weeks=i) for i in range(10)]
OUTLETS = ["Morning Post", "Evening Star", "RTÉ"]
LABELS = ["army, troop, front", "talk, treaty, envoy", "refugee, border, camp"]


@cache
def drawn(name: str, width: int) -> Figure:
    """The figure of the planted table. Tests share it, so they must not change it."""
    return draw(name, tables()[DRAWINGS[name].table], width, PARAMS)


@cache
def tables() -> dict[str, pl.DataFrame]:
    rng = np.random.default_rng(0)
    n = len(WEEKS)
    by_outlet = pl.DataFrame(
        {"outlet": np.repeat(OUTLETS, n), "start": WEEKS * 3, "stretch": [0] * 3 * n, "period": ["week"] * 3 * n}
    )
    gap = pl.col("start") == WEEKS[4]
    reports = by_outlet.with_columns(reports=pl.Series(rng.integers(2, 30, 3 * n))).with_columns(
        first_reports=pl.col("reports") - 2, own_repeats=pl.lit(2), others_repeats=pl.lit(0)
    )
    rte = pl.when(pl.col("outlet") == "RTÉ")
    reports = reports.with_columns(
        own_repeats=rte.then(1).otherwise("own_repeats"), others_repeats=rte.then(1).otherwise("others_repeats")
    )
    far = pl.DataFrame([("RTÉ", date(2030, 1, 7), 1, "week", 1, 1, 0, 0)], schema=reports.columns, orient="row")
    by_topic = by_outlet.drop("outlet").with_columns(
        topic=pl.Series(np.repeat(range(3), n)), label=pl.Series(np.repeat(LABELS, n))
    )
    terms = [(t, r, f"{LABELS[t].split(', ')[r % 3]}{r}", 0.1 / (r + 1), 0.5) for t in range(3) for r in range(10)]
    frames = {
        "reports_by_period": pl.concat([reports, far], how="vertical_relaxed"),
        "lengths_by_outlet": pl.DataFrame(
            {"outlet": OUTLETS, "reports": [5, 9, 1],
             "p05": [50.0, 80, 300], "p25": [100.0, 200, 300], "median": [200.0, 400, 300],
             "p75": [300.0, 600, 300], "p95": [900.0, 2000, 300]}
        ),
        "topic_terms": pl.DataFrame(terms, schema=["topic", "rank", "term", "weight", "frex"], orient="row"),
        "topic_grid": topic_grid(),
        "topics_by_period": prevalence(
            by_topic.with_columns(
                reports=pl.when(gap).then(0).otherwise(9),
                share=pl.when(gap).then(None).otherwise(pl.Series(rng.uniform(0, 0.9, 3 * n))),
            )
        ),
        "sentiment_by_period": tone_by_period(),
        "sentiment_by_outlet": tone_by_outlet(),
        "sentiment_words": tone_words(),
        "speakers_by_outlet": speakers(OUTLETS),
        "places_on_map": places(),
        "tolls": tolls(),
    }  # fmt: skip
    return {name: frame.cast(TABLES[name].schema) for name, frame in frames.items()}


def prevalence(shares: pl.DataFrame, moved: float = 0.0) -> pl.DataFrame:
    """Shares with bands, except in the third week; repeats change the first topic's share by `moved`."""
    unclear = pl.when(pl.col("start") != WEEKS[2])
    bands = {"low": pl.col("share") - 0.05, "high": pl.col("share") + 0.05}
    refits = {"refit_low": pl.col("share") - 0.02, "refit_high": pl.col("share") + 0.02}
    shares = shares.with_columns(**{name: unclear.then(value) for name, value in bands.items()}, **refits)
    other = shares.with_columns(pl.col("share") + moved * (pl.col("topic") == 0))
    return pl.concat([shares.with_columns(unit=pl.lit("report")), other.with_columns(unit=pl.lit("cluster"))])


def topic_grid() -> pl.DataFrame:
    rows = [
        (n, 5, npmi, 0.01, 0.9 + n / 1000, 0.001, stability, 0.02, n / 400, 0.002, npmi > 0.35, n in (30, 40), n == 30)
        for n, npmi, stability in [(10, 0.3, 0.7), (20, 0.38, 0.5), (30, 0.4, 0.62), (40, 0.4, 0.61)]
    ]
    return pl.DataFrame(rows, schema=list(TABLES["topic_grid"].schema), orient="row")


def tone_by_period(moved: float = 0.0) -> pl.DataFrame:
    """Means of three outlets and of all, with a gap; repeats change those of the first and of all by `moved`."""
    rng = np.random.default_rng(1)
    rows = []
    for outlet, index, (number, start) in itertools.product(
        [None, *OUTLETS], ["all", "narrator", "quoted", "without"], enumerate(WEEKS)
    ):
        mean = None if number == 4 else float(rng.normal(0, 0.1)) + 0.2 * (index == "without")
        for unit in ("report", "cluster"):
            value = None if mean is None else mean + moved * (unit == "cluster" and outlet in {None, OUTLETS[0]})
            band = (None, None) if value is None or number == 2 else (value - 0.1, value + 0.1)
            reports = 0 if mean is None else 9 - OUTLETS.index(outlet or OUTLETS[0])
            rows.append((unit, outlet, index, "week", start, 0, reports, value, *band))
    return pl.DataFrame(rows, schema=TABLES["sentiment_by_period"].schema, orient="row")


def tone_by_outlet(moved: float = 0.0) -> pl.DataFrame:
    """Quoted voices more positive in two of three outlets, and an outlet with one report that quotes nobody."""
    means = {None: (-0.02, 0.05), OUTLETS[0]: (-0.1, 0.1), OUTLETS[1]: (0.1, 0.2), OUTLETS[2]: (0.05, -0.05)}
    rows = [
        (unit, outlet, index, 9, mean + shift, mean + shift - 0.05, mean + shift + 0.05)
        for unit, shift in (("report", 0.0), ("cluster", moved))
        for outlet, pair in means.items()
        for index, mean in zip(["all", "without", "narrator", "quoted"], [0.0, 0.0, *pair], strict=True)
    ]
    rows += [("report", "Leaflet", index, 1, -0.5, None, None) for index in ("all", "narrator", "without")]
    return pl.DataFrame(rows, schema=TABLES["sentiment_by_outlet"].schema, orient="row")


def tone_words() -> pl.DataFrame:
    rows = [
        (f"word{i}", -1.0, 9, 20 - i, i % 3 == 0, 0.1 if i % 3 == 0 else 0.0, 0.0, 0.001 * i * (-1) ** i)
        for i in range(20)
    ]
    return pl.DataFrame(rows, schema=TABLES["sentiment_words"].schema, orient="row")


def speakers(outlets: list[str]) -> pl.DataFrame:
    names = ["Anna Berg", "Li Na", "The Ministry of Foreign Affairs and Trade", *(f"Person {i}" for i in range(9))]
    rows = [
        (o, r, n, 100 // r, max(1, 20 // r), max(1, 20 // r) - (r == 2), 0.1)
        for o in outlets
        for r, n in enumerate(names, start=1)
    ]
    return pl.DataFrame(rows, schema=list(TABLES["speakers_by_outlet"].schema), orient="row")


def places() -> pl.DataFrame:
    rows = [
        ("Kyiv", "Ukraine", "settlement", 50.45, 30.52, 1, 300, 100, 97),
        ("Kharkiv", "Ukraine", "settlement", 50.0, 36.25, 2, 90, 30, 30),
        ("Luhansk", "Ukraine", "region", 48.57, 39.3, 3, 80, 25, 25),
        ("Kyiv airport", "Ukraine", "other", 50.3, 30.9, None, 2, 1, 1),
        ("Suva", "Fiji", "settlement", -18.1, 178.4, 4, 2, 2, 2),
        ("Boston", "United States", "settlement", 42.36, -71.06, 5, 9, 4, 4),
        ("Ukraine", "Ukraine", "country", 48.8, 32.4, 6, 900, 500, 500),
        ("Black Sea", None, "other", 43.0, 35.0, None, 20, 10, 10),
        ("Europe", None, "region", 48.69, 9.14, 7, 40, 20, 20),
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=list(TABLES["places_on_map"].schema), orient="row")


def tolls() -> pl.DataFrame:
    """An event with nine outlets and every kind of bound, one with a single day, and one with a single report."""
    day = date(2022, 4, 29)
    bounds = [("exact", 5, 5), ("at least", 7, None), ("at most", None, 9), ("about", 2, 6)]
    rows = [
        (1, "Bucha", "Ukraine", "killed", day + timedelta(days=i // 2), f"Outlet {i}", f"r{i}", f"r{min(i, 7)}", 10,
         None if i % 2 else "a mayor", low, high or low, high, bound)
        for i in range(9) for bound, low, high in [bounds[i % 4]]
    ]  # fmt: skip
    rows += [
        (2, "Kramatorsk", "Ukraine", "killed", day, "RTÉ", f"s{i}", f"s{i}", 0, None, 1200, 1200, 1200, "exact")
        for i in (0, 1)
    ]
    rows.append((3, "Mykolaiv", "Ukraine", "killed", day, "RTÉ", "t", "t", 0, None, 1, 1, 1, "exact"))
    return pl.DataFrame(rows, schema=TABLES["tolls"].schema, orient="row")
