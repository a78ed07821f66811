"""Parameters of `annotate`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from corpus_tools.runtime.records import Positive, Section


class AnnotateParams(Section):
    """Which languages the rules are for, and how far apart in days two claims may be that belong to one event."""

    languages: Annotated[list[str], Field(min_length=1)] = ["en"]
    event_gap_days: Positive = 4
