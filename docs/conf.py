"""Configuration of the documentation site: `make docs` builds it with Sphinx, without the network."""

from __future__ import annotations

import os
import re
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # the tests of this file run without Sphinx
    from sphinx.application import Sphinx

ROOT = Path(__file__).parents[1]
EXECUTED = ROOT / "notebooks" / "executed"

# Files of the repository that are pages of the site.
PAGES = {
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "README.md": "index.md",
    "seeds/SOURCES.md": "sources.md",
    "seeds/gold/README.md": "gold.md",
}

project = "corpus_tools"
author = "The corpus_tools maintainers"
copyright = author  # noqa: A001 - Sphinx's name for it
version = release = installed_version("corpus_tools")

extensions = ["myst_parser", "sphinx.ext.autodoc", "numpydoc"]
myst_enable_extensions = ["attrs_inline", "colon_fence", "deflist"]
myst_heading_anchors = 3
# The notebooks' pages are copied as they are; `notebooks_list` in this file links them.
html_extra_path = sorted(map(str, EXECUTED.glob("*.html")))
exclude_patterns = ["_build"]

html_theme = "furo"
html_title = f"corpus_tools {version}"
html_copy_source = False
html_last_updated_fmt = None  # no date of the build, so that the same sources give the same pages

# Words in single backticks are code, as in Markdown; the docstrings are not written for cross-references.
default_role = "code"
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
numpydoc_show_class_members = False
nitpicky = False


def notebooks_list() -> str:
    """Return the Markdown list of the executed notebooks' pages, or a sentence if there are none."""
    pages = sorted(EXECUTED.glob("*.html"))
    if not pages:
        return (
            "The notebooks have not been run yet: `make repro` runs them, and the next `make docs` links their pages.\n"
        )
    return "".join(f'- <a href="{page.name}">{page.stem.replace("_", " ")}</a>\n' for page in pages)


def rebase(text: str, folder: str) -> str:
    """Return Markdown with the links of a file in `folder` as links of a page of this site.

    Files that have a page here are linked there, pages by their name, and all others as files of the repository.
    """

    def link(match: re.Match[str]) -> str:
        target, anchor = match[1], match[2] or ""
        path = os.path.normpath(f"{folder}/{target}")
        return f"]({PAGES.get(path) or os.path.relpath(path, 'docs')}{anchor})"

    return re.sub(r"\]\(([^)#:\s]+)(#[^)]*)?\)", link, text)


def inserted(name: str) -> str:
    """Return a Markdown file of the repository as it is shown here."""
    return rebase((ROOT / name).read_text(encoding="utf-8"), str(Path(name).parent))


def _read_page(_: Sphinx, _name: str, source: list[str]) -> None:
    text = rebase(source[0], "docs").replace("<!-- notebooks -->", notebooks_list())
    source[0] = re.sub(r"<!-- insert (\S+) -->", lambda match: inserted(match[1]), text)


def _escape_docstring(_app: Sphinx, _what: str, _name: str, _obj: Any, _options: Any, lines: list[str]) -> None:
    """Escape what reStructuredText takes for markup in docstrings, outside code: `*`, `|` and a final underscore."""
    example = False
    for i, line in enumerate(lines):
        example = (example and bool(line.strip())) or line.lstrip().startswith(">>>")
        if not example:
            pieces = re.split(r"(`[^`]*`)", line)
            pieces[::2] = [re.sub(r"([*|])|(?<=\w)(_)(?=\W|$)", r"\\\1\2", piece) for piece in pieces[::2]]
            lines[i] = "".join(pieces)


def setup(app: Sphinx) -> None:
    """Connect both changes to what Sphinx reads."""
    app.connect("source-read", _read_page)
    app.connect("autodoc-process-docstring", _escape_docstring, priority=100)
