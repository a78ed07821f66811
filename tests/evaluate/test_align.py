"""Offsets into a raw text carried over to the cleaned text."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus_tools.clean.cleaning import clean_text
from corpus_tools.evaluate.align import align

DAMAGE = st.sampled_from(
    [" ", "  ", "\t", "\u00a0", "\n", "\n\n", "\r\n", ' "', '," ', ',"?', '"?', ' "?', '.- "', "- ", "’", "â€™",
     " &amp; ", "\u00ad", "\u200b", "\x00", '"\ufffd', " \ufffd", "Ã§", "...", " (", ") ", "-\n",
     " the ", ' the "?the ', "'s "]
)  # fmt: skip


@pytest.mark.slow
@given(st.lists(DAMAGE, max_size=40), st.booleans())
@example([" the "] * 9 + ["â€™"] + [" the "] * 9, True)
def test_a_word_that_cleaning_leaves_is_found_again(between, named):
    words = [f"{'Word' if named else 'word'}{'abcdefghij'[i // 10]}{'klmnopqrst'[i % 10]}" for i in range(len(between))]
    raw = "".join(word + gap for word, gap in zip(words, between, strict=True))
    clean = clean_text(raw).text
    offsets = align(raw, clean)
    assert offsets == sorted(offsets)
    assert (offsets[0], offsets[-1], len(offsets)) == (0, len(clean), len(raw) + 1) or not raw
    for word in words:
        if re.findall(rf"\b{word}\b", clean) == re.findall(rf"\b{word}\b", raw) == [word]:
            start = raw.index(word)
            assert clean[offsets[start] : offsets[start + len(word)]] == word


@given(st.text(alphabet='ab "\n.', max_size=30), st.text(alphabet='ab "\n.', max_size=30))
def test_offsets_of_any_two_texts_stay_inside_and_never_cross(raw, clean):
    offsets = align(raw, clean)
    assert len(offsets) == len(raw) + 1
    assert offsets == sorted(offsets)
    assert 0 <= offsets[0] <= offsets[-1] == len(clean)


@given(st.text(max_size=100))
def test_a_text_without_repairs_keeps_its_offsets(text):
    assert align(text, text) == list(range(len(text) + 1))


def test_frequent_words_are_kept_apart():
    # difflib's autojunk would ignore words this frequent and misalign everything between two damaged words
    raw = ("and so on, \u00a0 and more.  " * 80 + "FranÃ§ois ") * 3
    clean = clean_text(raw).text
    offsets = align(raw, clean)
    starts = [m.start() for m in re.finditer("and", raw)]
    assert [offsets[start] for start in starts] == [m.start() for m in re.finditer("and", clean)]


@pytest.mark.parametrize(
    ("raw", "mark", "becomes"),
    [
        ('"We  will not go,"?she said.', "We  will not go,", "We will not go,"),
        ('"We will not go,"?she said.', "she", "she"),
        ("the \"\ufffdRussian threat\" is", "Russian threat", "Russian threat"),
        ("FranÃ§ois said", "FranÃ§ois", "François"),
        ("After the evacu-\nation of the\ncity all went", "evacu-\nation", "evacuation"),
        ("in the town’s last\u00a0road", "town’s last\u00a0road", "town's last road"),
        (" date 2022-04-08 KYIV, Ukraine: It rained", "KYIV", "KYIV"),
        ('He said "[the]\u00a0\u00a0end." Then', '[the]\u00a0\u00a0end.', "[the] end."),
    ],
    ids=[
        "spaces", "question mark", "replacement character", "wrong encoding", "hyphenation", "apostrophe", "header",
        "brackets",
    ],
)  # fmt: skip
def test_a_mark_on_a_repaired_word_still_covers_it(raw, mark, becomes):
    clean = clean_text(raw).text
    assert clean != raw
    offsets = align(raw, clean)
    start = raw.index(mark)
    assert clean[offsets[start] : offsets[start + len(mark)]] == becomes
