"""EXPLAIN: how a query would be answered, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.query import Query
from thanosql_kernel.statements.results import Message
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.statement import Statement, Words
from thanosql_kernel.wording import statements

_INDENT = "  "


@dataclass(frozen=True)
class Explain(Statement):
    """``EXPLAIN query``."""

    heads = (("EXPLAIN",),)
    syntax = "EXPLAIN query"
    help = statements.EXPLAIN
    example = "EXPLAIN SELECT image_path FROM photos LIMIT 5"

    query: Query

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Read what follows EXPLAIN."""
        start = cursor.start_of(words)
        query = cursor.query()
        return cls(cursor.span_from(start), words, query)

    def run(self, runtime: Runtime) -> Message:
        """Say it."""
        lines = [_INDENT * step.depth + step.text for step in runtime.explain(self.query)]
        text = "\n".join(lines)
        return Message(text, markdown=f"```text\n{text}\n```")
