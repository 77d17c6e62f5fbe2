"""What the tests of the photo widget share: results, a session that records, and what is seen."""

from __future__ import annotations

import re
import threading

import pyarrow as pa

from thanosql_kernel.catalog import Column
from thanosql_kernel.errors import Interrupted, UnknownName
from thanosql_kernel.jupyter.widgets.looks import HIDDEN
from thanosql_kernel.statements.results import Browsing, MediaItem, MediaResult, SearchBox

WAIT_S = 20


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


def shown(browser):
    """Alternative texts of the pictures on the page."""
    pages = [tile.picture.value for tile in browser.tiles if is_seen(tile.view)]
    return [html.split('alt="')[1].split('"')[0] for html in pages]


def is_seen(part):
    return HIDDEN not in part._dom_classes


def words(part):
    """The text of a piece of HTML."""
    return re.sub("<[^>]+>", "", part.value)


def choose(browser, *places):
    for place in places:
        browser.tiles[place].chosen.view.value = True


def chosen(browser):
    return [place for place, tile in enumerate(browser.tiles) if tile.chosen.view.value]
