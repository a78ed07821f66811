"""The sections of the page: each says what it shows, or why there is nothing to show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from corpus_tools.display.html import link, plural, safe, tag
from corpus_tools.display.picture import Picture
from corpus_tools.display.result import Cell, day, number, table
from corpus_tools.explore.concordance import lines_table
from corpus_tools.layers.wording import number_of_people
from corpus_tools.report.contents import ReportContents, WordFindings
from corpus_tools.report.params import ReportParams


@dataclass(frozen=True)
class Section:
    """A part of the page.

    Attributes
    ----------
    key, title
        Its anchor and its heading.
    body
        Writes it; called if the tables are made and the first of them is not empty.
    nothing
        What is said if the first table is empty.
    figures
        Those that belong there.
    """

    key: str
    title: str
    body: Callable[[ReportContents, ReportParams], str]
    tables: tuple[str, ...] = ()
    nothing: str = ""
    figures: tuple[str, ...] = ()


def section(part: Section, found: ReportContents, params: ReportParams) -> str:
    """Write a section with its heading and its figures."""
    missing = [name for name in part.tables if name not in found.tables]
    if missing:
        steps = dict.fromkeys(tag("code", f"python -m corpus_tools {found.made_by[name]}") for name in missing)
        how = f"Run {tag('code', 'make repro')}, or only {' and '.join(steps)}."
        body = tag("p", f"Not made yet: {', '.join(missing)}. {how}")
    elif part.tables and found.tables[part.tables[0]].is_empty():
        body = _said(part.nothing)
    else:
        body = part.body(found, params)
    body += "".join(_figure(found.pictures[name]) for name in part.figures if name in found.pictures)
    if undrawn := [name for name in part.figures if name not in found.pictures]:
        body += _said(f"Figures that are not there, for want of data or not drawn yet: {', '.join(undrawn)}.")
    return tag("section", tag("h2", part.title) + body, id=part.key)


def _said(words: str) -> str:
    return tag("p", safe(words))


def _figure(picture: Picture) -> str:
    made = tag("details", tag("summary", "Settings") + _said(picture.settings), "ct-muted")
    words = tag("figcaption", safe(picture.caption) + made)
    return tag(
        "figure", f'<img alt="{safe(picture.alt)}" src="{picture.data_url}">' + words, id=f"figure-{picture.name}"
    )


def _rows(title: str, frame: pl.DataFrame, most: int, cells: dict[str, Cell] | None = None, note: str = "") -> str:
    """Write a table below its heading; of a long one the first rows."""
    cut = f"The first {most:,} of {frame.height:,} rows." if frame.height > most else ""
    words = " ".join(filter(None, [note, cut]))
    inner = table(frame.columns, frame.head(most).rows(), cells, title)
    return tag("h3", safe(title)) + (_said(words) if words else "") + inner


def _percent(column: str) -> pl.Expr:
    return (pl.col(column) * 100).alias("share_%")


def _dated(value: Any) -> tuple[str, str]:
    return safe(day(value)), str(value or "")


def _linked(value: Mapping[str, Any]) -> tuple[str, str]:
    return link(day(value["published"]) or "undated", value["url"]), str(value["published"] or "")


def _corpus(found: ReportContents, params: ReportParams) -> str:
    documents, lengths = found.tables["documents"], found.tables["lengths_by_outlet"]
    told = {
        "reports": documents.height,
        "independent reports": int(documents["is_first_report"].sum()),
        "outlets": documents["outlet"].drop_nulls().n_unique(),
        "days with a report": documents["published"].drop_nulls().n_unique(),
        "words": found.running,
    }
    facts = "".join(tag("div", tag("dt", what) + tag("dd", number(n))) for what, n in told.items())
    published = pl.col("published")
    by_outlet = documents.group_by("outlet").agg(
        pl.len().cast(pl.Int64).alias("reports"), pl.col("is_first_report").sum().cast(pl.Int64).alias("independent"),
        first_day=published.min(), last_day=published.max(), days=published.drop_nulls().n_unique().cast(pl.Int64),
    )  # fmt: skip
    by_outlet = by_outlet.join(lengths.select("outlet", length="median"), on="outlet", how="left", nulls_equal=True)
    note = (
        "Of near-duplicates, such as one agency's report in two papers, the first printed is independent. "
        "Length is the median number of tokens."
    )
    cells: dict[str, Cell] = {"first_day": _dated, "last_day": _dated}
    return tag("dl", facts, "ct-facts") + _rows("Outlets", by_outlet.sort("outlet"), params.rows, cells, note)


def _topics(found: ReportContents, params: ReportParams) -> str:
    overview, reports = found.tables["topic_overview"], found.tables["topic_reports"]
    shown = overview.select(
        "topic", "label", _percent("share"), "terms", "stability", mostly_in="outlet", part=pl.col("outlet_share") * 100
    ).rename({"part": "part_%"})
    typical = ""
    for topic, label, share in shown.select("topic", "label", "share_%").iter_rows():
        rows = reports.filter(pl.col("topic") == topic).iter_rows(named=True)
        items = "".join(tag("li", f"{link(r['title'] or r['doc_id'], r['url'])} {_origin(r)}") for r in rows)
        opened = tag("summary", f"{topic} · {safe(label)} {tag('span', f'{number(share)} %', 'ct-muted')}")
        typical += tag("details", opened + tag("ol", items), id=f"topic-{topic}")
    note = "A topic is named by its heaviest terms, or as the project calls it. Its share is its part of all reports."
    return _rows("Shares and terms", shown, params.rows, note=note) + tag("h3", "Most typical reports") + typical


def _origin(row: Mapping[str, Any]) -> str:
    said = ", ".join(filter(None, [row["outlet"], day(row["published"]), f"{row['share']:.0%} of it"]))
    return tag("span", safe(said), "ct-muted")


def _words(found: ReportContents, params: ReportParams) -> str:
    if not found.words:
        return _said("No words are chosen: name some in params.yaml, report.words.")
    columns = ["words", "hits", "per_million", "reports", "independent", "dp_norm"]
    rows = [(n, w.hits, w.per_million, w.reports, w.independent, w.dp_norm) for n, w in enumerate(found.words)]
    cells = {"words": lambda n: (tag("a", safe(found.words[n].typed), href=f"#word-{n}"), found.words[n].typed)}
    glance = tag("h3", "At a glance") + table(columns, rows, cells, "Words at a glance")
    field = tag("label", "Search in all lines below", **{"for": "all-lines"}) + '<input id="all-lines" type="search">'
    field = f'<p class="ct-bar ct-all" hidden>{field}<output for="all-lines"></output></p>'
    urls = found.tables["documents"].select("doc_id", "url")
    return glance + field + "".join(_word(n, word, urls, params.seed) for n, word in enumerate(found.words))


def _word(n: int, word: WordFindings, urls: pl.DataFrame, seed: int) -> str:
    head = tag("h3", safe(word.typed), id=f"word-{n}")
    if not word.hits:
        return head + _said("No report holds it.")
    said = (
        f"{plural(word.hits, 'hit')}, {number(word.per_million)} per million words; "
        f"in {plural(word.reports, 'report')}, {word.independent:,} of them independent. "
        f"Spread over {plural(word.weeks, 'week')}: "
        f"DPnorm {number(word.dp_norm) or 'unknown'} (0: evenly, 1: all in one)."
    )
    near = (
        f"Near it stand, the most typical first: {', '.join(word.near)}."
        if word.near
        else "No word is near it more often than by chance."
    )
    if word.lines.height < word.hits:
        near += f" Below are {plural(word.lines.height, 'line')} of {word.hits:,}, drawn by seed {seed}."
    lines = word.lines.join(urls, on="doc_id", how="left", maintain_order="left")
    return head + _said(said) + _said(near) + tag("div", lines_table(lines, f"Lines of {word.typed}"), "ct-lines")


def _voices(found: ReportContents, params: ReportParams) -> str:
    speakers = found.tables["speakers_by_outlet"].rename({"speaker_name": "speaker", "first_reports": "independent"})
    speakers = speakers.sort("quotes", "outlet", "speaker", descending=[True, False, False], nulls_last=True)
    in_all = speakers.group_by("speaker", maintain_order=True).agg(
        pl.col("quotes", "reports", "independent").sum(), outlets=pl.len().cast(pl.Int64),
        mostly_in=pl.col("outlet").first(),
    ).sort("quotes", "speaker", descending=[True, False])  # fmt: skip
    by_outlet = speakers.select("speaker", "outlet", "quotes", "reports", "independent", _percent("share"))
    note = "The share is of all quotations of the outlet that name who speaks."
    return _rows("Who is quoted", in_all, params.rows) + _rows(
        "Who is quoted, by outlet", by_outlet, params.rows, note=note
    )


def _claims(found: ReportContents, params: ReportParams) -> str:
    urls = found.tables["documents"].select("doc_id", "url", its_outlet="outlet")
    apart = pl.col("country").is_not_null() & (pl.col("country") != pl.col("place"))
    columns: dict[str, pl.Expr | str] = {
        "people": pl.struct("low", "best", "high", "bound"), "kind": "kind", "who": "who",
        "place": pl.when(apart).then(pl.col("place") + ", " + pl.col("country")).otherwise("place"),
        "on_day": "event_date", "said_by": "speaker_name", "outlet": "its_outlet",
        "reported": pl.struct("published", "url"),
    }  # fmt: skip

    def shown(claims: pl.DataFrame, *leave_out: str) -> pl.DataFrame:
        named = {name: what for name, what in columns.items() if name not in leave_out}
        return claims.join(urls, on="doc_id", how="left", maintain_order="left").select(**named)

    several = pl.col("doc_id").n_unique().over("event") > 1
    events = shown(found.tables["tolls"].filter(several), "who", "on_day")
    events = events.select("place", pl.exclude("place"))
    told = pl.sum_horizontal(pl.col("speaker_name", "place", "event_date").is_not_null())
    independent = found.tables["claims"].filter(pl.col("cluster_id") == pl.col("doc_id"))
    claims = independent.sort(
        told, "best", "doc_id", "start", descending=[True, True, False, False], nulls_last=True
    )  # fmt: skip
    cells: dict[str, Cell] = {"people": _people, "reported": _linked}
    of_events = (
        "People killed at one place within a few days, as several reports tell it; they may count different people."
    )
    of_claims = (
        "Of independent reports. Those that tell who says so, where and when come first, of these the largest numbers; "
        "where nobody is named, it is the report's own words."
    )
    return _rows("Events that several reports tell of", events, params.rows, cells, of_events) + _rows(
        "All claims", shown(claims), params.rows, cells, of_claims
    )


def _people(value: Mapping[str, Any]) -> tuple[str, str]:
    found = next((value[c] for c in ("best", "low", "high") if value[c] is not None), 0)
    return safe(number_of_people(value)), f"{found:015d}"  # in the order of numbers, not of their first digits


def _places(found: ReportContents, params: ReportParams) -> str:
    places = found.tables["places_on_map"].sort("mentions", "name", "kind", descending=[True, False, False])
    shown = places.select("name", "country", "kind", "mentions", "reports", independent="first_reports")
    return _rows("Places named most", shown, params.rows)


def _tone(found: ReportContents, params: ReportParams) -> str:
    means = found.tables["sentiment_by_outlet"].filter(pl.col("unit") == "report")
    shown = means.filter(pl.col("index") == "all").select("outlet", "reports", "compound", "low", "high")
    for index, name in {"narrator": "narrator", "quoted": "quoted", "without": "without_vocabulary"}.items():
        of = means.filter(pl.col("index") == index).select("outlet", pl.col("compound").alias(name))
        shown = shown.join(of, on="outlet", how="left", nulls_equal=True)
    shown = shown.sort("outlet", nulls_last=True).with_columns(pl.col("outlet").fill_null("all outlets"))
    note = (
        "Mean VADER score of the sentences, from -1 to 1, with its 95 % interval; of the narrator's sentences and of "
        "quoted ones; and without the words of the vocabulary (sentiment.vocabulary)."
    )
    return _rows("Tone by outlet", shown, params.rows, note=note)


def _quality(found: ReportContents, params: ReportParams) -> str:
    measures = ("gold", "found", "right", "precision", "recall", "f1", "low", "high")
    scores = [
        (name, layer.replace("_", " "), *(scored.get(m) for m in measures))
        for name, layers in (found.scores or {}).get("sets", {}).items()
        for layer, scored in layers.items()
        if isinstance(scored, dict)
    ]
    if not scores:
        return _said("The marks are not scored: there are no reports marked by hand, or the step evaluate was not run.")
    columns = ["marked_by_hand", "layer", "there_are", *measures[1:]]
    frame = pl.DataFrame(scores, schema=columns, orient="row", infer_schema_length=None)
    note = (
        "The marks against those of people who read the reports; low and high are the ends of the 95 % interval of F1."
    )
    return _rows("Scores", frame, params.rows, note=note)


def _settings(found: ReportContents, _: ReportParams) -> str:
    lines = tag("ul", "".join(tag("li", safe(line)) for line in found.settings), "ct-made")
    return lines + _said("Titles and lines are the outlets' own words: mind their rights before you pass this page on.")


SECTIONS = (
    Section(
        "corpus", "The corpus in numbers", _corpus, ("documents", "lengths_by_outlet"), "There are no reports.",
        ("timeline", "independent_reports", "report_lengths"),
    ),
    Section(
        "topics", "Topics", _topics, ("topic_overview", "topic_reports"), "There are no topics.",
        ("topic_terms", "topics_over_time", "topic_prevalence", "topic_number"),
    ),
    Section("words", "Words in context", _words),
    Section("voices", "Voices", _voices, ("speakers_by_outlet",), "Nobody is quoted by name.", ("most_quoted",)),
    Section("claims", "Numbers of people", _claims, ("claims", "tolls"), "No numbers of people are told.", ("tolls",)),
    Section("places", "Places", _places, ("places_on_map",), "No place is named that the map knows.", ("places_map",)),
    Section(
        "tone", "Tone", _tone, ("sentiment_by_outlet",), "There is no sentence to score.",
        ("sentiment_over_time", "sentiment_voices", "sentiment_vocabulary", "sentiment_words"),
    ),
    Section("quality", "How well the marks hold", _quality),
    Section("settings", "What made this page", _settings),
)  # fmt: skip
