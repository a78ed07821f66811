from __future__ import annotations

import math
import random
import subprocess
import sys
from functools import cache

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from planted import environment
from sklearn.feature_extraction.text import TfidfVectorizer

from corpus_tools import sentiment
from corpus_tools.errors import InputError
from corpus_tools.nltk_fast.lexicon import lexicon
from corpus_tools.sentiment.calibration import Calibration, _idf, _tf_idf, calibrate, load_calibration
from corpus_tools.sentiment.scores import score_sentences

# Made-up words, no two with the same stem.
SYLLABLES = [a + b for a in "bdgklmprtvz" for b in "aou"]
PLANTED = {a + b + "k": random.Random(a + b).uniform(-2, 2) for a in SYLLABLES[:12] for b in SYLLABLES[5:15]}
GOOD, BAD = "good happy honest great love".split(), "bad sad corrupt terrible hate".split()


def planted(n, seed, words=PLANTED, length=6):
    """Sentences of planted words, and the mean of their valences."""
    rng = random.Random(seed)
    chosen = [rng.choices(sorted(words), k=length) for _ in range(n)]
    return [" ".join(c) + "." for c in chosen], np.array([np.mean([words[w] for w in c]) for c in chosen])


@cache
def fitted():
    return calibrate(*planted(500, 0))


@cache
def on_lexicon():
    rng = random.Random(1)
    sentences, means = [], []
    for i in range(120):
        words, sign = (GOOD, 1) if i % 2 else (BAD, -1)
        sentences.append(f"The {rng.choice(words)} {rng.choice(['man', 'town', 'law', 'day'])} number {i}.")
        means.append(sign * rng.uniform(0.5, 1.5))
    return calibrate(sentences, means)


# ---- weights -------------------------------------------------------------------------------------------------


def test_planted_weights_of_words_are_found():
    sentences, truth = planted(300, 99)
    assert np.corrcoef(fitted().score(sentences), truth)[0, 1] > 0.9
    single = fitted().score(list(PLANTED))
    assert np.corrcoef(single, list(PLANTED.values()))[0, 1] > 0.9


def test_cross_validation_predicts_the_correlation_on_new_sentences():
    sentences, truth = planted(300, 99)
    assert fitted().r == pytest.approx(np.corrcoef(fitted().score(sentences), truth)[0, 1], abs=0.05)
    assert fitted().n == 500


def test_stems_are_weighted_as_in_scikit_learn():
    stems = [s.split() for s in ["peac peac war", "war law", "peac law law law", "once", ""]]
    theirs = TfidfVectorizer(analyzer=lambda words: words, min_df=2, sublinear_tf=True).fit(stems)
    idf = _idf(stems)
    assert list(idf) == theirs.get_feature_names_out().tolist()
    np.testing.assert_allclose(_tf_idf(stems, idf).toarray(), theirs.transform(stems).toarray(), atol=1e-12)


def test_noise_is_not_predicted():
    sentences, _ = planted(300, 3)
    assert abs(calibrate(sentences, np.random.default_rng(0).normal(size=300)).r) < 0.2


def test_vaders_correlation_is_that_of_its_compound():
    sentences = [f"{word} {i}." for i, word in enumerate((GOOD + BAD + ["Stones"]) * 6)]
    means = np.random.default_rng(0).normal(size=len(sentences))
    compound = score_sentences(sentences)["compound"].to_numpy()
    assert calibrate(sentences, means).r_vader == pytest.approx(np.corrcoef(compound, means)[0, 1], abs=1e-12)


def test_vaders_correlation_is_undefined_where_it_knows_no_word():
    assert math.isnan(fitted().r_vader)


def test_negated_words_have_weights_of_their_own():
    rng = random.Random(0)
    plain, negated = [rng.choices(sorted(PLANTED), k=3) for _ in range(300)], []
    truth = [np.mean([PLANTED[w] for w in words]) for words in plain]
    sentences = [" ".join(words) for words in plain]
    negated = ["not " + " ".join(words) for words in plain]
    calibration = calibrate(sentences + negated, truth + [-t for t in truth])
    words = [w for w in PLANTED if abs(PLANTED[w]) > 1]
    change = calibration.score([f"not {w}" for w in words]) - calibration.score(words)
    assert np.corrcoef(change, [-PLANTED[w] for w in words])[0, 1] > 0.9
    assert "not " + min(PLANTED) in calibration.weights["feature"].to_list()


def test_unseen_words_have_the_valence_of_the_lexicon():
    seen = set(GOOD + BAD)
    unseen = ["superb", "brilliant", "murder", "disaster", "torture"]
    assert not seen & set(unseen)
    scores = on_lexicon().score([f"It was {word}." for word in [*unseen, "blue"]])
    assert scores[:2].min() > scores[5] > scores[2:5].max()
    negated = on_lexicon().score(["It was not superb.", "It was not a disaster."])
    assert negated[0] < scores[0]
    assert negated[1] > scores[3]


@pytest.mark.parametrize(
    ("good", "bad"), [("An armistice.", "A famine."), ("A truce.", "An embezzlement.")], ids=["armistice", "truce"]
)
def test_words_outside_the_lexicon_have_the_valence_of_their_class(good, bad):
    for sentence in (good, bad):
        assert not any(word.strip(".").lower() in lexicon() for word in sentence.split())
    scores = on_lexicon().score([good, bad])
    assert scores[0] > scores[1]


def test_sentences_of_a_group_are_predicted_from_other_groups():
    # No two groups share words, so one group's weights do not help with another.
    sentences, means, groups = [], [], []
    for group, (word, mean) in enumerate(list(PLANTED.items())[:30]):
        sentences += [f"{word} {word}a {i}." for i in range(4)]
        means += [mean] * 4
        groups += [f"article {group}"] * 4
    assert calibrate(sentences, means).r > 0.9
    assert calibrate(sentences, means, groups=groups).r < 0.3


@settings(max_examples=5)
@given(st.floats(0.1, 100), st.floats(-50, 50))
def test_scores_are_in_the_scale_of_the_ratings(factor, shift):
    sentences, means = planted(60, 5)
    scaled = calibrate(sentences, means * factor + shift)
    expected = calibrate(sentences, means).score(sentences) * factor + shift
    np.testing.assert_allclose(scaled.score(sentences), expected, atol=1e-8 * factor)


# ---- any sentences ---------------------------------------------------------------------------------------------------


def test_nothing_to_score():
    assert fitted().score([]).shape == (0,)
    scores = fitted().score(["", "...", "123"])
    assert np.ptp(scores) == 0
    assert np.isfinite(scores).all()


@pytest.mark.slow
@settings(max_examples=30)
@given(st.lists(st.text(max_size=40), max_size=5))
def test_any_text_scores_the_same_alone_and_among_others(sentences):
    scores = on_lexicon().score([*sentences, "\ud800 a good day"])
    assert np.isfinite(scores).all()
    alone = [on_lexicon().score([sentence]).item() for sentence in sentences]
    np.testing.assert_allclose(scores[:-1], alone, rtol=0, atol=1e-12)


def test_sentences_without_words_can_be_rated():
    calibration = calibrate(["..."] * 30 + ["?"] * 30, [0.0, 1.0] * 30)
    np.testing.assert_allclose(calibration.score(["!", "Words."]), 0.5, atol=1e-9)


# ---- the same bytes --------------------------------------------------------------------------------------------------


def test_the_order_of_the_sentences_changes_nothing():
    sentences, means = planted(120, 7)
    groups = [i % 15 for i in range(120)]
    order = random.Random(0).sample(range(120), 120)
    one = calibrate(sentences, means)
    other = calibrate([sentences[i] for i in order], means[order])
    assert one.r == pytest.approx(other.r, abs=1e-9)
    np.testing.assert_allclose(one.score(sentences), other.score(sentences), atol=1e-9)
    one = calibrate(sentences, means, groups=groups)
    other = calibrate([sentences[i] for i in order], means[order], groups=[groups[i] for i in order])
    assert one.r == pytest.approx(other.r, abs=1e-9)


def test_the_same_sentences_give_the_same_bytes(tmp_path):
    for name in "ab":
        calibrate(*planted(80, 7)).save(tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


# ---- the table -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [fitted, on_lexicon])
def test_a_saved_calibration_scores_the_same(make, tmp_path):
    make().save(tmp_path / "weights.tsv")
    read = load_calibration(str(tmp_path / "weights.tsv"))
    assert read.weights.equals(make().weights)
    assert (read.r, read.n) == (make().r, make().n)
    assert read.r_vader == make().r_vader or math.isnan(make().r_vader)
    sentences = [*planted(40, 8)[0], "A good day.", "No famine."]
    assert (read.score(sentences) == make().score(sentences)).all()


def test_the_table_can_be_read(tmp_path):
    fitted().save(tmp_path / "weights.tsv")
    table = pl.read_csv(tmp_path / "weights.tsv", separator="\t", quote_char=None, infer_schema_length=None)
    assert table.columns == fitted().weights.columns == ["feature", "kind", "weight", "idf"]
    assert table["kind"].unique(maintain_order=True).to_list() == [
        "measure", "constant", "vader", "words", "class", "stem",
    ]  # fmt: skip
    stems = table.filter(pl.col("kind") == "stem")
    best = max(PLANTED, key=PLANTED.get)
    worst = min(PLANTED, key=PLANTED.get)
    weights = dict(zip(stems["feature"], stems["weight"], strict=True))
    assert weights[best] > 0 > weights[worst]
    assert stems["feature"].is_sorted()


def cells(column, text):
    """A change of a cell in the last row but one."""

    def change(lines):
        row = lines[-2].split("\t")
        row[column] = text
        return [*lines[:-2], "\t".join(row), lines[-1]]

    return change


@pytest.mark.parametrize(
    ("change", "place", "what"),
    [
        (lambda lines: lines[:0], ", row 1", "not the header"),
        (lambda lines: ["a\tb", *lines[1:]], ", row 1", "not the header"),
        (lambda lines: [*lines, "zum\tstem\t0.5"], ", row {next}", "3 cells instead of 4"),
        (lambda lines: [*lines, "zum\tstems\t0.5\t"], ", row {next}", "stems 'zum' is not a feature"),
        (
            lambda lines: [*lines, "core povertie\tclass\t0.5\t"],
            ", row {next}",
            "class 'core povertie' is not a feature",
        ),
        (lambda lines: [*lines, lines[-1]], ", row {next}", "occurs twice"),
        (lambda lines: [line for line in lines if not line.startswith("compound")], "", "no row for vader 'compound'"),
        (lambda lines: [line for line in lines if not line.startswith("r\t")], "", "no row for measure 'r'"),
        (lambda lines: [*lines[:4], "constant\tconstant\tnan\t", *lines[5:]], ", row 5", "nan is not a weight"),
        (lambda lines: [lines[0], "sentences\tmeasure\tinf\t", *lines[2:]], ", row 2", "inf is not a weight"),
        (cells(2, "much"), ", row {last}", "'much' is not a number"),
        (cells(2, "inf"), ", row {last}", "inf is not a weight"),
        (cells(3, ""), ", row {last}", "'' is not a number"),
        (cells(3, "-1"), ", row {last}", "-1 is not an idf"),
        (cells(3, "nan"), ", row {last}", "nan is not an idf"),
    ],
    ids=[
        "empty",
        "wrong header",
        "missing cell",
        "unknown kind",
        "unknown feature",
        "repeated row",
        "missing feature",
        "missing measure",
        "constant nan",
        "count infinite",
        "weight a word",
        "weight infinite",
        "idf empty",
        "idf negative",
        "idf nan",
    ],
)
def test_errors_name_the_row_of_a_bad_table(change, place, what, tmp_path):
    path = tmp_path / "weights.tsv"
    fitted().save(path)
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(change(lines)) + "\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_calibration(path)
    assert caught.value.where == str(path) + place.format(next=len(lines) + 1, last=len(lines) - 1)
    assert what in caught.value.what
    assert caught.value.remedy


def test_errors_suggest_a_similar_feature(tmp_path):
    fitted().save(tmp_path / "weights.tsv")
    with (tmp_path / "weights.tsv").open("a", encoding="utf-8") as file:
        file.write("core povertie\tclass\t0.5\t\n")
    with pytest.raises(InputError, match="did you mean core poverty"):
        load_calibration(tmp_path / "weights.tsv")


def test_a_table_that_is_not_text(tmp_path):
    (tmp_path / "weights.tsv").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(InputError, match=r"weights\.tsv: is not in UTF-8"):
        load_calibration(tmp_path / "weights.tsv")


# ---- bad input, and the repr -------------------------------------------------------------------------------------

SENTENCES, MEANS = planted(60, 2)


@pytest.mark.parametrize(
    ("sentences", "means", "groups", "where", "what"),
    [
        (SENTENCES[:49], MEANS[:49], None, "calibrate, sentences", "only 49"),
        ([], [], None, "calibrate, sentences", "only 0"),
        (SENTENCES, MEANS[:59], None, "calibrate, means", "59 for 60 sentences"),
        (SENTENCES, [*MEANS[:59], math.nan], None, "calibrate, means[59]", "nan is not a rating"),
        (SENTENCES, [math.inf, *MEANS[1:]], None, "calibrate, means[0]", "inf is not a rating"),
        (SENTENCES, [1.5] * 60, None, "calibrate, means", "all are 1.5"),
        (SENTENCES, MEANS, ["a"] * 59, "calibrate, groups", "59 for 60 sentences"),
        (SENTENCES, MEANS, ["a"] * 60, "calibrate, groups", "all sentences are in one group"),
    ],
    ids=["too few", "none", "too few means", "mean nan", "mean infinite", "means equal", "too few groups", "one group"],
)
def test_bad_input_is_refused(sentences, means, groups, where, what):
    with pytest.raises(InputError) as caught:
        calibrate(sentences, means, groups=groups)
    assert (caught.value.where, caught.value.what) == (where, what)
    assert caught.value.remedy


def test_fifty_sentences_are_enough():
    assert calibrate(SENTENCES[:50], MEANS[:50]).n == 50


def test_repr():
    shown = Calibration(pl.DataFrame(), r=0.61234, r_vader=0.4832, n=2568)
    assert repr(shown) == (
        "Calibration on 2,568 sentences: correlation with human ratings r = 0.612 in cross-validation"
        " (VADER's compound: 0.483)"
    )
    assert repr(shown) in shown._repr_html_()


def test_the_regression_is_imported_when_it_is_asked_for():
    code = """if True:
        import sys, corpus_tools.sentiment as s
        assert s.score_sentences
        assert not {"sklearn", "scipy", "nltk", "corpus_tools.sentiment.calibration"} & set(sys.modules)
        s.calibrate
        assert "corpus_tools.sentiment.calibration" in sys.modules
    """
    subprocess.run([sys.executable, "-c", code], check=True, env=environment(1))
    with pytest.raises(AttributeError, match="recalibrate"):
        _ = sentiment.recalibrate
