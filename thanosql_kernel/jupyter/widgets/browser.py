"""Pictures to browse: pages, sizes, a choice to keep, a search that follows the typing, and each picture large."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Sequence
from functools import partial
from html import escape
from typing import TYPE_CHECKING

from thanosql_kernel.errors import ThanoSQLError
from thanosql_kernel.jupyter.display import PAGE_TILES
from thanosql_kernel.jupyter.grid import count_text, usual_similarities
from thanosql_kernel.jupyter.media import PAGE_STORED_PX, Tile, load_all, load_picture
from thanosql_kernel.jupyter.widgets.arranging import Arranging
from thanosql_kernel.jupyter.widgets.choice import Choice
from thanosql_kernel.jupyter.widgets.latest import Latest, Stale
from thanosql_kernel.jupyter.widgets.lightbox import Lightbox
from thanosql_kernel.jupyter.widgets.looks import Looks, page_style, show_if, style_sheet
from thanosql_kernel.jupyter.widgets.storing import StoreBar
from thanosql_kernel.jupyter.widgets.tiles import TileWidget, ratio
from thanosql_kernel.jupyter.widgets.trees import close_tree
from thanosql_kernel.statements.results import Browsing, MediaItem, MediaResult
from thanosql_kernel.wording import pictures

if TYPE_CHECKING:
    from thanosql_kernel.catalog.paths import PathFinder
    from thanosql_kernel.jupyter.host import BrowsedSession
    from thanosql_kernel.jupyter.media import PreparedMedia

TYPING_PAUSE_S = 0.25
SMALLEST_PX, SHOWN_PX, LARGEST_PX = 120, 180, 420
#: Up to which height the pictures of a page are how large, at their longer side.
_STORED_PX = ((200, PAGE_STORED_PX), (LARGEST_PX, 900))
#: Of a wider picture more is needed, for it is as high as the others.
_WIDE = 1.8


class PictureBrowser:
    """The widget over one result.

    Callbacks come from whatever thread serves comm messages, and return at once: files are read and searches run in
    threads of the widget's own.

    Args:
        result: With `browsing`.
        session: The engine.
        paths: Finds the pictures.
        first: The first page, if it has been read already.
        page: The class of the page that is kept for where there is no widget, and is hidden where there is.

    Attributes:
        view: The widget to display.
    """

    def __init__(
        self,
        result: MediaResult,
        session: BrowsedSession,
        paths: PathFinder,
        *,
        first: PreparedMedia | None = None,
        page: str = "",
    ) -> None:
        assert result.browsing is not None
        self._original = self._found = self._result = result
        self._session, self._paths = session, paths
        self._class, self._kept_page = f"thanosql-{uuid.uuid4().hex}", page
        self._page = self._stored_px = 0
        self._results_of = ""
        self._on_tiles: tuple[MediaResult, int, Sequence[Tile]] = (result, 0, ())
        self._choice = Choice()
        self._changing = threading.RLock()
        self._pages, self._searches = Latest(), Latest(TYPING_PAUSE_S)
        self._build(result.browsing)
        if first is not None and first.cut is None:
            self._tell_page()
            self._fill(result, 0, first.tiles, first.sides.stored_px)
        if not self._on_tiles[2] or max(map(ratio, self._on_tiles[2])) > _WIDE:
            self._show_page()

    # -- looks -----------------------------------------------------------------------------------------------
    def _build(self, browsing: Browsing) -> None:
        looks = Looks()
        self._tools(looks, browsing)
        self.style = looks.html("thanosql-style")
        self.arranging = Arranging(looks, self._result, self._arrange)
        self.tiles = [TileWidget(n, looks, self._choose_place, self._enlarge) for n in range(PAGE_TILES)]
        self.usual = looks.html("thanosql-usual", value=escape(" ".join(usual_similarities(self._result))))
        self.lightbox = Lightbox(looks, self._paths, self._choice, self._choose, self._small)
        self.storing = StoreBar(looks, browsing, self._choice, self._session, self._clear)
        self.view = looks.box(
            [
                looks.html("thanosql-style", value=style_sheet()),
                self.style,
                looks.box([self.search, self.status], "thanosql-row"),
                looks.box([self.back, self.where, self.forth, self.size], "thanosql-row"),
                looks.box(self.arranging.parts, "thanosql-row"),
                looks.box([tile.view for tile in self.tiles], "thanosql-grid"),
                self.usual,
                self.storing.view,
                self.lightbox.view,
            ],
            "thanosql-browser",
            self._class,
        )

    def _tools(self, looks: Looks, browsing: Browsing) -> None:
        """What stands above the pictures."""
        self.search = looks.text(
            "thanosql-search",
            value=browsing.search.text if browsing.search else "",
            placeholder=str(pictures.TYPE_TO_SEARCH),
            description=str(pictures.SEARCH),
        )
        show_if(browsing.search is not None, self.search)
        self.status, self.where = looks.html("thanosql-status"), looks.html("thanosql-where")
        self.back = looks.button(
            partial(self._turn, -1), "thanosql-turn", description="‹", tooltip=str(pictures.PREVIOUS_PAGE)
        )
        self.forth = looks.button(
            partial(self._turn, 1), "thanosql-turn", description="›", tooltip=str(pictures.NEXT_PAGE)
        )
        self.size = looks.slider(
            "thanosql-size",
            value=round(0.75 * self._result.size) if self._result.size else SHOWN_PX,
            min=SMALLEST_PX,
            max=LARGEST_PX,
            step=20,
            description=str(pictures.SIZE),
        )
        self.size.observe(lambda change: self._resize(), "value")
        self.search.observe(lambda change: self._search(str(change["new"])), "value")

    def close(self) -> None:
        """Let go of the widget and of what it works on."""
        for work in (self._pages, self._searches, self.lightbox, self.storing):
            work.stop()
        with self._changing:
            close_tree(self.view)

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
        with self._changing:
            self._lay_out()
            is_sharp = self._needed_px <= self._stored_px
        if not is_sharp:
            self._show_page()

    @property
    def _needed_px(self) -> int:
        return next(stored_px for most_px, stored_px in _STORED_PX if self.size.value <= most_px)

    def _show_page(self) -> None:
        """Tell where we are and load the page's pictures; what they are results of is told when they are there."""
        with self._changing:
            self._tell_page()
            result, page = self._result, self._page
        self._pages.ask(partial(self._load_page, result, page))

    def _tell_page(self) -> None:
        shown, total = len(self._result.items), self._result.total
        said = count_text("image", shown, total)
        if self._last_page:
            said = pictures.PAGE(page=self._page + 1, pages=self._last_page + 1, pictures=said)
        self.where.value = escape(said)
        show_if(self._last_page > 0, self.back, self.forth)
        self.back.disabled, self.forth.disabled = self._page == 0, self._page == self._last_page

    def _load_page(self, result: MediaResult, page: int, stale: Stale) -> None:
        first, stored_px = page * PAGE_TILES, self._needed_px
        items = result.items[first : first + PAGE_TILES]
        loaded = list(load_all(partial(self._read, stored_px), items, stale))
        with self._changing:
            if not stale():
                self._fill(result, first, loaded, stored_px)
                self.status.value = escape(self._results_of)

    def _read(self, stored_px: int, item: MediaItem) -> Tile:
        tile = load_picture(item, self._paths, stored_px)
        wide = ratio(tile) / _WIDE
        return load_picture(item, self._paths, round(stored_px * wide)) if wide > 1 else tile

    def _fill(self, result: MediaResult, first: int, loaded: Sequence[Tile], stored_px: int) -> None:
        self._stored_px, self._on_tiles = stored_px, (result, first, loaded)
        self._lay_out()
        for place, tile in enumerate(loaded):
            chosen = tile.item.key in self._choice
            self.tiles[place].show(tile, first + place + 1, result, chosen=chosen)
        for empty in self.tiles[len(loaded) :]:
            empty.hide()

    def _lay_out(self) -> None:
        ratios = [ratio(tile) for tile in self._on_tiles[2]]
        self.style.value = page_style(self._class, ratios, self.size.value, self._kept_page)

    # -- search ----------------------------------------------------------------------------------------------
    def _search(self, text: str) -> None:
        search = self._original.browsing and self._original.browsing.search
        if not search:
            return
        if not text.strip():
            self._searches.stop()
            self._show_result(self._original, "")
            return
        self.status.value = escape(pictures.SEARCHING())
        self._searches.ask(partial(self._find, search.statement(text), text))

    def _find(self, statement: str, text: str, stale: Stale) -> None:
        try:
            found = self._session.glance(statement, cancelled=stale)
        except ThanoSQLError as error:
            if not stale():
                self.status.value = escape(error.message)
            return
        with self._changing:
            if not stale() and isinstance(found, MediaResult):
                self._show_result(found, pictures.RESULTS_FOR(text=text))

    def _show_result(self, result: MediaResult, said: str) -> None:
        with self._changing:
            self._found, self._results_of = result, said
            self.arranging.offer(result)
            self._arrange()

    def _arrange(self) -> None:
        """Show what was found as the user wants to see it, from the first page on."""
        with self._changing:
            self._result, self._page = self.arranging.arranged(self._found), 0
            self._show_page()

    # -- choice ----------------------------------------------------------------------------------------------
    def _choose_place(self, place: int, chosen: bool) -> None:
        result, first, loaded = self._on_tiles
        if place < len(loaded):
            self._choose(result, first + place, chosen)

    def _choose(self, result: MediaResult, at: int, chosen: bool) -> None:
        with self._changing:
            if chosen:
                self._choice.add(result, at)
            else:
                self._choice.discard(result.items[at].key)
            self._tell_choice()

    def _clear(self) -> None:
        with self._changing:
            self._choice.clear()
            self._tell_choice()

    def _tell_choice(self) -> None:
        for tile, loaded in zip(self.tiles, self._on_tiles[2], strict=False):
            tile.chosen.set(loaded.item.key in self._choice)
        self.lightbox.refresh()
        self.storing.refresh()

    # -- one picture -----------------------------------------------------------------------------------------
    def _enlarge(self, place: int) -> None:
        with self._changing:
            result, first, loaded = self._on_tiles
            if place < len(loaded):
                self.lightbox.open(result, first + place)

    def _small(self, item: MediaItem) -> Tile | None:
        return next((tile for tile in self._on_tiles[2] if tile.item.key == item.key), None)
