"""HTML from templates: whatever is filled in stays text, and a browser reads the same text again."""

from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rendered import Page

from corpus_tools.display.html import _environment, fill_in, safe


@given(st.text())
def test_words_come_back_from_html_but_for_the_null_character(words):
    written = safe(words)
    assert html.unescape(written) == words.replace("\0", "\ufffd")
    assert not set(written) & set("<>\"'\0\r")


@given(st.text(), st.text(min_size=1))
def test_a_template_keeps_what_is_filled_in_as_text_and_as_attributes(content, value):
    page = Page(fill_in("figure.html", source="data:,", alt=value, caption=content, settings=""), frozenset({"img"}))
    assert [name for name, _ in page.tags] == ["figure", "img", "figcaption"]
    assert page.all("img")[0]["alt"] == value.replace("\0", "\ufffd")
    assert page.text("figcaption") == content.replace("\0", "\ufffd")


@pytest.mark.parametrize("package", ["corpus_tools.display", "corpus_tools.report"])
def test_every_template_escapes(package):
    environment = _environment(package)
    names = environment.list_templates()
    assert names
    for name in names:
        source = environment.loader.get_source(environment, name)[0]
        assert "safe" not in source, "only Markup is HTML already"
        assert "autoescape" not in source
