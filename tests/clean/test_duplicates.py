"""Near-duplicates: planted copies are found, and nothing else."""

from __future__ import annotations

import random
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus_tools.clean.cleaning import clean_partition
from corpus_tools.clean.duplicates import find_clusters, hash_shingles
from corpus_tools.clean.params import CleanParams

DAY = date(2022, 4, 4)
VOCABULARY = [f"{first}{second}" for first in "bdfgklmnprst" for second in ("an", "el", "ir", "os", "um", "ay", "ek")]


def words(generator: random.Random, n: int) -> list[str]:
    return generator.choices(VOCABULARY, k=n)


def clusters(reports: list[tuple[str, int | None, str]], params: CleanParams | None = None) -> dict[str, str]:
    """Return the cluster of each report, given as (name, day, text)."""
    cleaned = clean_partition(raw(reports))
    table = find_clusters(cleaned["bodies"], cleaned["shingles"]["shingle"], params or CleanParams())
    assert table["is_first_report"].to_list() == (table["doc_id"] == table["cluster_id"]).to_list()
    return dict(table.select("doc_id", "cluster_id").iter_rows())


def raw(reports: list[tuple[str, int | None, str]]) -> pl.DataFrame:
    rows = [(name, "" if day is None else str(DAY + timedelta(days=day)), text) for name, day, text in reports]
    schema = {"doc_id": pl.String, "published": pl.String, "text": pl.String}
    empty = dict.fromkeys(("title", "url", "updated", "date_format"), pl.lit(None, pl.String))
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.with_columns(source=pl.lit("s"), outlet=pl.lit("O"), **empty)


def test_clusters_are_named_after_the_first_report_and_nothing_is_dropped():
    by_name = clusters([("c", 2, "The same words."), ("a", 1, "The  same words"), ("b", 0, "Others.")])
    assert by_name == {"a": "a", "b": "b", "c": "a"}


def test_a_report_without_a_date_joins_those_of_the_same_words():
    assert clusters([("a", None, "The same words."), ("b", 9, "The same words.")]) == {"a": "b", "b": "b"}


def planted(generator: random.Random) -> tuple[list[tuple[str, int | None, str]], dict[str, str]]:
    """Plant wire reports, copies of them (cut at the end, with a new opening and some new words), and other reports."""
    reports, truth = [], {}
    for wire in range(20):
        body = words(generator, generator.randint(150, 500))
        day = generator.randint(0, 60)
        reports.append((f"w{wire:02}", day, " ".join(body)))
        truth[f"w{wire:02}"] = f"w{wire:02}"
        for copy in range(generator.randint(0, 3)):
            kept = body[: int(len(body) * generator.uniform(0.7, 1))]
            for _ in range(len(kept) // 60):
                kept[generator.randrange(len(kept))] = "changed"
            name = f"w{wire:02}-{copy}"
            text = words(generator, generator.randint(0, len(kept) // 4)) + kept
            reports.append((name, day + generator.randint(0, 3), " ".join(text)))
            truth[name] = f"w{wire:02}"
    for i in range(40):
        reports.append((f"x{i:02}", generator.randint(0, 60), " ".join(words(generator, 300))))
        truth[f"x{i:02}"] = f"x{i:02}"
    return reports, truth


@pytest.mark.parametrize("seed", range(5), ids="seed {}".format)
def test_planted_copies_are_found_and_no_others(seed):
    reports, truth = planted(random.Random(seed))
    assert clusters(reports) == truth


def test_boilerplate_under_every_report_does_not_make_copies():
    generator = random.Random(1)
    footer = words(generator, 80)
    reports = [(f"d{day}", day, " ".join(words(generator, 60) + footer)) for day in range(12)]
    assert clusters(reports) == {name: name for name, *_ in reports}


def test_a_copy_outside_the_window_is_a_report_of_its_own_unless_a_copy_links_it():
    body = words(random.Random(2), 300)
    late, chain = " ".join(body), " ".join(body[:250])
    assert clusters([("a", 0, late), ("b", 4, chain)]) == {"a": "a", "b": "b"}
    assert clusters([("a", 0, late), ("b", 3, chain), ("c", 6, late)]) == {"a": "a", "b": "a", "c": "a"}
    assert clusters([("a", 0, late), ("b", 4, chain)], CleanParams(duplicate_days=4)) == {"a": "a", "b": "a"}


def test_the_share_of_shingles_is_a_parameter():
    generator = random.Random(3)
    one, other = words(generator, 300), words(generator, 300)
    reports = [("a", 0, " ".join(one)), ("b", 0, " ".join(other[:200] + one[:100]))]
    assert clusters(reports) == {"a": "a", "b": "b"}
    assert clusters(reports, CleanParams(duplicate_share=0.2)) == {"a": "a", "b": "a"}


def test_a_report_printed_often_is_one_cluster():
    generator = random.Random(4)
    body = words(generator, 200)
    reports = [(f"d{i:02}", i % 3, " ".join([*words(generator, 10), *body])) for i in range(60)]
    assert set(clusters(reports).values()) == {"d00"}


@pytest.mark.slow
@given(st.integers(0, 2**32), st.permutations(range(30)))
def test_clusters_depend_neither_on_the_order_nor_on_the_partitions(seed, order):
    reports, _ = planted(random.Random(seed))
    reports = reports[:30]
    cleaned = clean_partition(raw(reports))
    expected = find_clusters(cleaned["bodies"], cleaned["shingles"]["shingle"], CleanParams())
    shuffled = [reports[i] for i in order if i < len(reports)]
    parts = [clean_partition(raw(shuffled[:7])), clean_partition(raw(shuffled[7:]))]
    bodies, hashes = (pl.concat([part[name] for part in parts]) for name in ("bodies", "shingles"))
    assert find_clusters(bodies, hashes["shingle"], CleanParams()).equals(expected)


def test_shingles_are_those_of_the_words_and_lie_within_one_text():
    text = " ".join(words(random.Random(5), 400))
    counts, hashes = hash_shingles(pl.Series([text, text.upper().replace(" ", ", "), "", text[:15], text]))
    runs = {tuple(text.split()[i : i + 5]) for i in range(396)}
    assert counts[0] == counts[1] == counts[4]
    assert counts[2] == counts[3] == 0
    assert len(hashes) == counts.sum()
    assert hashes[: counts[0]].to_list() == hashes[counts[0] : 2 * counts[0]].to_list()
    # One in four, within five standard deviations of the binomial distribution.
    assert abs(counts[0] - len(runs) / 4) < 5 * np.sqrt(len(runs) * 3 / 16)
