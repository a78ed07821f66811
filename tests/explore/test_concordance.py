"""Concordances: every hit with its context, in the order asked for, on any number of partitions."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from typing import get_args

import polars as pl
import pytest
from case_ids import case_id
from hypothesis import given
from hypothesis import strategies as st
from nltk.text import ConcordanceIndex
from planted_corpus import (
    BY_ID,
    REPORTS,
    PlantedReport,
    places_of,
    voice_of,
    write,
)
from rendered import Page, any_text, columns

import corpus_tools as ct
from corpus_tools.display.html import fill_in
from corpus_tools.display.result import LINES, ShownTable, shown_table
from corpus_tools.explore.concordance import SCHEMA, Concordance, Sort, lines_table
from corpus_tools.explore.word_index import TokenPartition


def body(result: str) -> str:
    return re.sub(r"\s+", " ", result)


SORTS = get_args(Sort)


PATTERNS = ["army", "the *", "*", "won't", ["attack*", "it's *"], "it's * * *", "U.S.", '"', "nowhere"]


@pytest.mark.parametrize("pattern", PATTERNS, ids=str)
@pytest.mark.parametrize("width", [0, 1, 60, 10_000])
def test_a_line_is_the_text_around_its_offsets(corpus, tokens, pattern, width):
    sentence = {(t["doc_id"], t["start"]): t["sentence"] for t in tokens}
    for line in corpus.concordance(pattern, width=width):
        row, start, end = BY_ID[line["doc_id"]].row, line["start"], line["end"]
        assert line["match"] == body(row["text"][start:end])
        assert line["right"] == body(row["text"][end : end + width])
        # The header is no context.
        assert line["left"] == body(row["text"][max(start - width, row["body_start"]) : start])
        assert line["sentence"] == sentence[line["doc_id"], start]
        assert (line["outlet"], line["published"]) == (row["outlet"], row["published"])


def test_every_line_is_a_hit_and_every_hit_a_line(corpus, tokens):
    wanted = [(t["doc_id"], t["start"], t["end"]) for t in tokens if t["norm"].startswith("attack")]
    assert places_of(corpus.concordance("attack*")) == wanted
    assert len(wanted) > 30


@pytest.mark.parametrize("word", ["army", "the", "n't", ","])
def test_the_hits_are_those_of_nltk(corpus, tokens, word):
    index = ConcordanceIndex([t["token"] for t in tokens], key=str.lower)
    wanted = [
        (tokens[offset]["doc_id"], tokens[offset]["start"], tokens[offset]["end"]) for offset in index.offsets(word)
    ]
    assert places_of(corpus.concordance(word)) == wanted


def near(tokens: list[dict], line: dict, side: str) -> list[str]:
    """The five words on one side of a line within its report, from the hit outwards."""
    words = [t for t in tokens if t["doc_id"] == line["doc_id"] and re.search(r"[^\W\d_]", t["norm"])]
    if side == "left":
        result = [t["norm"] for t in words if t["end"] <= line["start"]][::-1]
    else:
        result = [t["norm"] for t in words if t["start"] >= line["end"]]
    return [*result, "", "", "", "", ""][:5]


@pytest.mark.parametrize("pattern", ["the", "it's *", ","])
@pytest.mark.parametrize("sort", SORTS)
def test_lines_are_in_order(corpus, tokens, sort, pattern):
    keys = {
        "text": lambda _: (),
        "left": lambda line: near(tokens, line, "left"),
        "right": lambda line: near(tokens, line, "right"),
        "match": lambda line: line["match"].lower(),
        "date": lambda line: line["published"] or date.min,
        "outlet": lambda line: (line["outlet"], line["published"] or date.min),
    }
    result = list(corpus.concordance(pattern, sort=sort))
    assert result == sorted(result, key=lambda line: (keys[sort](line), line["doc_id"], line["start"], line["end"]))
    assert len(result) == corpus.concordance(pattern).hits > 20


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("limit", [0, 1, 13, 10_000])
def test_a_limit_keeps_the_first_lines(corpus, sort, limit):
    every, some = corpus.concordance("the", sort=sort), corpus.concordance("the", sort=sort, limit=limit)
    assert some.frame.equals(every.frame.head(limit))
    assert (some.hits, some.reports, some.tokens) == (every.hits, every.reports, every.tokens)


def test_a_sample_is_part_of_the_hits_and_the_same_for_the_same_seed(corpus):
    every = places_of(corpus.concordance("the"))
    draws = [places_of(corpus.concordance("the", sample=9, seed=seed)) for seed in (1, 1, 2)]
    assert draws[0] == draws[1] != draws[2]
    for drawn in draws:
        assert drawn == [place for place in every if place in set(drawn)]
        assert len(drawn) == 9


def test_a_sample_larger_than_all_is_all(corpus):
    assert places_of(corpus.concordance("the", sample=10_000)) == places_of(corpus.concordance("the"))


def test_a_sample_of_nothing_is_nothing(corpus):
    result = corpus.concordance("the", sample=0)
    assert len(result) == 0 < result.hits


def test_a_sample_can_be_sorted_and_cut(corpus):
    sample = corpus.concordance("the", sample=9, sort="right")
    assert sorted(places_of(sample)) == places_of(corpus.concordance("the", sample=9))
    assert places_of(corpus.concordance("the", sample=9, sort="right", limit=4)) == places_of(sample)[:4]


def test_each_hit_is_drawn_as_often_as_any_other(tmp_path):
    rows = [
        {"doc_id": name, "body_start": 0, "is_first_report": True, "text": "army " * often}
        for name, often in (("a", 5), ("b", 1), ("c", 4))
    ]
    corpus = write(tmp_path, [PlantedReport(row, [], [], []) for row in rows], 1)
    draws = (places_of(corpus.concordance("army", sample=4, seed=seed)) for seed in range(200))
    drawn = Counter((name, start) for draw in draws for name, start, _ in draw)
    # 80 of 200 each; the standard deviation is 6.9.
    assert len(drawn) == 10
    assert all(abs(times - 80) < 28 for times in drawn.values()), drawn


def test_a_partition_without_a_line_is_not_asked_who_speaks(corpus, monkeypatch):
    asked = []
    quoted = TokenPartition.is_quoted.func
    monkeypatch.setattr(
        TokenPartition, "is_quoted", property(lambda partition: asked.append(partition) or quoted(partition))
    )
    assert len(corpus.concordance("*", limit=5)) == 5
    assert len(asked) == 1


@pytest.mark.parametrize("filters", [{}, {"outlet": "BBC"}, {"voice": "quoted"}], ids=case_id)
def test_hits_reports_clusters_and_tokens_are_counted(corpus, tokens, filters):
    result = corpus.concordance("food", **filters)
    reports = {line["doc_id"] for line in result}
    assert result.hits == len(result) == len(places_of(result))
    assert result.reports == len(reports)
    assert result.clusters == sum(BY_ID[i].row["is_first_report"] for i in reports)
    assert result.tokens == corpus.concordance(".*", match="regex", **filters).hits
    notes = " ".join(result.notes)
    assert f"{result.hits} hits in {result.reports} reports, {result.clusters} of them independent" in notes
    if not filters:
        assert result.tokens == len(tokens)
        assert result.clusters < result.reports < result.hits


@pytest.mark.parametrize(
    ("how", "note"),
    [({}, None), ({"limit": 2}, "2 lines of them, the first"), ({"sample": 1}, "1 line of them, drawn by seed 0"),
     ({"sample": 5, "limit": 2, "seed": 3}, "2 lines of them, the first of those drawn by seed 3"),
     ({"sample": 9_999, "limit": 2}, "2 lines of them, the first"), ({"sample": 9_999, "limit": 9_999}, None)],
    ids=case_id,
)  # fmt: skip
def test_a_note_says_which_lines_are_kept(corpus, how, note):
    assert list(corpus.concordance("army", **how).notes[1:]) == [note] * (note is not None)


@pytest.mark.slow
def test_results_do_not_depend_on_the_partitions(corpus, tmp_path):
    for per_partition in (3, 24):
        other = write(tmp_path / str(per_partition), REPORTS, per_partition)
        for how in [{"sort": sort} for sort in SORTS] + [
            {"sample": 9},
            {"sort": "left", "limit": 9},
            {"voice": "quoted"},
        ]:
            one, same = corpus.concordance(["the", "army *"], **how), other.concordance(["the", "army *"], **how)
            assert one.frame.equals(same.frame)
            assert (one.notes, one.title, one.clusters) == (same.notes, same.title, same.clusters)


def test_a_line_knows_its_voice_and_speaker(corpus):
    for line in corpus.concordance(".*", match="regex"):
        voice, speaker = voice_of(line)
        assert line["voice"] == voice
        assert line["speaker_name"] == speaker


@pytest.mark.parametrize("name", ["limit", "sample", "width", "seed"])
@pytest.mark.parametrize("bad", [-1, 2.5, "3", float("nan")])
def test_an_invalid_number_is_named(corpus, name, bad):
    with pytest.raises(ct.InputError) as error:
        corpus.concordance("army", **{"sample": 3, name: bad})
    assert error.value.where == f"{name} {bad!r}"


def test_an_unknown_order_is_answered_with_the_nearest(corpus):
    with pytest.raises(ct.InputError, match="did you mean left"):
        corpus.concordance("army", sort="lefft")


def test_the_title_says_what_was_asked(corpus):
    result = corpus.concordance(["army  *", "food"], outlet=["BBC", "Evening Star"], since="2017-W02", speaker="bondar")
    assert result.title == "army * | food (outlet BBC or Evening Star, since 2017-W02, speaker Olha Bondar)"
    assert corpus.concordance("army").title == "army (all)"


def page_of(table: ShownTable) -> str:
    return fill_in("result.html", title="", notes=(), table=table)


@given(st.lists(st.tuples(any_text, any_text, any_text), max_size=25))
def test_a_terminal_shows_80_columns_of_any_lines_with_the_hits_below_each_other(rows):
    given = [dict(zip(("left", "match", "right"), row, strict=True)) for row in rows]
    frame = pl.DataFrame([dict.fromkeys(SCHEMA) | row for row in given], schema=SCHEMA)
    lines = repr(Concordance(frame, "a", (), 0, 0, 0, 0)).split("\n")
    assert all(columns(line) <= 80 and (line.isprintable() or not line) for line in lines)
    assert len(lines) == 1 + min(len(rows), LINES) + (len(rows) > LINES)


@pytest.mark.parametrize("match", ["army", "a b " * 40], ids=case_id)
def test_the_hits_are_aligned(match):
    rows = [{"left": left, "match": match, "right": " x"} for left in ("one ", "北京 " * 60, "")]
    frame = pl.DataFrame([dict.fromkeys(SCHEMA) | row for row in rows], schema=SCHEMA)
    lines = repr(Concordance(frame, "title", (), 3, 3, 3, 9)).split("\n")[1:]
    assert len({columns(line[: line.index(match[:4])]) for line in lines}) == 1
    assert lines[0].lstrip().startswith("one ")


def test_the_sides_of_a_line_are_not_explained_as_counts(corpus):
    page = Page(corpus.concordance("the")._repr_html_())
    assert not any("title" in a for tag, a in page.tags if tag == "th")
    assert "of these, before the pattern" in page_of(shown_table(["left"], [(3,)]))


def test_a_cell_is_sorted_by_its_value_and_context_from_the_hit_outwards():
    frame = pl.DataFrame(
        [dict.fromkeys(SCHEMA) | {"left": "The (old) ", "match": "Army", "right": ", too"}], schema=SCHEMA
    )
    page = Page(page_of(lines_table(frame.with_columns(published=date(2017, 3, 6)), 1)))
    order = {a["class"]: a["data-s"] for tag, a in page.tags if tag == "td" and "data-s" in a}
    assert order == {"ct-left": "old the", "ct-match": "army", "ct-right": "too", "ct-day": "2017-03-06"}
    assert 'data-v="0.5"' in page_of(shown_table(["x"], [(0.5,)]))


def test_a_report_is_shown_with_its_hits_marked(corpus):
    quoted = corpus.concordance("*", voice="quoted", limit=1).frame.row(0, named=True)
    inside = (quoted["start"], quoted["end"])
    wrong = [(-5, 3), (3, 3), (5, 2), (0, 10**6)]
    page = Page(corpus.show(quoted["doc_id"], hits=[inside, *wrong]).html)
    marked = [(data, path) for data, path in page.pieces if "ct-hit" in path and "ct-text" in path]
    assert "".join(data for data, _ in marked) == quoted["match"]
    assert all("ct-quote" in path for _, path in marked)
    assert "words looked for 1" in " ".join(page.text("ct-legend").split()).replace("  ", " ")
    assert "ct-hit" not in corpus.show(quoted["doc_id"], hits=wrong).html.split("</style>")[1]
