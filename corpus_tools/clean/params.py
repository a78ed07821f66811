"""Parameters of `clean`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from corpus_tools.runtime.records import Section, Share
from corpus_tools.stats.calendar_bins import Period


class CleanParams(Section):
    """Which reports are one and the same printed twice, and how reports are counted over time."""

    duplicate_days: Annotated[int, Field(ge=0)] = 3
    duplicate_share: Share = 0.5
    period: Period = "week"
