"""Parameters of `clean`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from corpus_tools.runtime.records import Section, Share
from corpus_tools.stats.calendar_bins import Period


class CleanParams(Section):
    """Which reports are near-duplicates, and in which periods reports are counted."""

    duplicate_days: Annotated[int, Field(ge=0)] = 3
    duplicate_share: Share = 0.5
    period: Period = "week"
