"""Vector columns resident in memory, fragment by fragment, as many as fit."""

from __future__ import annotations

import os
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.engine.search.cosine import Floats, Run, UnitVectors, joined, score, tile_rows
from thanosql_kernel.engine.store.identity import (
    Fragment,
    ValuesKey,
    fragments,
    living,
    stored_values,
    table_identity,
)
from thanosql_kernel.interrupts import POLL_S, Call, abandonable, never
from thanosql_kernel.machine import memory_bytes

if TYPE_CHECKING:
    import pyarrow as pa

SHARED_TILES = 32
"""Fragments of less than a quarter of this share a block of so many tiles: 1,500 INSERTs are three tiles, not 1,500."""
_LAYOUTS = 64
T = TypeVar("T")


class ResidentColumn(NamedTuple):
    """The vectors of a table's rows, in their order.

    Attributes:
        runs: Where they are in memory, those of deleted rows among them.
        live: Which of them are not deleted, bool; None for all.
    """

    runs: tuple[Run, ...]
    live: NDArray[np.bool_] | None

    def score(self, queries: Floats, check: Callable[[], None] = never) -> Floats:
        """Cosines (n, q) of the n rows; see `cosine.score`."""
        scores = score(self.runs, queries, check)
        return scores if self.live is None else scores[self.live]


class Coverage(NamedTuple):
    """How much of a vector column is in memory.

    Attributes:
        resident: Vectors that are, those of deleted rows among them.
        rows: Vectors that there are.
        size_bytes: What all of them take.
        fits: Whether that is allowed; else they are read from disk each time.
    """

    resident: int
    rows: int
    size_bytes: int
    fits: bool


@dataclass(slots=True)
class _Block:
    """A block of vectors and what is in it.

    Attributes:
        family: The column that it was loaded for, by the table's address and the column's name.
        parts: The fragments in it that may be asked for again.
    """

    units: UnitVectors
    family: tuple[str, str]
    parts: dict[ValuesKey, Run] = field(default_factory=dict)

    @property
    def is_mostly_dead(self) -> bool:
        """Whether less than half of its vectors may be asked for again."""
        return 2 * sum(run.rows for run in self.parts.values()) < self.units.count


class VectorMemory:
    """The vector columns used last, as many as fit; safe to use from several threads.

    What is held is the values of a column in one fragment, by the file that they are in: rows that are inserted are
    another fragment, rows that are deleted stay where they are and are left out of the scores.

    Attributes:
        cap_bytes: What all of them together may take.
    """

    def __init__(self, cap_bytes: int | None = None) -> None:
        self.cap_bytes = memory_cap_bytes() if cap_bytes is None else cap_bytes
        self._blocks: OrderedDict[int, _Block] = OrderedDict()  # the one used last is last
        self._layouts: OrderedDict[tuple[bytes, str, int], ResidentColumn] = OrderedDict()
        self._lock = threading.Lock()
        self._loading = threading.Lock()

    @property
    def held_bytes(self) -> int:
        """What is resident now."""
        with self._lock:
            return self._held()

    def column(
        self, dataset: Any, column: str, dim: int, check: Callable[[], None] = never
    ) -> ResidentColumn | None:
        """The vectors of a column, of which only those are loaded that are not resident; None if they do not fit.

        Args:
            dataset: A Lance data set.
            column: A column of vectors of it.
            dim: Their length; vectors of another length count as NULL.
            check: Raises `Interrupted` when the user asked to stop; what was loaded before that stays.
        """
        key = (table_identity(dataset), column, dim)
        found = self._recall(key)
        if found is not None:
            return found
        with held(self._loading, check), abandonable(check) as call:
            found = self._recall(key)
            if found is not None:
                return found
            parts = call(lambda: fragments(dataset, column))
            if _needed_bytes(parts, dim) > self.cap_bytes:
                return None
            aside = partial(checked, check, call)
            runs = self._loaded(dataset, column, parts, dim, aside)
            live = living_rows(dataset, parts, aside)
            return self._remember(key, ResidentColumn(tuple(joined(runs)), live))

    # -- what is there -------------------------------------------------------------------------------------------
    def coverage(self, dataset: Any, column: str, dim: int) -> Coverage:
        """How much of a column is resident, and whether all of it could be; nothing is loaded."""
        parts, known = fragments(dataset, column), self._runs(dim)
        resident = sum(part.rows for part in parts if part.values in known)
        size = _needed_bytes(parts, dim)
        return Coverage(resident, sum(part.rows for part in parts), size, size <= self.cap_bytes)

    def _recall(self, key: tuple[bytes, str, int]) -> ResidentColumn | None:
        with self._lock:
            found = self._layouts.get(key)
            if found is not None:
                self._layouts.move_to_end(key)
                self._touch(found.runs)
            return found

    def _remember(self, key: tuple[bytes, str, int], column: ResidentColumn) -> ResidentColumn:
        with self._lock:
            self._layouts[key] = column
            self._touch(column.runs)
            while len(self._layouts) > _LAYOUTS:
                self._layouts.popitem(last=False)
            return column

    def _touch(self, runs: Sequence[Run]) -> None:
        for number in dict.fromkeys(id(run.units) for run in runs):
            if number in self._blocks:
                self._blocks.move_to_end(number)

    def _held(self) -> int:
        return sum(block.units.size_bytes for block in self._blocks.values())

    def _runs(self, dim: int) -> dict[ValuesKey, Run]:
        with self._lock:
            blocks = [block for block in self._blocks.values() if block.units.dim == dim]
            return {key: run for block in blocks for key, run in block.parts.items()}

    # -- loading -------------------------------------------------------------------------------------------------
    def _loaded(
        self, dataset: Any, column: str, parts: Sequence[Fragment], dim: int, call: Call
    ) -> list[Run]:
        """Where all fragments' vectors are, after those that were missing have been loaded."""
        family = (str(dataset.uri), column)
        wanted = {part.values for part in parts}
        self._drop_stale(family, wanted)
        known = self._runs(dim)
        missing = [part for part in parts if part.values not in known]
        self._make_room(wanted, _needed_bytes(missing, dim) if missing else 0)
        arrays = _Cutter(stored_values(dataset, column, missing) if missing else iter(()), call)
        for part in missing:
            block = self._block_for(family, part.rows, dim)
            run = block.units.add(arrays.next(part.rows), part.rows)
            with self._lock:
                block.parts[part.values] = run
                self._blocks.setdefault(id(block.units), block)
        known = self._runs(dim)
        return [known[part.values] for part in parts]

    def _block_for(self, family: tuple[str, str], rows: int, dim: int) -> _Block:
        """A block with room for so many vectors: one of its own for many, else the one that was begun last."""
        shared = SHARED_TILES * tile_rows(dim)
        if 4 * rows >= shared:
            return _Block(UnitVectors(rows, dim), family)
        with self._lock:
            for block in reversed(self._blocks.values()):
                if block.family == family and block.units.dim == dim and block.units.room >= rows:
                    return block
        return _Block(UnitVectors(shared, dim), family)

    # -- letting go ----------------------------------------------------------------------------------------------
    def _drop_stale(self, family: tuple[str, str], wanted: set[ValuesKey]) -> None:
        """Let go of what the table had before it was changed."""
        with self._lock:
            for number, block in list(self._blocks.items()):
                if block.family == family:
                    for key in [key for key in block.parts if key not in wanted]:
                        del block.parts[key]
                    if block.is_mostly_dead:
                        self._drop(number)

    def _make_room(self, wanted: set[ValuesKey], size: int) -> None:
        """Let go of what was used longest ago until ``size`` bytes more can be held."""
        with self._lock:
            for number, block in list(self._blocks.items()):
                if self._held() + size <= self.cap_bytes:
                    return
                if wanted.isdisjoint(block.parts):
                    self._drop(number)

    def _drop(self, number: int) -> None:
        units = self._blocks.pop(number).units
        for key, column in list(self._layouts.items()):
            if any(run.units is units for run in column.runs):
                del self._layouts[key]


def checked(check: Callable[[], None], call: Call, work: Callable[[], T]) -> T:
    """Work at the side, after a look whether to stop: many short pieces of it last long too."""
    check()
    return call(work)


@contextmanager
def held(lock: threading.Lock, check: Callable[[], None]) -> Iterator[None]:
    """Hold a lock that somebody may hold for long."""
    while not lock.acquire(timeout=POLL_S):
        check()
    try:
        yield
    finally:
        lock.release()


def is_small(part: Fragment, dim: int) -> bool:
    """Whether a fragment shares its block with others."""
    return 4 * part.rows < SHARED_TILES * tile_rows(dim)


def _needed_bytes(parts: Sequence[Fragment], dim: int) -> int:
    """What fragments take in memory at most."""
    tile = tile_rows(dim)
    small = sum(part.rows for part in parts if is_small(part, dim))
    large = sum(-(-part.rows // tile) for part in parts if not is_small(part, dim))
    return 4 * dim * tile * (large + -(-small // tile))


def living_rows(dataset: Any, parts: Sequence[Fragment], call: Call) -> NDArray[np.bool_] | None:
    """Which stored rows are not deleted; None for all."""
    if not any(part.deletions for part in parts):
        return None
    return np.concatenate(
        [
            call(partial(living, dataset, part)) if part.deletions else np.ones(part.rows, dtype=np.bool_)
            for part in parts
        ]
    )


class _Cutter:
    """Arrow arrays that follow one another, cut anew."""

    def __init__(self, arrays: Iterator[pa.Array], call: Call) -> None:
        self._arrays = arrays
        self._call = call
        self._left: pa.Array | None = None

    def next(self, count: int) -> Iterator[pa.Array]:
        """The next so many values, as they come; fewer at the end."""
        while count:
            array = self._left if self._left is not None else self._call(partial(next, self._arrays, None))
            if array is None:
                return
            self._left = array.slice(count) if len(array) > count else None
            array = array.slice(0, count)
            count -= len(array)
            yield array


_UNITS_BYTES = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}


def memory_cap_bytes() -> int:
    """``THANOSQL_MEMORY`` (bytes, or like ``4GB``, ``512 MiB``), else a quarter of this machine's memory."""
    asked = re.fullmatch(r"\s*([\d.]+)\s*([kmgt]?)i?b?\s*", os.environ.get("THANOSQL_MEMORY", "").lower())
    if asked:
        with suppress(ValueError):
            return int(float(asked[1]) * _UNITS_BYTES[asked[2]])
    return memory_bytes() // 4
