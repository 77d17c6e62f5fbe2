"""The tiles of a page: a picture to click on, what is known of it, and a button that shows it large."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from html import escape
from typing import TYPE_CHECKING

from thanosql_kernel.jupyter.cells import shorten, split_path
from thanosql_kernel.jupyter.grid import line_html, rank_html
from thanosql_kernel.jupyter.widgets.looks import show_if
from thanosql_kernel.visible import visible
from thanosql_kernel.wording import pictures

if TYPE_CHECKING:
    from thanosql_kernel.jupyter.media import Tile
    from thanosql_kernel.jupyter.widgets.looks import Looks
    from thanosql_kernel.statements.results import MediaItem, MediaResult

_TITLE_CHARACTERS = 2_000
_CAPTION_LINES = 6
_UNKNOWN_RATIO = 4 / 3


class TileWidget:
    """One place of the page; it shows another item after each turn of a page.

    Args:
        place: Its number on the page, from 0.
        looks: Makes its parts.
        choose: Called with the place and whether it is chosen, when the user clicks on the picture.
        enlarge: Called with the place when the user wants to see it large.
    """

    def __init__(
        self, place: int, looks: Looks, choose: Callable[[int, bool], None], enlarge: Callable[[int], None]
    ) -> None:
        self.picture = looks.html()
        self.chosen = looks.toggle(partial(choose, place), "thanosql-choose")
        self.enlarge = looks.button(
            partial(enlarge, place), "thanosql-enlarge", tooltip=str(pictures.ENLARGE)
        )
        self.view = looks.box([self.picture, self.chosen.view, self.enlarge], "thanosql-tile")

    def show(self, tile: Tile, rank: int, result: MediaResult, *, chosen: bool) -> None:
        """Put an item there."""
        self.picture.value = tile_html(tile, rank, result)
        self.chosen.view.tooltip = hover_text(tile.item)
        self.chosen.set(chosen)
        show_if(True, self.view)

    def hide(self) -> None:
        """Leave the place empty: the last page may be short."""
        self.picture.value = ""
        show_if(False, self.view)


def tile_html(tile: Tile, rank: int, result: MediaResult) -> str:
    """A picture, and below it its rank and similarity, name, folder and the other columns."""
    folder, name = split_path(visible(tile.item.path or "NULL"))
    heading = result.headings.get(rank - 1)
    lines = [
        rank_html(tile.item, rank, result),
        f'<div class="thanosql-name">{escape(name)}</div>',
        f'<div class="thanosql-folder"><bdi>{escape(folder)}</bdi></div>' if folder else "",
        _lack_html(tile),
        f'<div class="thanosql-taken">{escape(tile.item.taken)}</div>' if tile.item.taken else "",
        *(line_html(label, value) for label, value in result.lines(tile.item)[:_CAPTION_LINES]),
    ]
    above = f'<div class="thanosql-heading">{escape(heading)}</div>' if heading else ""
    return (
        f'<div class="thanosql-photo">{picture_html(tile)}{above}</div>'
        f'<div class="thanosql-caption" title="{hover_html(tile.item)}">{"".join(lines)}</div>'
    )


def picture_html(tile: Tile) -> str:
    """The picture, or why there is none."""
    if tile.source is not None:
        name = escape(visible(tile.item.path or ""))
        return f'<img src="{tile.source}" alt="{name}" draggable="false">'
    reason = escape(visible(tile.reason or ""))
    return (
        f'<div class="thanosql-broken"><b>{escape(str(pictures.UNREADABLE))}</b><span>{reason}</span></div>'
    )


def ratio(tile: Tile) -> float:
    """The width of a picture by its height."""
    return tile.width / tile.height if tile.height else _UNKNOWN_RATIO


def _lack_html(tile: Tile) -> str:
    """What of a picture is missing."""
    is_cut = tile.source is not None and tile.reason
    return f'<div class="thanosql-folder">{escape(visible(tile.reason or ""))}</div>' if is_cut else ""


def hover_text(item: MediaItem) -> str:
    """All that is known of an item, a line each: what the pointer over its picture shows."""
    lines = [visible(item.path or "NULL")]
    lines += [f"{visible(name)}: {shorten(visible(value), 200)}" for name, value in item.caption]
    return "\n".join(lines)[:_TITLE_CHARACTERS]


def hover_html(item: MediaItem) -> str:
    """The same as an attribute has it."""
    return escape(hover_text(item)).replace("\n", "&#10;")
