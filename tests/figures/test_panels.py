from __future__ import annotations

import re

import polars as pl
import pytest
from planted_figures import PARAMS, WEEKS, tables

from corpus_tools.figures.panels import main_stretch
from corpus_tools.figures.render import describe, draw
from corpus_tools.pipeline import TABLES


def test_reports_far_off_in_time_are_in_the_caption_only():
    data = tables()["reports_by_period"]
    assert main_stretch(data)["start"].max() == WEEKS[-1]
    assert "1 report far from the others in time (weeks from 2030-01-07)" in describe("timeline", data, 89)["caption"]


def test_a_corpus_without_a_main_stretch_is_drawn_completely():
    data = tables()["reports_by_period"].with_columns(stretch=pl.int_range(pl.len(), dtype=pl.Int32))
    assert main_stretch(data).equals(data)
    assert "Not drawn" not in describe("timeline", data, 89)["caption"]


@pytest.mark.slow
def test_as_many_outlets_as_fit_are_drawn_and_the_caption_says_so():
    names = [f"Outlet {i}" for i in range(60)]
    reports = pl.DataFrame({"outlet": names, "reports": range(60, 0, -1)})
    week = {"period": "week", "start": WEEKS[0], "stretch": 0}
    week |= {"first_reports": 1, "own_repeats": 0, "others_repeats": 0}
    data = reports.with_columns(**{k: pl.lit(v) for k, v in week.items()}).select(*TABLES["reports_by_period"].schema)
    figure = draw("timeline", data, 89, PARAMS)
    assert figure.get_figheight() * 25.4 <= 170
    assert len([a for a in figure.axes if a.get_title(loc="left")]) == 21
    assert "Shown: the 21 outlets with most reports, of 60." in describe("timeline", data, 89)["caption"]
    lengths = reports.with_columns(**{c: pl.lit(9.0) for c in ("p05", "p25", "median", "p75", "p95")})
    assert draw("report_lengths", lengths, 89, PARAMS).get_figheight() * 25.4 <= 170
    for width in PARAMS.widths_mm:
        assert draw("independent_reports", data, width, PARAMS).get_figheight() * 25.4 <= 170
        assert re.search(
            r"Shown: the \d\d outlets with most reports, of 60\.",
            describe("independent_reports", data, width)["caption"],
        )
