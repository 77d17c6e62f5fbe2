"""INSERT INTO: add rows to a table, or change those that are there already."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import Literal, Self

from thanosql_kernel.catalog import Table
from thanosql_kernel.catalog.unknown import no_column
from thanosql_kernel.duck.parser import parsed
from thanosql_kernel.duck.tree import value_rows
from thanosql_kernel.errors import ParseError, Span, ThanoSQLError, TypeMismatch
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.nodes import Name
from thanosql_kernel.sql.query import Query
from thanosql_kernel.statements.changes import OnConflict, Relation
from thanosql_kernel.statements.foresight import Foresight, Named, are_all
from thanosql_kernel.statements.results import Result
from thanosql_kernel.statements.row_parts import (
    Assignments,
    in_front,
    read_assignments,
    read_names,
    read_returning,
    target_of,
    told,
)
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.statement import Statement, Words, repeated
from thanosql_kernel.wording import answers, counted, instead, statements
from thanosql_kernel.wording.grammar import TS104, TS105
from thanosql_kernel.wording.values import TS300


@dataclass(frozen=True)
class Insert(Statement):
    """``INSERT INTO t [(a, b)] query | VALUES (...)``, with what to do about rows that are there."""

    heads = (("INSERT", "INTO"), ("INSERT", "OR", "REPLACE", "INTO"), ("INSERT", "OR", "IGNORE", "INTO"))
    unsupported = MappingProxyType(
        {heads[1]: instead.UPDATE_ON_CONFLICT, heads[2]: instead.NOTHING_ON_CONFLICT}
    )
    syntax = (
        "INSERT INTO table [AS alias] [(column, …)] [BY NAME | BY POSITION] query | VALUES (…), … | DEFAULT VALUES "
        "[ON CONFLICT (key, …) DO NOTHING | DO UPDATE SET column = expression, … [WHERE condition]] "
        "[RETURNING expression, …]"
    )
    help = statements.INSERT
    example = "INSERT INTO photos (image_path) VALUES ('new/cat.jpg')"
    takes_given = True

    table: Name
    columns: tuple[Name, ...]
    query: Query | None
    alias: Name | None = None
    by_name: bool = False
    key: tuple[Name, ...] = ()
    key_span: Span | None = None
    does: Literal["", "nothing", "update"] = ""
    set_columns: tuple[Name, ...] = ()
    set_values: tuple[Query, ...] = ()
    set_where: Query | None = None
    returning: Query | None = None
    ctes: Query | None = None

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Read what follows INSERT INTO."""
        start = cursor.start_of(words)
        read = _Read(cursor)
        table = cursor.name("table")
        alias = cursor.name("new alias") if cursor.accept("AS") else None
        columns = read.columns()
        by_name = read.by_name(columns)
        query = read.query(columns)
        read.conflict()
        returning = read_returning(cursor)
        return cls(
            cursor.span_from(start),
            words,
            table,
            tuple(columns),
            query,
            alias,
            by_name,
            read.key,
            read.key_span,
            read.does,
            read.assignments.columns,
            read.assignments.values,
            read.where,
            returning,
            cursor.given if query is None else None,
        )

    # -- what it means ---------------------------------------------------------------------------------------
    def check(self, known: Foresight) -> Iterator[ThanoSQLError]:
        """A column named twice; more or fewer values than columns; what no row can be known by."""
        yield from super().check(known)
        for column in (*repeated(self.columns), *repeated(self.key)):
            yield ParseError(TS104.NAMED_TWICE(name=column), span=column.span)
        yield from Assignments(self.set_columns, self.set_values).problems()
        if self.does and not self.key:
            yield ParseError(TS105.NO_KEY(), span=self.key_span, hint=TS105.NAME_THE_KEY())
        table = self.target(known)
        if table is not None and table.columns and are_all(table.columns) and self.query is not None:
            yield from self._query_problems(table, self.query, known)

    def _query_problems(self, table: Table, query: Query, known: Foresight) -> Iterator[ThanoSQLError]:
        if not self.by_name:
            yield from self._arity_problems(table, query, known)
            return
        columns = known.columns(query)
        if columns is not None and are_all(columns):
            for column in columns:
                if table.column(column.name) is None:
                    names = (item.name for item in table.columns)
                    yield no_column(column.name, query.span, names, table.name)

    def _arity_problems(self, table: Table, query: Query, known: Foresight) -> Iterator[ThanoSQLError]:
        targets = [name.text for name in self.columns] or [column.name for column in table.columns]
        width = next((width for width in self._widths(query, known) if width != len(targets)), None)
        if width is not None:
            yield TypeMismatch(
                TS300.OTHER_WIDTH(columns=counted(width, "column"), table=table.name, count=len(targets)),
                span=query.span,
                hint=TS300.THE_COLUMNS(names=", ".join(targets)),
            )

    def _widths(self, query: Query, known: Foresight) -> Iterator[int]:
        """How many values its rows have, as far as can be known: of VALUES, whose types are not its own, each row."""
        rows = value_rows(parsed(query.sql()))
        columns = None if rows else known.columns(query)
        yield from map(len, rows)
        if columns is not None and are_all(columns):
            yield len(columns)

    def in_scope(self, query: Query, known: Foresight) -> tuple[Named | Query, ...]:
        """The table, and the new rows where DO UPDATE is about both."""
        own, table = super().in_scope(query, known), self.target(known)
        is_about_both = query is self.set_where or any(query is value for value in self.set_values)
        if table is None or not is_about_both:
            return own
        return (*own, Named("excluded", table.columns))

    # -- what it does ----------------------------------------------------------------------------------------
    def run(self, runtime: Runtime) -> Result:
        """Add the rows in one commit."""
        table = runtime.catalog.table(self.table.text, self.table.span)
        rows = self._rows(runtime, table)
        changed = runtime.changes.insert_rows(
            target_of(self.table, self.alias, self.ctes, self.returning),
            self._targets(table, rows),
            self.query,
            rows,
            self._conflict(),
        )
        done = answers.INSERTED_AND_UPDATED if self.set_columns else answers.INSERTED
        rows_added = counted(changed.inserted, "row")
        return told(runtime, changed, done(rows=rows_added, name=table.name, updated=changed.updated))

    def _rows(self, runtime: Runtime, table: Table) -> Callable[[], Relation]:
        """What gives the new rows: of DEFAULT VALUES one NULL, and the rest of it is left out."""
        if self.query is not None:
            return partial(runtime.evaluate, self.query)
        import pyarrow as pa

        return partial(runtime.rows, pa.table({table.columns[0].name: pa.nulls(1)}))

    def _targets(self, table: Table, rows: Callable[[], Relation]) -> list[str]:
        """The table's columns that the new rows' go to."""
        names = [column.name for column in table.columns]
        if self.query is None:
            return names[:1]
        if self.by_name:
            names = [column.name for column in rows().columns]
        elif self.columns:
            names = [name.text for name in self.columns]
        return [column.name if (column := table.column(name)) is not None else name for name in names]

    def _conflict(self) -> OnConflict | None:
        if not self.does:
            return None
        key, span = tuple(name.text for name in self.key), self.key_span or self.span
        if self.does == "nothing":
            return OnConflict(key, span)
        assignments = Assignments(self.set_columns, self.set_values)
        return OnConflict(key, span, assignments.by_column, self.set_where)


@dataclass
class _Read:
    """Reads the parts of an INSERT.

    Args:
        cursor: At the table's name.
    """

    cursor: Cursor
    key: tuple[Name, ...] = ()
    key_span: Span | None = None
    does: Literal["", "nothing", "update"] = ""
    assignments: Assignments = field(default_factory=Assignments)
    where: Query | None = None

    def columns(self) -> list[Name]:
        if not _column_list_follows(self.cursor):
            return []
        self.cursor.expect("(")
        return read_names(self.cursor)

    def by_name(self, columns: list[Name]) -> bool:
        if not self.cursor.accept("BY"):
            return False
        by_name = self.cursor.accept("NAME")
        if by_name is None:
            self.cursor.expect("POSITION")
        elif columns:
            raise ParseError(TS105.BY_NAME_LISTS_NONE(), span=columns[0].span)
        return by_name is not None

    def query(self, columns: list[Name]) -> Query | None:
        default = self.cursor.accept_words("DEFAULT", "VALUES")
        if default is not None and columns:
            raise ParseError(TS105.DEFAULT_LISTS_NONE(), span=columns[0].span)
        if default is not None:
            return None
        query = self.cursor.query_until(*_ends_of_query(self.cursor), "RETURNING")
        return in_front(self.cursor.given, query)

    def conflict(self) -> None:
        """``ON CONFLICT (key) DO …``."""
        cursor = self.cursor
        started = cursor.accept("ON")
        if started is None:
            return
        cursor.expect("CONFLICT")
        if cursor.accept("("):
            self.key = tuple(read_names(cursor))
        self.key_span = cursor.span_from(started.start)
        if cursor.looking_at("WHERE"):
            raise ParseError(TS105.NO_PARTIAL_INDEX(), span=cursor.here(), hint=TS105.UPDATE_WHERE())
        cursor.expect("DO")
        self.does = "nothing" if cursor.accept("NOTHING") else "update"
        if self.does == "update":
            cursor.expect("UPDATE", "SET")
            self.assignments = read_assignments(cursor, "WHERE", "RETURNING")
            self.where = cursor.condition("RETURNING") if cursor.accept("WHERE") else None


def _ends_of_query(cursor: Cursor) -> Iterator[str]:
    """The words that begin ON CONFLICT behind a query, half-typed too; a JOIN and DISTINCT have an ON of their own."""
    yield "ON" if cursor.looking_at("VALUES") else "ON CONFLICT"
    words = [token.upper for token in cursor.tokens[cursor.at : cursor.stop]]
    if len(words) > 2 and words[-2] == "ON" and "CONFLICT".startswith(words[-1]):
        own = sum(word in ("JOIN", "DISTINCT") for word in words)
        if sum(word in ("ON", "USING") for word in words[:-2]) >= own:
            yield f"ON {words[-1]}"


def _column_list_follows(cursor: Cursor) -> bool:
    """Whether ``(`` opens a list of columns and not a query in parentheses."""
    token, first, after = cursor.peek(), cursor.peek(1), cursor.peek(2)
    opens = token is not None and token.text == "(" and first is not None and first.is_name
    return opens and after is not None and after.text in (",", ")")
