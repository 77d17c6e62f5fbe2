"""What all relations have in common: rows that nobody has read yet."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from thanosql_kernel.catalog import Column
from thanosql_kernel.catalog.model import find_column
from thanosql_kernel.catalog.unknown import no_column
from thanosql_kernel.sql.identifiers import quote

if TYPE_CHECKING:
    import pyarrow as pa

    from thanosql_kernel.duck.connection import Duck

BATCH_ROWS = 4096
BATCH_BYTES = 32 << 20
"""Of rows that hold pictures."""
_ARRAY = re.compile(r"\A[A-Z]+\[\d+\]\Z")


class Snapshot(NamedTuple):
    """A table at the version that was read.

    Attributes:
        storage_name: What it is stored as.
        version: Lance's number of the version.
        identity: Tells it from other tables that had or will have the same name and number (`store.identity`).
        is_past: Whether that version was asked for, whatever the table is now.
    """

    storage_name: str
    version: int
    identity: bytes
    is_past: bool = False


Holdings = Mapping[int, int]
"""What is held in memory, or on disk if DuckDB is short of it: bytes by address, so that what is shared counts once."""


class Relation(ABC):
    """The engine's relations. Reading them again gives the same rows; see `repeatable` about their order.

    Attributes:
        columns: Names (unique, letter case ignored), SQL types, provenance.
        snapshots: The stored tables that the rows come from.
    """

    columns: tuple[Column, ...]
    snapshots: frozenset[Snapshot] = frozenset()

    @abstractmethod
    def count(self) -> int:
        """Number of rows."""

    @abstractmethod
    def batches(
        self, columns: Sequence[str] | None = None, *, limit: int | None = None
    ) -> pa.RecordBatchReader:
        """The rows in order as a stream of bounded memory; read it to the end before reading anything else."""

    @abstractmethod
    def register(self, duck: Duck, name: str) -> None:
        """Make the rows known to DuckDB under ``name``."""

    def fetch(self, columns: Sequence[str] | None = None, *, limit: int | None = None) -> pa.Table:
        """The rows in order; all columns unless named."""
        return self.batches(columns, limit=limit).read_all()

    def take(self, positions: Sequence[int], columns: Sequence[str] | None = None) -> pa.Table:
        """The rows at these positions, in this order."""
        return self.fetch(columns).take(indices(positions))

    @property
    def takes_cheaply(self) -> bool:
        """Whether `take` reads nothing but the rows it gives."""
        return False

    @property
    def connection(self) -> Duck | None:
        """The connection that the rows are read on; None if they can be read without one."""
        return None

    def as_written(self, names: Sequence[str]) -> Relation:
        """The rows with the texts of these columns, where they come from texts that were given a type."""
        return self

    def repeatable(self) -> Relation:
        """Rows that come in the same order every time they are read; may run the query once and materialise it."""
        return self

    @property
    def holdings(self) -> Holdings:
        """What is taken as long as somebody has the relation."""
        return {}

    @property
    def held_bytes(self) -> int:
        """How many bytes that is."""
        return sum(self.holdings.values())

    @property
    def names(self) -> list[str]:
        """The column names."""
        return [column.name for column in self.columns]

    def column(self, name: str) -> Column:
        """The column of that name, letter case ignored.

        Raises:
            UnknownName: TS202.
        """
        found = find_column(self.columns, name)
        if found is None:
            raise no_column(name, None, self.names)
        return found

    def chosen(self, columns: Sequence[str] | None) -> tuple[Column, ...]:
        """The columns of these names, all without names."""
        return self.columns if columns is None else tuple(self.column(name) for name in columns)


def rows_between(rows: int, offset: int, limit: int | None) -> int:
    """How many of so many rows lie between OFFSET and LIMIT."""
    rest = max(0, rows - offset)
    return rest if limit is None else min(rest, limit)


def indices(positions: Sequence[int]) -> pa.Array:
    """Positions as what Arrow takes rows by."""
    import pyarrow as pa

    return pa.array(positions, pa.int64())


def arrow_holdings(table: pa.Table) -> Holdings:
    """The Arrow buffers of a table, whole ones even where the table is a slice of them."""
    buffers = (
        buffer for column in table.columns for chunk in column.chunks for buffer in chunk.buffers() if buffer
    )
    return {buffer.address: buffer.size for buffer in buffers}


def row_bytes(columns: Sequence[Column]) -> int:
    """About how many bytes a row takes: those of its vectors, and 32 for anything else."""
    return sum(_vector_bytes(column.type) or 32 for column in columns)


def _vector_bytes(sql_type: str) -> int:
    size = sql_type.removesuffix("]").rpartition("[")[2]
    return 4 * int(size) if sql_type.endswith("]") and size.isdigit() else 0


def sizes_sql(columns: Sequence[Column]) -> str:
    """SQL for the bytes that the values of all rows take in DuckDB; see `size_sql`."""
    return f"CAST(sum({' + '.join(size_sql(column) for column in columns)}) AS BIGINT)"


def size_sql(column: Column) -> str:
    """SQL for the bytes that a value takes in DuckDB: 16, and what is longer than that lies elsewhere."""
    name, kind = quote(column.name), column.type
    if kind == "VARCHAR":
        return f"16 + coalesce(strlen({name}), 0)"
    if kind in ("BLOB", "BIT"):
        return f"16 + coalesce(octet_length({name}), 0)"
    is_nested = kind.endswith(("]", ")")) and not kind.startswith("DECIMAL")
    if is_nested and _ARRAY.search(kind) is None:
        return f"16 + coalesce(strlen(CAST({name} AS VARCHAR)), 0)"
    return str(row_bytes([column]))
