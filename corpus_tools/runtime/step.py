"""What a step is: one declaration, from which the command line, provenance and the tables of the docs are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Literal, TypeVar

from corpus_tools.runtime.project import Project
from corpus_tools.runtime.records import Section
from corpus_tools.runtime.schema import Table
from corpus_tools.runtime.store import Store

_Section = TypeVar("_Section", bound=Section)


@dataclass(frozen=True)
class Context:
    """What a step is given.

    Parameters
    ----------
    project
        Where the project's files are.
    store
        The tables that the step reads and writes.
    params
        All of params.yaml.
    line_of
        Returns the provenance line of a table, for a step that shows it.
    own_line
        The provenance line of the step itself, without notes.
    """

    project: Project
    store: Store
    params: Section
    line_of: Callable[[str], str]
    own_line: str

    def section(self, kind: type[_Section]) -> _Section:
        """Return the section of params.yaml of this type."""
        for _, value in self.params:
            if isinstance(value, kind):
                return value
        raise TypeError(f"params.yaml has no section {kind.__name__}: add it to corpus_tools/params.py")


@dataclass(frozen=True)
class StepResult:
    """What a step hands back once its tables are in place.

    Parameters
    ----------
    summary
        One line for the terminal and the log.
    metrics
        For `metrics/STEP.json`; None where the step has none.
    notes
        What the results depend on besides parameters, files and tables; for the provenance line.
    documents
        A digest of each document that the step wrote, if it writes `raw` or `documents`.
    """

    summary: str
    metrics: Mapping[str, Any] | None = None
    notes: Sequence[str] = ()
    documents: Sequence[bytes] | None = None


@dataclass(frozen=True)
class Step:
    """A step of the pipeline.

    Parameters
    ----------
    name
        Its word: sub-command, DVC stage, section of params.yaml.
    about
        One sentence for `--help` and the docs.
    run
        The function that runs it, `module:name`, imported when it is called: no step loads another's code.
    reads, writes
        Tables.
    files, outputs
        Further files and folders that it reads, and that it writes, relative to the project's folder.
    params
        Parameters of other sections that it depends on, as `section.name`.
    noted
        Tables whose content also depends on other steps' parameters: their digests are in the provenance line.
    unlisted
        Parameters of its own that are not in the provenance line.
    corpus
        Whose fingerprint names the corpus in the provenance line: `raw` as found, or the cleaned `documents`; None for
        a step whose results carry the lines of what they show.
    """

    name: str
    about: str
    run: str
    reads: tuple[str, ...] = ()
    writes: tuple[Table, ...] = ()
    files: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    params: tuple[str, ...] = ()
    noted: tuple[str, ...] = ()
    unlisted: tuple[str, ...] = ()
    corpus: Literal["raw", "documents"] | None = "documents"

    @property
    def module(self) -> str:
        """The module of the function that runs it."""
        return self.run.partition(":")[0]

    def function(self) -> Callable[[Context], StepResult]:
        """Import the function that runs it."""
        module, _, name = self.run.partition(":")
        function: Callable[[Context], StepResult] = getattr(import_module(module), name)
        return function
