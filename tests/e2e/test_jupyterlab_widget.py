"""The photo widget in JupyterLab, as a user drives it; it leaves pictures of itself in test-artifacts/."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from jupyter_lab import keep_screenshot, use_theme, window
from photo_notebook import PLAIN, browser, look, opened_notebook, wait_for_text, write_notebook

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

LOOKS = [
    ("light", "JupyterLab Light", (1400, 1000), 100),
    ("dark", "JupyterLab Dark", (1400, 1000), 100),
    ("zoomed", "JupyterLab Light", (1400, 1000), 125),
    ("narrow", "JupyterLab Light", (560, 900), 100),
    ("wide-dark", "JupyterLab Dark", (2200, 1100), 125),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lab")
    write_notebook(folder)
    return folder


@pytest.fixture(scope="module")
def page(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with opened_notebook(folder, tmp_path_factory.mktemp("home")) as page:
        yield page


#: The names below the pictures of the first widget that are seen.
NAMES = (
    "[...document.querySelector('.thanosql-browser').querySelectorAll('.thanosql-tile:not(.thanosql-hidden) "
    ".thanosql-name')].map(name => name.textContent).join()"
)


# -- the widget is one thing ------------------------------------------------------------------------------------
def test_the_kept_page_is_not_seen_where_the_widget_is(page: Page) -> None:
    widget = browser(page)
    kept = page.locator("[class*=thanosql-page-]").first
    assert kept.locator("img").count() == 20
    assert not kept.is_visible()
    assert widget.locator(".thanosql-tile:visible img").count() == 20


def test_pictures_of_a_row_are_equally_high_and_their_captions_on_one_line(page: Page) -> None:
    boxes = (
        browser(page)
        .locator(".thanosql-tile:visible .thanosql-photo")
        .evaluate_all(
            "photos => photos.map(photo => { const box = photo.getBoundingClientRect();"
            " const caption = photo.parentElement.querySelector('.thanosql-caption').getBoundingClientRect();"
            " return [box.top, box.height, box.width, caption.top, caption.width] })"
        )
    )
    rows = {round(top): [box for box in boxes if round(box[0]) == round(top)] for top, *_ in boxes}
    assert max(len(row) for row in rows.values()) > 1
    for row in rows.values():
        assert max(box[1] for box in row) - min(box[1] for box in row) < 1
        assert max(box[3] for box in row) - min(box[3] for box in row) < 1
    assert all(width == pytest.approx(caption, abs=1) and width > 99 for _, _, width, _, caption in boxes)


def test_a_click_on_the_picture_chooses_it_with_a_frame(page: Page) -> None:
    widget = browser(page)
    photo, frame = widget.locator(".thanosql-photo").nth(1), widget.locator(".thanosql-choose").nth(1)
    assert frame.bounding_box() == pytest.approx(photo.bounding_box(), abs=1)
    plain = frame.evaluate("frame => getComputedStyle(frame).boxShadow")
    frame.click()
    wait_for_text(widget, "thanosql-count", "1 chosen")
    page.mouse.move(0, 0)
    assert frame.evaluate("frame => getComputedStyle(frame).boxShadow") != plain
    frame.click()
    wait_for_text(widget, "thanosql-count", "Click a picture to choose it.")


def test_typing_searches_and_an_emptied_box_brings_the_rows_back(page: Page) -> None:
    widget = browser(page)
    before = page.evaluate(NAMES)
    box = widget.locator(".thanosql-search input")
    box.fill("blue")
    wait_for_text(widget, "thanosql-status", "Results for “blue”")
    page.wait_for_function(f"before => {NAMES} !== before", arg=before)
    box.fill("")
    page.wait_for_function(f"before => {NAMES} === before", arg=before)
    widget.locator(".thanosql-status", has_text="Results").wait_for(state="detached")
    box.fill("red")


def test_store_asks_before_it_replaces_and_tells_the_next_step(page: Page) -> None:
    widget = browser(page)
    store = widget.locator("button:visible", has_text="Store")
    widget.locator(".thanosql-choose").nth(0).click()
    widget.locator(".thanosql-choose").nth(2).click()
    wait_for_text(widget, "thanosql-count", "2 chosen")
    store.click()
    wait_for_text(widget, "thanosql-told", "2 rows stored as table picked. Next: EXPORT picked TO 'folder/'")
    keep_screenshot(page, "stored")
    store.click()
    wait_for_text(widget, "thanosql-told", "Replace it?")
    keep_screenshot(page, "asked")
    widget.locator("button", has_text="Keep it").click()
    widget.locator(".thanosql-told", has_text="Replace").wait_for(state="detached")
    store.click()
    widget.locator("button:visible", has_text="Replace").click()
    wait_for_text(widget, "thanosql-told", "2 rows stored as table picked")
    widget.locator("button:visible", has_text="Clear").click()
    wait_for_text(widget, "thanosql-count", "Click a picture to choose it.")


def test_a_broken_photo_says_so_and_why(page: Page) -> None:
    widget = browser(page, PLAIN)
    tiles = widget.locator(".thanosql-tile:visible")
    assert tiles.nth(0).locator(".thanosql-broken b").inner_text() == "cannot be read"
    assert tiles.nth(1).locator(".thanosql-broken").inner_text().split("\n") == ["cannot be read", "missing"]
    assert tiles.nth(2).locator("img").count() == 1
    keep_screenshot(page, "broken")


# -- one picture ------------------------------------------------------------------------------------------------
def title(page: Page) -> str:
    return page.locator(".thanosql-open .thanosql-title span").inner_text()


def wait_for_title(page: Page, text: str) -> None:
    page.locator(f'.thanosql-open .thanosql-title span:text-is("{text}")').wait_for()


def test_a_photo_opens_large_and_left_and_right_go_through_all_of_them(page: Page, folder: Path) -> None:
    widget = browser(page)
    widget.locator(".thanosql-tile", has_text="노을 00").locator(".thanosql-enlarge").click()
    large = page.locator(".thanosql-open .thanosql-zoom img")
    large.wait_for()
    assert large.evaluate("image => image.naturalWidth") >= 1600
    assert large.evaluate("image => image.clientWidth") > 600
    where = int(title(page).split(" / ")[0])

    path = page.locator(".thanosql-open code")
    path.click()
    assert page.evaluate("String(getSelection())") == str(folder / "사진/노을 00.jpg")

    page.locator(".thanosql-forth").first.click()
    wait_for_title(page, f"{where + 1} / 24")
    page.keyboard.press("Space")
    wait_for_title(page, f"{where + 2} / 24")
    page.keyboard.press("Tab")  # to the slider, which hears the arrow keys
    page.keyboard.press("ArrowRight")
    wait_for_title(page, f"{where + 3} / 24")
    page.keyboard.press("ArrowLeft")
    wait_for_title(page, f"{where + 2} / 24")
    page.locator(".thanosql-back").first.click()
    wait_for_title(page, f"{where + 1} / 24")
    page.locator(".thanosql-leave").first.click()
    page.locator(".thanosql-open").wait_for(state="detached")


def test_a_click_shows_a_large_photo_in_its_own_size(page: Page) -> None:
    browser(page).locator(".thanosql-tile", has_text="노을 00").locator(".thanosql-enlarge").click()
    large = page.locator(".thanosql-open .thanosql-zoom img")
    large.wait_for()
    fitting, whole = large.evaluate("image => [image.clientWidth, image.naturalWidth]")
    assert fitting < whole
    large.click()
    assert large.evaluate("image => image.clientWidth") == whole
    page.locator(".thanosql-zoom").first.click(position={"x": 300, "y": 300})
    assert large.evaluate("image => image.clientWidth") == fitting
    page.locator(".thanosql-leave").first.click()
    page.locator(".thanosql-open").wait_for(state="detached")


def test_a_photo_is_chosen_in_the_large_view(page: Page) -> None:
    widget = browser(page)
    widget.locator(".thanosql-enlarge").nth(2).click()
    page.locator(".thanosql-open .thanosql-pick").click()
    page.locator(".thanosql-open .thanosql-pick.mod-active").wait_for()
    page.locator(".thanosql-leave").first.click()
    widget.locator(".thanosql-tile").nth(2).locator(".thanosql-choose.mod-active").wait_for()
    widget.locator("button:visible", has_text="Clear").click()
    widget.locator(".thanosql-choose.mod-active").first.wait_for(state="detached")


# -- looks ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("name", "theme", "size", "percent"), LOOKS, ids=[name for name, *_ in LOOKS])
def test_the_widget_fits_its_window(
    page: Page, name: str, theme: str, size: tuple[int, int], percent: int
) -> None:
    use_theme(page, theme)
    with window(page, *size, percent):
        look(page, name)
