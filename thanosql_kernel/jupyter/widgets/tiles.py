"""The tiles of a page: a picture with its captions, and a box to choose it."""

# ipywidgets is not annotated.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING, Any

from thanosql_kernel.jupyter.cells import shorten, shorten_middle
from thanosql_kernel.visible import visible

if TYPE_CHECKING:
    from thanosql_kernel.jupyter.media import Tile
    from thanosql_kernel.statements.results import MediaItem, MediaResult

_GREY = "rgba(128,128,128,0.35)"
_NAME_COLUMNS = 24
_TITLE_CHARACTERS = 2_000


class TileLooks:
    """What tiles that look alike share: each layout and style of its own is one more widget to open and keep."""

    def __init__(self) -> None:
        from ipywidgets import Layout
        from ipywidgets.widgets.widget_bool import CheckboxStyle
        from ipywidgets.widgets.widget_string import HTMLStyle

        self.picture = {"layout": Layout(), "style": HTMLStyle()}
        self.box = {"layout": Layout(width="auto"), "style": CheckboxStyle()}


class TileWidget:
    """One place of the page; it shows another item after each turn of a page.

    Args:
        place: Its number on the page, from 0.
        on_choice: Called with the place's number and whether it is chosen, when the user ticks the box.
        looks: Shared with the other tiles.
    """

    def __init__(self, place: int, on_choice: Callable[[int, bool], None], looks: TileLooks) -> None:
        import ipywidgets as widgets

        self._place, self._on_choice = place, on_choice
        self._filling = False
        self.picture = widgets.HTML(**looks.picture)
        self.box = widgets.Checkbox(indent=False, **looks.box)
        self.view = widgets.VBox([self.picture, self.box], layout=widgets.Layout(min_width="0"))
        self.box.observe(self._chosen, "value")

    def _chosen(self, change: Any) -> None:
        if not self._filling:
            self._on_choice(self._place, bool(change["new"]))

    def show(self, tile: Tile, rank: int, result: MediaResult, *, chosen: bool) -> None:
        """Put an item there."""
        self._filling = True
        try:
            scores = [value for name, value in tile.item.caption if name in result.similarities]
            self.picture.value = _picture_html(tile)
            self.box.description = "   ".join([str(rank), *scores])
            self.box.value = chosen
            self.view.layout.display = None
        finally:
            self._filling = False

    def untick(self) -> None:
        """Take the tick away without telling anybody."""
        self._filling = True
        self.box.value = False
        self._filling = False

    def hide(self) -> None:
        """Leave the place empty: the last page may be short."""
        self.view.layout.display = "none"


def _picture_html(tile: Tile) -> str:
    path = visible(tile.item.path or "NULL")
    title = escape(hover_text(tile.item)).replace("\n", "&#10;")
    if tile.source is None:
        shown = escape(visible(tile.reason or ""))
    else:
        shown = f'<img src="{tile.source}" alt="{escape(path)}" style="max-width:100%;max-height:100%">'
    border = f"border:1px dashed {_GREY};box-sizing:border-box;" if tile.source is None else ""
    name = escape(shorten_middle(path.rpartition("/")[2], _NAME_COLUMNS))
    return (
        f'<div title="{title}"><div style="aspect-ratio:4/3;min-height:0;overflow:hidden;{border}display:flex;'
        f'align-items:center;justify-content:center">{shown}</div>'
        f'<div style="font-size:85%;line-height:1.4;overflow:hidden;white-space:nowrap">{name}</div></div>'
    )


def hover_text(item: MediaItem) -> str:
    """All that is known of an item, a line each: what the pointer over its picture shows."""
    lines = [visible(item.path or "NULL")]
    lines += [f"{visible(name)}: {shorten(visible(value), 200)}" for name, value in item.caption]
    return "\n".join(lines)[:_TITLE_CHARACTERS]
