"""Parameters of `annotate`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from corpus_tools.runtime.records import Positive, Section


class AnnotateParams(Section):
    """Languages to annotate, and the longest time in days between two consecutive claims about one event."""

    languages: Annotated[list[str], Field(min_length=1)] = ["en"]
    event_gap_days: Positive = 4
