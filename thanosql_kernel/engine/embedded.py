"""Rows with the vectors of one of their columns beside them, read from the cache as they are wanted."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from thanosql_kernel.catalog import Column
from thanosql_kernel.engine.cache import Located
from thanosql_kernel.engine.relation import BATCH_ROWS, Rows, WidenedRows

if TYPE_CHECKING:
    import pyarrow as pa

    from thanosql_kernel.engine.duck import Duck

SPOOL_FROM_BYTES = 64 << 20


class EmbeddedRows(Rows):
    """Rows and a vector column.

    Args:
        base: The rows; must be settled.
        located: Where the vector of each row is.
        column: The vector column; it replaces one of the same name (letter case ignored) in its place.
    """

    def __init__(self, base: Rows, located: Located, column: Column) -> None:
        self.base = base
        self.located = located
        self.vector = column
        taken = {item.name.lower() for item in base.columns}
        kept = [column if item.name.lower() == column.name.lower() else item for item in base.columns]
        self.columns = tuple(kept) if column.name.lower() in taken else (*kept, column)
        self.snapshots = base.snapshots
        self._spool: tempfile.TemporaryDirectory[str] | None = None

    def count(self) -> int:
        """Number of rows."""
        return len(self.located.offsets)

    def batches(
        self, columns: Sequence[str] | None = None, *, limit: int | None = None
    ) -> pa.RecordBatchReader:
        """The rows as a stream; vectors are read a batch at a time."""
        import pyarrow as pa

        chosen = self.chosen(columns)
        wanted = self._of_base(chosen)
        reader = self.base.batches(wanted, limit=limit) if wanted else None
        fields = {field.name: field for field in reader.schema} if reader else {}
        fields[self.vector.name] = pa.field(self.vector.name, pa.list_(pa.float32(), self.located.dim))
        schema = pa.schema([fields[column.name] for column in chosen])
        return pa.RecordBatchReader.from_batches(schema, self._generate(reader, schema, limit))

    def _generate(
        self, reader: pa.RecordBatchReader | None, schema: pa.Schema, limit: int | None
    ) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        at = 0
        for part, size in self._parts(reader, limit):
            vectors = self._vectors(np.arange(at, at + size)) if self.vector.name in schema.names else None
            arrays = [vectors if name == self.vector.name else part.column(name) for name in schema.names]
            yield pa.RecordBatch.from_arrays(arrays, schema=schema)
            at += size

    def _parts(self, reader: pa.RecordBatchReader | None, limit: int | None) -> Iterator[tuple[Any, int]]:
        """Batches of the base, None where no column of it is wanted, and how many rows each has."""
        if reader is not None:
            yield from ((batch, len(batch)) for batch in reader)
            return
        total = self.count() if limit is None else min(limit, self.count())
        yield from ((None, min(BATCH_ROWS, total - at)) for at in range(0, total, BATCH_ROWS))

    def take(self, positions: Sequence[int], columns: Sequence[str] | None = None) -> pa.Table:
        """The rows at these positions."""
        import pyarrow as pa

        chosen = self.chosen(columns)
        wanted = self._of_base(chosen)
        base = self.base.take(positions, wanted) if wanted else None
        arrays = [
            self._vectors(np.asarray(positions, dtype=np.int64))
            if column is self.vector or base is None
            else base.column(column.name)
            for column in chosen
        ]
        return pa.table(arrays, names=[column.name for column in chosen])

    @property
    def takes_cheaply(self) -> bool:
        """If the base does."""
        return self.base.takes_cheaply

    @property
    def connection(self) -> Duck | None:
        """That of the base."""
        return self.base.connection

    def register(self, duck: Duck, name: str) -> None:
        """A positional join with the vectors, which lie in a file when there are many."""
        WidenedRows(self.base, self._spooled(), [self.vector]).register(duck, name)

    def _of_base(self, chosen: Sequence[Column]) -> list[str]:
        return [column.name for column in chosen if column is not self.vector]

    def _vectors(self, rows: np.ndarray[tuple[int], np.dtype[np.int64]]) -> pa.FixedSizeListArray:
        return self.located.read(self.located.offsets[rows])

    def _spooled(self) -> pa.Table:
        """The vector column alone, mapped from a temporary file unless it is small."""
        import pyarrow as pa

        reader = self.batches([self.vector.name])
        if 4 * self.located.dim * self.count() < SPOOL_FROM_BYTES:
            return reader.read_all()
        self._spool = tempfile.TemporaryDirectory(prefix="thanosql-", ignore_cleanup_errors=True)
        path = Path(self._spool.name) / "vectors.arrow"
        with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, reader.schema) as writer:
            for batch in reader:
                writer.write_batch(batch)
        return pa.ipc.open_file(pa.memory_map(str(path))).read_all()
