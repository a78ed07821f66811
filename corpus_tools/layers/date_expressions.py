"""Date expressions while they are being read: calendar arithmetic, ranges, and dates counted from other dates."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from corpus_tools.layers import date_patterns as patterns
from corpus_tools.layers.date_patterns import Unit

_REACH = 40  # number of earlier expressions that another may be counted from


@dataclass(frozen=True, slots=True)
class DateExpression:
    """A date expression with what is known of its value.

    Parameters
    ----------
    start, end
        Its span.
    unit
        Its unit; an interval consists of two of these.
    first
        First day of the unit; None as long as the date it is counted from is unknown.
    last
        First day of the last unit of an interval.
    step
        Number of units from the date that it is counted from, which is looked up when all others are known.
    clause
        Whether the date that it is counted from is in the clause that follows (`two days after the fire`).
    written
        Whether it has its calendar day, which makes it a safer anchor than a weekday.
    open_year
        Whether the year is left out.
    """

    start: int
    end: int
    unit: Unit
    first: date | None
    last: date | None = None
    step: int = 0
    clause: bool = False
    written: bool = False
    open_year: bool = False

    def value(self) -> str:
        """Return the ISO 8601 value."""
        return "/".join(_iso(day, self.unit) for day in (self.first, self.last) if day)


def _iso(day: date, unit: Unit) -> str:
    if unit == "week":
        year, week, _ = day.isocalendar()
        return f"{year:04}-W{week:02}"
    return day.isoformat()[: {"day": 10, "month": 7, "year": 4}[unit]]


def calendar_day(year: int, month: int, day: int) -> date | None:
    """Return a day; None if the calendar lacks it.

    Examples
    --------
    >>> calendar_day(2023, 2, 29) is None
    True
    """
    try:
        return date(year, month, day)
    except ValueError:
        return None


def first_day(day: date, unit: Unit) -> date:
    """Return the first day of the week, month or year that contains a day."""
    if unit == "week":
        return day - timedelta(min(day.weekday(), day.toordinal() - 1))
    return day.replace(month=1, day=1) if unit == "year" else day.replace(day=1) if unit == "month" else day


def shift(day: date, step: int, unit: Unit) -> date | None:
    """Return the first day of the unit that is `step` units away; None beyond the ends of the calendar.

    Examples
    --------
    >>> shift(date(2022, 4, 8), -1, "month")
    datetime.date(2022, 3, 1)
    """
    try:
        if unit in ("day", "week"):
            return first_day(day + timedelta(step * (7 if unit == "week" else 1)), unit)
        months = day.year * 12 + day.month - 1 + step * (12 if unit == "year" else 1)
        return first_day(date(months // 12, months % 12 + 1, 1), unit)
    except (OverflowError, ValueError):
        return None


def same_day_before(today: date, unit: Unit) -> date | None:
    """Return the day one week, month or year before a day, as `in the last month` counts."""
    if unit == "week":
        return shift(today, -7, "day")
    month = shift(today, -1, unit)
    if month is None:
        return None
    return calendar_day(month.year, today.month if unit == "year" else month.month, today.day) or month


def join(text: str, expressions: list[DateExpression]) -> list[DateExpression]:
    """Join a weekday with its date, and the two ends of a range; an end without a year takes the other's."""
    joined: list[DateExpression] = []
    for expression in expressions:
        if joined and (both := _both(text, joined[-1], expression)):
            joined[-1] = both
        else:
            joined.append(expression)
    return joined


def _both(text: str, a: DateExpression, b: DateExpression) -> DateExpression | None:
    gap = text[a.end : b.start] if b.start - a.end < 16 else "|"
    if not a.first or not b.first or a.unit != b.unit or a.last or b.last:
        return None
    if a.unit == "day" and b.written and not a.written and patterns.DATE_OF_DAY.fullmatch(gap):
        return replace(b, start=a.start)
    between = gap == " and " and text[max(0, a.start - 8) : a.start].lower() == "between "
    if not (patterns.RANGE.fullmatch(gap) or between):
        return None
    first = a.first
    if a.open_year and not b.open_year:
        first = calendar_day(b.first.year, first.month, first.day) or first
    return replace(a, end=b.end, first=first, last=b.first) if first < b.first else None


def resolve(text: str, published: date | None, expressions: list[DateExpression]) -> list[DateExpression]:
    """Resolve what is counted from other dates: `two days earlier`, `that week`, `a week after his 20 January speech`.

    An expression that cannot be resolved is left out.
    """
    known: list[DateExpression] = []
    for i, expression in enumerate(expressions):
        if expression.first:
            known.append(expression)
        elif first := _counted_from(text, published, expression, known, next(iter(expressions[i + 1 : i + 2]), None)):
            known.append(replace(expression, first=first))
    return known


def _counted_from(
    text: str,
    published: date | None,
    expression: DateExpression,
    known: list[DateExpression],
    following: DateExpression | None,
) -> date | None:
    step, unit = expression.step, expression.unit
    if not expression.clause:
        return _from_nearest(published, expression, known)
    if known and known[-1].first and patterns.APPOSED.fullmatch(text[known[-1].end : expression.start][:90]):
        return first_day(known[-1].first, unit)  # `on Thursday, two days before the fire`: that Thursday
    gap = text[expression.end : following.start][:90] if following else ""
    if following and following.first and patterns.SAME_CLAUSE.fullmatch(gap):
        return shift(following.first, step, unit)
    if unit not in ("day", "week"):
        return None
    if patterns.EVENT.match(text, expression.end):  # the event is mostly that of the first day that a report names
        anchor = next((k.first for k in known[:_REACH] if k.unit == "day"), None)
    else:  # any other anchor has to be close
        anchor = next((k.first for k in known[-1:] if k.written and expression.start - k.end < 600), None)
    first = shift(anchor, step, unit) if anchor else None
    return first if first and (published is None or first <= published) else None


_FINER: dict[Unit, tuple[Unit, ...]] = {
    "day": ("day",),
    "week": ("day", "week"),
    "month": ("day", "week", "month"),
    "year": ("day", "week", "month", "year"),
}


def _from_nearest(published: date | None, expression: DateExpression, known: list[DateExpression]) -> date | None:
    # The limited reach keeps the running time linear in the length of the report.
    near = (k.last or k.first for k in known[: -_REACH - 1 : -1] if k.unit in _FINER[expression.unit])
    anchor = next(near, published if expression.step < 0 else None)
    first = shift(anchor, expression.step, expression.unit) if anchor else None
    return None if first and published and expression.unit == "year" and first > published else first
