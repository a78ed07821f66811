"""Word spans equal those of NLTK's word tokeniser."""

from __future__ import annotations

import numpy as np
import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from nltk.tokenize import NLTKWordTokenizer
from nltk.tokenize.punkt import PunktSentenceTokenizer
from planted import CASES
from tricky_texts import ODD_TEXT, TRICKY_TEXT, nltk_sentences

from corpus_tools.nltk_fast import words
from corpus_tools.nltk_fast.punkt import news_punkt
from corpus_tools.nltk_fast.words import word_spans

CASES_OF_WORDS = [
    pytest.param(text, tokens.split(), id=f"{group}: {text[:30]}")
    for group, cases in yaml.safe_load((CASES / "words.yaml").read_text(encoding="utf-8")).items()
    for text, tokens in cases
]


def spans_of(texts: list[str]) -> list[list[tuple[int, int]]]:
    """The spans of `cut_words`, after checking its tokens against the texts."""
    cut = words.cut_words(texts)
    assert cut.lengths.sum() == len(cut.start) == len(cut.end) == len(cut.code)
    spans = list(zip(cut.start.tolist(), cut.end.tolist(), strict=True))
    tokens = cut.distinct.gather(cut.code).to_list()
    ends = np.cumsum(cut.lengths).tolist()
    result = []
    for text, end, length in zip(texts, ends, cut.lengths.tolist(), strict=True):
        result.append(spans[end - length : end])
        assert tokens[end - length : end] == [text[a:b] for a, b in result[-1]]
    return result


@pytest.mark.parametrize(("text", "tokens"), CASES_OF_WORDS)
def test_expected_words_alone_and_among_others(text, tokens):
    for texts in ([text], ["It's late.", text, "He cannot."]):
        assert [text[a:b] for a, b in spans_of(texts)[len(texts) // 2]] == tokens


@pytest.mark.slow
@settings(max_examples=300)
@given(st.lists(TRICKY_TEXT | ODD_TEXT | st.text(max_size=40), max_size=6))
@example([])
@example([""])
@example(["", "a", ""])
def test_words_of_any_text_are_nltks(texts):
    for text, mine in zip(texts, spans_of(texts), strict=True):
        try:
            theirs = list(NLTKWordTokenizer().span_tokenize(text))
        except ValueError:  # NLTK cannot align its own tokens: ours are split at white space
            assert [text[a:b] for a, b in mine] == text.split()
        else:
            assert mine == theirs
        assert word_spans(text) == mine


def test_few_sentences_are_passed_to_nltk(monkeypatch):
    """Otherwise the test above would compare NLTK with itself."""
    passed = []
    monkeypatch.setattr(words, "word_spans", lambda text: passed.append(text) or word_spans(text))
    cases = [case.values[0] for case in CASES_OF_WORDS if "white space" not in case.id]
    spans_of(cases)
    assert {"cannot.", "``It is,'' he said.", "bar foo's'"} < set(passed)
    assert len(passed) < len(cases) / 4


def test_pieces_are_passed_to_nltk_in_batches(monkeypatch):
    monkeypatch.setattr(words, "_NLTK_BATCH", 3)
    text = " ".join(f"({piece}n't,{number}\"" for number, piece in enumerate(["cannot", "'", "gonna", "`x"] * 3)) + " x"
    assert spans_of([text]) == [word_spans(text)]


@pytest.mark.slow
def test_sentences_and_tokens_of_news_articles_are_nltks(news_texts):
    punkt = news_punkt()
    mine = list(zip(*(column.tolist() for column in punkt.splitter().spans(news_texts)), strict=True))
    assert len(mine) > 45_000
    reference = PunktSentenceTokenizer(punkt.parameters())
    assert mine == [(i, *row) for i, text in enumerate(news_texts) for row in nltk_sentences(reference, text, 0)]
    cut = [news_texts[i][a:b] for i, _, a, b in mine]
    assert spans_of(cut) == [word_spans(sentence) for sentence in cut]
