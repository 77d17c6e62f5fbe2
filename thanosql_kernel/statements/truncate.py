"""TRUNCATE: remove all rows of a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.nodes import Name
from thanosql_kernel.statements.changes import Target
from thanosql_kernel.statements.results import Message
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.statement import Statement, Words
from thanosql_kernel.wording import answers, counted, statements


@dataclass(frozen=True)
class Truncate(Statement):
    """``TRUNCATE [TABLE] t``."""

    heads = (("TRUNCATE",),)
    syntax = "TRUNCATE [TABLE] table"
    help = statements.TRUNCATE
    example = "TRUNCATE photos"

    plain_sql = True

    table: Name

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Read what follows TRUNCATE."""
        start = cursor.start_of(words)
        names_table = cursor.looking_at("TABLE") and cursor.peek(1) is not None
        if names_table or not cursor.looking_at("TABLE"):
            cursor.accept("TABLE")
        table = cursor.name("table")
        return cls(cursor.span_from(start), words, table)

    def run(self, runtime: Runtime) -> Message:
        """Remove the rows in one commit."""
        changed = runtime.changes.delete_rows(Target(self.table.text, self.table.span), None)
        return Message(answers.DELETED(rows=counted(changed.deleted, "row"), name=self.table))
