"""What RAW files that are no TIFFs say of themselves: CR3 and RAF."""

from __future__ import annotations

from collections.abc import Iterator

from thanosql_kernel.images.makers import canon_boxes, fujifilm_directory, fujifilm_jpeg
from thanosql_kernel.images.metadata.exif import HEIGHT, WIDTH, exif_of, read_directory
from thanosql_kernel.images.metadata.found import Found
from thanosql_kernel.images.metadata.jpeg import read_jpeg
from thanosql_kernel.images.window import Bytes, Window, over

#: Tags of a RAF's directory: all of the picture, and what is shown of it.
_RAF_WHOLE, _RAF_SHOWN = 0x0100, 0x0111
_MOST_ENTRIES, _LONGEST = 256, 4096


def read_cr3(window: Window) -> Found:
    """What a CR3 says: its directories are TIFFs of their own, the first of the picture, others of when and where."""
    parts = {box.kind: window.part(box.start, box.stop) for box in canon_boxes(window)}
    first, details, gps = (
        read_directory(parts[kind]) if kind in parts else None for kind in (b"CMT1", b"CMT2", b"CMT4")
    )
    if first is None:
        return Found()
    return Found(first.integer(WIDTH), first.integer(HEIGHT), exif_of(first, details, gps))


def read_raf(window: Window) -> Found:
    """What a RAF says: its JPEG of when, where and how it was held, its directory of the size."""
    at, length = fujifilm_jpeg(window)
    shown = _as_window(window.part(at, at + length)) if at and length else None
    exif = read_jpeg(shown).exif if shown is not None else None
    directory = fujifilm_directory(window)
    sizes = dict(_raf_sizes(window, directory.place)) if directory.length else {}
    width, height = sizes.get(_RAF_SHOWN) or sizes.get(_RAF_WHOLE) or (None, None)
    return Found(width, height, exif)


def _raf_sizes(window: Window, at: int) -> Iterator[tuple[int, tuple[int, int]]]:
    """Tags whose values are a height and a width, 16 bits each."""
    count = int.from_bytes(window[at : at + 4], "big")
    at += 4
    for _ in range(min(count, _MOST_ENTRIES)):
        entry = window[at : at + 8]
        tag, size = int.from_bytes(entry[:2], "big"), int.from_bytes(entry[2:4], "big")
        if len(entry) < 8 or size > _LONGEST:
            return
        if size == 4:
            yield tag, (int.from_bytes(entry[6:8], "big"), int.from_bytes(entry[4:6], "big"))
        at += 4 + size


def _as_window(content: Bytes) -> Window:
    return over(content) if isinstance(content, bytes) else content
