"""The photo widget in a notebook: the page that is kept, what is given back, and in Korean."""

from __future__ import annotations

import re
import sys
from collections import deque
from pathlib import Path

import comm

sys.path.insert(0, str(Path(__file__).parent))
from browser_cases import choose, result_of, shown

from thanosql_kernel.catalog.paths import PathFinder
from thanosql_kernel.jupyter import media
from thanosql_kernel.jupyter.display import PAGE_TILES, mime_bundle
from thanosql_kernel.jupyter.media import load_picture
from thanosql_kernel.jupyter.widgets import browser as browser_module
from thanosql_kernel.jupyter.widgets import show
from thanosql_kernel.jupyter.widgets.browser import LARGEST_PX, PictureBrowser
from thanosql_kernel.jupyter.widgets.show import VIEW_MIME, show_browser
from thanosql_kernel.jupyter.widgets.trees import widgets_of
from thanosql_kernel.wording import pictures, set_language


def test_the_first_page_is_kept_beside_the_widget_that_hides_it(session, photos, settled):
    sent = []
    browser = show_browser(result_of(45), session, lambda *message: sent.append(message), folder=photos)
    settled(browser)
    (first, page), (second, widget) = sent
    assert (first, second) == ("display_data", "display_data")
    assert page["data"]["text/plain"] == mime_bundle(result_of(45), folder=photos)["text/plain"]
    assert page["data"]["text/plain"].endswith("20 of 45 pictures")
    assert page["data"]["text/html"].count("<img") == PAGE_TILES
    assert widget["data"][VIEW_MIME]["model_id"] == browser.view.model_id
    (name,) = re.findall(r"thanosql-page-\w+", page["data"]["text/html"])
    assert f".{name}" in browser.style.value
    assert shown(browser) == [f"{n}.png" for n in range(PAGE_TILES)]
    browser.close()


def test_the_kept_page_is_read_once(session, photos, settled, monkeypatch):
    reads = []

    def counted_load(item, *more):
        reads.append(item.path)
        return load_picture(item, *more)

    for module in (media, browser_module):
        monkeypatch.setattr(module, "load_picture", counted_load)
    show_browser(result_of(45), session, lambda *message: None, folder=photos).close()
    assert sorted(reads) == sorted(f"{n}.png" for n in range(PAGE_TILES))


def test_where_no_widgets_are_shown_one_sentence_says_what_to_install(session, photos):
    sent = []
    show_browser(result_of(45), session, lambda *message: sent.append(message), folder=photos).close()
    assert sent[1][1]["data"]["text/plain"] == pictures.INSTALL_WIDGETS(pictures="45 pictures")
    assert "jupyterlab_widgets" in pictures.INSTALL_WIDGETS.en


def test_the_widget_speaks_korean(session, photos, settled):
    set_language("ko")
    browser = PictureBrowser(result_of(45, table="photos"), session, PathFinder.over(photos))
    settled(browser)
    choose(browser, 0)
    browser.tiles[0].enlarge.click()
    browser.search.value = "고양이들"
    browser.storing.store.click()
    settled(browser)
    texts = [
        text
        for part in widgets_of(browser.view)
        for name in ("value", "description", "placeholder", "tooltip")
        if isinstance(text := getattr(part, name, None), str)
    ]
    said = [
        re.sub(r"<style>.*?</style>|<[^>]+>|\S*photos\S*|\w+\.png|\bn:", "", text, flags=re.S)
        for text in texts
    ]
    assert [text for text in said if re.search("[A-Za-z]{3}", text) and not text.startswith(str(photos))] == [
        "a table named  exists already. 바꾸시겠습니까?"
    ]
    browser.close()


def live():
    """Models of all widgets that live in the kernel, by id."""
    from ipywidgets.widgets import widget

    return set(widget._instances)


def known_to_pages():
    """What a page that is loaded asks the kernel about."""
    return set(comm.get_comm_manager().comms)


def test_widgets_give_back_all_that_they_are_made_of(session, photos, settled, monkeypatch):
    monkeypatch.setattr(show, "_alive", deque())
    before, known_before = live(), known_to_pages()
    browsers = [show_browser(result_of(25), session, lambda *message: None, folder=photos) for _ in range(60)]
    settled(browsers[-1])
    alive = live() - before
    assert len(alive) == show.MAX_BROWSERS * len(list(widgets_of(browsers[-1].view)))
    assert len(list(widgets_of(browsers[-1].view))) < 125
    assert known_to_pages() - known_before == alive
    closed = browsers[: -show.MAX_BROWSERS]
    assert all(part.comm is None for browser in closed for part in widgets_of(browser.view))
    for browser in browsers:
        browser.close()
    assert live() == before
    assert known_to_pages() == known_before


def test_a_widget_that_makes_room_leaves_its_page_and_no_output_that_asks_for_it(
    session, photos, monkeypatch
):
    monkeypatch.setattr(show, "MAX_BROWSERS", 1)
    monkeypatch.setattr(show, "_alive", deque())
    outputs = {}

    def publish(kind, content):
        shown = content["transient"]["display_id"]
        assert (kind == "update_display_data") == (shown in outputs)
        outputs[shown] = content["data"]

    show_browser(result_of(2), session, publish, folder=photos)
    second = show_browser(result_of(3), session, publish, folder=photos)
    page, closed, _, widget = outputs.values()
    assert page["text/plain"] == mime_bundle(result_of(2), folder=photos)["text/plain"]
    assert closed == {"text/plain": pictures.CLOSED()}
    assert widget[VIEW_MIME]["model_id"] == second.view.model_id
    second.close()


def test_work_of_a_closed_widget_opens_nothing_anew(session, photos, settled):
    before = live()
    browser = PictureBrowser(result_of(45), session, PathFinder.over(photos))
    browser.close()
    browser.size.value = LARGEST_PX
    browser.forth.click()
    browser.tiles[0].enlarge.click()
    settled(browser)
    assert live() == before
