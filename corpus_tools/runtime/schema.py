"""What a table is: its columns with their types and descriptions, the key that sorts its rows, and who makes it.

Each step declares the tables it makes in its `tables.py`; `corpus_tools.pipeline` collects them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from corpus_tools.errors import InputError, known

TEXT, DAY, COUNT, NUMBER, FLAG = pl.String(), pl.Date(), pl.Int64(), pl.Float64(), pl.Boolean()
# Offsets, and the numbers of sentences, topics and ranks: 32 bits are enough for one report or one corpus.
SMALL = pl.Int32()


@dataclass(frozen=True)
class Column:
    """A column's type, and one sentence on what it holds, with its unit.

    Parameters
    ----------
    dtype
        The polars type.
    description
        What the column holds; it names the unit, the values of a category, and what null means.
    """

    dtype: pl.DataType
    description: str


@dataclass(frozen=True)
class Table:
    """A table: a folder of Parquet files, each holding whole documents.

    Parameters
    ----------
    name
        The name in Python (`corpus.documents`) and, unless `folder` says otherwise, of its folder below `data`.
    step
        The step that makes it.
    description
        What one row is.
    columns
        In their order.
    key
        The columns that sort the rows; no two rows share all their values.
    folder
        Where its partitions are, relative to `data`.

    Examples
    --------
    >>> table = Table("sizes", "clean", "One row per report.", {"doc_id": DOC_ID}, ("doc_id",))
    >>> table.schema, table.folder
    ({'doc_id': String}, 'sizes')
    """

    name: str
    step: str
    description: str
    columns: Mapping[str, Column]
    key: tuple[str, ...]
    folder: str = ""

    def __post_init__(self) -> None:
        if not self.folder:
            object.__setattr__(self, "folder", self.name)

    @cached_property
    def schema(self) -> dict[str, pl.DataType]:
        """The columns' types by name."""
        return {name: column.dtype for name, column in self.columns.items()}

    def fit(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Put a frame into the table's columns, types and row order.

        Raises
        ------
        ValueError
            If a column is missing or two rows share a key: a fault of this package, not of the input.

        Examples
        --------
        >>> table = Table("sizes", "clean", "One row per report.", {"doc_id": DOC_ID}, ("doc_id",))
        >>> table.fit(pl.DataFrame({"words": [1, 2], "doc_id": ["b", "a"]})).rows()
        [('a',), ('b',)]
        """
        if missing := [name for name in self.columns if name not in frame.columns]:
            raise ValueError(f"table {self.name} lacks the columns {missing}")
        frame = frame.select(pl.col(name).cast(dtype) for name, dtype in self.schema.items()).sort(self.key)
        if frame.select(pl.struct(self.key).is_duplicated().any()).item():
            raise ValueError(f"table {self.name}: two rows share the key {self.key}")
        return frame


Tables = Mapping[str, Table]

# Columns that many tables have.
DOC_ID = Column(TEXT, "Identifier of the report: the source's name, a hyphen, and the report's id within the source.")
SENTENCE = Column(SMALL, "Number of the sentence within the report, from 0.")
START = Column(SMALL, "Offset into `documents.text` where the span starts, in characters from 0.")
END = Column(SMALL, "Offset into `documents.text` where the span ends, in characters, exclusive.")
WORDS = Column(TEXT, "The marked words: `documents.text[start:end]`.")
OUTLET = Column(TEXT, "Name of the outlet.")
FIRST_REPORTS = Column(
    COUNT, "Number of `reports` that are the first of their cluster of near-duplicates: independent reports."
)


def by_name(tables: Iterable[Table]) -> dict[str, Table]:
    """Index tables by name."""
    return {table.name: table for table in tables}


def table_named(name: str, tables: Tables) -> Table:
    """Return a table by its name.

    Raises
    ------
    InputError
        If there is no such table.
    """
    if name not in tables:
        raise InputError(f"table {name}", "there is no such table", known(name, tables))
    return tables[name]
