"""The widget to browse pictures, driven as a front end would: values are set, buttons clicked."""

from __future__ import annotations

import base64
import re
import threading
from collections import deque
from dataclasses import replace
from io import BytesIO

import comm
import pyarrow as pa
import pytest
from PIL import Image

from thanosql_kernel.catalog import Column
from thanosql_kernel.catalog.paths import PathFinder
from thanosql_kernel.engine.session import Session
from thanosql_kernel.errors import Interrupted, ParseError, ThanoSQLError, UnknownName
from thanosql_kernel.images.decode import UnreadableImage
from thanosql_kernel.images.thumbnail import thumbnail
from thanosql_kernel.jupyter import media
from thanosql_kernel.jupyter.display import PAGE_TILES, mime_bundle
from thanosql_kernel.jupyter.grid import rank_html
from thanosql_kernel.jupyter.media import load_picture
from thanosql_kernel.jupyter.widgets import browser as browser_module
from thanosql_kernel.jupyter.widgets import lightbox, show
from thanosql_kernel.jupyter.widgets.browser import LARGEST_PX, SHOWN_PX, PictureBrowser
from thanosql_kernel.jupyter.widgets.latest import Latest
from thanosql_kernel.jupyter.widgets.looks import HIDDEN
from thanosql_kernel.jupyter.widgets.show import VIEW_MIME, show_browser
from thanosql_kernel.jupyter.widgets.trees import widgets_of
from thanosql_kernel.statements.results import Browsing, MediaItem, MediaResult, SearchBox
from thanosql_kernel.wording import pictures, set_language

WAIT_S = 20


@pytest.fixture
def photos(tmp_path):
    for number in range(50):
        Image.new("RGB", (64, 48), (5 * number, 0, 0)).save(tmp_path / f"{number}.png")
    return tmp_path


def result_of(count, text="고양이", table=None):
    rows = pa.table({"image_path": [f"{n}.png" for n in range(count)], "n": list(range(count))})
    columns = (Column("image_path", "VARCHAR"), Column("n", "BIGINT"))
    items = tuple(MediaItem(f"{n}.png", (("n", str(n)),)) for n in range(count))
    search = SearchBox(text, "SEARCH ", " …")
    return MediaResult("image", items, count, form="widget", browsing=Browsing(rows, columns, table, search))


class RecordingSession:
    """Answers searches with as many pictures as the text has letters, once it may."""

    def __init__(self):
        self.searched, self.stored, self.tables = [], [], {"photos"}
        self.may_answer = threading.Event()
        self.may_answer.set()
        self.asked = threading.Event()

    def glance(self, text, *, cancelled):
        self.searched.append(text)
        self.asked.set()
        assert self.may_answer.wait(WAIT_S)
        if cancelled():
            raise Interrupted
        if "?" in text:
            raise UnknownName("no such thing")
        return result_of(len(text.split("'")[1]), text.split("'")[1])

    def store(self, name, rows, columns, *, replace, cancelled):
        if name.casefold() in self.tables and not replace:
            raise UnknownName(f"a table named {name} exists already", code="TS204")
        self.tables.add(name.casefold())
        self.stored.append((name, rows.to_pylist(), [column.name for column in columns]))
        return rows.num_rows


@pytest.fixture
def session():
    return RecordingSession()


@pytest.fixture(autouse=True)
def english():
    set_language("en")
    yield
    set_language("en")


@pytest.fixture
def browser(photos, session, settled):
    opened = PictureBrowser(result_of(45), session, PathFinder.over(photos))
    settled(opened)
    yield opened
    opened.close()


@pytest.fixture
def settled():
    """Waits until a browser has done what it was asked for."""

    def wait(browser):
        while threads := [thread for thread in threading.enumerate() if thread.name.startswith("latest")]:
            for thread in threads:
                thread.join(WAIT_S)
                assert not thread.is_alive()

    return wait


def shown(browser):
    """Alternative texts of the pictures on the page."""
    pages = [tile.picture.value for tile in browser.tiles if is_seen(tile.view)]
    return [html.split('alt="')[1].split('"')[0] for html in pages]


def is_seen(part):
    return HIDDEN not in part._dom_classes


def words(part):
    """The text of a piece of HTML."""
    return re.sub("<[^>]+>", "", part.value)


# -- pages ---------------------------------------------------------------------------------------------------
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
    result = replace(result_of(1), items=(item,), similarities=("s",))
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


def test_pictures_are_equally_high_and_as_wide_as_their_shape(session, photos, settled):
    Image.new("RGB", (40, 60)).save(photos / "1.png")
    browser = PictureBrowser(result_of(2), session, PathFinder.over(photos))
    settled(browser)
    browser.size.value = 300
    tiles = re.findall(r"--ratio:([\d.]+);flex:([\d.]+) 1 ([\d.]+)px", browser.style.value)
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


# -- choice --------------------------------------------------------------------------------------------------
def choose(browser, *places):
    for place in places:
        browser.tiles[place].chosen.view.value = True


def chosen(browser):
    return [place for place, tile in enumerate(browser.tiles) if tile.chosen.view.value]


def test_chosen_pictures_are_kept_across_pages_and_counted(browser, settled):
    choose(browser, 2)
    browser.forth.click()
    settled(browser)
    assert chosen(browser) == []
    choose(browser, 0)
    assert words(browser.storing.count) == "2 chosen"
    browser.back.click()
    settled(browser)
    assert chosen(browser) == [2]
    browser.tiles[2].chosen.view.value = False
    assert words(browser.storing.count) == "1 chosen"


def test_clear_chooses_nothing_and_then_there_is_nothing_to_store(browser):
    choose(browser, 1, 4)
    assert all(map(is_seen, (browser.storing.clear, browser.storing.store)))
    browser.storing.clear.click()
    assert chosen(browser) == []
    assert words(browser.storing.count) == pictures.CLICK_TO_CHOOSE()
    assert not any(map(is_seen, (browser.storing.clear, browser.storing.store)))


def test_the_chosen_rows_are_stored_with_all_their_columns_and_the_next_step_is_told(
    browser, session, settled
):
    choose(browser, 5, 1)
    store(browser, "고른 것", settled)
    rows = [{"image_path": "5.png", "n": 5}, {"image_path": "1.png", "n": 1}]
    assert session.stored == [("고른 것", rows, ["image_path", "n"])]
    assert words(browser.storing.told) == (
        "2 rows stored as table 고른 것. Next: EXPORT &quot;고른 것&quot; TO &#x27;folder/&#x27;"
    )


def store(browser, name, settled):
    browser.storing.name.value = name
    browser.storing.store.click()
    settled(browser)


def asks(browser):
    return all(map(is_seen, (browser.storing.replace, browser.storing.keep)))


def test_a_table_that_is_there_is_replaced_only_when_the_user_says_so(browser, session, settled):
    choose(browser, 0)
    store(browser, "photos", settled)
    store(browser, "photos", settled)
    assert session.stored == []
    assert asks(browser)
    assert words(browser.storing.told) == "a table named photos exists already. Replace it?"
    browser.storing.replace.click()
    settled(browser)
    assert [name for name, *_ in session.stored] == ["photos"]
    assert not asks(browser)


def test_a_table_that_is_to_stay_stays(browser, session, settled):
    choose(browser, 0)
    store(browser, "photos", settled)
    browser.storing.keep.click()
    assert not asks(browser)
    store(browser, "photos", settled)
    assert (session.stored, asks(browser)) == ([], True)
    browser.storing.name.value = "others"
    assert not asks(browser)


def test_a_table_that_the_statement_names_is_not_replaced_unasked(session, photos, settled):
    browser = PictureBrowser(result_of(1, table="photos"), session, PathFinder.over(photos))
    settled(browser)
    choose(browser, 0)
    browser.storing.store.click()
    settled(browser)
    assert (session.stored, asks(browser)) == ([], True)
    browser.close()


def test_a_table_stored_before_is_asked_about_once(browser, session, settled):
    choose(browser, 0)
    store(browser, "picked", settled)
    store(browser, "picked", settled)
    assert (len(session.stored), asks(browser)) == (1, True)
    browser.storing.replace.click()
    settled(browser)
    store(browser, "Picked", settled)
    assert (len(session.stored), asks(browser)) == (3, False)


def test_a_table_needs_a_name(browser, session, settled):
    choose(browser, 0)
    browser.storing.name.value = " "
    assert browser.storing.store.disabled
    browser.storing.name.value = "picked"
    assert not browser.storing.store.disabled


def test_the_statement_names_the_table(session, photos):
    browser = PictureBrowser(result_of(1, table="mine"), session, PathFinder.over(photos))
    assert browser.storing.name.value == "mine"
    browser.close()


# -- one picture, large ----------------------------------------------------------------------------------------
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


# -- what the notebook gets ----------------------------------------------------------------------------------
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


# -- with the engine -----------------------------------------------------------------------------------------
@pytest.fixture
def engine(tmp_path):
    opened = Session(tmp_path / "db", working_folder=tmp_path)
    yield opened
    opened.close()


def run(session, text):
    results = []
    session.run(text, emit=results.append)
    return results[-1]


SEARCH = (
    "-- a comment\nSELECT 1; PRINT IMAGE OPTIONS(format='widget', limit=7) INTO 고른것 AS SELECT * FROM "
    "(SEARCH IMAGE text='빨간 사과' USING mini AS SELECT * FROM photos) WHERE image_path <> ';'"
)


def test_the_words_of_a_search_are_found_in_the_statement(engine):
    from thanosql_kernel.statements.cell import parse_cell
    from thanosql_kernel.statements.print_media import find_search_box

    box = find_search_box(parse_cell(SEARCH)[1])
    assert box.text == "빨간 사과"
    assert box.before.startswith("PRINT IMAGE")
    assert parse_cell(box.statement("it's"))[0].query.nested[0].statement.search_inputs()[0].value == "it's"


@pytest.mark.parametrize(
    "search",
    [
        "SEARCH IMAGE image='a.jpg' USING mini AS SELECT * FROM photos",
        "SEARCH IMAGE texts=['a', 'b'] USING mini AS SELECT * FROM photos",
        "SEARCH IMAGE text='a' USING mini OPTIONS(table_name='t') AS SELECT * FROM photos",
        "SEARCH IMAGE text='a' USING mini AS (CONVERT USING mini OPTIONS(table_name='v') AS SELECT * FROM t)",
        "SEARCH IMAGE text='a' USING mini AS SELECT * FROM _",
        "SEARCH IMAGE text='a' USING mini AS SELECT * FROM photos WHERE n IN (SELECT n FROM _3)",
    ],
)
def test_other_searches_have_no_box(search):
    from thanosql_kernel.statements.cell import parse_cell
    from thanosql_kernel.statements.print_media import find_search_box

    assert find_search_box(parse_cell(f"PRINT IMAGE AS ({search})")[0]) is None


def test_a_widget_browses_more_rows_than_a_grid_shows(engine):
    result = run(
        engine, "PRINT IMAGE OPTIONS(format='widget') AS SELECT range || '.png' AS image_path FROM range(300)"
    )
    assert len(result.items) == result.browsing.rows.num_rows == 300


def test_stored_rows_are_a_table_and_glances_leave_nothing_behind(engine):
    run(engine, "CREATE TABLE t AS SELECT 'a.png' AS image_path, [1.0, 2.0]::FLOAT[2] AS v")
    kept = run(engine, "SELECT 5 AS five")
    result = engine.glance("PRINT IMAGE OPTIONS(format='widget') AS SELECT * FROM t")
    assert engine.store("고른 것", result.browsing.rows, result.browsing.columns, replace=False) == 1
    assert run(engine, 'SELECT * FROM "고른 것"').rows.to_pylist() == [
        {"image_path": "a.png", "v": [1.0, 2.0]}
    ]
    assert run(engine, "SELECT 5 AS five").rows == kept.rows


def test_rows_that_must_not_replace_a_table_leave_it_alone(engine):
    run(engine, "CREATE TABLE 사진 AS SELECT 'a.png' AS image_path, 1 AS n")
    result = engine.glance("PRINT IMAGE OPTIONS(format='widget') AS SELECT image_path FROM 사진")
    with pytest.raises(ThanoSQLError) as caught:
        engine.store("사진", result.browsing.rows, result.browsing.columns, replace=False)
    assert caught.value.code == "TS204"
    assert run(engine, "SELECT * FROM 사진").rows.column_names == ["image_path", "n"]


def test_a_glance_needs_no_turn(engine):
    run(engine, "CREATE TABLE t AS SELECT 'a.png' AS image_path")
    found = []
    with engine._turn_taken(lambda: False):
        thread = threading.Thread(
            target=lambda: found.append(engine.glance("PRINT IMAGE AS SELECT * FROM t").total)
        )
        thread.start()
        thread.join(WAIT_S)
    assert found == [1]


def test_a_bug_in_a_glance_is_logged_and_told_in_a_line(engine, monkeypatch):
    monkeypatch.setattr("thanosql_kernel.engine.session.parse_statement", lambda text: 1 / 0)
    with pytest.raises(ThanoSQLError) as caught:
        engine.glance("PRINT IMAGE AS SELECT 1")
    assert caught.value.code == "TS900"


def test_into_needs_the_widget(engine):
    with pytest.raises(ParseError, match="INTO stores what is chosen in a widget"):
        run(engine, "PRINT IMAGE INTO t AS SELECT 'a.png' AS image_path")
