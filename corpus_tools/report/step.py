"""Read tables, figures/ and metrics/evaluate.json; write report/report.html."""

from __future__ import annotations

import json

from tqdm import tqdm

from corpus_tools.display.picture import smallest_pictures
from corpus_tools.explore.word_index import CorpusWords
from corpus_tools.report.contents import ReportContents, count_words, find_words, parse_patterns
from corpus_tools.report.page import read_tables, render_page
from corpus_tools.report.params import ReportParams
from corpus_tools.runtime.provenance import line
from corpus_tools.runtime.step import Context, StepResult
from corpus_tools.runtime.store import write_aside


def run(context: Context) -> StepResult:
    """Write the page; tables whose step has not been run are named on it."""
    params, store, project = context.section(ReportParams), context.store, context.project
    patterns = parse_patterns(params.words, f"{project.params}, report.words")
    tables, pictures, words = read_tables(store), smallest_pictures(project.figures), CorpusWords(store)
    n_words = count_words(words)
    bar = tqdm(patterns, desc="report", unit="word", leave=False)
    findings = [find_words(words, pattern, params, n_words) for pattern in bar]
    path = project.metrics("evaluate")
    scores = json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
    by_step = {table.step: context.line_of(name) for name, table in store.tables.items() if name in {"tokens", *tables}}
    settings = [*by_step.values(), *([line(scores["settings"])] if scores else []), context.own_line]
    made_by = {name: table.step for name, table in store.tables.items()}
    page = render_page(ReportContents(tables, findings, n_words, pictures, scores, settings, made_by), params)
    write_aside(project.report, page)
    megabytes = len(page.encode()) / 1e6
    return StepResult(f"{len(pictures)} figures, {len(findings)} words, {megabytes:.1f} MB in {project.report}")
