"""The repository itself: what it promises on paper."""

from __future__ import annotations

import ast
import graphlib
import importlib
import json
import re
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

import jsonschema
import pytest
import yaml
from planted import CASES, ROOT

import corpus_tools
from corpus_tools.figures.drawings import DRAWINGS
from corpus_tools.params import Params
from corpus_tools.pipeline import STEPS, TABLES

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]
DOCS = "".join(path.read_text(encoding="utf-8") for path in PAGES)


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


def test_the_documentation_names_every_command_figure_section_and_table():
    commands = re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    for command in ("repro", "lab"):
        assert command in commands
        assert f"make {command}" in README
    for command in ("test", "test-fast", "check", "docs", "verify", "bench"):
        assert command in commands
        assert f"make {command}" in DOCS
    for name in (*DRAWINGS, *Params.model_fields, *TABLES):
        assert f"`{name}`" in DOCS, name


def test_the_readme_is_short():
    assert len(README.splitlines()) <= 150


def test_pictures_and_links_of_the_documents_exist():
    for path in [*PAGES, ROOT / "seeds" / "SOURCES.md", ROOT / "seeds" / "gold" / "README.md"]:
        for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name}: {target}"


@pytest.mark.parametrize("name", ["reports", "news_articles"])
def test_every_source_has_its_origin_and_rights_written_down(name):
    assert f"`{name}.yaml`" in (ROOT / "seeds" / "SOURCES.md").read_text(encoding="utf-8")


def test_the_list_of_commands_is_printed():
    run = subprocess.run(["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "make repro" in run.stdout
    assert max(map(len, run.stdout.splitlines())) <= 80


# ---- the house -------------------------------------------------------------------------------------------------------

PACKAGE = ROOT / "corpus_tools"
# Every step's folder has these.
SHARED_NAMES = {"__init__", "params", "step", "tables"}


def test_no_two_modules_and_no_two_classes_have_one_name():
    modules = [path.stem for path in PACKAGE.rglob("*.py") if path.stem not in SHARED_NAMES]
    assert [name for name, n in Counter(modules).items() if n > 1] == []
    classes = [
        node.name
        for folder in (PACKAGE, ROOT / "tests" / "support")
        for path in folder.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    ]
    assert [name for name, n in Counter(classes).items() if n > 1] == []


def test_the_root_of_the_package_has_at_most_eight_modules():
    assert len(list(PACKAGE.glob("*.py"))) <= 8


def imports(path: Path) -> set[str]:
    """The package's modules that a module imports, for type checkers and inside functions too."""
    names = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("corpus_tools"):
            names |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names if alias.name.startswith("corpus_tools")}
    return names


def test_no_two_files_import_each_other_types_included():
    files = {".".join(p.relative_to(ROOT).with_suffix("").parts): p for p in PACKAGE.rglob("*.py")}
    arrows = {name: {other for other in imports(path) if other in files} for name, path in files.items()}
    circles = graphlib.TopologicalSorter(arrows)
    circles.prepare()  # raises CycleError, and names the files


def test_every_step_is_a_folder_with_its_entry_point():
    for step in STEPS:
        module, _, function = step.run.partition(":")
        assert callable(getattr(importlib.import_module(module), function))
        assert module.split(".")[1] in {step.name, "topics"}  # `grid` is a stage of the topics' folder


def test_every_column_has_a_description():
    for table in TABLES.values():
        assert table.description.endswith("."), table.name
        for name, column in table.columns.items():
            assert len(column.description) > 10, f"{table.name}.{name}"
            assert column.description.endswith("."), f"{table.name}.{name}"
        assert set(table.key) <= set(table.columns)


def test_importing_the_package_does_nothing_and_loads_no_library():
    code = (
        "import sys, corpus_tools; print(sorted({m.split('.')[0] for m in sys.modules} & {'polars', 'nltk', 'numpy'}))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
    assert sorted(dir(corpus_tools)) == ["Corpus", "InputError", "NltkReader", "as_nltk", "open_corpus"]
