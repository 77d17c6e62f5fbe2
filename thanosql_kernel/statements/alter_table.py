"""ALTER TABLE: rename a table, add, drop and rename columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Self

from thanosql_kernel.catalog import Column, Table, View
from thanosql_kernel.catalog.unknown import taken_table
from thanosql_kernel.duck.expressions import wrong_in_type
from thanosql_kernel.errors import Fix, ParseError, Replace, Span, ThanoSQLError, UnknownName
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.identifiers import quote_if_needed
from thanosql_kernel.sql.nodes import Name
from thanosql_kernel.statements.foresight import Foresight, Makes, with_table, without_table
from thanosql_kernel.statements.registry import heads
from thanosql_kernel.statements.results import Message
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.statement import Statement, Words

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
    type_span: Span | None = None

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Read what follows ALTER TABLE."""
        start = cursor.start_of(words)
        table = cursor.name("table")
        if cursor.accept("RENAME"):
            if cursor.accept("TO"):
                new_name = cursor.name("new table")
                return cls(cursor.span_from(start), words, table, "rename table", None, new_name)
            cursor.accept("COLUMN")
            column = cursor.name("column")
            cursor.expect("TO")
            new_name = cursor.name("new column")
            return cls(cursor.span_from(start), words, table, "rename column", column, new_name)
        if cursor.accept("ADD"):
            cursor.accept("COLUMN")
            column = cursor.name("new column")
            sql_type, at = _read_type(cursor)
            return cls(cursor.span_from(start), words, table, "add column", column, None, sql_type, at)
        cursor.expect("DROP")
        cursor.accept("COLUMN")
        column = cursor.name("column")
        return cls(cursor.span_from(start), words, table, "drop column", column)

    def run(self, runtime: Runtime) -> Message:
        """Change the table in one commit."""
        name, span = self.table.text, self.table.span
        if self.action == "rename table" and self.new_name is not None:
            runtime.changes.rename_table(name, self.new_name.text, span)
            return Message(f"table {name} is now called {self.new_name}")
        if self.column is None:
            raise AssertionError(self.action)
        if self.action == "rename column" and self.new_name is not None:
            runtime.changes.rename_column(name, self.column.text, self.new_name.text, self.column.span)
            return Message(f"column {self.column} of {name} is now called {self.new_name}")
        if self.action == "add column":
            runtime.changes.add_column(name, self.column.text, self.sql_type, self.column.span)
            return Message(f"column {self.column} added to {name}")
        runtime.changes.drop_column(name, self.column.text, self.column.span)
        return Message(f"column {self.column} dropped from {name}")

    def check(self, known: Foresight) -> Iterator[ThanoSQLError]:
        """A name that is taken already, a type that is none."""
        yield from super().check(known)
        table = self.target(known) if known.has_database else None
        if table is not None and self.new_name is not None and self.action == "rename table":
            other = known.catalog.find_table(self.new_name.text)
            if other is not None and other is not table:
                yield taken_table(other.name, self.new_name.span, "choose another name")
        new = self.new_name if self.action == "rename column" else self.column
        if table is not None and new is not None and self.action in ("rename column", "add column"):
            yield from self._taken_column(table, new)
        if self.type_span is not None and (wrong := wrong_in_type(self.sql_type)) is not None:
            start = self.type_span.start
            span = Span(start + wrong.start, start + wrong.end)
            yield ParseError("this is no column type", code="TS105", span=span)

    def for_view(self, view: View) -> tuple[str, Sequence[Fix]]:
        """ALTER VIEW, or another query."""
        name = quote_if_needed(view.name)
        if self.action != "rename table" or self.new_name is None:
            return f"CREATE OR REPLACE VIEW {name} AS … gives it another query", ()
        rename = f"ALTER VIEW {name} RENAME TO {quote_if_needed(self.new_name.text)}"
        return f"write {rename}", [Fix(f"write {rename}", Replace(self.span, rename))]

    def _taken_column(self, table: Table, new: Name) -> Iterator[ThanoSQLError]:
        taken = table.column(new.text)
        is_same = (
            self.column is not None and self.column is not new and taken == table.column(self.column.text)
        )
        if taken is not None and not is_same:
            yield UnknownName(f"{table.name} has a column {taken.name} already", code="TS204", span=new.span)

    def makes(self, known: Foresight) -> Makes:
        """The table under its new name, or with its new columns."""
        table = known.catalog.find_table(self.table.text)
        if table is None:
            return Makes(known.catalog)
        if self.action == "rename table" and self.new_name is not None:
            without = without_table(known.catalog, table.name)
            return Makes(with_table(without, self.new_name.text, table.columns))
        return Makes(with_table(known.catalog, table.name, tuple(self._columns_after(table.columns))))

    def _columns_after(self, columns: tuple[Column, ...]) -> Iterator[Column]:
        target = self.column.text.lower() if self.column else ""
        for column in columns:
            if column.name.lower() != target:
                yield column
            elif self.action == "rename column" and self.new_name is not None:
                yield replace(column, name=self.new_name.text)
        if self.action == "add column" and self.column is not None:
            yield Column(self.column.text, self.sql_type.upper())


def _read_type(cursor: Cursor) -> tuple[str, Span]:
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
    span = cursor.span_from(start)
    return cursor.source[span.start : span.end], span
