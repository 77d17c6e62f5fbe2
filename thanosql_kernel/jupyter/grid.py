"""Pictures and players as text and as HTML that needs no script, no style sheet and no trust."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from thanosql_kernel.jupyter.cells import shorten, shorten_path
from thanosql_kernel.visible import visible

if TYPE_CHECKING:
    from thanosql_kernel.jupyter.media import PreparedMedia, Sides, Tile
    from thanosql_kernel.models.spec import Scale
    from thanosql_kernel.statements.results import MediaItem, MediaResult

STRIP_SIDE_PX = 72
_CAPTION_COLUMNS = 64
_HTML_CAPTION_COLUMNS = 120
_PATH_COLUMNS = 40
_CAPTION_LINES = 12
_TITLE_CHARACTERS = 500
_TINY_GROWS = 4
_NOUNS = {"image": ("picture", "pictures"), "audio": ("sound", "sounds"), "video": ("video", "videos")}
# Half-transparent greys and a middle blue are seen on light and dark themes alike.
_GREY = "rgba(128,128,128,0.35)"
_BLUE = "rgb(66,133,244)"
_FAINT = "opacity:0.65"
# Takes the width that its neighbours give to the box, and asks for none itself.
_FOLLOWS = "width:0;min-width:100%"
_AFTER_SEPARATOR = re.compile(r"(?<=[/_])(?=[^/_])")


def media_text(media: PreparedMedia) -> str:
    """A numbered list of paths and captions."""
    digits = len(str(len(media.tiles)))
    lines = [line for number, tile in enumerate(media.tiles, 1) for line in _text_tile(tile, number, digits)]
    return "\n".join([*lines, media_summary(media)])


def _text_tile(tile: Tile, number: int, digits: int) -> list[str]:
    path = visible(tile.item.path or "NULL") + (f" ({visible(tile.reason)})" if tile.reason else "")
    captions = [
        f"{visible(name)}: {shorten(visible(value), _CAPTION_COLUMNS)}" for name, value in tile.item.caption
    ]
    indent = " " * (digits + 2)
    return [f"{number:>{digits}}. {path}", *(indent + caption for caption in captions[:_CAPTION_LINES])]


def media_html(media: PreparedMedia) -> str:
    """A grid of thumbnails, which grow when they are clicked, or of players."""
    tiles = "".join(tile_html(tile, number, media) for number, tile in enumerate(media.tiles, 1))
    grid = f'<div style="{_layout(media)}">{tiles}</div>' if tiles else ""
    summary = " · ".join(escape(text) for text in (media_summary(media), *usual_similarities(media.result)))
    return f'{grid}<div style="{_FAINT};font-size:90%;padding:3px 0">{summary}</div>'


def strip_html(media: PreparedMedia) -> str:
    """The pictures alone, very small; each grows when it is clicked."""
    sides = media.sides._replace(shown_px=STRIP_SIDE_PX)
    figures = "".join(
        f'<figure style="margin:0;max-width:100%"><div style="width:{STRIP_SIDE_PX}px"></div>'
        f"{_picture_html(tile, sides)}</figure>"
        for tile in media.tiles
        if tile.source is not None
    )
    return f'<div style="display:flex;flex-wrap:wrap;align-items:flex-start;gap:4px">{figures}</div>'


def _layout(media: PreparedMedia) -> str:
    """Rows that wrap, or as many columns as asked for; a tile that grows pushes the others aside."""
    if media.result.columns:
        columns = f"display:grid;grid-template-columns:repeat({media.result.columns}, auto)"
        return (
            f"{columns};justify-content:start;justify-items:start;align-items:start;gap:12px;overflow-x:auto"
        )
    return "display:flex;flex-wrap:wrap;align-items:flex-start;gap:12px"


def tile_html(tile: Tile, number: int, media: PreparedMedia) -> str:
    """One item with its rank and captions."""
    is_picture = media.result.kind == "image"
    width_px = media.sides.shown_px if is_picture else {"audio": 300, "video": 400}[media.result.kind]
    if tile.source is None:
        shown = _reason_html(tile, min(width_px, 160) if is_picture else 48)
    else:
        shown = _picture_html(tile, media.sides) if is_picture else _player_html(tile, media)
    return (
        f'<figure style="margin:0;max-width:100%"><div style="width:{width_px}px"></div>{shown}'
        f"{_caption_html(tile.item, number, media.result)}</figure>"
    )


def _picture_html(tile: Tile, sides: Sides) -> str:
    """A thumbnail; where more of it is stored than shown, a click makes its box wider, and it grows with the box."""
    image = _image_html(tile, sides)
    longest_px = max(tile.width, tile.height)
    if longest_px <= sides.shown_px:
        return f'<div style="{_FOLLOWS}">{image}</div>'
    return (
        f'<details style="margin:0"><summary style="display:block;cursor:zoom-in;{_FOLLOWS}">{image}</summary>'
        f'<div style="width:{longest_px}px"></div></details>'
    )


def _image_html(tile: Tile, sides: Sides) -> str:
    longest = max(tile.width, tile.height)
    share = round(100 * tile.width / longest)
    most_px = tile.width if longest >= sides.shown_px else min(sides.shown_px, _TINY_GROWS * tile.width)
    title = escape(visible(tile.item.path or ""))
    return (
        f'<img src="{tile.source}" alt="{title}" title="{title}" style="width:{share}%;max-width:{most_px}px;'
        f'height:auto;border-radius:4px;display:block;margin:0">'
    )


def _player_html(tile: Tile, media: PreparedMedia) -> str:
    tag, title = media.result.kind, escape(visible(tile.item.path or ""))
    player = (
        f'<{tag} controls preload="none" src="{escape(tile.source or "")}" title="{title}" '
        f'style="width:100%"></{tag}>'
    )
    return player + (
        f'<div style="{_FAINT};font-size:80%">{escape(visible(tile.reason))}</div>' if tile.reason else ""
    )


def _reason_html(tile: Tile, height_px: int) -> str:
    """A tile that says why there is no picture in it."""
    return (
        f'<div style="min-height:{height_px}px;display:flex;align-items:center;'
        f"justify-content:center;text-align:center;border:1px dashed {_GREY};border-radius:4px;"
        f'box-sizing:border-box;{_FOLLOWS}">{escape(visible(tile.reason or "cannot be shown"))}</div>'
    )


# -- captions --------------------------------------------------------------------------------------------
def _caption_html(item: MediaItem, number: int, result: MediaResult) -> str:
    """Rank, similarities, path and the other columns; words are broken only where they do not fit a line."""
    others = [(name, value) for name, value in item.caption if name not in result.similarities]
    lines = [
        rank_html(item, number, result),
        _path_html(visible(item.path or "NULL")),
        *(_line_html(name, value) for name, value in others[:_CAPTION_LINES]),
    ]
    return (
        f'<figcaption style="font-size:80%;line-height:1.4;padding-top:2px;overflow-wrap:anywhere;'
        f'word-break:keep-all;text-align:left;{_FOLLOWS}">{"".join(lines)}</figcaption>'
    )


def rank_html(item: MediaItem, number: int, result: MediaResult) -> str:
    """The rank, and a bar and number for each similarity, the name only where there are several."""
    scales, named = result.similarities, len(result.similarities) > 1
    scores = [(name, value) for name, value in item.caption if name in scales]
    bars = "".join(_score_html(name, value, scales[name], named=named) for name, value in scores)
    return (
        f'<div style="display:flex;gap:6px;align-items:baseline"><b>{number}</b>'
        f'<div style="flex:1;min-width:0">{bars}</div></div>'
    )


def _score_html(name: str, value: str, scale: Scale, *, named: bool) -> str:
    """A similarity, and a bar that is as long for the same number whatever else is shown."""
    label = (
        f'<div style="{_FAINT}">{_breakable(shorten(visible(name), _CAPTION_COLUMNS))}</div>' if named else ""
    )
    return (
        f'<div title="{escape(visible(name))}: {escape(value)}">{label}'
        f'<div style="display:flex;gap:6px;align-items:center">'
        f'<div style="flex:1;height:5px;border-radius:3px;background:{_GREY};overflow:hidden">'
        f'<div style="width:{_percent(value, scale)}%;height:5px;background:{_BLUE}"></div></div>'
        f"<span>{escape(value)}</span></div></div>"
    )


def _percent(value: str, scale: Scale) -> int:
    """How long the bar of the number in a caption is; NULL has none."""
    try:
        return round(100 * scale.share(float(value)))
    except ValueError:
        return 0


def _path_html(path: str) -> str:
    return f'<div title="{escape(path)}">{_breakable(shorten_path(path, _PATH_COLUMNS))}</div>'


def _breakable(text: str) -> str:
    """The text, which a narrow tile breaks behind a separator rather than within a word."""
    return "<wbr>".join(map(escape, _AFTER_SEPARATOR.split(text)))


def _line_html(name: str, value: str) -> str:
    full = f"{visible(name)}: {visible(value)}"
    short = shorten(full, _HTML_CAPTION_COLUMNS)
    title = "" if short == full else f' title="{escape(full[:_TITLE_CHARACTERS])}"'
    label, _, text = short.partition(": ")
    return f'<div{title}><span style="{_FAINT}">{escape(label)}:</span> {escape(text)}</div>'


def usual_similarities(result: MediaResult) -> list[str]:
    """One sentence for each scale that bars are drawn on: what numbers are usual."""
    said = dict.fromkeys(scale.explained() for scale in result.similarities.values())
    return [text for text in said if text]


def media_summary(media: PreparedMedia) -> str:
    """How many there are, and why not all are shown."""
    total, shown = media.result.total, len(media.tiles)
    noun = _NOUNS[media.result.kind][total != 1]
    if shown >= total:
        return f"{total:,} {noun}"
    return f"{shown:,} of {total:,} {noun}" + (f" ({media.cut})" if media.cut else "")
