"""INSERT INTO: add rows to a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Self

from thanosql_kernel.catalog import Table
from thanosql_kernel.duck.parser import parsed
from thanosql_kernel.duck.tree import value_rows
from thanosql_kernel.errors import ParseError, ThanoSQLError, TypeMismatch
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.nodes import Name
from thanosql_kernel.sql.query import Query
from thanosql_kernel.statements.foresight import Foresight, are_all
from thanosql_kernel.statements.results import Message
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.statement import Statement, Words, plural, repeated


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
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Read what follows INSERT INTO."""
        start = cursor.start_of(words)
        table = cursor.name("table")
        columns: list[Name] = []
        if _column_list_follows(cursor):
            cursor.expect("(")
            columns.append(cursor.name("column"))
            while cursor.accept(","):
                columns.append(cursor.name("column"))
            cursor.expect(")")
        query = cursor.query()
        return cls(cursor.span_from(start), words, table, tuple(columns), query)

    def check(self, known: Foresight) -> Iterator[ThanoSQLError]:
        """A column named twice; more or fewer values than columns."""
        yield from super().check(known)
        for column in repeated(self.columns):
            yield ParseError(f"{column} is named twice", code="TS104", span=column.span)
        table = self.target(known)
        if table is not None and table.columns and are_all(table.columns):
            yield from self._arity_problems(table, known)

    def _arity_problems(self, table: Table, known: Foresight) -> Iterator[ThanoSQLError]:
        targets = [name.text for name in self.columns] or [column.name for column in table.columns]
        width = next((width for width in self._widths(known) if width != len(targets)), None)
        if width is not None:
            yield TypeMismatch(
                f"the query has {plural(width, 'column')}, {table.name} takes {len(targets)} here",
                span=self.query.span,
                hint=f"the columns are {', '.join(targets)}",
            )

    def _widths(self, known: Foresight) -> Iterator[int]:
        """How many values its rows have, as far as can be known: of VALUES, whose types are not its own, each row."""
        rows = value_rows(parsed(self.query.sql()))
        columns = None if rows else known.columns(self.query)
        yield from map(len, rows)
        if columns is not None and are_all(columns):
            yield len(columns)

    def run(self, runtime: Runtime) -> Message:
        """Add the rows in one commit."""
        table = runtime.catalog.table(self.table.text, self.table.span)
        named = [column.name for name in self.columns if (column := table.column(name.text))]
        targets = named or [column.name for column in table.columns]
        count = runtime.changes.insert_rows(
            table.name, targets, self.query, partial(runtime.evaluate, self.query), self.table.span
        )
        return Message(f"{plural(count, 'row')} added to {table.name}")


def _column_list_follows(cursor: Cursor) -> bool:
    """Whether ``(`` opens a list of columns and not a query in parentheses."""
    token, first, after = cursor.peek(), cursor.peek(1), cursor.peek(2)
    opens = token is not None and token.text == "(" and first is not None and first.is_name
    return opens and after is not None and after.text in (",", ")")
