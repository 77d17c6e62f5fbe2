"""What becomes of generated columns when rows change.

The invariant: a vector in a generated column was made from the present value of its row's source column. Where that
value becomes another one the vector becomes NULL, and CONVERT makes a new one. Values that somebody else than CONVERT
writes into the column end what is known of it: it is a column like any other then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.catalog import Column
from thanosql_kernel.catalog.model import find_column
from thanosql_kernel.engine.query.matching import MatchedRows
from thanosql_kernel.engine.relations.relation import BATCH_ROWS
from thanosql_kernel.engine.relations.stored import StoredRelation
from thanosql_kernel.engine.store.edit import Change

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Update:
    """What an UPDATE does to a table.

    Attributes:
        changes: New values, each column in one of the changes.
        ended: Columns that are no model's work any more.
        cleared: By column, how many rows lose their vector.
    """

    changes: tuple[Change, ...]
    ended: frozenset[str]
    cleared: dict[str, int]


def compared_columns(columns: tuple[Column, ...], assigned: Sequence[str]) -> frozenset[str]:
    """The assigned columns whose changes matter to generated columns: these themselves, and their sources."""
    names = {name.lower() for name in assigned}
    found = [column.name for column in columns if column.generated and column.name.lower() in names]
    sources = [find_column(columns, column.generated.source) for column in columns if column.generated]
    found += [source.name for source in sources if source is not None and source.name.lower() in names]
    return frozenset(found)


def update_of(target: StoredRelation, matched: MatchedRows, check: Callable[[], None]) -> Update:
    """The changes that an UPDATE makes, those of vectors whose source changes among them.

    Args:
        target: The table before.
        matched: The rows that change, with the `compared_columns` compared.
        check: Raises `Interrupted` when the user asked to stop.
    """
    fitting = _as_stored(target.dataset.schema, matched.values)
    changes = [Change(matched.positions, fitting)]
    ended: set[str] = set()
    cleared: dict[str, int] = {}
    for column in target.columns:
        if column.generated is None:
            continue
        source = find_column(target.columns, column.generated.source)
        moved = matched.changed.get(source.name) if source is not None else None
        if column.name in matched.made:
            continue
        if column.name in matched.changed:
            if _are_others(fitting.column(column.name), matched.changed[column.name], moved):
                ended.add(column.name)
        elif moved is not None and moved.any():
            stale = _with_vector(target, column.name, matched.positions[moved], check)
            if len(stale):
                changes.append(Change(stale, _nulls(target.dataset.schema.field(column.name), len(stale))))
                cleared[column.name] = len(stale)
    return Update(tuple(changes), frozenset(ended), cleared)


def _are_others(new: pa.ChunkedArray, changed: NDArray[np.bool_], moved: NDArray[np.bool_] | None) -> bool:
    """Whether a vector is written that is not the one that was made of the row's present value."""
    has_vector = np.asarray(new.is_valid().to_numpy())
    return bool((has_vector & (changed if moved is None else changed | moved)).any())


def _with_vector(
    target: StoredRelation, name: str, positions: NDArray[np.int64], check: Callable[[], None]
) -> NDArray[np.int64]:
    """Those of the rows that have a vector."""

    def parts() -> Iterator[NDArray[np.int64]]:
        for start in range(0, len(positions), BATCH_ROWS):
            check()
            part = positions[start : start + BATCH_ROWS]
            yield part[np.asarray(target.take(part.tolist(), [name]).column(0).is_valid().to_numpy())]

    return np.concatenate([*parts(), np.empty(0, np.int64)])


def _nulls(field: pa.Field, count: int) -> pa.Table:
    import pyarrow as pa

    return pa.table({field.name: pa.nulls(count, field.type)})


def _as_stored(schema: pa.Schema, values: pa.Table) -> pa.Table:
    """Values as DuckDB gave them in the types of the columns."""
    import pyarrow as pa

    from thanosql_kernel.engine.store.arrow_types import cast_batch

    wanted = pa.schema([schema.field(name).remove_metadata() for name in values.column_names])
    return pa.Table.from_batches(
        [cast_batch(batch, wanted) for batch in values.combine_chunks().to_batches()], wanted
    )
