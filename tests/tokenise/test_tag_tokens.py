"""Tags of tokens by each of the taggers, and the columns made from them."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace

import nltk
import pytest
from tagged_sentences import GOLDEN, TRAINING, split_tags

from corpus_tools.errors import InputError
from corpus_tools.nltk_fast.tagger import open_tagger
from corpus_tools.tokenise.texts import tag_tokens, tokenise_texts
from tools import train_tagger


@pytest.mark.parametrize("line", GOLDEN, ids=lambda line: line.split("/")[0])
def test_golden_sentences(line):
    words, tags = split_tags(line)
    assert tag_tokens([words]) == [tags]


def test_a_curly_apostrophe_is_read_as_a_straight_one():
    words, tags = split_tags("The/DT residents/NNS '/POS homes/NNS were/VBD empty/JJ ./.")
    assert tag_tokens([words]) == [tags]
    assert tag_tokens([[word.replace("'", "’") for word in words]]) == [tags]
    _, tokens = tokenise_texts(["The residents’ homes were empty."])
    assert tokens["pos"].to_list() == tags


def test_no_tokens_have_no_tags():
    assert tag_tokens([]) == []
    assert tag_tokens([[], []]) == [[], []]


def test_tokens_have_tags_universal_tags_and_lemmas():
    _, tokens = tokenise_texts(["Sessions leaves. The leaves fell.", "He saw Wilders's men."])
    assert tokens.select("token", "lemma", "pos", "upos").rows() == [
        ("Sessions", "Sessions", "NNP", "PROPN"), ("leaves", "leave", "VBZ", "VERB"), (".", ".", ".", "PUNCT"),
        ("The", "the", "DT", "DET"), ("leaves", "leaf", "NNS", "NOUN"), ("fell", "fall", "VBD", "VERB"),
        (".", ".", ".", "PUNCT"), ("He", "he", "PRP", "PRON"), ("saw", "see", "VBD", "VERB"),
        ("Wilders", "Wilders", "NNP", "PROPN"), ("'s", "'s", "POS", "PART"), ("men", "man", "NNS", "NOUN"),
        (".", ".", ".", "PUNCT"),
    ]  # fmt: skip


@pytest.fixture
def no_open_taggers():
    open_tagger.cache_clear()
    yield
    open_tagger.cache_clear()


@pytest.mark.parametrize("name", ["brill", "spacy", "spacy:", ""], ids=["name", "no model", "empty model", "empty"])
def test_an_unknown_tagger_is_refused(name):
    with pytest.raises(InputError, match="There are: masc, nltk, spacy:MODEL"):
        tag_tokens([["a"]], tagger=name)


def test_an_unknown_tagger_in_params_is_refused(project, call):
    path = project / "params.yaml"
    path.write_text(path.read_text().replace("tagger: masc", "tagger: brill"))
    status, message = call("tokenise")
    assert status == 2
    assert "params.yaml, tokenise.tagger" in message
    assert "brill" in message
    assert "remedy:" in message


def test_for_a_missing_tagger_the_message_has_the_remedy(monkeypatch, no_open_taggers):
    monkeypatch.setattr(nltk.data, "path", [])
    with pytest.raises(InputError, match="averaged_perceptron_tagger_eng"):
        tag_tokens([["a"]], tagger="nltk")
    monkeypatch.setitem(sys.modules, "spacy", None)
    with pytest.raises(InputError, match="pip install spacy"):
        tag_tokens([["a"]], tagger="spacy:en_core_web_sm")


def test_nltks_own_weights_are_used_if_installed(tmp_path, monkeypatch, no_open_taggers):
    trained = train_tagger.train(TRAINING)
    monkeypatch.setattr(nltk.data, "path", [str(tmp_path)])
    trained.save_to_json(lang="eng", loc=str(tmp_path / "taggers" / "averaged_perceptron_tagger_eng"))
    words = [["the", "armies", "hit", "a", "town", "."]]
    assert tag_tokens(words, tagger="nltk") == [[tag for _, tag in trained.tag(words[0])]]


def test_a_spacy_model_tags_our_tokens(monkeypatch, no_open_taggers):
    def load(name: str, exclude: list[str]) -> SimpleNamespace:
        if name != "model":
            raise OSError(name)
        pipe = lambda docs: ([SimpleNamespace(tag_=word.upper()) for word in doc] for doc in docs)  # noqa: E731
        return SimpleNamespace(vocab=None, meta={"version": "1.2"}, pipe=pipe)

    spacy, tokens = ModuleType("spacy"), ModuleType("spacy.tokens")
    spacy.load, tokens.Doc = load, lambda _, words: words
    monkeypatch.setitem(sys.modules, "spacy", spacy)
    monkeypatch.setitem(sys.modules, "spacy.tokens", tokens)
    assert tag_tokens([["a", "b"], [], ["c"]], tagger="spacy:model") == [["A", "B"], [], ["C"]]
    assert open_tagger("spacy:model").fingerprint == "1.2"
    with pytest.raises(InputError, match="spacy download other"):
        tag_tokens([["a"]], tagger="spacy:other")
