"""Where the files of a project are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Project:
    """The folders and files of a project.

    Parameters
    ----------
    root
        The project's folder; by default the working directory, so that messages show paths as a user types them.

    Examples
    --------
    >>> Project(Path("mine")).metrics("clean").as_posix()
    'mine/metrics/clean.json'
    """

    root: Path = Path()

    @property
    def params(self) -> Path:
        """The parameters of all steps."""
        return self.root / "params.yaml"

    @property
    def seeds(self) -> Path:
        """What a researcher brings: sources, gold, anchors and labels."""
        return self.root / "seeds"

    @property
    def gold(self) -> Path:
        """Reports annotated by people."""
        return self.seeds / "gold"

    @property
    def anchors(self) -> Path:
        """Anchor words of topics."""
        return self.seeds / "topics" / "anchors.yaml"

    @property
    def labels(self) -> Path:
        """Names of topics."""
        return self.seeds / "topics" / "labels.yaml"

    @property
    def data(self) -> Path:
        """The tables."""
        return self.root / "data"

    @property
    def provenance(self) -> Path:
        """What made each step's tables, one file per step."""
        return self.data / "settings"

    @property
    def figures(self) -> Path:
        """The finished figures."""
        return self.root / "figures"

    @property
    def report(self) -> Path:
        """The page to mail."""
        return self.root / "report" / "report.html"

    @property
    def notebooks(self) -> Path:
        """The stripped notebooks."""
        return self.root / "notebooks"

    @property
    def executed(self) -> Path:
        """The notebooks with their results."""
        return self.notebooks / "executed"

    @property
    def log(self) -> Path:
        """One line per run of a step."""
        return self.root / "logs" / "steps.log"

    def metrics(self, step: str) -> Path:
        """Return the file of a step's metrics."""
        return self.root / "metrics" / f"{step}.json"

    def fingerprint_file(self, table: str) -> Path:
        """Return the file of the fingerprint of `raw` or `documents`.

        It is a file of its own: a parameter that leaves the documents as they were must not rerun the steps after them.
        """
        return self.data / "fingerprints" / f"{table}.txt"
