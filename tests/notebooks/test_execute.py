from __future__ import annotations

import nbformat
import pytest
from planted import ROOT, write_notebook

from corpus_tools.errors import InputError
from corpus_tools.notebooks.execute import check_stripped, run_notebook, strip

SOURCES = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.stem)
def test_the_sources_are_stripped_and_have_text(path):
    cells = check_stripped(path).cells
    prose = [c for c in cells if c.cell_type == "markdown"]
    assert prose[0].source.startswith("# ")
    assert len(prose) * 3 >= len(cells)
    assert not any("def " in c.source or "class " in c.source for c in cells if c.cell_type == "code")
    ids = [c.id for c in cells]
    assert len(set(ids)) == len(ids)


@pytest.mark.slow
def test_two_runs_give_the_same_bytes_and_leave_the_source(tmp_path):
    path = write_notebook(tmp_path / "a.ipynb", "import time\nprint('fixed')", "{'a': 1}")
    before = path.read_bytes()
    first, second = run_notebook(path, tmp_path, 60), run_notebook(path, tmp_path, 60)
    assert first == second
    assert path.read_bytes() == before
    assert "fixed" in first[0]
    assert "fixed" in first[1]


@pytest.mark.slow
def test_a_failing_cell_is_named(tmp_path):
    path = write_notebook(tmp_path / "a.ipynb", "1 + 1", "1 / 0")
    with pytest.raises(InputError, match=r"a\.ipynb, cell 2: ZeroDivisionError"):
        run_notebook(path, tmp_path, 60)


@pytest.mark.slow
def test_a_cell_that_runs_too_long_is_stopped(tmp_path):
    path = write_notebook(tmp_path / "a.ipynb", "import time\ntime.sleep(30)")
    with pytest.raises(InputError, match="longer than 1 s"):
        run_notebook(path, tmp_path, 1)


def test_outputs_in_a_source_are_refused_and_can_be_cleared(tmp_path):
    path = write_notebook(tmp_path / "a.ipynb", "1 + 1")
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].execution_count = 3
    notebook.cells[0].metadata["collapsed"] = True
    nbformat.write(notebook, path)
    with pytest.raises(InputError, match="has outputs"):
        run_notebook(path, tmp_path, 60)
    strip(path)
    cleared = check_stripped(path)
    assert cleared.cells[0].metadata == {}
    assert cleared.cells[0].id == "c0"


def test_another_file_is_refused(tmp_path):
    (tmp_path / "a.ipynb").write_text("no json")
    with pytest.raises(InputError, match="not a notebook"):
        run_notebook(tmp_path / "a.ipynb", tmp_path, 60)
