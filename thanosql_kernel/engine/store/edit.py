"""Rows deleted and values changed, row by row: what is written is the change, and the rows keep their order.

A row is meant by its position in the table: 0 for the first that a scan gives. Lance knows it by its fragment and its
offset in that fragment's files, which count the rows that were deleted too.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.engine.store.identity import live_offsets
from thanosql_kernel.engine.store.lance import FRAGMENT_ROWS, Store
from thanosql_kernel.engine.store.lance_files import data_file, file_writer, without_fields, write_fragments
from thanosql_kernel.engine.store.provenance import without_generated
from thanosql_kernel.engine.store.schemas import with_fields
from thanosql_kernel.errors import Unsupported
from thanosql_kernel.wording.refusals import TS600

if TYPE_CHECKING:
    import pyarrow as pa

Positions = NDArray[np.int64]
"""Numbers of rows, ascending, each once."""

CHUNK_ROWS = 16_384


@dataclass(frozen=True, slots=True)
class ChosenRows:
    """Those of some rows that lie in one fragment.

    Attributes:
        fragment: The Lance fragment.
        among: Where they stand in the positions.
        offsets: int64, where they are in the fragment's files; None for all its rows.
    """

    fragment: Any
    among: slice
    offsets: Positions | None


def located(dataset: Any, positions: Positions) -> Iterator[ChosenRows]:
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
            yield ChosenRows(fragment, slice(first, last), None)
        elif last > first:
            yield ChosenRows(fragment, slice(first, last), _offsets(fragment, positions[first:last] - start))
        start += size


def _offsets(fragment: Any, ranks: Positions) -> Positions:
    """Where the rows of these ranks among the fragment's live rows are in its files."""
    if not fragment.num_deletions:
        return ranks
    return live_offsets(fragment)[ranks]


def _without(dataset: Any, positions: Positions, check: Callable[[], None]) -> tuple[list[Any], list[int]]:
    """Metadata of the fragments with the rows deleted, and the ids of those that have no row left."""
    changed, removed = [], []
    for rows in located(dataset, positions):
        check()
        left = None if rows.offsets is None else rows.fragment.delete_rows(rows.offsets.tolist())
        if left is None:
            removed.append(int(rows.fragment.fragment_id))
        else:
            changed.append(left)
    check()
    return changed, removed


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


@dataclass(frozen=True, slots=True)
class Edit:
    """What becomes of a table's rows in one commit.

    Attributes:
        deleted: int64 (k,), ascending: the rows that go; none of them is changed.
        changes: New values of those that stay; no two of one column in one row.
        new: Rows to add behind the last one, as the table stores them.
        plain: Columns of which nothing is known any more than their type.
    """

    deleted: Positions = field(default_factory=lambda: np.empty(0, np.int64))
    changes: Sequence[Change] = ()
    new: pa.RecordBatchReader | None = None
    plain: Collection[str] = ()


def commit(store: Store, dataset: Any, edit: Edit, check: Callable[[], None]) -> None:
    """Delete, change and add rows in one commit.

    Only the changed columns of the changed rows' fragments are written, the deletion vectors, and the new rows.

    Args:
        store: Where the table is.
        dataset: The table at the version in which the positions are meant.
        edit: What becomes of it.
        check: Raises `Interrupted` when the user asked to stop; asked every few thousand rows.

    Raises:
        Conflict: Somebody else changed the table meanwhile, and nothing was changed.
    """
    updated, fields = _updated(dataset, by_column(edit.changes), check)
    left, removed = _without(dataset, edit.deleted, check)
    for metadata in left:
        changed = updated.get(metadata.id, metadata)
        updated[metadata.id] = replace(changed, deletion_file=metadata.deletion_file)
    new = [] if edit.new is None else write_fragments(dataset, edit.new, FRAGMENT_ROWS)
    check()
    if edit.plain:
        _commit_plain(store, dataset, edit.plain, updated, removed, new)
    elif new or (fields and (left or removed)):
        store.commit_edit(dataset, list(updated.values()), removed, new, sorted(fields))
    elif fields:
        store.commit_update(dataset, list(updated.values()), sorted(fields))
    else:
        store.commit_deletion(dataset, left, removed)


def _commit_plain(
    store: Store,
    dataset: Any,
    plain: Collection[str],
    updated: Mapping[int, Any],
    removed: Collection[int],
    new: Sequence[Any],
) -> None:
    """Commit with a schema that says less of some columns: Lance numbers no fragment then, and lets none go."""
    if removed:
        names = ", ".join(plain)
        raise Unsupported(TS600.OWN_VECTORS(columns=names), hint=TS600.DELETE_FIRST())
    numbers = count(max((int(f.fragment_id) for f in dataset.get_fragments()), default=-1) + 1)
    fragments = [updated.get(int(f.fragment_id), f.metadata) for f in dataset.get_fragments()]
    fragments += [replace(metadata, id=next(numbers)) for metadata in new]
    facts = {name: without_generated(dataset.schema.field(name)) for name in plain}
    store.commit_merge(dataset, fragments, with_fields(dataset.lance_schema, facts))


def by_column(changes: Sequence[Change]) -> list[Change]:
    """Changes of which no two are of one column: those of the same rows stay together."""
    import pyarrow as pa

    repeated = Counter(name for change in changes for name in change.values.column_names)
    alone = [name for name, times in repeated.items() if times > 1]
    found = [
        Change(change.positions, change.values.drop_columns(shared))
        for change in changes
        if len(shared := [name for name in change.values.column_names if name in alone])
        < change.values.num_columns
    ]
    for name in alone:
        parts = [change for change in changes if name in change.values.column_names]
        positions = np.concatenate([change.positions for change in parts])
        order = np.argsort(positions)
        values = pa.concat_tables([change.values.select([name]) for change in parts])
        found.append(Change(positions[order], values.take(pa.array(order))))
    return found


def _updated(
    dataset: Any, changes: Sequence[Change], check: Callable[[], None]
) -> tuple[dict[int, Any], set[int]]:
    """Metadata of the fragments with columns written anew, by their ids, and the ids of those columns."""
    written: dict[int, list[Any]] = {}
    base, fields = {}, set()
    for change in changes:
        for rows in located(dataset, change.positions):
            number = int(rows.fragment.fragment_id)
            base[number] = rows.fragment
            for metadata, modified in _with_values(dataset, rows, change.values, check):
                written.setdefault(number, []).append(metadata)
                fields.update(modified)
    check()
    return {number: _combined(base[number], versions) for number, versions in sorted(written.items())}, fields


def _with_values(
    dataset: Any, rows: ChosenRows, values: pa.Table, check: Callable[[], None]
) -> Iterator[tuple[Any, list[int]]]:
    """A fragment's metadata after columns of it were written with new values, and the ids of those columns."""
    offsets = live_offsets(rows.fragment) if rows.offsets is None else rows.offsets
    part = values.slice(rows.among.start, len(offsets)).combine_chunks()
    nested, is_legacy = [], str(dataset.data_storage_version).startswith("0.")
    for name in part.column_names:
        check()
        stored = dataset.lance_schema.field(name)
        if stored.children() or is_legacy:
            nested.append(name)
        else:
            new = part.column(name).combine_chunks()
            yield _with_column(dataset, rows.fragment, name, offsets, new, check), [int(stored.id())]
    if nested:
        yield _with_nested(rows.fragment, offsets, part.select(nested))


_ADDRESS = "_rowaddr"


def _with_nested(fragment: Any, offsets: Positions, values: pa.Table) -> tuple[Any, list[int]]:
    """Lists and structs, whose parts are fields too, and Lance's first format: by a join, ten times as long."""
    import pyarrow as pa

    addresses = offsets.astype(np.uint64) + np.uint64(int(fragment.fragment_id) << 32)
    metadata, modified = fragment.update_columns(
        values.append_column(_ADDRESS, pa.array(addresses)), left_on=_ADDRESS
    )
    return metadata, modified


def _with_column(
    dataset: Any, fragment: Any, name: str, offsets: Positions, new: pa.Array, check: Callable[[], None]
) -> Any:
    """A fragment with one column in a file of its own, with new values at some offsets of its files."""
    import pyarrow as pa

    schema = pa.schema([dataset.schema.field(name)])
    number, version = int(dataset.lance_schema.field(name).id()), str(dataset.data_storage_version)
    file = f"{uuid.uuid4().hex}.lance"
    with file_writer(f"{str(dataset.uri).rstrip('/')}/data/{file}", schema, version) as writer:
        for at, old in _physical(fragment, name):
            check()
            first, last = (int(found) for found in np.searchsorted(offsets, [at, at + len(old)]))
            if last > first:
                old = _chosen(old, new.slice(first, last - first), offsets[first:last] - at)
            writer.write_batch(pa.RecordBatch.from_arrays([old], schema=schema))
    kept = [without_fields(part, frozenset((number,))) for part in fragment.metadata.files]
    written = data_file(file, number, version, int(writer.size_bytes))
    return replace(fragment.metadata, files=[*(part for part in kept if part is not None), written])


def _physical(fragment: Any, name: str) -> Iterator[tuple[int, pa.Array]]:
    """A column as it stands in a fragment's files, from which offset on: NULL where a row is deleted."""
    import pyarrow as pa

    live, at, seen = live_offsets(fragment), 0, 0
    for batch in fragment.scanner(columns=[name], batch_size=CHUNK_ROWS).to_batches():
        column, rows = batch.column(0), live[seen : seen + len(batch)]
        seen += len(batch)
        size = int(rows[-1]) + 1 - at if len(rows) else 0
        if size > len(rows):
            index = np.full(size, -1, dtype=np.int64)
            index[rows - at] = np.arange(len(rows))
            column = column.take(pa.array(index, mask=index < 0))
        yield at, column
        at += size
    rest = int(fragment.physical_rows) - at
    if rest:
        yield at, pa.nulls(rest, fragment.schema.field(name).type)


def _chosen(old: pa.Array, new: pa.Array, places: Positions) -> pa.Array:
    """Old values with new ones in some places."""
    import pyarrow as pa

    choice = np.arange(len(old))
    choice[places] = len(old) + np.arange(len(new))
    return pa.concat_arrays([old, new]).take(pa.array(choice))


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
