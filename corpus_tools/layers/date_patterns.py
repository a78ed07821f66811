"""Patterns for dates and for the words around them."""

from __future__ import annotations

import re
from typing import Literal

from corpus_tools.layers.date_words import DATE_WORDS

Unit = Literal["day", "week", "month", "year"]


def _words(name: str) -> list[str]:
    """Return a list of `DATE_WORDS`."""
    return [word.replace("_", " ") for word in DATE_WORDS[name].split()]


def _any(name: str) -> str:
    return "|".join(_words(name))


_MONTH_NAMES = _words("months")
MONTHS = {name[:3]: number for number, name in enumerate(_MONTH_NAMES, start=1)}
WEEKDAYS = {f"{name}day": number for number, name in enumerate("mon tues wednes thurs fri satur sun".split())}
RELATIVE_DAYS = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}
_TIMES_OF_DAY = {"night", "morning", "afternoon", "evening"}
UNITS: dict[str, Unit] = {"day": "day", "week": "week", "month": "month", "year": "year"}
UNITS |= {f"{unit}s": unit for unit in list(UNITS.values())} | dict.fromkeys(_TIMES_OF_DAY, "day")
NUMBERS = {word: number for number, word in enumerate(_words("numbers"))}
NUMBERS |= {"a": 1, "an": 1, "the": 1, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50}

# Each branch starts with a literal, a rare letter where possible, so the regex engine can skip ahead.
TRIGGER = re.compile(
    r"y(?:(?<=day)|ear)|month|morr|morn|k(?<=week)|fternoon|vening|ght(?<=[Nn]ight)"
    r"|Jan|Jun|Jul|Feb|Mar|May|Apr|Aug|Sep|Oct|Nov|Dec|1[0-9]{3,}|2[0-9]{3,}"
)
HEAD = re.compile(r"[A-Za-z]*\Z")
WORD = re.compile(r"[A-Za-z]{1,12}")

# ---- days and months -------------------------------------------------------------------------------------------------

# In News Articles, hyphens replace no-break spaces (`in-June-2013`).
_GAP = r"[\s\xa0-]{1,2}"
_NTH = r"(?:st|nd|rd|th)?"
_TO = r"\s?(?P<to>-|–|—|/|\b(?:to|and|until|till|through)\b)\s?"
_NO_COUNT = r"(?![\w%]|[.,:][0-9]|\s(?:people|per ?cent|million|[ap]\.?m\b))"
MONTH = re.compile(rf"(?:(?:{'|'.join(_MONTH_NAMES)})(?![\w])|(?P<short>(?:{'|'.join(MONTHS)}|Sept)\b\.?))")
RIGHT_DAY = re.compile(
    rf",?{_GAP}(?:the )?(?P<day>[0-9]{{1,2}}){_NTH}{_NO_COUNT}"
    rf"(?:{_TO}(?P<last>[0-9]{{1,2}}){_NTH}{_NO_COUNT}(?!\s(?:others|more|[a-z]+s)\b))?"
)
LEFT_DAY = re.compile(
    rf"(?<![\w.,:$€£-])(?:(?P<day>[0-9]{{1,2}}){_NTH}{_TO})?(?P<last>[0-9]{{1,2}}){_NTH}{_GAP}(?:of )?(?:the )?\Z"
)
DAY_ENDS = tuple(f"{end}{gap}" for end in [*"0123456789", *"st nd rd th of the".split()] for gap in " -\xa0\n")
OF_YEAR = re.compile(
    rf",?{_GAP}(?:of )?(?:(?P<year>[12][0-9]{{3}})(?![\w%]|[.,][0-9])|(?P<which>last|this|next|that|the same) year\b)"
)
LEFT_WHICH = re.compile(r"\b(?P<which>last|this past|this|next|coming) \Z", re.IGNORECASE)
LEFT_WORD = re.compile(r"(?P<word>[\w'’]+)(?P<gap>[^\w'’]{1,3})\Z")
BEFORE_MONTH, BEFORE_MAY = frozenset(_words("before month")), frozenset(_words("before may"))
NOT_MONTH = re.compile(
    r"(?:['’]s)?\s+(?:for|on|against)\s+[A-Z]|\sMadness|-[A-Za-z]-|['’]s (?:government|cabinet|Brexit)"
)
PARTY = re.compile(r"\s(?:alliance|bloc|coalition|movement)", re.IGNORECASE)
ATTACKS = re.compile(r",?\s(?:terror(?:ist)? )?(?:attack|hijack|terror)")  # of 11 September
TITLE = re.compile(r"\s[A-Z][a-z]")
LIST = frozenset([", ", " and ", ", and ", " or "])
END_OF = re.compile(r"\b(?:end|beginning|start|middle) of \Z")
BETWEEN = re.compile(r"\bbetween \Z", re.IGNORECASE)
SINCE = re.compile(r"\bsince (?:early |late |mid-)?\Z", re.IGNORECASE)

# ---- years -----------------------------------------------------------------------------------------------------------

YEAR = re.compile(
    r"(?P<first>[12][0-9]{3})(?:(?P<decade>['’]?s)\b|\s?[-–]\s?(?P<last>[12][0-9]{3}|[0-9]{2})(?![\w%-])"
    r"|(?P<sep>[-/.])(?P<m>[0-9]{1,2})(?P=sep)(?P<d>[0-9]{1,2})(?![\w-]))?"
)
LEFT_NUMERIC = re.compile(r"(?<![\w.,/-])(?P<a>[0-9]{1,2})(?P<sep>[./-])(?P<b>[0-9]{1,2})(?P=sep)\Z")
AFTER_YEAR = re.compile(
    r"[\w%@]|[.,:][0-9]|-[0-9]|\s[0-9]{3}|\s?(?:GMT|UTC|BST|hours|hrs|km|kilomet|met(?:re|er)s|miles|feet"
    rf"|acres|hectares|tons|tonnes|{_any('after number')})\b",
    re.IGNORECASE,
)
BEFORE_YEAR, NOT_BEFORE_YEAR = frozenset(_words("before year")), frozenset(_words("not before year"))
SEASONS = frozenset(_words("seasons"))
LEFT_SEASON = re.compile(rf"\b(?:{_any('seasons')}) (?:of )?\Z", re.IGNORECASE)
SEASON_ENDS = ("of ", *(f"{season} " for season in _words("seasons")))

# ---- weekdays and relative days --------------------------------------------------------------------------------------

NOT_DAY_BEFORE = re.compile(r"\w \Z")  # USA Today, the Tonight Show
NOT_DAY_AFTER = re.compile(r"(?:['’]s (?:world|society|modern|standards))|\s(?:[Ss]how|[Pp]rogramme?)\b")
NOT_WEEKDAY_BEFORE = tuple(f" {word} " for word in [*_words("not before weekday"), "on a", "On a", "Mail on"])
NOT_WEEKDAY_AFTER = re.compile(rf"s\b|\s(?:{_any('not after weekday')})\b")
WEEK_OF_DAY = re.compile(r"(?: \w+)? (?:of )?(?P<which>last|this|next) week\b")
SPEECH = (': "', ": “", ": '")  # `he wrote late Thursday: "Today ..."`
AT_WEEKEND = re.compile(r"\b(?:[Oo]ver|[Aa]t|[Dd]uring) the \Z")

# ---- units of time ---------------------------------------------------------------------------------------------------

WHICH = re.compile(
    r"\b(?P<the>the )?(?P<which>last|this|next|that|same|previous|following|past|preceding) \Z", re.IGNORECASE
)
WHICH_ENDS = tuple(
    f"{word} "
    for word in "last this next that same previous following past preceding coming This That Last Next".split()
)
WHICH_STEP = {"last": -1, "past": -1, "previous": -1, "preceding": -1, "this": 0, "that": 0, "same": 0, "next": 1}
WHICH_STEP |= {"following": 1, "coming": 1, "this past": -1}
COUNT = re.compile(
    r"(?<![\w,.-])(?P<for>for )?(?:(?:more than|less than|about|around|nearly|almost|barely|just|only|some|over) )?"
    rf"(?P<n>{'|'.join(NUMBERS)}|[0-9]{{1,3}}) \Z",
    re.IGNORECASE,
)
TAIL = re.compile(r"(?:end)?\s(?P<how>ago|earlier|later|before|after|prior|previously)\b(?P<clause>\s+\w)?")
AFTER_SPAN = re.compile(r"\s(?:of|and a half|or)\b")
# `earlier in the day`, `at the beginning of the year`: the day or year of publication.
PART_OF = re.compile(
    r"\b(?P<part>(?:earlier|later|early|late) (?:in|on in)|(?:beginning|start|middle|end|rest) of) the \Z",
    re.IGNORECASE,
)

# ---- between two dates -----------------------------------------------------------------------------------------------

DATE_OF_DAY = re.compile(r",?\s(?:the )?")
RANGE = re.compile(r"\s?[-–—]\s?|\s(?:to|until|till|through)\s(?:early |late |mid-)?")
APPOSED = re.compile(r"(?:['’]s)?,? (?:and )?|[^.;:\"“”?!]{0,60}(?:, (?:and )?| c[oa]mes? )(?:barely |only |just )?")
EVENT = re.compile(rf" (?:the|this|that|his|her|their) (?:[\w'’]+ )?(?:{_any('events')})s?\b")
SAME_CLAUSE = re.compile(r"[^.;:,\"”]{0,60}")

# ---- cues for the future and the past --------------------------------------------------------------------------------

_THEN = r"(?: not| also| to| have| take place)*(?: (?:be|get) \w+| [a-z]+ed(?! to)\b)?"
_FUTURE = (
    rf"(?:will|won['’]t|shall|is to|are to|{_any('future')}|to (?=be)"
    rf"|(?:is|are|was|were|been|be) (?:also |now )?(?:{_any('planned')}|{_any('visiting')})){_THEN}"
    r"|as (?:early|soon|late) as|ahead of|upcoming|kicks off|takes? place|takes? effect|go(?:es)? into effect"
)
_MAYBE = (
    rf"(?:would|may|might|should|must|(?:{_any('intends')}) (?=to )|to (?={_any('infinitives')}))"
    rf"{_THEN}|{_any('present')}"
)
_PAST = rf"{_any('past')}|[a-z]{{2,}}ed(?: to [a-z]+)?|according|following|after|since"
CUE = re.compile(rf"\b(?=[a-z])(?:(?P<future>{_FUTURE})|(?P<maybe>{_MAYBE})|(?P<past>{_PAST}))\b")
