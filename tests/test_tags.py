"""Tags and lemmas: the very tags of NLTK's tagger, the weights that are shipped, and how they were made."""

from __future__ import annotations

import random
import re
import sys
from importlib.resources import files
from types import ModuleType, SimpleNamespace
from zipfile import ZipFile

import nltk
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from nltk.tag.perceptron import PerceptronTagger

from corpus_tools import masc
from corpus_tools.errors import InputError
from corpus_tools.nltk_fast.tagger import PENN, UNIVERSAL, Tagger, _Distinct, news_tagger, open_tagger
from corpus_tools.tokenise.lemmas import lemma_of
from corpus_tools.tokenise.texts import tag_tokens, tokenise_texts

GOLDEN = [
    "Sessions/NNP told/VBD reporters/NNS that/IN more/JJR than/IN 1,200/CD people/NNS had/VBD fled/VBN ./.",
    "Two/CD shells/NNS hit/VBD the/DT town/NN on/IN Friday/NNP ,/, killing/VBG at/IN least/JJS 39/CD civilians/NNS ./.",
    "\"/`` We/PRP will/MD not/RB leave/VB ,/, \"/'' the/DT governor/NN said/VBD ./.",
    "He/PRP leaves/VBZ Kiev/NNP with/IN Mr./NNP Wilders/NNP 's/POS three/CD children/NNS ./.",
    "The/DT U.S./NNP Army/NNP ca/MD n't/RB use/VB $/$ 5/CD million/CD (/( 10/CD %/NN )/) ./.",
]
TAGS = ["A", "B", "C"]
# Words that normalise alike, words of one suffix, and what no tokeniser gives.
WORDS = [
    "",
    "a",
    "b",
    "A",
    "-a",
    "a-b",
    "1",
    "1990",
    "1990s",
    "٣٣٣٣",
    "a b",
    "-START-",
    "-END-",
    "�",
    "İ",
    "\x85",
    "bba",
]
ODD = [
    [],
    [""],
    ["-"],
    ["--", "a-b", "-a"],
    ["1990", "19901", "²", "1b"],
    ["“", "a b", "’", "\n", "日本語"],
    ["a"] * 50,
]
sentences_of = st.lists(st.lists(st.sampled_from(WORDS) | st.text(max_size=4), max_size=8), max_size=6)


def split(line: str) -> tuple[list[str], list[str]]:
    words, tags = zip(*(token.rsplit("/", 1) for token in line.split()), strict=True)
    return list(words), list(tags)


def by_nltk(tagger: Tagger, sentences: list[list[str]]) -> list[list[str]]:
    reference = tagger.to_nltk()
    return [[tag for _, tag in reference.tag(sentence)] for sentence in sentences]


@st.composite
def taggers(draw) -> Tagger:
    """Few tags and small weights, so that scores are often equal."""
    word, tag = st.sampled_from(WORDS), st.sampled_from(TAGS)
    before = tag | st.sampled_from(["-START-", "-START2-"])
    feature = st.one_of(
        st.just("bias"),
        st.builds("{} {}".format, st.sampled_from(["i word", "i-1 word", "i-2 word", "i+1 word", "i+2 word"]), word),
        st.builds("{} {}".format, st.sampled_from(["i suffix", "i pref1", "i-1 suffix", "i+1 suffix"]), word),
        st.builds("{} {}".format, st.sampled_from(["i-1 tag", "i-2 tag"]), before),
        st.builds("i tag+i-2 tag {} {}".format, before, before),
        st.builds("i-1 tag+i word {} {}".format, before, word),
    )
    size = draw(st.sampled_from([2, 30_000]))  # beyond what 16 bits hold in sum
    row = st.dictionaries(tag | st.just("unknown"), st.integers(-size, size), max_size=3)
    weights = draw(st.dictionaries(feature, row, max_size=25))
    return Tagger(weights, draw(st.dictionaries(word, tag, max_size=3)), frozenset(TAGS))


@given(taggers(), sentences_of)
@settings(max_examples=200)
def test_tags_are_nltks_for_any_weights(tagger, sentences):
    assert tagger.tag(sentences) == by_nltk(tagger, sentences)


@given(sentences_of)
@example(ODD)
def test_tags_are_nltks_for_the_weights_that_are_shipped(sentences):
    assert news_tagger().tag(sentences) == by_nltk(news_tagger(), sentences)


def test_tags_are_nltks_for_many_sentences_of_all_lengths(monkeypatch):
    monkeypatch.setattr("corpus_tools.nltk_fast.tagger._SENTENCES", 7)  # several batches
    rng = random.Random(0)
    words = [word for line in GOLDEN for word in split(line)[0]]
    sentences = [rng.choices(words, k=rng.randrange(30)) for _ in range(60)]
    assert news_tagger().tag(sentences) == by_nltk(news_tagger(), sentences)


def test_what_stands_before_and_after_a_sentence_counts():
    edges = {"i+2 word -END-": {"A": 1}, "i+2 word -END2-": {"B": 1}, "i-2 word -START-": {"A": 1}}
    tagger = Tagger(edges, {}, frozenset(TAGS))
    sentences = [["x", "y", "z", "v"], ["x"]]
    assert tagger.tag(sentences) == by_nltk(tagger, sentences) == [["A", "C", "A", "B"], ["B"]]


def test_of_equal_scores_the_last_tag_in_the_alphabet_wins():
    assert Tagger({}, {}, frozenset(TAGS)).tag([["a"]]) == [["C"]]


def test_each_distinct_token_is_looked_up_once(monkeypatch):
    seen = []
    looked_up = _Distinct.__init__
    monkeypatch.setattr(
        _Distinct, "__init__", lambda self, t, tokens: (seen.append(tokens), looked_up(self, t, tokens))[1]
    )
    news_tagger().tag([["the", "town", "the"], ["town", "."]])
    assert seen == [["the", "town", "."]]


@pytest.mark.parametrize("line", GOLDEN)
def test_golden_sentences(line):
    words, tags = split(line)
    assert tag_tokens([words]) == [tags]


def test_a_curly_apostrophe_is_read_as_a_straight_one():
    words, tags = split("The/DT residents/NNS '/POS homes/NNS were/VBD empty/JJ ./.")
    assert tag_tokens([words]) == [tags]
    assert tag_tokens([[word.replace("'", "’") for word in words]]) == [tags]
    _, tokens = tokenise_texts(["The residents’ homes were empty."])
    assert tokens["pos"].to_list() == tags


def test_nothing_has_no_tags():
    assert tag_tokens([]) == []
    assert tag_tokens([[], []]) == [[], []]


# ---- the tokens' table ----------------------------------------------------------------------------------------------


def test_tokens_have_tags_universal_tags_and_lemmas():
    _, tokens = tokenise_texts(["Sessions leaves. The leaves fell.", "He saw Wilders's men."])
    assert tokens.select("token", "lemma", "pos", "upos").rows() == [
        ("Sessions", "Sessions", "NNP", "PROPN"), ("leaves", "leave", "VBZ", "VERB"), (".", ".", ".", "PUNCT"),
        ("The", "the", "DT", "DET"), ("leaves", "leaf", "NNS", "NOUN"), ("fell", "fall", "VBD", "VERB"),
        (".", ".", ".", "PUNCT"), ("He", "he", "PRP", "PRON"), ("saw", "see", "VBD", "VERB"),
        ("Wilders", "Wilders", "NNP", "PROPN"), ("'s", "'s", "POS", "PART"), ("men", "man", "NNS", "NOUN"),
        (".", ".", ".", "PUNCT"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("token", "tag", "lemma"),
    [line.split() for line in """
        Sessions NNP Sessions | Wilders NNP Wilders | Americans NNPS Americans | 's POS 's | 's VBZ be
        saw VBD see | saw NN saw | leaves NNS leaf | leaves VBZ leave | left VBD leave | left JJ left
        Attacks NNS attack | lives NNS life | lives VBZ live | talks NNS talk | troops NNS troop
        meeting NN meeting | meeting VBG meet | living VBG live | sitting VBG sit | rating VBG rate
        hearing VBG hear | ing VBG ing | bing VBG bing | falling VBG fall | wounded JJ wounded | wounded VBN wound
        worse JJR bad | better RBR well | highest JJS high | n't RB not | n’t RB not | wo MD will | ca MD can
        I PRP I | them PRP they | French JJ French | 1990s CD 1990s | The DT the | Qwxz NN qwxz | – : –
    """.replace("\n", "|").split("|") if line.strip()],
)  # fmt: skip
def test_lemmas(token, tag, lemma):
    assert lemma_of(token, tag) == lemma


def test_every_penn_tag_has_a_universal_one():
    assert len(PENN) == 45
    assert set(UNIVERSAL.values()) <= set(
        "ADJ ADP ADV AUX CCONJ DET INTJ NOUN NUM PART PRON PROPN PUNCT SCONJ SYM VERB X".split()
    )


# ---- the file that is shipped, and how it is made -------------------------------------------------------------------


def test_the_file_says_where_it_is_from_and_how_good_it_is():
    path = files("corpus_tools.nltk_fast").joinpath("data/tagger_masc.txt")
    content = path.read_bytes()
    assert len(content) <= 1_500_000
    tagger = news_tagger()
    assert tagger.to_text().encode() == content  # sorted, nothing lost
    assert tagger.classes <= PENN
    about = " ".join(tagger.about)
    # The archive as NLTK packs it, and a floor: lower neither without a reason.
    assert "masc_tagged.zip, sha256 " + MASC in about
    assert "newspaper" in about
    assert float(re.search(r"([\d.]+)% of their", about)[1]) >= 96.0
    assert open_tagger("masc").fingerprint == FINGERPRINT


MASC = "678a5141cf3381bedb1839c58a330507337be07c7c71603279c0ef5337032304"
FINGERPRINT = "58a022918bdd"


def test_a_file_survives_with_odd_words_and_without_comments():
    tagger = Tagger(
        {"i word \x85": {"#": 1, "NN": -2}, "bias": {"NN": 3}}, {"#": "#", "’": "''"}, frozenset(["#", "NN"])
    )
    assert Tagger.from_text(tagger.to_text()) == tagger


PLANTED = [
    [("the", "DT"), ("army", "NN"), ("shells", "VBZ"), ("towns", "NNS"), (".", ".")],
    [("shells", "NNS"), ("hit", "VBD"), ("the", "DT"), ("town", "NN"), (".", ".")],
    [("armies", "NNS"), ("hit", "VBD"), ("towns", "NNS"), (".", ".")],
] * 8


def test_training_is_nltks_and_the_same_each_time():
    state = random.getstate()
    first, second = masc.train(PLANTED), masc.train(PLANTED)
    assert random.getstate() == state  # nobody else's numbers are changed
    assert first.encode_json_obj()[:2] == second.encode_json_obj()[:2]
    random.seed(0)
    reference = PerceptronTagger(load=False)
    reference.train(PLANTED)
    random.setstate(state)
    assert first.encode_json_obj()[:2] == reference.encode_json_obj()[:2]
    words = [[word for word, _ in sentence] for sentence in PLANTED]
    exact = Tagger.from_nltk(first, 1000, 1)
    assert exact.tag(words) == [[tag for _, tag in s] for s in PLANTED] == by_nltk(exact, words)


def test_small_weights_are_dropped():
    whole = Tagger.from_nltk(masc.train(PLANTED), 4, 5)
    assert min(abs(w) for row in whole.weights.values() for w in row.values()) >= 5
    assert all(whole.weights.values())


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        ("U.S._NN troops_NNS", "U.S./NNP troops/NNS"),
        ("No._NN 5_NN", "No./NN 5/CD"),
        ("a_DT cease_JJ -_- fire_NN deal_NN", "a/DT cease-fire/JJ deal/NN"),
        ("by_IN year_NN -_- end_NN ._.", "by/IN year-end/NN ./."),
        ("he_PRP -_- you_PRP know_VBP", "he/PRP -/: you/PRP know/VBP"),
        ("war_NN -_- -_- peace_NN", "war/NN --/: peace/NN"),
        ("$27_NN", "$/$ 27/CD"),
        ("cannot_NN", "can/MD not/RB"),
        ("[_NN sic_JJ ]_NN ..._...", "[/( sic/JJ ]/) .../:"),
        ("\"_'' Go_VB ,_, \"_'' he_PRP", "\"/`` Go/VB ,/, \"/'' he/PRP"),
        ("“_NN Go_VB ”_NN he_PRP ’s_VBZ", "“/`` Go/VB ”/'' he/PRP 's/VBZ"),
        ("don_NN ’_NN t_NN", ""),
        ("Hm_UH` ._.", ""),
    ],
)
def test_masc_is_mended_to_our_tokens_and_penns_tags(given_, expected):
    line = [tuple(token.rsplit("_", 1)) for token in given_.split()]
    assert masc.as_penn([line]) == ([list(zip(*split(expected), strict=True))] if expected else [])


def test_a_mark_that_was_left_open_does_not_turn_those_after_it():
    lines = [[('"', "''"), ("Go", "VB")], [('"', "''"), ("Stay", "VB"), ('"', "''")]]
    assert [tag for line in masc.as_penn(lines) for word, tag in line if word == '"'] == ["``", "``", "''"]


def test_masc_is_read_and_measured_on_its_news(tmp_path):
    path = tmp_path / "masc_tagged.zip"
    lines = "\n".join(" ".join(f"{word}_{tag}" for word, tag in sentence) + " " for sentence in PLANTED)
    with ZipFile(path, "w") as archive:
        archive.writestr("masc_tagged/categories.txt", "written/a.txt newspaper\nwritten/b.txt blog\n")
        archive.writestr("masc_tagged/written/a.txt", lines)
        archive.writestr("masc_tagged/written/b.txt", lines)
    learned = masc.learn(path)
    assert learned == masc.learn(path)
    assert "% of their 112 tokens right" in " ".join(learned.about)
    assert learned.tag([["the", "."]]) == [["DT", "."]]


@pytest.mark.parametrize("content", [None, b"no archive"])
def test_what_is_not_masc_is_named(tmp_path, content):
    path = tmp_path / "masc.zip"
    if content:
        path.write_bytes(content)
    with pytest.raises(InputError, match=r"masc\.zip: not MASC"):
        masc.learn(path)


# ---- other taggers --------------------------------------------------------------------------------------------------


@pytest.fixture
def afresh():
    open_tagger.cache_clear()
    yield
    open_tagger.cache_clear()


@pytest.mark.parametrize("name", ["brill", "spacy", "spacy:", ""])
def test_an_unknown_tagger_is_named(name):
    with pytest.raises(InputError, match="There are: masc, nltk, spacy:MODEL"):
        tag_tokens([["a"]], tagger=name)


def test_an_unknown_tagger_in_params_is_named(project, call):
    path = project / "params.yaml"
    path.write_text(path.read_text().replace("tagger: masc", "tagger: brill"))
    status, said = call("tokenise")
    assert status == 2
    assert "params.yaml, tokenise.tagger" in said
    assert "brill" in said
    assert "remedy:" in said


def test_taggers_that_are_not_installed_are_named_with_the_remedy(monkeypatch, afresh):
    monkeypatch.setattr(nltk.data, "path", [])
    with pytest.raises(InputError, match="averaged_perceptron_tagger_eng"):
        tag_tokens([["a"]], tagger="nltk")
    monkeypatch.setitem(sys.modules, "spacy", None)
    with pytest.raises(InputError, match="pip install spacy"):
        tag_tokens([["a"]], tagger="spacy:en_core_web_sm")


def test_nltks_own_weights_are_used_if_installed(tmp_path, monkeypatch, afresh):
    trained = masc.train(PLANTED)
    monkeypatch.setattr(nltk.data, "path", [str(tmp_path)])
    trained.save_to_json(lang="eng", loc=str(tmp_path / "taggers" / "averaged_perceptron_tagger_eng"))
    words = [["the", "armies", "hit", "a", "town", "."]]
    assert tag_tokens(words, tagger="nltk") == [[tag for _, tag in trained.tag(words[0])]]


def test_a_model_of_spacys_gets_our_tokens(monkeypatch, afresh):
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
