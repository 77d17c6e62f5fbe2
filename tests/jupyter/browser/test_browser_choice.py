"""The photo widget: what is chosen, and the table that it becomes."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from browser_cases import choose, chosen, is_seen, result_of, words

from thanosql_kernel.catalog.paths import PathFinder
from thanosql_kernel.jupyter.widgets.browser import PictureBrowser
from thanosql_kernel.wording import pictures


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
