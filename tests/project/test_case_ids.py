"""The ids of parametrised cases: those that name nothing fail."""

from __future__ import annotations

import pytest
from case_ids import numbered_by_pytest, unreadable


@pytest.mark.parametrize(
    ("case", "values"),
    [
        pytest.param("", {"text": ""}, id="empty"),
        pytest.param("glob-", {"match": "glob", "text": ""}, id="empty at the end"),
        pytest.param("-glob", {"text": "", "match": "glob"}, id="empty at the start"),
        pytest.param("topics-<lambda>-words", {"damage": lambda path: path}, id="a lambda"),
        pytest.param("topics-value0", {"step": "topics", "value": {"seed": 1}}, id="an automatic name"),
    ],
)
def test_an_id_that_names_nothing_is_refused(case, values):
    assert unreadable(case, values)


@pytest.mark.parametrize(
    ("case", "values"),
    [
        pytest.param("-1-limit", {"number": -1, "name": "limit"}, id="a negative number"),
        pytest.param("page1", {"page": "page1"}, id="a text like an automatic name"),
        pytest.param("two-pages10", {"pages": 10}, id="a number with a name"),
        pytest.param("a set of outlets", {"filters": {"outlet": {"BBC"}}}, id="written by hand"),
    ],
)
def test_an_id_that_says_what_it_is_is_accepted(case, values):
    assert not unreadable(case, values)


def test_ids_that_pytest_had_to_number_are_refused_but_not_values_with_a_number():
    assert numbered_by_pytest("check0", {"filters": {}}, ["check0", "check1"])
    assert not numbered_by_pytest("check0", {"filters": {}}, ["check0", "other"])
    assert not numbered_by_pytest("part0", {"name": "part0"}, ["part0", "part1"])
