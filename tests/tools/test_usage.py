"""The scripts of tools/ and bench/ as commands."""

from __future__ import annotations

import subprocess
import sys

import pytest
from planted import ROOT

from tools import arguments


def test_arguments_are_returned_if_their_number_is_right(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["convert_gold", "mine", "gold.jsonl", "one", "two"])
    assert arguments("convert_gold SOURCE DEST FOLDER", more=True) == ["mine", "gold.jsonl", "one", "two"]
    with pytest.raises(SystemExit, match=r"^error: usage: python -m tools\.convert_gold SOURCE DEST FOLDER$"):
        arguments("convert_gold SOURCE DEST FOLDER")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("script", "words"),
    [
        pytest.param("tools.train_tagger", [], id="train_tagger"),
        pytest.param("tools.train_tagger", [""], id="train_tagger, empty"),
        pytest.param("tools.build_gazetteer", ["wheel"], id="build_gazetteer"),
        pytest.param("tools.build_land", ["x"], id="build_land"),
        pytest.param("tools.convert_gold", ["mine"], id="convert_gold"),
        pytest.param("bench.search", [], id="search"),
        pytest.param("bench.scale", ["scratch"], id="scale"),
    ],
)
def test_a_wrong_call_shows_the_usage_in_one_line(script, words):
    command = [sys.executable, "-m", script, *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith(f"error: usage: python -m {script}")
    assert done.stderr.count("\n") == 1
