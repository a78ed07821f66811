"""Concordances: every hit of a pattern with its context (key words in context, Luhn 1960)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar, Literal, get_args

import numpy as np
import numpy.typing as npt
import polars as pl

from corpus_tools.display.result import LINES, SHOWN, Cell, Result, ShownTable, more_lines, shown_table
from corpus_tools.explore.checks import check_choice, check_integer
from corpus_tools.explore.pattern import Pattern
from corpus_tools.explore.word_index import Bools, CorpusWords, Ints, Numbers, Selection, TokenPartition
from corpus_tools.text.plain_text import WIDTH, columns, day, one_line, padded, plural, printable

Sort = Literal["text", "left", "right", "match", "date", "outlet"]
SCHEMA = {
    "doc_id": pl.String(), "outlet": pl.String(), "published": pl.Date(), "sentence": pl.Int32(),
    "start": pl.Int32(), "end": pl.Int32(), "left": pl.String(), "match": pl.String(), "right": pl.String(),
    "voice": pl.String(), "speaker_name": pl.String(),
}  # fmt: skip
_SORTED_BY = 5  # words on the left or right that decide the order
_WORD = re.compile(r"\w+")
_RAGGED = r"[^\S ]\s*| \s+"  # white space that is not a single blank: half the time of replacing all white space


@dataclass(frozen=True, repr=False)
class Concordance(Result):
    """Lines of key words in context; `frame` has them all.

    Attributes
    ----------
    hits, reports, clusters
        The number of hits, of reports with a hit, and of independent ones among these.
    tokens
        The number of tokens searched.
    """

    hits: int
    reports: int
    clusters: int
    tokens: int

    columns: ClassVar[tuple[str, ...]] = ("left", "match", "right", "outlet", "published", "speaker_name")

    def _table(self) -> ShownTable:
        return lines_table(self.frame.head(SHOWN), len(self))

    def _lines(self) -> list[str]:
        # The end of a match of many words may be cut off, but not what is before it.
        widest = min(max(map(columns, self.frame["match"].head(LINES)), default=0), WIDTH // 2)
        room = (WIDTH - widest) // 2 - 1
        lines = self.frame.select("left", "match", "right").head(LINES).iter_rows()
        shown = [one_line(f"{padded(_tail(left, room), room, right=True)}{m}{right}") for left, m, right in lines]
        return [*shown, *more_lines(len(self))]


def _tail(left: str, room: int) -> str:
    tail = printable(left[-room:])
    while columns(tail) > room:
        tail = tail[1:]
    return tail


def lines_table(lines: pl.DataFrame, total: int, label: str = "Lines of a concordance") -> ShownTable:
    """Return lines as a table whose left context is sorted from the hit outwards.

    Parameters
    ----------
    lines
        Lines with the columns of SCHEMA; with a column `url` besides, the day links to the report.
    total
        How many lines there are, if not all are shown.
    label
        What the table is, for screen readers.
    """
    url = lines["url"] if "url" in lines.columns else [None] * lines.height
    shown = lines.select("left", "match", "right", "outlet", "published", "speaker_name").iter_rows()
    rows = [
        (
            Cell(left, " ".join(reversed(_WORD.findall(left.lower())))),
            Cell(match, match.lower()),
            Cell(right, " ".join(_WORD.findall(right.lower()))),
            outlet,
            Cell(day(published) or "undated", str(published or ""), link),
            speaker,
        )
        for (left, match, right, outlet, published, speaker), link in zip(shown, url, strict=True)
    ]
    names = ("left", "match", "right", "outlet", "day", "speaker_name")
    return shown_table(names, rows, ("left", "match", "right", "day"), total, label=label)


def concordance(  # noqa: PLR0913 - what to search for, in which words, and which lines to keep
    words: CorpusWords,
    pattern: Pattern,
    selection: Selection,
    *,
    sort: Sort = "text",
    limit: int | None = None,
    sample: int | None = None,
    seed: int = 0,
    width: int = 60,
) -> Concordance:
    """Find a pattern; see `ExploreMethods.concordance`."""
    check_choice("sort", sort, get_args(Sort))
    for name, value in (("limit", limit), ("sample", sample), ("seed", seed), ("width", width)):
        check_integer(name, value)
    generator, highest = np.random.default_rng(seed), 1.0
    kept: list[pl.DataFrame] = []
    counts = np.zeros(4, dtype=np.int64)
    for partition, selected, hits, lengths in words.search(pattern, selection):
        counts += _counts(partition, hits, selected)
        if sample is not None:
            # Each hit draws a number, and those with the lowest are the sample: one pass over the corpus.
            lots = generator.random(len(hits))
            drawn = _lowest(lots, sample)
            drawn = drawn[lots[drawn] < highest]
            lines = _lines(partition, hits[drawn], lengths[drawn], width, sort).with_columns(_lot=lots[drawn])
            kept = [_sampled([*kept, lines], sample)]
            if kept[0].height == sample > 0:
                highest = float(kept[0]["_lot"].to_numpy().max())
            continue
        first: Ints | slice = slice(None)
        if limit is not None and sort == "text":
            first = slice(max(limit - sum(frame.height for frame in kept), 0))
        elif limit is not None and len(hits) > limit:
            first = _first_hits(partition, hits, lengths, sort, limit)
        lines = _lines(partition, hits[first], lengths[first], width, sort)
        kept = [_first([*kept, lines], sort, limit)] if limit is not None and sort != "text" else [*kept, lines]
    lines = _first(kept, sort, limit).select(list(SCHEMA))
    n_hits, reports, clusters, tokens = (int(n) for n in counts)
    notes = [
        f"{plural(n_hits, 'hit')} in {plural(reports, 'report')}, {clusters:,} of them independent; {tokens:,} tokens"
    ]
    if lines.height < n_hits:
        size = n_hits if sample is None else min(sample, n_hits)
        how = ["the first"] * (lines.height < size) + [f"drawn by seed {seed}"] * (size < n_hits)
        notes.append(f"{plural(lines.height, 'line')} of them, {' of those '.join(how)}")
    return Concordance(lines, f"{pattern.typed} ({selection})", tuple(notes), n_hits, reports, clusters, tokens)


def _lowest(lots: npt.NDArray[np.float64], sample: int) -> npt.NDArray[np.intp]:
    """Return the positions of the lowest numbers, in ascending order."""
    return np.sort(np.argsort(lots, kind="stable")[:sample])


def _sampled(frames: list[pl.DataFrame], sample: int) -> pl.DataFrame:
    lines = pl.concat(frames)
    return lines[_lowest(lines["_lot"].to_numpy(), sample)]


def _counts(partition: TokenPartition, hits: Ints, selected: Bools | None) -> npt.NDArray[np.int64]:
    """Count hits, their reports, the independent ones among these, and the tokens searched."""
    reports = np.unique(partition.doc[hits])
    tokens = len(partition) if selected is None else selected.sum()
    return np.array([len(hits), len(reports), partition.is_first_report[reports].sum(), tokens])


def _first_hits(partition: TokenPartition, hits: Ints, lengths: Ints, sort: Sort, limit: int) -> Ints | slice:
    """Choose the hits that may be among the first lines, before any text is cut."""
    doc, documents = partition.doc[hits], partition.documents
    published = documents["published"].to_physical().fill_null(np.iinfo(np.int32).min).to_numpy()[doc]
    outlet = documents["outlet"].rank("dense").fill_null(0).to_numpy()[doc]
    context = [codes for codes, _ in _context(partition, hits, lengths, sort)]
    keys = {"left": context, "right": context, "date": [published], "outlet": [outlet, published]}.get(sort)
    if keys is None:  # "match": its words are known once the lines are cut
        return slice(None)
    by_id = documents["doc_id"].rank("ordinal").to_numpy()[doc]
    order = np.lexsort([partition.end[hits + lengths - 1], partition.start[hits], by_id, *reversed(keys)])
    first: Ints = order[:limit].astype(np.int32)
    return first


def _lines(partition: TokenPartition, hits: Ints, lengths: Ints, width: int, sort: Sort) -> pl.DataFrame:
    doc = partition.doc[hits]
    start, end = partition.start[hits], partition.end[hits + lengths - 1]
    body_start = partition.documents["body_start"].fill_null(0).to_numpy()[doc]
    left, match, right = [], [], []
    for row, body, a, b in zip(doc.tolist(), body_start.tolist(), start.tolist(), end.tolist(), strict=True):
        text = partition.texts[row]
        left.append(text[max(a - width, body) : a])
        match.append(text[a:b])
        right.append(text[b : b + width])
    voice, speaker = _voices(partition, hits)
    frame = partition.documents.select("doc_id", "outlet", "published")[doc].with_columns(
        pl.Series("sentence", partition.sentence[hits], dtype=pl.Int32),
        pl.Series("start", start, dtype=pl.Int32),
        pl.Series("end", end, dtype=pl.Int32),
        *(
            pl.Series(name, values, dtype=pl.String).str.replace_all(_RAGGED, " ")
            for name, values in (("left", left), ("match", match), ("right", right))
        ),
        voice=voice,
        speaker_name=speaker,
    )
    context = enumerate(_context(partition, hits, lengths, sort))
    return frame.with_columns(words.fill_null("").alias(f"_{step}") for step, (_, words) in context)


def _voices(partition: TokenPartition, hits: Ints) -> tuple[pl.Series, pl.Series]:
    """Return voice and speaker of each hit: null before the step annotate. Without hits, no quotation is read."""
    if not partition.has_quotes or not len(hits):
        unknown = pl.Series([None] * len(hits), dtype=pl.String)
        return unknown, unknown
    voice = pl.Series(np.where(partition.is_quoted[hits], "quoted", "narrator"), dtype=pl.String)
    return voice, _names(partition.speakers, partition.speaker[hits])


def _names(names: pl.Series, codes: Numbers) -> pl.Series:
    return names.gather(pl.Series(codes).cast(pl.UInt32, strict=False))  # null for -1


def _context(partition: TokenPartition, hits: Ints, lengths: Ints, sort: Sort) -> list[tuple[Numbers, pl.Series]]:
    """Return the words that decide the order, as codes and as text, from the hit outwards; punctuation is left out.

    Beyond the report, the code is -1 and the text null.
    """
    if sort not in {"left", "right"}:
        return []
    column = partition.column()
    tokens, before = partition.words_only
    last = hits + lengths - 1
    context = []
    for step in range(_SORTED_BY):
        number = before[hits] - 1 - step if sort == "left" else before[last] + partition.is_word[last] + step
        inside = (number >= 0) & (number < len(tokens))
        token = tokens[np.where(inside, number, 0)] if len(tokens) else np.zeros(len(hits), dtype=np.int64)
        inside &= partition.doc[token] == partition.doc[hits]
        codes = np.where(inside, column.codes[token], -1)
        context.append((codes, _names(column.vocabulary, codes)))
    return context


def _first(frames: list[pl.DataFrame], sort: Sort, limit: int | None) -> pl.DataFrame:
    lines = pl.concat(frames)
    if sort != "text":
        context: list[str | pl.Expr] = [f"_{step}" for step in range(_SORTED_BY)]
        keys: dict[str, list[str | pl.Expr]] = {
            "match": [pl.col("match").str.to_lowercase()],
            "date": ["published"],
            "outlet": ["outlet", "published"],
        }
        lines = lines.sort(*keys.get(sort, context), "doc_id", "start", "end", maintain_order=True)
    return lines if limit is None else lines.head(limit)
