"""CREATE TABLE: a query's rows become a table, or columns do, or a folder of pictures and their embeddings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Self, TypeVar

from thanosql_kernel.catalog import Catalog, Column, View
from thanosql_kernel.catalog.unknown import taken_table
from thanosql_kernel.errors import Fix, ParseError, Replace, Span, ThanoSQLError, Unsupported
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.nodes import Assignment, Name, Value
from thanosql_kernel.sql.query import Query
from thanosql_kernel.statements.changes import IfExists
from thanosql_kernel.statements.column_parts import (
    ColumnType,
    read_if_not_exists,
    read_type,
    refused_constraint,
)
from thanosql_kernel.statements.folder_table import OPTIONS, FolderTable
from thanosql_kernel.statements.foresight import Columns, Foresight, Makes, are_all, with_table
from thanosql_kernel.statements.results import Message
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.statement import Statement, Words, repeated
from thanosql_kernel.wording import answers, counted, instead, statements
from thanosql_kernel.wording.grammar import TS104, TS105
from thanosql_kernel.wording.names import TS204

_TEMPORARY_HEADS = (
    ("CREATE", "TEMP", "TABLE"),
    ("CREATE", "TEMPORARY", "TABLE"),
    ("CREATE", "OR", "REPLACE", "TEMP"),
    ("CREATE", "OR", "REPLACE", "TEMPORARY"),
)
_TYPE_ENDS = (
    ",",
    ")",
    *"PRIMARY UNIQUE FOREIGN REFERENCES CHECK CONSTRAINT NOT NULL DEFAULT GENERATED AS COLLATE".split(),
)


Made = TypeVar("Made", bound="CreateTable")


@dataclass(frozen=True)
class CreateTable(Statement):
    """``CREATE [OR REPLACE] TABLE [IF NOT EXISTS] t AS query | (column type, …) | USING model FROM 'folder'``."""

    heads = (("CREATE", "TABLE"), ("CREATE", "OR", "REPLACE", "TABLE"), *_TEMPORARY_HEADS)
    unsupported = MappingProxyType(dict.fromkeys(_TEMPORARY_HEADS, instead.LASTING_TABLE))
    syntax = (
        "CREATE [OR REPLACE] TABLE [IF NOT EXISTS] table [(column, …)] AS query [WITH NO DATA] | (column type, …) "
        "| USING model [OPTIONS(file_type=['.jpg'], …)] FROM 'folder'"
    )
    help = statements.CREATE_TABLE
    example = "CREATE TABLE cats AS SELECT * FROM photos WHERE label = 'cat'"
    option_specs = OPTIONS

    table: Name
    if_exists: IfExists
    query: Query | None
    model: Name | None = None
    given: tuple[Assignment, ...] = ()
    path: Value | None = None
    columns: tuple[Name, ...] = ()
    types: tuple[ColumnType, ...] = ()
    refused: tuple[Unsupported, ...] = ()
    has_data: bool = True

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Read what follows the word TABLE."""
        start = cursor.start_of(words)
        if words[-1] != "TABLE":
            cursor.expect("TABLE")
        skip = read_if_not_exists(cursor)
        if_exists: IfExists = "replace" if "REPLACE" in words else "skip" if skip else "fail"
        table = cursor.name("new table", optional=skip)
        if cursor.accept("USING"):
            model = cursor.name("model")
            given = cursor.options()
            cursor.expect("FROM")
            path = cursor.text("path")
            return cls(cursor.span_from(start), words, table, if_exists, None, model, given, path)
        made = cls(cursor.span_from(start), words, table, if_exists, None)
        if cursor.accept("("):
            made = _read_columns(cursor, made)
        if made.types or made.refused:
            return replace(made, span=cursor.span_from(start))
        if cursor.looking_at("LIKE"):
            hint = f"CREATE TABLE {table} AS FROM … WITH NO DATA"
            raise ParseError(TS105.NOT_LIKE(), span=cursor.here(), hint=hint)
        cursor.expect("AS")
        query = cursor.query_until("WITH NO", "WITH N", "WITH DATA")  # half-typed too
        has_data = True
        if cursor.accept("WITH"):
            has_data = cursor.accept("NO") is None
            cursor.expect("DATA")
        return replace(made, span=cursor.span_from(start), query=query, has_data=has_data)

    # -- what it means ---------------------------------------------------------------------------------------
    def check(self, known: Foresight) -> Iterator[ThanoSQLError]:
        """A table that exists, wrong types and names, a folder that cannot be embedded."""
        yield from super().check(known)
        if self.folder is not None and self.words not in self.unsupported:
            yield from self.folder.check(known)
        yield from self.refused
        for kind in self.types:
            yield from kind.problems()
        for column in repeated(self.columns):
            yield ParseError(TS104.NAMED_TWICE(name=column), span=column.span)
        if known.has_database and self.effect == "fail" and self.words not in self.unsupported:
            yield from self._taken(known.catalog)

    def _taken(self, catalog: Catalog) -> Iterator[ThanoSQLError]:
        table = catalog.find_table(self.table.text)
        if table is not None:
            end = self.span.start + len("CREATE")
            fix = Fix("CREATE OR REPLACE TABLE", Replace(Span(end, end), " OR REPLACE"))
            yield taken_table(table.name, self.table.span, TS204.CREATE_OR_REPLACE_TABLE(), [fix])

    @property
    def folder(self) -> FolderTable | None:
        """The folder that it is made of, if it is."""
        if self.model is None or self.path is None:
            return None
        return FolderTable(self.model, self.path, self.options)

    @property
    def effect(self) -> IfExists:
        """What becomes of a table of that name."""
        return "replace" if self.options.flag("overwrite") else self.if_exists

    def makes(self, known: Foresight) -> Makes:
        """The table, with the query's columns or its own."""
        existing = known.catalog.find_table(self.table.text)
        if self.words in self.unsupported or (self.effect == "skip" and existing is not None):
            return Makes(known.catalog)
        return Makes(with_table(known.catalog, self.table.text, self._columns(known)))

    def _columns(self, known: Foresight) -> Columns:
        if self.folder is not None:
            return self.folder.columns(known)
        if self.query is None:
            return tuple(
                Column(name.text, kind.known_as) for name, kind in zip(self.columns, self.types, strict=False)
            )
        columns = known.columns(self.query)
        if not self.columns:
            return columns
        if columns is None or not are_all(columns):
            return None
        return tuple(replace(c, name=n) for c, n in zip(columns, self._names(columns), strict=False))

    def _names(self, columns: tuple[Column, ...]) -> list[str]:
        """The names of the query's columns: those in front of AS, then their own."""
        given = [name.text for name in self.columns]
        return [*given, *(column.name for column in columns[len(given) :])]

    # -- what it does ----------------------------------------------------------------------------------------
    def run(self, runtime: Runtime) -> Message:
        """Run the query and store its rows in one commit."""
        name = self.table.text
        existing = runtime.catalog.find(name)
        if self.effect == "skip" and existing is not None:
            is_there = answers.VIEW_IS_THERE if isinstance(existing, View) else answers.TABLE_IS_THERE
            return Message(is_there(name=name))
        if self.folder is not None:
            return self._run_over(self.folder, runtime)
        if self.query is None:
            runtime.changes.create_table(
                name, self._defined(), if_exists=self.if_exists, span=self.table.span
            )
            return Message(answers.TABLE_MADE(name=name, columns=counted(len(self.columns), "column")))
        rows = runtime.evaluate(self.query)
        columns = counted(len(rows.columns), "column")
        if len(self.columns) > len(rows.columns):
            message = TS105.MORE_NAMES(names=len(self.columns), columns=columns)
            raise ParseError(message, span=self.columns[-1].span)
        count = runtime.changes.store(
            name,
            rows,
            if_exists=self.if_exists,
            span=self.table.span,
            names=self._names(tuple(rows.columns)) if self.columns else (),
            has_rows=self.has_data,
        )
        return Message(answers.STORED(rows=counted(count, "row"), columns=columns, name=name))

    def _run_over(self, folder: FolderTable, runtime: Runtime) -> Message:
        """Embed a folder's pictures and store them in one commit."""
        rows = folder.rows(runtime, runtime.catalog.model(folder.model.text, folder.model.span))
        name = self.table.text
        count = runtime.changes.store(name, rows, if_exists=self.effect, span=self.table.span)
        return folder.told_stored(runtime, rows, name, count)

    def _defined(self) -> list[tuple[str, str, Span]]:
        return [
            (name.text, kind.text, kind.span) for name, kind in zip(self.columns, self.types, strict=True)
        ]


def _read_columns(cursor: Cursor, made: Made) -> Made:
    """Read ``a, b)`` or ``a type, b type, …)``."""
    names: list[Name] = []
    types: list[ColumnType] = []
    refused: list[Unsupported] = []
    while True:
        constraint = refused_constraint(cursor) if _begins_constraint(cursor) else None
        if constraint is not None:
            refused.append(constraint)
        else:
            names.append(cursor.name("new column"))
            cursor.want("symbol", ",")
            if not (cursor.looking_at(",") or cursor.looking_at(")")):
                types.append(read_type(cursor, *_TYPE_ENDS))
                refused += _constraints(cursor)
        if not cursor.accept(","):
            break
    cursor.expect(")")
    if types and len(types) != len(names):
        raise ParseError(TS105.EVERY_TYPE(), span=names[-1].span, hint=TS105.SUCH_COLUMNS())
    return replace(made, columns=tuple(names), types=tuple(types), refused=tuple(refused))


def _begins_constraint(cursor: Cursor) -> bool:
    """Whether a constraint of the table is next, and no column of such a name."""
    first, after = cursor.peek(), cursor.peek(1)
    words = {"PRIMARY": "KEY", "FOREIGN": "KEY", "UNIQUE": "(", "CHECK": "("}
    if first is None or after is None:
        return False
    return words.get(first.upper) == after.upper or first.upper == "CONSTRAINT"


def _constraints(cursor: Cursor) -> Iterator[Unsupported]:
    """What follows a column's type; that it may be NULL is true of every column."""
    while cursor.accept("NULL"):
        pass
    constraint = refused_constraint(cursor)
    if constraint is not None:
        yield constraint
