"""Pairs of quotation marks."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from corpus_tools.layers.quotation_marks import quoted_spans

# Pieces of quotations, to be joined in any order.
PIECES = st.sampled_from(
    [
        *[" ", ". ", ", ", "\n\n", "Olha Bondar", "told AFP", "25 people died", "in Kharkiv"],
        *"\" “ ” ' ‘ ’ « ? said He Monday ؟ שלום 😀".split(),
    ]
)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_quotations_do_not_overlap(text):
    spans = quoted_spans(text, 0, [(0, len(text))])
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert all(text[s.start : s.end].strip() for s in spans)


def test_an_odd_mark_does_not_swallow_the_report():
    text = 'He said: "We stay. ' + "The river rose. " * 50
    sentences = [(0, 18), *((18 + 16 * i, 33 + 16 * i) for i in range(50))]
    assert quoted_spans(text, 0, sentences)[0].end <= 18
