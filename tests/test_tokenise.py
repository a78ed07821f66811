from __future__ import annotations

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from nltk.tokenize import NLTKWordTokenizer
from nltk.tokenize.punkt import PunktSentenceTokenizer

from corpus_tools.punkt import Punkt, news_abbreviations, news_punkt
from corpus_tools.tokenise import lengths_by_outlet, tokenise_partition, tokenise_texts
from corpus_tools.tokenise.training import sample, train

NEWS = (
    "Gen. James Mattis met Mr. Lavrov at 5 p.m. on Friday. They spoke of U.S. troops near St. Petersburg. "
    'Sen. Smith, R-Ariz., said: "No. 5 is ours." It wasn\'t. The Army of the U.S. left.\n\n'
    "A headline without a stop\n\nThe text begins here, e.g. with this."
)
# Quotation marks and full stops are where tokenisers go astray.
ODD = st.text(st.sampled_from("aB '\"`.,!?-–“”‘’\n5$%()[]…&n't") | st.characters(codec="utf-8"), max_size=120)


@pytest.fixture(scope="module")
def punkt() -> Punkt:
    return news_punkt()


def words(text: str) -> list[list[str]]:
    _, tokens = tokenise_texts([text])
    return tokens.group_by("sentence", maintain_order=True).agg("token")["token"].to_list()


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


@given(ODD)
def test_sentences_are_punkts_and_tokens_nltks(text):
    punkt = news_punkt()
    reference = PunktSentenceTokenizer(punkt.parameters())
    sentences, tokens = tokenise_texts([text], punkt)
    spans = []
    start = 0
    for paragraph in text.split("\n"):
        found = reference.span_tokenize(paragraph)
        spans += [(start + a, start + b) for a, b in found if paragraph[a:b].strip()]
        start += len(paragraph) + 1
    assert sentences.select("start", "end").rows() == spans
    for number, (a, b) in enumerate(spans):
        mine = [(s - a, e - a) for s, e in tokens.filter(sentence=number).select("start", "end").iter_rows()]
        try:
            theirs = list(NLTKWordTokenizer().span_tokenize(text[a:b]))
        except ValueError:  # NLTK cannot align its own tokens: ours are what white space parts
            assert [text[a:b][s:e] for s, e in mine] == text[a:b].split()
        else:
            assert mine == theirs


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
