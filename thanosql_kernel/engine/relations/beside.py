"""Rows with columns put beside them by position: from memory, or from wherever vectors are read as they are wanted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.catalog import Column
from thanosql_kernel.engine.relations.relation import BATCH_ROWS, Holdings, Relation, arrow_holdings, indices
from thanosql_kernel.engine.store.add_column import ColumnPart
from thanosql_kernel.sql.identifiers import quote

if TYPE_CHECKING:
    import pyarrow as pa

    from thanosql_kernel.duck.connection import Duck

Positions = NDArray[np.int64]
_AT, _RANK = "_thanosql_at", "_thanosql_rank"

_FEW_ROWS = 10_000
"""So many rows are read whole where a query may name them; of more, DuckDB reads what the query needs."""


class AddedColumns(Protocol):
    """Columns that are put beside rows."""

    @property
    def schema(self) -> pa.Schema:
        """Their names and types."""
        ...

    def __len__(self) -> int:
        """How many rows they have."""
        ...

    def slice(self, start: int, size: int) -> pa.Table:
        """Rows that follow one another."""
        ...

    def take(self, positions: Sequence[int]) -> pa.Table:
        """Rows at positions, in this order."""
        ...

    def whole(self) -> pa.Table:
        """All rows, in memory or mapped from a file, for as long as the columns live."""
        ...

    @property
    def holdings(self) -> Holdings:
        """What they take in memory and on disk."""
        ...

    @property
    def changed(self) -> NDArray[np.bool_] | None:
        """bool (n,): rows that have another value than in the base's column of that name; None if nobody knows.

        Where the base has no such column, NULL is what it has.
        """
        ...

    def stored(self, dataset: Any, parts: Sequence[ColumnPart]) -> None:
        """Take note that rows are now in a column of the table that they were read from, as it is there."""
        ...


class ColumnsInMemory:
    """Columns of an Arrow table."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table

    @property
    def schema(self) -> pa.Schema:
        """Their names and types."""
        return self._table.schema

    def __len__(self) -> int:
        return int(self._table.num_rows)

    def slice(self, start: int, size: int) -> pa.Table:
        """Rows that follow one another; nothing is copied."""
        return self._table.slice(start, size)

    def take(self, positions: Sequence[int]) -> pa.Table:
        """Rows at positions."""
        return self._table.take(indices(positions))

    def whole(self) -> pa.Table:
        """The table itself."""
        return self._table

    @property
    def holdings(self) -> Holdings:
        """The Arrow buffers."""
        return arrow_holdings(self._table)

    @property
    def changed(self) -> None:
        """Nobody knows."""

    def stored(self, dataset: Any, parts: Sequence[ColumnPart]) -> None:
        """Nobody wants to know."""


class BesideRelation(Relation):
    """Rows with columns beside them, perhaps only some of the rows, in an order of their own.

    Args:
        base: The rows; must be repeatable.
        added: One row for each row of ``base`` or, with ``positions``, for each of those; named as ``columns`` say.
        columns: What ``added`` holds; a name that ``base`` has too (letter case ignored) replaces that column in its
            place.
        positions: Which rows of ``base``, in which order; all when None.
    """

    def __init__(
        self,
        base: Relation,
        added: AddedColumns,
        columns: Sequence[Column],
        positions: Positions | None = None,
    ) -> None:
        self.base = base
        self.added = added
        self.added_columns = tuple(columns)
        self.positions = None if positions is None else np.asarray(positions, dtype=np.int64)
        fresh = {column.name.lower(): column for column in columns}
        kept = [fresh.pop(column.name.lower(), column) for column in base.columns]
        self.columns = (*kept, *fresh.values())
        self.snapshots = base.snapshots
        self._added_names = frozenset(column.name for column in columns)

    def is_added(self, name: str) -> bool:
        """Whether a column is one of those beside the base (letter case ignored)."""
        return name.lower() in {column.lower() for column in self._added_names}

    def count(self) -> int:
        """Number of rows."""
        return len(self.added)

    def batches(
        self, columns: Sequence[str] | None = None, *, limit: int | None = None
    ) -> pa.RecordBatchReader:
        """The rows as a stream; of both sides a batch at a time."""
        import pyarrow as pa

        chosen = self.chosen(columns)
        total = self.count() if limit is None else min(limit, self.count())
        parts = self._parts(chosen, total)
        first = next(parts)  # of no rows: the types
        return pa.RecordBatchReader.from_batches(first.schema, _as_batches(parts, first.schema))

    def fetch(self, columns: Sequence[str] | None = None, *, limit: int | None = None) -> pa.Table:
        """The rows; the base is asked only for its own columns, and at once."""
        chosen = self.chosen(columns)
        total = self.count() if limit is None else min(limit, self.count())
        wanted = self._of_base(chosen)
        if not wanted:
            base = None
        elif self.positions is None:
            base = self.base.fetch(wanted, limit=total)
        else:
            base = self.base.take(self.positions[:total].tolist(), wanted)
        return self._beside(base, self.added.slice(0, total), chosen)

    def _parts(self, chosen: Sequence[Column], total: int) -> Iterator[pa.Table]:
        """The rows as tables; the first has none."""
        import pyarrow as pa

        wanted = self._of_base(chosen)
        if not wanted or self.positions is not None:
            for at in range(-BATCH_ROWS, total, BATCH_ROWS):
                start, size = max(at, 0), min(BATCH_ROWS, total - at) if at >= 0 else 0
                base = self._taken(start, size, wanted)
                yield self._beside(base, self.added.slice(start, size), chosen)
            return
        reader, at = self.base.batches(wanted, limit=total), 0
        yield self._beside(reader.schema.empty_table(), self.added.slice(0, 0), chosen)
        for batch in reader:
            yield self._beside(pa.Table.from_batches([batch]), self.added.slice(at, len(batch)), chosen)
            at += len(batch)

    def _taken(self, start: int, size: int, wanted: list[str]) -> pa.Table | None:
        if not wanted or self.positions is None:
            return None
        return self.base.take(self.positions[start : start + size].tolist(), wanted)

    def take(self, positions: Sequence[int], columns: Sequence[str] | None = None) -> pa.Table:
        """The rows at these positions."""
        chosen = self.chosen(columns)
        wanted = self._of_base(chosen)
        in_base = positions if self.positions is None else self.positions[list(positions)].tolist()
        base = self.base.take(in_base, wanted) if wanted else None
        needed = len(wanted) < len(chosen)
        return self._beside(base, self.added.take(positions) if needed else None, chosen)

    @property
    def takes_cheaply(self) -> bool:
        """If the base does."""
        return self.base.takes_cheaply

    @property
    def connection(self) -> Duck | None:
        """That of the base."""
        return self.base.connection

    @property
    def holdings(self) -> Holdings:
        """The columns, the positions and the base."""
        positions = {} if self.positions is None else {id(self.positions): self.positions.nbytes}
        return {**self.base.holdings, **self.added.holdings, **positions}

    def register(self, duck: Duck, name: str) -> None:
        """A positional join: the base stays where it is and is read only as far as the query needs it."""
        if self.positions is not None and len(self.positions) <= _FEW_ROWS:
            duck.register(name, self.fetch())
            return
        base, added = duck.scratch_name(), duck.scratch_name()
        self.base.register(duck, base)
        duck.register(added, self.added.whole())
        if self.positions is None:
            duck.create_view(name, f"SELECT {self._items(base, added)} FROM {base} POSITIONAL JOIN {added}")
        else:
            self._register_in_order(duck, name, base, added)

    def _register_in_order(self, duck: Duck, name: str, base: str, added: str) -> None:
        """The base's rows numbered, and taken in the order of the positions."""
        import pyarrow as pa

        order = duck.scratch_name()
        duck.register(order, pa.table({_AT: self.positions}))
        duck.create_view(
            name,
            f"SELECT {self._items('base', 'added')} "
            f"FROM (SELECT row_number() OVER () - 1 AS {_AT}, * FROM {base}) AS base "
            f"JOIN (SELECT row_number() OVER () AS {_RANK}, * FROM {order} POSITIONAL JOIN {added}) AS added "
            f"USING ({_AT}) ORDER BY added.{_RANK}",
        )

    def _items(self, base: str, added: str) -> str:
        return ", ".join(
            f"{added if column.name in self._added_names else base}.{quote(column.name)}"
            for column in self.columns
        )

    def _of_base(self, chosen: Sequence[Column]) -> list[str]:
        return [column.name for column in chosen if column.name not in self._added_names]

    def _beside(self, base: Any, added: Any, chosen: Sequence[Column]) -> pa.Table:
        """The chosen columns, each from the side that has it; what was added wins."""
        import pyarrow as pa

        arrays = [
            (added if column.name in self._added_names else base).column(column.name) for column in chosen
        ]
        return pa.table(arrays, names=[column.name for column in chosen])


def _as_batches(parts: Iterator[pa.Table], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    for part in parts:
        yield from part.cast(schema).combine_chunks().to_batches()
