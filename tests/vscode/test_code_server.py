"""The packed extension in code-server, VS Code in a browser: what a notebook is offered before anything has run."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "e2e"))
from jupyter_lab import ARTIFACTS, CHROMIUM, browser_page, free_port, wait_until_it_answers

if TYPE_CHECKING:
    from playwright.sync_api import Page

CODE_SERVER = os.environ.get("THANOSQL_CODE_SERVER") or shutil.which("code-server")
pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(600),
    pytest.mark.skipif(CODE_SERVER is None, reason="code-server is neither here nor in THANOSQL_CODE_SERVER"),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: make programs"),
]

EXTENSION = Path(__file__).parents[2] / "lsp" / "vscode"
MODEL = "내모델"
SEARCH = f"FROM (SEARCH IMAGE texts=['고양이 😀', 'a dog'] USING {MODEL} AS SELECT * FROM 사진)"
CELLS = (
    f"GET THANOSQL MODEL clip AS {MODEL}",
    f"CONVERT USING {MODEL} OPTIONS(table_name='사진') AS SELECT * FROM photos",
    f"SELECT  {SEARCH}",
)
#: Command and arguments: code-server is a script of Node.js or a program.
COMMAND = ["node", CODE_SERVER] if Path(CODE_SERVER or "").is_dir() else [CODE_SERVER]
NOTEBOOK_LINE = ".notebookOverlay .view-line"


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Arguments that give code-server the extension and settings of its own."""
    home = tmp_path_factory.mktemp("code-server")
    packages = sorted((EXTENSION / "dist").glob("thanosql-*.vsix"))
    if not packages:
        pytest.skip("the extension is not packed: make vscode")
    settings = {
        "thanosql.server.python": sys.executable,
        "security.workspace.trust.enabled": False,
        "workbench.startupEditor": "none",
        "telemetry.telemetryLevel": "off",
    }
    (home / "data" / "User").mkdir(parents=True)
    (home / "data" / "User" / "settings.json").write_text(json.dumps(settings))
    (home / "config.yaml").write_text("auth: none\n")
    arguments = [f"--user-data-dir={home / 'data'}", f"--extensions-dir={home / 'extensions'}"]
    arguments += [f"--config={home / 'config.yaml'}", "--disable-telemetry", "--disable-update-check"]
    installing = [*COMMAND, *arguments, f"--install-extension={packages[-1]}"]
    subprocess.run(installing, check=True, stdout=subprocess.DEVNULL, timeout=300)
    return arguments


@pytest.fixture(scope="module")
def url(settled: list[str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of VS Code over a folder with a notebook."""
    folder = tmp_path_factory.mktemp("notebooks")
    kernel = {"name": "thanosql", "display_name": "ThanoSQL", "language": "thanosql"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "thanosql"}}
    cells = [nbformat.v4.new_code_cell(text) for text in CELLS]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), folder / "search.ipynb")
    (folder / "first.thanosql").write_text("LIST MODEL", encoding="utf-8")
    port = free_port()
    command = [*COMMAND, *settled, "--auth=none", f"--bind-addr=127.0.0.1:{port}", str(folder)]
    with (folder.parent / "code-server.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        try:
            wait_until_it_answers(f"http://127.0.0.1:{port}/healthz", process)
            yield f"http://127.0.0.1:{port}/?folder={folder}"
        finally:
            process.terminate()
            process.wait(timeout=30)


def test_vs_code_completes_the_similarity_column_before_anything_has_run(url: str, tmp_path: Path) -> None:
    with browser_page(tmp_path / "profile", may_complain=True) as page:
        open_notebook(page, url)
        line = page.locator(NOTEBOOK_LINE, has_text="SEARCH")
        line.filter(has_text="similarity1").wait_for()  # the server's hint at its end: it has started
        line.click()
        page.keyboard.press("Home")
        for _ in "SELECT ":
            page.keyboard.press("ArrowRight")
        offered = completions(page)
        columns = [f"{MODEL}_clipen_similarity{number}" for number in (1, 2)]
        assert [one for one in offered if one.startswith(f"{MODEL}_clipen_")] == columns
        page.screenshot(path=ARTIFACTS / "vscode.png")

        for _ in range(offered.index(columns[1])):
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.locator(".suggest-widget.visible").wait_for(state="detached")
        written = re.sub(r"\s", " ", line.inner_text())
        assert written.startswith(f"SELECT {columns[1]} FROM (SEARCH IMAGE texts=['고양이 ")
        page.locator(".notebookOverlay .squiggly-error").wait_for(state="detached")


def open_notebook(page: Page, url: str) -> None:
    """Open the notebook once VS Code knows its extensions' languages: before, it would open as JSON."""
    page.goto(url)
    page.get_by_role("treeitem", name="first.thanosql").dblclick()
    page.locator(".statusbar-item", has_text="ThanoSQL").first.wait_for()
    page.get_by_role("treeitem", name="search.ipynb").dblclick()


def completions(page: Page) -> list[str]:
    """The labels in the list that Ctrl+Space shows."""
    rows = page.locator(".suggest-widget.visible .monaco-list-row")
    page.keyboard.press("Control+Space")
    rows.first.wait_for()
    return [str(row.get_attribute("aria-label")).partition(",")[0] for row in rows.all()]
