"""Rows removed from a table and changed in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.catalog import Column
from thanosql_kernel.engine.store.provenance import with_generated
from thanosql_kernel.engine.store.stream import CountedStream

if TYPE_CHECKING:
    import pyarrow as pa

Positions = NDArray[np.int64]
"""Numbers of rows, ascending."""


def without_rows(
    table: pa.RecordBatchReader, positions: Positions, check: Callable[[], None]
) -> CountedStream:
    """The table without the rows found."""
    import pyarrow as pa

    def batches() -> Iterator[pa.RecordBatch]:
        for at, batch in _numbered(table):
            inside = _within(positions, at, len(batch))
            keep = np.ones(len(batch), dtype=np.bool_)
            keep[positions[inside] - at] = False
            yield batch.filter(pa.array(keep))

    return CountedStream(table.schema, batches(), check)


def with_values(
    table: pa.RecordBatchReader,
    columns: Sequence[Column],
    positions: Positions,
    values: pa.Table,
    check: Callable[[], None],
) -> CountedStream:
    """The table with new values in the rows found; every other value as it was.

    A generated column that gets other values than NULL is not what its model made any more: its facts are dropped.
    """
    values = values.combine_chunks()
    kept = [_still_generated(column, values) for column in columns]
    schema = with_generated(table.schema, kept)

    def batches() -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        for at, batch in _numbered(table):
            inside = _within(positions, at, len(batch))
            choice = np.arange(len(batch))
            choice[positions[inside] - at] = len(batch) + np.arange(inside.stop - inside.start)
            arrays = [
                _merged(batch.column(index), values, field, inside, choice)
                for index, field in enumerate(schema)
            ]
            yield pa.RecordBatch.from_arrays(arrays, schema=schema)

    return CountedStream(schema, batches(), check)


def _merged(
    old: pa.Array, values: pa.Table, field: pa.Field, inside: slice, choice: NDArray[np.int64]
) -> pa.Array:
    """Old and new values of one column side by side, and of each row the one that is chosen."""
    import pyarrow as pa

    if field.name not in values.column_names or inside.start == inside.stop:
        return old
    new = values.column(field.name).slice(inside.start, inside.stop - inside.start).cast(field.type)
    return pa.concat_arrays([old, *new.chunks]).take(pa.array(choice))


def _still_generated(column: Column, values: pa.Table) -> Column:
    changed = column.name in values.column_names and values.column(column.name).null_count < len(values)
    return replace(column, generated=None) if changed else column


def _numbered(table: pa.RecordBatchReader) -> Iterator[tuple[int, pa.RecordBatch]]:
    at = 0
    for batch in table:
        yield at, batch
        at += len(batch)


def _within(positions: Positions, at: int, size: int) -> slice:
    start, stop = np.searchsorted(positions, [at, at + size])
    return slice(int(start), int(stop))
