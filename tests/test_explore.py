"""Searching: what a pattern takes in, the lines around it, the filters; and how results look and what they hold."""

from __future__ import annotations

import html
import inspect
import os
import random
import re
import shutil
import time
import unicodedata
import weakref
from collections import Counter
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from fnmatch import fnmatchcase
from pathlib import Path
from typing import get_args, get_type_hints

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.text import ConcordanceIndex
from test_show import Page

import corpus_tools as ct
from corpus_tools import markup
from corpus_tools.corpus import FILTERS
from corpus_tools.display.result import LINES, PAGE, SHOWN, Result, table
from corpus_tools.explore import concordance as lines_module
from corpus_tools.explore import words as words_module
from corpus_tools.explore.concordance import SCHEMA, Concordance, Sort, lines_table
from corpus_tools.explore.pattern import cut, parse
from corpus_tools.explore.word_index import Filters, TokenPartition, Where
from corpus_tools.runtime.store import TABLES, Store
from corpus_tools.tokenise.texts import tokenise_texts

# ---- a small corpus -------------------------------------------------------------------------------------------------

OUTLETS, PLACES = ("BBC", "Evening Star", "Morning Post"), ("Kyiv", "Izyum", "Aleppo")
FULL = {"Bondar": "Olha Bondar", "Petrenko": "Ivan Petrenko"}  # what a surname alone stands for
WORDS = "army Army convoy shelters the attack attacks won't it’s U.S. peace-talks food".split()


@dataclass
class Report:
    row: dict
    quotes: list[dict]
    names: list[dict]
    places: list[dict]


def report(number: int) -> Report:
    """A report of planted people, places and quotations; some have a header, some no date, some are repeats."""
    rng = random.Random(number)
    place, named = PLACES[number % 3], rng.choice(PLACES)
    head = f"{place.upper()}, army (AFP) - " if number % 2 else ""
    some = lambda n: " ".join(rng.choices(WORDS, k=n))  # noqa: E731
    marks: dict[str, list[dict]] = {"quotes": [], "names": [], "places": []}
    text = head

    def say(words: str, layer: str = "", **columns: str) -> None:
        nonlocal text
        if layer:
            where = {"start": len(text), "end": len(text) + len(words), "text": words}
            marks[layer].append(where | columns)
        text += words

    for surname, full in FULL.items():
        say(f"The {some(4)}, and - {some(2)}.\nNear ")
        say(named, "places", name=named, kind="settlement")
        say(f" {some(3)}. ")
        say(full, "names", label="PERSON", name=full)
        say(' said: "')
        say(f"We  {some(5)}. They {some(2)}", "quotes", kind="direct", speaker_name=rng.choice([surname, full]))
        say('," and that ')
        start = len(text)
        say(f'the {some(2)} is "')
        say(some(2), "quotes", kind="mixed", speaker_name=rng.choice([None, "Ann B. Li"]))
        say('" here')
        inner = {"start": start, "end": len(text), "text": text[start:], "kind": "indirect", "speaker_name": full}
        marks["quotes"].append(inner)
        say(". ")
    row = {
        "doc_id": f"r{number:03d}", "outlet": OUTLETS[number % 3], "title": f"No. {number}",
        "published": None if number == 5 else date(2016, 12, 28) + timedelta(days=3 * number),
        "place": place if head else None, "body_start": len(head), "text": text,
        "cluster_id": f"c{number - number % 4 % 3}", "is_first_report": number % 4 != 1,
    }  # fmt: skip
    return Report(row, **marks)


def filled(name: str, rows: list[dict]) -> pl.DataFrame:
    empty = dict.fromkeys(TABLES[name].columns)
    return pl.DataFrame([empty | row for row in rows], schema=TABLES[name].columns)


def write(folder: Path, reports: list[Report], per_partition: int) -> ct.Corpus:
    store = Store(folder / "data")
    for part, first in enumerate(range(0, len(reports), per_partition)):
        mine = reports[first : first + per_partition]
        store.write("documents", part, filled("documents", [r.row for r in mine]))
        for name in ("quotes", "names", "places"):
            marks = [{"doc_id": r.row["doc_id"]} | mark for r in mine for mark in getattr(r, name)]
            store.write(name, part, filled(name, marks))
        starts = [r.row["body_start"] for r in mine]
        _, tokens = tokenise_texts([r.row["text"] for r in mine], starts=starts)
        ids = pl.Series([r.row["doc_id"] for r in mine], dtype=pl.String)
        store.write("tokens", part, tokens.with_columns(ids.gather(tokens["doc_id"]).alias("doc_id")))
    return ct.open_corpus(folder)


REPORTS = [report(n) for n in range(24)]
BY_ID = {r.row["doc_id"]: r for r in REPORTS}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory) -> ct.Corpus:
    return write(tmp_path_factory.mktemp("explore"), REPORTS, 7)


@pytest.fixture(scope="module")
def tokens(corpus) -> list[dict]:
    return corpus.tokens.collect().rows(named=True)


def places_of(result: Concordance) -> list[tuple[str, int, int]]:
    return list(result.frame.select("doc_id", "start", "end").iter_rows())


def body(found: str) -> str:
    return re.sub(r"\s+", " ", found)


# ---- patterns -------------------------------------------------------------------------------------------------------


class Memory:
    """A partition that is on no disk: each token a letter or some, in sentences of reports."""

    def __init__(self, sentences: list[tuple[int, list[str]]]) -> None:
        rows, at, sentence = [], Counter(), Counter()
        for report, words in sorted(sentences, key=lambda s: s[0]):
            sentence[report] += 1
            for word in words:
                start = at[report]
                at[report] += len(word) + 1
                norm = word.lower().replace("’", "'")
                rows.append(
                    {"doc_id": str(report), "sentence": sentence[report], "start": start, "end": at[report] - 1}
                )
                rows[-1] |= {"token": word, "norm": norm, "lemma": norm[:1]}
        ids = sorted({row["doc_id"] for row in rows})
        self.rows = rows
        self.frames = {
            "documents": filled("documents", [{"doc_id": i, "text": "x" * at[int(i)]} for i in ids]),
            "tokens": filled("tokens", rows),
        }

    def read(self, name: str, _: int, columns: list[str]) -> pl.DataFrame:
        return self.frames[name].select(columns)


def hits(memory: Memory, takes: list[list]) -> list[tuple[int, int]]:
    """The hits of sequences of tests for one token, by the definition."""
    rows = memory.rows
    found = set()
    for sequence in takes:
        for at in range(len(rows) - len(sequence) + 1):
            span = rows[at : at + len(sequence)]
            one = len({(row["doc_id"], row["sentence"]) for row in span}) == 1
            if one and all(takes_in(row) for takes_in, row in zip(sequence, span, strict=True)):
                found.add((at, len(sequence)))
    return sorted(found)


def found_in(memory: Memory, *words, **how) -> list[tuple[int, int]]:
    at, size = TokenPartition(memory, 0, pl.DataFrame).find(parse(*words, **how))
    return list(zip(at.tolist(), size.tolist(), strict=True))


some_words = st.text("aAbB’'é", min_size=1, max_size=3)
memories = st.lists(st.tuples(st.integers(0, 2), st.lists(some_words, min_size=1, max_size=6)), min_size=1, max_size=6)
sequences = st.lists(st.text("aAbé*?", min_size=1, max_size=3), min_size=1, max_size=3)


@given(memories, st.lists(sequences, min_size=1, max_size=3), st.booleans(), st.booleans())
@settings(max_examples=120)
def test_wildcards_find_what_comparing_every_token_finds(sentences, several, case, lemma):
    memory = Memory(sentences)

    def takes(word):
        def takes_in(row):
            there = (row["lemma"] if lemma else row["token"]).replace("’", "'")
            if not word.strip("*?") and not any(c.isalnum() for c in there):
                return False  # any word, but no punctuation
            return fnmatchcase(there, word) if case else fnmatchcase(there.lower(), word.lower())

        return takes_in

    wanted = hits(memory, [[takes(word) for word in words] for words in several])
    unit = "lemma" if lemma else "word"
    assert found_in(memory, [" ".join(words) for words in several], "glob", unit, case=case) == wanted


@given(memories, st.lists(st.sampled_from(["a+", "[ab]?b", "a|b", "(?:ab)*", "é.", "[^a]+", "A", ".*'"]), max_size=3))
def test_expressions_find_what_those_of_python_find(sentences, words):
    memory = Memory(sentences)
    words = words or ["."]

    def takes(word):
        return lambda row: re.fullmatch(word, row["token"].replace("’", "'"), re.IGNORECASE)

    assert found_in(memory, " ".join(words), "regex") == hits(memory, [[takes(word) for word in words]])


@pytest.mark.parametrize(
    ("typed", "how", "wanted"),
    [
        ("b", {}, ["b", "B"]),
        ("b", {"case": True}, ["b"]),
        ("B*", {"case": True}, ["B", "Bbb"]),
        ("?", {}, ["a", "b", "B", "7"]),
        ("??*", {}, ["it’s", "Bbb", "b.b"]),
        ("?.?", {}, ["b.b"]),
        ("*", {}, ["a", "b", "B", "it’s", "Bbb", "b.b", "7"]),
        ("*", {"match": "fixed"}, ["*"]),
        ("b.b", {}, ["b.b"]),
        ("b.?", {"match": "regex"}, ["b", "B"]),
        (["a", "b"], {}, ["a", "b", "B"]),
        (["b", "b", "b*"], {}, ["b", "B", "Bbb", "b.b"]),
        ("it's", {"match": "regex"}, ["it’s"]),
        ("it’s", {"match": "regex"}, ["it’s"]),
        ("b b", {}, []),  # over the end of a sentence
        ("a b", {}, ["a b"]),
        ("a  \t b", {}, ["a b"]),
        ("b * .", {}, ["B it’s ."]),
        ("b * *", {}, []),
        ("b", {"unit": "lemma"}, ["b", "B", "Bbb", "b.b"]),
    ],
)
def test_a_pattern_takes_in(typed, how, wanted):
    memory = Memory([(0, ["a", "b"]), (0, ["B", "it’s", "."]), (1, ["Bbb", "b.b", "*", "7"])])
    rows = memory.rows
    found = found_in(memory, typed, **how)
    assert [" ".join(row["token"] for row in rows[at : at + size]) for at, size in found] == wanted


@pytest.mark.parametrize(
    "word",
    """can't can’t it’s residents’ O’Brien cannot Cannot gonna wanna Bondar's U.S. U.S.-led peace-talks $5m 6,000 AT&T
    (food) "food" " 3.5 a/b d'ye co-op e.g. … rock'n'roll 50% Zürich 北京""".split(),
)
@pytest.mark.parametrize("match", ["glob", "fixed"])
def test_a_word_is_cut_as_the_tokeniser_cuts_it(word, match):
    _, tokens = tokenise_texts([f"We saw {word} there."])
    norms = tokens["norm"].to_list()[2:-2]
    found = parse(word, match)
    assert tuple(map(re.escape, norms)) in found.sequences + found.also
    assert len(found.sequences) == 1


@pytest.mark.parametrize("typed", ["the U.S.", "left."])
def test_what_ends_with_a_full_stop_is_found_at_the_end_of_a_sentence_too(typed, tmp_path):
    row = {
        "doc_id": "a",
        "body_start": 0,
        "is_first_report": True,
        "text": "He saw the U.S. He went to the U.S. president. She left.\nHe is in the U.S.",
    }
    corpus = write(tmp_path, [Report(row, [], [], [])], 1)
    ends = [m.end() for m in re.finditer(re.escape(typed), row["text"])]
    assert corpus.concordance(typed).frame["end"].to_list() == ends


CUT = "Trump’s men can't pay. Trump's men paid $50 and 5,000 more, talks, they couldn't stop in the U.S."


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("trump'*", ["Trump’s", "Trump's"]),
        ("*'s", ["Trump’s", "Trump's"]),
        ("could*n't", ["couldn't"]),
        ("can't*", ["can't"]),
        ("*n't", ["can't", "couldn't"]),
        ("$5*", ["$50"]),
        ("5,*", ["5,000"]),
        ("talks,*", ["talks,"]),
        ("tal*,", ["talks,"]),
        ("u.*", ["U.S"]),
        ("the u.?.", ["the U.S."]),
    ],
)
def test_words_with_wildcards_are_cut_as_the_text_is(typed, wanted, tmp_path):
    row = {"doc_id": "a", "body_start": 0, "is_first_report": True, "text": CUT}
    found = write(tmp_path, [Report(row, [], [], [])], 1).concordance(typed)
    assert found.frame["match"].to_list() == wanted


@pytest.mark.parametrize(
    "typed", ["U.S.", "it's", "won't", "the U.S.", "it*", "army", "Army convoy", "*", "attack* the", "peace-talks"]
)
def test_a_frequency_list_counts_the_hits_of_the_concordance(corpus, typed):
    found, lines = corpus.frequencies(typed).frame, corpus.concordance(typed)
    assert found["count"].sum() == lines.hits > 0
    if not re.search("[* ]", typed):
        assert found["term"].to_list() == [cut(typed.lower())]
    assert found.select(pl.col("reports").max(), pl.col("clusters").max()).row(0) <= (lines.reports, lines.clusters)
    if "*" not in typed:
        assert found.rows() == found.filter(count=lines.hits, reports=lines.reports, clusters=lines.clusters).rows()


@pytest.mark.parametrize("typed", ["", "  ", [], ["army", ""], ()])
@pytest.mark.parametrize("match", ["glob", "regex", "fixed"])
def test_a_pattern_without_words_is_refused(typed, match):
    with pytest.raises(ct.InputError, match="no word to look for"):
        parse(typed, match)


@pytest.mark.parametrize("bad", ["(", "[a", "a)|(b", "*", "a{99999999}", "(?=a)b"])
@pytest.mark.parametrize("case", [True, False])
def test_a_bad_expression_is_named(bad, case):
    with pytest.raises(ct.InputError, match=r"no regular expression: [A-Za-z]") as error:
        parse(f"army {bad} b", "regex", case=case)
    assert error.value.where == f"pattern {bad!r}"


@pytest.mark.parametrize(
    ("given", "named"),
    [((5,), "pattern 5"), ((None,), "pattern None"), ((["a", 3],), "pattern 3"), (("a", "globb"), "did you mean glob?"),
     (("a", "glob", "words"), "did you mean word?")],
)  # fmt: skip
def test_what_is_no_pattern_is_named(given, named):
    with pytest.raises(ct.InputError, match=re.escape(named)):
        parse(*given)


def test_a_pattern_longer_than_any_word_takes_no_time():
    began = time.process_time()
    assert parse("a" * 100_000).sequences == (("a" * 100_000,),)
    assert time.process_time() - began < 2  # tenths of one; with a search from every letter on, eight


# ---- lines ----------------------------------------------------------------------------------------------------------

SORTS = get_args(Sort)
PATTERNS = ["army", "the *", "*", "won't", ["attack*", "it's *"], "it's * * *", "U.S.", '"', "nowhere"]


@pytest.mark.parametrize("pattern", PATTERNS, ids=str)
@pytest.mark.parametrize("width", [0, 1, 60, 10_000])
def test_a_line_is_what_stands_around_its_offsets(corpus, tokens, pattern, width):
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
    wanted = [(tokens[at]["doc_id"], tokens[at]["start"], tokens[at]["end"]) for at in index.offsets(word)]
    assert places_of(corpus.concordance(word)) == wanted


def near(tokens: list[dict], line: dict, side: str) -> list[str]:
    """The five words on one side of a line within its report, from the hit outwards."""
    words = [t for t in tokens if t["doc_id"] == line["doc_id"] and re.search(r"[^\W\d_]", t["norm"])]
    if side == "left":
        found = [t["norm"] for t in words if t["end"] <= line["start"]][::-1]
    else:
        found = [t["norm"] for t in words if t["start"] >= line["end"]]
    return [*found, "", "", "", "", ""][:5]


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
    found = list(corpus.concordance(pattern, sort=sort))
    assert found == sorted(found, key=lambda line: (keys[sort](line), line["doc_id"], line["start"], line["end"]))
    assert len(found) == corpus.concordance(pattern).hits > 20


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
    found = corpus.concordance("the", sample=0)
    assert len(found) == 0 < found.hits


def test_a_sample_can_be_sorted_and_cut(corpus):
    sample = corpus.concordance("the", sample=9, sort="right")
    assert sorted(places_of(sample)) == places_of(corpus.concordance("the", sample=9))
    assert places_of(corpus.concordance("the", sample=9, sort="right", limit=4)) == places_of(sample)[:4]


def test_each_hit_is_drawn_as_often_as_any_other(tmp_path):
    rows = [
        {"doc_id": name, "body_start": 0, "is_first_report": True, "text": "army " * often}
        for name, often in (("a", 5), ("b", 1), ("c", 4))
    ]
    corpus = write(tmp_path, [Report(row, [], [], []) for row in rows], 1)
    draws = (places_of(corpus.concordance("army", sample=4, seed=seed)) for seed in range(200))
    drawn = Counter((name, start) for draw in draws for name, start, _ in draw)
    # 80 of 200 each; the standard deviation is 6.9.
    assert len(drawn) == 10
    assert all(abs(times - 80) < 28 for times in drawn.values()), drawn


def test_a_partition_without_a_line_is_not_asked_who_speaks(corpus, monkeypatch):
    asked = []
    quoted = TokenPartition.quoted.func
    monkeypatch.setattr(TokenPartition, "quoted", property(lambda part: asked.append(part) or quoted(part)))
    assert len(corpus.concordance("*", limit=5)) == 5
    assert len(asked) == 1


@pytest.mark.parametrize("where", [{}, {"outlet": "BBC"}, {"voice": "quoted"}])
def test_hits_reports_clusters_and_tokens_are_counted(corpus, tokens, where):
    found = corpus.concordance("food", **where)
    reports = {line["doc_id"] for line in found}
    assert found.hits == len(found) == len(places_of(found))
    assert found.reports == len(reports)
    assert found.clusters == sum(BY_ID[i].row["is_first_report"] for i in reports)
    assert found.tokens == corpus.concordance(".*", match="regex", **where).hits
    notes = " ".join(found.notes)
    assert f"{found.hits} hits in {found.reports} reports, {found.clusters} of them independent" in notes
    if not where:
        assert found.tokens == len(tokens)
        assert found.clusters < found.reports < found.hits


@pytest.mark.parametrize(
    ("how", "note"),
    [({}, None), ({"limit": 2}, "2 lines of them, the first"), ({"sample": 1}, "1 line of them, drawn by seed 0"),
     ({"sample": 5, "limit": 2, "seed": 3}, "2 lines of them, the first of those drawn by seed 3"),
     ({"sample": 9_999, "limit": 2}, "2 lines of them, the first"), ({"sample": 9_999, "limit": 9_999}, None)],
)  # fmt: skip
def test_a_note_says_which_lines_are_kept(corpus, how, note):
    assert list(corpus.concordance("army", **how).notes[1:]) == [note] * (note is not None)


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
def test_numbers_that_cannot_be_are_named(corpus, name, bad):
    with pytest.raises(ct.InputError) as error:
        corpus.concordance("army", **{"sample": 3, name: bad})
    assert error.value.where == f"{name} {bad!r}"


@pytest.mark.parametrize("bad", [-1, 0, 2.5, "3"])
def test_a_length_of_sequences_that_cannot_be_is_named(corpus, bad):
    with pytest.raises(ct.InputError, match=r"^n "):
        corpus.frequencies(n=bad)


def test_an_unknown_order_is_answered_with_the_nearest(corpus):
    with pytest.raises(ct.InputError, match="did you mean left"):
        corpus.concordance("army", sort="lefft")


# ---- filters --------------------------------------------------------------------------------------------------------


def voice_of(token: dict) -> tuple[str, str | None]:
    """Voice and speaker of a token: the innermost quotation that has a speaker says who speaks."""
    around = [q for q in BY_ID[token["doc_id"]].quotes if q["start"] <= token["start"] < q["end"]]
    voice = "quoted" if any(q["kind"] != "indirect" for q in around) else "narrator"
    named = sorted((q for q in around if q["speaker_name"]), key=lambda q: q["end"] - q["start"])
    name = named[0]["speaker_name"].replace(" B.", "") if named else None
    return voice, FULL.get(name, name)


def day_of(token: dict) -> date | None:
    return BY_ID[token["doc_id"]].row["published"]


def since(first: str, last: str = "2999-12-31"):
    return lambda t: day_of(t) is not None and first <= day_of(t).isoformat() <= last


def by(outlets: str):
    return lambda t: BY_ID[t["doc_id"]].row["outlet"] in outlets


def placed(name: str):
    def there(token):
        report = BY_ID[token["doc_id"]]
        return name in {report.row["place"], *(place["name"] for place in report.places)}

    return there


def spoken(name: str):
    return lambda t: voice_of(t)[1] == name


@pytest.mark.parametrize(
    ("where", "meant"),
    [
        ({"outlet": "BBC"}, by("BBC")),
        ({"outlet": ["BBC", "Morning Post"]}, by("BBC, Morning Post")),
        ({"outlet": {"BBC", "Morning Post"}}, by("BBC, Morning Post")),
        ({"since": "2017-01-09"}, since("2017-01-09")),
        ({"since": date(2017, 1, 9)}, since("2017-01-09")),
        ({"since": datetime(2017, 1, 9, 12)}, since("2017-01-09")),
        ({"until": "2017-01-09"}, since("0001-01-01", "2017-01-09")),
        ({"since": "2017-W02", "until": "2017-W03"}, since("2017-01-09", "2017-01-22")),
        ({"since": "2016-W52", "until": "2017W01"}, since("2016-12-26", "2017-01-08")),
        ({"since": "2017-02", "until": "2017-02"}, since("2017-02-01", "2017-02-28")),
        ({"until": "2016"}, since("0001-01-01", "2016-12-31")),
        ({"since": 2017}, since("2017-01-01")),
        ({"place": "Kyiv"}, placed("Kyiv")),
        ({"place": "kYIV"}, placed("Kyiv")),
        ({"speaker": "Olha Bondar"}, spoken("Olha Bondar")),
        ({"speaker": "Bondar"}, spoken("Olha Bondar")),
        ({"speaker": "bondar"}, spoken("Olha Bondar")),
        ({"speaker": "*BOND?r"}, spoken("Olha Bondar")),
        ({"speaker": "Ann B. Li"}, spoken("Ann Li")),
        ({"speaker": "*"}, lambda t: voice_of(t)[1] is not None),
        ({"voice": "quoted"}, lambda t: voice_of(t)[0] == "quoted"),
        ({"voice": "narrator"}, lambda t: voice_of(t)[0] == "narrator"),
        ({"voice": "narrator", "speaker": "Petrenko"}, lambda t: voice_of(t) == ("narrator", "Ivan Petrenko")),
        (
            {"outlet": "BBC", "since": "2017-01", "until": "2017-02", "place": "Izyum", "voice": "quoted"}
            | {"speaker": "Ann Li"},
            lambda t: by("BBC")(t) and since("2017-01-01", "2017-02-28")(t) and placed("Izyum")(t)
            and voice_of(t) == ("quoted", "Ann Li"),
        ),
        (dict.fromkeys(FILTERS), lambda _: True),
    ],
)  # fmt: skip
def test_a_filter_keeps_the_tokens_that_are_meant(corpus, tokens, where, meant):
    wanted = [(t["doc_id"], t["start"], t["end"]) for t in tokens if meant(t)]
    found = corpus.concordance(".*", match="regex", **where)
    assert places_of(found) == wanted
    assert found.tokens == len(wanted) > 0


def test_a_hit_stands_in_the_words_that_are_meant_from_first_to_last(corpus):
    for line in corpus.concordance("* *", speaker="Ann Li"):
        last = line | {"start": line["end"] - 1}
        assert voice_of(line)[1] == voice_of(last)[1] == "Ann Li"


@pytest.mark.parametrize(
    ("where", "where_said", "remedy"),
    [
        ({"outlet": "bbc"}, "outlet 'bbc'", "did you mean BBC?"),
        ({"outlet": ["BBC", "Morning Pos"]}, "outlet 'Morning Pos'", "did you mean Morning Post?"),
        ({"outlet": ""}, "outlet ''", "There are: BBC, Evening Star, Morning Post"),
        ({"outlet": []}, "outlet []", "There are: BBC, Evening Star, Morning Post"),
        ({"outlet": 5}, "outlet 5", "There are: BBC, Evening Star, Morning Post"),
        ({"since": "yesterday"}, "day 'yesterday'", "2017-01-20"),
        ({"until": "2017-13"}, "day '2017-13'", "2017-01-20"),
        ({"since": "2017-W54"}, "day '2017-W54'", "2017-01-20"),
        ({"until": "2017-02-29"}, "day '2017-02-29'", "2017-01-20"),
        ({"since": "2017-03", "until": "2017-02"}, "since 2017-03, until 2017-02", "earlier"),
        ({"place": "kyev"}, "place 'kyev'", "did you mean Kyiv?"),
        ({"place": ["Kyiv"]}, "place ['Kyiv']", "one name"),
        ({"speaker": "Olga Bondar"}, "speaker 'Olga Bondar'", "did you mean Olha Bondar?"),
        ({"speaker": "petr"}, "speaker 'petr'", "did you mean Ivan Petrenko?"),
        ({"speaker": ""}, "speaker ''", "There are: Ann Li, Ivan Petrenko, Olha Bondar"),
        ({"speaker": 3}, "speaker 3", "one name"),
        ({"voice": "quotes"}, "voice 'quotes'", "did you mean quoted?"),
        ({"outlets": "BBC"}, "filter 'outlets'", "did you mean outlet?"),
    ],
)
def test_a_filter_that_cannot_be_is_named_with_the_nearest(corpus, where, where_said, remedy):
    for ask in (corpus.concordance, corpus.collocations):
        with pytest.raises(ct.InputError) as error:
            ask("army", **where)
        assert error.value.where == where_said
        assert remedy in error.value.remedy


def test_the_title_says_what_was_asked(corpus):
    found = corpus.concordance(["army  *", "food"], outlet=["BBC", "Evening Star"], since="2017-W02", speaker="bondar")
    assert found.title == "army * | food (outlet BBC or Evening Star, since 2017-W02, speaker Olha Bondar)"
    assert corpus.concordance("army").title == "army (all)"


@pytest.mark.parametrize("name", ["concordance", "frequencies", "collocations", "dispersion", "diversity"])
def test_the_filters_are_arguments_that_a_notebook_completes(corpus, name):
    given = inspect.signature(getattr(corpus, name)).parameters
    code = getattr(ct.corpus.Corpus, name).__code__
    own = code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount]
    assert list(given) == [*own, *FILTERS]
    assert all(given[f].kind is inspect.Parameter.KEYWORD_ONLY and given[f].default is None for f in FILTERS)


def test_the_filters_are_named_alike_everywhere():
    assert FILTERS == tuple(f.name for f in fields(Where)) == tuple(get_type_hints(Filters))


# ---- partitions in memory -------------------------------------------------------------------------------------------


def test_a_partition_is_read_anew_when_its_tokens_are_made_anew(tmp_path):
    corpus = write(tmp_path, REPORTS[:4], 2)
    before = corpus.concordance("army").hits
    store = Store(tmp_path / "data")
    store.write("tokens", 1, store.read("tokens", 1).with_columns(norm=pl.lit("army")))
    path = store.partitions("tokens")[1]
    os.utime(path, ns=(0, path.stat().st_mtime_ns + 1))
    assert corpus.concordance("army").hits > before


def test_a_partition_is_read_anew_when_its_quotations_are_made_anew(tmp_path):
    corpus = write(tmp_path, REPORTS[:4], 2)
    before = corpus.concordance("*", voice="quoted").hits
    store = Store(tmp_path / "data")
    store.write("quotes", 1, store.read("quotes", 1).clear())
    path = store.partitions("quotes")[1]
    os.utime(path, ns=(0, path.stat().st_mtime_ns + 1))
    assert 0 < corpus.concordance("*", voice="quoted").hits < before


def test_names_of_all_partitions_are_read_anew_with_them(tmp_path):
    corpus = write(tmp_path, REPORTS[:4], 2)
    corpus.concordance("army")
    assert "Olha Bondar" in corpus.words.speakers
    store = Store(tmp_path / "data")
    for number in range(2):
        store.write("quotes", number, store.read("quotes", number).with_columns(speaker_name=pl.lit("Ann Li")))
        path = store.partitions("quotes")[number]
        os.utime(path, ns=(0, path.stat().st_mtime_ns + 1))
    corpus.concordance("army")
    assert corpus.words.speakers == ["Ann Li"]


@pytest.mark.parametrize("table", ["tokens", "quotes", "places"])
def test_a_table_older_than_the_documents_is_named_with_its_step(tmp_path, table):
    corpus = write(tmp_path, REPORTS[:4], 2)
    store = Store(tmp_path / "data")
    tables = {name: getattr(corpus, name).collect() for name in ("documents", "tokens", "quotes", "places")}
    for number in range(2):  # each has the reports of the other
        mine = pl.col("doc_id").is_in([r.row["doc_id"] for r in REPORTS[2 - 2 * number : 4 - 2 * number]])
        for name in set(tables) - {table}:
            store.write(name, number, tables[name].filter(mine))
    with pytest.raises(ct.InputError) as error:
        corpus.concordance("*", place="Kyiv")
    assert f"data/{table}/part-00000.parquet" in error.value.where
    assert f"corpus_tools {TABLES[table].step}" in error.value.remedy


@pytest.mark.parametrize("number", [0, 1])
def test_a_partition_that_is_missing_is_named_with_its_step(tmp_path, number):
    corpus = write(tmp_path, REPORTS[:4], 2)
    Store(tmp_path / "data").partitions("quotes")[number].unlink()
    with pytest.raises(ct.InputError) as error:
        corpus.concordance("army")
    assert f"data/quotes/part-0000{number}.parquet" in error.value.where
    assert "corpus_tools annotate" in error.value.remedy


def test_before_the_step_annotate_words_are_found_but_no_voices(tmp_path):
    corpus = write(tmp_path, REPORTS[:4], 2)
    wanted = corpus.concordance("army").frame
    for name in ("quotes", "names", "places"):
        shutil.rmtree(tmp_path / "data" / name)
    (tmp_path / "data" / "places").mkdir()  # as a step that was stopped leaves it
    corpus = ct.open_corpus(tmp_path)
    none = pl.lit(None, pl.String)
    assert corpus.concordance("army").frame.equals(wanted.with_columns(voice=none, speaker_name=none))
    assert corpus.frequencies("army").frame["count"].item() == wanted.height
    assert corpus.explore("army").found.hits == wanted.height
    for where in ({"voice": "quoted"}, {"speaker": "Ann Li"}, {"place": "Kyiv"}, {"place": "Aleppo"}):
        with pytest.raises(ct.InputError) as error:
            corpus.concordance("army", **where)
        assert "corpus_tools annotate" in error.value.remedy


def test_a_corpus_without_outlets_says_so(tmp_path):
    corpus = write(tmp_path, [Report(REPORTS[0].row | {"outlet": None}, [], [], [])], 1)
    with pytest.raises(ct.InputError, match="name no outlet"):
        corpus.concordance("army", outlet="BBC")


@pytest.mark.parametrize(("kept", "read"), [(0, 6), (10**9, 3)])
def test_partitions_above_the_kept_tokens_are_forgotten(tmp_path, monkeypatch, kept, read):
    corpus = write(tmp_path, REPORTS[:6], 2)
    made = []
    monkeypatch.setattr(words_module, "_KEPT", kept)
    monkeypatch.setattr(words_module, "TokenPartition", lambda *given: made.append(1) or TokenPartition(*given))
    first, second = corpus.concordance("army"), corpus.concordance("army")
    assert first.frame.equals(second.frame)
    assert len(made) == read


def test_the_partition_read_last_is_kept_the_longest(tmp_path, monkeypatch):
    corpus = write(tmp_path, REPORTS[:6], 2)
    sizes = [len(corpus.words.part(n)) for n in range(3)]
    monkeypatch.setattr(words_module, "_KEPT", sum(sizes) - 1)
    one = corpus.words.part(0)
    two = corpus.words.part(2)
    assert corpus.words.part(0) is one
    assert corpus.words.part(2) is two


@pytest.fixture(scope="module")
def many(tmp_path_factory) -> ct.Corpus:
    return write(tmp_path_factory.mktemp("many"), [report(n) for n in range(40)], 1)


@pytest.mark.parametrize(
    "ask",
    [
        *(lambda c, sort=sort: c.concordance("*", limit=200, sort=sort) for sort in ("text", "left")),
        lambda c: c.concordance("*", sample=200),
        lambda c: c.frequencies(),
        lambda c: c.dispersion("army"),
        lambda c: c.collocations("army"),
    ],
    ids=["text", "left", "sample", "frequencies", "dispersion", "collocations"],
)
def test_one_partition_after_the_other_is_in_memory(many, monkeypatch, ask):
    alive, most = weakref.WeakSet(), []

    class Seen(TokenPartition):
        def __init__(self, *given):
            super().__init__(*given)
            alive.add(self)
            most.append(len(alive))

    heights = []
    first = lines_module._first

    def seen(frames, *given):
        heights.append(sum(frame.height for frame in frames))
        return first(frames, *given)

    monkeypatch.setattr(words_module, "_KEPT", 0)
    monkeypatch.setattr(words_module, "TokenPartition", Seen)
    monkeypatch.setattr(lines_module, "_first", seen)
    many.words._parts.clear()
    found = ask(many)
    assert len(most) == 40
    assert max(most) <= 2  # the one at hand, and the next while it is being read
    if isinstance(found, Concordance):
        largest = max(len(many.words.part(n)) for n in range(40))
        assert found.hits > 10 * largest > 0
        assert max(heights) <= 200 + largest


# ---- looks ----------------------------------------------------------------------------------------------------------


def columns(line: str) -> int:
    """Columns of a line in a terminal, after Unicode Standard Annex 11; what joins the letter before it takes none."""
    joins = re.compile(r"HANGUL (JUNGSEONG|JONGSEONG|FILLER)|HALFWIDTH HANGUL FILLER")
    apart = [c for c in line if unicodedata.category(c)[0] != "M" and not joins.match(unicodedata.name(c, ""))]
    return len(apart) + sum(unicodedata.east_asian_width(c) in "WF" for c in apart)


any_text = st.text(
    st.sampled_from("ab \t\n\r\0\x1b\x9b\u202e\u200f北한ｱ！é\u0301👍🏽") | st.characters(codec="utf-8"), max_size=120
)
any_rows = st.lists(st.tuples(any_text, st.integers(-(10**15), 10**15), st.floats(), any_text), max_size=25)


@given(any_rows, any_text)
def test_a_terminal_shows_80_columns_of_any_content(rows, title):
    frame = pl.DataFrame(rows, schema={"a": pl.String, "n": pl.Int64, "x": pl.Float64, "b": pl.String}, orient="row")
    lines = repr(Result(frame, title, ("a note",))).split("\n")
    assert all(columns(line) <= 80 and (line.isprintable() or not line) for line in lines)
    assert len(lines) == 2 + 1 + min(len(rows), LINES) + (len(rows) > LINES)


@given(st.lists(st.tuples(any_text, any_text, any_text), max_size=25))
def test_a_terminal_shows_80_columns_of_any_lines_with_the_hits_below_each_other(rows):
    given = [dict(zip(("left", "match", "right"), row, strict=True)) for row in rows]
    frame = pl.DataFrame([dict.fromkeys(SCHEMA) | row for row in given], schema=SCHEMA)
    lines = repr(Concordance(frame, "a", (), 0, 0, 0, 0)).split("\n")
    assert all(columns(line) <= 80 and (line.isprintable() or not line) for line in lines)
    assert len(lines) == 1 + min(len(rows), LINES) + (len(rows) > LINES)


@pytest.mark.parametrize("match", ["army", "a b " * 40])
def test_the_hits_stand_below_each_other(match):
    rows = [{"left": left, "match": match, "right": " x"} for left in ("one ", "北京 " * 60, "")]
    frame = pl.DataFrame([dict.fromkeys(SCHEMA) | row for row in rows], schema=SCHEMA)
    lines = repr(Concordance(frame, "title", (), 3, 3, 3, 9)).split("\n")[1:]
    assert len({columns(line[: line.index(match[:4])]) for line in lines}) == 1
    assert lines[0].lstrip().startswith("one ")


def test_a_terminal_says_how_many_rows_are_not_shown():
    frame = pl.DataFrame({"term": [f"w{n}" for n in range(LINES + 3)], "count": range(LINES + 3)})
    lines = repr(Result(frame, "Words", ("a note",))).split("\n")
    assert lines[:4] == ["Words", "a note", "term  count", "w0        0"]
    assert lines[-2:] == [f"w{LINES - 1}      {LINES - 1}", "... and 3 rows more"]
    assert repr(Result(frame.head(LINES), "", ())).split("\n")[-1] == f"w{LINES - 1}      {LINES - 1}"
    assert repr(Result(frame.head(LINES + 1), "", ())).endswith("... and 1 row more")


def test_columns_that_do_not_fit_are_left_out_from_the_last():
    frame = pl.DataFrame({name: [name * 30] for name in "abc"})
    assert repr(Result(frame, "t", ())).split("\n")[-1] == "a" * 30 + "  " + "b" * 30


def test_numbers_are_written_for_readers():
    frame = pl.DataFrame(
        {"n": [12345, None], "x": [0.01234, float("nan")], "q": [0.0001, 0.2], "log_ratio": [-3.0, 0.5]}
    )
    assert repr(Result(frame, "t", ())).split("\n")[1:] == [
        "     n      x       q  log ratio",
        "12,345  0.012  <0.001      -3.00",
        "                0.200       0.50",
    ]


HOSTILE = "<script>alert(1)</script> & \"x\" 'y'"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory) -> Concordance:
    row = {
        "doc_id": "a",
        "body_start": 0,
        "outlet": "<b>Post</b>",
        "published": date(2017, 3, 6),
        "is_first_report": True,
    }
    text = f"{HOSTILE} army {HOSTILE} " * 30
    quote = {
        "start": 0,
        "end": len(text),
        "kind": "direct",
        "speaker_name": "<img src=x onerror=alert(1)>",
        "text": text,
    }
    corpus = write(tmp_path_factory.mktemp("hostile"), [Report(row | {"text": text}, [quote], [], [])], 1)
    return corpus.concordance("army", width=len(HOSTILE) + 1)


def test_what_a_report_holds_never_becomes_markup(hostile):
    html = hostile._repr_html_()
    page = Page(html)
    assert Counter(tag for tag, _ in page.tags)["script"] == 1  # ours
    assert not {"b", "img"} & {tag for tag, _ in page.tags}
    assert f"{HOSTILE} " in {data for data, path in page.pieces if "ct-left" in path}
    assert "<img src=x onerror=alert(1)>" in {data for data, path in page.pieces if path[-1] == "td"}


def test_a_page_needs_no_network(hostile):
    assert not re.search(r"(?:src|href|url|@import)\s*[=(]|https?://", hostile._repr_html_().replace("src=x", ""))


def test_a_page_is_the_same_each_time(corpus):
    one, other = (corpus.concordance("the", sort="left")._repr_html_() for _ in range(2))
    assert one == other


def test_a_table_can_be_read_without_its_script(corpus):
    found = corpus.concordance("the")
    page = Page(found._repr_html_())
    heads = [a for tag, a in page.tags if tag == "th"]
    assert [a["scope"] for a in heads] == ["col"] * 6
    assert [a["data-name"] for a in heads] == ["left", "match", "right", "outlet", "day", "speaker_name"]
    cells = [a["data-th"] for tag, a in page.tags if tag == "td"]
    assert cells == ["left", "match", "right", "outlet", "day", "speaker name"] * len(found)
    rows = ["hidden" in a for tag, a in page.tags if tag == "tr"][1:]
    assert rows == [n >= PAGE for n in range(len(found))]


def test_the_sides_of_a_line_are_not_explained_as_counts(corpus):
    page = Page(corpus.concordance("the")._repr_html_())
    assert not any("title" in a for tag, a in page.tags if tag == "th")
    assert "of these, before the word" in table(["left"], [(3,)])


def test_a_page_holds_so_many_rows_and_says_so(corpus):
    found = corpus.concordance("*")
    assert len(found) > SHOWN
    page = Page(found._repr_html_())
    assert [tag for tag, _ in page.tags].count("tr") == SHOWN + 1
    assert f"The first 500 of {len(found):,} rows." in page.text("ct-muted")


def test_a_cell_is_sorted_by_its_value_and_context_from_the_hit_outwards():
    frame = pl.DataFrame(
        [dict.fromkeys(SCHEMA) | {"left": "The (old) ", "match": "Army", "right": ", too"}], schema=SCHEMA
    )
    page = Page(lines_table(frame.with_columns(published=date(2017, 3, 6))))
    told = {a["class"]: a["data-s"] for tag, a in page.tags if tag == "td" and "data-s" in a}
    assert told == {"ct-left": "old the", "ct-match": "army", "ct-right": "too", "ct-day": "2017-03-06"}
    assert 'data-v="0.5"' in table(["x"], [(0.5,)])


@pytest.mark.parametrize("ask", ["concordance", "frequencies", "collocations"])
def test_nothing_found_can_be_shown(corpus, ask):
    found = getattr(corpus, ask)("nowhere")
    assert len(found) == 0
    assert "nothing found" in Page(found._repr_html_()).text("ct-muted")
    assert "Traceback" not in repr(found)
    assert list(found) == []


def test_a_result_is_rows_columns_and_an_arrow_table(corpus):
    found = corpus.concordance("army")
    assert len(found) == found.frame.height
    assert list(found) == found.frame.rows(named=True)
    assert found["doc_id"].to_list() == [line["doc_id"] for line in found]
    assert pl.DataFrame(found).equals(found.frame)
    assert found.frame.schema == SCHEMA


def test_a_column_that_a_result_has_not_is_answered_with_those_there_are(corpus):
    with pytest.raises(ct.InputError, match="column 'term': there is none") as error:
        corpus.concordance("army")["term"]
    assert "doc_id" in error.value.remedy


def test_an_attribute_that_a_result_has_not_points_to_its_frame(corpus):
    found = corpus.concordance("army")
    with pytest.raises(AttributeError, match=r"no 'head'; its DataFrame is `\.frame`, with the columns doc_id, outlet"):
        found.head(3)
    assert not hasattr(found, "_repr_png_")


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


# ---- markup ---------------------------------------------------------------------------------------------------------


@given(st.text())
def test_words_come_back_from_html_but_for_the_null_character(words):
    safe = markup.safe(words)
    assert html.unescape(safe) == words.replace("\0", "\ufffd")
    assert not set(safe) & set("<>\"'\0\r")


@given(st.text(), st.text(min_size=1))
def test_a_tag_holds_its_content_and_attributes(content, value):
    page = Page(markup.tag("b", markup.safe(content), "c", title=value, lang=""))
    ((name, attributes),) = page.tags
    assert name == "b"
    assert attributes == {"class": "c", "title": value.replace("\0", "\ufffd")}
    assert page.text("c") == content.replace("\0", "\ufffd")


@pytest.mark.parametrize(
    ("count", "noun", "wanted"),
    [(0, ("hit",), "0 hits"), (1, ("hit",), "1 hit"), (-1, ("hit",), "-1 hits"),
     (2_000, ("country", "countries"), "2,000 countries")],
)  # fmt: skip
def test_a_count_has_its_noun(count, noun, wanted):
    assert markup.plural(count, *noun) == wanted


@given(any_text, st.integers(1, 90))
def test_a_line_of_a_terminal_is_cut_with_a_sign(words, width):
    line = markup.one_line(words, width)
    assert columns(line) <= width
    assert line.isprintable()
    assert line.endswith("…") or len(line) == len(words)
