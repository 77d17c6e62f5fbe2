"""JPEG (ITU-T T.81): segments up to the frame header."""

from __future__ import annotations

from thanosql_kernel.images.metadata.exif import Exif, read_exif
from thanosql_kernel.images.metadata.found import Found, xmp_orientation
from thanosql_kernel.images.metadata.window import Window

_EXIF, _XMP = b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0"
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_APP1, _SCAN, _END = 0xE1, 0xDA, 0xD9
#: Markers without a length.
_ALONE = frozenset((0x00, 0x01, *range(0xD0, 0xD9)))
_MOST_SEGMENTS = 3000


def read_jpeg(window: Window) -> Found:
    """What stands before the pixels of a JPEG."""
    offset, exif, orientation = 2, None, None
    for _ in range(_MOST_SEGMENTS):
        head = window.at(offset, 9)
        if len(head) < 4 or head[0] != 0xFF or head[1] in (_SCAN, _END):
            break
        marker, length = head[1], int.from_bytes(head[2:4], "big")
        if marker == 0xFF:
            offset += 1
            continue
        if marker in _ALONE:
            offset += 2
            continue
        if marker in _FRAMES and len(head) == 9:
            height, width = int.from_bytes(head[5:7], "big"), int.from_bytes(head[7:9], "big")
            return Found(width, height, exif, orientation)
        if marker == _APP1:
            exif, orientation = _app1(window, offset + 4, offset + 2 + length, exif, orientation)
        offset += 2 + length
    return Found(None, None, exif, orientation)


def _app1(
    window: Window, start: int, end: int, exif: Exif | None, orientation: int | None
) -> tuple[Exif | None, int | None]:
    head = window.at(start, len(_XMP))
    if exif is None and head.startswith(_EXIF):
        return read_exif(window.within(start + len(_EXIF), end)), orientation
    if head == _XMP:
        return exif, xmp_orientation(window.at(start + len(_XMP), end - start - len(_XMP)))
    return exif, orientation
