"""Dates of publication as sources write them.

A date is read only from a form that can mean one day. `08/04/2022` could mean two, so it is refused unless
the source says which part is the day; a plain number is never a date.
"""

from __future__ import annotations

import re
from datetime import date, datetime

from corpus_tools.errors import InputError

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
# "Sept." is the form of the AP stylebook, the others are the first three letters.
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
    # 08.04.2022: with dots the day comes first wherever it is written so
    rf"(?P<day>\d{{1,2}})\.(?P<m>\d{{1,2}})\.(?P<year>\d{{4}}){_TIME}",
    # 25/12/2022 and 12/25/2022 mean one day each; 08/04/2022 does not, see _slashed
    rf"(?P<first>\d{{1,2}})[-/](?P<second_part>\d{{1,2}})[-/](?P<year>\d{{4}}){_TIME}",
]
_PATTERNS = [re.compile(form, re.IGNORECASE) for form in _FORMS]
_HEADER = re.compile(r"\s*date[ \t:]+(\d{4}-\d{2}-\d{2})\b[ \t]*", re.IGNORECASE)
# Letters or digits on either side make it a part of something else (a hash, a serial number).
_IN_NAME = re.compile(r"(?<![0-9A-Za-z])((?:19|20)\d\d)([-_.]?)([01]\d)\2([0-3]\d)(?![0-9A-Za-z])")


def parse_moment(written: str, date_format: str | None = None) -> datetime | None:
    """Read one written date, with its time where it has one.

    Parameters
    ----------
    written
        The date as the source has it; white space around it is left aside.
    date_format
        A `strptime` format; then nothing else is accepted.

    Returns
    -------
    The moment without a zone (a source's own clock), or None if this is not a date that can mean one day.

    Examples
    --------
    >>> parse_moment("          2016/12/30 7:11")
    datetime.datetime(2016, 12, 30, 7, 11)
    >>> parse_moment("8 April 2022").date().isoformat()
    '2022-04-08'
    >>> parse_moment("08/04/2022") is None  # 8 April or 4 August?
    True
    >>> parse_moment("08/04/2022", "%d/%m/%Y").date().isoformat()
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
            return _moment(match.groupdict())
    return None


def _moment(parts: dict[str, str | None]) -> datetime | None:
    month, day = _month_and_day(parts)
    hour = int(parts.get("hour") or 0)
    if half := parts.get("half"):
        hour = hour % 12 + (12 if half[0] in "pP" else 0)
    try:
        return datetime(  # a source's own clock: its zone is seldom said
            int(parts["year"] or 0), month, day, hour, int(parts.get("minute") or 0), int(parts.get("second") or 0)
        )  # fmt: skip
    except ValueError:
        return None


def _month_and_day(parts: dict[str, str | None]) -> tuple[int, int]:
    if name := parts.get("month"):
        number = next(i for i, m in enumerate(_MONTHS, start=1) if m.startswith(name.lower()[:3]))
        return number, int(parts["day"] or 0)
    if parts.get("first"):
        first, second = int(parts["first"] or 0), int(parts["second_part"] or 0)
        if first == second or second > 12 >= first:
            return first, second
        if first > 12 >= second:
            return second, first
        return 0, 0  # no such day: refused
    return int(parts["m"] or 0), int(parts["day"] or 0)


def as_day(published: date | str | None) -> date | None:
    """Take a day of publication in any form that can mean one day.

    Raises
    ------
    InputError
        If it is text that cannot.

    Examples
    --------
    >>> as_day("2017/3/9")
    datetime.date(2017, 3, 9)
    """
    if isinstance(published, datetime):
        return published.date()
    if not isinstance(published, str):
        return published
    moment = parse_moment(published)
    if moment is None:
        raise InputError("published", f"{published!r} cannot be read as one day", "give it as YYYY-MM-DD")
    return moment.date()


def header_date(text: str) -> tuple[date, int] | None:
    """Find the header line `date YYYY-MM-DD` that opens a plain report, and where it ends.

    Examples
    --------
    >>> header_date(" date 2022-04-08 SEVERODONETSK, Ukraine: ...")
    (datetime.date(2022, 4, 8), 17)
    >>> header_date("On that date 2022-04-08 ...") is None
    True
    """
    match = _HEADER.match(text)
    moment = parse_moment(match.group(1)) if match else None
    return (moment.date(), match.end()) if match and moment else None


def name_date(name: str) -> date | None:
    """Find a day in a file's name.

    Examples
    --------
    >>> name_date("2022-04-08_afp.txt"), name_date("20220408.txt")
    (datetime.date(2022, 4, 8), datetime.date(2022, 4, 8))
    >>> name_date("000_10145fd6475e8b3e.txt") is None
    True
    """
    if match := _IN_NAME.search(name):
        moment = parse_moment(f"{match.group(1)}-{match.group(3)}-{match.group(4)}")
        return moment.date() if moment else None
    return None
