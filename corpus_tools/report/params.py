"""Parameters of `report`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from corpus_tools.runtime.records import Positive, Section, Seed

# What is often asked of reports of armed conflict.
_WORDS = ["ceasefire*", "civilian*", "refugee*", "evacuat*", "peace talks"]


class ReportParams(Section):
    """What the page for readers is called, which words it shows in context, and how much of what is long."""

    title: Annotated[str, Field(min_length=1)] = "A corpus of news reports"
    words: list[str] = _WORDS
    lines: Positive = 100
    rows: Positive = 500
    seed: Seed = 0
