"""Measurements of the contestants, and who has another turn."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

# Long runs vary little: a contestant that took at least this many seconds in this many turns has no further turn.
ENOUGH = ((2, 60.0), (3, 15.0))


@dataclass(frozen=True)
class Turn:
    """One measurement."""

    contest: str
    contestant: str
    round: int
    seconds: float
    cpu: float
    peak_mb: float
    npmi: float | None = None


def due(turns: list[Turn], contest: str, contestant: str) -> bool:
    """Return whether a contestant has another turn.

    Examples
    --------
    >>> due([Turn("words", "NLTK", i, 12.0, 12.0, 90.0) for i in range(3)], "words", "NLTK")
    False
    """
    done = [turn.seconds for turn in turns if (turn.contest, turn.contestant) == (contest, contestant)]
    return not any(len(done) >= least and sum(done) >= seconds for least, seconds in ENOUGH)


def output_path(folder: Path, contest: str, contestant: str) -> Path:
    """Return the path of a contestant's output."""
    return folder / f"{contest}-{contestant.replace(' ', '-')}.parquet"
