"""Changes of stored tables that one statement makes, each in one commit that overtakes nobody's."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, cast

from thanosql_kernel.catalog import Catalog, Table, View
from thanosql_kernel.catalog.unknown import table_in_the_way, taken_view
from thanosql_kernel.engine.query.evaluate import Queries
from thanosql_kernel.engine.query.fitting import fitting_rows
from thanosql_kernel.engine.query.folders import changes_of, folder_of
from thanosql_kernel.engine.query.generated import Update, compared_columns, update_of
from thanosql_kernel.engine.query.matching import find_rows
from thanosql_kernel.engine.query.own_column import is_own_rows, put_own_column
from thanosql_kernel.engine.query.values import mixed_values
from thanosql_kernel.engine.relations.relation import Relation
from thanosql_kernel.engine.relations.stored import StoredRelation
from thanosql_kernel.engine.store import edit
from thanosql_kernel.engine.store.columns import check_free, existing_column, new_field
from thanosql_kernel.engine.store.failures import Conflict
from thanosql_kernel.engine.store.names import check_column_name, check_table_name
from thanosql_kernel.engine.store.stream import CountedStream, appended_stream, new_table_stream, write_error
from thanosql_kernel.engine.store.tables import Tables
from thanosql_kernel.engine.work import Work
from thanosql_kernel.errors import Span, ThanoSQLError, UnknownName
from thanosql_kernel.interrupts import run_interruptibly
from thanosql_kernel.sql.query import Query
from thanosql_kernel.statements import changes as asked
from thanosql_kernel.statements.changes import IfExists, Refreshed
from thanosql_kernel.statements.convert import conversion
from thanosql_kernel.statements.foresight import with_view, without_view
from thanosql_kernel.statements.statement import plural
from thanosql_kernel.statements.views import check_new


class TableWriter:
    """What one statement may change.

    Args:
        tables: The stored tables.
        queries: The statement's queries; they read a table anew after it was changed here.
        work: The statement's.
    """

    def __init__(self, tables: Tables, queries: Queries, work: Work) -> None:
        self._tables = tables
        self._queries = queries
        self._work = work

    def store(self, name: str, rows: asked.Relation, *, if_exists: IfExists, span: Span | None = None) -> int:
        """Write rows as a table in one commit; returns how many were written."""
        return self._store(name, cast(Relation, rows), if_exists, span)

    def _store(self, name: str, rows: Relation, if_exists: IfExists, span: Span | None) -> int:
        if self._tables.catalog.find_table(name) is None or if_exists == "replace":
            for column in rows.columns:
                check_column_name(column.name, span)
        with self._tables.writing(name, self._work.check) as storage:
            table = self._tables.catalog.find_table(name)
            if table is not None and if_exists == "skip":
                return 0
            if table is not None and if_exists == "fail":
                raise _exists(table.name, span)
            if table is not None and if_exists == "append":
                return self._append(name, storage, rows, span)
            if table is not None and is_own_rows(rows, table):
                put_own_column(self._tables, rows, self._work)
                self._queries.forget(name)
                return rows.count()
            read = [item for item in rows.snapshots if item.storage_name == storage]
            if table is not None and not all(self._tables.store.has_version(*item) for item in read):
                raise Conflict("somebody else made another table of that name meanwhile", span=span)
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
                fitting = fitting_rows(changed.new, table, self._queries.duck, span)
                stream = appended_stream(fitting.batches(), schema, self._work.check)
                new, store = stream.reader(), self._tables.store
                self._change(
                    target,
                    partial(edit.exchange, store, target.dataset, changed.gone, new, self._work.check),
                )
            gone = len(changed.gone)
            return Refreshed(changed.new.count(), gone, target.count() - gone)

    def insert_rows(
        self,
        name: str,
        columns: Sequence[str],
        query: Query,
        rows: Callable[[], asked.Relation],
        span: Span | None = None,
    ) -> int:
        """Add a query's rows to a table, its columns to these in order; returns how many there are."""
        table = self._tables.catalog.table(name, span)
        targets = [existing_column(table, name, span) for name in columns]
        typed = mixed_values(self._queries, query, targets) or cast(Relation, rows())
        with self._tables.writing(table.name, self._work.check) as storage:
            return self._append(table.name, storage, typed, query.span, columns)

    def _append(
        self,
        name: str,
        storage: str,
        rows: Relation,
        span: Span | None,
        targets: Sequence[str] | None = None,
    ) -> int:
        table = self._tables.catalog.table(name, span)
        fitting = fitting_rows(rows, table, self._queries.duck, span, targets=targets)
        schema = self._tables.store.open(storage).schema
        stream = appended_stream(fitting.batches(), schema, self._work.check)
        return self._write(name, stream, mode="append", span=span)

    def drop_table(self, name: str, span: Span | None = None) -> None:
        """Remove a table."""
        self._tables.drop(name, span, self._work.check)
        self._queries.forget(name)

    def rename_table(self, name: str, new_name: str, span: Span | None = None) -> None:
        """Give a table another name."""
        self._tables.rename(name, new_name, span, self._work.check)
        self._queries.forget(name)

    # -- views -----------------------------------------------------------------------------------------------
    def create_view(self, view: View, *, replaces: bool, span: Span | None = None) -> None:
        """Keep a view; who else keeps one at the same time is waited for."""
        check_table_name(view.name, span)

        def edit(catalog: Catalog) -> Catalog:
            existing = catalog.find(view.name)
            if isinstance(existing, Table):
                raise table_in_the_way(existing.name, span)
            if existing is not None and not replaces:
                raise taken_view(existing.name, span, "CREATE OR REPLACE VIEW replaces it")
            check_new(catalog, view, span)
            return with_view(catalog, view)

        self._tables.change_views([view.name], edit, self._work.check)

    def drop_view(self, name: str, span: Span | None = None) -> None:
        """Forget a view."""

        def edit(catalog: Catalog) -> Catalog:
            return without_view(catalog, catalog.view(name, span).name)

        self._tables.change_views([name], edit, self._work.check)

    def rename_view(self, name: str, new_name: str, span: Span | None = None) -> None:
        """Give a view another name."""
        check_table_name(new_name, span)

        def edit(catalog: Catalog) -> Catalog:
            view, other = catalog.view(name, span), catalog.find(new_name)
            if isinstance(other, Table):
                raise table_in_the_way(other.name, span)
            if other is not None and other is not view:
                raise taken_view(other.name, span, "choose another name")
            without, renamed = without_view(catalog, view.name), replace(view, name=new_name)
            check_new(without, renamed, span)
            return with_view(without, renamed)

        self._tables.change_views([name, new_name], edit, self._work.check)

    # -- rows ------------------------------------------------------------------------------------------------
    def delete_rows(self, name: str, where: Query | None, span: Span | None = None) -> int:
        """Delete the rows for which the condition holds (all without one); returns how many."""
        table = self._tables.catalog.table(name, span)
        with self._tables.writing(table.name, self._work.check):
            self._queries.forget(table.name)
            target = self._queries.table(table.name)
            found = None if where is None else find_rows(self._queries, target, where).positions
            count = target.count() if found is None else len(found)
            if count:
                self._change(target, partial(self._deleted, target.dataset, found))
            return count

    def _deleted(self, dataset: Any, positions: edit.Positions | None) -> None:
        store = self._tables.store
        if positions is None:
            edit.delete_all(store, dataset)
        else:
            edit.delete(store, dataset, positions, self._work.check)

    def _change(self, target: StoredRelation, work: Callable[[], None]) -> None:
        """Change a table whose lock is held; what reads it later sees the change."""
        run_interruptibly(work, check=self._work.check)
        self._tables.refresh()
        self._queries.forget(target.table.name)

    def update_rows(
        self, name: str, assignments: Mapping[str, Query], where: Query | None, span: Span | None = None
    ) -> int:
        """Set columns to the values of expressions over the old row; returns how many rows changed."""
        table = self._tables.catalog.table(name, span)
        for column, expression in assignments.items():
            existing_column(table, column, _before(expression, column))
        with self._tables.writing(table.name, self._work.check):
            self._queries.forget(table.name)
            target = self._queries.table(table.name)
            compared = compared_columns(target.columns, tuple(assignments))
            matched = find_rows(self._queries, target, where, assignments, compared=compared)
            if len(matched.positions):
                self._update(target, update_of(target, matched, self._work.check))
            return len(matched.positions)

    def _update(self, target: StoredRelation, update: Update) -> None:
        store, dataset = self._tables.store, target.dataset
        work = partial(edit.update, store, dataset, update.changes, self._work.check, plain=update.ended)
        self._change(target, work)
        for name, count in update.cleared.items():
            verb, table = "has" if count == 1 else "have", target.table.name
            convert = conversion(target.column(name), table)
            self._work.notice(f"{plural(count, 'row')} of {table} {verb} no vector now: run {convert}")

    # -- columns ---------------------------------------------------------------------------------------------
    def add_column(self, name: str, column: str, sql_type: str, span: Span | None = None) -> None:
        """Add a column of NULLs."""
        tables = self._tables
        with tables.writing(tables.catalog.table(name, span).name, self._work.check) as storage:
            field = new_field(self._queries.duck, tables.catalog.table(name), column, sql_type, span)
            tables.store.add_column(storage, field)
            tables.refresh()

    def drop_column(self, name: str, column: str, span: Span | None = None) -> None:
        """Remove a column."""
        tables = self._tables
        with tables.writing(tables.catalog.table(name, span).name, self._work.check) as storage:
            table = tables.catalog.table(name)
            found = existing_column(table, column, span)
            if len(table.columns) == 1:
                hint = f"DROP TABLE {table.name} removes it all"
                raise UnknownName(f"{found.name} is the only column", code="TS206", span=span, hint=hint)
            tables.store.drop_column(storage, found.name)
            tables.refresh()

    def rename_column(self, name: str, column: str, new_name: str, span: Span | None = None) -> None:
        """Give a column another name; its provenance goes with it."""
        tables = self._tables
        with tables.writing(tables.catalog.table(name, span).name, self._work.check) as storage:
            table = tables.catalog.table(name)
            found = existing_column(table, column, span)
            if found.name.lower() != new_name.lower():
                check_free(table, new_name, span)
            tables.store.rename_column(storage, found.name, new_name)
            tables.refresh()

    def _write(
        self,
        name: str,
        stream: CountedStream,
        *,
        mode: str,
        read_version: int | None = None,
        span: Span | None,
    ) -> int:
        reader = stream.reader()
        try:
            with self._work.progress(f"storing {name}", None, "rows") as bar:
                stream.advance = bar.advance
                run_interruptibly(
                    lambda: self._tables.write(name, reader, mode=mode, read_version=read_version, span=span),
                    check=self._work.check,
                    cancel=self._queries.duck.interrupt,
                )
        except Exception as error:
            found = write_error(error, stream)
            if isinstance(found, ThanoSQLError):
                found.at(span)
            raise found from error
        self._queries.forget(name)
        return stream.rows


def _exists(name: str, span: Span | None) -> UnknownName:
    hint = "OPTIONS(if_exists='replace') or 'append', CREATE OR REPLACE TABLE, or DROP TABLE first"
    return UnknownName(f"a table named {name} exists already", code="TS204", span=span, hint=hint)


def _before(expression: Query, column: str) -> Span | None:
    """Where ``column`` stands in ``column = expression``."""
    head = expression.source[: expression.span.start]
    at = head.lower().rfind(column.lower())
    return Span(at, at + len(column)) if at >= 0 else None
