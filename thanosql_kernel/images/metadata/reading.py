"""Which reader takes a file, and what is made of what it finds."""

from __future__ import annotations

import os
from collections.abc import Callable

from thanosql_kernel.files import descriptor_of, read_at
from thanosql_kernel.images.makers import CR3, RAF
from thanosql_kernel.images.metadata.chunks import InPackedText, read_png, read_webp
from thanosql_kernel.images.metadata.found import Found
from thanosql_kernel.images.metadata.heif import read_heif
from thanosql_kernel.images.metadata.jpeg import read_jpeg
from thanosql_kernel.images.metadata.model import Metadata
from thanosql_kernel.images.metadata.rare import Source, read_rare
from thanosql_kernel.images.metadata.raws import read_cr3, read_raf
from thanosql_kernel.images.metadata.tiff import MAGIC, read_tiff
from thanosql_kernel.images.window import Read, Window

#: Orientations that lie on their side.
_LYING = (5, 6, 7, 8)
_LARGEST = 2**31


def read_metadata(source: Source) -> Metadata:
    """What a picture says of itself.

    Args:
        source: The path of a regular file, or its bytes.

    Returns:
        What is known; nothing of a file that is broken, is no picture or cannot be read. Never an error.
    """
    if isinstance(source, bytes):
        return _metadata(lambda length, offset: source[offset : offset + length], source)
    try:
        with descriptor_of(source) as descriptor:
            return read_open(source, descriptor, b"")
    except (OSError, ValueError):
        return Metadata()


def read_open(path: str | os.PathLike[str], descriptor: int, head: bytes) -> Metadata:
    """What a picture says of itself whose file is open.

    Args:
        path: Of the file.
        descriptor: Of the file.
        head: Its first bytes, if they have been read.
    """

    def read(length: int, offset: int) -> bytes:
        if offset + length <= len(head):
            return head[offset : offset + length]
        return read_at(descriptor, length, offset)

    try:
        return _metadata(read, path)
    except OSError:
        return Metadata()


def _metadata(read: Read, source: Source) -> Metadata:
    window = Window(read)
    head = window.head[:16]
    reader = _format(head)
    if reader is None:
        return _told(read_rare(source)) if head else Metadata()
    try:
        found = reader(window)
    except InPackedText:
        found = Found()
    is_odd = found.width is None and reader in (read_jpeg, read_png)
    return _told(read_rare(source) if is_odd else found)


def _format(head: bytes) -> Callable[[Window], Found] | None:
    if head[:3] == b"\xff\xd8\xff":
        return read_jpeg
    if head[:8] == b"\x89PNG\r\n\x1a\n":
        return read_png
    if head[4:8] == b"ftyp":
        return read_cr3 if head[4:12] == CR3 else read_heif
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return read_webp
    if head == RAF:
        return read_raf
    return read_tiff if head[:4] in MAGIC else None


def _told(found: Found) -> Metadata:
    """What a reader found, as a table has it."""
    exif = found.exif
    width, height = found.width, found.height
    if not (width and height and 0 < width < _LARGEST and 0 < height < _LARGEST):
        width = height = None
    elif not found.is_upright and _orientation(found) in _LYING:
        width, height = height, width
    if exif is None:
        return Metadata(width=width, height=height)
    return Metadata(
        exif.taken_at, exif.taken_offset, width, height, exif.camera, exif.latitude, exif.longitude
    )


def _orientation(found: Found) -> int | None:
    by_exif = found.exif.orientation if found.exif else None
    return found.orientation if by_exif is None else by_exif
