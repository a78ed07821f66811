"""Tricky sentences for VADER, and reports that are scored as one partition."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import polars as pl
from hypothesis import strategies as st
from nltk.sentiment.vader import VaderConstants

from corpus_tools.pipeline import TABLES
from corpus_tools.sentiment.scores import READS, score_partition, score_sentences

TRICKY_WORDS = """
    good bad great horrible kind peace war kill love :) :( :D :-Þ <3 l no like hand-to-hand
    very so extremely barely kinda sort-of VERY Barely not never isn't ISN'T Never nor without xn't least at Least AT
    this This So but But BUT of OF Of just enough sort the shit The bomb ass yeah right cut mustard kiss of death hand
    to mouth a I 12 -- ! ? !!! ??? ?!? word-like Word WORD İstanbul Kill ǅ Ä ß can't fed up
""".split()
GLUE = st.sampled_from(
    [*" " * 14, "  ", "\t", "\n", "\r\n", "\u00a0", "\u2003", "\x1c", "\x85", "\u200b", "! ", "? ", "", "!"]
)
MARKS = st.sampled_from([*[""] * 30, *VaderConstants.PUNC_LIST, "(", "_", "!!!!", "…", "’"])
CASE = st.sampled_from([str, str, str, str, str.upper, str.title])


@st.composite
def tricky_sentences(draw: st.DrawFn) -> str:
    """Sentences of few distinct words, so that these repeat and meet each other."""
    pool = draw(st.lists(st.sampled_from(TRICKY_WORDS), min_size=1, max_size=10))
    words = draw(st.lists(st.tuples(MARKS, CASE, st.sampled_from(pool), MARKS, GLUE), max_size=20))
    return "".join(before + case(word) + after + glue for before, case, word, after, glue in words)


NEGATIVE, POSITIVE, NEUTRAL = "The army killed them.", "A wonderful peace came.", "They met on Monday."
DAY = date(2022, 1, 3)


def partition(*reports: dict, rows: Sequence[int] = (), own: pl.DataFrame | None = None) -> dict[str, pl.DataFrame]:
    """Score reports as one partition.

    A report has `sentences` and, where they differ from the defaults, `doc_id`, `outlet`, `published`, `first`,
    `quotes` (words, speaker), `people` and `topics` (share of each).
    """
    tables: dict[str, list[dict]] = {name: [] for name in READS}
    for i, report in enumerate(reports):
        doc_id, text = report.get("doc_id", f"d{i}"), " ".join(report["sentences"])
        key = {"doc_id": doc_id}
        origin = {"outlet": report.get("outlet", "O"), "published": report.get("published", DAY)}
        tables["documents"].append({**key, **origin, "text": text, "is_first_report": report.get("first", True)})
        start = 0
        for n, sentence in enumerate(report["sentences"]):
            tables["sentences"].append({**key, "sentence": n, "start": start, "end": start + len(sentence)})
            start += len(sentence) + 1
        for words, name in report.get("quotes", ()):
            begin = text.index(words)
            tables["quotes"].append(
                {**key, "start": begin, "end": begin + len(words), "kind": "direct", "speaker_name": name}
            )
        for name in report.get("people", ()):
            tables["names"].append({**key, "start": len(tables["names"]), "end": 0, "label": "PERSON", "name": name})
        for topic, share in report.get("topics", {}).items():
            tables["doc_topics"].append({**key, "topic": topic, "share": share})
    frames = []
    for name, records in tables.items():
        schema = TABLES[name].schema
        frame = pl.DataFrame(records, schema={c: t for c, t in schema.items() if not records or c in records[0]})
        blank = (pl.lit(None, t).alias(c) for c, t in schema.items() if c not in frame)
        frames.append(TABLES[name].fit(frame.with_columns(blank)))
    own = pl.DataFrame(schema={"topic": pl.Int32, "row": pl.Int32}) if own is None else own
    return score_partition(rows, own, *frames)


def mean_of(*sentences: str) -> float:
    return round(float(np.mean(score_sentences(sentences)["compound"].to_list())), 6)


TERMS = pl.DataFrame(
    {"topic": [0, 0, 0, 1], "rank": [0, 1, 2, 0], "term": ["army", "kill", "War", "peace"], "weight": 0.1, "frex": 0.1},
    schema_overrides=TABLES["topic_terms"].schema,
)
LABELS = pl.DataFrame({"topic": [0, 1], "label": ["war", "peace"]}, schema_overrides={"topic": pl.Int32})
