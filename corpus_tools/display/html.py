"""HTML from templates: `templates/` and `static/` hold all that can be restyled.

Templates escape whatever they are given, so no report or parameter can add markup, and a page fetches nothing.
"""

from __future__ import annotations

import html
import re
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from corpus_tools.text.plain_text import day, number, plural

_WEB = re.compile(r"(?i)https?://[^\s/]")


class Markup(str):
    """HTML, which templates do not escape again."""

    __slots__ = ()

    def __html__(self) -> str:
        return self


def safe(text: object) -> Markup:
    """Return text as HTML.

    Examples
    --------
    >>> safe("<b> & 'c'")
    '&lt;b&gt; &amp; &#x27;c&#x27;'
    """
    return Markup(_kept_by_browsers(html.escape(str(text))))


def _kept_by_browsers(page: str) -> str:
    # A parser of HTML drops the null character, and reads a carriage return as a line feed.
    return page.replace("\0", "\ufffd").replace("\r", "&#13;")


@cache
def resource(name: str) -> Markup:
    """Read a style sheet or script of `static/`."""
    return Markup(files("corpus_tools.display").joinpath("static", name).read_text(encoding="utf-8"))


@cache
def _environment(package: str) -> Environment:
    """Return the templates of a package, and those of this one: parsed and compiled once."""
    loaders = [PackageLoader(name) for name in dict.fromkeys((package, "corpus_tools.display"))]
    environment = Environment(
        loader=ChoiceLoader(loaders), autoescape=True, undefined=StrictUndefined, auto_reload=False,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    # A link to another scheme (javascript:, file:) is never followed.
    environment.tests["web_address"] = lambda url: bool(_WEB.match(str(url or "")))
    environment.filters |= {"day": day, "number": number}
    environment.globals |= {"plural": plural, "resource": resource, "zip": zip}
    return environment


def fill_in(template: str, package: str = "corpus_tools.display", **values: Any) -> str:
    """Return a template with its values filled in and escaped.

    Parameters
    ----------
    template
        Its path in the package's folder `templates`.
    package
        Its package; its templates may use those of `corpus_tools.display`.
    values
        Its variables. Those of type Markup are HTML already.
    """
    return _kept_by_browsers(_environment(package).get_template(template).render(values))
