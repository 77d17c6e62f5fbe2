"""FUNCTION: the functions of the old service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.nodes import Assignment, Name, Value
from thanosql_kernel.sql.query import Query
from thanosql_kernel.statements.statement import Statement, Words
from thanosql_kernel.wording import instead, statements


@dataclass(frozen=True)
class Function(Statement):
    """``FUNCTION module.name [OPTIONS(...)] AS query | FROM 'path'``."""

    heads = (("FUNCTION",),)
    unsupported: ClassVar = {heads[0]: instead.FUNCTIONS_OF_SELECT}
    syntax = "FUNCTION module.name [OPTIONS(…)] AS query | FROM 'path'"
    help = statements.FUNCTION
    table_valued = True

    function: Name
    given: tuple[Assignment, ...]
    query: Query | None
    path: Value | None

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Read what follows FUNCTION."""
        start = cursor.start_of(words)
        cursor.name("function")
        cursor.expect(".")
        function = cursor.name("function")
        given = cursor.options()
        if cursor.accept("FROM"):
            path = cursor.text("path")
            return cls(cursor.span_from(start), words, function, given, None, path)
        cursor.expect("AS")
        query = cursor.query()
        return cls(cursor.span_from(start), words, function, given, query, None)
