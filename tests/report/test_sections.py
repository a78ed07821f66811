"""The sections of the report, and their templates."""

from __future__ import annotations

from corpus_tools.display.html import _environment
from corpus_tools.pipeline import TABLES
from corpus_tools.report.sections import SECTIONS


def test_every_section_has_its_template_and_every_template_its_section():
    templates = _environment("corpus_tools.report").list_templates()
    own = {name for name in templates if name.startswith("sections/")}
    assert own == {f"sections/{section.key}.html" for section in SECTIONS}


def test_every_section_names_tables_of_the_pipeline():
    assert {name for section in SECTIONS for name in section.tables} <= set(TABLES)
