"""The corpus with the methods of NLTK's corpus readers (Bird, Klein & Loper 2009, chapter 2).

The reader is no subclass of NLTK's, which reads files, while a report here is a row of a table. So `abspath`, `open`
and `encoding` are left out, and `readme`, `license` and `citation` too, as each source of a corpus has its own.
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

from corpus_tools.errors import InputError, known
from corpus_tools.runtime.store import Store
from corpus_tools.text.plain_text import one_line

Ints = npt.NDArray[np.int64]
Several = str | Sequence[str]
Units = Literal["words", "sents", "paras"]
Tagged = tuple[str, str]
T = TypeVar("T")

_BLANK_LINE = re.compile(r"\n\s*\n")  # what separates paragraphs for NLTK
_KEPT_PARTITIONS = 3  # more than one, for those who iterate over two outlets side by side


class _Partition:
    """One partition, whose columns are read on first use; only the reports looked at become Python objects.

    `words`, `sents` and `paras` are arrays of the first token of each.
    """

    def __init__(self, store: Store, number: int, ids: pl.Series) -> None:
        self._store, self._number, self._ids = store, number, ids

    def _column(self, table: str, name: str) -> pl.Series:
        return self._store.read(table, self._number, [name])[name]

    @cached_property
    def reports(self) -> Ints:
        """The first token of each report, and the number of tokens."""
        runs = self._column("tokens", "doc_id").rle().struct.unnest()
        sizes = self._ids.to_frame().join(runs, left_on="doc_id", right_on="value", how="left", maintain_order="left")
        starts = np.append(0, np.cumsum(sizes["len"].fill_null(0).to_numpy(), dtype=np.int64))
        if starts[-1] != runs["len"].sum():
            path = str(self._store.folder("tokens"))
            raise InputError(path, "has other reports than this reader", "make a new one: `as_nltk(corpus)`")
        return starts

    @cached_property
    def words(self) -> Ints:
        """The number of each token."""
        return np.arange(self.reports[-1])

    @cached_property
    def sents(self) -> Ints:
        """The first token of each sentence."""
        is_first = np.diff(self._column("tokens", "sentence").to_numpy(), prepend=-1) != 0
        is_first[self.reports[self.reports < len(is_first)]] = True
        return np.flatnonzero(is_first)

    @cached_property
    def paras(self) -> Ints:
        """The first token of each paragraph; blank lines separate paragraphs."""
        # Offsets as if all reports were one text. The column `paragraph` is of no use: it counts lines, blank or not.
        lengths = self.texts.str.len_chars().to_numpy().astype(np.int64)
        before = np.cumsum(lengths) - lengths
        texts = zip(before.tolist(), self.texts, strict=True)
        breaks = [a + gap.end() for a, text in texts for gap in _BLANK_LINE.finditer(text)]
        report = np.searchsorted(self.reports, self.sents, side="right") - 1
        offsets = before[report] + self._column("tokens", "start").to_numpy()[self.sents]
        number = np.searchsorted(np.sort([*before.tolist(), *breaks]), offsets, side="right")
        return self.sents[np.flatnonzero(np.diff(number, prepend=-1))]

    @cached_property
    def texts(self) -> pl.Series:
        """The text of each report."""
        return self._column("documents", "text")

    @cached_property
    def tokens(self) -> pl.Series:
        """The words of all tokens."""
        return self._column("tokens", "token")

    @cached_property
    def tags(self) -> pl.Series:
        """The part-of-speech tags of all tokens."""
        tags = self._column("tokens", "pos")
        if tags.null_count():
            path = str(self._store.folder("tokens"))
            raise InputError(path, "the tokens are not tagged", "set tokenise.tagger in params.yaml, and `make repro`")
        return tags

    def sizes(self, unit: Units) -> Ints:
        """Count the words, sentences or paragraphs of each report, without reading words."""
        counts: Ints = np.diff(np.searchsorted(getattr(self, unit), self.reports))
        return counts

    def items(self, report: int, unit: Units, *, tagged: bool) -> list[Any]:
        """Return the words, sentences or paragraphs of one report."""
        first, after = self.reports[report : report + 2]
        words = self.tokens[first:after].to_list()
        if tagged:
            words = list(zip(words, self.tags[first:after].to_list(), strict=True))
        if unit == "words":
            return words
        starts = _between(self.sents, first, after)
        sents = _cut(words, starts - first)
        return sents if unit == "sents" else _cut(sents, np.searchsorted(starts, _between(self.paras, first, after)))


def _between(numbers: Ints, first: int, after: int) -> Ints:
    return numbers[slice(*np.searchsorted(numbers, (first, after)))]


def _cut(items: list[T], starts: Ints) -> list[list[T]]:
    """Cut a list before some of its items.

    Examples
    --------
    >>> _cut(["He", "left", ".", "Why", "?"], np.array([0, 3]))
    [['He', 'left', '.'], ['Why', '?']]
    """
    return [items[a:b] for a, b in pairwise([*starts.tolist(), len(items)])]


class _View(AbstractLazySequence):
    """The words, sentences or paragraphs of some reports: one of NLTK's lazy sequences, which read on access."""

    def __init__(self, reader: NltkReader, reports: Ints, unit: Units, *, tagged: bool = False) -> None:
        self._reader, self._unit, self._tagged = reader, unit, tagged
        self._blocks = reader._blocks(reports)
        self._before = [0]  # the number of items before each block, as far as it was needed

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
        return one_line(super().__repr__())  # NLTK's shows complete sentences, and a paragraph has many

    def iterate_from(self, start: int) -> Iterator[Any]:
        """Yield the items from a position on; NLTK's sequences read through this method."""
        # Only the blocks skipped are counted, so access to the first item reads one partition.
        while self._before[-1] <= start and len(self._before) <= len(self._blocks):
            self._count(len(self._before))
        block = bisect_right(self._before, start) - 1
        skip = start - self._before[block]
        for i, (number, reports) in enumerate(self._blocks[block:], block):
            ends = np.append(0, np.cumsum(self._sizes(i)))
            skipped = int(np.searchsorted(ends, skip, side="right")) - 1  # reports
            skip -= int(ends[skipped])
            partition = self._reader._partition(number)
            for report in reports[skipped:].tolist():
                yield from partition.items(report, self._unit, tagged=self._tagged)[skip:]
                skip = 0


class NltkReader:
    """A corpus with the methods of NLTK's readers; made by `corpus_tools.as_nltk`.

    `fileids` are the reports' doc_id, `categories` their outlets. Each method takes one or several of either, and by
    default all reports, in the order of the tables or of the fileids given. A report without an outlet is in no
    category. The sequences returned read on access (length, index, slice, iteration) and are never in memory as a
    whole. `nltk.Text` copies its sequence into a list, so pass it an outlet rather than a large corpus.

    All methods raise InputError if there is no such report or outlet (the message names the nearest), or if both are
    given.

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
        self._partitions: OrderedDict[int, _Partition] = OrderedDict()
        self._counted: dict[tuple[int, Units], Ints] = {}

    @cached_property
    def _documents(self) -> list[pl.DataFrame]:
        return [self._store.read("documents", n, ["doc_id", "outlet"]) for n in self._store.numbers("documents")]

    @cached_property
    def _firsts(self) -> Ints:
        """The number of the first report of each partition."""
        return np.cumsum([0, *(frame.height for frame in self._documents)])[:-1]

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {doc_id: i for i, doc_id in enumerate(pl.concat(self._documents)["doc_id"])}

    @cached_property
    def _outlets(self) -> pl.Series:
        return pl.concat(self._documents)["outlet"]

    def _partition(self, number: int) -> _Partition:
        if number not in self._partitions:
            self._partitions[number] = _Partition(self._store, number, self._documents[number]["doc_id"])
        self._partitions.move_to_end(number)
        while len(self._partitions) > _KEPT_PARTITIONS:
            self._partitions.popitem(last=False)
        return self._partitions[number]

    def _sizes(self, number: int, unit: Units) -> Ints:
        if (number, unit) not in self._counted:
            self._counted[number, unit] = self._partition(number).sizes(unit)
        return self._counted[number, unit]

    def _blocks(self, reports: Ints) -> list[tuple[int, Ints]]:
        """Split reports into blocks of one partition each: its number, and the reports' rows in it."""
        number = np.searchsorted(self._firsts, reports, side="right") - 1
        cuts = np.flatnonzero(np.diff(number, prepend=-1, append=-1)).tolist()
        return [(int(number[a]), reports[a:b] - self._firsts[number[a]]) for a, b in pairwise(cuts)]

    def _chosen(self, fileids: Several | None, categories: Several | None) -> Ints:
        if fileids is not None and categories is not None:
            raise InputError("fileids and categories", "both are given", "give one of them")
        if categories is not None:
            names = _known("category", categories, self.categories(), "no report is from an outlet of this name")
            return self._outlets.is_in(names).fill_null(value=False).arg_true().to_numpy().astype(np.int64)
        if fileids is None:
            return np.arange(len(self._numbers))
        names = _known("report", fileids, self._numbers, "no report has this doc_id")
        return np.array([self._numbers[doc_id] for doc_id in names], np.int64)

    def fileids(self, categories: Several | None = None) -> list[str]:
        """Return the reports: all, or those of some outlets."""
        chosen = self._chosen(None, categories).tolist()
        ids = list(self._numbers)
        return ids if categories is None else [ids[i] for i in chosen]

    def categories(self, fileids: Several | None = None) -> list[str]:
        """Return the outlets: all, or those of some reports."""
        outlets = self._outlets if fileids is None else self._outlets.gather(self._chosen(fileids, None))
        return outlets.drop_nulls().unique().sort().to_list()

    def raw(self, fileids: Several | None = None, categories: Several | None = None) -> str:
        """Return the cleaned texts joined into one; unlike words, they include header and dateline."""
        blocks = self._blocks(self._chosen(fileids, categories))
        return "".join(text for number, reports in blocks for text in self._partition(number).texts.gather(reports))

    def words(self, fileids: Several | None = None, categories: Several | None = None) -> Sequence[str]:
        """Return the words and punctuation marks as written."""
        return _View(self, self._chosen(fileids, categories), "words")

    def sents(self, fileids: Several | None = None, categories: Several | None = None) -> Sequence[list[str]]:
        """Return the sentences, each a list of words."""
        return _View(self, self._chosen(fileids, categories), "sents")

    def paras(self, fileids: Several | None = None, categories: Several | None = None) -> Sequence[list[list[str]]]:
        """Return the paragraphs, which blank lines separate, each a list of sentences."""
        return _View(self, self._chosen(fileids, categories), "paras")

    def tagged_words(self, fileids: Several | None = None, categories: Several | None = None) -> Sequence[Tagged]:
        """Return the words, each with its Penn tag.

        Raises
        ------
        InputError
            On access, if the tokens have not been tagged; as with tagged sentences and paragraphs.
        """
        return _View(self, self._chosen(fileids, categories), "words", tagged=True)

    def tagged_sents(self, fileids: Several | None = None, categories: Several | None = None) -> Sequence[list[Tagged]]:
        """Return the sentences, each a list of words with their tags."""
        return _View(self, self._chosen(fileids, categories), "sents", tagged=True)

    def tagged_paras(
        self, fileids: Several | None = None, categories: Several | None = None
    ) -> Sequence[list[list[Tagged]]]:
        """Return the paragraphs, each a list of sentences of words with their tags."""
        return _View(self, self._chosen(fileids, categories), "paras", tagged=True)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} in {str(self.root)!r}>"


def _known(what: str, given: Several, existing: Collection[str], problem: str) -> list[str]:
    names = [given] if isinstance(given, str) else list(given)
    for name in names:
        if name not in existing:
            raise InputError(f"{what} {name!r}", problem, known(str(name), existing))
    return names


class _OpenCorpus(Protocol):
    """What the reader needs of a Corpus, a class of a room above this one."""

    root: Path
    store: Store


def as_nltk(corpus: _OpenCorpus) -> NltkReader:
    """Return a corpus with the methods of NLTK's readers, for use with any function of NLTK.

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
