"""The kernel in JupyterLab, in a real browser: run cells, see tables and pictures, accept a completion."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from jupyter_lab import ARTIFACTS, browser_page, running_lab, wait_for_kernel

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder with three pictures and a table of them."""
    from PIL import Image

    folder = tmp_path_factory.mktemp("lab")
    for name, colour in [("빨강", "red"), ("초록", "green"), ("파랑", "blue")]:
        Image.new("RGB", (320, 200), colour).save(folder / f"{name}.png")
    rows = "\n".join(f"{name}.png,<b>{name}</b>" for name in ("빨강", "초록", "파랑"))
    (folder / "photos.csv").write_text(f"image_path,설명\n{rows}\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def lab(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a JupyterLab over that folder."""
    with running_lab(folder, tmp_path_factory.mktemp("home"), THANOSQL_DATABASE=str(folder / "db")) as url:
        yield url


def test_a_notebook_runs_completes_and_shows_pictures(lab: str, tmp_path: Path) -> None:
    with browser_page(tmp_path / "profile") as page:
        page.goto(f"{lab}/lab")
        page.wait_for_selector(".jp-Launcher", timeout=60_000)
        page.locator('.jp-LauncherCard[title^="ThanoSQL"]').first.click()
        page.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=60_000)
        wait_for_kernel(page)

        def run(text: str, number: int) -> None:
            page.locator(".jp-NotebookPanel .jp-CodeCell .cm-content").last.click()
            page.keyboard.insert_text(text)
            page.keyboard.press("Shift+Enter")
            page.wait_for_selector(f'.jp-InputPrompt:has-text("[{number}]:")', timeout=60_000)

        run("COPY photos FROM 'photos.csv'; SELECT * FROM photos", 1)
        table = page.locator(".jp-OutputArea-output table").last
        assert table.inner_text().split()[:3] == ["image_path", "설명", "빨강.png"]
        assert "<b>빨강</b>" in table.inner_text()

        run("CONVERT USING mini AS SELECT * FROM photos", 2)
        run(
            "PRINT IMAGE AS (SEARCH IMAGE text='빨간색' USING mini OPTIONS(top_k=3) AS SELECT * FROM photos)",
            3,
        )
        images = page.locator(".jp-OutputArea-output img")
        assert images.count() == 3
        assert all(width > 50 for width in images.evaluate_all("images => images.map(i => i.naturalWidth)"))

        page.locator(".jp-NotebookPanel .jp-CodeCell .cm-content").last.click()
        page.keyboard.insert_text(
            "SELECT mini_clipmini_sim FROM (SEARCH IMAGE texts=['a', 'b'] USING mini AS FROM photos)"
        )
        page.keyboard.press("Home")
        for _ in "SELECT mini_clipmini_sim":
            page.keyboard.press("ArrowRight")
        page.keyboard.press("Tab")
        page.wait_for_selector(".jp-Completer:not(.lm-mod-hidden) .jp-Completer-item", timeout=20_000)
        offered = page.locator(".jp-Completer-item .jp-Completer-match").all_inner_texts()
        assert offered[:2] == ["mini_clipmini_similarity1", "mini_clipmini_similarity2"]
        page.keyboard.press("Enter")
        written = page.locator(".jp-NotebookPanel .jp-CodeCell .cm-content").last.inner_text()
        assert written.startswith("SELECT mini_clipmini_similarity1 FROM")

        page.screenshot(path=ARTIFACTS / "jupyterlab.png")
        page.keyboard.press("Control+s")
