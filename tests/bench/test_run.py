"""Runs of the contests."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from bench_runs import SIZES, TURNS
from click.testing import CliRunner

from bench import inputs, report, run
from bench.contests import OURS


@pytest.mark.parametrize(("differing", "status"), [(0, 0), (3, 1)], ids=["equal", "different"])
def test_a_difference_ends_the_run_with_status_1(tmp_path, monkeypatch, differing, status):
    def prepared(_word: str, folder: str, *_rest: str) -> str:
        Path(folder).mkdir(parents=True)
        inputs.write_sizes(Path(folder), SIZES)
        return ""

    monkeypatch.setattr(run, "_python", prepared)
    monkeypatch.setattr(run, "run", lambda *_: (TURNS, set()))
    monkeypatch.setattr(report, "compare", lambda *_: {"words": differing})
    done = CliRunner().invoke(run.main, ["--dest", str(tmp_path)])
    assert done.exit_code == status
    assert f"{differing} rows differ from NLTK" in done.output
    assert (tmp_path / "benchmarks.md").exists()


def test_a_failure_is_reported_and_the_others_continue(monkeypatch, tmp_path, capsys):
    def measured(_folder, _contest, contestant, *_rows):
        if contestant == "NLTK":
            raise click.ClickException("no such thing")
        return '{"seconds": 1.0, "cpu": 1.0, "peak_mb": 1.0}'

    monkeypatch.setattr(run, "_python", measured)
    monkeypatch.setattr("bench.contests.Contestant.missing", lambda one: [] if one.name in (OURS, "NLTK") else ["it"])
    done, failed = run.run(tmp_path, 2, ("words",))
    assert failed == {("words", "NLTK")}
    assert [(turn.contestant, turn.round) for turn in done] == [(OURS, 0), (OURS, 1)]
    assert "NLTK                         failed: no such thing" in capsys.readouterr().err
