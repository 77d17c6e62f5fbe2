"""UPDATE: change rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from thanosql_kernel.errors import ThanoSQLError
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.nodes import Name
from thanosql_kernel.sql.query import Query
from thanosql_kernel.statements.foresight import Foresight, Named
from thanosql_kernel.statements.results import Result
from thanosql_kernel.statements.row_parts import (
    Assignments,
    read_alias,
    read_assignments,
    read_returning,
    target_of,
    told,
)
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.statement import Statement, Words
from thanosql_kernel.wording import answers, counted, statements


@dataclass(frozen=True)
class Update(Statement):
    """``UPDATE t SET a = expression, … [FROM tables] [WHERE condition] [RETURNING …]``."""

    heads = (("UPDATE",),)
    syntax = (
        "UPDATE table [AS alias] SET column = expression, … [FROM table, …] [WHERE condition] "
        "[RETURNING expression, …]"
    )
    help = statements.UPDATE
    example = "UPDATE photos SET label = 'cat' WHERE image_path LIKE '%cat%'"
    plain_sql = True
    takes_given = True

    table: Name
    alias: Name | None
    columns: tuple[Name, ...]
    values: tuple[Query, ...]
    tables: Query | None
    where: Query | None
    returning: Query | None = None
    ctes: Query | None = None

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Read what follows UPDATE."""
        start = cursor.start_of(words)
        table = cursor.name("table")
        alias = read_alias(cursor, "SET", must_go_on=True)
        cursor.expect("SET")
        assignments = read_assignments(cursor, "FROM", "WHERE", "RETURNING")
        tables = cursor.from_tables("WHERE", "RETURNING") if cursor.accept("FROM") else None
        where = cursor.condition("RETURNING") if cursor.accept("WHERE") else None
        returning = read_returning(cursor)
        return cls(
            cursor.span_from(start),
            words,
            table,
            alias,
            assignments.columns,
            assignments.values,
            tables,
            where,
            returning,
            cursor.given,
        )

    def check(self, known: Foresight) -> Iterator[ThanoSQLError]:
        """A column set twice."""
        yield from super().check(known)
        yield from Assignments(self.columns, self.values).problems()

    def in_scope(self, query: Query, known: Foresight) -> tuple[Named | Query, ...]:
        """The table, and those behind FROM for all but RETURNING."""
        own = super().in_scope(query, known)
        return own if self.tables is None or query is self.returning else (*own, self.tables)

    def run(self, runtime: Runtime) -> Result:
        """Change the rows in one commit."""
        target = target_of(self.table, self.alias, self.ctes, self.returning)
        assignments = Assignments(self.columns, self.values).by_column
        changed = runtime.changes.update_rows(target, assignments, self.where, self.tables)
        rows = counted(changed.updated, "row")
        return told(runtime, changed, answers.UPDATED(rows=rows, table=self.table))
