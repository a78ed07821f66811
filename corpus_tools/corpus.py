"""The corpus as a researcher holds it in a notebook: its tables, reports, figures and metrics."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from corpus_tools.display.document import ShownReport, render
from corpus_tools.display.picture import Picture, figure_widths, read_picture
from corpus_tools.display.result import Description, Overview
from corpus_tools.errors import InputError, known
from corpus_tools.explore.methods import ExploreMethods
from corpus_tools.layers.registry import BY_NAME
from corpus_tools.pipeline import TABLES, open_store
from corpus_tools.runtime.project import Project
from corpus_tools.runtime.provenance import line, line_of
from corpus_tools.text.plain_text import day, plural

if TYPE_CHECKING:
    from corpus_tools.explore.explorer import Explorer

_WAYS = (
    "tables: corpus.documents and so on, polars LazyFrames that .collect() reads",
    "words: .explore() .concordance() .frequencies() .collocations() .keyness()",
    "how they spread: .dispersion() .diversity()",
    "results: .show(doc_id) .text(doc_id) .figure(name) .metrics(step)",
    "a table: .describe(table) its columns, .provenance(table) what made it",
)


class Corpus(ExploreMethods):
    """A corpus on disk.

    Every table is an attribute (`corpus.documents`, `corpus.sentences`, ...): a polars LazyFrame, which `.collect()`
    reads.

    Parameters
    ----------
    root
        The project's folder, with `data`, `metrics` and `figures` below it.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._project = Project(root)
        super().__init__(open_store(self._project.data))

    def __getattr__(self, name: str) -> pl.LazyFrame:
        if name.startswith("_"):  # what Python and Jupyter ask for
            raise AttributeError(name)
        if name not in TABLES:
            raise AttributeError(f"the corpus has no table {name!r}; {known(name, TABLES)}")
        return self.store.scan(name)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *TABLES]

    def text(self, doc_id: str) -> str:
        """Return the text of one report.

        Raises
        ------
        InputError
            If there is no such report.
        """
        return str(self._document(doc_id, "text")["text"])

    def show(self, doc_id: str, hits: Iterable[tuple[int, int]] = ()) -> ShownReport:
        """Show one report with its quotations, dates, numbers, names, places and claims marked.

        A notebook renders it, a terminal lists the marks; `.html` is the page's text. Layers that have not been made
        yet are named in the header.

        Parameters
        ----------
        hits
            Further spans to mark: start and end of each, as in the rows of a concordance.

        Raises
        ------
        InputError
            If there is no such report.
        """
        document = self._document(doc_id, *TABLES["documents"].columns)
        present = [name for name in BY_NAME if self.store.is_made(name)]
        layers = {name: self.store.scan(name).filter(pl.col("doc_id") == doc_id).collect() for name in present}
        return render(document, layers, hits)

    def explore(self, pattern: str = "") -> Explorer:
        """Open the explorer in a notebook: type a pattern, read the lines, click one to see its report.

        Parameters
        ----------
        pattern
            What to start with.
        """
        from corpus_tools.explore.explorer import Explorer  # noqa: PLC0415 - its widgets take a while to import

        return Explorer(self.words, self.show, pattern)

    def _document(self, doc_id: str, *columns: str) -> dict[str, Any]:
        rows = self.documents.filter(pl.col("doc_id") == doc_id).select(columns).collect()
        if rows.is_empty():
            ids = self.documents.select("doc_id").collect()["doc_id"]
            raise InputError(f"report {doc_id!r}", "no report has this doc_id", known(doc_id, ids))
        return rows.row(0, named=True)

    def metrics(self, step: str) -> dict[str, Any]:
        """Return the metrics that a step wrote; `settings` is their provenance line.

        Raises
        ------
        InputError
            If there are none.
        """
        path = self._project.metrics(step)
        if not path.is_file():
            names = [p.stem for p in path.parent.glob("*.json")]
            raise InputError(str(path), "no such metrics", known(step, names) if names else "run `make repro`")
        metrics: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return {**metrics, "settings": line(metrics["settings"])}

    def provenance(self, table: str) -> str:
        """Return in one line what made a table: step, fingerprint of the corpus, parameters, versions.

        Raises
        ------
        InputError
            If there is no such table, or it has not been made yet.
        """
        return line_of(self._project.provenance, table, TABLES)

    def describe(self, table: str) -> Description:
        """Return what each column of a table means, with its unit.

        Raises
        ------
        InputError
            If there is no such table.

        Examples
        --------
        >>> corpus.describe("sentences").frame["column"].to_list()
        ['doc_id', 'sentence', 'paragraph', 'start', 'end']
        """
        declared = self.store.table(table)
        rows = [(name, str(column.dtype), column.description) for name, column in declared.columns.items()]
        frame = pl.DataFrame(rows, schema=["column", "type", "description"], orient="row")
        notes = (f"made by the step {declared.step}", f"rows in the order of {', '.join(declared.key)}")
        return Description(frame, f"{table}: {declared.description}", notes)

    def figure_widths(self) -> list[int]:
        """List the widths of the finished figures in millimetres, narrowest first."""
        return figure_widths(self._project.figures)

    def has_figure(self, name: str) -> bool:
        """Return whether a figure was drawn: none is drawn from an empty table."""
        return (self._project.figures / f"{name}.json").is_file()

    def figure(self, name: str, width_mm: int | None = None) -> Picture:
        """Show a finished figure.

        Parameters
        ----------
        name
            As in the folder `figures`, without width and ending.
        width_mm
            One of `figures.widths_mm` in params.yaml; by default the widest.

        Raises
        ------
        InputError
            If there is no such figure.
        """
        return read_picture(self._project.figures, name, width_mm)

    def __repr__(self) -> str:
        return repr(self._overview())

    def _repr_html_(self) -> str:
        return self._overview()._repr_html_()

    def _overview(self) -> Overview:
        names = [name for name in TABLES if self.store.is_made(name)]
        tables = pl.DataFrame(
            {
                "table": names,
                "rows": [self.store.scan(name).select(pl.len()).collect().item() for name in names],
                "columns": [", ".join(TABLES[name].columns) for name in names],
            }
        )
        published = pl.col("published")
        reports, independent, outlets, first, last = self.documents.select(
            pl.len(),
            pl.col("is_first_report").sum(),
            pl.col("outlet").drop_nulls().n_unique(),
            published.min().alias("first"),
            published.max().alias("last"),
        ).collect().row(0)  # fmt: skip
        days = f", {day(first)} to {day(last)}" if first else ""
        title = f"Corpus: {plural(reports, 'report')} from {plural(outlets, 'outlet')}{days}"
        return Overview(tables, title, (f"{independent:,} of them are independent", *_WAYS))


def open_corpus(root: str | Path | None = None) -> Corpus:
    """Open the corpus of a project.

    Parameters
    ----------
    root
        The project's folder; by default the nearest one, from the working directory upwards, that has `data/documents`.

    Raises
    ------
    InputError
        If there is no such folder, or its tables have not been made yet.
    """
    here = Path(root) if root is not None else Path.cwd()
    candidates = [here] if root is not None else [here, *here.parents]
    for folder in candidates:
        if (Project(folder).data / "documents").is_dir():
            return Corpus(folder)
    raise InputError(str(here), "no corpus here", "run `make repro` in the project's folder, or pass that folder")
