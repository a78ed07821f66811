"""The tokens of a corpus as integers, one partition at a time, for every search and count."""

from __future__ import annotations

import re
from calendar import monthrange
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from difflib import get_close_matches
from functools import cached_property
from typing import Any, Literal, TypedDict, get_args

import numpy as np
import numpy.typing as npt
import polars as pl

from corpus_tools.errors import InputError, known
from corpus_tools.explore.checks import check_choice
from corpus_tools.explore.pattern import Pattern, Unit, name_expression
from corpus_tools.runtime.store import Store
from corpus_tools.text.person_names import count_people, full_names, without_initials

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int32]
Numbers = npt.NDArray[Any]  # integers of any size
Several = str | Sequence[str]

# Tokens kept in memory besides the partition being read. News Articles (2.4 million) fit, so a second search is
# immediate, and a corpus a hundred times as large takes no more memory. A token takes some 25 bytes, and 8 more once
# lines are sorted by their context.
_KEPT_TOKENS = 3_000_000
_LISTED_NAMES = 20  # of a longer list, an error message names only those that are near
_TABLES = ("documents", "tokens", "quotes", "names", "places")
_DOCUMENT = [
    "doc_id", "outlet", "published", "title", "url", "place", "cluster_id", "is_first_report", "body_start", "text",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Selection:
    """The words to search or count: those that all given filters select.

    Attributes
    ----------
    outlet
        One outlet or several.
    since, until
        First and last day of publication, both included: `2017-01-20`, or a week (`2017-W03`), month (`2017-01`) or
        year, which stands for its first or last day.
    place
        Reports whose dateline or text names this place, as in the table places.
    speaker
        Words quoted from this person (as in `speaker_name` of the table quotes; `*` is any number of letters). A
        surname selects the full name that most reports give it.
    voice
        "quoted": words between quotation marks; "narrator": all others. An indirect quotation is the reporter's
        wording, but it counts as its speaker's if a speaker is given.
    """

    outlet: Several | None = None
    since: date | str | int | None = None
    until: date | str | int | None = None
    place: str | None = None
    speaker: str | None = None
    voice: Literal["narrator", "quoted"] | None = None

    def __str__(self) -> str:
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        return ", ".join(f"{name} {_in_words(value)}" for name, value in values.items() if value is not None) or "all"


def _in_words(value: Any) -> str:
    return str(value) if isinstance(value, str | date | int) else " or ".join(value)


class Filters(TypedDict, total=False):
    """The fields of a Selection as keyword arguments."""

    outlet: Several | None
    since: date | str | int | None
    until: date | str | int | None
    place: str | None
    speaker: str | None
    voice: Literal["narrator", "quoted"] | None


class WordColumn:
    """One column of the tokens as codes.

    Attributes
    ----------
    codes
        Array (tokens,): the row of each token in the vocabulary.
    vocabulary
        The distinct words, sorted; with straight apostrophes, and without capitals unless they count.
    counts
        Array (words,): how many tokens each word has.
    """

    def __init__(self, words: pl.Series, *, case: bool) -> None:
        distinct = words.unique()
        straight = distinct.str.replace_all("’", "'", literal=True)
        straight = straight if case else straight.str.to_lowercase()
        self.vocabulary = straight.unique().sort()
        codes = straight.cast(pl.Enum(self.vocabulary)).to_physical().cast(pl.Int32)
        self.codes: Ints = codes.gather(words.cast(pl.Enum(distinct)).to_physical()).to_numpy()
        self.counts = np.bincount(self.codes, minlength=len(self.vocabulary))


class TokenPartition:
    """One partition of a corpus; each column is read when it is first used.

    Attributes
    ----------
    documents
        One row per report.
    doc
        Array (tokens,): the row of each token's report.
    sentence, start, end
        Arrays (tokens,), as in the table tokens.
    """

    def __init__(self, store: Store, number: int, full: Callable[[], pl.DataFrame]) -> None:
        self._store, self._number, self._full = store, number, full
        self._columns: dict[tuple[str, bool], WordColumn] = {}
        self.documents = store.read("documents", number, _DOCUMENT)
        tokens = store.read("tokens", number, ["doc_id", "sentence", "start", "end"])
        self._rows = self.documents.select("doc_id").with_row_index("doc").cast({"doc": pl.Int32})
        runs = tokens["doc_id"].rle().struct.unnest()
        rows = self._with_documents("tokens", runs.rename({"value": "doc_id"}))["doc"]
        self.doc: Ints = np.repeat(rows.to_numpy(), runs["len"].to_numpy())
        self.sentence, self.start, self.end = (tokens[name].to_numpy() for name in ("sentence", "start", "end"))

    def __len__(self) -> int:
        return len(self.doc)

    def _with_documents(self, table: str, rows: pl.DataFrame) -> pl.DataFrame:
        """Add the row `doc` of their report to the rows of a table.

        Raises
        ------
        InputError
            If a report is not in this partition, because the table is older than the documents.
        """
        joined = rows.join(self._rows, on="doc_id", how="left", maintain_order="left")
        if joined["doc"].null_count():
            step = self._store.table(table).step
            raise InputError(
                str(self._store.file(table, self._number)),
                f"report {joined.filter(pl.col('doc').is_null())['doc_id'][0]!r} is none of this partition's documents",
                f"the table is older than the documents; run its step again: `python -m corpus_tools {step}`",
            )
        return joined

    def column(self, unit: Unit = "word", *, case: bool = False) -> WordColumn:
        """Return the words, or their lemmas, as codes.

        Raises
        ------
        InputError
            If there is no such unit.
        """
        check_choice("unit", unit, get_args(Unit))
        key = ("lemma" if unit == "lemma" else "token" if case else "norm", case)
        if key not in self._columns:
            self._columns[key] = WordColumn(self._store.read("tokens", self._number, [key[0]])[key[0]], case=case)
        return self._columns[key]

    @cached_property
    def is_word(self) -> Bools:
        """Whether each token is a word: whether it has a letter."""
        column = self.column()
        return column.vocabulary.str.contains(r"\p{L}").to_numpy()[column.codes]

    @cached_property
    def words_only(self) -> tuple[Ints, Ints]:
        """The token of each word, punctuation left out, and the number of words before each token."""
        before = np.cumsum(self.is_word, dtype=np.int32) - self.is_word
        return np.flatnonzero(self.is_word).astype(np.int32), before.astype(np.int32, copy=False)

    @cached_property
    def is_first_report(self) -> Bools:
        """Whether each report is the first of its cluster of near-duplicates."""
        return self.documents["is_first_report"].to_numpy()

    @cached_property
    def texts(self) -> list[str]:
        """The text of each report."""
        return self.documents["text"].to_list()

    @cached_property
    def _offsets(self) -> npt.NDArray[np.int64]:
        # The first character of each report, if all reports were one text.
        lengths = self.documents["text"].str.len_chars().cast(pl.Int64)
        return (lengths.cum_sum() - lengths).to_numpy()

    def tokens_of(self, spans: pl.DataFrame) -> tuple[Ints, Ints]:
        """Return the first token of each span of text, and the first token after it.

        Parameters
        ----------
        spans
            doc, start, end.
        """
        report = self._offsets[spans["doc"].to_numpy()]
        tokens = self._offsets[self.doc] + self.start
        return tuple(np.searchsorted(tokens, report + spans[name].to_numpy()) for name in ("start", "end"))

    @cached_property
    def _quotes(self) -> pl.DataFrame:
        columns = ["doc_id", "start", "end", "kind", "speaker_name"]
        quotes = self._with_documents("quotes", self._store.read("quotes", self._number, columns))
        return with_full_names(quotes.rename({"speaker_name": "name"}), self._full())

    @cached_property
    def has_quotes(self) -> bool:
        """Whether the table quotes is made; before the step annotate it is not."""
        return self._store.is_made("quotes")

    @cached_property
    def is_quoted(self) -> Bools:
        """Whether each token is between quotation marks."""
        first, after = self.tokens_of(self._quotes.filter(pl.col("kind") != "indirect"))
        depth = np.bincount(first, minlength=len(self) + 1) - np.bincount(after, minlength=len(self) + 1)
        return np.cumsum(depth)[:-1] > 0

    @cached_property
    def speakers(self) -> pl.Series:
        """The names of those quoted in this partition, sorted."""
        return self._quotes["name"].drop_nulls().unique().sort()

    @cached_property
    def speaker(self) -> Ints:
        """The speaker of each token as a row of `speakers`, -1 for none; of nested quotations, the inner one's."""
        rows = self._quotes.filter(pl.col("name").is_not_null())
        rows = rows.sort(pl.col("end") - pl.col("start"), descending=True, maintain_order=True)
        speakers = rows["name"].cast(pl.Enum(self.speakers)).to_physical().to_list()
        codes = np.full(len(self), -1, dtype=np.int32)
        for speaker, first, after in zip(speakers, *(ends.tolist() for ends in self.tokens_of(rows)), strict=True):
            codes[first:after] = speaker
        return codes

    @cached_property
    def _places(self) -> pl.DataFrame:
        return self._with_documents("places", self._store.read("places", self._number, ["doc_id", "name"]).unique())

    def selected(self, selection: Selection) -> Bools | None:
        """Return whether each token is selected; None stands for all."""
        mask: Bools | None = None
        reports = self._selected_reports(selection)
        if reports is not None:
            mask = reports[self.doc]
        if selection.voice:
            mask = _and(mask, self.is_quoted == (selection.voice == "quoted"))
        if selection.speaker:
            mask = _and(mask, self.spoken_by(selection.speaker))
        return mask

    def words_in(self, selected: Bools | None) -> Bools:
        """Return whether each token is a word and selected."""
        return self.is_word if selected is None else self.is_word & selected

    def spoken_by(self, speaker: str) -> Bools:
        """Return whether each token is quoted from somebody of this name, which may have wildcards."""
        has_name = self.speakers.str.contains(name_expression(speaker)).to_numpy()
        mask: Bools = np.append(has_name, False)[self.speaker]
        return mask

    def _selected_reports(self, selection: Selection) -> Bools | None:
        conditions: list[pl.Expr] = []
        if selection.outlet is not None:
            conditions.append(pl.col("outlet").is_in(_several(selection.outlet)))
        if selection.since is not None:
            conditions.append(pl.col("published") >= parse_day(selection.since))
        if selection.until is not None:
            conditions.append(pl.col("published") <= parse_day(selection.until, last=True))
        if selection.place is not None:
            name = selection.place.lower()
            named = self._places.filter(pl.col("name").str.to_lowercase() == name)["doc_id"].unique()
            conditions.append(pl.col("doc_id").is_in(named.implode()) | (pl.col("place").str.to_lowercase() == name))
        if not conditions:
            return None
        return self.documents.select(pl.all_horizontal(conditions).fill_null(value=False)).to_series().to_numpy()

    def find(self, pattern: Pattern, selected: Bools | None = None) -> tuple[Ints, Ints]:
        """Find a pattern: the first token of each hit and its length in tokens, in the order of the text.

        A hit does not go beyond its sentence. Where two sequences match the same tokens, that is one hit. Hits that
        only start at the same token are two, unless they are variants of one sequence: then the longest one is the hit.
        """
        column = self.column(pattern.unit, case=pattern.case)
        matches = [(self._sequence(column, words), len(words)) for words in pattern.matches(column.vocabulary)]
        hits = np.concatenate([hits for hits, _ in matches])
        lengths, sequence = (
            np.repeat(values, [len(hits) for hits, _ in matches])
            for values in ([length for _, length in matches], [*range(len(pattern.sequences)), *pattern.variant_of])
        )
        if selected is not None:
            inside = selected[hits] & selected[hits + lengths - 1]
            hits, lengths, sequence = hits[inside], lengths[inside], sequence[inside]
        if pattern.variants:
            order = np.lexsort((lengths, hits, sequence))
            hits, lengths, sequence = hits[order], lengths[order], sequence[order]
            longest = np.diff(hits, append=-1).astype(bool) | np.diff(sequence, append=-1).astype(bool)
            hits, lengths = hits[longest], lengths[longest]
        if len(matches) > 1:
            order = np.lexsort((lengths, hits))
            hits, lengths = hits[order], lengths[order]
            new = np.diff(hits, prepend=-1).astype(bool) | np.diff(lengths, prepend=0).astype(bool)
            hits, lengths = hits[new], lengths[new]
        return hits.astype(np.int32), lengths.astype(np.int32)

    def _sequence(self, column: WordColumn, words: list[Bools]) -> Ints:
        # Start from the rarest word of the sequence, and compare the others at the few tokens that remain.
        rarest = int(np.argmin([column.counts[matched].sum() for matched in words]))
        hits = np.flatnonzero(words[rarest][column.codes]) - rarest
        hits = hits[(hits >= 0) & (hits + len(words) <= len(self))]
        for k, matched in enumerate(words):
            if k != rarest:
                hits = hits[matched[column.codes[hits + k]]]
        last = hits + len(words) - 1
        in_sentence: Ints = hits[(self.doc[hits] == self.doc[last]) & (self.sentence[hits] == self.sentence[last])]
        return in_sentence


class CorpusWords:
    """The tokens of a corpus; of the partitions read last, as many as fit in memory are kept.

    Parameters
    ----------
    store
        The tables documents and tokens; quotes, names and places for the filters that need them.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self._partitions: OrderedDict[int, tuple[tuple[int, ...], TokenPartition]] = OrderedDict()

    def partitions(self) -> Iterator[TokenPartition]:
        """Yield the partitions in order."""
        for number in self.store.numbers("documents"):
            yield self.partition(number)

    def search(
        self, pattern: Pattern, selection: Selection
    ) -> Iterator[tuple[TokenPartition, Bools | None, Ints, Ints]]:
        """Yield each partition with its selected tokens, and the first token and the length of each hit."""
        for partition in self.partitions():
            selected = partition.selected(selection)
            yield partition, selected, *partition.find(pattern, selected)

    def partition(self, number: int) -> TokenPartition:
        """Return one partition; it is read again if one of its tables has changed."""
        changed = tuple(self._changed(name, number) for name in _TABLES)
        if self._partitions.get(number, (changed,))[0] != changed:
            for name in ("_full", "outlets", "places", "speakers"):  # these are read from all partitions
                self.__dict__.pop(name, None)
            del self._partitions[number]
        if number not in self._partitions:
            self._partitions[number] = changed, TokenPartition(self.store, number, lambda: self._full)
        self._partitions.move_to_end(number)
        kept = self._partitions.values()
        while len(self._partitions) > 1 and sum(len(partition) for _, partition in kept) > _KEPT_TOKENS:
            self._partitions.popitem(last=False)
        return self._partitions[number][1]

    def _changed(self, name: str, number: int) -> int:
        try:
            return self.store.file(name, number).stat().st_mtime_ns
        except InputError:  # a table that only some filters need may be missing
            return 0

    @cached_property
    def _full(self) -> pl.DataFrame:
        # Surnames with their full names: name, full_name.
        read = (self.store.read("names", n, ["doc_id", "label", "name"]) for n in self.store.numbers("names"))
        return full_names(pl.concat([count_people(names) for names in read]))

    @cached_property
    def outlets(self) -> list[str]:
        """The outlets, sorted."""
        return self._distinct("documents", "outlet")

    @cached_property
    def places(self) -> list[str]:
        """The places that datelines or texts name, sorted; before the step annotate, those of datelines."""
        return sorted({*self._distinct("documents", "place"), *self._distinct("places", "name")})

    @cached_property
    def speakers(self) -> list[str]:
        """The people quoted, sorted; before the step annotate, none are known."""
        named = pl.DataFrame({"name": self._distinct("quotes", "speaker_name")}, schema={"name": pl.String})
        return with_full_names(named, self._full)["name"].unique().sort().to_list() if named.height else []

    def _distinct(self, table: str, column: str) -> list[str]:
        if not self.store.is_made(table):
            return []
        values = self.store.scan(table).select(pl.col(column).unique()).collect().to_series()
        return values.drop_nulls().sort().to_list()

    def select(self, filters: Selection | Mapping[str, Any]) -> Selection:
        """Return the selection that some filters make.

        Raises
        ------
        InputError
            If there is no such filter, outlet, speaker or place (the message names the nearest), a day is invalid, or a
            table that a filter needs has not been made yet.
        """
        if not isinstance(filters, Selection):
            for name in filters:
                _check_name("filter", name, [f.name for f in fields(Selection)], "words cannot be selected by it")
            filters = Selection(**filters)
        if filters.outlet is not None:
            filters = replace(filters, outlet=self._known_outlets(filters.outlet))
        _check_days(filters.since, filters.until)
        for table in ("quotes",) * bool(filters.voice or filters.speaker) + ("places",) * bool(filters.place):
            self.store.partitions(table)  # raises the InputError that names the step to run
        if filters.voice is not None:
            _check_name("voice", filters.voice, ["narrator", "quoted"], "no such voice")
        if filters.place is not None:
            name = _one_name("place", filters.place).lower()
            if name not in {place.lower() for place in self.places}:
                raise InputError(f"place {filters.place!r}", "no report names it", _nearest(filters.place, self.places))
        if filters.speaker is not None:
            filters = replace(filters, speaker=self._known_speaker(_one_name("speaker", filters.speaker)))
        return filters

    def _known_outlets(self, value: Any) -> Several:
        outlets = sorted(map(str, _several(value))) if isinstance(value, Iterable) else []
        if not outlets:
            raise InputError(f"outlet {value!r}", "not an outlet", known("", self.outlets))
        if not self.outlets:
            remedy = "leave it out, or name the column of the outlets in the source's YAML: `columns: outlet: ...`"
            raise InputError(f"outlet {value!r}", "the reports of this corpus name no outlet", remedy)
        for outlet in outlets:
            _check_name("outlet", outlet, self.outlets, "the corpus has none of this name")
        return value if isinstance(value, str) else outlets

    def _known_speaker(self, name: str) -> str:
        """Return the name under which somebody is quoted; for an unambiguous surname, that is the full name."""
        full = dict(self._full.with_columns(pl.col("name").str.to_lowercase()).iter_rows())
        short = pl.select(without_initials(pl.lit(name))).item()
        for option in (name, short, full.get(short.lower(), "")):
            if option and pl.Series(self.speakers, dtype=pl.String).str.contains(name_expression(option)).any():
                return str(option)
        raise InputError(f"speaker {name!r}", "nobody of this name is quoted", _nearest(name, self.speakers))


def _check_name(what: str, name: str, names: list[str], problem: str) -> None:
    if name not in names:
        raise InputError(f"{what} {name!r}", problem, _nearest(str(name), names))


def _one_name(what: str, value: Any) -> str:
    if not isinstance(value, str):
        raise InputError(f"{what} {value!r}", "not a name", "give one name, in quotation marks")
    return value


def _nearest(typed: str, names: Sequence[str]) -> str:
    """Return a remedy with the names that differ little from the typed one, or contain it; capitals do not count."""
    wanted, lower = typed.strip().lower(), {name.lower(): name for name in names}
    near = get_close_matches(wanted, lower, n=1)
    near += sorted((name for name in lower if wanted and wanted in name), key=lambda name: (len(name), name))
    options = [lower[name] for name in dict.fromkeys(near)][:3]
    listing = known("", names) if len(names) <= _LISTED_NAMES or not options else ""
    return f"did you mean {' or '.join(options)}? {listing}".rstrip() if options else listing


def _check_days(since: Any, until: Any) -> None:
    first = None if since is None else parse_day(since)
    last = None if until is None else parse_day(until, last=True)
    if first and last and first > last:
        raise InputError(f"since {since}, until {until}", "the first day is after the last", "give the earlier first")


def with_full_names(named: pl.DataFrame, full: pl.DataFrame) -> pl.DataFrame:
    """Replace the column `name`: leave out middle initials, and complete a surname that clearly has one full name."""
    short = named.with_columns(name=without_initials(pl.col("name")))
    joined = short.join(full, on="name", how="left", maintain_order="left")
    return joined.with_columns(name=pl.coalesce("full_name", "name")).drop("full_name")


def parse_day(value: date | str | int, *, last: bool = False) -> date:
    """Parse a day, or the first or last day of a week, month or year.

    Raises
    ------
    InputError
        If it is none of these.

    Examples
    --------
    >>> parse_day("2017-01-20"), parse_day("2017-W03"), parse_day("2017-02", last=True)
    (datetime.date(2017, 1, 20), datetime.date(2017, 1, 16), datetime.date(2017, 2, 28))
    """
    if isinstance(value, date):
        return value.date() if isinstance(value, datetime) else value
    written = str(value)
    try:
        if week := re.fullmatch(r"(\d{4})-?W(\d\d)", written):
            return date.fromisocalendar(int(week[1]), int(week[2]), 7 if last else 1)
        if year_and_month := re.fullmatch(r"(\d{4})(?:-(\d\d))?", written):
            year, month = int(year_and_month[1]), int(year_and_month[2] or (12 if last else 1))
            return date(year, month, monthrange(year, month)[1] if last else 1)
        return date.fromisoformat(written)
    except ValueError:  # IllegalMonthError is one
        remedy = "write it as 2017-01-20, 2017-W03, 2017-01 or 2017"
        raise InputError(f"day {value!r}", "not a day of the calendar", remedy) from None


def _several(value: Iterable[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _and(mask: Bools | None, other: Bools) -> Bools:
    return other if mask is None else mask & other
