"""VACUUM: give back what tables do not need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.nodes import Name
from thanosql_kernel.statements.results import Message
from thanosql_kernel.statements.runtime import Reclaimed, Runtime
from thanosql_kernel.statements.statement import Statement, Words
from thanosql_kernel.wording import counted


@dataclass(frozen=True)
class Vacuum(Statement):
    """``VACUUM [t]``."""

    heads = (("VACUUM",),)
    syntax = "VACUUM [table]"
    help = (
        "Give disk space back: merge small files, drop deleted rows, old versions that nobody can be reading, and what "
        "killed writers left. Without a table: of every table, and of the cache of embeddings, where the vectors go "
        "that deleted models have made. Kernels do a little of it after each change by themselves."
    )
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
        """Do it and say what it gave back."""
        if self.table is None:
            return Message(f"all tables: {_told(runtime.vacuum(None))}")
        table = runtime.catalog.table(self.table.text, self.table.span)
        return Message(f"{table.name}: {_told(runtime.vacuum(table.name, self.table.span))}")


def _told(freed: Reclaimed) -> str:
    parts = [f"{_size(freed.size_bytes)} freed"] if freed.size_bytes > 0 else []
    if freed.files > 0:
        parts.append(f"{counted(freed.files, 'file')} gone")
    if freed.rows > 0:
        parts.append(f"{counted(freed.rows, 'row')} written again, closer together")
    return ", ".join(parts) or "nothing to free"


def _size(count: int) -> str:
    """``0 bytes``, ``12.3 kB``, ``1.2 GB``."""
    size = float(max(count, 0))
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 1000 or unit == "GB":
            break
        size /= 1000
    return f"{size:,.0f} {unit}" if unit == "bytes" else f"{size:,.1f} {unit}"
