"""The photo widget in JupyterLab: in Korean, on a page that is loaded again, and without its kernel."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from jupyter_lab import command, keep_screenshot, save, wait_for_kernel
from photo_notebook import PLAIN, browser, look, opened_notebook, wait_for_text, write_notebook

from tests.hunts import only_whole

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lab")
    write_notebook(folder)
    return folder


@pytest.mark.hunt
@only_whole
def test_the_widget_is_korean_where_the_language_is(folder: Path, tmp_path: Path) -> None:
    with opened_notebook(folder, tmp_path, "ko") as page:
        widget = browser(page)
        assert widget.locator(".thanosql-where").inner_text().endswith("(사진 24장)")
        assert widget.locator(".thanosql-count").inner_text() == "사진을 클릭하여 선택하십시오."
        widget.locator(".thanosql-search input").fill("파란색")
        wait_for_text(widget, "thanosql-status", "“파란색” 검색 결과")
        look(page, "korean")
        widget.locator(".thanosql-choose").first.click()
        for _ in range(2):
            widget.locator("button:visible", has_text="저장").click()
            wait_for_text(widget, "thanosql-told", "picked")
        wait_for_text(widget, "thanosql-told", "바꾸시겠습니까?")
        keep_screenshot(page, "korean-asked")
        browser(page, PLAIN)
        keep_screenshot(page, "korean-broken")


# -- without it -------------------------------------------------------------------------------------------------
def test_a_page_loaded_again_has_the_widget_and_one_without_its_kernel_the_kept_page(
    folder: Path, tmp_path: Path
) -> None:
    # JupyterLab complains of a widget that it does not find.
    with opened_notebook(folder, tmp_path, may_complain=True) as page:
        browser(page)
        save(page)
        page.reload()
        wait_for_kernel(page)
        browser(page).locator(".thanosql-tile:visible img").first.wait_for()
        assert not page.locator("[class*=thanosql-page-]").first.is_visible()
        command(page, "kernelmenu:restart")
        page.locator(".jp-Dialog button", has_text="Restart").click()
        wait_for_kernel(page)
        page.reload()
        page.wait_for_selector(".jp-NotebookPanel .jp-CodeCell")
        kept = page.locator("[class*=thanosql-page-]").first
        kept.wait_for()
        assert kept.locator("img").count() == 20
        assert page.locator(".thanosql-browser").count() == 0
