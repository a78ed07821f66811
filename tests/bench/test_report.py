"""The page, the figure and the data of a benchmark."""

from __future__ import annotations

import polars as pl
import pytest
from bench_runs import SIZES, TURNS, topic_turns, turns
from planted import ROOT

from bench import report


def test_ratios_of_medians_with_the_extremes_of_the_rounds():
    nltk, bling = report.ratios(TURNS)
    assert (nltk.other, nltk.ratio, nltk.low, nltk.high, nltk.reached) == ("NLTK", 16.0, 7.5, 32.0, True)
    assert (bling.other, bling.ratio, bling.low, bling.high, bling.reached) == ("BlingFire", 0.5, 0.25, 1.0, None)


def test_the_table_of_ratios():
    assert report.ratio_table(TURNS).splitlines()[2:] == [
        "| Tokens | NLTK | **16.0 ×** | 7.50 × to 32.0 × | 15 × | yes |",
        "| Tokens | BlingFire | **0.50 ×** | 0.25 × to 1.00 × |  |  |",
    ]
    missed = report.ratio_table(turns(corpus_tools=(1.0,), NLTK=(14.9,)))
    assert "| 14.9 × to 14.9 × | 15 × | **no** |" in missed


@pytest.mark.parametrize(
    ("mine", "theirs", "reached"), [(0.41, 0.41, True), (0.40, 0.41, False)], ids=["equal", "lower"]
)
def test_the_target_of_topics_requires_their_coherence(mine, theirs, reached):
    (ratio,) = report.ratios(topic_turns(mine, theirs))
    assert ratio.reached is reached


def test_rows_of_only_one_table_are_counted():
    mine = pl.DataFrame({"text": [0, 0, 1], "start": [0, 4, 0]})
    assert report.count_differences(mine, mine.clone()) == 0
    assert report.count_differences(mine, mine.with_columns(start=pl.Series([0, 4, 1]))) == 2
    assert report.count_differences(mine, mine.head(2)) == 1


def test_the_page_is_complete_and_follows_from_the_data(tmp_path):
    machine = {"cores": 2, "processor": "P", "memory_gb": 4, "system": "S"}
    benchmark = report.Benchmark(TURNS, {"words": 0}, SIZES, machine, {"nltk": "3.10"}, "1 May 2026", 4.0)
    report.write(benchmark, tmp_path)
    text = (tmp_path / "benchmarks.md").read_text(encoding="utf-8")
    for words in ("1 May 2026", "2 of `planted`", "2 cores", "nltk 3.10", "| Tokens | NLTK | 0 |", "1 of 1 targets"):
        assert words in text
    assert "Not measured, because not requested or not installed: " in text
    assert "spaCy small model (annotation layers)" in text
    assert (tmp_path / "pictures" / "benchmarks.png").stat().st_size > 10_000
    assert report.Benchmark.from_json((tmp_path / "benchmarks.json").read_text(encoding="utf-8")) == benchmark


def test_without_ours_the_alternative_text_reports_no_dots():
    assert report.alt([]) == "No dots: ours was compared with nothing"


def test_the_page_in_docs_shows_the_data_beside_it():
    page = ROOT / "docs" / "benchmarks.md"
    if page.exists():
        benchmark = report.Benchmark.from_json((ROOT / "docs" / "benchmarks.json").read_text(encoding="utf-8"))
        assert page.read_text(encoding="utf-8") == report.markdown(benchmark)
        assert not any(benchmark.differences.values())
