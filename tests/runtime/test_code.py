"""What a step's code is: what its entry point imports, what that reads, and dvc.yaml says the same."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from planted import ROOT, environment

from corpus_tools.pipeline import STEPS
from corpus_tools.runtime import code
from corpus_tools.runtime.code import code_digest, code_of, rooms

STAGES = yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))["stages"]
PACKAGE = ROOT / "corpus_tools"
NAMES = [step.name for step in STEPS]


@pytest.fixture
def package(tmp_path, monkeypatch) -> Path:
    """A small package of the same name, of which the code is read."""
    files = {
        "__init__.py": "",
        "errors.py": "class InputError(Exception): ...\n",
        "clean/__init__.py": "",
        "clean/step.py": "import polars\nfrom corpus_tools import errors\nimport corpus_tools.clean.repairs\n",
        "clean/repairs.py": "def mend():\n    from corpus_tools.text import places\n    return places\n",
        "text/__init__.py": "",
        "text/places.py": 'import yaml, json\nNAMES = "data/places.txt"\n',
        "text/data/places.txt": "Kyiv\n",
        "text/data/towns.txt": "Lviv\n",
        "lazy/__init__.py": "",
        "lazy/__init__.pyi": "from .names import name as name\n",
        "lazy/names.py": "name = 1\n",
        "text/dates.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import corpus_tools.clean.step\n",
    }
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    monkeypatch.setattr(code, "_ROOT", tmp_path)
    forget()
    yield tmp_path
    forget()


def forget() -> None:
    for cached in (code.code_of, code.code_digest, code._source, code._data_files):
        cached.cache_clear()


def test_imports_are_followed_into_functions_but_not_for_type_checkers(package):
    code_of_step = code_of("corpus_tools.clean.step")
    assert code_of_step.modules == tuple(
        f"corpus_tools.{name}" for name in ("clean", "clean.repairs", "clean.step", "text", "text.places")
    )
    assert code_of("corpus_tools.text.dates").modules == ("corpus_tools.text", "corpus_tools.text.dates")


def test_files_and_libraries_are_those_that_the_modules_name(package):
    code_of_step = code_of("corpus_tools.clean.step")
    assert [path.name for path in code_of_step.files] == ["places.txt"]
    assert code_of_step.libraries == ("polars", "pyyaml")


def test_an_init_that_only_hands_names_on_is_no_code(package):
    assert code_of("corpus_tools.lazy.names").modules == ("corpus_tools.lazy.names",)


def test_a_module_of_another_package_has_no_code_here(package):
    assert code_of("tests.test_something").modules == ()


@pytest.mark.parametrize(
    ("name", "content", "changes"),
    [
        pytest.param("clean/step.py", "# a comment\n", True, id="entry point"),
        pytest.param("text/places.py", "# a comment\n", True, id="imported in a function"),
        pytest.param("text/data/places.txt", "Odesa\n", True, id="a file that is read"),
        pytest.param("text/data/towns.txt", "Odesa\n", False, id="a file that is not read"),
        pytest.param("text/dates.py", "# a comment\n", False, id="a module that is not imported"),
        pytest.param("errors.py", "# a comment\n", False, id="error messages"),
        pytest.param("__init__.py", "# a comment\n", False, id="the package's lazy names"),
    ],
)
def test_the_digest_changes_with_what_the_step_uses_and_nothing_else(package, name, content, changes):
    before = code_digest("corpus_tools.clean.step")
    with (package / name).open("a", encoding="utf-8") as file:
        file.write(content)
    forget()
    assert (code_digest("corpus_tools.clean.step") != before) is changes


def test_another_version_of_a_library_changes_the_digest(package, monkeypatch):
    before = code_digest("corpus_tools.clean.step")
    monkeypatch.setattr(code, "version_of", lambda library: "99" if library == "pyyaml" else "1")
    code.code_digest.cache_clear()
    assert code_digest("corpus_tools.clean.step") != before


# ---- the steps ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", STEPS, ids=NAMES)
def test_dvc_names_the_folders_of_a_steps_code(step):
    named = [dep for dep in STAGES[step.name]["deps"] if dep.startswith("corpus_tools")]
    # Notebook 6 runs every step.
    wanted = (
        ["corpus_tools"]
        if step.name == "notebooks"
        else rooms(code_of(step.module, "corpus_tools.runtime.run_step").modules)
    )
    assert named == wanted


@pytest.mark.parametrize("step", STEPS, ids=NAMES)
def test_dvc_watches_what_a_step_reads_and_keeps_what_it_writes(step):
    stage = STAGES[step.name]
    outs = [next(iter(out)) for out in stage.get("outs", [])]
    for table in step.writes:
        folder = f"data/{table.folder}"
        assert any(folder == out or folder.startswith(out + "/") for out in outs), table.name
    tables = {table.name: table for other in STEPS for table in other.writes}
    for name in step.reads:
        folder = f"data/{tables[name].folder}"
        assert any(folder == dep or folder.startswith(dep + "/") for dep in stage["deps"]), name
    for name in step.files:
        assert any(dep == name or name.startswith(dep + "/") or dep.startswith(name + "/") for dep in stage["deps"]), (
            name
        )


@pytest.mark.slow
@pytest.mark.parametrize("step", STEPS, ids=NAMES)
def test_the_code_of_a_step_holds_every_module_that_it_loads(step):
    """The imports read from the sources, against those of a running process."""
    show = "print(*sorted(m for m in sys.modules if m.startswith('corpus_tools')))"
    run = subprocess.run(
        [sys.executable, "-c", f"import sys, {step.module}; {show}"],
        env=environment(1), capture_output=True, text=True, check=True,
    )  # fmt: skip
    lazy = {".".join(p.parent.relative_to(ROOT).parts) for p in PACKAGE.rglob("__init__.pyi")}
    loaded = set(run.stdout.split()) - lazy - {"corpus_tools.errors"}
    assert loaded <= set(code_of(step.module).modules)


def test_no_result_depends_on_what_shows_or_explores():
    for step in STEPS:
        if step.name in ("collect", "clean", "tokenise", "annotate", "grid", "topics", "sentiment"):
            used = {name.split(".")[1] for name in code_of(step.module).modules}
            assert not used & {"corpus", "explore", "display", "figures", "report", "export", "pipeline"}, step.name


def test_steps_share_no_step_folder():
    folders = {step.module.split(".")[1] for step in STEPS}
    for step in STEPS:
        own = step.module.split(".")[1]
        used = {name.split(".")[1] for name in code_of(step.module).modules}
        assert used & folders == {own}, step.name


def test_every_file_of_the_package_has_a_name_of_its_own_and_a_module_that_reads_it():
    files = [p for p in PACKAGE.rglob("*") if p.is_file() and p.suffix not in {".py", ".pyi", ".pyc", ".typed"}]
    names = [path.name for path in files]
    assert sorted(names) == sorted(set(names))
    modules = [
        ".".join(p.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for p in PACKAGE.rglob("*.py")
    ]
    named = {path.name for path in code_of(*sorted(modules)).files}
    assert named == set(names)


def test_code_inside_the_package_never_imports_through_a_lazy_init():
    lazy = {p.parent.relative_to(ROOT).as_posix().replace("/", ".") for p in PACKAGE.rglob("__init__.pyi")}
    for path in [*PACKAGE.rglob("*.py")]:
        for name, names in re.findall(r"^ *from (corpus_tools[\w.]*) import (.*)$", path.read_text(), re.MULTILINE):
            if name in lazy:
                for imported in re.findall(r"\w+", names.split(" as ")[0]):
                    base = ROOT.joinpath(*name.split("."), imported)
                    assert base.is_dir() or base.with_suffix(".py").exists(), f"{path}: {imported} from {name}"
