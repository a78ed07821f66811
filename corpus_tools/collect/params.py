"""Parameters of `collect`."""

from __future__ import annotations

from pydantic import Field

from corpus_tools.runtime.records import Positive, Section


class CollectParams(Section):
    """The sources to leave out and the size of a partition."""

    skip: list[str] = Field(default_factory=list)
    documents_per_partition: Positive = 1000
