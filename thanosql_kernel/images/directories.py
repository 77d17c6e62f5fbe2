"""The directories of TIFF files, which RAW photos are made of too; only what is asked for is read."""

from __future__ import annotations

import struct
from collections import deque
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from thanosql_kernel.images.parts import Span

MOST_ENTRIES = 4096
MOST_VALUES = 1 << 18
MOST_DIRECTORIES = 64
"""More of them is not a picture that anybody has written."""

SUB_DIRECTORIES = 330

# TIFF 6.0 and BigTIFF: size of a value by its type, and how the whole numbers are unpacked
_SIZES = {
    1: 1,
    2: 1,
    3: 2,
    4: 4,
    5: 8,
    6: 1,
    7: 1,
    8: 2,
    9: 4,
    10: 8,
    11: 4,
    12: 8,
    13: 4,
    16: 8,
    17: 8,
    18: 8,
}
_CODES = {1: "B", 3: "H", 4: "I", 6: "b", 8: "h", 9: "i", 13: "I", 16: "Q", 17: "q", 18: "Q"}


class _Entry(NamedTuple):
    kind: int
    values: int
    place: int


class Directory:
    """One directory: numbers and bytes by tag.

    Args:
        stream: The file.
        order: ``<`` or ``>``.
        entries: By tag.
        following: Where the next directory is; 0 if there is none.
    """

    def __init__(self, stream: BinaryIO, order: str, entries: dict[int, _Entry], following: int) -> None:
        self.following = following
        self._stream = stream
        self._order = order
        self._entries = entries

    def __contains__(self, tag: int) -> bool:
        return tag in self._entries

    def numbers(self, tag: int) -> tuple[int, ...]:
        """The first whole numbers under a tag; () if there are none."""
        entry = self._entries.get(tag)
        if entry is None or entry.kind not in _CODES:
            return ()
        count = min(entry.values, MOST_VALUES)
        self._stream.seek(entry.place)
        data = self._stream.read(count * _SIZES[entry.kind])
        count = len(data) // _SIZES[entry.kind]
        return struct.unpack(f"{self._order}{count}{_CODES[entry.kind]}", data[: count * _SIZES[entry.kind]])

    def number(self, tag: int, default: int = 0) -> int:
        """The first number under a tag."""
        return next(iter(self.numbers(tag)), default)

    def text(self, tag: int) -> str:
        """The text under a tag; empty if there is none."""
        span = self.span(tag)
        if span is None:
            return ""
        self._stream.seek(span.place)
        return self._stream.read(min(span.length, 256)).partition(b"\0")[0].decode("latin-1").strip()

    def span(self, tag: int) -> Span | None:
        """Where the bytes under a tag are."""
        entry = self._entries.get(tag)
        return None if entry is None else Span(entry.place, entry.values * _SIZES.get(entry.kind, 1))


class Directories:
    """The directories of one file.

    Args:
        stream: The file.
        order: ``<`` or ``>``.
        is_big: Whether places take eight bytes (BigTIFF).
        base: What places count from.
    """

    def __init__(self, stream: BinaryIO, order: str, *, is_big: bool = False, base: int = 0) -> None:
        self._stream = stream
        self._order = order
        self._base = base
        self._is_big = is_big

    def walk(self, first: int) -> Iterator[Directory]:
        """The directory at a place, those that follow it and those below them, each once."""
        waiting, seen = deque([first]), set[int]()
        while waiting and len(seen) < MOST_DIRECTORIES:
            place = waiting.popleft()
            if place == 0 or place in seen:
                continue
            seen.add(place)
            found = self.read(place)
            yield found
            waiting.extend(found.numbers(SUB_DIRECTORIES)[:MOST_DIRECTORIES])
            waiting.append(found.following)

    def read(self, place: int) -> Directory:
        """The directory at a place; what cannot be read of it is not there."""
        count_size, entry_size, place_code = (8, 20, "Q") if self._is_big else (2, 12, "I")
        self._stream.seek(self._base + place)
        head = self._stream.read(count_size)
        if len(head) < count_size:
            return Directory(self._stream, self._order, {}, 0)
        (count,) = struct.unpack(self._order + ("Q" if self._is_big else "H"), head)
        count = min(count, MOST_ENTRIES)
        data = self._stream.read(count * entry_size + struct.calcsize(place_code))
        start = self._base + place + count_size
        entries: dict[int, _Entry] = {}
        for at in range(0, min(count * entry_size, len(data) - entry_size + 1), entry_size):
            tag, entry = self._entry(data[at : at + entry_size], start + at, place_code)
            entries.setdefault(tag, entry)
        rest = data[count * entry_size :]
        following = struct.unpack(self._order + place_code, rest)[0] if rest and len(rest) >= 4 else 0
        return Directory(self._stream, self._order, entries, following)

    def _entry(self, data: bytes, place: int, place_code: str) -> tuple[int, _Entry]:
        """A tag and its entry; small values stand in the entry itself."""
        tag, kind, count = struct.unpack_from(f"{self._order}HH{place_code}", data)
        room = struct.calcsize(place_code)
        value_at = len(data) - room
        if count * _SIZES.get(kind, 1) > room:
            (value,) = struct.unpack_from(self._order + place_code, data, value_at)
            return tag, _Entry(kind, count, self._base + value)
        return tag, _Entry(kind, count, place + value_at)


_MAGIC = {b"II*\0": ("<", False), b"MM\0*": (">", False), b"II+\0": ("<", True), b"MM\0+": (">", True)}


def is_tiff(head: bytes) -> bool:
    """Whether a file that begins like this is a TIFF, or a RAW photo that looks like one."""
    return head[:4] in _MAGIC


def directories(stream: BinaryIO, head: bytes) -> list[Directory]:
    """All directories of a TIFF; the first one is its main picture's.

    Args:
        stream: The file.
        head: Its first 16 bytes.
    """
    order, is_big = _MAGIC.get(head[:4], ("<" if head.startswith(b"II") else ">", False))
    place = head[8:16] if is_big else head[4:8]
    first = int.from_bytes(place, "little" if order == "<" else "big")
    return list(Directories(stream, order, is_big=is_big).walk(first))
