"""The sections of the page: which tables and figures each shows, and the values for its template."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from corpus_tools.display.result import Cell, ShownTable, shown_table
from corpus_tools.explore.concordance import lines_table
from corpus_tools.report.contents import ReportContents, WordFindings
from corpus_tools.report.params import ReportParams
from corpus_tools.text.plain_text import day
from corpus_tools.text.wording import number_of_people

Values = dict[str, Any]


@dataclass(frozen=True)
class PageSection:
    """A section of the page.

    Attributes
    ----------
    key, title
        Its anchor and its heading; its template is `sections/KEY.html`.
    content
        Returns the `content` of its template; called if its tables are made and the first one has rows.
    tables
        The tables that it needs.
    nothing
        Its text if the first table is empty.
    figures
        The figures below its tables.
    """

    key: str
    title: str
    content: Callable[[ReportContents, ReportParams], Values]
    tables: tuple[str, ...] = ()
    nothing: str = ""
    figures: tuple[str, ...] = ()


def fill_section(section: PageSection, contents: ReportContents, params: ReportParams) -> Values:
    """Return what `page.html` shows of a section."""
    missing = [name for name in section.tables if name not in contents.tables]
    is_empty = bool(section.tables) and not missing and contents.tables[section.tables[0]].is_empty()
    return {
        "key": section.key,
        "title": section.title,
        "missing": missing,
        "steps": list(dict.fromkeys(contents.made_by[name] for name in missing)),
        "nothing": section.nothing if is_empty else "",
        "content": {} if missing or is_empty else section.content(contents, params),
        "pictures": [contents.pictures[name] for name in section.figures if name in contents.pictures],
        "undrawn": [name for name in section.figures if name not in contents.pictures],
    }


def _table(label: str, frame: pl.DataFrame, most: int, **cells: Callable[[Any], Cell]) -> ShownTable:
    """Return the first rows of a frame as a table; `cells` writes the columns that are neither words nor numbers."""
    first = frame.head(most)
    columns = [map(cells[c.name], c) if c.name in cells else c for c in first]
    return shown_table(frame.columns, list(zip(*columns, strict=True)), cells, frame.height, label=label)


def _percent(column: str) -> pl.Expr:
    return (pl.col(column) * 100).alias(f"{column}_%")


def _day(value: Any) -> Cell:
    return Cell(day(value), str(value or ""))


def _corpus(contents: ReportContents, params: ReportParams) -> Values:
    documents, lengths = contents.tables["documents"], contents.tables["lengths_by_outlet"]
    facts = {
        "reports": documents.height,
        "independent reports": int(documents["is_first_report"].sum()),
        "outlets": documents["outlet"].drop_nulls().n_unique(),
        "days with a report": documents["published"].drop_nulls().n_unique(),
        "words": contents.n_words,
    }
    published = pl.col("published")
    by_outlet = documents.group_by("outlet").agg(
        pl.len().cast(pl.Int64).alias("reports"), pl.col("is_first_report").sum().cast(pl.Int64).alias("independent"),
        first_day=published.min(), last_day=published.max(), days=published.drop_nulls().n_unique().cast(pl.Int64),
    )  # fmt: skip
    by_outlet = by_outlet.join(lengths.select("outlet", length="median"), on="outlet", how="left", nulls_equal=True)
    outlets = _table("Outlets", by_outlet.sort("outlet"), params.rows, first_day=_day, last_day=_day)
    return {"facts": facts, "outlets": outlets}


def _topics(contents: ReportContents, params: ReportParams) -> Values:
    shares = contents.tables["topic_overview"].select(
        "topic", "label", _percent("share"), "terms", "stability", pl.col("outlet").alias("mostly_in"),
        _percent("outlet_share"),
    )  # fmt: skip
    reports = contents.tables["topic_reports"]
    topics = [
        (topic, label, share, map(_typical, reports.filter(pl.col("topic") == topic).iter_rows(named=True)))
        for topic, label, share in shares.select("topic", "label", "share_%").iter_rows()
    ]
    return {"shares": _table("Shares and terms", shares, params.rows), "topics": topics}


def _typical(row: Mapping[str, Any]) -> Values:
    origin = ", ".join(filter(None, [row["outlet"], day(row["published"]), f"{row['share']:.0%} of it"]))
    return {"title": row["title"] or row["doc_id"], "url": row["url"], "origin": origin}


def _words(contents: ReportContents, params: ReportParams) -> Values:
    columns = ["words", "hits", "per_million", "reports", "independent", "dp_norm"]
    rows = [
        (Cell(w.typed, w.typed, anchor=f"word-{n}"), w.hits, w.per_million, w.reports, w.independent, w.dp_norm)
        for n, w in enumerate(contents.words)
    ]
    urls = contents.tables["documents"].select("doc_id", "url")
    return {
        "at_a_glance": shown_table(columns, rows, ["words"], label="Words at a glance"),
        "words": [(word, _lines(word, urls)) for word in contents.words],
        "seed": params.seed,
    }


def _lines(word: WordFindings, urls: pl.DataFrame) -> ShownTable:
    lines = word.lines.join(urls, on="doc_id", how="left", maintain_order="left")
    return lines_table(lines, lines.height, f"Lines of {word.typed}")


def _voices(contents: ReportContents, params: ReportParams) -> Values:
    speakers = contents.tables["speakers_by_outlet"].rename({"speaker_name": "speaker", "first_reports": "independent"})
    speakers = speakers.sort("quotes", "outlet", "speaker", descending=[True, False, False], nulls_last=True)
    in_all = speakers.group_by("speaker", maintain_order=True).agg(
        pl.col("quotes", "reports", "independent").sum(), outlets=pl.len().cast(pl.Int64),
        mostly_in=pl.col("outlet").first(),
    ).sort("quotes", "speaker", descending=[True, False])  # fmt: skip
    by_outlet = speakers.select("speaker", "outlet", "quotes", "reports", "independent", _percent("share"))
    return {
        "in_all": _table("Who is quoted", in_all, params.rows),
        "by_outlet": _table("Who is quoted, by outlet", by_outlet, params.rows),
    }


def _claims(contents: ReportContents, params: ReportParams) -> Values:
    urls = contents.tables["documents"].select("doc_id", "url", its_outlet="outlet")
    is_abroad = pl.col("country").is_not_null() & (pl.col("country") != pl.col("place"))
    columns: dict[str, pl.Expr | str] = {
        "people": pl.struct("low", "best", "high", "bound"), "kind": "kind", "who": "who",
        "place": pl.when(is_abroad).then(pl.col("place") + ", " + pl.col("country")).otherwise("place"),
        "on_day": "event_date", "said_by": "speaker_name", "outlet": "its_outlet",
        "reported": pl.struct("published", "url"),
    }  # fmt: skip

    def shown(label: str, claims: pl.DataFrame, names: Sequence[str]) -> ShownTable:
        joined = claims.join(urls, on="doc_id", how="left", maintain_order="left")
        frame = joined.select(**{name: columns[name] for name in names})
        return _table(label, frame, params.rows, people=_people, reported=_reported)

    several = pl.col("doc_id").n_unique().over("event") > 1
    details = pl.sum_horizontal(pl.col("speaker_name", "place", "event_date").is_not_null())
    independent = contents.tables["claims"].filter(pl.col("cluster_id") == pl.col("doc_id"))
    claims = independent.sort(
        details, "best", "doc_id", "start", descending=[True, True, False, False], nulls_last=True
    )
    of_event = ("place", "people", "kind", "said_by", "outlet", "reported")
    return {
        "events": shown("Events in several reports", contents.tables["tolls"].filter(several), of_event),
        "claims": shown("All claims", claims, tuple(columns)),
    }


def _people(value: Mapping[str, Any]) -> Cell:
    count = next((value[column] for column in ("best", "low", "high") if value[column] is not None), 0)
    return Cell(number_of_people(value), f"{count:015d}")  # sorts as a number


def _reported(value: Mapping[str, Any]) -> Cell:
    return Cell(day(value["published"]) or "undated", str(value["published"] or ""), value["url"])


def _places(contents: ReportContents, params: ReportParams) -> Values:
    places = contents.tables["places_on_map"].sort("mentions", "name", "kind", descending=[True, False, False])
    frame = places.select("name", "country", "kind", "mentions", "reports", independent="first_reports")
    return {"places": _table("Places named most", frame, params.rows)}


def _tone(contents: ReportContents, params: ReportParams) -> Values:
    averages = contents.tables["sentiment_by_outlet"].filter(pl.col("unit") == "report")
    tone = averages.filter(pl.col("index") == "all").select("outlet", "reports", "compound", "low", "high")
    for index, name in {"narrator": "narrator", "quoted": "quoted", "without": "without_vocabulary"}.items():
        column = averages.filter(pl.col("index") == index).select("outlet", pl.col("compound").alias(name))
        tone = tone.join(column, on="outlet", how="left", nulls_equal=True)
    tone = tone.sort("outlet", nulls_last=True).with_columns(pl.col("outlet").fill_null("all outlets"))
    return {"tone": _table("Tone by outlet", tone, params.rows)}


def _accuracy(contents: ReportContents, params: ReportParams) -> Values:
    columns = {
        "annotated": "gold", "found": "found", "correct": "right",
        **{name: name for name in ("precision", "recall", "f1", "low", "high")},
    }  # fmt: skip
    scores = [
        (name, layer.replace("_", " "), *map(measures.get, columns.values()))
        for name, layers in (contents.scores or {}).get("sets", {}).items()
        for layer, measures in layers.items()
        if isinstance(measures, dict)
    ]
    if not scores:
        return {"scores": None}
    frame = pl.DataFrame(scores, schema=["set", "layer", *columns], orient="row", infer_schema_length=None)
    return {"scores": _table("Scores", frame, params.rows)}


def _settings(contents: ReportContents, _: ReportParams) -> Values:
    return {"lines": contents.settings}


SECTIONS = (
    PageSection(
        "corpus", "The corpus in numbers", _corpus, ("documents", "lengths_by_outlet"), "There are no reports.",
        ("timeline", "independent_reports", "report_lengths"),
    ),
    PageSection(
        "topics", "Topics", _topics, ("topic_overview", "topic_reports"), "There are no topics.",
        ("topic_terms", "topics_over_time", "topic_prevalence", "topic_number"),
    ),
    PageSection("words", "Words in context", _words),
    PageSection("voices", "Voices", _voices, ("speakers_by_outlet",), "Nobody is quoted by name.", ("most_quoted",)),
    PageSection(
        "claims", "Numbers of people", _claims, ("claims", "tolls"), "No report gives a number of people.", ("tolls",)
    ),
    PageSection("places", "Places", _places, ("places_on_map",), "No place on the map is named.", ("places_map",)),
    PageSection(
        "tone", "Tone", _tone, ("sentiment_by_outlet",), "There is no sentence to score.",
        ("sentiment_over_time", "sentiment_voices", "sentiment_vocabulary", "sentiment_words"),
    ),
    PageSection("quality", "How accurate the marks are", _accuracy),
    PageSection("settings", "What made this page", _settings),
)  # fmt: skip
