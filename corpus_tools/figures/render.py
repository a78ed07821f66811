"""Figures: each from one table, as PDF, SVG and PNG in every width, with its data, caption and alternative text."""

from __future__ import annotations

import io
import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import matplotlib as mpl
import polars as pl
import yaml
from matplotlib.figure import Figure

from corpus_tools.errors import InputError
from corpus_tools.figures.drawings import DRAWINGS
from corpus_tools.figures.page import foot
from corpus_tools.figures.params import FiguresParams

FORMATS = ("pdf", "svg", "png")
# What changes from run to run (dates) or from version to version (programs) is left out of the files.
_NOTHING: dict[str, dict[str, Any]] = {
    "pdf": {"CreationDate": None, "Producer": None, "Creator": None},
    "svg": {"Date": None, "Creator": None, "Format": None, "Type": None},
    "png": {"Software": None},
}


# A figure that has a layout engine is drawn twice a format, and its layout takes longer than drawing it.
_LAID_OUT: dict[Any, Any] = {"figure.constrained_layout.use": False, "figure.autolayout": False}


def draw(name: str, data: pl.DataFrame, width_mm: int, params: FiguresParams) -> Figure:
    """Draw one figure.

    Parameters
    ----------
    name
        One of DRAWINGS.
    data
        The table that DRAWINGS names.
    width_mm
        Width in millimetres.
    params
        Font size in points and resolution in dots an inch.
    """
    with mpl.rc_context(fname=str(files("corpus_tools.figures").joinpath("figure.mplstyle"))):
        titles = ("font.size", "axes.titlesize", "axes.labelsize", "figure.labelsize")
        ticks = ("xtick.labelsize", "ytick.labelsize", "legend.fontsize")
        sizes: dict[Any, float] = {**dict.fromkeys(titles, params.font_pt), **dict.fromkeys(ticks, params.font_pt - 1)}
        mpl.rcParams.update(sizes)
        figure = DRAWINGS[name].draw(data, width_mm)
        figure.draw_without_rendering()  # the layout is settled while the style holds,
    with mpl.rc_context(_LAID_OUT):
        figure.set_layout_engine(None)  # and once for all formats
    return figure


def describe(name: str, data: pl.DataFrame, width_mm: int) -> dict[str, str]:
    """Fill the caption and the alternative text of a figure with the numbers of its data.

    Raises
    ------
    KeyError
        If captions.yaml has no entry for the figure.
    """
    entries = yaml.safe_load(files("corpus_tools.figures").joinpath("captions.yaml").read_text(encoding="utf-8"))
    facts = DRAWINGS[name].facts(data, width_mm)
    return {key: entries[name][key].format(**facts) for key in ("caption", "alt")}


def render(figure: Figure, told: dict[str, str], params: FiguresParams) -> dict[str, bytes]:
    """Give the bytes of a figure in each format; the same figure gives the same bytes.

    Parameters
    ----------
    figure
        As `draw` gives it; the line of settings is written below it, if the parameters say so.
    told
        title, alt and settings, which each file carries inside.
    params
        The resolution, and whether the settings are printed.
    """
    title, alt, settings = told["title"], told["alt"], told["settings"]
    inside: dict[str, dict[str, Any]] = {
        "pdf": {"Title": title, "Subject": alt, "Keywords": settings},
        "svg": {"Title": title, "Description": alt, "Keywords": [settings]},
        "png": {"Title": title, "Description": alt, "Comment": settings},
    }
    made = {}
    style = str(files("corpus_tools.figures").joinpath("figure.mplstyle"))
    with mpl.rc_context(_LAID_OUT, fname=style):
        page = foot(figure, settings) if params.settings_line else None
    for form in FORMATS:
        buffer = io.BytesIO()
        with mpl.rc_context(_LAID_OUT, fname=style):
            figure.savefig(
                buffer, format=form, dpi=params.dpi, bbox_inches=page, metadata={**_NOTHING[form], **inside[form]}
            )
        made[form] = buffer.getvalue()
    return made


def make(name: str, data: pl.DataFrame, params: FiguresParams, settings: str) -> dict[str, bytes]:
    """Make all files of one figure.

    Parameters
    ----------
    name, data, params
        As for `draw`.
    settings
        What made the data and the figure, in one line.

    Returns
    -------
    `NAME-WIDTHmm.FORMAT`; `NAME.csv`, the data and nothing else, so that any program reads it; and `NAME.json`, with
    the caption and the alternative text of each width, and the settings.

    Raises
    ------
    InputError
        If the table is empty.
    """
    if data.is_empty():
        raise InputError(
            f"figure {name}", f"table {DRAWINGS[name].table} is empty", "see the metrics of the steps before"
        )
    made: dict[str, bytes] = {}
    told: dict[str, Any] = {}
    for width in params.widths_mm:
        told[f"{width}mm"] = describe(name, data, width)
        inside = {"title": name.replace("_", " "), "alt": told[f"{width}mm"]["alt"], "settings": settings}
        for form, content in render(draw(name, data, width, params), inside, params).items():
            made[f"{name}-{width}mm.{form}"] = content
    made[f"{name}.csv"] = data.write_csv().encode()
    told["settings"] = settings
    made[f"{name}.json"] = (json.dumps(told, indent=2, ensure_ascii=False) + "\n").encode()
    return made


def write(folder: Path, content: dict[str, bytes]) -> None:
    """Write files into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in content.items():
        (folder / name).write_bytes(data)
