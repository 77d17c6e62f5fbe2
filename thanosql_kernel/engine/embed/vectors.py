"""Vectors of rows, read as they are wanted: new ones from the cache, others from the column that has them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.engine.relations.relation import Holdings
from thanosql_kernel.interrupts import never

if TYPE_CHECKING:
    import pyarrow as pa

    from thanosql_kernel.engine.relations.stored import StoredRelation
    from thanosql_kernel.engine.store.add_column import ColumnPart

SPOOL_FROM_BYTES = 64 << 20
SPOOL_ROWS = 4096


class TakenByPosition(Protocol):
    """Rows of one version of a table; a Lance data set is such."""

    def take(self, indices: Any, columns: list[str]) -> pa.Table:
        """Rows by position."""
        ...


@dataclass(frozen=True, slots=True)
class Located:
    """Vectors in one version of a cache table.

    Attributes:
        snapshot: The version; None if there is no table, and then no offset either.
        offsets: int64 (n,): the row of each vector; -1 where there is none.
        dim: Numbers a vector.
    """

    snapshot: TakenByPosition | None
    offsets: NDArray[np.int64]
    dim: int

    @property
    def type(self) -> pa.DataType:
        """Of the column that they become."""
        import pyarrow as pa

        return pa.list_(pa.float32(), self.dim)

    @property
    def value_bytes(self) -> int:
        """What one takes."""
        return 4 * self.dim

    def are_same(self, offsets: NDArray[np.int64], stored: Any) -> NDArray[np.bool_]:
        """Which of stored vectors (m,) are those at offsets (m,)."""
        found: NDArray[np.bool_] = (matrix(stored, self.dim) == matrix(self.read(offsets), self.dim)).all(
            axis=1
        )
        return found

    def read(self, offsets: NDArray[np.int64]) -> pa.Array:
        """Vectors as an Arrow array (m,) of float32 lists; NULL where an offset is -1."""
        import pyarrow as pa

        values = np.zeros((len(offsets), self.dim), dtype=np.float32)
        there = offsets >= 0
        rows, inverse = np.unique(offsets[there], return_inverse=True)
        if self.snapshot is not None and len(rows):
            column = self.snapshot.take(rows, columns=["vector"]).column("vector").combine_chunks()
            values[there] = matrix(column, self.dim)[inverse]
        mask = None if there.all() else pa.array(~there)
        return pa.FixedSizeListArray.from_arrays(pa.array(values.reshape(-1)), self.dim, mask=mask)


def matrix(column: Any, dim: int) -> NDArray[np.float32]:
    """The numbers (n, dim) of an Arrow array of float32 lists; whatever they are where a list is NULL."""
    with suppress(AttributeError):  # a chunked array of one chunk
        column = column.chunk(0)
    flat = column.values.to_numpy(zero_copy_only=False)
    return np.asarray(flat[column.offset * dim : (column.offset + len(column)) * dim]).reshape(-1, dim)


@dataclass(frozen=True, slots=True)
class Kept:
    """Vectors that rows of a stored table have already.

    Attributes:
        rows: The table.
        column: The column they are in.
        mask: bool (n,): rows whose vector is as it is there, NULL included.
    """

    rows: StoredRelation
    column: str
    mask: NDArray[np.bool_]


Remember = Callable[[Any, "Sequence[ColumnPart]"], None]
"""Takes note of a table and of where a column of it is stored."""


def _nobody() -> None:
    """Nobody asks later."""


class ConvertedColumn:
    """The vector column of a CONVERT; see `relations.beside.AddedColumns`.

    Args:
        located: Where the new vector of each row is.
        name: The column's.
        spool: A folder for temporary files.
        kept: The vectors that rows have already.
        replaces: Whether the rows have another column of that name.
        remember: Gives who is told where the column is stored, once it is; None when the statement is over.
        check: Called while all vectors are read, to stop it.
    """

    def __init__(
        self,
        located: Located,
        name: str,
        *,
        spool: Path | None = None,
        kept: Kept | None = None,
        replaces: bool = False,
        remember: Callable[[], Remember | None] = _nobody,
        check: Callable[[], None] = never,
    ) -> None:
        self.located = located
        self.name = name
        self._remember = remember
        self._folder = spool
        self._kept = kept
        self._replaces = replaces
        self._check = check
        self._spool: tempfile.TemporaryDirectory[str] | None = None

    @property
    def schema(self) -> pa.Schema:
        """One field."""
        import pyarrow as pa

        return pa.schema([pa.field(self.name, self.located.type)])

    def __len__(self) -> int:
        return len(self.located.offsets)

    def slice(self, start: int, size: int) -> pa.Table:
        """The vectors of rows that follow one another."""
        return self._read(np.arange(start, min(start + size, len(self)), dtype=np.int64))

    def take(self, positions: Sequence[int]) -> pa.Table:
        """The vectors of rows at positions."""
        return self._read(np.asarray(positions, dtype=np.int64))

    def whole(self) -> pa.Table:
        """All vectors, mapped from a temporary file unless they are few."""
        import pyarrow as pa

        if self.located.value_bytes * len(self) < SPOOL_FROM_BYTES:
            return self.slice(0, len(self))
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
        self._spool = tempfile.TemporaryDirectory(
            prefix="thanosql-", dir=self._folder, ignore_cleanup_errors=True
        )
        path = Path(self._spool.name) / "vectors.arrow"
        with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, self.schema) as writer:
            for start in range(0, len(self), SPOOL_ROWS):
                self._check()
                writer.write_table(self.slice(start, SPOOL_ROWS))
        return pa.ipc.open_file(pa.memory_map(str(path))).read_all()

    @property
    def holdings(self) -> Holdings:
        """The offsets, and the file that vectors are mapped from once they are; else these stay where they are."""
        offsets = self.located.offsets
        spooled = 0 if self._spool is None else self.located.value_bytes * len(self)
        return {id(offsets): int(offsets.nbytes), id(self): spooled}

    @property
    def changed(self) -> NDArray[np.bool_] | None:
        """Rows that do not keep what they have; nobody knows if that is another column."""
        if self._kept is not None:
            return ~self._kept.mask
        return None if self._replaces else self.located.offsets >= 0

    def stored(self, dataset: Any, parts: Sequence[ColumnPart]) -> None:
        """Remember what the vectors were made from."""
        remember = self._remember()
        if remember is not None:
            remember(dataset, parts)

    def _read(self, positions: NDArray[np.int64]) -> pa.Table:
        import pyarrow as pa

        keeps = np.zeros(len(positions), np.bool_) if self._kept is None else self._kept.mask[positions]
        new = self.located.read(self.located.offsets[positions[~keeps]])
        if self._kept is None or not keeps.any():
            return pa.table([new], schema=self.schema)
        old = self._kept.rows.take(positions[keeps].tolist(), [self._kept.column]).column(0)
        both = pa.chunked_array([new, *old.chunks], self.schema.field(0).type)
        place = np.empty(len(positions), dtype=np.int64)
        place[~keeps], place[keeps] = np.arange(len(new)), len(new) + np.arange(len(old))
        return pa.table([both.take(pa.array(place))], schema=self.schema)
