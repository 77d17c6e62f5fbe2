"""Parts of files as files of their own."""

from __future__ import annotations

import io
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import BinaryIO, NamedTuple


class Span(NamedTuple):
    """Where some bytes of a file are."""

    place: int
    length: int


def part(stream: BinaryIO, span: Span) -> BinaryIO:
    """A part of a file as a file."""
    return io.BufferedReader(Parts(stream, [span]))


class Parts(io.RawIOBase):
    """Some parts of a file, one behind the other, as a file.

    Args:
        stream: The file.
        spans: The parts.
    """

    def __init__(self, stream: BinaryIO, spans: Sequence[Span]) -> None:
        self._stream = stream
        self._spans = spans
        self._starts = list(accumulate((span.length for span in spans), initial=0))
        self._at = 0

    def readable(self) -> bool:
        """True."""
        return True

    def seekable(self) -> bool:
        """True."""
        return True

    def tell(self) -> int:
        """The place that is read next."""
        return self._at

    def seek(self, place: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place."""
        origin = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._starts[-1]}[whence]
        self._at = max(0, origin + place)
        return self._at

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill a buffer with what comes next, up to the end of a part."""
        number = bisect_right(self._starts, self._at) - 1
        if number >= len(self._spans):
            return 0
        inside = self._at - self._starts[number]
        self._stream.seek(self._spans[number].place + inside)
        data = self._stream.read(min(len(buffer), self._spans[number].length - inside))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)
