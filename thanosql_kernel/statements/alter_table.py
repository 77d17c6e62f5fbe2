"""ALTER TABLE: rename a table, add, drop and rename columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, Self

from thanosql_kernel.catalog import Catalog, Column
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.nodes import Name
from thanosql_kernel.statements.foresight import Foresight, with_table, without_table
from thanosql_kernel.statements.registry import heads
from thanosql_kernel.statements.results import Message
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.statement import Statement

Action = Literal["rename table", "rename column", "add column", "drop column"]


@dataclass(frozen=True)
class AlterTable(Statement):
    """``ALTER TABLE t RENAME TO … | RENAME COLUMN … TO … | ADD COLUMN … | DROP COLUMN …``."""

    heads = (("ALTER", "TABLE"),)
    syntax = "ALTER TABLE table RENAME TO name | RENAME COLUMN a TO b | ADD COLUMN a type | DROP COLUMN a"
    help = "Rename a table, or rename, add and drop its columns."
    example = "ALTER TABLE photos RENAME TO holiday_photos"

    table: Name
    action: Action
    column: Name | None = None
    new_name: Name | None = None
    sql_type: str = ""

    @classmethod
    def parse(cls, cursor: Cursor, words: tuple[str, ...]) -> Self:
        """Read what follows ALTER TABLE."""
        start = cursor.tokens[cursor.at - len(words)].start
        table = cursor.name("table")
        if cursor.accept("RENAME"):
            if cursor.accept("TO"):
                new_name = cursor.name("new table")
                return cls(cursor.span_from(start), table, "rename table", None, new_name)
            cursor.accept("COLUMN")
            column = cursor.name("column")
            cursor.expect("TO")
            new_name = cursor.name("column")
            return cls(cursor.span_from(start), table, "rename column", column, new_name)
        if cursor.accept("ADD"):
            cursor.accept("COLUMN")
            column = cursor.name("column")
            sql_type = _read_type(cursor)
            return cls(cursor.span_from(start), table, "add column", column, None, sql_type)
        cursor.expect("DROP")
        cursor.accept("COLUMN")
        column = cursor.name("column")
        return cls(cursor.span_from(start), table, "drop column", column)

    def run(self, runtime: Runtime) -> Message:
        """Change the table in one commit."""
        name, span = self.table.text, self.table.span
        if self.action == "rename table" and self.new_name is not None:
            runtime.rename_table(name, self.new_name.text, span)
            return Message(f"table {name} is now called {self.new_name}")
        if self.column is None:
            raise AssertionError(self.action)
        if self.action == "rename column" and self.new_name is not None:
            runtime.rename_column(name, self.column.text, self.new_name.text, self.column.span)
            return Message(f"column {self.column} of {name} is now called {self.new_name}")
        if self.action == "add column":
            runtime.add_column(name, self.column.text, self.sql_type, self.column.span)
            return Message(f"column {self.column} added to {name}")
        runtime.drop_column(name, self.column.text, self.column.span)
        return Message(f"column {self.column} dropped from {name}")

    def effect(self, known: Foresight) -> Catalog:
        """The table has its new name, or its new columns."""
        table = known.catalog.find_table(self.table.text)
        if table is None:
            return known.catalog
        if self.action == "rename table" and self.new_name is not None:
            return with_table(without_table(known.catalog, table.name), self.new_name.text, table.columns)
        return with_table(known.catalog, table.name, tuple(self._columns_after(table.columns)))

    def _columns_after(self, columns: tuple[Column, ...]) -> Iterator[Column]:
        target = self.column.text.lower() if self.column else ""
        for column in columns:
            if column.name.lower() != target:
                yield column
            elif self.action == "rename column" and self.new_name is not None:
                yield replace(column, name=self.new_name.text)
        if self.action == "add column" and self.column is not None:
            yield Column(self.column.text, self.sql_type.upper())


def _read_type(cursor: Cursor) -> str:
    """Read all that follows, up to a line that begins with a statement's word."""
    cursor.want("type")
    if cursor.done:
        raise cursor.fail()
    start = cursor.here().start
    cursor.at += 1
    while (token := cursor.peek()) is not None:
        if token.upper in heads() and "\n" in cursor.source[cursor.span_from(start).end : token.start]:
            break
        cursor.at += 1
    return cursor.source[start : cursor.span_from(start).end]
