"""A map of the places that reports name, in an equal-area projection, and an enlarged part with most of them.

Land is from Natural Earth at 1:110 million (public domain). It is stored beside this module as rings of longitude and
latitude, because the packages that contain it bring heavy dependencies; `make land` extracts it from one of them
(`tools/build_land.py`). Borders are not drawn, because they are what conflicts are about.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import compress, pairwise
from typing import Any

import matplotlib as mpl
import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.transforms import Bbox
from numpy.typing import NDArray

from corpus_tools.figures.layout import DRAWING_MM, MM, WIDE_MM, Drawing, repeats_note
from corpus_tools.text.plain_text import plural

Floats = NDArray[np.float64]

# Coefficients of the Equal Earth projection (Savric, Patterson & Jenny 2018, IJGIS, doi:10.1080/13658816.2018.1504949).
_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796
_ROOT3 = np.sqrt(3)
# The only land further south is Antarctica.
_SOUTH = -57.0
_NORTH = 84.0
# The scale of the lower map relative to the upper one, and the ratio of its height to its width.
_ZOOM, _ZOOM_HEIGHT = 3.5, 0.40
_MARGIN_MM, _TITLE_MM, _LEGEND_MM = 1.0, 4.0, 10.0
# Positions of a name relative to its point, best first.
_SIDES = (
    (1, 0, "left", "center"), (-1, 0, "right", "center"), (0, 1, "center", "bottom"), (0, -1, "center", "top"),
    (0.7, 0.7, "left", "bottom"), (0.7, -0.7, "left", "top"),
    (-0.7, 0.7, "right", "bottom"), (-0.7, -0.7, "right", "top"),
)  # fmt: skip
_LAND, _COAST, _INK = "#e4e4e4", "#bdbdbd", "#404040"
# Colour, whether filled, marker, and the marker's area in units of its squared size, which makes areas comparable.
_SIGNS = {"settlement": ("C0", True, "o", np.pi / 4), "region": ("C2", False, "D", 1.0)}


def equal_earth(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Project degrees to the plane of the Equal Earth projection (Savric et al. 2018), for a sphere of radius 1.

    The central meridian is 0; for another one, subtract it from `lon`.

    Examples
    --------
    >>> x, y = equal_earth(np.array([180.0, 0.0]), np.array([0.0, 90.0]))
    >>> x.round(5).tolist(), y.round(5).tolist()
    ([2.70663, 0.0], [0.0, 1.31736])
    """
    theta = np.arcsin(_ROOT3 / 2 * np.sin(np.radians(lat)))
    square = theta**2
    sixth = square**3
    slope = _A1 + 3 * _A2 * square + sixth * (7 * _A3 + 9 * _A4 * square)
    x = 2 * _ROOT3 / 3 * np.radians(lon) * np.cos(theta) / slope
    y = theta * (_A1 + _A2 * square + sixth * (_A3 + _A4 * square))
    return x, y


def from_equal_earth(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Convert points of the plane to degrees by interpolation, accurate to a thousandth of a degree.

    Examples
    --------
    >>> lon, lat = from_equal_earth(*equal_earth(np.array([37.6]), np.array([55.8])))
    >>> lon.round(2).tolist(), lat.round(2).tolist()
    ([37.6], [55.8])
    """
    lats = np.linspace(-90, 90, 7201)
    lat = np.interp(y, equal_earth(np.zeros_like(lats), lats)[1], lats)
    return x / equal_earth(np.ones_like(lat), lat)[0], lat


@cache
def land() -> tuple[tuple[Floats, ...], ...]:
    """Return the land as polygons of rings (the outline, then its holes) of longitude and latitude in degrees."""
    content = json.loads(files("corpus_tools.figures").joinpath("land_110m.json").read_text(encoding="utf-8"))
    return tuple(tuple(np.array(ring, dtype=float) for ring in polygon) for polygon in content["polygons"])


def _shown(data: pl.DataFrame) -> pl.DataFrame:
    """Drop countries, continents and seas, whose centres are not where events happen; add the sign of each place."""
    one_place = (pl.col("kind") != "country") & pl.col("country").is_not_null()
    sign = pl.when(pl.col("kind") == "settlement").then(pl.lit("settlement")).otherwise(pl.lit("region"))
    kept = data.filter(one_place).with_columns(sign.alias("sign"))
    return kept.sort("reports", "name", "country", "kind", "lat", "lon", descending=[True, *[False] * 5])


def _relative(lon: Floats, middle: float) -> Floats:
    """Return longitudes relative to a meridian, from -180 to 180."""
    return (lon - middle + 180) % 360 - 180


def _page(shown: pl.DataFrame, width_mm: int) -> tuple[Bbox, float, Bbox, list[float]]:
    """Return the box of the world, the central meridian and box of the enlarged part, and both heights in mm."""
    half = float(equal_earth(np.array([180.0]), np.array([0.0]))[0][0])
    south = max(-90, min(_SOUTH, float(shown["lat"].min() or 0) - 3))  # type: ignore[arg-type]
    bottom, top = equal_earth(np.zeros(2), np.array([south, _NORTH]))[1]
    across = width_mm - 2 * _MARGIN_MM
    world_mm = across * (top - bottom) / (2 * half)
    part_mm = min(across * _ZOOM_HEIGHT, DRAWING_MM - world_mm - 2 * _TITLE_MM - _LEGEND_MM - _MARGIN_MM)
    wide, high = half / _ZOOM, half / _ZOOM * part_mm / across
    middle, height = _densest(shown, wide, high)
    part = Bbox.from_extents(-wide, height - high, wide, height + high)
    return Bbox.from_extents(-half, bottom, half, top), middle, part, [world_mm, part_mm]


def _densest(shown: pl.DataFrame, wide: float, high: float) -> tuple[float, float]:
    """Find the part of this size with most reports; return its central meridian and the ordinate of its centre."""
    lon, lat, reports = (shown[c].to_numpy().astype(float) for c in ("lon", "lat", "reports"))
    best, centre = -1.0, (0.0, 0.0)
    for middle in np.arange(-180.0, 180.0, 5):
        x, y = equal_earth(_relative(lon, middle), lat)
        # Places near the left and right edges count less, or the best part would be an ocean between two coasts.
        near = reports * (1 - (x / wide) ** 2).clip(0)
        for height in np.arange(-0.8, 1.11, 0.05):
            score = float((near * (1 - ((y - height) / high) ** 4).clip(0)).sum())
            if score > best + 1e-9:
                best, centre = score, (float(middle), float(height))
    return centre


def places_map(data: pl.DataFrame, width_mm: int) -> Figure:
    """Draw the places on a world map and on an enlarged part; the area of a sign is proportional to its reports."""
    shown = _shown(data)
    world_box, middle, part, heights = _page(shown, width_mm)
    page = sum(heights) + 2 * _TITLE_MM + _LEGEND_MM + _MARGIN_MM
    figure = Figure(figsize=(width_mm * MM, page * MM))
    figure.set_layout_engine("none")  # all sizes are set here
    left, across = _MARGIN_MM / width_mm, 1 - 2 * _MARGIN_MM / width_mm
    bottom = page - _TITLE_MM - heights[0]
    world = figure.add_axes((left, bottom / page, across, heights[0] / page))
    bottom -= _TITLE_MM + heights[1]
    zoom = figure.add_axes((left, bottom / page, across, heights[1] / page))

    wide = width_mm >= WIDE_MM
    scale = (13.0 if wide else 9.0) ** 2 / max(1, int(shown["reports"].max() or 1))  # type: ignore[arg-type]
    above, below = _MapPanel(world, 0.0, world_box, scale), _MapPanel(zoom, middle, part, scale)
    above.draw(shown)
    below.draw(shown)
    _draw_edge(world)
    frame = _draw_frame(world, middle, part)
    inside = _inside(shown, middle, part)
    above.label(shown, ~inside, 16 if wide else 8, [frame])
    below.label(shown, inside, 24 if wide else 12, [])
    world.set_title("a  the world")
    zoom.set_title(f"b  the frame in a, {_ZOOM:g} times larger")
    world.spines[:].set_visible(False)
    zoom.spines[:].set(visible=True, color=_INK, linewidth=0.5)
    zoom.set_xlabel("area of a sign: reports that name the place", loc="right")
    _add_legends(figure, scale, shown, bottom, page)
    return figure


def _inside(shown: pl.DataFrame, middle: float, part: Bbox) -> pl.Series:
    x, y = equal_earth(_relative(shown["lon"].to_numpy(), middle), shown["lat"].to_numpy())
    return pl.Series((np.abs(x) < part.x1) & (y > part.y0) & (y < part.y1))


@dataclass(frozen=True)
class _MapPanel:
    """One of the two maps.

    Attributes
    ----------
    axes
        Where it is drawn.
    middle
        The central meridian.
    part
        The part of the plane that it shows.
    scale
        Square points per report.
    """

    axes: Axes
    middle: float
    part: Bbox
    scale: float

    def project(self, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        """Return where longitudes and latitudes lie on this map, in the units of its projection."""
        return equal_earth(_relative(lon, self.middle), lat)

    def draw(self, shown: pl.DataFrame) -> None:
        """Draw land and signs."""
        axes = self.axes
        axes.set(xlim=(self.part.x0, self.part.x1), ylim=(self.part.y0, self.part.y1), xticks=[], yticks=[])
        axes.grid(visible=False)
        for turn in (-360, 0, 360):  # the part may cross the meridian at which the land is cut
            for polygon in land():
                self._draw_polygon([np.column_stack([r[:, 0] - self.middle + turn, r[:, 1]]) for r in polygon])
        for sign, (colour, filled, marker, area) in _SIGNS.items():
            rows = shown.filter(pl.col("sign") == sign)  # largest first, so that small signs are on top
            x, y = self.project(rows["lon"].to_numpy(), rows["lat"].to_numpy())
            sizes = rows["reports"].to_numpy() * self.scale * (np.pi / 4) / area
            thick, thin = (0.3, 0.0) if filled else (0.7, 0.3)
            axes.scatter(
                x, y, s=sizes, marker=marker, zorder=2 if filled else 3,
                facecolors=colour if filled else "none", edgecolors="white" if filled else colour,
                linewidths=np.where(sizes > 6, thick, thin).tolist(),
            )  # fmt: skip

    def _draw_polygon(self, degrees: list[Floats]) -> None:
        rings = [np.column_stack(equal_earth(r[:, 0], r[:, 1])) for r in degrees]
        if max(r[:, 0].max() for r in rings) < self.part.x0 or min(r[:, 0].min() for r in rings) > self.part.x1:
            return
        shape = Path.make_compound_path(*(Path(r, closed=True) for r in rings))
        self.axes.add_patch(PathPatch(shape, facecolor=_LAND, edgecolor=_COAST, linewidth=0.3, zorder=1))

    def label(self, shown: pl.DataFrame, selected: pl.Series, limit: int, taken: list[Bbox]) -> None:
        """Write the names of the selected places with most reports, up to a limit, where they overlap nothing."""
        pixels = self.axes.figure.dpi / 72
        x, y = self.project(shown["lon"].to_numpy(), shown["lat"].to_numpy())
        points = self.axes.transData.transform(np.column_stack([x, y]))
        radii = np.sqrt(shown["reports"].to_numpy() * self.scale) / 2  # in points
        # Names may overlap small signs, and names of settlements also large open ones.
        larger = radii > 0.3 * radii.max(initial=0)
        settled = (shown["sign"] == "settlement").to_numpy()
        reach = np.where(settled, radii, 1.0) * pixels
        signs = [Bbox([p - r, p + r]) for p, r in zip(points, reach, strict=True)]
        filled, both = (list(compress(signs, flags)) for flags in (larger & settled, larger))
        taken = list(taken)
        for i in selected.arg_true().head(3 * limit):
            obstacles = [*taken, *(filled if settled[i] else both)]
            if limit and (box := self._write_name(shown["name"][i], (x[i], y[i]), radii[i] + 1, obstacles)):
                taken.append(box.padded(0.6 * pixels))
                limit -= 1

    def _write_name(self, name: str, point: tuple[float, float], distance: float, obstacles: list[Bbox]) -> Bbox | None:
        """Write a name at the first side of its point where it fits, and return its box; None if it fits nowhere."""
        page = self.axes.get_window_extent()
        for dx, dy, ha, va in _SIDES:
            text = self.axes.annotate(
                name, point, (dx * distance, dy * distance), textcoords="offset points", ha=ha, va=va,
                fontsize=mpl.rcParams["legend.fontsize"], zorder=6,
            )  # fmt: skip
            box: Bbox = text.get_window_extent()
            on_page = page.x0 <= box.x0 and box.x1 <= page.x1 and page.y0 <= box.y0 and box.y1 <= page.y1
            if on_page and not any(box.overlaps(other) for other in obstacles):
                return box
            text.remove()
        return None


def _draw_edge(axes: Axes) -> None:
    """Draw the edge of the world map, and clip the land at it."""
    lats = np.arange(-90.0, 91.0)
    lon = np.concatenate([np.full_like(lats, -180), np.full_like(lats, 180)])
    edge = Path(np.column_stack(equal_earth(lon, np.concatenate([lats, lats[::-1]]))), closed=True)
    for patch in axes.patches:
        patch.set_clip_path(edge, axes.transData)
    axes.add_patch(PathPatch(edge, facecolor="none", edgecolor=_COAST, linewidth=0.3, zorder=1))


def _draw_frame(axes: Axes, middle: float, part: Bbox) -> Bbox:
    """Draw the frame of the enlarged part on the world map, and return its box in pixels."""
    steps = np.linspace(0, 1, 50)
    corners = [(part.x0, part.y0), (part.x0, part.y1), (part.x1, part.y1), (part.x1, part.y0), (part.x0, part.y0)]
    points = np.concatenate([np.outer(1 - steps, a) + np.outer(steps, b) for a, b in pairwise(corners)])
    lon, lat = from_equal_earth(points[:, 0], points[:, 1])
    x, y = equal_earth(_relative(lon + middle, 0), lat)
    x[1:][np.abs(np.diff(x)) > 1] = np.nan  # no line across the map where the frame leaves it at one side
    axes.plot(x, y, linestyle="-", marker="", color=_INK, linewidth=0.5, zorder=4)
    pixels = axes.transData.transform(np.column_stack([x, y])[~np.isnan(x)])
    return Bbox([pixels.min(axis=0), pixels.max(axis=0)])


def _add_legends(figure: Figure, scale: float, shown: pl.DataFrame, top_mm: float, page_mm: float) -> None:
    """Explain signs and sizes below the maps."""
    names = {"settlement": "settlement", "region": "region or other place within a country"}
    present = set(shown["sign"])
    kinds = [
        Line2D(
            [], [], linestyle="", marker=marker, color=colour, markerfacecolor=colour if filled else "none",
            markersize=4.5 * np.sqrt(np.pi / 4 / area), markeredgewidth=0.7, label=names[sign],
        )
        for sign, (colour, filled, marker, area) in _SIGNS.items() if sign in present
    ]  # fmt: skip
    sizes = [
        Line2D(
            [], [], linestyle="", marker="o", color=_INK, markerfacecolor="none", markeredgewidth=0.5,
            markersize=np.sqrt(reports * scale), label=f"{reports:,}",
        )
        for reports in _round_numbers(int(shown["reports"].max() or 1))  # type: ignore[arg-type]
    ]  # fmt: skip
    common = {"borderaxespad": 0.0, "handletextpad": 0.4, "columnspacing": 1.0}
    left = figure.legend(handles=kinds, loc="upper left", bbox_to_anchor=(0.01, (top_mm - 1) / page_mm), **common)
    figure.add_artist(left)
    figure.legend(
        handles=sizes, loc="upper right", bbox_to_anchor=(0.99, (top_mm - 4.5) / page_mm), ncols=len(sizes), **common,
    )  # fmt: skip


def _round_numbers(highest: int) -> list[int]:
    """Return up to three round numbers for a legend of sizes, smallest first.

    Examples
    --------
    >>> _round_numbers(418), _round_numbers(6), _round_numbers(1)
    ([10, 50, 200], [1, 5], [1])
    """
    ladder = [n * 10**power for power in range(9) for n in (1, 2, 5) if n * 10**power <= highest]
    return ladder[::-1][::2][:3][::-1]


def _places_map_facts(data: pl.DataFrame, width_mm: int) -> dict[str, Any]:
    shown = _shown(data)
    countries = data.filter(pl.col("kind") == "country")
    wider = data.height - shown.height - countries.height
    left_out = [plural(countries.height, "country", "countries")] if countries.height else []
    if wider:
        one, many = (
            "part of the world, such as a continent or sea",
            "parts of the world, such as continents and seas",
        )
        left_out.append(plural(wider, one, many))
    settlements = shown.filter(pl.col("sign") == "settlement").height
    most = [f"{name} ({plural(n, 'report')})" for name, n in shown.select("name", "reports").head(3).iter_rows()]
    _, middle, part, _ = _page(shown, width_mm)
    inside = shown.filter(_inside(shown, middle, part)).height
    return {
        "settlements": plural(settlements, "settlement"),
        "regions": plural(shown.height - settlements, "region or other place", "regions and other places"),
        "left_out": f" Not drawn, because their centres are not where events happen: {' and '.join(left_out)}."
        if left_out else "",
        "repeats": repeats_note(shown, "place", pl.col("name")),
        "most": ", ".join(most) if most else "none",
        "inside": f"{inside:,}", "places": f"{shown.height:,}",
    }  # fmt: skip


FIGURES = {
    "places_map": Drawing("places_on_map", places_map, _places_map_facts),
}
