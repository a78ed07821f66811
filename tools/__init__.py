"""Scripts that make the data files of the package; each runs as `python -m tools.NAME`, most by a `make` target."""

from __future__ import annotations

import sys


def arguments(usage: str, *, more: bool = False, folder: str = "tools") -> list[str]:
    """Return the arguments of a script, or exit with its usage if their number is wrong.

    Parameters
    ----------
    usage
        Name of the script and of its arguments, separated by spaces.
    more
        Whether the last argument may be repeated.
    folder
        The folder of the script.
    """
    values = sys.argv[1:]
    least = len(usage.split()) - 1
    if "" in values or len(values) < least or (len(values) > least and not more):
        sys.exit(f"error: usage: python -m {folder}.{usage}{' ...' if more else ''}")
    return values
