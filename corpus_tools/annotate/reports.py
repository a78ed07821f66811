"""Annotate one report, or a partition of them: every mark is a span of the text."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from typing import Any

import polars as pl

from corpus_tools.annotate.params import AnnotateParams
from corpus_tools.layers.layer import Layer, Marks, Values
from corpus_tools.layers.registry import BY_NAME, LAYERS
from corpus_tools.layers.types import Report
from corpus_tools.nltk_fast.punkt import news_punkt, sentence_spans
from corpus_tools.nltk_fast.sentences import Splitter
from corpus_tools.text.dateline import Dateline, find_dateline
from corpus_tools.text.publication_dates import as_day, header_date

_DATELINE = {
    "published": pl.Date(),
    "place": pl.String(),
    "country": pl.String(),
    "agency": pl.String(),
    "body_start": pl.Int32(),
}


class Annotations:
    """The layers of one report, each an attribute: a DataFrame with the columns of the table of the same name.

    Attributes
    ----------
    dateline
        One row (published, place, country, agency, body_start), with nulls where the report has none.
    """

    def __init__(self, marks: Marks, dateline: pl.DataFrame) -> None:
        self.dateline = dateline
        self._marks = marks

    def __getattr__(self, name: str) -> pl.DataFrame:
        if name not in BY_NAME:
            raise AttributeError(f"there is no layer {name!r}; the layers are {', '.join(BY_NAME)}")
        table = as_table(BY_NAME[name], list(self._marks.rows(name)))
        setattr(self, name, table)
        return table

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *BY_NAME]


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
    start = _opening(text)
    line = find_dateline(text, start)
    body = line.end if line else start
    day = as_day(published) or (header[0] if header else None)
    sentences = [(a, b) for _, a, b in sentence_spans(_splitter(), text, body)]
    place, country = (line.place, line.country) if line else (None, None)
    report = Report(text, day, body, sentences, place, country, start)
    return Annotations(Marks(report, BY_NAME), _dateline_row(line, day, body))


def _opening(text: str) -> int:
    """Return where a report starts after its header."""
    header = header_date(text)
    start = header[1] if header else 0
    return start + len(text[start:]) - len(text[start:].lstrip())


def _dateline_row(line: Dateline | None, day: date | None, body: int) -> pl.DataFrame:
    row: dict[str, Any] = {"published": day, "place": None, "country": None, "agency": None, "body_start": body}
    if line:
        row |= {"place": line.place, "country": line.country, "agency": line.agency}
    return pl.DataFrame([row], schema=_DATELINE)


@cache
def _splitter() -> Splitter:
    return news_punkt().splitter()


def as_table(layer: Layer, rows: list[Values]) -> pl.DataFrame:
    """Put a layer's rows into its table."""
    schema = layer.table.schema
    values = list(zip(*rows, strict=True)) or [()] * len(schema)
    series = (pl.Series(c, v, t, strict=True) for (c, t), v in zip(schema.items(), values, strict=True))
    return layer.table.fit(pl.DataFrame(list(series)))


@contextmanager
def _without_collection() -> Iterator[None]:
    """Keep the garbage collector out of a partition: looking at all rows again and again took a fifth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def annotate_partition(
    params: AnnotateParams, documents: pl.DataFrame, sentences: pl.DataFrame
) -> dict[str, pl.DataFrame]:
    """Annotate one partition of documents; those in other languages than the rules are for stay without marks.

    Returns
    -------
    The table of each layer.
    """
    spans: dict[str, list[tuple[int, int]]] = {}
    for doc_id, start, end in sentences.select("doc_id", "start", "end").iter_rows():
        spans.setdefault(doc_id, []).append((start, end))
    rows: dict[str, list[Values]] = {layer.name: [] for layer in LAYERS}
    read = ["doc_id", "text", "published", "body_start", "place", "country", "cluster_id"]
    documents = documents.filter(pl.col("language").is_in(params.languages))
    with _without_collection():
        for doc_id, text, published, body_start, place, country, cluster_id in documents.select(read).iter_rows():
            report = Report(
                text, published, body_start, spans.get(doc_id, []), place, country, _opening(text), doc_id, cluster_id
            )
            marks = Marks(report, BY_NAME)
            for name in rows:
                rows[name] += marks.rows(name)
    return {layer.name: as_table(layer, rows[layer.name]) for layer in LAYERS}
