"""Rows in memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from thanosql_kernel.catalog import Column
from thanosql_kernel.catalog.model import Folder
from thanosql_kernel.engine.relations.relation import BATCH_ROWS, Holdings, Relation, arrow_holdings, indices
from thanosql_kernel.engine.store.arrow_types import given_back
from thanosql_kernel.sql.identifiers import quote, unique_names

if TYPE_CHECKING:
    import pyarrow as pa

    from thanosql_kernel.duck.connection import Duck


def without_views(table: pa.Table) -> pa.Table:
    """The table with texts and bytes in types whose rows Arrow can take."""
    import pyarrow as pa

    plain = {pa.string_view(): pa.large_string(), pa.binary_view(): pa.large_binary()}
    fields = [field.with_type(plain.get(field.type, field.type)) for field in table.schema]
    return table.cast(pa.schema(fields, table.schema.metadata))


class ArrowRelation(Relation):
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
        return without_views(self.fetch(columns)).take(indices(positions))

    @property
    def takes_cheaply(self) -> bool:
        """They are in memory."""
        return True

    def register(self, duck: Duck, name: str) -> None:
        """Registers the Arrow table itself, or a view that gives columns the types again that Arrow lacks."""
        items = [given_back(column.name, column.type) for column in self.columns]
        if items == [quote(column.name) for column in self.columns]:
            duck.register(name, self.table)
            return
        inner = duck.scratch_name()
        duck.register(inner, self.table)
        duck.create_view(name, f"SELECT {', '.join(items)} FROM {inner}")

    @property
    def holdings(self) -> Holdings:
        """The Arrow buffers."""
        return arrow_holdings(self.table)


class FolderRelation(ArrowRelation):
    """The files in a folder and below it, in columns of paths and of what is known of the files.

    Args:
        table: The files.
        columns: The columns, those of paths first.
        folder: Where they are, and what was said about it.
        sightings: What each of them was when it was read, see `store.sightings`.
    """

    def __init__(
        self, table: pa.Table, columns: Sequence[Column], folder: Folder, sightings: pa.Table
    ) -> None:
        super().__init__(table, columns)
        self.folder = folder
        self.sightings = sightings
