"""Repairs of a text, one small function each, applied in a fixed order until nothing changes.

Each takes a text and gives it back with the number of places it mended. What the context does not decide is counted
in `flags` and left as found: nothing is invented.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial

import ftfy
from simplemma import is_known

Repair = Callable[[str], tuple[str, int]]

# Straightening curly marks would throw away which of them open and which close; what is left is ftfy's default.
_FTFY = ftfy.TextFixerConfig(uncurl_quotes=False)


def fix_encoding(text: str) -> tuple[str, int]:
    """Undo mis-decoding (`â€™`), HTML entities, ligatures, wide Latin letters and odd line ends (ftfy, Speer 2019)."""
    if text.isascii() and "&" not in text and text.isprintable():
        return text, 0
    fixed = ftfy.fix_text(text, _FTFY)
    if fixed == text:
        return text, 0
    changed = Counter(text.split()) - Counter(fixed.split())  # words that are no more
    return fixed, max(1, changed.total())


def fix_control_characters(text: str) -> tuple[str, int]:
    """Take out characters that nobody sees: controls, soft hyphens, zero-width marks, byte order marks."""
    return re.subn(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u2060\ufeff]", "", text)


def fix_line_ends(text: str) -> tuple[str, int]:
    """Write every line end as one line feed."""
    return re.subn("\r\n?|[\u2028\u2029]", "\n", text)


def fix_no_break_spaces(text: str) -> tuple[str, int]:
    """Write no-break and other odd spaces, and tabs, as spaces: words are searched for with spaces."""
    return re.subn("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]", " ", text)


# ---- The pair "? -----------------------------------------------------------------------------------------------
# Somewhere on the way of News Articles, UTF-8 was read as a Chinese encoding. A curly mark or a dash has three bytes
# there; the third took the character after it along when that was ASCII below 0x40 (a space, mostly; a digit, a
# full stop), and both became `"?`. So each pair stands for one mark and one lost character. Which ones, only the
# neighbours can say.
_PAIR = '"?'
# In sound English a space or another mark follows `"?` (`Did he say "never"? No.`); a letter shows the damage.
_DAMAGED = re.compile(r'"\?[^\W\d_]')
_SENTENCE_END = ".,!?…"


def fix_lost_marks(text: str) -> tuple[str, int]:
    """Mend `"?` where its neighbours decide both the mark and the lost character.

    - after a comma or the end of a sentence and before a word: closing mark and space (`choice,"?Sen.` is
      `choice," Sen.`);
    - between a space and a word: a dash and its space (`WASHINGTON "?The` is `WASHINGTON – The`);
    - between two words where a quotation is open: closing mark and space; after an `s` where none is open: the
      apostrophe of a plural and space (`DeVos"?highly` is `DeVos' highly`);
    - after a hyphen (a no-break space once) and before a word where no quotation is open: a dash.

    Everything else is left: before a digit the lost character could have been anything. A text in which no pair
    stands before a letter is sound, and left alone.
    """
    if not _DAMAGED.search(text):
        return text, 0
    done: list[str] = []
    times = last = 0
    opened: int | None = None  # where the quotation opened that has not closed yet
    for mark in re.finditer(r'"\??', text):
        at, end = mark.span()
        mended = _decide(text, at, opened) if mark.group() == _PAIR else None
        if mended is not None:
            # a hyphen before a dash was a no-break space once, and the dash brings its space
            done += [text[last : at - mended.startswith(" ")], mended]
            last, times = end, times + 1
        if mended is None or '"' in mended:
            opened = at if _opens(text, at, after_pair=at == last > 0) else None
    return "".join([*done, text[last:]]), times


def _opens(text: str, at: int, *, after_pair: bool) -> bool:
    before, after = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    if after == "?" or not after or after.isspace():
        return False
    return after_pair or not before or before.isspace() or before in "([-–—'‘"  # a mended pair ends with a space


# Editors put the full stop or comma before the closing mark, so a mark right after a letter closes a few quoted words
# and not a sentence.
_FEW_WORDS = 120


def _decide(text: str, at: int, opened: int | None) -> str | None:
    before, after = text[at - 1 : at] if at else "", text[at + 2 : at + 3]
    if before and before in _SENTENCE_END:
        return _after_sentence(text, at, after)
    if before == " ":
        return _after_space(text, at, after)
    if before == "-":
        return " – " if opened is None and after.isalpha() else None
    return _between_words(text, at, opened) if before.isalpha() and after.isalpha() else None


# Words that end in s and are no plural or name: an apostrophe after them would be none.
_NO_PLURALS = frozenset("as does goes has his is its less plus this thus us was yes".split())


def _between_words(text: str, at: int, opened: int | None) -> str | None:
    plural = text[at - 1] in "sS" and _last_word(text, at) not in _NO_PLURALS
    few = opened is not None and at - opened <= _FEW_WORDS
    if opened is None:
        return "' " if plural else None
    # An apostrophe within the quotation; or its end, and another quotation whose beginning is lost.
    if _closes_later(text, at + 2):
        return "' " if plural and not few else None
    return '" ' if few else None


def _last_word(text: str, at: int) -> str:
    return text[max(0, at - 20) : at].rsplit(None, 1)[-1].lower().strip("\"'(")


def _after_sentence(text: str, at: int, after: str) -> str | None:
    if after.isalpha() or (after and after in '"[('):
        return '" '
    # Between a closing mark and white space, only another space or the end of a parenthesis can have stood.
    if (not after or after.isspace()) and text.rfind("(", 0, at) <= text.rfind(")", 0, at):
        return '"'
    return None


def _after_space(text: str, at: int, after: str) -> str | None:
    if after.isalpha():
        return "– "
    # `alone "? and`: a dash and two spaces, unless a quotation that opened here closes later (`"8 ...`).
    return "–" if after == " " and not _closes_later(text, at + 2) else None


def _closes_later(text: str, start: int) -> bool:
    """Tell whether the next mark in the sentence closes: then the quotation is open still."""
    mark = text.find('"', start, start + 400)
    if mark < 0:
        return False
    before = text[mark - 1]
    return before in _SENTENCE_END or before.isalnum()


_CONTRACTED = "ll|re|ve|m|s|d|t"


def fix_lost_apostrophes(text: str) -> tuple[str, int]:
    """Mend `n"t`, `I"ve`, `We"�ll`, `O"�Neill`: inside a word there is no quotation mark, so it was an apostrophe.

    A quoted letter in the plural is left (`two "B"s`).
    """
    if '"' not in text:
        return text, 0
    text, contracted = re.subn(rf'"(?<=[A-Za-z]")(?<!"[A-Za-z]"(?=s\b))\ufffd?(?=(?:{_CONTRACTED})\b)', "'", text)
    text, names = re.subn('\\bO"\ufffd(?=[A-Z])', "O'", text)
    return text, contracted + names


def fix_lost_opening_marks(text: str) -> tuple[str, int]:
    """Mend `"�` between a space and a word: the mark that opens a quotation (`the "�Russian threat"`)."""
    if "\ufffd" not in text:
        return text, 0
    return re.subn('(?:(?<=[\\s(\\[])|\\A)"\ufffd(?=[\\w\\[])', '"', text)


def fix_apostrophes(text: str) -> tuple[str, int]:
    """Write the apostrophe inside a word straight: the tokeniser and the lexicons know `don't`, not `don’t`."""
    # The mark first and what stands before it after that: a search that begins with a look back tries every character.
    return re.subn(r"’(?<=[^\W\d_]’)(?=[^\W\d_])", "'", text)


_AFTER_SENTENCE = r"([.!?](?<=[^\W\d_A-Z]{2}[.!?])[\"”]?)-"


def fix_lost_spaces(text: str) -> tuple[str, int]:
    """Mend `forests.- That` and `riot.-It was`: no hyphen follows the end of a sentence, so it was a no-break space.

    The second form only in texts that have the first (else `Maj.-Gen.` would be one), and not after a single letter
    (`U.S.-led`, `p.m.-`). `will-not`, which a compound could be, is left.
    """
    if "-" not in text:
        return text, 0
    text, spaced = re.subn(_AFTER_SENTENCE + r"(?: |$)", r"\1 ", text)
    text, close = re.subn(_AFTER_SENTENCE + r"(?=[A-Z\"“])", r"\1 ", text) if spaced else (text, 0)
    return text, spaced + close


# A line of a wrapped text is as long as a teletype's or a mail's at most.
_WRAPPED_AT = 100
_LISTED = re.compile(r"[-*•–]\s|\d+[.)]\s")


def fix_line_wraps(text: str) -> tuple[str, int]:
    """Put together lines that were wrapped, and part paragraphs by one empty line.

    Lines that follow each other without an empty one between are wrapped if none is longer than _WRAPPED_AT, fewer
    than half of them end a sentence and none opens like a list's; else each is a paragraph of its own. A hyphen at a
    wrapped line's end goes only if the word without it is in simplemma's English dictionary (`evacu-` `ation`, but not
    `Russian-` `held`).
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
            whole = head.group(1) + tail.group()
            text = (text[:-1] if is_known(whole, lang="en") else text) + line
        else:
            text = f"{text} {line}"
    return text


def fix_spaces(text: str) -> tuple[str, int]:
    """Write runs of spaces as one, and none at the ends of lines or of the text."""
    text, runs = re.subn("  +", " ", text)
    text = re.sub(" ?\n ?", "\n", text)
    changed = sum(1 for _ in re.finditer(r"\A\s+|\s+\Z", text))
    return text.strip(), runs + changed


# In this order: decoding first, since every other repair reads characters; white space last.
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
# One repair may lay bare another's work (an entity hides a no-break space); three rounds were enough for every text
# that hypothesis found.
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
        A text as found.

    Returns
    -------
    The mended text, and how often each repair mended something, in the order of REPAIRS.

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
    """Count damage that stays because nothing decides what stood there.

    Examples
    --------
    >>> flags('the "?5 Year Old Vlogger" paid �15,000 in Sch?neberg')
    {'undecided "?': 1, 'lost characters': 1, 'lost letters': 1}
    """
    found = {name: sum(1 for _ in find(text)) for name, find in _FLAGS.items()}
    return {name: times for name, times in found.items() if times}
