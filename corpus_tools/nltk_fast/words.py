"""Word tokens: the very spans of `nltk.tokenize.NLTKWordTokenizer`, for many sentences at once.

NLTK's rules look no further than from one space to the next, but for the last full stop of a sentence and for doubled
apostrophes and back-quotes. So each distinct piece between spaces is cut once: the usual ones by rules of our own, the
others by NLTK. Sentences in which pieces do not suffice go to NLTK whole; they are few.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

Span = tuple[int, int]
Ints = npt.NDArray[np.int32]  # half the bytes are nearly twice the speed
Bools = npt.NDArray[np.bool_]

# Marks that are tokens wherever they stand.
_ALONE = r";@#$%&?!*\[\](){}<>\"«»“”‘’„‒–—―"
_CUT = "\x1f"  # counts as white space, so it is in no piece that we cut ourselves
_TOKEN = re.compile(
    rf"[{_ALONE}\n{_CUT}]|\.\.+|--|[,:](?![0-9])|(?:[^{_ALONE}.,:\-\n{_CUT}]+|\.(?!\.)|-(?!-)|[,:](?=[0-9]))+"
)
_AFTER_OPENING = re.compile(r"'(?<!\w')(?!(?i:re|ve|ll|m|t|s|d|n)\b)(?=\w)")
_CLITIC = re.compile(
    rf"(?:'(?:[sSmMdD]|ll|LL|re|RE|ve|VE)?|n't|N'T)(?=[{_ALONE}\n{_CUT}]|\.\.|--|[,:](?![0-9]))"
)  # fmt: skip

# The rest is for polars, whose expressions cannot look around.
# Here the rules see beyond a piece.
_FAR = r"''|``|[\s\x1c-\x1f]"
# The last full stop of a sentence, and a piece that may stand after it: a quotation mark after a space would open.
_STOP = r"([^.])\.([\])}>\"'»”’]*)$"
_AFTER_STOP = r"^(?:[\])}>'»”’][\])}>\"'»”’]*)?$"
# What our rules do not know: two apostrophes, letters of other alphabets beside one (case and word boundaries), what
# may be a digit after a comma, contractions, and the letters that some of their letters equal where case is nothing.
_FOREIGN = r"[^\x00-\x7F«»“”‘’„‒–—―]"
_UNKNOWN = (
    rf"`|'.*'|'.*{_FOREIGN}|{_FOREIGN}.*'|[,:](?:[,:]|{_FOREIGN})|[\u0130\u0131\u017F\u212A]"
    "|(?i:cannot|d'ye|gimme|gonna|gotta|lemme|more'n|wanna)"
)
# So many pieces go to NLTK in one text; its expressions have a time limit.
_AT_ONCE = 1000


class Words(NamedTuple):
    """Tokens of sentences, one after the other.

    Attributes
    ----------
    lengths
        How many tokens each sentence has.
    start, end
        Of each token, in its sentence, the end exclusive.
    kind
        Index of each token in `distinct`.
    distinct
        The tokens that there are, each once.
    """

    lengths: Ints
    start: Ints
    end: Ints
    kind: Ints
    distinct: pl.Series


class _Cuts(NamedTuple):
    """Tokens of pieces, one after the other: how many each piece has, where in it each token starts, and the token."""

    lengths: Ints
    start: Ints
    token: pl.Series


def word_spans(sentence: str) -> list[Span]:
    """Give NLTK's token spans of one sentence, or white space's where NLTK cannot align its own tokens.

    Examples
    --------
    >>> word_spans("It's late.")
    [(0, 2), (2, 4), (5, 9), (9, 10)]
    """
    try:
        return list(_nltk().span_tokenize(sentence))
    except ValueError:
        return [m.span() for m in re.finditer(r"\S+", sentence)]


@cache
def _nltk() -> Any:
    from nltk.tokenize.destructive import NLTKWordTokenizer  # noqa: PLC0415 - a second to load

    return NLTKWordTokenizer()


def cut_words(sentences: Sequence[str]) -> Words:
    """Cut sentences into the tokens that `word_spans` gives for each.

    Examples
    --------
    >>> words = cut_words(["It's late.", "", "Don't."])
    >>> words.lengths.tolist(), words.start.tolist(), words.end.tolist()
    ([4, 0, 3], [0, 2, 5, 9, 0, 2, 5], [2, 4, 9, 10, 2, 5, 6])
    >>> words.distinct.gather(words.kind).to_list()
    ['It', "'s", 'late', '.', 'Do', "n't", '.']
    """
    if not sentences:
        none = np.zeros(0, np.int32)
        return Words(none, none, none, none, pl.Series(dtype=pl.String))
    pieces = _pieces(sentences)
    far, stop, after_stop, unknown = (_has(pieces.distinct, rule) for rule in (_FAR, _STOP, _AFTER_STOP, _UNKNOWN))
    kind, first, last = pieces.kind, pieces.first, pieces.last
    at_end = _at_end(after_stop[kind], first, last)
    # What pieces do not decide: NLTK sees beyond them, or would have to know that they end the sentence.
    whole = np.logical_or.reduceat(far[kind] | (unknown[kind] & at_end), first)
    return _expand(*_forms(sentences, pieces, at_end & stop[kind], unknown, whole))


class _Pieces(NamedTuple):
    """What stands between spaces, and also between two spaces, where it is nothing.

    Attributes
    ----------
    kind
        Index of each piece in `distinct`.
    start
        Of each piece, in its sentence.
    first, last
        Of each sentence: its first and last piece.
    distinct
        The pieces that there are, each once.
    """

    kind: Ints
    start: Ints
    first: Ints
    last: Ints
    distinct: pl.Series


def _pieces(sentences: Sequence[str]) -> _Pieces:
    split = pl.Series(sentences, dtype=pl.String).str.split(" ")
    lengths = split.list.len().to_numpy().astype(np.int32)
    kind, distinct = number(split.explode())
    last = _summed(lengths) - 1
    first = last + 1 - lengths
    size = (_sizes(distinct) + 1)[kind]
    start = _summed(size)
    start -= size
    start -= np.repeat(start[first], lengths)
    return _Pieces(kind, start, first, last, distinct)


def _forms(
    sentences: Sequence[str], pieces: _Pieces, stopped: Bools, unknown: Bools, whole: Bools
) -> tuple[_Cuts, Ints, Ints, Ints]:
    """Cut each form of a piece once: as it is, with the last full stop cut off, or the whole sentence as one piece.

    Returns
    -------
    What `_expand` takes.
    """
    n, lengths = len(pieces.distinct), pieces.last + 1 - pieces.first
    in_whole = np.repeat(whole, lengths)
    form = pieces.kind + np.int32(n) * stopped
    used = np.zeros(2 * n, np.bool_)
    used[form[~in_whole]] = True
    cuts, place = _cut_forms(pieces.distinct, used, unknown)
    form, start = place[form], pieces.start
    if not whole.any():
        return cuts, form, start, pieces.first
    apart = [sentences[i] for i in np.flatnonzero(whole).tolist()]
    heads = pieces.first[whole]  # stand for the whole sentence
    form[heads] = len(cuts.lengths) + np.arange(len(apart), dtype=np.int32)
    keep = ~in_whole
    keep[heads] = True
    counts = np.where(whole, np.int32(1), lengths)
    cuts = _together(cuts, _with_spans(apart, [word_spans(sentence) for sentence in apart]))
    return cuts, form[keep], start[keep], _summed(counts) - counts


def _sizes(strings: pl.Series) -> Ints:
    return strings.str.len_chars().to_numpy().astype(np.int32)


def _summed(counts: Ints | Bools) -> Ints:
    """Give running sums; where those of offsets overflow, their differences are still right."""
    return np.cumsum(counts, dtype=np.int32)


def _has(strings: pl.Series, rule: str) -> Bools:
    return strings.str.contains(rule).to_numpy()


def number(strings: pl.Series) -> tuple[Ints, pl.Series]:
    """Give each string a number, in the order of their first appearance, and the distinct ones in this order.

    Examples
    --------
    >>> numbers, distinct = number(pl.Series(["b", "a", "b"]))
    >>> numbers.tolist(), distinct.to_list()
    ([0, 1, 0], ['b', 'a'])
    """
    distinct = strings.unique(maintain_order=True)
    return strings.cast(pl.Enum(distinct)).to_physical().to_numpy().astype(np.int32), distinct


def _at_end(after_stop: Bools, first: Ints, last: Ints) -> Bools:
    """Say of each piece whether no other comes after it in its sentence, or only marks that may follow a full stop."""
    found = np.zeros(len(after_stop), np.bool_)
    while len(last):
        found[last] = True
        more = after_stop[last] & (last > first)
        first, last = first[more], last[more] - 1
    return found


def _cut_forms(distinct: pl.Series, used: Bools, unknown: Bools) -> tuple[_Cuts, Ints]:
    """Cut the forms that are used; give the place of each form in the result too."""
    n = len(distinct)
    plain = np.flatnonzero(used[:n] & ~unknown)
    stopped = np.flatnonzero(used[n:])
    others = np.flatnonzero(used[:n] & unknown)
    ours = [*distinct.gather(plain), *distinct.gather(stopped).str.replace(_STOP, f"${{1}}{_CUT}.{_CUT}${{2}}")]
    place = np.zeros(2 * n, np.int32)
    order = np.concatenate([plain, n + stopped, others])
    place[order] = np.arange(len(order))
    cuts = _by_rules(ours)
    if len(others):
        cuts = _together(cuts, _by_nltk(distinct.gather(others).to_list()))
    return cuts, place


def _by_rules(pieces: list[str]) -> _Cuts:
    text = "\n".join([*pieces, ""])
    text = _CLITIC.sub(lambda found: _CUT + found[0], _AFTER_OPENING.sub(f"'{_CUT}", text))
    found = pl.Series(_TOKEN.findall(text), dtype=pl.String)
    end = (found == "\n").to_numpy()
    real = ~end & (found != _CUT).to_numpy()
    size = _sizes(found) * real
    so_far = _summed(size)
    lengths = np.diff(_summed(real)[end], prepend=np.int32(0))
    begin = np.concatenate([np.zeros(1, np.int32), so_far[end]])[:-1]
    return _Cuts(lengths, (so_far - size)[real] - np.repeat(begin, lengths), found.filter(real))


def _by_nltk(pieces: list[str]) -> _Cuts:
    """Cut pieces by NLTK, many in one text, with a word between them that touches none of its rules."""
    spans: list[list[Span]] = []
    for first in range(0, len(pieces), _AT_ONCE):
        some = pieces[first : first + _AT_ONCE]
        tokens = iter(_nltk().tokenize("x ".join(["", *(f"{piece} " for piece in some), ""])))
        for piece in some:
            next(tokens)
            spans.append(list(_spans(tokens, len(piece))))
    return _with_spans(pieces, spans)


def _spans(tokens: Iterator[str], length: int) -> Iterator[Span]:
    """Take as many tokens as a piece has; NLTK writes each of its quotation marks as two characters."""
    start = 0
    while start < length:
        token = next(tokens)
        end = start + (1 if token in ("``", "''") else len(token))
        yield start, end
        start = end


def _with_spans(pieces: list[str], spans: list[list[Span]]) -> _Cuts:
    lengths = np.fromiter(map(len, spans), np.int32, len(spans))
    start = np.fromiter((a for found in spans for a, _ in found), np.int32, int(lengths.sum()))
    tokens = [piece[a:b] for piece, found in zip(pieces, spans, strict=True) for a, b in found]
    return _Cuts(lengths, start, pl.Series(tokens, dtype=pl.String))


def _together(one: _Cuts, two: _Cuts) -> _Cuts:
    return _Cuts(
        np.concatenate([one.lengths, two.lengths]),
        np.concatenate([one.start, two.start]),
        pl.concat([one.token, two.token]),
    )


def _expand(cuts: _Cuts, form: Ints, start: Ints, first: Ints) -> Words:
    """Put the tokens of all pieces together.

    Parameters
    ----------
    cuts
        Of each form.
    form, start
        Of each piece: which it is, and where it begins.
    first
        The first piece of each sentence.
    """
    kind, distinct = number(cuts.token)
    end = cuts.start + _sizes(distinct)[kind]
    count = cuts.lengths[form]
    so_far = _summed(count)
    cut = np.repeat((_summed(cuts.lengths) - cuts.lengths)[form] - (so_far - count), count)
    cut += np.arange(len(cut), dtype=np.int32)
    start = np.repeat(start, count)
    return Words(np.add.reduceat(count, first), start + cuts.start[cut], start + end[cut], kind[cut], distinct)
