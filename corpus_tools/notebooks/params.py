"""Parameters of `notebooks`."""

from __future__ import annotations

from corpus_tools.runtime.records import Positive, Section


class NotebooksParams(Section):
    """Limits of a notebook."""

    cell_seconds: Positive = 300
