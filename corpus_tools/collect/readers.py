"""Readers: from files to rows, without judging them; a file that is not what it should be is refused whole."""

from __future__ import annotations

import codecs
import csv
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import polars as pl

from corpus_tools.errors import InputError, known
from corpus_tools.text.publication_dates import header_date, name_date

# The longest novel in English has about 3 million characters, a report a few thousand: a longer line is a file whose
# line ends or field marks were lost.
LONGEST_LINE = 5_000_000
_SNIFFED = 8192
_MAGIC = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a ZIP, Word or Excel file",
    b"\xd0\xcf\x11\xe0": "an old Word or Excel file",
    b"\x1f\x8b": "a gzip file",
    b"\x89PNG": "a PNG picture",
    b"{\\rtf": "an RTF file",
}


@dataclass
class Row:
    """One row of a source: its number from 1, its file, its values by column of ours, and what is wrong with it."""

    number: int
    file: str
    id: str
    values: dict[str, str | None] = field(default_factory=dict)
    fault: str | None = None
    is_file: bool = False

    def place(self, label: str = "") -> str:
        """Say where the row stands."""
        place = self.file if self.is_file else f"row {self.number}"
        return f"{label}, {place}" if label else place


def read_folder(folder: Path, encoding: str) -> Iterator[Row]:
    """Read a folder of .txt files, one report a file, in the order of their names.

    The date is the header's (`date YYYY-MM-DD`), else the one in the file's name. The text is kept as found.

    Raises
    ------
    InputError
        If a file is empty, binary, not in the encoding, has a line beyond any report's, or no date.
    """
    if not folder.is_dir():
        raise InputError(str(folder), "no such folder", "make it, or correct `path` in the source's YAML")
    files = sorted(p for p in folder.rglob("*") if p.suffix.lower() == ".txt" and p.is_file())
    if not files:
        raise InputError(str(folder), "no .txt file in it", "put reports there, one a file")
    for number, path in enumerate(files, start=1):
        name = path.relative_to(folder).as_posix()
        if not _whole(name):
            raise InputError(repr(os.fsencode(path)), "a file name that is not UTF-8", "rename it")
        text = read_text(path, encoding)
        header = header_date(text)
        published = header[0] if header else name_date(path.name)
        if published is None:
            raise InputError(
                str(path),
                "no date anywhere: neither a header nor one in the file's name",
                "let the file open with `date YYYY-MM-DD`, or name it like 2022-04-08_kyiv.txt",
            )
        yield Row(
            number,
            name,
            name.removesuffix(".txt"),
            {"text": text, "published": published.isoformat()},
            is_file=True,
        )


def read_text(path: Path, encoding: str) -> str:
    """Read one text file whole, or say what is wrong with it."""
    refuse_binary(path, encoding)
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig" if encoding.lower() in {"utf-8", "utf8"} else encoding)
    except UnicodeDecodeError as error:
        raise undecodable(path, encoding, error.object[error.start : error.end], error.start) from None
    except UnicodeError:  # UTF-16 without its byte order mark
        raise undecodable(path, encoding, data[:2], 0) from None
    if not text.strip():
        raise InputError(str(path), "an empty file", "take it out of the folder, or fill it")
    longest = max(map(len, text.splitlines()))
    if longest > LONGEST_LINE:
        raise too_long(path, longest)
    return text


def read_csv(path: Path, columns: dict[str, str], encoding: str, delimiter: str) -> Iterator[Row]:
    """Read a CSV or TSV file with a header, row by row; a row with other fields than the header is marked."""
    refuse_binary(path, encoding)
    csv.field_size_limit(LONGEST_LINE)
    with open_text(path, encoding) as lines:
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        try:
            header = next(reader, [])
            place = find_columns(path, header, columns)
            for number, fields in enumerate((r for r in reader if r), start=1):
                yield _csv_row(path, number, fields, header, place)
        except csv.Error as error:
            raise InputError(
                f"{path}, line {reader.line_num}",
                f"not CSV: {error}",
                "see to the quotation marks and separators of that row",
            ) from None
        except UnicodeError:
            raise locate_undecodable(path, encoding) from None


def _csv_row(path: Path, number: int, fields: list[str], header: list[str], place: dict[str, int]) -> Row:
    if len(fields) != len(header):
        return Row(number, path.name, str(number), fault=f"{len(fields)} fields where the header has {len(header)}")
    return _row(path, number, {ours: fields[i] for ours, i in place.items()})


def read_jsonl(path: Path, columns: dict[str, str], encoding: str) -> Iterator[Row]:
    """Read JSON Lines; a line that is no JSON object is marked."""
    refuse_binary(path, encoding)
    with open_text(path, encoding) as lines:
        absent = set(columns.values())
        keys: list[str] = []
        number = 0
        try:
            for line in iter(lambda: lines.readline(LONGEST_LINE + 1), ""):
                if len(line) > LONGEST_LINE:
                    raise too_long(path, len(line))
                if not line.strip():
                    continue
                number += 1
                row, found = _json_row(path, number, line, columns)
                absent -= found.keys()
                keys = list(found) or keys
                yield row
        except UnicodeError:
            raise locate_undecodable(path, encoding) from None
        if keys and absent:  # exporters leave out keys without a value, but not from every row
            find_columns(path, keys, {ours: theirs for ours, theirs in columns.items() if theirs in absent})


def _json_row(path: Path, number: int, line: str, columns: dict[str, str]) -> tuple[Row, dict[str, Any]]:
    try:
        found = json.loads(line)
    except json.JSONDecodeError as error:
        return Row(number, path.name, str(number), fault=f"not JSON: {error.msg} at character {error.pos + 1}"), {}
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, brackets in thousands
        return Row(number, path.name, str(number), fault=f"not JSON that can be read: {error}"), {}
    if not isinstance(found, dict):
        return Row(number, path.name, str(number), fault="a JSON value that is no object"), {}
    return _row(path, number, {ours: found.get(theirs) for ours, theirs in columns.items()}), found


def read_parquet(path: Path, columns: dict[str, str]) -> Iterator[Row]:
    """Read a Parquet file in slices."""
    if not path.is_file():
        raise missing(path)
    try:
        frame = pl.scan_parquet(path)
        names = frame.collect_schema().names()
        find_columns(path, names, columns)
        count = frame.select(pl.len()).collect().item()
        for start in range(0, count, 10_000):
            part = frame.select(sorted(set(columns.values()))).slice(start, 10_000).collect()
            for number, values in enumerate(part.iter_rows(named=True), start=start + 1):
                yield _row(path, number, {ours: values[theirs] for ours, theirs in columns.items()})
    except (pl.exceptions.PolarsError, OSError) as error:
        raise InputError(
            str(path), f"not a whole Parquet file ({str(error).splitlines()[0]})", "write it again"
        ) from None


def _row(path: Path, number: int, values: dict[str, Any]) -> Row:
    as_text: dict[str, str | None] = {}
    fault = None
    for ours, value in values.items():
        if isinstance(value, dict | list | bytes):
            fault = f"the column for {ours} holds {type(value).__name__}, not text"
            continue
        # a table of numbers gives identifiers as 17.0
        whole = isinstance(value, float) and value.is_integer()
        as_text[ours] = None if value is None else str(int(value) if whole else value)
        if not _whole(as_text[ours] or ""):
            fault = f"the column for {ours} holds half a character (a surrogate)"
            as_text[ours] = None
    name = (as_text.pop("id", None) or "").strip()
    return Row(number, path.name, name or str(number), as_text, fault)


def _whole(text: str) -> bool:
    """Tell whether text can be written as UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def find_columns(path: Path, header: list[str], columns: dict[str, str]) -> dict[str, int]:
    """Find where each column of ours stands in a file's header."""
    if not header:
        raise InputError(str(path), "an empty file", "export it again, with a header")
    for ours, theirs in columns.items():
        if theirs not in header:
            raise InputError(
                f"{path}, column {theirs}",
                f"there is no such column (wanted for {ours})",
                f"set `columns.{ours}` in the source's YAML; {known(theirs, header)}",
            )
        if header.count(theirs) > 1:
            raise InputError(f"{path}, column {theirs}", "it stands in the header twice", "give each a name of its own")
    return {ours: header.index(theirs) for ours, theirs in columns.items()}


def open_text(path: Path, encoding: str) -> IO[str]:
    """Open a text file; a byte order mark is not text."""
    return path.open(encoding="utf-8-sig" if encoding.lower() in {"utf-8", "utf8"} else encoding, newline="")


def refuse_binary(path: Path, encoding: str) -> None:
    """Refuse a file that is missing, empty, or no text."""
    if not path.is_file():
        raise missing(path)
    with path.open("rb") as file:
        head = file.read(_SNIFFED)
    if not head:
        raise InputError(str(path), "an empty file", "take it out, or fill it")
    for magic, what in _MAGIC.items():
        if head.startswith(magic):
            raise InputError(str(path), f"{what}, not text", "export the report as plain text in UTF-8")
    wide = codecs.lookup(encoding).name.startswith(("utf-16", "utf-32"))
    if b"\0" in head and not wide:
        at = head.index(b"\0")
        hint = (
            "set `encoding: utf-16`" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "export it as plain text in UTF-8"
        )
        raise InputError(str(path), f"a binary file (a zero byte at offset {at})", hint)


def undecodable(path: Path, encoding: str, found: bytes, offset: int) -> InputError:
    """Say which bytes are not in the encoding."""
    shown = " ".join(f"0x{b:02x}" for b in found[:8])
    return InputError(
        f"{path}, byte {offset}",
        f"{shown} is not {encoding}",
        "set `encoding` in the source's YAML (windows-1252 is likely for Western texts), or save the file as UTF-8",
    )


def locate_undecodable(path: Path, encoding: str) -> InputError:
    """Find the first bytes of a large file that are not in the encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    offset = 0
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            held = len(decoder.getstate()[0])
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                return undecodable(path, encoding, error.object[error.start : error.end], offset - held + error.start)
            except UnicodeError:  # UTF-16 without its byte order mark
                return undecodable(path, encoding, chunk[:2], 0)
            offset += len(chunk)
    rest = decoder.getstate()[0]  # the file ends within a character, or lacks the mark that the encoding opens with
    return undecodable(path, encoding, rest or path.read_bytes()[:2], offset - len(rest) if rest else 0)


def too_long(path: Path, length: int) -> InputError:
    """Say that a line is longer than any report."""
    return InputError(
        str(path),
        f"a line of {length:,} characters or more (at most {LONGEST_LINE:,} are read as one report)",
        "cut it into one report a file, or give it as CSV or JSON Lines with one report a row",
    )


def missing(path: Path) -> InputError:
    """Say that a file is not there."""
    return InputError(str(path), "no such file", "put it there, or correct `path` in the source's YAML")


READERS: dict[str, Callable[[Path, dict[str, str], str], Iterator[Row]]] = {
    "text": lambda path, _columns, encoding: read_folder(path, encoding),
    "csv": lambda path, columns, encoding: read_csv(path, columns, encoding, ","),
    "tsv": lambda path, columns, encoding: read_csv(path, columns, encoding, "\t"),
    "jsonl": read_jsonl,
    "parquet": lambda path, columns, _encoding: read_parquet(path, columns),
}
