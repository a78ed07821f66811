"""Patterns: the tokens that wildcards, expressions, lemmas and sequences of words match."""

from __future__ import annotations

import re
import time
from collections import Counter
from fnmatch import fnmatchcase

import polars as pl
import pytest
from case_ids import case_id
from hypothesis import given, settings
from hypothesis import strategies as st
from planted_corpus import (
    PlantedReport,
    filled,
    write,
)

import corpus_tools as ct
from corpus_tools.explore.pattern import parse
from corpus_tools.explore.word_index import TokenPartition
from corpus_tools.tokenise.texts import tokenise_texts


class Memory:
    """A partition that is on no disk: each token a letter or some, in sentences of reports."""

    def __init__(self, sentences: list[tuple[int, list[str]]]) -> None:
        rows, offset, sentence = [], Counter(), Counter()
        for report, words in sorted(sentences, key=lambda s: s[0]):
            sentence[report] += 1
            for word in words:
                start = offset[report]
                offset[report] += len(word) + 1
                norm = word.lower().replace("’", "'")
                rows.append(
                    {"doc_id": str(report), "sentence": sentence[report], "start": start, "end": offset[report] - 1}
                )
                rows[-1] |= {"token": word, "norm": norm, "lemma": norm[:1]}
        ids = sorted({row["doc_id"] for row in rows})
        self.rows = rows
        self.frames = {
            "documents": filled("documents", [{"doc_id": i, "text": "x" * offset[int(i)]} for i in ids]),
            "tokens": filled("tokens", rows),
        }

    def read(self, name: str, _: int, columns: list[str]) -> pl.DataFrame:
        return self.frames[name].select(columns)


def hits(memory: Memory, takes: list[list]) -> list[tuple[int, int]]:
    """The hits of sequences of tests for one token, by the definition."""
    rows = memory.rows
    result = set()
    for sequence in takes:
        for offset in range(len(rows) - len(sequence) + 1):
            span = rows[offset : offset + len(sequence)]
            one = len({(row["doc_id"], row["sentence"]) for row in span}) == 1
            if one and all(takes_in(row) for takes_in, row in zip(sequence, span, strict=True)):
                result.add((offset, len(sequence)))
    return sorted(result)


def found_in(memory: Memory, *words, **how) -> list[tuple[int, int]]:
    offset, size = TokenPartition(memory, 0, pl.DataFrame).find(parse(*words, **how))
    return list(zip(offset.tolist(), size.tolist(), strict=True))


some_words = st.text("aAbB’'é", min_size=1, max_size=3)


memories = st.lists(st.tuples(st.integers(0, 2), st.lists(some_words, min_size=1, max_size=6)), min_size=1, max_size=6)


sequences = st.lists(st.text("aAbé*?", min_size=1, max_size=3), min_size=1, max_size=3)


@given(memories, st.lists(sequences, min_size=1, max_size=3), st.booleans(), st.booleans())
@settings(max_examples=120)
def test_wildcards_find_what_comparing_every_token_finds(sentences, several, case, lemma):
    memory = Memory(sentences)

    def takes(word):
        def takes_in(row):
            token = (row["lemma"] if lemma else row["token"]).replace("’", "'")
            if not word.strip("*?") and not any(c.isalnum() for c in token):
                return False  # any word, but not punctuation
            return fnmatchcase(token, word) if case else fnmatchcase(token.lower(), word.lower())

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
    ids=case_id,
)
def test_a_pattern_takes_in(typed, how, wanted):
    memory = Memory([(0, ["a", "b"]), (0, ["B", "it’s", "."]), (1, ["Bbb", "b.b", "*", "7"])])
    rows = memory.rows
    result = found_in(memory, typed, **how)
    assert [" ".join(row["token"] for row in rows[offset : offset + size]) for offset, size in result] == wanted


@pytest.mark.parametrize(
    "word",
    """can't can’t it’s residents’ O’Brien cannot Cannot gonna wanna Bondar's U.S. U.S.-led peace-talks $5m 6,000 AT&T
    (food) "food" " 3.5 a/b d'ye co-op e.g. … rock'n'roll 50% Zürich 北京""".split(),
)
@pytest.mark.parametrize("match", ["glob", "fixed"])
def test_a_word_is_cut_as_the_tokeniser_cuts_it(word, match):
    _, tokens = tokenise_texts([f"We saw {word} there."])
    norms = tokens["norm"].to_list()[2:-2]
    result = parse(word, match)
    assert tuple(map(re.escape, norms)) in result.sequences + result.variants
    assert len(result.sequences) == 1


@pytest.mark.parametrize("typed", ["the U.S.", "left."])
def test_what_ends_with_a_full_stop_is_found_at_the_end_of_a_sentence_too(typed, tmp_path):
    row = {
        "doc_id": "a",
        "body_start": 0,
        "is_first_report": True,
        "text": "He saw the U.S. He went to the U.S. president. She left.\nHe is in the U.S.",
    }
    corpus = write(tmp_path, [PlantedReport(row, [], [], [])], 1)
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
    ids=case_id,
)
def test_words_with_wildcards_are_cut_as_the_text_is(typed, wanted, tmp_path):
    row = {"doc_id": "a", "body_start": 0, "is_first_report": True, "text": CUT}
    result = write(tmp_path, [PlantedReport(row, [], [], [])], 1).concordance(typed)
    assert result.frame["match"].to_list() == wanted


@pytest.mark.parametrize(
    "typed",
    ["", "  ", pytest.param([], id="empty list"), pytest.param(["army", ""], id="list with a blank"), ()],
    ids=case_id,
)
@pytest.mark.parametrize("match", ["glob", "regex", "fixed"], ids=case_id)
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
    ids=case_id,
)  # fmt: skip
def test_what_is_no_pattern_is_named(given, named):
    with pytest.raises(ct.InputError, match=re.escape(named)):
        parse(*given)


def test_a_pattern_longer_than_any_word_takes_no_time():
    began = time.process_time()
    assert parse("a" * 100_000).sequences == (("a" * 100_000,),)
    assert time.process_time() - began < 2  # a tenth of a second; a search from every letter takes eight
