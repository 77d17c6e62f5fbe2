"""Changes of stored tables that one statement makes, each in one commit that overtakes nobody's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from thanosql_kernel.catalog import Column
from thanosql_kernel.catalog.model import Folder
from thanosql_kernel.catalog.unknown import taken_table
from thanosql_kernel.duck.errors import Place
from thanosql_kernel.engine.query.column_changes import ColumnChanges
from thanosql_kernel.engine.query.fitting import fitting_rows
from thanosql_kernel.engine.query.folders import (
    fragments_in,
    note_files,
    note_folder,
    path_columns,
    put_folders,
)
from thanosql_kernel.engine.query.own_column import is_own_rows, put_own_column
from thanosql_kernel.engine.query.pairing import renamed, rows_of
from thanosql_kernel.engine.query.row_changes import RowChanges
from thanosql_kernel.engine.query.view_changes import ViewChanges
from thanosql_kernel.engine.relations.arrow import FolderRelation
from thanosql_kernel.engine.relations.beside import BesideRelation
from thanosql_kernel.engine.relations.relation import Relation
from thanosql_kernel.engine.relations.sql import SqlRelation
from thanosql_kernel.engine.relations.stored import StoredRelation
from thanosql_kernel.engine.store.add_column import column_parts
from thanosql_kernel.engine.store.columns import field_of
from thanosql_kernel.engine.store.edit import Edit
from thanosql_kernel.engine.store.failures import Conflict
from thanosql_kernel.engine.store.identity import table_identity
from thanosql_kernel.engine.store.names import check_column_name, check_table_name
from thanosql_kernel.engine.store.sightings import read_sightings, write_sightings
from thanosql_kernel.engine.store.stream import appended_stream, new_table_stream
from thanosql_kernel.errors import Span
from thanosql_kernel.sql.identifiers import quote
from thanosql_kernel.statements import changes as asked
from thanosql_kernel.statements.changes import IfExists
from thanosql_kernel.wording.data import TS503
from thanosql_kernel.wording.names import TS204

if TYPE_CHECKING:
    import pyarrow as pa


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
                return self._appended(name, storage, rows, span)
            if table is not None and is_own_rows(rows, table):
                put_own_column(self._tables, rows, self._work)
                self._queries.forget(name)
                return rows.count()
            read = [item for item in rows.snapshots if item.storage_name == storage and not item.is_past]
            has_version = self._tables.store.has_version
            if table is not None and not all(has_version(storage, it.version, it.identity) for it in read):
                raise Conflict(TS503.MADE_ANOTHER(), span=span)
            versions = [item.version for item in read]
            copied = _of_folder(rows)
            folders = [] if copied is None else [copied.folder]
            stream = new_table_stream(rows.batches(), rows.columns, self._work.check, folders)
            written = self._write(
                name, stream, mode="replace", read_version=versions[0] if versions else None, span=span
            )
            if copied is not None:
                note_files(self._tables, storage, copied, ())
            return written

    def _appended(self, name: str, storage: str, rows: Relation, span: Span | None) -> int:
        before = fragments_in(self._tables, storage)
        written = self._append(name, storage, rows, span)
        if isinstance(rows, FolderRelation):
            note_files(self._tables, storage, rows, before)
            note_folder(self._tables, storage, rows.folder)
        return written

    def edit(
        self,
        read: StoredRelation,
        edit: Edit,
        new: Relation | None,
        seen: pa.Table,
        span: Span | None = None,
        *,
        sees_again: bool = False,
    ) -> None:
        """Change rows that were read outside the table's lock, in one commit.

        Args:
            read: The table as it was.
            edit: What becomes of its rows.
            new: Rows to add, with columns of the table; None for none.
            seen: What the files of all rows are then, see `store.sightings`.
            span: Where errors point.
            sees_again: Whether that is news of rows that do not change, too.

        Raises:
            Conflict: Somebody has changed the table since.
        """
        name, check = read.table.name, self._work.check
        with self._tables.writing(name, check) as storage:
            dataset = self._tables.store.open(storage)
            if table_identity(dataset) != table_identity(read.dataset):
                raise Conflict(TS503.CHANGED(), span=span)
            stream = None
            if new is not None:
                fitting = fitting_rows(new, read.table, self._queries.duck, span)
                stream = appended_stream(fitting.batches(), dataset.schema, check)
            if stream is not None or edit.changes or len(edit.deleted):
                self._commit(read, edit, stream, span)
            self._note_all(storage, path_columns(read.table.columns)[0].name, seen, again=sees_again)

    def _note_all(self, storage: str, column: str, seen: pa.Table, *, again: bool) -> None:
        """Remember what the files of all rows are; where it is remembered already, only if it was seen again."""
        present = self._tables.store.open(storage)
        if present.count_rows() == len(seen):
            parts = column_parts(present, column) if again else read_sightings(present, column)[1]
            write_sightings(present, parts, seen)

    def remember_folders(self, name: str, folders: Sequence[Folder]) -> None:
        """Let a table know which folders it was copied from."""
        with self._tables.writing(name, self._work.check) as storage:
            put_folders(self._tables, storage, folders)
            self._queries.forget(name)

    def drop_table(self, name: str, span: Span | None = None) -> None:
        """Remove a table."""
        self._tables.drop(name, span, self._work.check)
        self._queries.forget(name)

    def rename_table(self, name: str, new_name: str, span: Span | None = None) -> None:
        """Give a table another name."""
        self._tables.rename(name, new_name, span, self._work.check)
        self._queries.forget(name)


def _of_folder(rows: Relation) -> FolderRelation | None:
    """The files that rows are, or that columns have been put beside of; None where rows are of something else."""
    while isinstance(rows, BesideRelation) and rows.positions is None:
        rows = rows.base
    return rows if isinstance(rows, FolderRelation) else None
