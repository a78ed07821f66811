"""The command line: one sub-command per step, and those that need no step."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from functools import partial
from pathlib import Path

import click

from corpus_tools.errors import InputError
from corpus_tools.export import FORMATS
from corpus_tools.pipeline import STEPS, TABLES, open_store
from corpus_tools.runtime.project import Project
from corpus_tools.runtime.step import Step

PROJECT = Project()
_LAST_SECONDS = 5  # an interrupted run ends after this long, whatever a library's thread waits for


class _InOrder(click.Group):
    """Lists the steps in the order of the pipeline, then the other commands."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(self.commands)


@click.group(cls=_InOrder, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="corpus_tools")
def cli() -> None:
    """Annotated corpora and publishable figures from dated news reports.

    Each step reads params.yaml and the tables of the steps before it. `dvc repro` runs those that a change touches.
    """


def _command(step: Step) -> click.Command:
    @click.command(step.name, help=step.about)
    @click.option(
        "--scheduler", envvar="DASK_SCHEDULER_ADDRESS", help="Of a Dask cluster, where params.yaml has `engine: dask`."
    )
    def command(scheduler: str | None) -> None:
        # Imported here, so that `--help` and a mistake in params.yaml answer at once.
        from corpus_tools.params import Params
        from corpus_tools.runtime.engine import computing_on
        from corpus_tools.runtime.records import read_yaml
        from corpus_tools.runtime.run_step import run_step

        params = read_yaml(PROJECT.params, Params)
        with computing_on(params.engine, scheduler):
            click.echo(run_step(step, params, TABLES, PROJECT))

    return command


for _step in STEPS:
    cli.add_command(_command(_step))


@cli.command()
def results() -> None:
    """List where the results are."""
    for what, where, how in [
        ("tables", f"{PROJECT.data}/TABLE/*.parquet", "corpus_tools.open_corpus() in Python"),
        ("figures", f"{PROJECT.figures}/", "PDF, SVG, PNG, CSV, caption, alt text"),
        ("report", str(PROJECT.report), "one page to mail; needs no network"),
        ("notebooks", f"{PROJECT.executed}/*.html", "open in a browser"),
        ("metrics", str(PROJECT.metrics("*")), "dvc metrics show"),
        ("log", str(PROJECT.log), "one line per step"),
    ]:
        click.echo(f"  {what:<10} {where:<28} {how}")


@cli.command()
@click.option("--format", "kind", required=True, type=click.Choice(FORMATS))
@click.argument("dest", type=click.Path(path_type=Path))
def export(kind: str, dest: Path) -> None:
    """Write the corpus with its marks into DEST, for other tools.

    DEST is a new or empty folder; docs/export.md describes the formats.
    """
    from corpus_tools.export.formats import export as write
    from corpus_tools.runtime.provenance import line_of

    start = time.monotonic()
    done = write(open_store(PROJECT.data), kind, dest, partial(line_of, PROJECT.provenance, tables=TABLES))
    click.echo(f"export     {done}, {time.monotonic() - start:.1f} s")


@cli.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
def strip(paths: tuple[Path, ...]) -> None:
    """Clear the outputs of source notebooks, by default of all."""
    from corpus_tools.notebooks.execute import strip as clear

    for path in paths or sorted(PROJECT.notebooks.glob("*.ipynb")):
        clear(path)


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


def main() -> None:
    """Run a sub-command; a mistake that a user can correct is one message and exit status 2, not a traceback."""
    # A batch system ends a job that runs over its time with SIGTERM: as orderly a stop as Ctrl-C, workers included.
    signal.signal(signal.SIGTERM, _stop)
    try:
        cli(standalone_mode=False)
    except InputError as error:
        sys.exit(_fail(str(error)))
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        _leave_soon(130)
        sys.exit(_fail("stopped; the last complete results are unchanged, and the next run continues from here", 130))
    except OSError as error:
        sys.exit(
            _fail(f"{error.filename or 'a file'}: {error.strerror or error}\n  remedy: check the disk, then run again")
        )


def _leave_soon(status: int) -> None:
    """Exit after a few seconds even if a library's thread still waits for a worker that will not answer."""
    last = threading.Timer(_LAST_SECONDS, os._exit, [status])
    last.daemon = True
    last.start()


def _fail(message: str, status: int = 2) -> int:
    click.echo(f"error: {message}", err=True)
    return status


if __name__ == "__main__":
    main()
