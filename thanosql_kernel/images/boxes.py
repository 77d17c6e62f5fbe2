"""The boxes of ISO/IEC 14496-12, of which HEIF, CR3 and JPEG XL files are made."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

MOST_BOXES = 256


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


def boxes(stream: BinaryIO, start: int = 0, stop: int | None = None) -> Iterator[Box]:
    """The boxes between two places of a file, from start to end; one that claims more than there is ends there."""
    if stop is None:
        stop = stream.seek(0, io.SEEK_END)
    for _ in range(MOST_BOXES):
        stream.seek(start)
        head = stream.read(32)
        if start + 8 > stop or len(head) < 8:
            return
        size, kind, header = int.from_bytes(head[:4], "big"), head[4:8], 8
        if size == 1:
            size, header = int.from_bytes(head[8:16], "big"), 16
        end = stop if size == 0 else start + size
        if size != 0 and size < header:
            return
        end = min(end, stop)
        is_own = kind == b"uuid"
        uuid = head[header : header + 16] if is_own else b""
        yield Box(kind, uuid, start + header + (16 if is_own else 0), end)
        start = end
