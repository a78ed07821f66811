"""The documentation: generated pages are current, every page is reachable, and examples are those that tests run."""

from __future__ import annotations

import ast
import importlib.util
import json
import re
import textwrap
from pathlib import Path
from types import ModuleType

import pytest
import yaml
from planted import ROOT

from corpus_tools.pipeline import STEPS, TABLES
from tools.document_tables import figures_table, steps_table, tables_page, with_tables

DOCS = ROOT / "docs"
PAGES = sorted(DOCS.glob("*.md"))


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def python_blocks(text: str) -> list[str]:
    return [textwrap.dedent(block) for block in re.findall(r"```python\n(.*?)```", text, re.DOTALL)]


def test_the_page_of_tables_is_current():
    assert page("docs/tables.md") == tables_page(), "run `make tables`"


def test_the_tables_of_steps_and_figures_are_current():
    steps = page("docs/steps.md")
    assert with_tables(steps) == steps, "run `make tables`"
    assert steps_table() in steps
    assert figures_table() in steps


def test_every_table_and_column_is_described():
    text = tables_page()
    for table in TABLES.values():
        assert f"### {table.name}\n\n{table.description}" in text
        for name, column in table.columns.items():
            description = column.description.replace("|", r"\|")
            assert f"| `{name}` | {column.dtype} | {description} |" in text


def test_a_step_lists_what_it_reads_and_writes():
    step = next(step for step in STEPS if step.name == "topics")
    row = steps_table([step]).splitlines()[2]
    assert "`topic_grid`" in row
    assert "`seeds/topics/labels.yaml`" in row
    assert "[`doc_topics`](tables.md#table-doc-topics)" in row


def test_every_page_is_in_the_table_of_contents():
    blocks = re.findall(r"```\{toctree\}\n(.*?)```", page("docs/index.md"), re.DOTALL)
    listed = [line for block in blocks for line in block.splitlines() if line and not line.startswith(":")]
    assert sorted(listed) == sorted(path.stem for path in PAGES if path.stem != "index")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_links_within_a_page_and_to_other_pages_name_a_heading(path: Path):
    text = path.read_text(encoding="utf-8")
    for target, anchor in re.findall(r"\]\(([^)#:]*)#([^)]+)\)", text):
        other = (path.parent / target).read_text(encoding="utf-8") if target else text
        titles = re.findall(r"^#+ (.+)$", other, re.MULTILINE)
        slugs = {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}
        assert anchor in slugs | set(re.findall(r"^\((\S+)\)=$", other, re.MULTILINE)), f"{target}#{anchor}"


def notebook_cells(text: str) -> list[str]:
    return ["".join(cell["source"]) for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]


@pytest.mark.parametrize(
    ("path", "blocks_of"),
    [
        *(pytest.param(path, python_blocks, id=path.stem) for path in (ROOT / "README.md", *PAGES)),
        *(pytest.param(path, notebook_cells, id=path.stem) for path in sorted((ROOT / "notebooks").glob("*.ipynb"))),
    ],
)
def test_python_examples_import_what_exists(path, blocks_of):
    for block in blocks_of(path.read_text(encoding="utf-8")):
        for node in ast.walk(ast.parse(block)):
            if isinstance(node, ast.ImportFrom) and node.module.startswith("corpus_tools"):
                assert all(hasattr(importlib.import_module(node.module), alias.name) for alias in node.names)


def test_the_layer_of_the_contributing_page_is_the_one_that_a_test_adds():
    example = [line for line in page("tests/layers/denials.py").splitlines() if line]
    section = page("CONTRIBUTING.md").partition("## Add a layer")[2].partition("\n## ")[0]
    for block in python_blocks(section):
        lines = iter(example)
        assert all(line in lines for line in block.splitlines() if line), block


def test_the_readme_and_the_page_on_a_corpus_of_ones_own_give_the_same_commands():
    blocks = [
        re.findall(r"```console\n(.*?)```", page(name).partition(heading)[2], re.DOTALL)[0]
        for name, heading in (
            ("README.md", "## Your own corpus"),
            ("docs/your_own_corpus.md", "## A folder of .txt files"),
        )
    ]
    assert blocks[0] == blocks[1]


def test_the_changelog_begins_with_the_version_of_the_package():
    versions = re.findall(r"^## \[(\d+\.\d+\.\d+)\] - \d{4}-\d{2}-\d{2}$", page("CHANGELOG.md"), re.MULTILINE)
    assert versions == sorted(versions, reverse=True)
    assert "0.1.0" in versions


def test_the_form_for_a_wrong_mark_asks_for_what_is_needed():
    form = yaml.safe_load(page(".github/ISSUE_TEMPLATE/wrong_mark.yml"))
    fields = {field["id"]: field for field in form["body"] if "id" in field}
    assert list(fields) == ["text", "published", "marked", "expected", "version"]
    assert all(field["validations"]["required"] for field in fields.values())


def test_pre_commit_runs_the_checks():
    config = yaml.safe_load(page(".pre-commit-config.yaml"))
    assert [hook["entry"] for repo in config["repos"] for hook in repo["hooks"]] == ["make check"]


def test_every_package_of_the_docs_is_pinned_by_hash():
    lock = page("requirements-docs.lock")
    assert "://" not in lock
    blocks = re.split(r"^(?=[A-Za-z0-9])", lock, flags=re.MULTILINE)[1:]
    assert all("--hash=sha256:" in block for block in blocks)
    # What both pin must be the same version, since both are installed into one environment.
    pins = [
        set(re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", page(name), re.MULTILINE))
        for name in ("requirements.lock", "requirements-docs.lock")
    ]
    versions = [{name: {v for n, v in pin if n == name} for name, _ in pin} for pin in pins]
    assert all(used <= versions[0][name] for name, used in versions[1].items() if name in versions[0])


# ---- the site's configuration ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def conf() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_conf", DOCS / "conf.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("link", "folder", "expected"),
    [
        pytest.param("[a](../seeds/SOURCES.md)", "docs", "[a](sources.md)", id="a file that has a page"),
        pytest.param("[a](SOURCES.md)", "seeds", "[a](sources.md)", id="the same from its folder"),
        pytest.param("[a](docs/scale.md#x-y)", ".", "[a](scale.md#x-y)", id="a page, with a heading"),
        pytest.param("![a](pictures/a.png)", "docs", "![a](pictures/a.png)", id="a picture"),
        pytest.param("[a](tests/a.py)", ".", "[a](../tests/a.py)", id="another file"),
        pytest.param("[a](https://dvc.org)", "docs", "[a](https://dvc.org)", id="an address"),
        pytest.param("[a](#b)", "docs", "[a](#b)", id="a heading of the same page"),
    ],
)
def test_links_lead_to_pages_of_the_site(conf, link, folder, expected):
    assert conf.rebase(link, folder) == expected


def test_the_notebooks_are_linked_if_they_have_been_run(conf, tmp_path, monkeypatch):
    monkeypatch.setattr(conf, "EXECUTED", tmp_path / "executed")
    assert "have not been run yet" in conf.notebooks_list()
    (tmp_path / "executed").mkdir()
    (tmp_path / "executed" / "1_corpus.html").write_text("", encoding="utf-8")
    assert conf.notebooks_list() == '- <a href="1_corpus.html">1 corpus</a>\n'


def test_docstrings_are_escaped_outside_code_and_examples(conf):
    lines = ["`evacuat*` and * or a|b, name_ end", ">>> 2 * 3", "6"]
    conf._escape_docstring(None, "", "", None, None, lines)
    assert lines == [r"`evacuat*` and \* or a\|b, name\_ end", ">>> 2 * 3", "6"]


def test_inserted_files_are_pages(conf):
    inserted = re.findall(r"<!-- insert (\S+) -->", "".join(path.read_text(encoding="utf-8") for path in PAGES))
    assert sorted(inserted) == sorted(set(conf.PAGES) - {"README.md"})
    assert all((DOCS / name).exists() for name in conf.PAGES.values())
