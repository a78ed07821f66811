"""Quotations and their speakers, claims, and the layers of one report together."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from planted import least_seconds

from corpus_tools.annotate.params import AnnotateParams
from corpus_tools.annotate.reports import LAYERS, annotate_partition, annotate_text
from corpus_tools.errors import InputError
from corpus_tools.layers.quotation_marks import quoted_spans
from corpus_tools.layers.reporting_verbs import find_cues
from corpus_tools.runtime.store import TABLES
from corpus_tools.tokenise.texts import tokenise_texts

HERE = Path(__file__).parent
CASES = yaml.safe_load((HERE / "cases/quotes.yaml").read_text(encoding="utf-8"))
QUOTED = [
    pytest.param(case, id=case["rules"]) for kind, cases in CASES.items() if kind != "must_not_mark" for case in cases
]


@pytest.mark.parametrize("case", QUOTED)
def test_quotation_has_its_speaker_cue_and_channel(case):
    found = annotate_text(case["text"]).quotes.filter(pl.col("kind") != "indirect")
    assert [list(r) for r in found.select("text", "kind", "speaker_name", "cue", "channel").rows()] == case["quotes"]


@pytest.mark.parametrize("case", [pytest.param(c, id=c["rules"]) for c in CASES["must_not_mark"]])
def test_not_a_quotation(case):
    assert annotate_text(case["text"]).quotes.filter(pl.col("kind") != "indirect").is_empty()


def test_indirect_speech_has_a_speaker():
    found = annotate_text(
        "Olha Melnyk said on Monday that the road had been closed. The mayor, police said, was safe."
    ).quotes
    assert found.select("kind", "text", "speaker_name", "cue").row(0) == (
        "indirect", "the road had been closed", "Olha Melnyk", "said",
    )  # fmt: skip


def test_speaker_has_the_fullest_name_and_the_role_of_the_report():
    text = 'Lugansk regional governor Serhiy Haidai spoke. "We hold," Haidai wrote on Telegram.'
    found = annotate_text(text).quotes.row(0, named=True)
    assert (found["speaker"], found["speaker_name"], found["speaker_role"], found["channel"]) == (
        "Haidai", "Serhiy Haidai", "Lugansk regional governor", "Telegram",
    )  # fmt: skip


def test_every_mark_says_the_words_it_stands_for():
    text = (HERE.parent / "seeds/reports/000_10145fd6475e8b3e.txt").read_text(encoding="utf-8")
    found = annotate_text(text)
    for layer in LAYERS:
        frame = getattr(found, layer)
        assert frame.columns == list(TABLES[layer].columns)
        for row in frame.iter_rows(named=True):
            assert text[row["start"] : row["end"]] == row["text"]
            for part in ("speaker", "cue", "who"):
                if row.get(part) and row.get(f"{part}_start") is not None and part in row:
                    assert text[row[f"{part}_start"] : row[f"{part}_end"]] == row[part]


def test_claim_names_its_speaker_day_and_place():
    text = (
        '"At least 25 civilians were killed in Kharkiv on Tuesday," governor Oleh Synyehubov told AFP. '
        "Two people were wounded in Sumy, police said on Monday. Some 300 families fled."
    )
    claims = annotate_text(text, "2022-04-08").claims
    got = claims.select("best", "bound", "kind", "who", "speaker_name", "cue", "event_date", "place").rows()
    assert got[:2] == [
        (25, "at least", "killed", "civilians", "Oleh Synyehubov", "told", "2022-04-05", "Kharkiv"),
        (2, "exact", "wounded", "people", "police", "said", None, "Sumy"),
    ]


def test_claim_keeps_to_its_clause_and_leaves_the_role_out():
    text = "Over 100 civilians were trapped, Donetsk governor Pavlo Kyrylenko said; 20 were rescued on Monday in Sumy."
    rows = annotate_text(text, "2022-04-08").claims.select("best", "speaker_name", "event_date", "place").rows()
    assert rows[0] == (100, "Pavlo Kyrylenko", None, None)


def test_claim_without_a_place_takes_the_dateline_and_says_so():
    text = "SEVERODONETSK, Ukraine: Three people were killed by shelling since Monday."
    row = annotate_text(text, "2022-04-08").claims.row(0, named=True)
    assert (row["place"], row["place_precision"], row["country"]) == ("Siverskodonetsk", "dateline", "Ukraine")
    assert (row["event_date"], row["event_date_precision"]) == ("2022-04-04/2022-04-08", "interval")


def test_partition_gives_the_same_as_one_text_and_leaves_other_languages_alone():
    text = '"We left," Olha Bondar told AFP on Thursday. Two people died in Kharkiv.'
    sentences, _ = tokenise_texts([text, text])
    documents = pl.DataFrame(
        {
            "doc_id": ["a", "b"], "text": [text, text], "published": [date(2022, 4, 8)] * 2, "body_start": [0, 0],
            "place": [None, None], "country": [None, None], "cluster_id": ["a", "b"], "language": ["en", "de"],
        },
        schema_overrides={"place": pl.String, "country": pl.String},
    )  # fmt: skip
    sentences = sentences.with_columns(
        doc_id=pl.Series(["a"] * (sentences.height // 2) + ["b"] * (sentences.height // 2))
    )
    tables = annotate_partition(AnnotateParams(), documents, sentences)
    alone = annotate_text(text, "2022-04-08")
    for layer in LAYERS:
        assert tables[layer]["doc_id"].unique().to_list() in ([], ["a"])
        same = [c for c in tables[layer].columns if c not in {"doc_id", "cluster_id"}]
        assert tables[layer].select(same).equals(getattr(alone, layer).select(same))


def test_day_of_publication_comes_from_the_header_or_is_refused():
    found = annotate_text(" date 2022-04-08 KYIV, Ukraine: They met on Thursday.")
    assert found.dateline.row(0) == (date(2022, 4, 8), "Kyiv", "Ukraine", None, 32)
    assert found.times["value"].to_list() == ["2022-04-07"]
    with pytest.raises(InputError, match="cannot be read as one day"):
        annotate_text("Nothing.", "08/04/2022")


PHRASES = [" ", ". ", ", ", "\n\n", "Olha Bondar", "told AFP", "25 people died", "in Kharkiv"]
MARKS = st.sampled_from([*PHRASES, *"\" “ ” ' ‘ ’ « ? said He Monday ؟ שלום 😀".split()])


@given(st.one_of(st.text(), st.lists(MARKS, max_size=40).map("".join)))
@example('"')
@example("““””")
@example("said " * 50)
@example("\x00 \x00")
def test_any_text_is_marked_without_a_fault(text):
    found = annotate_text(text, "2022-04-08")
    for layer in LAYERS:
        for row in getattr(found, layer).iter_rows(named=True):
            assert 0 <= row["start"] < row["end"] <= len(text)
            assert row["text"] == text[row["start"] : row["end"]]


@given(st.lists(MARKS, max_size=40).map("".join))
def test_quotations_do_not_overlap(text):
    spans = quoted_spans(text, 0, [(0, len(text))])
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert all(text[s.start : s.end].strip() for s in spans)


def test_an_odd_mark_does_not_swallow_the_report():
    text = 'He said: "We stay. ' + "The river rose. " * 50
    ends = [(0, 18), *((18 + 16 * i, 33 + 16 * i) for i in range(50))]
    assert quoted_spans(text, 0, ends)[0].end <= 18


def test_words_of_saying_are_not_nouns():
    assert [c.word for c in find_cues("The claims were denied, he said; a called strike")] == ["denied", "said"]


ENDLESS = [
    '"',
    "said ",
    'He said "a" ',
    "“a ",
    "said: 'a b c' ",
    "police said that 25 people died in Kharkiv on Monday and ",
]


@pytest.mark.parametrize("unit", ENDLESS)
def test_time_grows_with_the_text_and_no_faster(unit):
    def seconds(length):
        text = unit * (length // len(unit))

        def work():
            found = annotate_text(text, "2022-04-08")
            return [getattr(found, layer) for layer in LAYERS]

        return least_seconds(work)

    seconds(1_000)  # lists are read, places looked up
    assert seconds(24_000) < 12 * max(seconds(6_000), 0.02)
