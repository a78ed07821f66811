from __future__ import annotations

import re
from importlib.resources import files

import matplotlib as mpl
import numpy as np
import polars as pl
import pytest
import yaml
from planted_figures import NAMES, PARAMS, drawn, tables

from corpus_tools.figures.drawings import DRAWINGS
from corpus_tools.figures.panels import main_stretch
from corpus_tools.figures.params import FiguresParams
from corpus_tools.figures.render import describe, draw


@pytest.mark.parametrize("name", DRAWINGS)
@pytest.mark.parametrize("width", PARAMS.widths_mm)
def test_all_text_is_inside_the_page_and_axes_are_labelled(name, width):
    figure = drawn(name, width)
    box = figure.get_tightbbox()  # of everything, in inches
    assert box.x0 >= -0.01
    assert box.y0 >= -0.01
    assert box.x1 <= figure.get_figwidth() + 0.01
    assert box.y1 <= figure.get_figheight() + 0.01
    labels = [
        figure.get_supxlabel(),
        figure.get_supylabel(),
        *(a.get_xlabel() for a in figure.axes),
        *(a.get_ylabel() for a in figure.axes),
    ]
    assert any(labels)


@pytest.mark.parametrize("name", NAMES)
def test_text_has_the_size_of_the_parameter(name):
    figure = draw(name, tables()[DRAWINGS[name].table], 89, FiguresParams(font_pt=8))
    sizes = {t.get_fontsize() for t in figure.findobj(mpl.text.Text) if t.get_text().strip()}
    assert sizes <= {7.0, 8.0}
    assert 7.0 in sizes


def test_figures_and_captions_have_the_same_names():
    entries = yaml.safe_load(files("corpus_tools.figures").joinpath("captions.yaml").read_text(encoding="utf-8"))
    assert set(entries) == set(DRAWINGS)


def test_a_dollar_sign_does_not_start_a_formula():
    data = tables()["reports_by_period"].with_columns(outlet=pl.lit("US$ and C$"))
    figure = draw("timeline", data, 89, PARAMS)
    assert not any(t.get_parse_math() for t in figure.findobj(mpl.text.Text))


def test_captions_mention_repeats():
    data = tables()
    captions = {name: describe(name, data[d.table], 183)["caption"] for name, d in DRAWINGS.items()}
    first = main_stretch(data["reports_by_period"])["first_reports"].sum()
    assert f", {first} of them independent" in captions["timeline"]
    assert "50 repeat a report of the same outlet, 10 only reports of other outlets" in captions["independent_reports"]
    assert "For 3 of the 24 rows, some reports repeat an earlier one" in captions["most_quoted"]
    assert "9 of 10 are independent" in captions["most_quoted"]
    assert (
        "For 1 of the 6 places, some reports repeat an earlier one, most for Kyiv: 97 of 100" in captions["places_map"]
    )
    assert "Small and pale: 1 claim in repeats of an earlier report" in captions["tolls"]


def test_captions_do_not_mention_repeats_if_there_are_none():
    same = {"first_reports": pl.col("reports"), "own_repeats": pl.lit(0), "others_repeats": pl.lit(0)}
    for name in ("timeline", "most_quoted", "places_map", "tolls"):
        data = tables()[DRAWINGS[name].table]
        if name == "tolls":
            data = data.with_columns(cluster_id="doc_id")
        data = data.with_columns(**{k: v.cast(pl.Int64) for k, v in same.items() if k in data.columns})
        assert not re.search("independent|repeat", describe(name, data, 183)["caption"]), name
    data = tables()["reports_by_period"].with_columns(**{k: v.cast(pl.Int64) for k, v in same.items()})
    assert "No report repeats an earlier one." in describe("independent_reports", data, 89)["alt"]
    assert draw("independent_reports", data, 89, PARAMS).axes[1].get_xlim() == (0, 1)


@pytest.mark.parametrize(
    "name",
    [
        "independent_reports",
        "most_quoted",
        "places_map",
        "tolls",
        "sentiment_vocabulary",
        "sentiment_words",
        "sentiment_voices",
    ],
)
@pytest.mark.parametrize("width", PARAMS.widths_mm)
def test_no_legend_covers_data(name, width):
    figure = drawn(name, width)
    legends = [*figure.legends, *figure.findobj(mpl.legend.Legend)]
    assert legends
    boxes = [legend.get_window_extent() for legend in set(legends)]
    for axes in figure.axes:
        assert not any(axes.get_window_extent().overlaps(box) for box in boxes)
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])


# Linear RGB under protanopia and deuteranopia (Machado et al. 2009, severity 1).
DEFICIENT = {
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
}


def lab(rgb: np.ndarray) -> np.ndarray:
    """CIE L*a*b* of linear RGB, white D65."""
    xyz = rgb @ np.array([[0.4124, 0.2126, 0.0193], [0.3576, 0.7152, 0.1192], [0.1805, 0.0722, 0.9505]])
    scaled = np.clip(xyz / [0.9505, 1.0, 1.089], 0, None)
    f = np.where(scaled > 0.008856, np.cbrt(scaled), 7.787 * scaled + 16 / 116)
    return np.stack([116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], axis=-1)


@pytest.mark.parametrize("matrix", DEFICIENT.values(), ids=list(DEFICIENT))
def test_colours_differ_under_colour_blindness_and_markers_and_lines_differ(matrix):
    with mpl.rc_context(fname=str(files("corpus_tools.figures").joinpath("figure.mplstyle"))):
        cycle = mpl.rcParams["axes.prop_cycle"].by_key()
    srgb = np.array([mpl.colors.to_rgb(c) for c in cycle["color"]])
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    seen = lab(np.clip(linear @ np.array(matrix).T, 0, 1))
    pairs = [np.linalg.norm(a - b) for i, a in enumerate(seen) for b in seen[:i]]
    assert min(pairs) >= 10
    assert len(set(cycle["marker"])) == len(cycle["color"]) == 6
    assert len({str(x) for x in cycle["linestyle"]}) == 6
