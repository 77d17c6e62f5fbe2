"""DELETE FROM: remove rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.nodes import Name
from thanosql_kernel.sql.query import Query
from thanosql_kernel.statements.results import Message
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.statement import Statement, Words, plural


@dataclass(frozen=True)
class Delete(Statement):
    """``DELETE FROM t [WHERE condition]``."""

    heads = (("DELETE", "FROM"),)
    syntax = "DELETE FROM table [WHERE condition]"
    help = "Remove the rows for which the condition holds; all rows without one."
    example = "DELETE FROM photos WHERE image_path IS NULL"
    plain_sql = True

    table: Name
    where: Query | None

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Read what follows DELETE FROM."""
        start = cursor.start_of(words)
        table = cursor.name("table")
        where = cursor.condition() if cursor.accept("WHERE") else None
        return cls(cursor.span_from(start), words, table, where)

    def run(self, runtime: Runtime) -> Message:
        """Remove the rows in one commit."""
        count = runtime.changes.delete_rows(self.table.text, self.where, self.table.span)
        return Message(f"{plural(count, 'row')} deleted from {self.table}")
