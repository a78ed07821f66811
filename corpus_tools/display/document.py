"""A report with its highlights: HTML for a notebook, plain text for a terminal."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain, pairwise
from textwrap import shorten, wrap
from typing import Any, NamedTuple

import polars as pl

from corpus_tools.display.html import Markup, fill_in, safe
from corpus_tools.layers.layer import Highlight, HighlightKind, Row
from corpus_tools.layers.registry import BY_NAME, LAYERS
from corpus_tools.text.plain_text import WIDTH, one_line
from corpus_tools.text.wording import joined, with_details

# Highlights of no layer, which are outermost.
_OWN_KINDS = (HighlightKind("lead", "header and dateline", 0), HighlightKind("hit", "words looked for", 1))
_SPACE = re.compile(r"[ \t\r\n]{2,}")
_LONGEST_CELL = 160


class MarkTable(NamedTuple):
    """A table of marks below the text."""

    caption: str
    headings: list[str]
    rows: list[list[str]]


@cache
def _kinds() -> dict[str, HighlightKind]:
    """Index the kinds of highlights by name, outermost first."""
    every = [*_OWN_KINDS, *(kind for layer in LAYERS for kind in layer.display.kinds)]
    return {kind.name: kind for kind in sorted(every, key=lambda kind: kind.rank)}


@dataclass(frozen=True, repr=False)
class ShownReport:
    """A report with its highlights: HTML in a notebook, plain text in a terminal."""

    html: str
    plain: str

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return self.plain


def render(
    document: Mapping[str, Any], layers: Mapping[str, pl.DataFrame], hits: Iterable[tuple[int, int]] = ()
) -> ShownReport:
    """Highlight the marks of every layer in a report's text, and list them below it.

    Parameters
    ----------
    document
        A row of the table documents; only `doc_id` and `text` are required.
    layers
        The report's rows by name of the table; a layer left out is named in the header as not made yet. A row whose
        offsets do not hold its words was made from another text: it is left out and counted in the header.
    hits
        Start and end of each span that was searched for.

    Examples
    --------
    >>> columns = {"start": 5, "end": 8, "text": "May", "value": "2022-05", "granularity": "month"}
    >>> shown = render({"doc_id": "a", "text": "Last May."}, {"times": pl.DataFrame([columns])})
    >>> '<mark class="ct-date" title="2022-05 (month)">May</mark>' in shown.html
    True
    """
    text = document["text"]
    all_rows = {name: layers[name].rows(named=True) for name in BY_NAME if name in layers}
    rows = {name: [r for r in given if text[r["start"] : r["end"]] == r["text"]] for name, given in all_rows.items()}
    highlights = chain(_highlights(rows, text), (Highlight("hit", start, end, ()) for start, end in hits))
    marks = _merged(m for m in highlights if 0 <= m.start < m.end <= len(text))
    counts = Counter(m.kind for m in marks)
    of_layers = {kind.name for layer in LAYERS if layer.name in rows for kind in layer.display.kinds}
    legend = {kind: counts[name] for name, kind in _kinds().items() if name in of_layers or counts[name]}
    origin, notes = _origin(document), _notes(rows, sum(len(all_rows[name]) - len(rows[name]) for name in rows))
    body_start = min(document.get("body_start") or 0, len(text))
    lead = [Highlight("lead", 0, body_start, (_kinds()["lead"].label,))] if body_start else []
    html = fill_in(
        "document.html", doc_id=document["doc_id"], title=document.get("title"), url=document.get("url"),
        origin=origin, notes=notes, legend=legend, body=_body(text, lead + marks), tables=list(_tables(rows)),
    )  # fmt: skip
    return ShownReport(html, _plain(document, [origin, *notes], legend, marks))


def _highlights(rows: Mapping[str, list[Row]], text: str) -> Iterator[Highlight]:
    for layer in LAYERS:
        for number, row in enumerate(rows.get(layer.name, ()), 1):
            yield from layer.display.highlights(row, number, text)


def _merged(marks: Iterable[Highlight]) -> list[Highlight]:
    """Merge highlights of one kind on the same words; sort by offset, and the longest first."""
    merged: dict[tuple[str, int, int], Highlight] = {}
    for m in marks:
        key = m.kind, m.start, m.end
        old = merged.get(key, Highlight(*key, ()))
        merged[key] = Highlight(*key, tuple(dict.fromkeys(old.tooltip + m.tooltip)), joined(" ", old.number, m.number))
    return sorted(merged.values(), key=lambda m: (m.start, -m.end, _kinds()[m.kind].rank))


def _origin(document: Mapping[str, Any]) -> str:
    dateline = joined(", ", document.get("place"), document.get("country"))
    parts = (document.get("outlet"), document.get("published"), dateline, document.get("agency"))
    return " · ".join(str(part) for part in parts if part)


def _notes(rows: Mapping[str, list[Row]], misfits: int) -> list[str]:
    missing = ", ".join(name for name in BY_NAME if name not in rows)
    notes = [f"Not made yet: {missing}. Run `make repro`."] if missing else []
    return notes + ([f"Marks of another text left out: {misfits}. Run `make repro`."] if misfits else [])


def _body(text: str, marks: list[Highlight]) -> Markup:
    """Nest the highlights, paragraph by paragraph; where two cross, close the inner one and open it again."""
    gaps = dict(m.span() for m in _SPACE.finditer(text) if m.group().count("\n") > 1)
    edges = {0, len(text), *gaps, *gaps.values(), *(offset for m in marks for offset in (m.start, m.end))}
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
            # A browser shows only the innermost tooltip, so that one has the lines of all.
            tooltip = "\n".join(line for around in reversed(opened) for line in around.tooltip)
            out.append(f'<mark class="ct-{m.kind}" title="{safe(tooltip)}">')
        out.append(safe(text[start:end]))
    out += [_closing(m, len(text)) for m in reversed(opened)]
    return Markup("".join(out) + "</p>" * paragraph)  # text and tooltips are escaped above


def _closing(mark: Highlight, offset: int) -> str:
    # CSS writes the number, so that the text stays the report's own when it is copied or searched.
    ends = mark.number and mark.end == offset
    return (f'<i aria-hidden="true" data-n="{safe(mark.number)}"></i>' if ends else "") + "</mark>"


def _tables(rows: Mapping[str, list[Row]]) -> Iterator[MarkTable]:
    for layer in LAYERS:
        listing = layer.display.listing
        if listing and layer.name in rows:
            columns = listing.columns.values()
            numbered = enumerate(rows[layer.name], 1)
            lines = [[f"{listing.sign}{n}", *(_cell(with_details(r, c)) for c in columns)] for n, r in numbered]
            yield MarkTable(listing.caption, ["no.", *listing.columns], lines)
    tallies = defaultdict[str, Counter[tuple[str | None, ...]]](Counter)
    for layer in LAYERS:
        if (tally := layer.display.tally) and layer.name in rows:
            tallies[tally.caption].update((row["text"], *tally.cells(row)) for row in rows[layer.name])
    for caption, counts in tallies.items():
        lines = [[*map(_cell, mark), str(n)] for mark, n in counts.items()]
        yield MarkTable(caption, ["words", "mark", "meaning", "precision", "times"], lines)


def _cell(words: str | None) -> str:
    return shorten(words or "", _LONGEST_CELL, placeholder=" …")


def _plain(
    document: Mapping[str, Any], head: list[str], legend: Mapping[HighlightKind, int], marks: list[Highlight]
) -> str:
    counts = wrap(", ".join(f"{kind.label} {n}" for kind, n in legend.items()), WIDTH)
    words = (document["text"][m.start : m.end] for m in marks)
    lines = (
        f"{m.start:>6}  {m.kind:<8}  {one_line(text, 24):<24}  {'; '.join(m.tooltip)}"
        for text, m in zip(words, marks, strict=True)
    )
    heading = (document["doc_id"], document.get("title"), *head)
    return "\n".join(one_line(line) for line in (*heading, *counts, *lines) if line)
