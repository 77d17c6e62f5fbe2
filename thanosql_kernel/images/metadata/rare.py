"""Formats that are rare among photos, and files that the strict readers do not understand: what Pillow says of them."""

from __future__ import annotations

import contextlib
import io
import os
from typing import BinaryIO

from PIL import Image

from thanosql_kernel.files import open_regular
from thanosql_kernel.images.metadata.exif import Exif, read_exif
from thanosql_kernel.images.metadata.found import Found, xmp_orientation
from thanosql_kernel.images.sniff import open_unread

Source = str | os.PathLike[str] | bytes
"""A picture: the path of its file, or the file's bytes."""

_PROFILE = "Raw profile type exif"
_SIGN = b"Exif\0\0"


def read_rare(source: Source) -> Found:
    """What Pillow says of a picture without reading its pixels; nothing if it does not know it.

    Raises:
        OSError: The file cannot be read.
    """
    stream = io.BytesIO(source) if isinstance(source, bytes) else open_regular(source)
    # Pillow raises a dozen types for headers that are broken.
    with stream, contextlib.suppress(Exception):
        return _by_pillow(stream)
    return Found()


def _by_pillow(stream: BinaryIO) -> Found:
    image = open_unread(stream)
    if image is None:
        return Found()
    packet = image.info.get("XML:com.adobe.xmp") or image.info.get("xmp") or b""
    packet = packet.encode() if isinstance(packet, str) else packet
    return Found(*image.size, _exif(image), xmp_orientation(packet))


def _exif(image: Image.Image) -> Exif | None:
    packed = image.info.get("exif")
    if packed is None and _PROFILE in image.info:
        packed = bytes.fromhex("".join(image.info[_PROFILE].split("\n")[3:]))
    if not packed:
        return None
    return read_exif(packed.removeprefix(_SIGN))
