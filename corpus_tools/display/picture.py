"""A finished figure with its caption, its alternative text and what made it."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from pathlib import Path

from corpus_tools.display.html import fill_in
from corpus_tools.errors import InputError, known


@dataclass(frozen=True)
class Picture:
    """A finished figure; a notebook shows it with its caption and provenance.

    Parameters
    ----------
    name
        Name of the figure.
    path
        The image.
    caption, alt
        Caption and alternative text.
    settings
        The provenance line.
    """

    name: str
    path: Path
    caption: str
    alt: str
    settings: str = ""

    @property
    def content(self) -> bytes:
        """The image's bytes."""
        return self.path.read_bytes()

    @property
    def media_type(self) -> str:
        """The image's media type."""
        return {".svg": "image/svg+xml"}.get(self.path.suffix, "image/png")

    @property
    def data_url(self) -> str:
        """The image as a URL that needs no file."""
        return f"data:{self.media_type};base64,{base64.b64encode(self.content).decode()}"

    def _repr_html_(self) -> str:
        return fill_in("figure.html", source=self.data_url, alt=self.alt, caption=self.caption, settings=self.settings)

    def __repr__(self) -> str:
        return f"{self.path.name}: {self.caption}\n{self.settings}".rstrip()


def figure_widths(folder: Path) -> list[int]:
    """List the widths of the finished figures in millimetres, narrowest first."""
    names = (p.stem.rsplit("-", 1)[-1] for p in folder.glob("*mm.png"))
    return sorted({int(name.removesuffix("mm")) for name in names})


def read_picture(folder: Path, name: str, width_mm: int | None = None) -> Picture:
    """Read a finished figure as PNG.

    Parameters
    ----------
    folder
        Where the figures are.
    name
        Without width and ending.
    width_mm
        One of the widths drawn; by default the widest.

    Raises
    ------
    InputError
        If there is no such figure.
    """
    widths = figure_widths(folder)
    if not widths:
        raise InputError(str(folder), "no figures yet", "run `make repro`")
    width_mm = width_mm or widths[-1]
    path = folder / f"{name}-{width_mm}mm.png"
    if not path.is_file():
        names = {p.stem.rsplit("-", 1)[0] for p in folder.glob("*mm.png")}
        raise InputError(str(path), "no such figure", f"{known(name, names)}; widths: {', '.join(map(str, widths))} mm")
    return _described(folder / f"{name}.json", f"{width_mm}mm", path)


def smallest_pictures(folder: Path) -> dict[str, Picture]:
    """Read all figures, each in its largest width, and as SVG or PNG, whichever takes less room.

    Raises
    ------
    InputError
        If a figure is described, but its files are missing.
    """
    pictures = {}
    for path in sorted(folder.glob("*.json")):
        described = json.loads(path.read_text(encoding="utf-8"))
        width = max((key for key in described if key.endswith("mm")), key=lambda key: int(key.removesuffix("mm")))
        drawn = [folder / f"{path.stem}-{width}.{ending}" for ending in ("svg", "png")]
        sizes = {file: file.stat().st_size for file in drawn if file.exists()}
        if not sizes:
            remedy = "run `make repro`, or only this step: `python -m corpus_tools figures`"
            raise InputError(str(drawn[0]), "no such file", remedy)
        pictures[path.stem] = _described(path, width, min(sizes, key=lambda file: sizes[file]))
    return pictures


def _described(path: Path, width: str, image: Path) -> Picture:
    described = json.loads(path.read_text(encoding="utf-8"))
    return Picture(path.stem, image, described[width]["caption"], described[width]["alt"], described["settings"])
