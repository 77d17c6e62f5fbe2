"""Recognise a picture by its first bytes and open it with that format's own reader.

``PIL.Image.open`` is not used: it tries every format it has (one of them starts Ghostscript), and warns
about large pictures through process-wide state. A short explicit list is safer and quicker.
"""

from __future__ import annotations

import importlib
from typing import Any, BinaryIO, cast

from PIL import Image

from thanosql_kernel.images.jpeg_xl import HEADS as JPEG_XL

_READERS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "PIL.JpegImagePlugin:JpegImageFile"),
    (0, b"\x89PNG\r\n\x1a\n", "PIL.PngImagePlugin:PngImageFile"),
    (0, b"GIF87a", "PIL.GifImagePlugin:GifImageFile"),
    (0, b"GIF89a", "PIL.GifImagePlugin:GifImageFile"),
    (8, b"WEBP", "PIL.WebPImagePlugin:WebPImageFile"),
    (0, b"II*\x00", "PIL.TiffImagePlugin:TiffImageFile"),
    (0, b"MM\x00*", "PIL.TiffImagePlugin:TiffImageFile"),
    (0, b"II+\x00", "PIL.TiffImagePlugin:TiffImageFile"),
    (0, b"MM\x00+", "PIL.TiffImagePlugin:TiffImageFile"),
    (0, b"BM", "PIL.BmpImagePlugin:BmpImageFile"),
    (0, b"\x00\x00\x00\x0cjP  \r\n\x87\n", "PIL.Jpeg2KImagePlugin:Jpeg2KImageFile"),
    (0, b"\xff\x4f\xff\x51", "PIL.Jpeg2KImagePlugin:Jpeg2KImageFile"),
    (0, b"\x00\x00\x01\x00", "PIL.IcoImagePlugin:IcoImageFile"),
    (0, b"8BPS", "PIL.PsdImagePlugin:PsdImageFile"),
    (0, b"qoif", "PIL.QoiImagePlugin:QoiImageFile"),
    *((0, head, "thanosql_kernel.images.jpeg_xl:JpegXlImageFile") for head in JPEG_XL),
)

_AVIF = "PIL.AvifImagePlugin:AvifImageFile"
_HEIF = "pillow_heif:HeifImageFile"
_PPM = "PIL.PpmImagePlugin:PpmImageFile"
_AVIF_BRANDS = {b"avif", b"avis"}
_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}


def open_unread(stream: BinaryIO) -> Image.Image | None:
    """Read a picture's header, none of its pixels.

    Args:
        stream: a seekable binary stream at its start.

    Returns:
        An image that is not loaded yet, or None when the bytes are no known kind of picture.

    Raises:
        Exception: whatever the format's reader raises on a broken header.
    """
    head = stream.read(64)
    stream.seek(0)
    reader = _reader(head)
    if reader is None:
        return None
    module, _, name = reader.partition(":")
    factory: Any = getattr(importlib.import_module(module), name)
    return cast(Image.Image, factory(stream))


def kind_name(head: bytes) -> str | None:
    """What kind of picture begins so, as people call it; None for other bytes."""
    reader = _reader(head)
    return None if reader is None else reader.rpartition(":")[2].removesuffix("ImageFile").upper()


def _reader(head: bytes) -> str | None:
    for offset, magic, reader in _READERS:
        if head.startswith(magic, offset):
            return reader
    if head[4:8] == b"ftyp":
        return _iso_media(head)
    if head[:1] == b"P" and head[1:2] in b"123456" and head[2:3].isspace():
        return _PPM
    return None


def _iso_media(head: bytes) -> str | None:
    """HEIF and AVIF share a container (ISO/IEC 14496-12): major brand, version, compatible brands."""
    end = min(int.from_bytes(head[:4], "big"), len(head))
    brands = {head[8:12], *(head[i : i + 4] for i in range(16, end, 4))}
    if brands & _AVIF_BRANDS:
        return _AVIF
    return _HEIF if brands & _HEIF_BRANDS else None
