"""PNG (ISO/IEC 15948) and WebP (RFC 9649): chunks with their names and lengths."""

from __future__ import annotations

from thanosql_kernel.images.metadata.exif import read_exif
from thanosql_kernel.images.metadata.found import Found, xmp_orientation
from thanosql_kernel.images.window import Window

_MOST_CHUNKS = 2000
_XMP = b"XML:com.adobe.xmp\0"
#: What ImageMagick wrote before PNG had a chunk for it.
_PROFILE = b"Raw profile type "


class InPackedText(Exception):
    """EXIF stands in a text that has to be unpacked first."""


def read_png(window: Window) -> Found:
    """What stands in the chunks of a PNG, those behind its pixels among them.

    Raises:
        InPackedText: Some of it is where only Pillow looks.
    """
    size = window[16:24]
    width, height = int.from_bytes(size[:4], "big"), int.from_bytes(size[4:], "big")
    offset, exif, orientation = 8, None, None
    for _ in range(_MOST_CHUNKS):
        head = window[offset : offset + 8]
        length, name = int.from_bytes(head[:4], "big"), head[4:]
        if len(head) < 8 or name == b"IEND":
            break
        if name == b"eXIf":
            exif = read_exif(window.part(offset + 8, offset + 8 + length))
        elif name in (b"tEXt", b"zTXt", b"iTXt"):
            text = window[offset + 8 : offset + 8 + min(length, len(_PROFILE) + 4)]
            if text.startswith(_PROFILE):
                raise InPackedText
            if text.startswith(_XMP):
                orientation = xmp_orientation(window[offset + 8 : offset + 8 + length])
        offset += 12 + length
    return Found(width, height, exif, orientation)


def read_webp(window: Window) -> Found:
    """What stands in the chunks of a WebP."""
    offset, exif, orientation = 12, None, None
    width, height = _webp_size(window[12:30])
    for _ in range(_MOST_CHUNKS):
        head = window[offset : offset + 8]
        if len(head) < 8:
            break
        length, start = int.from_bytes(head[4:], "little"), offset + 8
        if head[:4] == b"EXIF":
            start += 6 * (window[start : start + 6] == b"Exif\0\0")
            exif = read_exif(window.part(start, offset + 8 + length))
        elif head[:4] == b"XMP ":
            orientation = xmp_orientation(window[start : start + length])
        offset += 8 + length + length % 2
    return Found(width, height, exif, orientation)


def _webp_size(first: bytes) -> tuple[int | None, int | None]:
    """Width and height by the first chunk: extended, lossless, lossy."""
    name, body = first[:4], first[8:]
    if name == b"VP8X":
        return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
    if name == b"VP8L" and body[:1] == b"\x2f":
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if name == b"VP8 " and body[3:6] == b"\x9d\x01\x2a":
        return int.from_bytes(body[6:8], "little") & 0x3FFF, int.from_bytes(body[8:10], "little") & 0x3FFF
    return None, None
