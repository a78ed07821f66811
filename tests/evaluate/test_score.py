"""Scores, compared with those computed by hand and with the gold's own."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from planted import SEED_MARKS
from seed_rows import CLEAN, DOC_ID, TEXT, parsed, scores_of, seed_rows

from corpus_tools.evaluate.gold import SCORES, gold_rows, parse_report, scored_tables, text_sha256
from corpus_tools.evaluate.score import count_right, score
from corpus_tools.layers.quantities import same_quantity


def row(start: int, text: str, **labels: object) -> dict:
    return {"start": start, "end": start + len(text), "text": text, **labels}


def quote(start: int, text: str, kind: str = "direct") -> dict:
    return row(start, text, speaker="Ukraine", speaker_name="Ukraine", kind=kind)


def test_each_mark_is_paired_once_and_as_many_as_can_be():
    # Left to right and greedily, "10 to 12" would take the first and leave the second alone.
    gold = [row(0, "10 to 12", best=1, kind="killed"), row(6, "12", best=1, kind="killed")]
    predicted = [row(6, "12", best=1, kind="killed"), row(0, "10", best=1, kind="killed")]
    assert count_right(gold, predicted, same_quantity) == 2
    assert count_right(gold[:1], predicted, same_quantity) == 1
    assert count_right(gold, predicted[:1], same_quantity) == 1
    assert count_right([], predicted, same_quantity) == 0


def test_scores_equal_those_computed_by_hand():
    rows = seed_rows()
    rows["quotes"][1] |= {"speaker": "Russia", "speaker_name": "Russia"}  # right span, wrong speaker
    rows["quotes"].append(quote(0, "date"))  # not a quotation
    rows["quotes"].append(quote(5, "2022", kind="indirect"))  # not compared
    rows["times"].pop()  # missed
    rows["quantities"].append(row(0, "dozens", best=None, kind="killed"))  # not compared
    rows["quantities"].append(
        {**rows["quantities"][0], "start": rows["quantities"][0]["start"] + 5}
    )  # paired once only
    rows["places"] += [rows["places"][0], row(7, "KYIV"), row(9, "Bucha")]  # a name counts once, whatever the case
    rows["documents"][0] |= {"place": "Kyiv", "country": "Ukraine"}
    metrics = scores_of(rows, parsed())
    assert metrics["reports"] == 1
    keys = ("gold", "found", "right", "precision", "recall", "f1")
    assert {name: tuple(metrics[name][key] for key in keys) for name in SCORES} == {
        "quotes": (3, 4, 3, 0.75, 1.0, 0.8571),
        "quotes_with_speaker": (3, 4, 2, 0.5, 0.6667, 0.5714),
        "times": (2, 1, 1, 1.0, 0.5, 0.6667),
        "quantities": (1, 2, 1, 0.5, 1.0, 0.6667),
        "places": (2, 3, 2, 0.6667, 1.0, 0.8),
        "dateline": (1, 1, 0, 0.0, 0.0, 0.0),
    }


def test_reports_are_weighted_by_their_marks_and_the_interval_contains_the_score():
    metrics = score([(9, 10, 10), (0, 1, 0), (1, 1, 2)], 1000, 0)
    assert metrics["f1"] == round(2 * 10 / (12 + 12), 4)
    assert metrics["low"] < metrics["f1"] < metrics["high"]
    assert score([(9, 10, 10), (0, 1, 0), (1, 1, 2)], 1000, 0) == metrics
    assert score([(1, 1, 1)] * 5, 50, 0) | {"low": 1.0, "high": 1.0, "f1": 1.0} == score([(1, 1, 1)] * 5, 50, 1)
    nothing = dict.fromkeys(["precision", "recall", "f1", "low", "high"])
    assert score([], 50, 0) == score([(0, 0, 0)], 50, 0) == {"gold": 0, "found": 0, "right": 0, **nothing}


# Marks cover words: cleaning may remove a space, and then a mark on it is empty.
WORDS = [m.span() for m in re.finditer(r"\w+", TEXT)]
SPANS = st.builds(lambda i, n: [WORDS[i][0], WORDS[i + n][1]], st.integers(0, 99), st.integers(0, 9))
GOLDS = st.fixed_dictionaries(
    {
        "doc_id": st.just(DOC_ID),
        "sha256": st.just(text_sha256(TEXT)),
        "dateline": st.none() | st.fixed_dictionaries({"place": SPANS, "agency": st.none() | SPANS}),
        "quotes": st.lists(
            st.fixed_dictionaries(
                {"span": SPANS, "kind": st.sampled_from(["direct", "mixed"]), "speaker": st.none() | SPANS,
                 "name": st.none() | st.lists(SPANS, min_size=1, max_size=2), "cue": st.none()}
            ),
            max_size=6,
        ),
        "times": st.lists(st.fixed_dictionaries({"span": SPANS, "value": st.sampled_from(["2022", "2022-04"])})),
        "quantities": st.lists(
            st.fixed_dictionaries({"span": SPANS, "best": st.integers(1, 2), "bound": st.just("exact"),
                                   "kind": st.sampled_from(["killed", "wounded"])})
        ),
        "places": st.lists(st.fixed_dictionaries({"span": SPANS, "kind": st.just("other")})),
    }
)  # fmt: skip


@pytest.mark.slow
@given(GOLDS, st.randoms())
def test_the_gold_scores_one_against_itself_in_any_order(content, shuffled):
    gold = parse_report(content, "gold")
    rows = gold_rows(gold, TEXT, CLEAN)
    for layer in scored_tables():
        shuffled.shuffle(rows[layer])
    metrics = scores_of(rows, gold)
    for name, (table, _) in SCORES.items():
        assert metrics[name]["f1"] == (1.0 if rows[table] else None), name


@pytest.mark.slow
@given(st.randoms())
def test_the_order_of_rows_and_marks_does_not_matter(shuffled):
    rows = seed_rows()
    for layer in scored_tables():  # add some wrong rows
        rows[layer] = [*rows[layer], *({**r, "start": r["start"] + 2} for r in rows[layer])]
    before = scores_of(rows, parsed())
    marks = json.loads(json.dumps(SEED_MARKS))
    for layer in scored_tables():
        shuffled.shuffle(rows[layer])
        shuffled.shuffle(marks[layer])
    assert scores_of(rows, parsed(marks)) == before
