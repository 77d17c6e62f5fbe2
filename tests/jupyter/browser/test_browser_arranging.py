"""The photo widget sorts by any column, and its slider leaves days out."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pytest
from PIL import Image

sys.path.insert(0, str(Path(__file__).parent))
from browser_cases import choose, is_seen, result_of, shown, words

from thanosql_kernel.catalog import Column
from thanosql_kernel.catalog.paths import PathFinder
from thanosql_kernel.jupyter.widgets.browser import PictureBrowser
from thanosql_kernel.statements.results import Browsing, MediaItem, MediaResult, SearchBox

DAYS = [3, 1, None, 2, 1]
STARS = [5, None, 4, 1, 3]


def dated():
    rows = pa.table(
        {
            "image_path": [f"{n}.png" for n in range(5)],
            "taken_at": pa.array([day and datetime(2024, 5, day, 12) for day in DAYS], pa.timestamp("us")),
            "stars": STARS,
            "vector": [[0.0]] * 5,
        }
    )
    columns = tuple(Column(name, "VARCHAR") for name in rows.column_names)
    items = tuple(MediaItem(path, ()) for path in rows["image_path"].to_pylist())
    browsing = Browsing(rows, columns, None, SearchBox("cat", "SEARCH ", ""), dates="taken_at")
    return MediaResult("image", items, 5, form="widget", browsing=browsing)


@pytest.fixture
def browser(tmp_path, session, settled):
    for number in range(5):
        Image.new("RGB", (8, 6), (50 * number, 0, 0)).save(tmp_path / f"{number}.png")
    opened = PictureBrowser(dated(), session, PathFinder.over(tmp_path))
    settled(opened)
    yield opened
    opened.close()


def order(browser, settled):
    settled(browser)
    return "".join(name[0] for name in shown(browser))


def headings(browser):
    pages = [tile.picture.value for tile in browser.tiles if is_seen(tile.view)]
    return [html.split('thanosql-heading">')[1].split("<")[0] for html in pages if "thanosql-heading" in html]


def test_pictures_are_sorted_by_any_column_that_has_an_order(browser, settled):
    by, direction = browser.arranging.by, browser.arranging.direction
    assert [value for _, value in by.options] == ["", "image_path", "taken_at", "stars"]
    assert (order(browser, settled), is_seen(direction)) == ("01234", False)
    by.value = "stars"
    assert (order(browser, settled), is_seen(direction)) == ("02431", True)
    direction.click()
    assert order(browser, settled) == "34201"
    by.value = ""
    assert order(browser, settled) == "01234"


def test_pictures_sorted_by_their_dates_have_the_days_above_them(browser, settled):
    browser.arranging.by.value = "taken_at"
    assert order(browser, settled) == "03142"
    assert headings(browser) == ["2024-05-03 (Fri)", "2024-05-02 (Thu)", "2024-05-01 (Wed)", "date unknown"]
    browser.arranging.by.value = "stars"
    assert (order(browser, settled), headings(browser)) == ("02431", [])


def test_the_slider_leaves_out_other_days_and_pictures_without_one(browser, settled):
    arranging = browser.arranging
    first = datetime(2024, 5, 1).toordinal()
    assert (arranging.days.min, arranging.days.max) == (first, first + 2)
    assert words(arranging.between) == "2024-05-01 – 2024-05-03"
    arranging.days.value = (first, first + 1)
    assert order(browser, settled) == "134"
    assert words(browser.where) == "3 of 5 pictures"
    arranging.days.value = (first, first + 2)
    assert order(browser, settled) == "01234"


def test_what_is_chosen_is_the_row_that_was_seen(browser, settled):
    browser.arranging.by.value = "stars"
    settled(browser)
    choose(browser, 1)
    browser.arranging.by.value = ""
    assert order(browser, settled) == "01234"
    assert [tile.chosen.view.value for tile in browser.tiles[:5]] == [False, False, True, False, False]
    assert browser._choice.table()["stars"].to_pylist() == [4]


def test_another_search_is_shown_in_the_same_order(browser, session, settled):
    browser.arranging.by.value = "stars"
    session.glance = lambda text, *, cancelled: dated()
    browser.search.value = "dog"
    assert order(browser, settled) == "02431"


def test_there_is_no_slider_where_there_are_no_dates(photos, session, settled):
    browser = PictureBrowser(result_of(3), session, PathFinder.over(photos))
    settled(browser)
    assert not is_seen(browser.arranging.days)
    browser.close()
