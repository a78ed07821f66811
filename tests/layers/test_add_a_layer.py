"""The example of CONTRIBUTING.md: a new layer is a module and its registration.

Both are added to a copy of the package and its tests, so that everything that reads the registry takes part: tables,
metrics, display and export.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from planted import ROOT

from corpus_tools.annotate.reports import as_table
from corpus_tools.layers.layer import Layer, Marks
from corpus_tools.layers.registry import BY_NAME
from corpus_tools.layers.types import Report

EXAMPLE = Path(__file__).with_name("denials.py")
REGISTRATION = {"import claims, ": "import claims, denials, ", "claims.LAYER)": "claims.LAYER, denials.LAYER)"}
TEXT = "Moscow denied it. Kyiv denies nothing."
# Annotates, shows and exports the text, and prints the results.
PROGRAM = """
import json, sys
from pathlib import Path
import polars as pl
import corpus_tools
from corpus_tools.annotate.params import AnnotateParams
from corpus_tools.annotate.reports import annotate_text
from corpus_tools.annotate.summaries import annotate_and_count, summarise
from corpus_tools.display.document import render
from corpus_tools.export.brat import annotation_conf, brat
from corpus_tools.export.conllu import conllu
from corpus_tools.export.documents import EXPORTED, reports
from corpus_tools.pipeline import TABLES
from corpus_tools.tokenise.texts import tokenise_texts

text, doc = sys.argv[1], pl.lit("a").alias("doc_id")
schema = TABLES["documents"].schema
row = dict.fromkeys(schema) | {"doc_id": "a", "text": text, "body_start": 0, "language": "en", "cluster_id": "a"}
documents = pl.DataFrame([row], schema=schema)
sentences, tokens = (frame.with_columns(doc) for frame in tokenise_texts([text]))
frames = annotate_and_count(AnnotateParams(), documents, sentences)
tables = {**frames, "documents": documents, "sentences": sentences, "tokens": tokens}
document, layers = next(reports({name: tables[name] for name in EXPORTED}))
print(json.dumps({
    "package": str(Path(corpus_tools.__file__).parents[1]),
    "table": list(TABLES["denials"].columns),
    "written_by": TABLES["denials"].step,
    "annotations": annotate_text(text).denials["text"].to_list(),
    "rows": frames["denials"].rows(),
    "metric": summarise(frames["mark_counts"])["denials"],
    "html": render(document, {"denials": frames["denials"]}).html,
    "conllu": conllu(document, layers),
    "brat": brat(document, layers),
    "annotation.conf": annotation_conf(),
}))
"""


@pytest.fixture(scope="module")
def layer() -> Layer:
    spec = importlib.util.spec_from_file_location("denials", EXAMPLE)
    module = importlib.util.module_from_spec(spec)
    sys.modules["denials"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module.LAYER


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository with the layer added."""
    folder = tmp_path_factory.mktemp("contribution")
    for name in ("corpus_tools", "tests", "tools"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    (folder / "seeds").symlink_to(ROOT / "seeds")
    layers = folder / "corpus_tools" / "layers"
    shutil.copy(EXAMPLE, layers)
    registry = layers / "registry.py"
    source = registry.read_text(encoding="utf-8")
    for line, new in REGISTRATION.items():
        assert source.count(line) == 1
        source = source.replace(line, new)
    registry.write_text(source, encoding="utf-8")
    return folder


def python(folder: Path, *words: str) -> str:
    """Run Python in the copy; returns what it prints."""
    env = {**os.environ, "PYTHONPATH": str(folder)}
    run = subprocess.run([sys.executable, *words], cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr
    return run.stdout


@pytest.fixture(scope="module")
def results(folder: Path) -> dict:
    """Run the program with the layer added."""
    return {"folder": str(folder), **json.loads(python(folder, "-c", PROGRAM, TEXT))}


def test_the_page_shows_the_example():
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = page.partition("## Add a layer")[2].partition("\n## ")[0]
    blocks = re.findall(r"```python\n(.*?)```", section, re.DOTALL)
    assert blocks
    example = {line.strip() for line in EXAMPLE.read_text(encoding="utf-8").splitlines()}
    assert {line.strip() for block in blocks for line in block.splitlines()} <= example


def test_its_marks_are_found_and_fit_its_table(layer):
    report = Report(TEXT, date(2022, 4, 8), 0, [(0, 17), (18, len(TEXT))], doc_id="a")
    rows = list(Marks(report, {**BY_NAME, layer.name: layer}).rows("denials"))
    assert as_table(layer, rows).rows() == [("a", 7, 13, "denied", "past"), ("a", 23, 29, "denies", "present")]


@pytest.mark.slow
def test_it_has_a_table_and_a_metric(results):
    assert results["package"] == results["folder"]
    assert (results["table"], results["written_by"]) == (["doc_id", "start", "end", "text", "tense"], "annotate")
    assert results["annotations"] == ["denied", "denies"]
    assert results["rows"] == [["a", 7, 13, "denied", "past"], ["a", 23, 29, "denies", "present"]]
    assert results["metric"] == 2


@pytest.mark.slow
def test_it_is_shown(results):
    assert '<mark class="ct-denial" title="denial 1 (past)">denied</mark>' in results["html"]


@pytest.mark.slow
def test_it_is_exported(results):
    assert "|Denial=B-past" in results["conllu"]
    assert "\tDenial 7 13\tdenied\n" in results["brat"]
    assert "tense=present" in results["brat"]
    assert "\nDenial\n" in results["annotation.conf"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "path",
    ["annotate/test_summaries.py", "display/test_document.py", "export", "layers/test_registry.py"],
)
def test_the_tests_of_the_other_layers_pass_with_it(folder, path):
    python(folder, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"tests/{path}")
