"""MERGE INTO: bring a table up to date with other rows: change, delete and add, in one commit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, Self

from thanosql_kernel.catalog import Column
from thanosql_kernel.errors import ParseError, Span, ThanoSQLError
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.nodes import Name
from thanosql_kernel.sql.query import Query
from thanosql_kernel.statements import changes
from thanosql_kernel.statements.changes import Changed, Group, When
from thanosql_kernel.statements.foresight import Foresight, Named, are_all
from thanosql_kernel.statements.results import Result
from thanosql_kernel.statements.row_parts import (
    Assignments,
    in_front,
    read_alias,
    read_assignments,
    read_names,
    read_returning,
    read_values,
    target_of,
    told,
)
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.statement import Statement, Words, repeated
from thanosql_kernel.statements.table_version import TableVersionRead
from thanosql_kernel.wording import answers, counted, statements
from thanosql_kernel.wording.grammar import TS104, TS105


@dataclass(frozen=True, slots=True)
class Clause:
    """A WHEN as it is written.

    Attributes:
        when: What it says.
        columns: The columns that it names.
    """

    when: When
    columns: tuple[Name, ...] = ()


@dataclass(frozen=True)
class Merge(Statement):
    """``MERGE INTO t USING source ON condition WHEN …``."""

    heads = (("MERGE", "INTO"),)
    syntax = (
        "MERGE INTO table [AS alias] USING table | (query) [AS alias] ON condition | USING (column, …) "
        "WHEN MATCHED | NOT MATCHED [BY TARGET] | NOT MATCHED BY SOURCE [AND condition] "
        "THEN UPDATE [SET column = expression, … | BY NAME] | DELETE | "
        "INSERT [(column, …)] [VALUES (expression, …) | BY NAME] | DO NOTHING | ERROR … [RETURNING expression, …]"
    )
    help = statements.MERGE
    example = (
        "MERGE INTO photos USING new_photos AS n ON photos.image_path = n.image_path "
        "WHEN MATCHED THEN UPDATE SET label = n.label "
        "WHEN NOT MATCHED THEN INSERT BY NAME"
    )

    plain_sql = True
    takes_given = True

    table: Name
    alias: Name | None
    source: Query
    source_alias: Name | None
    source_columns: tuple[Name, ...]
    on: Query | None
    using: tuple[Name, ...]
    clauses: tuple[Clause, ...]
    on_span: Span
    returning: Query | None = None
    ctes: Query | None = None

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Read what follows MERGE INTO."""
        start = cursor.start_of(words)
        table = cursor.name("table")
        alias = read_alias(cursor, "USING", must_go_on=True)
        cursor.expect("USING")
        source, source_alias, source_columns = _read_source(cursor)
        at = cursor.here().start
        on: Query | None = None
        using: tuple[Name, ...] = ()
        if cursor.accept("USING"):
            cursor.expect("(")
            using = tuple(read_names(cursor))
        else:
            cursor.expect("ON")
            on = cursor.condition("WHEN")
        on_span = cursor.span_from(at)
        clauses = [_read_clause(cursor)]
        while cursor.looking_at("WHEN") or not (cursor.done or cursor.looking_at("RETURNING")):
            clauses.append(_read_clause(cursor))
        cursor.want("word", "WHEN")
        returning = read_returning(cursor)
        return cls(
            cursor.span_from(start),
            words,
            table,
            alias,
            source,
            source_alias,
            source_columns,
            on,
            using,
            tuple(clauses),
            on_span,
            returning,
            cursor.given,
        )

    def _values(self) -> Iterator[object]:
        for value in super()._values():
            yield from (value.columns + value.when.texts) if isinstance(value, Clause) else (value,)

    # -- what it means ---------------------------------------------------------------------------------------
    @property
    def source_name(self) -> str:
        """What its expressions call the source's rows; "" where they have no name."""
        if self.source_alias is not None:
            return self.source_alias.text
        behind = self.source.nested[-1].statement if self.source.nested else None
        if isinstance(behind, TableVersionRead) and behind.span.end == self.source.span.end:
            return behind.table.text
        last = self.source.tokens[-1] if self.source.tokens else None
        return last.name if last is not None and last.is_name else ""

    def check(self, known: Foresight) -> Iterator[ThanoSQLError]:
        """A source without a name, a column set twice, a clause that its rows cannot have."""
        yield from super().check(known)
        if not self.source_name:
            hint = "USING (SELECT …) AS s ON …"
            yield ParseError(TS105.SOURCE_WITHOUT_NAME(), span=self.source.span, hint=hint)
        own = (self.alias or self.table).text
        if self.source_name.lower() == own.lower():
            hint = f"MERGE INTO {self.table} AS t USING … AS s ON …"
            span = (self.source_alias or self.table).span
            yield ParseError(TS105.SAME_NAME(name=own), span=span, hint=hint)
        for clause in self.clauses:
            for column in repeated(clause.columns):
                yield ParseError(TS104.SET_TWICE(name=column), span=column.span)
        yield from self._unreached()

    def _unreached(self) -> Iterator[ThanoSQLError]:
        """A clause behind one that all rows of its group fall under."""
        closed: set[Group] = set()
        for clause in self.clauses:
            when = clause.when
            if when.group in closed:
                yield ParseError(TS105.UNREACHED_WHEN(), span=when.span)
            if when.condition is None:
                closed.add(when.group)

    def in_scope(self, query: Query, known: Foresight) -> tuple[Named | Query, ...]:
        """The table and the source's rows; a row without a partner has only its own."""
        own = super().in_scope(query, known)
        if query is self.returning:
            return (*own, Named("", (Column("merge_action", "VARCHAR"),)))
        columns = known.columns(self.source)
        if self.source_columns or (columns is not None and not are_all(columns)):
            columns = None
        other = Named(self.source_name, columns)
        group = next((c.when.group for c in self.clauses if any(query is t for t in c.when.texts)), None)
        if group == "new":
            return (other,)
        return own if group == "unmatched" else (*own, other)

    # -- what it does ----------------------------------------------------------------------------------------
    def run(self, runtime: Runtime) -> Result:
        """Change the table in one commit."""
        merge = changes.Merge(
            self.source_name,
            self.on_span,
            self.on,
            tuple(name.text for name in self.using),
            tuple(
                replace(clause.when, columns=tuple(name.text for name in clause.columns))
                for clause in self.clauses
            ),
            tuple(name.text for name in self.source_columns),
        )
        target = target_of(self.table, self.alias, self.ctes, self.returning)
        changed = runtime.changes.merge_rows(target, runtime.evaluate(self.source), merge)
        return told(runtime, changed, _told(changed, self.table))


def _told(changed: Changed, table: Name) -> str:
    return answers.MERGED(
        inserted=counted(changed.inserted, "row"),
        table=table,
        updated=changed.updated,
        deleted=changed.deleted,
    )


def _read_source(cursor: Cursor) -> tuple[Query, Name | None, tuple[Name, ...]]:
    """Read the rows to merge: a table, or a query or statement in parentheses, and what they are called."""
    cursor.want("name", "table")
    cursor.want("query")
    token = cursor.peek()
    if token is None or not (token.is_name or token.text == "("):
        raise cursor.fail()
    at = cursor.at
    if (past := cursor.at_version(is_query=True)) is not None:
        source = in_front(cursor.given, Query(cursor.source, past.span, (), (past,)))
    else:
        source = in_front(cursor.given, cursor.sql(lambda: cursor.at > at), "FROM")
    alias = read_alias(cursor, "ON", "USING", "(", must_go_on=True)
    columns: tuple[Name, ...] = ()
    if alias is not None and cursor.accept("("):
        columns = tuple(replace(name, kind="new column") for name in read_names(cursor))
    return source, alias, columns


def _read_clause(cursor: Cursor) -> Clause:
    """Read ``WHEN … THEN …``."""
    start = cursor.expect("WHEN").start
    group: Group = "matched"
    if cursor.accept("NOT"):
        cursor.expect("MATCHED")
        group = "new"
        if cursor.accept("BY"):
            group = "new" if cursor.accept("TARGET") else "unmatched"
            if group == "unmatched":
                cursor.expect("SOURCE")
    else:
        cursor.expect("MATCHED")
    condition = cursor.condition("THEN") if cursor.accept("AND") else None
    cursor.expect("THEN")
    clause = _read_action(cursor, When(group, "nothing", cursor.here(), condition))
    when = replace(clause.when, span=cursor.span_from(start))
    return replace(clause, when=when)


def _read_action(cursor: Cursor, when: When) -> Clause:
    if when.group != "new" and cursor.accept("UPDATE"):
        return _read_update(cursor, when)
    if when.group != "new" and cursor.accept("DELETE"):
        return Clause(replace(when, action="delete"))
    if when.group == "new" and cursor.accept("INSERT"):
        return _read_insert(cursor, replace(when, action="insert"))
    if cursor.accept("ERROR"):
        has_message = not (cursor.done or cursor.looking_at("WHEN") or cursor.looking_at("RETURNING"))
        message = cursor.condition("WHEN", "RETURNING") if has_message else None
        return Clause(replace(when, action="error", message=message))
    cursor.expect("DO", "NOTHING")
    return Clause(when)


def _read_update(cursor: Cursor, when: When) -> Clause:
    """Read what follows UPDATE: without values all columns of the source are taken."""
    when = replace(when, action="update")
    if cursor.accept("SET"):
        if cursor.accept("*"):
            return Clause(_taking(when, "position", cursor))
        assignments: Assignments = read_assignments(cursor, "WHEN", "RETURNING")
        return Clause(replace(when, values=assignments.values), assignments.columns)
    return Clause(_taking(when, _read_by(cursor), cursor))


def _read_insert(cursor: Cursor, when: When) -> Clause:
    if cursor.accept_words("DEFAULT", "VALUES"):
        return Clause(replace(when, by="default"))
    if cursor.accept("*"):
        return Clause(replace(when, by="position"))
    if cursor.looking_at("BY"):
        by = _read_by(cursor)
        cursor.accept("*")
        return Clause(replace(when, by=by))
    names = tuple(read_names(cursor)) if cursor.accept("(") else ()
    if names:
        cursor.expect("VALUES", "(")
    elif cursor.accept("VALUES"):
        cursor.expect("(")
    else:
        cursor.want("word", "BY")
        return Clause(replace(when, by="position"))
    return Clause(replace(when, values=tuple(read_values(cursor, "WHEN", "RETURNING"))), names)


def _taking(when: When, by: Literal["name", "position"], cursor: Cursor) -> When:
    """A clause that takes the source's columns; a row without a partner has none to take."""
    if when.group == "unmatched":
        raise ParseError(TS105.NO_ROW_TO_TAKE(), span=cursor.here(), hint=TS105.WRITE_SET())
    return replace(when, by=by)


def _read_by(cursor: Cursor) -> Literal["name", "position"]:
    if cursor.accept("BY"):
        if cursor.accept("NAME"):
            return "name"
        cursor.expect("POSITION")
    return "position"
