"""Vector columns resident in memory, as many as fit."""

from __future__ import annotations

import os
import re
import threading
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

from thanosql_kernel.engine.search.cosine import UnitVectors
from thanosql_kernel.machine import memory_bytes


class BlockKey(NamedTuple):
    """A vector column at one moment: storage name and version of the table, and the column's name."""

    table: str
    version: int
    column: str


class VectorMemory:
    """The vector columns used last, as many as fit; safe to use from several threads.

    Attributes:
        cap_bytes: What all of them together may take.
    """

    def __init__(self, cap_bytes: int | None = None) -> None:
        self.cap_bytes = memory_cap_bytes() if cap_bytes is None else cap_bytes
        self._blocks: OrderedDict[BlockKey, UnitVectors] = OrderedDict()
        self._lock = threading.Lock()
        self._loading = threading.Lock()

    def fits(self, count: int, dim: int) -> bool:
        """Whether that many vectors may become resident."""
        return 4 * count * dim <= self.cap_bytes

    def get(self, key: BlockKey, load: Callable[[], UnitVectors]) -> UnitVectors:
        """The vectors of a column, loaded unless they are resident; older ones make room."""
        with self._loading:
            units = self._recall(key)
            if units is None:
                units = load()
                self._keep(key, units)
            return units

    def forget(self, table: str) -> None:
        """Drop what is held of a table."""
        with self._lock:
            for key in [key for key in self._blocks if key.table == table]:
                del self._blocks[key]

    @property
    def held_bytes(self) -> int:
        """What is resident now."""
        with self._lock:
            return sum(units.size_bytes for units in self._blocks.values())

    def _recall(self, key: BlockKey) -> UnitVectors | None:
        with self._lock:
            if key in self._blocks:
                self._blocks.move_to_end(key)
            return self._blocks.get(key)

    def _keep(self, key: BlockKey, units: UnitVectors) -> None:
        with self._lock:
            stale = [k for k in self._blocks if (k.table, k.column) == (key.table, key.column)]
            for old in stale:
                del self._blocks[old]
            self._blocks[key] = units
            while len(self._blocks) > 1 and sum(u.size_bytes for u in self._blocks.values()) > self.cap_bytes:
                self._blocks.popitem(last=False)


_UNITS_BYTES = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}


def memory_cap_bytes() -> int:
    """``THANOSQL_MEMORY`` (bytes, or like ``4GB``, ``512 MiB``), else a quarter of this machine's memory."""
    asked = re.fullmatch(r"\s*([\d.]+)\s*([kmgt]?)i?b?\s*", os.environ.get("THANOSQL_MEMORY", "").lower())
    if asked:
        with suppress(ValueError):
            return int(float(asked[1]) * _UNITS_BYTES[asked[2]])
    return memory_bytes() // 4
