from __future__ import annotations

import sys
from itertools import product

import numpy as np
import polars as pl
import pytest
import regex
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from nltk.tokenize import NLTKWordTokenizer
from nltk.tokenize.punkt import PunktLanguageVars, PunktSentenceTokenizer, PunktToken
from planted import CASES

from corpus_tools import sentences as splitting
from corpus_tools.nltk_fast.punkt import Punkt, news_abbreviations, news_punkt, sentence_spans
from corpus_tools.tokenise.texts import (
    lengths_by_outlet,
    tokenise_partition,
    tokenise_texts,
    training,
    word_spans,
    words,
)
from corpus_tools.tokenise.training import sample, train

NEWS = (
    "Gen. James Mattis met Mr. Lavrov at 5 p.m. on Friday. They spoke of U.S. troops near St. Petersburg. "
    'Sen. Smith, R-Ariz., said: "No. 5 is ours." It wasn\'t. The Army of the U.S. left.\n\n'
    "A headline without a stop\n\nThe text begins here, e.g. with this."
)
# Quotation marks and full stops are where tokenisers go astray.
ODD = st.text(st.sampled_from("aB '\"`.,!?-–“”‘’\n5$%()[]…&n't") | st.characters(codec="utf-8"), max_size=120)
# What one rule or another is about, and what those rules are said not to touch. `²` is a letter to one of the two
# packages for regular expressions that NLTK takes, İ, ı, ſ and the sign of the Kelvin are some letter of ASCII to each.
PIECES = (
    """' " '' `` ` . .. ... , ,, : ; ? ! ( ) [ ] { } < > « » “ ” ‘ ’ „ - -- --- – — … / * @ # & $ % £ _
    can not cannot gonna Gimme wanna more'n d'ye 'tis 'twas n't N'T 's 'S 'm 'd 'll 'LL 'Ll 're 've dogs' I don't
    O'Neill a The the troops said U.S Mr Gen No J p.m al-Assad x-gen 5 2014 1,000 -3 .5 10:30 é ß ² ٣ İ ı ſ \u212a 日本
    \U0001f600"""
).split()
BLANKS = ["  ", "\t", "\xa0", "\x1c", "\x1f", "\x85", "\u2028", "\r", "\x0b", "\u200b"]
NASTY = st.lists(
    st.sampled_from(PIECES) | st.sampled_from([" ", " ", ". ", '." ', "? "]) | st.sampled_from(BLANKS), max_size=20
).map("".join)
LINES = st.lists(NASTY | ODD, max_size=4).map("\n".join)
# Parameters about which the words above are in doubt.
DOUBTFUL = Punkt(
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


@pytest.fixture(scope="module")
def punkt() -> Punkt:
    return news_punkt()


def nltk_sentences(reference: PunktSentenceTokenizer, text: str, start: int = 0) -> list[tuple[int, int, int]]:
    found, number = [], -1
    for line in text[start:].split("\n"):
        number += bool(line)
        found += [(number, start + a, start + b) for a, b in reference.span_tokenize(line) if line[a:b].strip()]
        start += len(line) + 1
    return found


def spans_of(texts: list[str]) -> list[list[tuple[int, int]]]:
    """Give the spans of `cut_words`, and hold its tokens against the text."""
    found = words.cut_words(texts)
    assert found.lengths.sum() == len(found.start) == len(found.end) == len(found.kind)
    spans = list(zip(found.start.tolist(), found.end.tolist(), strict=True))
    tokens = found.distinct.gather(found.kind).to_list()
    ends = np.cumsum(found.lengths).tolist()
    result = []
    for text, end, length in zip(texts, ends, found.lengths.tolist(), strict=True):
        result.append(spans[end - length : end])
        assert tokens[end - length : end] == [text[a:b] for a, b in result[-1]]
    return result


def test_sentences_of_news(punkt):
    sentences, _ = tokenise_texts([NEWS], punkt)
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


@given(st.lists(ODD, max_size=4))
@example(["`` '' \" '"])
@example(["\n\n \n"])
def test_offsets_hold_for_every_row(texts):
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


@given(st.lists(ODD, max_size=3))
def test_no_visible_character_is_lost(texts):
    _, tokens = tokenise_texts(texts)
    for doc, text in enumerate(texts):
        covered = "".join(tokens.filter(pl.col("doc_id") == doc)["token"])
        assert "".join(covered.split()) == "".join(text.split())


WORDS = [
    pytest.param(text, tokens.split(), id=f"{group}: {text[:30]}")
    for group, cases in yaml.safe_load((CASES / "words.yaml").read_text(encoding="utf-8")).items()
    for text, tokens in cases
]


@pytest.mark.parametrize(("text", "tokens"), WORDS)
def test_words_as_they_should_be_alone_and_among_others(text, tokens):
    for texts in ([text], ["It's late.", text, "He cannot."]):
        assert [text[a:b] for a, b in spans_of(texts)[len(texts) // 2]] == tokens


@settings(max_examples=300)
@given(st.lists(NASTY | ODD | st.text(max_size=40), max_size=6))
@example([])
@example([""])
@example(["", "a", ""])
def test_words_are_nltks(texts):
    for text, mine in zip(texts, spans_of(texts), strict=True):
        try:
            theirs = list(NLTKWordTokenizer().span_tokenize(text))
        except ValueError:  # NLTK cannot align its own tokens: ours are what white space parts
            assert [text[a:b] for a, b in mine] == text.split()
        else:
            assert mine == theirs
        assert word_spans(text) == mine


def test_few_sentences_go_to_nltk_whole(monkeypatch):
    """Otherwise the comparison above would be that of NLTK with itself."""
    asked = []
    monkeypatch.setattr(words, "word_spans", lambda text: asked.append(text) or word_spans(text))
    cases = [case.values[0] for case in WORDS if "white space" not in case.id]
    spans_of(cases)
    assert {"cannot.", "``It is,'' he said.", "bar foo's'"} < set(asked)
    assert len(asked) < len(cases) / 4


def test_many_odd_pieces_go_to_nltk_in_parts(monkeypatch):
    monkeypatch.setattr(words, "_AT_ONCE", 3)
    text = " ".join(f"({piece}n't,{number}\"" for number, piece in enumerate(["cannot", "'", "gonna", "`x"] * 3)) + " x"
    assert spans_of([text]) == [word_spans(text)]


@settings(max_examples=300)
@given(st.lists(LINES | st.text(max_size=40), max_size=3), st.lists(st.integers(0, 9), min_size=3, max_size=3))
@example(["Mr. Bush. The U.S. left", "\n\n \n", 'acting!!! I promise. ... " He. 5'], [0, 0, 0])
@example(["Stop!\xa0Left. Yes", " .? He\ud800. So", "Stop! He\xa0left. Yes"], [0, 0, 0])
def test_sentences_are_punkts(texts, starts):
    for learned in (news_punkt(), DOUBTFUL):
        reference = PunktSentenceTokenizer(learned.parameters())
        found = learned.splitter().spans(texts, starts[: len(texts)])
        mine = list(zip(*(column.tolist() for column in found), strict=True))
        assert mine == [(i, *row) for i, text in enumerate(texts) for row in nltk_sentences(reference, text, starts[i])]
        for text in texts:
            assert list(sentence_spans(learned.splitter(), text)) == nltk_sentences(reference, text)


@pytest.mark.parametrize("learned", [news_punkt(), DOUBTFUL], ids=["news", "doubtful"])
def test_every_word_before_a_full_stop_with_every_word_after_it(learned):
    """The decisions of which NLTK is not asked."""
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
    found = learned.splitter().spans(texts)
    mine = list(zip(found.text.tolist(), found.start.tolist(), found.end.tolist(), strict=True))
    reference = PunktSentenceTokenizer(learned.parameters())
    assert mine == [(i, a, b) for i, text in enumerate(texts) for _, a, b in nltk_sentences(reference, text)]


@pytest.mark.parametrize("characters", ['a.?" ', '."-a '])
def test_every_short_line_is_cut_as_by_punkt(characters):
    text = "\n".join("".join(line) for length in range(7) for line in product(characters, repeat=length))
    reference = PunktSentenceTokenizer(news_punkt().parameters())
    assert list(sentence_spans(news_punkt().splitter(), text)) == nltk_sentences(reference, text)


def test_what_was_decided_is_forgotten_after_a_while_and_batches_do_not_show(monkeypatch):
    texts = [NEWS, "", "Mr. Bush left. The U.S. stayed.", NEWS]
    expected = Punkt.from_json(news_punkt().to_json()).splitter().spans(texts)
    monkeypatch.setattr(splitting, "_REMEMBERED", 3)
    monkeypatch.setattr(splitting, "_BATCH", 50)
    splitter = splitting.Splitter(news_punkt())
    found = splitter.spans(texts)
    assert all((a == b).all() for a, b in zip(found, expected, strict=True))
    splitter.spans(["It ended. Yes"])
    assert [*splitter._sure] == ["ended"]


def test_characters_are_what_they_are_to_punkt():
    """White space is not the same to Python's str and to the package in which Punkt's expressions are written."""
    every = [chr(i) for i in range(sys.maxunicode + 1)]
    lines = "\n".join(every)
    for bit, characters in {
        splitting._LINE_END: "\n",
        splitting._SPACE: regex.findall(r"\s", "".join(every)),
        splitting._STR_SPACE: filter(str.isspace, every),
        splitting._TERMINATOR: PunktLanguageVars.sent_end_chars,
        splitting._NO_WORD: regex.findall(PunktLanguageVars()._re_non_word_chars, "".join(every)),
        splitting._CLOSER: [found.group()[0] for found in PunktLanguageVars.re_boundary_realignment.finditer(lines)],
    }.items():
        assert np.flatnonzero(splitting._table() & bit).tolist() == sorted(map(ord, characters))


def test_sentences_and_tokens_of_news_articles_are_nltks(punkt, news_texts):
    found = punkt.splitter().spans(news_texts)
    mine = list(zip(*(column.tolist() for column in found), strict=True))
    assert len(mine) > 45_000
    reference = PunktSentenceTokenizer(punkt.parameters())
    assert mine == [(i, *row) for i, text in enumerate(news_texts) for row in nltk_sentences(reference, text, 0)]
    cut = [news_texts[i][a:b] for i, _, a, b in mine]
    assert spans_of(cut) == [word_spans(sentence) for sentence in cut]


def test_norm_and_lemma():
    _, tokens = tokenise_texts(["The houses weren’t bombed; children said so."])
    forms = {t: (n, lemma) for t, n, lemma in tokens.select("token", "norm", "lemma").iter_rows()}
    assert forms["The"] == ("the", "the")
    assert forms["houses"] == ("houses", "house")
    assert forms["children"] == ("children", "child")
    assert forms["bombed"] == ("bombed", "bomb")
    assert forms["said"] == ("said", "say")


def test_a_start_leaves_out_what_is_before_it():
    text = "KYIV: Shells fell."
    _, tokens = tokenise_texts([text], starts=[6])
    assert tokens.row(0, named=True)["start"] == 6
    assert tokens["token"].to_list() == ["Shells", "fell", "."]


def test_sentences_are_counted_in_each_text():
    sentences, tokens = tokenise_texts(["One. Two.", "", "Three.\n\nFour."])
    assert sentences.select("doc_id", "sentence", "paragraph").rows() == [(0, 0, 0), (0, 1, 0), (2, 0, 0), (2, 1, 1)]
    assert tokens.select("doc_id", "sentence").unique(maintain_order=True).rows() == [(0, 0), (0, 1), (2, 0), (2, 1)]


def test_nothing_gives_empty_tables():
    for texts in ([], ["", " \n "]):
        sentences, tokens = tokenise_texts(texts)
        assert sentences.is_empty()
        assert tokens.is_empty()
        assert tokens.columns == ["doc_id", "sentence", "start", "end", "token", "norm", "lemma", "pos", "upos"]


def test_punkt_learns_an_abbreviation_from_the_corpus():
    texts = [f"The village of Ozd. Kirova lies near Ozd. Lenina on road {i}. People left it then." for i in range(60)]
    assert "ozd" in train(texts).abbreviations
    assert "ozd" not in news_punkt().abbreviations


def test_words_of_the_dictionary_are_not_learned_as_abbreviations():
    texts = [f"He slept at the inn. near road {i} and at an inn. by the sea." for i in range(60)]
    assert "inn" not in train(texts).abbreviations


def test_the_list_is_lower_case_without_the_last_stop():
    listed = news_abbreviations()
    assert {"gen", "u.s", "sept", "r-ariz", "p.m"} <= listed
    assert all(a == a.lower() and not a.endswith(".") for a in listed)


def test_tokens_to_learn_from_are_nltks():
    for word in [*PIECES, *(f"{piece}." for piece in PIECES), "x..", "-1.5", "2nd", "_.", "é."]:
        mine, theirs = training._Token(word), PunktToken(word)
        for name in ["tok", "type", "type_no_period", "period_final", "is_number"]:
            assert getattr(mine, name) == getattr(theirs, name)
        for name in ["is_ellipsis", "is_initial"]:
            assert getattr(mine, name) == bool(getattr(theirs, name))


def test_what_is_learned_is_what_nltks_own_tokens_would_teach(monkeypatch):
    texts = [NEWS, "They met J. Kirova there. Then ... it ended on 5. May. " * 5, *PIECES]
    learned = train(texts)
    monkeypatch.setattr(training, "_Token", PunktToken)
    assert train(texts) == learned


def test_what_punkt_learned_survives_its_file():
    learned = train(["Gen. A. Smith left. The U.S. stayed."] * 5)
    assert Punkt.from_json(learned.to_json()) == learned


def ids(count: int, source: str = "s") -> pl.DataFrame:
    return pl.DataFrame({"source": source, "doc_id": [f"{source}-{i}" for i in range(count)]})


def test_the_sample_is_the_same_in_any_order_and_comes_from_every_source():
    documents = pl.concat([ids(3000), ids(500, "t")])
    chosen = sample(documents, 400)
    assert len(chosen) == len(set(chosen)) == 400
    assert sample(pl.concat([ids(500, "t"), ids(3000)]), 400) == chosen
    assert 30 < sum(name.startswith("t-") for name in chosen) < 90  # 57 of 400 would be its share
    assert sample(documents, 0) == sample(documents, 5000) == sorted(documents["doc_id"])


@pytest.mark.parametrize("count", [2048, 3000, 400_000])
def test_reports_added_at_the_end_leave_the_sample_as_it_is(count):
    assert sample(ids(count - 100), 50) != sample(ids(count // 2), 50)
    assert sample(ids(count), 50) == sample(ids(count + count // 200), 50)


def test_a_partition_keeps_documents_without_words():
    documents = pl.DataFrame(
        {"doc_id": ["b", "a"], "outlet": ["O", "O"], "text": ["KYIV: One two.", ""], "body_start": [6, 0]}
    )
    made = tokenise_partition(news_punkt(), documents)
    assert made["lengths"].rows() == [("b", "O", 1, 3), ("a", "O", 0, 0)]
    assert made["tokens"]["doc_id"].unique().to_list() == ["b"]
    outlet, reports, *quantiles = lengths_by_outlet(made["lengths"]).row(0)
    assert (outlet, reports) == ("O", 2)
    assert quantiles == pytest.approx([0.15, 0.75, 1.5, 2.25, 2.85])
