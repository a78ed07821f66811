"""Readable ids for parametrised cases."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any


def case_id(value: Any) -> str:
    """Name a case by its value: `pytest.mark.parametrize(..., ids=case_id)`."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key}={case_id(item)}" for key, item in value.items()) or "defaults"
    if isinstance(value, list | tuple | set):
        return " | ".join(sorted(map(case_id, value)) if isinstance(value, set) else map(case_id, value)) or "nothing"
    if isinstance(value, Callable):
        return "check"
    text = str(value)[:60]
    return text if text.strip() else repr(text)


def unreadable(case: str, values: Mapping[str, Any]) -> bool:
    """Return true for an id that names nothing: `<lambda>`, a blank, or a parameter with a number.

    Parameters
    ----------
    case
        The id.
    values
        The values by parameter. A text or number is its own id, such as "page1" for `page="page1"`.
    """
    blank = not case.strip() or re.search(r"^-(?![\d ])|-$", case)
    unnamed = [name for name, value in values.items() if not isinstance(value, str | int | float)]
    numbered = any(re.search(rf"(?:^|-){name}\d+(?:-|$)", case) for name in unnamed)
    return bool(blank or numbered or "<lambda>" in case)


def numbered_by_pytest(case: str, values: Mapping[str, Any], siblings: Collection[str]) -> bool:
    """Return true if pytest added a number to the id because other cases of the test have the same one."""
    name = case.rstrip("0123456789")
    is_value = any(case.endswith(str(value)) for value in values.values())
    return name != case and name[-1:].isalpha() and not is_value and {f"{name}0", f"{name}1"} <= set(siblings)
