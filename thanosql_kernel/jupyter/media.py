"""What PRINT shows, read and ready to draw: thumbnails of pictures, small sounds and videos."""

from __future__ import annotations

import base64
import mimetypes
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from thanosql_kernel.errors import Interrupted
from thanosql_kernel.files import open_regular
from thanosql_kernel.jupyter.film_strip import SHOT_BYTES, SmallShot, starting_at, strip_of
from thanosql_kernel.wording import pictures

if TYPE_CHECKING:
    from thanosql_kernel.catalog.paths import PathFinder
    from thanosql_kernel.statements.results import MediaItem, MediaResult

T = TypeVar("T")
POLL_S = 0.05
MAX_OUTPUT_BYTES = 950_000
#: Less than that, in kilobytes: for notebooks that are sent or kept in a repository.
OUTPUT_VARIABLE = "THANOSQL_OUTPUT_KB"
MAX_PLAYER_BYTES = 3_000_000
LARGEST_SIDE_PX = 1600
#: Of a tile without its picture: tags, styles, the title.
_TILE_BYTES = 1_100
_CAPTION_BYTES = 130


class Sides(NamedTuple):
    """Longest sides of a thumbnail.

    Attributes:
        shown_px: As it is shown at first.
        stored_px: As it is stored, to be enlarged with a click.
    """

    shown_px: int
    stored_px: int


#: The fewer there are, the larger they are shown.
_SHOWN_PX = ((1, 560), (2, 460), (6, 340), (24, 280), (60, 200), (100, 160))
_SMALLEST_PX = 128
#: Of the first page of a widget, which shows them larger itself.
PAGE_STORED_PX = 420
_LEAST_PX = 64
_STEP_PX = 8
_TRIES = 2
#: Pictures that are read first, small, to learn how large all of them may be.
_SAMPLES, _SAMPLE_PX = 8, 320
#: The bytes of a picture grow with a power of its side, another one below and above that size. A share of the budget
#: is left for pictures that differ.
_GROWTH_BELOW, _GROWTH_ABOVE, _MARGIN = 1.5, 1.7, 0.85


@dataclass(frozen=True, slots=True)
class Tile:
    """One item ready to draw.

    Attributes:
        item: What the row has.
        source: A ``data:`` URI or relative address; None when there is nothing to show.
        reason: Why nothing, or not everything, can be shown.
        width: Of the stored picture, in pixels; 0 if it is none.
        height: Of the stored picture, in pixels; 0 if it is none.
        strip: What a film shows around the moment where it starts.
    """

    item: MediaItem
    source: str | None
    reason: str | None = None
    width: int = 0
    height: int = 0
    strip: tuple[SmallShot, ...] = ()


@dataclass(frozen=True, slots=True)
class PreparedMedia:
    """The tiles of a result, as many as fit one output; ``cut`` says why there are no more."""

    result: MediaResult
    tiles: tuple[Tile, ...]
    sides: Sides
    cut: str | None


def prepare_media(result: MediaResult, paths: PathFinder, cancelled: Callable[[], bool]) -> PreparedMedia:
    """Read what is to be shown, until the bytes allowed in one output are reached.

    Raises:
        Interrupted: ``cancelled`` said so.
    """
    if result.kind != "image":
        return _fill(result, Sides(0, 0), lambda item: _player(item, paths), MAX_PLAYER_BYTES, cancelled)
    media = _fill_pictures(result, _sides(result, paths, cancelled), paths, cancelled)
    for _ in range(_TRIES):
        if media.cut is None:
            break
        smaller = _smaller(media)
        if smaller == media.sides:
            break
        media = _fill_pictures(result, smaller, paths, cancelled)
    return media


def _smaller(media: PreparedMedia) -> Sides:
    """Sides with which all pictures should fit; a size that was asked for is kept.

    A picture's bytes grow faster than its side, so cutting the side by the share that fitted is enough.
    """
    result, (shown_px, stored_px) = media.result, media.sides
    fitting_px = int(stored_px * len(media.tiles) / len(result.items)) // _STEP_PX * _STEP_PX
    least_px = shown_px if result.size is not None else _LEAST_PX
    stored_px = max(least_px, fitting_px)
    return Sides(min(shown_px, stored_px), stored_px)


def shown_px(size: int | None, count: int) -> int:
    """How large ``count`` pictures are shown: as asked, else the larger the fewer there are."""
    if size is not None:
        return max(16, min(size, LARGEST_SIDE_PX))
    return next((side_px for most, side_px in _SHOWN_PX if count <= most), _SMALLEST_PX)


def output_bytes() -> int:
    """What the pictures of one output may take in a notebook."""
    told = os.environ.get(OUTPUT_VARIABLE, "")
    return min(MAX_OUTPUT_BYTES, 1000 * int(told)) if told.isdecimal() and int(told) else MAX_OUTPUT_BYTES


def _sides(result: MediaResult, paths: PathFinder, cancelled: Callable[[], bool]) -> Sides:
    """As they are shown, and the largest that one output may hold of them."""
    side_px = shown_px(result.size, len(result.items))
    if result.form == "widget":
        return Sides(side_px, max(side_px, PAGE_STORED_PX))
    return Sides(side_px, max(side_px, _affordable_px(result, paths, cancelled)))


def _affordable_px(result: MediaResult, paths: PathFinder, cancelled: Callable[[], bool]) -> int:
    """About the longest side with which all pictures fit, told from a few of them."""
    items = result.items
    samples = items[:: max(1, len(items) // _SAMPLES)]
    loaded = load_all(lambda item: load_picture(item, paths, _SAMPLE_PX), samples, cancelled)
    sizes = [len(tile.source) for tile in loaded if tile.source]
    if not sizes:
        return LARGEST_SIDE_PX
    words = sum(_size_bytes(Tile(item, None)) for item in items)
    share = max(0.0, output_bytes() * _MARGIN - words) / len(items) / (sum(sizes) / len(sizes))
    side_px = _SAMPLE_PX * share ** (1 / (_GROWTH_BELOW if share < 1 else _GROWTH_ABOVE))
    return min(LARGEST_SIDE_PX, int(side_px) // _STEP_PX * _STEP_PX)


def _fill_pictures(
    result: MediaResult, sides: Sides, paths: PathFinder, cancelled: Callable[[], bool]
) -> PreparedMedia:
    return _fill(
        result, sides, lambda item: load_picture(item, paths, sides.stored_px), output_bytes(), cancelled
    )


def _fill(
    result: MediaResult,
    sides: Sides,
    load: Callable[[MediaItem], Tile],
    budget_bytes: int,
    cancelled: Callable[[], bool],
) -> PreparedMedia:
    """Tiles up to the budget; the first one is there whatever it takes."""
    tiles: list[Tile] = []
    for tile in load_all(load, result.items, cancelled):
        budget_bytes -= _size_bytes(tile)
        if budget_bytes < 0 and tiles:
            return PreparedMedia(result, tuple(tiles), sides, pictures.TOO_LARGE())
        tiles.append(tile)
    return PreparedMedia(result, tuple(tiles), sides, None)


def _size_bytes(tile: Tile) -> int:
    """About what the tile takes in the notebook; its path and captions stand there up to four times."""
    texts = [tile.item.path or "", *(name + value[:500] for name, value in tile.item.caption)]
    words = sum(len(text.encode(errors="replace")) for text in texts)
    strip = sum(len(shot.source) + SHOT_BYTES for shot in tile.strip)
    return len(tile.source or "") + strip + _TILE_BYTES + 4 * words + _CAPTION_BYTES * len(tile.item.caption)


def load_all(
    load: Callable[[MediaItem], T], items: Sequence[MediaItem], cancelled: Callable[[], bool]
) -> Iterator[T]:
    """Tiles or pictures in order, loaded in threads.

    Raises:
        Interrupted: ``cancelled`` said so.
    """
    pool = ThreadPoolExecutor(max_workers=min(8, os.cpu_count() or 1), thread_name_prefix="thumbnail")
    try:
        for loading in [pool.submit(load, item) for item in items]:
            while not wait([loading], POLL_S).done:  # a large picture takes seconds on a busy machine
                if cancelled():
                    raise Interrupted()
            if cancelled():
                raise Interrupted()
            yield loading.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def load_picture(item: MediaItem, paths: PathFinder, side_px: int, quality: int | None = None) -> Tile:
    """The item's picture, no larger than that, or the reason why there is none."""
    from thanosql_kernel.images.decode import UnreadableImage
    from thanosql_kernel.images.thumbnail import MIME, QUALITY, thumbnail

    if not item.path:
        return Tile(item, None, pictures.NO_PATH())
    told: list[str] = []
    try:
        content = thumbnail(picture_source(item, paths), side_px, quality or QUALITY, told.append)
    except UnreadableImage as error:
        return Tile(item, None, error.reason)
    return Tile(item, data_uri(content, MIME), "".join(told) or None, *_size(content))


def picture_source(item: MediaItem, paths: PathFinder) -> Path | bytes:
    """What the item's picture is decoded from; the item has a path.

    Raises:
        UnreadableImage: It is no file and cannot be had.
    """
    return paths.find(item.path or "") if item.read is None else item.read()


def data_uri(content: bytes, mime: str) -> str:
    """The bytes as the address of an ``<img>`` or player."""
    return f"data:{mime};base64,{base64.b64encode(content).decode('ascii')}"


def _size(content: bytes) -> tuple[int, int]:
    import io

    from PIL import Image

    with Image.open(io.BytesIO(content)) as image:
        return image.size


def _address(path: Path, paths: PathFinder) -> str | None:
    """The path as the notebook's server may know it: within the working folder, which is tried last."""
    start = paths.folders[-1]
    return path.relative_to(start).as_posix() if path.is_relative_to(start) else None


def _player(item: MediaItem, paths: PathFinder) -> Tile:
    """A player, with what is seen around the moment where it starts."""
    tile = _plain_player(item, paths)
    if tile.source is None and tile.reason is None:
        return tile
    source = tile.source and starting_at(tile.source, item.second)
    strip = strip_of(paths.find(item.path), item.second) if item.path and item.second is not None else ()
    return replace(tile, source=source, strip=strip)


def _plain_player(item: MediaItem, paths: PathFinder) -> Tile:
    """Small files travel in the output, of larger ones the address if the notebook's server can serve it."""
    if not item.path:
        return Tile(item, None, pictures.NO_PATH())
    path = paths.find(item.path)
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    try:
        with open_regular(path) as file:
            size = os.fstat(file.fileno()).st_size
            if size > MAX_PLAYER_BYTES // 6:
                reason = pictures.NOT_COPIED(megabytes=size / 1e6)
                return Tile(item, _address(path, paths), reason)
            return Tile(item, data_uri(file.read(), kind))
    except FileNotFoundError:
        return Tile(item, None, pictures.MISSING())
    except ValueError:
        return Tile(item, None, pictures.NO_FILE_PATH())
    except OSError as error:
        detail = error.strerror
        return Tile(item, None, pictures.REFUSED(detail=detail) if detail else pictures.UNREADABLE())
