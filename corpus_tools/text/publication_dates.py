"""Dates of publication as sources write them.

A date is read only if it can mean one day. `08/04/2022` can mean two, so it is refused unless the source sets a
`date_format`. A plain number is never a date.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime

from corpus_tools.errors import InputError

_MONTHS = "january february march april may june july august september october november december".split()
# Abbreviations have three letters, but for the AP stylebook's "Sept."
_WRITTEN = [f"{m[:3]}(?:{m[3:]})?" if m != "september" else "sept?(?:ember)?" for m in _MONTHS]
_MONTH = rf"(?P<month>{'|'.join(_WRITTEN)})\.?"
_TIME = (
    r"(?:(?:[T,]\s*|\s+(?:at\s+)?)(?P<hour>\d{1,2})[:.](?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?"
    r"\s*(?P<half>[ap]\.?m\.?)?)?(?:\s*(?:Z|UTC|GMT|[A-Z]{2,4}|[+-]\d\d(?::?\d\d)?))?"
)
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_FORMS = [
    # 2016/12/30 7:11, 2022-04-08T06:30:00Z, 2022.04.08
    rf"(?P<year>\d{{4}})(?P<sep>[-/.])(?P<m>\d{{1,2}})(?P=sep)(?P<day>\d{{1,2}}){_TIME}",
    # Fri, 8 April 2022 06:30:00 +0000
    rf"{_WEEKDAY}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s-]+{_MONTH},?[\s-]+(?P<year>\d{{4}}){_TIME}",
    # Friday, April 8, 2022 6:30 p.m.
    rf"{_WEEKDAY}{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}}){_TIME}",
    # 08.04.2022: wherever dates are written with dots, the day comes first
    rf"(?P<day>\d{{1,2}})\.(?P<m>\d{{1,2}})\.(?P<year>\d{{4}}){_TIME}",
    # 25/12/2022 and 12/25/2022 mean one day each; 08/04/2022 does not, see _month_and_day
    rf"(?P<first>\d{{1,2}})[-/](?P<second_part>\d{{1,2}})[-/](?P<year>\d{{4}}){_TIME}",
]
_PATTERNS = [re.compile(form, re.IGNORECASE) for form in _FORMS]
_HEADER = re.compile(r"\s*date[ \t:]+(\d{4}-\d{2}-\d{2})\b[ \t]*", re.IGNORECASE)
# Digits with a letter or digit on either side belong to something else, such as a hash or a serial number.
_IN_FILE_NAME = re.compile(r"(?<![0-9A-Za-z])((?:19|20)\d\d)([-_.]?)([01]\d)\2([0-3]\d)(?![0-9A-Za-z])")


def parse_datetime(written: str, date_format: str | None = None) -> datetime | None:
    """Read a date as written, with its time if it has one.

    Parameters
    ----------
    written
        The date as the source has it; white space around it is ignored.
    date_format
        A `strptime` format, the only one that is then accepted.

    Returns
    -------
    Date and time by the source's own clock, without a time zone; None unless the text means one day.

    Examples
    --------
    >>> parse_datetime("          2016/12/30 7:11")
    datetime.datetime(2016, 12, 30, 7, 11)
    >>> parse_datetime("8 April 2022").date().isoformat()
    '2022-04-08'
    >>> parse_datetime("08/04/2022") is None  # 8 April or 4 August?
    True
    >>> parse_datetime("08/04/2022", "%d/%m/%Y").date().isoformat()
    '2022-04-08'
    """
    written = " ".join(written.split())
    if date_format is not None:
        try:
            return datetime.strptime(written, date_format)
        except ValueError:
            return None
    for pattern in _PATTERNS:
        if match := pattern.fullmatch(written):
            return _datetime(match.groupdict())
    return None


def _datetime(groups: dict[str, str | None]) -> datetime | None:
    def number(name: str) -> int:
        return int(groups.get(name) or 0)

    month, day = _month_and_day(groups, number)
    hour = number("hour")
    if half := groups.get("half"):
        hour = hour % 12 + (12 if half[0] in "pP" else 0)
    try:
        return datetime(number("year"), month, day, hour, number("minute"), number("second"))
    except ValueError:
        return None


def _month_and_day(groups: dict[str, str | None], number: Callable[[str], int]) -> tuple[int, int]:
    if name := groups.get("month"):
        return next(i for i, m in enumerate(_MONTHS, start=1) if m.startswith(name.lower()[:3])), number("day")
    if not groups.get("first"):
        return number("m"), number("day")
    first, second = number("first"), number("second_part")
    if first == second or second > 12 >= first:
        return first, second
    # (0, 0) is no date, so it is refused
    return (second, first) if first > 12 >= second else (0, 0)


def as_day(published: date | str | None) -> date | None:
    """Convert a day of publication to a date.

    Raises
    ------
    InputError
        If it is text that cannot mean one day.

    Examples
    --------
    >>> as_day("2017/3/9")
    datetime.date(2017, 3, 9)
    """
    if isinstance(published, datetime):
        return published.date()
    if not isinstance(published, str):
        return published
    published_at = parse_datetime(published)
    if published_at is None:
        raise InputError("published", f"{published!r} cannot be read as one day", "write it as YYYY-MM-DD")
    return published_at.date()


def header_date(text: str) -> tuple[date, int] | None:
    """Find the header `date YYYY-MM-DD` that opens a report, and the offset at which it ends.

    Examples
    --------
    >>> header_date(" date 2022-04-08 SEVERODONETSK, Ukraine: ...")
    (datetime.date(2022, 4, 8), 17)
    >>> header_date("On that date 2022-04-08 ...") is None
    True
    """
    match = _HEADER.match(text)
    published_at = parse_datetime(match.group(1)) if match else None
    return (published_at.date(), match.end()) if match and published_at else None


def file_name_date(name: str) -> date | None:
    """Find a day in the name of a file.

    Examples
    --------
    >>> file_name_date("2022-04-08_afp.txt"), file_name_date("20220408.txt")
    (datetime.date(2022, 4, 8), datetime.date(2022, 4, 8))
    >>> file_name_date("000_10145fd6475e8b3e.txt") is None
    True
    """
    match = _IN_FILE_NAME.search(name)
    published_at = parse_datetime(f"{match.group(1)}-{match.group(3)}-{match.group(4)}") if match else None
    return published_at.date() if published_at else None
