"""The tables as NLTK reads a corpus (Bird, Klein & Loper 2009, chapter 2), a partition at a time.

It is no subclass of NLTK's reader: that one reads files, and a report here is no file. So `abspath`, `open` and
`encoding` are left out, and `readme`, `license` and `citation` too, as each source of a corpus has its own.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, Protocol, TypeVar

import numpy as np
import numpy.typing as npt
import polars as pl
from nltk.collections import AbstractLazySequence

from corpus_tools.display.html import one_line
from corpus_tools.errors import InputError, known
from corpus_tools.runtime.store import Store

Ints = npt.NDArray[np.int64]
Several = str | Sequence[str]
Units = Literal["words", "sents", "paras"]
Tagged = tuple[str, str]
T = TypeVar("T")

# As NLTK parts them: by lines with nothing but white space.
_BLANK_LINE = re.compile(r"\n\s*\n")
# So many partitions stay in memory: more than one, for those who walk through two outlets side by side.
_KEPT = 3


class _Part:
    """One partition, whose columns are read when they are asked for; words become Python's own a report at a time.

    `words`, `sents` and `paras` are the numbers of the tokens that each begins with.
    """

    def __init__(self, store: Store, number: int, ids: pl.Series) -> None:
        self._store, self._number, self._ids = store, number, ids

    def _column(self, table: str, name: str) -> pl.Series:
        return self._store.read(table, self._number, [name])[name]

    @cached_property
    def reports(self) -> Ints:
        """Number of the token that each report begins with, and of the one after the last."""
        runs = self._column("tokens", "doc_id").rle().struct.unnest()
        sizes = self._ids.to_frame().join(runs, left_on="doc_id", right_on="value", how="left", maintain_order="left")
        found = np.append(0, np.cumsum(sizes["len"].fill_null(0).to_numpy(), dtype=np.int64))
        if found[-1] != runs["len"].sum():
            where = str(self._store.folder("tokens"))
            raise InputError(where, "holds other reports than this reader knows", "make a new one: `as_nltk(corpus)`")
        return found

    @cached_property
    def words(self) -> Ints:
        return np.arange(self.reports[-1])

    @cached_property
    def sents(self) -> Ints:
        begins = np.diff(self._column("tokens", "sentence").to_numpy(), prepend=-1) != 0
        begins[self.reports[self.reports < len(begins)]] = True
        return np.flatnonzero(begins)

    @cached_property
    def paras(self) -> Ints:
        # One report after the other, as if they were one text. The column `paragraph` counts lines, blank or not.
        lengths = self.texts.str.len_chars().to_numpy().astype(np.int64)
        before = np.cumsum(lengths) - lengths
        texts = zip(before.tolist(), self.texts, strict=True)
        breaks = [a + gap.end() for a, text in texts for gap in _BLANK_LINE.finditer(text)]
        report = np.searchsorted(self.reports, self.sents, side="right") - 1
        at = before[report] + self._column("tokens", "start").to_numpy()[self.sents]
        number = np.searchsorted(np.sort([*before.tolist(), *breaks]), at, side="right")
        return self.sents[np.flatnonzero(np.diff(number, prepend=-1))]

    @cached_property
    def texts(self) -> pl.Series:
        return self._column("documents", "text")

    @cached_property
    def tokens(self) -> pl.Series:
        return self._column("tokens", "token")

    @cached_property
    def tags(self) -> pl.Series:
        found = self._column("tokens", "pos")
        if found.null_count():
            where = str(self._store.folder("tokens"))
            raise InputError(where, "the tokens are not tagged", "set tokenise.tagger in params.yaml, and `make repro`")
        return found

    def sizes(self, unit: Units) -> Ints:
        """Count the words, sentences or paragraphs of each report, which reads no words."""
        found: Ints = np.diff(np.searchsorted(getattr(self, unit), self.reports))
        return found

    def items(self, report: int, unit: Units, *, tagged: bool) -> list[Any]:
        """List what one report holds."""
        first, after = self.reports[report : report + 2]
        words = self.tokens[first:after].to_list()
        if tagged:
            words = list(zip(words, self.tags[first:after].to_list(), strict=True))
        if unit == "words":
            return words
        begins = _between(self.sents, first, after)
        sents = _cut(words, begins - first)
        return sents if unit == "sents" else _cut(sents, np.searchsorted(begins, _between(self.paras, first, after)))


def _between(numbers: Ints, first: int, after: int) -> Ints:
    return numbers[slice(*np.searchsorted(numbers, (first, after)))]


def _cut(items: list[T], begins: Ints) -> list[list[T]]:
    """Cut a list before some of its places.

    Examples
    --------
    >>> _cut(["He", "left", ".", "Why", "?"], np.array([0, 3]))
    [['He', 'left', '.'], ['Why', '?']]
    """
    return [items[a:b] for a, b in pairwise([*begins.tolist(), len(items)])]


class _View(AbstractLazySequence):
    """What some reports hold, one after the other: NLTK's lazy sequence, which reads where it is looked at."""

    def __init__(self, reader: NltkReader, reports: Ints, unit: Units, *, tagged: bool = False) -> None:
        self._reader, self._unit, self._tagged = reader, unit, tagged
        self._blocks = reader._blocks(reports)
        self._before = [0]  # how many items stand before each block, as far as anyone has asked

    def _sizes(self, block: int) -> Ints:
        number, reports = self._blocks[block]
        return self._reader._sizes(number, self._unit)[reports]

    def _count(self, block: int) -> int:
        while len(self._before) <= block:
            self._before.append(self._before[-1] + int(self._sizes(len(self._before) - 1).sum()))
        return self._before[block]

    def __len__(self) -> int:
        return self._count(len(self._blocks))

    def __repr__(self) -> str:
        return one_line(super().__repr__())  # NLTK's shows whole sentences, and of these a paragraph has many

    def iterate_from(self, start: int) -> Iterator[Any]:
        """Give the items from a place on; where NLTK begins to read."""
        # No more is counted than is passed over, so that a first look reads one partition.
        while self._before[-1] <= start and len(self._before) <= len(self._blocks):
            self._count(len(self._before))
        block = bisect_right(self._before, start) - 1
        skip = start - self._before[block]
        for i, (number, reports) in enumerate(self._blocks[block:], block):
            ends = np.append(0, np.cumsum(self._sizes(i)))
            full = int(np.searchsorted(ends, skip, side="right")) - 1  # so many reports are passed over
            skip -= int(ends[full])
            part = self._reader._part(number)
            for report in reports[full:].tolist():
                yield from part.items(report, self._unit, tagged=self._tagged)[skip:]
                skip = 0


class NltkReader:
    """A corpus with the methods of NLTK's readers; made by `corpus_tools.as_nltk`.

    `fileids` are the reports' doc_id, `categories` their outlets; each method takes one or several of either, or none
    for all. The reports come in the order of the tables, or in that of the fileids given. A report without an outlet
    is in no category. What a method gives is read when it is looked at, and never held whole: len, index, slice,
    iterate. `nltk.Text` makes a list of it, so give that one an outlet rather than a large corpus.

    Parameters
    ----------
    store
        The tables documents and tokens.
    root
        The project's folder.
    """

    def __init__(self, store: Store, root: Path) -> None:
        self.root = root
        self._store = store
        self._parts: OrderedDict[int, _Part] = OrderedDict()
        self._counted: dict[tuple[int, Units], Ints] = {}

    @cached_property
    def _documents(self) -> list[pl.DataFrame]:
        return [self._store.read("documents", n, ["doc_id", "outlet"]) for n in self._store.numbers("documents")]

    @cached_property
    def _firsts(self) -> Ints:
        """Number of the first report of each partition."""
        return np.cumsum([0, *(frame.height for frame in self._documents)])[:-1]

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {doc_id: i for i, doc_id in enumerate(pl.concat(self._documents)["doc_id"])}

    @cached_property
    def _outlets(self) -> pl.Series:
        return pl.concat(self._documents)["outlet"]

    def _part(self, number: int) -> _Part:
        if number not in self._parts:
            self._parts[number] = _Part(self._store, number, self._documents[number]["doc_id"])
        self._parts.move_to_end(number)
        while len(self._parts) > _KEPT:
            self._parts.popitem(last=False)
        return self._parts[number]

    def _sizes(self, number: int, unit: Units) -> Ints:
        if (number, unit) not in self._counted:
            self._counted[number, unit] = self._part(number).sizes(unit)
        return self._counted[number, unit]

    def _blocks(self, reports: Ints) -> list[tuple[int, Ints]]:
        """Part reports into stretches of one partition: its number, and the reports' rows in it."""
        number = np.searchsorted(self._firsts, reports, side="right") - 1
        cuts = np.flatnonzero(np.diff(number, prepend=-1, append=-1)).tolist()
        return [(int(number[a]), reports[a:b] - self._firsts[number[a]]) for a, b in pairwise(cuts)]

    def _chosen(self, fileids: Several | None, categories: Several | None) -> Ints:
        if fileids is not None and categories is not None:
            raise InputError("fileids and categories", "both are given", "give one of them")
        if categories is not None:
            wanted = _among("category", categories, self.categories(), "no report is from an outlet of this name")
            return self._outlets.is_in(wanted).fill_null(value=False).arg_true().to_numpy().astype(np.int64)
        if fileids is None:
            return np.arange(len(self._numbers))
        wanted = _among("report", fileids, self._numbers, "there is none with this doc_id")
        return np.array([self._numbers[doc_id] for doc_id in wanted], np.int64)

    def fileids(self, categories: Several | None = None) -> list[str]:
        """List the reports: all, or those of some outlets.

        Raises
        ------
        InputError
            If no report is from such an outlet; here and below, the nearest name is said.
        """
        chosen = self._chosen(None, categories).tolist()
        ids = list(self._numbers)
        return ids if categories is None else [ids[i] for i in chosen]

    def categories(self, fileids: Several | None = None) -> list[str]:
        """List the outlets: all, or those of some reports.

        Raises
        ------
        InputError
            If there is no such report.
        """
        outlets = self._outlets if fileids is None else self._outlets.gather(self._chosen(fileids, None))
        return outlets.drop_nulls().unique().sort().to_list()

    def raw(self, fileids: Several | None = None, categories: Several | None = None) -> str:
        """Give the cleaned texts, one right after the other. Header and dateline are there, which words leave out.

        Raises
        ------
        InputError
            If there is no such report or outlet, or both are given; so with all that follow.
        """
        blocks = self._blocks(self._chosen(fileids, categories))
        return "".join(text for number, reports in blocks for text in self._part(number).texts.gather(reports))

    def words(self, fileids: Several | None = None, categories: Several | None = None) -> Sequence[str]:
        """Give the words and marks as written."""
        return _View(self, self._chosen(fileids, categories), "words")

    def sents(self, fileids: Several | None = None, categories: Several | None = None) -> Sequence[list[str]]:
        """Give sentences, each a list of words."""
        return _View(self, self._chosen(fileids, categories), "sents")

    def paras(self, fileids: Several | None = None, categories: Several | None = None) -> Sequence[list[list[str]]]:
        """Give paragraphs, which blank lines part, each a list of sentences."""
        return _View(self, self._chosen(fileids, categories), "paras")

    def tagged_words(self, fileids: Several | None = None, categories: Several | None = None) -> Sequence[Tagged]:
        """Give the words, each with its Penn tag.

        Raises
        ------
        InputError
            When they are looked at, if the tokens have not been tagged; so with the two that follow.
        """
        return _View(self, self._chosen(fileids, categories), "words", tagged=True)

    def tagged_sents(self, fileids: Several | None = None, categories: Several | None = None) -> Sequence[list[Tagged]]:
        """Give sentences, each a list of words with their tags."""
        return _View(self, self._chosen(fileids, categories), "sents", tagged=True)

    def tagged_paras(
        self, fileids: Several | None = None, categories: Several | None = None
    ) -> Sequence[list[list[Tagged]]]:
        """Give paragraphs, each a list of sentences of words with their tags."""
        return _View(self, self._chosen(fileids, categories), "paras", tagged=True)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} in {str(self.root)!r}>"


def _among(what: str, given: Several, there: Collection[str], otherwise: str) -> list[str]:
    names = [given] if isinstance(given, str) else list(given)
    for name in names:
        if name not in there:
            raise InputError(f"{what} {name!r}", otherwise, known(str(name), there))
    return names


class _OpenCorpus(Protocol):
    """What is needed of a corpus, which is defined above this module."""

    root: Path
    store: Store


def as_nltk(corpus: _OpenCorpus) -> NltkReader:
    """Read a corpus with the methods of NLTK's readers, so that any of NLTK's functions takes it.

    Parameters
    ----------
    corpus
        As `open_corpus` returns it.

    Returns
    -------
    A reader with fileids, categories (outlets), raw, words, sents, paras, tagged_words, tagged_sents and tagged_paras;
    see `corpus_tools.explore.nltk_reader`.

    Examples
    --------
    >>> reader = as_nltk(corpus)
    >>> reader.categories()
    ['BBC', 'TASS']
    >>> list(reader.words(categories="TASS"))[:4]
    ['Peace', 'talks', 'began', 'on']
    """
    return NltkReader(corpus.store, corpus.root)
