"""DROP TABLE: remove a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from thanosql_kernel.catalog import View
from thanosql_kernel.errors import Fix, ParseError, Replace, UnknownName
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.identifiers import quote_if_needed
from thanosql_kernel.sql.nodes import Name
from thanosql_kernel.statements.foresight import Foresight, Makes, without_table
from thanosql_kernel.statements.results import Message
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.statement import Statement, Words


@dataclass(frozen=True)
class DropTable(Statement):
    """``DROP TABLE [IF EXISTS] t [CASCADE | RESTRICT]``."""

    heads = (("DROP", "TABLE"),)
    syntax = "DROP TABLE [IF EXISTS] table [CASCADE | RESTRICT]"
    help = "Remove a table. Embeddings computed for it stay cached, so making it again is quick."
    example = "DROP TABLE IF EXISTS photos"

    table: Name
    if_exists: bool

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Read what follows DROP TABLE; nothing depends on a table, so that nothing follows from the last word."""
        start = cursor.start_of(words)
        if_exists = cursor.accept_words("IF", "EXISTS") is not None
        table = cursor.name("table", optional=if_exists)
        if cursor.looking_at(","):
            hint = f"write DROP TABLE {table}; DROP TABLE …"
            raise ParseError(
                "DROP TABLE drops one table at a time", code="TS105", span=cursor.here(), hint=hint
            )
        if cursor.accept("CASCADE") is None:
            cursor.accept("RESTRICT")
        return cls(cursor.span_from(start), words, table, if_exists)

    def for_view(self, view: View) -> tuple[str, Sequence[Fix]]:
        """DROP VIEW."""
        drop = f"DROP VIEW {quote_if_needed(view.name)}"
        return f"{drop} removes it, and none of the rows that it reads", [
            Fix(f"write {drop}", Replace(self.span, drop))
        ]

    def run(self, runtime: Runtime) -> Message:
        """Remove it."""
        if self.if_exists and runtime.catalog.find_table(self.table.text) is None:
            return Message(f"there is no table {self.table}; nothing was done")
        try:
            runtime.changes.drop_table(self.table.text, self.table.span)
        except UnknownName:
            if not self.if_exists:
                raise
            return Message(f"there is no table {self.table} any more; nothing was done")
        return Message(f"table {self.table} dropped")

    def makes(self, known: Foresight) -> Makes:
        """The table is gone."""
        return Makes(without_table(known.catalog, self.table.text))
