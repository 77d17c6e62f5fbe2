"""Where statements end: what `sql.script` asks, answered by the statements' grammars and by DuckDB's for their SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from thanosql_kernel.duck.grammar import begins, fault, is_unfinished
from thanosql_kernel.duck.words import is_reserved
from thanosql_kernel.errors import ThanoSQLError, UnexpectedEnd
from thanosql_kernel.sql.cursor import HEAD_WORDS, Cursor
from thanosql_kernel.sql.lexer import Token
from thanosql_kernel.sql.literals import straightened
from thanosql_kernel.sql.query import Form, Query, has_main_query
from thanosql_kernel.sql.script import Ahead, Start
from thanosql_kernel.sql.table_versions import version_length
from thanosql_kernel.sql.token_reader import Want
from thanosql_kernel.statements.magic import is_known_magic
from thanosql_kernel.statements.registry import Head, begins_statement, find_head, parse_at, parse_nested
from thanosql_kernel.statements.statement import Statement

Tokens = Sequence[Token]


class Reading(NamedTuple):
    """What became of tokens that were read as one statement.

    Attributes:
        outcome: The statement, or why they are none.
        cursor: What read them.
    """

    outcome: Statement | ThanoSQLError
    cursor: Cursor

    @property
    def is_unfinished(self) -> bool:
        """Whether they are right so far and more has to follow."""
        if isinstance(self.outcome, Statement):
            return bool(self.cursor.tail) and is_unfinished(_whole(self.cursor.tail[0]))
        return isinstance(self.outcome, UnexpectedEnd)

    def sql(self, tokens: Tokens) -> Iterator[Tokens]:
        """Those of the tokens that may be SQL up to the end: all of them, and the last query among them."""
        if begins(tokens[0].upper):
            yield tokens
        if self.cursor.tail:
            start = self.cursor.tail[0].span.start
            yield tokens[sum(token.start < start for token in self.cursor.tokens) :]


def read(text: str, tokens: Tokens) -> Reading:
    """Read tokens of a text as one statement."""
    cursor = Cursor(text, tokens, nested=parse_nested)
    try:
        return Reading(parse_at(cursor), cursor)
    except ThanoSQLError as error:
        return Reading(error, cursor)


class Boundaries:
    """The `sql.script.Grammar` of a cell.

    Args:
        cell: The text.
        read_so_far: Reads the tokens of a statement up to a place where it may end.
    """

    def __init__(self, cell: str, read_so_far: Callable[[Tokens], Reading] | None = None) -> None:
        self._cell = cell
        self._read = read_so_far or (lambda tokens: read(cell, tokens))

    def start(self, tokens: Tokens) -> Start | None:
        """What of a statement these tokens start with; a parenthesis counts with what it holds."""
        inner = next((index for index, token in enumerate(tokens) if token.text != "("), 0)
        found = find_head(tokens[inner:])
        if found is None or (inner and not (found.kind.is_query or found.kind.table_valued)):
            return None
        if inner or not begins_statement(tokens):
            return Start(inner + len(found.words), "clause")
        return Start(len(found.words), "word" if find_head(tokens[:1]) else "words")

    def knows_magic(self, line: str) -> bool:
        """Whether a ``%`` or ``!`` line says something to this kernel."""
        return is_known_magic(line)

    def ends(self, tokens: Tokens, ahead: Ahead) -> bool:
        """Whether a statement ends with these tokens where a line with the words of another one follows.

        One that is not finished ends where those words cannot stand.
        """
        if gives_to(tokens, ahead.words):
            return False
        head = find_head(tokens)
        if head is not None and head.kind.is_query and (answer := self._sql_ends(tokens, ahead)) is not None:
            return answer
        reading = self._read(tokens)
        if isinstance(reading.outcome, UnexpectedEnd):
            return not self.goes_on(tokens, reading, ahead.words)
        if isinstance(reading.outcome, Statement) and not reading.cursor.tail:
            is_wanted = Want("word", ahead.words[0].upper) in reading.cursor.wants.get(len(tokens), ())
            return not (is_wanted and self._may_be([*tokens, *ahead.line]))
        answers = (self._sql_ends(sql, ahead) for sql in reading.sql(tokens))
        # What begins a clause belongs to what is wrong above it: a hole in a select list, FROM below it.
        return next((answer for answer in answers if answer is not None), begins_statement(ahead.words))

    def goes_on(self, tokens: Tokens, reading: Reading, words: Tokens) -> bool:
        """Whether a statement that is not finished may go on with what begins with the words of another one."""
        if any(want.kind == "query" for want in reading.cursor.wants.get(len(tokens), ())):
            found = find_head(words)
            if found is None or found.kind.is_query or found.kind.table_valued:
                return True
        if reading.cursor.tail:
            return self._sql_takes(tokens, reading, words)
        return self._may_be([*tokens, *words])

    def takes(self, tokens: Tokens, line: Tokens) -> bool:
        """Whether the SQL that these tokens end with goes on with that line."""
        return self._sql_takes(tokens, self._read(tokens), line)

    def _sql_takes(self, tokens: Tokens, reading: Reading, line: Tokens) -> bool:
        found = (sql_of(self._cell, sql) for sql in reading.sql(tokens))
        behind = self._sql_of(line)
        return any(fault(f"{sql.text}\n{behind}") is None for sql in found if sql.is_all)

    def _sql_ends(self, tokens: Tokens, ahead: Ahead) -> bool | None:
        """Whether SQL ends in front of the line; None if there is none that begins like this."""
        sql = sql_of(self._cell, tokens)
        if not sql.is_all:
            return None
        so_far = f"{sql.text}\n"
        wrong = fault(so_far + self._sql_of(ahead.words))
        if wrong is not None:
            if wrong < len(so_far):
                return None
            # FROM belongs to the query above whose expression is not finished yet, though no SQL goes on so.
            return begins_statement(ahead.words) or not is_unfinished(sql.text)
        if not begins_statement(ahead.words):
            return False
        wrong = fault(so_far + self._sql_of(ahead.statement))
        if wrong is None:
            return self._is_command(ahead) and not is_unfinished(sql.text)
        if wrong < len(so_far + self._sql_of(ahead.line)) and not is_unfinished(sql.text):
            return True
        return self._may_be(ahead.statement)

    def _sql_of(self, tokens: Tokens) -> str:
        return sql_of(self._cell, tokens).text

    def _is_command(self, ahead: Ahead) -> bool:
        """Whether the line is a whole statement and no query, such as VACUUM, which SQL may take for a name."""
        found = find_head(ahead.words)
        if found is None or found.kind.is_query:
            return False
        return isinstance(read(self._cell, ahead.line).outcome, Statement)

    def _may_be(self, tokens: Tokens) -> bool:
        """Whether they are a statement or the beginning of one."""
        reading = read(self._cell, tokens)
        if not isinstance(reading.outcome, Statement | UnexpectedEnd):
            return False
        return not reading.cursor.tail or fault(_whole(reading.cursor.tail[0])) is None


#: What makes a part of SQL a query of its own in front of it, by its form.
AROUND: dict[Form, str] = {
    "tables": "FROM ",
    "items": "DELETE FROM _ RETURNING ",
    "expression": "FROM _ WHERE ",
}


def _whole(query: Query) -> str:
    """A part of SQL as a query of its own."""
    return AROUND.get(query.form, "") + query.sql()


def gives_to(tokens: Tokens, words: Tokens) -> bool:
    """Whether the tokens are ``WITH a AS (…)`` alone, and the words begin a statement that it may stand in front of."""
    found = find_head(words)
    is_given = tokens[0].upper == "WITH" and tokens[-1].text == ")" and not has_main_query(tokens)
    return is_given and found is not None and found.kind.takes_given


class Sql(NamedTuple):
    """SQL as far as DuckDB needs to see it to tell what may follow.

    Attributes:
        text: What stands in parentheses and begins as a query is ``FROM _`` in it, whole statements of the dialect too,
            and a table at a version is ``(FROM _)``.
        is_all: Whether it does not break off behind the parenthesis of one that is not closed, or at an open quote.
    """

    text: str
    is_all: bool


def sql_of(text: str, tokens: Tokens) -> Sql:
    """The SQL that tokens of a text are."""
    end = len(tokens)
    opened: list[tuple[int, Head | None]] = []
    queries: list[tuple[int, int]] = []
    for index, token in enumerate(tokens):
        if token.text == "(":
            opened.append((index, find_head(tokens[index + 1 : index + 1 + HEAD_WORDS])))
        elif token.text == ")" and opened:
            start, head = opened.pop()
            if head is not None and _is_query(head):
                queries = [query for query in queries if query[0] < start]
                queries.append((start, index))
        elif token.kind == "unclosed":
            end = index
            break
    cut = next((index + 1 for index, head in opened if head and head.kind.table_valued), end)
    if cut == 0:
        return Sql("", is_all=False)
    gaps = [(tokens[start].end, tokens[last].start, "FROM _") for start, last in queries if last < cut]
    gaps += [(tokens[at].start, tokens[at + count].end, "(FROM _)") for at, count in _versions(tokens[:cut])]
    sql = straightened(_filled(text, tokens[0].start, tokens[cut - 1].end, gaps))
    return Sql(sql + ("FROM _" if cut < end else ""), cut == len(tokens))


def _versions(tokens: Tokens) -> Iterator[tuple[int, int]]:
    """Where tables stand that are read as they were, and how many tokens behind their names say so."""
    for index, following in enumerate(tokens[1:]):
        if following.upper in ("VERSION", "AT") and (count := version_length(tokens, index)):
            yield index, count


def _filled(text: str, start: int, end: int, gaps: Iterable[tuple[int, int, str]]) -> str:
    """A part of a text with something else in gaps; those within others count for nothing."""
    parts, at = [], start
    for first, last, filling in sorted(gaps):
        if first >= at:
            parts += [text[at:first], filling]
            at = last
    return "".join([*parts, text[at:end]])


def _is_query(head: Head) -> bool:
    """Whether a parenthesis with those words in front holds a query, and no list that begins with a name."""
    return head.kind.table_valued or (head.kind.is_query and is_reserved(head.words[0]))
