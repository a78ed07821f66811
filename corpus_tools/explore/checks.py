"""Checks of the arguments that a researcher types."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Integral
from typing import Any

from corpus_tools.errors import InputError, known


def check_choice(name: str, value: Any, choices: Sequence[str]) -> None:
    """Raise InputError unless value is one of the choices."""
    if value not in choices:
        raise InputError(f"{name} {value!r}", "no such choice", known(str(value), choices))


def check_integer(name: str, value: Any, least: int = 0, example: int = 20) -> None:
    """Raise InputError unless value is an integer of at least `least`, or None."""
    if value is not None and (not isinstance(value, Integral) or isinstance(value, bool) or int(value) < least):
        raise InputError(f"{name} {value!r}", f"not an integer of at least {least}", f"give one, such as {example}")
