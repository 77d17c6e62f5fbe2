"""Pictures to browse: pages, size, details on hover, a choice to keep, and a search that follows the typing."""

# ipywidgets is not annotated.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from thanosql_kernel.errors import ThanoSQLError
from thanosql_kernel.jupyter.display import PAGE_TILES
from thanosql_kernel.jupyter.media import LARGEST_SIDE_PX, load_all, load_picture
from thanosql_kernel.jupyter.widgets.choice import Choice
from thanosql_kernel.jupyter.widgets.latest import Latest, Stale
from thanosql_kernel.jupyter.widgets.tiles import TileLooks, TileWidget
from thanosql_kernel.jupyter.widgets.trees import close_tree
from thanosql_kernel.statements.results import MediaResult

if TYPE_CHECKING:
    import pyarrow as pa

    from thanosql_kernel.catalog import Column
    from thanosql_kernel.catalog.paths import PathFinder
    from thanosql_kernel.jupyter.host import BrowsedSession

TYPING_PAUSE_S = 0.25
_LEAST_STORED_PX = 256
_SHOWN_PX = 160


class PictureBrowser:
    """The widget over one result.

    Callbacks come from whatever thread serves comm messages, and return at once: files are read and searches run in
    threads of the widget's own.

    Args:
        result: With `browsing`.
        session: The engine.
        paths: Finds the pictures.

    Attributes:
        view: The widget to display.
    """

    def __init__(self, result: MediaResult, session: BrowsedSession, paths: PathFinder) -> None:
        self._result, self._session, self._paths = result, session, paths
        self._page = 0
        self._stored_px = 0
        self._on_tiles = (result, 0)
        self._choice = Choice()
        #: Tables that are the user's to replace: named in the statement, stored here, or pressed for twice.
        self._replaceable = {result.browsing.table} if result.browsing else set()
        self._changing = threading.RLock()
        self._pages, self._searches, self._stores = Latest(), Latest(TYPING_PAUSE_S), Latest()
        self._build()
        self._show_page()

    # -- looks -----------------------------------------------------------------------------------------------
    def _build(self) -> None:
        import ipywidgets as widgets

        narrow, wide = partial(widgets.Layout, width="40px"), widgets.Layout
        tight = {"description_width": "initial"}
        browsing = self._result.browsing
        self.search = widgets.Text(
            value=browsing.search.text if browsing and browsing.search else "",
            placeholder="type to search",
            description="Search",
            style=tight,
            layout=wide(width="420px", display=None if browsing and browsing.search else "none"),
        )
        self.back = widgets.Button(description="‹", tooltip="previous page", layout=narrow())
        self.forth = widgets.Button(description="›", tooltip="next page", layout=narrow())
        self.where = widgets.Label()
        self.size = widgets.IntSlider(
            value=self._result.size or _SHOWN_PX,
            min=64,
            max=512,
            step=16,
            description="Size",
            readout=False,
            style=tight,
        )
        self.status = widgets.Label()
        self.chosen = widgets.Label()
        self.clear = widgets.Button(description="Clear", tooltip="choose nothing")
        self.name = widgets.Text(
            value=(browsing.table if browsing else None) or "chosen",
            description="Table",
            style=tight,
            tooltip="the chosen rows are stored under this name",
        )
        self.keep = widgets.Button(description="Store", tooltip="store the chosen rows as a table")
        self.paths = widgets.Textarea(layout=wide(width="100%", height="90px"), tooltip="the chosen paths")
        looks = TileLooks()
        self.tiles = [TileWidget(place, self._choose, looks) for place in range(PAGE_TILES)]
        self.grid = widgets.GridBox([tile.view for tile in self.tiles], layout=wide(grid_gap="10px"))
        # Labels cut what does not fit, so a row with a long message goes on in the next line.
        row = partial(widgets.HBox, layout=wide(flex_flow="row wrap"))
        self.view = widgets.VBox(
            [
                row([self.search, self.status]),
                row([self.back, self.where, self.forth, self.size]),
                self.grid,
                row([self.clear, self.name, self.keep, self.chosen]),
                self.paths,
            ]
        )
        # Front ends count the views of a widget that starts to count.
        self.view._view_count = 0
        self._lay_out()
        self._tell_choice()
        self.back.on_click(lambda button: self._turn(-1))
        self.forth.on_click(lambda button: self._turn(1))
        self.clear.on_click(lambda button: self._clear())
        self.keep.on_click(lambda button: self._store())
        self.size.observe(lambda change: self._resize(), "value")
        self.search.observe(lambda change: self._search(str(change["new"])), "value")

    def when_seen(self, work: Callable[[], None]) -> None:
        """Call ``work`` once a front end shows the widget."""

        def seen(change: Any) -> None:
            if change["new"]:
                self.view.unobserve(seen, "_view_count")
                work()

        self.view.observe(seen, "_view_count")

    def close(self) -> None:
        """Let go of the widget and of what it works on."""
        for work in (self._pages, self._searches, self._stores):
            work.stop()
        with self._changing:
            close_tree(self.view)

    def _lay_out(self) -> None:
        side_px = self.size.value
        self.grid.layout.grid_template_columns = f"repeat(auto-fill, minmax({side_px}px, max-content))"
        for tile in self.tiles:
            tile.view.layout.width = f"{side_px}px"

    # -- pages -----------------------------------------------------------------------------------------------
    @property
    def _last_page(self) -> int:
        return max(0, (len(self._result.items) - 1) // PAGE_TILES)

    def _turn(self, pages: int) -> None:
        with self._changing:
            page = min(self._last_page, max(0, self._page + pages))
            if page == self._page:
                return
            self._page = page
            self._show_page()

    def _resize(self) -> None:
        self._lay_out()
        if self.size.value > self._stored_px:
            self._show_page()

    def _show_page(self) -> None:
        """Tell where we are and load the page's pictures."""
        with self._changing:
            total = len(self._result.items)
            more = f" of {self._result.total:,}" if self._result.total > total else ""
            noun = "picture" if total == 1 else "pictures"
            self.where.value = f"{self._page + 1} / {self._last_page + 1}   ({total:,}{more} {noun})"
            self.back.disabled, self.forth.disabled = self._page == 0, self._page == self._last_page
            result, page = self._result, self._page
        self._pages.ask(partial(self._load_page, result, page))

    def _load_page(self, result: MediaResult, page: int, stale: Stale) -> None:
        first = page * PAGE_TILES
        side_px = min(LARGEST_SIDE_PX, max(_LEAST_STORED_PX, self.size.value))
        items = result.items[first : first + PAGE_TILES]
        loaded = list(load_all(lambda item: load_picture(item, self._paths, side_px), items, stale))
        with self._changing:
            if stale():
                return
            self._stored_px, self._on_tiles = side_px, (result, first)
            for place, tile in enumerate(loaded):
                chosen = tile.item.path in self._choice
                self.tiles[place].show(tile, first + place + 1, result, chosen=chosen)
            for empty in self.tiles[len(loaded) :]:
                empty.hide()

    # -- search ----------------------------------------------------------------------------------------------
    def _search(self, text: str) -> None:
        browsing = self._result.browsing
        if browsing is None or browsing.search is None or not text.strip():
            return
        self.status.value = "searching…"
        statement = browsing.search.statement(text)
        self._searches.ask(partial(self._find, statement, text))

    def _find(self, statement: str, text: str, stale: Stale) -> None:
        try:
            found = self._session.glance(statement, cancelled=stale)
        except ThanoSQLError as error:
            if not stale():
                self.status.value = error.message
            return
        with self._changing:
            if stale() or not isinstance(found, MediaResult):
                return
            self._result, self._page = found, 0
            self.status.value = f"shown: {text}"
            self._show_page()

    # -- choice ----------------------------------------------------------------------------------------------
    def _choose(self, place: int, chosen: bool) -> None:
        with self._changing:
            result, first = self._on_tiles
            if first + place >= len(result.items):
                return
            if chosen:
                self._choice.add(result, first + place)
            else:
                self._choice.discard(result.items[first + place].path)
            self._tell_choice()

    def _clear(self) -> None:
        with self._changing:
            self._choice.clear()
            for tile in self.tiles:
                tile.untick()
            self._tell_choice()

    def _tell_choice(self) -> None:
        count = len(self._choice)
        self.chosen.value = f"{count:,} chosen"
        self.clear.disabled = self.keep.disabled = count == 0
        self.paths.value = "\n".join(self._choice.paths)
        self.paths.layout.display = None if count else "none"

    def _store(self) -> None:
        with self._changing:
            browsing, name = self._result.browsing, self.name.value.strip()
            if browsing is None or not len(self._choice) or not name:
                return
            rows = self._choice.table()
        self.chosen.value = "storing…"
        self._stores.ask(partial(self._store_rows, name, rows, browsing.columns))

    def _store_rows(self, name: str, rows: pa.Table, columns: Sequence[Column], stale: Stale) -> None:
        replace = name in self._replaceable
        try:
            count = self._session.store(name, rows, columns, replace=replace, cancelled=stale)
        except ThanoSQLError as error:
            self.chosen.value = self._refusal(error, name)
            return
        self._replaceable.add(name)
        self.chosen.value = f"{count:,} {'row' if count == 1 else 'rows'} stored as table {name}"

    def _refusal(self, error: ThanoSQLError, name: str) -> str:
        """What to say; a table that is there already may be replaced with the next press."""
        if error.code != "TS204":
            return error.message
        self._replaceable.add(name)
        return f"{error.message}: Store again replaces it"
