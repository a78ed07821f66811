from __future__ import annotations

import io
import json
import re
import xml.etree.ElementTree as ET
from functools import cache

import numpy as np
import polars as pl
import pytest
from PIL import Image
from planted_figures import NAMES, PARAMS, SETTINGS, tables

from corpus_tools.errors import InputError
from corpus_tools.figures.drawings import DRAWINGS
from corpus_tools.figures.render import FORMATS, make


@cache
def rendered(name: str) -> dict[str, bytes]:
    return make(name, tables()[DRAWINGS[name].table], PARAMS, SETTINGS)


@pytest.mark.parametrize("name", NAMES)
def test_a_figure_has_every_format_and_width_and_data_caption_and_alt_text(name):
    wanted = {f"{name}-{w}mm.{f}" for w in PARAMS.widths_mm for f in FORMATS} | {f"{name}.csv", f"{name}.json"}
    assert set(rendered(name)) == wanted
    assert pl.read_csv(rendered(name)[f"{name}.csv"]).height == tables()[DRAWINGS[name].table].height
    texts = json.loads(rendered(name)[f"{name}.json"])
    for width in PARAMS.widths_mm:
        for text in texts[f"{width}mm"].values():
            assert len(text) > 60
            assert not re.search(r"[{}]|\bNone\b|\bnan\b", text)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("width", PARAMS.widths_mm)
def test_a_figure_is_as_wide_as_its_parameter_and_no_higher_than_a_page(name, width, tmp_path):
    (tmp_path / "x.png").write_bytes(rendered(name)[f"{name}-{width}mm.png"])
    with Image.open(tmp_path / "x.png") as picture:
        assert picture.width == pytest.approx(width / 25.4 * PARAMS.dpi, abs=1)
        assert picture.height <= 170 / 25.4 * PARAMS.dpi + 1
        assert len(picture.convert("RGB").getcolors(1 << 24)) > 5  # not an empty page


@pytest.mark.parametrize("name", NAMES)
def test_fonts_are_embedded_and_files_contain_the_alt_text(name):
    for width in PARAMS.widths_mm:
        alt = json.loads(rendered(name)[f"{name}.json"])[f"{width}mm"]["alt"]
        pdf = rendered(name)[f"{name}-{width}mm.pdf"]
        assert b"/FontFile2" in pdf  # TrueType, embedded
        assert b"/Type3" not in pdf
        svg = ET.fromstring(rendered(name)[f"{name}-{width}mm.svg"])  # noqa: S314  (our own file)
        assert alt.split()[0] in "".join(svg.itertext())
        with Image.open(io.BytesIO(rendered(name)[f"{name}-{width}mm.png"])) as picture:
            assert picture.info["Description"] == alt


@pytest.mark.parametrize("name", NAMES)
def test_the_same_data_have_the_same_bytes(name):
    assert make(name, tables()[DRAWINGS[name].table], PARAMS, SETTINGS) == rendered(name)


@pytest.mark.parametrize("name", NAMES)
def test_every_file_but_the_data_has_the_provenance_line(name):
    assert json.loads(rendered(name)[f"{name}.json"])["settings"] == SETTINGS
    assert b"61be6709f3a6" not in rendered(name)[f"{name}.csv"]
    for width in PARAMS.widths_mm:
        with Image.open(io.BytesIO(rendered(name)[f"{name}-{width}mm.png"])) as picture:
            assert picture.info["Comment"] == SETTINGS
        assert SETTINGS in "".join(ET.fromstring(rendered(name)[f"{name}-{width}mm.svg"]).itertext())  # noqa: S314
        assert SETTINGS.encode("utf-16-be").hex() in keywords(rendered(name)[f"{name}-{width}mm.pdf"])


def keywords(pdf: bytes) -> str:
    """The keywords of a PDF in hexadecimal, without the escapes; the start of the text is enough to find them."""
    text = pdf.split(b"/Keywords (", 1)[1]
    return re.sub(rb"\\(.)", rb"\1", text, flags=re.DOTALL).hex()


@pytest.mark.slow
def test_without_the_footer_the_drawing_is_the_same_and_the_metadata_too():
    table = tables()["reports_by_period"]
    with_footer = make("timeline", table, PARAMS, SETTINGS)
    without = make("timeline", table, PARAMS.model_copy(update={"settings_line": False}), SETTINGS)
    pictures = [Image.open(io.BytesIO(m["timeline-183mm.png"])).convert("RGB") for m in (with_footer, without)]
    assert pictures[0].height > pictures[1].height
    upper = np.asarray(pictures[0])[: pictures[1].height].astype(int)
    assert np.abs(upper - np.asarray(pictures[1])).max(axis=-1).mean() < 5  # lines may fall between other pixels
    assert Image.open(io.BytesIO(without["timeline-183mm.png"])).info["Comment"] == SETTINGS


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_table_is_named(name):
    table = DRAWINGS[name].table
    with pytest.raises(InputError, match=f"{table} is empty"):
        make(name, tables()[table].clear(), PARAMS, SETTINGS)
