"""INSERT INTO: add rows to a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from thanosql_kernel.errors import ParseError, ThanoSQLError, UnknownName, did_you_mean
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.nodes import Name
from thanosql_kernel.sql.query import Query
from thanosql_kernel.statements.results import Message
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.statement import Statement, plural, repeated


@dataclass(frozen=True)
class Insert(Statement):
    """``INSERT INTO t [(a, b)] query | VALUES (...)``."""

    heads = (("INSERT", "INTO"),)
    syntax = "INSERT INTO table [(column, …)] query | VALUES (…), …"
    help = (
        "Add rows to a table. Columns are matched by position, as SQL does; columns left out become NULL. "
        "A value that its column would round is an error; CAST says that it may be."
    )
    example = "INSERT INTO photos (image_path) VALUES ('new/cat.jpg')"

    table: Name
    columns: tuple[Name, ...]
    query: Query

    @classmethod
    def parse(cls, cursor: Cursor, words: tuple[str, ...]) -> Self:
        """Read what follows INSERT INTO."""
        start = cursor.tokens[cursor.at - len(words)].start
        table = cursor.name("table")
        columns: list[Name] = []
        if _column_list_follows(cursor):
            cursor.expect("(")
            columns.append(cursor.name("column"))
            while cursor.accept(","):
                columns.append(cursor.name("column"))
            cursor.expect(")")
        query = cursor.query()
        return cls(cursor.span_from(start), table, tuple(columns), query)

    def problems(self) -> Iterator[ThanoSQLError]:
        """A column named twice."""
        yield from super().problems()
        for column in repeated(self.columns):
            yield ParseError(f"{column} is named twice", code="TS104", span=column.span)

    def run(self, runtime: Runtime) -> Message:
        """Add the rows in one commit."""
        table = runtime.catalog.table(self.table.text, self.table.span)
        count = runtime.insert_rows(table.name, self._targets(runtime), self.query, self.table.span)
        return Message(f"{plural(count, 'row')} added to {table.name}")

    def _targets(self, runtime: Runtime) -> list[str]:
        table = runtime.catalog.table(self.table.text, self.table.span)
        if not self.columns:
            return [column.name for column in table.columns]
        targets = []
        for name in self.columns:
            column = table.column(name.text)
            if column is None:
                hint = did_you_mean(name.text, [column.name for column in table.columns])
                raise UnknownName(
                    f"{table.name} has no column {name}", code="TS202", span=name.span, hint=hint
                )
            targets.append(column.name)
        return targets


def _column_list_follows(cursor: Cursor) -> bool:
    """Whether ``(`` opens a list of columns and not a query in parentheses."""
    token, first, after = cursor.peek(), cursor.peek(1), cursor.peek(2)
    opens = token is not None and token.text == "(" and first is not None and first.is_name
    return opens and after is not None and after.text in (",", ")")
