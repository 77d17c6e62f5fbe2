"""Bytes of a file by their place, read in few and small pieces."""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO

#: Reads that many bytes at an offset; fewer at the end of the file.
Read = Callable[[int, int], bytes]

#: Bytes of the first read, which mostly is the only one.
HEAD = 8192
_PIECE = 2048
#: What no header is longer than; more is not asked for, whatever a length says.
MOST = 1 << 20


class Window:
    """The bytes of a file: ``window[start:end]`` reads them, as a slice of `bytes` gives them.

    Args:
        read: Reads from it.
        start: Where offset 0 is.
        end: Behind the last byte that may be read, from ``start`` on; None where the file ends.

    Attributes:
        head: Its first bytes.
    """

    __slots__ = ("_at", "_end", "_held", "_read", "_start", "head")

    def __init__(self, read: Read, start: int = 0, end: int | None = None) -> None:
        self._read, self._start, self._end = read, start, end
        self.head = self._held = read(HEAD if end is None else min(end, HEAD), start)
        self._at = 0

    def __getitem__(self, where: slice) -> bytes:
        """The bytes from ``start`` to ``stop``; fewer where there are no more, none where that many cannot be meant."""
        start, stop = where.start, where.stop
        if stop <= len(self.head):
            return self.head[start:stop]
        begin = start - self._at
        if begin < 0 or stop - self._at > len(self._held):
            self._fetch(start, stop - start)
            begin = 0
        return self._held[begin : begin + stop - start]

    def part(self, start: int, end: int) -> bytes | Window:
        """A part of it, with offsets of its own; `bytes` if it is at hand."""
        if end <= len(self.head):
            return self.head[start:end]
        limit = end if self._end is None else min(end, self._end)
        return Window(self._read, self._start + start, max(0, limit - start))

    def _fetch(self, start: int, length: int) -> None:
        room = MOST if self._end is None else max(0, self._end - start)
        self._held, self._at = b"", start
        if 0 < length <= MOST and room:
            self._held = self._read(min(max(length, _PIECE), room), self._start + start)


def read_at(stream: BinaryIO, length: int, offset: int) -> bytes:
    """Bytes of a file object: what a `Window` over it reads."""
    stream.seek(offset)
    return stream.read(length)


Bytes = bytes | Window
"""What a structure is read from: all of it at hand, or read when it is asked for."""


def over(content: bytes) -> Window:
    """Bytes at hand, as a window."""
    return Window(lambda length, offset: content[offset : offset + length], 0, len(content))
