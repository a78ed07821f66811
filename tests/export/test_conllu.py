"""CoNLL-U, read back by another reader."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import conllu as conllu_reader
import polars as pl
import pytest
from hypothesis import given, settings
from planted_exports import (
    Frames,
    cut,
    drawn,
    in_tables,
    planted,
    texts_of,
)

from corpus_tools.export import documents


def read_conllu(path: Path) -> list[Any]:
    with path.open(encoding="utf-8", newline="\n") as file:
        return list(conllu_reader.parse_incr(file))


def check_conllu(folder: Path, frames: Frames) -> None:
    texts, rows, doc_id = texts_of(frames), [], None
    sentences = {(d, s): (a, b) for d, s, _, a, b in frames["sentences"].iter_rows()}
    ids = {documents.on_one_line(d).strip(): d for d in texts}
    for line in (folder / "part-00000.conllu").read_text(encoding="utf-8").split("\n"):
        assert line == "" or line.startswith("# ") or (line.count("\t") == 9 and all(line.split("\t")))
    for sentence in read_conllu(folder / "part-00000.conllu"):
        doc_id = ids.get(sentence.metadata.get("newdoc id"), doc_id)
        number = int(sentence.metadata["sent_id"].rsplit("-s", 1)[1])
        start, end = sentences[doc_id, number]
        raw = sentence.metadata["text"]
        assert len(raw) == end - start
        assert [t["id"] for t in sentence] == list(range(1, len(sentence) + 1))
        for token in sentence:
            a, b = map(int, token["misc"]["TokenRange"].split(":"))
            assert texts[doc_id][a:b] == raw[a - start : b - start] == token["form"]
            rows.append((doc_id, number, a, b, token["form"], token["lemma"]))
        for left, right in pairwise(sentence):
            gap = texts[doc_id][
                int(left["misc"]["TokenRange"].split(":")[1]) : int(right["misc"]["TokenRange"].split(":")[0])
            ]
            assert (left["misc"].get("SpaceAfter") == "No") == (gap == "")
            assert ("SpacesAfter" in left["misc"]) == (gap not in {"", " "})
    assert rows == frames["tokens"].select("doc_id", "sentence", "start", "end", "token", "lemma").rows()


def test_conllu_of_the_planted_documents(written):
    frames = planted()
    folder = written("conllu", frames)
    check_conllu(folder, frames)
    sentences = read_conllu(folder / "part-00000.conllu")
    first = next(s for s in sentences if s.metadata.get("newdoc id") == "seeds/Київ 1")
    assert first.metadata["published"] == "2022-04-08"
    assert first.metadata["title"] == 'A "title", of two lines'
    tokens = [t for s in sentences for t in s]
    assert marked(tokens, "NE") == {("PERSON", "Olha Bondar"), ("ORG", "קול ישראל")}
    assert marked(tokens, "Quote") == {("direct", "We left , 🏃 and they stayed"), ("mixed", "the Voice")}
    assert marked(tokens, "Time") == {("2022-04-07", "Thursday")}
    assert marked(tokens, "People") == {("displaced", "At least 1 , 200 people")}
    assert marked(tokens, "Place") == {("settlement", "Severodonetsk_2")}
    besides = [{k: t["misc"][k] for k in ("Speaker", "Best", "GeoNames") if k in t["misc"]} for t in tokens]
    assert [b for b in besides if b] == [{"Speaker": "Olha_Bondar"}, {"Best": "1200"}, {"GeoNames": "693805"}]
    assert sum("newdoc id" in s.metadata for s in sentences) == 2  # the third has no token
    assert sum("newpar" in s.metadata for s in sentences) == len(sentences)
    listed = pl.read_csv(folder / "documents.csv")
    assert listed["doc_id"].to_list() == frames["documents"]["doc_id"].to_list()
    assert set(listed["file"]) == {"part-00000.conllu"}


def marked(tokens: list[Any], key: str) -> set[tuple[str, str]]:
    spans: list[tuple[str, list[str]]] = []
    for token in tokens:
        tag = token["misc"].get(key)
        if tag and tag.startswith("B-"):
            spans.append((tag[2:], [token["form"]]))
        elif tag:
            assert tag == f"I-{spans[-1][0]}"
            spans[-1][1].append(token["form"])
    return {(label, " ".join(words)) for label, words in spans}


def test_spaces_between_tokens_can_be_put_back(written):
    frames = planted()
    tokens = [t for s in read_conllu(written("conllu", frames) / "part-00000.conllu") for t in s]
    first = next(t for t in tokens if t["form"] == "told")
    they = next(t for t in tokens if t["form"] == "they")
    assert first["misc"]["SpacesAfter"] == r"\t"
    assert they["misc"]["SpacesAfter"] == r"\n\n"
    assert next(t for t in tokens if t["form"] == "left")["misc"]["SpaceAfter"] == "No"
    bare = read_conllu(written("conllu", in_tables(cut("a", "To the end."))) / "part-00000.conllu")
    assert "SpaceAfter" not in bare[-1][-1]["misc"]  # CoNLL-U has none at the end of a document


def test_tags_are_exported_where_the_tokens_have_them(written):
    frames = planted()
    plain = frames["tokens"].select(pl.exclude("pos", "upos"))
    tagged = plain.with_columns(pos=pl.lit("NNP"), upos=pl.lit("PROPN"))
    for tokens, xpos, upos in ((plain, None, "_"), (tagged, "NNP", "PROPN")):
        folder = written("conllu", frames | {"tokens": tokens})
        read = {(t["xpos"], t["upos"]) for s in read_conllu(folder / "part-00000.conllu") for t in s}
        assert read == {(xpos, upos)}


def test_of_two_overlapping_marks_the_first_and_longer_is_exported(written):
    text = "The Kyiv Post of Kyiv reports"
    rows = cut("a", text)
    for words, label in (("Kyiv Post of Kyiv", "ORG"), ("Kyiv", "PLACE"), ("Kyiv reports", "OTHER"), ("The", "OTHER")):
        start = text.rindex(words) if words == "Kyiv reports" else text.index(words)
        rows["names"].append({"doc_id": "a", "start": start, "end": start + len(words), "label": label, "name": words})
    tokens = [t for s in read_conllu(written("conllu", in_tables(rows)) / "part-00000.conllu") for t in s]
    assert marked(tokens, "NE") == {("OTHER", "The"), ("ORG", "Kyiv Post of Kyiv")}


@pytest.mark.slow
@given(frames=drawn())
@settings(max_examples=60)
def test_any_text_comes_back(written, frames):
    check_conllu(written("conllu", frames), frames)
