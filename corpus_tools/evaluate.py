"""Evaluate: how well the marks agree with reports that people marked by reading (the gold in seeds/gold/).

The gold is stand-off: offsets into the texts as found, and labels, no words. Its offsets are carried over to the
cleaned text first, so cleaning may change without the gold being marked anew.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import polars as pl
from pydantic import Field
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from corpus_tools.errors import InputError
from corpus_tools.params import Evaluate, Section, check

Span = Annotated[list[Annotated[int, Field(ge=0)]], Field(min_length=2, max_length=2)]
Row = dict[str, Any]


class GoldQuote(Section):
    """A quotation; `name` spells the speaker's fullest name, in several parts where it stands nowhere in one."""

    span: Span
    kind: Literal["direct", "mixed"]
    speaker: Span | None
    name: list[Span] | None
    cue: Span | None


class GoldTime(Section):
    """A date or relative day, week, month or year, with its ISO 8601 value."""

    span: Span
    value: str


class GoldQuantity(Section):
    """A number of people to whom something happened."""

    span: Span
    best: int
    bound: Literal["exact", "at least", "at most", "about"]
    kind: Literal["killed", "wounded", "missing", "displaced", "evacuated", "detained", "trapped", "other-affected"]


class GoldPlace(Section):
    """A distinct named place, where it is first named."""

    span: Span
    kind: Literal["country", "settlement", "region", "other"]


class GoldDateline(Section):
    """The line that opens a report: where it was filed, and by which agency."""

    place: Span
    agency: Span | None


class GoldReport(Section):
    """The marks of one report; the checksum is that of the text as found, in UTF-8."""

    doc_id: str
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    dateline: GoldDateline | None
    quotes: list[GoldQuote]
    times: list[GoldTime]
    quantities: list[GoldQuantity]
    places: list[GoldPlace]


# ---- the gold --------------------------------------------------------------------------------------------------------


def read_gold(folder: Path) -> dict[str, list[GoldReport]]:
    """Read the gold: one set a file, one report a line.

    Raises
    ------
    InputError
        If a line is no JSON, lacks a key or has one too many, or a report stands twice in a set; the message names
        file, line and key.
    """
    return {path.stem: list(_read_set(path)) for path in _files(folder)}


def fingerprint(folder: Path) -> str:
    """Give one checksum of all gold files, their names among it: which gold a score was made with."""
    found = hashlib.sha256()
    for path in _files(folder):
        found.update(f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return found.hexdigest()


def text_sha256(text: str) -> str:
    """Give the checksum by which a text is known to be the one that was marked."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.jsonl"))


def _read_set(path: Path) -> Iterator[GoldReport]:
    seen: dict[str, int] = {}
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        where = f"{path}, line {number}"
        try:
            found = json.loads(line)
        except ValueError as error:
            raise InputError(where, f"not JSON ({error})", "make the file again as README.md beside it says") from None
        report = check(found, GoldReport, where)
        if report.doc_id in seen:
            first = seen[report.doc_id]
            raise InputError(f"{where}, doc_id", f"{report.doc_id} stands in line {first} already", "keep one of them")
        seen[report.doc_id] = number
        yield report


# ---- from the text as found to the cleaned text ----------------------------------------------------------------------


def align(raw: str, clean: str) -> list[int]:
    """Say for each offset into a text as found where it lies in the cleaned text.

    Cleaning changes marks, spaces and single letters, but keeps the words in order. So words are paired first; between
    two pairs, what is equal from the left and from the right is paired by character, and only what is left between
    those is approximate. Offsets never cross.

    Parameters
    ----------
    raw, clean
        The same report before and after.

    Returns
    -------
    len(raw) + 1 offsets into `clean`.

    Examples
    --------
    >>> raw, clean = 'It ended."?Nobody  knew.', 'It ended." Nobody knew.'
    >>> to = align(raw, clean)
    >>> clean[to[raw.index("Nobody")] : to[raw.index(".", 11)]]
    'Nobody knew'
    """
    theirs, ours = ([m.span() for m in re.finditer(r"\w+", text)] for text in (raw, clean))
    words = SequenceMatcher(None, [raw[a:b] for a, b in theirs], [clean[a:b] for a, b in ours], autojunk=False)
    to = [0] * (len(raw) + 1)
    at = target = 0
    for i, j, size in words.get_matching_blocks():
        # The last block is empty and stands for the ends of both texts.
        for (a, b), (c, d) in zip(theirs[i : i + size], ours[j : j + size], strict=True):
            _align_gap(raw, clean, (at, a), (target, c), to)
            to[a:b] = range(c, d)
            at, target = b, d
    _align_gap(raw, clean, (at, len(raw)), (target, len(clean)), to)
    to[len(raw)] = len(clean)
    return to


def _align_gap(raw: str, clean: str, old: tuple[int, int], new: tuple[int, int], to: list[int]) -> None:
    (a, b), (c, d) = old, new
    while a < b and c < d and raw[a] == clean[c]:
        to[a] = c
        a, c = a + 1, c + 1
    while a < b and c < d and raw[b - 1] == clean[d - 1]:
        b, d = b - 1, d - 1
        to[b] = d
    for k in range(a, b):
        to[k] = min(c + k - a, d)


def gold_rows(gold: GoldReport, raw: str, clean: str) -> dict[str, list[Row]]:
    """Write the gold as rows with the columns of the tables, so that it is compared with them like with like.

    Raises
    ------
    InputError
        If an offset lies outside the text.
    """
    to = align(raw, clean)

    def here(key: str, span: Span) -> Row:
        if not span[0] < span[1] <= len(raw):
            where = f"seeds/gold, {gold.doc_id}, {key}"
            raise InputError(where, f"{span} is no span of the text, which has {len(raw)} characters", "correct it")
        start, end = to[span[0]], to[span[1]]
        return {"start": start, "end": end, "text": clean[start:end]}

    def words(key: str, *spans: Span | None) -> str | None:
        return " ".join(here(key, s)["text"] for s in spans if s) or None

    line = gold.dateline
    return {
        "quotes": [
            {**here("quotes.span", q.span), "kind": q.kind, "speaker": words("quotes.speaker", q.speaker),
             "speaker_name": words("quotes.name", *q.name or [])}
            for q in gold.quotes
        ],
        "times": [{**here("times.span", t.span), "value": t.value} for t in gold.times],
        "quantities": [{**here("quantities.span", n.span), "best": n.best, "kind": n.kind} for n in gold.quantities],
        "places": [here("places.span", p.span) for p in gold.places],
        "documents": [{"place": words("dateline.place", line.place), "country": None,
                       "agency": words("dateline.agency", line.agency)}] if line else [],
    }  # fmt: skip


# ---- when a mark is right --------------------------------------------------------------------------------------------


def same_quote(gold: Row, found: Row) -> bool:
    """Spans are equal but for a final comma or full stop."""
    return _closed(gold) == _closed(found)


def same_quote_and_speaker(gold: Row, found: Row) -> bool:
    """Spans are equal, and the speaker's mention is, or one contains the other in whole words, or the name is right.

    Examples
    --------
    >>> quote = {"start": 0, "end": 9, "text": "We go on."}
    >>> by = lambda speaker, name: {**quote, "speaker": speaker, "speaker_name": name}
    >>> same_quote_and_speaker(by("Mr Haidai", "Serhiy Haidai"), by("Haidai", "Haidai"))
    True
    >>> same_quote_and_speaker(by("the general", "Ivan Petrov"), by("he", "Pavlo Kyrylenko"))
    False
    """
    if not same_quote(gold, found):
        return False
    if gold["speaker_name"] and _fold(gold["speaker_name"]) == _fold(found["speaker_name"]):
        return True
    one, other = (re.findall(r"\w+", _fold(row["speaker"])) for row in (gold, found))
    if not one or not other:
        return one == other
    return _contains(one, other) or _contains(other, one)


def same_time(gold: Row, found: Row) -> bool:
    """Spans overlap and the value is equal."""
    return _overlap(gold, found) and bool(gold["value"] == found["value"])


def same_quantity(gold: Row, found: Row) -> bool:
    """Spans overlap, and value and kind are equal."""
    return _overlap(gold, found) and (gold["best"], gold["kind"]) == (found["best"], found["kind"])


def same_place(gold: Row, found: Row) -> bool:
    """Both names are equal, whatever the case, without a leading "the"."""
    return _place_name(gold) == _place_name(found)


def same_dateline(gold: Row, found: Row) -> bool:
    """Place (with its country or without) and agency are equal, whatever the case."""
    place = _fold(found["place"])
    return _fold(gold["place"]) in {place, f"{place}, {_fold(found['country'])}"} and (
        _fold(gold["agency"]) == _fold(found["agency"])
    )


def _contains(words: list[str], part: list[str]) -> bool:
    return any(words[i : i + len(part)] == part for i in range(len(words) - len(part) + 1))


def _closed(row: Row) -> tuple[int, int]:
    return row["start"], row["end"] - row["text"].endswith((",", "."))


def _overlap(one: Row, other: Row) -> bool:
    return bool(one["start"] < other["end"] and other["start"] < one["end"])


def _fold(words: str | None) -> str:
    return " ".join((words or "").split()).casefold()


def _place_name(row: Row) -> str:
    return _fold(row["text"]).removeprefix("the ")


def _compared(table: str, rows: list[Row]) -> list[Row]:
    """Leave out what the gold does not mark: indirect speech, numbers without a value, a name once more."""
    if table == "quotes":
        return [r for r in rows if r["kind"] != "indirect"]
    if table == "quantities":
        return [r for r in rows if r["best"] is not None]
    if table == "places":
        return list({_place_name(r): r for r in rows}.values())
    return [r for r in rows if r["place"] or r["agency"]] if table == "documents" else rows


# What is scored: its name, the table it is read from, and when two rows are the same.
LAYERS: dict[str, tuple[str, Callable[[Row, Row], bool]]] = {
    "quotes": ("quotes", same_quote),
    "quotes_with_speaker": ("quotes", same_quote_and_speaker),
    "times": ("times", same_time),
    "quantities": ("quantities", same_quantity),
    "places": ("places", same_place),
    "dateline": ("documents", same_dateline),
}
TABLES = ("quotes", "times", "quantities", "places")
# Why a report of the gold is not scored, in words.
LEFT_OUT = {"missing": "not in the corpus", "other_text": "with another text than the one that was marked"}


# ---- scores ----------------------------------------------------------------------------------------------------------


def count_right(gold: list[Row], found: list[Row], same: Callable[[Row, Row], bool]) -> int:
    """Pair as many rows as can be, each with one at most (Hopcroft & Karp 1973), so that order does not matter.

    Examples
    --------
    >>> count_right([{"text": "Kyiv"}], [{"text": "Kyiv"}, {"text": "KYIV"}], same_place)
    1
    """
    if not gold or not found:
        return 0
    pairs = csr_array([[same(g, f) for f in found] for g in gold])
    return int((maximum_bipartite_matching(pairs, perm_type="column") >= 0).sum())


def score(counts: list[tuple[int, int, int]], draws: int, seed: int) -> dict[str, float | int | None]:
    """Precision, recall and F1 over all reports, with a 95 % interval by drawing reports anew (Efron 1979).

    Parameters
    ----------
    counts
        Right, found and gold: one triple a report.
    draws
        How many samples of as many reports, with replacement.
    seed
        Of the draws.

    Returns
    -------
    gold, found, right; precision, recall, f1, low, high, None where there is nothing to divide by.

    Examples
    --------
    >>> score([(3, 4, 4), (1, 1, 2)], draws=100, seed=0)
    {'gold': 6, 'found': 5, 'right': 4, 'precision': 0.8, 'recall': 0.6667, 'f1': 0.7273, 'low': 0.6667, 'high': 0.75}
    """
    each = np.array(counts, dtype=np.int64).reshape(-1, 3)
    right, found, gold = (int(n) for n in each.sum(axis=0))
    low = high = None
    if len(each):
        drawn = each[np.random.default_rng(seed).integers(len(each), size=(draws, len(each)))].sum(axis=1)
        drawn = drawn[drawn[:, 1] + drawn[:, 2] > 0]
        if len(drawn):
            f1 = 2 * drawn[:, 0] / (drawn[:, 1] + drawn[:, 2])
            low, high = (round(float(q), 4) for q in np.quantile(f1, [0.025, 0.975]))
    return {
        "gold": gold, "found": found, "right": right,
        "precision": _share(right, found), "recall": _share(right, gold), "f1": _share(2 * right, found + gold),
        "low": low, "high": high,
    }  # fmt: skip


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def evaluate(
    gold: dict[str, list[GoldReport]], raw: pl.DataFrame, tables: dict[str, pl.DataFrame], params: Evaluate
) -> dict[str, Any]:
    """Score the tables against each set of the gold.

    A report that the corpus lacks, or whose text is not the one that was marked, is left out and counted.

    Parameters
    ----------
    gold
        What `read_gold` gives.
    raw
        doc_id and text as found; other reports do not matter.
    tables
        documents, quotes, times, quantities and places.
    params
        Number and seed of the draws.

    Returns
    -------
    For each set: reports scored, missing and with another text, and the scores of each layer.
    """
    texts = dict(raw.select("doc_id", "text").iter_rows())
    documents = {row["doc_id"]: row for row in tables["documents"].iter_rows(named=True)}
    rows: dict[str, dict[str, list[Row]]] = {name: {} for name in TABLES}
    for name in TABLES:
        for row in tables[name].iter_rows(named=True):
            rows[name].setdefault(row["doc_id"], []).append(row)
    found: dict[str, Any] = {}
    for name, reports in gold.items():
        here = [g for g in reports if g.doc_id in texts and g.doc_id in documents]
        used = [g for g in here if text_sha256(texts[g.doc_id]) == g.sha256]
        counts: dict[str, list[tuple[int, int, int]]] = {layer: [] for layer in LAYERS}
        for report in used:
            document = documents[report.doc_id]
            wanted = gold_rows(report, texts[report.doc_id], document["text"])
            marked = {"documents": [document], **{t: rows[t].get(report.doc_id, []) for t in TABLES}}
            for layer, (table, same) in LAYERS.items():
                ours, theirs = _compared(table, marked[table]), _compared(table, wanted[table])
                counts[layer].append((count_right(theirs, ours, same), len(ours), len(theirs)))
        scores = {layer: score(counts[layer], params.draws, params.seed) for layer in LAYERS}
        left_out = len(reports) - len(here), len(here) - len(used)
        found[name] = {"reports": len(used), **dict(zip(LEFT_OUT, left_out, strict=True)), **scores}
    return found


def settings(folder: Path, params: Evaluate) -> tuple[str, ...]:
    """Say what made the scores (as Post 2018 asks of every published score): parts of a line of settings."""
    drawn = f"95 % by {params.draws} draws of reports, seed {params.seed}"
    return "micro F1, one to one", drawn, f"gold {fingerprint(folder)[:12]}"
