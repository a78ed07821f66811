"""The files of gold: reading them, and turning their marks into rows."""

from __future__ import annotations

import json
import re

import pytest
from planted import ROOT, SEED_MARKS, seed_gold
from seed_rows import CLEAN, TEXT, seed_rows

from corpus_tools.errors import InputError
from corpus_tools.evaluate.gold import gold_checksum, gold_rows, parse_report, read_gold, same_dateline, scored_tables


def test_the_marks_of_the_seed_report_cover_their_words():
    rows = seed_rows()
    assert [q["text"] for q in rows["quotes"]] == [q["content"].replace("’", "'") for q in SEED_MARKS["quotes"]]
    assert [q["speaker"] for q in rows["quotes"]] == ["Ukraine", "he", "Volodymyr"]
    assert rows["quotes"][1]["speaker_name"] == "Volodymyr Zelensky"
    assert [r["text"] for r in rows["places"]] == ["Kyiv", "Donetsk"]
    for layer in scored_tables():
        for row in rows[layer]:
            assert CLEAN[row["start"] : row["end"]] == row["text"]


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        (lambda g: {**g, "quote": []}, ["line 2, quote", "unknown key", "did you mean quotes?"]),
        (lambda g: {k: v for k, v in g.items() if k != "times"}, ["line 2, times", "this key is needed"]),
        (lambda g: {**g, "sha256": "abc"}, ["line 2, sha256"]),
        (lambda g: {**g, "times": [{"span": [1], "value": "2022"}]}, ["line 2, times.0.span"]),
        (lambda g: {**g, "places": [{"span": [1, 3], "kind": "town"}]}, ["line 2, places.0.kind", "'town'"]),
        (lambda g: g | {"doc_id": "reports-other"}, ["line 2, doc_id", "reports-other", "line 1"]),
        (lambda _: "quotes", ["line 2", "dict"]),
    ],
    ids=["unknown key", "missing key", "checksum", "span", "kind", "twice", "no record"],
)
def test_a_mistake_is_reported_with_file_line_key_and_remedy(tmp_path, damage, expected):
    good = seed_gold()
    lines = [good | {"doc_id": "reports-other"}, damage(good)]
    (tmp_path / "mine.jsonl").write_text("".join(json.dumps(g) + "\n" for g in lines), encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_gold(tmp_path)
    for words in ["mine.jsonl", *expected, "remedy:"]:
        assert words in str(error.value)


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b"\n"], ids=["cut off", "not UTF-8", "empty"])
def test_a_line_that_is_not_json_is_reported(tmp_path, content):
    (tmp_path / "mine.jsonl").write_bytes(content + b"\n")
    with pytest.raises(InputError, match="line 1: not JSON"):
        read_gold(tmp_path)


@pytest.mark.parametrize("span", [[5, 5], [9, 3], [1, 99_999]], ids=["empty", "reversed", "too far"])
def test_an_offset_outside_the_text_is_reported(span):
    gold = parse_report(seed_gold() | {"times": [{"span": span, "value": "2022"}]}, "gold")
    with pytest.raises(InputError, match=r"reports-000_10145fd6475e8b3e, times\.span"):
        gold_rows(gold, TEXT, CLEAN)


def test_the_fingerprint_depends_on_every_byte_and_name(tmp_path):
    fingerprints = [gold_checksum(tmp_path)]
    for name, content in [("a.jsonl", b"1"), ("a.jsonl", b"2"), ("b.jsonl", b"2")]:
        (tmp_path / name).write_bytes(content)
        fingerprints.append(gold_checksum(tmp_path))
    (tmp_path / "a.jsonl").rename(tmp_path / "c.jsonl")
    fingerprints.append(gold_checksum(tmp_path))
    assert len(set(fingerprints)) == len(fingerprints)
    (tmp_path / "README.md").write_text("not gold")
    assert gold_checksum(tmp_path) == fingerprints[-1]


def test_the_gold_holds_no_words_of_a_report():
    label = re.compile(
        r"news_articles-\d+|[0-9a-f]{64}|[\dW/-]+|direct|mixed|exact|at least|at most|about|country|settlement"
        r"|region|other|killed|wounded|missing|displaced|evacuated|detained|trapped|other-affected"
    )

    def strings(value):
        if isinstance(value, str):
            yield value
        for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else []:
            yield from strings(inner)

    for path in (ROOT / "seeds" / "gold").glob("*.jsonl"):
        for text in path.read_text(encoding="utf-8").splitlines():
            for words in strings(json.loads(text)):
                assert label.fullmatch(words), words


def line(place: str | None, country: str | None, agency: str | None) -> dict:
    return {"place": place, "country": country, "agency": agency}


DATELINES = [
    (line("MOSCOW", None, "TASS"), line("Moscow", "Russia", "TASS"), True),
    (line("Dhaka, Bangladesh", None, None), line("Dhaka", "Bangladesh", None), True),
    (line("MOSCOW", None, "TASS"), line("Moscow", "Russia", None), False),
    (line("MOSCOW", None, "TASS"), line("Minsk", None, "TASS"), False),
]


@pytest.mark.parametrize(("gold", "row", "expected"), DATELINES, ids=["case", "country", "agency", "place"])
def test_datelines_agree_in_place_and_agency(gold, row, expected):
    assert same_dateline(gold, row) is expected
