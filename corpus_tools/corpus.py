"""The corpus as a researcher holds it in a notebook: its tables, metrics and figures."""

from __future__ import annotations

import base64
import html
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from corpus_tools.errors import InputError, known
from corpus_tools.settings import line, line_of
from corpus_tools.tables import TABLES, Store

if TYPE_CHECKING:
    from corpus_tools.show import Shown


@dataclass(frozen=True)
class Picture:
    """A finished figure; a notebook shows it with its caption and the settings that made it."""

    path: Path
    caption: str
    alt: str
    settings: str = ""

    def _repr_html_(self) -> str:
        data = base64.b64encode(self.path.read_bytes()).decode()
        return (
            f'<figure style="max-width:60em;margin:0"><img alt="{html.escape(self.alt)}" '
            f'src="data:image/png;base64,{data}" style="max-width:100%;background:white">'
            f"<figcaption>{html.escape(self.caption)}"
            f'<br><small style="color:#767676">{html.escape(self.settings)}</small></figcaption></figure>'
        )

    def __repr__(self) -> str:
        return f"{self.path.name}: {self.caption}\n{self.settings}".rstrip()


class Corpus:
    """A corpus on disk.

    Every table is an attribute (`corpus.documents`, `corpus.sentences`, ...), a polars LazyFrame: say `.collect()`
    to read it.

    Parameters
    ----------
    root
        The project's folder, with `data`, `metrics` and `figures` below it.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._store = Store(root / "data")

    def __getattr__(self, name: str) -> pl.LazyFrame:
        if name.startswith("_"):  # what Python and Jupyter ask for
            raise AttributeError(name)
        if name not in TABLES:
            raise AttributeError(f"the corpus has no table {name!r}; {known(name, TABLES)}")
        return self._store.scan(name)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *TABLES]

    def text(self, doc_id: str) -> str:
        """Give the text of one report.

        Raises
        ------
        InputError
            If there is no such report.
        """
        return str(self._document(doc_id, "text")["text"])

    def show(self, doc_id: str) -> Shown:
        """Show one report with its quotations, dates, numbers, names, places and claims marked.

        A notebook renders it, a terminal lists the marks; `.html` is the page's text. Layers that have not been made
        yet are named in the header.

        Raises
        ------
        InputError
            If there is no such report.
        """
        # Imported here, as every step imports this module: a change of colours must not make them all run again.
        from corpus_tools.show import LAYERS, render  # noqa: PLC0415

        document = self._document(doc_id, *TABLES["documents"].columns)
        made = [n for n in LAYERS if self._is_made(n)]
        return render(document, {n: self._store.scan(n).filter(pl.col("doc_id") == doc_id).collect() for n in made})

    def _document(self, doc_id: str, *columns: str) -> dict[str, Any]:
        found = self.documents.filter(pl.col("doc_id") == doc_id).select(columns).collect()
        if found.is_empty():
            ids = self.documents.select("doc_id").collect()["doc_id"]
            raise InputError(f"report {doc_id!r}", "there is none with this doc_id", known(doc_id, ids))
        return found.row(0, named=True)

    def _is_made(self, name: str) -> bool:
        return any(self._store.folder(name).glob("part-*.parquet"))

    def metrics(self, step: str) -> dict[str, Any]:
        """Give the metrics that a step wrote; `settings` is the line of what made them.

        Raises
        ------
        InputError
            If there are none.
        """
        path = self.root / "metrics" / f"{step}.json"
        if not path.is_file():
            names = [p.stem for p in path.parent.glob("*.json")]
            raise InputError(str(path), "no such metrics", known(step, names) if names else "run `make repro`")
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if "settings" in found:  # a step that was stopped at its very end has not said them yet
            found["settings"] = line(found["settings"])
        return found

    def settings(self, table: str) -> str:
        """Say in one line what made a table: step, fingerprint of the corpus, parameters, versions.

        Raises
        ------
        InputError
            If there is no such table, or it has not been made yet.
        """
        return line_of(self.root / "data" / "settings", table)

    def figure_widths(self) -> list[int]:
        """List the widths of the finished figures in millimetres, narrowest first."""
        names = (p.stem.rsplit("-", 1)[-1] for p in (self.root / "figures").glob("*mm.png"))
        return sorted({int(n.removesuffix("mm")) for n in names})

    def has_figure(self, name: str) -> bool:
        """Say whether a figure was drawn: none is drawn from an empty table."""
        return (self.root / "figures" / f"{name}.json").is_file()

    def figure(self, name: str, width_mm: int | None = None) -> Picture:
        """Show a finished figure.

        Parameters
        ----------
        name
            As in the folder `figures`, without width and ending.
        width_mm
            One of `figures.widths_mm` in params.yaml; by default the widest.
        """
        folder = self.root / "figures"
        widths = self.figure_widths()
        if not widths:
            raise InputError(str(folder), "no figures yet", "run `make repro`")
        width_mm = width_mm or widths[-1]
        path = folder / f"{name}-{width_mm}mm.png"
        if not path.is_file():
            names = {p.stem.rsplit("-", 1)[0] for p in folder.glob("*mm.png")}
            raise InputError(
                str(path), "no such figure", f"{known(name, names)}; widths: {', '.join(map(str, widths))} mm"
            )
        found = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        told = found[f"{width_mm}mm"]
        return Picture(path, told["caption"], told["alt"], found["settings"])

    def __repr__(self) -> str:
        lines = [f"{name:<24}{rows:>12,} rows" for name, rows in self._sizes()]
        return "\n".join(["Corpus", *lines])

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td style='text-align:left'>{name}</td><td>{size:,}</td>"
            f"<td style='text-align:left'>{', '.join(TABLES[name].columns)}</td></tr>"
            for name, size in self._sizes()
        )
        return f"<table><tr><th>table</th><th>rows</th><th style='text-align:left'>columns</th></tr>{rows}</table>"

    def _sizes(self) -> list[tuple[str, int]]:
        there = [n for n in TABLES if self._is_made(n)]
        return [(n, self._store.scan(n).select(pl.len()).collect().item()) for n in there]


def open_corpus(root: str | Path | None = None) -> Corpus:
    """Open the corpus of a project.

    Parameters
    ----------
    root
        The project's folder; by default the nearest one upwards from here that holds `data/documents`.

    Raises
    ------
    InputError
        If there is no such folder, or nothing has been made in it yet.
    """
    here = Path(root) if root is not None else Path.cwd()
    candidates = [here] if root is not None else [here, *here.parents]
    for folder in candidates:
        if (folder / "data" / "documents").is_dir():
            return Corpus(folder)
    raise InputError(str(here), "no corpus here", "run `make repro` in the project's folder, or give that folder")
