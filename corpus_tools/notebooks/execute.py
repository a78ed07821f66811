"""Notebooks: run a copy of each in a fresh kernel and write it out, also as HTML; the sources stay stripped."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError
from nbconvert import HTMLExporter
from traitlets.config import Config

from corpus_tools.errors import InputError

_ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


def check_stripped(path: Path) -> nbformat.NotebookNode:
    """Read a source notebook and refuse one that carries outputs: they would belong to another run.

    Raises
    ------
    InputError
        If it is no notebook, or a cell holds outputs or a count.
    """
    try:
        notebook: nbformat.NotebookNode = nbformat.read(path, as_version=4)
    except (ValueError, OSError) as error:
        raise InputError(str(path), f"not a notebook ({error})", "restore it from git") from None
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type == "code" and (cell.outputs or cell.execution_count is not None):
            raise InputError(f"{path}, cell {number}", "holds outputs", "clear them (`make strip`) and run again")
    return notebook


def strip(path: Path) -> None:
    """Clear the outputs, counts and passing metadata of a source notebook, in place; cell ids stay."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        cell.metadata = nbformat.NotebookNode()
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    keep = {"kernelspec": notebook.metadata.get("kernelspec"), "language_info": {"name": "python"}}
    notebook.metadata = nbformat.from_dict({k: v for k, v in keep.items() if v})
    nbformat.write(notebook, path)


def run_notebook(path: Path, root: Path, cell_seconds: int) -> tuple[str, str]:
    """Run a notebook from top to bottom, in a kernel of its own.

    Parameters
    ----------
    path
        The stripped source.
    root
        The folder in which its code runs.
    cell_seconds
        Longest time for one cell.

    Returns
    -------
    The executed notebook as JSON text, and as an HTML page that needs no network.

    Raises
    ------
    InputError
        If a cell fails; the message names it and shows what Python said.
    """
    notebook = check_stripped(path)
    with tempfile.TemporaryDirectory() as scratch:
        client = NotebookClient(
            notebook,
            timeout=cell_seconds,
            kernel_name="python3",
            record_timing=False,  # else no two runs are alike
            store_widget_state=False,
            resources={"metadata": {"path": str(root)}},
            config=_private(Path(scratch)),
        )
        try:
            client.execute()
        except CellExecutionError as error:
            raise _failed(path, notebook, f"{error.ename}: {_ESCAPES.sub('', error.evalue)}") from None
        except CellTimeoutError:
            raise _failed(path, notebook, f"ran longer than {cell_seconds} s (notebooks.cell_seconds)") from None
    _without_widgets(notebook)
    exporter = HTMLExporter(
        embed_images=True, mathjax_url="", require_js_url="", jquery_url="", exclude_input_prompt=True
    )
    page, _ = exporter.from_notebook_node(notebook, resources={"metadata": {"name": path.stem}})
    return nbformat.writes(notebook), page


def _without_widgets(notebook: nbformat.NotebookNode) -> None:
    """Leave what a widget shows in HTML: its number changes with each run, and its kernel is gone."""
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            if len(output.get("data", ())) > 1:
                output["data"].pop("application/vnd.jupyter.widget-view+json", None)


def _private(folder: Path) -> Config:
    """Let a kernel talk through files of its user's, where the system has such; others can read a port."""
    if os.name != "posix":
        return Config()
    return Config({"KernelManager": {"transport": "ipc", "connection_file": str(folder / "kernel.json")}})


def _failed(path: Path, notebook: nbformat.NotebookNode, what: str) -> InputError:
    done = [i for i, c in enumerate(notebook.cells, start=1) if c.cell_type == "code" and c.execution_count]
    return InputError(f"{path}, cell {max(done, default=1)}", what, "open it with `make lab` and run it to that cell")
