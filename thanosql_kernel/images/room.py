"""Memory for pictures that are decoded at the same time: all of them together take no more than there is room for."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Room:
    """Bytes that several threads share; who came first is let in first, so that a large picture is not passed by.

    Args:
        size_bytes: What all who are in may take together; one that takes more is let in when nobody else is.
    """

    def __init__(self, size_bytes: int) -> None:
        self._size_bytes = size_bytes
        self._held_bytes = 0
        self._first = threading.Lock()
        self._left = threading.Condition()

    @contextmanager
    def taken(self, size_bytes: int) -> Iterator[None]:
        """Wait until there is room for so much more, and hold it meanwhile."""
        size_bytes = min(size_bytes, self._size_bytes)
        with self._first, self._left:
            self._left.wait_for(lambda: self._held_bytes + size_bytes <= self._size_bytes)
            self._held_bytes += size_bytes
        try:
            yield
        finally:
            with self._left:
                self._held_bytes -= size_bytes
                self._left.notify()
