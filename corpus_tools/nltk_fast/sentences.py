"""Sentence spans of many texts at once, equal to those of `nltk.tokenize.punkt.PunktSentenceTokenizer`.

After almost every full stop, the word before it decides: a word that is not an abbreviation, an initial or a number,
and starts no collocation, ends its sentence whatever follows. For most other words, the token after the full stop
decides by Punkt's rules; the few words that this module cannot split into Punkt's tokens are passed to NLTK.
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

# Classes of characters, as bits. NLTK uses three definitions of white space: that of Python's str; that of the `regex`
# package, without the four separators of ASCII; and, before a word, that of ASCII.
_LINE_END, _ASCII_SPACE, _SPACE, _STR_SPACE, _TERMINATOR, _NO_WORD, _CLOSER = (1 << i for i in range(7))
_SPACES = "".join(chr(i) for i in range(0x3001) if chr(i).isspace())  # none has a higher code point
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
# A word before a full stop whose last token is plain. Punkt ends a token before each of these marks; some of them are
# separate tokens, others start the next token.
_LAST_TOKEN = re.compile(
    r"(?:.*(?:[)\";}\]*:@({\[]|(?P<mark>['‘’“”«»?!])))?(?P<word>[A-Za-z0-9$£€%]+(?:[-.,/][A-Za-z0-9]+)*)", re.DOTALL
)
# A plain word after the white space that follows, without another full stop; the group is the first of its tokens.
_SPACED = re.compile(r"([\"(\[{]?(?:[A-Za-z]+(?:-[A-Za-z]+)*|[0-9]+))(?:,|['’]s)?(?=[ \n])")
_DIGITS = re.compile(r"[0-9][0-9,.-]*")
_NUMBER = "##number##"  # Punkt's type for all numbers
# Punkt's bits for how a word occurred: in upper case, in upper case within a sentence, in lower case, in lower case at
# the start of a sentence.
_UPPER, _UPPER_INSIDE, _LOWER, _LOWER_FIRST = 14, 4, 112, 16
_PUNCTUATION = frozenset(";:,.!?")
_ALONE = frozenset(')";}]*:@({[')
_REMEMBERED = 300_000  # words and contexts, so that memory does not grow with the corpus
_BATCH = 500_000  # characters; this much stays in the processor's cache


class SentenceSpans(NamedTuple):
    """One entry per sentence: index of the text, number of the paragraph in it, start, and end (exclusive)."""

    text: Ints
    paragraph: Ints
    start: Ints
    end: Ints


class _Punkt(Protocol):
    """The parameters in `corpus_tools.nltk_fast.punkt.Punkt`, which imports this module."""

    @property
    def abbreviations(self) -> Sequence[str]: ...
    @property
    def collocations(self) -> Sequence[tuple[str, str]]: ...
    @property
    def starters(self) -> Sequence[str]: ...
    @property
    def capitals(self) -> Sequence[tuple[str, int]]: ...
    def parameters(self) -> PunktParameters: ...


class Splitter:
    r"""A fast version of NLTK's sentence tokeniser; it decides once about each word and each context.

    Parameters
    ----------
    punkt
        The parameters.

    Examples
    --------
    >>> from corpus_tools.nltk_fast.punkt import Punkt
    >>> spans = Splitter(Punkt(("gen",), (), (), ())).spans(["Gen. Mattis left. It is late.\nOver."])
    >>> spans.paragraph.tolist(), spans.start.tolist(), spans.end.tolist()
    ([0, 0, 1], [0, 18, 30], [17, 29, 35])
    """

    def __init__(self, punkt: _Punkt) -> None:
        self._punkt = punkt
        self._abbreviations = frozenset(punkt.abbreviations)
        self._collocations = frozenset(punkt.collocations)
        self._before = frozenset(first for first, _ in punkt.collocations)
        self._starters = frozenset(punkt.starters)
        self._capitals = dict(punkt.capitals)
        self._sure: dict[str, bool] = {}
        self._decided: dict[str, bool] = {}

    @cached_property
    def nltk(self) -> PunktSentenceTokenizer:
        """NLTK's tokeniser with the same parameters."""
        from nltk.tokenize.punkt import PunktSentenceTokenizer  # noqa: PLC0415 - a second to load

        return PunktSentenceTokenizer(self._punkt.parameters())

    def spans(self, texts: Sequence[str], starts: Sequence[int] | None = None) -> SentenceSpans:
        """Return the sentences of texts; a line end always ends a sentence, and no sentence is blank.

        Parameters
        ----------
        texts
            Any texts.
        starts
            Offset in each text at which to begin, by default 0.
        """
        batches = [SentenceSpans(*(np.zeros(0, np.int64) for _ in range(4)))]
        batches += (self._batch(texts, starts or [0] * len(texts), *batch) for batch in _batches(texts))
        return SentenceSpans(*(np.concatenate(column) for column in zip(*batches, strict=True)))

    def _batch(self, texts: Sequence[str], starts: Sequence[int], first: int, last: int) -> SentenceSpans:
        bodies = [texts[i][starts[i] :] if starts[i] else texts[i] for i in range(first, last)]
        lines = _Lines("\n".join(["", *bodies, ""]))
        start, end = _realigned(lines, *self._cut(lines))
        base = 1 + np.cumsum([0, *(len(body) + 1 for body in bodies)])[:-1]
        text = np.searchsorted(base, start, side="right") - 1
        offset = np.asarray(starts[first:last], np.int64)[text] - base[text]
        paragraph = lines.number[lines.line_of(start)] - lines.number[lines.line_of(base)][text]
        return SentenceSpans(first + text, paragraph, start + offset, end + offset)

    def _cut(self, lines: _Lines) -> tuple[Ints, Ints, Bools]:
        """Return starts and ends of sentences before realignment, and whether each is the first of its line."""
        mark, after, word = _candidates(lines)
        breaks = self._decide(lines, mark, after, word)
        start = np.concatenate([lines.start, after[breaks]])
        order = np.argsort(start, kind="stable")
        return start[order], np.sort(np.concatenate([mark[breaks] + 1, lines.end])), order < len(lines.start)

    def _decide(self, lines: _Lines, mark: Ints, after: Ints, word: Ints) -> Bools:
        """Return whether each candidate ends a sentence."""
        text, sure = lines.text, self._sure
        if len(sure) + len(self._decided) > _REMEMBERED:
            sure.clear()
            self._decided.clear()
        breaks: Bools = (lines.flags[mark] & _NO_WORD) != 0  # in Punkt, ? and ! always end a sentence
        stops = np.flatnonzero(~breaks)
        words = [text[a:b] for a, b in zip(word[stops].tolist(), mark[stops].tolist(), strict=True)]
        sure.update((word, self._is_sure(word)) for word in set(words).difference(sure))
        known = np.fromiter(map(sure.__getitem__, words), np.bool_, len(words))
        breaks[stops] = known
        for i in stops[~known].tolist():
            breaks[i] = self._decide_in_context(text, int(word[i]), int(mark[i]), int(after[i]))
        return breaks

    def _is_sure(self, word: str) -> bool:
        """Return whether a full stop after this word ends the sentence whatever follows."""
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

    def _decide_in_context(self, text: str, word: int, mark: int, after: int) -> bool:
        """Decide about a full stop from the word before it and the token or mark after it."""
        spaced = after > mark + 1
        context = text[word : _end(_NEXT_TOKEN, text, after) if spaced else after + 1]
        decision = self._decided.get(context)
        if decision is None:
            token = _last_token(text[word:mark])
            following = _first_token(text, after) if spaced else text[after]
            if following and len(token) > 1 and _ALONE.issuperset(context[: 1 + mark - word - len(token)]):
                decision = self._ends(token, following)
            else:
                decision = bool(self.nltk.text_contains_sentbreak(context))
            self._decided[context] = decision
        return decision

    def _ends(self, token: str, following: str) -> bool:
        """Return whether a plain token with a full stop ends the sentence: Punkt's `_second_pass_annotation`."""
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
        """Return whether a word's capitalisation shows a new sentence, None if unclear: Punkt's `_ortho_heuristic`."""
        occurrences = self._capitals.get(kind, 0)
        if word in _PUNCTUATION:
            return False
        if word[0].isupper() and occurrences & _LOWER and not occurrences & _UPPER_INSIDE:
            return True
        if word[0].islower() and (occurrences & _UPPER or not occurrences & _LOWER_FIRST):
            return False
        return None


class _Lines:
    """Text that starts and ends with a line end, and its non-empty lines.

    Attributes
    ----------
    flags
        Classes of each character.
    start, end
        Of each non-empty line, without the white space at its end.
    number
        For each line, empty ones included, how many non-empty lines precede it.
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

    def line_of(self, offset: Ints) -> Ints:
        """Return the line of each offset, counting empty ones."""
        return np.searchsorted(self.line_ends, offset) - 1


def _candidates(lines: _Lines) -> tuple[Ints, Ints, Ints]:
    """Find the marks that may end a sentence, as Punkt's `_match_potential_end_contexts` does.

    Returns
    -------
    Offsets of each mark, of the sentence that would start after it, and of the word before it.
    """
    flags, text = lines.flags, lines.text
    mark = np.flatnonzero((flags & _TERMINATOR) != 0)
    next_flags = flags[mark + 1]
    mark = mark[((next_flags & (_NO_WORD | _SPACE)) != 0) & ((next_flags & _LINE_END) == 0)]
    spaced = (flags[mark + 1] & _SPACE) != 0
    after = mark + 1 + spaced
    for i in np.flatnonzero(spaced & ((flags[after] & _SPACE) != 0)).tolist():  # several spaces, or the line's end
        after[i] = _end(_RUN_OF_BLANK, text, mark[i] + 1)
    inside = (flags[after] & _LINE_END) == 0
    mark, after = mark[inside], after[inside]
    line = lines.line_of(mark)
    spaces = np.flatnonzero((flags & _ASCII_SPACE) != 0)
    last = spaces[np.searchsorted(spaces, mark) - 1]
    first = lines.line_ends[line] + 1
    word = np.where(last > first, last + 1, first)  # Punkt ignores a space at the start of the line
    # Of several marks without a space between them, the last one counts.
    free = np.ones(len(mark), np.bool_)
    free[:-1] = (line[1:] != line[:-1]) | (mark[:-1] <= word[1:])
    return mark[free], after[free], word[free]


def _realigned(lines: _Lines, start: Ints, end: Ints, first: Bools) -> tuple[Ints, Ints]:
    """Move closing marks to the sentence before, as Punkt's `_realign_boundaries` does; drop empty sentences."""
    shifted, closed = start.copy(), end.copy()
    for i in np.flatnonzero(((lines.flags[start] & _CLOSER) != 0) & ~first).tolist():
        if match := _CLOSING.match(lines.text, start[i], end[i]):
            shifted[i] = match.end()
            closed[i - 1] = start[i] + len(match.group().rstrip())
    keep = shifted < end
    return shifted[keep], closed[keep]


def _last_token(word: str) -> str:
    """Return the last of Punkt's tokens of a word, with its full stop; an empty string where this is not plain."""
    if match := _LAST_TOKEN.fullmatch(word):
        return f"{match['mark'] or ''}{match['word']}."
    return "." if not word or word[-1] in _ALONE else ""


def _first_token(text: str, start: int) -> str:
    """Return the first of Punkt's tokens from an offset on; an empty string where this is not plain."""
    match = _SPACED.match(text, start)
    return (match[1] if match[1][0].isalnum() else match[1][0]) if match else ""


def _end(pattern: re.Pattern[str], text: str, offset: int) -> int:
    match = pattern.match(text, offset)
    return match.end() if match else offset


def _batches(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Group texts into ranges of at least `_BATCH` characters (the last may be shorter), none of them empty."""
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
    """Return the classes of every code point."""
    table = np.zeros(0x110000, np.uint8)
    for bit, characters in _CLASSES.items():
        table[[ord(c) for c in characters]] |= bit
    return table
