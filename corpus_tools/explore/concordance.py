"""Every place where a pattern stands, with what is around it: key words in context (Luhn 1960)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar, Literal, get_args

import numpy as np
import numpy.typing as npt
import polars as pl

from corpus_tools.display.html import WIDTH, columns, link, one_line, padded, plural, printable, safe, tag
from corpus_tools.display.result import LINES, SHOWN, Result, day, more, more_lines, page, table
from corpus_tools.explore.pattern import Pattern, one_of
from corpus_tools.explore.word_index import CorpusWords, Ints, Numbers, TokenPartition, Where, whole

Sort = Literal["text", "left", "right", "match", "date", "outlet"]
SCHEMA = {
    "doc_id": pl.String(), "outlet": pl.String(), "published": pl.Date(), "sentence": pl.Int32(),
    "start": pl.Int32(), "end": pl.Int32(), "left": pl.String(), "match": pl.String(), "right": pl.String(),
    "voice": pl.String(), "speaker_name": pl.String(),
}  # fmt: skip
# So many words on each side decide the order; nobody sees the sixth.
_SORTED_BY = 5
_WORD = re.compile(r"\w+")
_RAGGED = r"[^\S ]\s*| \s+"  # white space that is not one blank: half the time of replacing each blank by one


@dataclass(frozen=True, repr=False)
class Concordance(Result):
    """Lines of key words in context; `frame` has them all.

    Attributes
    ----------
    hits, reports, clusters
        How many hits there are, in how many reports, and in how many independent ones.
    tokens
        How many tokens were looked at.
    """

    hits: int
    reports: int
    clusters: int
    tokens: int

    columns: ClassVar[tuple[str, ...]] = ("left", "match", "right", "outlet", "published", "speaker_name")

    def _repr_html_(self) -> str:
        return page(self.title, self.notes, lines_table(self.frame.head(SHOWN)), more(len(self)))

    def __repr__(self) -> str:
        # Of a match of many words, the end may be cut off, but not what is before it.
        widest = min(max(map(columns, self.frame["match"].head(LINES)), default=0), WIDTH // 2)
        room = (WIDTH - widest) // 2 - 1
        lines = [
            one_line(f"{padded(_tail(left, room), room, right=True)}{match}{right}")
            for left, match, right in self.frame.select("left", "match", "right").head(LINES).iter_rows()
        ]
        return "\n".join([*self._head(), *lines, *more_lines(len(self))])


def _tail(left: str, room: int) -> str:
    found = printable(left[-room:])
    while columns(found) > room:
        found = found[1:]
    return found


def lines_table(lines: pl.DataFrame, label: str = "Lines of a concordance") -> str:
    """Write lines as a table whose left context is sorted from the hit outwards.

    Parameters
    ----------
    lines
        SCHEMA; with a column `url` besides, the day leads to the report.
    label
        What the table is, for those who hear it.
    """
    url = pl.col("url") if "url" in lines.columns else pl.lit(None, pl.String)
    shown = lines.select(
        "left", "match", "right", "outlet", pl.struct("published", url=url).alias("day"), "speaker_name"
    )
    cells = {
        "left": lambda words: (tag("span", safe(words)), " ".join(reversed(_WORD.findall(words.lower())))),
        "match": lambda words: (safe(words), words.lower()),
        "right": lambda words: (tag("span", safe(words)), " ".join(_WORD.findall(words.lower()))),
        "day": lambda at: (link(day(at["published"]) or "undated", at["url"]), str(at["published"] or "")),
    }
    return table(shown.columns, shown.rows(), cells, label)


def concordance(  # noqa: PLR0913 - what to look for, where, and how to show it
    words: CorpusWords,
    pattern: Pattern,
    where: Where,
    *,
    sort: Sort = "text",
    limit: int | None = None,
    sample: int | None = None,
    seed: int = 0,
    width: int = 60,
) -> Concordance:
    """Find a pattern, and give each place with what is around it.

    Parameters
    ----------
    sort
        "text": as in the corpus; "left" or "right": by the five words before or after the hit, from the hit outwards;
        "match", "date", "outlet": by these.
    limit
        Keep so many lines, the first ones.
    sample
        Keep so many lines, drawn at random by the seed, each with the same chance.
    width
        So many characters on each side.

    Raises
    ------
    InputError
        If there is no such order, or a number is none that can be.
    """
    one_of("sort", sort, get_args(Sort))
    for name, given in (("limit", limit), ("sample", sample), ("seed", seed), ("width", width)):
        whole(name, given)
    draw, highest = np.random.default_rng(seed), 1.0
    kept: list[pl.DataFrame] = []
    counts = np.zeros(4, dtype=np.int64)
    for part in words.parts():
        among = part.keeps(where)
        at, size = part.find(pattern, among)
        counts += _counted(part, at, among)
        if sample is not None:
            # Each hit has a number of its own, and the sample is those of the lowest: one look at each partition.
            lot = draw.random(len(at))
            mine = _lowest(lot, sample)
            mine = mine[lot[mine] < highest]
            lines = _lines(part, at[mine], size[mine], width, sort).with_columns(_lot=lot[mine])
            kept = [_drawn([*kept, lines], sample)]
            if kept[0].height == sample > 0:
                highest = float(kept[0]["_lot"].to_numpy().max())
            continue
        if limit is not None and sort == "text":
            room = max(limit - sum(frame.height for frame in kept), 0)
            at, size = at[:room], size[:room]
        elif limit is not None and len(at) > limit:
            first = _foremost(part, at, size, sort, limit)
            at, size = at[first], size[first]
        lines = _lines(part, at, size, width, sort)
        kept = [_first([*kept, lines], sort, limit)] if limit is not None and sort != "text" else [*kept, lines]
    lines = _first(kept, sort, limit).select(list(SCHEMA))
    hits, reports, clusters, tokens = (int(n) for n in counts)
    notes = [
        f"{plural(hits, 'hit')} in {plural(reports, 'report')}, {clusters:,} of them independent; {tokens:,} tokens"
    ]
    if lines.height < hits:
        drawn = hits if sample is None else min(sample, hits)
        how = ["the first"] * (lines.height < drawn) + [f"drawn by seed {seed}"] * (drawn < hits)
        notes.append(f"{plural(lines.height, 'line')} of them, {' of those '.join(how)}")
    return Concordance(lines, f"{pattern.typed} ({where})", tuple(notes), hits, reports, clusters, tokens)


def _lowest(lot: npt.NDArray[np.float64], sample: int) -> npt.NDArray[np.intp]:
    """Give where the lowest numbers stand, in their order there."""
    return np.sort(np.argsort(lot, kind="stable")[:sample])


def _drawn(frames: list[pl.DataFrame], sample: int) -> pl.DataFrame:
    found = pl.concat(frames)
    return found[_lowest(found["_lot"].to_numpy(), sample)]


def _counted(part: TokenPartition, at: Ints, among: npt.NDArray[np.bool_] | None) -> npt.NDArray[np.int64]:
    """Count hits, their reports, those of them that are the first of their cluster, and tokens."""
    reports = np.unique(part.doc[at])
    return np.array([len(at), len(reports), part.first[reports].sum(), len(part) if among is None else among.sum()])


def _foremost(part: TokenPartition, at: Ints, size: Ints, sort: Sort, limit: int) -> Ints | slice:
    """Choose the hits that may be among the first lines, before the text of each is cut."""
    doc, about = part.doc[at], part.documents
    published = about["published"].to_physical().fill_null(np.iinfo(np.int32).min).to_numpy()[doc]
    outlet = about["outlet"].rank("dense").fill_null(0).to_numpy()[doc]
    near = [codes for codes, _ in _around(part, at, size, sort)]
    keys = {"left": near, "right": near, "date": [published], "outlet": [outlet, published]}.get(sort)
    if keys is None:  # the words found are known when they are cut
        return slice(None)
    by_id = about["doc_id"].rank("ordinal").to_numpy()[doc]
    found: Ints = np.lexsort([part.end[at + size - 1], part.start[at], by_id, *reversed(keys)])[:limit].astype(np.int32)
    return found


def _lines(part: TokenPartition, at: Ints, size: Ints, width: int, sort: Sort) -> pl.DataFrame:
    doc, last = part.doc[at], at + size - 1
    start, end = part.start[at], part.end[last]
    body = part.documents["body_start"].fill_null(0).to_numpy()[doc]
    left, match, right = [], [], []
    for row, begin, a, b in zip(doc.tolist(), body.tolist(), start.tolist(), end.tolist(), strict=True):
        text = part.texts[row]
        left.append(text[max(a - width, begin) : a])
        match.append(text[a:b])
        right.append(text[b : b + width])
    voice, speaker = _said(part, at)
    frame = part.documents.select("doc_id", "outlet", "published")[doc].with_columns(
        pl.Series("sentence", part.sentence[at], dtype=pl.Int32),
        pl.Series("start", start, dtype=pl.Int32),
        pl.Series("end", end, dtype=pl.Int32),
        *(
            pl.Series(name, values, dtype=pl.String).str.replace_all(_RAGGED, " ")
            for name, values in (("left", left), ("match", match), ("right", right))
        ),
        voice=voice,
        speaker_name=speaker,
    )
    around = enumerate(_around(part, at, size, sort))
    return frame.with_columns(words.fill_null("").alias(f"_{step}") for step, (_, words) in around)


def _said(part: TokenPartition, at: Ints) -> tuple[pl.Series, pl.Series]:
    """Give voice and speaker of each hit; none before the step annotate, and nothing is read where there is no hit."""
    if not part.has_quotes or not len(at):
        unknown = pl.Series([None] * len(at), dtype=pl.String)
        return unknown, unknown
    voice = pl.Series(np.where(part.quoted[at], "quoted", "narrator"), dtype=pl.String)
    return voice, _named(part.speakers, part.speaker[at])


def _named(names: pl.Series, codes: Numbers) -> pl.Series:
    return names.gather(pl.Series(codes).cast(pl.UInt32, strict=False))  # none for -1


def _around(part: TokenPartition, at: Ints, size: Ints, sort: Sort) -> list[tuple[Numbers, pl.Series]]:
    """Give the words that decide the order, as numbers and as words; the nearest first, -1 and none beyond the report.

    Punctuation does not count.
    """
    if sort not in {"left", "right"}:
        return []
    column = part.column()
    place, before = part.words_alone
    last = at + size - 1
    found = []
    for step in range(_SORTED_BY):
        number = before[at] - 1 - step if sort == "left" else before[last] + part.is_word[last] + step
        inside = (number >= 0) & (number < len(place))
        token = place[np.where(inside, number, 0)] if len(place) else np.zeros(len(at), dtype=np.int64)
        inside &= part.doc[token] == part.doc[at]
        codes = np.where(inside, column.codes[token], -1)
        found.append((codes, _named(column.vocabulary, codes)))
    return found


def _first(frames: list[pl.DataFrame], sort: Sort, limit: int | None) -> pl.DataFrame:
    found = pl.concat(frames)
    if sort != "text":
        near: list[str | pl.Expr] = [f"_{step}" for step in range(_SORTED_BY)]
        by: dict[str, list[str | pl.Expr]] = {
            "match": [pl.col("match").str.to_lowercase()],
            "date": ["published"],
            "outlet": ["outlet", "published"],
        }
        found = found.sort(*by.get(sort, near), "doc_id", "start", "end", maintain_order=True)
    return found if limit is None else found.head(limit)
