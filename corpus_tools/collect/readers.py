"""Read the files of sources into rows. Faulty rows are marked; a file of the wrong form raises InputError."""

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
from corpus_tools.text.publication_dates import file_name_date, header_date

# A report has a few thousand characters, the longest novel in English about 3 million. A longer line means that the
# file has lost its line ends or separators.
_LONGEST_LINE = 5_000_000
_HEAD_BYTES = 8192
_MAGIC = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a ZIP, Word or Excel file",
    b"\xd0\xcf\x11\xe0": "an old Word or Excel file",
    b"\x1f\x8b": "a gzip file",
    b"\x89PNG": "a PNG picture",
    b"{\\rtf": "an RTF file",
}


@dataclass
class SourceRow:
    """One row of a source: its values by column of `raw`, or its fault."""

    number: int  # from 1
    file: str
    id: str
    values: dict[str, str | None] = field(default_factory=dict)
    fault: str | None = None
    is_file: bool = False

    def location(self, label: str) -> str:
        """Return the location of the row in the file or folder `label`, for messages."""
        return f"{label}, {self.file}" if self.is_file else f"{label}, row {self.number}"


def _read_folder(folder: Path, encoding: str) -> Iterator[SourceRow]:
    """Read a folder of .txt files with one report each, in the order of their names.

    The date is that of the header (`date YYYY-MM-DD`), else that in the file name. The text is kept as found.
    """
    if not folder.is_dir():
        raise InputError(str(folder), "no such folder", "create it, or correct `path` in the source's YAML file")
    files = sorted(p for p in folder.rglob("*") if p.suffix.lower() == ".txt" and p.is_file())
    if not files:
        raise InputError(str(folder), "no .txt file in it", "put reports there, one per file")
    for number, path in enumerate(files, start=1):
        name = path.relative_to(folder).as_posix()
        if not _is_encodable(name):
            raise InputError(repr(os.fsencode(path)), "a file name that is not UTF-8", "rename it")
        text = _read_text(path, encoding)
        header = header_date(text)
        published = header[0] if header else file_name_date(path.name)
        if published is None:
            raise InputError(
                str(path),
                "no date, neither in a header nor in the file name",
                "start the file with `date YYYY-MM-DD`, or name it like 2022-04-08_kyiv.txt",
            )
        values: dict[str, str | None] = {"text": text, "published": published.isoformat()}
        yield SourceRow(number, name, name.removesuffix(".txt"), values, is_file=True)


def _read_text(path: Path, encoding: str) -> str:
    _check_is_text(path, encoding)
    data = path.read_bytes()
    try:
        text = data.decode(_codec(encoding))
    except UnicodeDecodeError as error:
        raise _undecodable(path, encoding, error.object[error.start : error.end], error.start) from None
    except UnicodeError:  # UTF-16 without its byte order mark
        raise _undecodable(path, encoding, data[:2], 0) from None
    if not text.strip():
        raise _empty(path)
    longest = max(map(len, text.splitlines()))
    if longest > _LONGEST_LINE:
        raise _too_long(path, longest)
    return text


def _read_csv(path: Path, columns: dict[str, str], encoding: str, delimiter: str) -> Iterator[SourceRow]:
    """Read a CSV or TSV file with a header; a row with more or fewer fields than the header is faulty."""
    _check_is_text(path, encoding)
    csv.field_size_limit(_LONGEST_LINE)
    with _open_text(path, encoding) as lines:
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        try:
            header = next(reader, [])
            positions = _find_columns(path, header, columns)
            for number, fields in enumerate((r for r in reader if r), start=1):
                yield _csv_row(path, number, fields, header, positions)
        except csv.Error as error:
            raise InputError(
                f"{path}, line {reader.line_num}",
                f"not CSV: {error}",
                "check the quotation marks and separators of that row",
            ) from None
        except UnicodeError:
            raise _locate_undecodable(path, encoding) from None


def _csv_row(path: Path, number: int, fields: list[str], header: list[str], positions: dict[str, int]) -> SourceRow:
    if len(fields) != len(header):
        return _faulty(path, number, f"{len(fields)} fields where the header has {len(header)}")
    return _row(path, number, {ours: fields[i] for ours, i in positions.items()})


def _faulty(path: Path, number: int, fault: str) -> SourceRow:
    return SourceRow(number, path.name, str(number), fault=fault)


def _read_jsonl(path: Path, columns: dict[str, str], encoding: str) -> Iterator[SourceRow]:
    """Read JSON Lines; a line that is not a JSON object is faulty."""
    _check_is_text(path, encoding)
    with _open_text(path, encoding) as lines:
        absent = set(columns.values())
        keys: list[str] = []
        number = 0
        try:
            for line in iter(lambda: lines.readline(_LONGEST_LINE + 1), ""):
                if len(line) > _LONGEST_LINE:
                    raise _too_long(path, len(line))
                if not line.strip():
                    continue
                number += 1
                row, values = _json_row(path, number, line, columns)
                absent -= values.keys()
                keys = list(values) or keys
                yield row
        except UnicodeError:
            raise _locate_undecodable(path, encoding) from None
        if keys and absent:  # exporters leave out keys without a value, but not from every row
            _find_columns(path, keys, {ours: theirs for ours, theirs in columns.items() if theirs in absent})


def _json_row(path: Path, number: int, line: str, columns: dict[str, str]) -> tuple[SourceRow, dict[str, Any]]:
    try:
        values = json.loads(line)
    except json.JSONDecodeError as error:
        return _faulty(path, number, f"not JSON: {error.msg} at character {error.pos + 1}"), {}
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, thousands of nested brackets
        return _faulty(path, number, f"not JSON that can be read: {error}"), {}
    if not isinstance(values, dict):
        return _faulty(path, number, "a JSON value that is not an object"), {}
    return _row(path, number, {ours: values.get(theirs) for ours, theirs in columns.items()}), values


def _read_parquet(path: Path, columns: dict[str, str]) -> Iterator[SourceRow]:
    """Read a Parquet file slice by slice, to save memory."""
    if not path.is_file():
        raise _missing(path)
    try:
        frame = pl.scan_parquet(path)
        _find_columns(path, frame.collect_schema().names(), columns)
        frame = frame.select(sorted(set(columns.values())))
        for start in range(0, frame.select(pl.len()).collect().item(), 10_000):
            rows = frame.slice(start, 10_000).collect().iter_rows(named=True)
            for number, values in enumerate(rows, start=start + 1):
                yield _row(path, number, {ours: values[theirs] for ours, theirs in columns.items()})
    except (pl.exceptions.PolarsError, OSError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(str(path), f"not a complete Parquet file ({reason})", "export it again") from None


def _row(path: Path, number: int, values: dict[str, Any]) -> SourceRow:
    as_text: dict[str, str | None] = {}
    fault = None
    for ours, value in values.items():
        if isinstance(value, dict | list | bytes):
            fault = f"the column for {ours} holds {type(value).__name__}, not text"
            continue
        # in a table of floats, the identifier 17 is 17.0
        is_integer = isinstance(value, float) and value.is_integer()
        as_text[ours] = None if value is None else str(int(value) if is_integer else value)
        if not _is_encodable(as_text[ours] or ""):
            fault = f"the column for {ours} holds half a character (a surrogate)"
            as_text[ours] = None
    identifier = (as_text.pop("id", None) or "").strip()
    return SourceRow(number, path.name, identifier or str(number), as_text, fault)


def _is_encodable(text: str) -> bool:
    """Check whether a text can be encoded as UTF-8: an unpaired surrogate cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _find_columns(path: Path, header: list[str], columns: dict[str, str]) -> dict[str, int]:
    """Return the position of each column of `raw` in the header of a file."""
    if not header:
        raise InputError(str(path), "an empty file", "export it again, with a header")
    for ours, theirs in columns.items():
        if theirs not in header:
            raise InputError(
                f"{path}, column {theirs}",
                f"no such column (needed for {ours})",
                f"set `columns.{ours}` in the source's YAML file; {known(theirs, header)}",
            )
        if header.count(theirs) > 1:
            raise InputError(f"{path}, column {theirs}", "the header has it twice", "rename one of the two columns")
    return {ours: header.index(theirs) for ours, theirs in columns.items()}


def _open_text(path: Path, encoding: str) -> IO[str]:
    return path.open(encoding=_codec(encoding), newline="")


def _codec(encoding: str) -> str:
    """Return the codec that also drops a byte order mark."""
    return "utf-8-sig" if encoding.lower() in {"utf-8", "utf8"} else encoding


def _check_is_text(path: Path, encoding: str) -> None:
    """Raise InputError if a file is missing, empty or binary."""
    if not path.is_file():
        raise _missing(path)
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if not head:
        raise _empty(path)
    for magic, what in _MAGIC.items():
        if head.startswith(magic):
            raise InputError(str(path), f"{what}, not text", "export the report as plain text in UTF-8")
    wide = codecs.lookup(encoding).name.startswith(("utf-16", "utf-32"))
    if b"\0" in head and not wide:
        is_utf_16 = head[:2] in (b"\xff\xfe", b"\xfe\xff")
        remedy = "set `encoding: utf-16`" if is_utf_16 else "export it as plain text in UTF-8"
        offset = head.index(b"\0")
        raise InputError(str(path), f"a binary file (a zero byte at offset {offset})", remedy)


def _undecodable(path: Path, encoding: str, invalid: bytes, offset: int) -> InputError:
    shown = " ".join(f"0x{b:02x}" for b in invalid[:8])
    return InputError(
        f"{path}, byte {offset}",
        f"{shown} is not {encoding}",
        "set `encoding` in the source's YAML file (for Western texts, try windows-1252), or save the file as UTF-8",
    )


def _locate_undecodable(path: Path, encoding: str) -> InputError:
    """Find the first bytes of a large file that are not in the encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    offset = 0
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            held = len(decoder.getstate()[0])
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                return _undecodable(path, encoding, error.object[error.start : error.end], offset - held + error.start)
            except UnicodeError:  # UTF-16 without its byte order mark
                return _undecodable(path, encoding, chunk[:2], 0)
            offset += len(chunk)
    rest = decoder.getstate()[0]  # the file ends inside a character, or lacks the byte order mark of its encoding
    return _undecodable(path, encoding, rest or path.read_bytes()[:2], offset - len(rest) if rest else 0)


def _too_long(path: Path, length: int) -> InputError:
    return InputError(
        str(path),
        f"a line of {length:,} characters or more (a report may have at most {_LONGEST_LINE:,})",
        "split it into one report per file, or export it as CSV or JSON Lines with one report per row",
    )


def _empty(path: Path) -> InputError:
    return InputError(str(path), "an empty file", "remove it, or export it again")


def _missing(path: Path) -> InputError:
    return InputError(str(path), "no such file", "put it there, or correct `path` in the source's YAML file")


# Readers by kind of source. Each takes a file or folder, the source's name of each column of `raw`, and an encoding.
READERS: dict[str, Callable[[Path, dict[str, str], str], Iterator[SourceRow]]] = {
    "text": lambda path, _columns, encoding: _read_folder(path, encoding),
    "csv": lambda path, columns, encoding: _read_csv(path, columns, encoding, ","),
    "tsv": lambda path, columns, encoding: _read_csv(path, columns, encoding, "\t"),
    "jsonl": _read_jsonl,
    "parquet": lambda path, columns, _encoding: _read_parquet(path, columns),
}
