"""Parameters of `notebooks`."""

from __future__ import annotations

from corpus_tools.runtime.records import Positive, Section


class NotebooksParams(Section):
    """How long one cell of a notebook may run."""

    cell_seconds: Positive = 300
