from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from matplotlib.path import Path
from planted_figures import PARAMS, drawn, tables

from corpus_tools.figures.place_figures import equal_earth, from_equal_earth, land
from corpus_tools.figures.render import describe, draw
from corpus_tools.pipeline import TABLES


def test_the_projection_has_the_published_values():
    edge_x, edge_y = equal_earth(np.array([180.0, 180.0, 45.0]), np.array([0.0, 90.0, 45.0]))
    assert edge_x[0] * 6378137 == pytest.approx(17263256.84, abs=0.01)  # PROJ's test suite, +proj=eqearth +R=6378137
    assert edge_x[0] / edge_y[1] == pytest.approx(2.05458, abs=1e-5)  # Savric et al. 2018: width to height
    assert edge_x[1] / edge_x[0] == pytest.approx(0.592, abs=1e-3)  # and the pole's line to the equator's
    assert np.degrees(edge_x[2]) == pytest.approx(33.227383823930545, abs=1e-9)  # another program's point


def test_the_projection_keeps_areas_and_is_invertible():
    lat, step = np.linspace(-89, 89, 179), 1e-4
    north, south = equal_earth(np.ones_like(lat), lat + step), equal_earth(np.ones_like(lat), lat - step)
    height = (north[1] - south[1]) / np.radians(2 * step)
    width = equal_earth(np.ones_like(lat), lat)[0] / np.radians(1)
    assert width * height == pytest.approx(np.cos(np.radians(lat)), rel=1e-4)
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
    ids=[
        "Kyiv", "Budapest", "Mandalay", "Jerusalem", "Belgrade", "Canberra",
        "Atlantic", "Caspian Sea", "Black Sea", "Pacific",
    ],
)  # fmt: skip
def test_land_is_where_land_is(lon, lat, dry):
    def inside(ring: np.ndarray) -> bool:
        return bool(Path(ring).contains_point((lon, lat)))

    assert any(inside(outline) and not any(map(inside, holes)) for outline, *holes in land()) == dry


@pytest.mark.parametrize("width", PARAMS.widths_mm)
def test_the_area_of_a_sign_is_proportional_to_the_reports_and_countries_are_left_out(width):
    figure = drawn("places_map", width)
    for axes in figure.axes:
        dots, diamonds = axes.collections
        sizes = np.concatenate([dots.get_sizes() * np.pi / 4, diamonds.get_sizes()])  # areas in square points
        assert sizes / sizes[0] * 100 == pytest.approx([100, 30, 4, 2, 25, 1])
    texts = describe("places_map", tables()["places_on_map"], width)
    assert "1 country and 2 parts of the world" in texts["caption"]
    assert "Kyiv (100 reports)" in texts["alt"]


def test_the_part_with_most_places_is_enlarged_and_has_their_names():
    figure = drawn("places_map", 183)
    world, part = ([t.get_text() for t in axes.texts] for axes in figure.axes)
    assert {"Kyiv", "Kharkiv", "Luhansk"} <= set(part)
    assert {"Boston", "Suva"} <= set(world)
    assert not set(world) & set(part)
    suva = next(t for t in figure.axes[0].texts if t.get_text() == "Suva")
    assert suva.xy == pytest.approx([c[0] for c in equal_earth(np.array([178.4]), np.array([-18.1]))])
    assert "Of 6 places, 4 are in the enlarged part" in describe("places_map", tables()["places_on_map"], 183)["alt"]


@pytest.mark.slow
@pytest.mark.parametrize("width", PARAMS.widths_mm)
def test_names_on_the_map_do_not_overlap_or_leave_it(width):
    rng = np.random.default_rng(1)
    settlements = ((i, *rng.uniform((44, 22), (52, 40)), int(rng.integers(1, 200))) for i in range(300))
    rows = [(f"Settlement {i}", "Ukraine", "settlement", lat, lon, i, 1, n, 1) for i, lat, lon, n in settlements]
    data = pl.DataFrame(rows, schema=TABLES["places_on_map"].schema, orient="row")
    for axes in draw("places_map", data, width, PARAMS).axes:
        page = axes.get_window_extent()
        boxes = [t.get_window_extent() for t in axes.texts]
        assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])
        assert all(page.x0 <= b.x0 <= b.x1 <= page.x1 and page.y0 <= b.y0 <= b.y1 <= page.y1 for b in boxes)
    assert len(boxes) > 3


@pytest.mark.slow
def test_a_corpus_with_countries_only_or_with_the_far_south_has_a_map():
    countries = tables()["places_on_map"].filter(kind="country")
    assert draw("places_map", countries, 89, PARAMS).axes
    assert "0 settlements" in describe("places_map", countries, 89)["caption"]
    station = countries.with_columns(kind=pl.lit("settlement"), lat=pl.lit(-77.85), lon=pl.lit(166.7))
    figure = draw("places_map", station, 183, PARAMS)
    assert figure.get_figheight() * 25.4 <= 170.01
    assert figure.axes[0].get_ylim()[0] < equal_earth(np.zeros(1), np.array([-77.85]))[1][0]
