"""JSON Lines and CSV: the tables themselves."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from corpus_tools.export.documents import EXPORTED, Frames, Layers, Row, append_csv, reports


def json_line(document: Row, layers: Layers) -> str:
    r"""Return a document as one line of JSON: the columns of `documents`, then a list for each layer; days as ISO 8601.

    Examples
    --------
    >>> json_line({"doc_id": "a", "text": "Київ\n"}, {"names": [{"start": 0, "end": 4}]})
    '{"doc_id": "a", "text": "Київ\\n", "names": [{"start": 0, "end": 4}]}\n'
    """
    line = json.dumps({**document, **layers}, ensure_ascii=False, allow_nan=False, default=lambda day: day.isoformat())
    # These end a line for some readers, though not in JSON.
    return re.sub("[\x85\u2028\u2029]", lambda m: f"\\u{ord(m[0]):04x}", line) + "\n"


def write_jsonl(frames: Frames, folder: Path, _index: int) -> Iterator[int]:
    """Write one partition, and yield 1 after each document."""
    with (folder / "corpus.jsonl").open("a", encoding="utf-8", newline="\n") as out:
        for document, layers in reports(frames):
            out.write(json_line(document, layers))
            yield 1


def write_csv(frames: Frames, folder: Path, _index: int) -> Iterator[int]:
    """Write one partition, and yield its number of documents."""
    for name in EXPORTED:
        append_csv(folder / f"{name}.csv", frames[name])
    yield frames["documents"].height
