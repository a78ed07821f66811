"""Times: dates and relative days, weeks, months and years, each with its ISO 8601 value.

The rules follow HeidelTime (Stroetgen & Gertz 2013) and SUTime (Chang & Manning 2012), for English news: a word that
can be a date triggers, and its context decides. Values follow TIMEX3 (Pustejovsky et al. 2003), except that a decade
is an interval of years. What an expression leaves open is taken from the day of publication or an earlier date.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from datetime import date

from corpus_tools.layers import date_patterns as patterns
from corpus_tools.layers.date_expressions import (
    DateExpression,
    calendar_day,
    first_day,
    join,
    resolve,
    same_day_before,
    shift,
)
from corpus_tools.layers.date_patterns import UNITS, WHICH_STEP, Unit
from corpus_tools.layers.layer import (
    DATES_AND_PLACES,
    Brat,
    Conllu,
    CountTable,
    Display,
    Gold,
    GoldText,
    Highlight,
    HighlightKind,
    Layer,
    Row,
    Values,
)
from corpus_tools.layers.matching import overlap
from corpus_tools.layers.types import Report, Time
from corpus_tools.runtime.records import GoldSpan, Section
from corpus_tools.runtime.schema import DOC_ID, END, START, TEXT, WORDS, Column, Table
from corpus_tools.text.wording import with_details


def find_times(report: Report) -> list[Time]:
    """Find the dates of a report and their values.

    Times of day, durations, ages and vague words are left out. A plain number is a year only where its neighbours
    allow it.

    Parameters
    ----------
    report
        Its text, day of publication and sentences. Without a day of publication, expressions that depend on it are
        left out.

    Returns
    -------
    In the order of the text, not overlapping.

    Examples
    --------
    >>> text = "Troops left on Thursday after talks last month. Donetsk has been held since 2014."
    >>> report = Report(text, date(2022, 4, 8), 0, [(0, 47), (48, 81)])
    >>> [(text[t.start : t.end], t.value) for t in find_times(report)]
    [('Thursday', '2022-04-07'), ('last month', '2022-03'), ('2014', '2014')]
    """
    return [Time(e.start, e.end, e.value(), "interval" if e.last else e.unit) for e in _DateReader(report).read()]


class _DateReader:
    """Reads a report from left to right, as the value of a date may depend on those before it."""

    def __init__(self, report: Report) -> None:
        self.text, self.published = report.text, report.published
        self.starts = [start for start, _ in report.sentences]
        self.ends = [end for _, end in report.sentences]
        self.first = self.end = report.dateline_start
        self.ahead: dict[int, date] = {}  # weekdays that have been read as days ahead
        self.before: DateExpression | None = None
        self.year: int | None = None  # the last year written
        self.named_may = "Theresa May" in self.text or "Mrs May" in self.text or "Ms May" in self.text

    def read(self) -> list[DateExpression]:
        """Read the text once, and return its date expressions with what each leaves open resolved."""
        text, expressions = self.text, []
        for trigger in patterns.TRIGGER.finditer(text, self.first):
            if (start := trigger.start()) < self.end:
                continue
            char = text[start]
            read = self._number if char in "12" else self._month if char.isupper() else self._word
            if e := read(start):
                expressions.append(e)
                self.end, self.before = e.end, e
                if e.first and (e.written or e.unit in ("year", "month")) and not e.open_year:
                    self.year = e.first.year
        return resolve(text, self.published, join(text, expressions))

    def _left(self, start: int, length: int = 32) -> str:
        return self.text[max(self.end, start - length) : start]

    def _direction(self, start: int, end: int) -> str | None:
        """Return future, maybe or past, by the nearest cue before a date in its clause, else the first after it."""
        i = bisect_right(self.starts, start) - 1
        low, high = (self.starts[i], self.ends[i]) if i >= 0 else (0, len(self.text))
        before = None
        for match in patterns.CUE.finditer(self.text, max(low, self.end, start - 120), start):
            before = match.lastgroup
        if before:
            return before
        after = patterns.CUE.search(self.text, end, min(high, end + 80))
        # Cues before an earlier date of the sentence come last.
        cue = after or patterns.CUE.search(self.text, max(low, start - 240), max(low, min(self.end, start)))
        return cue.lastgroup if cue else None

    def _number(self, start: int) -> DateExpression | None:
        match = patterns.YEAR.match(self.text, start)
        left = self._left(start)
        if match is None or left[-1:].isdigit():
            return None
        numeric = patterns.LEFT_NUMERIC.search(left) if left.endswith((".", "/", "-")) else None
        if not match["sep"] and not (numeric and match.end() == start + 4):
            return self._year(match, left)
        if match["sep"] or numeric is None:
            day = calendar_day(int(match["first"]), int(match["m"]), int(match["d"]))
        else:
            start -= len(numeric.group())
            day = self._european_or_american(int(match["first"]), int(numeric["a"]), int(numeric["b"]), numeric["sep"])
        return DateExpression(start, match.end(), "day", day, written=True) if day else None

    def _european_or_american(self, year: int, a: int, b: int, sep: str) -> date | None:
        """Read the day first; with slashes, day or month may be, and the date nearer to publication is taken."""
        days = [d for d in (calendar_day(year, b, a), calendar_day(year, a, b) if sep == "/" else None) if d]
        if len({*days}) > 1 and self.published is None:
            return None
        near = self.published or date.min
        return min(days, key=lambda day: abs(day - near), default=None)

    def _year(self, match: re.Match[str], left: str) -> DateExpression | None:
        start, end, year = match.start(), match.end(), int(match["first"])
        first = date(year, 1, 1)
        if match["decade"] == "s" or (match["decade"] and year % 10 == 0 and left.endswith("the ")):
            start -= 4 if left.endswith("mid-") else 0
            return (
                DateExpression(start, end, "year", first, date(year + 9, 1, 1))
                if year % 10 == 0 and year >= 1500
                else None
            )
        if match["last"]:
            last = int(match["last"]) if len(match["last"]) == 4 else year // 100 * 100 + int(match["last"])
            if year < last <= min(2100, year + 999) and not left[-1:].isalnum():
                return DateExpression(start, end, "year", first, date(last, 1, 1))
        end = start + 4
        if patterns.AFTER_YEAR.match(self.text, end) or not _may_be_year(left, year):
            return None
        season = patterns.LEFT_SEASON.search(left) if left.endswith(patterns.SEASON_ENDS) else None
        return DateExpression(start - len(season.group()) if season else start, end, "year", first)

    def _month(self, start: int) -> DateExpression | None:
        name, left = patterns.MONTH.match(self.text, start), self._left(start)
        if name is None or left[-1:].isalpha():
            return None
        number, end, first = patterns.MONTHS[name.group()[:3]], name.end(), start
        days = patterns.LEFT_DAY.search(left) if left.endswith(patterns.DAY_ENDS) else None
        if days:
            first -= len(days.group())
        elif days := patterns.RIGHT_DAY.match(self.text, end):
            end = days.end()
        of_year = patterns.OF_YEAR.match(self.text, end)
        if of_year:
            end = of_year.end()
        if days:
            return None if patterns.PARTY.match(self.text, end) else self._days(first, end, number, days, of_year)
        if not of_year and (name["short"] or not self._bare_month(name, left)):
            return None
        which = patterns.LEFT_WHICH.search(left) if not of_year and left.endswith(patterns.WHICH_ENDS) else None
        start = first - (len(which.group()) if which else 0)
        if which and (day := self._relative_month(number, which["which"].lower())):
            return DateExpression(start, end, "month", day)
        year = self._written_year(of_year) if of_year else self._nearest_year((first, end), number, 0)
        day = calendar_day(year, number, 1) if year else None
        return DateExpression(start, end, "month", day, open_year=not of_year) if day else None

    def _days(
        self, start: int, end: int, month: int, days: re.Match[str], of_year: re.Match[str] | None
    ) -> DateExpression | None:
        numbers = [int(n) for n in (days["day"], days["last"]) if n]
        if days["to"] == "and" and numbers[0] + 1 != numbers[-1] and not patterns.BETWEEN.search(self._left(start)):
            # Two separate days: only the one next to the month is marked.
            numbers = numbers[:1] if days.string is self.text else numbers[-1:]
        if month == 9 and numbers == [11] and not of_year and patterns.ATTACKS.match(self.text, end):
            return DateExpression(start, end, "day", date(2001, 9, 11), written=True)
        year = self._written_year(of_year) if of_year else self._nearest_year((start, end), month, numbers[0])
        if not year or not (first := calendar_day(year, month, numbers[0])):
            return None
        last = calendar_day(year, month, numbers[1]) if numbers[0] < numbers[-1] else None
        return DateExpression(start, end, "day", first, last, written=True, open_year=not of_year)

    def _written_year(self, written: re.Match[str]) -> int | None:
        """Return the year of `May 2016`, `May last year`, `May of that year`."""
        if written["year"]:
            return int(written["year"])
        if written["which"] in ("that", "the same"):
            return self.year
        return self.published.year + WHICH_STEP[written["which"]] if self.published else None

    def _relative_month(self, month: int, which: str) -> date | None:
        """Return the first day of `last March` and `next June`."""
        if self.published is None or which not in ("last", "this past", "next", "coming"):
            return None
        this_year, this_month = self.published.year, self.published.month
        back = which in ("last", "this past")
        return calendar_day(this_year - (month >= this_month) if back else this_year + (month <= this_month), month, 1)

    def _nearest_year(self, span: tuple[int, int], month: int, day: int) -> int | None:
        """Return the year of a month or day written without one: the last such date, or the next where it is ahead."""
        if self.published is None:
            return None
        this_year, today = self.published.year, (self.published.month, self.published.day if day else 0)
        before = this_year if (month, day) <= today else this_year - 1
        left, listed = self._left(span[0]), self.before
        if listed and listed.first and listed.open_year and left in patterns.LIST:  # `in April and May`
            return listed.first.year + (month < listed.first.month)
        if (month, day) == today or patterns.SINCE.search(left):
            return before
        months_ahead = month - today[0] + (12 if before == this_year else 0)
        # January 30 in a report of February is the one just past, even in a clause about the future.
        limit = {"future": 9, "maybe": 4, "past": -1}.get(self._direction(*span) or "", 2)
        return before + 1 if months_ahead <= limit else before

    def _bare_month(self, name: re.Match[str], left: str) -> bool:
        """Return whether a word is a month, not a name or a verb (Theresa May, the Women's March, April Ryan)."""
        if patterns.NOT_MONTH.match(self.text, name.end()):
            return False
        word = patterns.LEFT_WORD.search(left)
        before = word["word"].lower() if word and word["gap"] in (" ", "-", ' "') else ""
        if patterns.END_OF.search(left) or (self.before and self.before.unit == "month" and left in patterns.LIST):
            return True
        if name.group() == "May":
            return before in patterns.BEFORE_MAY and not (
                self.named_may and self.text.startswith(("'s", "’s"), name.end())
            )
        if before in patterns.BEFORE_MONTH:
            return before in patterns.BEFORE_MAY or not patterns.TITLE.match(self.text, name.end())
        title = word and word["word"][:1].isupper() and word["gap"] == " "
        return not title and name.group() != "March" and not patterns.TITLE.match(self.text, name.end())

    def _word(self, position: int) -> DateExpression | None:
        left = self.text[max(self.end, position - 9) : position]
        head = patterns.HEAD.search(left)
        start = position - (len(head.group()) if head else 0)
        match = patterns.WORD.match(self.text, start)
        word = match.group().lower() if match else ""
        end = start + len(word)
        if word in patterns.WEEKDAYS:
            return self._weekday(start, end, patterns.WEEKDAYS[word])
        if word in patterns.RELATIVE_DAYS:
            return self._day(start, end, patterns.RELATIVE_DAYS[word])
        if word in UNITS:
            return self._unit(start, end, word)
        return self._weekend(start, end) if word == "weekend" else None

    def _weekday(self, start: int, end: int, number: int) -> DateExpression | None:
        left, today = self._left(start), self.published
        if (
            today is None
            or (" " + left).endswith(patterns.NOT_WEEKDAY_BEFORE)
            or patterns.NOT_WEEKDAY_AFTER.match(self.text, end)
        ):
            return None
        which = patterns.LEFT_WHICH.search(left) if left.endswith(patterns.WHICH_ENDS) else None
        word = which["which"].lower() if which else ""
        start -= len(which.group()) if which else 0
        if of_week := patterns.WEEK_OF_DAY.match(self.text, end):
            monday = shift(first_day(today, "week"), WHICH_STEP[of_week["which"]], "week")
            return DateExpression(start, of_week.end(), "day", monday and shift(monday, number, "day"))
        return DateExpression(start, end, "day", self._day_of_week(today, number, word, start, end))

    def _day_of_week(self, today: date, number: int, which: str, start: int, end: int) -> date | None:
        back, on = (today.weekday() - number) % 7, (number - today.weekday()) % 7
        if which in ("last", "this past"):
            return shift(today, -(back or 7), "day")
        if which == "next":
            return shift(today, on or 7, "day")
        # What is fixed for a day lies ahead: `set a hearing for Tuesday`.
        direction = "future" if self._left(start).endswith(" for ") else self._direction(start, end)
        ahead = direction == "future" or (direction == "maybe" and back >= 3)
        if ahead or (which in ("this", "coming") and back >= 3):
            self.ahead[number] = shift(today, on, "day") or today
            return self.ahead[number]
        # A weekday once read as ahead stays so throughout the report, unless it is one of the last three days.
        return self.ahead[number] if number in self.ahead and back >= 4 else shift(today, -back, "day")

    def _day(self, start: int, end: int, step: int) -> DateExpression | None:
        left = self._left(start)
        title = self.text[start].isupper() and patterns.NOT_DAY_BEFORE.search(left)
        if self.published is None or title or patterns.NOT_DAY_AFTER.match(self.text, end):
            return None
        today, before = self.published, self.before
        quoted = self.text[self.end : self.end + 3] in patterns.SPEECH and start - self.end < 120
        if quoted and before and before.first and before.unit == "day":
            today = before.first
        return DateExpression(start, end, "day", shift(today, step, "day"))

    def _weekend(self, start: int, end: int) -> DateExpression | None:
        left, today = self._left(start), self.published
        which = patterns.WHICH.search(left)
        word = which["which"].lower() if which else ""
        if today is None or (word not in ("last", "this", "next", "past") and not patterns.AT_WEEKEND.search(left)):
            return None
        step = {"last": -1, "next": 1}.get(word, 0)
        if not step and today.weekday() <= 4 and self._direction(start, end) not in ("future", "maybe"):
            step = -1
        monday = shift(today, step, "week")
        saturday, sunday = (shift(monday, days, "day") if monday else None for days in (5, 6))
        return DateExpression(start - (len(which.group()) if which else 4), end, "day", saturday, sunday)

    def _unit(self, start: int, end: int, word: str) -> DateExpression | None:
        left, unit = self._left(start), UNITS[word]
        tail = patterns.TAIL.match(self.text, end)
        if tail and (count := patterns.COUNT.search(left)):
            return self._counted(start, end, unit, count, tail)
        which = patterns.WHICH.search(left) if left.endswith(patterns.WHICH_ENDS) and not word.endswith("s") else None
        if which is None:
            return self._part_of(start, end, word, left)
        determiner, start = which["which"].lower(), start - len(which.group())
        other = determiner in ("that", "same", "previous", "following", "preceding")
        if other or (determiner == "next" and unit == "day"):
            return DateExpression(start, end, unit, None, step=WHICH_STEP[determiner])
        return self._from_today(start, end, word, determiner, bool(which["the"]))

    def _part_of(self, start: int, end: int, word: str, left: str) -> DateExpression | None:
        if self.published is None or word not in {"day", "week", "month", "year"} or not left.endswith(" the "):
            return None
        if not patterns.PART_OF.search(left) or patterns.AFTER_SPAN.match(self.text, end):
            return None
        named = self.before.first if word == "day" and self.before and self.before.unit == "day" else None
        return DateExpression(start - 4, end, UNITS[word], first_day(named or self.published, UNITS[word]))

    def _from_today(self, start: int, end: int, word: str, which: str, the: bool) -> DateExpression | None:
        unit, today = UNITS[word], self.published
        if today is None or word == "day" or (which in ("last", "next") and unit == "day" and word != "night"):
            return None
        if the and unit != "day":  # `in the last month`
            closed = which in ("last", "past") and not patterns.AFTER_SPAN.match(self.text, end)
            since = same_day_before(today, unit) if closed else None
            return DateExpression(start, end, "day", since, today) if since else None
        if the or (which == "past" and unit != "day"):
            return None
        return DateExpression(start, end, unit, shift(today, WHICH_STEP[which], unit))

    def _counted(
        self, start: int, end: int, unit: Unit, count: re.Match[str], tail: re.Match[str]
    ) -> DateExpression | None:
        """Read `two years ago`, `a week later`, `three days before the vote`."""
        number, direction = patterns.NUMBERS.get(count["n"].lower()) or int(count["n"]), tail["how"]
        if (number == 1) == (self.text[end - 1] == "s") or count["for"]:
            return None
        start, end = start - len(count.group()), tail.end("how")
        if count["n"].lower() == "the" and direction not in ("before", "after"):
            return None
        if self.text.startswith((" yesterday", " tomorrow"), end):
            return None
        if direction == "ago":
            first = shift(self.published, -number, unit) if self.published else None
            return DateExpression(start, end, unit, first) if first else None
        step = number if direction in ("later", "after") else -number
        clause = bool(tail["clause"]) and direction in ("before", "after", "prior")
        return DateExpression(start, end, unit, None, step=step, clause=clause)


def _may_be_year(left: str, year: int) -> bool:
    word = patterns.LEFT_WORD.search(left)
    if left[-1:].isalnum() or left[-1:] in tuple("$€£#@.,:+/\\_&=§") or (word is None and left[-1:] == "-"):
        return False
    before, gap = (word["word"], word["gap"]) if word else ("", "")
    if gap.endswith("-"):
        return before.islower()
    if before.lower() in patterns.NOT_BEFORE_YEAR:
        return False
    if not 1900 <= year <= 2030:
        return year >= 1500 and before.lower() in patterns.BEFORE_YEAR and gap in (" ", "-")
    if before[:1].isupper() and gap == " ":
        return (
            before.lower() in patterns.BEFORE_YEAR
            or before.endswith(("'s", "’s", "s'"))
            or len(before) == 2
            or before.lower() in patterns.SEASONS
        )
    return True


# ---- the layer -------------------------------------------------------------------------------------------------------

TABLE = Table(
    "times",
    "annotate",
    "One row per date expression in dateline or body, such as a date, a weekday or last month; times of day, durations "
    "and vague expressions are left out. "
    "Reports in languages other than `annotate.languages` have none.",
    {
        "doc_id": DOC_ID,
        "start": START,
        "end": END,
        "text": WORDS,
        "value": Column(
            TEXT,
            "ISO 8601 value of the expression: a day (2022-04-07), week (2022-W14), month (2022-04) or year (2022), or "
            "an interval of two of these separated by a slash; what the expression leaves open is resolved against "
            "the day of publication or an earlier date in the text.",
        ),
        "granularity": Column(
            TEXT,
            "Granularity of `value`: day, week, month, year (also for a season) or interval (also "
            "for a weekend or a decade).",
        ),
    },
    ("doc_id", "start", "end"),
)


class GoldTime(Section):
    """A date expression with its ISO 8601 value."""

    span: GoldSpan
    value: str


def _row(report: Report, t: Time) -> Values:
    return report.doc_id, t.start, t.end, report.text[t.start : t.end], t.value, t.granularity


def _highlights(row: Row, _number: int, _text: str) -> Iterator[Highlight]:
    yield Highlight("date", row["start"], row["end"], (with_details(row, "value granularity"),))


def _gold_row(gold: GoldTime, text: GoldText) -> Row:
    return {**text.span("times.span", gold.span), "value": gold.value}


def same_time(gold: Row, row: Row) -> bool:
    """Return whether spans overlap and values are equal."""
    return overlap(gold, row) and bool(gold["value"] == row["value"])


LAYER = Layer(
    table=TABLE,
    find=lambda marks: find_times(marks.report),
    row=_row,
    display=Display(
        kinds=(HighlightKind("date", "date", 30),),
        highlights=_highlights,
        tally=CountTable(DATES_AND_PLACES, lambda row: ("date", row["value"], row["granularity"])),
    ),
    conllu=Conllu("Time", "value"),
    brat=Brat(entities=("Time",), notes=("value", "granularity")),
    gold=Gold(model=GoldTime, row=_gold_row, scores={"times": same_time}),
)
