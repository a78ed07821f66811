"""Parameters of `collect`."""

from __future__ import annotations

from pydantic import Field

from corpus_tools.runtime.records import Positive, Section


class CollectParams(Section):
    """What is collected, and how many documents a partition holds."""

    skip: list[str] = Field(default_factory=list)
    documents_per_partition: Positive = 1000
