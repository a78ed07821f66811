"""Topics: what the reports are about, as weighted terms and as shares of each report; the same for the same seed."""

from __future__ import annotations

from typing import Any

__all__ = ["TopicModel"]


def __getattr__(name: str) -> Any:
    """Import the model when it is asked for: the processes that count words pay for no scikit-learn."""
    if name != "TopicModel":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from corpus_tools.topics.model import TopicModel  # noqa: PLC0415

    return TopicModel
