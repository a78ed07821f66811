"""Where sentences end: the very spans of `nltk.tokenize.punkt.PunktSentenceTokenizer`, for many texts at once.

After almost every full stop the word before it alone decides: a word that is no abbreviation, no initial and no number,
and begins no collocation, ends its sentence whatever follows. The others are put to NLTK.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, cached_property
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

# What a character is, as bits. NLTK has three notions of white space: that of Python's str; that of the `regex`
# package, without the four separators of ASCII; and, before a word, that of ASCII.
_LINE_END, _ASCII_SPACE, _SPACE, _STR_SPACE, _TERMINATOR, _NO_WORD, _CLOSER = (1 << i for i in range(7))
_SPACES = "".join(chr(i) for i in range(0x3001) if chr(i).isspace())  # there are none beyond
_SEPARATORS = "\x1c\x1d\x1e\x1f"
_CLOSERS = "\"')]}‘’“”«»"
_CLASSES = {
    _LINE_END: "\n",
    _ASCII_SPACE: " \t\n\r\v\f",
    _SPACE: "".join(set(_SPACES) - set(_SEPARATORS)),
    _STR_SPACE: _SPACES,
    _TERMINATOR: ".?!",
    _NO_WORD: ")\";}]*:@'({[‘’“”«»?!",
    _CLOSER: _CLOSERS,
}
_BLANK = rf"[^\S\n{_SEPARATORS}]+"
_RUN_OF_BLANK = re.compile(_BLANK)
_NEXT_TOKEN = re.compile(rf"[\S{_SEPARATORS}]+")
# Punkt's `re_boundary_realignment`.
_CLOSING = re.compile(rf"[{re.escape(_CLOSERS)}]+?(?:{_BLANK}|(?=--)|$)")
# The last token of a word before a full stop, where it is plain. Punkt's tokens end before any of these marks; some are
# tokens of their own, and others begin the next.
_LAST_TOKEN = re.compile(
    r"(?:.*(?:[)\";}\]*:@({\[]|(?P<mark>['‘’“”«»?!])))?(?P<word>[A-Za-z0-9$£€%]+(?:[-.,/][A-Za-z0-9]+)*)", re.DOTALL
)
# What follows it after white space, where that is plain too and has no other full stop; the first of its tokens.
_SPACED = re.compile(r"([\"(\[{]?(?:[A-Za-z]+(?:-[A-Za-z]+)*|[0-9]+))(?:,|['’]s)?(?=[ \n])")
_DIGITS = re.compile(r"[0-9][0-9,.-]*")
_NUMBER = "##number##"  # Punkt's word for all of them
# How Punkt has seen a word: with a capital, with one inside a sentence, without one, without one at the beginning.
_UPPER, _UPPER_INSIDE, _LOWER, _LOWER_FIRST = 14, 4, 112, 16
_PUNCTUATION = frozenset(";:,.!?")
_ALONE = frozenset(')";}]*:@({[')
_REMEMBERED = 300_000  # words and contexts, so that memory does not grow with the corpus
# So many characters at a time stay in the processor's cache.
_BATCH = 500_000


class Spans(NamedTuple):
    """One row a sentence: the text's index, the paragraph's number in it, and offsets in it, the end exclusive."""

    text: Ints
    paragraph: Ints
    start: Ints
    end: Ints


class Learned(Protocol):
    """What Punkt learned; see `corpus_tools.nltk_fast.punkt.Punkt`."""

    @property
    def abbreviations(self) -> Sequence[str]:
        """Lower case, without the last full stop."""
        ...

    @property
    def collocations(self) -> Sequence[tuple[str, str]]:
        """Words with a full stop between them that ends no sentence."""
        ...

    @property
    def starters(self) -> Sequence[str]:
        """Words that often begin a sentence."""
        ...

    @property
    def capitals(self) -> Sequence[tuple[str, int]]:
        """Words, and how each was capitalised."""
        ...

    def parameters(self) -> PunktParameters:
        """Give NLTK's own record of it."""
        ...


class Splitter:
    r"""NLTK's sentence tokeniser with some parameters, made fast; each word and context is looked at once.

    Parameters
    ----------
    learned
        The parameters.

    Examples
    --------
    >>> from corpus_tools.nltk_fast.punkt import Punkt
    >>> found = Splitter(Punkt(("gen",), (), (), ())).spans(["Gen. Mattis left. It is late.\nOver."])
    >>> found.paragraph.tolist(), found.start.tolist(), found.end.tolist()
    ([0, 0, 1], [0, 18, 30], [17, 29, 35])
    """

    def __init__(self, learned: Learned) -> None:
        self._learned = learned
        self._abbreviations = frozenset(learned.abbreviations)
        self._collocations = frozenset(learned.collocations)
        self._before = frozenset(first for first, _ in learned.collocations)
        self._starters = frozenset(learned.starters)
        self._capitals = dict(learned.capitals)
        self._sure: dict[str, bool] = {}
        self._decided: dict[str, bool] = {}

    @cached_property
    def nltk(self) -> PunktSentenceTokenizer:
        """NLTK's tokeniser itself."""
        from nltk.tokenize.punkt import PunktSentenceTokenizer  # noqa: PLC0415 - a second to load

        return PunktSentenceTokenizer(self._learned.parameters())

    def spans(self, texts: Sequence[str], starts: Sequence[int] | None = None) -> Spans:
        """Give the sentences of texts; a line end always ends one, and none is blank.

        Parameters
        ----------
        texts
            Any texts.
        starts
            Offset in each text at which to begin, by default 0.
        """
        found = [Spans(*(np.zeros(0, np.int64) for _ in range(4)))]
        found += (self._batch(texts, starts or [0] * len(texts), *some) for some in _batches(texts))
        return Spans(*(np.concatenate(column) for column in zip(*found, strict=True)))

    def _batch(self, texts: Sequence[str], starts: Sequence[int], first: int, last: int) -> Spans:
        bodies = [texts[i][starts[i] :] if starts[i] else texts[i] for i in range(first, last)]
        lines = _Lines("\n".join(["", *bodies, ""]))
        start, end = _realigned(lines, *self._cut(lines))
        base = 1 + np.cumsum([0, *(len(body) + 1 for body in bodies)])[:-1]
        text = np.searchsorted(base, start, side="right") - 1
        offset = np.asarray(starts[first:last], np.int64)[text] - base[text]
        number = lines.number[lines.of(start)]
        return Spans(first + text, number - lines.number[lines.of(base)][text], start + offset, end + offset)

    def _cut(self, lines: _Lines) -> tuple[Ints, Ints, Bools]:
        """Give starts and ends of sentences before realignment, and which is the first of its line."""
        at, after, word = _candidates(lines)
        breaks = self._decide(lines, at, after, word)
        start = np.concatenate([lines.start, after[breaks]])
        order = np.argsort(start, kind="stable")
        return start[order], np.sort(np.concatenate([at[breaks] + 1, lines.end])), order < len(lines.start)

    def _decide(self, lines: _Lines, at: Ints, after: Ints, word: Ints) -> Bools:
        """Say of each candidate whether it ends a sentence."""
        text, sure = lines.text, self._sure
        if len(sure) + len(self._decided) > _REMEMBERED:
            sure.clear()
            self._decided.clear()
        found: Bools = (lines.flags[at] & _NO_WORD) != 0  # Punkt never doubts ? and !
        stops = np.flatnonzero(~found)
        words = [text[a:b] for a, b in zip(word[stops].tolist(), at[stops].tolist(), strict=True)]
        sure.update((word, self._is_sure(word)) for word in set(words).difference(sure))
        known = np.fromiter(map(sure.__getitem__, words), np.bool_, len(words))
        found[stops] = known
        for i in stops[~known].tolist():
            found[i] = self._ask(text, int(word[i]), int(at[i]), int(after[i]))
        return found

    def _is_sure(self, word: str) -> bool:
        """Say whether a full stop after this word ends the sentence whatever follows."""
        token = _last_token(word)
        if token in _PUNCTUATION:  # the full stop alone
            return token not in self._before
        return (
            len(token) > 2  # known, and no initial
            and not _DIGITS.fullmatch(token)
            and token[:-1].lower() not in self._before
            and not self._is_abbreviation(token)
        )

    def _is_abbreviation(self, token: str) -> bool:
        kind = token[:-1].lower()
        return kind in self._abbreviations or kind.split("-")[-1] in self._abbreviations

    def _ask(self, text: str, word: int, at: int, after: int) -> bool:
        """Decide about a full stop with the word before it and the token or mark after it."""
        spaced = after > at + 1
        context = text[word : _end(_NEXT_TOKEN, text, after) if spaced else after + 1]
        found = self._decided.get(context)
        if found is None:
            token = _last_token(text[word:at])
            following = _first_token(text, after) if spaced else text[after]
            if following and len(token) > 1 and _ALONE.issuperset(context[: 1 + at - word - len(token)]):
                found = self._ends(token, following)
            else:
                found = bool(self.nltk.text_contains_sentbreak(context))
            self._decided[context] = found
        return found

    def _ends(self, token: str, following: str) -> bool:
        """Say whether a plain token with a full stop ends the sentence, as Punkt's `_second_pass_annotation` does."""
        kind = _NUMBER if _DIGITS.fullmatch(token) else token[:-1].lower()
        next_kind = _NUMBER if following.isdigit() else following.lower()
        if (kind, next_kind) in self._collocations:
            return False
        starts = self._starts_sentence(following, next_kind)
        upper, abbreviation = following[0].isupper(), self._is_abbreviation(token)
        initial = len(token) == 2 and token[0].isalpha()
        if abbreviation and not initial and (starts or (upper and next_kind in self._starters)):
            return True
        if initial and starts is None and upper and not self._capitals.get(next_kind, 0) & _LOWER:
            return False
        if (initial or kind == _NUMBER) and starts is False:
            return False
        return not abbreviation

    def _starts_sentence(self, word: str, kind: str) -> bool | None:
        """Say whether a word's capital or its lack tells of a new sentence, as Punkt's `_ortho_heuristic` does."""
        seen = self._capitals.get(kind, 0)
        if word in _PUNCTUATION:
            return False
        if word[0].isupper() and seen & _LOWER and not seen & _UPPER_INSIDE:
            return True
        if word[0].islower() and (seen & _UPPER or not seen & _LOWER_FIRST):
            return False
        return None


class _Lines:
    """Text that begins and ends with a line end, and its lines that are not empty.

    Attributes
    ----------
    flags
        What each character is.
    start, end
        Of each line that is not empty, without the white space at its end.
    number
        How many such lines there are before each line, empty ones included.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        self.flags = _table().take(codes)
        self.line_ends = np.flatnonzero((self.flags & _LINE_END) != 0)
        full = np.diff(self.line_ends) > 1
        self.number = np.cumsum(np.concatenate([[0], full]))
        self.start = self.line_ends[:-1][full] + 1
        self.end = self.line_ends[1:][full]
        for i in np.flatnonzero(self.flags[self.end - 1] & _STR_SPACE).tolist():
            self.end[i] = self.start[i] + len(text[self.start[i] : self.end[i]].rstrip())

    def of(self, position: Ints) -> Ints:
        """Give the line of each position, counting empty ones."""
        return np.searchsorted(self.line_ends, position) - 1


def _candidates(lines: _Lines) -> tuple[Ints, Ints, Ints]:
    """Find what may end a sentence, as Punkt's `_match_potential_end_contexts` does.

    Returns
    -------
    Where each mark is, where a sentence after it would begin, and where the word before it begins.
    """
    flags, text = lines.flags, lines.text
    at = np.flatnonzero((flags & _TERMINATOR) != 0)
    next_flags = flags[at + 1]
    at = at[((next_flags & (_NO_WORD | _SPACE)) != 0) & ((next_flags & _LINE_END) == 0)]
    spaced = (flags[at + 1] & _SPACE) != 0
    after = at + 1 + spaced
    for i in np.flatnonzero(spaced & ((flags[after] & _SPACE) != 0)).tolist():  # several spaces, or the line's end
        after[i] = _end(_RUN_OF_BLANK, text, at[i] + 1)
    inside = (flags[after] & _LINE_END) == 0
    at, after = at[inside], after[inside]
    line = lines.of(at)
    spaces = np.flatnonzero((flags & _ASCII_SPACE) != 0)
    last = spaces[np.searchsorted(spaces, at) - 1]
    first = lines.line_ends[line] + 1
    word = np.where(last > first, last + 1, first)  # Punkt does not see a space that begins the line
    # Where no space stands between two marks, the later one counts.
    free = np.ones(len(at), np.bool_)
    free[:-1] = (line[1:] != line[:-1]) | (at[:-1] <= word[1:])
    return at[free], after[free], word[free]


def _realigned(lines: _Lines, start: Ints, end: Ints, first: Bools) -> tuple[Ints, Ints]:
    """Move closing marks to the sentence before, as Punkt's `_realign_boundaries` does, and drop what is empty."""
    shifted, closed = start.copy(), end.copy()
    for i in np.flatnonzero(((lines.flags[start] & _CLOSER) != 0) & ~first).tolist():
        if match := _CLOSING.match(lines.text, start[i], end[i]):
            shifted[i] = match.end()
            closed[i - 1] = start[i] + len(match.group().rstrip())
    keep = shifted < end
    return shifted[keep], closed[keep]


def _last_token(word: str) -> str:
    """Give the last of Punkt's tokens of a word with its full stop, or nothing where this is not plain."""
    if found := _LAST_TOKEN.fullmatch(word):
        return f"{found['mark'] or ''}{found['word']}."
    return "." if not word or word[-1] in _ALONE else ""


def _first_token(text: str, start: int) -> str:
    """Give the first of Punkt's tokens at a place, or nothing where this is not plain."""
    found = _SPACED.match(text, start)
    return (found[1] if found[1][0].isalnum() else found[1][0]) if found else ""


def _end(pattern: re.Pattern[str], text: str, position: int) -> int:
    match = pattern.match(text, position)
    return match.end() if match else position


def _batches(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Part texts into runs of some length, none of them empty."""
    first = size = 0
    for i, text in enumerate(texts):
        size += len(text)
        if size >= _BATCH:
            yield first, i + 1
            first, size = i + 1, 0
    if first < len(texts):
        yield first, len(texts)


@cache
def _table() -> npt.NDArray[np.uint8]:
    """Give the classes of every code point."""
    table = np.zeros(0x110000, np.uint8)
    for bit, characters in _CLASSES.items():
        table[[ord(c) for c in characters]] |= bit
    return table
