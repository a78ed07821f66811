"""Parameters of `grid` and `topics`: wrong values are named."""

from __future__ import annotations

import pytest

from corpus_tools.errors import InputError
from corpus_tools.params import Params
from corpus_tools.runtime.records import check
from corpus_tools.topics.fitting.params import TopicsParams


@pytest.mark.parametrize(
    ("section", "values"),
    [
        pytest.param("grid", {"n_topics": []}, id="no numbers"),
        pytest.param("grid", {"n_topics": [0]}, id="zero topics"),
        pytest.param("grid", {"runs": 2}, id="too few runs"),
        pytest.param("grid", {"documents": 0}, id="no documents"),
        pytest.param("topics", {"batch_above": 0}, id="batches above zero"),
        pytest.param("topics", {"batch_above": 2.5}, id="batches above a fraction"),
        pytest.param("topics", {"batch_above": "many"}, id="batches above a word"),
        pytest.param("topics", {"batch_above": None}, id="batches above nothing"),
    ],
)
def test_wrong_values_are_named(section: str, values: dict) -> None:
    with pytest.raises(InputError) as error:
        check({section: values}, Params, "params.yaml")
    assert error.value.where.startswith(f"params.yaml, {section}.{next(iter(values))}")


def test_a_model_outside_the_pipeline_needs_a_number() -> None:
    with pytest.raises(InputError, match="`grid` is not a number"):
        _ = TopicsParams(n_topics="grid").number
