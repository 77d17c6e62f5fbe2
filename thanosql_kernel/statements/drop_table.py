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
from thanosql_kernel.wording import answers, statements
from thanosql_kernel.wording.grammar import TS105, WRITE
from thanosql_kernel.wording.names import TS220


@dataclass(frozen=True)
class DropTable(Statement):
    """``DROP TABLE [IF EXISTS] t [CASCADE | RESTRICT]``."""

    heads = (("DROP", "TABLE"),)
    syntax = "DROP TABLE [IF EXISTS] table [CASCADE | RESTRICT]"
    help = statements.DROP_TABLE
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
            raise ParseError(TS105.ONE_TABLE(), span=cursor.here(), hint=TS105.DROP_EACH(table=table))
        if cursor.accept("CASCADE") is None:
            cursor.accept("RESTRICT")
        return cls(cursor.span_from(start), words, table, if_exists)

    def for_view(self, view: View) -> tuple[str, Sequence[Fix]]:
        """DROP VIEW."""
        drop = f"DROP VIEW {quote_if_needed(view.name)}"
        return TS220.DROPS_VIEW(statement=drop), [Fix(WRITE(text=drop), Replace(self.span, drop))]

    def run(self, runtime: Runtime) -> Message:
        """Remove it."""
        if self.if_exists and runtime.catalog.find_table(self.table.text) is None:
            return Message(answers.NO_TABLE(name=self.table))
        try:
            runtime.changes.drop_table(self.table.text, self.table.span)
        except UnknownName:
            if not self.if_exists:
                raise
            return Message(answers.NO_TABLE_ANY_MORE(name=self.table))
        return Message(answers.TABLE_DROPPED(name=self.table))

    def makes(self, known: Foresight) -> Makes:
        """The table is gone."""
        return Makes(without_table(known.catalog, self.table.text))
