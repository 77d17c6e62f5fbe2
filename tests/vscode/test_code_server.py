"""The packed extension in code-server, VS Code in a browser: what people see in notebooks, files and on its page.

code-server comes from npm: ``npm i code-server@4.100.3 --ignore-scripts`` with Node.js 20, then in
``node_modules/code-server`` and its ``lib/vscode``, ``npm install --ignore-scripts --omit=dev`` and a rebuild of the
native modules @vscode/spdlog, native-watchdog, node-pty and @parcel/watcher (``node-gyp rebuild --nodedir=/usr``
where Node.js has brought its headers) and argon2 (``node-pre-gyp rebuild --build-from-source --nodedir=/usr``).
THANOSQL_CODE_SERVER names that folder.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "e2e"))
from jupyter_lab import ARTIFACTS, CHROMIUM, browser_page, free_port, wait_until_it_answers

import thanosql_kernel

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

CODE_SERVER = os.environ.get("THANOSQL_CODE_SERVER") or shutil.which("code-server")
pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(600),
    pytest.mark.skipif(
        CODE_SERVER is None,
        reason="no code-server on this machine: the top of this file says how to get it, THANOSQL_CODE_SERVER where it is",
    ),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: make programs"),
]

EXTENSION = Path(__file__).parents[2] / "lsp" / "vscode"
#: Notebooks by name: the model, the table and the wishes in them.
NOTEBOOKS = {
    "search.ipynb": ("내모델", "사진", "'고양이 😀', 'a dog'"),
    "cats.ipynb": ("my_clip", "pictures", "'a black cat', 'a dog'"),
}
#: A file that somebody is writing, with one slip.
SHEET = """\
CONVERT USING mini AS SELECT * FROM photos;
CREATE TABLE cats AS
    SELECT image_path, mini_clipmini_similarity1
    FROM (SEARCH IMAGE text='a black cat' USING minni AS SELECT * FROM photos)
    ORDER BY mini_clipmini_similarity1 DESC;
PRINT IMAGE AS SELECT * FROM cats LIMIT 5;
"""
NOTEBOOK_SIZE = {"width": 1040, "height": 680}
FILE_SIZE = {"width": 1040, "height": 330}
#: Command and arguments: code-server is a script of Node.js or a program.
COMMAND = ["node", CODE_SERVER] if Path(CODE_SERVER or "").is_dir() else [CODE_SERVER]
LINE = ".editor-instance .view-line"
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
        "workbench.activityBar.location": "hidden",
        "editor.minimap.enabled": False,
        "extensions.ignoreRecommendations": True,
        "workbench.tips.enabled": False,
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
    for name, parts in NOTEBOOKS.items():
        nbformat.write(notebook(*parts), folder / name)
    (folder / "first.thanosql").write_text("LIST MODEL", encoding="utf-8")
    (folder / "cats.thanosql").write_text(SHEET, encoding="utf-8")
    with thanosql_kernel.connect(folder / ".thanosql", progress=False) as db:
        db.sql("CREATE TABLE photos AS SELECT 'cat.jpg' AS image_path, DATE '2024-05-01' AS taken")
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


def notebook(model: str, table: str, wishes: str) -> nbformat.NotebookNode:
    """A search of pictures that nothing has been run of, without its columns."""
    texts = (
        f"GET THANOSQL MODEL clip AS {model}",
        f"CONVERT USING {model} OPTIONS(table_name='{table}') AS SELECT * FROM photos",
        f"SELECT  FROM (SEARCH IMAGE texts=[{wishes}] USING {model} AS SELECT * FROM {table})",
    )
    kernel = {"name": "thanosql", "display_name": "ThanoSQL", "language": "thanosql"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "thanosql"}}
    cells = [nbformat.v4.new_code_cell(text) for text in texts]
    return nbformat.v4.new_notebook(cells=cells, metadata=metadata)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_vs_code_completes_the_similarity_column_before_anything_has_run(
    name: str, url: str, tmp_path: Path
) -> None:
    model, _, wishes = NOTEBOOKS[name]
    with browser_page(tmp_path / "profile", may_complain=True) as page:
        open_notebook(page, url, name)
        line = page.locator(NOTEBOOK_LINE, has_text="SEARCH")
        line.filter(has_text="similarity1").wait_for()  # the server's hint at its end: it has started
        line.click()
        page.keyboard.press("Home")
        for _ in "SELECT ":
            page.keyboard.press("ArrowRight")
        offered = completions(page)
        columns = [f"{model}_clipen_similarity{number}" for number in (1, 2)]
        assert [one for one in offered if one.startswith(f"{model}_clipen_")] == columns
        page.screenshot(path=ARTIFACTS / f"vscode-{Path(name).stem}.png")

        for _ in range(offered.index(columns[1])):
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.locator(".suggest-widget.visible").wait_for(state="detached")
        written = re.sub(r"\s", " ", line.inner_text())
        assert written.startswith(f"SELECT {columns[1]} FROM (SEARCH IMAGE texts=[{wishes[:5]}")
        page.locator(".notebookOverlay .squiggly-error").wait_for(state="detached")


def test_vs_code_colours_tells_and_mends_a_file(url: str, tmp_path: Path) -> None:
    with browser_page(tmp_path / "profile", may_complain=True) as page:
        open_sheet(page, url)
        colours = {
            word: page.locator(LINE)
            .get_by_text(word, exact=True)
            .first.evaluate("e => getComputedStyle(e).color")
            for word in ("CONVERT", "'a black cat'", "text")
        }
        assert len(set(colours.values())) == 3, colours

        page.locator(".squiggly-warning").first.wait_for()
        wrong = page.locator(LINE).get_by_text("minni", exact=True)
        told = hover_until(page, wrong, "no model named minni")
        told.wait_for()
        page.screenshot(path=ARTIFACTS / "vscode-file.png")

        told.get_by_text("Quick Fix").click()
        page.locator(".action-widget .focused", has_text="write mini").wait_for()
        page.keyboard.press("Enter")
        page.locator(".squiggly-warning").first.wait_for(state="detached")
        assert "USING mini AS" in re.sub(r"\s", " ", page.locator(LINE, has_text="black cat").inner_text())


def test_vs_code_hovers_and_renames_in_a_file(url: str, tmp_path: Path) -> None:
    with browser_page(tmp_path / "profile", may_complain=True) as page:
        open_sheet(page, url)
        word = page.locator(LINE, has_text="CREATE TABLE").get_by_text("cats", exact=True)
        hover_until(page, word, "image_path").wait_for()

        word.click()
        page.keyboard.press("F2")
        page.locator(".rename-box input").fill("고양이")
        page.keyboard.press("Enter")
        page.locator(LINE, has_text="PRINT IMAGE").get_by_text("고양이", exact=True).wait_for()
        assert page.locator(LINE).get_by_text("cats", exact=True).count() == 0


def test_the_page_of_the_extension_shows_its_icon_and_its_pictures(url: str, tmp_path: Path) -> None:
    with browser_page(tmp_path / "profile", may_complain=True) as page:
        page.goto(url)
        page.get_by_role("treeitem", name="first.thanosql").wait_for()
        page.keyboard.press("Control+Shift+X")
        page.locator(".extension-list-item", has_text="ThanoSQL").first.click()
        icon = page.locator(".extension-editor img[class*=icon]").first
        icon.wait_for()
        assert icon.evaluate("async icon => (await icon.decode(), icon.naturalWidth)") == 256
        shown = page.frame_locator(".webview").frame_locator("#active-frame").locator("img")
        shown.first.wait_for()
        widths = shown.evaluate_all("images => images.map(image => image.naturalWidth)")
        assert len(widths) >= 2
        assert min(widths) > 600
        page.screenshot(path=ARTIFACTS / "vscode-extension.png")


def hover_until(page: Page, word: Locator, text: str) -> Locator:
    """What VS Code shows above a word; while it lays the page out, a pointer that rests there does not count."""
    from playwright.sync_api import TimeoutError as TookTooLong

    shown = page.locator(".monaco-hover:visible", has_text=text)
    for _ in range(6):
        page.mouse.move(0, 0)
        word.hover()
        with suppress(TookTooLong):
            shown.wait_for(timeout=5_000)
            break
    return shown


def open_sheet(page: Page, url: str) -> None:
    """Open the file, wait until the server has read it, and show little else."""
    page.set_viewport_size(FILE_SIZE)
    page.goto(url)
    page.get_by_role("treeitem", name="cats.thanosql").dblclick()
    page.locator(".squiggly-warning").first.wait_for()
    page.keyboard.press("Control+b")
    page.get_by_role("treeitem", name="cats.thanosql").wait_for(state="hidden")


def open_notebook(page: Page, url: str, name: str) -> None:
    """Open a notebook once VS Code knows its extensions' languages: before, it would open as JSON."""
    page.set_viewport_size(NOTEBOOK_SIZE)
    page.goto(url)
    page.get_by_role("treeitem", name="first.thanosql").dblclick()
    page.locator(".statusbar-item", has_text="ThanoSQL").first.wait_for()
    page.get_by_role("treeitem", name=name).dblclick()
    page.keyboard.press("Control+b")
    page.get_by_role("treeitem", name=name).wait_for(state="hidden")


def completions(page: Page) -> list[str]:
    """The labels in the list that Ctrl+Space shows."""
    rows = page.locator(".suggest-widget.visible .monaco-list-row")
    page.keyboard.press("Control+Space")
    rows.first.wait_for()
    return [str(row.get_attribute("aria-label")).partition(",")[0] for row in rows.all()]
