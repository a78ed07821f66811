"""Read one table per figure; write figures/."""

from __future__ import annotations

from joblib import Parallel, delayed
from tqdm import tqdm

from corpus_tools.figures.drawings import DRAWINGS
from corpus_tools.figures.params import FiguresParams
from corpus_tools.figures.render import make
from corpus_tools.runtime.engine import workers
from corpus_tools.runtime.step import Context, StepResult
from corpus_tools.runtime.store import empty_staging_folder, put_in_place


def run(context: Context) -> StepResult:
    """Draw every figure whose table has rows."""
    params, store, folder = context.section(FiguresParams), context.store, context.project.figures
    tables = {name: store.read(drawing.table) for name, drawing in DRAWINGS.items()}
    # A corpus may quote nobody or name no place; the summary lists the figures that are left out.
    empty = [name for name, table in tables.items() if table.is_empty()]
    lines = {name: f"{context.line_of(DRAWINGS[name].table)} | {context.own_line}" for name in tables}
    jobs = [delayed(make)(name, tables[name], params, lines[name]) for name in tables if name not in empty]
    # Always on this machine: the figures are few, and only here matplotlib has the version of the lock file.
    results = Parallel(n_jobs=workers(), backend="loky", return_as="generator")(jobs)
    new = empty_staging_folder(folder)
    for contents in tqdm(results, total=len(jobs), desc="figures", unit="figure", leave=False):
        for name, content in contents.items():
            (new / name).write_bytes(content)
    put_in_place(new, folder)
    without = "".join(f", no {name} (table {DRAWINGS[name].table} is empty)" for name in empty)
    return StepResult(f"{len(jobs)} figures, {len(list(folder.iterdir()))} files{without}")
