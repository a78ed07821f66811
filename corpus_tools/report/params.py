"""Parameters of `report`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from corpus_tools.runtime.records import Positive, Section, Seed

# Frequent questions about reports of armed conflict.
_WORDS = ["ceasefire*", "civilian*", "refugee*", "evacuat*", "peace talks"]


class ReportParams(Section):
    """Title of the page, words it shows in context, and how many lines and rows of long tables it has."""

    title: Annotated[str, Field(min_length=1)] = "A corpus of news reports"
    words: list[str] = _WORDS
    lines: Positive = 100
    rows: Positive = 500
    seed: Seed = 0
