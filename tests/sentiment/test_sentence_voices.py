from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from corpus_tools.sentiment.sentence_voices import voices


def spans_of(text: str, *pieces: str) -> list[tuple[int, int]]:
    return [(text.index(piece), text.index(piece) + len(piece)) for piece in pieces]


def voices_of(text: str, pieces: Sequence[str], *quotes: tuple[str, str, str | None]) -> list[tuple]:
    """Voices of pieces of a text with quotations (words, kind, speaker)."""
    documents = pl.DataFrame({"doc_id": ["0", "a"], "text": ["“Before.”", text]})
    spans = [("0", 0, 9), *(("a", *span) for span in spans_of(text, *pieces))]
    rows = [("a", *spans_of(text, words)[0], kind, name) for words, kind, name in quotes]
    return voices(
        documents,
        pl.DataFrame(spans, schema=["doc_id", "start", "end"], orient="row"),
        pl.DataFrame(rows, schema=QUOTED, orient="row"),
    ).rows()[1:]


QUOTED = {"doc_id": pl.String, "start": pl.Int32, "end": pl.Int32, "kind": pl.String, "speaker_name": pl.String}
NARRATED = ("narrator", None, False)


def test_a_sentence_is_quoted_if_half_of_its_letters_and_digits_are():
    # Six letters and digits of twelve; marks and spaces do not count.
    assert voices_of("“ab - c! de4,” ghijkl.", ["“ab - c! de4,” ghijkl."], ("ab - c! de4,", "direct", "Ann")) == [
        ("quoted", "Ann", True)
    ]
    assert voices_of("“ab - c! de,” ghijkl.", ["“ab - c! de,” ghijkl."], ("ab - c! de,", "direct", "Ann")) == [
        ("narrator", None, True)
    ]
    assert voices_of("“Ärger über İ.”", ["“Ärger über İ.”"], ("Ärger über İ.", "mixed", None)) == [
        ("quoted", None, False)
    ]


def test_a_quotation_may_span_sentences_and_an_indirect_one_is_the_narrators_voice():
    text = "They met. “We won. All of it. Now peace,” he said. He said they lost."
    pieces = ["They met.", "“We won.", "All of it.", "Now peace,” he said.", "He said they lost."]
    actual = voices_of(
        text, pieces, ("We won. All of it. Now peace,", "direct", "Ann"), ("they lost", "indirect", "Bo")
    )
    assert actual == [NARRATED, ("quoted", "Ann", False), ("quoted", "Ann", False), ("quoted", "Ann", True), NARRATED]


def test_the_larger_of_two_quotations_names_the_speaker_and_nested_letters_count_once():
    text = "“Yes,” said Bo, “never,” said Al."
    quotes = [("Yes,", "direct", "Bo"), ("never,", "direct", "Al")]
    assert voices_of(text, [text], *quotes) == [("narrator", None, True)]  # 8 letters of 22
    assert voices_of("“Yes,” he, “never.”", ["“Yes,” he, “never.”"], *quotes[:1], ("never.", "mixed", "Al")) == [
        ("quoted", "Al", True)
    ]
    within = [("He called it ‘hell’,", "direct", "Ann"), ("hell", "mixed", "Bo")]
    nested = "“He called it ‘hell’,” said the eldest of sisters."
    assert voices_of(nested, [nested], *within) == [("narrator", None, True)]  # 14 of 36, and not 18
    nested = "“He called it ‘hell’,” said Ann."
    assert voices_of(nested, [nested], *within) == [("quoted", "Ann", True)]  # 14 of 21, and not 10


def test_texts_without_quotations_or_letters():
    assert voices_of("They met. 1!", ["They met.", "!"]) == [NARRATED, NARRATED]
    nothing = pl.DataFrame(schema={"doc_id": pl.String, "text": pl.String, "start": pl.Int32, "end": pl.Int32})
    assert voices(nothing, nothing, pl.DataFrame(schema=QUOTED)).rows() == []
