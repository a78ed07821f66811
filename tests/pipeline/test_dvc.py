"""DVC on a small project: one command, and a change reruns what it touches and nothing else."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from planted import ROOT, environment, files_below, write_project

pytestmark = pytest.mark.slow


def dvc(folder: Path, *words: str) -> str:
    # As on most machines, Python leaves bytecode beside the modules that stages depend on.
    given = environment(2) | {"PYTHONDONTWRITEBYTECODE": ""}
    run = subprocess.run(["dvc", *words], cwd=folder, env=given, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-3000:]
    return run.stdout


@pytest.fixture(scope="module")
def reproduced(tmp_path_factory) -> Path:
    """A git repository with the package, the stages but notebooks, and a small corpus, after `dvc repro`."""
    folder = write_project(tmp_path_factory.mktemp("dvc"))
    shutil.copytree(ROOT / "corpus_tools", folder / "corpus_tools", ignore=shutil.ignore_patterns("__pycache__"))
    pipeline = yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))
    del pipeline["stages"]["notebooks"]
    (folder / "dvc.yaml").write_text(yaml.safe_dump(pipeline, sort_keys=False))
    shutil.copy(ROOT / ".gitignore", folder)
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    dvc(folder, "init", "-q")
    shutil.copy(ROOT / ".dvcignore", folder)
    dvc(folder, "repro")
    subprocess.run(["git", "add", "-A"], cwd=folder, env=environment(1), check=True)
    subprocess.run(["git", "commit", "-qm", "first"], cwd=folder, env=environment(1), check=True)
    return folder


def go_back(folder: Path) -> None:
    """Return to the commit, as a user does: git for the small files, DVC for the tables."""
    subprocess.run(["git", "checkout", "-q", "."], cwd=folder, check=True)
    dvc(folder, "checkout", "-q")


def rerun(output: str) -> list[str]:
    return re.findall(r"Running stage '(\w+)'", output)


def test_a_second_run_does_nothing(reproduced):
    assert rerun(dvc(reproduced, "repro")) == []
    assert (
        subprocess.run(
            ["git", "status", "--porcelain"], cwd=reproduced, capture_output=True, text=True, check=True
        ).stdout
        == ""
    )


def test_bytecode_beside_the_modules_is_no_change_of_theirs(reproduced):
    left = list((reproduced / "corpus_tools").rglob("__pycache__"))
    assert left
    for folder in left:
        shutil.rmtree(folder)
    assert rerun(dvc(reproduced, "repro", "--dry")) == []


def test_an_experiment_with_one_parameter_reruns_its_step_and_what_follows(reproduced):
    assert rerun(dvc(reproduced, "exp", "run", "-S", "topics.n_topics=2")) == [
        "topics", "sentiment", "figures", "report",
    ]  # fmt: skip
    assert "topics.n_topics" in dvc(reproduced, "params", "diff")
    changed = json.loads(dvc(reproduced, "metrics", "diff", "--json"))
    topics = changed["metrics/topics.json"]
    assert topics["topics"] == {"old": 3, "new": 2, "diff": -1}
    assert topics["settings.parameters.n_topics"] == {"old": "3", "new": "2"}
    assert not [name for name in topics if name.startswith("settings.versions")]
    # A table of the terminal: one long value would push all others out of sight.
    assert (
        max(len(str(value)) for metrics in changed.values() for change in metrics.values() for value in change.values())
        < 80
    )
    go_back(reproduced)
    assert rerun(dvc(reproduced, "repro")) == []


@pytest.mark.parametrize(
    ("parameter", "stages"),
    [
        pytest.param("figures.font_pt=8.0", ["figures", "report"], id="figures"),
        pytest.param("report.lines=7", ["report"], id="report"),
        pytest.param("sentiment.period=month", ["sentiment", "figures"], id="sentiment"),
        pytest.param("grid.runs=4", ["grid"], id="grid"),
    ],
)
def test_nothing_else_is_rerun(reproduced, parameter, stages):
    stages_run = rerun(dvc(reproduced, "exp", "run", "-S", parameter))
    assert stages_run[: len(stages)] == stages
    assert "collect" not in stages_run
    assert "clean" not in stages_run
    go_back(reproduced)


@pytest.mark.parametrize(
    ("section", "value", "stages"),
    [
        pytest.param("topics", {"seed": 1}, {"grid", "topics"}, id="topics.seed"),
        pytest.param("tokenise", {"train_documents": 10}, {"tokenise"}, id="tokenise.train_documents"),
    ],
)
def test_a_changed_parameter_is_seen_by_those_that_read_it(reproduced, section, value, stages):
    path = reproduced / "params.yaml"
    params = yaml.safe_load(path.read_text())
    params[section] |= value
    path.write_text(yaml.safe_dump(params))
    assert set(json.loads(dvc(reproduced, "status", "--json"))) == stages
    go_back(reproduced)


def test_a_parameter_that_leaves_the_documents_reruns_what_shows_it_and_nothing_else(reproduced):
    assert rerun(dvc(reproduced, "exp", "run", "-S", "clean.period=month")) == ["clean", "figures", "report"]
    go_back(reproduced)


def test_new_gold_is_scored_and_no_table_is_made_again(reproduced):
    path = reproduced / "seeds" / "gold" / "seed.jsonl"
    path.write_text("", encoding="utf-8")
    # collect watches all of seeds/, where a user's own sources lie; its tables come out as they were
    assert rerun(dvc(reproduced, "repro")) == ["collect", "evaluate", "report"]
    assert json.loads((reproduced / "metrics" / "evaluate.json").read_text())["reports"] == 0
    go_back(reproduced)


# ---- a changed comment touches what it touches -----------------------------------------------------------------------

PARTITIONED = {"clean", "tokenise", "annotate", "topics", "sentiment"}  # folders of finished partitions


def comment(folder: Path, *names: str) -> None:
    for name in names:
        with (folder / "corpus_tools" / name).open("a", encoding="utf-8") as file:
            file.write("\n# A changed comment.\n")


def stale(folder: Path) -> set[str]:
    return set(json.loads(dvc(folder, "status", "--json")))


def partitions(folder: Path) -> dict[str, dict[str, int]]:
    """The finished partitions of each step, with their inodes: a partition that is made again has another."""
    kept = folder / "data" / ".partitions"
    return {step: {p.name: p.stat().st_ino for p in (kept / step).iterdir()} for step in PARTITIONED}


@pytest.mark.parametrize(
    ("changed", "stages"),
    [
        pytest.param(["corpus.py", "explore/pattern.py", "display/html.py"], {"report"}, id="what shows"),
        pytest.param(["display/static/table.css"], {"report"}, id="a colour"),
        pytest.param(["export/conllu.py", "pipeline.py", "__main__.py", "errors.py"], set(), id="what no step imports"),
        pytest.param(["annotate/reports.py"], {"annotate"}, id="annotate"),
        pytest.param(["layers/times.py"], {"annotate", "evaluate"}, id="a layer"),
        pytest.param(["sentiment/averages.py"], {"sentiment"}, id="sentiment"),
        pytest.param(["topics/overview.py", "topics/step.py"], {"topics"}, id="topics"),
        pytest.param(["topics/choice/grid.py"], {"grid", "topics"}, id="grid"),
    ],
)  # fmt: skip
def test_a_changed_comment_makes_only_those_stages_stale_whose_code_it_is(reproduced, changed, stages):
    comment(reproduced, *changed)
    assert stale(reproduced) == stages
    go_back(reproduced)


def finished(folder: Path) -> dict[str, dict[str, int]]:
    """The finished partitions after a run of clean and annotate as they are: another test may have left others."""
    for stage in ("clean", "annotate"):
        dvc(folder, "repro", "--force", "--single-item", stage)
    return partitions(folder)


def test_a_changed_comment_in_annotate_makes_no_partition_of_another_step_again(reproduced):
    before = finished(reproduced)
    comment(reproduced, "annotate/reports.py")
    assert rerun(dvc(reproduced, "repro", "--dry"))[0] == "annotate"
    assert rerun(dvc(reproduced, "repro")) == ["annotate"]  # its tables are as they were, so nothing follows
    after = partitions(reproduced)
    assert after.pop("annotate").keys().isdisjoint(before.pop("annotate"))
    assert after == before
    go_back(reproduced)


def test_a_changed_comment_in_a_step_file_keeps_its_partitions(reproduced):
    """A partition depends on the function that makes it and on what that imports, not on what reads and writes."""
    before = finished(reproduced)
    comment(reproduced, "annotate/step.py", "clean/step.py")
    assert rerun(dvc(reproduced, "repro")) == ["clean", "annotate"]
    assert partitions(reproduced)["annotate"] == before["annotate"]
    go_back(reproduced)


def test_what_reads_the_tables_of_annotate_follows_it(reproduced):
    first, *following = rerun(dvc(reproduced, "repro", "--dry", "--force", "--downstream", "annotate"))
    assert first == "annotate"
    assert set(following) == {"evaluate", "sentiment", "figures", "report"}


def test_dag_and_plots_are_shown(reproduced):
    assert "tokenise" in dvc(reproduced, "dag")
    page = dvc(reproduced, "plots", "show").strip().removeprefix("file://")
    assert "timeline-183mm.png" in Path(page).read_text() or any(Path(page).parent.rglob("*timeline*"))


def test_a_failing_step_keeps_the_last_good_results(reproduced):
    before = files_below(reproduced / "data" / "topics")
    run = subprocess.run(
        ["dvc", "exp", "run", "-S", "topics.n_topics=1000"],
        cwd=reproduced, env=environment(1), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode != 0
    assert "1000 topics from 91 documents" in run.stderr + run.stdout
    assert files_below(reproduced / "data" / "topics") == before
    go_back(reproduced)
