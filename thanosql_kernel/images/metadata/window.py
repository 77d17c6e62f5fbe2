"""Bytes of a file by their place, read in few and small pieces."""

from __future__ import annotations

from collections.abc import Callable

#: Reads that many bytes at an offset; fewer at the end of the file.
Read = Callable[[int, int], bytes]

#: Bytes of the first read, which mostly is the only one.
HEAD = 8192
_PIECE = 2048
#: What no header is longer than; more is not asked for, whatever a length says.
MOST = 1 << 20


class Window:
    """The bytes of a file.

    Args:
        read: Reads from it.
        start: Where offset 0 is.
        end: Behind the last byte that may be read, from ``start`` on; None where the file ends.
    """

    __slots__ = ("_at", "_held", "_read", "end", "start")

    def __init__(self, read: Read, start: int = 0, end: int | None = None) -> None:
        self._read, self.start, self.end = read, start, end
        self._held, self._at = b"", 0

    def at(self, offset: int, length: int) -> bytes:
        """Bytes at an offset; fewer where there are no more, none where that many cannot be meant."""
        begin = offset - self._at
        if begin < 0 or begin + length > len(self._held):
            self._fetch(offset, length)
            begin = 0
        return self._held[begin : begin + length]

    def within(self, start: int, end: int | None = None) -> Window:
        """A part of it, with offsets of its own; what is held serves the part, too."""
        part = Window(self._read, self.start + start, None if end is None else max(0, end - start))
        part._held, part._at = self._held, self._at - start
        if part.end is not None:
            part._held = part._held[: max(0, part.end - part._at)]
        return part

    def _fetch(self, offset: int, length: int) -> None:
        room = MOST if self.end is None else max(0, self.end - offset)
        self._held, self._at = b"", offset
        if offset >= 0 and 0 <= length <= MOST and room:
            wanted = max(length, HEAD if offset == 0 else _PIECE)
            self._held = self._read(min(wanted, room), self.start + offset)
