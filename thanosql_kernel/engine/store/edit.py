"""Rows deleted and values changed, row by row: what is written is the change, and the rows keep their order.

A row is meant by its position in the table: 0 for the first that a scan gives. Lance knows it by its fragment and its
offset in that fragment's files, which count the rows that were deleted too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.engine.store.lance import Store
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


@dataclass(frozen=True, slots=True)
class Change:
    """New values of some columns in some rows.

    Attributes:
        positions: int64 (k,), ascending, k > 0.
        values: The columns (k rows), in order of the positions, in the types that are stored.
    """

    positions: Positions
    values: pa.Table


def update(store: Store, dataset: Any, changes: Sequence[Change], check: Callable[[], None]) -> None:
    """Set columns of rows in one commit: those columns of the rows' fragments are written, and nothing else.

    Args:
        store: Where the table is.
        dataset: The table at the version in which the positions are meant.
        changes: What changes, each column in one of them only.
        check: Raises `Interrupted` when the user asked to stop; asked once a fragment.

    Raises:
        Conflict: Somebody else changed the table meanwhile, and nothing was changed.
    """
    written: dict[int, list[Any]] = {}
    base, fields = {}, set()
    for change in changes:
        for rows in located(dataset, change.positions):
            check()
            number = int(rows.fragment.fragment_id)
            metadata, modified = _with_values(rows, change.values)
            written.setdefault(number, []).append(metadata)
            base[number] = rows.fragment
            fields.update(modified)
    check()
    updated = [_combined(base[number], versions) for number, versions in sorted(written.items())]
    store.commit_update(dataset, updated, sorted(fields))


_ADDRESS = "_rowaddr"


def _with_values(rows: FragmentRows, values: pa.Table) -> tuple[Any, list[int]]:
    """A fragment's metadata after its columns were written with new values, and the ids of those columns."""
    import pyarrow as pa

    offsets = _live(rows.fragment) if rows.offsets is None else rows.offsets
    addresses = offsets.astype(np.uint64) + np.uint64(int(rows.fragment.fragment_id) << 32)
    part = values.slice(rows.among.start, len(offsets))
    metadata, modified = rows.fragment.update_columns(
        part.append_column(_ADDRESS, pa.array(addresses)), left_on=_ADDRESS
    )
    return metadata, modified


def _combined(fragment: Any, versions: Sequence[Any]) -> Any:
    """One fragment of several that were made of it, each with other columns written anew.

    Lance names the columns that a file holds by their ids; -2 stands where another file has the column since.
    """
    if len(versions) == 1:
        return versions[0]
    files = [{file.path: file for file in version.files} for version in versions]
    kept = []
    for file in fragment.metadata.files:
        if all(file.path in known for known in files):
            ids = zip(*(known[file.path].fields for known in files), strict=True)
            shared = copy(file)
            shared.fields = [min(of_one) for of_one in ids]
            kept.append(shared)
    paths = {file.path for file in fragment.metadata.files}
    new = [file for version in versions for file in version.files if file.path not in paths]
    kept = [file for file in kept if max(file.fields) >= 0]
    return replace(versions[0], files=[*kept, *new])


def rewritten(
    table: pa.RecordBatchReader, schema: pa.Schema, changes: Sequence[Change], check: Callable[[], None]
) -> CountedStream:
    """The whole table with new values in some rows, for changes of what is known of its columns."""

    def batches() -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        at = 0
        for batch in table:
            columns = dict(zip(schema.names, batch.columns, strict=True))
            for change in changes:
                columns.update(_merged(columns, change, at, len(batch)))
            yield pa.RecordBatch.from_arrays(list(columns.values()), schema=schema)
            at += len(batch)

    return CountedStream(schema, batches(), check)


def _merged(
    columns: dict[str, pa.Array], change: Change, at: int, size: int
) -> Iterator[tuple[str, pa.Array]]:
    """Old and new values of each column side by side, and of each row the one that is chosen."""
    import pyarrow as pa

    first, last = (int(found) for found in np.searchsorted(change.positions, [at, at + size]))
    choice = np.arange(size)
    choice[change.positions[first:last] - at] = size + np.arange(last - first)
    for name in change.values.column_names if last > first else ():
        new = change.values.column(name).slice(first, last - first)
        yield name, pa.concat_arrays([columns[name], *new.chunks]).take(pa.array(choice))
