"""INSERT, MERGE, UPDATE and DELETE: each finds out what becomes of the rows, and is one commit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import cast

import numpy as np

from thanosql_kernel.engine.query.committing import Committing
from thanosql_kernel.engine.query.fitting import fitting_rows
from thanosql_kernel.engine.query.generated import Update, compared_columns, update_of
from thanosql_kernel.engine.query.matching import Search, find_rows
from thanosql_kernel.engine.query.merge import merged
from thanosql_kernel.engine.query.pairing import RowsToBe, renamed
from thanosql_kernel.engine.query.returning import returned
from thanosql_kernel.engine.query.upsert import upserted
from thanosql_kernel.engine.query.values import mixed_values
from thanosql_kernel.engine.relations.relation import Relation
from thanosql_kernel.engine.relations.stored import StoredRelation
from thanosql_kernel.engine.store import edit
from thanosql_kernel.engine.store.columns import existing_column
from thanosql_kernel.engine.store.edit import Edit
from thanosql_kernel.engine.store.failures import Conflict
from thanosql_kernel.engine.store.stream import appended_stream
from thanosql_kernel.errors import Span
from thanosql_kernel.sql.query import Query
from thanosql_kernel.statements import changes as asked
from thanosql_kernel.statements.changes import Changed, Merge, OnConflict, Target
from thanosql_kernel.statements.convert import conversion
from thanosql_kernel.wording import answers, counted
from thanosql_kernel.wording.data import TS503


class RowChanges(Committing):
    """Changes of the rows of stored tables."""

    def insert_rows(
        self,
        target: Target,
        columns: Sequence[str],
        query: Query | None,
        rows: Callable[[], asked.Relation],
        conflict: OnConflict | None = None,
    ) -> Changed:
        """Add a query's rows to a table, its columns to these in order."""
        table = self._tables.catalog.table(target.name, target.span)
        targets = [existing_column(table, name, target.span) for name in columns]
        span = target.span if query is None else query.span
        mixed = None if query is None else mixed_values(self._queries, query, targets)
        typed = mixed or cast(Relation, rows())
        if conflict is None and target.returning is None:
            with self._tables.writing(table.name, self._work.check) as storage:
                return Changed(self._append(table.name, storage, typed, span, columns))
        with self._changing(target, [typed]) as stored:
            fitting = fitting_rows(typed, stored.table, self._queries.duck, span, targets=columns)
            if conflict is not None:
                return self._become(
                    stored, target, upserted(self._queries, stored, target, fitting, conflict)
                )
            kept = self._queries.duck.scratch_name()
            new = fitting.kept_as(kept)
            return self._become(stored, target, RowsToBe(new=new, kept=[kept]))

    def merge_rows(self, target: Target, rows: asked.Relation, merge: Merge) -> Changed:
        """Merge rows into a table."""
        source = renamed(cast(Relation, rows), merge.columns, self._queries, merge.span)
        with self._changing(target, [source]) as stored:
            made = merged(self._queries, stored, target, source, merge)
            return self._become(stored, target, made, tells_action=True)

    def delete_rows(self, target: Target, where: Query | None, tables: Query | None = None) -> Changed:
        """Delete the rows for which the condition holds (all without one)."""
        with self._changing(target) as stored:
            if where is None and tables is None and target.returning is None:
                return self._emptied(stored)
            found = find_rows(self._queries, stored, target, Search(where, tables))
            return self._become(stored, target, RowsToBe(deleted=np.unique(found.positions)))

    def _emptied(self, stored: StoredRelation) -> Changed:
        count = stored.count()
        if count:
            store, name = self._tables.store, stored.table.name
            self._written(name, lambda: edit.delete_all(store, stored.dataset), None, None)
            self._tables.refresh()
        return Changed(deleted=count)

    def update_rows(
        self,
        target: Target,
        assignments: Mapping[str, Query],
        where: Query | None,
        tables: Query | None = None,
    ) -> Changed:
        """Set columns to the values of expressions over the old row, and over rows of other tables that fit."""
        table = self._tables.catalog.table(target.name, target.span)
        for column, expression in assignments.items():
            existing_column(table, column, _before(expression, column))
        with self._changing(target) as stored:
            compared = compared_columns(stored.columns, tuple(assignments))
            search = Search(where, tables, assignments, compared)
            found = find_rows(self._queries, stored, target, search)
            return self._become(stored, target, RowsToBe(matched=[found]))

    # -- what all of them end with ---------------------------------------------------------------------------
    @contextmanager
    def _changing(self, target: Target, read: Sequence[Relation] = ()) -> Iterator[StoredRelation]:
        """The table as it is, with its lock held.

        Raises:
            Conflict: Some of what was read before comes of an earlier version of it.
        """
        name = self._tables.catalog.table(target.name, target.span).name
        with self._tables.writing(name, self._work.check):
            self._queries.forget(name)
            stored = self._queries.table(name)
            seen = {item for rows in read for item in rows.snapshots if not item.is_past}
            if any(item.storage_name == stored.table.storage_name for item in seen - stored.snapshots):
                raise Conflict(TS503.CHANGED(), span=target.span)
            yield stored

    def _become(
        self, stored: StoredRelation, target: Target, made: RowsToBe, *, tells_action: bool = False
    ) -> Changed:
        """Commit what becomes of the rows, if there is anything, once RETURNING is known."""
        check = self._work.check
        updates = [update_of(stored, found, check) for found in made.matched if len(found.positions)]
        changes = [change for update in updates for change in update.changes]
        added = 0 if made.new is None else made.new.count()
        new = made.new if added else None
        rows = returned(self._queries, stored, target, made.deleted, changes, new, tells_action=tells_action)
        if changes or added or len(made.deleted):
            plain = frozenset(name for update in updates for name in update.ended)
            stream = None if new is None else appended_stream(new.batches(), stored.dataset.schema, check)
            self._commit(stored, Edit(made.deleted, changes, plain=plain), stream, target.span)
        self._tell_cleared(stored, updates)
        for name in made.kept if rows is not None else ():  # the connection stays with the rows
            self._queries.duck.drop_table(name)
        updated = sum(len(found.positions) for found in made.matched)
        return Changed(added, updated, len(made.deleted), rows)

    def _tell_cleared(self, stored: StoredRelation, updates: Sequence[Update]) -> None:
        """Say which vectors have gone with the values that they were made of."""
        for name in dict.fromkeys(name for update in updates for name in update.cleared):
            count, table = sum(update.cleared.get(name, 0) for update in updates), stored.table.name
            convert = conversion(stored.column(name), table)
            told = answers.NO_VECTOR if count == 1 else answers.NO_VECTORS
            self._work.notice(told(rows=counted(count, "row"), table=table, convert=convert))


def _before(expression: Query, column: str) -> Span | None:
    """Where ``column`` stands in ``column = expression``."""
    head = expression.source[: expression.span.start]
    at = head.lower().rfind(column.lower())
    return Span(at, at + len(column)) if at >= 0 else None
