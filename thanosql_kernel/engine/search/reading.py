"""Columns of vectors read as a stream: plain arrays, and tiles of vectors of length one with their places."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.engine.relations.beside import BesideRelation
from thanosql_kernel.engine.relations.relation import Relation
from thanosql_kernel.engine.relations.results import KeptRelation
from thanosql_kernel.engine.relations.stored import StoredRelation
from thanosql_kernel.engine.search.blocks import ResidentColumn, VectorMemory, checked
from thanosql_kernel.engine.search.cosine import Floats, UnitVectors
from thanosql_kernel.errors import Span
from thanosql_kernel.interrupts import abandonable
from thanosql_kernel.statements.computing import different_lengths, vector_length

TILE_VALUES = 1 << 21
"""Numbers a tile: 4,096 vectors of 512, which a product of matrices passes over at full speed."""


class Tile(NamedTuple):
    """Vectors that follow one another.

    Attributes:
        values: float32 (n, dim), each of length one; rows of NaN stand for what has no direction.
        places: int64 (n,): which rows they are of.
    """

    values: Floats
    places: NDArray[np.int64]


class VectorColumn:
    """A column of vectors of rows that somebody reads perhaps several times.

    Args:
        rows: The rows; must be repeatable.
        name: The column.
        span: Where errors point.
        check: Raises `Interrupted` when the user asked to stop.
    """

    def __init__(self, rows: Relation, name: str, span: Span | None, check: Callable[[], None]) -> None:
        self.column = rows.column(name)
        self.name = self.column.name
        self.count = rows.count()
        self.check = check
        self._rows = rows
        self._span = span

    def length(self) -> int:
        """Of how many numbers a vector is; 0 where there is none.

        Raises:
            TypeMismatch: TS300, there are vectors of different lengths.
        """
        known = vector_length(self.column.type)
        if known:
            return known
        found = 0
        for array in self.arrays():
            found = self._one_length(array, found)
        return found

    def arrays(self) -> Iterator[Any]:
        """The vectors as Arrow arrays, some thousands at a time."""
        with _unwrapped(self._rows, self.name) as rows, ExitStack() as open_here:
            batches = rows.batches([self.name])
            step: Callable[[Any], Any] = self._step
            if isinstance(rows, StoredRelation):
                call = open_here.enter_context(abandonable(self.check))
                step = partial(checked, self.check, call)
            while (batch := step(partial(next, batches, None))) is not None:
                yield batch.column(0)

    def tiles(self, dim: int, memory: VectorMemory) -> Iterator[Tile]:
        """The vectors in their order; those of stored tables stay in memory for the next who asks, if they fit."""
        resident = self._resident(dim, memory)
        yield from self._streamed(dim) if resident is None else resident

    def _resident(self, dim: int, memory: VectorMemory) -> Iterator[Tile] | None:
        with _unwrapped(self._rows, self.name) as rows:
            if not isinstance(rows, StoredRelation) or not vector_length(self.column.type):
                return None
            found = memory.column(rows.dataset, self.name, dim, self.check)
            return None if found is None else _resident_tiles(found, dim, rows.offset, self.count)

    def _streamed(self, dim: int) -> Iterator[Tile]:
        at = 0
        for array in self.arrays():
            units = UnitVectors.collect([array], len(array), dim)
            yield Tile(units.values[: units.count], np.arange(at, at + len(array), dtype=np.int64))
            at += len(array)

    def _step(self, work: Callable[[], Any]) -> Any:
        self.check()
        return work()

    def _one_length(self, array: Any, found: int) -> int:
        import pyarrow.compute as pc

        lengths = pc.unique(pc.list_value_length(array).drop_null()).to_pylist()
        for length in (it for it in lengths if it):
            if found and length != found:
                raise different_lengths(self.name, found, length, self._span)
            found = length
        return found


@contextmanager
def _unwrapped(rows: Relation, name: str) -> Iterator[Relation]:
    """The rows that have the column themselves."""
    with ExitStack() as open_here:
        while True:
            if isinstance(rows, KeptRelation):
                rows = open_here.enter_context(rows.reading())
            elif isinstance(rows, BesideRelation) and rows.positions is None and not rows.is_added(name):
                rows = rows.base
            else:
                break
        yield rows


def _resident_tiles(found: ResidentColumn, dim: int, offset: int, count: int) -> Iterator[Tile]:
    """The vectors of the rows from an offset on, those of deleted rows left out."""
    size, at, seen = max(1, TILE_VALUES // dim), 0, 0
    for run in found.runs:
        for start in range(run.start, run.stop, size):
            values = run.units.values[start : min(start + size, run.stop)]
            if found.live is not None:
                live = found.live[at : at + len(values)]
                at += len(values)
                values = values if live.all() else values[live]
            places = np.arange(seen - offset, seen - offset + len(values), dtype=np.int64)
            seen += len(values)
            wanted = (places >= 0) & (places < count)
            if wanted.any():
                yield Tile(values, places) if wanted.all() else Tile(values[wanted], places[wanted])
