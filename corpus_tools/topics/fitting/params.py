"""Parameters of `grid` and `topics`."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from corpus_tools.errors import InputError
from corpus_tools.runtime.records import Positive, Section, Seed, Share
from corpus_tools.stats.calendar_bins import Period


class GridParams(Section):
    """The numbers of topics to try, the runs of each, and the largest number of documents to fit."""

    n_topics: Annotated[list[Positive], Field(min_length=1)] = [10, 20, 30, 40, 50, 60]
    runs: Annotated[int, Field(ge=3)] = 8
    documents: Positive = 5000


class TopicsParams(Section):
    """The topic model and its vocabulary."""

    model: Literal["nmf", "lda"] = "nmf"
    n_topics: Positive | Literal["grid"] = 30
    seed: Seed = 0
    min_documents: Positive = 10
    max_share: Share = 0.4
    leave_out: list[str] = Field(default_factory=list)
    learn_until: date | None = None
    max_iterations: Positive = 200
    batch_above: Positive = 50_000
    n_terms: Positive = 30
    period: Period = "week"
    refits: Annotated[int, Field(ge=0)] = 10
    draws: Positive = 1000

    @property
    def number(self) -> int:
        """The number of topics.

        Raises
        ------
        InputError
            If it is left to the grid, which only the pipeline runs.
        """
        if self.n_topics == "grid":
            raise InputError("topics.n_topics", "`grid` is not a number here", "give the number of topics")
        return self.n_topics
