"""The report: all of it on one page, nothing fetched, no script but its own, and the same bytes again."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
from planted import ROOT
from rendered import Page

from corpus_tools.display.picture import Picture
from corpus_tools.display.result import PAGE
from corpus_tools.errors import InputError
from corpus_tools.explore.concordance import concordance
from corpus_tools.explore.pattern import parse
from corpus_tools.explore.word_index import CorpusWords, Selection
from corpus_tools.figures.drawings import DRAWINGS
from corpus_tools.pipeline import TABLES, open_store
from corpus_tools.report.contents import ReportContents, count_words, find_words, parse_patterns
from corpus_tools.report.page import read_tables, render_page
from corpus_tools.report.params import ReportParams
from corpus_tools.report.sections import SECTIONS
from corpus_tools.runtime.store import Store
from corpus_tools.text.plain_text import day

VOID = frozenset({"meta", "img", "input"})


EVIL = "<script>alert('x')</script> & \"<b>"


PARAMS = ReportParams(title="Fog & <war>", words=["truce*", "peace talks", "absent"], lines=5, rows=30, seed=3)


SETTINGS = ["clean · corpus 0123456789ab · period week", f"report · title {EVIL}"]


SCORE = {
    "gold": 9,
    "found": 8,
    "right": 7,
    "precision": 0.875,
    "recall": 0.7778,
    "f1": 0.8235,
    "low": None,
    "high": 1.0,
}


SCORES = {"reports": 2, "settings": {}, "sets": {"ours": {"reports": 2, "missing": 0, "quotes_with_speaker": SCORE}}}


def corpus(folder: Path, size: int = 0, **changes: pl.DataFrame) -> Store:
    """Twelve reports whose words are known, in partitions of `size`, and a row or more of each table of the page."""
    sentences = ["The truce held.", "A truce and more truces: peace talks went on.", "Nothing of it here."]
    rows, tokens, quotes = [], [], []
    for i in range(12):
        text = " ".join(sentences[: i % 3 + 1])
        rows.append(
            {
                "doc_id": f"d{i:02d}", "source": "s", "outlet": ["Post", "Star"][i % 2], "text": text, "language": "en",
                "title": EVIL if i == 3 else f"Report {i}", "body_start": 0,
                "url": ["https://a.org/?a=1&b=2", "javascript:alert(1)", None][(i + 1) % 3],
                "published": date(2022, 4, 4) + timedelta(days=3 * (i * 7 % 12)), "updated": None,
                "place": None, "country": None, "agency": None, "repairs": [],
                "cluster_id": "d00" if i == 6 else f"d{i:02d}",
                "is_first_report": i != 6,
            }
        )  # fmt: skip
        sentence = 0
        for word in re.finditer(r"\w+|[^\w\s]", text):
            position = {"doc_id": f"d{i:02d}", "sentence": sentence, "start": word.start(), "end": word.end()}
            tokens.append(
                position | {"token": word[0], "norm": word[0].lower(), "lemma": word[0].lower(), "pos": "", "upos": ""}
            )
            sentence += word[0] == "."
        quotes.append(
            dict.fromkeys(TABLES["quotes"].schema)
            | {"doc_id": f"d{i:02d}", "sentence": 0, "start": 4, "end": 9, "text": "truce", "kind": "direct"}
            | {"speaker_name": "Ann Lee"}
        )
    documents = pl.DataFrame(rows, schema=TABLES["documents"].schema)
    tables = {
        "documents": documents,
        "tokens": pl.DataFrame(tokens),
        "quotes": pl.DataFrame(quotes, schema=TABLES["quotes"].schema),
        "names": pl.DataFrame(schema=TABLES["names"].schema),
    }
    place = {"place": "Izium", "country": "Ukraine", "kind": "killed", "published": date(2022, 4, 4), "bound": "exact"}
    numbers = {"low": 1200, "best": 1200, "high": 1200, "start": 0}
    claim = (
        dict.fromkeys(TABLES["claims"].schema) | place | numbers | {"end": 5, "text": "1,200", "event_date": "2022-04"}
    )
    toll = place | numbers | {"outlet": "Post", "speaker_name": None}
    overview = dict.fromkeys(TABLES["topic_overview"].schema) | {"share": 0.25, "stability": 0.9, "outlet_share": 0.5}
    mean = {"unit": "report", "reports": 6, "compound": 0.125, "low": None, "high": None}
    lengths = {"outlet": "Post", "reports": 6, "median": 7.0, "p05": 1.0, "p25": 2.0, "p75": 9.0, "p95": 9.5}
    named = {"terms": "a, b", "outlet": "Star"}
    about = ("doc_id", "outlet", "published", "title", "url")
    voice = {"reports": 3, "first_reports": 2, "share": 0.1}
    spot = {"name": "Kyiv", "country": "Ukraine", "kind": "settlement", "lat": 50.4, "lon": 30.5, "geonames_id": 1}
    outlets = ("Post", "Star")
    table_rows = {
        "lengths_by_outlet": [lengths],
        "topic_overview": [overview | named | {"topic": t, "label": f"topic {t} <i>"} for t in (0, 1)],
        "topic_reports": [{"topic": 0, "rank": i, "share": 0.5, **{k: rows[i][k] for k in about}} for i in range(5)],
        "speakers_by_outlet": [
            voice | {"outlet": outlet, "rank": n, "speaker_name": f"Speaker {n}", "quotes": 99 - n}
            for n in range(20) for outlet in outlets
        ],
        "claims": [claim | {k: row[k] for k in ("doc_id", "cluster_id")} for row in rows],
        "tolls": [
            toll | {"event": e, "doc_id": d, "cluster_id": d, "place": p}
            for e, d, p in ((1, "d00", "Izium"), (1, "d01", "Izium"), (2, "d02", "Lone"))
        ],
        "places_on_map": [spot | {"mentions": 8, "reports": 5, "first_reports": 4}],
        "sentiment_by_outlet": [
            mean | {"outlet": outlet, "index": index} for outlet in (None, *outlets) for index in ("all", "quoted")
        ],
    }  # fmt: skip
    tables |= {
        name: pl.DataFrame(given, schema=TABLES[name].schema, orient="row") for name, given in table_rows.items()
    }
    store = open_store(folder)
    ids = documents["doc_id"].to_list()
    cut = [ids[i : i + (size or 12)] for i in range(0, 12, size or 12)]
    for name, frame in (tables | changes).items():
        groups = cut if name in ("documents", "tokens", "quotes", "names") else [None]
        for n, group in enumerate(groups):
            store.write(
                name, n, TABLES[name].fit(frame if group is None else frame.filter(pl.col("doc_id").is_in(group)))
            )
    return store


class Drawn(Picture):
    """A picture that is on no disk."""

    @property
    def content(self) -> bytes:
        return self.name.encode()


PICTURES = {
    name: Drawn(name, Path(f"{name}.png"), f"Caption of {name} & <more>.", f'Alt of {name} "<"', f"made {name}")
    for name in DRAWINGS
}
MADE_BY = {name: table.step for name, table in TABLES.items()}


def render_report(
    store: Store, params: ReportParams = PARAMS, drawn: dict[str, Picture] = PICTURES, scores: dict | None = SCORES
) -> str:
    words = CorpusWords(store)
    total = count_words(words)
    findings = [
        find_words(words, pattern, params, total)
        for pattern in parse_patterns(params.words, "params.yaml, report.words")
    ]
    return render_page(ReportContents(read_tables(store), findings, total, drawn, scores, SETTINGS, MADE_BY), params)


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Store:
    return corpus(tmp_path_factory.mktemp("report"))


@pytest.fixture(scope="module")
def html(store) -> str:
    return render_report(store)


@pytest.fixture(scope="module")
def page(html) -> Page:
    return Page(html, VOID)


def test_every_figure_has_its_section_alt_caption_and_settings(page):
    assert sorted(name for s in SECTIONS for name in s.figures) == sorted(DRAWINGS)
    images = page.all("img")
    assert len(images) == len(DRAWINGS)
    for name in DRAWINGS:
        image = next(i for i in images if i["alt"] == f'Alt of {name} "<"')
        kind, _, data = image["src"].partition(";base64,")
        assert (kind, base64.b64decode(data)) == ("data:image/png", name.encode())
        assert f"Caption of {name} & <more>." in page.text(f"figure-{name}", "figcaption")
        assert f"made {name}" in page.text(f"figure-{name}", "details")


def test_nothing_is_fetched_and_links_lead_to_the_web_or_into_the_page(page):
    ids = {attrs["id"] for _, attrs in page.tags if "id" in attrs}
    seen = set()
    for tag, attrs in page.tags:
        for name, value in attrs.items():
            if name == "href":
                assert tag == "a"
                seen.add(value)
                if value.startswith("#"):
                    assert value[1:] in ids
                else:
                    assert re.match(r"https?://", value)
                    assert "noopener" in attrs["rel"]
            elif name in ("src", "srcset", "data", "poster", "action", "background"):
                assert value.startswith("data:image/"), (tag, name)
    assert "https://a.org/?a=1&b=2" in seen
    assert not {tag for tag, _ in page.tags} & {"link", "iframe", "object", "embed", "base", "form"}
    style = page.text("style")
    assert "url(" not in style
    assert "@import" not in style


def test_the_page_forbids_what_it_does_not_need_and_allows_its_own_script(page):
    policy = next(m["content"] for m in page.all("meta") if m.get("http-equiv") == "Content-Security-Policy")
    digest = base64.b64encode(hashlib.sha256(page.text("script").encode()).digest()).decode()
    assert policy.split("; ") == [
        "default-src 'none'", "img-src data:", "style-src 'unsafe-inline'", f"script-src 'sha256-{digest}'",
    ]  # fmt: skip


def test_what_reports_and_params_hold_is_text(html, page):
    assert html.count("<script") == 1
    assert EVIL in page.text("topic-0", "a") + page.text("topic-0", "li")
    assert "topic 1 <i>" in page.text("topic-1", "summary")
    assert page.text("h1") == page.text("title") == "Fog & <war>"
    assert EVIL in page.text("settings", "li")
    assert "javascript:" not in html


def test_ids_are_unique_and_headings_in_order(page):
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b <= a + 1 for a, b in pairwise(levels))
    assert not [attrs for _, attrs in page.tags if attrs.get("role") == "heading"]


def test_every_table_has_a_name_of_its_own_and_its_headings_a_scope(page):
    names = [t["aria-label"] for t in page.all("table")]
    assert len(names) == len(set(names)) == 12
    assert all(names)
    heads = page.all("th")
    assert heads
    assert {h["scope"] for h in heads} == {"col"}


def test_a_reader_finds_the_way(page):
    assert page.all("html") == [{"lang": "en"}]
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in page.all("meta")
    assert page.all("a")[0] == {"class": "ct-skip", "href": "#results"}  # the first thing that Tab reaches
    assert [a for tag, a in page.tags if tag == "main"] == [{"id": "results"}]
    assert [t for path, t in page.texts if "nav" in path and "a" in path] == [s.title for s in SECTIONS]
    assert [t for path, t in page.texts if "h2" in path] == [s.title for s in SECTIONS]
    label, field = page.all("label")[0], page.all("input")[0]
    assert label["for"] == field["id"]


def test_without_scripts_the_first_page_is_read_and_the_rest_is_not_printed(page):
    rows = [a for tag, a in page.tags if tag == "tr"]
    assert sum("hidden" in a for a in rows) == (30 - PAGE)  # of the voices by outlet, whose 40 rows are cut to 30
    assert "hidden" in next(a for a in page.all("p") if "ct-all" in a.get("class", ""))  # a field that would do nothing
    style = (ROOT / "corpus_tools" / "display" / "static" / "report.css").read_text(encoding="utf-8")
    assert re.search(r"@media print \{.*\.ct-bar,.* \{ display: none; \}", style, re.DOTALL)
    assert f"tr:nth-child({PAGE + 1})" in style  # a table of one page has no field to search in it


def lines_of(page: Page, label: str) -> int:
    inside, count = False, 0
    for tag, attrs in page.tags:
        if tag == "table":
            inside = attrs["aria-label"] == label
        count += inside and tag == "tr"
    return count - 1


def test_the_lines_are_those_of_the_concordance_drawn_by_the_seed(store, page):
    words = CorpusWords(store)
    all_of_it = concordance(words, parse("truce*"), Selection())
    drawn = concordance(words, parse("truce*"), Selection(), sort="date", sample=5, seed=3)
    assert (all_of_it.hits, all_of_it.reports, all_of_it.clusters) == (28, 12, 11)
    shown = [t for path, t in page.texts if "ct-match" in path]
    assert shown[:5] == drawn.frame["match"].to_list()
    assert lines_of(page, "Lines of truce*") == 5
    text = page.text("words", "p")
    total = sum(int(partition.is_word.sum()) for partition in words.partitions())
    assert f"28 hits, {28 / total * 1e6:,.0f} per million words; in 12 reports, 11 of them independent." in text
    assert "5 lines of 28, drawn by seed 3" in text
    assert lines_of(page, "Lines of peace talks") == 5
    assert "8 hits" in text
    assert "DPnorm " in text
    assert "The most typical words near it: held, " in text
    assert ": a, and, more, on, truces, went." in text  # `truce` is as near as chance has it
    days = [(t, "a" in path) for path, t in page.texts if {"ct-lines", "ct-day"} <= set(path)]
    leads = store.read("documents", columns=["doc_id", "url"]).filter(pl.col("url").str.starts_with("https"))["doc_id"]
    assert days[:5] == [
        (day(published), doc_id in leads) for doc_id, published in drawn.frame.select("doc_id", "published").rows()
    ]
    assert {is_link for _, is_link in days} == {True, False}


def test_words_without_hits_say_so(page):
    titles = [t for path, t in page.texts if "h3" in path]
    assert "absent" in titles
    assert "It occurs in no report." in page.text("words", "p")


def test_numbers_of_the_corpus_are_those_of_the_tables(page):
    assert [t for path, t in page.texts if "dd" in path][:4] == ["12", "11", "2", "12"]
    assert page.text("header", "p").startswith("12 reports of 2 outlets, 4 Apr 2022 to 7 May 2022")


def test_claims_are_of_independent_reports_and_events_of_several(page):
    assert lines_of(page, "All claims") == 11
    assert (
        page.text("claims", "td").count("Post") == 6
    )  # of 11 claims five, as the sixth repeats another; and one event
    assert lines_of(page, "Events in several reports") == 2
    assert "Izium, Ukraine" in page.text("claims", "td")
    assert "Lone" not in page.text("claims", "td")
    assert "1,200" in page.text("claims", "ct-people")


def test_voices_are_summed_over_the_outlets_and_long_tables_cut_and_said_to_be(page):
    assert lines_of(page, "Who is quoted") == 20
    assert lines_of(page, "Who is quoted, by outlet") == 30
    assert "The first 30 of 40 rows." in page.text("voices", "p")
    assert "198" in [t for path, t in page.texts if "voices" in path and "td" in path]  # Speaker 0, in both outlets


def test_tone_ends_with_all_outlets_and_quality_has_the_scores(page):
    firsts = [t for path, t in page.texts if "tone" in path and "td" in path]
    assert firsts.index("Post") < firsts.index("Star") < firsts.index("all outlets")
    assert "quotes with speaker" in page.text("quality", "td")
    assert "0.824" in page.text("quality", "td")


def test_empty_tables_figures_and_scores_are_said_in_a_sentence(tmp_path):
    named = {name for s in SECTIONS for name in s.tables if name not in ("documents", "lengths_by_outlet")}
    empty = {name: pl.DataFrame(schema=TABLES[name].schema) for name in named}
    store = corpus(tmp_path, **empty)
    page = Page(render_report(store, ReportParams(words=[]), {}, None), VOID)
    text = page.text("section", "p")
    for section in SECTIONS:
        assert section.tables[:1] == ("documents",) or section.nothing in text
        for name in section.figures:
            assert name in text
    assert page.all("img") == []
    assert "No words are chosen" in text
    assert "The marks are not scored" in text
    assert lines_of(page, "Outlets") == 2


def test_reports_without_outlet_day_or_title_are_shown(tmp_path):
    none = [pl.lit(None, pl.String).alias(name) for name in ("outlet", "title", "url")]
    documents = corpus(tmp_path / "a").read("documents").with_columns(*none, published=pl.lit(None, pl.Date))
    page = Page(render_report(corpus(tmp_path / "b", documents=documents)), VOID)
    assert page.text("header", "p").startswith("12 reports, undated.")
    assert "undated" in page.text("words", "td")
    assert [t for path, t in page.texts if "dd" in path][2:4] == ["0", "0"]


def test_missing_tables_are_named_with_the_remedy_and_without_reports_no_page_is_made(tmp_path):
    store = corpus(tmp_path)
    for name in ("topic_overview", "topic_reports", "sentiment_by_outlet"):
        shutil.rmtree(store.folder(name))
    page = Page(render_report(store), VOID)
    assert "Not made yet: topic_overview, topic_reports." in page.text("topics", "p")
    assert "python -m corpus_tools topics" in page.text("topics", "code")
    assert "python -m corpus_tools sentiment" in page.text("tone", "code")
    assert lines_of(page, "All claims") == 11
    shutil.rmtree(store.folder("documents"))
    with pytest.raises(InputError, match="no such table yet") as error:
        read_tables(store)
    assert "corpus_tools clean" in error.value.remedy


@pytest.mark.parametrize("size", [0, 5, 1])
def test_the_same_tables_give_the_same_bytes_however_they_are_cut(html, tmp_path, size):
    assert render_report(corpus(tmp_path, size)) == html
