"""Export: the corpus in the formats of other tools, one partition of documents at a time.

Offsets are the tables' own: characters of `documents.text`, the end exclusive. What each format holds and how the
usual tools open it stands in docs/export.md.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl

Frames = Mapping[str, pl.DataFrame]
Row = dict[str, Any]
Layers = dict[str, list[Row]]
Writer = Callable[[Frames, Path, int], Iterator[int]]

LAYERS = ("sentences", "tokens", "quotes", "times", "quantities", "names", "places", "claims")
EXPORTED = ("documents", *LAYERS)
_MARKS = LAYERS[2:]

# All that ends a line or a column for one reader or another; `str.splitlines` knows most of them.
_BREAK = re.compile(r"[\t\n\r\v\f\x1c-\x1f\x85\u2028\u2029]")


def reports(frames: Frames, layers: Sequence[str] = LAYERS) -> Iterator[tuple[Row, Layers]]:
    """Give each document of a partition with its rows of some layers, in the tables' order."""
    parts = {n: frames[n].partition_by("doc_id", as_dict=True, include_key=False) for n in layers}
    for document in frames["documents"].iter_rows(named=True):
        key = (document["doc_id"],)
        yield document, {n: part[key].to_dicts() if key in part else [] for n, part in parts.items()}


def _flat(value: object) -> str:
    """Keep a value on its line and in its column; one character stays one character, so offsets hold."""
    return _BREAK.sub(" ", str(value))


# ---- CoNLL-U (https://universaldependencies.org/format.html) --------------------------------------------------------

_META = ("outlet", "published", "title", "url", "place", "country")
# Layer, its key in MISC, the column that says what it is, and what its first token tells besides.
# `NE` is the key that spaCy's converter reads.
_TAGS: tuple[tuple[str, str, str, tuple[str, str] | None], ...] = (
    ("names", "NE", "label", None),
    ("quotes", "Quote", "kind", ("Speaker", "speaker_name")),
    ("times", "Time", "value", None),
    ("quantities", "People", "kind", ("Best", "best")),
    ("places", "Place", "kind", ("GeoNames", "geonames_id")),
)
# UDPipe's escapes for the white space between two tokens.
_SPACES = {" ": r"\s", "\t": r"\t", "\n": r"\n", "\r": r"\r", "|": r"\p", "\\": r"\\"}


def conllu(document: Row, layers: Layers) -> str:
    r"""Write a document's sentences in CoNLL-U, with the layers in MISC.

    `# text` is the sentence with line ends as spaces, so that it is as long as the sentence. Heads and relations are
    left empty: nothing here parses. A document without tokens gives nothing, for CoNLL-U has no empty sentence.

    Examples
    --------
    >>> token = {"sentence": 0, "start": 0, "end": 4, "token": "Kyiv", "lemma": "Kyiv"}
    >>> name = {"start": 0, "end": 4, "label": "PLACE"}
    >>> layers = {name: [] for name in LAYERS} | {"tokens": [token], "names": [name]}
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
            lines += [f"# newdoc id = {_flat(document['doc_id'])}"]
            lines += [f"# {name} = {_flat(document[name])}" for name in _META if document.get(name) is not None]
        if sentence["paragraph"] != paragraph:
            paragraph = sentence["paragraph"]
            lines.append("# newpar")
        lines.append(f"# sent_id = {_flat(document['doc_id'])}-s{sentence['sentence']}")
        lines.append(f"# text = {_flat(text[sentence['start'] : sentence['end']])}")
        for number, i in enumerate(rows[sentence["sentence"]], 1):
            after = text[tokens[i]["end"] : tokens[i + 1]["start"]] if i + 1 < len(tokens) else None
            lines.append(_word(number, tokens[i], [*_space(after), *marks[i]]))
        lines.append("")
    return "".join(line + "\n" for line in lines)


def _word(number: int, token: Row, misc: list[str]) -> str:
    given = [token["token"], token.get("lemma"), token.get("upos"), token.get("pos")]
    columns = [_flat(value) if value else "_" for value in given]
    place = f"TokenRange={token['start']}:{token['end']}"
    return "\t".join([str(number), *columns, "_", "_", "_", "_", "|".join([place, *misc])])


def _space(after: str | None) -> list[str]:
    if after == "":
        return ["SpaceAfter=No"]
    if after is None or after == " ":  # CoNLL-U has no SpaceAfter=No at the end of a document
        return []
    return ["SpacesAfter=" + "".join(_SPACES.get(c, r"\s" if c.isspace() else c) for c in after)]


def _marks(tokens: list[Row], layers: Layers) -> list[list[str]]:
    """Say for each token what it begins (B-) or goes on with (I-); of two marks that overlap, the first counts."""
    starts, ends = [t["start"] for t in tokens], [t["end"] for t in tokens]
    marks: list[list[str]] = [[] for _ in tokens]
    for layer, key, column, more in _TAGS:
        free = 0
        for row in sorted(layers[layer], key=lambda r: (r["start"], -r["end"])):
            first, last = bisect_right(ends, row["start"]), bisect_left(starts, row["end"])
            if first < free or first >= last:
                continue
            free = last
            marks[first].append(f"{key}=B-{_misc(row[column])}")
            if more and row[more[1]] is not None:
                marks[first].append(f"{more[0]}={_misc(row[more[1]])}")
            for i in range(first + 1, last):
                marks[i].append(f"{key}=I-{_misc(row[column])}")
    return marks


def _misc(value: object) -> str:
    return re.sub(r"[\s|=]+", "_", str(value))


# ---- brat (https://brat.nlplab.org/standoff.html) -------------------------------------------------------------------

ANNOTATION_CONF = """\
# Marks of corpus_tools; the values of each (dates, numbers, coordinates, full names) are in its note.
[entities]
PERSON
ORG
PLACE
OTHER
Location
Time
Quantity
Quote
Speaker
Cue
Who

[relations]
SaidBy\tArg1:Quote, Arg2:Speaker
CuedBy\tArg1:Quote, Arg2:Cue
<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>

[events]
Claim\tNumber:Quantity, Who?:Who, Speaker?:Speaker, Cue?:Cue, Date?:Time, Place?:Location

[attributes]
QuoteKind\tArg:Quote, Value:direct|mixed|indirect
"""
# Layer, brat's type (names bring their own), and the columns that go into the note.
_ENTITIES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("names", "", ("name",)),
    ("places", "Location", ("kind", "name", "country", "lat", "lon", "geonames_id")),
    ("times", "Time", ("value", "granularity")),
    ("quantities", "Quantity", ("kind", "low", "best", "high", "bound")),
    ("quotes", "Quote", ("kind", "speaker_name", "speaker_role", "channel")),
)
_RELATIONS = (("SaidBy", "Speaker", "speaker"), ("CuedBy", "Cue", "cue"))
_ROLES = (
    ("Who", "Who", "who"),
    ("Speaker", "Speaker", "speaker"),
    ("Cue", "Cue", "cue"),
    ("Date", "Time", "event_date"),
    ("Place", "Location", "place"),
)
_CLAIM = (
    *("kind", "low", "best", "high", "bound", "speaker_name", "event_date", "event_date_precision"),
    *("place", "place_precision", "country", "lat", "lon", "geonames_id"),
)


class _Standoff:
    def __init__(self, text: str) -> None:
        self.text = text
        self.lines: list[str] = []
        self._count: Counter[str] = Counter()
        self._known: dict[tuple[str, int, int], str] = {}

    def add(self, prefix: str, content: str) -> str:
        self._count[prefix] += 1
        self.lines.append(f"{prefix}{self._count[prefix]}\t{content}")
        return f"{prefix}{self._count[prefix]}"

    def span(self, label: str, start: int | None, end: int | None) -> str | None:
        """Add a mark, or give the one that is there; None if there is nothing to mark."""
        if start is None or end is None:
            return None
        if (label, start, end) not in self._known:
            # No line end or tab may stand in a .ann line, so a mark across one is written in pieces.
            pieces = [(start + m.start(), start + m.end()) for m in _PIECE.finditer(self.text[start:end])]
            if not pieces:
                return None
            where = ";".join(f"{a} {b}" for a, b in pieces)
            words = " ".join(self.text[a:b] for a, b in pieces)
            self._known[label, start, end] = self.add("T", f"{label} {where}\t{words}")
        return self._known[label, start, end]

    def note(self, target: str, row: Row, columns: tuple[str, ...]) -> None:
        said = "; ".join(f"{c}={_flat(row[c])}" for c in columns if row[c] is not None)
        if said:
            self.add("#", f"AnnotatorNotes {target}\t{said}")


# What stands between two breaks, without the white space beside them.
_PIECE = re.compile(rf"[^{_BREAK.pattern[1:-1]}\s](?:[^{_BREAK.pattern[1:-1]}]*[^{_BREAK.pattern[1:-1]}\s])?")


def brat(document: Row, layers: Layers) -> str:
    r"""Write a document's marks in brat's standoff format; its text goes into the .txt beside it as it is.

    Examples
    --------
    >>> time = {"start": 3, "end": 10, "value": "2022-04-08", "granularity": "day"}
    >>> print(brat({"text": "On 8\nApril"}, {name: [] for name in LAYERS} | {"times": [time]}).replace("\t", " "))
    T1 Time 3 4;5 10 8 April
    #1 AnnotatorNotes T1 value=2022-04-08; granularity=day
    <BLANKLINE>
    """
    to = _Standoff(document["text"])
    for layer, label, noted in _ENTITIES:
        for row in layers[layer]:
            mark = to.span(label or row["label"], row["start"], row["end"])
            if mark:
                to.note(mark, row, noted)
            if mark and layer == "quotes":
                to.add("A", f"QuoteKind {mark} {row['kind']}")
                for relation, kind, part in _RELATIONS:
                    if other := to.span(kind, row[f"{part}_start"], row[f"{part}_end"]):
                        to.add("R", f"{relation} Arg1:{mark} Arg2:{other}")
    for row in layers["claims"]:
        _claim(to, row)
    return "".join(line + "\n" for line in to.lines)


def _claim(to: _Standoff, row: Row) -> None:
    # Of its own type, and only the event points to it: brat takes no note or relation on the trigger of an event.
    trigger = to.span("Claim", row["start"], row["end"])
    if trigger is None:
        return
    roles = [f"Number:{to.span('Quantity', row['start'], row['end'])}"]
    for role, kind, part in _ROLES:
        if mark := to.span(kind, row[f"{part}_start"], row[f"{part}_end"]):
            roles.append(f"{role}:{mark}")
    to.note(to.add("E", f"Claim:{trigger} {' '.join(roles)}"), row, _CLAIM)


def file_name(doc_id: str) -> str:
    """Make a name that any file system and brat take, a different one for every document.

    Examples
    --------
    >>> file_name("news_articles-12"), file_name("Київ/1")
    ('news_articles-12', '_1-a7dadbd8')
    """
    if re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,99}", doc_id):
        return doc_id
    # Capitals too get the hash: some file systems do not tell A from a.
    safe = re.sub(r"[^A-Za-z0-9_-]+", "_", doc_id)[:90]
    return f"{safe}-{sha256(doc_id.encode()).hexdigest()[:8]}"


# ---- JSON Lines and CSV ---------------------------------------------------------------------------------------------


def json_line(document: Row, layers: Layers) -> str:
    r"""Write a document as one line of JSON: the columns of `documents`, then a list for each layer; days as ISO 8601.

    Examples
    --------
    >>> json_line({"doc_id": "a", "text": "Київ\n"}, {"names": [{"start": 0, "end": 4}]})
    '{"doc_id": "a", "text": "Київ\\n", "names": [{"start": 0, "end": 4}]}\n'
    """
    line = json.dumps({**document, **layers}, ensure_ascii=False, allow_nan=False, default=lambda day: day.isoformat())
    # Line ends for some readers, though not for JSON.
    return re.sub("[\x85\u2028\u2029]", lambda m: f"\\u{ord(m[0]):04x}", line) + "\n"


def flat_columns(frame: pl.DataFrame) -> pl.DataFrame:
    """Put lists and records into JSON, for a CSV has no place for them.

    Examples
    --------
    >>> flat_columns(pl.DataFrame({"a": [[{"repair": "spaces", "times": 2}]]})).item()
    '[{"repair": "spaces", "times": 2}]'
    """
    nested = [c.name for c in frame.iter_columns() if c.dtype.is_nested()]
    columns = {
        n: [None if v is None else json.dumps(v, ensure_ascii=False) for v in frame[n].to_list()] for n in nested
    }
    return frame.with_columns(pl.Series(n, values, dtype=pl.String) for n, values in columns.items())


def _append_csv(path: Path, frame: pl.DataFrame) -> None:
    header = not path.exists()
    with path.open("ab") as out:
        flat_columns(frame).write_csv(out, include_header=header, datetime_format="%Y-%m-%dT%H:%M:%S")


# ---- writing: each takes one partition, and gives how many documents are done ---------------------------------------


def _write_conllu(frames: Frames, folder: Path, index: int) -> Iterator[int]:
    path = folder / f"part-{index:05d}.conllu"
    with path.open("w", encoding="utf-8", newline="\n") as out:
        for document, layers in reports(frames):
            out.write(conllu(document, layers))
            yield 1
    _list_documents(frames, folder, [path.name] * frames["documents"].height)


def _write_brat(frames: Frames, folder: Path, index: int) -> Iterator[int]:
    (folder / "annotation.conf").write_text(ANNOTATION_CONF, encoding="utf-8", newline="\n")
    part = folder / f"part-{index:05d}"  # brat shows a folder as one list: not hundreds of thousands in it
    part.mkdir()
    names = [file_name(d) for d in frames["documents"]["doc_id"]]
    for name, (document, layers) in zip(names, reports(frames, _MARKS), strict=True):
        (part / f"{name}.txt").write_text(document["text"], encoding="utf-8", newline="")
        (part / f"{name}.ann").write_text(brat(document, layers), encoding="utf-8", newline="")
        yield 1
    _list_documents(frames, folder, [f"{part.name}/{name}" for name in names])


def _list_documents(frames: Frames, folder: Path, files: list[str]) -> None:
    """Say in which file each document is, with what else is known of it, for formats that have no place for that."""
    _append_csv(
        folder / "documents.csv", frames["documents"].drop("text", "repairs").with_columns(file=pl.Series(files))
    )


def _write_jsonl(frames: Frames, folder: Path, _index: int) -> Iterator[int]:
    with (folder / "corpus.jsonl").open("a", encoding="utf-8", newline="\n") as out:
        for document, layers in reports(frames):
            out.write(json_line(document, layers))
            yield 1


def _write_csv(frames: Frames, folder: Path, _index: int) -> Iterator[int]:
    for name in EXPORTED:
        _append_csv(folder / f"{name}.csv", frames[name])
    yield frames["documents"].height


def write_settings(lines: Mapping[str, str], folder: Path) -> None:
    """Say in `settings.json` what made each table; the other files have no place for it that their readers know."""
    text = json.dumps(lines, indent=2, ensure_ascii=False)
    (folder / "settings.json").write_text(text + "\n", encoding="utf-8", newline="\n")


WRITERS: dict[str, Writer] = {
    "brat": _write_brat,
    "conllu": _write_conllu,
    "csv": _write_csv,
    "jsonl": _write_jsonl,
}
