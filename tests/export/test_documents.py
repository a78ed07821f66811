"""What the formats share."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st
from planted_exports import (
    ODD,
)

from corpus_tools.export import documents


@given(st.lists(st.text(ODD, min_size=1, max_size=200), min_size=2, unique=True))
@settings(max_examples=50)
def test_file_names_differ_also_where_capitals_do_not_count(ids):
    names = [documents.file_name(i) for i in [*ids, "a", "A", "a.b", "a b"]]
    assert len({n.lower() for n in names}) == len({*ids, "a", "A", "a.b", "a b"})
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{1,100}", n) for n in names)
