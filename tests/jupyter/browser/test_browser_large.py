"""The photo widget: one picture, large."""

from __future__ import annotations

import base64
import re
import sys
import threading
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

sys.path.insert(0, str(Path(__file__).parent))
from browser_cases import WAIT_S, choose, chosen, result_of, words

from thanosql_kernel.catalog.paths import PathFinder
from thanosql_kernel.jupyter.display import PAGE_TILES
from thanosql_kernel.jupyter.media import load_picture
from thanosql_kernel.jupyter.widgets import lightbox
from thanosql_kernel.jupyter.widgets.browser import PictureBrowser
from thanosql_kernel.wording import pictures


@pytest.fixture
def large(photos, session, settled):
    """A browser of three pictures, each larger than any screen."""
    for number in range(3):
        Image.new("RGB", (3000, 2000), (90 * number, 0, 0)).save(photos / f"{number}.png")
    opened = PictureBrowser(result_of(3), session, PathFinder.over(photos))
    settled(opened)
    yield opened
    opened.close()


def large_picture(browser):
    """The picture on the stage."""
    source = re.search(r"base64,([^\"]+)", browser.lightbox.picture.value)
    return Image.open(BytesIO(base64.b64decode(source[1]))).convert("RGB")


def test_a_picture_opens_large_with_its_whole_path_and_columns(large, photos, settled):
    assert not large.lightbox.is_open
    large.tiles[1].enlarge.click()
    settled(large)
    assert max(large_picture(large).size) >= 1600
    assert large_picture(large).getpixel((5, 5))[0] == pytest.approx(90, abs=3)
    assert words(large.lightbox.facts) == f"{photos / '1.png'}n: 1"
    assert words(large.lightbox.title) == "1.png 2 / 3"
    assert "thanosql-open" in large.lightbox.view._dom_classes


def test_a_small_picture_is_shown_as_it_is(browser, settled):
    browser.tiles[1].enlarge.click()
    settled(browser)
    assert large_picture(browser).size == (64, 48)


def test_left_and_right_go_through_all_pictures_of_all_pages(browser, settled):
    browser.tiles[PAGE_TILES - 1].enlarge.click()
    browser.lightbox.forth.click()
    settled(browser)
    assert words(browser.lightbox.title) == f"{PAGE_TILES}.png {PAGE_TILES + 1} / 45"
    browser.lightbox.place.value = 45
    settled(browser)
    assert words(browser.lightbox.title) == "44.png 45 / 45"
    assert (browser.lightbox.back.disabled, browser.lightbox.forth.disabled) == (False, True)
    browser.lightbox.forth.click()
    browser.lightbox.back.click()
    settled(browser)
    assert words(browser.lightbox.title) == "43.png 44 / 45"
    assert browser.lightbox.place.value == 44


def test_the_small_picture_stands_in_until_the_large_one_is_there(large, settled, monkeypatch):
    may_read = threading.Event()

    def slow(*given):
        assert may_read.wait(WAIT_S)
        return load_picture(*given)

    monkeypatch.setattr(lightbox, "load_picture", slow)
    large.tiles[0].enlarge.click()
    assert max(large_picture(large).size) < 1600
    may_read.set()
    settled(large)
    assert max(large_picture(large).size) >= 1600


def test_the_neighbours_of_a_large_picture_are_read_before_they_are_asked_for(large, settled, monkeypatch):
    large.tiles[1].enlarge.click()
    settled(large)
    monkeypatch.setattr(lightbox, "load_picture", lambda *given: pytest.fail("read again"))
    large.lightbox.forth.click()
    assert large_picture(large).getpixel((5, 5))[0] == pytest.approx(180, abs=3)
    large.lightbox.back.click()
    large.lightbox.back.click()
    assert large_picture(large).getpixel((5, 5))[0] == pytest.approx(0, abs=3)


def test_a_closed_picture_leaves_nothing_for_a_page_that_is_loaded_to_ask_for(large, settled):
    large.tiles[1].enlarge.click()
    settled(large)
    large.lightbox.leave.click()
    assert "thanosql-open" not in large.lightbox.view._dom_classes
    assert not large.lightbox.is_open
    assert (large.lightbox.picture.value, large.lightbox._large) == ("", {})


def test_a_picture_is_chosen_in_its_tile_and_in_the_large_view(large, settled):
    choose(large, 0)
    large.tiles[0].enlarge.click()
    assert large.lightbox.chosen.view.value
    large.lightbox.forth.click()
    assert not large.lightbox.chosen.view.value
    large.lightbox.chosen.view.value = True
    assert chosen(large) == [0, 1]
    assert words(large.storing.count) == "2 chosen"


def test_a_missing_picture_is_told_of_in_the_large_view_too(large, photos, settled):
    (photos / "1.png").unlink()
    large.tiles[1].enlarge.click()
    settled(large)
    assert str(pictures.UNREADABLE) in words(large.lightbox.picture)
