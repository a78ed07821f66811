"""Counts over the whole corpus, added up from partitions: speakers, places, tolls and metrics."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from corpus_tools.annotate import summaries
from corpus_tools.layers.registry import BY_NAME
from corpus_tools.pipeline import TABLES

# Four reports. All name Ann Bo in full, one of them in two ways; another also uses her surname alone and quotes her
# under it. The third names Zoe Bo three times, but that is one report against four.
OUTLETS = {"a": "Post", "b": "Post", "c": "Star", "d": "Post"}
NAMES = [
    ("a", "Ann Bo"), ("a", "Ann C. Bo"), ("b", "Ann Bo"), ("c", "Ann Bo"), *[("c", "Zoe Bo")] * 3,
    ("d", "Bo"), ("d", "Ann Bo"), ("d", "Ed Fu"),
]  # fmt: skip
QUOTES = [
    ("a", "direct", "Ann Bo"), ("a", "mixed", "Ann C. Bo"), ("a", "indirect", "Ann Bo"), ("b", "direct", "Ed Fu"),
    ("c", "direct", "Ann Bo"), ("d", "direct", "Bo"), ("d", "direct", "Ann Bo"), ("d", "direct", "Ed Fu"),
    ("d", "mixed", None),
]  # fmt: skip
PLACES = [("a", "Kyiv", 50.5, 7), ("a", "Kyiv", 50.5, None), ("b", "Kyiv", 50.5, 7), ("c", "Lviv", None, None)]
# Report b repeats a, and d repeats c; a and c are the first reports, whichever partition the copies are in.
CLUSTERS = {"a": "a", "b": "a", "c": "c", "d": "c"}
# doc_id, day of publication, place, killed, day of the event
CLAIMS = [
    ("a", 1, "Kyiv", 5, "2022-03-01"), ("b", 4, "Kyiv", 6, None), ("c", 20, "Kyiv", 7, "2022-03"),
    ("c", 20, "Kyiv", 9, "2021"), ("d", 20, "Lviv", 8, None), ("d", 20, None, 3, None),
]  # fmt: skip


def table(name: str, columns: list[str], rows: list[tuple]) -> pl.DataFrame:
    """Return a table whose other columns are null, except that the offsets number the rows."""
    frame = pl.DataFrame(rows, schema={c: TABLES[name].schema[c] for c in columns}, orient="row")
    blank = [pl.lit(None, t).alias(c) for c, t in TABLES[name].schema.items() if c not in columns]
    offsets = (pl.int_range(pl.len()).alias(c) for c in ("start", "end") if c not in columns)
    return TABLES[name].fit(frame.with_columns(blank).with_columns(offsets))


def layers_of(doc_ids: str) -> dict[str, pl.DataFrame]:
    def select(rows: list[tuple]) -> list[tuple]:
        return [row for row in rows if row[0] in doc_ids]

    claims = [
        (d, CLUSTERS[d], date(2022, 3, day), place, best, event, "killed", "settlement" if place else None)
        for d, day, place, best, event in select(CLAIMS)
    ]
    return {
        **{layer: table(layer, ["doc_id"], []) for layer in BY_NAME},
        "names": table("names", ["doc_id", "name", "label"], [(*row, "PERSON") for row in select(NAMES)]),
        "quotes": table("quotes", ["doc_id", "kind", "speaker_name"], select(QUOTES)),
        "places": table("places", ["doc_id", "name", "lat", "geonames_id"], select(PLACES)),
        "claims": table(
            "claims",
            ["doc_id", "cluster_id", "published", "place", "best", "event_date", "kind", "place_precision"],
            claims,
        ),
    }


def count(*partitions: str) -> dict[str, pl.DataFrame]:
    rows = [(doc_id, outlet, CLUSTERS[doc_id] == doc_id) for doc_id, outlet in OUTLETS.items()]
    documents = pl.DataFrame(rows, schema=["doc_id", "outlet", "is_first_report"], orient="row")
    counts = [
        summaries.count_partition(documents.filter(pl.col("doc_id").is_in(list(doc_ids))), layers_of(doc_ids))
        for doc_ids in partitions
    ]
    return {name: pl.concat([frames[name] for frames in counts]) for name in counts[0]}


PARTITIONS = pytest.mark.parametrize(
    "partitions", [("abcd",), ("a", "b", "c", "d"), ("cd", "", "ab")], ids=["one", "one per report", "one empty"]
)


@PARTITIONS
def test_a_person_is_counted_once_per_report_under_any_name(partitions):
    counts = count(*partitions)
    ranked = summaries.speakers_by_outlet(counts["person_quotes"], counts["people"])
    rows = (
        ranked.select("outlet", "rank", "speaker_name", "quotes", "reports", "first_reports")
        .sort("outlet", "rank")
        .rows()
    )
    # `Ed Fu` is not among the names of report b, so its quotation of him is not counted.
    assert rows == [("Post", 1, "Ann Bo", 4, 2, 1), ("Post", 2, "Ed Fu", 1, 1, 0), ("Star", 1, "Ann Bo", 1, 1, 1)]
    assert ranked.filter(outlet="Post")["share"].to_list() == [0.8, 0.2]


@PARTITIONS
def test_mentions_and_reports_of_a_place_add_up(partitions):
    places = summaries.places_on_map(count(*partitions)["place_mentions"])
    assert places.select("name", "geonames_id", "mentions", "reports", "first_reports").rows() == [("Kyiv", 7, 3, 2, 1)]


@PARTITIONS
def test_an_event_may_span_partitions(partitions):
    tolls = summaries.tolls(count(*partitions)["death_claims"], gap_days=4)
    assert tolls.sort("event", "published").select("event", "place", "doc_id", "cluster_id", "best").rows() == [
        (1, "Kyiv", "a", "a", 5), (1, "Kyiv", "b", "a", 6), (2, "Kyiv", "c", "c", 7), (3, "Lviv", "d", "c", 8),
    ]  # fmt: skip


@PARTITIONS
def test_the_metrics_add_up(partitions):
    metrics = summaries.summarise(count(*partitions)["mark_counts"])
    assert metrics["quotes_by_kind"] == {"direct": 6, "indirect": 1, "mixed": 2}
    assert metrics["claims_by_kind"] == {"killed": 6}
    assert metrics["claims_in_first_reports"] == 3
    rows = {layer: metrics[layer] for layer in BY_NAME}
    assert rows == dict.fromkeys(BY_NAME, 0) | {"quotes": 9, "names": 10, "places": 4, "claims": 6}
    filled = {name: n for name, n in metrics.items() if name.startswith(("quotes_with_", "claims_with_"))}
    assert filled == {
        "quotes_with_speaker": 8, "claims_with_speaker": 0, "claims_with_date": 3, "claims_with_place": 5,
    }  # fmt: skip
