"""Training of Punkt, and the sample it is trained on."""

from __future__ import annotations

import polars as pl
import pytest
from nltk.tokenize.punkt import PunktToken
from tricky_texts import NEWS, PIECES

from corpus_tools.nltk_fast.punkt import news_punkt
from corpus_tools.tokenise import training
from corpus_tools.tokenise.training import sample, train


def documents_of(count: int, source: str = "s") -> pl.DataFrame:
    return pl.DataFrame({"source": source, "doc_id": [f"{source}-{i}" for i in range(count)]})


def test_punkt_learns_an_abbreviation_from_the_corpus():
    texts = [f"The village of Ozd. Kirova lies near Ozd. Lenina on road {i}. People left it then." for i in range(60)]
    assert "ozd" in train(texts).abbreviations
    assert "ozd" not in news_punkt().abbreviations


def test_words_of_the_dictionary_are_not_learned_as_abbreviations():
    texts = [f"He slept at the inn. near road {i} and at an inn. by the sea." for i in range(60)]
    assert "inn" not in train(texts).abbreviations


def test_training_tokens_are_nltks():
    for word in [*PIECES, *(f"{piece}." for piece in PIECES), "x..", "-1.5", "2nd", "_.", "é."]:
        mine, theirs = training._Token(word), PunktToken(word)
        for name in ["tok", "type", "type_no_period", "period_final", "is_number"]:
            assert getattr(mine, name) == getattr(theirs, name)
        for name in ["is_ellipsis", "is_initial"]:
            assert getattr(mine, name) == bool(getattr(theirs, name))


def test_training_with_nltks_own_tokens_gives_the_same(monkeypatch):
    texts = [NEWS, "They met J. Kirova there. Then ... it ended on 5. May. " * 5, *PIECES]
    learned = train(texts)
    monkeypatch.setattr(training, "_Token", PunktToken)
    assert train(texts) == learned


def test_the_sample_is_the_same_in_any_order_and_comes_from_every_source():
    documents = pl.concat([documents_of(3000), documents_of(500, "t")])
    chosen = sample(documents, 400)
    assert len(chosen) == len(set(chosen)) == 400
    assert sample(pl.concat([documents_of(500, "t"), documents_of(3000)]), 400) == chosen
    assert 30 < sum(name.startswith("t-") for name in chosen) < 90  # 57 of 400 would be its share
    assert sample(documents, 0) == sample(documents, 5000) == sorted(documents["doc_id"])


@pytest.mark.parametrize("count", [2048, 3000, pytest.param(400_000, marks=pytest.mark.slow)])
def test_reports_added_at_the_end_do_not_change_the_sample(count):
    assert sample(documents_of(count - 100), 50) != sample(documents_of(count // 2), 50)
    assert sample(documents_of(count), 50) == sample(documents_of(count + count // 200), 50)
