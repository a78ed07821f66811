"""Write the generated pages of the docs: `python -m tools.document_tables`.

`docs/tables.md` is the data dictionary of `corpus_tools.pipeline.TABLES`; the tables of steps and figures go into
`docs/steps.md`, between its markers. A test compares both with the declarations.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from corpus_tools.figures.drawings import DRAWINGS
from corpus_tools.pipeline import STEPS, TABLES
from corpus_tools.runtime.schema import Table
from corpus_tools.runtime.step import Step

DOCS = Path(__file__).parents[1] / "docs"
_TABLES_INTRO = """\
# Tables

Every table of the corpus and what each of its columns means. `corpus.describe("claims")` shows the same in a notebook.

This page is generated from the declarations in the package by `python -m tools.document_tables`; do not edit it.

- A table is a folder of Parquet files, `data/TABLE/part-00000.parquet` and so on. Open one with
  `corpus_tools.open_corpus()`, or read the folder with any Parquet reader.
- Rows are sorted by the key, and no two rows share it. All rows of a report are in one file.
- Types are those of polars: String, Date, Datetime, Boolean, Int32 and Int64 (integers), Float64 (decimal numbers),
  List and Struct.
- Offsets count characters (Unicode code points) from 0, and the end is exclusive: for every mark,
  `text == documents.text[start:end]`.
- null means that the value is unknown or does not apply; the description says which.
"""


def tables_page() -> str:
    """Return the text of `docs/tables.md`."""
    index = _rows(
        ("table", "step", "one row"),
        ((f"[`{t.name}`](#table-{_anchor(t.name)})", f"`{t.step}`", t.description) for t in TABLES.values()),
    )
    sections = [f"## {step.name}\n\n" + "\n".join(map(_section, step.writes)) for step in STEPS if step.writes]
    return "\n".join([_TABLES_INTRO, index, *sections])


def _section(table: Table) -> str:
    folder = f", in the folder `data/{table.folder}`" if table.folder != table.name else ""
    columns = ((f"`{name}`", str(c.dtype), c.description) for name, c in table.columns.items())
    return (
        f"(table-{_anchor(table.name)})=\n### {table.name}\n\n{table.description}\n\n"
        f"Key: {', '.join(f'`{name}`' for name in table.key)}. Made by the step `{table.step}`{folder}.\n\n"
        + _rows(("column", "type", "description"), columns)
    )


def steps_table(steps: Iterable[Step] = STEPS) -> str:
    """Return the table of steps."""
    return _rows(
        ("step", "what it does", "reads", "writes"),
        ((f"`{step.name}`", step.about, _listed(_reads(step)), _listed(_writes(step))) for step in steps),
    )


def _reads(step: Step) -> Iterator[str]:
    yield from (f"`{name}`" for name in step.reads)
    yield from (f"`{name}`" + ("" if "." in name.rpartition("/")[2] else " (folder)") for name in step.files)


def _writes(step: Step) -> Iterator[str]:
    yield from (f"[`{table.name}`](tables.md#table-{_anchor(table.name)})" for table in step.writes)
    yield from (f"`{name}`" for name in step.outputs)
    if not step.writes and not step.outputs:
        yield f"`metrics/{step.name}.json`"


def figures_table() -> str:
    """Return the table of figures."""
    rows = (
        (f"`{name}`", f"`{d.table}`", f"`{TABLES[d.table].step}`", f"`{d.draw.__module__.replace('.', '/')}.py`")
        for name, d in DRAWINGS.items()
    )
    return _rows(("figure", "table with its numbers", "made by step", "drawn in"), rows)


def with_tables(page: str) -> str:
    r"""Return `docs/steps.md` with its generated tables renewed.

    Examples
    --------
    >>> with_tables("<!-- figures -->\nold\n<!-- end -->\n").count("| `timeline` |")
    1
    """
    makers: dict[str, Callable[[], str]] = {"steps": steps_table, "figures": figures_table}
    for name, make in makers.items():
        block = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        page = block.sub(lambda match, make=make: f"{match[1]}\n{make()}\n{match[2]}", page)  # type: ignore[misc]
    return page


def _listed(items: Iterable[str]) -> str:
    return ", ".join(items)


def _anchor(name: str) -> str:
    return name.replace("_", "-")


def _rows(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "".join("| " + " | ".join(cell.replace("|", r"\|") for cell in line) + " |\n" for line in lines)


def main() -> None:
    """Write both pages."""
    (DOCS / "tables.md").write_text(tables_page(), encoding="utf-8")
    steps = DOCS / "steps.md"
    steps.write_text(with_tables(steps.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
