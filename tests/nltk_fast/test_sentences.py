"""Sentence spans equal those of NLTK's Punkt."""

from __future__ import annotations

import sys
from itertools import product

import numpy as np
import pytest
import regex
from hypothesis import example, given, settings
from hypothesis import strategies as st
from nltk.tokenize.punkt import PunktLanguageVars, PunktSentenceTokenizer
from tricky_texts import NEWS, ODD_TEXT, PIECES, TRICKY_TEXT, nltk_sentences

from corpus_tools.nltk_fast import sentences as splitting
from corpus_tools.nltk_fast.punkt import Punkt, news_punkt, sentence_spans

LINES = st.lists(TRICKY_TEXT | ODD_TEXT, max_size=4).map("\n".join)
# Parameters that make the strings of PIECES ambiguous.
AMBIGUOUS = Punkt(
    ("5", "b", "foo-bar", "gen", "mr", "p.m", "said", "u.s", "’s"),
    (
        (".", "the"),
        ("##number##", "the"),
        ("a", "("),
        ("j", "troops"),
        ("mr", '"'),
        ("said", "not"),
        ("no", "##number##"),
    ),
    ("(", "5", "he", "the"),
    (('"', 126), ("##number##", 110), ("(", 16), ("a", 34), ("not", 100), ("the", 18), ("troops", 2), ("can", 8)),
)


@pytest.mark.slow
@settings(max_examples=300)
@given(st.lists(LINES | st.text(max_size=40), max_size=3), st.lists(st.integers(0, 9), min_size=3, max_size=3))
@example(["Mr. Bush. The U.S. left", "\n\n \n", 'acting!!! I promise. ... " He. 5'], [0, 0, 0])
@example(["Stop!\xa0Left. Yes", " .? He\ud800. So", "Stop! He\xa0left. Yes"], [0, 0, 0])
def test_any_text_is_split_as_by_punkt(texts, starts):
    for punkt in (news_punkt(), AMBIGUOUS):
        reference = PunktSentenceTokenizer(punkt.parameters())
        spans = punkt.splitter().spans(texts, starts[: len(texts)])
        mine = list(zip(*(column.tolist() for column in spans), strict=True))
        assert mine == [(i, *row) for i, text in enumerate(texts) for row in nltk_sentences(reference, text, starts[i])]
        for text in texts:
            assert list(sentence_spans(punkt.splitter(), text)) == nltk_sentences(reference, text)


@pytest.mark.slow
@pytest.mark.parametrize("punkt", [news_punkt(), AMBIGUOUS], ids=["news", "ambiguous"])
def test_every_word_before_a_full_stop_with_every_word_after_it(punkt):
    """Covers the decisions that are not passed to NLTK."""
    marks = ["", '"', "(", "’"]
    before = [
        mark + piece for mark in marks for piece in [*PIECES, "W", "B", "i", "..", "10%", "R-Ariz", "3.5", "Trump’s"]
    ]
    after = [
        f"{mark}{piece}"
        for mark in marks
        for piece in ["The", "the", "Mr,", "5", "Trump’s", "can", "not", "Not", "troops", "J"]
    ]
    texts = [f"The {a}. {b} x" for a in before for b in after] + [f"The {a}.{b} x" for a in before for b in ')"”;:!*@']
    spans = punkt.splitter().spans(texts)
    mine = list(zip(spans.text.tolist(), spans.start.tolist(), spans.end.tolist(), strict=True))
    reference = PunktSentenceTokenizer(punkt.parameters())
    assert mine == [(i, a, b) for i, text in enumerate(texts) for _, a, b in nltk_sentences(reference, text)]


@pytest.mark.slow
@pytest.mark.parametrize("characters", ['a.?" ', '."-a '], ids=["end marks", "dash"])
def test_every_short_line_is_split_as_by_punkt(characters):
    text = "\n".join("".join(line) for length in range(7) for line in product(characters, repeat=length))
    reference = PunktSentenceTokenizer(news_punkt().parameters())
    assert list(sentence_spans(news_punkt().splitter(), text)) == nltk_sentences(reference, text)


def test_results_do_not_depend_on_batches_or_on_forgotten_decisions(monkeypatch):
    texts = [NEWS, "", "Mr. Bush left. The U.S. stayed.", NEWS]
    expected = Punkt.from_json(news_punkt().to_json()).splitter().spans(texts)
    monkeypatch.setattr(splitting, "_REMEMBERED", 3)
    monkeypatch.setattr(splitting, "_BATCH", 50)
    splitter = splitting.Splitter(news_punkt())
    spans = splitter.spans(texts)
    assert all((a == b).all() for a, b in zip(spans, expected, strict=True))
    splitter.spans(["It ended. Yes"])
    assert [*splitter._sure] == ["ended"]


def test_character_classes_are_those_of_punkt():
    """Python's str and the `regex` package, which Punkt uses, define white space differently."""
    every = [chr(i) for i in range(sys.maxunicode + 1)]
    lines = "\n".join(every)
    for bit, characters in {
        splitting._LINE_END: "\n",
        splitting._SPACE: regex.findall(r"\s", "".join(every)),
        splitting._STR_SPACE: filter(str.isspace, every),
        splitting._TERMINATOR: PunktLanguageVars.sent_end_chars,
        splitting._NO_WORD: regex.findall(PunktLanguageVars()._re_non_word_chars, "".join(every)),
        splitting._CLOSER: [match.group()[0] for match in PunktLanguageVars.re_boundary_realignment.finditer(lines)],
    }.items():
        assert np.flatnonzero(splitting._table() & bit).tolist() == sorted(map(ord, characters))
