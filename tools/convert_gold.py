"""Turn marks that quote the texts into stand-off gold; README.md beside this file says how to call it.

A mark's words are looked up in the text, and only their offsets are kept.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from pathlib import Path
from typing import Any

Span = list[int]


def places_of(text: str, words: str) -> list[Span]:
    """List where words stand, as whole words if they do so anywhere."""
    whole = [[m.start(), m.end()] for m in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", text)]
    found = whole or [[m.start(), m.end()] for m in re.finditer(re.escape(words), text)]
    if not found:
        raise SystemExit(f"error: {words!r} does not stand in the text that begins {text[:60]!r}")
    return found


def nearest(text: str, words: str | None, to: Span) -> Span | None:
    """Find the mention nearest to a quotation, outside it if there is one."""
    if words is None:
        return None
    return min(places_of(text, words), key=lambda s: (_overlap(s, to), max(to[0] - s[1], s[0] - to[1]), s))


def name_of(text: str, name: str | None) -> list[Span] | None:
    """Spell a name: by its first mention, or, where it stands nowhere in one, by its parts near each other."""
    if name is None:
        return None
    if name in text:
        return places_of(text, name)[:1]
    first, *rest = name.split()
    spelled = places_of(text, first)[:1]
    for part in rest:
        spelled.append(min(places_of(text, part), key=lambda s: (abs(s[0] - spelled[-1][1]), s)))
    return spelled


def first_outside(text: str, name: str, others: list[str]) -> Span:
    """Find a place's first mention that is not part of a longer name (`North` in `North Korea`)."""
    longer = [s for other in others if name in other and other != name for s in places_of(text, other)]
    found = places_of(text, name)
    return next((s for s in found if not any(_overlap(s, other) for other in longer)), found[0])


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def exactly(text: str, start: int, words: str) -> Span:
    """Give the span of a mark whose offset is known."""
    if text[start : start + len(words)] != words:
        raise SystemExit(f"error: {words!r} does not stand at {start} in the text that begins {text[:60]!r}")
    return [start, start + len(words)]


def stand_off(source: str, text: str, marks: dict[str, Any]) -> dict[str, Any]:
    """Convert the marks of one report."""
    line, places = marks["dateline"], [p["name"] for p in marks["places"]]
    quotes = [(q, exactly(text, q["start"], q["content"])) for q in marks["quotes"]]
    return {
        "doc_id": f"{source}-{marks['id']}",
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "dateline": line and {
            "place": places_of(text, line["place"])[0],
            "agency": line["agency"] and places_of(text, line["agency"])[0],
        },
        "quotes": [
            {"span": span, "kind": q["type"], "speaker": nearest(text, q["speaker"], span),
             "name": name_of(text, q["speaker_name"]), "cue": nearest(text, q["cue"], span)}
            for q, span in quotes
        ],
        "times": [{"span": exactly(text, t["start"], t["text"]), "value": t["value"]} for t in marks["times"]],
        "quantities": [
            {"span": exactly(text, n["start"], n["text"]), "best": n["value"], "bound": n["bound"], "kind": n["kind"]}
            for n in marks["quantities"]
        ],
        "places": [{"span": first_outside(text, p["name"], places), "kind": p["kind"]} for p in marks["places"]],
    }  # fmt: skip


def main(source: str, out: str, *folders: str) -> None:
    """Convert `articles.jsonl` and `annotations.jsonl` of one or more folders into one set, sorted by id."""
    made = []
    for folder in map(Path, folders):
        articles, marked = (
            [json.loads(line) for line in (folder / name).read_text(encoding="utf-8").splitlines()]
            for name in ("articles.jsonl", "annotations.jsonl")
        )
        texts = {article["id"]: article["text"] for article in articles}
        made += [stand_off(source, texts[marks["id"]], marks) for marks in marked]
    lines = [json.dumps(report) + "\n" for report in sorted(made, key=lambda report: report["doc_id"])]
    Path(out).write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
