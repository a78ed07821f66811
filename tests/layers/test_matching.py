"""When a mark and a gold mark are the same, by the rules of each layer."""

from __future__ import annotations

import pytest

from corpus_tools.layers.places import same_place
from corpus_tools.layers.quantities import same_quantity
from corpus_tools.layers.quotes import same_quote, same_quote_and_speaker
from corpus_tools.layers.times import same_time


def span(start: int, text: str, **labels: object) -> dict:
    return {"start": start, "end": start + len(text), "text": text, **labels}


def quote(start: int, text: str, speaker: str | None = None, name: str | None = None, kind: str = "direct") -> dict:
    return span(start, text, speaker=speaker, speaker_name=name, kind=kind)


@pytest.mark.parametrize(
    ("same", "gold", "row", "expected"),
    [
        (same_quote, quote(3, "We go."), quote(3, "We go"), True),
        (same_quote, quote(3, "We go,"), quote(3, "We go,"), True),
        (same_quote, quote(3, "We go!"), quote(3, "We go"), False),
        (same_quote, quote(3, "We go"), quote(4, "e go"), False),
        (same_quote_and_speaker, quote(3, "We go", "he", "A B"), quote(3, "We go", "He", "C"), True),
        (same_quote_and_speaker, quote(3, "We go", "he", "A B"), quote(3, "We go", "the mayor", "C"), False),
        (same_quote_and_speaker, quote(3, "We go", "he", "A B"), quote(3, "We go", "the mayor", "a b"), True),
        (same_quote_and_speaker, quote(3, "We go", "B", "A B"), quote(3, "We go", "Mayor B", None), True),
        (same_quote_and_speaker, quote(3, "We go", "Mayor B", "B"), quote(3, "We go", "B", "C"), True),
        (same_quote_and_speaker, quote(3, "We go"), quote(3, "We go"), True),
        (same_quote_and_speaker, quote(3, "We go"), quote(3, "We go", "he", "C"), False),
        (same_quote_and_speaker, quote(3, "We go", "he", "C"), quote(3, "We go"), False),
        (same_quote_and_speaker, quote(3, "We go", "he", "C"), quote(2, " We go", "he", "C"), False),
        (same_time, span(0, "Monday", value="2017-03-06"), span(3, "day", value="2017-03-06"), True),
        (same_time, span(0, "Monday", value="2017-03-06"), span(0, "Monday", value="2017-03-13"), False),
        (same_time, span(0, "Monday", value="2017-03-06"), span(6, "Monday", value="2017-03-06"), False),
        (same_quantity, span(0, "six", best=6, kind="killed"), span(0, "six", best=6, kind="killed"), True),
        (same_quantity, span(0, "six", best=6, kind="killed"), span(0, "six", best=7, kind="killed"), False),
        (same_quantity, span(0, "six", best=6, kind="killed"), span(0, "six", best=6, kind="wounded"), False),
        (same_quantity, span(0, "six", best=6, kind="killed"), span(3, "six", best=6, kind="killed"), False),
        (same_place, span(0, "The Hague"), span(90, "HAGUE"), True),
        (same_place, span(0, "North"), span(0, "North Korea"), False),
    ],
    ids=[
        "final full stop", "same", "final exclamation mark", "start", "pronoun as written", "other speaker",
        "speaker by name", "surname in longer speaker", "longer speaker in gold", "no speaker", "speaker not in gold",
        "speaker missed", "speaker but not span", "overlap", "other value", "no overlap", "number", "other number",
        "other kind", "number without overlap", "article and case", "longer name",
    ],
)  # fmt: skip
def test_a_mark_equals_a_gold_mark_as_the_scheme_says(same, gold, row, expected):
    assert same(gold, row) is expected
