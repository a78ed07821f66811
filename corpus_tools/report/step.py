"""Put figures, tables and words in context on one page, for readers without Python."""

from __future__ import annotations

import json

from tqdm import tqdm

from corpus_tools.display.picture import smallest_pictures
from corpus_tools.explore.word_index import CorpusWords
from corpus_tools.report.contents import ReportContents, look, patterns, running
from corpus_tools.report.page import read, render
from corpus_tools.report.params import ReportParams
from corpus_tools.runtime.provenance import line
from corpus_tools.runtime.step import Context, Result
from corpus_tools.runtime.store import write_aside


def run(context: Context) -> Result:
    """Write the page; a table whose step has not been run is named there."""
    params, store, project = context.section(ReportParams), context.store, context.project
    wanted = patterns(params.words, f"{project.params}, report.words")
    tables, figures, words = read(store), smallest_pictures(project.figures), CorpusWords(store)
    total = running(words)
    asked = tqdm(wanted, desc="report", unit="word", leave=False)
    found = [look(words, pattern, params, total) for pattern in asked]
    path = project.metrics("evaluate")
    scores = json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
    made = {table.step: context.line_of(name) for name, table in store.tables.items() if name in {"tokens", *tables}}
    lines = [*made.values(), *([line(scores["settings"])] if scores else []), context.own_line]
    made_by = {name: table.step for name, table in store.tables.items()}
    page = render(ReportContents(tables, found, total, figures, scores, lines, made_by), params)
    write_aside(project.report, page)
    return Result(f"{len(figures)} figures, {len(found)} words, {len(page.encode()) / 1e6:.1f} MB in {project.report}")
