"""What a search costs in a large corpus: `python -m bench.search 1 106` looks into so many copies of this one."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.given import SEARCHED
from corpus_tools.corpus import Corpus

# Some 200 lines, whatever they are lines of.
_LINES = 200


def _link(folder: Path, copies: int) -> None:
    """Lay tables that are so many times as long without taking up the disk: each partition is a link to one of ours."""
    for table in SEARCHED:
        (folder / "data" / table).mkdir(parents=True)
        files = sorted((Path.cwd() / "data" / table).glob("part-*.parquet"))
        for number, file in enumerate(files * copies):
            (folder / "data" / table / f"part-{number:05d}.parquet").symlink_to(file)


def _search(folder: Path) -> str:
    corpus = Corpus(folder)
    start = time.perf_counter()
    found = corpus.concordance("civilian*", limit=_LINES, sort="right")
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6
    return f"{len(found)} of {found.hits:,} lines, {found.tokens:,} tokens, {seconds:.1f} s, {peak:.0f} MB at most"


def _main(arguments: list[str]) -> None:
    if arguments[0] == "in":
        sys.stdout.write(_search(Path(arguments[1])) + "\n")
        return
    for copies in map(int, arguments):
        with tempfile.TemporaryDirectory() as folder:
            _link(Path(folder), copies)
            # In a process of its own, whose memory nobody else has used.
            command = [sys.executable, "-m", "bench.search", "in", folder]
            said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
            sys.stdout.write(f"{copies} x: {said}")


if __name__ == "__main__":
    _main(sys.argv[1:])
