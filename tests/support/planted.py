"""A small project with planted topics, and a way to run the command line in it."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import nbformat
import yaml

from corpus_tools import pipeline
from tools import convert_gold as convert

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "cases"

TOPICS = {
    "war": "army soldier troop shell rocket front attack missile tank artillery".split(),
    "talks": "minister talk summit treaty diplomat envoy agreement proposal delegation mediator".split(),
    "flight": "refugee border shelter camp food medicine train convoy volunteer blanket".split(),
}
DAYS = ["Monday", "Friday"]
STEPS = [step.name for step in pipeline.STEPS]
SEED = ROOT / "seeds" / "reports" / "000_10145fd6475e8b3e.txt"
# Some marks of the seed report; an offset of None means the first place where the words occur.
SEED_MARKS = {
    "id": SEED.stem,
    "dateline": {"place": "SEVERODONETSK, Ukraine", "agency": None},
    "quotes": [
        {"content": content, "type": kind, "speaker": speaker, "speaker_name": name, "cue": cue, "start": None}
        for content, kind, speaker, name, cue in [
            ("last chance", "mixed", "Ukraine", "Ukraine", "urged"),
            ("They are preparing to resume an active offensive,", "direct", "he", "Volodymyr Zelensky", "said"),
            ("We have nowhere to go, it’s been like this for days,", "direct", "Volodymyr", "Volodymyr", "told"),
        ]
    ],
    "times": [
        {"text": "Thursday", "start": None, "value": "2022-04-07"},
        {"text": "last month", "start": None, "value": "2022-03"},
    ],
    "quantities": [
        {"text": "more than 1,200", "start": None, "value": 1200, "bound": "at least", "kind": "evacuated"},
    ],
    "places": [
        {"name": "Kyiv", "kind": "settlement"},
        {"name": "Donetsk", "kind": "region"},
    ],
}


def seed_gold(marks: dict = SEED_MARKS, text: str | None = None) -> dict:
    """The stand-off gold of the seed report."""
    text = SEED.read_text(encoding="utf-8") if text is None else text
    marks = json.loads(json.dumps(marks))
    for layer, words in (("quotes", "content"), ("times", "text"), ("quantities", "text")):
        for mark in marks[layer]:
            if mark["start"] is None:
                mark["start"] = text.index(mark[words])
    return convert.stand_off("reports", text, marks)


def planted_rows(n_documents: int = 90, seed: int = 0) -> list[dict[str, str]]:
    """Reports each of one planted topic, in two outlets and over twelve weeks."""
    rng = random.Random(seed)
    rows = []
    for i in range(n_documents):
        topic = list(TOPICS)[i % 3]
        sentences = [
            f"The {' and the '.join(rng.choices(TOPICS[topic], k=4))} were seen near the city on {rng.choice(DAYS)}."
            for _ in range(8)
        ]
        rows.append(
            {
                "key": f"{topic}-{i:03d}",
                "day": str(date(2022, 1, 3) + timedelta(days=rng.randrange(84))),
                "body": " ".join(sentences),
                "paper": rng.choice(["Morning Post", "Evening Star"]),
            }
        )
    return rows


def write_project(
    folder: Path, rows: list[dict[str, str]] | None = None, *, real_notebooks: bool = False, **changes: dict
) -> Path:
    """Lay out a project with one JSON Lines source and the seed report."""
    (folder / "seeds" / "reports").mkdir(parents=True)
    shutil.copy(SEED, folder / "seeds" / "reports")
    (folder / "seeds" / "gold").mkdir()
    (folder / "seeds" / "gold" / "seed.jsonl").write_text(json.dumps(seed_gold()) + "\n", encoding="utf-8")
    shutil.copy(ROOT / "seeds" / "reports.yaml", folder / "seeds")
    shutil.copytree(ROOT / "seeds" / "topics", folder / "seeds" / "topics")
    lines = [json.dumps(row) for row in (planted_rows() if rows is None else rows)]
    (folder / "seeds" / "planted.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    source = {
        "kind": "jsonl",
        "path": "planted.jsonl",
        "columns": {"id": "key", "published": "day", "text": "body", "outlet": "paper"},
    }
    (folder / "seeds" / "planted.yaml").write_text(yaml.safe_dump(source), encoding="utf-8")
    params = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    params["collect"]["documents_per_partition"] = 40
    params["topics"] |= {"n_topics": 3, "min_documents": 2, "max_share": 0.9, "n_terms": 10, "refits": 2}
    params["grid"] |= {"n_topics": [2, 3, 4], "runs": 3}
    params["topics"]["draws"] = params["sentiment"]["draws"] = 50
    params["figures"] |= {"dpi": 72, "widths_mm": [183]}  # drawing takes longer than all else; test_figures has both
    for section, values in changes.items():
        params[section] |= values
    (folder / "params.yaml").write_text(yaml.safe_dump(params), encoding="utf-8")
    (folder / "notebooks").mkdir()
    if real_notebooks:
        for path in (ROOT / "notebooks").glob("*.ipynb"):
            shutil.copy(path, folder / "notebooks")
    else:
        write_notebook(folder / "notebooks" / "1_look.ipynb", "import corpus_tools as ct\nct.open_corpus()")
    return folder


def write_notebook(path: Path, *cells: str) -> Path:
    """Write a stripped notebook of code cells."""
    notebook = nbformat.v4.new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    )
    for i, cell in enumerate(cells):
        notebook.cells.append(nbformat.v4.new_code_cell(cell, id=f"c{i}"))
    nbformat.write(notebook, path)
    return path


def environment(workers: int) -> dict[str, str]:
    """The Makefile's environment, with a number of workers."""
    fixed = {
        "CORPUS_TOOLS_WORKERS": str(workers),
        "MPLBACKEND": "Agg",
        "SOURCE_DATE_EPOCH": "0",
        "POLARS_ENGINE_AFFINITY": "in-memory",
        "PYTHONHASHSEED": "0",
        "DVC_NO_ANALYTICS": "1",
        "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b.c", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b.c",
    }  # fmt: skip
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return {**os.environ, **fixed, "PATH": path, "PYTHONPATH": str(ROOT)}


def run_step(
    folder: Path, step: str, *, workers: int = 1, options: tuple[str, ...] = ()
) -> subprocess.CompletedProcess[str]:
    """Run a step as a user does, in a process of its own."""
    return subprocess.run(
        [sys.executable, *options, "-m", "corpus_tools", step],
        cwd=folder, env=environment(workers), capture_output=True, text=True, check=False,
    )  # fmt: skip


def files_below(folder: Path) -> dict[str, bytes]:
    """All bytes of a folder, by path."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def least_seconds(work: Callable[[], object]) -> float:
    """The least of three runs, as what else the machine does only adds; to see how time grows, not how long it is."""
    runs = []
    for _ in range(3):
        start = time.process_time()
        work()
        runs.append(time.process_time() - start)
    return min(runs)
