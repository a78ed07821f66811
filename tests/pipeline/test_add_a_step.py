"""The example of CONTRIBUTING.md: a new step is a folder, its declaration, its parameters and its stage.

All are added to a copy of the repository, where the step runs and is tested like the others.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import polars as pl
import pytest
from planted import ROOT, environment, write_project

STEP = "readability"
COPIED = ["corpus_tools", "tests", "tools", "seeds", "notebooks"]
FILES = ["conftest.py", "dvc.yaml", "params.yaml", "pyproject.toml"]
IMPORT = f"from corpus_tools.{STEP} import tables as {STEP}\n"
PARAMS_IMPORT = f"from corpus_tools.{STEP}.params import ReadabilityParams\n"
SECTION = f"    {STEP}: ReadabilityParams = ReadabilityParams()\n"


def blocks() -> dict[str, str]:
    """The blocks of the page by the file that each names in its first line."""
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = page.partition("## Add a step")[2].partition("\n## ")[0]
    texts = [textwrap.dedent(block) for block in re.findall(r" *```\w+\n(.*?) *```", section, re.DOTALL)]
    return dict(re.fullmatch(r"# (\S+)\n(.*)", text, re.DOTALL).groups() for text in texts)


def insert(path: Path, before: str, text: str) -> None:
    source = path.read_text(encoding="utf-8")
    assert source.count(before) == 1, f"{before!r} in {path.name}"
    path.write_text(source.replace(before, text + before), encoding="utf-8")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the repository and follow the page."""
    root = tmp_path_factory.mktemp("contribution")
    for name in COPIED:
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__", "executed", "browser"))
    for name in FILES:
        shutil.copy(ROOT / name, root)
    texts = blocks()
    package = root / "corpus_tools"
    (package / STEP).mkdir()
    (package / STEP / "__init__.py").write_text('"""Long sentences."""\n', encoding="utf-8")
    for name in [name for name in texts if name.startswith(f"corpus_tools/{STEP}/")]:
        (root / name).write_text(texts[name], encoding="utf-8")
    insert(package / "pipeline.py", "from corpus_tools.runtime.schema import ", IMPORT)
    insert(
        package / "pipeline.py",
        '    Step(\n        "evaluate"',
        textwrap.indent(texts["corpus_tools/pipeline.py"].rstrip() + ",\n", " " * 4),
    )
    insert(package / "params.py", "from corpus_tools.report.params import ", PARAMS_IMPORT)
    insert(package / "params.py", "    evaluate: ", SECTION)
    insert(root / "params.yaml", "evaluate:\n", texts["params.yaml"])
    insert(root / "dvc.yaml", "  evaluate:\n", texts["dvc.yaml"])
    layers = (root / "pyproject.toml").read_text(encoding="utf-8")
    (root / "pyproject.toml").write_text(
        layers.replace('"corpus_tools.collect | ', f'"corpus_tools.{STEP} | corpus_tools.collect | '), encoding="utf-8"
    )
    return root


def call(copy: Path, folder: Path, *command: str) -> str:
    env = {**environment(1), "PYTHONPATH": str(copy)}
    run = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def test_the_page_shows_every_file_of_the_step():
    own = {f"corpus_tools/{STEP}/{name}.py" for name in ("params", "tables", "long_sentences", "step")}
    assert set(blocks()) == own | {"corpus_tools/pipeline.py", "params.yaml", "dvc.yaml"}


@pytest.mark.slow
def test_it_runs_and_a_changed_parameter_changes_its_table(copy, tmp_path):
    project = write_project(tmp_path / "project")
    for step in ("collect", "clean", "tokenise", STEP):
        call(copy, project, sys.executable, "-m", "corpus_tools", step)
    default = pl.read_parquet(project / "data" / STEP)
    assert default.columns == ["doc_id", "sentences", "long_sentences"]
    assert json.loads((project / "data" / "settings" / f"{STEP}.json").read_text())["parameters"] == {
        "long_sentence": 200
    }
    with (project / "params.yaml").open("a", encoding="utf-8") as file:
        file.write(f"{STEP}:\n  long_sentence: 1\n")
    call(copy, project, sys.executable, "-m", "corpus_tools", STEP)
    changed = pl.read_parquet(project / "data" / STEP)
    assert changed["long_sentences"].to_list() == changed["sentences"].to_list() == default["sentences"].to_list()
    assert default["long_sentences"].sum() < changed["long_sentences"].sum()
    metrics = json.loads((project / "metrics" / f"{STEP}.json").read_text())
    assert metrics["long_sentences"] == changed["long_sentences"].sum()


@pytest.mark.slow
def test_the_tests_of_code_and_provenance_hold_for_it(copy):
    tests = ["tests/runtime/test_provenance.py", "tests/runtime/test_code.py", "tests/project/test_params.py"]
    chosen = f"not holds_every_module or {STEP}"
    output = call(copy, copy, sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", "-k", chosen, *tests)
    assert f"test_the_code_of_a_step_holds_every_module_that_it_loads[{STEP}] PASSED" in output


@pytest.mark.slow
def test_it_keeps_to_the_order_of_imports(copy):
    call(copy, copy, str(Path(sys.executable).with_name("lint-imports")), "--no-cache")
