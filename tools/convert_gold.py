"""Convert annotations that quote the texts to stand-off gold: `python -m tools.convert_gold SOURCE DEST FOLDER ...`.

The quoted words are searched in the text, and only their offsets are kept; seeds/gold/README.md describes both formats.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from pathlib import Path
from typing import Any

from tools import arguments

Span = list[int]


def occurrences(text: str, words: str) -> list[Span]:
    """Find the occurrences of words, bounded by no letter or digit if possible."""
    bounded = [[m.start(), m.end()] for m in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", text)]
    spans = bounded or [[m.start(), m.end()] for m in re.finditer(re.escape(words), text)]
    if not spans:
        raise SystemExit(f"error: {words!r} does not occur in the text that begins {text[:60]!r}")
    return spans


def nearest_mention(text: str, words: str | None, quotation: Span) -> Span | None:
    """Find the mention nearest to a quotation, outside it if possible."""
    if words is None:
        return None
    start, end = quotation
    return min(occurrences(text, words), key=lambda s: (_overlap(s, quotation), max(start - s[1], s[0] - end), s))


def spell_name(text: str, name: str | None) -> list[Span] | None:
    """Find the first mention of a name; if the text never has it in one piece, find its words near each other."""
    if name is None:
        return None
    if name in text:
        return occurrences(text, name)[:1]
    first, *rest = name.split()
    spans = occurrences(text, first)[:1]
    for word in rest:
        spans.append(min(occurrences(text, word), key=lambda s: (abs(s[0] - spans[-1][1]), s)))
    return spans


def first_mention(text: str, name: str, others: list[str]) -> Span:
    """Find a place's first mention outside longer names of the report (`North` in `North Korea`)."""
    longer = [s for other in others if name in other and other != name for s in occurrences(text, other)]
    spans = occurrences(text, name)
    return next((s for s in spans if not any(_overlap(s, other) for other in longer)), spans[0])


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def span_at(text: str, start: int, words: str) -> Span:
    """Return the span of words whose offset is known, after checking it."""
    if text[start : start + len(words)] != words:
        raise SystemExit(f"error: {words!r} does not occur at {start} in the text that begins {text[:60]!r}")
    return [start, start + len(words)]


def stand_off(source: str, text: str, marks: dict[str, Any]) -> dict[str, Any]:
    """Convert the annotations of one report."""
    dateline, places = marks["dateline"], [p["name"] for p in marks["places"]]
    quotes = [(q, span_at(text, q["start"], q["content"])) for q in marks["quotes"]]
    return {
        "doc_id": f"{source}-{marks['id']}",
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "dateline": dateline and {
            "place": occurrences(text, dateline["place"])[0],
            "agency": dateline["agency"] and occurrences(text, dateline["agency"])[0],
        },
        "quotes": [
            {"span": span, "kind": q["type"], "speaker": nearest_mention(text, q["speaker"], span),
             "name": spell_name(text, q["speaker_name"]), "cue": nearest_mention(text, q["cue"], span)}
            for q, span in quotes
        ],
        "times": [{"span": span_at(text, t["start"], t["text"]), "value": t["value"]} for t in marks["times"]],
        "quantities": [
            {"span": span_at(text, n["start"], n["text"]), "best": n["value"], "bound": n["bound"], "kind": n["kind"]}
            for n in marks["quantities"]
        ],
        "places": [{"span": first_mention(text, p["name"], places), "kind": p["kind"]} for p in marks["places"]],
    }  # fmt: skip


def main(source: str, dest: str, *folders: str) -> None:
    """Convert `articles.jsonl` and `annotations.jsonl` of one or more folders to one set, sorted by id."""
    reports = []
    for folder in map(Path, folders):
        articles, annotations = (
            [json.loads(line) for line in (folder / name).read_text(encoding="utf-8").splitlines()]
            for name in ("articles.jsonl", "annotations.jsonl")
        )
        texts = {article["id"]: article["text"] for article in articles}
        reports += [stand_off(source, texts[marks["id"]], marks) for marks in annotations]
    lines = [json.dumps(report) + "\n" for report in sorted(reports, key=lambda report: report["doc_id"])]
    Path(dest).write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    try:
        main(*arguments("convert_gold SOURCE DEST FOLDER", more=True))
    except FileNotFoundError as error:
        sys.exit(f"error: {error.filename}: no such file; a folder needs articles.jsonl and annotations.jsonl")
