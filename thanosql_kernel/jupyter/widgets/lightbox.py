"""One picture at a time, as large as there is room: left and right go through all pictures of a result."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from html import escape
from typing import TYPE_CHECKING

from thanosql_kernel.jupyter.cells import split_path
from thanosql_kernel.jupyter.media import Tile, load_picture
from thanosql_kernel.jupyter.widgets.latest import Latest, Stale
from thanosql_kernel.jupyter.widgets.looks import Looks, show_if
from thanosql_kernel.jupyter.widgets.tiles import picture_html
from thanosql_kernel.visible import visible
from thanosql_kernel.wording import pictures

if TYPE_CHECKING:
    from thanosql_kernel.catalog.paths import PathFinder
    from thanosql_kernel.jupyter.widgets.choice import Choice
    from thanosql_kernel.statements.results import MediaItem, MediaResult

LARGE_PX = 1920
_QUALITY = 85
#: Large pictures at hand: the one that is seen and its neighbours.
_AT_HAND = 5
_OPEN = "thanosql-open"


class Lightbox:
    """The large view.

    Pictures are read in a thread of their own; until one is there, the small one stands in its place.

    Args:
        looks: Makes its parts.
        paths: Finds the pictures.
        choice: What is chosen.
        choose: Called with the result, a position and whether it is chosen, when the user says so.
        small: The small picture of a path, if it is at hand.
    """

    def __init__(
        self,
        looks: Looks,
        paths: PathFinder,
        choice: Choice,
        choose: Callable[[MediaResult, int, bool], None],
        small: Callable[[MediaItem], Tile | None],
    ) -> None:
        self._paths, self._choice, self._choose, self._small = paths, choice, choose, small
        self._result: MediaResult | None = None
        self._at = 0
        self._large: dict[str | None, Tile] = {}
        self._changing = threading.RLock()
        self._loads = Latest()
        self._build(looks)

    def _build(self, looks: Looks) -> None:
        self.title = looks.html("thanosql-title")
        self.chosen = looks.toggle(self._chosen, "thanosql-pick", description=str(pictures.CHOOSE))
        self.leave = looks.button(self.close, "thanosql-leave", tooltip=str(pictures.CLOSE))
        self.picture, self.facts = looks.html("thanosql-large"), looks.html("thanosql-facts")
        step = partial(partial, self._step)
        self.back = looks.button(step(-1), "thanosql-back", tooltip=str(pictures.PREVIOUS_PICTURE))
        self.forth = looks.button(step(1), "thanosql-forth", tooltip=str(pictures.NEXT_PICTURE))
        self.place = looks.slider("thanosql-place", min=1, max=1, tooltip=str(pictures.ARROW_KEYS))
        self.place.observe(lambda change: self._go(change["new"] - 1), "value")
        head = looks.box([self.title, self.chosen.view, self.leave], "thanosql-head")
        stage = looks.box([self.picture, self.back, self.forth], "thanosql-stage")
        self.view = looks.box([head, stage, self.place, self.facts], "thanosql-lightbox")

    @property
    def is_open(self) -> bool:
        """Whether it is seen."""
        return self._result is not None

    def open(self, result: MediaResult, at: int) -> None:
        """Show an item of a result."""
        with self._changing:
            self._result, self._at = result, at
            self.place.max = len(result.items)
            show_if(len(result.items) > 1, self.place, self.back, self.forth)
            self._show()
            self.view.add_class(_OPEN)
            (self.back if self.forth.disabled else self.forth).focus()

    def close(self) -> None:
        """Give the page back, and what was loaded."""
        with self._changing:
            self._result = None
            self._loads.stop()
            self._large.clear()
            self.view.remove_class(_OPEN)
            self.picture.value = self.facts.value = ""

    def refresh(self) -> None:
        """What is chosen has changed."""
        with self._changing:
            if self._result is not None:
                is_chosen = self._result.items[self._at].key in self._choice
                self.chosen.set(is_chosen)
                self.chosen.view.description = str(pictures.CHOSEN if is_chosen else pictures.CHOOSE)

    def stop(self) -> None:
        """Load nothing more."""
        self._loads.stop()

    # -- moving ----------------------------------------------------------------------------------------------
    def _step(self, by: int) -> None:
        self._go(self._at + by)

    def _go(self, at: int) -> None:
        with self._changing:
            if self._result is not None and at != self._at and 0 <= at < len(self._result.items):
                self._at = at
                self._show()

    def _show(self) -> None:
        """Show what is known of the item at once, and ask for its picture."""
        assert self._result is not None
        item, count = self._result.items[self._at], len(self._result.items)
        _, name = split_path(visible(item.path or "NULL"))
        self.title.value = f"<b>{escape(name)}</b> <span>{self._at + 1:,} / {count:,}</span>"
        self.facts.value = _facts_html(item, self._paths)
        self.back.disabled, self.forth.disabled = self._at == 0, self._at == count - 1
        self.place.value = self._at + 1
        self.refresh()
        large = self._large.get(item.key)
        self.picture.value = _stage_html(large or self._small(item), is_whole=large is not None)
        self._loads.ask(partial(self._load, self._result, self._at))

    def _chosen(self, chosen: bool) -> None:
        with self._changing:
            if self._result is not None:
                self._choose(self._result, self._at, chosen)

    # -- loading ---------------------------------------------------------------------------------------------
    def _load(self, result: MediaResult, at: int, stale: Stale) -> None:
        """The picture that is asked for, then those beside it."""
        for near in (at, at + 1, at - 1):
            if not 0 <= near < len(result.items):
                continue
            tile = self._read(result.items[near], stale)
            with self._changing:
                if stale():
                    return
                if near == at:
                    self.picture.value = _stage_html(tile, is_whole=True)

    def _read(self, item: MediaItem, stale: Stale) -> Tile:
        if item.key not in self._large:
            tile = load_picture(item, self._paths, LARGE_PX, _QUALITY)
            with self._changing:
                if stale():
                    return tile
                self._large[item.key] = tile
                while len(self._large) > _AT_HAND:
                    self._large.pop(next(iter(self._large)))
        return self._large[item.key]


def _stage_html(tile: Tile | None, *, is_whole: bool) -> str:
    """The picture, which a click shows in its own size; a small one fills the place until the large one is there."""
    if tile is None:
        return f'<div class="thanosql-wait">{escape(str(pictures.LOADING))}</div>'
    if not is_whole or tile.source is None:
        return f'<div class="thanosql-{"broken-large" if tile.source is None else "wait"}">{picture_html(tile)}</div>'
    return f'<label class="thanosql-zoom"><input type="checkbox" hidden>{picture_html(tile)}</label>'


def _facts_html(item: MediaItem, paths: PathFinder) -> str:
    """The whole path, which one click selects, and the query's other columns."""
    place = item.path if item.read is not None else item.path and str(paths.find(item.path))
    path = visible(place or "NULL")
    hint = escape(str(pictures.SELECTS_PATH))
    facts = "".join(
        f"<span><i>{escape(visible(name))}:</i> {escape(visible(value))}</span>"
        for name, value in item.caption
    )
    return f'<code title="{hint}">{escape(path)}</code><div>{facts}</div>'
