from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.collections import LineCollection
from planted_figures import LABELS, PARAMS, prevalence, tables, topic_grid

from corpus_tools.figures.render import describe, draw
from corpus_tools.pipeline import TABLES


@pytest.mark.parametrize("width", PARAMS.widths_mm)
def test_measures_are_drawn_with_errors_and_the_chosen_number_is_marked(width):
    data = topic_grid()
    figure = draw("topic_number", data, width, PARAMS)
    assert [a.get_title(loc="left") for a in figure.axes] == [
        "coherence (NPMI)", "stability (Jaccard)", "exclusivity (FREX)", "held-out fit (R²)",
    ]  # fmt: skip
    for axes, name in zip(figure.axes, ("npmi", "stability", "exclusivity", "held_out"), strict=True):
        picked = [line for line in axes.lines if len(set(line.get_xdata())) == 1 and len(line.get_xdata()) == 2]
        assert [line.get_xdata()[0] for line in picked] == [30]
        line = next(line for line in axes.lines if len(line.get_xdata()) == 4)
        assert list(line.get_ydata()) == data[name].to_list()
        (errors,) = [c for c in axes.collections if isinstance(c, LineCollection)]
        heights = [segment[1][1] - segment[0][1] for segment in errors.get_segments()]
        assert heights == pytest.approx([4 * e for e in data[f"{name}_se"]])
    texts = describe("topic_number", data, width)
    assert "for coherence (20, 30, 40), and of these for stability (30, 40)" in texts["caption"]
    assert "The chosen number is 30: coherence 0.40, stability 0.62" in texts["alt"]


def test_prevalence_is_drawn_with_both_bands_and_open_gaps():
    data = tables()["topics_by_period"]
    figure = draw("topic_prevalence", data, 89, PARAMS)
    for topic, axes in enumerate(figure.axes[:3]):  # the fourth panel is empty
        rows = data.filter(unit="report", topic=topic).sort("start")
        assert axes.get_title(loc="left") == LABELS[topic]
        share = next(line for line in axes.lines if line.get_marker() == "o")
        assert np.asarray(share.get_ydata(), float) == pytest.approx(
            (rows["share"] * 100).to_numpy().astype(float), nan_ok=True
        )
        assert np.isnan(np.asarray(share.get_ydata(), float)[4])
        refits = [np.asarray(line.get_ydata(), float) for line in axes.lines if line.get_linestyle() == ":"]
        for values, name in zip(refits, ("refit_low", "refit_high"), strict=True):
            assert values == pytest.approx((rows[name] * 100).to_numpy().astype(float), nan_ok=True)


def test_independent_reports_are_drawn_where_a_topic_differs():
    dark = mpl.colors.to_rgba("#202020")
    shares = tables()["topics_by_period"].filter(unit="report").drop("unit", "low", "high", "refit_low", "refit_high")
    for moved, count, note in ((0.0, 0, "more than 0.0 points"), (0.2, 1, "more than 20.0 points")):
        data = prevalence(shares, moved).select(TABLES["topics_by_period"].columns.keys())
        lines = [line for a in draw("topic_prevalence", data, 183, PARAMS).axes for line in a.lines]
        assert sum(mpl.colors.to_rgba(line.get_color()) == dark for line in lines) == count
        assert note in describe("topic_prevalence", data, 183)["caption"]
