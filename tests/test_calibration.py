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
from corpus_tools.sentiment.features import evidence, names
from corpus_tools.sentiment.scores import score_sentences

# No word of any lexicon, and no two of one stem.
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


# ---- what is learned -------------------------------------------------------------------------------------------------


def test_planted_weights_of_words_are_found():
    sentences, truth = planted(300, 99)
    assert np.corrcoef(fitted().score(sentences), truth)[0, 1] > 0.9
    single = fitted().score(list(PLANTED))
    assert np.corrcoef(single, list(PLANTED.values()))[0, 1] > 0.9


def test_cross_validation_foretells_what_new_sentences_give():
    sentences, truth = planted(300, 99)
    assert fitted().r == pytest.approx(np.corrcoef(fitted().score(sentences), truth)[0, 1], abs=0.05)
    assert fitted().n == 500


def test_stems_are_weighed_as_scikit_learn_does():
    stems = [s.split() for s in ["peac peac war", "war law", "peac law law law", "once", ""]]
    theirs = TfidfVectorizer(analyzer=lambda words: words, min_df=2, sublinear_tf=True).fit(stems)
    idf = _idf(stems)
    assert list(idf) == theirs.get_feature_names_out().tolist()
    np.testing.assert_allclose(_tf_idf(stems, idf).toarray(), theirs.transform(stems).toarray(), atol=1e-12)


def test_noise_cannot_be_foretold():
    sentences, _ = planted(300, 3)
    assert abs(calibrate(sentences, np.random.default_rng(0).normal(size=300)).r) < 0.2


def test_vaders_correlation_is_that_of_its_compound():
    sentences = [f"{word} {i}." for i, word in enumerate((GOOD + BAD + ["Stones"]) * 6)]
    means = np.random.default_rng(0).normal(size=len(sentences))
    compound = score_sentences(sentences)["compound"].to_numpy()
    assert calibrate(sentences, means).r_vader == pytest.approx(np.corrcoef(compound, means)[0, 1], abs=1e-12)


def test_vaders_correlation_is_undefined_where_it_knows_no_word():
    assert math.isnan(fitted().r_vader)


def test_negated_words_are_words_of_their_own():
    rng = random.Random(0)
    plain, negated = [rng.choices(sorted(PLANTED), k=3) for _ in range(300)], []
    truth = [np.mean([PLANTED[w] for w in words]) for words in plain]
    sentences = [" ".join(words) for words in plain]
    negated = ["not " + " ".join(words) for words in plain]
    found = calibrate(sentences + negated, truth + [-t for t in truth])
    words = [w for w in PLANTED if abs(PLANTED[w]) > 1]
    change = found.score([f"not {w}" for w in words]) - found.score(words)
    assert np.corrcoef(change, [-PLANTED[w] for w in words])[0, 1] > 0.9
    assert "not " + min(PLANTED) in found.weights["feature"].to_list()


def test_words_that_it_has_not_seen_have_the_lexicons_valence():
    seen = set(GOOD + BAD)
    unseen = ["superb", "brilliant", "murder", "disaster", "torture"]
    assert not seen & set(unseen)
    scores = on_lexicon().score([f"It was {word}." for word in [*unseen, "blue"]])
    assert scores[:2].min() > scores[5] > scores[2:5].max()
    negated = on_lexicon().score(["It was not superb.", "It was not a disaster."])
    assert negated[0] < scores[0]
    assert negated[1] > scores[3]


@pytest.mark.parametrize(("good", "bad"), [("An armistice.", "A famine."), ("A truce.", "An embezzlement.")])
def test_words_that_the_lexicon_lacks_have_the_valence_of_their_class(good, bad):
    for sentence in (good, bad):
        assert not any(word.strip(".").lower() in lexicon() for word in sentence.split())
    scores = on_lexicon().score([good, bad])
    assert scores[0] > scores[1]


def test_sentences_of_a_group_are_foretold_from_others():
    # Every group has words of its own, so what is learned of one says nothing of another.
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


# ---- what a sentence says --------------------------------------------------------------------------------------------


def values(sentence):
    read = evidence([sentence])
    return dict(zip((name for _, name in read.names), read.values[0], strict=True))


@pytest.mark.parametrize(
    ("sentence", "feature", "low", "high"),
    [
        ("They ended the war.", "core bad, turned", -3, -0.5),
        ("They began the war.", "core bad, turned", 0, 0),
        ("He ended it, on a day in May, by war.", "core bad, turned", 0, 0),
        ("They should bring peace.", "core good, modal", 0.5, 3),
        ("They bring peace.", "core good, modal", 0, 0),
        ("Good, but bad.", "core good, before contrast", 0.5, 3),
        ("Good, but bad.", "core bad, after contrast", -3, -0.5),
        ("Good and bad.", "core good, before contrast", 0, 0),
        ("Good and bad.", "core bad, after contrast", 0, 0),
        ("A murder.", "core bad, strong", -3, -0.5),
        ("A limited law.", "core bad, strong", 0, 0),
        ("Good news, great joy.", "core best", 2.5, 4),
        ("A murder, then a delay.", "core worst", -4, -2),
        ("A murder, then peace.", "core first", -4, -2),
        ("A murder, then peace.", "core last", 1, 4),
        ("Stones and sand.", "core balance", 0, 0),
        ("Famine and poverty.", "core poverty", 1.1, 1.2),  # two of three words
        ("No famine.", "core poverty", -0.6, -0.5),
        ("A hovel.", "core poverty", 0, 0),
        ("A hovel.", "all poverty", 0.7, 0.71),
    ],
)
def test_evidence(sentence, feature, low, high):
    assert low <= values(sentence)[feature] <= high


def test_a_negation_reaches_three_words_of_its_own_sentence():
    read = evidence(["It isn’t good or so bad", "It wasn't", "bad luck"])
    assert read.stems == [["it", "isn't", "not good", "not or", "not so", "bad"], ["it", "wasn't"], ["bad", "luck"]]


def test_every_class_has_words_of_letters_and_none_twice():
    from corpus_tools.sentiment.features import _read  # noqa: PLC0415

    for name, parts in _read("meaning_classes.yaml").items():
        words = " ".join(parts.values()).split()
        assert len(words) == len(set(words)), name
        assert all(word.isalpha() and word.islower() for word in words), name
        assert list(parts) == ["core", "wider"], name


# ---- any sentences ---------------------------------------------------------------------------------------------------


def test_nothing_to_score():
    assert fitted().score([]).shape == (0,)
    scores = fitted().score(["", "...", "123"])
    assert np.ptp(scores) == 0
    assert np.isfinite(scores).all()


@settings(max_examples=30)
@given(st.lists(st.text(max_size=40), max_size=5))
def test_any_text_scores_and_alone_as_among_others(sentences):
    scores = on_lexicon().score([*sentences, "\ud800 a good day"])
    assert np.isfinite(scores).all()
    alone = [on_lexicon().score([sentence]).item() for sentence in sentences]
    np.testing.assert_allclose(scores[:-1], alone, rtol=0, atol=1e-12)


def test_sentences_without_words_can_be_rated():
    found = calibrate(["..."] * 30 + ["?"] * 30, [0.0, 1.0] * 30)
    np.testing.assert_allclose(found.score(["!", "Words."]), 0.5, atol=1e-9)


# ---- the same again --------------------------------------------------------------------------------------------------


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


@pytest.mark.parametrize("which", [fitted, on_lexicon])
def test_what_was_saved_scores_the_same(which, tmp_path):
    which().save(tmp_path / "weights.tsv")
    read = load_calibration(str(tmp_path / "weights.tsv"))
    assert read.weights.equals(which().weights)
    assert (read.r, read.n) == (which().r, which().n)
    assert read.r_vader == which().r_vader or math.isnan(which().r_vader)
    sentences = [*planted(40, 8)[0], "A good day.", "No famine."]
    assert (read.score(sentences) == which().score(sentences)).all()


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
    """Change a cell of the row before the last."""

    def change(lines):
        row = lines[-2].split("\t")
        row[column] = text
        return [*lines[:-2], "\t".join(row), lines[-1]]

    return change


@pytest.mark.parametrize(
    ("change", "place", "what"),
    [
        (lambda lines: lines[:0], ", row 1", "no header"),
        (lambda lines: ["a\tb", *lines[1:]], ", row 1", "no header"),
        (lambda lines: [*lines, "zum\tstem\t0.5"], ", row {next}", "3 cells instead of 4"),
        (lambda lines: [*lines, "zum\tstems\t0.5\t"], ", row {next}", "stems 'zum' is no feature"),
        (lambda lines: [*lines, "core povertie\tclass\t0.5\t"], ", row {next}", "class 'core povertie' is no feature"),
        (lambda lines: [*lines, lines[-1]], ", row {next}", "comes twice"),
        (lambda lines: [line for line in lines if not line.startswith("compound")], "", "no row for vader 'compound'"),
        (lambda lines: [line for line in lines if not line.startswith("r\t")], "", "no row for measure 'r'"),
        (lambda lines: [*lines[:4], "constant\tconstant\tnan\t", *lines[5:]], ", row 5", "nan is no weight"),
        (lambda lines: [lines[0], "sentences\tmeasure\tinf\t", *lines[2:]], ", row 2", "inf is no weight"),
        (cells(2, "much"), ", row {last}", "'much' is no number"),
        (cells(2, "inf"), ", row {last}", "inf is no weight"),
        (cells(3, ""), ", row {last}", "'' is no number"),
        (cells(3, "-1"), ", row {last}", "-1 is no idf"),
        (cells(3, "nan"), ", row {last}", "nan is no idf"),
    ],
)
def test_a_bad_table_is_named_with_its_row(change, place, what, tmp_path):
    path = tmp_path / "weights.tsv"
    fitted().save(path)
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(change(lines)) + "\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_calibration(path)
    assert caught.value.where == str(path) + place.format(next=len(lines) + 1, last=len(lines) - 1)
    assert what in caught.value.what
    assert caught.value.remedy


def test_a_feature_that_is_written_wrongly_is_told_the_right_one(tmp_path):
    fitted().save(tmp_path / "weights.tsv")
    with (tmp_path / "weights.tsv").open("a", encoding="utf-8") as file:
        file.write("core povertie\tclass\t0.5\t\n")
    with pytest.raises(InputError, match="did you mean core poverty"):
        load_calibration(tmp_path / "weights.tsv")


def test_a_table_that_is_no_text(tmp_path):
    (tmp_path / "weights.tsv").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(InputError, match=r"weights\.tsv: is not in UTF-8"):
        load_calibration(tmp_path / "weights.tsv")


# ---- bad input, and how it shows -------------------------------------------------------------------------------------

SENTENCES, MEANS = planted(60, 2)


@pytest.mark.parametrize(
    ("sentences", "means", "groups", "where", "what"),
    [
        (SENTENCES[:49], MEANS[:49], None, "calibrate, sentences", "49 of them"),
        ([], [], None, "calibrate, sentences", "0 of them"),
        (SENTENCES, MEANS[:59], None, "calibrate, means", "59 for 60 sentences"),
        (SENTENCES, [*MEANS[:59], math.nan], None, "calibrate, means[59]", "nan is no rating"),
        (SENTENCES, [math.inf, *MEANS[1:]], None, "calibrate, means[0]", "inf is no rating"),
        (SENTENCES, [1.5] * 60, None, "calibrate, means", "all are 1.5"),
        (SENTENCES, MEANS, ["a"] * 59, "calibrate, groups", "59 for 60 sentences"),
        (SENTENCES, MEANS, ["a"] * 60, "calibrate, groups", "all sentences are of one group"),
    ],
)
def test_bad_input_is_refused(sentences, means, groups, where, what):
    with pytest.raises(InputError) as caught:
        calibrate(sentences, means, groups=groups)
    assert (caught.value.where, caught.value.what) == (where, what)
    assert caught.value.remedy


def test_fifty_sentences_are_enough():
    assert calibrate(SENTENCES[:50], MEANS[:50]).n == 50


def test_how_it_shows():
    shown = Calibration(pl.DataFrame(), r=0.61234, r_vader=0.4832, n=2568)
    assert repr(shown) == (
        "Calibration on 2,568 sentences: correlation with human ratings r = 0.612 in cross-validation"
        " (VADER's compound: 0.483)"
    )
    assert repr(shown) in shown._repr_html_()


def test_the_regression_is_imported_when_it_is_asked_for():
    code = """if True:
        import sys, corpus_tools.sentiment.scores as s
        assert not {"sklearn", "scipy", "nltk", "corpus_tools.sentiment.calibration"} & set(sys.modules)
        s.calibrate
        assert "corpus_tools.sentiment.calibration" in sys.modules
    """
    subprocess.run([sys.executable, "-c", code], check=True, env=environment(1))
    with pytest.raises(AttributeError, match="no attribute 'recalibrate'"):
        _ = sentiment.recalibrate


def test_signals_are_lists_of_words_in_lower_case():
    from corpus_tools.sentiment.features import _read  # noqa: PLC0415

    signals = _read("meaning_signals.yaml")
    assert sorted(signals) == ["absence", "contrast", "modal", "turning"]
    assert all(word.isalpha() and word.islower() for words in signals.values() for word in words.split())
    assert len(names()) == len(evidence([""]).names)
