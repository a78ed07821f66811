"""The report: figures, tables and words in context on one page that needs no network, for readers without Python."""

from __future__ import annotations

import base64
import hashlib

import polars as pl

from corpus_tools.display.html import Markup, fill_in, resource
from corpus_tools.report.contents import ReportContents
from corpus_tools.report.params import ReportParams
from corpus_tools.report.sections import SECTIONS, fill_section
from corpus_tools.runtime.store import Store

_DOCUMENT = ["doc_id", "outlet", "title", "url", "published", "is_first_report"]
# Whatever a report contains, a browser fetches nothing for this page, and runs no script but the page's own.
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-{}'"


def read_tables(store: Store) -> dict[str, pl.DataFrame]:
    """Read the tables that the page shows; those not made yet are left out.

    Raises
    ------
    InputError
        If there are no documents.
    """
    tables = {"documents": store.read("documents", columns=_DOCUMENT)}
    names = dict.fromkeys(name for section in SECTIONS for name in section.tables if name not in tables)
    return tables | {name: store.read(name) for name in names if store.is_made(name)}


def render_page(contents: ReportContents, params: ReportParams) -> str:
    """Return the page; the same contents give the same bytes."""
    script = Markup(resource("table.js") + resource("report.js"))
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    documents = contents.tables["documents"]
    return fill_in(
        "page.html",
        package="corpus_tools.report",
        title=params.title,
        policy=_POLICY.format(digest),
        script=script,
        reports=documents.height,
        outlets=documents["outlet"].drop_nulls().n_unique(),
        first_day=documents["published"].min(),
        last_day=documents["published"].max(),
        sections=[fill_section(section, contents, params) for section in SECTIONS],
    )
