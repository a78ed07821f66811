"""Parameters of `collect`."""

from __future__ import annotations

from pydantic import Field

from corpus_tools.runtime.records import Positive, Section


class CollectParams(Section):
    """Which sources are collected, and into how large partitions."""

    skip: list[str] = Field(default_factory=list)
    documents_per_partition: Positive = 1000
