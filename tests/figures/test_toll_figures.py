from __future__ import annotations

import itertools
from datetime import date

import matplotlib as mpl
import polars as pl
from planted_figures import PARAMS, drawn, tables

from corpus_tools.figures.render import describe, draw


def test_claims_in_repeats_are_smaller_and_paler_and_have_a_key():
    figure = drawn("tolls", 183)
    marks = [m for m in figure.axes[0].lines if isinstance(m.get_marker(), str) and m.get_marker() != "_"]
    assert [m.get_alpha() for m in marks] == [1.0] * 8 + [0.6]
    assert "in a repeat of an earlier report" in [t.get_text() for t in figure.legends[1].get_texts()]
    independent = tables()["tolls"].with_columns(cluster_id="doc_id")
    keys = [t.get_text() for t in draw("tolls", independent, 183, PARAMS).legends[1].get_texts()]
    assert "in a repeat of an earlier report" not in keys


def test_each_mark_is_one_claim_and_no_line_joins_two():
    claims = tables()["tolls"].filter(event=1)
    axes = drawn("tolls", 183).axes[0]
    for line in axes.lines:
        assert len(set(line.get_xdata())) == 1  # bars of claims are vertical
    marks = [line for line in axes.lines if isinstance(line.get_marker(), str) and line.get_marker() != "_"]
    assert [line.get_ydata()[0] for line in marks] == claims["best"].to_list()
    opened = [mpl.colors.same_color(line.get_markerfacecolor(), "white") for line in marks]
    assert opened == claims["speaker_name"].is_null().to_list()
    arrows = [line.get_ydata()[0] for line in axes.lines if not isinstance(line.get_marker(), str)]
    assert arrows == claims.filter(pl.col("bound").is_in(["at least", "at most"]))["best"].to_list()
    bars = [list(line.get_ydata()) for line in axes.lines if line.get_marker() == "_"]
    assert bars == [[2, 6], [2, 6]]


def test_marks_are_within_their_day_and_do_not_overlap():
    data = tables()["tolls"]
    axes = draw("tolls", data, 89, PARAMS).axes[0]
    marks = [line.get_xdata()[0] for line in axes.lines if isinstance(line.get_marker(), str)][:11]
    days = (data.filter(event=1)["published"] - date(2022, 4, 29)).dt.total_days().to_list()
    positions = sorted(set(marks))
    assert len(positions) == 9
    assert [round(x) for x in positions] == days
    assert min(b - a for a, b in itertools.pairwise(positions)) > 0.2
    assert axes.get_title(loc="left") == "Bucha, 29 Apr–3 May 2022"


def test_events_with_one_report_are_drawn_only_if_no_others_exist():
    data = tables()["tolls"]
    titles = [a.get_title(loc="left") for a in draw("tolls", data, 89, PARAMS).axes]
    assert titles == ["Bucha, 29 Apr–3 May 2022", "Kramatorsk, 29 Apr 2022"]
    alone = data.filter(event=3)
    assert [a.get_title(loc="left") for a in draw("tolls", alone, 89, PARAMS).axes] == ["Mykolaiv, 29 Apr 2022"]
    assert "Mykolaiv, 29 Apr 2022: 1 killed, in 1 report." in describe("tolls", alone, 89)["alt"]


def test_outlets_with_fewest_claims_share_one_sign():
    figure = drawn("tolls", 183)
    assert "5 other outlets" in [t.get_text() for t in figure.legends[0].get_texts()]
