from __future__ import annotations

import polars as pl
import pytest
from planted_figures import PARAMS, drawn, speakers, tables

from corpus_tools.figures.render import describe, draw
from corpus_tools.pipeline import TABLES


def test_the_marks_of_a_person_are_at_the_numbers_of_the_table():
    figure = drawn("most_quoted", 183)
    reports, quotes = (list(line.get_xdata()) for line in figure.axes[0].lines)
    assert quotes == [100 // r for r in range(1, 9)]
    assert reports == [20 // r for r in range(1, 9)]


@pytest.mark.slow
def test_the_outlets_with_most_quotations_are_shown_and_long_names_are_cut():
    data = speakers([f"Outlet {i:02d}" for i in range(40)]).cast(TABLES["speakers_by_outlet"].schema)
    data = data.with_columns(pl.when(outlet="Outlet 39").then(500).otherwise("quotes").alias("quotes"))
    figure = draw("most_quoted", data, 89, PARAMS)
    assert figure.get_figheight() * 25.4 <= 170
    shown = [a.get_title(loc="right") for a in figure.axes if a.axison]
    assert shown[0] == "Outlet 39 (6,000)"
    assert (
        f"Shown: the {len(shown)} outlets with most quotations, of 40." in describe("most_quoted", data, 89)["caption"]
    )
    assert "The Ministry of Forei…" in [t.get_text() for t in figure.axes[0].get_yticklabels()]
    assert "Shown" not in describe("most_quoted", tables()["speakers_by_outlet"], 89)["caption"]
