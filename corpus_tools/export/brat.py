"""brat's standoff format (https://brat.nlplab.org/standoff.html): texts and all marks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from corpus_tools.export.documents import BREAK, Frames, Layers, Row, file_name, list_documents, on_one_line, reports
from corpus_tools.layers.layer import Brat
from corpus_tools.layers.registry import BY_NAME, LAYERS

_BRAT = {layer.name: layer.brat for layer in LAYERS if layer.brat}


def annotation_conf() -> str:
    r"""Return brat's configuration: the types of entities, relations, events and attributes of all layers.

    Examples
    --------
    >>> about, *lines = annotation_conf().splitlines()
    >>> lines[:4], lines[-2:]
    (['[entities]', 'Quote', 'Time', 'Quantity'], ['[attributes]', 'QuoteKind\tArg:Quote, Value:direct|mixed|indirect'])
    """
    declared = list(_BRAT.values())
    ends = [(entity, "") for brat in declared for entity in brat.entities]
    ends += [(entity, "") for brat in declared for _, entity, _ in (*brat.relations, *brat.roles)]
    entities = dict(ends)
    relations = [
        f"{name}\tArg1:{brat.entities[0]}, Arg2:{entity}" for brat in declared for name, entity, _ in brat.relations
    ]
    events = [
        f"{brat.event}\t" + ", ".join(f"{role}{'?' if prefix else ''}:{entity}" for role, entity, prefix in brat.roles)
        for brat in declared
        if brat.event
    ]
    attributes = [
        f"{brat.attribute[0]}\tArg:{brat.entities[0]}, Value:{'|'.join(brat.attribute[2])}"
        for brat in declared
        if brat.attribute
    ]
    sections = {
        "entities": entities,
        "relations": [*relations, "<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>"],
        "events": events,
        "attributes": attributes,
    }
    about = "# Marks of corpus_tools; the values of each (dates, numbers, coordinates, full names) are in its note.\n"
    return about + "\n".join(f"[{name}]\n" + "".join(f"{line}\n" for line in lines) for name, lines in sections.items())


class _Standoff:
    """The lines of an .ann file; a span is written once for each label, whatever refers to it.

    Parameters
    ----------
    text
        The text that is marked.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines: list[str] = []
        self._count: Counter[str] = Counter()
        self._known: dict[tuple[str, int, int], str] = {}

    def add(self, prefix: str, content: str) -> str:
        """Add a line, and return its identifier: the prefix and a number."""
        self._count[prefix] += 1
        self.lines.append(f"{prefix}{self._count[prefix]}\t{content}")
        return f"{prefix}{self._count[prefix]}"

    def span(self, label: str, start: int | None, end: int | None) -> str | None:
        """Return the mark of a span, which is added if it is new; None if there is nothing to mark."""
        if start is None or end is None:
            return None
        if (label, start, end) not in self._known:
            # An .ann line has no line end or tab within, so a mark across one is written in pieces.
            pieces = [(start + m.start(), start + m.end()) for m in _PIECE.finditer(self.text[start:end])]
            if not pieces:
                return None
            offsets = ";".join(f"{a} {b}" for a, b in pieces)
            words = " ".join(self.text[a:b] for a, b in pieces)
            self._known[label, start, end] = self.add("T", f"{label} {offsets}\t{words}")
        return self._known[label, start, end]

    def note(self, target: str, row: Row, columns: tuple[str, ...]) -> None:
        """Add a note with the columns that are not null to the line of an identifier."""
        values = "; ".join(f"{c}={on_one_line(row[c])}" for c in columns if row[c] is not None)
        if values:
            self.add("#", f"AnnotatorNotes {target}\t{values}")


# The text between two breaks, without white space at its ends.
_PIECE = re.compile(rf"[^{BREAK.pattern[1:-1]}\s](?:[^{BREAK.pattern[1:-1]}]*[^{BREAK.pattern[1:-1]}\s])?")


def brat(document: Row, layers: Layers) -> str:
    r"""Return a document's marks in brat's standoff format; its text goes unchanged into the .txt file beside it.

    Examples
    --------
    >>> time = {"start": 3, "end": 10, "value": "2022-04-08", "granularity": "day"}
    >>> print(brat({"text": "On 8\nApril"}, dict.fromkeys(BY_NAME, []) | {"times": [time]}).replace("\t", " "))
    T1 Time 3 4;5 10 8 April
    #1 AnnotatorNotes T1 value=2022-04-08; granularity=day
    <BLANKLINE>
    """
    out = _Standoff(document["text"])
    for layer, declared in _BRAT.items():
        write = _event if declared.event else _entity
        for row in layers[layer]:
            write(out, declared, row)
    return "".join(line + "\n" for line in out.lines)


def _entity(out: _Standoff, declared: Brat, row: Row) -> None:
    label = declared.entities[0] if len(declared.entities) == 1 else row["label"]
    mark = out.span(label, row["start"], row["end"])
    if not mark:
        return
    out.note(mark, row, declared.notes)
    if declared.attribute:
        name, column, _ = declared.attribute
        out.add("A", f"{name} {mark} {row[column]}")
    for relation, kind, prefix in declared.relations:
        if other := out.span(kind, row[f"{prefix}_start"], row[f"{prefix}_end"]):
            out.add("R", f"{relation} Arg1:{mark} Arg2:{other}")


def _event(out: _Standoff, declared: Brat, row: Row) -> None:
    # The trigger has a type of its own and only the event refers to it: brat allows no note or relation on a trigger.
    trigger = out.span(declared.event, row["start"], row["end"])
    if trigger is None:
        return
    roles = []
    for role, kind, prefix in declared.roles:
        start, end = (f"{prefix}_start", f"{prefix}_end") if prefix else ("start", "end")
        if mark := out.span(kind, row[start], row[end]):
            roles.append(f"{role}:{mark}")
    out.note(out.add("E", f"{declared.event}:{trigger} {' '.join(roles)}"), row, declared.notes)


def write_brat(frames: Frames, folder: Path, index: int) -> Iterator[int]:
    """Write one partition, and yield 1 after each document."""
    (folder / "annotation.conf").write_text(annotation_conf(), encoding="utf-8", newline="\n")
    partition = folder / f"part-{index:05d}"  # brat shows a folder as one list, so it must not have too many files
    partition.mkdir()
    names = [file_name(d) for d in frames["documents"]["doc_id"]]
    for name, (document, layers) in zip(names, reports(frames, tuple(BY_NAME)), strict=True):
        (partition / f"{name}.txt").write_text(document["text"], encoding="utf-8", newline="")
        (partition / f"{name}.ann").write_text(brat(document, layers), encoding="utf-8", newline="")
        yield 1
    list_documents(frames, folder, [f"{partition.name}/{name}" for name in names])
