from __future__ import annotations

import matplotlib as mpl
import numpy as np
import polars as pl
import pytest
from planted_figures import (
    OUTLETS,
    PARAMS,
    WEEKS,
    drawn,
    tone_by_outlet,
    tone_by_period,
    tone_words,
)

from corpus_tools.figures.render import describe, draw


def test_lines_have_gaps():
    figure = drawn("sentiment_over_time", 183)
    line = next(a for a in figure.axes[0].lines if len(a.get_xdata()) == len(WEEKS))
    assert np.isnan(np.asarray(line.get_ydata(), dtype=float)[4])


def lines_of(axes: mpl.axes.Axes, marker: str) -> list[np.ndarray]:
    """Ordinates of the lines over time with this marker."""
    lines = [line for line in axes.lines if line.get_marker() == marker and len(line.get_xdata()) == len(WEEKS)]
    return [np.asarray(line.get_ydata(), dtype=float) for line in lines]


def test_each_outlet_has_the_line_of_all_its_sentences():
    data = tone_by_period()
    for axes, outlet in zip(draw("sentiment_over_time", data, 183, PARAMS).axes, OUTLETS, strict=True):
        assert axes.get_title(loc="left") == outlet
        (values,) = lines_of(axes, "o")
        rows = data.filter(outlet=outlet, unit="report", index="all").sort("start")
        assert values == pytest.approx(rows["compound"].to_numpy().astype(float), nan_ok=True)


def test_the_index_is_drawn_with_and_without_the_vocabulary():
    data = tone_by_period()
    axes = draw("sentiment_vocabulary", data, 183, PARAMS).axes[0]
    for marker, index in (("o", "all"), ("s", "without")):
        rows = data.filter(pl.col("outlet").is_null(), unit="report", index=index).sort("start")
        (values,) = lines_of(axes, marker)
        assert values == pytest.approx(rows["compound"].to_numpy().astype(float), nan_ok=True)
    styles = {(line.get_color(), line.get_linestyle()) for line in axes.lines if line.get_marker() in {"o", "s"}}
    assert len({colour for colour, _ in styles}) == len({style for _, style in styles}) == 2
    below = data.filter(pl.col("outlet").is_null(), pl.col("compound") < 0, unit="report")
    with_it, without = (below.filter(index=index).height for index in ("all", "without"))
    note = f"Of 9 weeks, {with_it} are below zero with it and {without} without it"
    assert note in describe("sentiment_vocabulary", data, 183)["alt"]


@pytest.mark.parametrize(
    ("name", "make_data"),
    [
        ("sentiment_over_time", tone_by_period),
        ("sentiment_vocabulary", tone_by_period),
        ("sentiment_voices", tone_by_outlet),
    ],
    ids=["over_time", "vocabulary", "voices"],
)
def test_independent_reports_are_drawn_where_they_differ_or_the_caption_says_how_little(name, make_data):
    dark = mpl.colors.to_rgba("#202020")

    def dark_lines(moved: float) -> int:
        axes = draw(name, make_data(moved), 183, PARAMS).axes
        return sum(
            mpl.colors.to_rgba(line.get_color()) == dark and len(line.get_xdata()) > 0 for a in axes for line in a.lines
        )

    assert dark_lines(0.0005) == 0
    assert "No mean changes by more than 0.001" in describe(name, make_data(0.0005), 89)["caption"]
    # One outlet of three; both lines of all outlets; both voices.
    assert dark_lines(0.1) == {"sentiment_over_time": 1, "sentiment_vocabulary": 2, "sentiment_voices": 2}[name]
    assert "independent reports only" in describe(name, make_data(0.1), 89)["caption"]


def test_words_with_the_largest_effects_are_drawn_and_hatched_if_in_the_vocabulary():
    axes = draw("sentiment_words", tone_words(), 89, PARAMS).axes[0]
    bars = [patch for patch in axes.patches if patch.get_width()]
    assert [bar.get_width() for bar in bars] == pytest.approx([i * (-1) ** i for i in range(19, 7, -1)])
    assert [bar.get_hatch() is not None for bar in bars] == [i % 3 == 0 for i in range(19, 7, -1)]
    assert axes.get_yticklabels()[0].get_text() == "word19 (1)"
    assert "7 forms of its words occur and carry 70%" in describe("sentiment_words", tone_words(), 89)["caption"]


def test_voices_are_side_by_side_and_the_most_negative_narrator_first():
    figure = draw("sentiment_voices", tone_by_outlet(), 183, PARAMS)
    axes = figure.axes[0]
    assert [t.get_text() for t in axes.get_yticklabels()] == [OUTLETS[0], OUTLETS[2], OUTLETS[1], "all outlets"]
    narrator, quoted = (next(line for line in axes.lines if line.get_marker() == marker) for marker in ("o", "s"))
    assert sorted(narrator.get_xdata()) == [-0.1, -0.02, 0.05, 0.1]
    assert sorted(quoted.get_xdata()) == [-0.05, 0.05, 0.1, 0.2]
    texts = describe("sentiment_voices", tone_by_outlet(), 183)
    assert "in 2 of 3 outlets" in texts["alt"]
    assert "Not drawn: 1 further outlet, " in texts["caption"]


def test_a_corpus_that_quotes_nobody_has_one_voice():
    data = tone_by_outlet().filter(pl.col("index") != "quoted")
    assert draw("sentiment_voices", data, 89, PARAMS).axes
    assert "nobody quoted" in describe("sentiment_voices", data, 89)["alt"]
