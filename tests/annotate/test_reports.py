"""All layers of one report or partition together."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from planted import SEED, least_seconds

from corpus_tools.annotate.params import AnnotateParams
from corpus_tools.annotate.reports import annotate_partition, annotate_text
from corpus_tools.errors import InputError
from corpus_tools.layers.registry import BY_NAME
from corpus_tools.tokenise.texts import tokenise_texts


def test_offsets_and_text_of_every_mark_agree():
    text = SEED.read_text(encoding="utf-8")
    annotations = annotate_text(text)
    for layer in BY_NAME:
        frame = getattr(annotations, layer)
        assert frame.schema == BY_NAME[layer].table.schema
        for row in frame.iter_rows(named=True):
            assert text[row["start"] : row["end"]] == row["text"]
            for part in ("speaker", "cue", "who"):
                if row.get(part) and row.get(f"{part}_start") is not None and part in row:
                    assert text[row[f"{part}_start"] : row[f"{part}_end"]] == row[part]


def test_a_partition_has_the_marks_of_its_texts_and_other_languages_have_none():
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
    for layer in BY_NAME:
        assert tables[layer]["doc_id"].unique().to_list() in ([], ["a"])
        same = [c for c in tables[layer].columns if c not in {"doc_id", "cluster_id"}]
        assert tables[layer].select(same).equals(getattr(alone, layer).select(same))


def test_day_of_publication_comes_from_the_header_or_is_refused():
    annotations = annotate_text(" date 2022-04-08 KYIV, Ukraine: They met on Thursday.")
    assert annotations.dateline.row(0) == (date(2022, 4, 8), "Kyiv", "Ukraine", None, 32)
    assert annotations.times["value"].to_list() == ["2022-04-07"]
    with pytest.raises(InputError, match="cannot be read as one day"):
        annotate_text("Nothing.", "08/04/2022")


PHRASES = [" ", ". ", ", ", "\n\n", "Olha Bondar", "told AFP", "25 people died", "in Kharkiv"]
MARKS = st.sampled_from([*PHRASES, *"\" “ ” ' ‘ ’ « ? said He Monday ؟ שלום 😀".split()])


@given(st.one_of(st.text(), st.lists(MARKS, max_size=40).map("".join)))
@example('"')
@example("““””")
@example("said " * 50)
@example("\x00 \x00")
def test_any_text_can_be_annotated(text):
    annotations = annotate_text(text, "2022-04-08")
    for layer in BY_NAME:
        for row in getattr(annotations, layer).iter_rows(named=True):
            assert 0 <= row["start"] < row["end"] <= len(text)
            assert row["text"] == text[row["start"] : row["end"]]


REPEATED = [
    '"',
    "said ",
    'He said "a" ',
    "“a ",
    "said: 'a b c' ",
    "police said that 25 people died in Kharkiv on Monday and ",
]


@pytest.mark.slow
@pytest.mark.parametrize("unit", REPEATED, ids=repr)
def test_running_time_is_linear_in_length(unit):
    def seconds(length):
        text = unit * (length // len(unit))

        def work():
            annotations = annotate_text(text, "2022-04-08")
            return [getattr(annotations, layer) for layer in BY_NAME]

        return least_seconds(work)

    seconds(1_000)  # reads the word lists and the gazetteer
    assert seconds(24_000) < 12 * max(seconds(6_000), 0.02)
