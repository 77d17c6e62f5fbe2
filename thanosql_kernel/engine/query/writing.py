"""Changes of stored tables that one statement makes, each in one commit that overtakes nobody's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from thanosql_kernel.catalog import Column
from thanosql_kernel.catalog.unknown import taken_table
from thanosql_kernel.duck.errors import Place
from thanosql_kernel.engine.query.column_changes import ColumnChanges
from thanosql_kernel.engine.query.fitting import fitting_rows
from thanosql_kernel.engine.query.folders import changes_of, folder_of
from thanosql_kernel.engine.query.older_tables import rows_for
from thanosql_kernel.engine.query.own_column import is_own_rows, put_own_column
from thanosql_kernel.engine.query.pairing import renamed, rows_of
from thanosql_kernel.engine.query.row_changes import RowChanges
from thanosql_kernel.engine.query.view_changes import ViewChanges
from thanosql_kernel.engine.relations.relation import Relation
from thanosql_kernel.engine.relations.sql import SqlRelation
from thanosql_kernel.engine.store.columns import field_of
from thanosql_kernel.engine.store.edit import Edit
from thanosql_kernel.engine.store.failures import Conflict
from thanosql_kernel.engine.store.names import check_column_name, check_table_name
from thanosql_kernel.engine.store.stream import appended_stream, new_table_stream
from thanosql_kernel.errors import Span
from thanosql_kernel.sql.identifiers import quote
from thanosql_kernel.statements import changes as asked
from thanosql_kernel.statements.changes import IfExists, Refreshed
from thanosql_kernel.wording.data import TS503
from thanosql_kernel.wording.names import TS204


class TableWriter(RowChanges, ColumnChanges, ViewChanges):
    """What one statement may change."""

    def store(
        self,
        name: str,
        rows: asked.Relation,
        *,
        if_exists: IfExists,
        span: Span | None = None,
        names: Sequence[str] = (),
        has_rows: bool = True,
    ) -> int:
        """Write rows as a table in one commit; returns how many were written."""
        given = renamed(cast(Relation, rows), names, self._queries, span or Span(0, 0))
        return self._store(name, given if has_rows else self._none_of(given), if_exists, span)

    def _none_of(self, rows: Relation) -> Relation:
        sql = f"SELECT * FROM {rows_of(rows, self._queries)} LIMIT 0"
        place = Place("", 0)
        return SqlRelation(self._queries.duck, sql, rows.columns, place=place, repeatable=True)

    def create_table(
        self,
        name: str,
        columns: Sequence[tuple[str, str, Span]],
        *,
        if_exists: IfExists,
        span: Span | None = None,
    ) -> None:
        """Make a table without rows."""
        duck = self._queries.duck
        typed = [Column(column, field_of(duck, column, kind, at)[1]) for column, kind, at in columns]
        items = ", ".join(f"CAST(NULL AS {column.type}) AS {quote(column.name)}" for column in typed)
        rows = SqlRelation(duck, f"SELECT {items} LIMIT 0", typed, place=Place("", 0), repeatable=True)
        self._store(name, rows, if_exists, span)

    def _store(self, name: str, rows: Relation, if_exists: IfExists, span: Span | None) -> int:
        is_new = self._tables.catalog.find_table(name) is None
        if is_new:
            check_table_name(name, span)  # its lock is a file of that name
        if is_new or if_exists == "replace":
            for column in rows.columns:
                check_column_name(column.name, span)
        with self._tables.writing(name, self._work.check) as storage:
            table = self._tables.catalog.find_table(name)
            if table is not None and if_exists == "skip":
                return 0
            if table is not None and if_exists == "fail":
                raise taken_table(table.name, span, TS204.REPLACE_TABLE())
            if table is not None and if_exists == "append":
                return self._append(name, storage, rows, span)
            if table is not None and is_own_rows(rows, table):
                put_own_column(self._tables, rows, self._work)
                self._queries.forget(name)
                return rows.count()
            read = [item for item in rows.snapshots if item.storage_name == storage]
            if table is not None and not all(self._tables.store.has_version(*item) for item in read):
                raise Conflict(TS503.MADE_ANOTHER(), span=span)
            versions = [item.version for item in read]
            stream = new_table_stream(rows.batches(), rows.columns, self._work.check)
            return self._write(
                name, stream, mode="replace", read_version=versions[0] if versions else None, span=span
            )

    def refresh_folder(self, name: str, rows: asked.Relation, span: Span | None = None) -> Refreshed:
        """Bring a table up to date with a folder, in one commit."""
        folder = folder_of(cast(Relation, rows), span)
        if self._tables.catalog.find_table(name) is None:
            return Refreshed(self.store(name, rows, if_exists="fail", span=span), 0, 0)
        table = self._tables.catalog.table(name, span)
        with self._tables.writing(table.name, self._work.check) as storage:
            self._queries.forget(table.name)
            target = self._queries.table(table.name)
            changed = changes_of(folder, target, self._work.paths, span)
            if len(changed.gone) or changed.new.count():
                table, schema = target.table, self._tables.store.open(storage).schema
                new = rows_for(table, changed.new, self._work.notice)
                fitting = fitting_rows(new, table, self._queries.duck, span)
                stream = appended_stream(fitting.batches(), schema, self._work.check)
                self._commit(target, Edit(changed.gone), stream, span)
            gone = len(changed.gone)
            return Refreshed(changed.new.count(), gone, target.count() - gone)

    def drop_table(self, name: str, span: Span | None = None) -> None:
        """Remove a table."""
        self._tables.drop(name, span, self._work.check)
        self._queries.forget(name)

    def rename_table(self, name: str, new_name: str, span: Span | None = None) -> None:
        """Give a table another name."""
        self._tables.rename(name, new_name, span, self._work.check)
        self._queries.forget(name)
