"""Time and memory of a search in a large corpus: `python -m bench.search 1 106` searches 1 and 106 copies of ours."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.inputs import SEARCHED
from corpus_tools.corpus import Corpus
from tools import arguments

_LINES = 200  # lines of the concordance, whatever the size of the corpus


def _link(folder: Path, copies: int) -> None:
    """Make tables `copies` times as long without using the disk: each partition is a link to one of this corpus."""
    for table in SEARCHED:
        (folder / "data" / table).mkdir(parents=True)
        files = sorted((Path.cwd() / "data" / table).glob("part-*.parquet"))
        for number, file in enumerate(files * copies):
            (folder / "data" / table / f"part-{number:05d}.parquet").symlink_to(file)


def _search(folder: Path) -> str:
    corpus = Corpus(folder)
    start = time.perf_counter()
    lines = corpus.concordance("civilian*", limit=_LINES, sort="right")
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6
    return f"{len(lines)} of {lines.hits:,} lines, {lines.tokens:,} tokens, {seconds:.1f} s, peak {peak:.0f} MB"


def _main(values: list[str]) -> None:
    if values[:1] == ["in"]:
        sys.stdout.write(_search(Path(values[1])) + "\n")
        return
    for copies in map(int, values):
        with tempfile.TemporaryDirectory() as folder:
            _link(Path(folder), copies)
            # A new process each time, so that its peak memory is that of the search.
            command = [sys.executable, "-m", "bench.search", "in", folder]
            output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
            sys.stdout.write(f"{copies} x: {output}")


if __name__ == "__main__":
    _main(arguments("search COPIES", more=True, folder="bench"))
