"""Show one report with all that is marked in it, as HTML for a notebook and as plain text for a terminal."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, pairwise
from textwrap import shorten, wrap
from typing import Any

import polars as pl

from corpus_tools.markup import WIDTH, link, one_line, resource, safe, tag

Row = dict[str, Any]

LAYERS = ("quotes", "times", "quantities", "names", "places", "claims")
# Each kind of mark: the layer that makes it, its name in the legend. Of marks on the same words the first is outermost.
KINDS = {
    "lead": ("", "header and dateline"),
    "hit": ("", "words looked for"),
    "quote": ("quotes", "quotation"),
    "indirect": ("quotes", "indirect quotation"),
    "speaker": ("quotes", "speaker"),
    "cue": ("quotes", "cue"),
    "quantity": ("quantities", "number of people"),
    "who": ("claims", "who they are"),
    "date": ("times", "date"),
    "place": ("places", "place"),
    "person": ("names", "person"),
    "org": ("names", "organisation"),
    "name": ("names", "other name"),
}
_RANK = {kind: rank for rank, kind in enumerate(KINDS)}
_LABELS = {"PERSON": "person", "ORG": "org", "PLACE": "place"}
_PARTS = {"who": "who", "speaker": "speaker", "cue": "cue", "event_date": "date", "place": "place"}
_EVENT_DATE, _PLACE = "event_date event_date_precision", "place place_precision"
_VOICES = {"words": "text", "speaker": "speaker_name", "role": "speaker_role"}
_VOICES |= {c: c for c in ("cue", "channel", "kind")}
_CLAIMS = {"people": "text"} | {c: c for c in ("low", "best", "high", "kind", "who")}
_CLAIMS |= {"speaker": "speaker_name", "event date": _EVENT_DATE, "place": _PLACE}
_SPACE, _QUOTATION_MARKS = re.compile(r"[ \t\r\n]{2,}"), frozenset("\"'“”„«»‘’`")


@dataclass(frozen=True)
class Mark:
    """A stretch of text, what is said of it on hovering, and the number of its row in a table below."""

    kind: str
    start: int
    end: int
    says: tuple[str, ...]
    number: str = ""


@dataclass(frozen=True, repr=False)
class Shown:
    """A report with its marks: HTML in a notebook, plain text in a terminal."""

    html: str
    plain: str

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return self.plain


def render(
    document: Mapping[str, Any], layers: Mapping[str, pl.DataFrame], hits: Iterable[tuple[int, int]] = ()
) -> Shown:
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
    made = {k: layers[k].rows(named=True) for k in LAYERS if k in layers}
    rows = {k: [r for r in found if text[r["start"] : r["end"]] == r["text"]] for k, found in made.items()}
    marked = chain(_marks(rows, text), (Mark("hit", start, end, ()) for start, end in hits))
    marks = _merged(m for m in marked if 0 <= m.start < m.end <= len(text))
    counts = Counter(m.kind for m in marks)
    legend = {k: counts[k] for k, (layer, _) in KINDS.items() if layer in rows or counts[k]}
    head = _head(document, rows, sum(len(made[k]) - len(found) for k, found in rows.items()))
    body_start = min(document.get("body_start") or 0, len(text))
    lead = [Mark("lead", 0, body_start, (KINDS["lead"][1],))] if body_start else []
    body = _header(document, head) + _legend(legend) + _body(text, lead + marks) + _tables(rows)
    return Shown(tag("article", _style() + body, "ct-show"), _plain(document, head, legend, marks))


def _marks(rows: Mapping[str, list[Row]], text: str) -> Iterator[Mark]:
    for n, row in enumerate(rows.get("quotes", ()), 1):
        yield from _quote(row, n, text)
    for row in rows.get("times", ()):
        yield Mark("date", row["start"], row["end"], (_told(row, "value granularity"),))
    for row in rows.get("quantities", ()):
        yield Mark("quantity", row["start"], row["end"], (f"{row['kind']}: {people(row)}",))
    for row in rows.get("places", ()):
        yield Mark("place", row["start"], row["end"], (f"{_where(row)} ({row['kind']})",))
    for row in rows.get("names", ()):
        kind = _LABELS.get(row["label"], "name")
        yield Mark(kind, row["start"], row["end"], (f"{row['name']} ({KINDS[kind][1]})",))
    for n, row in enumerate(rows.get("claims", ()), 1):
        source = f"according to {row['speaker_name']}" if row["speaker_name"] else "in the report's own words"
        says = _join(", ", people(row), row["who"], source, _told(row, _EVENT_DATE), _told(row, _PLACE))
        yield Mark("quantity", row["start"], row["end"], (f"claim {n}: {says}",), f"#{n}")
        yield from _parts(row, tuple(_PARTS), f"claim {n}")


def _quote(row: Row, n: int, text: str) -> Iterator[Mark]:
    indirect, source = row["kind"] == "indirect", _join(", ", row["speaker_name"] or "no speaker", row["speaker_role"])
    says = f"quotation {n} ({row['kind']}): {_join('; ', source, row['cue'], row['channel'])}"
    # The table leaves the quotation marks out; a highlight that stops short of them looks like a mistake.
    start = row["start"] - (not indirect and text[: row["start"]][-1:] in _QUOTATION_MARKS)
    end = row["end"] + (not indirect and text[row["end"] :][:1] in _QUOTATION_MARKS)
    yield Mark("indirect" if indirect else "quote", start, end, (says,), str(n))
    yield from _parts(row, ("speaker", "cue"), f"quotation {n}: {source}")


def _parts(row: Row, parts: tuple[str, ...], whole: str) -> Iterator[Mark]:
    for part in parts:
        start, end = row[f"{part}_start"], row[f"{part}_end"]
        if start is not None and end is not None:
            yield Mark(_PARTS[part], start, end, (f"{part.replace('_', ' ')} of {whole}",))


def _merged(marks: Iterable[Mark]) -> list[Mark]:
    """Make one mark of those of one kind on the same words, the longest of those that begin together first."""
    found: dict[tuple[str, int, int], Mark] = {}
    for m in marks:
        key = m.kind, m.start, m.end
        old = found.get(key, Mark(*key, ()))
        found[key] = Mark(*key, tuple(dict.fromkeys(old.says + m.says)), _join(" ", old.number, m.number))
    return sorted(found.values(), key=lambda m: (m.start, -m.end, _RANK[m.kind]))


def _join(between: str, *parts: str | None) -> str:
    return between.join(p for p in parts if p)


def _told(row: Mapping[str, Any], columns: str) -> str:
    first, *more = (f"{v:,}" if isinstance(v, int) else v for v in map(row.get, columns.split()))
    return _join(" ", first, *(f"({v})" for v in more if v))


def people(row: Mapping[str, Any]) -> str:
    """Say how many people a claim is about, with its bounds.

    Examples
    --------
    >>> people({"low": 1200, "best": 1200, "high": None, "bound": "at least"})
    'at least 1,200'
    """
    low, best, high = (_told(row, c) or None for c in ("low", "best", "high"))
    bound = row["bound"] if row["bound"] in {"at least", "at most", "about"} else None
    span = f"{low} to {high}" if low and high and low != high else None
    value = {"at least": low, "at most": high}.get(bound or "") or best or low or high or "an unknown number"
    return _join(" ", bound, value, span and f"({span})") if bound else span or value


def _where(row: Row) -> str:
    place = _join(", ", row["name"], row["country"] if row["country"] != row["name"] else None)
    if row["lat"] is None or row["lon"] is None:
        return place
    return f"{place} {abs(row['lat']):.2f} {'SN'[row['lat'] >= 0]} {abs(row['lon']):.2f} {'WE'[row['lon'] >= 0]}"


def _head(document: Mapping[str, Any], rows: Mapping[str, list[Row]], misfits: int) -> list[str]:
    dateline = _join(", ", document.get("place"), document.get("country"))
    origin = (document.get("outlet"), document.get("published"), dateline, document.get("agency"))
    missing = ", ".join(k for k in LAYERS if k not in rows)
    notes = [f"Not made yet: {missing}. Run `make repro`."] if missing else []
    notes += [f"Marks of another text left out: {misfits}. Run `make repro`."] if misfits else []
    return [" · ".join(str(p) for p in origin if p), *notes]


def _style() -> str:
    return tag("style", resource("show.css"))


def _header(document: Mapping[str, Any], head: list[str]) -> str:
    title, url = document.get("title"), str(document.get("url") or "")
    below = [_join(" · ", safe(document["doc_id"]) if title else None, link(url, url)), *map(safe, head[1:])]
    # A heading element would enter JupyterLab's table of contents.
    heading = tag("div", safe(title or document["doc_id"]), "ct-title", role="heading", **{"aria-level": "3"})
    lines = "".join(tag("div", line, "ct-muted") for line in below if line)
    return tag("header", tag("div", safe(head[0]), "ct-origin") + heading + lines)


def _legend(counts: Mapping[str, int]) -> str:
    entries = (tag("li", f"{tag('mark', KINDS[k][1], f'ct-{k}')} {n}") for k, n in counts.items())
    return tag("ul", "".join(entries), "ct-legend", **{"aria-label": "Legend"}) if counts else ""


def _body(text: str, marks: list[Mark]) -> str:
    """Nest the marks, paragraph by paragraph; of two that cross, the inner one is closed and opened again."""
    gaps = dict(m.span() for m in _SPACE.finditer(text) if m.group().count("\n") > 1)
    edges = {0, len(text), *gaps, *gaps.values(), *(at for m in marks for at in (m.start, m.end))}
    out, waiting, opened, under = list[str](), marks[::-1], list[Mark](), list[Mark]()
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
        for m in sorted(new, key=lambda m: (-m.end, m.start, _RANK[m.kind])):
            opened.append(m)
            # A browser shows the innermost tooltip only, so that one says all.
            says = "\n".join(line for around in reversed(opened) for line in around.says)
            out.append(f'<mark class="ct-{m.kind}" title="{safe(says)}">')
        out.append(safe(text[start:end]))
    out += [_closing(m, len(text)) for m in reversed(opened)]
    return tag("div", "".join(out) + "</p>" * paragraph, "ct-text", dir="auto")


def _closing(mark: Mark, at: int) -> str:
    # CSS writes the number, so that the text stays the report's own when it is copied or searched.
    here = mark.number and mark.end == at
    return (tag("i", "", **{"aria-hidden": "true", "data-n": mark.number}) if here else "") + "</mark>"


def _tables(rows: Mapping[str, list[Row]]) -> str:
    parts = []
    for caption, layer, sign, columns in (("Who says what", "quotes", "", _VOICES), ("Claims", "claims", "#", _CLAIMS)):
        if layer in rows:
            lines = ([f"{sign}{n}", *(_told(r, c) for c in columns.values())] for n, r in enumerate(rows[layer], 1))
            parts.append(_table(caption, ["no.", *columns], lines))
    if "times" in rows or "places" in rows:
        seen = Counter((t["text"], "date", t["value"], t["granularity"]) for t in rows.get("times", ()))
        seen.update((p["text"], "place", _where(p), p["kind"]) for p in rows.get("places", ()))
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


def _plain(document: Mapping[str, Any], head: list[str], counts: Mapping[str, int], marks: list[Mark]) -> str:
    legend = wrap(", ".join(f"{KINDS[k][1]} {n}" for k, n in counts.items()), WIDTH)
    found = ((document["text"][m.start : m.end], m) for m in marks)
    lines = (f"{m.start:>6}  {m.kind:<8}  {one_line(words, 24):<24}  {'; '.join(m.says)}" for words, m in found)
    return "\n".join(one_line(w) for w in (document["doc_id"], document.get("title"), *head, *legend, *lines) if w)
