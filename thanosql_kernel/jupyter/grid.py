"""Pictures and players as text and as HTML that needs no script, no style sheet and no trust."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from thanosql_kernel.films.reading import clock
from thanosql_kernel.films.sampling import SECOND_US
from thanosql_kernel.jupyter.cells import shorten, shorten_path
from thanosql_kernel.jupyter.film_strip import strip_html
from thanosql_kernel.visible import visible
from thanosql_kernel.wording import counted, films, pictures

if TYPE_CHECKING:
    from thanosql_kernel.jupyter.media import PreparedMedia, Tile
    from thanosql_kernel.models.spec import Scale
    from thanosql_kernel.statements.results import MediaItem, MediaKind, MediaResult

_CAPTION_COLUMNS = 64
_HTML_CAPTION_COLUMNS = 120
_PATH_COLUMNS = 40
_CAPTION_LINES = 12
_TITLE_CHARACTERS = 500
_TINY_GROWS = 4
#: Wider pictures do not make the others less high, and may be themselves; a narrower one than its caption has room
#: beside it.
_WIDEST, _WIDEST_TILE, _CAPTION_PX = 1.8, 3, 80
_PLAYER_PX = {"audio": 300, "video": 400}
_NOUNS: dict[MediaKind, str] = {"image": "picture", "audio": "sound", "video": "video"}
# Half-transparent greys and a middle blue are seen on light and dark themes alike.
_GREY, _FAINT_GREY = "rgba(128,128,128,0.35)", "rgba(128,128,128,0.12)"
_BLUE = "rgb(66,133,244)"
_FAINT = "opacity:0.65"
# Takes the width that its neighbours give to the box, and asks for none itself.
_FOLLOWS = "width:0;min-width:100%"
_AFTER_SEPARATOR = re.compile(r"(?<=[/_])(?=[^/_])")


def media_text(media: PreparedMedia) -> str:
    """A numbered list of paths and captions."""
    digits = len(str(len(media.tiles)))
    lines = [
        line
        for number, tile in enumerate(media.tiles, 1)
        for line in _text_tile(tile, number, digits, media.result)
    ]
    return "\n".join([*lines, media_summary(media)])


def _text_tile(tile: Tile, number: int, digits: int, result: MediaResult) -> list[str]:
    heading = result.headings.get(number - 1)
    path = visible(tile.item.path or "NULL")
    if tile.item.second is not None:
        path = films.AT(path=path, time=clock(round(tile.item.second * SECOND_US)))
    path += f" ({visible(tile.reason)})" if tile.reason else ""
    path += f"  {tile.item.mark}" if tile.item.mark else ""
    captions = [tile.item.taken] if tile.item.taken else []
    captions += [
        f"{visible(name)}: {shorten(visible(value), _CAPTION_COLUMNS)}"
        for name, value in tile.item.caption
        if name not in result.left_out
    ]
    indent = " " * (digits + 2)
    above = [heading] if heading else []
    return [*above, f"{number:>{digits}}. {path}", *(indent + line for line in captions[:_CAPTION_LINES])]


def media_html(media: PreparedMedia) -> str:
    """A grid of thumbnails, which grow when they are clicked, or of players."""
    grid = "".join(_group_html(media, start, end) for start, end in _groups(media))
    summary = " · ".join(escape(text) for text in (media_summary(media), *usual_similarities(media.result)))
    return f'{grid}<div style="{_FAINT};font-size:90%;padding:3px 0">{summary}</div>'


def _groups(media: PreparedMedia) -> list[tuple[int, int]]:
    """Where the tiles below each heading begin and end."""
    starts = sorted({0, *media.result.headings})
    ends = [*starts[1:], len(media.tiles)]
    return [
        (start, min(end, len(media.tiles)))
        for start, end in zip(starts, ends, strict=True)
        if start < len(media.tiles)
    ]


def _group_html(media: PreparedMedia, start: int, end: int) -> str:
    heading = media.result.headings.get(start)
    above = f'<div style="font-weight:600;padding:10px 0 4px">{escape(heading)}</div>' if heading else ""
    tiles = "".join(tile_html(media.tiles[at], at + 1, media) for at in range(start, end))
    return f'{above}<div style="{_layout(media)}">{tiles}</div>'


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
    if media.result.kind == "image":
        width_px, shown = _frame_html(tile, media)
    else:
        width_px, shown = _PLAYER_PX[media.result.kind], _player_html(tile, media)
    return (
        f'<figure style="margin:0;max-width:100%"><div style="width:{width_px}px"></div>{shown}'
        f"{_caption_html(tile.item, number, media.result)}</figure>"
    )


def _frame_html(tile: Tile, media: PreparedMedia) -> tuple[int, str]:
    """A picture that stands on its caption, all captions of a row on one line, and how wide both are."""
    row_px = _row_px(media)
    if tile.source is None:
        width_px = min(round(row_px * 4 / 3), media.sides.shown_px)
        return width_px, _reason_html(pictures.UNREADABLE(), tile.reason, row_px)
    most_px = media.sides.shown_px if media.result.size else _WIDEST_TILE * row_px
    picture_px = _picture_px(tile, row_px, most_px)
    width_px = max(picture_px, min(_CAPTION_PX, media.sides.shown_px))
    frame = f"min-height:{row_px}px;display:flex;flex-direction:column;justify-content:flex-end"
    if picture_px < width_px:
        frame += f";background:{_FAINT_GREY};border-radius:4px"
    picture = _picture_html(tile, picture_px / width_px, width_px)
    return width_px, f'<div style="{frame}">{picture}</div>{_lack_html(tile)}'


def _row_px(media: PreparedMedia) -> int:
    """How high the pictures are: the longest side of each is at most what they are shown with."""
    shown = [tile for tile in media.tiles if tile.source is not None]
    widest = max((tile.width / tile.height for tile in shown), default=4 / 3)
    row_px = media.sides.shown_px / max(1.0, min(_WIDEST, widest))
    return round(min(row_px, max((_TINY_GROWS * tile.height for tile in shown), default=row_px)))


def _picture_px(tile: Tile, row_px: int, most_px: int) -> int:
    """How wide a picture is shown; very small ones do not grow without end."""
    return max(1, min(most_px, _TINY_GROWS * tile.width, int(row_px * tile.width / tile.height)))


def _picture_html(tile: Tile, share: float, width_px: int) -> str:
    """A thumbnail; where more of it is stored than shown, a click makes its box wider, and it grows with the box."""
    title = escape(visible(tile.item.path or ""))
    image = (
        f'<img src="{tile.source}" alt="{title}" title="{title}" style="width:{100 * share:.4g}%;'
        f"max-width:{max(tile.width, round(share * width_px))}px;height:auto;border-radius:4px;display:block;"
        f'margin:0 auto">'
    )
    if tile.width <= share * width_px:
        return f'<div style="{_FOLLOWS}">{image}</div>'
    return (
        f'<details style="margin:0"><summary style="display:block;cursor:zoom-in;{_FOLLOWS}">{image}</summary>'
        f'<div style="width:{round(tile.width / share)}px"></div></details>'
    )


def _player_html(tile: Tile, media: PreparedMedia) -> str:
    strip = strip_html(tile.strip)
    if tile.source is None:
        return _reason_html(tile.reason or pictures.NOT_SHOWN(), None, 48) + strip
    tag, title = media.result.kind, escape(visible(tile.item.path or ""))
    preload = (
        "none" if tile.item.second is None else "metadata"
    )  # a player that has loaded nothing does not seek
    player = (
        f'<{tag} controls preload="{preload}" src="{escape(tile.source)}" title="{title}" '
        f'style="width:100%"></{tag}>'
    )
    return player + strip + _lack_html(tile)


def _lack_html(tile: Tile) -> str:
    """What cannot be shown of something that is."""
    return f'<div style="{_FAINT};font-size:80%">{escape(visible(tile.reason))}</div>' if tile.reason else ""


def _reason_html(message: str, reason: str | None, height_px: int) -> str:
    """A tile that says why there is nothing in it."""
    why = f'<div style="{_FAINT}">{escape(visible(reason))}</div>' if reason else ""
    return (
        f'<div style="min-height:{height_px}px;display:flex;flex-direction:column;align-items:center;'
        f"justify-content:center;text-align:center;border:1px dashed {_GREY};border-radius:4px;"
        f'box-sizing:border-box;{_FOLLOWS}"><div>{escape(visible(message))}</div>{why}</div>'
    )


# -- captions --------------------------------------------------------------------------------------------
def _caption_html(item: MediaItem, number: int, result: MediaResult) -> str:
    """Rank, similarities, path and the other columns; words are broken only where they do not fit a line."""
    lines = [
        rank_html(item, number, result),
        _path_html(visible(item.path or "NULL")),
        f"<div>{escape(item.taken)}</div>" if item.taken else "",
        *(line_html(name, value) for name, value in result.lines(item)[:_CAPTION_LINES]),
    ]
    return (
        f'<figcaption style="font-size:80%;line-height:1.4;padding-top:2px;overflow-wrap:anywhere;'
        f'word-break:keep-all;text-align:left;{_FOLLOWS}">{"".join(lines)}</figcaption>'
    )


def rank_html(item: MediaItem, number: int, result: MediaResult) -> str:
    """The rank, a bar and number for each similarity, named only where there are several, and the mark."""
    scales, named = result.similarities, len(result.similarities) > 1
    scores = [(name, value) for name, value in item.caption if name in scales]
    bars = "".join(_score_html(name, value, scales[name], named=named) for name, value in scores)
    mark = f'<div style="color:{_BLUE};font-weight:600">{escape(item.mark)}</div>' if item.mark else ""
    return (
        f'<div style="display:flex;gap:6px;align-items:baseline"><b>{number}</b>'
        f'<div style="flex:1;min-width:0">{bars}</div></div>{mark}'
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


def line_html(name: str, value: str) -> str:
    """A column and its value, shortened; all of it is in its title."""
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
    said = count_text(media.result.kind, len(media.tiles), media.result.total)
    return f"{said} ({media.cut})" if media.cut and len(media.tiles) < media.result.total else said


def count_text(kind: MediaKind, shown: int, total: int) -> str:
    """How many there are, and how many of them are shown if not all."""
    noun = _NOUNS[kind]
    things = counted(total, noun)
    return things if shown >= total else pictures.SHOWN_OF[noun](shown=shown, things=things)
