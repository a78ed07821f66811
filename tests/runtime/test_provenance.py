"""Provenance: the same documents have one fingerprint, others another; the line holds what was chosen."""

from __future__ import annotations

import json
import tomllib
from datetime import date

import polars as pl
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from planted import ROOT

from corpus_tools.errors import InputError
from corpus_tools.params import Params
from corpus_tools.pipeline import STEPS, TABLES
from corpus_tools.runtime.provenance import corpus_fingerprint, digests, line_of, record

STAGES = yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))["stages"]
ROWS = [
    ("a", "Post", date(2022, 4, 8), "Words.", "a"),
    ("b", "Star", None, "Others, 2.", "b"),
    ("c", None, date(2022, 4, 9), "Words", "a"),
]
DECLARED = {step.name: step for step in STEPS}
WITH_PROVENANCE = [step for step in STEPS if step.writes or step.name == "evaluate"]
COLUMNS = {"doc_id": pl.String, "outlet": pl.String, "published": pl.Date, "text": pl.String, "cluster_id": pl.String}


def of(rows: list[tuple]) -> str:
    return corpus_fingerprint(digests(pl.DataFrame(rows, schema=COLUMNS, orient="row")))


@given(st.permutations(ROWS), st.integers(0, 3))
def test_partitions_and_their_order_do_not_change_the_fingerprint(rows, cut):
    parts = [pl.DataFrame(part, schema=COLUMNS, orient="row") for part in (rows[:cut], rows[cut:])]
    assert corpus_fingerprint([d for part in parts for d in digests(part)]) == of(ROWS)


@pytest.mark.parametrize(
    ("row", "column", "value"),
    [
        (0, 0, "A"), (0, 1, "Star"), (0, 1, None), (0, 2, date(2022, 4, 9)), (0, 2, None), (0, 3, "Words"),
        (0, 3, "Words. "), (1, 3, "Others, 3."), (2, 4, "c"),
    ],
    ids=lambda value: repr(value)[:20],
)  # fmt: skip
def test_one_changed_character_date_or_id_changes_the_fingerprint(row, column, value):
    changed = [list(r) for r in ROWS]
    changed[row][column] = value
    assert of([tuple(r) for r in changed]) != of(ROWS)


def test_a_report_more_or_twice_changes_the_fingerprint_and_values_do_not_run_together():
    assert len({of(ROWS), of(ROWS[:2]), of([*ROWS, ROWS[0]]), of([])}) == 4
    assert of([("a", "bc", None, "", "")]) != of([("ab", "c", None, "", "")])
    assert len({of([("a", outlet, None, "", "")]) for outlet in (None, "", "-")}) == 3


def test_what_no_result_depends_on_is_no_part_of_the_fingerprint():
    frame = pl.DataFrame(ROWS, schema=COLUMNS, orient="row")
    more = frame.with_columns(title=pl.lit("A title")).select("title", *reversed(frame.columns))
    assert digests(more) == digests(frame)


@pytest.mark.parametrize("step", STEPS, ids=DECLARED)
def test_every_parameter_of_a_step_and_every_version_is_in_its_line(step):
    content = record(step, Params(), "0123456789abcdef")
    corpus = {"raw": "raw 0123456789ab · ", "documents": "corpus 0123456789ab · ", None: ""}[step.corpus]
    assert content["line"].startswith(f"{step.name} · {corpus}")
    own = {name for name in content["parameters"] if "." not in name}
    assert own == set(getattr(Params(), step.name).model_dump()) - set(step.unlisted)
    for name, value in [*content["parameters"].items(), *content["versions"].items()]:
        written = "+".join(map(str, value)) or "none" if isinstance(value, list) else str(value)
        if value is None or (isinstance(value, list) and len(value) > 8):
            written = "none" if value is None else f"{len(value)} values "
        assert f"{name} {written}" in content["line"]
    assert "\n" not in content["line"]
    json.dumps(content)


def test_a_changed_parameter_is_seen_and_one_of_another_step_is_not():
    changed = Params.model_validate({"clean": {"duplicate_days": 7}, "collect": {"skip": ["a", "b"]}})
    assert "duplicate_days 7" in record(DECLARED["clean"], changed)["line"]
    assert "skip a+b" in record(DECLARED["collect"], changed)["line"]
    assert record(DECLARED["topics"], changed) == record(DECLARED["topics"], Params())


def test_a_tagger_that_is_installed_besides_brings_its_versions():
    spacy = Params.model_validate({"tokenise": {"tagger": "spacy:no_such_model"}})
    assert record(DECLARED["tokenise"], spacy)["versions"]["no_such_model"] == "of no package"
    assert "spacy" not in record(DECLARED["tokenise"], Params())["versions"]


@pytest.mark.parametrize("step", STEPS, ids=DECLARED)
def test_a_stage_watches_the_parameters_that_its_step_declares(step):
    assert set(map(str, STAGES[step.name].get("params", []))) == {step.name, *step.params}


def test_a_long_list_is_one_digest_in_the_line_and_whole_in_the_record():
    words = [["war", "attack", "bomb"] * 4, ["war", "attack", "bombs"] * 4]
    made = [record(DECLARED["sentiment"], Params.model_validate({"sentiment": {"vocabulary": w}})) for w in words]
    assert [m["parameters"]["vocabulary"] for m in made] == words
    assert all("vocabulary 12 values " in m["line"] for m in made)
    assert made[0]["line"] != made[1]["line"]


@pytest.mark.parametrize("step", WITH_PROVENANCE, ids=lambda step: step.name)
def test_the_libraries_are_dependencies_of_this_package(step):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {d.split(">")[0].split("=")[0] for d in project["dependencies"]}
    assert set(record(step, Params())["versions"]) - {"corpus_tools"} <= wanted


def test_stages_keep_their_provenance_and_those_that_name_the_corpus_watch_its_fingerprint():
    for step in {table.step for table in TABLES.values()}:
        assert f"data/settings/{step}.json" in [next(iter(o)) for o in STAGES[step]["outs"]], step
        deps = STAGES[step]["deps"]
        assert ("data/fingerprints/documents.txt" in deps) == (step not in ("collect", "clean")), step
        # A parameter changes settings, but not the documents; only what shows a line may be made again by it.
        assert not any(d.startswith("data/settings") for d in deps), step
    for step in ("figures", "report", "notebooks"):
        assert "data/settings" in STAGES[step]["deps"]
    assert "data/fingerprints/documents.txt" in STAGES["evaluate"]["deps"]


def test_a_table_that_is_unknown_or_not_made_is_named(tmp_path):
    with pytest.raises(InputError, match="did you mean documents"):
        line_of(tmp_path, "document", TABLES)
    with pytest.raises(InputError, match=r"clean\.json: no record yet of what made documents") as error:
        line_of(tmp_path, "documents", TABLES)
    assert "corpus_tools clean" in error.value.remedy
