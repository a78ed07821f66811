"""What is written for people: HTML that holds no foreign markup, lines that fit a terminal, counts with their noun."""

from __future__ import annotations

import html
import re
from functools import cache
from importlib.resources import files

from wcwidth import wcswidth

WIDTH = 80  # columns of a terminal


def safe(words: object) -> str:
    """Write words as HTML.

    Examples
    --------
    >>> safe("<b> & 'c'")
    '&lt;b&gt; &amp; &#x27;c&#x27;'
    """
    # What a reader of HTML would drop or change: the null character and the carriage return.
    return html.escape(str(words)).replace("\0", "\ufffd").replace("\r", "&#13;")


def tag(name: str, content: str, css: str = "", **attributes: str) -> str:
    """Put HTML between tags; attributes without a value are left out.

    Examples
    --------
    >>> tag("a", safe("1 < 2"), "ct-link", href="#x", title="")
    '<a class="ct-link" href="#x">1 &lt; 2</a>'
    """
    words = "".join(f' {k}="{safe(v)}"' for k, v in {"class": css, **attributes}.items() if v)
    return f"<{name}{words}>{content}</{name}>"


def link(words: str, url: object) -> str:
    """Let words lead to a page of the web; another scheme (javascript:, file:) is never followed.

    Examples
    --------
    >>> link("Kyiv", "javascript:alert(1)")
    'Kyiv'
    """
    address = str(url or "")
    web = re.match(r"(?i)https?://[^\s/]", address)
    return tag("a", safe(words), href=address, rel="noopener noreferrer", target="_blank") if web else safe(words)


@cache
def resource(name: str) -> str:
    """Read a style sheet or script of the package."""
    return files("corpus_tools.display").joinpath("static", name).read_text(encoding="utf-8")


def one_line(words: object, width: int = WIDTH) -> str:
    r"""Write words in one line of a terminal.

    Examples
    --------
    >>> one_line("Kyiv\tand the \x1b[31mnorth", 12)
    'Kyiv and th…'
    """
    found = printable(words)
    if columns(found) <= width:
        return found
    found = found[: width - 1]
    while columns(found) >= width:
        found = found[:-1]
    return found + "…"


def printable(words: object) -> str:
    """Put a space for what steers a terminal, which a report may hold: only what prints is let through."""
    return "".join(c if c.isprintable() else " " for c in str(words))


def columns(words: str) -> int:
    """Say how many columns words take in a terminal.

    Examples
    --------
    >>> columns("Kyiv"), columns("北京"), columns("e\u0301")
    (4, 4, 1)
    """
    return wcswidth(printable(words))


def padded(words: str, width: int, *, right: bool = False) -> str:
    """Fill up words with spaces to a number of columns, in front or behind."""
    spaces = " " * (width - columns(words))
    return spaces + words if right else words + spaces


def plural(count: int, one: str, many: str = "") -> str:
    """Say how many of something there are.

    Examples
    --------
    >>> plural(1, "report"), plural(1200, "report"), plural(2, "country", "countries")
    ('1 report', '1,200 reports', '2 countries')
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"
