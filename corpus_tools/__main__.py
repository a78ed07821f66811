"""The sub-commands, one a step: they read tables, call the step's functions, and put the results in place.

Only this module knows the project's paths, all below the folder it is run in. Each command imports what it needs and no
more, so that `--help` and a mistake in params.yaml answer at once.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import click

from corpus_tools.errors import InputError, known
from corpus_tools.params import Params, read_yaml

SEEDS, DATA, METRICS, FIGURES = Path("seeds"), Path("data"), Path("metrics"), Path("figures")
NOTEBOOKS, EXECUTED = Path("notebooks"), Path("notebooks/executed")
PARAMS, LOG = Path("params.yaml"), Path("logs/steps.log")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="corpus_tools")
def cli() -> None:
    """Annotated corpora and publishable figures from dated news reports.

    Each step reads params.yaml and the tables of the steps before it. `dvc repro` runs those that a change touches.
    """


def step(function: Callable[[Params], str]) -> Callable[[Params], str]:
    """Make a sub-command of a step: read the parameters, run it, and log one line."""
    name = function.__name__

    @cli.command(name, help=function.__doc__)
    def command() -> None:
        start = time.monotonic()
        done = function(read_yaml(PARAMS, Params))
        line = f"{name:<10} {done}, {time.monotonic() - start:.1f} s"
        click.echo(line)
        LOG.parent.mkdir(exist_ok=True)
        with LOG.open("a", encoding="utf-8") as log:
            log.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')}  {line}\n")

    return function


def _write_metrics(name: str, found: dict[str, Any]) -> None:
    from corpus_tools.tables import write_aside

    write_aside(METRICS / f"{name}.json", json.dumps(found, indent=2, ensure_ascii=False) + "\n")


@step
def collect(params: Params) -> str:
    """Gather the reports of all sources in seeds/."""
    import polars as pl

    from corpus_tools.collect import count, in_partitions
    from corpus_tools.tables import TABLES, Store

    store = Store(DATA)
    new = store.beside("raw", "rejected")
    part = 0
    refused: list[dict[str, Any]] = []
    for rows in _sources(params):
        for kept, rejected in in_partitions(rows, params.collect.documents_per_partition):
            refused += rejected
            if kept:
                new.write("raw", part, pl.DataFrame(kept, schema=TABLES["raw"].columns))
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
    from corpus_tools.engine import map_partitions
    from corpus_tools.tables import Store

    store = Store(DATA)
    new = store.beside("documents", "reports_by_period")
    found = map_partitions(it.clean_partition, store, ["raw"], new, label="clean")
    clusters = it.find_clusters(found["prints"])
    map_partitions(partial(it.add_clusters, clusters), new, ["documents"], new, label="clusters")
    documents = new.read("documents", columns=it.SUMMARISED)
    new.write("reports_by_period", 0, it.count_reports(documents, params.clean.period))
    summary = it.summarise(documents)
    store.publish(new, "documents", "reports_by_period")
    _write_metrics("clean", summary)
    mended = sum(r["times"] for name, r in summary["repairs"].items() if not name.startswith("left"))
    return f"{summary['documents']:,} documents, {mended:,} repairs, {summary['datelines']:,} datelines"


@step
def tokenise(params: Params) -> str:
    """Cut the texts into sentences and tokens."""
    from corpus_tools import tokenise as it
    from corpus_tools.engine import map_partitions
    from corpus_tools.tables import Store, write_aside
    from corpus_tools.tokenise.punkt import train

    store = Store(DATA)
    texts = store.read("documents", columns=["text", "body_start"])
    punkt = train([t[start:] for t, start in texts.iter_rows()], params.tokenise.train_documents)
    new = store.beside("sentences", "tokens", "lengths_by_outlet")
    found = map_partitions(partial(it.tokenise_partition, punkt), store, ["documents"], new, label="tokenise")
    new.write("lengths_by_outlet", 0, it.lengths_by_outlet(found["lengths"]))
    store.publish(new, "sentences", "tokens", "lengths_by_outlet")
    write_aside(DATA / "punkt.json", punkt.to_json() + "\n")
    summary = it.summarise(found["lengths"], punkt)
    _write_metrics("tokenise", summary)
    return f"{summary['sentences']:,} sentences, {summary['tokens']:,} tokens"


@step
def topics(params: Params) -> str:
    """Fit the topic model."""
    from corpus_tools import topics as it
    from corpus_tools.engine import map_partitions
    from corpus_tools.tables import Store

    store = Store(DATA)
    documents = store.read("documents", columns=["doc_id", "published"])
    counts = map_partitions(it.count_partition, store, ["tokens"], store, label="count terms")["counts"]
    model = it.TopicModel(params.topics).fit(counts, documents)
    new = store.beside("topic_terms", "doc_topics", "topics_by_period")
    new.write("topic_terms", 0, model.terms())
    map_partitions(partial(it.shares_of, model.shares), store, ["documents"], new, label="shares")
    new.write("topics_by_period", 0, model.prevalence(params.topics.period))
    summary = model.summarise()
    store.publish(new, "topic_terms", "doc_topics", "topics_by_period")
    _write_metrics("topics", summary)
    stopped = "" if summary["converged"] else ", stopped before it settled (raise topics.max_iterations)"
    return f"{summary['topics']} topics, {summary['vocabulary']:,} terms, NPMI {summary['npmi']:.3f}{stopped}"


@step
def sentiment(params: Params) -> str:
    """Score every sentence with VADER."""
    import polars as pl

    from corpus_tools import sentiment as it
    from corpus_tools.engine import map_partitions
    from corpus_tools.tables import Store

    store = Store(DATA)
    new = store.beside("sentiment", "sentiment_by_document", "sentiment_by_day", "sentiment_by_period")
    map_partitions(it.score_partition, store, ["documents", "sentences"], new, label="sentiment")
    documents: pl.DataFrame = new.read("sentiment_by_document")
    new.write("sentiment_by_day", 0, it.by_day(documents))
    new.write("sentiment_by_period", 0, it.by_period(documents, params.sentiment.period))
    summary = it.summarise(documents)
    store.publish(new, "sentiment", "sentiment_by_document", "sentiment_by_day", "sentiment_by_period")
    _write_metrics("sentiment", summary)
    return f"{summary['sentences']:,} sentences, mean compound {summary['compound']:+.3f}"


@step
def figures(params: Params) -> str:
    """Draw all figures."""
    from joblib import Parallel, delayed
    from tqdm import tqdm

    from corpus_tools import figures as it
    from corpus_tools.engine import workers
    from corpus_tools.figures.draw import DRAWINGS
    from corpus_tools.tables import Store, put_in_place

    store = Store(DATA)
    tables = {name: store.read(drawing.table) for name, drawing in DRAWINGS.items()}
    jobs = (delayed(it.make)(name, table, params.figures) for name, table in tables.items())
    made = Parallel(n_jobs=workers(), return_as="generator")(jobs)
    new = _empty(FIGURES)
    for content in tqdm(made, total=len(tables), desc="figures", unit="figure", leave=False):
        it.write(new, content)
    put_in_place(new, FIGURES)
    return f"{len(tables)} figures, {len(list(FIGURES.iterdir()))} files"


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
    run = Parallel(n_jobs=workers(), prefer="threads", return_as="generator")
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
        ("notebooks", "notebooks/executed/*.html", "open in a browser"),
        ("metrics", "metrics/*.json", "dvc metrics show"),
        ("log", str(LOG), "one line a step"),
    ]:
        click.echo(f"  {what:<10} {where:<28} {how}")


@cli.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
def strip(paths: tuple[Path, ...]) -> None:
    """Clear the outputs of source notebooks (by default of all)."""
    from corpus_tools import notebooks as it

    for path in paths or sorted(NOTEBOOKS.glob("*.ipynb")):
        it.strip(path)


def main() -> None:
    """Run a sub-command; what a user can mend is one message and exit status 2, not a traceback."""
    try:
        cli(standalone_mode=False)
    except InputError as error:
        sys.exit(_said(str(error)))
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        sys.exit(_said("stopped; the results of the last whole run are as they were", 130))
    except OSError as error:
        sys.exit(
            _said(f"{error.filename or 'a file'}: {error.strerror or error}\n  remedy: see to the disk and run again")
        )


def _said(message: str, status: int = 2) -> int:
    click.echo(f"error: {message}", err=True)
    return status


if __name__ == "__main__":
    main()
