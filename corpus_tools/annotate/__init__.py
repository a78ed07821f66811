"""Annotate: who said what, when, where, and how many people were affected; every mark an offset into the text."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from typing import Any

import polars as pl

from corpus_tools.annotate.claims import Around, find_claims
from corpus_tools.annotate.names import find_names
from corpus_tools.annotate.places import find_places
from corpus_tools.annotate.quantities import find_quantities
from corpus_tools.annotate.quotes import Voices
from corpus_tools.annotate.spans import Claim, Name, Place, Quantity, Quote, Report, Time
from corpus_tools.annotate.times import find_times
from corpus_tools.dateline import Dateline, find_dateline
from corpus_tools.dates import as_day, header_date
from corpus_tools.params import Annotate
from corpus_tools.punkt import news_punkt, sentence_spans
from corpus_tools.tables import TABLES, fit

LAYERS = ("quotes", "times", "quantities", "names", "places", "claims")
Row = tuple[Any, ...]
Span = tuple[int, int]


@dataclass(frozen=True)
class Marks:
    """All that is marked in one report."""

    report: Report
    quotes: list[Quote]
    times: list[Time]
    quantities: list[Quantity]
    names: list[Name]
    places: list[Place]
    claims: list[Claim]

    def rows(self, layer: str, doc_id: str, cluster_id: str | None = None) -> Iterator[Row]:
        """Give one layer's rows, in the order of the table's columns."""
        if layer == "claims":
            return self._claims(doc_id, cluster_id)
        return getattr(self, f"_{layer}")(doc_id)  # type: ignore[no-any-return]

    def _words(self, span: Span | None) -> str | None:
        return self.report.text[span[0] : span[1]] if span else None

    def _quotes(self, doc_id: str) -> Iterator[Row]:
        text = self.report.text
        for q in self.quotes:
            yield (
                doc_id, self.report.sentence_of(q.start), q.start, q.end, text[q.start : q.end], q.kind,
                self._words(q.speaker), *(q.speaker or _NOWHERE), q.speaker_name, q.speaker_role,
                self._words(q.cue), *(q.cue or _NOWHERE), q.channel,
            )  # fmt: skip

    def _times(self, doc_id: str) -> Iterator[Row]:
        text = self.report.text
        for t in self.times:
            yield doc_id, t.start, t.end, text[t.start : t.end], t.value, t.granularity

    def _quantities(self, doc_id: str) -> Iterator[Row]:
        text = self.report.text
        for n in self.quantities:
            yield doc_id, n.start, n.end, text[n.start : n.end], n.low, n.best, n.high, n.bound, n.kind

    def _names(self, doc_id: str) -> Iterator[Row]:
        text = self.report.text
        for n in self.names:
            yield doc_id, n.start, n.end, text[n.start : n.end], n.label, n.name

    def _places(self, doc_id: str) -> Iterator[Row]:
        text = self.report.text
        for p in self.places:
            yield doc_id, p.start, p.end, text[p.start : p.end], p.kind, p.name, *_on_map(p)

    def _claims(self, doc_id: str, cluster_id: str | None) -> Iterator[Row]:
        for c in self.claims:
            n, place, event = c.quantity, c.place, c.event
            who = (n.who_start, n.who_end) if n.who_end > n.who_start else None
            at_dateline = self.report.place if c.place_precision == "dateline" else None
            yield (
                doc_id, cluster_id, self.report.published, n.start, n.end, self._words((n.start, n.end)),
                n.low, n.best, n.high, n.bound, n.kind, self._words(who), *(who or _NOWHERE),
                c.speaker_name, *(c.speaker or _NOWHERE), self._words(c.cue), *(c.cue or _NOWHERE),
                c.event_date, c.event_date_precision, *((event.start, event.end) if event else _NOWHERE),
                place.name if place else at_dateline, c.place_precision,
                *((place.start, place.end) if place else _NOWHERE), *_on_map(place),
            )  # fmt: skip


_NOWHERE = (None, None)


def _on_map(place: Place | None) -> Row:
    return (place.country, place.lat, place.lon, place.geonames_id) if place else (None,) * 4


@dataclass(frozen=True)
class Annotations:
    """The layers of one report as DataFrames with the columns of the tables of the same name.

    `dateline` has one row (published, place, country, agency, body_start), with nulls where the report gives none.
    """

    marks: Marks
    dateline: pl.DataFrame

    def _layer(self, name: str) -> pl.DataFrame:
        return as_table(name, list(self.marks.rows(name, "0")))

    @cached_property
    def quotes(self) -> pl.DataFrame:
        """Quotations with speaker, cue and channel."""
        return self._layer("quotes")

    @cached_property
    def times(self) -> pl.DataFrame:
        """Dates with their ISO 8601 values."""
        return self._layer("times")

    @cached_property
    def quantities(self) -> pl.DataFrame:
        """Numbers of people killed, wounded, displaced, ..."""
        return self._layer("quantities")

    @cached_property
    def names(self) -> pl.DataFrame:
        """Names of people, organisations and places."""
        return self._layer("names")

    @cached_property
    def places(self) -> pl.DataFrame:
        """Places with their coordinates."""
        return self._layer("places")

    @cached_property
    def claims(self) -> pl.DataFrame:
        """Each number of people with who says so, when and where it happened."""
        return self._layer("claims")


def annotate_text(text: str, published: date | str | None = None) -> Annotations:
    """Mark everything in one report: quotations, dates, numbers of people, names, places and claims.

    Any text will do: what cannot be read is left unmarked. Offsets are those of the string as given.

    Parameters
    ----------
    text
        A report; mended texts (see `clean_text`) give better marks.
    published
        The day of publication, against which `Thursday` is read; else a header `date YYYY-MM-DD` gives it.

    Raises
    ------
    InputError
        If `published` is text that cannot mean one day.

    Examples
    --------
    >>> found = annotate_text('"We left," Olha Bondar told AFP on Thursday. Two people died in Kharkiv.', "2022-04-08")
    >>> found.quotes.select("text", "speaker_name", "cue", "channel").rows()
    [('We left,', 'Olha Bondar', 'told', 'AFP')]
    >>> found.claims.select("text", "kind", "place", "event_date").rows()
    [('Two', 'killed', 'Kharkiv', None)]
    """
    header = header_date(text)
    start = _opens(text)
    line = find_dateline(text, start)
    body = line.end if line else start
    day = as_day(published) or (header[0] if header else None)
    sentences = [(a, b) for _, a, b in sentence_spans(_splitter(), text, body)]
    marks = mark(
        Report(text, day, body, sentences, line.place if line else None, line.country if line else None, start)
    )
    return Annotations(marks, _dateline_row(line, day, body))


def _opens(text: str) -> int:
    """Say where a report begins after its header."""
    header = header_date(text)
    start = header[1] if header else 0
    return start + len(text[start:]) - len(text[start:].lstrip())


def _dateline_row(line: Dateline | None, day: date | None, body: int) -> pl.DataFrame:
    columns = TABLES["documents"].columns
    row: dict[str, Any] = {"published": day, "place": None, "country": None, "agency": None, "body_start": body}
    if line:
        row |= {"place": line.place, "country": line.country, "agency": line.agency}
    return pl.DataFrame([row], schema={name: columns[name] for name in row})


@cache
def _splitter() -> Any:
    return news_punkt().splitter()


def mark(report: Report) -> Marks:
    """Find all layers of one report."""
    names = find_names(report)
    places = find_places(report, names)
    times = find_times(report)
    quantities = find_quantities(report)
    voices = Voices(report, names)
    quotes = voices.quotes()
    claims = find_claims(report, quantities, Around(times, places, quotes, voices))
    return Marks(report, quotes, times, quantities, names, places, claims)


def as_table(name: str, rows: list[Row]) -> pl.DataFrame:
    """Put rows into a table."""
    columns = TABLES[name].columns
    values = list(zip(*rows, strict=True)) or [()] * len(columns)
    series = (pl.Series(c, v, t, strict=True) for (c, t), v in zip(columns.items(), values, strict=True))
    return fit(name, pl.DataFrame(list(series)))


@contextmanager
def _without_collection() -> Iterator[None]:
    """Keep the garbage collector out of a partition: its looks over all rows so far took a fifth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def annotate_partition(params: Annotate, documents: pl.DataFrame, sentences: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Annotate one partition of documents; those in other languages than the rules are for stay unmarked.

    Returns
    -------
    A frame for each of LAYERS.
    """
    spans: dict[str, list[tuple[int, int]]] = {}
    for doc_id, start, end in sentences.select("doc_id", "start", "end").iter_rows():
        spans.setdefault(doc_id, []).append((start, end))
    rows: dict[str, list[Row]] = {layer: [] for layer in LAYERS}
    read = ["doc_id", "text", "published", "body_start", "place", "country", "cluster_id"]
    documents = documents.filter(pl.col("language").is_in(params.languages))
    with _without_collection():
        for doc_id, text, published, body_start, place, country, cluster_id in documents.select(read).iter_rows():
            report = Report(text, published, body_start, spans.get(doc_id, []), place, country, _opens(text))
            marks = mark(report)
            for layer in LAYERS:
                rows[layer] += marks.rows(layer, doc_id, cluster_id)
    return {layer: as_table(layer, rows[layer]) for layer in LAYERS}
