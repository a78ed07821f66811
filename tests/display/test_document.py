"""A report with its marks: none of its text lost, readable in both themes and in a terminal."""

from __future__ import annotations

import re
import time
from collections import Counter
from datetime import date

import polars as pl
import pytest
from case_ids import case_id
from hypothesis import given
from hypothesis import strategies as st
from planted import ROOT
from rendered import Page

import corpus_tools as ct
from corpus_tools.display.document import _kinds, render
from corpus_tools.layers.registry import BY_NAME
from corpus_tools.pipeline import TABLES, open_store
from corpus_tools.text.plain_text import one_line

CSS = (ROOT / "corpus_tools" / "display" / "static" / "show.css").read_text(encoding="utf-8")


TEXT = (
    'KHARKIV, Ukraine: "At least 25 people died in Izyum," governor Olha Bondar told AFP on Thursday.\n\n'
    "She said <b>Izyum</b> & others were 'empty' <script>alert(1)</script>."
)


def rows(name: str, *given: dict) -> pl.DataFrame:
    """A layer of report `a`; columns that are not given are null."""
    empty = dict.fromkeys(TABLES[name].schema) | {"doc_id": "a"}
    return TABLES[name].fit(pl.DataFrame([empty | row for row in given], schema=TABLES[name].schema))


def span(words: str, text: str = TEXT, part: str = "", nth: int = 0) -> dict:
    """The offsets of words in a text, as columns."""
    start = [m.start() for m in re.finditer(re.escape(words), text)][nth]
    prefix = f"{part}_" if part else ""
    return {f"{prefix}start": start, f"{prefix}end": start + len(words)} | ({} if part else {"text": words})


def layers() -> dict[str, pl.DataFrame]:
    speaker = {"speaker": "Olha Bondar", **span("Olha Bondar", part="speaker"), "speaker_name": "Olha Bondar"}
    number = span("At least 25") | {"low": 25, "best": 25, "bound": "at least", "kind": "killed"}
    izyum = {"kind": "settlement", "name": "Izyum", "country": "Ukraine", "lat": 49.21, "lon": 37.26}
    return {
        "quotes": rows(
            "quotes",
            span("At least 25 people died in Izyum,") | speaker | {"kind": "direct", "speaker_role": "governor"}
            | {"cue": "told", **span("told", part="cue"), "channel": "AFP"},
            span("<b>Izyum</b> & others were 'empty'") | {"kind": "indirect", "cue": "said"} | span("said", part="cue"),
        ),
        "times": rows("times", span("Thursday") | {"value": "2022-04-07", "granularity": "day"}),
        "quantities": rows("quantities", number),
        "names": rows(
            "names",
            span("Olha Bondar") | {"label": "PERSON", "name": "Olha Bondar"},
            span("AFP") | {"label": "ORG", "name": "AFP"},
            span("KHARKIV") | {"label": "PLACE", "name": "Kharkiv"},
        ),
        "places": rows(
            "places", span("Izyum") | izyum, span("Izyum", nth=1) | izyum,
            span("Ukraine") | {"kind": "country", "name": "Ukraine", "country": "Ukraine"},
        ),
        "claims": rows(
            "claims",
            number | {"who": "people", **span("people", part="who"), "speaker_name": "Olha Bondar"}
            | span("Olha Bondar", part="speaker") | span("told", part="cue")
            | {"place": "Izyum", "place_precision": "settlement", **span("Izyum", part="place")},
        ),
    }  # fmt: skip


DOCUMENT = {
    "doc_id": "a", "outlet": 'Post & "Mail"', "title": "<i>Dead</i>", "url": "https://example.org/?a=1&b=2",
    "published": date(2022, 4, 8), "place": "Kharkiv", "country": "Ukraine", "agency": "AFP", "body_start": 17,
    "text": TEXT,
}  # fmt: skip


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(render(DOCUMENT, layers()).html)


@st.composite
def reports(draw) -> tuple[str, dict[str, pl.DataFrame]]:
    """Any text, also of marks, tags and breaks, and spans of every layer that overlap as they like."""
    bits = st.sampled_from(['"', "<", "&", "\n\n", " \n \n", "\r", "</p>", "\0", "é", "a ", "]]>", "<!--"])
    text = draw(st.lists(bits | st.text(max_size=4), max_size=25).map("".join))
    offset = st.integers(0, len(text))
    marks = {}
    for name in draw(st.sets(st.sampled_from(list(BY_NAME)))):
        given = []
        for a, b in draw(st.sets(st.tuples(offset, offset), max_size=6)):
            start, end = min(a, b), max(a, b)
            row = {"start": start, "end": end, "text": text[start:end]}
            others = [c for c, t in TABLES[name].schema.items() if t == pl.String and c not in {"doc_id", "text"}]
            row[draw(st.sampled_from(others))] = draw(st.text(max_size=3))
            parts = [c.removesuffix("_start") for c in TABLES[name].schema if c.endswith("_start")]
            for part in draw(st.sets(st.sampled_from(parts))) if parts else ():
                row |= {f"{part}_start": draw(offset), f"{part}_end": draw(offset)}
            given.append(row)
        marks[name] = rows(name, *{(r["start"], r["end"]): r for r in given}.values())
    return text, marks


@pytest.mark.slow
@given(reports(), st.integers(-1, 30))
def test_any_marks_on_any_text_leave_the_text_as_it_was(report, body_start):
    text, marks = report
    shown = render({"doc_id": "a", "text": text, "body_start": max(0, body_start)}, marks)
    page = Page(shown.html)
    assert page.text("ct-text") == text.replace("\0", "\ufffd")
    assert not {"\0", "\r"} & set(shown.html)  # a browser changes them on reading
    assert all(len(line) <= 80 and line.isprintable() for line in repr(shown).split("\n"))


@pytest.mark.slow
@given(reports())
def test_every_character_is_under_the_marks_that_hold_it(report):
    text, marks = report
    page = Page(
        render({"doc_id": "a", "text": text}, {k: v for k, v in marks.items() if k in {"times", "places"}}).html
    )
    gaps = [m.span() for m in re.finditer(r"[ \t\r\n]{2,}", text) if m.group().count("\n") > 1]
    wanted = []
    for i in range(len(text)):
        hold = Counter()
        if not any(a <= i < b for a, b in gaps):  # between paragraphs nothing can be marked
            for layer, kind in (("times", "ct-date"), ("places", "ct-place")):
                spans = marks[layer].select("start", "end").iter_rows() if layer in marks else ()
                hold[kind] = sum(a <= i < b for a, b in spans)
        wanted.append(+hold)
    got = [
        Counter(c for c in path if c in {"ct-date", "ct-place"})
        for data, path in page.pieces for _ in data if "ct-text" in path
    ]  # fmt: skip
    assert got == wanted


def test_marks_that_cross_are_closed_and_opened_again():
    marks = {
        "times": rows("times", span("one two", "one two three") | {"value": "x"}),
        "names": rows("names", span("two three", "one two three") | {"label": "ORG", "name": "y"}),
    }
    html = render({"doc_id": "a", "text": "one two three"}, marks).html
    assert re.sub(r' title="[^"]*"', "", html[html.index("<p>") : html.index("</p>")]) == (
        '<p><mark class="ct-date">one <mark class="ct-org">two</mark></mark><mark class="ct-org"> three</mark>'
    )


def test_blank_lines_part_paragraphs_and_single_ones_stay_within(page):
    assert [t for t, _ in page.tags].count("p") == 2
    one = Page(render({"doc_id": "a", "text": "one  two \n three"}, {}).html)
    assert [t for t, _ in one.tags].count("p") == 1


def test_a_mark_over_two_paragraphs_is_in_both():
    marks = {"times": rows("times", span("one\n\ntwo", "one\n\ntwo") | {"value": "x"})}
    page = Page(render({"doc_id": "a", "text": "one\n\ntwo"}, marks).html)
    assert [d for d, path in page.pieces if "ct-text" in path and "ct-date" in path] == ["one", "two"]


def test_a_mark_that_begins_between_paragraphs_is_in_the_next():
    text = "one\n\n\ntwo"
    marks = {"times": rows("times", span("\n\ntwo", text) | {"value": "x"})}
    page = Page(render({"doc_id": "a", "text": text}, marks).html)
    assert [d for d, path in page.pieces if "ct-text" in path and "ct-date" in path] == ["two"]
    assert [t for t, _ in page.tags].count("p") == 2


def test_of_marks_that_begin_together_the_longest_is_outermost():
    marks = {
        "times": rows("times", span("one", "one two") | {"value": "x"}),
        "names": rows("names", span("one two", "one two") | {"label": "ORG", "name": "y"}),
    }
    html = render({"doc_id": "a", "text": "one two"}, marks).html
    assert html.count('class="ct-org" title') == 1
    assert html.index('class="ct-org" title') < html.index('class="ct-date" title')


def test_what_browsers_and_terminals_would_change_or_obey_is_kept_from_them():
    text = "a\0b\rc\x1b[2J"
    shown = render({"doc_id": "a", "text": text}, {"times": rows("times", span(text, text) | {"value": "x"})})
    assert "a\ufffdb&#13;c" in shown.html
    assert "\x1b" not in repr(shown)


def test_the_number_of_a_quotation_is_written_once_though_paragraphs_divide_it():
    marks = {"quotes": rows("quotes", span("one\n\ntwo", "one\n\ntwo") | {"kind": "direct"})}
    assert render({"doc_id": "a", "text": "one\n\ntwo"}, marks).html.count('data-n="1"') == 1


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        ("ct-quote", ["quotation 1 (direct): Olha Bondar, governor; told; AFP"]),
        ("ct-indirect", ["quotation 2 (indirect): no speaker; said"]),
        ("ct-date", ["2022-04-07 (day)"]),
        ("ct-quantity", ["claim 1: at least 25, people, according to Olha Bondar, Izyum (settlement)"]),
        ("ct-quantity", ["killed: at least 25"]),
        ("ct-who", ["who of claim 1"]),
        ("ct-place", ["Izyum, Ukraine 49.21 N 37.26 E (settlement)", "place of claim 1"]),
        ("ct-place", ["Kharkiv (place)", "Ukraine (country)"]),
        ("ct-person", ["Olha Bondar (person)"]),
        ("ct-org", ["AFP (organisation)"]),
        ("ct-speaker", ["speaker of quotation 1: Olha Bondar, governor", "speaker of claim 1"]),
        ("ct-cue", ["cue of quotation 1: Olha Bondar, governor"]),
    ],
    ids=case_id,
)  # fmt: skip
def test_tooltips_explain_a_mark(page, css, expected):
    lines = {line for title in page.titles(css) for line in title.split("\n")}
    assert set(expected) <= lines


def test_the_innermost_tooltip_explains_what_is_around_it_too(page):
    within = next(t for t in page.titles("ct-place") if t.startswith("Izyum"))
    assert "quotation 1 (direct)" in within


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"low": 20, "best": 25, "high": 30, "bound": "exact"}, "killed: 20 to 30"),
        ({"low": 1200, "best": 1200, "high": 1200, "bound": "exact"}, "killed: 1,200"),
        ({"high": 30, "bound": "at most"}, "killed: at most 30"),
        ({"best": 30, "bound": "about"}, "killed: about 30"),
        ({"low": 200, "best": 300, "high": 999, "bound": "about"}, "killed: about 300 (200 to 999)"),
        ({"low": 0, "best": 0, "high": 0, "bound": "exact"}, "killed: 0"),
        ({"bound": None}, "killed: an unknown number"),
    ],
    ids=case_id,
)
def test_numbers_are_shown_with_their_bounds(row, expected):
    marks = {"quantities": rows("quantities", span("25") | {"kind": "killed"} | row)}
    assert Page(render({"doc_id": "a", "text": TEXT}, marks).html).titles("ct-quantity")[-1] == expected


def test_south_and_west_are_named():
    place = {"kind": "settlement", "name": "Ushuaia", "country": "Argentina", "lat": -54.8, "lon": -68.3}
    marks = {"places": rows("places", span("Izyum") | place)}
    titles = Page(render({"doc_id": "a", "text": TEXT}, marks).html).titles("ct-place")
    assert "Ushuaia, Argentina 54.80 S 68.30 W (settlement)" in titles


def test_the_highlight_covers_the_quotation_marks_and_carries_its_number(page):
    assert page.text("ct-quote").startswith("quotation")  # the legend's
    quoted = "".join(d for d, path in page.pieces if "ct-quote" in path and "ct-text" in path)
    assert quoted == '"At least 25 people died in Izyum,"'
    assert [a["data-n"] for t, a in page.tags if t == "i"] == ["#1", "1", "2"]


def test_the_legend_counts_the_marks(page):
    legend = re.findall(r"([a-z ]+) (\d+)", page.text("ct-legend"))
    assert legend == [
        ("quotation", "1"), ("indirect quotation", "1"), ("speaker", "1"), ("cue", "2"), ("number of people", "1"),
        ("who they are", "1"), ("date", "1"), ("place", "4"), ("person", "1"), ("organisation", "1"),
        ("other name", "0"),
    ]  # fmt: skip


def test_the_tables_name_every_row(page):
    assert [d for d, path in page.pieces if path[-1] == "caption"] == ["Who says what", "Claims", "Dates and places"]
    heads = [a for t, a in page.tags if t == "th"]
    assert {a.get("scope") for a in heads} == {"col", "row"}
    cells = [d for d, path in page.pieces if path[-1] == "td"]
    for words in ("Olha Bondar", "governor", "told", "AFP", "25", "killed", "Izyum (settlement)", "2022-04-07"):
        assert words in cells
    izyum = cells.index("Izyum, Ukraine 49.21 N 37.26 E")
    assert cells[izyum - 1 : izyum + 3] == ["place", "Izyum, Ukraine 49.21 N 37.26 E", "settlement", "2"]


def test_a_layer_without_marks_says_none_and_one_not_made_is_named():
    shown = render(DOCUMENT, {"quotes": rows("quotes")})
    page = Page(shown.html)
    assert "none" in [d for d, path in page.pieces if path[-1] == "ct-muted"]
    note = f"Not made yet: {', '.join(name for name in BY_NAME if name != 'quotes')}. Run `make repro`."
    assert note in page.text("ct-muted")
    assert one_line(note) in repr(shown)
    assert "Claims" not in page.text("caption")
    assert "quotation 0" in page.text("ct-legend")


def test_marks_of_another_text_are_left_out_and_counted():
    marks = layers()
    page = Page(render(DOCUMENT | {"text": "x" + TEXT}, marks).html)
    assert f"another text left out: {sum(f.height for f in marks.values())}." in page.text("ct-muted")
    assert page.text("ct-text") == "x" + TEXT
    assert page.titles("ct-place") == []


def test_what_a_report_holds_never_becomes_markup(page):
    tags = {t for t, _ in page.tags}
    assert not tags & {"script", "b"}
    assert "<i>Dead</i>" in page.text("ct-title")
    assert 'Post & "Mail" · 2022-04-08 · Kharkiv, Ukraine · AFP' in page.text("ct-origin")
    hostile = '" onmouseover="alert(1)'
    marks = {"names": rows("names", span("AFP") | {"label": "ORG", "name": hostile})}
    got = Page(render(DOCUMENT, marks).html)
    assert not any("onmouseover" in a for _, a in got.tags)
    assert f"{hostile} (organisation)" in got.titles("ct-org")[0]


@pytest.mark.parametrize(
    ("url", "followed"),
    [
        ("https://example.org/?a=1&b=2", True),
        ("HTTP://example.org", True),
        ("javascript:alert(1)", False),
        (" javascript:alert('https://example.org')", False),
        ("file:///etc/passwd", False),
        ("https://", False),
        ("http://[", True),  # a browser goes nowhere with it; it does no harm
        (None, False),
    ],
)
def test_only_links_to_the_web_are_followed(url, followed):
    page = Page(render(DOCUMENT | {"url": url}, {}).html)
    assert [a["href"] for t, a in page.tags if t == "a"] == ([url] if followed else [])
    if url:
        assert url in page.text("ct-muted" if not followed else "a")


def test_nothing_is_fetched_and_nothing_runs():
    html = render(DOCUMENT, layers()).html
    assert html.count("<style>") == 1
    assert not re.search(r"<script|<link|<img|@import|url\(|src=", html)


def colours(name: str) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """A colour of the style sheet in light and dark, as red, green, blue, alpha from 0 to 1."""
    marks = re.search(rf"--ct-{name}: .*?light-dark\((#\w+), (#\w+)\)", CSS)
    light, dark = (tuple(int(c[i : i + 2], 16) / 255 for i in range(1, len(c), 2)) for c in marks.groups())
    return (*light, 1.0)[:4], (*dark, 1.0)[:4]


def over(top: tuple[float, ...], below: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(t * top[3] + b * (1 - top[3]) for t, b in zip(top[:3], below, strict=False))


def contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """Contrast after WCAG 2.2."""

    def luminance(rgb: tuple[float, ...]) -> float:
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb[:3]]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_what_it_should_be():
    assert contrast((0, 0, 0), (1, 1, 1)) == pytest.approx(21)
    assert contrast((0x76 / 255,) * 3, (1, 1, 1)) == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("name", ["ink", "muted", "voice", "number", "date", "place", "name"])
@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_every_colour_can_be_read_on_the_page_and_on_a_quotation(name, theme):
    colour, page, tint = (colours(n)[theme] for n in (name, "page", "tint"))
    assert contrast(colour, page) >= 4.5
    assert contrast(colour, over(tint, page)) >= 4.5
    if name == "ink":  # a quotation in a quotation
        assert contrast(colour, over(tint, over(tint, page))) >= 4.5


def test_every_kind_of_mark_differs_by_more_than_its_colour():
    looks = {}
    for kind in _kinds():
        # A new kind may lack a rule; test_every_class_of_the_page_has_its_rule is about the others.
        if rule := re.search(rf"\.ct-{kind} {{ (.*?) }}", CSS):
            looks[kind] = re.sub(r"var\(--ct-(?!muted)\w+\)", "", rule.group(1))
    assert len(set(looks.values())) == len(looks)


def test_every_class_of_the_page_has_its_rule(page):
    used = {a["class"] for _, a in page.tags if a.get("class")}
    assert used <= set(re.findall(r"\.(ct-\w+)", CSS))


def test_a_terminal_lists_the_marks():
    lines = repr(render(DOCUMENT, layers())).splitlines()
    assert lines[:3] == ["a", "<i>Dead</i>", 'Post & "Mail" · 2022-04-08 · Kharkiv, Ukraine · AFP']
    assert f"    {TEXT.index('Thursday')}  date      Thursday                  2022-04-07 (day)" in lines
    assert max(map(len, lines)) <= 80


@pytest.fixture
def corpus(tmp_path) -> ct.Corpus:
    store = open_store(tmp_path / "data")
    other = DOCUMENT | {"doc_id": "b", "text": "Nothing here."}
    empty = dict.fromkeys(TABLES["documents"].schema)
    documents = pl.DataFrame([empty | DOCUMENT, empty | other], schema=TABLES["documents"].schema)
    store.write("documents", 0, documents)
    for name, frame in layers().items():
        if name != "claims":
            store.write(name, 0, frame)
    return ct.open_corpus(tmp_path)


def test_the_corpus_shows_a_report_with_its_own_marks_only(corpus):
    assert corpus.show("a").html == render(DOCUMENT, {k: v for k, v in layers().items() if k != "claims"}).html
    other = corpus.show("b")
    assert Page(other.html).text("ct-text") == "Nothing here."
    missing = ", ".join(name for name in BY_NAME if name == "claims" or name not in layers())
    assert f"Not made yet: {missing}." in repr(other)
    assert "left out" not in repr(other)
    assert other._repr_html_() == other.html


def test_an_unknown_report_is_answered_with_the_nearest(corpus):
    with pytest.raises(ct.InputError, match="no report has this doc_id") as error:
        corpus.show("aa")
    assert "did you mean a?" in str(error.value)


def test_one_of_four_thousand_reports_is_shown_at_once(tmp_path):
    store = open_store(tmp_path / "data")
    schema = TABLES["documents"].schema
    words = "A report of some length, said the mayor of Izyum on Thursday. " * 50
    ids = [f"r{i:04d}" for i in range(3_800)]
    start = words.index("Izyum")
    documents = pl.DataFrame({"doc_id": ids, "text": [words] * len(ids)}).with_columns(
        pl.lit(None, dtype=t).alias(c) for c, t in schema.items() if c not in {"doc_id", "text"}
    )
    store.write("documents", 0, documents)
    for name in BY_NAME:
        many = pl.DataFrame({"doc_id": ids * 20, "start": [start] * 20 * len(ids), "text": "Izyum"})
        many = many.with_columns(pl.int_range(pl.len()).alias("end") // len(ids) + start + 5)
        store.write(name, 0, many.with_columns(
            pl.lit(None, dtype=t).alias(c) for c, t in TABLES[name].schema.items() if c not in many.columns
        ))  # fmt: skip
    corpus = ct.open_corpus(tmp_path)
    corpus.show("r0001")  # the first reads the style sheet
    began = time.perf_counter()
    corpus.show("r3000")
    assert time.perf_counter() - began < 0.3
