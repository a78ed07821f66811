"""Repairs of a text: one small function each, applied in a fixed order until nothing changes.

Each takes a text and returns it with the number of places that it repaired. Damage whose context does not show what the
text was before is left as it is and counted by `flags`: nothing is invented.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial

import ftfy
from simplemma import is_known

Repair = Callable[[str], tuple[str, int]]

# Straight quotation marks would no longer show which of them open and which close; all else is ftfy's default.
_FTFY = ftfy.TextFixerConfig(uncurl_quotes=False)


def fix_encoding(text: str) -> tuple[str, int]:
    """Undo mis-decoding (`â€™`), HTML entities, ligatures, wide Latin letters and odd line ends (ftfy, Speer 2019)."""
    if text.isascii() and "&" not in text and text.isprintable():
        return text, 0
    fixed = ftfy.fix_text(text, _FTFY)
    if fixed == text:
        return text, 0
    changed = Counter(text.split()) - Counter(fixed.split())  # words that changed
    return fixed, max(1, changed.total())


def fix_control_characters(text: str) -> tuple[str, int]:
    """Remove invisible characters: controls, soft hyphens, zero-width spaces, byte order marks."""
    return re.subn(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u2060\ufeff]", "", text)


def fix_line_ends(text: str) -> tuple[str, int]:
    """Replace every line end by a line feed."""
    return re.subn("\r\n?|[\u2028\u2029]", "\n", text)


def fix_no_break_spaces(text: str) -> tuple[str, int]:
    """Replace tabs, no-break spaces and the other spaces of Unicode by plain ones, which patterns of words expect."""
    return re.subn("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]", " ", text)


# ---- The pair "? -----------------------------------------------------------------------------------------------
# At some point, the UTF-8 of the data set News Articles was decoded as a Chinese encoding. A curly quotation mark or a
# dash has three bytes in UTF-8. The third one swallowed the next character if that was ASCII below 0x40 (mostly a
# space, sometimes a digit or a full stop), and both became `"?`. Each pair thus replaces one mark and one lost
# character; only its neighbours show which.
_PAIR = '"?'
# In undamaged English, a space or another mark follows `"?` (`Did he say "never"? No.`); a letter after it is damage.
_DAMAGED = re.compile(r'"\?[^\W\d_]')
_SENTENCE_END = ".,!?…"


def fix_lost_marks(text: str) -> tuple[str, int]:
    """Repair `"?` where its neighbours show both the mark and the lost character.

    - Between a comma or the end of a sentence and a word: a closing mark and a space (`choice,"?Sen.` becomes
      `choice," Sen.`).
    - Between a space and a word: a dash and its space (`WASHINGTON "?The` becomes `WASHINGTON – The`).
    - Between two words, inside a quotation: a closing mark and a space. Outside one and after an `s`: the apostrophe of
      a plural and a space (`DeVos"?highly` becomes `DeVos' highly`).
    - Between a hyphen, which was a no-break space, and a word, outside a quotation: a dash.

    All other pairs are left; before a digit, for instance, the lost character could have been any. A text in which no
    letter follows a pair is undamaged and left alone.
    """
    if not _DAMAGED.search(text):
        return text, 0
    done: list[str] = []
    times = last = 0
    opened: int | None = None  # start of the quotation that is still open
    for mark in re.finditer(r'"\??', text):
        start, end = mark.span()
        repaired = _decide(text, start, opened) if mark.group() == _PAIR else None
        if repaired is not None:
            # the space before a dash replaces the hyphen, which was a no-break space
            done += [text[last : start - repaired.startswith(" ")], repaired]
            last, times = end, times + 1
        if repaired is None or '"' in repaired:
            opened = start if _opens(text, start, after_pair=start == last > 0) else None
    return "".join([*done, text[last:]]), times


def _opens(text: str, start: int, *, after_pair: bool) -> bool:
    before, after = text[start - 1 : start] if start else "", text[start + 1 : start + 2]
    if after == "?" or not after or after.isspace():
        return False
    return after_pair or not before or before.isspace() or before in "([-–—'‘"  # a repaired pair ends with a space


# Editors put the full stop or comma before the closing mark, so a mark right after a letter closes a few quoted words
# and not a sentence.
_FEW_WORDS = 120


def _decide(text: str, start: int, opened: int | None) -> str | None:
    before, after = text[start - 1 : start] if start else "", text[start + 2 : start + 3]
    if before and before in _SENTENCE_END:
        return _after_sentence(text, start, after)
    if before == " ":
        return _after_space(text, start, after)
    if before == "-":
        return " – " if opened is None and after.isalpha() else None
    return _between_words(text, start, opened) if before.isalpha() and after.isalpha() else None


# Words that end in s without being plurals or names: no apostrophe follows them.
_NO_PLURALS = frozenset("as does goes has his is its less plus this thus us was yes".split())


def _between_words(text: str, start: int, opened: int | None) -> str | None:
    plural = text[start - 1] in "sS" and _last_word(text, start) not in _NO_PLURALS
    few = opened is not None and start - opened <= _FEW_WORDS
    if opened is None:
        return "' " if plural else None
    # Either an apostrophe inside the quotation, or the end of it before another one whose opening mark is lost.
    if _closes_later(text, start + 2):
        return "' " if plural and not few else None
    return '" ' if few else None


def _last_word(text: str, start: int) -> str:
    return text[max(0, start - 20) : start].rsplit(None, 1)[-1].lower().strip("\"'(")


def _after_sentence(text: str, start: int, after: str) -> str | None:
    if after.isalpha() or (after and after in '"[('):
        return '" '
    # Only another space or a closing parenthesis can have been between a closing mark and white space.
    if (not after or after.isspace()) and text.rfind("(", 0, start) <= text.rfind(")", 0, start):
        return '"'
    return None


def _after_space(text: str, start: int, after: str) -> str | None:
    if after.isalpha():
        return "– "
    # `alone "? and` was a dash and two spaces, unless it opened a quotation that closes later (`"8 ...`).
    return "–" if after == " " and not _closes_later(text, start + 2) else None


def _closes_later(text: str, start: int) -> bool:
    """Check whether the next mark closes a quotation, which is then still open."""
    mark = text.find('"', start, start + 400)
    if mark < 0:
        return False
    before = text[mark - 1]
    return before in _SENTENCE_END or before.isalnum()


_CONTRACTED = "ll|re|ve|m|s|d|t"


def fix_lost_apostrophes(text: str) -> tuple[str, int]:
    """Repair `n"t`, `I"ve`, `We"�ll`, `O"�Neill`: a quotation mark inside a word was an apostrophe.

    The plural of a quoted letter is left (`two "B"s`).
    """
    if '"' not in text:
        return text, 0
    text, contracted = re.subn(rf'"(?<=[A-Za-z]")(?<!"[A-Za-z]"(?=s\b))\ufffd?(?=(?:{_CONTRACTED})\b)', "'", text)
    text, names = re.subn('\\bO"\ufffd(?=[A-Z])', "O'", text)
    return text, contracted + names


def fix_lost_opening_marks(text: str) -> tuple[str, int]:
    """Repair `"�` between a space and a word: the mark opens a quotation (`the "�Russian threat"`)."""
    if "\ufffd" not in text:
        return text, 0
    return re.subn('(?:(?<=[\\s(\\[])|\\A)"\ufffd(?=[\\w\\[])', '"', text)


def fix_apostrophes(text: str) -> tuple[str, int]:
    """Straighten the apostrophe inside a word: the tokeniser and the lexicons know `don't`, not `don’t`."""
    # The pattern starts with the mark, because a search that starts with a lookbehind tries every character.
    return re.subn(r"’(?<=[^\W\d_]’)(?=[^\W\d_])", "'", text)


_AFTER_SENTENCE = r"([.!?](?<=[^\W\d_A-Z]{2}[.!?])[\"”]?)-"


def fix_lost_spaces(text: str) -> tuple[str, int]:
    """Repair `forests.- That` and `riot.-It was`: a hyphen after the end of a sentence was a no-break space.

    The second form is repaired only in texts with the first one (or `Maj.-Gen.` would be changed), and never after a
    single letter (`U.S.-led`, `p.m.-`). `will-not` is left, since it could be a compound.
    """
    if "-" not in text:
        return text, 0
    text, spaced = re.subn(_AFTER_SENTENCE + r"(?: |$)", r"\1 ", text)
    text, close = re.subn(_AFTER_SENTENCE + r"(?=[A-Z\"“])", r"\1 ", text) if spaced else (text, 0)
    return text, spaced + close


# Teletypes and mail programs wrap lines well before this length.
_WRAPPED_AT = 100
_LISTED = re.compile(r"[-*•–]\s|\d+[.)]\s")


def fix_line_wraps(text: str) -> tuple[str, int]:
    """Join wrapped lines, and separate paragraphs by one empty line.

    Consecutive lines are wrapped if none is longer than _WRAPPED_AT, fewer than half of them end a sentence and none
    starts like the item of a list; otherwise each is a paragraph. A hyphen at the end of a wrapped line is dropped only
    if the word without it is in simplemma's English dictionary (`evacu-` `ation`, but not `Russian-` `held`).
    """
    if "\n" not in text:
        return text, 0
    paragraphs: list[str] = []
    times = 0
    for block in re.split(r"\n[ ]*(?:\n[ ]*)+", text):
        lines = [line.strip(" ") for line in block.split("\n")]
        lines = [line for line in lines if line]
        if _is_wrapped(lines):
            paragraphs.append(_unwrap(lines))
            times += len(lines) - 1
        else:
            paragraphs += lines
            times += max(0, len(lines) - 1)
    return "\n\n".join(paragraphs), times


def _is_wrapped(lines: list[str]) -> bool:
    if len(lines) < 2 or max(map(len, lines)) > _WRAPPED_AT or any(_LISTED.match(line) for line in lines):
        return False
    ended = sum(line.endswith((".", "!", "?", ":", '"', "”")) for line in lines[:-1])
    return ended * 2 < len(lines) - 1


def _unwrap(lines: list[str]) -> str:
    text = lines[0]
    for line in lines[1:]:
        head = re.search(r"([^\W\d_]+)-$", text)
        tail = re.match(r"[^\W\d_]+", line)
        if head and tail and tail.group()[0].islower():
            is_one_word = is_known(head.group(1) + tail.group(), lang="en")
            text = (text[:-1] if is_one_word else text) + line
        else:
            text = f"{text} {line}"
    return text


def fix_spaces(text: str) -> tuple[str, int]:
    """Collapse runs of spaces, and remove white space at the ends of lines and of the text."""
    text, runs = re.subn("  +", " ", text)
    text = re.sub(" ?\n ?", "\n", text)
    changed = sum(1 for _ in re.finditer(r"\A\s+|\s+\Z", text))
    return text.strip(), runs + changed


# The order matters: decoding comes first, because all other repairs read characters, and white space last.
REPAIRS: dict[str, Repair] = {
    "encoding": fix_encoding,
    "line ends": fix_line_ends,
    "control characters": fix_control_characters,
    "no-break spaces": fix_no_break_spaces,
    "lost apostrophes": fix_lost_apostrophes,
    "lost opening marks": fix_lost_opening_marks,
    "lost marks": fix_lost_marks,
    "lost spaces": fix_lost_spaces,
    "apostrophes": fix_apostrophes,
    "spaces": fix_spaces,
    "line wraps": fix_line_wraps,
}
# A repair can reveal damage for another one (an HTML entity hides a no-break space). Three rounds were enough for every
# text that Hypothesis generated.
_ROUNDS = 5

_FLAGS: dict[str, Callable[[str], Iterator[re.Match[str]]]] = {
    'undecided "?': partial(re.finditer, r'"\?(?:(?!\s|\Z)|(?<=[\s,.!?-]"\?))'),
    "lost characters": partial(re.finditer, "\ufffd+"),
    "lost letters": partial(re.finditer, r"\?(?<=[^\W\d_]\?)(?=[^\W\d_])"),
}


def mend(text: str) -> tuple[str, dict[str, int]]:
    r"""Apply all repairs until nothing changes.

    Parameters
    ----------
    text
        Text as found.

    Returns
    -------
    The repaired text, and the number of places that each repair changed, in the order of REPAIRS.

    Examples
    --------
    >>> mend('"It was hard,"?Sen. Warren said.\u00a0Senators"?wives  did not.')[0]
    '"It was hard," Sen. Warren said. Senators\' wives did not.'
    >>> mend("Nothing to mend.")
    ('Nothing to mend.', {})
    """
    counts = dict.fromkeys(REPAIRS, 0)
    for _ in range(_ROUNDS):
        before = text
        for name, repair in REPAIRS.items():
            text, times = repair(text)
            counts[name] += times
        if text == before:
            break
    return text, {name: times for name, times in counts.items() if times}


def flags(text: str) -> dict[str, int]:
    """Count damage that is left because its context does not show how to repair it.

    Examples
    --------
    >>> flags('the "?5 Year Old Vlogger" paid �15,000 in Sch?neberg')
    {'undecided "?': 1, 'lost characters': 1, 'lost letters': 1}
    """
    counts = {name: sum(1 for _ in find(text)) for name, find in _FLAGS.items()}
    return {name: times for name, times in counts.items() if times}
