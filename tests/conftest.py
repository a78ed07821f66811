"""Fixtures over the small project of `planted`, and the command line in this process."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest
from case_ids import numbered_by_pytest, unreadable
from hypothesis import HealthCheck, settings
from planted import ROOT, write_project

import corpus_tools.__main__ as command
from corpus_tools.collect.fetch import fetch
from corpus_tools.collect.readers import READERS
from corpus_tools.collect.sources import Source
from corpus_tools.runtime.records import read_yaml

settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.load_profile("default")


_UNREADABLE = pytest.StashKey[bool]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Find the parametrised cases whose id does not say what they are."""
    cases: dict[str, dict[str, pytest.Function]] = defaultdict(dict)
    for item in items:
        if isinstance(item, pytest.Function) and hasattr(item, "callspec"):
            cases[item.nodeid.split("[")[0]][item.callspec.id] = item
    for siblings in cases.values():
        for case, item in siblings.items():
            values = item.callspec.params
            item.stash[_UNREADABLE] = unreadable(case, values) or numbered_by_pytest(case, values, siblings)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Fail these cases. An error while they are collected would reach nobody from a worker of pytest-xdist."""
    if item.stash.get(_UNREADABLE, False):
        pytest.fail("this id does not say what the case is: give it one by `ids=` or `pytest.param(..., id=...)`")


@pytest.fixture(scope="session")
def news_texts() -> list[str]:
    """Every second text of News Articles as found, fetched as the collect step does."""
    source = read_yaml(ROOT / "seeds" / "news_articles.yaml", Source)
    path = fetch("news_articles", source.fetch, ROOT / "data" / "sources" / "news_articles")
    rows = READERS[source.kind](path, source.columns.used(), source.encoding)
    return [text for row in rows if (text := row.values["text"])][::2]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project, with the working directory in it."""
    write_project(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CORPUS_TOOLS_WORKERS", "1")
    return tmp_path


Call = Callable[..., tuple[int, str]]


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Call the command line in this process; gives the exit status and what it said on standard error."""

    def run(*words: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["corpus_tools", *words])
        capsys.readouterr()
        try:
            command.main()
            status = 0
        except SystemExit as stop:
            status = int(stop.code or 0)
        return status, capsys.readouterr().err

    return run
