from __future__ import annotations

from itertools import pairwise

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from planted import CASES, SEED, least_seconds

from corpus_tools.layers.quantities import find_quantities
from corpus_tools.layers.types import Quantity, Report
from corpus_tools.nltk_fast.punkt import news_punkt, sentence_spans

WRITTEN = yaml.safe_load((CASES / "quantities.yaml").read_text(encoding="utf-8"))
SPLITTER = news_punkt().splitter()
ONES = [
    *("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen".split()),
    *("sixteen seventeen eighteen nineteen".split()),
]
TENS = "- - twenty thirty forty fifty sixty seventy eighty ninety".split()


def report(text: str, body_start: int = 0) -> Report:
    return Report(text, None, body_start, [(a, b) for _, a, b in sentence_spans(SPLITTER, text, body_start)])


def marks(text: str) -> list[tuple[str, Quantity]]:
    return [(text[q.start : q.end], q) for q in find_quantities(report(text))]


def spelled(n: int) -> str:
    if n >= 1000:
        rest = f" {spelled(n % 1000)}" if n % 1000 else ""
        return f"{spelled(n // 1000)} thousand{rest}"
    if n >= 100:
        return f"{ONES[n // 100]} hundred" + (f" and {spelled(n % 100)}" if n % 100 else "")
    if n >= 20:
        return TENS[n // 10] + (f"-{ONES[n % 10]}" if n % 10 else "")
    return ONES[n]


@pytest.mark.parametrize("case", WRITTEN["wild"], ids=lambda case: case["text"][:40])
def test_numbers_of_people_are_marked(case):
    text = case["text"]
    rows = [[words, q.best, q.bound, q.kind, text[q.who_start : q.who_end]] for words, q in marks(text)]
    assert rows == case["marks"]


@pytest.mark.parametrize("case", WRITTEN["vague"], ids=lambda case: case["text"][:40])
def test_vague_numbers_have_a_range_and_no_best_value(case):
    [(words, quantity)] = marks(case["text"])
    assert [words, quantity.low, quantity.high, quantity.kind] == case["mark"]
    assert quantity.best is None


@pytest.mark.parametrize("text", WRITTEN["must-not-mark"], ids=lambda text: text[:40])
def test_what_is_no_number_of_people_affected_is_left(text):
    assert marks(text) == []


@pytest.mark.parametrize("case", WRITTEN["known-failures"], ids=lambda case: case["text"][:40])
def test_known_failures_are_still_known(case):
    assert next((q.kind for _, q in marks(case["text"])), None) == case["found"] != case["meant"]


def test_the_seed_report_has_three():
    text = SEED.read_text(encoding="utf-8")
    rows = [(w, q.low, q.best, q.high, q.bound, q.kind, text[q.who_start : q.who_end]) for w, q in marks(text)]
    assert rows == [
        ("one", 1, 1, 1, "exact", "killed", "person"),
        ("more than 1,200", 1200, 1200, None, "at least", "evacuated", "people"),
        ("More than 11 million", 11000000, 11000000, None, "at least", "displaced", "people"),
    ]


BOUNDS = {
    "about 70,000": (65000, 70000, 75000),
    "about 25": (25, 25, 25),
    "some 1.3 million": (1250000, 1300000, 1350000),
    "up to 20": (None, 20, 20),
    "at least 20": (20, 20, None),
    "between 20 and 30": (20, 20, 30),
    "1.5 to 2 million": (1500000, 1500000, 2000000),
}


@pytest.mark.parametrize("words", BOUNDS)
def test_what_a_bound_leaves_open(words):
    [(marked, quantity)] = marks(f"The war killed {words} people.")
    assert marked == words
    assert (quantity.low, quantity.best, quantity.high) == BOUNDS[words]


def test_nothing_before_the_body_is_read():
    text = "Report 7, 12 killed in blast: The blast killed 12 people."
    undivided = Report(text, None, 30, [(0, len(text))])  # its one sentence starts before the body
    assert [q.start for q in find_quantities(undivided)] == [47]
    assert [q.start for q in find_quantities(report(text, 30))] == [47]


def test_the_abused_are_not_dead():
    assert [q.kind for _, q in marks("He met several victims. The charges are of sexual abuse.")] == ["other-affected"]
    assert [q.kind for _, q in marks("He met several victims. The charges are of murder.")] == ["killed"]


@given(st.integers(1, 999_999))
def test_a_number_in_words_is_the_number_in_digits(n):
    for written in (spelled(n), spelled(n).replace(" and ", " "), f"{n:,}", spelled(n).capitalize()):
        [(words, q)] = marks(f"{written} people were killed.")
        assert (words, q.low, q.best, q.high, q.kind) == (written, n, n, n, "killed")


WORDS = st.sampled_from(
    "killed people two , . and dozens of 12 the were - ( ) between 15 million more than at least died Of who a one "
    'refugees several hundred 2016 $ % March including them \n 1,200 " said to injured wounded'.split(" ")
)


@pytest.mark.slow
@given(st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=40).map(" ".join)))
def test_any_text_gives_sound_marks(text):
    quantities = find_quantities(report(text))
    assert [q.start for q in quantities] == sorted(q.start for q in quantities)
    for before, after in pairwise(quantities):
        assert before.end <= after.start
    for q in quantities:
        assert 0 <= q.start < q.end <= q.who_start <= q.who_end <= len(text)
        ordered = [n for n in (q.low, q.best, q.high) if n is not None]
        assert ordered == sorted(ordered)
        assert ordered


@given(
    st.lists(st.sampled_from("killed people were wounded . , refugees the dead arrested and men".split()), max_size=30)
)
def test_without_a_number_there_is_none(words):
    assert find_quantities(report(" ".join(words))) == []


@pytest.mark.parametrize(
    "odd",
    [
        "١٢ people were killed",
        "² killed",
        "9" * 30 + " people died",
        "9" * 13 + " people died",
        "900000 million people died",
        "👩‍👩‍👧 12",
        "קפו",
    ],
    ids=["Arabic digits", "superscript", "30 digits", "13 digits", "a trillion", "emoji", "Hebrew letters"],
)
def test_odd_numbers_are_passed_over(odd):
    assert [q for _, q in marks(odd) if q.kind == "killed"] == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "killed " + "9" * 10**6,
        "one two three " * 70_000,
        "killed 12 people and " * 10_000,
        "between 10 and " * 66_000,
        "two (" * 100_000,
        "toll of number of " * 55_000,
        "a-" * 500_000,
        "x" * 10**6,
    ],
    ids=lambda text: text[:13],
)
def test_running_time_is_linear_in_length(text):
    size = len(text) // 4
    find_quantities(Report("killed 1", None, 0, [(0, 8)]))
    short, long = (
        least_seconds(lambda part=part: find_quantities(Report(part, None, 0, [(0, len(part))])))
        for part in (text[:size], text)
    )
    assert long < 12 * short + 0.2
