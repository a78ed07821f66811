"""Training of the tagger on MASC."""

from __future__ import annotations

import random
from zipfile import ZipFile

import pytest
from nltk.tag.perceptron import PerceptronTagger
from tagged_sentences import TRAINING, by_nltk, split_tags

from corpus_tools.errors import InputError
from corpus_tools.nltk_fast.tagger import Tagger
from tools import train_tagger


def test_training_is_nltks_and_the_same_each_time():
    state = random.getstate()
    first, second = train_tagger.train(TRAINING), train_tagger.train(TRAINING)
    assert random.getstate() == state  # the global generator is left as it was
    assert first.encode_json_obj()[:2] == second.encode_json_obj()[:2]
    random.seed(0)
    reference = PerceptronTagger(load=False)
    reference.train(TRAINING)
    random.setstate(state)
    assert first.encode_json_obj()[:2] == reference.encode_json_obj()[:2]
    words = [[word for word, _ in sentence] for sentence in TRAINING]
    exact = Tagger.from_nltk(first, 1000, 1)
    assert exact.tag(words) == [[tag for _, tag in s] for s in TRAINING] == by_nltk(exact, words)


def test_small_weights_are_dropped():
    tagger = Tagger.from_nltk(train_tagger.train(TRAINING), 4, 5)
    assert min(abs(w) for row in tagger.weights.values() for w in row.values()) >= 5
    assert all(tagger.weights.values())


@pytest.mark.parametrize(
    ("masc", "expected"),
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
    ids=[
        "abbreviated name", "number", "compound adjective", "compound", "dash", "double dash", "currency",
        "contraction", "brackets", "straight marks", "curly marks", "cut at an apostrophe", "unknown tag",
    ],
)  # fmt: skip
def test_masc_is_converted_to_our_tokens_and_penns_tags(masc, expected):
    line = [tuple(token.rsplit("_", 1)) for token in masc.split()]
    assert train_tagger.as_penn([line]) == ([list(zip(*split_tags(expected), strict=True))] if expected else [])


def test_an_unclosed_quotation_mark_does_not_affect_the_next_sentence():
    lines = [[('"', "''"), ("Go", "VB")], [('"', "''"), ("Stay", "VB"), ('"', "''")]]
    assert [tag for line in train_tagger.as_penn(lines) for word, tag in line if word == '"'] == ["``", "``", "''"]


def test_accuracy_is_measured_on_the_news_of_masc(tmp_path):
    path = tmp_path / "masc_tagged.zip"
    lines = "\n".join(" ".join(f"{word}_{tag}" for word, tag in sentence) + " " for sentence in TRAINING)
    with ZipFile(path, "w") as archive:
        archive.writestr("masc_tagged/categories.txt", "written/a.txt newspaper\nwritten/b.txt blog\n")
        archive.writestr("masc_tagged/written/a.txt", lines)
        archive.writestr("masc_tagged/written/b.txt", lines)
    learned = train_tagger.learn(path)
    assert learned == train_tagger.learn(path)
    assert "% of their 112 tokens right" in " ".join(learned.about)
    assert learned.tag([["the", "."]]) == [["DT", "."]]


@pytest.mark.parametrize("content", [None, b"no archive"], ids=["no file", "no archive"])
def test_other_files_are_refused(tmp_path, content):
    path = tmp_path / "masc.zip"
    if content:
        path.write_bytes(content)
    with pytest.raises(InputError, match=r"masc\.zip: not MASC"):
        train_tagger.learn(path)
