"""Word tokens of many sentences at once, with the same spans as `nltk.tokenize.NLTKWordTokenizer`.

NLTK's rules do not look beyond the space before and after a word, except for the last full stop of a sentence and for
doubled apostrophes and backquotes. Each distinct piece between two spaces is therefore cut once: common ones by the
rules in this module, the others by NLTK. The few sentences with a rule that looks beyond a piece are passed to NLTK.
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
Ints = npt.NDArray[np.int32]  # half the bytes of int64, and nearly twice the speed
Bools = npt.NDArray[np.bool_]

# Marks that are always tokens of their own.
_ALONE = r";@#$%&?!*\[\](){}<>\"«»“”‘’„‒–—―"
_CUT = "\x1f"  # white space to NLTK, so no piece that the rules below cut contains it
_TOKEN = re.compile(
    rf"[{_ALONE}\n{_CUT}]|\.\.+|--|[,:](?![0-9])|(?:[^{_ALONE}.,:\-\n{_CUT}]+|\.(?!\.)|-(?!-)|[,:](?=[0-9]))+"
)
_AFTER_OPENING = re.compile(r"'(?<!\w')(?!(?i:re|ve|ll|m|t|s|d|n)\b)(?=\w)")
_CLITIC = re.compile(
    rf"(?:'(?:[sSmMdD]|ll|LL|re|RE|ve|VE)?|n't|N'T)(?=[{_ALONE}\n{_CUT}]|\.\.|--|[,:](?![0-9]))"
)  # fmt: skip

# The patterns below are for polars, whose expressions have no look-around.
# Where NLTK's rules look beyond a piece.
_FAR = r"''|``|[\s\x1c-\x1f]"
# A piece with the last full stop of a sentence, and a piece that may follow it; the latter starts with no straight
# quotation mark, which would open a quotation after a space.
_STOP = r"([^.])\.([\])}>\"'»”’]*)$"
_AFTER_STOP = r"^(?:[\])}>'»”’][\])}>\"'»”’]*)?$"
# What the rules here do not cover: two apostrophes; letters of other alphabets beside an apostrophe (case and word
# boundaries differ); a possible digit after a comma; contractions; non-ASCII letters that equal an ASCII letter when
# case is ignored.
_FOREIGN = r"[^\x00-\x7F«»“”‘’„‒–—―]"
_UNKNOWN = (
    rf"`|'.*'|'.*{_FOREIGN}|{_FOREIGN}.*'|[,:](?:[,:]|{_FOREIGN})|[\u0130\u0131\u017F\u212A]"
    "|(?i:cannot|d'ye|gimme|gonna|gotta|lemme|more'n|wanna)"
)
_NLTK_BATCH = 1000  # pieces passed to NLTK as one text; its regular expressions have a time limit


class Tokens(NamedTuple):
    """Tokens of sentences, concatenated.

    Attributes
    ----------
    lengths
        Number of tokens of each sentence.
    start, end
        Offsets of each token in its sentence, the end exclusive.
    code
        Index of each token in `distinct`.
    distinct
        The distinct tokens.
    """

    lengths: Ints
    start: Ints
    end: Ints
    code: Ints
    distinct: pl.Series


class _Cuts(NamedTuple):
    """Tokens of pieces, concatenated: tokens per piece, offset of each token in its piece, and the token."""

    lengths: Ints
    start: Ints
    token: pl.Series


def word_spans(sentence: str) -> list[Span]:
    """Return NLTK's token spans of one sentence; where NLTK cannot align its own tokens, split at white space.

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


def cut_words(sentences: Sequence[str]) -> Tokens:
    """Cut sentences into the same tokens as `word_spans`.

    Examples
    --------
    >>> tokens = cut_words(["It's late.", "", "Don't."])
    >>> tokens.lengths.tolist(), tokens.start.tolist(), tokens.end.tolist()
    ([4, 0, 3], [0, 2, 5, 9, 0, 2, 5], [2, 4, 9, 10, 2, 5, 6])
    >>> tokens.distinct.gather(tokens.code).to_list()
    ['It', "'s", 'late', '.', 'Do', "n't", '.']
    """
    if not sentences:
        none = np.zeros(0, np.int32)
        return Tokens(none, none, none, none, pl.Series(dtype=pl.String))
    pieces = _pieces(sentences)
    far, stop, after_stop, unknown = (_matches(pieces.distinct, rule) for rule in (_FAR, _STOP, _AFTER_STOP, _UNKNOWN))
    code, first, last = pieces.code, pieces.first, pieces.last
    at_end = _at_end(after_stop[code], first, last)
    # Sentences that NLTK has to cut: a rule looks beyond the piece, or depends on the piece being the last.
    by_nltk = np.logical_or.reduceat(far[code] | (unknown[code] & at_end), first)
    return _expand(*_forms(sentences, pieces, at_end & stop[code], unknown, by_nltk))


class _Pieces(NamedTuple):
    """The strings between spaces; between two adjacent spaces, an empty one.

    Attributes
    ----------
    code
        Index of each piece in `distinct`.
    start
        Offset of each piece in its sentence.
    first, last
        Of each sentence: its first and last piece.
    distinct
        The distinct pieces.
    """

    code: Ints
    start: Ints
    first: Ints
    last: Ints
    distinct: pl.Series


def _pieces(sentences: Sequence[str]) -> _Pieces:
    split = pl.Series(sentences, dtype=pl.String).str.split(" ")
    lengths = split.list.len().to_numpy().astype(np.int32)
    code, distinct = encode(split.explode())
    last = _running_sum(lengths) - 1
    first = last + 1 - lengths
    size = (_sizes(distinct) + 1)[code]
    start = _running_sum(size)
    start -= size
    start -= np.repeat(start[first], lengths)
    return _Pieces(code, start, first, last, distinct)


def _forms(
    sentences: Sequence[str], pieces: _Pieces, stopped: Bools, unknown: Bools, by_nltk: Bools
) -> tuple[_Cuts, Ints, Ints, Ints]:
    """Cut each form of a piece once: unchanged, with the last full stop cut off, or the whole sentence as one piece.

    Returns
    -------
    The arguments of `_expand`.
    """
    n, lengths = len(pieces.distinct), pieces.last + 1 - pieces.first
    skipped = np.repeat(by_nltk, lengths)
    form = pieces.code + np.int32(n) * stopped
    used = np.zeros(2 * n, np.bool_)
    used[form[~skipped]] = True
    cuts, rank = _cut_forms(pieces.distinct, used, unknown)
    form, start = rank[form], pieces.start
    if not by_nltk.any():
        return cuts, form, start, pieces.first
    apart = [sentences[i] for i in np.flatnonzero(by_nltk).tolist()]
    heads = pieces.first[by_nltk]  # each represents its whole sentence
    form[heads] = len(cuts.lengths) + np.arange(len(apart), dtype=np.int32)
    keep = ~skipped
    keep[heads] = True
    counts = np.where(by_nltk, np.int32(1), lengths)
    cuts = _concat(cuts, _with_spans(apart, [word_spans(sentence) for sentence in apart]))
    return cuts, form[keep], start[keep], _running_sum(counts) - counts


def _sizes(strings: pl.Series) -> Ints:
    return strings.str.len_chars().to_numpy().astype(np.int32)


def _running_sum(counts: Ints | Bools) -> Ints:
    """Return running sums; sums of offsets may overflow, but their differences remain right."""
    return np.cumsum(counts, dtype=np.int32)


def _matches(strings: pl.Series, rule: str) -> Bools:
    return strings.str.contains(rule).to_numpy()


def encode(strings: pl.Series) -> tuple[Ints, pl.Series]:
    """Return an integer code for each string, and the distinct strings; codes follow first appearance.

    Examples
    --------
    >>> codes, distinct = encode(pl.Series(["b", "a", "b"]))
    >>> codes.tolist(), distinct.to_list()
    ([0, 1, 0], ['b', 'a'])
    """
    distinct = strings.unique(maintain_order=True)
    return strings.cast(pl.Enum(distinct)).to_physical().to_numpy().astype(np.int32), distinct


def _at_end(after_stop: Bools, first: Ints, last: Ints) -> Bools:
    """Return whether each piece is the last of its sentence, apart from marks that may follow a full stop."""
    at_end = np.zeros(len(after_stop), np.bool_)
    while len(last):
        at_end[last] = True
        more = after_stop[last] & (last > first)
        first, last = first[more], last[more] - 1
    return at_end


def _cut_forms(distinct: pl.Series, used: Bools, unknown: Bools) -> tuple[_Cuts, Ints]:
    """Cut the forms that are used; also return the index of each form in the result."""
    n = len(distinct)
    plain = np.flatnonzero(used[:n] & ~unknown)
    stopped = np.flatnonzero(used[n:])
    others = np.flatnonzero(used[:n] & unknown)
    by_rules = [*distinct.gather(plain), *distinct.gather(stopped).str.replace(_STOP, f"${{1}}{_CUT}.{_CUT}${{2}}")]
    rank = np.zeros(2 * n, np.int32)
    order = np.concatenate([plain, n + stopped, others])
    rank[order] = np.arange(len(order))
    cuts = _by_rules(by_rules)
    if len(others):
        cuts = _concat(cuts, _by_nltk(distinct.gather(others).to_list()))
    return cuts, rank


def _by_rules(pieces: list[str]) -> _Cuts:
    text = "\n".join([*pieces, ""])
    text = _CLITIC.sub(lambda match: _CUT + match[0], _AFTER_OPENING.sub(f"'{_CUT}", text))
    tokens = pl.Series(_TOKEN.findall(text), dtype=pl.String)
    end = (tokens == "\n").to_numpy()
    real = ~end & (tokens != _CUT).to_numpy()
    size = _sizes(tokens) * real
    total = _running_sum(size)
    lengths = np.diff(_running_sum(real)[end], prepend=np.int32(0))
    begin = np.concatenate([np.zeros(1, np.int32), total[end]])[:-1]
    return _Cuts(lengths, (total - size)[real] - np.repeat(begin, lengths), tokens.filter(real))


def _by_nltk(pieces: list[str]) -> _Cuts:
    """Cut pieces by NLTK, many in one text; a word that no rule changes separates them."""
    spans: list[list[Span]] = []
    for first in range(0, len(pieces), _NLTK_BATCH):
        batch = pieces[first : first + _NLTK_BATCH]
        tokens = iter(_nltk().tokenize("x ".join(["", *(f"{piece} " for piece in batch), ""])))
        for piece in batch:
            next(tokens)
            spans.append(list(_spans(tokens, len(piece))))
    return _with_spans(pieces, spans)


def _spans(tokens: Iterator[str], length: int) -> Iterator[Span]:
    """Yield the spans of the next tokens, up to a length; NLTK writes a quotation mark as two characters."""
    start = 0
    while start < length:
        token = next(tokens)
        end = start + (1 if token in ("``", "''") else len(token))
        yield start, end
        start = end


def _with_spans(pieces: list[str], spans: list[list[Span]]) -> _Cuts:
    lengths = np.fromiter(map(len, spans), np.int32, len(spans))
    start = np.fromiter((a for of_piece in spans for a, _ in of_piece), np.int32, int(lengths.sum()))
    tokens = [piece[a:b] for piece, of_piece in zip(pieces, spans, strict=True) for a, b in of_piece]
    return _Cuts(lengths, start, pl.Series(tokens, dtype=pl.String))


def _concat(one: _Cuts, two: _Cuts) -> _Cuts:
    return _Cuts(
        np.concatenate([one.lengths, two.lengths]),
        np.concatenate([one.start, two.start]),
        pl.concat([one.token, two.token]),
    )


def _expand(cuts: _Cuts, form: Ints, start: Ints, first: Ints) -> Tokens:
    """Assemble the tokens of all pieces.

    Parameters
    ----------
    cuts
        Tokens of each form.
    form, start
        Of each piece: index of its form, and its offset.
    first
        The first piece of each sentence.
    """
    code, distinct = encode(cuts.token)
    end = cuts.start + _sizes(distinct)[code]
    count = cuts.lengths[form]
    total = _running_sum(count)
    cut = np.repeat((_running_sum(cuts.lengths) - cuts.lengths)[form] - (total - count), count)
    cut += np.arange(len(cut), dtype=np.int32)
    start = np.repeat(start, count)
    return Tokens(np.add.reduceat(count, first), start + cuts.start[cut], start + end[cut], code[cut], distinct)
