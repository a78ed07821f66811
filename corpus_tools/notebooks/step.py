"""Read notebooks/; write notebooks/executed/."""

from __future__ import annotations

from pathlib import Path

from joblib import Parallel, delayed
from tqdm import tqdm

from corpus_tools.notebooks.execute import check_stripped, run_notebook
from corpus_tools.notebooks.params import NotebooksParams
from corpus_tools.runtime.engine import workers
from corpus_tools.runtime.step import Context, StepResult
from corpus_tools.runtime.store import empty_staging_folder, put_in_place


def run(context: Context) -> StepResult:
    """Execute a copy of each notebook, and render it as HTML."""
    params, folder = context.section(NotebooksParams), context.project.executed
    sources = sorted(context.project.notebooks.glob("*.ipynb"))
    for source in sources:
        check_stripped(source)
    # Each kernel is a process of its own; threads suffice to wait for it.
    parallel = Parallel(n_jobs=workers(), backend="threading", return_as="generator")
    results = parallel(delayed(run_notebook)(source, Path.cwd(), params.cell_seconds) for source in sources)
    new = empty_staging_folder(folder)
    progress = tqdm(results, total=len(sources), desc="notebooks", leave=False)
    for source, (executed, page) in zip(sources, progress, strict=True):
        (new / source.name).write_text(executed, encoding="utf-8")
        (new / f"{source.stem}.html").write_text(page, encoding="utf-8")
    put_in_place(new, folder)
    return StepResult(f"{len(sources)} notebooks")
