"""Readable ids for parametrised cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any


def case_id(value: Any) -> str:
    """Name a case by its value: `pytest.mark.parametrize(..., ids=case_id)`."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key}={case_id(item)}" for key, item in value.items()) or "defaults"
    if isinstance(value, list | tuple | set):
        return " | ".join(sorted(map(case_id, value)) if isinstance(value, set) else map(case_id, value)) or "nothing"
    if isinstance(value, Callable):
        return "check"
    return str(value)[:60]
