"""The check of wording: each pattern with its examples, and what counts as prose in each kind of file."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from planted import ROOT

from tools.check_prose import READERS, Excuse, Habit, Prose, Rules, check, check_text, main, read_rules

RULES = read_rules(ROOT / "tools" / "prose.yaml")
EXAMPLES = [
    pytest.param(habit, text, refused, id=f"{habit.id}-{'refused' if refused else 'accepted'}-{i}")
    for habit in RULES.habits
    for refused, texts in ((True, habit.refused), (False, habit.accepted))
    for i, text in enumerate(texts)
]
ANEW = Habit("anew", re.compile(r"\banew\b"), "again", ("anew",), ("again",))


def prose(kind: str, text: str) -> list[Prose]:
    return [Prose(kind, list(enumerate(text.split("\n"), 1)))]


@pytest.mark.parametrize("habit", RULES.habits, ids=lambda habit: habit.id)
def test_every_habit_says_what_to_write_and_has_an_example_of_each_kind(habit):
    assert habit.instead
    assert habit.refused
    assert habit.accepted


@pytest.mark.parametrize(("habit", "text", "refused"), EXAMPLES)
def test_examples(habit, text, refused):
    kind = next(iter(habit.kinds), "text")
    assert bool(check_text(prose(kind, text), [habit])) == refused


@pytest.mark.parametrize(
    ("kind", "text", "lines"),
    [
        pytest.param("python", '"""Read\nanew."""\n', [2], id="a docstring, by line"),
        pytest.param(
            "python", '"""Read.\n\n>>> "made anew and anew"\n\'made anew\'\n"""\n', [], id="a doctest is code"
        ),
        pytest.param("python", "x = 1  # read anew\n", [1], id="a comment"),
        pytest.param("python", "x = 'it is read anew'\n", [1], id="a message"),
        pytest.param("python", "x = f'{y} is read anew'\n", [1], id="a message with a value"),
        pytest.param("python", "x = (\n    'it is read '\n    'anew, by'\n)\n", [3], id="a message on two lines"),
        pytest.param("python", "x = 'anew'\n", [], id="a word is data"),
        pytest.param("python", "x = r'read anew \\w+'\n", [], id="a regular expression"),
        pytest.param("python_without_messages", "x = 'it is read anew'\n", [], id="the string of a test"),
        pytest.param("markdown", "Read\nanew.", [2], id="markdown"),
        pytest.param("markdown", "Read `anew`, “anew”, [x](anew.md).", [], id="code, quotations and targets are none"),
        pytest.param("markdown", "```python\nanew = 1  # read anew\n```\n", [2], id="a comment in a block of code"),
        pytest.param("comments", "a: anew  # read anew\n# anew\n", [1, 2], id="yaml"),
        pytest.param("comments", "a: it is read anew\n", [], id="a value of yaml"),
        pytest.param("scripts", "/* one\n anew */ x = 'anew' // anew\n", [2], id="style sheet and script"),
        pytest.param("templates", '<p class="anew">Read anew</p>{# anew #}', [1], id="template"),
        pytest.param("texts", "caption: read anew\n", [1], id="captions"),
    ],
)
def test_what_is_prose(kind, text, lines):
    assert [line for line, _, _ in check_text(READERS[kind](text), [ANEW])] == lines


def test_wording_is_found_across_lines_but_not_across_paragraphs():
    so_many = [habit for habit in RULES.habits if habit.id == "so many"]
    assert [hit[:2] for hit in check_text(READERS["python"]("# Keep so\n# many lines.\n"), so_many)] == [(1, "so many")]
    assert not check_text(READERS["markdown"]("Read it so\n\nmany do."), so_many)


def test_a_notebook_is_checked_in_prose_and_code_by_the_lines_of_its_file():
    cells = [
        {"cell_type": "markdown", "source": ["# A title\n", "Read anew."]},
        {"cell_type": "code", "source": ["x = 1\n", "y = 2  # anew"]},
    ]
    text = json.dumps({"cells": cells}, indent=1)
    hits = check_text(READERS["notebooks"](text), [ANEW])
    assert ["anew" in text.split("\n")[line - 1] for line, _, _ in hits] == [True, True]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.md").write_text("Read anew.\n", encoding="utf-8")
    (tmp_path / "b.md").write_text("Read again.\n", encoding="utf-8")
    return tmp_path


def test_a_hit_names_file_line_words_and_remedy(folder):
    rules = Rules((ANEW,), (), {"markdown": ["*.md"]})
    assert check(folder, rules) == ["a.md:1: 'anew': again [anew]"]
    assert check(folder, rules, [folder / "b.md"]) == []


def test_an_excuse_holds_for_its_words_in_its_file_and_must_be_needed(folder):
    excuses = (Excuse("a.md", "anew", "the title of a book"), Excuse("b.md", "anew", "no longer there"))
    lines = check(folder, Rules((ANEW,), excuses, {"markdown": ["*.md"]}))
    assert lines == ["tools/prose.yaml: nothing to excuse in b.md: 'anew'"]


def test_every_excuse_has_a_reason():
    assert all(excuse.reason for excuse in RULES.excused)


def test_the_status_says_whether_anything_is_refused(tmp_path, capsys):
    assert main([str(tmp_path)]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.slow
def test_it_is_a_command():
    run = subprocess.run(
        [sys.executable, "-m", "tools.check_prose", "LICENSE"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stdout) == (0, "")
