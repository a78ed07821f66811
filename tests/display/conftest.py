"""The small corpus."""

from __future__ import annotations

import pytest
from planted_corpus import (
    REPORTS,
    write,
)

import corpus_tools as ct


@pytest.fixture(scope="session")
def corpus(tmp_path_factory) -> ct.Corpus:
    return write(tmp_path_factory.mktemp("explore"), REPORTS, 7)
