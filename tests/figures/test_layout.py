from __future__ import annotations

from importlib.resources import files

import matplotlib as mpl
import pytest
from matplotlib.figure import Figure
from planted_figures import PARAMS, SETTINGS, drawn

from corpus_tools.figures.drawings import DRAWINGS
from corpus_tools.figures.layout import add_footer


@pytest.mark.parametrize("name", DRAWINGS)
@pytest.mark.parametrize("width", PARAMS.widths_mm)
def test_the_footer_is_below_the_drawing_and_inside_the_page(name, width):
    figure = drawn(name, width)
    drawing = figure.get_tightbbox()
    with mpl.rc_context(fname=str(files("corpus_tools.figures").joinpath("figure.mplstyle"))):
        page = add_footer(figure, SETTINGS)
    footer = figure.texts[-1]
    box = footer.get_window_extent().transformed(figure.dpi_scale_trans.inverted())
    footer.remove()  # other tests use the figure, too
    assert page.y0 < box.y0 < box.y1 < 0 <= drawing.y0 + 0.01
    assert 0 < box.x0 < box.x1 < figure.get_figwidth() == page.x1
    assert page.height * 25.4 <= 170
    assert {line[-1] for line in footer.get_text().split("\n")[:-1]} <= set(",·|")


def test_a_footer_longer_than_the_page_ends_in_an_ellipsis():
    figure = Figure(figsize=(2, 164 / 25.4))
    page = add_footer(figure, SETTINGS)
    assert figure.texts[-1].get_text().endswith("…")
    assert page.height * 25.4 <= 170
