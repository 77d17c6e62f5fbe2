"""A working session in JupyterLab: help, a widget, the stop button, and what is left of it for other readers."""

from __future__ import annotations

import io
import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

sys.path.insert(0, str(Path(__file__).parent))
from jupyter_lab import (
    ARTIFACTS,
    assert_pictures_are_seen,
    browser_page,
    command,
    running_lab,
    save,
    wait_for_kernel,
    wait_for_number,
)

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

NOTEBOOK = "세션.ipynb"
COLOURS = "red green blue teal orange purple yellow black white brown gray pink".split()
CELLS = [
    "COPY photos FROM 'photos.csv'; SELECT * FROM photos",
    "CONVERT USING mini AS SELECT * FROM photos",
    "PRINT IMAGE AS (SEARCH IMAGE text='빨간색' USING mini OPTIONS(top_k=3) AS SELECT * FROM photos)",
    "PRINT IMAGE OPTIONS(format='sheet') AS SELECT image_path FROM photos LIMIT 4",
    "PRINT IMAGE OPTIONS(format='widget') AS SELECT * FROM photos",
    "COPY large FROM 'large'",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """36 small pictures in a csv, 300 that take long to decode, and an empty notebook."""
    folder = tmp_path_factory.mktemp("lab")
    (folder / "photos").mkdir()
    paths = []
    for number in range(36):
        path = f"photos/{COLOURS[number % 12]}{number:02}.png"
        Image.new("RGB", (200 + number, 150), COLOURS[number % 12]).save(folder / path)
        paths.append(path)
    (folder / "photos.csv").write_text("\n".join(["image_path", *paths]) + "\n", encoding="utf-8")
    (folder / "large").mkdir()
    buffer = io.BytesIO()
    Image.new("RGB", (6000, 4000), "teal").save(buffer, "PNG")
    for number in range(300):  # what follows a PNG's end is not decoded, but makes it another file
        (folder / "large" / f"{number}.png").write_bytes(buffer.getvalue() + str(number).encode())
    kernelspec = {"name": "thanosql", "display_name": "ThanoSQL", "language": "thanosql"}
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernelspec}, "cells": []}
    for number, source in enumerate(CELLS):
        cell = {"cell_type": "code", "id": f"c{number}", "metadata": {}, "source": source}
        notebook["cells"].append(cell | {"outputs": [], "execution_count": None})  # type: ignore[attr-defined]
    (folder / NOTEBOOK).write_text(json.dumps(notebook), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def lab(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_lab(folder, tmp_path_factory.mktemp("home"), THANOSQL_DATABASE=str(folder / "db")) as url:
        yield url


@contextmanager
def looking(page: Page, name: str) -> Iterator[None]:
    """A picture of the page is kept, whatever happens."""
    try:
        yield
    finally:
        page.screenshot(path=ARTIFACTS / f"{name}.png")


def open_notebook(page: Page, lab: str) -> None:
    page.goto(f"{lab}/lab/tree/{NOTEBOOK}")
    page.wait_for_selector(".jp-NotebookPanel .jp-CodeCell")


def test_a_session_is_run_paged_stopped_saved_and_reloaded(lab: str, folder: Path, tmp_path: Path) -> None:
    with browser_page(tmp_path / "profile") as page, looking(page, "jupyterlab-session"):
        open_notebook(page, lab)
        wait_for_kernel(page)
        command(page, "notebook:run-all-cells")
        wait_for_number(page, len(CELLS))
        save(page)  # for the tests below, whatever happens to this one

        command(page, "notebook:insert-cell-below")
        show_help_of_mini(page)
        page_while_converting(page, number=len(CELLS) + 1)
        save(page)
        page.reload()
        page.wait_for_selector(".jp-NotebookPanel .jp-OutputArea-output table")
        assert_pictures_are_seen(page, 3 + 1)
    saved = json.loads((folder / NOTEBOOK).read_text(encoding="utf-8"))
    assert all(cell["outputs"] for cell in saved["cells"][: len(CELLS)])


def show_help_of_mini(page: Page) -> None:
    """Shift-Tab on a model shows its page."""
    page.locator(".jp-CodeCell .cm-content").last.click()
    page.keyboard.insert_text("CONVERT USING mini")
    page.keyboard.press("Shift+Tab")
    page.wait_for_selector(".jp-Tooltip:has-text('mini')")  # it is drawn empty and filled later
    page.keyboard.press("Escape")


def page_while_converting(page: Page, number: int) -> None:
    """The next page of the widget comes while a CONVERT runs; the stop button ends it; the next cell runs."""
    page.locator(".jp-CodeCell .cm-content").last.click()
    page.keyboard.insert_text(" AS SELECT * FROM large")
    page.keyboard.press("Shift+Enter")
    page.wait_for_selector('.jp-InputPrompt:text-is("[*]:")')
    page.locator('button[title="next page"]').click()
    page.wait_for_function(
        "document.querySelectorAll('.thanosql-tile')[0].textContent.trim().startsWith('21')"
    )
    assert page.locator('.jp-InputPrompt:text-is("[*]:")').count() == 1
    page.locator(
        'jp-button[data-command="notebook:interrupt-kernel"], [data-command="notebook:interrupt-kernel"]'
    ).first.click()
    wait_for_number(page, number)
    page.wait_for_selector(".jp-OutputArea-output:has-text('interrupted')")
    page.locator(".jp-CodeCell .cm-content").last.click()
    page.keyboard.insert_text("SELECT 40 + 2 AS answer")
    page.keyboard.press("Shift+Enter")
    wait_for_number(page, number + 1)
    assert "42" in page.locator(".jp-OutputArea-output table").last.inner_text()


def test_a_reader_who_trusts_nothing_sees_tables_and_pictures(lab: str, folder: Path, tmp_path: Path) -> None:
    elsewhere, home = tmp_path / "elsewhere", tmp_path / "home"
    elsewhere.mkdir()
    home.mkdir()
    shutil.copy(folder / NOTEBOOK, elsewhere)
    with (
        running_lab(elsewhere, home) as url,
        browser_page(tmp_path / "profile") as page,
        looking(page, "jupyterlab-untrusted"),
    ):
        open_notebook(page, url)
        page.wait_for_selector(".jp-NotebookPanel .jp-OutputArea-output table")
        assert_pictures_are_seen(page, 3 + 1 + 20)
        assert page.locator(".jp-OutputArea-output table").count() >= 2
        wait_for_kernel(page)  # a server that is stopped while it starts a kernel waits for it


@pytest.mark.parametrize("sanitize", [False, True], ids=["as-it-is", "sanitized"])
def test_an_html_export_shows_tables_and_pictures(
    lab: str, folder: Path, tmp_path: Path, sanitize: bool
) -> None:
    from nbconvert import HTMLExporter

    page_file = tmp_path / "export.html"
    body, _ = HTMLExporter(sanitize_html=sanitize).from_filename(str(folder / NOTEBOOK))
    page_file.write_text(body, encoding="utf-8")
    # What nbconvert has on its page asks for libraries that are not there.
    with browser_page(tmp_path / "profile", may_complain=True) as page:
        page.context.set_offline(True)
        page.goto(page_file.as_uri(), wait_until="domcontentloaded")
        widths = page.evaluate("[...document.querySelectorAll('img')].map(image => image.naturalWidth)")
        assert page.locator("table").count() >= 2
        assert "image_path" in page.locator("table").first.inner_text()
        assert len(widths) >= (1 if sanitize else 3 + 1 + 20)
        assert all(width > 20 for width in widths), widths
        page.screenshot(path=ARTIFACTS / f"export-{'sanitized' if sanitize else 'plain'}.png")
