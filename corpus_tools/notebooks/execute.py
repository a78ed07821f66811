"""Execute copies of notebooks in fresh kernels, and render them as HTML; the sources stay stripped of outputs."""

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
    """Read a notebook, and check that it contains no outputs: they would belong to another run.

    Raises
    ------
    InputError
        If the file is not a notebook, or a cell has outputs or an execution count.
    """
    try:
        notebook: nbformat.NotebookNode = nbformat.read(path, as_version=4)
    except (ValueError, OSError) as error:
        raise InputError(str(path), f"not a notebook ({error})", "restore it from git") from None
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type == "code" and (cell.outputs or cell.execution_count is not None):
            raise InputError(f"{path}, cell {number}", "has outputs", "clear them (`make strip`) and run again")
    return notebook


def strip(path: Path) -> None:
    """Remove outputs, execution counts and metadata from a notebook, in place; kernel and cell ids stay."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        cell.metadata = nbformat.NotebookNode()
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    keep = {"kernelspec": notebook.metadata.get("kernelspec"), "language_info": {"name": "python"}}
    notebook.metadata = nbformat.from_dict({k: v for k, v in keep.items() if v})
    nbformat.write(notebook, path)


def run_notebook(path: Path, root: Path, cell_seconds: int) -> tuple[str, str]:
    """Execute a notebook in a kernel of its own.

    Parameters
    ----------
    path
        A stripped notebook, which is not changed.
    root
        Working directory of its code.
    cell_seconds
        Time limit of one cell.

    Returns
    -------
    The executed notebook in JSON, and an HTML page that needs no network.

    Raises
    ------
    InputError
        If a cell fails or takes too long; the message names the cell and the exception.
    """
    notebook = check_stripped(path)
    with tempfile.TemporaryDirectory() as scratch:
        client = NotebookClient(
            notebook,
            timeout=cell_seconds,
            kernel_name="python3",
            record_timing=False,  # with times, no two runs would have the same bytes
            store_widget_state=False,
            resources={"metadata": {"path": str(root)}},
            config=_private_connection(Path(scratch)),
        )
        try:
            client.execute()
        except CellExecutionError as error:
            raise _error(path, notebook, f"{error.ename}: {_ESCAPES.sub('', error.evalue)}") from None
        except CellTimeoutError:
            raise _error(path, notebook, f"ran longer than {cell_seconds} s (notebooks.cell_seconds)") from None
    _remove_widgets(notebook)
    exporter = HTMLExporter(
        embed_images=True, mathjax_url="", require_js_url="", jquery_url="", exclude_input_prompt=True
    )
    page, _ = exporter.from_notebook_node(notebook, resources={"metadata": {"name": path.stem}})
    return nbformat.writes(notebook), page


def _remove_widgets(notebook: nbformat.NotebookNode) -> None:
    """Keep only the HTML of widgets: their ids change with each run, and they do nothing without a kernel."""
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            if len(output.get("data", ())) > 1:
                output["data"].pop("application/vnd.jupyter.widget-view+json", None)


def _private_connection(folder: Path) -> Config:
    """Return a configuration that connects to kernels by sockets on disk, where possible: others can read a port."""
    if os.name != "posix":
        return Config()
    return Config({"KernelManager": {"transport": "ipc", "connection_file": str(folder / "kernel.json")}})


def _error(path: Path, notebook: nbformat.NotebookNode, what: str) -> InputError:
    executed = [i for i, c in enumerate(notebook.cells, start=1) if c.cell_type == "code" and c.execution_count]
    cell = f"{path}, cell {max(executed, default=1)}"
    return InputError(cell, what, "open it with `make lab` and run it up to that cell")
