"""What a person sees in Debian's Chromium: each notebook run in JupyterLab, the explorer, and the report."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
CELL_SECONDS = 300  # a notebook may take so long; it is a limit and no measure
SETTINGS = {
    # All cells are on the page at once, so that all can be looked at; and nothing is asked of the network.
    "@jupyterlab/notebook-extension/tracker.jupyterlab-settings": {"windowingMode": "none"},
    "@jupyterlab/apputils-extension/notification.jupyterlab-settings": {"fetchNews": "false", "checkForUpdates": False},
}


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose notebooks may be written to, beside the results of this one."""
    if not (ROOT / "notebooks" / "executed").is_dir():
        pytest.fail("the pipeline has not been run: say `make repro` first")
    folder = tmp_path_factory.mktemp("project")
    shutil.copytree(ROOT / "notebooks", folder / "notebooks", ignore=shutil.ignore_patterns("executed"))
    for name in ("data", "figures", "metrics", "params.yaml", "seeds"):
        (folder / name).symlink_to(ROOT / name)
    return folder


@pytest.fixture(scope="session")
def lab(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a JupyterLab of its own, whose settings are nobody's."""
    home = tmp_path_factory.mktemp("jupyter")
    for name, content in SETTINGS.items():
        path = home / "settings" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content))
    folders = {
        "JUPYTER_CONFIG_DIR": "config", "JUPYTER_RUNTIME_DIR": "runtime", "IPYTHONDIR": "ipython",
        "JUPYTERLAB_SETTINGS_DIR": "settings", "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
    }  # fmt: skip
    given = {key: str(home / name) for key, name in folders.items()}
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.port=0"]
    command += ["--ServerApp.ip=127.0.0.1", "--IdentityProvider.token=here", "--ServerApp.root_dir", str(project)]
    with (home / "log").open("w") as log:
        server = subprocess.Popen(command, env=os.environ | given, stdout=log, stderr=log, cwd=project)
    try:
        yield _address(home, server)
    finally:
        server.terminate()
        server.wait(30)


def _address(home: Path, server: subprocess.Popen[bytes]) -> str:
    for _ in range(300):
        servers = [json.loads(path.read_text() or "{}") for path in (home / "runtime").glob("jpserver-*.json")]
        if servers and "url" in servers[0]:
            return str(servers[0]["url"])
        if server.poll() is not None:
            break
        time.sleep(0.1)
    pytest.fail(f"JupyterLab did not start: {(home / 'log').read_text()[-2000:]}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.fail("no chromium found: install it (Debian, Ubuntu: apt install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page; what goes wrong in its scripts fails the test."""
    context = browser.new_context(viewport={"width": 1500, "height": 1000})
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    yield page
    context.close()
    assert wrong == []


def run_all(page: Page, lab: str, path: Path) -> None:
    """Open a notebook and run all of it, as a person does."""
    page.goto(f"{lab}lab/tree/notebooks/{path.name}?token=here&reset")
    notebook = page.locator(".jp-NotebookPanel:visible")
    code = sum(cell.cell_type == "code" for cell in nbformat.read(path, as_version=4).cells)
    expect(notebook.locator(".jp-CodeCell")).to_have_count(code, timeout=60_000)
    expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible(timeout=60_000)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    done = "nodes => nodes.every(node => /^\\[\\d+\\]:$/.test(node.textContent.trim()))"
    prompts = notebook.locator(".jp-CodeCell .jp-InputArea-prompt")
    for _ in range(CELL_SECONDS * 2):
        if prompts.evaluate_all(done):
            return
        failed = notebook.locator("[data-mime-type='application/vnd.jupyter.error']")
        assert failed.count() == 0, failed.first.inner_text()
        time.sleep(0.5)
    pytest.fail(f"{path.name} has not ended: {prompts.all_inner_texts()}")


def pictures(path: Path) -> int:
    """Count the pictures that the pipeline's own run of a notebook shows."""
    executed = nbformat.read(path, as_version=4)
    outputs = [output.get("data", {}) for cell in executed.cells for output in cell.get("outputs", ())]
    return sum("image/png" in data or "<img" in str(data.get("text/html", "")) for data in outputs)


def write(folder: Path, name: str, *cells: str) -> Path:
    """Write a notebook of code cells."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    notebook.metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(notebook, folder / "notebooks" / name)
    return folder / "notebooks" / name


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_runs_without_a_failed_cell_and_shows_its_figures(lab: str, page: Page, path: Path) -> None:
    run_all(page, lab, path)
    notebook = page.locator(".jp-NotebookPanel:visible")
    assert notebook.locator("[data-mime-type='application/vnd.jupyter.error']").count() == 0
    shown = notebook.locator(".jp-OutputArea img")
    expected = pictures(ROOT / "notebooks" / "executed" / path.name)
    expect(shown).to_have_count(expected)
    assert shown.evaluate_all("images => images.every(image => image.naturalWidth > 0)")


OPEN = "import corpus_tools as ct\ncorpus = ct.open_corpus()"


def test_the_explorer_finds_lines_and_opens_the_report_of_one(lab: str, page: Page, project: Path) -> None:
    run_all(page, lab, write(project, "explorer.ipynb", f"{OPEN}\nexplorer = corpus.explore('ceasefire*')\nexplorer"))
    explorer = page.locator(".ct-explorer")
    rows = explorer.locator("tbody tr:visible")
    expect(rows).to_have_count(20)
    words = page.get_by_label("words", exact=True)

    words.fill("peace talks")
    words.press("Enter")
    expect(page.get_by_text("corpus.concordance('peace talks')")).to_be_visible()
    expect(rows.first.locator(".ct-match")).to_have_text(re.compile("^peace talks$", re.IGNORECASE))

    page.get_by_label("outlets", exact=True).select_option("Al Jazeera")
    expect(page.get_by_text("outlet=['Al Jazeera']")).to_be_visible()
    expect(rows.filter(has_not_text="Al Jazeera")).to_have_count(0)

    rows.first.click()
    report = explorer.locator(".ct-report")
    expect(report.locator(".ct-text .ct-hit")).to_have_text(re.compile("^peace talks$", re.IGNORECASE))
    expect(report.locator(".ct-text .ct-hit")).to_be_in_viewport()
    expect(report.locator(".ct-legend")).to_contain_text("quotation")

    # The same by the keyboard: the second line, and what JupyterLab makes of Enter elsewhere does not come about.
    before = report.inner_text()
    rows.nth(1).focus()
    page.keyboard.press("Enter")
    expect(rows.nth(1)).to_have_attribute("aria-current", "true")
    expect(report).not_to_have_text(before)

    page.get_by_label("speaker", exact=True).fill("Nobody of this name")
    page.get_by_label("speaker", exact=True).press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("nobody of this name is quoted")


def test_a_table_pages_sorts_and_searches(lab: str, page: Page, project: Path) -> None:
    run_all(page, lab, write(project, "table.ipynb", f"{OPEN}\ncorpus.frequencies()"))
    table = page.locator("ct-table")
    rows = table.locator("tbody tr:visible")
    expect(rows).to_have_count(20)
    expect(table).to_contain_text("1–20 of 500")
    first = rows.first.inner_text()

    table.get_by_role("button", name="next").click()
    expect(table).to_contain_text("21–40 of 500")
    assert rows.first.inner_text() != first

    table.get_by_role("button", name="term").click()
    names = rows.locator("td:first-child").all_inner_texts()
    assert names == sorted(names, key=str.casefold)
    expect(table.get_by_role("columnheader", name="term")).to_have_attribute("aria-sort", "ascending")

    table.get_by_role("searchbox").fill("minister")
    expect(rows.filter(has_not_text="minister")).to_have_count(0)
    assert rows.count() > 0
    # Letters typed there are no commands of JupyterLab, which would make or cut cells.
    table.get_by_role("searchbox").press_sequentially("abdx")
    expect(page.locator(".jp-NotebookPanel:visible .jp-CodeCell")).to_have_count(1)
    expect(table).to_contain_text("nothing found")


@pytest.fixture
def report(page: Page) -> Page:
    """The report, on a machine without a network."""
    path = ROOT / "report" / "report.html"
    if not path.is_file():
        pytest.fail("there is no report: say `make repro` first")
    page.context.set_offline(True)
    page.goto(path.as_uri())
    return page


def test_the_report_shows_its_figures_and_finds_lines(report: Page) -> None:
    images = report.locator("img")
    assert images.count() > 0
    for image in images.all():
        image.scroll_into_view_if_needed()
        expect(image).to_have_js_property("complete", value=True)
        assert image.evaluate("node => node.naturalWidth") > 0
        assert image.get_attribute("alt")

    lines = report.locator(".ct-lines ct-table")
    row = lines.first.locator("tbody tr:visible").first
    word = row.locator(".ct-right").inner_text().split()[0].strip(".,;:\"'")
    report.get_by_label("Search in all lines below").fill(word)
    shown = lines.first.locator("tbody tr:visible")
    expect(shown.filter(has_not_text=re.compile(re.escape(word), re.IGNORECASE))).to_have_count(0)
    assert shown.count() > 0
    report.get_by_label("Search in all lines below").fill("no such line anywhere")
    expect(lines.first).to_contain_text("nothing found")


def test_the_report_can_be_used_by_the_keyboard_alone(report: Page) -> None:
    report.keyboard.press("Tab")
    focused = report.locator(":focus")
    expect(focused).to_be_visible()
    report.keyboard.press("Enter")  # the way past the list of sections
    assert report.evaluate("location.hash").startswith("#")
    head = report.locator("ct-table").first.get_by_role("columnheader").nth(1)
    head.get_by_role("button").focus()
    report.keyboard.press("Enter")
    expect(head).to_have_attribute("aria-sort", re.compile("ascending|descending"))


def test_the_report_fits_a_phone(browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 800}, is_mobile=True, has_touch=True)
    page = context.new_page()
    page.goto((ROOT / "report" / "report.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    small = "nodes => nodes.filter(node => parseFloat(getComputedStyle(node).fontSize) < 11).length"
    assert page.locator("p, td, th, li, figcaption").evaluate_all(small) == 0
    # The buttons that sort are seen, not only reached by the keyboard.
    table = page.locator("ct-table:has(table[aria-label='Outlets'])")
    heads = table.locator("thead button")
    assert (
        heads.evaluate_all("nodes => nodes.filter(node => node.checkVisibility() && node.offsetWidth > 9).length") > 3
    )
    shown = (
        "nodes => nodes.map(node => node.getBoundingClientRect()).filter(box => box.left < 0 || box.right > 390).length"
    )
    assert heads.evaluate_all(shown) == 0
    counts = table.locator("tbody td[data-th='reports']")
    heads.filter(has_text="reports").tap()
    values = [int(text.replace(",", "")) for text in counts.all_inner_texts()]
    assert values == sorted(values, reverse=True)
    context.close()


def test_the_pictures_of_the_readme_show_no_text_of_others(
    lab: str, browser: Browser, page: Page, project: Path, tmp_path: Path
) -> None:
    """`make pictures` keeps what is taken here: only the seed report is in the repository, so only it is shown."""
    folder = Path(os.environ.get("PICTURES", tmp_path))
    run_all(page, lab, write(project, "pictures.ipynb", f"{OPEN}\ncorpus.explore()"))
    explorer = page.locator(".ct-explorer")
    page.get_by_label("outlets", exact=True).select_option("wire report")
    page.get_by_label("words", exact=True).fill("Russian*, civilian*, evacuat*, attack*")
    page.get_by_label("words", exact=True).press("Enter")
    rows = explorer.locator("tbody tr:visible")
    expect(rows.filter(has_not_text="wire report")).to_have_count(0)
    rows.nth(5).click()
    expect(explorer.locator(".ct-text .ct-hit")).to_be_in_viewport()
    page.mouse.move(0, 0)
    whole = page.locator(".jp-OutputArea-output").filter(has=explorer)
    whole.first.screenshot(path=folder / "explorer.png")

    desktop = browser.new_page(viewport={"width": 1000, "height": 800}, device_scale_factor=1.5)
    desktop.goto((ROOT / "report" / "report.html").as_uri())
    expect(desktop.locator("h2").first).to_have_text("The corpus in numbers")
    desktop.screenshot(path=folder / "report.png")
    assert all((folder / f"{name}.png").stat().st_size > 20_000 for name in ("explorer", "report"))
