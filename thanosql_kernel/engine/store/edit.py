"""Rows deleted and values changed, row by row: what is written is the change, and the rows keep their order.

A row is meant by its position in the table: 0 for the first that a scan gives. Lance knows it by its fragment and its
offset in that fragment's files, which count the rows that were deleted too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.catalog import Column
from thanosql_kernel.engine.store.lance import Store
from thanosql_kernel.engine.store.provenance import with_generated
from thanosql_kernel.engine.store.stream import CountedStream

if TYPE_CHECKING:
    import pyarrow as pa

Positions = NDArray[np.int64]
"""Numbers of rows, ascending, each once."""


@dataclass(frozen=True, slots=True)
class FragmentRows:
    """Those of the rows that lie in one fragment.

    Attributes:
        fragment: The Lance fragment.
        among: Where they stand in the positions.
        offsets: int64, where they are in the fragment's files; None for all its rows.
    """

    fragment: Any
    among: slice
    offsets: Positions | None


def located(dataset: Any, positions: Positions) -> Iterator[FragmentRows]:
    """Where rows lie, by fragment in order; fragments without any of them are left out.

    Args:
        dataset: A Lance data set.
        positions: int64 (k,), ascending.
    """
    start = 0
    for fragment in dataset.get_fragments():
        size = int(fragment.count_rows())
        first, last = (int(at) for at in np.searchsorted(positions, [start, start + size]))
        if last - first == size and size:
            yield FragmentRows(fragment, slice(first, last), None)
        elif last > first:
            yield FragmentRows(
                fragment, slice(first, last), _offsets(fragment, positions[first:last] - start)
            )
        start += size


def _offsets(fragment: Any, ranks: Positions) -> Positions:
    """Where the rows of these ranks among the fragment's live rows are in its files."""
    if not fragment.num_deletions:
        return ranks
    return _live(fragment)[ranks]


def _live(fragment: Any) -> Positions:
    """The offsets of a fragment's rows that are not deleted."""
    if not fragment.num_deletions:
        return np.arange(int(fragment.physical_rows), dtype=np.int64)
    addresses = fragment.scanner(columns=[], with_row_address=True).to_table().column("_rowaddr").to_numpy()
    offsets: Positions = (addresses & np.uint64(0xFFFF_FFFF)).astype(np.int64)
    return offsets


def delete(store: Store, dataset: Any, positions: Positions, check: Callable[[], None]) -> None:
    """Delete rows in one commit: each fragment's deletion vector is written, and no row.

    Args:
        store: Where the table is.
        dataset: The table at the version in which the positions are meant.
        positions: int64 (k,), ascending, k > 0.
        check: Raises `Interrupted` when the user asked to stop; asked once a fragment.

    Raises:
        Conflict: Somebody else changed the table meanwhile, and nothing was deleted.
    """
    changed, removed = [], []
    for rows in located(dataset, positions):
        check()
        left = None if rows.offsets is None else rows.fragment.delete_rows(rows.offsets.tolist())
        if left is None:
            removed.append(int(rows.fragment.fragment_id))
        else:
            changed.append(left)
    check()
    store.commit_deletion(dataset, changed, removed)


def delete_all(store: Store, dataset: Any) -> None:
    """Delete every row in one commit; the columns stay, with what is known of them.

    Raises:
        Conflict: Somebody else changed the table meanwhile, and nothing was deleted.
    """
    store.commit_deletion(dataset, [], [int(fragment.fragment_id) for fragment in dataset.get_fragments()])


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
