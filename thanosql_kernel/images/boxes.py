"""The boxes of ISO/IEC 14496-12, of which HEIF, AVIF and CR3 files are made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from thanosql_kernel.images.window import MOST, Window

MOST_BOXES = 4096


class Box(NamedTuple):
    """One box.

    Attributes:
        kind: Its four letters.
        uuid: What stands for these in a box of somebody's own; empty otherwise.
        start: Where its content begins.
        stop: Where it ends.
    """

    kind: bytes
    uuid: bytes
    start: int
    stop: int


def boxes(window: Window, start: int = 0, stop: int | None = None) -> Iterator[Box]:
    """The boxes between two places of a file, the last as long as it says or as there is room.

    Args:
        window: The file.
        start: Where the first begins.
        stop: Where the last ends at most; None for wherever the file does.
    """
    for _ in range(MOST_BOXES):
        if stop is not None and start >= stop:
            return
        head = window[start : start + 32]
        if len(head) < 8:
            return
        size, kind, header = int.from_bytes(head[:4], "big"), head[4:8], 8
        if size == 1:
            size, header = int.from_bytes(head[8:16], "big"), 16
        elif size == 0:
            size = (start + MOST if stop is None else stop) - start
        if size < header:
            return
        end = start + size if stop is None else min(start + size, stop)
        uuid = head[header : header + 16] if kind == b"uuid" else b""
        yield Box(kind, uuid, start + header + len(uuid), end)
        start += size
