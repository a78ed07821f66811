"""Writing partitions into a new folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from planted_exports import (
    Frames,
    Written,
)

from corpus_tools.export import formats


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> Written:
    """Write partitions into a new folder."""

    def write(kind: str, *partitions: Frames) -> Path:
        folder = tmp_path_factory.mktemp("export")
        for i, frames in enumerate(partitions):
            assert sum(formats.WRITERS[kind](frames, folder, i)) == frames["documents"].height
        return folder

    return write
