"""Text for people: lines that fit a terminal, and counts with their noun."""

from __future__ import annotations

from datetime import date

from wcwidth import wcswidth

WIDTH = 80  # columns of a terminal


def one_line(text: object, width: int = WIDTH) -> str:
    r"""Return text as one line of a terminal, cut with an ellipsis if it is too long.

    Examples
    --------
    >>> one_line("Kyiv\tand the \x1b[31mnorth", 12)
    'Kyiv and th…'
    """
    line = printable(text)
    if columns(line) <= width:
        return line
    line = line[: width - 1]
    while columns(line) >= width:
        line = line[:-1]
    return line + "…"


def printable(text: object) -> str:
    """Replace every character that does not print by a space, so that no report can steer a terminal."""
    return "".join(c if c.isprintable() else " " for c in str(text))


def columns(text: str) -> int:
    r"""Return how many columns of a terminal a text takes.

    Examples
    --------
    >>> columns("Kyiv"), columns("北京"), columns("e\u0301")
    (4, 4, 1)
    """
    return wcswidth(printable(text))


def padded(text: str, width: int, *, right: bool = False) -> str:
    """Fill up a text with spaces to a number of columns: on the right, or before it if it is aligned right."""
    spaces = " " * (width - columns(text))
    return spaces + text if right else text + spaces


def plural(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun.

    Examples
    --------
    >>> plural(1, "report"), plural(1200, "report"), plural(2, "country", "countries")
    ('1 report', '1,200 reports', '2 countries')
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def number(value: float | None, name: str = "") -> str:
    """Return a number as a table shows it: integers with separators, others with the digits that matter.

    Examples
    --------
    >>> number(12345), number(1234.5), number(12.345), number(0.0123), number(-3.0, "log_ratio"), number(0.0, "q")
    ('12,345', '1,234', '12.3', '0.012', '-3.00', '<0.001')
    """
    if value is None or value != value:  # noqa: PLR0124 (not a number)
        return ""
    if isinstance(value, int):
        return f"{value:,}"
    if name == "q":
        return "<0.001" if value < 0.001 else f"{value:.3f}"
    size = abs(value)
    return f"{value:,.{0 if size >= 100 else 1 if size >= 10 else 2 if size >= 1 or name.startswith('log') else 3}f}"


def day(value: date | None) -> str:
    """Return a day as English writes it.

    Examples
    --------
    >>> day(date(2017, 3, 6))
    '6 Mar 2017'
    """
    return f"{value.day} {value:%b %Y}" if value else ""
