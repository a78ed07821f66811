"""Parameters of `figures`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from corpus_tools.runtime.records import Section


class FiguresParams(Section):
    """Widths, font size and resolution of the figures, and whether the provenance line is printed below them."""

    widths_mm: Annotated[list[Annotated[int, Field(ge=50, le=300)]], Field(min_length=1)] = [89, 183]
    font_pt: Annotated[float, Field(ge=5, le=14)] = 7.0
    dpi: Annotated[int, Field(ge=72, le=1200)] = 300
    settings_line: bool = True
