"""RESTORE: bring an earlier version of a table back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.nodes import Name
from thanosql_kernel.statements.foresight import Foresight, Makes, with_table
from thanosql_kernel.statements.results import Message
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.statement import Statement, Words
from thanosql_kernel.statements.table_version import version_number
from thanosql_kernel.wording import answers, counted, statements


@dataclass(frozen=True)
class Restore(Statement):
    """``RESTORE t [TO VERSION n]``."""

    heads = (("RESTORE",), ("RESTORE", "TABLE"))
    syntax = "RESTORE table [TO VERSION number]"
    help = statements.RESTORE
    example = "RESTORE photos TO VERSION 3"

    table: Name
    version: int | None

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Read what follows RESTORE."""
        start = cursor.start_of(words)
        table = cursor.name("table")
        version = None
        if cursor.accept("TO") is not None:
            cursor.expect("VERSION")
            version = version_number(cursor)
        return cls(cursor.span_from(start), words, table, version)

    def run(self, runtime: Runtime) -> Message:
        """Bring it back."""
        table = runtime.catalog.named_table(self.table.text, self.table.span)
        restored = runtime.restore_table(table.name, self.version, self.table.span)
        if restored is None:
            return Message(answers.NOTHING_RESTORED(table=table.name))
        rows = counted(runtime.catalog.table(table.name).rows, "row")
        return Message(answers.RESTORED(table=table.name, version=restored, rows=rows))

    def makes(self, known: Foresight) -> Makes:
        """The table; which columns it has then is not known."""
        return Makes(with_table(known.catalog, self.table.text, None))
