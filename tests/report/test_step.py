"""The step that writes the report."""

from __future__ import annotations

import pytest
import yaml
from planted import STEPS
from rendered import Page

VOID = frozenset({"meta", "img", "input"})


@pytest.mark.slow
def test_the_command_writes_the_page_and_a_word_that_cannot_be_read_names_its_key(project, call):
    for step in STEPS[: STEPS.index("annotate") + 1]:
        assert call(step)[0] == 0
    assert call("report")[0] == 0
    path = project / "report" / "report.html"
    first = path.read_bytes()
    page = Page(first.decode(), VOID)
    assert "91 reports" in page.text("header", "p")
    assert "Not made yet: topic_overview" in page.text("topics", "p")
    assert "report · title A corpus of news reports" in page.text("settings", "li")
    assert call("report")[0] == 0
    assert path.read_bytes() == first
    params = yaml.safe_load((project / "params.yaml").read_text())
    params["report"]["words"] = ["truce", " "]
    (project / "params.yaml").write_text(yaml.safe_dump(params))
    status, message = call("report")
    assert status == 2
    assert "params.yaml, report.words.1: no word to look for" in message
    assert path.read_bytes() == first
    assert [p.name for p in path.parent.iterdir()] == ["report.html"]
