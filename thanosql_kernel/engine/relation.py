"""Rows that nobody has read yet: of stored tables, of queries, of Arrow data, and rows with columns put beside them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from thanosql_kernel.catalog import Column, Table
from thanosql_kernel.catalog.model import find_column
from thanosql_kernel.engine.names import quote, unique_names
from thanosql_kernel.engine.scannable import scannable
from thanosql_kernel.errors import UnknownName, did_you_mean

if TYPE_CHECKING:
    import pyarrow as pa

    from thanosql_kernel.engine.duck import Duck

BATCH_ROWS = 4096


class Snapshot(NamedTuple):
    """A table at the version that was read."""

    storage_name: str
    version: int


class Rows(ABC):
    """The engine's relations. Reading them again gives the same rows; see `settled` about their order.

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
        return self.fetch(columns).take(_indices(positions))

    @property
    def takes_cheaply(self) -> bool:
        """Whether `take` reads nothing but the rows it gives."""
        return False

    @property
    def connection(self) -> Duck | None:
        """The connection that the rows are read on; None if they can be read without one."""
        return None

    def settled(self) -> Rows:
        """Rows that come in the same order every time they are read; may run the query once and keep its rows."""
        return self

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
            hint = did_you_mean(name, self.names, otherwise=f"the columns are {', '.join(self.names)}")
            raise UnknownName(f"no column named {name}", code="TS202", hint=hint)
        return found

    def chosen(self, columns: Sequence[str] | None) -> tuple[Column, ...]:
        """The columns of these names, all without names."""
        return self.columns if columns is None else tuple(self.column(name) for name in columns)


class ArrowRows(Rows):
    """Rows in memory.

    Args:
        table: The rows; column names are made unique.
        columns: What they are; types are asked from DuckDB when left out.
    """

    def __init__(self, table: pa.Table, columns: Sequence[Column]) -> None:
        self.table = table.rename_columns(unique_names(table.column_names))
        self.columns = tuple(columns)

    def count(self) -> int:
        """Number of rows."""
        return int(self.table.num_rows)

    def fetch(self, columns: Sequence[str] | None = None, *, limit: int | None = None) -> pa.Table:
        """The rows; nothing is copied."""
        table = self.table.select([column.name for column in self.chosen(columns)])
        return table if limit is None else table.slice(0, limit)

    def batches(
        self, columns: Sequence[str] | None = None, *, limit: int | None = None
    ) -> pa.RecordBatchReader:
        """The rows as a stream."""
        return self.fetch(columns, limit=limit).to_reader(BATCH_ROWS)

    def take(self, positions: Sequence[int], columns: Sequence[str] | None = None) -> pa.Table:
        """The rows at these positions."""
        return self.fetch(columns).take(_indices(positions))

    @property
    def takes_cheaply(self) -> bool:
        """They are in memory."""
        return True

    def register(self, duck: Duck, name: str) -> None:
        """Registers the Arrow table itself."""
        duck.register(name, self.table)


class StoredRows(Rows):
    """Rows of a stored table at one version: all of them, or a run of them, of all or some columns.

    Args:
        dataset: The Lance data set.
        table: What the catalogue says of it.
        columns: Those to give, under their own names.
        offset: Rows to leave out at the start.
        limit: Rows to give at most.
    """

    def __init__(
        self,
        dataset: Any,
        table: Table,
        columns: Sequence[Column] | None = None,
        *,
        offset: int = 0,
        limit: int | None = None,
    ) -> None:
        self.dataset = dataset
        self.table = table
        self.columns = table.columns if columns is None else tuple(columns)
        self.offset = offset
        self.limit = limit
        self.snapshots = frozenset({Snapshot(table.storage_name, int(dataset.version))})

    @property
    def is_whole(self) -> bool:
        """Whether every row of the table is given."""
        return self.offset == 0 and self.limit is None

    def count(self) -> int:
        """Number of rows, from the table's metadata."""
        rest = max(0, int(self.dataset.count_rows()) - self.offset)
        return rest if self.limit is None else min(rest, self.limit)

    def fetch(self, columns: Sequence[str] | None = None, *, limit: int | None = None) -> pa.Table:
        """The rows, straight from LanceDB: it reads no more than the limit (DuckDB does, 35 ms against 3)."""
        return self.dataset.to_table(**self._scan(columns, limit))

    def batches(
        self, columns: Sequence[str] | None = None, *, limit: int | None = None
    ) -> pa.RecordBatchReader:
        """The rows as a stream; little is read ahead, so that wide rows stay within bounds."""
        scan = self._scan(columns, limit)
        return self.dataset.scanner(
            **scan, batch_size=BATCH_ROWS, scan_in_order=True, **_READAHEAD
        ).to_reader()

    def take(self, positions: Sequence[int], columns: Sequence[str] | None = None) -> pa.Table:
        """The rows at these positions; nothing else is read."""
        names = [column.name for column in self.chosen(columns)]
        return self.dataset.take([position + self.offset for position in positions], columns=names)

    @property
    def takes_cheaply(self) -> bool:
        """Lance reads single rows."""
        return True

    def register(self, duck: Duck, name: str) -> None:
        """Registers the data set: DuckDB pushes columns and filters into it."""
        if self.is_whole and len(self.columns) == len(self.table.columns):
            duck.register(name, scannable(self.dataset))
            return
        inner = f"_t{duck.next_number()}"
        duck.register(inner, scannable(self.dataset))
        limit = f" LIMIT {self.limit}" if self.limit is not None else ""
        names = ", ".join(quote(item) for item in self.names)
        duck.create_view(name, f"SELECT {names} FROM {inner}{limit} OFFSET {self.offset}")

    def _scan(self, columns: Sequence[str] | None, limit: int | None) -> dict[str, Any]:
        limits = [value for value in (limit, self.limit) if value is not None]
        scan: dict[str, Any] = {"columns": [column.name for column in self.chosen(columns)]}
        if limits:
            scan["limit"] = min(limits)
        if self.offset:
            scan["offset"] = self.offset
        return scan


#: Lance reads 16 batches and 4 fragments ahead by default: gigabytes of vectors.
_READAHEAD = {"batch_readahead": 4, "fragment_readahead": 1, "io_buffer_size": 64 << 20}


class WidenedRows(Rows):
    """Rows with columns put beside them by position, perhaps only some of the rows, in an order of their own.

    Args:
        base: The rows; must be settled.
        added: One row for each row of ``base`` or, with ``positions``, for each of those.
        columns: What ``added`` holds; a name that ``base`` has too replaces that column in its place.
        positions: Which rows of ``base``, in which order; all when None.
    """

    def __init__(
        self, base: Rows, added: pa.Table, columns: Sequence[Column], positions: Sequence[int] | None = None
    ) -> None:
        self.base = base
        self.added = added.rename_columns([column.name for column in columns])
        self.positions = positions
        fresh = {column.name.lower(): column for column in columns}
        kept = [fresh.pop(column.name.lower(), column) for column in base.columns]
        self.columns = (*kept, *fresh.values())
        self._added_names = {column.name for column in columns}
        self.snapshots = base.snapshots

    def count(self) -> int:
        """Number of rows."""
        return int(self.added.num_rows)

    def fetch(self, columns: Sequence[str] | None = None, *, limit: int | None = None) -> pa.Table:
        """The rows; the base is asked only for its own columns."""
        chosen = self.chosen(columns)
        added = self.added if limit is None else self.added.slice(0, limit)
        wanted = [column.name for column in chosen if column.name not in self._added_names]
        if not wanted:
            return _beside(None, added, chosen)
        if self.positions is None:
            return _beside(self.base.fetch(wanted, limit=limit), added, chosen)
        return _beside(self.base.take(self.positions[: added.num_rows], wanted), added, chosen)

    def batches(
        self, columns: Sequence[str] | None = None, *, limit: int | None = None
    ) -> pa.RecordBatchReader:
        """The rows as a stream."""
        import pyarrow as pa

        schema = self.fetch(columns, limit=0).schema
        return pa.RecordBatchReader.from_batches(schema, self._generate(schema, columns, limit))

    def _generate(
        self, schema: pa.Schema, columns: Sequence[str] | None, limit: int | None
    ) -> Iterator[pa.RecordBatch]:
        chosen = self.chosen(columns)
        wanted = [column.name for column in chosen if column.name not in self._added_names]
        total = self.count() if limit is None else min(limit, self.count())
        if self.positions is not None or not wanted:
            for at in range(0, total, BATCH_ROWS):
                size = min(BATCH_ROWS, total - at)
                part = (
                    self.base.take(self.positions[at : at + size], wanted)
                    if wanted and self.positions
                    else None
                )
                yield from (
                    _beside(part, self.added.slice(at, size), chosen)
                    .cast(schema)
                    .combine_chunks()
                    .to_batches()
                )
            return
        at = 0
        for batch in self.base.batches(wanted, limit=limit):
            import pyarrow as pa

            part = pa.Table.from_batches([batch])
            yield from (
                _beside(part, self.added.slice(at, len(batch)), chosen)
                .cast(schema)
                .combine_chunks()
                .to_batches()
            )
            at += len(batch)

    def take(self, positions: Sequence[int], columns: Sequence[str] | None = None) -> pa.Table:
        """The rows at these positions."""
        chosen = self.chosen(columns)
        wanted = [column.name for column in chosen if column.name not in self._added_names]
        base_positions = positions if self.positions is None else [self.positions[at] for at in positions]
        part = self.base.take(base_positions, wanted) if wanted else None
        return _beside(part, self.added.take(_indices(positions)), chosen)

    @property
    def takes_cheaply(self) -> bool:
        """If the base does."""
        return self.base.takes_cheaply

    @property
    def connection(self) -> Duck | None:
        """That of the base."""
        return self.base.connection

    def register(self, duck: Duck, name: str) -> None:
        """A positional join: the base stays where it is and is read only as far as the query needs it."""
        if self.positions is not None:
            duck.register(name, self.fetch())
            return
        base, added = f"_b{duck.next_number()}", f"_b{duck.next_number()}"
        self.base.register(duck, base)
        duck.register(added, self.added)
        columns = ", ".join(
            f"{added if column.name in self._added_names else base}.{quote(column.name)}"
            for column in self.columns
        )
        duck.create_view(name, f"SELECT {columns} FROM {base} POSITIONAL JOIN {added}")


def _beside(base: pa.Table | None, added: pa.Table, columns: Sequence[Column]) -> pa.Table:
    """The chosen columns, each from the side that has it; ``added`` wins."""
    import pyarrow as pa

    mine = set(added.column_names)
    arrays = [
        added.column(column.name) if column.name in mine or base is None else base.column(column.name)
        for column in columns
    ]
    return pa.table(arrays, names=[column.name for column in columns])


def _indices(positions: Sequence[int]) -> pa.Array:
    import pyarrow as pa

    return pa.array(positions, pa.int64())
