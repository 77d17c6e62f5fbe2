"""The photo widget, driven as a front end would: its pages, tiles, sizes and search."""

from __future__ import annotations

import re
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

sys.path.insert(0, str(Path(__file__).parent))
from browser_cases import WAIT_S, is_seen, result_of, shown, words

from thanosql_kernel.catalog.paths import PathFinder
from thanosql_kernel.images.decode import UnreadableImage
from thanosql_kernel.images.thumbnail import thumbnail
from thanosql_kernel.jupyter.display import PAGE_TILES
from thanosql_kernel.jupyter.grid import rank_html
from thanosql_kernel.jupyter.media import load_picture
from thanosql_kernel.jupyter.widgets import browser as browser_module
from thanosql_kernel.jupyter.widgets.browser import LARGEST_PX, SHOWN_PX, PictureBrowser
from thanosql_kernel.jupyter.widgets.latest import Latest
from thanosql_kernel.jupyter.widgets.trees import widgets_of
from thanosql_kernel.models.spec import UNKNOWN_SCALE
from thanosql_kernel.statements.results import Browsing, MediaItem, MediaResult
from thanosql_kernel.wording import pictures


def test_the_first_page_is_there_and_buttons_turn_it(browser, settled):
    assert shown(browser) == [f"{n}.png" for n in range(PAGE_TILES)]
    assert browser.where.value.startswith("1 / 3 ")
    assert (browser.back.disabled, browser.forth.disabled) == (True, False)
    browser.forth.click()
    browser.forth.click()
    settled(browser)
    assert shown(browser) == [f"{n}.png" for n in range(40, 45)]
    assert (browser.back.disabled, browser.forth.disabled) == (False, True)
    browser.forth.click()
    browser.back.click()
    settled(browser)
    assert shown(browser)[0] == "20.png"


def test_a_result_of_one_page_has_nothing_to_turn(session, photos, settled):
    browser = PictureBrowser(result_of(3), session, PathFinder.over(photos))
    settled(browser)
    assert words(browser.where) == "3 pictures"
    assert not any(map(is_seen, (browser.back, browser.forth)))
    browser.close()


def test_a_tile_has_rank_similarity_name_folder_and_the_other_columns(session, photos, settled):
    (photos / "여행" / "여름").mkdir(parents=True)
    (photos / "0.png").rename(photos / "여행/여름/바다.png")
    item = MediaItem("여행/여름/바다.png", (("s", "0.2731"), ("설명", "파도")))
    result = replace(result_of(1), items=(item,), similarities={"s": UNKNOWN_SCALE})
    browser = PictureBrowser(result, session, PathFinder.over(photos))
    settled(browser)
    html = browser.tiles[0].picture.value
    assert rank_html(item, 1, result) in html
    assert '<div class="thanosql-name">바다.png</div>' in html
    assert '<div class="thanosql-folder"><bdi>여행/여름</bdi></div>' in html
    assert "설명: 파도" in words(browser.tiles[0].picture)
    assert browser.tiles[0].chosen.view.tooltip == "여행/여름/바다.png\ns: 0.2731\n설명: 파도"
    browser.close()


def test_a_picture_that_cannot_be_read_says_so_and_why(session, photos, settled):
    (photos / "0.png").write_bytes(b"no picture at all")
    browser = PictureBrowser(result_of(2), session, PathFinder.over(photos))
    settled(browser)
    with pytest.raises(UnreadableImage) as caught:
        thumbnail(photos / "0.png")
    broken = f"<b>{pictures.UNREADABLE}</b><span>{caught.value.reason}</span>"
    assert broken in browser.tiles[0].picture.value
    assert broken not in browser.tiles[1].picture.value
    browser.close()


def test_a_picture_that_is_cut_short_says_what_is_missing(session, photos, settled):
    Image.effect_noise((96, 64), 90).save(photos / "0.png", "JPEG")
    whole = (photos / "0.png").read_bytes()
    (photos / "0.png").write_bytes(whole[:-2])
    browser = PictureBrowser(result_of(2), session, PathFinder.over(photos))
    settled(browser)
    assert "cut short: its end is missing" in words(browser.tiles[0].picture)
    assert "<img" in browser.tiles[0].picture.value
    assert "cut short" not in words(browser.tiles[1].picture)
    browser.close()


def test_pictures_are_equally_high_and_as_wide_as_their_shape(session, photos, settled):
    Image.new("RGB", (40, 60)).save(photos / "1.png")
    browser = PictureBrowser(result_of(2), session, PathFinder.over(photos))
    settled(browser)
    browser.size.value = 300
    tiles = re.findall(r"--ratio:([\d.]+);flex:([\d.]+) 1 ([\d.]+)px;", browser.style.value)
    assert [tuple(map(float, tile)) for tile in tiles] == [(1.333, 1.333, 399.9), (0.667, 0.667, 200.1)]
    browser.close()


def test_the_size_slider_loads_larger_pictures_only_when_needed(browser, settled):
    loaded, stored_px = browser.tiles[0].picture.value, browser._stored_px
    browser.size.value = SHOWN_PX + 20
    settled(browser)
    assert (browser._stored_px, browser.tiles[0].picture.value) == (stored_px, loaded)
    browser.size.value = LARGEST_PX
    settled(browser)
    assert browser._stored_px > stored_px


def test_html_in_paths_is_text(session, photos, settled):
    attack = '"><script>alert(1)</script>'
    result = result_of(1)
    item = MediaItem(attack, ((attack, attack),))
    browser = PictureBrowser(
        MediaResult("image", (item,), 1, browsing=result.browsing), session, PathFinder.over(photos)
    )
    settled(browser)
    browser.search.value = "?" + attack
    browser.tiles[0].chosen.view.value = True
    browser.storing.name.value = attack
    browser.storing.store.click()
    browser.tiles[0].enlarge.click()
    settled(browser)
    html = [part.value for part in widgets_of(browser.view) if part._model_name == "HTMLModel"]
    assert any("alert(1)" in value for value in html)
    assert not any("<script" in value for value in html)
    browser.close()


# -- search --------------------------------------------------------------------------------------------------
def test_typing_searches_for_the_last_text_only(browser, session, settled):
    for text in ("c", "ca", "it's"):
        browser.search.value = text
    settled(browser)
    assert session.searched == ["SEARCH 'it''s' …"]
    assert words(browser.status) == "Results for “it&#x27;s”"


def test_an_answer_that_comes_after_the_next_letter_is_dropped(browser, session, settled):
    session.may_answer.clear()
    browser.search.value = "ab"
    assert session.asked.wait(WAIT_S)
    browser.search.value = "abc"
    session.may_answer.set()
    settled(browser)
    assert session.searched == ["SEARCH 'ab' …", "SEARCH 'abc' …"]
    assert shown(browser) == ["0.png", "1.png", "2.png"]


def test_what_is_shown_is_told_when_it_is_shown(browser, settled, monkeypatch):
    may_read = threading.Event()

    def slow(*given):
        assert may_read.wait(WAIT_S)
        return load_picture(*given)

    monkeypatch.setattr(browser_module, "load_picture", slow)
    browser.search.value = "abc"
    for thread in [thread for thread in threading.enumerate() if thread.name.startswith("latest")]:
        thread.join(WAIT_S)  # the search, not the page that it asks for
    assert words(browser.status) == "searching…"
    browser.size.value = LARGEST_PX
    may_read.set()
    settled(browser)
    assert words(browser.status) == "Results for “abc”"


def test_an_error_of_a_search_is_one_line_and_the_pictures_stay(browser, settled):
    browser.search.value = "?"
    settled(browser)
    assert words(browser.status) == "no such thing"
    assert len(shown(browser)) == PAGE_TILES


def test_an_emptied_search_box_brings_the_first_rows_back(browser, session, settled):
    browser.search.value = "abc"
    settled(browser)
    assert len(shown(browser)) == 3
    browser.search.value = " "
    settled(browser)
    assert shown(browser) == [f"{n}.png" for n in range(PAGE_TILES)]
    assert words(browser.status) == ""
    assert len(session.searched) == 1


def test_what_is_searched_for_is_dropped_when_the_box_is_emptied(browser, session, settled):
    session.may_answer.clear()
    browser.search.value = "ab"
    assert session.asked.wait(WAIT_S)
    browser.search.value = ""
    session.may_answer.set()
    settled(browser)
    assert len(shown(browser)) == PAGE_TILES


def test_without_a_search_there_is_no_search_box(session, photos):
    result = result_of(1)
    plain = Browsing(result.browsing.rows, result.browsing.columns)
    browser = PictureBrowser(
        MediaResult("image", result.items, 1, browsing=plain), session, PathFinder.over(photos)
    )
    assert not is_seen(browser.search)
    browser.close()


def test_work_that_waits_is_dropped_for_newer_work():
    done, latest = [], Latest(pause_s=30)
    first = latest.ask(lambda stale: done.append("first"))
    latest.stop()
    first.join(WAIT_S)
    assert not first.is_alive()
    assert done == []
