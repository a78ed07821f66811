from __future__ import annotations

import pytest
import yaml
from planted import ROOT

from corpus_tools.errors import InputError
from corpus_tools.params import Params
from corpus_tools.runtime.records import read_yaml


def test_the_shipped_file_is_the_default():
    shipped = read_yaml(ROOT / "params.yaml", Params)
    assert shipped.topics.n_topics == "grid"  # which only the pipeline can ask
    topics = shipped.topics.model_copy(update={"n_topics": Params().topics.n_topics})
    assert shipped.model_copy(update={"topics": topics}) == Params()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("topics: {n_topic: 20}", ["params.yaml, topics.n_topic", "unknown key", "did you mean n_topics?"]),
        ("topic: {n_topics: 20}", ["params.yaml, topic", "unknown key", "did you mean topics?"]),
        ("topics: {n_topics: many}", ["params.yaml, topics.n_topics: ", "integer", "or", "'grid', not 'many'"]),
        ("topics: {n_topics: 2.5}", ["params.yaml, topics.n_topics", "2.5"]),
        ("topics: {n_topics: 0}", ["params.yaml, topics.n_topics", "greater than 0"]),
        ("topics: {n_topics: '20'}", ["params.yaml, topics.n_topics", "'20'"]),
        ("topics: {max_share: 1.5}", ["params.yaml, topics.max_share"]),
        ("topics: {model: nmff}", ["params.yaml, topics.model", "'nmf'"]),
        ("grid: {n_topics: 20}", ["params.yaml, grid.n_topics: ", "list"]),
        ("figures: {widths_mm: [10]}", ["params.yaml, figures.widths_mm.0"]),
        ("topics: [1, 2]", ["params.yaml, topics"]),
        ("just text", ["params.yaml", "remedy"]),
        ("topics: {n_topics: 20", ["line", "not YAML"]),
    ],
    ids=lambda value: value if isinstance(value, str) else value[0],
)
def test_a_mistake_is_named_with_its_key_and_remedy(tmp_path, text, says):
    path = tmp_path / "params.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_yaml(path, Params)
    for words in [*says, "remedy:"]:
        assert words in str(error.value)


def test_a_missing_or_undecodable_file_is_named(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        read_yaml(tmp_path / "params.yaml", Params)
    (tmp_path / "params.yaml").write_bytes(b"topics: \xff")
    with pytest.raises(InputError, match="not UTF-8"):
        read_yaml(tmp_path / "params.yaml", Params)


def test_an_empty_file_means_the_defaults(tmp_path):
    (tmp_path / "params.yaml").write_text("", encoding="utf-8")
    assert read_yaml(tmp_path / "params.yaml", Params) == Params()


def test_parameters_are_frozen():
    with pytest.raises(ValueError, match="frozen"):
        Params().topics.n_topics = 3


def test_every_section_is_a_stage_and_every_stage_a_section():
    stages = yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))["stages"]
    assert ["engine", *stages] == list(Params.model_fields)  # no result depends on the engine
    for name, stage in stages.items():
        assert stage["params"][0] == name
        assert name == "grid" or len(stage["params"]) == 1  # which shares its vocabulary with the topics
        assert stage["cmd"] == f"python -m corpus_tools {name}"
