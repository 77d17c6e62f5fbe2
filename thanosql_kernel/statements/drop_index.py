"""DROP INDEX."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from thanosql_kernel.errors import UnknownName
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.identifiers import quote_if_needed
from thanosql_kernel.sql.nodes import Name
from thanosql_kernel.statements.results import Message
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.statement import Statement, Words
from thanosql_kernel.wording import indexes


@dataclass(frozen=True)
class DropIndex(Statement):
    """``DROP INDEX [IF EXISTS] name [ON t]``."""

    heads = (("DROP", "INDEX"),)
    syntax = "DROP INDEX [IF EXISTS] name [ON table]"
    help = indexes.DROP_INDEX
    example = "DROP INDEX IF EXISTS by_look"

    index: Name
    table: Name | None
    if_exists: bool

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Read what follows DROP INDEX."""
        start = cursor.start_of(words)
        if_exists = cursor.accept_words("IF", "EXISTS") is not None
        index = cursor.name("index", optional=if_exists)
        table = cursor.name("table") if cursor.accept("ON") is not None else None
        return cls(cursor.span_from(start), words, index, table, if_exists)

    def run(self, runtime: Runtime) -> Message:
        """Remove it."""
        found = runtime.indexes(*((self.table.text, self.table.span) if self.table else ()))
        named = [item for item in found if item.name.lower() == self.index.text.lower()]
        if not named and self.if_exists:
            return Message(indexes.NO_INDEX(index=self.index))
        if not named:
            hint = indexes.TS230.SHOW_THEM()
            raise UnknownName(indexes.TS230.NO_INDEX(index=self.index), span=self.index.span, hint=hint)
        if len(named) > 1:
            one = f"DROP INDEX {quote_if_needed(named[0].name)} ON {quote_if_needed(named[0].table)}"
            raise UnknownName(indexes.TS230.SEVERAL(index=self.index), span=self.index.span, hint=one)
        runtime.drop_index(named[0])
        return Message(indexes.DROPPED(index=named[0].name))
