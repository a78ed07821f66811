"""The report: figures, tables and words in context on one page that needs no network, for readers without Python."""

from __future__ import annotations

import base64
import hashlib

import polars as pl

from corpus_tools.display.html import plural, resource, safe, tag
from corpus_tools.display.result import day
from corpus_tools.report.contents import ReportContents
from corpus_tools.report.params import ReportParams
from corpus_tools.report.sections import SECTIONS, section
from corpus_tools.runtime.store import Store

_ABOUT = ["doc_id", "outlet", "title", "url", "published", "is_first_report"]
# Whatever a report holds: a browser fetches nothing for this page, and runs no script but the page's own.
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-{}'"


def read(store: Store) -> dict[str, pl.DataFrame]:
    """Read the tables that the page shows; one whose step was not run yet is left out.

    Raises
    ------
    InputError
        If there are no documents.
    """
    found = {"documents": store.read("documents", columns=_ABOUT)}
    named = dict.fromkeys(name for part in SECTIONS for name in part.tables if name not in found)
    return found | {name: store.read(name) for name in named if store.is_made(name)}


def render(found: ReportContents, params: ReportParams) -> str:
    """Write the page; the same tables give the same bytes."""
    script = resource("table.js") + resource("report.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    head = (
        '<meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY.format(digest)}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        + tag("title", safe(params.title))
        + tag("style", "".join(map(resource, ("show.css", "table.css", "report.css"))))
    )
    entries = "".join(tag("li", tag("a", s.title, href=f"#{s.key}")) for s in SECTIONS)
    body = (
        tag("a", "Skip to the results", "ct-skip", href="#results")
        + tag("header", tag("h1", safe(params.title)) + tag("p", safe(_about(found.tables["documents"])), "ct-origin"))
        + tag("noscript", tag("p", "Without scripts, the first rows of each table are shown.", "ct-muted"))
        + tag("nav", tag("ul", entries), **{"aria-label": "Contents"})
        + tag("main", "".join(section(s, found, params) for s in SECTIONS), id="results")
        + tag("script", script)
    )
    page = tag("head", head) + tag("body", body, "ct-show ct-result ct-report")
    return f"<!doctype html>\n{tag('html', page, lang='en')}\n"


def _about(documents: pl.DataFrame) -> str:
    outlets = documents["outlet"].drop_nulls().n_unique()
    of = f" of {plural(outlets, 'outlet')}" if outlets else ""
    first, last = (day(at) for at in documents.select(a=pl.col("published").min(), b=pl.col("published").max()).row(0))
    days = ", undated" if not first else f", {first}" if first == last else f", {first} to {last}"
    return f"{plural(documents.height, 'report')}{of}{days}. One page, which needs no network."
