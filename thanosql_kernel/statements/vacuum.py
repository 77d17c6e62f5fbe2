"""VACUUM: give back what tables do not need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.nodes import Name
from thanosql_kernel.statements.results import Message
from thanosql_kernel.statements.runtime import Reclaimed, Runtime
from thanosql_kernel.statements.statement import Statement, Words
from thanosql_kernel.wording import answers, counted, statements


@dataclass(frozen=True)
class Vacuum(Statement):
    """``VACUUM [t]``."""

    heads = (("VACUUM",),)
    syntax = "VACUUM [table]"
    help = statements.VACUUM
    example = "VACUUM photos"

    table: Name | None

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Read what follows VACUUM."""
        start = cursor.start_of(words)
        cursor.want("name", "table")
        table = None if cursor.done else cursor.name("table")
        return cls(cursor.span_from(start), words, table)

    def run(self, runtime: Runtime) -> Message:
        """Do it and say what it gave back; then indexes take up what came later."""
        if self.table is None:
            freed = _told(runtime.vacuum(None))
            runtime.extend_indexes(None)
            return Message(answers.ALL_TABLES(done=freed))
        table = runtime.catalog.table(self.table.text, self.table.span)
        told = f"{table.name}: {_told(runtime.vacuum(table.name, self.table.span))}"
        runtime.extend_indexes(table.name)
        return Message(told)


def _told(freed: Reclaimed) -> str:
    parts = [answers.FREED(size=_size(freed.size_bytes))] if freed.size_bytes > 0 else []
    if freed.files > 0:
        parts.append(answers.FILES_GONE(files=counted(freed.files, "file")))
    if freed.rows > 0:
        parts.append(answers.REWRITTEN(rows=counted(freed.rows, "row")))
    return ", ".join(parts) or answers.NOTHING_TO_FREE()


def _size(count: int) -> str:
    """``0 bytes``, ``12.3 kB``, ``1.2 GB``."""
    size = float(max(count, 0))
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 1000 or unit == "GB":
            break
        size /= 1000
    return answers.BYTES(size=size) if unit == "bytes" else f"{size:,.1f} {unit}"
