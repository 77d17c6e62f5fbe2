"""Where statements end: what `sql.script` asks, answered by the statements' grammars and by DuckDB's for their SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import NamedTuple

from thanosql_kernel.duck.grammar import begins, fault, is_unfinished
from thanosql_kernel.errors import Span, ThanoSQLError, UnexpectedEnd
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.lexer import Token
from thanosql_kernel.sql.parameters import Parameters
from thanosql_kernel.sql.query import Query
from thanosql_kernel.sql.script import Ahead
from thanosql_kernel.statements.magic import is_known_magic
from thanosql_kernel.statements.registry import find_head, parse_at, parse_nested
from thanosql_kernel.statements.statement import Statement


class Reading(NamedTuple):
    """What became of tokens that were read as one statement.

    Attributes:
        outcome: The statement, or why they are none.
        cursor: What read them.
    """

    outcome: Statement | ThanoSQLError
    cursor: Cursor

    @property
    def sql(self) -> Iterator[str]:
        """The SQL that they end with, as DuckDB may read it: all of them, and the last query among them."""
        tokens = self.cursor.tokens
        if begins(tokens[0].upper):
            span = Span(tokens[0].start, tokens[-1].end)
            yield Query(self.cursor.source, span, (), tuple(self.cursor.nested)).sql()
        if self.cursor.tail:
            yield self.cursor.tail[0].sql()

    @property
    def is_unfinished(self) -> bool:
        """Whether they are right so far and more has to follow."""
        if isinstance(self.outcome, Statement):
            return bool(self.cursor.tail) and is_unfinished(self.cursor.tail[0].sql())
        return isinstance(self.outcome, UnexpectedEnd)


Read = Callable[[Sequence[Token]], Reading]


def read(text: str, tokens: Sequence[Token], parameters: Parameters | None = None) -> Reading:
    """Read tokens of a text as one statement."""
    cursor = Cursor(text, tokens, nested=parse_nested, parameters=parameters)
    try:
        return Reading(parse_at(cursor), cursor)
    except ThanoSQLError as error:
        return Reading(error, cursor)


class Boundaries:
    """The `sql.script.Grammar` of a cell.

    Args:
        cell: The text.
        read: Reads the tokens of a statement so far.
    """

    def __init__(self, cell: str, read_so_far: Read | None = None) -> None:
        self._cell = cell
        self._read = read_so_far or self._read_apart

    def _read_apart(self, tokens: Sequence[Token]) -> Reading:
        return read(self._cell, tokens)

    def head(self, tokens: Sequence[Token]) -> int:
        """How many words that begin a statement these tokens start with; a parenthesis around a query is one."""
        inner = next((index for index, token in enumerate(tokens) if token.text != "("), 0)
        found = find_head(tokens[inner:])
        if found is None or (inner and not (found.kind.is_query or found.kind.table_valued)):
            return 0
        return 1 if inner or find_head(tokens[:1]) else len(found.words)

    def ends(self, tokens: Sequence[Token], ahead: Ahead) -> bool:
        """Whether a statement ends with these tokens where a line with the words of another one follows.

        One that is not finished ends where those words cannot stand.
        """
        reading = self._read(tokens)
        words = ahead.line[: self.head(ahead.line)]
        if isinstance(reading.outcome, UnexpectedEnd):
            return not self.goes_on(reading, words)
        if isinstance(reading.outcome, Statement) and not reading.cursor.tail:
            return True
        answers = (self._sql_ends(sql, words, ahead) for sql in reading.sql)
        return next((answer for answer in answers if answer is not None), True)

    def goes_on(self, reading: Reading, words: Sequence[Token]) -> bool:
        """Whether an unfinished statement may go on with what begins with the words of another one."""
        cursor = reading.cursor
        if any(want.kind == "query" for want in cursor.wants.get(len(cursor.tokens), ())):
            found = find_head(words)
            if found is None or found.kind.is_query or found.kind.table_valued:
                return True
        if cursor.tail:
            return self._sql_takes(reading, words)
        return self._may_be([*cursor.tokens, *words])

    def takes(self, tokens: Sequence[Token], line: Sequence[Token]) -> bool:
        """Whether the SQL that these tokens end with goes on with that line."""
        return self._sql_takes(self._read(tokens), line)

    def knows_magic(self, line: str) -> bool:
        """Whether a ``%`` or ``!`` line says something to this kernel."""
        return is_known_magic(line)

    def _sql_takes(self, reading: Reading, line: Sequence[Token]) -> bool:
        behind = self._sql_of(line)
        return any(fault(f"{sql}\n{behind}") is None for sql in reading.sql)

    def _sql_ends(self, sql: str, words: Sequence[Token], ahead: Ahead) -> bool | None:
        """Whether SQL ends in front of the line; None if there is none that begins like this."""
        wrong = fault(f"{sql}\n{self._sql_of(ahead.statement)}")
        if wrong is None:
            return self._is_command(ahead.line) and not is_unfinished(sql)
        if wrong < len(sql):
            return None
        must_stand = words if is_unfinished(sql) else ahead.line
        return wrong <= len(sql) + len(self._sql_of(must_stand)) or self._may_be(ahead.statement)

    def _is_command(self, tokens: Sequence[Token]) -> bool:
        """Whether they are a whole statement and no query, such as VACUUM, which SQL may take for a name."""
        found = find_head(tokens)
        if found is None or found.kind.is_query:
            return False
        return isinstance(read(self._cell, tokens).outcome, Statement)

    def _may_be(self, tokens: Sequence[Token]) -> bool:
        """Whether they are a statement or the beginning of one."""
        reading = read(self._cell, tokens)
        if not isinstance(reading.outcome, Statement | UnexpectedEnd):
            return False
        return not reading.cursor.tail or fault(reading.cursor.tail[0].sql()) is None

    def _sql_of(self, tokens: Sequence[Token]) -> str:
        """The SQL of tokens up to a quote that is not closed, with what stands for nested statements."""
        end = next((index for index, token in enumerate(tokens) if token.kind == "unclosed"), len(tokens))
        if end == 0:
            return ""
        cursor = Cursor(self._cell, tokens[:end], nested=parse_nested)
        if any(token.text == "(" for token in tokens[:end]):
            with suppress(ThanoSQLError):
                cursor.sql(lambda: False)
        span = Span(tokens[0].start, tokens[end - 1].end)
        return Query(self._cell, span, (), tuple(cursor.nested)).sql()
