"""The cursor that statement parsers read with: SQL and what is nested in it, on top of the names of `ValueReader`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from typing import Any, Protocol

from thanosql_kernel.errors import ParseError, too_deep
from thanosql_kernel.sql.brackets import CLOSING, outer
from thanosql_kernel.sql.edits import removal
from thanosql_kernel.sql.ends import Ends
from thanosql_kernel.sql.lexer import Token, significant, tokenize
from thanosql_kernel.sql.literals import is_curly, straight
from thanosql_kernel.sql.lookalikes import lookalike_error, stands_for_sql
from thanosql_kernel.sql.nodes import Value
from thanosql_kernel.sql.parameters import Parameters, sql_literal
from thanosql_kernel.sql.query import Bound, Form, Nested, Query, behind_with, has_main_query
from thanosql_kernel.sql.table_versions import TablePlaces, own_name, version_length
from thanosql_kernel.sql.token_reader import token_index, unclosed
from thanosql_kernel.sql.value_reader import ValueReader
from thanosql_kernel.wording.grammar import TS100

#: Statements within statements; what works on them follows them by recursion, a dozen of Python's calls each.
MOST_NESTED = 32

#: Most words that a statement begins with (CREATE OR REPLACE TABLE).
HEAD_WORDS = 4


class NestedParser(Protocol):
    """What reading queries asks of the statements."""

    def __call__(self, cursor: Cursor) -> Any:
        """The table-valued statement that starts at the cursor, parsed; None where none starts."""

    def begins_query(self, tokens: Sequence[Token]) -> bool:
        """Whether the tokens start with the words of SQL's own queries."""

    def at_version(self, cursor: Cursor) -> Any:
        """The table at a version that stands at the cursor, parsed."""


class Cursor(ValueReader):
    """Reads one statement.

    Attributes:
        given: The common table expressions in front of the statement, if it has any.
        tail: The SQL that stands at the end of the tokens, innermost first: whole or not, its brackets closed or not.
    """

    def __init__(
        self,
        source: str,
        tokens: Sequence[Token],
        *,
        end: int | None = None,
        nested: NestedParser | None = None,
        parameters: Parameters | None = None,
    ) -> None:
        super().__init__(source, tokens, parameters)
        self.given: Query | None = None
        self.tail: list[Query] = []
        self._parser = nested
        self._depth = 0
        self._end = len(source) if end is None else end

    @classmethod
    def over(cls, text: str, nested: NestedParser | None = None) -> Cursor:
        """A cursor over a text that is one statement."""
        return cls(text, significant(tokenize(text)), nested=nested)

    def start_of(self, words: Sequence[str]) -> int:
        """Where the words stand that were read last, or WITH in front of them."""
        return self.given.span.start if self.given is not None else self.tokens[self.at - len(words)].start

    # -- queries ---------------------------------------------------------------------------------------------
    def query(self) -> Query:
        """Read a query up to the end: SQL, or a table-valued statement, bare or in parentheses.

        Raises:
            ParseError: What is next does not begin a query, or a parenthesis is left open.
        """
        self.want("query")
        token = self.peek()
        if token is None:
            error = self.fail()
            self._parse_nested(self.stop)
            raise error
        start = self.at
        if (nested := self._parse_nested(self.stop)) is not None:
            span = self.span_from(token.start)
            return Query(self.source, span, (), (Nested(span, nested),))
        self.at = start
        if not self.begins_query(start):
            # Where the words of a nested statement break off, if it has begun.
            self.at = max((index for index in self.wants if index > start), default=start)
            raise self.fail()
        return self.sql(lambda: False)

    def query_before(self, index: int) -> Query:
        """Read a query that ends in front of the token of that index.

        Raises:
            ParseError: As for `query`.
        """
        outer, self.stop = self.stop, index
        try:
            return self.query()
        finally:
            self.stop = outer

    def query_until(self, *ends: str) -> Query:
        """Read a query that ends in front of one of the words, or words in a row, if they stand outside brackets.

        Raises:
            ParseError: As for `query`.
        """
        places = [place for end in ends for place in self.outside(*end.split())]
        return self.query_before(min(places, default=self.stop))

    @contextmanager
    def querying(self, options: Collection[str]) -> Iterator[None]:
        """Let the values of these options (lower case) be queries in parentheses, those of no others."""
        before, self.queried = self.queried, frozenset(options)
        try:
            yield
        finally:
            self.queried = before

    def _rows(self) -> Value:
        """Read a query in parentheses as the value of an option."""
        opening = self.expect("(")
        closing = self._matching()
        with self.querying(()):
            query = self.query_before(self.stop if closing is None else closing)
        if closing is None:
            raise self._not_closed(opening, holds_query=True)
        self.expect(")")
        return Value(query.text, self.span_from(opening.start), "query", query=query)

    def outside(self, *words: str) -> list[int]:
        """Indices of the words in a row (capitals) among the tokens to read, those in brackets left out."""
        rest = self.tokens[self.at : self.stop]
        return [
            self.at + index
            for index, _ in outer(rest)
            if [token.upper for token in rest[index : index + len(words)]] == [*words]
        ]

    def begins_query(self, index: int) -> bool:
        """Whether SQL's own query, or a parenthesis that may hold one, stands there."""
        if self._parser is None or self.tokens[index].text == "(":
            return True
        return self._parser.begins_query(self.tokens[index : min(index + HEAD_WORDS, self.stop)])

    def condition(self, *stop_words: str) -> Query:
        """Read an SQL expression up to the end or, outside parentheses, a comma or one of the words.

        Raises:
            ParseError: It is empty, or a parenthesis is left open.
        """
        self.want("condition")
        return self._part("expression", {*stop_words, ","} if stop_words else set())

    def from_tables(self, *stop_words: str) -> Query:
        """Read what may stand behind FROM, up to the end or one of the words.

        Raises:
            ParseError: It is empty, or a parenthesis is left open.
        """
        self.want("name", "table")
        self.want("query")
        start = self.here().start
        query = self._part("tables", set(stop_words))
        return replace(query, tokens=(Token("word", "FROM", start, start), *query.tokens))

    def select_items(self) -> Query:
        """Read what may stand behind SELECT, up to the end.

        Raises:
            ParseError: It is empty, or a parenthesis is left open.
        """
        self.want("condition")
        return self._part("items", set())

    def _part(self, form: Form, stop_words: Collection[str]) -> Query:
        if self.done or self.tokens[self.at].upper in stop_words:
            raise self.fail()
        ended = Ends(self.tokens, stop_words)
        return self.sql(lambda: ended(self.at), form)

    def read_given(self, words: Collection[str]) -> None:
        """Read ``WITH a AS (…), …`` if one of the words follows: `given` has it for whoever reads what follows.

        Raises:
            ParseError: A parenthesis is left open.
        """
        if self.open or not self.looking_at("WITH"):
            return
        behind = behind_with(self.tokens[self.at : self.stop])
        if behind is not None and self.tokens[end := self.at + behind].upper in words:
            self.given = self.sql(lambda: self.at >= end, "with")
        elif behind is None and self.tokens[self.stop - 1].text == ")":
            start, self.at = self.at, self.stop
            for word in sorted(words):
                self.want("word", word)
            self.at = start

    def sql(self, ended: Callable[[], bool], form: Form = "query") -> Query:
        """Read SQL up to the end, or until ``ended`` says so outside parentheses."""
        start, tokens, nested = self.tokens[self.at].start, list[Token](), list[Nested]()
        try:
            self._read_sql(ended, tokens, nested, TablePlaces(begins_there=form == "tables"))
        finally:
            if self.at == len(self.tokens):
                span = self.span_from(start)
                self.tail.append(Query(self.source, span, tuple(tokens), tuple(nested), form=form))
        bound = tuple(self._bound(tokens))
        return Query(self.source, self.span_from(start), tuple(tokens), tuple(nested), bound, form)

    def _read_sql(
        self, ended: Callable[[], bool], tokens: list[Token], nested: list[Nested], places: TablePlaces
    ) -> None:
        """Read SQL into the two lists."""
        open_brackets: list[Token] = []
        while not self.done and (open_brackets or not ended()):
            token = self.tokens[self.at]
            if token.kind == "unclosed":
                raise unclosed(token)
            if places.here and (table := self.at_version()) is not None:
                nested.append(table)
                places.go_over(token)
                continue
            places.go_over(token)
            if stands_for_sql(self.tokens, self.at):
                raise lookalike_error(self.source, self.tokens, self.at)
            if token.text in CLOSING.values() and (
                not open_brackets or CLOSING[open_brackets.pop().text] != token.text
            ):
                fixes = [removal(token.span, token.text)]
                raise ParseError(TS100.CLOSES_NOTHING(bracket=token.text), span=token.span, fixes=fixes)
            self.at += 1
            tokens.append(token)
            if token.text in CLOSING:
                open_brackets.append(token)
                if token.text == "(" and (child := self._nested_here()) is not None:
                    nested.append(child)
        if self.at == len(self.tokens):
            self.want("sql")
        if open_brackets:
            opening = open_brackets[-1]
            inside = token_index(self.tokens, opening.end)
            holds_query = inside < len(self.tokens) and self.begins_query(inside)
            raise self._not_closed(opening, holds_query=holds_query)
        if self.done and tokens and tokens[0].upper == "WITH" and not has_main_query(tokens):
            self.want("symbol", ",")
            self.want("word", "SELECT")
            raise self.fail()

    def _bound(self, tokens: Sequence[Token]) -> Iterator[Bound]:
        """The literals of the parameters among the tokens, and of the strings in bent quotes."""
        for token in tokens:
            if is_curly(token):
                yield Bound(token.span, straight(token, in_place=self._parameters is None))
            elif token.kind == "parameter" and self._parameters is not None:
                literal = sql_literal(token, self._parameters)
                if literal is not None:
                    yield Bound(token.span, literal)

    def at_version(self, *, is_query: bool = False) -> Nested | None:
        """Read a table at a version if one is next.

        Args:
            is_query: Whether it is a query by itself, in statements that take a name for one.
        """
        if self._parser is None or self.done:
            return None
        index, start = self.at, self.tokens[self.at].start
        length = version_length(self.tokens, index, self.stop)
        if not length:
            return None
        statement, span = self._parser.at_version(self), self.span_from(start)
        if is_query:
            return Nested(span, statement)
        own = own_name(self.tokens, index, self.at, self.stop)
        return Nested(span, statement, "", f" {own}" if own else "")

    def _nested_here(self) -> Nested | None:
        """Read the statement that starts right behind an opening parenthesis, if one does."""
        closing = self._matching()
        start = self.at
        token = self.peek()
        if token is None:
            self.want("query")
            self._parse_nested(self.stop)
            return None
        statement = self._parse_nested(closing if closing is not None else self.stop)
        if statement is None:
            self.at = start
            return None
        return Nested(self.span_from(token.start), statement)

    def _parse_nested(self, stop: int) -> Any:
        if self._parser is None:
            return None
        if self._depth == MOST_NESTED:
            raise too_deep(self.tokens[self.at].span if self.at < len(self.tokens) else None)
        outer, self.stop = self.stop, stop
        self._depth += 1
        try:
            return self._parser(self)
        finally:
            self.stop = outer
            self._depth -= 1

    def _matching(self) -> int | None:
        """Index of the parenthesis that closes the one just read, None if it is not closed."""
        closing = self._closings.get(self.at - 1, self.stop)
        return closing if closing < self.stop else None

    @cached_property
    def _closings(self) -> dict[int, int]:
        """Of each closed parenthesis the index of what closes it: looked up, as thousands may be open at once."""
        closings: dict[int, int] = {}
        opened: list[int] = []
        for index, token in enumerate(self.tokens):
            if token.text == "(":
                opened.append(index)
            elif token.text == ")" and opened:
                closings[opened.pop()] = index
        return closings
