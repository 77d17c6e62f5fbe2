"""DELETE FROM: remove rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.nodes import Name
from thanosql_kernel.sql.query import Query
from thanosql_kernel.statements.foresight import Foresight, Named
from thanosql_kernel.statements.results import Result
from thanosql_kernel.statements.row_parts import read_alias, read_returning, target_of, told
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.statement import Statement, Words
from thanosql_kernel.wording import answers, counted, statements


@dataclass(frozen=True)
class Delete(Statement):
    """``DELETE FROM t [USING tables] [WHERE condition] [RETURNING …]``."""

    heads = (("DELETE", "FROM"),)
    syntax = "DELETE FROM table [AS alias] [USING table, …] [WHERE condition] [RETURNING expression, …]"
    help = statements.DELETE
    example = "DELETE FROM photos WHERE image_path IS NULL"
    plain_sql = True
    takes_given = True

    table: Name
    alias: Name | None
    tables: Query | None
    where: Query | None
    returning: Query | None = None
    ctes: Query | None = None

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Read what follows DELETE FROM."""
        start = cursor.start_of(words)
        table = cursor.name("table")
        alias = read_alias(cursor, "USING", "WHERE", "RETURNING")
        tables = cursor.from_tables("WHERE", "RETURNING") if cursor.accept("USING") else None
        where = cursor.condition("RETURNING") if cursor.accept("WHERE") else None
        returning = read_returning(cursor)
        return cls(cursor.span_from(start), words, table, alias, tables, where, returning, cursor.given)

    def in_scope(self, query: Query, known: Foresight) -> tuple[Named | Query, ...]:
        """The table, and those behind USING for all but RETURNING."""
        own = super().in_scope(query, known)
        return own if self.tables is None or query is self.returning else (*own, self.tables)

    def run(self, runtime: Runtime) -> Result:
        """Remove the rows in one commit."""
        target = target_of(self.table, self.alias, self.ctes, self.returning)
        changed = runtime.changes.delete_rows(target, self.where, self.tables)
        text = answers.DELETED(rows=counted(changed.deleted, "row"), name=self.table)
        return told(runtime, changed, text)
