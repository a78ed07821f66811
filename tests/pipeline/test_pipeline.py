"""The whole way on a small corpus with planted topics: bytes, errors, stages."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
import yaml
from planted import ROOT, STEPS, TOPICS, environment, files_below, planted_rows, run_step, write_project

import corpus_tools as ct
from corpus_tools.pipeline import STEPS as DECLARED
from corpus_tools.pipeline import TABLES, open_store
from corpus_tools.runtime.code import code_of

pytestmark = pytest.mark.slow
STAGES = yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))["stages"]


# Runs a step and lists the package's own files that it opens, modules aside.
WATCHED = """
import sys
from pathlib import Path
import corpus_tools
package = Path(corpus_tools.__file__).parent
def watch(event, args):
    if event == "open" and isinstance(args[0], str) and args[0].startswith(str(package)):
        sys.stderr.write(f"opened {Path(args[0]).name}\\n")
sys.addaudithook(watch)
sys.argv = ["corpus_tools", sys.argv[1]]
from corpus_tools.__main__ import main
main()
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> tuple[Path, dict[str, set[str]]]:
    """The project after all steps, and which files of the package each step opened."""
    folder = write_project(tmp_path_factory.mktemp("project"))
    opened = {}
    for step in STEPS:
        run = subprocess.run(
            [sys.executable, "-c", WATCHED, step], cwd=folder, env=environment(1),
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert run.returncode == 0, run.stderr[-2000:]
        opened[step] = set(re.findall(r"^opened (.*)$", run.stderr, re.MULTILINE))
    return folder, opened


def test_every_table_is_made_with_its_columns_and_key(made):
    store = open_store(made[0] / "data")
    for name, table in TABLES.items():
        frame = store.read(name)
        assert frame.schema == table.schema, name
        assert not frame.select(pl.struct(table.key).is_duplicated().any()).item(), name


def test_partitions_are_sorted_and_the_same_for_all_tables_of_documents(made):
    store = open_store(made[0] / "data")
    for name in ["documents", "sentences", "tokens", "sentiment", "doc_topics"]:
        assert len(store.partitions(name)) == 4  # 40 + 40 + 10 of one source, 1 of the other
        for i in range(4):
            frame = store.read(name, i)
            assert frame.equals(frame.sort(TABLES[name].key))
            assert set(frame["doc_id"]) <= set(store.read("raw", i)["doc_id"])


def test_text_is_what_the_offsets_say_in_every_row(made):
    corpus = ct.open_corpus(made[0])
    rows = corpus.tokens.join(corpus.documents.select("doc_id", "text", "body_start"), on="doc_id").collect()
    for text, start, end, token, body in rows.select("text", "start", "end", "token", "body_start").iter_rows():
        assert text[start:end] == token
        assert start >= body


def test_planted_topics_come_out_of_the_whole_pipeline(made):
    terms = ct.open_corpus(made[0]).topic_terms.filter(pl.col("rank") < 8).collect()
    best = [set(t) for t in terms.group_by("topic", maintain_order=True).agg("term")["term"].to_list()]
    for words in TOPICS.values():
        # `artillery` and the like are their own lemmas; `near` and `city` occur in every report
        assert max(len(set(words) & topic) for topic in best) >= 6


def test_two_workers_and_a_second_run_give_the_same_bytes(made, tmp_path):
    folder = write_project(tmp_path / "again")
    # Drawing and notebooks take longest and keep nothing from one run to the next: once is enough.
    for steps in (STEPS, STEPS[: STEPS.index("figures")]):
        for step in steps:
            run = run_step(folder, step, workers=2)
            assert run.returncode == 0, run.stderr[-2000:]
        for out in ("data", "figures", "metrics", "report", "notebooks"):
            first, second = files_below(made[0] / out), files_below(folder / out)
            assert list(first) == list(second)
            assert [n for n in first if first[n] != second[n]] == []


def test_the_notebooks_run_on_a_small_corpus_without_the_seed_and_in_other_widths(tmp_path):
    folder = write_project(
        tmp_path / "own", planted_rows(24), real_notebooks=True,
        collect={"skip": ["reports"]}, figures={"widths_mm": [85, 170]},
    )  # fmt: skip
    for step in STEPS:
        run = run_step(folder, step, workers=2)
        assert run.returncode == 0, run.stderr[-2000:]
    assert len(list((folder / "notebooks" / "executed").glob("*.html"))) == 6
    log = (folder / "logs" / "steps.log").read_text()
    assert "11 figures, 88 files, no most_quoted (table speakers_by_outlet is empty), no places_map" in log
    assert not ct.open_corpus(folder).has_figure("tolls")


def test_rows_in_another_order_give_the_same_topics(made, tmp_path):
    folder = write_project(tmp_path / "shuffled", planted_rows()[::-1])
    for step in ["collect", "clean", "tokenise", "topics"]:
        assert run_step(folder, step).returncode == 0
    for table in ("topic_terms", "topics_by_period"):
        assert open_store(folder / "data").read(table).equals(open_store(made[0] / "data").read(table))


def test_files_listed_in_another_order_give_the_same_bytes(tmp_path, monkeypatch, call):
    """Whatever a disk lists first: reports in files of their own, and the partitions of every table."""

    def texts(folder: Path) -> Path:
        write_project(folder, planted_rows(40))
        own = folder / "seeds" / "own"
        own.mkdir()
        for row in planted_rows(60, seed=1):
            (own / f"{row['day']}_{row['key']}.txt").write_text(row["body"], encoding="utf-8")
        (folder / "seeds" / "own.yaml").write_text("kind: text\npath: own\n", encoding="utf-8")
        return folder

    def made_in(folder: Path) -> dict[str, bytes]:
        monkeypatch.chdir(folder)
        monkeypatch.setenv("CORPUS_TOOLS_WORKERS", "1")
        for step in STEPS[: STEPS.index("sentiment") + 1]:
            assert call(step)[0] == 0, step
        return files_below(folder / "data") | files_below(folder / "metrics")

    first = made_in(texts(tmp_path / "one"))
    for name in ("glob", "rglob", "iterdir"):
        plain = getattr(Path, name)
        monkeypatch.setattr(Path, name, lambda *a, plain=plain, **k: iter(list(plain(*a, **k))[::-1]))
    second = made_in(texts(tmp_path / "two"))
    assert sorted(first) == sorted(second)
    assert [name for name in first if first[name] != second[name]] == []


@pytest.mark.parametrize("step", DECLARED, ids=STEPS)
def test_every_file_of_the_package_that_a_step_reads_is_part_of_its_code(made, step):
    files = {name for name in made[1][step.name] if not name.endswith((".py", ".pyc", ".pyi"))}
    assert files <= {path.name for path in code_of(step.module).files}


def test_notebooks_are_deps():
    assert [str(p.relative_to(ROOT)) for p in sorted((ROOT / "notebooks").glob("*.ipynb"))] == [
        d for d in STAGES["notebooks"]["deps"] if d.endswith(".ipynb")
    ]


def test_deps_exist():
    for stage in STAGES.values():
        for dep in stage["deps"]:
            if not dep.startswith(("data/", "figures", "metrics")):
                assert (ROOT / dep).exists(), dep


def test_steps_write_one_line_in_the_log(made):
    lines = (made[0] / "logs" / "steps.log").read_text().splitlines()
    assert [line.split()[2] for line in lines] == STEPS


# ---- what made it ----------------------------------------------------------------------------------------------------


def test_every_table_figure_and_metric_says_what_made_it(made):
    corpus = ct.open_corpus(made[0])
    documents, raw = ((made[0] / "data" / "fingerprints" / f"{t}.txt").read_text() for t in ("documents", "raw"))
    for name, table in TABLES.items():
        text = f"raw {raw[:12]}" if table.step == "collect" else f"corpus {documents[:12]}"
        assert corpus.provenance(name).startswith(f"{table.step} · {text} · "), name
    assert "documents_per_partition 40" in corpus.provenance("raw")
    assert "n_topics 3, " in corpus.provenance("topic_terms")
    for path in (made[0] / "metrics").iterdir():
        line = corpus.metrics(path.stem)["settings"]
        assert line.startswith(f"{path.stem} · ")
        assert path.stem == "evaluate" or line in {
            corpus.provenance(n) for n, t in TABLES.items() if t.step == path.stem
        }
    picture = corpus.figure("topic_terms")
    assert picture.settings.startswith(corpus.provenance("topic_terms") + " | figures · font_pt 7.0, dpi 72 · ")
    assert picture.settings in picture._repr_html_()
    assert picture.settings in repr(picture)
    with pytest.raises(ct.InputError, match="did you mean documents"):
        corpus.provenance("document")


def fingerprints(folder: Path) -> dict[str, bytes]:
    return files_below(folder / "data" / "fingerprints")


def test_partitions_and_order_leave_the_fingerprints_and_a_changed_character_does_not(made, tmp_path):
    rows = planted_rows()
    same = write_project(tmp_path / "same", rows[::-1], collect={"documents_per_partition": 7})
    other = write_project(tmp_path / "other", [{**rows[0], "body": rows[0]["body"] + "!"}, *rows[1:]])
    for folder in (same, other):
        for step in ("collect", "clean"):
            assert run_step(folder, step, workers=2).returncode == 0
    assert fingerprints(same) == fingerprints(made[0])
    assert not set(fingerprints(other).values()) & set(fingerprints(made[0]).values())


def test_a_parameter_that_leaves_the_documents_leaves_their_fingerprint(copy, call):
    before, line = fingerprints(copy), ct.open_corpus(copy).provenance("documents")
    change(copy, "clean", period="month")
    assert call("clean")[0] == 0
    assert fingerprints(copy) == before
    assert ct.open_corpus(copy).provenance("documents") == line.replace("period week", "period month")
    change(copy, "clean", duplicate_days=0, duplicate_share=0.01)
    assert call("clean")[0] == 0
    assert "duplicate_share 0.01" in ct.open_corpus(copy).provenance("documents")


def test_grid_and_topics_share_the_counts_of_terms(copy, call):
    counts = copy / "data" / ".partitions" / "topics"
    before = {path.name: path.stat().st_ino for path in counts.iterdir()}
    for step in ("grid", "topics"):
        assert call(step)[0] == 0
        assert {path.name: path.stat().st_ino for path in counts.iterdir()} == before


def test_a_step_without_a_fingerprint_says_so_before_it_does_anything(copy, call):
    shutil.rmtree(copy / "data" / "fingerprints")
    before = files_below(copy / "data" / "sentiment_by_period")
    change(copy, "sentiment", period="month")
    status, message = call("sentiment")
    assert status == 2
    assert "data/fingerprints/documents.txt" in message
    assert "corpus_tools clean" in message
    assert files_below(copy / "data" / "sentiment_by_period") == before


def test_importing_the_package_does_nothing_and_loads_no_step():
    heavy = "{'nltk', 'sklearn', 'matplotlib'}"
    code = f"import sys, corpus_tools; print(sorted(m for m in sys.modules if m.split('.')[0] in {heavy}))"
    run = subprocess.run(["python", "-c", code], env=environment(1), capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


# ---- bad input in later steps: named, and the last good results stay ------------------------------------------------


def change(project: Path, section: str, **values: object) -> None:
    params = yaml.safe_load((project / "params.yaml").read_text())
    params[section] |= values
    (project / "params.yaml").write_text(yaml.safe_dump(params))


@pytest.fixture
def copy(made, tmp_path, monkeypatch):
    folder = tmp_path / "copy"
    shutil.copytree(made[0], folder)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("CORPUS_TOOLS_WORKERS", "1")
    return folder


@pytest.mark.parametrize(
    ("step", "damage", "says"),
    [
        pytest.param(
            "topics", lambda p: change(p, "topics", n_topics=500), ["topics.n_topics", "500 topics from 91 documents"],
            id="too many topics",
        ),
        pytest.param(
            "topics", lambda p: change(p, "topics", min_documents=91), ["topics.min_documents", "0 terms"],
            id="no terms",
        ),
        pytest.param(
            "topics", lambda p: change(p, "topics", n_topic=3),
            ["params.yaml, topics.n_topic", "did you mean n_topics?"], id="unknown parameter",
        ),
        pytest.param(
            "clean", lambda p: change(p, "clean", period="year"), ["params.yaml, clean.period", "'year'"],
            id="unknown period",
        ),
        pytest.param(
            "clean", lambda p: (p / "data/raw/part-00000.parquet").write_bytes(b"PAR1"),
            ["raw/part-00000.parquet", "collect"], id="damaged partition",
        ),
        pytest.param(
            "tokenise", lambda p: shutil.rmtree(p / "data/documents"), ["data/documents", "corpus_tools clean"],
            id="no documents",
        ),
        pytest.param(
            "sentiment", lambda p: (p / "data/sentences/part-00001.parquet").write_bytes(b""),
            ["sentences/part-00001", "tokenise"], id="empty partition",
        ),
        pytest.param(
            "figures", lambda p: shutil.rmtree(p / "data/topics"), ["data/topics", "corpus_tools topics"],
            id="no topics",
        ),
        pytest.param(
            "figures", lambda p: (p / "params.yaml").unlink(), ["params.yaml", "no such file"], id="no parameters",
        ),
    ],
)  # fmt: skip
def test_bad_input_is_named_and_the_last_results_stay(copy, call, step, damage, says):
    damage(copy)
    outs = [next(iter(o)) for o in STAGES[step]["outs"]]
    before = {out: files_below(copy / out) for out in outs}
    status, message = call(step)
    assert status == 2
    for words in [*says, "remedy:"]:
        assert words in message
    assert "Traceback" not in message
    assert {out: files_below(copy / out) for out in outs} == before


def test_tables_of_another_run_are_refused(copy, call):
    rows = [{**row, "key": "new" + row["key"]} for row in planted_rows()]
    (copy / "seeds" / "planted.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    for step in ("collect", "clean"):
        assert call(step)[0] == 0
    for step in ("sentiment", "topics"):
        status, message = call(step)
        assert status == 2
        assert "make repro" in message


def test_an_unknown_number_of_workers_is_named(copy, call, monkeypatch):
    monkeypatch.setenv("CORPUS_TOOLS_WORKERS", "many")
    status, message = call("clean")
    assert status == 2
    assert "CORPUS_TOOLS_WORKERS" in message


def test_an_unknown_sub_command_is_named(call):
    status, message = call("colect")
    assert status == 2
    assert "colect" in message


# ---- the corpus in Python -------------------------------------------------------------------------------------------


def test_the_corpus_opens_from_a_folder_below(made, monkeypatch):
    monkeypatch.chdir(made[0] / "data" / "documents")
    corpus = ct.open_corpus()
    assert corpus.documents.collect().height == 91
    assert "documents" in repr(corpus)
    assert "documents" in corpus._repr_html_()
    assert {"documents", "tokens"} <= set(dir(corpus))


def test_the_corpus_names_what_there_is(made, tmp_path):
    corpus = ct.open_corpus(made[0])
    with pytest.raises(AttributeError, match="did you mean documents"):
        _ = corpus.document
    with pytest.raises(ct.InputError, match="no such figure"):
        corpus.figure("time_line")
    with pytest.raises(ct.InputError, match="did you mean topics"):
        corpus.metrics("topic")
    with pytest.raises(ct.InputError, match="no report has this doc_id"):
        corpus.text("planted-war-00")
    with pytest.raises(ct.InputError, match="no corpus here"):
        ct.open_corpus(tmp_path)
    assert corpus.text("planted-war-000").startswith("The ")
    assert corpus.metrics("topics")["topics"] == 3


def test_a_figure_shows_with_its_caption_and_alt_text(made):
    picture = ct.open_corpus(made[0]).figure("timeline", width_mm=183)
    shown = picture._repr_html_()
    assert picture.caption in shown
    assert 'alt="Small bar charts' in shown
    assert "data:image/png;base64," in shown
