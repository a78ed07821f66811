"""Annotate one report or a partition of reports; every mark is a span of the text."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache

import polars as pl

from corpus_tools.annotate.params import AnnotateParams
from corpus_tools.layers.layer import Layer, Marks, Values
from corpus_tools.layers.registry import BY_NAME, LAYERS
from corpus_tools.layers.types import Report
from corpus_tools.nltk_fast.punkt import news_punkt, sentence_spans
from corpus_tools.nltk_fast.sentences import Splitter
from corpus_tools.text.dateline import find_dateline
from corpus_tools.text.publication_dates import as_day, header_date

_DATELINE = {
    "published": pl.Date(),
    "place": pl.String(),
    "country": pl.String(),
    "agency": pl.String(),
    "body_start": pl.Int32(),
}


class Annotations:
    """The layers of one report as attributes; each is a DataFrame with the columns of the table of the same name.

    Attributes
    ----------
    dateline
        One row with published, place, country, agency and body_start; null for what the report lacks.
    """

    def __init__(self, marks: Marks, dateline: pl.DataFrame) -> None:
        self.dateline = dateline
        self._marks = marks

    def __getattr__(self, name: str) -> pl.DataFrame:
        if name not in BY_NAME:
            raise AttributeError(f"no layer {name!r}; the layers are {', '.join(BY_NAME)}")
        table = as_table(BY_NAME[name], list(self._marks.rows(name)))
        setattr(self, name, table)
        return table

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *BY_NAME]


def annotate_text(text: str, published: date | str | None = None) -> Annotations:
    """Mark quotations, dates, numbers of people, names, places and claims in one report.

    Any text is accepted; what the rules do not recognise stays unmarked. Offsets are those of the string as given.

    Parameters
    ----------
    text
        A report. Texts repaired with `clean_text` get better marks.
    published
        The day of publication, from which `Thursday` is resolved; by default that of a header `date YYYY-MM-DD`.

    Raises
    ------
    InputError
        If `published` is text that cannot be read as one day.

    Examples
    --------
    >>> text = '"We left," Olha Bondar told AFP on Thursday. Two people died in Kharkiv.'
    >>> annotations = annotate_text(text, "2022-04-08")
    >>> annotations.quotes.select("text", "speaker_name", "cue", "channel").rows()
    [('We left,', 'Olha Bondar', 'told', 'AFP')]
    >>> annotations.claims.select("text", "kind", "place", "event_date").rows()
    [('Two', 'killed', 'Kharkiv', None)]
    """
    header = header_date(text)
    start = _after_header(text)
    line = find_dateline(text, start)
    body = line.end if line else start
    day = as_day(published) or (header[0] if header else None)
    sentences = [(a, b) for _, a, b in sentence_spans(_splitter(), text, body)]
    place, country, agency = (line.place, line.country, line.agency) if line else (None, None, None)
    report = Report(text, day, body, sentences, place, country, start)
    dateline = pl.DataFrame([(day, place, country, agency, body)], schema=_DATELINE, orient="row")
    return Annotations(Marks(report, BY_NAME), dateline)


def _after_header(text: str) -> int:
    """Return where the dateline or the body starts, after header and white space."""
    header = header_date(text)
    start = header[1] if header else 0
    return start + len(text[start:]) - len(text[start:].lstrip())


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
def _without_garbage_collection() -> Iterator[None]:
    """Switch the garbage collector off: scanning the growing list of rows took a fifth of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def annotate_partition(
    params: AnnotateParams, documents: pl.DataFrame, sentences: pl.DataFrame
) -> dict[str, pl.DataFrame]:
    """Annotate one partition of documents; those in other languages than `params.languages` get no marks.

    Returns
    -------
    The table of each layer by name.
    """
    spans: dict[str, list[tuple[int, int]]] = {}
    for doc_id, start, end in sentences.select("doc_id", "start", "end").iter_rows():
        spans.setdefault(doc_id, []).append((start, end))
    rows: dict[str, list[Values]] = {layer.name: [] for layer in LAYERS}
    columns = ["doc_id", "text", "published", "body_start", "place", "country", "cluster_id"]
    documents = documents.filter(pl.col("language").is_in(params.languages))
    with _without_garbage_collection():
        for doc_id, text, published, body, place, country, cluster_id in documents.select(columns).iter_rows():
            sentence_list, start = spans.get(doc_id, []), _after_header(text)
            report = Report(text, published, body, sentence_list, place, country, start, doc_id, cluster_id)
            marks = Marks(report, BY_NAME)
            for name in rows:
                rows[name] += marks.rows(name)
    return {layer.name: as_table(layer, rows[layer.name]) for layer in LAYERS}
