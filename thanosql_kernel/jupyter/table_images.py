"""Small pictures beside the paths in a table's cells."""

from __future__ import annotations

import stat
from collections import Counter
from collections.abc import Callable
from itertools import islice
from pathlib import PurePath
from typing import TYPE_CHECKING

from thanosql_kernel.files import is_remote
from thanosql_kernel.images.endings import PICTURES

if TYPE_CHECKING:
    from thanosql_kernel.catalog.paths import PathFinder
    from thanosql_kernel.statements.results import MediaItem, TableResult

SIDE_PX = 48
MAX_IMAGES = 200
MAX_BYTES = 400_000
MAX_FILE_BYTES = 50_000_000


def table_images(result: TableResult, paths: PathFinder, cancelled: Callable[[], bool]) -> dict[str, str]:
    """The thumbnails of the local pictures that the table names.

    A path that is no readable picture has none: the table then shows the path alone.

    Args:
        result: The table.
        paths: Finds the pictures.
        cancelled: Asked between pictures.

    Returns:
        Path as the table has it -> ``data:`` URI; at most `MAX_IMAGES`, of `MAX_BYTES` together.

    Raises:
        Interrupted: ``cancelled`` said so.
    """
    from thanosql_kernel.jupyter.media import Tile, load_all, load_picture
    from thanosql_kernel.statements.results import MediaItem

    def load(item: MediaItem) -> Tile:
        if not _is_local_file(item.path, paths):
            return Tile(item, None)
        return load_picture(item, paths, SIDE_PX)

    times = _paths(result)
    items = [MediaItem(path, ()) for path in islice(times, MAX_IMAGES)]
    found: dict[str, str] = {}
    budget_bytes = MAX_BYTES
    for tile in load_all(load, items, cancelled):
        if not tile.source or not tile.item.path:
            continue
        budget_bytes -= len(tile.source) * times[tile.item.path]
        if budget_bytes >= 0:
            found[tile.item.path] = tile.source
    return found


def _paths(result: TableResult) -> Counter[str]:
    """What may be a picture's path, row by row, and how often it is there."""
    import pyarrow as pa

    kinds = (pa.types.is_string, pa.types.is_large_string)
    columns = [column for column in result.rows.columns if any(is_kind(column.type) for is_kind in kinds)]
    rows = zip(*(column.to_pylist() for column in columns), strict=True)
    return Counter(text for row in rows for text in row if text and _names_picture(text))


def _names_picture(text: str) -> bool:
    if "://" in text or is_remote(text):
        return False
    return len(text) < 4096 and PurePath(text).suffix.lower() in PICTURES


def _is_local_file(path: str | None, paths: PathFinder) -> bool:
    """Whether it is a file of a bearable size; reading a pipe would wait for ever."""
    try:
        _, status = paths.look(path or "")
    except (OSError, ValueError):
        return False
    return stat.S_ISREG(status.st_mode) and status.st_size <= MAX_FILE_BYTES
