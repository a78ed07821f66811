"""Errors that a user can act on."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class InputError(Exception):
    """Something is wrong with the input; the message says where, what, and the remedy.

    Parameters
    ----------
    where
        File, and row or key, as the user would look it up.
    what
        What is wrong there.
    remedy
        What to do about it.

    Examples
    --------
    >>> print(InputError("params.yaml, topics.n_topics", "-3 is not above 0", "give a whole number above 0"))
    params.yaml, topics.n_topics: -3 is not above 0
      remedy: give a whole number above 0
    """

    def __init__(self, where: str, what: str, remedy: str) -> None:
        super().__init__(where, what, remedy)  # all three, so that it survives the way back from a worker
        self.where, self.what, self.remedy = where, what, remedy

    def __str__(self) -> str:
        return f"{self.where}: {self.what}\n  remedy: {self.remedy}"


_LISTED, _SHOWN = 20, 60  # limits of a message: names, characters per name


def known(name: str, names: Iterable[str]) -> str:
    """List the known names for a message, the nearest one first.

    Examples
    --------
    >>> known("n_topic", ["model", "n_topics", "seed"])
    'did you mean n_topics? There are: model, n_topics, seed'
    """
    names = sorted(names)
    near = get_close_matches(name, names, n=1)
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    listing = f"There are: {', '.join(n[:_SHOWN] for n in names[:_LISTED])}{more}"
    return f"did you mean {near[0]}? {listing}" if near else listing
