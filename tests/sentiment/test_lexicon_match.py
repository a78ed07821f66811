from __future__ import annotations

from corpus_tools.nltk_fast.lexicon import lexicon
from corpus_tools.sentiment.lexicon_match import matching_rows


def test_forms_of_a_word_match_and_no_others():
    words = list(lexicon())
    assert {words[row] for row in matching_rows(["Kill", "no such word"])} == {"kill", "killed", "killing", "kills"}
    assert matching_rows([]) == []
