"""Render figures as PDF, SVG and PNG in every width, with their data, captions and alternative texts."""

from __future__ import annotations

import io
import json
from importlib.resources import files
from typing import Any

import matplotlib as mpl
import polars as pl
import yaml
from matplotlib.figure import Figure

from corpus_tools.errors import InputError
from corpus_tools.figures.drawings import DRAWINGS
from corpus_tools.figures.layout import add_footer
from corpus_tools.figures.params import FiguresParams

FORMATS = ("pdf", "svg", "png")
# Metadata left out of the files, because it changes from run to run (dates) or from version to version (programs).
_NO_METADATA: dict[str, dict[str, Any]] = {
    "pdf": {"CreationDate": None, "Producer": None, "Creator": None},
    "svg": {"Date": None, "Creator": None, "Format": None, "Type": None},
    "png": {"Software": None},
}
# With a layout engine, a figure is drawn twice for every format, and its layout takes longer than drawing it.
_NO_LAYOUT: dict[Any, Any] = {"figure.constrained_layout.use": False, "figure.autolayout": False}


def draw(name: str, data: pl.DataFrame, width_mm: int, params: FiguresParams) -> Figure:
    """Draw one figure.

    Parameters
    ----------
    name
        One of DRAWINGS.
    data
        The table that the figure shows.
    width_mm
        Width in millimetres.
    params
        The font size.
    """
    with mpl.rc_context(fname=_style()):
        titles = ("font.size", "axes.titlesize", "axes.labelsize", "figure.labelsize")
        ticks = ("xtick.labelsize", "ytick.labelsize", "legend.fontsize")
        sizes: dict[Any, float] = {**dict.fromkeys(titles, params.font_pt), **dict.fromkeys(ticks, params.font_pt - 1)}
        mpl.rcParams.update(sizes)
        figure = DRAWINGS[name].draw(data, width_mm)
        figure.draw_without_rendering()  # lays out the figure, once for all formats
    with mpl.rc_context(_NO_LAYOUT):
        figure.set_layout_engine(None)
    return figure


def _style() -> str:
    return str(files("corpus_tools.figures").joinpath("figure.mplstyle"))


def describe(name: str, data: pl.DataFrame, width_mm: int) -> dict[str, str]:
    """Return the caption and the alternative text of a figure, with the facts of its data.

    Raises
    ------
    KeyError
        If captions.yaml has no entry for the figure.
    """
    entries = yaml.safe_load(files("corpus_tools.figures").joinpath("captions.yaml").read_text(encoding="utf-8"))
    facts = DRAWINGS[name].facts(data, width_mm)
    return {key: entries[name][key].format(**facts) for key in ("caption", "alt")}


def render(figure: Figure, texts: dict[str, str], params: FiguresParams) -> dict[str, bytes]:
    """Return the bytes of a figure in each format; the same figure has the same bytes.

    Parameters
    ----------
    figure
        As `draw` returns it.
    texts
        title, alt and settings (the provenance line), which each file has in its metadata.
    params
        The resolution, and whether the provenance line is printed below the figure.
    """
    title, alt, settings = texts["title"], texts["alt"], texts["settings"]
    metadata: dict[str, dict[str, Any]] = {
        "pdf": {"Title": title, "Subject": alt, "Keywords": settings},
        "svg": {"Title": title, "Description": alt, "Keywords": [settings]},
        "png": {"Title": title, "Description": alt, "Comment": settings},
    }
    content = {}
    with mpl.rc_context(_NO_LAYOUT, fname=_style()):
        page = add_footer(figure, settings) if params.settings_line else None
    for form in FORMATS:
        buffer = io.BytesIO()
        with mpl.rc_context(_NO_LAYOUT, fname=_style()):
            figure.savefig(
                buffer, format=form, dpi=params.dpi, bbox_inches=page, metadata=_NO_METADATA[form] | metadata[form]
            )
        content[form] = buffer.getvalue()
    return content


def make(name: str, data: pl.DataFrame, params: FiguresParams, settings: str) -> dict[str, bytes]:
    """Return all files of one figure.

    Parameters
    ----------
    name, data, params
        As for `draw`.
    settings
        The provenance line of the data and the figure.

    Returns
    -------
    `NAME-WIDTHmm.FORMAT`; `NAME.csv` with the data only, so that any program can read it; and `NAME.json` with the
    caption and alternative text for each width, and the provenance line.

    Raises
    ------
    InputError
        If the table is empty.
    """
    if data.is_empty():
        table = DRAWINGS[name].table
        raise InputError(f"figure {name}", f"table {table} is empty", "check the metrics of the steps that made it")
    contents: dict[str, bytes] = {}
    texts: dict[str, Any] = {}
    for width in params.widths_mm:
        texts[f"{width}mm"] = describe(name, data, width)
        inside = {"title": name.replace("_", " "), "alt": texts[f"{width}mm"]["alt"], "settings": settings}
        for form, content in render(draw(name, data, width, params), inside, params).items():
            contents[f"{name}-{width}mm.{form}"] = content
    contents[f"{name}.csv"] = data.write_csv().encode()
    texts["settings"] = settings
    contents[f"{name}.json"] = (json.dumps(texts, indent=2, ensure_ascii=False) + "\n").encode()
    return contents
