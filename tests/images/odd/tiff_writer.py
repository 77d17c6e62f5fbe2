"""Writes TIFF files, and RAW files that look like them, tag by tag."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Blob:
    """Bytes elsewhere in the file; the tag has their place."""

    data: bytes


@dataclass(frozen=True)
class Sub:
    """Directories below this one; the tag has their places."""

    directories: tuple[dict[int, Any], ...]


@dataclass(frozen=True)
class Shorts:
    """16-bit numbers."""

    values: tuple[int, ...]


def tiff_file(
    *directories: dict[int, Any],
    order: str = "<",
    magic: bytes = b"",
    extra: bytes = b"",
    is_big: bool = False,
) -> bytes:
    """A file of directories that follow each other.

    Args:
        directories: By tag: numbers (32 bits), `Shorts`, text, bytes, `Blob` or `Sub`.
        order: ``<`` or ``>``.
        magic: The first four bytes, those of a TIFF without.
        extra: Stands behind the head.
        is_big: Write a BigTIFF.
    """
    version = 43 if is_big else 42
    head = magic or (b"II" if order == "<" else b"MM") + struct.pack(order + "H", version)
    file = bytearray(head + (struct.pack(order + "HHQ", 8, 0, 0) if is_big else bytes(4)) + extra)
    first = 0
    for directory in reversed(directories):
        first = _add(file, directory, first, order, is_big)
    at, code = (8, "Q") if is_big else (4, "I")
    struct.pack_into(order + code, file, at, first)
    return bytes(file)


def _add(file: bytearray, directory: dict[int, Any], following: int, order: str, is_big: bool) -> int:
    word = "Q" if is_big else "I"
    entries = b""
    for tag, value in sorted(directory.items()):
        kind, count, data = _packed(file, value, order, is_big)
        if len(data) > struct.calcsize(word):
            data = struct.pack(order + word, _append(file, data))
        entries += struct.pack(f"{order}HH{word}", tag, kind, count) + data.ljust(
            struct.calcsize(word), b"\0"
        )
    count_of_entries = struct.pack(order + ("Q" if is_big else "H"), len(directory))
    return _append(file, count_of_entries + entries + struct.pack(order + word, following))


def _packed(file: bytearray, value: Any, order: str, is_big: bool) -> tuple[int, int, bytes]:
    """TIFF's type, how many there are, and the bytes of a value."""
    if isinstance(value, str):
        data = value.encode() + b"\0"
        return 2, len(data), data
    if isinstance(value, bytes):
        return 7, len(value), value
    if isinstance(value, Shorts):
        return 3, len(value.values), struct.pack(f"{order}{len(value.values)}H", *value.values)
    if isinstance(value, Blob):
        value = _append(file, value.data)
    if isinstance(value, Sub):
        value = [_add(file, directory, 0, order, is_big) for directory in value.directories]
    numbers = value if isinstance(value, list) else [value]
    return 4, len(numbers), struct.pack(f"{order}{len(numbers)}I", *numbers)


def _append(file: bytearray, data: bytes) -> int:
    if len(file) % 2:
        file += b"\0"
    place = len(file)
    file += data
    return place
