"""What a browser makes of a page, and a terminal of a line."""

from __future__ import annotations

import re
import unicodedata
from html.parser import HTMLParser

from hypothesis import strategies as st


class Page(HTMLParser):
    """The elements, texts and tooltips of a page; refuses tags that do not pair.

    `tags` are names with their attributes, `pieces` texts with the class (or else the name) of each element around
    them, `texts` texts with all names, ids and classes around them.
    """

    def __init__(self, html: str, void: frozenset[str] = frozenset()) -> None:
        super().__init__(convert_charrefs=True)
        self.void = void
        self.open: list[tuple[str, dict[str, str]]] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.pieces: list[tuple[str, list[str]]] = []
        self.texts: list[tuple[tuple[str, ...], str]] = []
        self.feed(html)
        self.close()
        assert self.open == [], "tags left open"

    def handle_starttag(self, tag, attrs):
        assert not (tag == "p" and any(t == "p" for t, _ in self.open)), "a paragraph in a paragraph"
        assert len({name for name, _ in attrs}) == len(attrs), "an attribute twice"
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in self.void:
            self.open.append(self.tags[-1])

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag, "crossing tags"

    def handle_data(self, data):
        self.pieces.append((data, [a.get("class") or t for t, a in self.open]))
        around = (word for t, a in self.open for word in (t, a.get("id"), *a.get("class", "").split()) if word)
        self.texts.append((tuple(around), data))

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attrs for name, attrs in self.tags if name == tag]

    def text(self, *within: str) -> str:
        return "".join(data for path, data in self.texts if set(within) <= set(path))

    def titles(self, css: str) -> list[str]:
        return [a["title"] for _, a in self.tags if a.get("class") == css and "title" in a]


def columns(line: str) -> int:
    """Columns of a line in a terminal, after Unicode Standard Annex 11; what joins the letter before it takes none."""
    joins = re.compile(r"HANGUL (JUNGSEONG|JONGSEONG|FILLER)|HALFWIDTH HANGUL FILLER")
    apart = [c for c in line if unicodedata.category(c)[0] != "M" and not joins.match(unicodedata.name(c, ""))]
    return len(apart) + sum(unicodedata.east_asian_width(c) in "WF" for c in apart)


any_text = st.text(
    st.sampled_from("ab \t\n\r\0\x1b\x9b\u202e\u200f北한ｱ！é\u0301👍🏽") | st.characters(codec="utf-8"), max_size=120
)
