from __future__ import annotations

import matplotlib as mpl
import pytest
from planted_figures import OUTLETS, PARAMS, tables

from corpus_tools.figures.panels import main_stretch
from corpus_tools.figures.render import draw


@pytest.mark.parametrize("width", PARAMS.widths_mm)
def test_bars_of_independent_reports_and_repeats_add_up_to_all_reports(width):
    data = tables()["reports_by_period"]
    shown = main_stretch(data)
    over_time, by_outlet = draw("independent_reports", data, width, PARAMS).axes
    assert sum(bar.get_height() for bar in over_time.patches) == shown["reports"].sum()
    blue = [b.get_height() for b in over_time.patches if mpl.colors.same_color(b.get_facecolor(), "#5790fc")]
    assert sum(blue) == shown["first_reports"].sum()
    lengths = dict.fromkeys(OUTLETS, 0.0)
    names = [label.get_text().split(" (")[0] for label in by_outlet.get_yticklabels()]
    for bar in by_outlet.patches:
        lengths[names[round(bar.get_y() + bar.get_height() / 2)]] += bar.get_width()
    for outlet in OUTLETS:
        assert lengths[outlet] == pytest.approx(2000 / shown.filter(outlet=outlet)["reports"].mean() / 10)
    assert len([b for b in by_outlet.patches if b.get_hatch()]) == 1  # RTÉ repeats another outlet
