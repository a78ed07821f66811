from __future__ import annotations

import polars as pl
import pytest

from corpus_tools.text.person_names import count_people, full_names


def test_reports_are_counted_by_name_without_initials():
    rows = [("a", "PERSON", "Donald J. Trump"), ("b", "PERSON", "Donald Trump"), ("b", "PERSON", "Donald Trump")]
    names = pl.DataFrame([*rows, ("b", "ORG", "NATO")], schema=["doc_id", "label", "name"], orient="row")
    assert count_people(names).rows() == [("Donald Trump", 2)]


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        pytest.param(1, [("Li", "Ann Li")], id="four of five reports agree"),
        pytest.param(2, [], id="four of six reports agree"),
    ],
)
def test_a_surname_means_a_full_name_that_most_reports_give(others, expected):
    people = pl.DataFrame({"name": ["Ann Li", "Bo Li", "Li"], "reports": [4, others, 9]})
    assert full_names(people).rows() == expected
