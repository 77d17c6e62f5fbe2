"""The widget to browse pictures, driven as a front end would: values are set, buttons clicked."""

from __future__ import annotations

import threading
from collections import deque

import comm
import pyarrow as pa
import pytest
from PIL import Image

from thanosql_kernel.catalog import Column
from thanosql_kernel.catalog.paths import PathFinder
from thanosql_kernel.engine.session import Session
from thanosql_kernel.errors import Interrupted, ParseError, ThanoSQLError, UnknownName
from thanosql_kernel.jupyter.display import PAGE_TILES, mime_bundle
from thanosql_kernel.jupyter.widgets import show
from thanosql_kernel.jupyter.widgets.browser import PictureBrowser
from thanosql_kernel.jupyter.widgets.latest import Latest
from thanosql_kernel.jupyter.widgets.show import VIEW_MIME, show_browser
from thanosql_kernel.jupyter.widgets.trees import widgets_of
from thanosql_kernel.statements.results import Browsing, MediaItem, MediaResult, SearchBox

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
        self.searched, self.stored = [], []
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
        if name == "photos" and not replace:
            raise UnknownName("there is a table photos already", code="TS204")
        self.stored.append((name, rows.to_pylist(), [column.name for column in columns]))
        return rows.num_rows


@pytest.fixture
def session():
    return RecordingSession()


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
    pages = [tile.picture.value for tile in browser.tiles if tile.view.layout.display != "none"]
    return [html.split('alt="')[1].split('"')[0] for html in pages]


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


def test_the_details_are_in_the_title_of_the_picture(browser):
    assert 'title="3.png&#10;n: 3"' in browser.tiles[3].picture.value
    assert browser.tiles[3].box.description == "4"


def test_the_size_slider_changes_the_tiles_and_loads_larger_pictures_only_when_needed(browser, settled):
    loaded = browser.tiles[0].picture.value
    browser.size.value = 192
    assert browser.tiles[0].view.layout.width == "192px"
    assert browser.tiles[0].picture.value == loaded
    browser.size.value = 512
    settled(browser)
    assert browser._stored_px == 512


def test_html_in_paths_is_text(session, photos, settled):
    attack = '"><script>alert(1)</script>'
    result = result_of(1)
    item = MediaItem(attack, ((attack, attack),))
    browser = PictureBrowser(
        MediaResult("image", (item,), 1, browsing=result.browsing), session, PathFinder.over(photos)
    )
    settled(browser)
    assert "<script" not in browser.tiles[0].picture.value
    browser.close()


# -- choice --------------------------------------------------------------------------------------------------
def test_chosen_pictures_are_kept_across_pages_and_their_paths_listed(browser, settled):
    browser.tiles[2].box.value = True
    browser.forth.click()
    settled(browser)
    assert not any(tile.box.value for tile in browser.tiles)
    browser.tiles[0].box.value = True
    assert browser.paths.value == "2.png\n20.png"
    assert browser.chosen.value == "2 chosen"
    browser.back.click()
    settled(browser)
    assert browser.tiles[2].box.value
    browser.tiles[2].box.value = False
    assert browser.paths.value == "20.png"
    browser.clear.click()
    assert (browser.paths.value, browser.keep.disabled) == ("", True)


def test_the_chosen_rows_are_stored_with_all_their_columns(browser, session, settled):
    browser.tiles[5].box.value = True
    browser.tiles[1].box.value = True
    browser.name.value = "고른 것"
    browser.keep.click()
    settled(browser)
    rows = [{"image_path": "5.png", "n": 5}, {"image_path": "1.png", "n": 1}]
    assert session.stored == [("고른 것", rows, ["image_path", "n"])]
    assert browser.chosen.value == "2 rows stored as table 고른 것"


def test_another_table_is_replaced_only_when_store_is_pressed_again(browser, session, settled):
    browser.tiles[0].box.value = True
    browser.name.value = "photos"
    browser.keep.click()
    settled(browser)
    assert session.stored == []
    assert browser.chosen.value == "there is a table photos already: Store again replaces it"
    browser.keep.click()
    settled(browser)
    assert [name for name, *_ in session.stored] == ["photos"]


def test_a_table_that_the_statement_names_is_replaced_at_once(session, photos, settled):
    browser = PictureBrowser(result_of(1, table="photos"), session, PathFinder.over(photos))
    settled(browser)
    browser.tiles[0].box.value = True
    browser.keep.click()
    settled(browser)
    assert browser.chosen.value == "1 row stored as table photos"
    browser.close()


def test_the_statement_names_the_table(session, photos):
    browser = PictureBrowser(result_of(1, table="mine"), session, PathFinder.over(photos))
    assert browser.name.value == "mine"
    browser.close()


# -- search --------------------------------------------------------------------------------------------------
def test_typing_searches_for_the_last_text_only(browser, session, settled):
    for text in ("c", "ca", "it's"):
        browser.search.value = text
    settled(browser)
    assert session.searched == ["SEARCH 'it''s' …"]
    assert browser.status.value == "shown: it's"


def test_an_answer_that_comes_after_the_next_letter_is_dropped(browser, session, settled):
    session.may_answer.clear()
    browser.search.value = "ab"
    assert session.asked.wait(WAIT_S)
    browser.search.value = "abc"
    session.may_answer.set()
    settled(browser)
    assert session.searched == ["SEARCH 'ab' …", "SEARCH 'abc' …"]
    assert shown(browser) == ["0.png", "1.png", "2.png"]


def test_an_error_of_a_search_is_one_line_and_the_pictures_stay(browser, settled):
    browser.search.value = "?"
    settled(browser)
    assert browser.status.value == "no such thing"
    assert len(shown(browser)) == PAGE_TILES


def test_an_empty_search_box_searches_nothing(browser, session, settled):
    browser.search.value = "  "
    settled(browser)
    assert session.searched == []


def test_without_a_search_there_is_no_search_box(session, photos):
    result = result_of(1)
    plain = Browsing(result.browsing.rows, result.browsing.columns)
    browser = PictureBrowser(
        MediaResult("image", result.items, 1, browsing=plain), session, PathFinder.over(photos)
    )
    assert browser.search.layout.display == "none"
    browser.close()


def test_work_that_waits_is_dropped_for_newer_work():
    done, latest = [], Latest(pause_s=30)
    first = latest.ask(lambda stale: done.append("first"))
    latest.stop()
    first.join(WAIT_S)
    assert not first.is_alive()
    assert done == []


# -- what the notebook gets ----------------------------------------------------------------------------------
def test_the_first_page_stands_in_the_notebook_beside_the_widget(session, photos, settled):
    sent = []
    browser = show_browser(result_of(45), session, lambda *message: sent.append(message), folder=photos)
    settled(browser)
    (first, page), (second, widget) = sent
    assert (first, second) == ("display_data", "display_data")
    assert page["data"] == mime_bundle(result_of(45), folder=photos)
    assert page["data"]["text/plain"].endswith("20 of 45 pictures")
    assert page["data"]["text/html"].count("<img") == PAGE_TILES
    assert widget["data"][VIEW_MIME]["model_id"] == browser.view.model_id
    browser.view._view_count = 1
    kind, strip = sent[2]
    assert kind == "update_display_data"
    assert strip["transient"] == page["transient"]
    assert strip["data"]["text/html"].count("<img") == PAGE_TILES
    assert len(strip["data"]["text/html"]) < len(page["data"]["text/html"])
    browser.view._view_count = 2
    assert len(sent) == 3


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
    assert len(list(widgets_of(browsers[-1].view))) < 130
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

    first = show_browser(result_of(2), session, publish, folder=photos)
    first.view._view_count = 1
    second = show_browser(result_of(3), session, publish, folder=photos)
    page, closed, _, widget = outputs.values()
    assert page == mime_bundle(result_of(2), folder=photos)
    assert closed == {"text/plain": show._CLOSED}
    assert widget[VIEW_MIME]["model_id"] == second.view.model_id
    second.close()


def test_work_of_a_closed_widget_opens_nothing_anew(session, photos, settled):
    before = live()
    browser = PictureBrowser(result_of(45), session, PathFinder.over(photos))
    browser.close()
    browser.size.value = 512
    browser.forth.click()
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
