"""Checks of the arguments that a researcher types."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Integral
from typing import Any

from corpus_tools.errors import InputError, known


def check_choice(name: str, value: Any, choices: Sequence[str]) -> None:
    """Raise InputError unless value is one of the choices.

    Examples
    --------
    >>> check_choice("unit", "lemma", ["token", "lemma"])
    >>> check_choice("unit", "lema", ["token", "lemma"])
    Traceback (most recent call last):
    corpus_tools.errors.InputError: unit 'lema': no such choice
      remedy: did you mean lemma? There are: lemma, token
    """
    if value not in choices:
        raise InputError(f"{name} {value!r}", "no such choice", known(str(value), choices))


def check_integer(name: str, value: Any, least: int = 0, example: int = 20) -> None:
    """Raise InputError unless value is an integer of at least `least`, or None.

    Examples
    --------
    >>> check_integer("lines", 5)
    >>> check_integer("lines", 0, least=1)
    Traceback (most recent call last):
    corpus_tools.errors.InputError: lines 0: not an integer of at least 1
      remedy: give one, such as 20
    """
    if value is not None and (not isinstance(value, Integral) or isinstance(value, bool) or int(value) < least):
        raise InputError(f"{name} {value!r}", f"not an integer of at least {least}", f"give one, such as {example}")
