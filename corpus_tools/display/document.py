"""Show one report with all that is marked in it, as HTML for a notebook and as plain text for a terminal."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain, pairwise
from textwrap import shorten, wrap
from typing import Any

import polars as pl

from corpus_tools.display.html import WIDTH, link, one_line, resource, safe, tag
from corpus_tools.layers.layer import Highlight, HighlightKind, Row
from corpus_tools.layers.registry import BY_NAME, LAYERS
from corpus_tools.layers.wording import joined, place_on_map, with_details

# Highlights of no layer, which are outermost.
_OWN_KINDS = (HighlightKind("lead", "header and dateline", 0), HighlightKind("hit", "words looked for", 1))
_SPACE = re.compile(r"[ \t\r\n]{2,}")


@cache
def _kinds() -> dict[str, HighlightKind]:
    """Index the kinds of highlights by name, outermost first."""
    every = [*_OWN_KINDS, *(kind for layer in LAYERS for kind in layer.shown.kinds)]
    return {kind.name: kind for kind in sorted(every, key=lambda kind: kind.rank)}


@dataclass(frozen=True, repr=False)
class ShownReport:
    """A report with its marks: HTML in a notebook, plain text in a terminal."""

    html: str
    plain: str

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return self.plain


def render(
    document: Mapping[str, Any], layers: Mapping[str, pl.DataFrame], hits: Iterable[tuple[int, int]] = ()
) -> ShownReport:
    """Mark every layer of one report in its text, and list beneath it what was marked.

    Parameters
    ----------
    document
        A row of the table documents; `doc_id` and `text` must be there.
    layers
        The rows of this report by name of the table; a layer left out is named in the header as not made yet. A row
        whose offsets do not hold its words was made from another text: it is left out and counted in the header.
    hits
        Stretches of text that were looked for: start and end of each.

    Examples
    --------
    >>> columns = {"start": 5, "end": 8, "text": "May", "value": "2022-05", "granularity": "month"}
    >>> shown = render({"doc_id": "a", "text": "Last May."}, {"times": pl.DataFrame([columns])})
    >>> '<mark class="ct-date" title="2022-05 (month)">May</mark>' in shown.html
    True
    """
    text = document["text"]
    made = {k: layers[k].rows(named=True) for k in BY_NAME if k in layers}
    rows = {k: [r for r in found if text[r["start"] : r["end"]] == r["text"]] for k, found in made.items()}
    marked = chain(_highlights(rows, text), (Highlight("hit", start, end, ()) for start, end in hits))
    marks = _merged(m for m in marked if 0 <= m.start < m.end <= len(text))
    counts = Counter(m.kind for m in marks)
    of_layers = {kind.name for layer in LAYERS if layer.name in rows for kind in layer.shown.kinds}
    legend = {k: counts[k] for k in _kinds() if k in of_layers or counts[k]}
    head = _head(document, rows, sum(len(made[k]) - len(found) for k, found in rows.items()))
    body_start = min(document.get("body_start") or 0, len(text))
    lead = [Highlight("lead", 0, body_start, (_kinds()["lead"].label,))] if body_start else []
    body = _header(document, head) + _legend(legend) + _body(text, lead + marks) + _tables(rows)
    return ShownReport(tag("article", _style() + body, "ct-show"), _plain(document, head, legend, marks))


def _highlights(rows: Mapping[str, list[Row]], text: str) -> Iterator[Highlight]:
    for layer in LAYERS:
        for number, row in enumerate(rows.get(layer.name, ()), 1):
            yield from layer.shown.highlights(row, number, text)


def _merged(marks: Iterable[Highlight]) -> list[Highlight]:
    """Make one mark of those of one kind on the same words, the longest of those that begin together first."""
    found: dict[tuple[str, int, int], Highlight] = {}
    for m in marks:
        key = m.kind, m.start, m.end
        old = found.get(key, Highlight(*key, ()))
        found[key] = Highlight(*key, tuple(dict.fromkeys(old.says + m.says)), joined(" ", old.number, m.number))
    return sorted(found.values(), key=lambda m: (m.start, -m.end, _kinds()[m.kind].rank))


def _head(document: Mapping[str, Any], rows: Mapping[str, list[Row]], misfits: int) -> list[str]:
    dateline = joined(", ", document.get("place"), document.get("country"))
    origin = (document.get("outlet"), document.get("published"), dateline, document.get("agency"))
    missing = ", ".join(k for k in BY_NAME if k not in rows)
    notes = [f"Not made yet: {missing}. Run `make repro`."] if missing else []
    notes += [f"Marks of another text left out: {misfits}. Run `make repro`."] if misfits else []
    return [" · ".join(str(p) for p in origin if p), *notes]


def _style() -> str:
    return tag("style", resource("show.css"))


def _header(document: Mapping[str, Any], head: list[str]) -> str:
    title, url = document.get("title"), str(document.get("url") or "")
    below = [joined(" · ", safe(document["doc_id"]) if title else None, link(url, url)), *map(safe, head[1:])]
    # A heading element would enter JupyterLab's table of contents.
    heading = tag("div", safe(title or document["doc_id"]), "ct-title", role="heading", **{"aria-level": "3"})
    lines = "".join(tag("div", line, "ct-muted") for line in below if line)
    return tag("header", tag("div", safe(head[0]), "ct-origin") + heading + lines)


def _legend(counts: Mapping[str, int]) -> str:
    entries = (tag("li", f"{tag('mark', _kinds()[k].label, f'ct-{k}')} {n}") for k, n in counts.items())
    return tag("ul", "".join(entries), "ct-legend", **{"aria-label": "Legend"}) if counts else ""


def _body(text: str, marks: list[Highlight]) -> str:
    """Nest the marks, paragraph by paragraph; of two that cross, the inner one is closed and opened again."""
    gaps = dict(m.span() for m in _SPACE.finditer(text) if m.group().count("\n") > 1)
    edges = {0, len(text), *gaps, *gaps.values(), *(at for m in marks for at in (m.start, m.end))}
    out, waiting, opened, under = list[str](), marks[::-1], list[Highlight](), list[Highlight]()
    paragraph, gap_end = False, 0
    for start, end in pairwise(sorted(edges)):
        while waiting and waiting[-1].start == start:
            under.append(waiting.pop())
        under = [m for m in under if m.end > start]
        gap_end = gaps.get(start, gap_end)
        gap = start < gap_end
        keep = next((i for i, m in enumerate(opened) if m.end <= start or gap), len(opened))
        out += [_closing(m, start) for m in reversed(opened[keep:])]
        del opened[keep:]
        if paragraph is gap:
            out.append("</p>" if gap else "<p>")
            paragraph = not gap
        new = set(under).difference(opened) if paragraph else ()
        for m in sorted(new, key=lambda m: (-m.end, m.start, _kinds()[m.kind].rank)):
            opened.append(m)
            # A browser shows the innermost tooltip only, so that one says all.
            says = "\n".join(line for around in reversed(opened) for line in around.says)
            out.append(f'<mark class="ct-{m.kind}" title="{safe(says)}">')
        out.append(safe(text[start:end]))
    out += [_closing(m, len(text)) for m in reversed(opened)]
    return tag("div", "".join(out) + "</p>" * paragraph, "ct-text", dir="auto")


def _closing(mark: Highlight, at: int) -> str:
    # CSS writes the number, so that the text stays the report's own when it is copied or searched.
    here = mark.number and mark.end == at
    return (tag("i", "", **{"aria-hidden": "true", "data-n": mark.number}) if here else "") + "</mark>"


def _tables(rows: Mapping[str, list[Row]]) -> str:
    parts = []
    for layer in LAYERS:
        listing = layer.shown.listing
        if listing and layer.name in rows:
            numbered = enumerate(rows[layer.name], 1)
            lines = (
                [f"{listing.sign}{n}", *(with_details(r, c) for c in listing.columns.values())] for n, r in numbered
            )
            parts.append(_table(listing.caption, ["no.", *listing.columns], lines))
    if "times" in rows or "places" in rows:
        seen = Counter((t["text"], "date", t["value"], t["granularity"]) for t in rows.get("times", ()))
        seen.update((p["text"], "place", place_on_map(p), p["kind"]) for p in rows.get("places", ()))
        lines = ([*found, str(n)] for found, n in seen.items())
        parts.append(_table("Dates and places", ["words", "mark", "meaning", "precision", "times"], lines))
    return "".join(parts)


def _table(caption: str, heads: list[str], rows: Iterable[list[str]]) -> str:
    body = ""
    for row in rows:
        first, *more = (safe(shorten(words or "", 160, placeholder=" …")) for words in row)
        # On a narrow page each row becomes a card, and CSS writes the column's name before each value.
        cells = (tag("td", words, **{"data-th": head}) for head, words in zip(heads[1:], more, strict=True))
        body += tag("tr", tag("th", first, scope="row") + "".join(cells))
    body = body or tag("tr", tag("td", "none", "ct-muted", colspan=str(len(heads))))
    top = tag("thead", tag("tr", "".join(tag("th", h, scope="col") for h in heads)))
    return tag("table", tag("caption", caption) + top + tag("tbody", body))


def _plain(document: Mapping[str, Any], head: list[str], counts: Mapping[str, int], marks: list[Highlight]) -> str:
    legend = wrap(", ".join(f"{_kinds()[k].label} {n}" for k, n in counts.items()), WIDTH)
    found = ((document["text"][m.start : m.end], m) for m in marks)
    lines = (f"{m.start:>6}  {m.kind:<8}  {one_line(words, 24):<24}  {'; '.join(m.says)}" for words, m in found)
    return "\n".join(one_line(w) for w in (document["doc_id"], document.get("title"), *head, *legend, *lines) if w)
