"""Documents that are hard to export, and partitions of any text with any marks."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
from hypothesis import strategies as st

from corpus_tools.export import documents, formats
from corpus_tools.pipeline import TABLES

Row = dict[str, Any]


Frames = dict[str, pl.DataFrame]


Written = Callable[..., Path]


FORMATS = sorted(formats.WRITERS)


MARKS = ("quotes", "times", "quantities", "names", "places", "claims")


def in_tables(rows: dict[str, list[Row]]) -> Frames:
    """Rows as tables; missing columns are null, and columns that the tables do not have are left out."""
    return {
        name: TABLES[name].fit(
            pl.DataFrame(
                [[row.get(c) for c in TABLES[name].schema] for row in rows.get(name, [])],
                schema=TABLES[name].schema,
                orient="row",
            ),
        )
        for name in documents.EXPORTED
    }


def cut(doc_id: str, text: str, **known: Any) -> dict[str, list[Row]]:
    """A document with one sentence per line, one paragraph per sentence, and words and single marks as tokens."""
    rows: dict[str, list[Row]] = {name: [] for name in documents.EXPORTED}
    rows["documents"] = [
        {"doc_id": doc_id, "source": "s", "outlet": "The Day", "text": text, "body_start": 0, "language": "en"} | known
    ]
    lines = [m for m in re.finditer(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+", text) if m[0].strip()]
    for i, line in enumerate(lines):
        start = line.start() + len(line[0]) - len(line[0].lstrip())
        end = line.start() + len(line[0].rstrip())
        rows["sentences"].append({"doc_id": doc_id, "sentence": i, "paragraph": i, "start": start, "end": end})
        for t in re.finditer(r"\w+|[^\w\s]", text[start:end]):
            word = {"doc_id": doc_id, "sentence": i, "start": start + t.start(), "end": start + t.end()}
            rows["tokens"].append(
                word | {"token": t[0], "norm": t[0], "lemma": t[0].lower(), "pos": "NN", "upos": "NOUN"}
            )
    return rows


def span(text: str, words: str, **more: Any) -> Row:
    start = text.index(words)
    return {"start": start, "end": start + len(words), "text": words} | more


def role(name: str, text: str, words: str) -> Row:
    start = text.index(words)
    return {f"{name}_start": start, f"{name}_end": start + len(words)}


REPORT = (
    "SEVERODONETSK, Ukraine:\n"
    '"We left, 🏃 and they\n\nstayed," Olha Bondar | AFP told\tus on Thursday.\n'
    "At least 1,200 people fled Severodonetsk_2, said קול ישראל, “the Voice”.\r\n"
)


def planted() -> Frames:
    """One document with every layer, one with odd text and no marks, one without a single token."""
    rows = cut("seeds/Київ 1", REPORT, title='A "title",\nof two lines', published=date(2022, 4, 8))
    rows["documents"][0] |= {
        "updated": datetime(2022, 4, 8, 7, 11, 5),
        "repairs": [{"repair": "lost marks", "times": 2}, {"repair": "it's", "times": 1}],
        "is_first_report": True,
        "url": "",
    }
    doc = {"doc_id": "seeds/Київ 1"}
    number = {"low": 1200, "best": 1200, "high": None, "bound": "at least", "kind": "displaced"}
    place = {"country": "Ukraine", "lat": 48.9482, "lon": 38.4917, "geonames_id": 693805}
    speaker = role("speaker", REPORT, "Olha Bondar") | {"speaker_name": "Olha Bondar"}
    rows["quotes"] = [
        doc | span(REPORT, "We left, 🏃 and they\n\nstayed", kind="direct", channel="AFP", sentence=1)
        | speaker | {"speaker": "Olha Bondar"} | role("cue", REPORT, "told") | {"cue": "told"},
        doc | span(REPORT, "the Voice", kind="mixed", sentence=4),
    ]  # fmt: skip
    rows["times"] = [doc | span(REPORT, "Thursday", value="2022-04-07", granularity="day")]
    rows["quantities"] = [doc | span(REPORT, "At least 1,200 people") | number]
    rows["names"] = [
        doc | span(REPORT, "Olha Bondar", label="PERSON", name="Olha Bondar"),
        doc | span(REPORT, "קול ישראל", label="ORG", name="קול ישראל"),
    ]
    rows["places"] = [doc | span(REPORT, "Severodonetsk_2", kind="settlement", name="Severodonetsk") | place]
    rows["claims"] = [
        doc | span(REPORT, "At least 1,200 people") | number | speaker | role("who", REPORT, "people")
        | role("cue", REPORT, "said") | role("event_date", REPORT, "Thursday")
        | role("place", REPORT, "Severodonetsk_2")
        | {"who": "people", "cue": "said", "event_date": "2022-04-07", "event_date_precision": "day",
           "place": "Severodonetsk", "place_precision": "settlement", "published": date(2022, 4, 8)} | place,
    ]  # fmt: skip
    for other in (
        cut("a-2", "_ \\ | = # 1\t2  3\u00a04\u20285\x85e\u0301 ''\n# text = x\n\t\"\"\n"),
        cut("empty", " \n"),
    ):
        for name in documents.EXPORTED:
            rows[name] += other[name]
    return in_tables(rows)


ODD = st.characters(exclude_categories=["Cs"]) | st.sampled_from(
    "ab _|=\\#\"'“”,;\n\r\t\u2028\x85\x1c\u00a0🏃ק\u0301\ufeff"
)


@st.composite
def drawn(draw: st.DrawFn) -> Frames:
    """Any texts, with marks from any token to any later one, across lines and over one another."""
    rows: dict[str, list[Row]] = {name: [] for name in documents.EXPORTED}
    # An id begins with its source's name, so it is never blank; CoNLL-U distinguishes ids by what `on_one_line` keeps.
    ids = st.text(ODD, max_size=5).map(lambda odd: f"s-{odd}")
    for doc_id in draw(st.lists(ids, min_size=1, max_size=3, unique_by=lambda i: documents.on_one_line(i).strip())):
        document = cut(doc_id, draw(st.text(ODD, max_size=40)), title=draw(st.none() | st.text(ODD, max_size=5)))
        text, tokens = document["documents"][0]["text"], document["tokens"]
        index = st.integers(0, len(tokens) - 1)
        for layer in MARKS if tokens else ():
            spans = {tuple(sorted(draw(st.tuples(index, index)))) for _ in range(draw(st.integers(0, 3)))}
            for first, last in spans:
                start, end = tokens[first]["start"], tokens[last]["end"]
                kind = {"label": "ORG", "kind": "direct", "value": "2022-04", "name": draw(st.text(ODD, max_size=4))}
                both = {f"{p}_{k}": v for p in ("speaker", "place") for k, v in (("start", start), ("end", end))}
                document[layer].append(
                    {"doc_id": doc_id, "start": start, "end": end, "text": text[start:end]} | kind | both
                )
        for name in documents.EXPORTED:
            rows[name] += document[name]
    return in_tables(rows)


def texts_of(frames: Frames) -> dict[str, str]:
    return dict(frames["documents"].select("doc_id", "text").iter_rows())
