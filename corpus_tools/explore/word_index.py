"""The words of a corpus as whole numbers, a partition at a time: what every search and count looks at."""

from __future__ import annotations

import re
from calendar import monthrange
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from difflib import get_close_matches
from functools import cached_property
from numbers import Integral
from typing import Any, Literal, TypedDict, get_args

import numpy as np
import numpy.typing as npt
import polars as pl

from corpus_tools.errors import InputError, known
from corpus_tools.explore.pattern import Pattern, Unit, glob, one_of
from corpus_tools.runtime.store import Store
from corpus_tools.text.person_names import full_names, people, without_initials

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int32]
Numbers = npt.NDArray[Any]  # whole ones of any size
Several = str | Sequence[str]

# So many tokens are kept in memory beside the partition at hand: News Articles (2.4 million) stay, so that a second
# search is answered at once, and of a corpus a hundred times as large no more than that. A token takes some 25 bytes,
# and 8 more once lines are sorted by their context.
_KEPT = 3_000_000
_TABLES = ("documents", "tokens", "quotes", "names", "places")
_DOCUMENT = [
    "doc_id", "outlet", "published", "title", "url", "place", "cluster_id", "is_first_report", "body_start", "text",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Where:
    """Which words are meant; what is not given does not matter.

    Attributes
    ----------
    outlet
        One outlet or several.
    since, until
        First and last day of publication, both included: `2017-01-20`, or a week (`2017-W03`), month (`2017-01`) or
        year, of which the first or last day is meant.
    place
        Reports whose dateline or text names this place, as in the table places.
    speaker
        Words quoted from this person (as in `speaker_name` of the table quotes; `*` stands for any letters). A surname
        stands for the full name that most reports give it.
    voice
        "quoted": words between quotation marks; "narrator": all others. An indirect quotation is the reporter's
        wording, but if a speaker is asked for, theirs too.
    """

    outlet: Several | None = None
    since: date | str | int | None = None
    until: date | str | int | None = None
    place: str | None = None
    speaker: str | None = None
    voice: Literal["narrator", "quoted"] | None = None

    def __str__(self) -> str:
        given = {f.name: getattr(self, f.name) for f in fields(self)}
        return ", ".join(f"{name} {_told(value)}" for name, value in given.items() if value is not None) or "all"


def _told(value: Any) -> str:
    return str(value) if isinstance(value, str | date | int) else " or ".join(value)


class Filters(TypedDict, total=False):
    """The same as keyword arguments."""

    outlet: Several | None
    since: date | str | int | None
    until: date | str | int | None
    place: str | None
    speaker: str | None
    voice: Literal["narrator", "quoted"] | None


class WordColumn:
    """One column of the tokens: a number for each token, and the word it stands for.

    Attributes
    ----------
    codes
        Array (tokens,).
    vocabulary
        The distinct words, sorted; straight apostrophes, and no capitals unless they count.
    often
        Array (words,): how many tokens each word has.
    """

    def __init__(self, words: pl.Series, *, case: bool) -> None:
        distinct = words.unique()
        straight = distinct.str.replace_all("’", "'", literal=True)
        straight = straight if case else straight.str.to_lowercase()
        self.vocabulary = straight.unique().sort()
        number = straight.cast(pl.Enum(self.vocabulary)).to_physical().cast(pl.Int32)
        kinds = words.cast(pl.Enum(distinct)).to_physical()
        self.codes: Ints = number.gather(kinds).to_numpy()
        self.often = np.bincount(self.codes, minlength=len(self.vocabulary))


class TokenPartition:
    """One partition: where its tokens stand, and what is known of them. Each column is read when it is asked for.

    Attributes
    ----------
    documents
        A row a report.
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
        rows = self._of_documents("tokens", runs.rename({"value": "doc_id"}))["doc"]
        self.doc: Ints = np.repeat(rows.to_numpy(), runs["len"].to_numpy())
        self.sentence, self.start, self.end = (tokens[name].to_numpy() for name in ("sentence", "start", "end"))

    def __len__(self) -> int:
        return len(self.doc)

    def _of_documents(self, table: str, rows: pl.DataFrame) -> pl.DataFrame:
        """Add to rows of a table the row `doc` of their report.

        Raises
        ------
        InputError
            If some are of no report of this partition: the table is older than the documents.
        """
        found = rows.join(self._rows, on="doc_id", how="left", maintain_order="left")
        if found["doc"].null_count():
            step = self._store.table(table).step
            raise InputError(
                str(self._store.file(table, self._number)),
                f"report {found.filter(pl.col('doc').is_null())['doc_id'][0]!r} is none of this partition's documents",
                f"the table is older than they are; run its step again: `python -m corpus_tools {step}`",
            )
        return found

    def column(self, unit: Unit = "word", *, case: bool = False) -> WordColumn:
        """Give the words, or their lemmas, as numbers.

        Raises
        ------
        InputError
            If there is no such unit.
        """
        one_of("unit", unit, get_args(Unit))
        key = ("lemma" if unit == "lemma" else "token" if case else "norm", case)
        if key not in self._columns:
            self._columns[key] = WordColumn(self._store.read("tokens", self._number, [key[0]])[key[0]], case=case)
        return self._columns[key]

    @cached_property
    def is_word(self) -> Bools:
        """Say of each token whether it is a word: whether it holds a letter."""
        column = self.column()
        return column.vocabulary.str.contains(r"\p{L}").to_numpy()[column.codes]

    @cached_property
    def words_alone(self) -> tuple[Ints, Ints]:
        """Number the words through, without punctuation: the token of each, and how many stand before each token."""
        before = np.cumsum(self.is_word, dtype=np.int32) - self.is_word
        return np.flatnonzero(self.is_word).astype(np.int32), before.astype(np.int32, copy=False)

    @cached_property
    def first(self) -> Bools:
        """Say of each report whether it is the first of its cluster of near-duplicates."""
        return self.documents["is_first_report"].to_numpy()

    @cached_property
    def texts(self) -> list[str]:
        """Give the text of each report."""
        return self.documents["text"].to_list()

    @cached_property
    def _before(self) -> npt.NDArray[np.int64]:
        """How many characters stand before each report, if all were one text."""
        lengths = self.documents["text"].str.len_chars().cast(pl.Int64)
        return (lengths.cum_sum() - lengths).to_numpy()

    def stretches(self, spans: pl.DataFrame) -> tuple[Ints, Ints]:
        """Find the tokens of some stretches of text: the first one of each, and the first one after it.

        Parameters
        ----------
        spans
            doc, start, end.
        """
        before = self._before[spans["doc"].to_numpy()]
        at = self._before[self.doc] + self.start
        return tuple(np.searchsorted(at, before + spans[name].to_numpy()) for name in ("start", "end"))

    @cached_property
    def _quotes(self) -> pl.DataFrame:
        columns = ["doc_id", "start", "end", "kind", "speaker_name"]
        found = self._of_documents("quotes", self._store.read("quotes", self._number, columns))
        return full_name(found.rename({"speaker_name": "name"}), self._full())

    @cached_property
    def has_quotes(self) -> bool:
        """Say whether it is known who says what: before the step annotate, it is not."""
        return self._store.is_made("quotes")

    @cached_property
    def quoted(self) -> Bools:
        """Say of each token whether it stands between quotation marks."""
        first, after = self.stretches(self._quotes.filter(pl.col("kind") != "indirect"))
        depth = np.bincount(first, minlength=len(self) + 1) - np.bincount(after, minlength=len(self) + 1)
        return np.cumsum(depth)[:-1] > 0

    @cached_property
    def speakers(self) -> pl.Series:
        """List who speaks in this partition."""
        return self._quotes["name"].drop_nulls().unique().sort()

    @cached_property
    def speaker(self) -> Ints:
        """Give the speaker of each token, as a row of `speakers`; -1 for none. In a quotation within one, the inner."""
        rows = self._quotes.filter(pl.col("name").is_not_null())
        rows = rows.sort(pl.col("end") - pl.col("start"), descending=True, maintain_order=True)
        number = rows["name"].cast(pl.Enum(self.speakers)).to_physical().to_list()
        found = np.full(len(self), -1, dtype=np.int32)
        for who, first, after in zip(number, *(at.tolist() for at in self.stretches(rows)), strict=True):
            found[first:after] = who
        return found

    @cached_property
    def _places(self) -> pl.DataFrame:
        return self._of_documents("places", self._store.read("places", self._number, ["doc_id", "name"]).unique())

    def keeps(self, where: Where) -> Bools | None:
        """Say which tokens are meant; None: all of them."""
        found: Bools | None = None
        reports = self._reports(where)
        if reports is not None:
            found = reports[self.doc]
        if where.voice:
            found = _and(found, self.quoted == (where.voice == "quoted"))
        if where.speaker:
            found = _and(found, self.says(where.speaker))
        return found

    def says(self, speaker: str) -> Bools:
        """Say which tokens are quoted from somebody."""
        who = self.speakers.str.contains(glob(speaker)).to_numpy()
        found: Bools = np.append(who, False)[self.speaker]
        return found

    def _reports(self, where: Where) -> Bools | None:
        wanted: list[pl.Expr] = []
        if where.outlet is not None:
            wanted.append(pl.col("outlet").is_in(_several(where.outlet)))
        if where.since is not None:
            wanted.append(pl.col("published") >= day(where.since))
        if where.until is not None:
            wanted.append(pl.col("published") <= day(where.until, last=True))
        if where.place is not None:
            name = where.place.lower()
            named = self._places.filter(pl.col("name").str.to_lowercase() == name)["doc_id"].unique()
            wanted.append(pl.col("doc_id").is_in(named.implode()) | (pl.col("place").str.to_lowercase() == name))
        if not wanted:
            return None
        return self.documents.select(pl.all_horizontal(wanted).fill_null(value=False)).to_series().to_numpy()

    def find(self, pattern: Pattern, among: Bools | None = None) -> tuple[Ints, Ints]:
        """Find a pattern: the first token of each hit and its number of tokens, in the order of the text.

        A hit stands in one sentence. What two sequences take in alike is one hit, but two that only begin with one
        token are two, unless they are readings of the same: then it is the longer one.
        """
        column = self.column(pattern.unit, case=pattern.case)
        found = [(self._sequence(column, takes), len(takes)) for takes in pattern.takes(column.vocabulary)]
        at = np.concatenate([at for at, _ in found])
        size, of = (
            np.repeat(values, [len(at) for at, _ in found])
            for values in ([length for _, length in found], [*range(len(pattern.sequences)), *pattern.of])
        )
        if among is not None:
            kept = among[at] & among[at + size - 1]
            at, size, of = at[kept], size[kept], of[kept]
        if pattern.also:
            order = np.lexsort((size, at, of))
            at, size, of = at[order], size[order], of[order]
            longest = np.diff(at, append=-1).astype(bool) | np.diff(of, append=-1).astype(bool)
            at, size = at[longest], size[longest]
        if len(found) > 1:
            order = np.lexsort((size, at))
            at, size = at[order], size[order]
            new = np.diff(at, prepend=-1).astype(bool) | np.diff(size, prepend=0).astype(bool)
            at, size = at[new], size[new]
        return at.astype(np.int32), size.astype(np.int32)

    def _sequence(self, column: WordColumn, takes: list[Bools]) -> Ints:
        rarest = int(np.argmin([column.often[words].sum() for words in takes]))
        at = np.flatnonzero(takes[rarest][column.codes]) - rarest
        at = at[(at >= 0) & (at + len(takes) <= len(self))]
        for k, words in enumerate(takes):
            if k != rarest:
                at = at[words[column.codes[at + k]]]
        last = at + len(takes) - 1
        found: Ints = at[(self.doc[at] == self.doc[last]) & (self.sentence[at] == self.sentence[last])]
        return found


class CorpusWords:
    """The words of a corpus, a partition at a time; of those read last, as many as fit in memory are kept.

    Parameters
    ----------
    store
        The tables documents and tokens; quotes, names and places if they are asked for.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self._parts: OrderedDict[int, tuple[tuple[int, ...], TokenPartition]] = OrderedDict()

    def parts(self) -> Iterator[TokenPartition]:
        """Give the partitions in order."""
        for number in self.store.numbers("documents"):
            yield self.part(number)

    def part(self, number: int) -> TokenPartition:
        """Give one partition; it is read anew when one of its tables has been made anew."""
        made = tuple(self._made(name, number) for name in _TABLES)
        if self._parts.get(number, (made,))[0] != made:
            for name in ("_full", "outlets", "places", "speakers"):  # these are of all partitions
                self.__dict__.pop(name, None)
            del self._parts[number]
        if number not in self._parts:
            self._parts[number] = made, TokenPartition(self.store, number, lambda: self._full)
        self._parts.move_to_end(number)
        while len(self._parts) > 1 and sum(len(part) for _, part in self._parts.values()) > _KEPT:
            self._parts.popitem(last=False)
        return self._parts[number][1]

    def _made(self, name: str, number: int) -> int:
        try:
            return self.store.file(name, number).stat().st_mtime_ns
        except InputError:  # a table that is only read for some filters may not be there
            return 0

    @cached_property
    def _full(self) -> pl.DataFrame:
        """Tell the full names of surnames: name, full_name."""
        read = (self.store.read("names", n, ["doc_id", "label", "name"]) for n in self.store.numbers("names"))
        return full_names(pl.concat([people(names) for names in read]))

    @cached_property
    def outlets(self) -> list[str]:
        """List the outlets."""
        return self._distinct("documents", "outlet")

    @cached_property
    def places(self) -> list[str]:
        """List the places that datelines or texts name; before the step annotate, those of datelines."""
        return sorted({*self._distinct("documents", "place"), *self._distinct("places", "name")})

    @cached_property
    def speakers(self) -> list[str]:
        """List who is quoted; before the step annotate, nobody is."""
        named = pl.DataFrame({"name": self._distinct("quotes", "speaker_name")}, schema={"name": pl.String})
        return full_name(named, self._full)["name"].unique().sort().to_list() if named.height else []

    def _distinct(self, table: str, column: str) -> list[str]:
        if not self.store.is_made(table):
            return []
        found = self.store.scan(table).select(pl.col(column).unique()).collect().to_series()
        return found.drop_nulls().sort().to_list()

    def where(self, given: Where | Mapping[str, Any]) -> Where:
        """Read which words are meant, and refuse what the corpus does not have.

        Raises
        ------
        InputError
            If there is no such filter, outlet, speaker or place, or a day cannot be read; the nearest is named. If it
            asks for a table that has not been made yet.
        """
        if not isinstance(given, Where):
            for name in given:
                _among("filter", name, [f.name for f in fields(Where)], "words cannot be chosen by it")
            given = Where(**given)
        if given.outlet is not None:
            given = replace(given, outlet=self._outlets(given.outlet))
        _days(given.since, given.until)
        for table in ("quotes",) * bool(given.voice or given.speaker) + ("places",) * bool(given.place):
            self.store.partitions(table)  # names the step to run
        if given.voice is not None:
            _among("voice", given.voice, ["narrator", "quoted"], "there is no such voice")
        if given.place is not None:
            name = _one("place", given.place).lower()
            if name not in {place.lower() for place in self.places}:
                raise InputError(f"place {given.place!r}", "no report names it", _nearest(given.place, self.places))
        return given if given.speaker is None else replace(given, speaker=self._speaker(_one("speaker", given.speaker)))

    def _outlets(self, given: Any) -> Several:
        found = sorted(map(str, _several(given))) if isinstance(given, Iterable) else []
        if not found:
            raise InputError(f"outlet {given!r}", "no outlet", known("", self.outlets))
        if not self.outlets:
            remedy = "leave it out, or say in the seed's YAML which column names it: `columns: outlet: ...`"
            raise InputError(f"outlet {given!r}", "the reports of this corpus name no outlet", remedy)
        for outlet in found:
            _among("outlet", outlet, self.outlets, "the corpus has none of this name")
        return given if isinstance(given, str) else found

    def _speaker(self, given: str) -> str:
        """Give the name under which somebody is quoted: of a surname that clearly stands for it, the full name."""
        full = dict(self._full.with_columns(pl.col("name").str.to_lowercase()).iter_rows())
        short = pl.select(without_initials(pl.lit(given))).item()
        for name in (given, short, full.get(short.lower(), "")):
            if name and pl.Series(self.speakers, dtype=pl.String).str.contains(glob(name)).any():
                return str(name)
        raise InputError(f"speaker {given!r}", "nobody of this name is quoted", _nearest(given, self.speakers))


def _among(what: str, given: str, there: list[str], otherwise: str) -> None:
    if given not in there:
        raise InputError(f"{what} {given!r}", otherwise, _nearest(str(given), there))


def _one(what: str, given: Any) -> str:
    if not isinstance(given, str):
        raise InputError(f"{what} {given!r}", "no name", "give one name, in quotation marks")
    return given


def _nearest(given: str, names: Sequence[str]) -> str:
    """Say which name may be meant: one that differs little, or holds it; capitals do not count."""
    wanted, small = given.strip().lower(), {name.lower(): name for name in names}
    near = get_close_matches(wanted, small, n=1)
    near += sorted((name for name in small if wanted and wanted in name), key=lambda name: (len(name), name))
    found = [small[name] for name in dict.fromkeys(near)][:3]
    there = known("", names) if len(names) <= 20 or not found else ""  # of thousands, the first ones say nothing
    return f"did you mean {' or '.join(found)}? {there}".rstrip() if found else there


def _days(since: Any, until: Any) -> None:
    first = None if since is None else day(since)
    last = None if until is None else day(until, last=True)
    if first and last and first > last:
        raise InputError(
            f"since {since}, until {until}", "the first day is after the last one", "give the earlier one first"
        )


def whole(name: str, given: Any, least: int = 0, usual: int = 20) -> None:
    """Refuse what is no whole number from the least on; None is not given.

    Raises
    ------
    InputError
        If it is none.
    """
    if given is not None and (not isinstance(given, Integral) or isinstance(given, bool) or int(given) < least):
        raise InputError(f"{name} {given!r}", f"no whole number from {least} on", f"give one, such as {usual}")


def full_name(named: pl.DataFrame, full: pl.DataFrame) -> pl.DataFrame:
    """Write the column `name` without middle initials, and a surname as the full name that it clearly stands for."""
    short = named.with_columns(name=without_initials(pl.col("name")))
    found = short.join(full, on="name", how="left", maintain_order="left")
    return found.with_columns(name=pl.coalesce("full_name", "name")).drop("full_name")


def day(given: date | str | int, *, last: bool = False) -> date:
    """Read a day, or the first or last one of a week, month or year.

    Raises
    ------
    InputError
        If it is none.

    Examples
    --------
    >>> day("2017-01-20"), day("2017-W03"), day("2017-02", last=True)
    (datetime.date(2017, 1, 20), datetime.date(2017, 1, 16), datetime.date(2017, 2, 28))
    """
    if isinstance(given, date):
        return given.date() if isinstance(given, datetime) else given
    written = str(given)
    try:
        if found := re.fullmatch(r"(\d{4})-?W(\d\d)", written):
            return date.fromisocalendar(int(found[1]), int(found[2]), 7 if last else 1)
        if found := re.fullmatch(r"(\d{4})(?:-(\d\d))?", written):
            year, month = int(found[1]), int(found[2] or (12 if last else 1))
            return date(year, month, monthrange(year, month)[1] if last else 1)
        return date.fromisoformat(written)
    except ValueError:  # IllegalMonthError is one
        raise InputError(
            f"day {given!r}", "no day of the calendar", "write it as 2017-01-20, 2017-W03, 2017-01 or 2017"
        ) from None


def _several(given: Iterable[str]) -> list[str]:
    return [given] if isinstance(given, str) else list(given)


def _and(one: Bools | None, other: Bools) -> Bools:
    return other if one is None else one & other
