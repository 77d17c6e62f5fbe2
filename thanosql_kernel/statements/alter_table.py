"""ALTER TABLE: rename a table, add, drop, rename and retype columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Self, TypeVar

from thanosql_kernel.catalog import Column, Table, View
from thanosql_kernel.catalog.unknown import taken_table
from thanosql_kernel.errors import Fix, Replace, ThanoSQLError, UnknownName, Unsupported
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.identifiers import quote_if_needed
from thanosql_kernel.sql.nodes import Name
from thanosql_kernel.sql.query import Query
from thanosql_kernel.statements.column_parts import (
    CONSTRAINTS,
    ColumnType,
    read_if_not_exists,
    read_type,
    refused_constraint,
)
from thanosql_kernel.statements.foresight import Foresight, Makes, with_table, without_table
from thanosql_kernel.statements.results import Message
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.statement import Statement, Words
from thanosql_kernel.wording import answers, statements
from thanosql_kernel.wording.grammar import WRITE
from thanosql_kernel.wording.names import CHOOSE_ANOTHER_NAME, TS204, TS220

Action = Literal["rename table", "rename column", "add column", "drop column", "change type"]
_TYPE_ENDS = tuple(word for word in CONSTRAINTS if word != "AS")


Made = TypeVar("Made", bound="AlterTable")


@dataclass(frozen=True)
class AlterTable(Statement):
    """``ALTER TABLE t RENAME TO … | RENAME COLUMN … TO … | ADD COLUMN … | DROP COLUMN … | ALTER COLUMN … TYPE …``."""

    heads = (("ALTER", "TABLE"),)
    syntax = (
        "ALTER TABLE [IF EXISTS] table RENAME TO name | RENAME [COLUMN] a TO b "
        "| ADD [COLUMN] [IF NOT EXISTS] a type [DEFAULT value] | DROP [COLUMN] [IF EXISTS] a "
        "| ALTER [COLUMN] a [SET DATA] TYPE type [USING expression]"
    )
    help = statements.ALTER_TABLE
    example = "ALTER TABLE photos RENAME TO holiday_photos"

    table: Name
    action: Action
    column: Name | None = None
    new_name: Name | None = None
    type: ColumnType | None = None
    value: Query | None = None
    refused: Unsupported | None = None

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Read what follows ALTER TABLE."""
        start = cursor.start_of(words)
        if_exists = cursor.accept_words("IF", "EXISTS") is not None
        table = cursor.name("table", optional=if_exists)
        if cursor.accept("RENAME"):
            made = cls(cursor.span_from(start), words, table, "rename table")
            made = _read_rename(cursor, made)
        elif cursor.accept("ADD"):
            made = cls(cursor.span_from(start), words, table, "add column")
            made = _read_added(cursor, made)
        elif cursor.accept("ALTER"):
            made = cls(cursor.span_from(start), words, table, "change type")
            made = _read_type_change(cursor, made)
        else:
            cursor.expect("DROP")
            cursor.accept("COLUMN")
            is_optional = cursor.accept_words("IF", "EXISTS") is not None
            column = cursor.name("column", optional=is_optional)
            if cursor.accept("CASCADE") is None:
                cursor.accept("RESTRICT")
            made = cls(cursor.span_from(start), words, table, "drop column", column)
        return replace(made, span=cursor.span_from(start))

    # -- what it does ----------------------------------------------------------------------------------------
    def run(self, runtime: Runtime) -> Message:
        """Change the table in one commit."""
        name, span = self.table.text, self.table.span
        table = runtime.catalog.find_table(name)
        if self.table.is_optional and table is None:
            return Message(answers.NO_TABLE(name=name))
        if self.action == "rename table" and self.new_name is not None:
            runtime.changes.rename_table(name, self.new_name.text, span)
            return Message(answers.TABLE_RENAMED(name=name, new_name=self.new_name))
        if self.column is None:
            raise AssertionError(self.action)
        if table is not None and self._is_done(table):
            is_added = self.action == "add column"
            done = answers.COLUMN_IS_THERE if is_added else answers.COLUMN_IS_NOT_THERE
            return Message(done(table=table.name, column=self.column))
        return self._run_on_column(runtime, name, self.column)

    def _is_done(self, table: Table) -> bool:
        """Whether a column that may be there is, or one that need not be is not."""
        is_there = self.column is not None and table.column(self.column.text) is not None
        is_optional = self.column is not None and self.column.is_optional
        return is_optional and is_there == (self.action == "add column")

    def _run_on_column(self, runtime: Runtime, name: str, column: Name) -> Message:
        if self.action == "rename column" and self.new_name is not None:
            runtime.changes.rename_column(name, column.text, self.new_name.text, column.span)
            return Message(answers.COLUMN_NOW_CALLED(column=column, table=name, new_name=self.new_name))
        if self.action == "add column" and self.type is not None:
            runtime.changes.add_column(name, column.text, self.type.text, self.value, column.span)
            if self.value is not None:
                runtime.notice(answers.LATER_ROWS_HAVE_NULL(column=column))
            return Message(answers.COLUMN_ADDED(column=column, table=name))
        if self.action == "change type" and self.type is not None:
            runtime.changes.change_type(name, column.text, self.type.text, self.value, column.span)
            return Message(answers.COLUMN_RETYPED(column=column, table=name, type=self.type.text.upper()))
        runtime.changes.drop_column(name, column.text, column.span)
        return Message(answers.COLUMN_DROPPED(column=column, table=name))

    # -- what it means ---------------------------------------------------------------------------------------
    def check(self, known: Foresight) -> Iterator[ThanoSQLError]:
        """A name that is taken already, a type that is none, what columns cannot hold."""
        yield from super().check(known)
        if self.refused is not None:
            yield self.refused
        table = self.target(known) if known.has_database else None
        if table is not None and self.new_name is not None and self.action == "rename table":
            other = known.catalog.find_table(self.new_name.text)
            if other is not None and other is not table:
                yield taken_table(other.name, self.new_name.span, CHOOSE_ANOTHER_NAME())
        new = self.new_name if self.action == "rename column" else self.column
        is_new = self.action in ("rename column", "add column")
        if table is not None and new is not None and is_new and not new.is_optional:
            yield from self._taken_column(table, new)
        if self.type is not None:
            yield from self.type.problems()

    def for_view(self, view: View) -> tuple[str, Sequence[Fix]]:
        """ALTER VIEW, or another query."""
        name = quote_if_needed(view.name)
        if self.action != "rename table" or self.new_name is None:
            return TS220.REPLACE_ITS_QUERY(view=name), ()
        rename = f"ALTER VIEW {name} RENAME TO {quote_if_needed(self.new_name.text)}"
        return TS220.WRITE(statement=rename), [Fix(WRITE(text=rename), Replace(self.span, rename))]

    def _taken_column(self, table: Table, new: Name) -> Iterator[ThanoSQLError]:
        taken = table.column(new.text)
        is_same = (
            self.column is not None and self.column is not new and taken == table.column(self.column.text)
        )
        if taken is not None and not is_same:
            yield UnknownName(TS204.COLUMN_EXISTS(table=table.name, column=taken.name), span=new.span)

    def makes(self, known: Foresight) -> Makes:
        """The table under its new name, or with its new columns."""
        table = known.catalog.find_table(self.table.text)
        if table is None or self._is_done(table):
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
            elif self.action == "change type" and self.type is not None:
                yield Column(column.name, self.type.known_as)
        if self.action == "add column" and self.column is not None and self.type is not None:
            yield Column(self.column.text, self.type.known_as)


def _read_rename(cursor: Cursor, made: Made) -> Made:
    if cursor.accept("TO"):
        return replace(made, new_name=cursor.name("new table"))
    cursor.accept("COLUMN")
    column = cursor.name("column")
    cursor.expect("TO")
    return replace(made, action="rename column", column=column, new_name=cursor.name("new column"))


def _read_added(cursor: Cursor, made: Made) -> Made:
    cursor.accept("COLUMN")
    is_optional = read_if_not_exists(cursor)
    column = cursor.name("new column", optional=is_optional)
    kind = read_type(cursor, *_TYPE_ENDS)
    value = None
    if cursor.accept("DEFAULT"):
        value = cursor.condition(*(word for word in _TYPE_ENDS if word != "NOT"))
    return replace(made, column=column, type=kind, value=value, refused=refused_constraint(cursor))


def _read_type_change(cursor: Cursor, made: Made) -> Made:
    cursor.accept("COLUMN")
    column = cursor.name("column")
    made = replace(made, column=column)
    if cursor.accept("SET"):
        cursor.accept("DATA")
        if not cursor.accept("TYPE"):
            return replace(made, refused=_refused(cursor))
    elif cursor.looking_at("DROP"):
        cursor.expect("DROP")
        return replace(made, refused=_refused(cursor))
    else:
        cursor.expect("TYPE")
    kind = read_type(cursor, "USING", "COLLATE", ",")
    value = cursor.condition() if cursor.accept("USING") else None
    return replace(made, type=kind, value=value)


def _refused(cursor: Cursor) -> Unsupported:
    """The error for ``SET DEFAULT``, ``DROP NOT NULL`` and the like."""
    refused = refused_constraint(cursor)
    if refused is None:
        raise cursor.fail()
    return refused
