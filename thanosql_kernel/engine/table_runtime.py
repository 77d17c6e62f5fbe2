"""Reading and changing tables, as one statement sees it; see `runtime` for the rest of it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from thanosql_kernel.catalog import Catalog, Column
from thanosql_kernel.engine import changes
from thanosql_kernel.engine.duck import Duck
from thanosql_kernel.engine.frames import Frames, NamedRows
from thanosql_kernel.engine.interrupts import run_interruptibly
from thanosql_kernel.engine.names import check_column_name
from thanosql_kernel.engine.progress import ProgressSink, showing
from thanosql_kernel.engine.query import Queries
from thanosql_kernel.engine.relation import ArrowRows, Rows
from thanosql_kernel.errors import Interrupted, Span, ThanoSQLError, UnknownName
from thanosql_kernel.sql.nodes import Scalar
from thanosql_kernel.sql.query import Query
from thanosql_kernel.statements.results import TableResult
from thanosql_kernel.statements.runtime import IfExists, Progress, Relation

if TYPE_CHECKING:
    import pyarrow as pa

    from thanosql_kernel.engine.session import Session


class TableRuntime:
    """What one statement may ask; everything that it opened is let go when it ends.

    Args:
        session: What outlives the statement.
        progress: Where bars are shown; nowhere without one.
        cancelled: Whether the user asked to stop; callable from any thread.
        frames: Python's tables that queries may name.
    """

    def __init__(
        self,
        session: Session,
        *,
        progress: ProgressSink | None,
        cancelled: Callable[[], bool],
        frames: Frames | None = None,
    ) -> None:
        self.session = session
        self._frames = frames
        self.notices: dict[str, None] = {}
        self._progress = progress
        self._cancelled = cancelled
        self._open = ExitStack()
        self._shown: Rows | None = None

    def close(self) -> None:
        """Let go of connections and temporary files."""
        self._open.close()
        if "duck" in vars(self):
            self.duck.close()

    def handed_over(self) -> Rows | None:
        """The rows that the statement has shown, for good: a connection that they need stays open with them."""
        if self._shown is not None and self._shown.connection is not None:
            del self.duck
        return self._shown

    # -- what exists -----------------------------------------------------------------------------------------
    @property
    def catalog(self) -> Catalog:
        """What exists now."""
        return self.session.tables.catalog

    @property
    def working_folder(self) -> Path:
        """Relative paths start here."""
        return self.session.working_folder

    @cached_property
    def duck(self) -> Duck:
        """The statement's connection."""
        return self.session.ducks.open(self.check_interrupted)

    @cached_property
    def queries(self) -> Queries:
        """The statement's queries."""
        return Queries(
            self.duck, lambda: self.catalog, self.session.tables.rows, self._evaluate_nested, self._named
        )

    @cached_property
    def _named(self) -> NamedRows:
        return NamedRows(self.session.results, self._frames, self.session.sql_types, self.check_interrupted)

    def _evaluate_nested(self, statement: Any) -> Rows:
        self.check_interrupted()
        return cast(Rows, statement.evaluate(self))

    def setting(self, name: str) -> Scalar:
        """The value of a setting."""
        return self.session.settings[name]

    def set_setting(self, name: str, value: Scalar) -> None:
        """Change a setting for the session."""
        self.session.settings[name] = value

    # -- reading ---------------------------------------------------------------------------------------------
    def evaluate(self, query: Query) -> Rows:
        """The rows of a query; statements nested in it run first."""
        return self.queries.evaluate(query)

    def preview(self, relation: Relation) -> TableResult:
        """The first rows and the total."""
        limit = cast(int, self.setting("display.rows"))
        rows = relation.fetch(limit=limit)
        total = rows.num_rows if rows.num_rows < limit else relation.count()
        self.keep(ArrowRows(rows, relation.columns) if rows.num_rows == total else relation)
        images = self.setting("display.images") is True
        return TableResult(rows, total, relation.columns, images=images)

    def keep(self, relation: Relation) -> None:
        """Remember the rows as what the statement has shown: ``_`` in later queries."""
        self._shown = cast(Rows, relation)

    def read_source(self, path: str, span: Span) -> Rows:
        """The rows of a file, folder, JSON text or URL."""
        from thanosql_kernel.engine.sources import Reading, read_source

        temporary = Path(self._open.enter_context(tempfile.TemporaryDirectory(prefix="thanosql-")))
        duck = self.session.file_ducks.open(self.check_interrupted)
        self._open.callback(duck.close)
        reading = Reading(
            self.working_folder, temporary, duck, span, self.notice, self.progress, self.check_interrupted
        )
        return read_source(path, reading)

    def rows(self, table: pa.Table) -> Rows:
        """Rows that a statement made itself."""
        types = self.session.sql_types(table.schema)
        columns = [Column(name, kind) for name, kind in zip(table.column_names, types, strict=True)]
        return ArrowRows(table, columns)

    # -- tables ----------------------------------------------------------------------------------------------
    def store(self, name: str, rows: Relation, *, if_exists: IfExists, span: Span | None = None) -> int:
        """Write rows as a table in one commit; returns how many were written."""
        given = cast(Rows, rows)
        tables = self.session.tables
        if tables.catalog.find_table(name) is None or if_exists == "replace":
            for column in given.columns:
                check_column_name(column.name, span)
        with tables.writing(name, self.check_interrupted) as storage:
            table = tables.catalog.find_table(name)
            if table is not None and if_exists == "skip":
                return 0
            if table is not None and if_exists == "fail":
                hint = (
                    "OPTIONS(if_exists='replace') or 'append', CREATE OR REPLACE TABLE, or DROP TABLE first"
                )
                raise UnknownName(
                    f"a table named {table.name} exists already", code="TS204", span=span, hint=hint
                )
            if table is not None and if_exists == "append":
                fitting = changes.appended_rows(given, table, self.duck, span)
                feed = changes.append_feed(fitting, tables.store.open(storage), self.check_interrupted)
                return self._write(name, feed, mode="append", span=span)
            versions = [item.version for item in given.snapshots if item.storage_name == storage]
            feed = changes.stored_feed(given, self.check_interrupted)
            return self._write(
                name, feed, mode="replace", read_version=versions[0] if versions else None, span=span
            )

    def drop_table(self, name: str, span: Span | None = None) -> None:
        """Remove a table."""
        self.session.tables.drop(name, span)
        self.queries.forget(name)

    def rename_table(self, name: str, new_name: str, span: Span | None = None) -> None:
        """Give a table another name."""
        self.session.tables.rename(name, new_name, span)
        self.queries.forget(name)

    def delete_rows(self, name: str, where: Query | None, span: Span | None = None) -> int:
        """Delete the rows for which the condition holds (all without one); returns how many."""
        table = self.catalog.table(name, span)
        with self.session.tables.writing(table.name, self.check_interrupted):
            self.queries.forget(table.name)
            target = self.queries.table(table.name)
            if where is None:
                feed = changes.Feed(target.dataset.schema, iter(()), self.check_interrupted)
                count = target.count()
            else:
                hits = changes.find_rows(self.queries, target, where)
                feed = changes.without_rows(target, hits, self.check_interrupted)
                count = len(hits.positions)
            if count:
                self._write(
                    table.name, feed, mode="replace", read_version=int(target.dataset.version), span=span
                )
            return count

    def update_rows(
        self, name: str, assignments: Mapping[str, Query], where: Query | None, span: Span | None = None
    ) -> int:
        """Set columns to the values of expressions over the old row; returns how many rows changed."""
        table = self.catalog.table(name, span)
        for column, expression in assignments.items():
            changes.existing_column(table, column, _before(expression, column))
        with self.session.tables.writing(table.name, self.check_interrupted):
            self.queries.forget(table.name)
            target = self.queries.table(table.name)
            hits = changes.find_rows(self.queries, target, where, assignments)
            if len(hits.positions):
                feed = changes.with_values(target, hits, self.check_interrupted)
                self._write(
                    table.name, feed, mode="replace", read_version=int(target.dataset.version), span=span
                )
            return len(hits.positions)

    def add_column(self, name: str, column: str, sql_type: str, span: Span | None = None) -> None:
        """Add a column of NULLs."""
        tables = self.session.tables
        with tables.writing(tables.catalog.table(name, span).name, self.check_interrupted) as storage:
            field = changes.new_field(self.duck, tables.catalog.table(name), column, sql_type, span)
            tables.store.add_column(storage, field)
            tables.refresh()

    def drop_column(self, name: str, column: str, span: Span | None = None) -> None:
        """Remove a column."""
        tables = self.session.tables
        with tables.writing(tables.catalog.table(name, span).name, self.check_interrupted) as storage:
            table = tables.catalog.table(name)
            found = changes.existing_column(table, column, span)
            if len(table.columns) == 1:
                hint = f"DROP TABLE {table.name} removes it all"
                raise UnknownName(f"{found.name} is the only column", code="TS206", span=span, hint=hint)
            tables.store.drop_column(storage, found.name)
            tables.refresh()

    def rename_column(self, name: str, column: str, new_name: str, span: Span | None = None) -> None:
        """Give a column another name; its provenance goes with it."""
        tables = self.session.tables
        with tables.writing(tables.catalog.table(name, span).name, self.check_interrupted) as storage:
            table = tables.catalog.table(name)
            found = changes.existing_column(table, column, span)
            if found.name.lower() != new_name.lower():
                changes.check_free(table, new_name, span)
            tables.store.rename_column(storage, found.name, new_name)
            tables.refresh()

    def _write(
        self, name: str, feed: changes.Feed, *, mode: str, read_version: int | None = None, span: Span | None
    ) -> int:
        tables, reader = self.session.tables, feed.reader()
        try:
            with self.progress(f"storing {name}", None, "rows") as bar:
                feed.advance = bar.advance
                run_interruptibly(
                    lambda: tables.write(name, reader, mode=mode, read_version=read_version, span=span),
                    check=self.check_interrupted,
                    cancel=self.duck.interrupt,
                )
        except Exception as error:
            found = changes.write_error(error, feed)
            if isinstance(found, ThanoSQLError):
                found.at(span)
            raise found from error
        self.queries.forget(name)
        return feed.rows

    # -- while a statement runs ------------------------------------------------------------------------------
    def notice(self, text: str) -> None:
        """Add a line to tell beside the result; the same line is told once."""
        self.notices[text] = None

    def progress(self, label: str, total: int | None, unit: str) -> AbstractContextManager[Progress]:
        """Show progress of something that may take over a second."""
        return showing(self._progress, label, total, unit)

    def check_interrupted(self) -> None:
        """Raise `Interrupted` if the user asked to stop."""
        if self._cancelled():
            raise Interrupted


def _before(expression: Query, column: str) -> Span | None:
    """Where ``column`` stands in ``column = expression``."""
    head = expression.source[: expression.span.start]
    at = head.lower().rfind(column.lower())
    return Span(at, at + len(column)) if at >= 0 else None
