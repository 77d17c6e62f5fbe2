"""What statements ask of the engine to change tables and views: each call is one commit, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
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
        removed: Rows whose files are gone.
        renamed: Rows whose files have other names, or are in other places.
        changed: Rows whose files were written since.
        kept: All others.
        missing: Those of the kept whose files are gone.
        outdated: Names of generated columns that lack vectors of some rows.
    """

    added: int = 0
    removed: int = 0
    renamed: int = 0
    changed: int = 0
    kept: int = 0
    missing: int = 0
    outdated: tuple[str, ...] = ()

    def after(self, before: Refreshed) -> Refreshed:
        """What has become of them in all, when the statement began anew."""
        return replace(
            self,
            added=self.added + before.added,
            removed=self.removed + before.removed,
            renamed=self.renamed + before.renamed,
            changed=self.changed + before.changed,
            kept=max(0, self.kept - before.added - before.renamed - before.changed),
        )


@dataclass(frozen=True, slots=True)
class Target:
    """The table whose rows a statement changes.

    Attributes:
        name: The table.
        span: Where it is named.
        alias: What the statement's SQL calls it; its own name if "".
        given: The common table expressions in front of the statement.
        returning: What to give of the rows that changed.
    """

    name: str
    span: Span
    alias: str = ""
    given: Query | None = None
    returning: Query | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """What has become of a table's rows.

    Attributes:
        inserted: How many were added.
        updated: How many changed.
        deleted: How many went.
        rows: What RETURNING gives, if it was asked for.
    """

    inserted: int = 0
    updated: int = 0
    deleted: int = 0
    rows: Relation | None = None


@dataclass(frozen=True, slots=True)
class OnConflict:
    """What to do with new rows that are there already.

    Attributes:
        key: The columns in which they agree with those that are there.
        span: Where they are named.
        assignments: By column, its new value, over the old row and `excluded`, the new one; None for nothing.
        where: Which of the old rows change; all without it.
    """

    key: tuple[str, ...]
    span: Span
    assignments: Mapping[str, Query] | None = None
    where: Query | None = None


Group = Literal["matched", "new", "unmatched"]
"""Of a MERGE: pairs, rows of the source that are new to the table, rows of the table that the source lacks."""


@dataclass(frozen=True, slots=True)
class When:
    """What a MERGE makes of some rows.

    Attributes:
        group: Which.
        action: What.
        span: Where it is written.
        condition: Which of the group; all without it.
        columns: Those that get values; all of the table's if there are none.
        values: Theirs, in order.
        by: How the source's columns go to the table's where no values are given; "default" for NULLs.
        message: What an error says.
    """

    group: Group
    action: Literal["update", "delete", "insert", "nothing", "error"]
    span: Span
    condition: Query | None = None
    columns: tuple[str, ...] = ()
    values: tuple[Query, ...] = ()
    by: Literal["", "name", "position", "default"] = ""
    message: Query | None = None

    @property
    def texts(self) -> tuple[Query, ...]:
        """The expressions in it."""
        return tuple(text for text in (self.condition, *self.values, self.message) if text is not None)


@dataclass(frozen=True, slots=True)
class Merge:
    """Rows to be merged into a table.

    Attributes:
        alias: What the statement's SQL calls them.
        span: Where it says when they are pairs.
        on: When a row of theirs and one of the table are a pair.
        using: The same: columns in which they agree.
        whens: What becomes of pairs and of all others; the first that holds counts.
        columns: Other names for the first of their columns.
    """

    alias: str
    span: Span
    on: Query | None
    using: tuple[str, ...]
    whens: tuple[When, ...]
    columns: tuple[str, ...] = ()


class TableChanges(Protocol):
    """What changes tables and views. Every method may raise a `ThanoSQLError`; then nothing has changed."""

    def store(
        self,
        name: str,
        rows: Relation,
        *,
        if_exists: IfExists,
        span: Span | None = None,
        names: Sequence[str] = (),
        has_rows: bool = True,
    ) -> int:
        """Write rows as a table in one commit; returns how many were written.

        "append" adds by column name (case ignored); missing columns become NULL; a column the table does not have,
        or one whose type cannot be cast, is an error and nothing is written.
        "skip" does nothing if it exists.

        The table's columns may get other names than those of the rows; without ``has_rows`` it has columns alone.
        """
        ...

    def create_table(
        self,
        name: str,
        columns: Sequence[tuple[str, str, Span]],
        *,
        if_exists: IfExists,
        span: Span | None = None,
    ) -> None:
        """Make a table without rows, of columns with SQL types, each with the place of its type."""
        ...

    def insert_rows(
        self,
        target: Target,
        columns: Sequence[str],
        query: Query | None,
        rows: Callable[[], Relation],
        conflict: OnConflict | None = None,
    ) -> Changed:
        """Add a query's rows to a table in one commit, its columns to these in order.

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

    def merge_rows(self, target: Target, rows: Relation, merge: Merge) -> Changed:
        """Merge rows into a table, in one commit; it is an error if several would change one row of the table."""
        ...

    def delete_rows(self, target: Target, where: Query | None, tables: Query | None = None) -> Changed:
        """Delete the rows for which the condition, over other tables too, holds (all without one)."""
        ...

    def update_rows(
        self,
        target: Target,
        assignments: Mapping[str, Query],
        where: Query | None,
        tables: Query | None = None,
    ) -> Changed:
        """Set columns to the values of SQL expressions over the old row, and over rows of other tables that fit.

        It is an error if several of these would make different things of one row.
        """
        ...

    def add_column(
        self, name: str, column: str, sql_type: str, default: Query | None = None, span: Span | None = None
    ) -> None:
        """Add a column of NULLs, or of a value that is computed for each row by itself."""
        ...

    def change_type(
        self, name: str, column: str, sql_type: str, using: Query | None = None, span: Span | None = None
    ) -> None:
        """Give a column another type, and its values that of an expression; one that would be rounded is an error."""
        ...

    def drop_column(self, name: str, column: str, span: Span | None = None) -> None:
        """Remove a column."""
        ...

    def rename_column(self, name: str, column: str, new_name: str, span: Span | None = None) -> None:
        """Give a column another name; its provenance goes with it."""
        ...
