"""One column of a table added or changed in one commit: no other one is read or written, rows keep their order.

Each fragment that gets values gets one data file more, with that column alone; what the old file holds of the column
is left out of the fragment. A fragment that has no file for a column has NULL in all its rows.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.engine.store.failures import storage_errors
from thanosql_kernel.engine.store.identity import field_numbers, live_offsets
from thanosql_kernel.engine.store.lance import Store
from thanosql_kernel.engine.store.lance_files import data_file, file_writer, without_fields
from thanosql_kernel.interrupts import map_aside

if TYPE_CHECKING:
    import pyarrow as pa

CHUNK_ROWS = 4096

Offsets = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class FragmentRows:
    """The rows of a fragment, as they follow one another in the table.

    Attributes:
        id: The fragment's.
        start: Position of its first row in the table.
        physical_rows: Rows in its files, deleted ones among them.
        offsets: int64 (n,): where its rows are in its files; ascending.
    """

    id: int
    start: int
    physical_rows: int
    offsets: Offsets

    @property
    def stop(self) -> int:
        """Position behind its last row."""
        return self.start + len(self.offsets)


@dataclass(frozen=True, slots=True)
class ColumnPart:
    """Where a column of a fragment is stored.

    Attributes:
        rows: The fragment's rows.
        file: Name of the data file, which never changes; None where the fragment has none: all values are NULL.
        field: The column's id in the table.
    """

    rows: FragmentRows
    file: str | None
    field: int


def fragments_of(dataset: Any) -> list[FragmentRows]:
    """The fragments of a Lance data set in order; only those with deleted rows are looked into."""
    found, start = [], 0
    for fragment in dataset.get_fragments():
        offsets = live_offsets(fragment)
        found.append(FragmentRows(fragment.fragment_id, start, int(fragment.physical_rows), offsets))
        start += len(offsets)
    return found


def column_parts(dataset: Any, column: str) -> list[ColumnPart]:
    """Where a column is stored, fragment by fragment."""
    field = dataset.lance_schema.field(column)
    fields = set(field_numbers(field))
    files = {
        fragment.fragment_id: str(file._path)
        for fragment in dataset.get_fragments()
        for file in fragment.metadata.files
        if not fields.isdisjoint(file.fields)
    }
    return [ColumnPart(rows, files.get(rows.id), int(field.id())) for rows in fragments_of(dataset)]


def put_column(
    store: Store,
    dataset: Any,
    field: pa.Field,
    values: Callable[[int, int], pa.Array],
    *,
    in_place_of: str | None = None,
    changed: NDArray[np.bool_] | None = None,
    check: Callable[[], None],
    advance: Callable[[int], None],
) -> list[ColumnPart]:
    """Give a table a column, or new values of the one that it has.

    Args:
        store: Where the table is.
        dataset: The version of it that the values belong to; nobody else may write meanwhile.
        field: The column as it is stored.
        values: Gives the values of rows that follow one another, in any thread: position of the first, and how many.
        in_place_of: The column whose place it takes, if not behind all others.
        changed: bool (n,): rows whose value is another than now, where NULL is what a new column has; all when None.
        check: Called for every few thousand rows, to stop the work.
        advance: Told how many rows have been written.

    Returns:
        Where the new values are; nothing for fragments that keep what they have.

    Raises:
        Conflict: The table is not at the data set's version any more, and nothing was changed.
    """
    old = None if in_place_of is None else int(dataset.lance_schema.field(in_place_of).id())
    keeps_field = in_place_of is not None and dataset.schema.field(in_place_of).equals(
        field, check_metadata=True
    )
    number = old if old is not None and keeps_field else int(dataset.max_field_id) + 1
    wanted = fragments_of(dataset)
    if old is None or keeps_field:  # what takes another field's place must be there in every fragment
        wanted = [rows for rows in wanted if _is_wanted(rows, changed)]
    if keeps_field and not wanted:
        return []
    gone = frozenset() if old is None else frozenset((old,))
    with storage_errors(), _ColumnFiles(dataset, field, gone).written() as files:
        parts = []
        for rows in wanted:
            files.write(rows, values, check, advance)
            parts.append(ColumnPart(rows, files.names[rows.id], number))
        if keeps_field:
            store.commit_update(dataset, files.metadata(number, only_written=True), [number])
        else:
            schema = _schema_with(dataset, field, number, in_place_of)
            store.commit_merge(dataset, files.metadata(number), schema)
    return parts


def _is_wanted(rows: FragmentRows, changed: NDArray[np.bool_] | None) -> bool:
    return changed is None or bool(changed[rows.start : rows.stop].any())


class _ColumnFiles:
    """The data files of one column that are being written beside a table's own."""

    def __init__(self, dataset: Any, field: pa.Field, gone: frozenset[int]) -> None:
        import pyarrow as pa

        self._dataset = dataset
        self._schema = pa.schema([field])
        self._version = str(dataset.data_storage_version)
        self._gone = gone
        self._sizes: dict[int, int] = {}
        self.names: dict[int, str] = {}

    @contextmanager
    def written(self) -> Iterator[_ColumnFiles]:
        """Nothing is left of the files unless all goes well."""
        try:
            yield self
        except BaseException:
            for name in self.names.values():
                with suppress(OSError):
                    Path(self._path(name)).unlink()
            raise

    def write(
        self,
        rows: FragmentRows,
        values: Callable[[int, int], pa.Array],
        check: Callable[[], None],
        advance: Callable[[int], None],
    ) -> None:
        """Write the column of a fragment, a few thousand rows at a time; deleted rows get NULL."""
        self.names[rows.id] = name = f"{uuid.uuid4().hex}.lance"
        with file_writer(self._path(name), self._schema, self._version) as writer:
            starts = range(0, rows.physical_rows, CHUNK_ROWS)
            # Values are read ahead of the writer, as far as two threads go.
            for batch in map_aside(partial(self._chunk, rows, values), starts, threads=2, check=check):
                writer.write_batch(batch)
                advance(len(batch))
        self._sizes[rows.id] = int(writer.size_bytes)

    def _chunk(self, rows: FragmentRows, values: Callable[[int, int], pa.Array], at: int) -> pa.RecordBatch:
        import pyarrow as pa

        size = min(CHUNK_ROWS, rows.physical_rows - at)
        first, last = np.searchsorted(rows.offsets, [at, at + size])
        array = values(rows.start + int(first), int(last - first))
        if last - first < size:
            index = np.full(size, -1, dtype=np.int64)
            index[rows.offsets[first:last] - at] = np.arange(last - first)
            array = array.take(pa.array(index, mask=index < 0))
        return pa.RecordBatch.from_arrays([array.cast(self._schema.field(0).type)], schema=self._schema)

    def metadata(self, number: int, *, only_written: bool = False) -> list[Any]:
        """The fragments with their new files in place of what they had of the column."""
        return [
            self._with_file(fragment.metadata, number)
            if fragment.fragment_id in self.names
            else fragment.metadata
            for fragment in self._dataset.get_fragments()
            if fragment.fragment_id in self.names or not only_written
        ]

    def _with_file(self, fragment: Any, number: int) -> Any:
        kept = [without_fields(file, self._gone) for file in fragment.files]
        new = data_file(self.names[fragment.id], number, self._version, self._sizes[fragment.id])
        return replace(fragment, files=[*(file for file in kept if file is not None), new])

    def _path(self, name: str) -> str:
        return f"{str(self._dataset.uri).rstrip('/')}/data/{name}"


def _schema_with(dataset: Any, field: pa.Field, number: int, in_place_of: str | None) -> Any:
    """The table's schema with one field more, or another in the place of one that it has; all others keep their ids.

    Lance gives ids to a schema's fields in order, so that a new one can only be made behind as many others; what a
    schema is pickled into is one message a field, nested ones behind the field that holds them.
    """
    import pyarrow as pa

    schema = dataset.lance_schema
    before = [pa.field(f"_{index}", pa.int8()) for index in range(number)]
    new = type(schema).from_pyarrow(pa.schema([*before, field])).__reduce__()[1][-1]
    make, (facts, *messages) = schema.__reduce__()
    groups: dict[str, Sequence[bytes]] = {}
    for top in schema.fields():
        size = _fields_in(top)
        groups[top.name()], messages = messages[:size], messages[size:]
    groups[field.name if in_place_of is None else in_place_of] = [new]
    return make(facts, *(message for group in groups.values() for message in group))


def _fields_in(field: Any) -> int:
    return 1 + sum(_fields_in(child) for child in field.children())


__all__ = ["ColumnPart", "FragmentRows", "column_parts", "fragments_of", "put_column"]
