"""What the statements that change rows have in common: aliases, SET, RETURNING, and what they tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from thanosql_kernel.duck.words import is_reserved
from thanosql_kernel.errors import ParseError, ThanoSQLError
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.nodes import Name
from thanosql_kernel.sql.query import Query
from thanosql_kernel.statements.changes import Changed, Target
from thanosql_kernel.statements.results import Message, Result
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.statement import repeated
from thanosql_kernel.wording.grammar import TS104, TS105


def read_alias(cursor: Cursor, *following: str, must_go_on: bool = False) -> Name | None:
    """Read ``AS a``, or ``a`` in front of one of the words that may follow it.

    Args:
        cursor: Behind the table.
        following: The words.
        must_go_on: Whether one of them must follow: where none need to, a slip in it is no alias.
    """
    if cursor.accept("AS"):
        return cursor.name("new alias")
    before, token, after = cursor.tokens[cursor.at - 1], cursor.peek(), cursor.peek(1)
    if before.kind == "word" and is_reserved(before.text):  # a slip: it names no table
        return None
    if token is None or not token.is_name or token.upper in following:
        return None
    is_followed = must_go_on if after is None else after.upper in following
    if must_go_on and after is not None and cursor.peek(2) is None:  # the word may be half-typed
        is_followed = any(word.startswith(after.upper) for word in following)
    return cursor.name("new alias") if is_followed else None


@dataclass(frozen=True, slots=True)
class Assignments:
    """``a = expression, (b, c) = (expression, expression)``.

    Attributes:
        columns: Those that get values.
        values: Theirs, in order.
    """

    columns: tuple[Name, ...] = ()
    values: tuple[Query, ...] = ()

    @property
    def by_column(self) -> Mapping[str, Query]:
        """The values by column."""
        return {column.text: value for column, value in zip(self.columns, self.values, strict=True)}

    def problems(self) -> Iterator[ThanoSQLError]:
        """A column set twice."""
        for column in repeated(self.columns):
            yield ParseError(TS104.SET_TWICE(name=column), span=column.span)


def read_assignments(cursor: Cursor, *following: str) -> Assignments:
    """Read what stands behind SET, up to one of the words."""
    columns: list[Name] = []
    values: list[Query] = []
    while True:
        if cursor.accept("("):
            row = read_names(cursor)
            cursor.expect("=")
            given = _read_row(cursor, *following)
            if len(given) != len(row):
                message = TS105.OTHER_LENGTH(columns=len(row), values=len(given))
                raise ParseError(message, span=given[0].span)
            columns += row
            values += given
        else:
            if any(map(cursor.looking_at, following)):
                cursor.want("name", "column")
                raise cursor.fail()
            columns.append(cursor.name("column"))
            cursor.expect("=")
            values.append(cursor.condition(*following))
        if not cursor.accept(","):
            return Assignments(tuple(columns), tuple(values))


def _read_row(cursor: Cursor, *following: str) -> list[Query]:
    cursor.accept("ROW")
    cursor.expect("(")
    return read_values(cursor, *following)


def read_values(cursor: Cursor, *following: str) -> list[Query]:
    """Read expressions between commas, and the parenthesis behind them, in front of one of the words at the latest."""
    values = [cursor.condition(")", *following)]
    while cursor.accept(","):
        values.append(cursor.condition(")", *following))
    cursor.expect(")")
    return values


def read_names(cursor: Cursor) -> list[Name]:
    """Read names of columns between commas, and the parenthesis behind them."""
    names = [cursor.name("column")]
    while cursor.accept(","):
        names.append(cursor.name("column"))
    cursor.expect(")")
    return names


def read_returning(cursor: Cursor) -> Query | None:
    """Read RETURNING and what follows it, if it is next."""
    return cursor.select_items() if cursor.accept("RETURNING") else None


def target_of(table: Name, alias: Name | None, given: Query | None, returning: Query | None) -> Target:
    """What a statement says of the table that it changes."""
    return Target(table.text, table.span, alias.text if alias is not None else "", given, returning)


def told(runtime: Runtime, changed: Changed, text: str) -> Result:
    """What a statement has done, and the rows that RETURNING gives."""
    if changed.rows is None:
        return Message(text)
    runtime.notice(text)
    return runtime.preview(changed.rows)


def in_front(given: Query | None, query: Query, word: str = "") -> Query:
    """A query with the common table expressions that stand in front of its statement.

    Args:
        given: These.
        query: The query, somewhere behind them.
        word: What stands in front of it where it is a table's name.
    """
    if given is None:
        return query
    return query.behind(given, word)
