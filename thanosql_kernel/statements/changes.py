"""What statements ask of the engine to change tables and views: each call is one commit, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from thanosql_kernel.catalog import Column, View
from thanosql_kernel.errors import Span
from thanosql_kernel.sql.query import Query

if TYPE_CHECKING:
    import pyarrow as pa

IfExists = Literal["fail", "replace", "append", "skip"]


class Relation(Protocol):
    """Rows that can be read again as long as the statement runs; nothing is fetched before it is asked for."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """Names, types, and the provenance of vector columns where it is known."""
        ...

    def fetch(self, columns: Sequence[str] | None = None, *, limit: int | None = None) -> pa.Table:
        """The rows in order; all columns unless named."""
        ...

    def count(self) -> int:
        """Number of rows."""
        ...


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What has become of a table's rows.

    Attributes:
        added: Rows of new files.
        gone: Rows whose files are gone.
        kept: All others.
    """

    added: int
    gone: int
    kept: int


class TableChanges(Protocol):
    """What changes tables and views. Every method may raise a `ThanoSQLError`; then nothing has changed."""

    def store(self, name: str, rows: Relation, *, if_exists: IfExists, span: Span | None = None) -> int:
        """Write rows as a table in one commit; returns how many were written.

        "append" adds by column name (case ignored); missing columns become NULL; a column the table does not have,
        or one whose type cannot be cast, is an error and nothing is written.
        "skip" does nothing if it exists.
        """
        ...

    def refresh_folder(self, name: str, rows: Relation, span: Span | None = None) -> Refreshed:
        """Bring a table up to date with the folder that a COPY read, in one commit; makes the table if there is none.

        New files become rows, rows of files that are gone go, and all other rows stay as they are.
        """
        ...

    def insert_rows(
        self,
        name: str,
        columns: Sequence[str],
        query: Query,
        rows: Callable[[], Relation],
        span: Span | None = None,
    ) -> int:
        """Add a query's rows to a table in one commit, its columns to these in order; returns how many there are.

        Nobody asks for ``rows`` where each value is typed by itself: of VALUES.

        A value is typed for its column; one that would be rounded is an error, and nothing is written.
        """
        ...

    def create_view(self, view: View, *, replaces: bool, span: Span | None = None) -> None:
        """Keep a view; TS204 if its name is taken, TS221 if it would read itself."""
        ...

    def drop_view(self, name: str, span: Span | None = None) -> None:
        """Forget a view."""
        ...

    def rename_view(self, name: str, new_name: str, span: Span | None = None) -> None:
        """Give a view another name; what reads it under the old one does not find it any more."""
        ...

    def drop_table(self, name: str, span: Span | None = None) -> None:
        """Remove a table."""
        ...

    def rename_table(self, name: str, new_name: str, span: Span | None = None) -> None:
        """Give a table another name."""
        ...

    def delete_rows(self, name: str, where: Query | None, span: Span | None = None) -> int:
        """Delete the rows for which the condition holds (all without one); returns how many."""
        ...

    def update_rows(
        self, name: str, assignments: Mapping[str, Query], where: Query | None, span: Span | None = None
    ) -> int:
        """Set columns to the values of SQL expressions over the old row; returns how many rows changed."""
        ...

    def add_column(self, name: str, column: str, sql_type: str, span: Span | None = None) -> None:
        """Add a column of NULLs."""
        ...

    def drop_column(self, name: str, column: str, span: Span | None = None) -> None:
        """Remove a column."""
        ...

    def rename_column(self, name: str, column: str, new_name: str, span: Span | None = None) -> None:
        """Give a column another name; its provenance goes with it."""
        ...
