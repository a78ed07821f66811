"""The sub-commands, one a step: they read tables, call the step's functions, and put the results in place.

Only this module knows the project's paths, all below the folder it is run in. Each command imports what it needs and no
more, so that `--help` and a mistake in params.yaml answer at once.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from corpus_tools.errors import InputError, known
from corpus_tools.params import Params, read_yaml

if TYPE_CHECKING:
    import polars as pl

    from corpus_tools.tables import Store
    from corpus_tools.terms.matrix import Counts

SEEDS, DATA, METRICS, FIGURES = Path("seeds"), Path("data"), Path("metrics"), Path("figures")
GOLD = SEEDS / "gold"
ANCHORS, LABELS = SEEDS / "topics" / "anchors.yaml", SEEDS / "topics" / "labels.yaml"
# What made the tables, a file a step; and the fingerprints of `raw` and `documents`, apart from it, so that a parameter
# that leaves the documents as they were does not make the steps after them run again.
SETTINGS, FINGERPRINTS = DATA / "settings", DATA / "fingerprints"
REPORT = Path("report/report.html")
NOTEBOOKS, EXECUTED = Path("notebooks"), Path("notebooks/executed")
PARAMS, LOG = Path("params.yaml"), Path("logs/steps.log")
# So many counts of terms, about a hundred reports, are fitted before a process has started.
_WORTH_A_PROCESS = 20_000


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="corpus_tools")
def cli() -> None:
    """Annotated corpora and publishable figures from dated news reports.

    Each step reads params.yaml and the tables of the steps before it. `dvc repro` runs those that a change touches.
    """


def step(function: Callable[[Params], str]) -> Callable[[Params], str]:
    """Make a sub-command of a step: read the parameters, run it, keep what made its results, and log one line."""
    name = function.__name__

    @cli.command(name, help=function.__doc__)
    @click.option(
        "--scheduler", envvar="DASK_SCHEDULER_ADDRESS", help="Of a Dask cluster, where params.yaml has `engine: dask`."
    )
    def command(scheduler: str | None) -> None:
        from corpus_tools.engine import computing_on
        from corpus_tools.tables import tables_of

        start = time.monotonic()
        params = read_yaml(PARAMS, Params)
        if tables_of(name) and name not in ("collect", "clean"):
            _fingerprint("documents")  # before anything is done: it may not be there
        with computing_on(params.engine, scheduler):
            done = function(params)
        if tables_of(name):
            _settle(name, params)
        line = f"{name:<10} {done}, {time.monotonic() - start:.1f} s"
        click.echo(line)
        LOG.parent.mkdir(exist_ok=True)
        with LOG.open("a", encoding="utf-8") as log:
            log.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')}  {line}\n")

    return function


def _write_metrics(name: str, found: dict[str, Any]) -> None:
    from corpus_tools.tables import write_aside

    write_aside(METRICS / f"{name}.json", json.dumps(found, indent=2, ensure_ascii=False) + "\n")


def _settle(name: str, params: Params) -> None:
    """Write down what made a step's tables, in its metrics too."""
    from corpus_tools.settings import record, shortened
    from corpus_tools.tables import write_aside

    made = record(name, params, _fingerprint("raw" if name == "collect" else "documents"), _notes(name))
    write_aside(SETTINGS / f"{name}.json", json.dumps(made, indent=2, ensure_ascii=False) + "\n")
    found = json.loads((METRICS / f"{name}.json").read_text(encoding="utf-8"))
    _write_metrics(name, {**found, "settings": shortened(made)})


def _notes(name: str) -> list[str]:
    """Tell what a step depends on beside its own parameters: other steps' tables, the grid's pick, a user's words."""
    from corpus_tools.parts import file_digest, fingerprint
    from corpus_tools.tables import Store

    files = {"grid": [ANCHORS], "topics": [ANCHORS, LABELS]}.get(name, [])
    given = {path.stem: words for path in files if (words := _words(path))}
    notes = [f"{stem} {fingerprint(json.dumps(words))[:8]}" for stem, words in given.items()]
    # Of what other steps made of the documents, and their parameters decide.
    for table in {"grid": ["tokens"], "topics": ["tokens"], "sentiment": ["quotes", "topic_terms"]}.get(name, []):
        digests = map(file_digest, Store(DATA).partitions(table))
        notes.append(f"{table} {fingerprint(*digests)[:8]}")
    if name == "topics":
        found = json.loads((METRICS / "topics.json").read_text(encoding="utf-8"))
        notes = [f"{found['topics']} topics", *notes]
    return notes


def _fingerprint(table: str) -> str:
    from corpus_tools.tables import TABLES

    try:
        return (FINGERPRINTS / f"{table}.txt").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        raise InputError(
            str(FINGERPRINTS / f"{table}.txt"),
            "no such file yet",
            f"run `make repro`, or only this step: `python -m corpus_tools {TABLES[table].step}`",
        ) from None


def _write_fingerprint(table: str, digests: list[bytes]) -> None:
    from corpus_tools.settings import fingerprint
    from corpus_tools.tables import write_aside

    write_aside(FINGERPRINTS / f"{table}.txt", fingerprint(digests) + "\n")


@step
def collect(params: Params) -> str:
    """Gather the reports of all sources in seeds/."""
    import polars as pl

    from corpus_tools.collect import count, in_partitions
    from corpus_tools.settings import digests
    from corpus_tools.tables import TABLES, Store

    store = Store(DATA)
    new = store.beside("raw", "rejected")
    part = 0
    refused: list[dict[str, Any]] = []
    contents: list[bytes] = []
    for rows in _sources(params):
        for kept, rejected in in_partitions(rows, params.collect.documents_per_partition):
            refused += rejected
            if kept:
                raw = pl.DataFrame(kept, schema=TABLES["raw"].columns)
                new.write("raw", part, raw)
                contents += digests(raw)
                part += 1
    if not part:
        raise InputError(
            str(SEEDS),
            "no documents at all",
            "put a report into seeds/reports/, or add a source (see README)",
        )
    new.write("rejected", 0, pl.DataFrame(refused, schema=TABLES["rejected"].columns))
    found = count(new.read("raw", columns=["source"]), new.read("rejected", columns=["source"]))
    store.publish(new, "raw", "rejected")
    _write_fingerprint("raw", contents)
    _write_metrics("collect", found)
    return f"{found['found']:,} found = {found['kept']:,} kept + {found['rejected']:,} rejected"


def _sources(params: Params) -> Iterator[Iterator[dict[str, Any]]]:
    from tqdm import tqdm

    from corpus_tools.collect import Source, reports
    from corpus_tools.collect.fetch import fetch
    from corpus_tools.collect.readers import READERS

    files = {p.stem: p for p in sorted([*SEEDS.glob("*.yaml"), *SEEDS.glob("*.yml")])}
    for name in params.collect.skip:
        if name not in files:
            raise InputError(f"{PARAMS}, collect.skip", f"there is no source {name}", known(name, files))
    used = {name: path for name, path in files.items() if name not in params.collect.skip}
    # All files first: a source that cannot be reached or read is said before anything is done.
    sources = {name: read_yaml(path, Source) for name, path in used.items()}
    seen: dict[str, str] = {}
    for name, source in sources.items():
        path = fetch(name, source.fetch, DATA / "sources" / name) if source.fetch else _inside_seeds(name, source.path)
        rows = READERS[source.kind](path, source.columns.used(), source.encoding)
        yield reports(name, source, tqdm(rows, desc=f"collect {name}", unit=" rows", leave=False), str(path), seen)


def _inside_seeds(name: str, path: str | None) -> Path:
    if path is None:
        raise InputError(
            f"seeds/{name}.yaml, path", "this key is needed", "give the file or folder, relative to seeds/"
        )
    found = SEEDS / path
    if SEEDS.absolute() not in Path(os.path.normpath(found.absolute())).parents:
        raise InputError(
            f"seeds/{name}.yaml, path",
            f"{path} is not below seeds/",
            "put it (or a link to it) there: DVC watches that folder",
        )
    return found


@step
def clean(params: Params) -> str:
    """Repair the texts; read dates, datelines and languages."""
    from corpus_tools import clean as it
    from corpus_tools.clean.duplicates import find_clusters
    from corpus_tools.engine import map_partitions
    from corpus_tools.settings import digests
    from corpus_tools.tables import Store

    store = Store(DATA)
    new = store.beside("documents", "reports_by_period")
    found = map_partitions(it.clean_partition, store, ["raw"], new)
    clusters = find_clusters(found["prints"], found["shingles"]["shingle"], params.clean)
    contents: list[bytes] = []
    for index in new.numbers("documents"):
        part = it.add_clusters(clusters, new.read("documents", index))
        new.write("documents", index, part)
        contents += digests(part)
    documents = new.read("documents", columns=it.SUMMARISED)
    new.write("reports_by_period", 0, it.count_reports(documents, params.clean.period))
    summary = it.summarise(documents)
    store.publish(new, "documents", "reports_by_period")
    _write_fingerprint("documents", contents)
    _write_metrics("clean", summary)
    mended = sum(r["times"] for name, r in summary["repairs"].items() if not name.startswith("left"))
    return f"{summary['documents']:,} documents, {mended:,} repairs, {summary['datelines']:,} datelines"


@step
def tokenise(params: Params) -> str:
    """Cut the texts into sentences and tagged tokens."""
    import polars as pl

    from corpus_tools import tokenise as it
    from corpus_tools.engine import map_partitions
    from corpus_tools.tables import Store, write_aside
    from corpus_tools.tagger import open_tagger
    from corpus_tools.tokenise.training import sample, train

    store = Store(DATA)
    tagger = params.tokenise.tagger
    open_tagger(tagger)  # before anything is done: it may not be installed
    learnt_from = sample(store.read("documents", columns=["source", "doc_id"]), params.tokenise.train_documents)
    parts = (store.read("documents", i, ["doc_id", "text", "body_start"]) for i in store.numbers("documents"))
    texts = (part.filter(pl.col("doc_id").is_in(learnt_from)).select("text", "body_start") for part in parts)
    punkt = train([text[start:] for part in texts for text, start in part.iter_rows()])
    new = store.beside("sentences", "tokens", "lengths_by_outlet")
    found = map_partitions(
        partial(it.tokenise_partition, punkt, tagger=tagger), store, ["documents"], new,
        settings=f"{tagger} {open_tagger(tagger).fingerprint} {punkt.to_json()}",
    )  # fmt: skip
    new.write("lengths_by_outlet", 0, it.lengths_by_outlet(found["lengths"]))
    store.publish(new, "sentences", "tokens", "lengths_by_outlet")
    write_aside(DATA / "punkt.json", punkt.to_json() + "\n")
    summary = it.summarise(found["lengths"], punkt, tagger)
    _write_metrics("tokenise", summary)
    return f"{summary['sentences']:,} sentences, {summary['tokens']:,} tokens"


@step
def annotate(params: Params) -> str:
    """Mark quotations, dates, numbers of people, names and places."""
    from corpus_tools.annotate import LAYERS
    from corpus_tools.annotate import counts as it
    from corpus_tools.engine import map_partitions
    from corpus_tools.tables import Store

    store = Store(DATA)
    made = (*LAYERS, "speakers_by_outlet", "places_on_map", "tolls")
    new = store.beside(*made)
    work = partial(it.annotate_and_count, params.annotate)
    settings = params.annotate.model_dump_json()
    found = map_partitions(work, store, ["documents", "sentences"], new, settings=settings)
    new.write("speakers_by_outlet", 0, it.speakers_by_outlet(found["said"], found["people"]))
    new.write("places_on_map", 0, it.places_on_map(found["mentions"]))
    new.write("tolls", 0, it.tolls(found["deaths"], params.annotate.event_gap_days))
    summary = it.summarise(found["marks"])
    store.publish(new, *made)
    _write_metrics("annotate", summary)
    return f"{summary['quotes']:,} quotations, {summary['claims']:,} claims, {summary['places']:,} places"


@step
def grid(params: Params) -> str:
    """Look how many topics the corpus bears."""
    from joblib import delayed

    from corpus_tools import grid as it
    from corpus_tools.tables import Store

    store = Store(DATA)
    counts, documents = _counted(store, params)
    corpus = it.prepare(counts, documents, params, _words(ANCHORS), str(ANCHORS))
    numbers = it.numbers(params.grid, corpus, params.topics.seed)
    # Those that take longest first, so that no core waits for them in the end.
    jobs = [delayed(it.look)(corpus, params.topics, n, run) for n in numbers[::-1] for run in range(params.grid.runs)]
    table = it.choose(_together(jobs, corpus.counts.nnz, "grid"))
    new = store.beside("topic_grid")
    new.write("topic_grid", 0, table)
    summary = it.summarise(table, corpus.counts.shape[0])
    store.publish(new, "topic_grid")
    _write_metrics("grid", summary)
    return f"{summary['picked']} topics, of {', '.join(map(str, summary['looked_at']))}"


@step
def topics(params: Params) -> str:
    """Fit the topic model."""
    import numpy as np
    from joblib import delayed

    from corpus_tools.tables import Store, tables_of
    from corpus_tools.topics import prevalence
    from corpus_tools.topics.model import TopicModel
    from corpus_tools.topics.overview import labels, overview, typical

    store = Store(DATA)
    counts, documents = _counted(store, params)
    chosen = params.topics.n_topics
    if chosen == "grid":
        chosen = int(store.read("topic_grid").filter("picked")["n_topics"].item())
    settings = params.topics.model_copy(update={"n_topics": chosen})
    model = TopicModel(settings, _words(ANCHORS), str(ANCHORS)).fit(counts, documents)
    model.named_, nowhere = labels(model, _words(LABELS), str(LABELS))
    groups = prevalence.groups(model.dated(), settings.period)
    whole = prevalence.told(model, documents["cluster_id"].rank("dense").to_numpy(), groups.members)
    jobs = [delayed(prevalence.refit)(whole, run) for run in range(settings.refits)]
    refits = _together(jobs, model.counts_.nnz, "topics")
    stability = np.mean([refit.stability for refit in refits], axis=0) if refits else None
    made = tables_of("topics")
    new = store.beside(*made)
    new.write("topic_terms", 0, model.terms())
    for part in store.numbers("documents"):
        new.write("doc_topics", part, model.shares_of(store.read("documents", part, ["doc_id"])["doc_id"]))
    by_period, by_outlet = model.prevalence(settings.period), model.prevalence_by_outlet()
    new.write("topics_by_period", 0, prevalence.with_bands(by_period, groups, refits))
    new.write("topics_by_outlet", 0, prevalence.with_bands(by_outlet, groups, refits))
    new.write("topic_overview", 0, overview(model, stability))
    new.write("topic_reports", 0, typical(model))
    summary = model.summarise() | prevalence.summarise(params.topics.n_topics, refits, nowhere)
    store.publish(new, *made)
    _write_metrics("topics", summary)
    stopped = "" if summary["converged"] else ", stopped before it settled (raise topics.max_iterations)"
    unused = f", no topic for the labels {', '.join(nowhere)}" if nowhere else ""
    return f"{summary['topics']} topics, {summary['vocabulary']:,} terms, NPMI {summary['npmi']:.3f}{stopped}{unused}"


def _counted(store: Store, params: Params) -> tuple[Counts, pl.DataFrame]:
    """Count terms by document, and read what else is told of the documents, in the same order."""
    from corpus_tools.engine import map_partitions
    from corpus_tools.terms.counts import count_partition
    from corpus_tools.terms.fits import STOP_WORDS
    from corpus_tools.terms.matrix import put_together

    columns = ["doc_id", "published", "outlet", "title", "url", "cluster_id", "is_first_report"]
    documents = store.read("documents", columns=columns).sort("doc_id")
    count = partial(count_partition, [*STOP_WORDS, *params.topics.leave_out])
    found = map_partitions(count, store, ["tokens"], store, settings=json.dumps(params.topics.leave_out))
    return put_together(found, params.topics, documents["doc_id"]), documents


def _words(path: Path) -> dict[str, list[str]]:
    """Read words by name; a project may do without the file."""
    from corpus_tools.params import Words

    return read_yaml(path, Words).root if path.exists() else {}


def _together(jobs: list[Any], size: int, name: str) -> list[Any]:
    """Do fits side by side on this machine, or one by one if they are too small to be worth a process."""
    from joblib import Parallel
    from tqdm import tqdm

    from corpus_tools.engine import workers

    side_by_side = workers() if size > _WORTH_A_PROCESS else 1
    done = Parallel(n_jobs=side_by_side, backend="loky", return_as="generator")(jobs)
    return list(tqdm(done, total=len(jobs), desc=name, unit="fit", leave=False))


@step
def sentiment(params: Params) -> str:
    """Score every sentence with VADER; average by outlet, period, topic and speaker, and audit the vocabulary."""
    from corpus_tools import sentiment as it
    from corpus_tools.engine import map_partitions
    from corpus_tools.intervals import Draws
    from corpus_tools.sentiment import means
    from corpus_tools.sentiment.owned import own_words, rows_of
    from corpus_tools.tables import Store, tables_of

    store = Store(DATA)
    made = tables_of("sentiment")
    new = store.beside(*made)
    vocabulary, own = rows_of(params.sentiment.vocabulary), own_words(store.read("topic_terms"))
    draws = Draws(params.sentiment.draws, params.sentiment.seed)
    found = map_partitions(
        partial(it.score_partition, vocabulary, own), store, it.READS, new,
        settings=f"{vocabulary} {own.select('topic', 'row').rows()}",
    )  # fmt: skip
    documents = new.read("sentiment_by_document")
    new.write("sentiment_by_day", 0, means.by_day(documents))
    new.write("sentiment_by_outlet", 0, means.by_outlet(documents, draws))
    new.write("sentiment_by_period", 0, means.by_period(documents, params.sentiment.period, draws))
    new.write(
        "sentiment_by_topic",
        0,
        means.by_topic(found["topics"], store.read("topic_overview", columns=["topic", "label"]), own, draws),
    )
    new.write("sentiment_by_speaker", 0, means.by_speaker(found["said"], found["people"], draws))
    new.write("sentiment_words", 0, means.words(found["words"], vocabulary, documents))
    summary = means.summarise(documents, new.read("sentiment_words"), int(found["both"]["both"].sum()))
    store.publish(new, *made)
    _write_metrics("sentiment", summary)
    without = summary["without_vocabulary"]
    rest = "" if without is None else f", without the vocabulary {without:+.3f}"
    return f"{summary['sentences']:,} sentences, mean compound {summary['compound']:+.3f}{rest}"


@step
def evaluate(params: Params) -> str:
    """Score the marks against reports that people marked by reading."""
    import polars as pl

    from corpus_tools import evaluate as it
    from corpus_tools.settings import record, shortened
    from corpus_tools.tables import Store

    store = Store(DATA)
    made = record("evaluate", params, _fingerprint("documents"), it.settings(GOLD, params.evaluate))
    sets = it.read_gold(GOLD)
    wanted = pl.col("doc_id").is_in([report.doc_id for reports in sets.values() for report in reports])

    def marked(table: str) -> pl.DataFrame:
        return pl.concat([store.read(table, i).filter(wanted) for i in store.numbers(table)])

    tables = {name: marked(name) for name in ("documents", *it.TABLES)}
    found = it.evaluate(sets, marked("raw"), tables, params.evaluate)
    total = {key: sum(scores[key] for scores in found.values()) for key in ("reports", "missing", "other_text")}
    _write_metrics("evaluate", {**total, "settings": shortened(made), "sets": found})
    without = ", ".join(f"{total[k]} {said}" for k, said in it.LEFT_OUT.items() if total[k])
    f1 = (
        f"quotations F1 {s['quotes']['f1']:.3f} in {name}" for name, s in found.items() if s["quotes"]["f1"] is not None
    )
    return ", ".join([f"{total['reports']} marked reports", *([without] if without else []), *f1])


@step
def figures(params: Params) -> str:
    """Draw all figures."""
    from joblib import Parallel, delayed
    from tqdm import tqdm

    from corpus_tools import figures as it
    from corpus_tools.engine import workers
    from corpus_tools.figures.draw import DRAWINGS
    from corpus_tools.settings import line_of, record
    from corpus_tools.tables import Store, put_in_place

    store = Store(DATA)
    own = record("figures", params)["line"]
    found = {name: store.read(drawing.table) for name, drawing in DRAWINGS.items()}
    # A corpus may quote nobody and name no place; such a figure is left out, and the line below says so.
    tables = {name: table for name, table in found.items() if not table.is_empty()}
    made_by = {name: f"{line_of(SETTINGS, DRAWINGS[name].table)} | {own}" for name in tables}
    jobs = (delayed(it.make)(name, table, params.figures, made_by[name]) for name, table in tables.items())
    # Always here: they are few, and what they draw with is the lock's.
    made = Parallel(n_jobs=workers(), backend="loky", return_as="generator")(jobs)
    new = _empty(FIGURES)
    for content in tqdm(made, total=len(tables), desc="figures", unit="figure", leave=False):
        it.write(new, content)
    put_in_place(new, FIGURES)
    without = ", ".join(f"no {name} (table {DRAWINGS[name].table} is empty)" for name in found if name not in tables)
    return f"{len(tables)} figures, {len(list(FIGURES.iterdir()))} files{without and ', '}{without}"


@step
def report(params: Params) -> str:
    """Put figures, tables and words in context on one page, for readers without Python."""
    from tqdm import tqdm

    from corpus_tools import report as it
    from corpus_tools.explore.words import Words
    from corpus_tools.settings import line, line_of, record
    from corpus_tools.tables import TABLES, Store, write_aside

    patterns = it.patterns(params.report.words, f"{PARAMS}, report.words")
    store = Store(DATA)
    tables, pictures, words = it.read(store), it.pictures(FIGURES), Words(store)
    running = it.running(words)
    asked = tqdm(patterns, desc="report", unit="word", leave=False)
    found = [it.look(words, pattern, params.report, running) for pattern in asked]
    path = METRICS / "evaluate.json"
    scores = json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
    made = {table.step: line_of(SETTINGS, name) for name, table in TABLES.items() if name in {"tokens", *tables}}
    lines = [*made.values(), *([line(scores["settings"])] if scores else []), record("report", params)["line"]]
    page = it.render(it.Found(tables, found, running, pictures, scores, lines), params.report)
    write_aside(REPORT, page)
    return f"{len(pictures)} figures, {len(found)} words, {len(page.encode()) / 1e6:.1f} MB in {REPORT}"


@step
def notebooks(params: Params) -> str:
    """Run the notebooks and write their pages."""
    from joblib import Parallel, delayed
    from tqdm import tqdm

    from corpus_tools import notebooks as it
    from corpus_tools.engine import workers
    from corpus_tools.tables import put_in_place

    sources = sorted(NOTEBOOKS.glob("*.ipynb"))
    for source in sources:
        it.check_stripped(source)
    # A kernel is a process of its own already, so threads do to wait for it.
    run = Parallel(n_jobs=workers(), backend="threading", return_as="generator")
    jobs = (delayed(it.run)(s, Path.cwd(), params.notebooks.cell_seconds) for s in sources)
    new = _empty(EXECUTED)
    for source, (executed, page) in zip(
        sources, tqdm(run(jobs), total=len(sources), desc="notebooks", leave=False), strict=True
    ):
        (new / source.name).write_text(executed, encoding="utf-8")
        (new / f"{source.stem}.html").write_text(page, encoding="utf-8")
    put_in_place(new, EXECUTED)
    return f"{len(sources)} notebooks"


def _empty(folder: Path) -> Path:
    import shutil

    new = folder.with_name(folder.name + ".partial")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    return new


@cli.command()
def results() -> None:
    """Say where the results are."""
    for what, where, how in [
        ("tables", "data/TABLE/*.parquet", "corpus_tools.open_corpus() in Python"),
        ("figures", "figures/", "PDF, SVG, PNG, with CSV, caption and alt text"),
        ("report", str(REPORT), "one page to mail; opens in a browser, without the network"),
        ("notebooks", "notebooks/executed/*.html", "open in a browser"),
        ("metrics", "metrics/*.json", "dvc metrics show"),
        ("log", str(LOG), "one line a step"),
    ]:
        click.echo(f"  {what:<10} {where:<28} {how}")


@cli.command()
@click.option("--format", "kind", required=True, type=click.Choice(["brat", "conllu", "csv", "jsonl"]))
@click.argument("dest", type=click.Path(path_type=Path))
def export(kind: str, dest: Path) -> None:
    """Write the corpus with all its marks into the folder DEST, in the format of other tools (see docs/export.md)."""
    import shutil

    import polars as pl
    from tqdm import tqdm

    from corpus_tools import export as it
    from corpus_tools.engine import each_partition
    from corpus_tools.settings import line_of
    from corpus_tools.tables import Store

    start = time.monotonic()
    store = Store(DATA)
    total = store.scan("documents").select(pl.len()).collect().item()
    new = _beside(dest)
    try:
        with tqdm(total=total, desc=f"export {kind}", unit=" documents", leave=False) as bar:
            for index, frames in enumerate(each_partition(store, it.EXPORTED)):
                for done in it.WRITERS[kind](frames, new, index):
                    bar.update(done)
        it.write_settings({name: line_of(SETTINGS, name) for name in it.EXPORTED}, new)
        sizes = [p.stat().st_size for p in new.rglob("*") if p.is_file()]
        new.replace(dest)  # not put_in_place: what else stands beside a user's folder is not ours to clear
    finally:
        shutil.rmtree(new, ignore_errors=True)
    click.echo(
        f"export     {total:,} documents as {kind}, {len(sizes):,} files, {sum(sizes) / 1e6:,.1f} MB, "
        f"in {dest}, {time.monotonic() - start:.1f} s"
    )


def _beside(dest: Path) -> Path:
    """Make an empty folder that can take the place of a user's one, if nothing is lost by that."""
    full = dest.absolute()
    if full.exists() and not (full.is_dir() and not any(full.iterdir())):
        raise InputError(str(dest), "it is there and not an empty folder", "give a new one, or empty it")
    new = full.with_name(full.name + ".partial")
    if new.exists():
        raise InputError(
            str(new), "it is in the way", "if an export that was stopped left it, remove it; else give another folder"
        )
    new.mkdir(parents=True)
    return new


@cli.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
def strip(paths: tuple[Path, ...]) -> None:
    """Clear the outputs of source notebooks (by default of all)."""
    from corpus_tools import notebooks as it

    for path in paths or sorted(NOTEBOOKS.glob("*.ipynb")):
        it.strip(path)


# A stop is not waited for longer than so.
_LAST_SECONDS = 5


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


def main() -> None:
    """Run a sub-command; what a user can mend is one message and exit status 2, not a traceback."""
    # A batch system ends what runs over its time by SIGTERM: as much an orderly stop as Ctrl-C, workers included.
    signal.signal(signal.SIGTERM, _stop)
    try:
        cli(standalone_mode=False)
    except InputError as error:
        sys.exit(_said(str(error)))
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        _leave_soon(130)
        sys.exit(_said("stopped; the last whole results are as they were, and the next run goes on from here", 130))
    except OSError as error:
        sys.exit(
            _said(f"{error.filename or 'a file'}: {error.strerror or error}\n  remedy: see to the disk and run again")
        )


def _leave_soon(status: int) -> None:
    """See to it that a stop is one, even if a thread of a library waits for a worker that will not answer."""
    last = threading.Timer(_LAST_SECONDS, os._exit, [status])
    last.daemon = True
    last.start()


def _said(message: str, status: int = 2) -> int:
    click.echo(f"error: {message}", err=True)
    return status


if __name__ == "__main__":
    main()
