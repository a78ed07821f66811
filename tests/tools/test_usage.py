"""The scripts of tools/ as commands."""

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
    [("train_tagger", []), ("train_tagger", [""]), ("build_gazetteer", ["wheel"]), ("build_land", ["x"]),
     ("convert_gold", ["mine"])],
    ids=["train_tagger", "train_tagger, empty", "build_gazetteer", "build_land", "convert_gold"],
)  # fmt: skip
def test_a_wrong_call_shows_the_usage_in_one_line(script, words):
    command = [sys.executable, "-m", f"tools.{script}", *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith(f"error: usage: python -m tools.{script}")
    assert done.stderr.count("\n") == 1
