"""Draw all figures."""

from __future__ import annotations

from joblib import Parallel, delayed
from tqdm import tqdm

from corpus_tools.figures.drawings import DRAWINGS
from corpus_tools.figures.params import FiguresParams
from corpus_tools.figures.render import make, write
from corpus_tools.runtime.engine import workers
from corpus_tools.runtime.step import Context, Result
from corpus_tools.runtime.store import empty_beside, put_in_place


def run(context: Context) -> Result:
    """Write the files of every figure whose table has rows."""
    params, store, folder = context.section(FiguresParams), context.store, context.project.figures
    found = {name: store.read(drawing.table) for name, drawing in DRAWINGS.items()}
    # A corpus may quote nobody and name no place; such a figure is left out, and the summary says so.
    tables = {name: table for name, table in found.items() if not table.is_empty()}
    lines = {name: f"{context.line_of(DRAWINGS[name].table)} | {context.own_line}" for name in tables}
    jobs = (delayed(make)(name, table, params, lines[name]) for name, table in tables.items())
    # Always on this machine: they are few, and matplotlib is the lock's.
    made = Parallel(n_jobs=workers(), backend="loky", return_as="generator")(jobs)
    new = empty_beside(folder)
    for content in tqdm(made, total=len(tables), desc="figures", unit="figure", leave=False):
        write(new, content)
    put_in_place(new, folder)
    without = ", ".join(f"no {name} (table {DRAWINGS[name].table} is empty)" for name in found if name not in tables)
    files = len(list(folder.iterdir()))
    return Result(f"{len(tables)} figures, {files} files{without and ', '}{without}")
