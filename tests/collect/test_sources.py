from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus_tools.collect.readers import SourceRow
from corpus_tools.collect.sources import Source, check_rows, in_partitions


@given(st.lists(st.tuples(st.text(max_size=5), st.text(max_size=12)), max_size=30), st.integers(1, 7))
def test_every_row_is_either_kept_or_rejected(values, size):
    rows = [SourceRow(i, "f", str(i), {"text": text, "published": day}) for i, (text, day) in enumerate(values, 1)]
    rows.append(SourceRow(len(rows) + 1, "f", "good", {"text": "words", "published": "2022-04-08"}))
    partitions = list(in_partitions(check_rows("s", Source(kind="csv"), iter(rows), "f"), size))
    numbers = [row["row"] for partition in partitions for both in partition for row in both]
    assert sorted(numbers) == list(range(1, len(rows) + 1))
    assert all(len(kept) <= size for kept, _ in partitions)


@pytest.mark.parametrize(
    ("values", "options", "outlet"),
    [
        pytest.param({"outlet": "Post", "url": "http://www.star.com/1"}, {}, "Post", id="column"),
        pytest.param({"url": "http://www.star.com/1"}, {}, "star.com", id="link"),
        pytest.param({"url": "http://www.star.com/1"}, {"outlets": {"star.com": "The Star"}}, "The Star", id="renamed"),
        pytest.param({}, {"outlet": "AFP"}, "AFP", id="source"),
        pytest.param({"url": "http://[no"}, {"outlet": "AFP"}, "AFP", id="invalid link"),
        pytest.param({"outlet": "  "}, {"outlet": "AFP"}, "AFP", id="blank column"),
        pytest.param({}, {}, "mine", id="name of the source"),
    ],
)
def test_outlets_come_from_the_column_the_source_or_the_link(values, options, outlet):
    row = SourceRow(1, "f", "1", {"text": "x", "published": "2022-04-08", **values})
    [checked] = check_rows("mine", Source(kind="csv", **options), iter([row]), "f")
    assert checked["outlet"] == outlet
