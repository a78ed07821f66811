"""Tables of sentences and tokens."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tricky_texts import NEWS, ODD_TEXT

from corpus_tools.nltk_fast.punkt import news_punkt
from corpus_tools.tokenise.texts import lengths_by_outlet, tokenise_partition, tokenise_texts


def test_sentences_of_news():
    sentences, _ = tokenise_texts([NEWS])
    assert [NEWS[a:b] for a, b in sentences.select("start", "end").iter_rows()] == [
        "Gen. James Mattis met Mr. Lavrov at 5 p.m. on Friday.",
        "They spoke of U.S. troops near St. Petersburg.",
        'Sen. Smith, R-Ariz., said: "No. 5 is ours."',
        "It wasn't.",
        "The Army of the U.S. left.",
        "A headline without a stop",
        "The text begins here, e.g. with this.",
    ]
    assert sentences["paragraph"].to_list() == [0, 0, 0, 0, 0, 1, 2]


@given(st.lists(ODD_TEXT, max_size=4))
@example(["`` '' \" '"])
@example(["\n\n \n"])
def test_offsets_are_right_in_every_row(texts):
    sentences, tokens = tokenise_texts(texts)
    for doc, start, end in sentences.select("doc_id", "start", "end").iter_rows():
        assert texts[doc][start:end].strip()
    ends = {}
    for doc, sentence, start, end, token in tokens.select("doc_id", "sentence", "start", "end", "token").iter_rows():
        assert token == texts[doc][start:end]
        assert token.strip()
        assert start >= ends.get(doc, 0)  # in order, none overlaps
        ends[doc] = end
        assert sentence >= 0
    inside = tokens.join(sentences, on=["doc_id", "sentence"], how="left", suffix="_sentence")
    assert inside.select(
        ((pl.col("start") >= pl.col("start_sentence")) & (pl.col("end") <= pl.col("end_sentence"))).all()
    ).item()


@given(st.lists(ODD_TEXT, max_size=3))
def test_no_visible_character_is_lost(texts):
    _, tokens = tokenise_texts(texts)
    for doc, text in enumerate(texts):
        covered = "".join(tokens.filter(pl.col("doc_id") == doc)["token"])
        assert "".join(covered.split()) == "".join(text.split())


def test_norm_and_lemma():
    _, tokens = tokenise_texts(["The houses weren’t bombed; children said so."])
    forms = {t: (n, lemma) for t, n, lemma in tokens.select("token", "norm", "lemma").iter_rows()}
    assert forms["The"] == ("the", "the")
    assert forms["houses"] == ("houses", "house")
    assert forms["children"] == ("children", "child")
    assert forms["bombed"] == ("bombed", "bomb")
    assert forms["said"] == ("said", "say")


def test_text_before_the_start_is_left_out():
    text = "KYIV: Shells fell."
    _, tokens = tokenise_texts([text], starts=[6])
    assert tokens.row(0, named=True)["start"] == 6
    assert tokens["token"].to_list() == ["Shells", "fell", "."]


def test_sentences_are_counted_in_each_text():
    sentences, tokens = tokenise_texts(["One. Two.", "", "Three.\n\nFour."])
    assert sentences.select("doc_id", "sentence", "paragraph").rows() == [(0, 0, 0), (0, 1, 0), (2, 0, 0), (2, 1, 1)]
    assert tokens.select("doc_id", "sentence").unique(maintain_order=True).rows() == [(0, 0), (0, 1), (2, 0), (2, 1)]


def test_empty_texts_give_empty_tables():
    for texts in ([], ["", " \n "]):
        sentences, tokens = tokenise_texts(texts)
        assert sentences.is_empty()
        assert tokens.is_empty()
        assert tokens.columns == ["doc_id", "sentence", "start", "end", "token", "norm", "lemma", "pos", "upos"]


def test_a_partition_keeps_documents_without_words():
    documents = pl.DataFrame(
        {"doc_id": ["b", "a"], "outlet": ["O", "O"], "text": ["KYIV: One two.", ""], "body_start": [6, 0]}
    )
    tables = tokenise_partition(news_punkt(), documents)
    assert tables["lengths"].rows() == [("b", "O", 1, 3), ("a", "O", 0, 0)]
    assert tables["tokens"]["doc_id"].unique().to_list() == ["b"]
    outlet, reports, *quantiles = lengths_by_outlet(tables["lengths"]).row(0)
    assert (outlet, reports) == ("O", 2)
    assert quantiles == pytest.approx([0.15, 0.75, 1.5, 2.25, 2.85])
