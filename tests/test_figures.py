from __future__ import annotations

import io
import itertools
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
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from PIL import Image

from corpus_tools.errors import InputError
from corpus_tools.figures.drawings import DRAWINGS, main_stretch
from corpus_tools.figures.page import foot
from corpus_tools.figures.params import FiguresParams
from corpus_tools.figures.place_figures import equal_earth, from_equal_earth, land
from corpus_tools.figures.render import FORMATS, describe, draw, make
from corpus_tools.runtime.store import TABLES

PARAMS = FiguresParams(widths_mm=[89, 183], dpi=100)
# As long as the longest: that of the topics.
SETTINGS = (
    "topics · corpus 61be6709f3a6 · model nmf, n_topics 30, seed 0, min_documents 10, max_share 0.4, "
    "max_iterations 200, batch_above 50000, n_terms 30, period week · corpus_tools 0.1.0, polars 2.1.0, numpy 2.4.6, "
    "scipy 1.17.1, scikit-learn 1.9.1 | figures · font_pt 7.0, dpi 300 · corpus_tools 0.1.0, matplotlib 3.11.2"
)
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
    reports = by_outlet.with_columns(reports=pl.Series(rng.integers(2, 30, 3 * n))).with_columns(
        first_reports=pl.col("reports") - 2, own_repeats=pl.lit(2), others_repeats=pl.lit(0)
    )
    copied = pl.col("outlet") == "RTÉ"
    reports = reports.with_columns(own_repeats=pl.when(copied).then(1).otherwise("own_repeats"))
    reports = reports.with_columns(others_repeats=pl.when(copied).then(1).otherwise("others_repeats"))
    far = pl.DataFrame(
        {
            "outlet": ["RTÉ"],
            "start": [date(2030, 1, 7)],
            "stretch": [1],
            "period": ["week"],
            "reports": [1],
            "first_reports": [1],
            "own_repeats": [0],
            "others_repeats": [0],
        }
    )
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
    return {name: frame.cast(TABLES[name].columns) for name, frame in made.items()}


def prevalence(shares: pl.DataFrame, moved: float = 0.0) -> pl.DataFrame:
    """Bands around shares, without any in the third week; copies move the first topic by so much."""
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
    return pl.DataFrame(rows, schema=list(TABLES["topic_grid"].columns), orient="row")


def tone_by_period(moved: float = 0.0) -> pl.DataFrame:
    """Means of three outlets and of all, with a gap; copies move the first of them by so much."""
    rng = np.random.default_rng(1)
    rows = []
    for outlet, index, (number, start) in itertools.product(
        [None, *OUTLETS], ["all", "narrator", "quoted", "without"], enumerate(WEEKS)
    ):
        mean = None if number == 4 else float(rng.normal(0, 0.1)) + 0.2 * (index == "without")
        for unit in ("report", "cluster"):
            at = None if mean is None else mean + moved * (unit == "cluster" and outlet in {None, OUTLETS[0]})
            band = (None, None) if at is None or number == 2 else (at - 0.1, at + 0.1)
            reports = 0 if mean is None else 9 - OUTLETS.index(outlet or OUTLETS[0])
            rows.append((unit, outlet, index, "week", start, 0, reports, at, *band))
    return pl.DataFrame(rows, schema=TABLES["sentiment_by_period"].columns, orient="row")


def tone_by_outlet(moved: float = 0.0) -> pl.DataFrame:
    """Quoted voices brighter in two of three outlets; one outlet of a single report, which quotes nobody."""
    means = {None: (-0.02, 0.05), OUTLETS[0]: (-0.1, 0.1), OUTLETS[1]: (0.1, 0.2), OUTLETS[2]: (0.05, -0.05)}
    rows = [
        (unit, outlet, index, 9, mean + shift, mean + shift - 0.05, mean + shift + 0.05)
        for unit, shift in (("report", 0.0), ("cluster", moved))
        for outlet, pair in means.items()
        for index, mean in zip(["all", "without", "narrator", "quoted"], [0.0, 0.0, *pair], strict=True)
    ]
    rows += [("report", "Leaflet", index, 1, -0.5, None, None) for index in ("all", "narrator", "without")]
    return pl.DataFrame(rows, schema=TABLES["sentiment_by_outlet"].columns, orient="row")


def tone_words() -> pl.DataFrame:
    rows = [
        (f"word{i}", -1.0, 9, 20 - i, i % 3 == 0, 0.1 if i % 3 == 0 else 0.0, 0.0, 0.001 * i * (-1) ** i)
        for i in range(20)
    ]
    return pl.DataFrame(rows, schema=TABLES["sentiment_words"].columns, orient="row")


def speakers(outlets: list[str]) -> pl.DataFrame:
    names = ["Anna Berg", "Li Na", "The Ministry of Foreign Affairs and Trade", *(f"Person {i}" for i in range(9))]
    rows = [
        (o, r, n, 100 // r, max(1, 20 // r), max(1, 20 // r) - (r == 2), 0.1)
        for o in outlets
        for r, n in enumerate(names, start=1)
    ]
    return pl.DataFrame(rows, schema=list(TABLES["speakers_by_outlet"].columns), orient="row")


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
    return pl.DataFrame(rows, schema=list(TABLES["places_on_map"].columns), orient="row")


def tolls() -> pl.DataFrame:
    """Claims: one event of nine outlets and every bound, one of a single day, one of one report."""
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
    return pl.DataFrame(rows, schema=TABLES["tolls"].columns, orient="row")


@pytest.fixture(scope="module")
def made() -> dict[str, dict[str, bytes]]:
    data = tables()
    return {name: make(name, data[drawing.table], PARAMS, SETTINGS) for name, drawing in DRAWINGS.items()}


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
        with Image.open(io.BytesIO(made[name][f"{name}-{width}mm.png"])) as picture:
            assert picture.info["Description"] == alt


@pytest.mark.parametrize("name", DRAWINGS)
def test_the_same_data_give_the_same_bytes(made, name):
    assert make(name, tables()[DRAWINGS[name].table], PARAMS, SETTINGS) == made[name]


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
    figure = draw(name, tables()[DRAWINGS[name].table], 89, FiguresParams(font_pt=8))
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
    week = {
        "period": "week",
        "start": WEEKS[0],
        "stretch": 0,
        "first_reports": 1,
        "own_repeats": 0,
        "others_repeats": 0,
    }
    data = reports.with_columns(**{k: pl.lit(v) for k, v in week.items()}).select(*TABLES["reports_by_period"].columns)
    figure = draw("timeline", data, 89, PARAMS)
    assert figure.get_figheight() * 25.4 <= 170
    assert len([a for a in figure.axes if a.get_title(loc="left")]) == 21
    assert "The 21 outlets with most reports, of 60." in describe("timeline", data, 89)["caption"]
    lengths = reports.with_columns(**{c: pl.lit(9.0) for c in ("p05", "p25", "median", "p75", "p95")})
    assert draw("report_lengths", lengths, 89, PARAMS).get_figheight() * 25.4 <= 170
    for width in PARAMS.widths_mm:
        assert draw("independent_reports", data, width, PARAMS).get_figheight() * 25.4 <= 170
        assert re.search(
            r"The \d\d outlets with most reports, of 60\.", describe("independent_reports", data, width)["caption"]
        )


def test_a_dollar_sign_is_no_formula():
    data = tables()["reports_by_period"].with_columns(outlet=pl.lit("US$ and C$"))
    figure = draw("timeline", data, 89, PARAMS)
    assert not any(t.get_parse_math() for t in figure.findobj(mpl.text.Text))


def test_every_figure_has_its_caption_and_no_caption_lacks_its_figure():
    entries = yaml.safe_load(files("corpus_tools.figures").joinpath("captions.yaml").read_text(encoding="utf-8"))
    assert set(entries) == set(DRAWINGS)


@pytest.mark.parametrize("name", DRAWINGS)
def test_an_empty_table_is_named(name):
    table = DRAWINGS[name].table
    with pytest.raises(InputError, match=f"{table} is empty"):
        make(name, tables()[table].clear(), PARAMS, SETTINGS)


# ---- the foot: what made it ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", DRAWINGS)
def test_every_file_of_a_figure_but_its_data_says_what_made_it(made, name):
    assert json.loads(made[name][f"{name}.json"])["settings"] == SETTINGS
    assert b"61be6709f3a6" not in made[name][f"{name}.csv"]
    for width in PARAMS.widths_mm:
        with Image.open(io.BytesIO(made[name][f"{name}-{width}mm.png"])) as picture:
            assert picture.info["Comment"] == SETTINGS
        assert SETTINGS in "".join(ET.fromstring(made[name][f"{name}-{width}mm.svg"]).itertext())  # noqa: S314
        assert SETTINGS.encode("utf-16-be").hex() in keywords(made[name][f"{name}-{width}mm.pdf"])


def keywords(pdf: bytes) -> str:
    """What a PDF has for its keywords, in hexadecimal: a text in brackets with escapes."""
    text = pdf.split(b"/Keywords (", 1)[1]
    return re.sub(rb"\\(.)", rb"\1", text, flags=re.DOTALL).hex()


@pytest.mark.parametrize("name", DRAWINGS)
@pytest.mark.parametrize("width", PARAMS.widths_mm)
def test_the_foot_stands_below_the_drawing_and_inside_the_page(name, width):
    figure = draw(name, tables()[DRAWINGS[name].table], width, PARAMS)
    drawn = figure.get_tightbbox()
    with mpl.rc_context(fname=str(files("corpus_tools.figures").joinpath("figure.mplstyle"))):
        page = foot(figure, SETTINGS)
    box = figure.texts[-1].get_window_extent().transformed(figure.dpi_scale_trans.inverted())
    assert page.y0 < box.y0 < box.y1 < 0 <= drawn.y0 + 0.01
    assert 0 < box.x0 < box.x1 < figure.get_figwidth() == page.x1
    assert page.height * 25.4 <= 170
    assert {line[-1] for line in figure.texts[-1].get_text().split("\n")[:-1]} <= set(",·|")


def test_without_the_line_the_drawing_is_the_same_and_the_files_say_it_still():
    table = tables()["reports_by_period"]
    with_line = make("timeline", table, PARAMS, SETTINGS)
    without = make("timeline", table, PARAMS.model_copy(update={"settings_line": False}), SETTINGS)
    pictures = [Image.open(io.BytesIO(m["timeline-183mm.png"])).convert("RGB") for m in (with_line, without)]
    assert pictures[0].height > pictures[1].height
    upper = np.asarray(pictures[0])[: pictures[1].height].astype(int)
    assert np.abs(upper - np.asarray(pictures[1])).max(axis=-1).mean() < 5  # lines may fall between other pixels
    assert Image.open(io.BytesIO(without["timeline-183mm.png"])).info["Comment"] == SETTINGS


def test_what_has_no_room_on_a_page_ends_in_an_ellipsis():
    figure = Figure(figsize=(2, 164 / 25.4))
    page = foot(figure, SETTINGS)
    assert figure.texts[-1].get_text().endswith("…")
    assert page.height * 25.4 <= 170


# ---- independent reports ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", PARAMS.widths_mm)
def test_bars_of_independent_reports_and_repeats_add_up_to_all(width):
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
    assert len([b for b in by_outlet.patches if b.get_hatch()]) == 1  # of another outlet: RTÉ only


def test_captions_say_where_reports_and_independent_reports_differ():
    data = tables()
    told = {name: describe(name, data[d.table], 183)["caption"] for name, d in DRAWINGS.items()}
    first = main_stretch(data["reports_by_period"])["first_reports"].sum()
    assert f", {first} of them independent" in told["timeline"]
    assert (
        "50 repeat a report that the same outlet had printed, 10 one that only others had"
        in told["independent_reports"]
    )
    assert "Of 3 of the 24 lines, some reports repeat an earlier one" in told["most_quoted"]
    assert "9 of 10 are independent" in told["most_quoted"]
    assert "Of 1 of the 6 places, some reports repeat an earlier one; of Kyiv most: 97 of 100" in told["places_map"]
    assert "Small and pale: 1 claim in repeats of an earlier report" in told["tolls"]


def test_captions_are_silent_where_all_reports_are_independent():
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


def test_a_claim_of_a_repeat_is_smaller_and_paler_and_the_key_says_so():
    figure = draw("tolls", tables()["tolls"], 183, PARAMS)
    marks = [m for m in figure.axes[0].lines if isinstance(m.get_marker(), str) and m.get_marker() != "_"]
    assert [m.get_alpha() for m in marks] == [1.0] * 8 + [0.6]
    assert "in a repeat of an earlier report" in [t.get_text() for t in figure.legends[1].get_texts()]
    alone = tables()["tolls"].with_columns(cluster_id="doc_id")
    keys = [t.get_text() for t in draw("tolls", alone, 183, PARAMS).legends[1].get_texts()]
    assert "in a repeat of an earlier report" not in keys


# ---- topics ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", PARAMS.widths_mm)
def test_the_number_of_topics_is_drawn_with_its_errors_and_the_picked_one_marked(width):
    data = topic_grid()
    figure = draw("topic_number", data, width, PARAMS)
    assert [a.get_title(loc="left") for a in figure.axes] == [
        "coherence (NPMI)", "stability (Jaccard)", "exclusivity (FREX)", "held-out fit (R²)",
    ]  # fmt: skip
    for axes, name in zip(figure.axes, ("npmi", "stability", "exclusivity", "held_out"), strict=True):
        picked = [line for line in axes.lines if len(set(line.get_xdata())) == 1 and len(line.get_xdata()) == 2]
        assert [line.get_xdata()[0] for line in picked] == [30]
        drawn = next(line for line in axes.lines if len(line.get_xdata()) == 4)
        assert list(drawn.get_ydata()) == data[name].to_list()
        (errors,) = [c for c in axes.collections if isinstance(c, LineCollection)]
        heights = [segment[1][1] - segment[0][1] for segment in errors.get_segments()]
        assert heights == pytest.approx([4 * e for e in data[f"{name}_se"]])
    told = describe("topic_number", data, width)
    assert "in coherence (20, 30, 40), and of these in stability (30, 40)" in told["caption"].replace("\n", " ")
    assert "30 topics are picked: coherence 0.40, stability 0.62" in told["alt"].replace("\n", " ")


def test_prevalence_is_drawn_with_both_bands_and_open_gaps():
    data = tables()["topics_by_period"]
    figure = draw("topic_prevalence", data, 89, PARAMS)
    for topic, axes in enumerate(figure.axes[:3]):  # the fourth place stays empty
        of = data.filter(unit="report", topic=topic).sort("start")
        assert axes.get_title(loc="left") == LABELS[topic]
        share = next(line for line in axes.lines if line.get_marker() == "o")
        assert np.asarray(share.get_ydata(), float) == pytest.approx(
            (of["share"] * 100).to_numpy().astype(float), nan_ok=True
        )
        assert np.isnan(np.asarray(share.get_ydata(), float)[4])
        refits = [np.asarray(line.get_ydata(), float) for line in axes.lines if line.get_linestyle() == ":"]
        for drawn, name in zip(refits, ("refit_low", "refit_high"), strict=True):
            assert drawn == pytest.approx((of[name] * 100).to_numpy().astype(float), nan_ok=True)


def test_independent_reports_are_drawn_where_a_topic_differs():
    dark = mpl.colors.to_rgba("#202020")
    shares = tables()["topics_by_period"].filter(unit="report").drop("unit", "low", "high", "refit_low", "refit_high")
    for moved, drawn, said in ((0.0, 0, "more than 0.0 points"), (0.2, 1, "more than 20.0 points")):
        data = prevalence(shares, moved).select(TABLES["topics_by_period"].columns.keys())
        lines = [line for a in draw("topic_prevalence", data, 183, PARAMS).axes for line in a.lines]
        assert sum(mpl.colors.to_rgba(line.get_color()) == dark for line in lines) == drawn
        assert said in describe("topic_prevalence", data, 183)["caption"]


# ---- sentiment -------------------------------------------------------------------------------------------------------


def lines_of(axes: mpl.axes.Axes, marker: str) -> list[np.ndarray]:
    """Ordinates of the lines over time that are drawn with a marker."""
    drawn = [line for line in axes.lines if line.get_marker() == marker and len(line.get_xdata()) == len(WEEKS)]
    return [np.asarray(line.get_ydata(), dtype=float) for line in drawn]


def test_each_outlet_has_the_line_of_all_its_sentences():
    data = tone_by_period()
    for axes, outlet in zip(draw("sentiment_over_time", data, 183, PARAMS).axes, OUTLETS, strict=True):
        assert axes.get_title(loc="left") == outlet
        (drawn,) = lines_of(axes, "o")
        rows = data.filter(outlet=outlet, unit="report", index="all").sort("start")
        assert drawn == pytest.approx(rows["compound"].to_numpy().astype(float), nan_ok=True)


def test_the_index_is_drawn_with_and_without_the_vocabulary():
    data = tone_by_period()
    axes = draw("sentiment_vocabulary", data, 183, PARAMS).axes[0]
    for marker, index in (("o", "all"), ("s", "without")):
        rows = data.filter(pl.col("outlet").is_null(), unit="report", index=index).sort("start")
        (drawn,) = lines_of(axes, marker)
        assert drawn == pytest.approx(rows["compound"].to_numpy().astype(float), nan_ok=True)
    styles = {(line.get_color(), line.get_linestyle()) for line in axes.lines if line.get_marker() in {"o", "s"}}
    assert len({colour for colour, _ in styles}) == len({style for _, style in styles}) == 2
    below = data.filter(pl.col("outlet").is_null(), pl.col("compound") < 0, unit="report")
    with_it, without = (below.filter(index=index).height for index in ("all", "without"))
    said = f"Of 9 weeks {with_it} lie below zero with it and {without} without"
    assert said in describe("sentiment_vocabulary", data, 183)["alt"]


@pytest.mark.parametrize(
    ("name", "make_data"),
    [
        ("sentiment_over_time", tone_by_period),
        ("sentiment_vocabulary", tone_by_period),
        ("sentiment_voices", tone_by_outlet),
    ],
)
def test_independent_reports_are_drawn_where_they_differ_and_else_it_is_said_how_little(name, make_data):
    dark = mpl.colors.to_rgba("#202020")

    def drawn(moved: float) -> int:
        axes = draw(name, make_data(moved), 183, PARAMS).axes
        return sum(
            mpl.colors.to_rgba(line.get_color()) == dark and len(line.get_xdata()) > 0 for a in axes for line in a.lines
        )

    assert drawn(0.0005) == 0
    assert "moves no mean by more than 0.001" in describe(name, make_data(0.0005), 89)["caption"]
    # One outlet of three; both lines of all outlets; both voices.
    assert drawn(0.1) == {"sentiment_over_time": 1, "sentiment_vocabulary": 2, "sentiment_voices": 2}[name]
    assert "only the first report counts" in describe(name, make_data(0.1), 89)["caption"]


def test_the_words_that_move_the_index_most_are_drawn_and_those_of_the_vocabulary_hatched():
    axes = draw("sentiment_words", tone_words(), 89, PARAMS).axes[0]
    bars = [patch for patch in axes.patches if patch.get_width()]
    assert [bar.get_width() for bar in bars] == pytest.approx([i * (-1) ** i for i in range(19, 7, -1)])
    assert [bar.get_hatch() is not None for bar in bars] == [i % 3 == 0 for i in range(19, 7, -1)]
    assert axes.get_yticklabels()[0].get_text() == "word19 (1)"
    assert (
        "7 of whose forms occur; together they carry 70 %" in describe("sentiment_words", tone_words(), 89)["caption"]
    )


def test_voices_stand_side_by_side_darkest_narrator_first():
    figure = draw("sentiment_voices", tone_by_outlet(), 183, PARAMS)
    axes = figure.axes[0]
    assert [t.get_text() for t in axes.get_yticklabels()] == [OUTLETS[0], OUTLETS[2], OUTLETS[1], "all outlets"]
    narrator, quoted = (next(line for line in axes.lines if line.get_marker() == marker) for marker in ("o", "s"))
    assert sorted(narrator.get_xdata()) == [-0.1, -0.02, 0.05, 0.1]
    assert sorted(quoted.get_xdata()) == [-0.05, 0.05, 0.1, 0.2]
    told = describe("sentiment_voices", tone_by_outlet(), 183)
    assert "in 2 of 3 outlets" in told["alt"]
    assert "Not drawn: 1 more" in told["caption"]


def test_a_corpus_that_quotes_nobody_has_one_voice():
    data = tone_by_outlet().filter(pl.col("index") != "quoted")
    assert draw("sentiment_voices", data, 89, PARAMS).axes
    assert "nobody quoted" in describe("sentiment_voices", data, 89)["alt"]


# ---- who is quoted ---------------------------------------------------------------------------------------------------


def test_both_marks_of_a_person_stand_at_the_numbers_of_the_table():
    figure = draw("most_quoted", tables()["speakers_by_outlet"], 183, PARAMS)
    reports, quotes = (list(line.get_xdata()) for line in figure.axes[0].lines)
    assert quotes == [100 // r for r in range(1, 9)]
    assert reports == [20 // r for r in range(1, 9)]


def test_of_many_outlets_those_with_most_quotations_are_shown_and_long_names_are_cut():
    data = speakers([f"Outlet {i:02d}" for i in range(40)]).cast(TABLES["speakers_by_outlet"].columns)
    data = data.with_columns(pl.when(outlet="Outlet 39").then(500).otherwise("quotes").alias("quotes"))
    figure = draw("most_quoted", data, 89, PARAMS)
    assert figure.get_figheight() * 25.4 <= 170
    shown = [a.get_title(loc="right") for a in figure.axes if a.axison]
    assert shown[0] == "Outlet 39 (6,000)"
    assert f"The {len(shown)} outlets with most quotations, of 40." in describe("most_quoted", data, 89)["caption"]
    assert "The Ministry of Forei…" in [t.get_text() for t in figure.axes[0].get_yticklabels()]
    assert "left" not in describe("most_quoted", tables()["speakers_by_outlet"], 89)["caption"]


# ---- the map ---------------------------------------------------------------------------------------------------------


def test_the_projection_gives_the_published_values():
    edge_x, edge_y = equal_earth(np.array([180.0, 180.0, 45.0]), np.array([0.0, 90.0, 45.0]))
    assert edge_x[0] * 6378137 == pytest.approx(17263256.84, abs=0.01)  # PROJ's test suite, +proj=eqearth +R=6378137
    assert edge_x[0] / edge_y[1] == pytest.approx(2.05458, abs=1e-5)  # Savric et al. 2018: width to height
    assert edge_x[1] / edge_x[0] == pytest.approx(0.592, abs=1e-3)  # and the pole's line to the equator's
    assert np.degrees(edge_x[2]) == pytest.approx(33.227383823930545, abs=1e-9)  # another program's point


def test_the_projection_keeps_areas_and_can_be_turned_back():
    lat, step = np.linspace(-89, 89, 179), 1e-4
    north, south = equal_earth(np.ones_like(lat), lat + step), equal_earth(np.ones_like(lat), lat - step)
    high = (north[1] - south[1]) / np.radians(2 * step)
    wide = equal_earth(np.ones_like(lat), lat)[0] / np.radians(1)
    assert wide * high == pytest.approx(np.cos(np.radians(lat)), rel=1e-4)
    lon = np.linspace(-170, 170, 179)
    back = from_equal_earth(*equal_earth(lon, lat))
    assert np.abs(back[0] - lon).max() < 0.01
    assert np.abs(back[1] - lat).max() < 0.01


@pytest.mark.parametrize(
    ("lon", "lat", "dry"),
    [
        (30.5, 50.4, True), (19.0, 47.5, True), (95.9, 21.9, True), (35.2, 31.9, True), (20.5, 44.8, True),
        (149.0, -35.3, True), (-30, 40, False), (51, 41.5, False), (34, 43.3, False), (-150, 0, False),
    ],
)  # fmt: skip
def test_land_is_where_land_is(lon, lat, dry):
    from matplotlib.path import Path  # noqa: PLC0415

    def inside(ring: np.ndarray) -> bool:
        return bool(Path(ring).contains_point((lon, lat)))

    assert any(inside(outline) and not any(map(inside, holes)) for outline, *holes in land()) == dry


@pytest.mark.parametrize("width", PARAMS.widths_mm)
def test_the_area_of_a_sign_is_proportional_to_the_reports_and_countries_are_left_out(width):
    figure = draw("places_map", tables()["places_on_map"], width, PARAMS)
    for axes in figure.axes:
        dots, diamonds = axes.collections
        sizes = np.concatenate([dots.get_sizes() * np.pi / 4, diamonds.get_sizes()])  # areas in square points
        assert sizes / sizes[0] * 100 == pytest.approx([100, 30, 4, 2, 25, 1])
    told = describe("places_map", tables()["places_on_map"], width)
    assert "1 country and 2 parts of the world" in told["caption"]
    assert "Kyiv (100 reports)" in told["alt"]


def test_the_part_where_places_crowd_is_enlarged_and_its_names_stand_there():
    figure = draw("places_map", tables()["places_on_map"], 183, PARAMS)
    world, part = ([t.get_text() for t in axes.texts] for axes in figure.axes)
    assert {"Kyiv", "Kharkiv", "Luhansk"} <= set(part)
    assert {"Boston", "Suva"} <= set(world)
    assert not set(world) & set(part)
    suva = next(t for t in figure.axes[0].texts if t.get_text() == "Suva")
    assert suva.xy == pytest.approx([c[0] for c in equal_earth(np.array([178.4]), np.array([-18.1]))])
    assert "Of 6 places, 4 lie in the enlarged part" in describe("places_map", tables()["places_on_map"], 183)["alt"]


@pytest.mark.parametrize("width", PARAMS.widths_mm)
def test_names_on_the_map_do_not_run_into_each_other_or_out_of_it(width):
    rng = np.random.default_rng(1)
    rows = [
        (
            f"Settlement {i}",
            "Ukraine",
            "settlement",
            *rng.uniform((44, 22), (52, 40)),
            i,
            1,
            int(rng.integers(1, 200)),
            1,
        )
        for i in range(300)
    ]
    data = pl.DataFrame(rows, schema=TABLES["places_on_map"].columns, orient="row")
    for axes in draw("places_map", data, width, PARAMS).axes:
        page = axes.get_window_extent()
        boxes = [t.get_window_extent() for t in axes.texts]
        assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])
        assert all(page.x0 <= b.x0 <= b.x1 <= page.x1 and page.y0 <= b.y0 <= b.y1 <= page.y1 for b in boxes)
    assert len(boxes) > 3


def test_a_corpus_that_names_countries_only_or_the_far_south_has_a_map():
    countries = tables()["places_on_map"].filter(kind="country")
    assert draw("places_map", countries, 89, PARAMS).axes
    assert "0 settlements" in describe("places_map", countries, 89)["caption"]
    station = countries.with_columns(kind=pl.lit("settlement"), lat=pl.lit(-77.85), lon=pl.lit(166.7))
    figure = draw("places_map", station, 183, PARAMS)
    assert figure.get_figheight() * 25.4 <= 170.01
    assert figure.axes[0].get_ylim()[0] < equal_earth(np.zeros(1), np.array([-77.85]))[1][0]


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
    figure = draw(name, tables()[DRAWINGS[name].table], width, PARAMS)
    legends = [*figure.legends, *figure.findobj(mpl.legend.Legend)]
    assert legends
    boxes = [legend.get_window_extent() for legend in set(legends)]
    for axes in figure.axes:
        assert not any(axes.get_window_extent().overlaps(box) for box in boxes)
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])


# ---- tolls -----------------------------------------------------------------------------------------------------------


def test_a_mark_is_one_claim_and_no_line_joins_two():
    claims = tables()["tolls"].filter(event=1)
    axes = draw("tolls", tables()["tolls"], 183, PARAMS).axes[0]
    for line in axes.lines:
        assert len(set(line.get_xdata())) == 1  # a bar of one claim stands upright
    marks = [line for line in axes.lines if isinstance(line.get_marker(), str) and line.get_marker() != "_"]
    assert [line.get_ydata()[0] for line in marks] == claims["best"].to_list()
    opened = [mpl.colors.same_color(line.get_markerfacecolor(), "white") for line in marks]
    assert opened == claims["speaker_name"].is_null().to_list()
    arrows = [line.get_ydata()[0] for line in axes.lines if not isinstance(line.get_marker(), str)]
    assert arrows == claims.filter(pl.col("bound").is_in(["at least", "at most"]))["best"].to_list()
    bars = [list(line.get_ydata()) for line in axes.lines if line.get_marker() == "_"]
    assert bars == [[2, 6], [2, 6]]


def test_marks_stand_within_their_day_and_apart():
    data = tables()["tolls"]
    axes = draw("tolls", data, 89, PARAMS).axes[0]
    marks = [line.get_xdata()[0] for line in axes.lines if isinstance(line.get_marker(), str)][:11]
    days = (data.filter(event=1)["published"] - date(2022, 4, 29)).dt.total_days().to_list()
    at = sorted(set(marks))
    assert len(at) == 9
    assert [round(x) for x in at] == days
    assert min(b - a for a, b in itertools.pairwise(at)) > 0.2
    assert axes.get_title(loc="left") == "Bucha, 29 Apr–3 May 2022"


def test_events_of_one_report_are_drawn_only_if_there_are_no_others():
    data = tables()["tolls"]
    titles = [a.get_title(loc="left") for a in draw("tolls", data, 89, PARAMS).axes]
    assert titles == ["Bucha, 29 Apr–3 May 2022", "Kramatorsk, 29 Apr 2022"]
    alone = data.filter(event=3)
    assert [a.get_title(loc="left") for a in draw("tolls", alone, 89, PARAMS).axes] == ["Mykolaiv, 29 Apr 2022"]
    assert "Mykolaiv, 29 Apr 2022: 1 killed, in 1 report." in describe("tolls", alone, 89)["alt"]


def test_of_nine_outlets_the_last_four_share_one_sign():
    figure = draw("tolls", tables()["tolls"], 183, PARAMS)
    assert "5 other outlets" in [t.get_text() for t in figure.legends[0].get_texts()]


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
    with mpl.rc_context(fname=str(files("corpus_tools.figures").joinpath("figure.mplstyle"))):
        cycle = mpl.rcParams["axes.prop_cycle"].by_key()
    srgb = np.array([mpl.colors.to_rgb(c) for c in cycle["color"]])
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    seen = lab(np.clip(linear @ np.array(matrix).T, 0, 1))
    pairs = [np.linalg.norm(a - b) for i, a in enumerate(seen) for b in seen[:i]]
    assert min(pairs) >= 10
    assert len(set(cycle["marker"])) == len(cycle["color"]) == 6
    assert len({str(x) for x in cycle["linestyle"]}) == 6
