"""JPEG (ITU-T T.81): segments up to the frame header."""

from __future__ import annotations

from struct import Struct

from thanosql_kernel.images.metadata.exif import read_exif
from thanosql_kernel.images.metadata.found import Found, xmp_orientation
from thanosql_kernel.images.window import Window

_EXIF, _XMP = b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0"
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_APP1 = 0xE1
#: The scan and the end of the picture; others have no length.
_OVER = frozenset((0xDA, 0xD9))
_ALONE = frozenset((0x00, 0x01, *range(0xD0, 0xD9), 0xFF))
#: Marker and length of a segment; height and width, if it is a frame header.
_SEGMENT = Struct(">BBHxHH")
_MOST_SEGMENTS = 3000


def read_jpeg(window: Window) -> Found:
    """What stands before the pixels of a JPEG."""
    offset, exif, orientation = 2, None, None
    at_hand, near = window.head, len(window.head) - _SEGMENT.size
    for _ in range(_MOST_SEGMENTS):
        head, at = (at_hand, offset) if offset <= near else (window[offset : offset + _SEGMENT.size], 0)
        if at == 0 and len(head) < _SEGMENT.size:
            break
        sign, marker, length, height, width = _SEGMENT.unpack_from(head, at)
        if sign != 0xFF or marker in _OVER:
            break
        if marker in _FRAMES:
            return Found(width, height, exif, orientation)
        if marker in _ALONE:
            offset += 1 if marker == 0xFF else 2
            continue
        start, end = offset + 4, offset + 2 + length
        if marker == _APP1:
            name = window[start : start + len(_XMP)]
            if exif is None and name.startswith(_EXIF):
                exif = read_exif(window.part(start + len(_EXIF), end))
            elif name == _XMP:
                orientation = xmp_orientation(window[start + len(_XMP) : end])
        offset = end
    return Found(None, None, exif, orientation)
