"""UPDATE: change rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from thanosql_kernel.errors import ParseError, ThanoSQLError
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.nodes import Name
from thanosql_kernel.sql.query import Query
from thanosql_kernel.statements.foresight import Foresight
from thanosql_kernel.statements.results import Message
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.statement import Statement, Words, plural, repeated


@dataclass(frozen=True)
class Update(Statement):
    """``UPDATE t SET a = expression, … [WHERE condition]``."""

    heads = (("UPDATE",),)
    syntax = "UPDATE table SET column = expression, … [WHERE condition]"
    help = (
        "Change columns of the rows for which the condition holds; of all rows without one. A vector that was made of "
        "a value goes with it: CONVERT makes the new one. A value that its column would round is an error."
    )
    example = "UPDATE photos SET label = 'cat' WHERE image_path LIKE '%cat%'"
    plain_sql = True

    table: Name
    columns: tuple[Name, ...]
    values: tuple[Query, ...]
    where: Query | None

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Read what follows UPDATE."""
        start = cursor.start_of(words)
        table = cursor.name("table")
        cursor.expect("SET")
        columns: list[Name] = []
        values: list[Query] = []
        while True:
            columns.append(cursor.name("column"))
            cursor.expect("=")
            values.append(cursor.condition("WHERE"))
            if not cursor.accept(","):
                break
        where = cursor.condition() if cursor.accept("WHERE") else None
        return cls(cursor.span_from(start), words, table, tuple(columns), tuple(values), where)

    def check(self, known: Foresight) -> Iterator[ThanoSQLError]:
        """A column set twice."""
        yield from super().check(known)
        for column in repeated(self.columns):
            yield ParseError(f"{column} is set twice", code="TS104", span=column.span)

    def run(self, runtime: Runtime) -> Message:
        """Change the rows in one commit."""
        assignments = {column.text: value for column, value in zip(self.columns, self.values, strict=True)}
        count = runtime.changes.update_rows(self.table.text, assignments, self.where, self.table.span)
        return Message(f"{plural(count, 'row')} of {self.table} updated")
