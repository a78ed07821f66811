"""When: dates and relative days, weeks, months and years, each with its ISO 8601 value.

Rules in the manner of HeidelTime (Stroetgen & Gertz 2013) and SUTime (Chang & Manning 2012), for English news: a word
that can be a date triggers, its surroundings decide. Values follow TIMEX3 (Pustejovsky et al. 2003), except that a
decade is an interval of years. What a reporter leaves unsaid is read from the day of publication.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from corpus_tools.layers.layer import (
    Brat,
    Conllu,
    Gold,
    GoldText,
    Highlight,
    HighlightKind,
    Layer,
    Row,
    Shown,
    Values,
)  # fmt: skip
from corpus_tools.layers.matching import overlap
from corpus_tools.layers.types import Report, Time
from corpus_tools.layers.wording import with_details
from corpus_tools.runtime.records import GoldSpan, Section
from corpus_tools.runtime.schema import DOC_ID, END, START, TEXT, WORDS, Column, Table

_Unit = Literal["day", "week", "month", "year"]

_MONTH_NAMES = "January February March April May June July August September October November December".split()
_MONTHS = {name[:3]: number for number, name in enumerate(_MONTH_NAMES, start=1)}
_WEEKDAYS = {f"{name}day": number for number, name in enumerate("mon tues wednes thurs fri satur sun".split())}
_DAYS = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}
_PARTS_OF_DAY = {"night", "morning", "afternoon", "evening"}
_UNITS: dict[str, _Unit] = {"day": "day", "week": "week", "month": "month", "year": "year"}
_UNITS |= {f"{unit}s": unit for unit in list(_UNITS.values())} | dict.fromkeys(_PARTS_OF_DAY, "day")
_NUMBERS = {
    word: number
    for number, word in enumerate("a one two three four five six seven eight nine ten eleven twelve".split())
} | {"a": 1, "an": 1, "the": 1, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50}

# Each branch begins with a letter, rare ones by choice, and no boundary stands before it: only so does the regular
# expression engine skip most of a text unread.
_TRIGGER = re.compile(
    r"y(?:(?<=day)|ear)|month|morr|morn|k(?<=week)|fternoon|vening|ght(?<=[Nn]ight)"
    r"|Jan|Jun|Jul|Feb|Mar|May|Apr|Aug|Sep|Oct|Nov|Dec|1[0-9]{3,}|2[0-9]{3,}"
)
_HEAD = re.compile(r"[A-Za-z]*\Z")
_WORD = re.compile(r"[A-Za-z]{1,12}")

# News Articles has a hyphen where a no-break space stood (`in-June-2013`).
_GAP = r"[\s\xa0-]{1,2}"
_NTH = r"(?:st|nd|rd|th)?"
_TO = r"\s?(?P<to>-|–|—|/|\b(?:to|and|until|till|through)\b)\s?"
_MONTH = re.compile(rf"(?:(?:{'|'.join(_MONTH_NAMES)})(?![\w])|(?P<short>(?:{'|'.join(_MONTHS)}|Sept)\b\.?))")
_NO_COUNT = r"(?![\w%]|[.,:][0-9]|\s(?:people|per ?cent|million|[ap]\.?m\b))"
_RIGHT_DAY = re.compile(
    rf",?{_GAP}(?:the )?(?P<day>[0-9]{{1,2}}){_NTH}{_NO_COUNT}"
    rf"(?:{_TO}(?P<last>[0-9]{{1,2}}){_NTH}{_NO_COUNT}(?!\s(?:others|more|[a-z]+s)\b))?"
)
_LEFT_DAY = re.compile(
    rf"(?<![\w.,:$€£-])(?:(?P<day>[0-9]{{1,2}}){_NTH}{_TO})?(?P<last>[0-9]{{1,2}}){_NTH}{_GAP}(?:of )?(?:the )?\Z"
)
_DAY_ENDS = tuple(f"{end}{gap}" for end in [*"0123456789", *"st nd rd th of the".split()] for gap in " -\xa0\n")
_OF_YEAR = re.compile(
    rf",?{_GAP}(?:of )?(?:(?P<year>[12][0-9]{{3}})(?![\w%]|[.,][0-9])|(?P<which>last|this|next|that|the same) year\b)"
)
_LEFT_WHICH = re.compile(r"\b(?P<which>last|this past|this|next|coming) \Z", re.IGNORECASE)
_LEFT_WORD = re.compile(r"(?P<word>[\w'’]+)(?P<gap>[^\w'’]{1,3})\Z")
# A month's name that is a name or a verb as well needs one of these before it.
_BEFORE_MONTH = frozenset(
    "in since until till by from to of last next this late early mid before after during between and through for around"
    " the a end beginning start or every".split()
)
_BEFORE_MAY = frozenset("in since until till last next this late early mid end beginning through".split())
_NOT_MONTH = re.compile(
    r"(?:['’]s)?\s+(?:for|on|against)\s+[A-Z]|\sMadness|-[A-Za-z]-|['’]s (?:government|cabinet|Brexit)"
)
_PARTY = re.compile(r"\s(?:alliance|bloc|coalition|movement)", re.IGNORECASE)

_YEAR = re.compile(
    r"(?P<first>[12][0-9]{3})(?:(?P<decade>['’]?s)\b|\s?[-–]\s?(?P<last>[12][0-9]{3}|[0-9]{2})(?![\w%-])"
    r"|(?P<sep>[-/.])(?P<m>[0-9]{1,2})(?P=sep)(?P<d>[0-9]{1,2})(?![\w-]))?"
)
_LEFT_NUMERIC = re.compile(r"(?<![\w.,/-])(?P<a>[0-9]{1,2})(?P<sep>[./-])(?P<b>[0-9]{1,2})(?P=sep)\Z")
_AFTER_YEAR = re.compile(
    r"[\w%@]|[.,:][0-9]|-[0-9]|\s[0-9]{3}|\s?(?:GMT|UTC|BST|hours|hrs|km|kilomet|met(?:re|er)s|miles|feet"
    r"|acres|hectares"
    r"|tons|tonnes|euros?|dollars|pounds|people|men|women|children|soldiers|troops|civilians|refugees|migrants"
    r"|percent|per cent|votes"
    r"|jobs|points|times|workers|employees|civilian|square|cubic|years|days|members|seats|homes|houses)\b",
    re.IGNORECASE,
)
_NOT_BEFORE_YEAR = frozenset(
    "at number no flight resolution resolutions room page article section code highway route road nearly"
    " almost some roughly"
    " approximately only another boeing airbus call dial about least nasa".split()
)
_BEFORE_YEAR = frozenset(
    "in since until till by from to of late early mid before after during between and the a his her its their"
    " between for"
    " through around circa around year back".split()
)
_SEASONS = frozenset("spring summer autumn winter fall".split())
_LEFT_SEASON = re.compile(r"\b(?:spring|summer|autumn|winter|fall) (?:of )?\Z", re.IGNORECASE)
_SEASON_ENDS = ("of ", "spring ", "summer ", "autumn ", "winter ", "fall ")
_ATTACKS = re.compile(r",?\s(?:terror(?:ist)? )?(?:attack|hijack|terror)")
_TITLE = re.compile(r"\s[A-Z][a-z]")
_LIST = frozenset([", ", " and ", ", and ", " or "])
_END_OF = re.compile(r"\b(?:end|beginning|start|middle) of \Z")
_SPEECH = (': "', ": “", ": '")  # `he wrote late Thursday: "Today ..."`
_BETWEEN = re.compile(r"\bbetween \Z", re.IGNORECASE)
_SINCE = re.compile(r"\bsince (?:early |late |mid-)?\Z", re.IGNORECASE)
_DATE_OF_DAY = re.compile(r",?\s(?:the )?")
_RANGE = re.compile(r"\s?[-–—]\s?|\s(?:to|until|till|through)\s(?:early |late |mid-)?")
_APPOSED = re.compile(r"(?:['’]s)?,? (?:and )?|[^.;:\"“”?!]{0,60}(?:, (?:and )?| c[oa]mes? )(?:barely |only |just )?")
_EVENT = re.compile(
    r" (?:the|this|that|his|her|their) (?:[\w'’]+ )?(?:accident|assault|attack|blast|bombing|crash|death"
    r"|disaster|earthquake"
    r"|explosion|fire|incident|kidnapping|killing|massacre|murder|raid|shooting|stabbing)s?\b"
)
_REACH = 40  # marks
_SAME_CLAUSE = re.compile(r"[^.;:,\"”]{0,60}")

_WHICH = re.compile(
    r"\b(?P<the>the )?(?P<which>last|this|next|that|same|previous|following|past|preceding) \Z", re.IGNORECASE
)
_WHICH_ENDS = tuple("last this next that same previous following past preceding coming This That Last Next".split())
_WHICH_ENDS = tuple(f"{word} " for word in _WHICH_ENDS)
_COUNT = re.compile(
    r"(?<![\w,.-])(?P<for>for )?(?:(?:more than|less than|about|around|nearly|almost|barely|just|only|some|over) )?"
    rf"(?P<n>{'|'.join(_NUMBERS)}|[0-9]{{1,3}}) \Z",
    re.IGNORECASE,
)
_TAIL = re.compile(r"(?:end)?\s(?P<how>ago|earlier|later|before|after|prior|previously)\b(?P<clause>\s+\w)?")
_AFTER_SPAN = re.compile(r"\s(?:of|and a half|or)\b")
_NOT_DAY_BEFORE = re.compile(r"\w \Z")  # USA Today, the Tonight Show
_NOT_DAY_AFTER = re.compile(r"(?:['’]s (?:world|society|modern|standards))|\s(?:[Ss]how|[Pp]rogramme?)\b")
_NOT_WEEKDAY_BEFORE = tuple(
    f" {word} "
    for word in [
        *"every each most one any Every Each Most News Black Bloody Good Super Ash Palm Holy Easter Cyber Blue".split(),
        *"Giving Rose Carnival Shrove Fat Freaky Bowl Sheffield Maundy Whit".split(),
        "on a",
        "On a",
        "Mail on",
    ]
)
_NOT_WEEKDAY_AFTER = re.compile(
    r"s\b|\s(?:Times|Telegraph|Mirror|Mail|Express|Herald|Post|World|Independent|Business|Group|Night Live"
    r"|Tribune|Sport"
    r"|Night Football|Agreement)\b"
)
_WEEK_OF_DAY = re.compile(r"(?: \w+)? (?:of )?(?P<which>last|this|next) week\b")
_WHICH_STEP = {"last": -1, "past": -1, "previous": -1, "preceding": -1, "this": 0, "that": 0, "same": 0, "next": 1}
_WHICH_STEP |= {"following": 1, "coming": 1, "this past": -1}
_AT_WEEKEND = re.compile(r"\b(?:[Oo]ver|[Aa]t|[Dd]uring) the \Z")
# `earlier in the day`, `at the beginning of the year`: the one of publication.
_PART_OF = re.compile(
    r"\b(?P<part>(?:earlier|later|early|late) (?:in|on in)|(?:beginning|start|middle|end|rest) of) the \Z",
    re.IGNORECASE,
)

# The nearest of these to a weekday says whether it lies ahead.
_THEN = r"(?: not| also| to| have| take place)*(?: (?:be|get) \w+| [a-z]+ed(?! to)\b)?"
_PLANNED = "due|set|meant|scheduled|slated|expected|planned|planning|likely|going|supposed"
_FUTURE = (
    rf"(?:will|won['’]t|shall|is to|are to|due|scheduled|slated|expected|to (?=be)"
    rf"|(?:is|are|was|were|been|be) (?:also |now )?(?:{_PLANNED}|meeting|holding|travelling|visiting)){_THEN}"
    rf"|as (?:early|soon|late) as|ahead of|upcoming|kicks off|takes? place|takes? effect"
    r"|go(?:es)? into effect"
)
_MAYBE = (
    r"(?:would|may|might|should|must|(?:agreed|decided|hopes?|hoped|intends?|invited|plans?|promised|vowed"
    r"|wants?|wanted"
    r"|ready) (?=to )|to (?=appear|meet|hold|start|begin|visit|vote|decide|discuss|travel|attend|face|open"
    r"|speak|address"
    r"|announce|host|arrive|return|sign|resume|launch|present|deliver|debate|testify|leave|unveil|submit|trigger|play))"
    rf"{_THEN}|until|plans?|deadline|begins?|starts?|opens?|ends|meets?|faces?|travels?|arrives?|visits?|hosts?"
    rf"|heads|votes"
)
_PAST = (
    r"said|says|told|tells|was|were|had|did|has|have|came|went|took|made|began|met|held|won|lost|found|left"
    r"|gave|got|saw"
    r"|spoke|spent|ran|paid|wrote|struck|shot|fell|hit|sent|became|rose|kept|could|[a-z]{2,}ed(?: to [a-z]+)?|according"
    r"|following|after|since"
)
_CUE = re.compile(rf"\b(?=[a-z])(?:(?P<future>{_FUTURE})|(?P<maybe>{_MAYBE})|(?P<past>{_PAST}))\b")


@dataclass(frozen=True, slots=True)
class _Mark:
    """A date being read: its first day and unit, the last part's first day for an interval, and what is still open.

    `step` counts units from another date in the text; that date is looked for when all others are known.
    """

    start: int
    end: int
    unit: _Unit
    first: date | None
    last: date | None = None
    step: int = 0
    clause: bool = False
    written: bool = False  # with its calendar day: a safer anchor than a weekday
    open_year: bool = False  # the year was not written


def find_times(report: Report) -> list[Time]:
    """Find the dates of a report and what they mean.

    Parameters
    ----------
    report
        Its text, day of publication and sentences. Without a day of publication, what needs it is left out.

    Returns
    -------
    In the order of the text, not overlapping. Clock times, durations, ages and vague words are left out, and a plain
    number is a year only where its neighbours allow it.

    Examples
    --------
    >>> text = "Troops left on Thursday after talks last month. Donetsk has been held since 2014."
    >>> report = Report(text, date(2022, 4, 8), 0, [(0, 47), (48, 81)])
    >>> [(text[t.start : t.end], t.value) for t in find_times(report)]
    [('Thursday', '2022-04-07'), ('last month', '2022-03'), ('2014', '2014')]
    """
    marks = _Reader(report).read()
    return [Time(m.start, m.end, _value(m), "interval" if m.last else m.unit) for m in marks if m.first]


def _value(mark: _Mark) -> str:
    days = [d for d in (mark.first, mark.last) if d]
    return "/".join(_iso(d, mark.unit) for d in days)


def _iso(day: date, unit: _Unit) -> str:
    if unit == "week":
        year, week, _ = day.isocalendar()
        return f"{year:04}-W{week:02}"
    return day.isoformat()[: {"day": 10, "month": 7, "year": 4}[unit]]


def _floor(day: date, unit: _Unit) -> date:
    """Give the first day of the week, month or year that a day is in."""
    if unit == "week":
        return day - timedelta(min(day.weekday(), day.toordinal() - 1))
    return day.replace(month=1, day=1) if unit == "year" else day.replace(day=1) if unit == "month" else day


def _shift(day: date, step: int, unit: _Unit) -> date | None:
    """Give the day, or the first day of the unit, that lies so many units on; None where the calendar ends."""
    try:
        if unit in ("day", "week"):
            return _floor(day + timedelta(step * (7 if unit == "week" else 1)), unit)
        months = day.year * 12 + day.month - 1 + step * (12 if unit == "year" else 1)
        return _floor(date(months // 12, months % 12 + 1, 1), unit)
    except (OverflowError, ValueError):
        return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


class _Reader:
    """One report, read from the left: what a date means may hang on those before it."""

    def __init__(self, report: Report) -> None:
        self.text, self.published = report.text, report.published
        self.starts = [start for start, _ in report.sentences]
        self.ends = [end for _, end in report.sentences]
        self.opens = self.end = report.opens
        self.ahead: dict[int, date] = {}  # weekdays that were said to lie ahead
        self.before: _Mark | None = None
        self.year: int | None = None  # the last one written
        self.named_may = "Theresa May" in self.text or "Mrs May" in self.text or "Ms May" in self.text

    def read(self) -> list[_Mark]:
        text, marks = self.text, []
        for trigger in _TRIGGER.finditer(text, self.opens):
            if (start := trigger.start()) < self.end:
                continue
            sign = text[start]
            read = self._number if sign in "12" else self._month if sign.isupper() else self._word
            if mark := read(start):
                marks.append(mark)
                self.end = mark.end
                self.before = mark
                if mark.first and (mark.written or mark.unit in ("year", "month")) and not mark.open_year:
                    self.year = mark.first.year
        return _anchor(text, self.published, _join(text, marks))

    def _left(self, start: int, length: int = 32) -> str:
        return self.text[max(self.end, start - length) : start]

    def _direction(self, start: int, end: int) -> str | None:
        """Say whether the clause around a date looks ahead: the nearest cue before it decides, else the first after."""
        i = bisect_right(self.starts, start) - 1
        low, high = (self.starts[i], self.ends[i]) if i >= 0 else (0, len(self.text))
        before = None
        for cue in _CUE.finditer(self.text, max(low, self.end, start - 120), start):
            before = cue.lastgroup
        if before:
            return before
        after = _CUE.search(self.text, end, min(high, end + 80))
        # What stands before another date in the same sentence comes last.
        whole = after or _CUE.search(self.text, max(low, start - 240), max(low, min(self.end, start)))
        return whole.lastgroup if whole else None

    def _number(self, start: int) -> _Mark | None:
        match = _YEAR.match(self.text, start)
        left = self._left(start)
        if match is None or left[-1:].isdigit():
            return None
        numeric = _LEFT_NUMERIC.search(left) if left.endswith((".", "/", "-")) else None
        if not match["sep"] and not (numeric and match.end() == start + 4):
            return self._year(match, left)
        if match["sep"] or numeric is None:
            day = _date(int(match["first"]), int(match["m"]), int(match["d"]))
        else:
            start -= len(numeric.group())
            day = self._european_or_american(int(match["first"]), int(numeric["a"]), int(numeric["b"]), numeric["sep"])
        return _Mark(start, match.end(), "day", day, written=True) if day else None

    def _european_or_american(self, year: int, a: int, b: int, sep: str) -> date | None:
        """Read the day first; with slashes the month may be, and the reading nearer to publication is taken."""
        days = [d for d in (_date(year, b, a), _date(year, a, b) if sep == "/" else None) if d]
        if len({*days}) > 1 and self.published is None:
            return None
        near = self.published or date.min
        return min(days, key=lambda day: abs(day - near), default=None)

    def _year(self, match: re.Match[str], left: str) -> _Mark | None:
        start, end, year = match.start(), match.end(), int(match["first"])
        first = date(year, 1, 1)
        if match["decade"] == "s" or (match["decade"] and year % 10 == 0 and left.endswith("the ")):
            start -= 4 if left.endswith("mid-") else 0
            return _Mark(start, end, "year", first, date(year + 9, 1, 1)) if year % 10 == 0 and year >= 1500 else None
        if match["last"]:
            last = int(match["last"]) if len(match["last"]) == 4 else year // 100 * 100 + int(match["last"])
            if year < last <= min(2100, year + 999) and not left[-1:].isalnum():
                return _Mark(start, end, "year", first, date(last, 1, 1))
        end = start + 4
        if _AFTER_YEAR.match(self.text, end) or not _may_be_year(left, year):
            return None
        season = _LEFT_SEASON.search(left) if left.endswith(_SEASON_ENDS) else None
        return _Mark(start - len(season.group()) if season else start, end, "year", first)

    def _month(self, start: int) -> _Mark | None:
        name, left = _MONTH.match(self.text, start), self._left(start)
        if name is None or left[-1:].isalpha():
            return None
        number, end, first = _MONTHS[name.group()[:3]], name.end(), start
        days = _LEFT_DAY.search(left) if left.endswith(_DAY_ENDS) else None
        if days:
            first -= len(days.group())
        elif days := _RIGHT_DAY.match(self.text, end):
            end = days.end()
        of_year = _OF_YEAR.match(self.text, end)
        if of_year:
            end = of_year.end()
        if days:
            return None if _PARTY.match(self.text, end) else self._days(first, end, number, days, of_year)
        if not of_year and (name["short"] or not self._bare_month(name, left)):
            return None
        which = _LEFT_WHICH.search(left) if not of_year and left.endswith(_WHICH_ENDS) else None
        start = first - (len(which.group()) if which else 0)
        if which and (day := self._said_month(number, which["which"].lower())):
            return _Mark(start, end, "month", day)
        year = self._written_year(of_year) if of_year else self._nearest_year((first, end), number, 0)
        day = _date(year, number, 1) if year else None
        return _Mark(start, end, "month", day, open_year=not of_year) if day else None

    def _days(
        self, start: int, end: int, month: int, days: re.Match[str], of_year: re.Match[str] | None
    ) -> _Mark | None:
        numbers = [int(n) for n in (days["day"], days["last"]) if n]
        if days["to"] == "and" and numbers[0] + 1 != numbers[-1] and not _BETWEEN.search(self._left(start)):
            # Two days, not those between: the one beside the month is marked.
            numbers = numbers[:1] if days.string is self.text else numbers[-1:]
        if month == 9 and numbers == [11] and not of_year and _ATTACKS.match(self.text, end):
            return _Mark(start, end, "day", date(2001, 9, 11), written=True)
        year = self._written_year(of_year) if of_year else self._nearest_year((start, end), month, numbers[0])
        if not year or not (first := _date(year, month, numbers[0])):
            return None
        last = _date(year, month, numbers[1]) if numbers[0] < numbers[-1] else None
        return _Mark(start, end, "day", first, last, written=True, open_year=not of_year)

    def _written_year(self, written: re.Match[str]) -> int | None:
        """Give the year of `May 2016`, `May last year`, `May of that year`."""
        if written["year"]:
            return int(written["year"])
        if written["which"] in ("that", "the same"):
            return self.year
        return self.published.year + _WHICH_STEP[written["which"]] if self.published else None

    def _said_month(self, month: int, said: str) -> date | None:
        """Give the month of `last March` and `next June`."""
        if self.published is None or said not in ("last", "this past", "next", "coming"):
            return None
        here, now = self.published.year, self.published.month
        back = said in ("last", "this past")
        return _date(here - (month >= now) if back else here + (month <= now), month, 1)

    def _nearest_year(self, span: tuple[int, int], month: int, day: int) -> int | None:
        """Give the year of a month or day written without one: the last it fell in, or the next if that lies ahead."""
        if self.published is None:
            return None
        here, today = self.published.year, (self.published.month, self.published.day if day else 0)
        before = here if (month, day) <= today else here - 1
        left, listed = self._left(span[0]), self.before
        if listed and listed.first and listed.open_year and left in _LIST:  # `in April and May`
            return listed.first.year + (month < listed.first.month)
        if (month, day) == today or _SINCE.search(left):
            return before
        months_on = month - today[0] + (12 if before == here else 0)
        # January 30 in a report of February is the one just past, whatever the clause.
        farthest = {"future": 9, "maybe": 4, "past": -1}.get(self._direction(*span) or "", 2)
        return before + 1 if months_on <= farthest else before

    def _bare_month(self, name: re.Match[str], left: str) -> bool:
        """Tell the month from a name or a verb: Theresa May, the Women's March, April Ryan."""
        if _NOT_MONTH.match(self.text, name.end()):
            return False
        word = _LEFT_WORD.search(left)
        before = word["word"].lower() if word and word["gap"] in (" ", "-", ' "') else ""
        if _END_OF.search(left) or (self.before and self.before.unit == "month" and left in _LIST):
            return True
        if name.group() == "May":
            return before in _BEFORE_MAY and not (self.named_may and self.text.startswith(("'s", "’s"), name.end()))
        if before in _BEFORE_MONTH:
            return before in _BEFORE_MAY or not _TITLE.match(self.text, name.end())
        title = word and word["word"][:1].isupper() and word["gap"] == " "
        return not title and name.group() != "March" and not _TITLE.match(self.text, name.end())

    def _word(self, position: int) -> _Mark | None:
        left = self.text[max(self.end, position - 9) : position]
        head = _HEAD.search(left)
        start = position - (len(head.group()) if head else 0)
        found = _WORD.match(self.text, start)
        word = found.group().lower() if found else ""
        end = start + len(word)
        if word in _WEEKDAYS:
            return self._weekday(start, end, _WEEKDAYS[word])
        if word in _DAYS:
            return self._day(start, end, _DAYS[word])
        if word in _UNITS:
            return self._unit(start, end, word)
        return self._weekend(start, end) if word == "weekend" else None

    def _weekday(self, start: int, end: int, number: int) -> _Mark | None:
        left, today = self._left(start), self.published
        if today is None or (" " + left).endswith(_NOT_WEEKDAY_BEFORE) or _NOT_WEEKDAY_AFTER.match(self.text, end):
            return None
        which = _LEFT_WHICH.search(left) if left.endswith(_WHICH_ENDS) else None
        said = which["which"].lower() if which else ""
        start -= len(which.group()) if which else 0
        if of_week := _WEEK_OF_DAY.match(self.text, end):
            monday = _shift(_floor(today, "week"), _WHICH_STEP[of_week["which"]], "week")
            return _Mark(start, of_week.end(), "day", monday and _shift(monday, number, "day"))
        return _Mark(start, end, "day", self._day_of_week(today, number, said, start, end))

    def _day_of_week(self, today: date, number: int, said: str, start: int, end: int) -> date | None:
        back, on = (today.weekday() - number) % 7, (number - today.weekday()) % 7
        if said in ("last", "this past"):
            return _shift(today, -(back or 7), "day")
        if said == "next":
            return _shift(today, on or 7, "day")
        # `set a hearing for Tuesday`: what is fixed for a day lies ahead.
        direction = "future" if self._left(start).endswith(" for ") else self._direction(start, end)
        ahead = direction == "future" or (direction == "maybe" and back >= 3)
        if ahead or (said in ("this", "coming") and back >= 3):
            self.ahead[number] = _shift(today, on, "day") or today
            return self.ahead[number]
        # A day once said to lie ahead does so for the whole report, unless that would skip one of the last days.
        return self.ahead[number] if number in self.ahead and back >= 4 else _shift(today, -back, "day")

    def _day(self, start: int, end: int, step: int) -> _Mark | None:
        left = self._left(start)
        title = self.text[start].isupper() and _NOT_DAY_BEFORE.search(left)
        if self.published is None or title or _NOT_DAY_AFTER.match(self.text, end):
            return None
        today, before = self.published, self.before
        said = self.text[self.end : self.end + 3] in _SPEECH and start - self.end < 120
        if said and before and before.first and before.unit == "day":
            today = before.first
        return _Mark(start, end, "day", _shift(today, step, "day"))

    def _weekend(self, start: int, end: int) -> _Mark | None:
        left, today = self._left(start), self.published
        which = _WHICH.search(left)
        said = which["which"].lower() if which else ""
        if today is None or (said not in ("last", "this", "next", "past") and not _AT_WEEKEND.search(left)):
            return None
        step = {"last": -1, "next": 1}.get(said, 0)
        if (
            said not in ("last", "next")
            and today.weekday() <= 4
            and self._direction(start, end) not in ("future", "maybe")
        ):
            step = -1
        monday = _shift(today, step, "week")
        saturday, sunday = (_shift(monday, days, "day") if monday else None for days in (5, 6))
        return _Mark(start - (len(which.group()) if which else 4), end, "day", saturday, sunday)

    def _unit(self, start: int, end: int, word: str) -> _Mark | None:
        left, unit = self._left(start), _UNITS[word]
        tail = _TAIL.match(self.text, end)
        if tail and (count := _COUNT.search(left)):
            return self._counted(start, end, unit, count, tail)
        which = _WHICH.search(left) if left.endswith(_WHICH_ENDS) and not word.endswith("s") else None
        if which is None:
            return self._part_of(start, end, word, left)
        said, start = which["which"].lower(), start - len(which.group())
        if said in ("that", "same", "previous", "following", "preceding") or (said == "next" and unit == "day"):
            return _Mark(start, end, unit, None, step=_WHICH_STEP[said])
        return self._of_today(start, end, word, said, bool(which["the"]))

    def _part_of(self, start: int, end: int, word: str, left: str) -> _Mark | None:
        if self.published is None or word not in {"day", "week", "month", "year"} or not left.endswith(" the "):
            return None
        if not _PART_OF.search(left) or _AFTER_SPAN.match(self.text, end):
            return None
        here = self.before.first if word == "day" and self.before and self.before.unit == "day" else None
        return _Mark(start - 4, end, _UNITS[word], _floor(here or self.published, _UNITS[word]))

    def _of_today(self, start: int, end: int, word: str, said: str, the: bool) -> _Mark | None:
        unit, today = _UNITS[word], self.published
        if today is None or (word == "day") or (said in ("last", "next") and unit == "day" and word != "night"):
            return None
        if unit == "day":
            return None if the else _Mark(start, end, unit, _shift(today, _WHICH_STEP[said], unit))
        if the:
            since = _back(today, unit) if said in ("last", "past") and not _AFTER_SPAN.match(self.text, end) else None
            return _Mark(start, end, "day", since, today) if since else None
        return None if said == "past" else _Mark(start, end, unit, _shift(today, _WHICH_STEP[said], unit))

    def _counted(self, start: int, end: int, unit: _Unit, count: re.Match[str], tail: re.Match[str]) -> _Mark | None:
        number = _NUMBERS.get(count["n"].lower()) or int(count["n"])
        if (number == 1) == (self.text[end - 1] == "s") or count["for"]:
            return None
        how = tail["how"]
        if (count["n"].lower() == "the" and how not in ("before", "after")) or self.text.startswith(
            (" yesterday", " tomorrow"), tail.end("how")
        ):
            return None
        start, end = start - len(count.group()), tail.end("how")
        if how == "ago":
            first = _shift(self.published, -number, unit) if self.published else None
            return _Mark(start, end, unit, first) if first else None
        step = number if how in ("later", "after") else -number
        return _Mark(
            start, end, unit, None, step=step, clause=bool(tail["clause"]) and how in ("before", "after", "prior")
        )


def _may_be_year(left: str, year: int) -> bool:
    word = _LEFT_WORD.search(left)
    if left[-1:].isalnum() or left[-1:] in tuple("$€£#@.,:+/\\_&=§") or (word is None and left[-1:] == "-"):
        return False
    before, gap = (word["word"], word["gap"]) if word else ("", "")
    if gap.endswith("-"):
        return before.islower()
    if before.lower() in _NOT_BEFORE_YEAR:
        return False
    if not 1900 <= year <= 2030:
        return year >= 1500 and before.lower() in _BEFORE_YEAR and gap in (" ", "-")
    if before[:1].isupper() and gap == " ":
        return (
            before.lower() in _BEFORE_YEAR
            or before.endswith(("'s", "’s", "s'"))
            or len(before) == 2
            or before.lower() in _SEASONS
        )
    return True


def _back(today: date, unit: _Unit) -> date | None:
    if unit == "week":
        return _shift(today, -7, "day")
    month = _shift(today, -1, unit)
    if month is None:
        return None
    return _date(month.year, today.month if unit == "year" else month.month, today.day) or month


def _join(text: str, marks: list[_Mark]) -> list[_Mark]:
    """Join a weekday with its date, and the two ends of a range; an end without a year takes the other's."""
    joined: list[_Mark] = []
    for mark in marks:
        if joined and (both := _both(text, joined[-1], mark)):
            joined[-1] = both
        else:
            joined.append(mark)
    return joined


def _both(text: str, a: _Mark, b: _Mark) -> _Mark | None:
    gap = text[a.end : b.start] if b.start - a.end < 16 else "|"
    if not a.first or not b.first or a.unit != b.unit or a.last or b.last:
        return None
    if a.unit == "day" and b.written and not a.written and _DATE_OF_DAY.fullmatch(gap):
        return replace(b, start=a.start)
    if not (_RANGE.fullmatch(gap) or (gap == " and " and text[max(0, a.start - 8) : a.start].lower() == "between ")):
        return None
    first = (_date(b.first.year, a.first.month, a.first.day) if a.open_year and not b.open_year else a.first) or a.first
    return replace(a, end=b.end, first=first, last=b.first) if first < b.first else None


def _anchor(text: str, published: date | None, marks: list[_Mark]) -> list[_Mark]:
    """Count from other dates: `two days earlier`, `that week`, `a week after his 20 January speech`."""
    known: list[_Mark] = []
    for i, mark in enumerate(marks):
        if mark.first:
            known.append(mark)
            continue
        following = marks[i + 1] if i + 1 < len(marks) else None
        first = _counted_from(text, published, mark, known, following)
        if first:
            known.append(replace(mark, first=first))
    return known


def _counted_from(
    text: str, published: date | None, mark: _Mark, known: list[_Mark], following: _Mark | None
) -> date | None:
    if not mark.clause:
        return _nearest(published, mark, known)
    if known and known[-1].first and _APPOSED.fullmatch(text[known[-1].end : mark.start][:90]):
        return _floor(known[-1].first, mark.unit)  # `on Thursday, two days before the fire`: that Thursday
    if following and following.first and _SAME_CLAUSE.fullmatch(text[mark.end : following.start][:90]):
        return _shift(following.first, mark.step, mark.unit)
    if mark.unit not in ("day", "week"):
        return None
    if _EVENT.match(text, mark.end):  # the event is the day a report opens with
        anchor = next((k.first for k in known[:_REACH] if k.unit == "day"), None)
    else:  # else it has to be close by
        anchor = next((k.first for k in known[-1:] if k.written and mark.start - k.end < 600), None)
    first = _shift(anchor, mark.step, mark.unit) if anchor else None
    return first if first and (published is None or first <= published) else None


def _nearest(published: date | None, mark: _Mark, known: list[_Mark]) -> date | None:
    fine = {
        "day": ["day"],
        "week": ["day", "week"],
        "month": ["day", "week", "month"],
        "year": ["day", "week", "month", "year"],
    }
    # Within reach only: so the work on a report grows with its length and not with the square of it.
    near = (k.last or k.first for k in known[: -_REACH - 1 : -1] if k.unit in fine[mark.unit])
    anchor = next(near, published if mark.step < 0 else None)
    first = _shift(anchor, mark.step, mark.unit) if anchor else None
    return None if first and published and mark.unit == "year" and first > published else first


# ---- the layer -------------------------------------------------------------------------------------------------------

TABLE = Table(
    "times",
    "annotate",
    "One row per date expression in dateline or body, such as a date, a weekday or last month; times of day, durations "
    "and vague expressions are left out.",
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
    """A date, or a relative day, week, month or year, with its ISO 8601 value."""

    span: GoldSpan
    value: str


def _row(report: Report, t: Time) -> Values:
    return report.doc_id, t.start, t.end, report.text[t.start : t.end], t.value, t.granularity


def _highlights(row: Row, _number: int, _text: str) -> Iterator[Highlight]:
    yield Highlight("date", row["start"], row["end"], (with_details(row, "value granularity"),))


def _gold_row(gold: GoldTime, text: GoldText) -> Row:
    return {**text.span("times.span", gold.span), "value": gold.value}


def same_time(gold: Row, found: Row) -> bool:
    """Return whether spans overlap and values are equal."""
    return overlap(gold, found) and bool(gold["value"] == found["value"])


LAYER = Layer(
    table=TABLE,
    find=lambda marks: find_times(marks.report),
    row=_row,
    shown=Shown(kinds=(HighlightKind("date", "date", 30),), highlights=_highlights),
    conllu=Conllu("Time", "value"),
    brat=Brat(entities=("Time",), notes=("value", "granularity")),
    gold=Gold(model=GoldTime, row=_gold_row, scores={"times": same_time}),
)
