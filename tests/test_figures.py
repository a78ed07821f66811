from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from datetime import date, timedelta
from importlib.resources import files

import matplotlib as mpl
import numpy as np
import polars as pl
import pytest
import yaml
from PIL import Image

from corpus_tools.errors import InputError
from corpus_tools.figures import FORMATS, describe, draw, make
from corpus_tools.figures.draw import DRAWINGS, main_stretch
from corpus_tools.params import Figures
from corpus_tools.tables import TABLES

PARAMS = Figures(widths_mm=[89, 183], dpi=100)
WEEKS = [date(2022, 1, 3) + timedelta(weeks=i) for i in range(10)]
OUTLETS = ["Morning Post", "Evening Star", "RTÉ"]
LABELS = ["army, troop, front", "talk, treaty, envoy", "refugee, border, camp"]


def tables() -> dict[str, pl.DataFrame]:
    rng = np.random.default_rng(0)
    n = len(WEEKS)
    by_outlet = pl.DataFrame(
        {"outlet": np.repeat(OUTLETS, n), "start": WEEKS * 3, "stretch": [0] * 3 * n, "period": ["week"] * 3 * n}
    )
    gap = pl.col("start") == WEEKS[4]
    reports = by_outlet.with_columns(reports=pl.Series(rng.integers(2, 30, 3 * n)), first_reports=pl.lit(1))
    far = pl.DataFrame(
        {
            "outlet": ["RTÉ"],
            "start": [date(2030, 1, 7)],
            "stretch": [1],
            "period": ["week"],
            "reports": [1],
            "first_reports": [1],
        }
    )
    mean = pl.Series(rng.normal(0, 0.1, 3 * n))
    by_topic = pl.DataFrame(
        {
            "topic": np.repeat(range(3), n),
            "label": np.repeat(LABELS, n),
            "start": WEEKS * 3,
            "stretch": [0] * 3 * n,
            "period": ["week"] * 3 * n,
        }
    )
    terms = [(t, r, f"{LABELS[t].split(', ')[r % 3]}{r}", 0.1 / (r + 1), 0.5) for t in range(3) for r in range(10)]
    made = {
        "reports_by_period": pl.concat([reports, far], how="vertical_relaxed"),
        "lengths_by_outlet": pl.DataFrame(
            {"outlet": OUTLETS, "reports": [5, 9, 1],
             "p05": [50.0, 80, 300], "p25": [100.0, 200, 300], "median": [200.0, 400, 300],
             "p75": [300.0, 600, 300], "p95": [900.0, 2000, 300]}
        ),
        "topic_terms": pl.DataFrame(terms, schema=["topic", "rank", "term", "weight", "frex"], orient="row"),
        "topics_by_period": by_topic.with_columns(
            reports=pl.when(gap).then(0).otherwise(9),
            share=pl.when(gap).then(None).otherwise(pl.Series(rng.uniform(0, 1, 3 * n))),
        ),
        "sentiment_by_period": by_outlet.with_columns(
            reports=pl.when(gap).then(0).otherwise(9), compound=pl.when(gap).then(None).otherwise(mean),
            low=pl.when(gap).then(None).otherwise(mean - 0.1), high=pl.when(gap).then(None).otherwise(mean + 0.1),
        ),
    }  # fmt: skip
    return {name: frame.cast(TABLES[name].columns) for name, frame in made.items()}


@pytest.fixture(scope="module")
def made() -> dict[str, dict[str, bytes]]:
    data = tables()
    return {name: make(name, data[drawing.table], PARAMS) for name, drawing in DRAWINGS.items()}


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_figure_comes_in_every_format_and_width_with_data_caption_and_alt_text(made, name):
    wanted = {f"{name}-{w}mm.{f}" for w in PARAMS.widths_mm for f in FORMATS} | {f"{name}.csv", f"{name}.json"}
    assert set(made[name]) == wanted
    assert pl.read_csv(made[name][f"{name}.csv"]).height == tables()[DRAWINGS[name].table].height
    told = json.loads(made[name][f"{name}.json"])
    for width in PARAMS.widths_mm:
        for text in told[f"{width}mm"].values():
            assert len(text) > 60
            assert not re.search(r"[{}]|\bNone\b|\bnan\b", text)


@pytest.mark.parametrize("name", DRAWINGS)
@pytest.mark.parametrize("width", PARAMS.widths_mm)
def test_it_is_as_wide_as_asked_and_no_higher_than_a_page(made, name, width, tmp_path):
    (tmp_path / "x.png").write_bytes(made[name][f"{name}-{width}mm.png"])
    with Image.open(tmp_path / "x.png") as picture:
        assert picture.width == pytest.approx(width / 25.4 * PARAMS.dpi, abs=1)
        assert picture.height <= 170 / 25.4 * PARAMS.dpi + 1
        assert len(picture.convert("RGB").getcolors(1 << 24)) > 5  # not an empty page


@pytest.mark.parametrize("name", DRAWINGS)
def test_fonts_are_embedded_and_the_alt_text_is_inside(made, name):
    for width in PARAMS.widths_mm:
        alt = json.loads(made[name][f"{name}.json"])[f"{width}mm"]["alt"]
        pdf = made[name][f"{name}-{width}mm.pdf"]
        assert b"/FontFile2" in pdf  # TrueType, embedded
        assert b"/Type3" not in pdf
        svg = ET.fromstring(made[name][f"{name}-{width}mm.svg"])  # noqa: S314  (our own file)
        assert alt.split()[0] in "".join(svg.itertext())
        with Image.open(__import__("io").BytesIO(made[name][f"{name}-{width}mm.png"])) as picture:
            assert picture.info["Description"] == alt


@pytest.mark.parametrize("name", DRAWINGS)
def test_the_same_data_give_the_same_bytes(made, name):
    assert make(name, tables()[DRAWINGS[name].table], PARAMS) == made[name]


@pytest.mark.parametrize("name", DRAWINGS)
@pytest.mark.parametrize("width", PARAMS.widths_mm)
def test_all_text_is_inside_the_page_and_axes_are_labelled(name, width):
    figure = draw(name, tables()[DRAWINGS[name].table], width, PARAMS)
    drawn = figure.get_tightbbox()  # of all that is drawn, in inches
    assert drawn.x0 >= -0.01
    assert drawn.y0 >= -0.01
    assert drawn.x1 <= figure.get_figwidth() + 0.01
    assert drawn.y1 <= figure.get_figheight() + 0.01
    labels = [
        figure.get_supxlabel(),
        figure.get_supylabel(),
        *(a.get_xlabel() for a in figure.axes),
        *(a.get_ylabel() for a in figure.axes),
    ]
    assert any(labels)


@pytest.mark.parametrize("name", DRAWINGS)
def test_text_has_the_size_of_the_parameter(name):
    figure = draw(name, tables()[DRAWINGS[name].table], 89, Figures(font_pt=8))
    sizes = {t.get_fontsize() for t in figure.findobj(mpl.text.Text) if t.get_text().strip()}
    assert sizes <= {7.0, 8.0}
    assert 7.0 in sizes


def test_a_gap_is_a_gap():
    figure = draw("sentiment_over_time", tables()["sentiment_by_period"], 183, PARAMS)
    line = next(a for a in figure.axes[0].lines if len(a.get_xdata()) == len(WEEKS))
    assert np.isnan(np.asarray(line.get_ydata(), dtype=float)[4])


def test_what_lies_far_off_in_time_is_not_drawn_but_said():
    data = tables()["reports_by_period"]
    assert main_stretch(data)["start"].max() == WEEKS[-1]
    assert "1 report far from the others in time (weeks from 2030-01-07)" in describe("timeline", data, 89)["caption"]


def test_a_corpus_without_a_main_stretch_is_drawn_whole():
    data = tables()["reports_by_period"].with_columns(stretch=pl.int_range(pl.len(), dtype=pl.Int32))
    assert main_stretch(data).equals(data)
    assert "Not drawn" not in describe("timeline", data, 89)["caption"]


def test_of_many_outlets_those_that_can_be_read_are_drawn_and_the_caption_says_so():
    names = [f"Outlet {i}" for i in range(60)]
    reports = pl.DataFrame({"outlet": names, "reports": range(60, 0, -1)})
    week = {"period": "week", "start": WEEKS[0], "stretch": 0, "first_reports": 1}
    data = reports.with_columns(**{k: pl.lit(v) for k, v in week.items()}).select(*TABLES["reports_by_period"].columns)
    figure = draw("timeline", data, 89, PARAMS)
    assert figure.get_figheight() * 25.4 <= 170
    assert len([a for a in figure.axes if a.get_title(loc="left")]) == 21
    assert "The 21 outlets with most reports, of 60." in describe("timeline", data, 89)["caption"]
    lengths = reports.with_columns(**{c: pl.lit(9.0) for c in ("p05", "p25", "median", "p75", "p95")})
    assert draw("report_lengths", lengths, 89, PARAMS).get_figheight() * 25.4 <= 170


def test_a_dollar_sign_is_no_formula():
    data = tables()["reports_by_period"].with_columns(outlet=pl.lit("US$ and C$"))
    figure = draw("timeline", data, 89, PARAMS)
    assert not any(t.get_parse_math() for t in figure.findobj(mpl.text.Text))


def test_every_figure_has_its_caption_and_no_caption_lacks_its_figure():
    entries = yaml.safe_load(files("corpus_tools.figures").joinpath("captions.yaml").read_text(encoding="utf-8"))
    assert set(entries) == set(DRAWINGS)


def test_an_empty_table_is_named():
    with pytest.raises(InputError, match="reports_by_period is empty"):
        make("timeline", tables()["reports_by_period"].clear(), PARAMS)


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
def test_colours_differ_under_colour_blindness_and_so_do_markers_and_lines(matrix):
    with mpl.rc_context(fname=str(files("corpus_tools.figures").joinpath("style.mplstyle"))):
        cycle = mpl.rcParams["axes.prop_cycle"].by_key()
    srgb = np.array([mpl.colors.to_rgb(c) for c in cycle["color"]])
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    seen = lab(np.clip(linear @ np.array(matrix).T, 0, 1))
    pairs = [np.linalg.norm(a - b) for i, a in enumerate(seen) for b in seen[:i]]
    assert min(pairs) >= 10
    assert len(set(cycle["marker"])) == len(cycle["color"]) == 6
    assert len({str(x) for x in cycle["linestyle"]}) == 6
