"""CoNLL-U (https://universaldependencies.org/format.html): sentences and tokens, with the layers in MISC."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from pathlib import Path

from corpus_tools.export.documents import Frames, Layers, Row, list_documents, on_one_line, reports
from corpus_tools.layers.registry import LAYERS

_META = ("outlet", "published", "title", "url", "place", "country")
# UDPipe's escapes for the white space between two tokens.
_SPACES = {" ": r"\s", "\t": r"\t", "\n": r"\n", "\r": r"\r", "|": r"\p", "\\": r"\\"}


def conllu(document: Row, layers: Layers) -> str:
    r"""Write a document's sentences in CoNLL-U, with the layers in MISC.

    `# text` is the sentence with line ends as spaces, so that its length is the same. Heads and relations are empty, as
    there is no parser. A document without tokens is left out, because CoNLL-U has no empty sentence.

    Examples
    --------
    >>> from corpus_tools.export.documents import EXPORTED_LAYERS
    >>> token = {"sentence": 0, "start": 0, "end": 4, "token": "Kyiv", "lemma": "Kyiv"}
    >>> name = {"start": 0, "end": 4, "label": "PLACE"}
    >>> layers = dict.fromkeys(EXPORTED_LAYERS, []) | {"tokens": [token], "names": [name]}
    >>> layers["sentences"] = [{"sentence": 0, "paragraph": 0, "start": 0, "end": 4}]
    >>> print(conllu({"doc_id": "a", "text": "Kyiv"}, layers).replace("\t", " "))
    # newdoc id = a
    # newpar
    # sent_id = a-s0
    # text = Kyiv
    1 Kyiv Kyiv _ _ _ _ _ _ TokenRange=0:4|NE=B-PLACE
    <BLANKLINE>
    <BLANKLINE>
    """
    text, tokens = document["text"], layers["tokens"]
    marks = _marks(tokens, layers)
    rows: dict[int, list[int]] = {}
    for i, token in enumerate(tokens):
        rows.setdefault(token["sentence"], []).append(i)
    lines: list[str] = []
    paragraph = None
    for sentence in layers["sentences"]:
        if sentence["sentence"] not in rows:
            continue
        if not lines:
            lines += [f"# newdoc id = {on_one_line(document['doc_id'])}"]
            lines += [f"# {name} = {on_one_line(document[name])}" for name in _META if document.get(name) is not None]
        if sentence["paragraph"] != paragraph:
            paragraph = sentence["paragraph"]
            lines.append("# newpar")
        lines.append(f"# sent_id = {on_one_line(document['doc_id'])}-s{sentence['sentence']}")
        lines.append(f"# text = {on_one_line(text[sentence['start'] : sentence['end']])}")
        for number, i in enumerate(rows[sentence["sentence"]], 1):
            after = text[tokens[i]["end"] : tokens[i + 1]["start"]] if i + 1 < len(tokens) else None
            lines.append(_word(number, tokens[i], [*_space(after), *marks[i]]))
        lines.append("")
    return "".join(line + "\n" for line in lines)


def _word(number: int, token: Row, misc: list[str]) -> str:
    values = [token["token"], token.get("lemma"), token.get("upos"), token.get("pos")]
    columns = [on_one_line(value) if value else "_" for value in values]
    offsets = f"TokenRange={token['start']}:{token['end']}"
    return "\t".join([str(number), *columns, "_", "_", "_", "_", "|".join([offsets, *misc])])


def _space(after: str | None) -> list[str]:
    if after == "":
        return ["SpaceAfter=No"]
    if after is None or after == " ":  # CoNLL-U has no SpaceAfter=No at the end of a document
        return []
    return ["SpacesAfter=" + "".join(_SPACES.get(c, r"\s" if c.isspace() else c) for c in after)]


def _marks(tokens: list[Row], layers: Layers) -> list[list[str]]:
    """Return the MISC entries of each token: marks that it begins (B-) or continues (I-).

    If two marks of a layer overlap, the first is exported.
    """
    starts, ends = [t["start"] for t in tokens], [t["end"] for t in tokens]
    marks: list[list[str]] = [[] for _ in tokens]
    for layer in LAYERS:
        tag = layer.conllu
        if tag is None:
            continue
        free = 0
        for row in sorted(layers[layer.name], key=lambda r: (r["start"], -r["end"])):
            first, last = bisect_right(ends, row["start"]), bisect_left(starts, row["end"])
            if first < free or first >= last:
                continue
            free = last
            marks[first].append(f"{tag.key}=B-{_misc(row[tag.column])}")
            if tag.detail and row[tag.detail[1]] is not None:
                marks[first].append(f"{tag.detail[0]}={_misc(row[tag.detail[1]])}")
            for i in range(first + 1, last):
                marks[i].append(f"{tag.key}=I-{_misc(row[tag.column])}")
    return marks


def _misc(value: object) -> str:
    return re.sub(r"[\s|=]+", "_", str(value))


def write_conllu(frames: Frames, folder: Path, index: int) -> Iterator[int]:
    """Write one partition, and yield 1 after each document."""
    path = folder / f"part-{index:05d}.conllu"
    with path.open("w", encoding="utf-8", newline="\n") as out:
        for document, layers in reports(frames):
            out.write(conllu(document, layers))
            yield 1
    list_documents(frames, folder, [path.name] * frames["documents"].height)
