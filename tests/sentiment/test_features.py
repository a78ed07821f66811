from __future__ import annotations

import pytest

from corpus_tools.sentiment.features import extract_features, feature_names, meaning_classes, meaning_signals


def values(sentence):
    features = extract_features([sentence])
    return dict(zip((name for _, name in features.names), features.values[0], strict=True))


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
def test_planted_features(sentence, feature, low, high):
    assert low <= values(sentence)[feature] <= high


def test_a_negation_reaches_three_words_of_its_own_sentence():
    features = extract_features(["It isn’t good or so bad", "It wasn't", "bad luck"])
    assert features.stems == [["it", "isn't", "not good", "not or", "not so", "bad"], ["it", "wasn't"], ["bad", "luck"]]


def test_classes_have_words_of_letters_without_duplicates():
    for name, lists in meaning_classes().items():
        words = [word for members in lists.values() for word in members]
        assert len(words) == len(set(words)), name
        assert all(word.isalpha() and word.islower() for word in words), name
        assert list(lists) == ["core", "wider"], name


def test_signals_are_lists_of_words_in_lower_case():
    signals = meaning_signals()
    assert sorted(signals) == ["absence", "contrast", "modal", "turning"]
    assert all(word.isalpha() and word.islower() for words in signals.values() for word in words)


def test_feature_names_are_distinct():
    assert len(feature_names()) == len(extract_features([""]).names)
