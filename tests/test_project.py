"""The repository itself: what it promises on paper."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib

import jsonschema
import pytest
import yaml
from planted import CASES, ROOT

import corpus_tools
from corpus_tools.figures.drawings import DRAWINGS
from corpus_tools.params import Params

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_citation_follows_its_schema():
    # The schema is that of the Citation File Format 1.2.0 (CC BY 4.0, Druskat et al. 2021).
    schema = json.loads((CASES / "citation-schema-1.2.0.json").read_text(encoding="utf-8"))
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    jsonschema.validate(citation, schema)
    assert citation["version"] == PROJECT["version"] == corpus_tools.__version__


def test_every_dependency_is_pinned_by_hash_and_no_address_stands_in_the_lock():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    pinned = re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==\S+", lock, re.MULTILINE)
    blocks = re.split(r"^(?=[A-Za-z0-9])", lock, flags=re.MULTILINE)[1:]
    assert all("--hash=sha256:" in block for block in blocks)
    wanted = PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"]
    names = {re.match(r"[A-Za-z0-9._-]+", w).group().lower().replace("_", "-") for w in wanted}
    assert names <= {p.lower().replace("_", "-") for p in pinned}


def test_every_dependency_has_its_reason():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for wanted in PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"]:
        line = next(line for line in text.splitlines() if f'"{wanted}"' in line)
        assert re.search(r"# \w+", line), wanted


def test_the_readme_names_every_command_figure_and_section():
    commands = re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    for command in ("repro", "test", "lab", "check", "help"):
        assert command in commands
        assert f"make {command}" in README
    for name in DRAWINGS:
        assert f"`{name}`" in README
    for section in Params.model_fields:
        assert f"`{section}`" in README


def test_pictures_and_links_of_the_documents_exist():
    for path in [ROOT / "README.md", *(ROOT / "docs").glob("*.md"), ROOT / "seeds" / "SOURCES.md"]:
        for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name}: {target}"


@pytest.mark.parametrize("name", ["reports", "news_articles"])
def test_every_source_has_its_origin_and_rights_written_down(name):
    assert f"`{name}.yaml`" in (ROOT / "seeds" / "SOURCES.md").read_text(encoding="utf-8")


def test_the_list_of_commands_is_printed():
    run = subprocess.run(["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "make repro" in run.stdout
    assert max(map(len, run.stdout.splitlines())) <= 80
