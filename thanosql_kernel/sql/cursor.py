"""The cursor that statement parsers read with: names, values and SQL, on top of the words of `TokenReader`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, Literal, Protocol

from thanosql_kernel.errors import Fix, ParseError, Replace, Span, UnexpectedEnd, too_deep
from thanosql_kernel.sql.lexer import Token, significant, tokenize
from thanosql_kernel.sql.literals import literal, number, unquote
from thanosql_kernel.sql.nodes import Assignment, Name, NameKind, Scalar, Value
from thanosql_kernel.sql.parameters import Parameters, option_value, sql_literal, unresolved
from thanosql_kernel.sql.query import Bound, Nested, Query, has_main_query
from thanosql_kernel.sql.token_reader import TokenReader, WantKind, token_index, unclosed

CLOSING = {"(": ")", "[": "]", "{": "}"}

#: Statements within statements; what works on them follows them by recursion, a dozen of Python's calls each.
MOST_NESTED = 32

#: Most words that a statement begins with (CREATE OR REPLACE TABLE).
HEAD_WORDS = 4

CLAUSES = frozenset("SELECT FROM WHERE GROUP HAVING QUALIFY WINDOW ORDER LIMIT OFFSET".split())


class NestedParser(Protocol):
    """What reading queries asks of the statements."""

    def __call__(self, cursor: Cursor) -> Any:
        """The table-valued statement that starts at the cursor, parsed; None where none starts."""

    def begins_query(self, tokens: Sequence[Token]) -> bool:
        """Whether the tokens start with the words of SQL's own queries."""


class Cursor(TokenReader):
    """Reads one statement.

    Attributes:
        source: The whole cell.
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
        super().__init__(tokens)
        self.source = source
        self.tail: list[Query] = []
        self._parameters = parameters
        self._parser = nested
        self._depth = 0
        self._end = len(source) if end is None else end

    @classmethod
    def over(cls, text: str, nested: NestedParser | None = None) -> Cursor:
        """A cursor over a text that is one statement."""
        return cls(text, significant(tokenize(text)), nested=nested)

    # -- names and values ------------------------------------------------------------------------------------
    def start_of(self, words: Sequence[str]) -> int:
        """Where the words stand that were read last."""
        return self.tokens[self.at - len(words)].start

    def name(self, kind: NameKind, *, optional: bool = False) -> Name:
        """Read a name: a word, ``"quoted"``, or a manual's ``[gap to fill in]``.

        Args:
            kind: Of what.
            optional: Whether nothing of that name needs to be there.

        Raises:
            ParseError: Something else is next.
        """
        self.want("name", kind)
        token = self.peek()
        if token is not None and token.text == "[":
            span = self._placeholder()
            return Name(self.source[span.start : span.end], span, kind, placeholder=True)
        if token is None or not token.is_name:
            raise self.fail()
        self.at += 1
        return Name(token.name, token.span, kind, is_optional=optional)

    def text(self, what: WantKind = "value") -> Value:
        """Read a string in single or double quotes, a bare word, or a gap to fill in.

        Raises:
            ParseError: Something else is next.
        """
        self.want(what)
        token = self.peek()
        if token is not None and token.text == "[":
            span = self._placeholder()
            return Value(self.source[span.start : span.end], span, "placeholder")
        if token is not None and token.kind == "parameter":
            self.at += 1
            value = self._parameter(token)
            if not isinstance(value.value, str):
                raise ParseError(f"{token.text} is not a text", code="TS103", span=token.span)
            return value
        if token is None or token.kind not in ("string", "quoted", "word"):
            raise self.fail()
        self.at += 1
        form: Literal["word", "string"] = "word" if token.kind == "word" else "string"
        return Value(unquote(token), token.span, form)

    def value(self, option: str = "") -> Value:
        """Read a literal, a list of literals, or a bare word.

        Raises:
            ParseError: Something else is next.
        """
        self.want("value", option)
        token = self.peek()
        if token is None:
            raise self.fail()
        if token.text == "[":
            return self._list(option)
        if token.text in ("-", "+") and (digits := self.peek(1)) is not None and digits.kind == "number":
            self.at += 2
            return Value(number(token.text + digits.text), Span(token.start, digits.end), "number")
        if token.kind not in ("string", "quoted", "number", "word", "parameter"):
            raise self.fail()
        self.at += 1
        return self._parameter(token) if token.kind == "parameter" else literal(token)

    def _parameter(self, token: Token) -> Value:
        return unresolved(token) if self._parameters is None else option_value(token, self._parameters)

    def assignment(self, *, comma_missing: bool = False) -> Assignment:
        """Read ``name = value``.

        Raises:
            ParseError: Something else is next.
        """
        self.want("option")
        token = self.peek()
        if token is None or token.kind != "word":
            raise self.fail()
        self.at += 1
        self.expect("=")
        return Assignment(token.text, token.span, self.value(token.text), comma_missing)

    def options(self) -> tuple[Assignment, ...]:
        """Read ``OPTIONS (name=value, …)`` if it is next; a trailing comma is allowed.

        A comma left out between two options is read over and remembered in the assignment behind the gap.

        Raises:
            ParseError: It is begun but not well formed.
        """
        if not self.accept("OPTIONS"):
            return ()
        self.expect("(")
        items: list[Assignment] = []
        comma = True
        while not self.accept(")"):
            items.append(self.assignment(comma_missing=not comma))
            comma = self.accept(",") is not None
            if not comma and not self._option_follows():
                self.want("symbol", ")")
                if not self.looking_at(")"):
                    raise self.fail()
        return tuple(items)

    def _option_follows(self) -> bool:
        token, equals = self.peek(), self.peek(1)
        return token is not None and token.kind == "word" and equals is not None and equals.text == "="

    def _list(self, option: str) -> Value:
        opening = self.expect("[")
        if self._is_placeholder(opening):
            self.at -= 1
            span = self._placeholder()
            return Value(self.source[span.start : span.end], span, "placeholder")
        items: list[Value] = []
        while not self.accept("]"):
            items.append(self.value(option))
            if not self.accept(","):
                self.expect("]")
                break
        values: list[Scalar] = [item.value for item in items if not isinstance(item.value, list)]
        return Value(values, self.span_from(opening.start), "list", tuple(items))

    def _is_placeholder(self, opening: Token) -> bool:
        """Two words in a row right after ``[`` are prose, not a list."""
        first, second = self.peek(), self.peek(1)
        return bool(first and second and first.kind == "word" and second.kind == "word")

    def _placeholder(self) -> Span:
        opening = self.expect("[")
        while not self.done and not self.looking_at("]"):
            self.at += 1
        closing = self.expect("]")
        return Span(opening.start, closing.end)

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
        if not self._begins_query(start):
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

    def outside(self, word: str) -> list[int]:
        """Indices of the word (capitals) among the tokens to read, those in brackets left out."""
        rest = self.tokens[self.at : self.stop]
        return [self.at + index for index, token in self._outer(rest) if token.upper == word]

    def _begins_query(self, index: int) -> bool:
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
        ends = {*stop_words, ","} if stop_words else set()
        if self.done or self.tokens[self.at].upper in ends:
            raise self.fail()
        return replace(self.sql(lambda: self.tokens[self.at].upper in ends), is_expression=True)

    def sql(self, ended: Callable[[], bool]) -> Query:
        """Read SQL up to the end, or until ``ended`` says so outside parentheses."""
        start, tokens, nested = self.tokens[self.at].start, list[Token](), list[Nested]()
        try:
            self._read_sql(ended, tokens, nested)
        finally:
            if self.at == len(self.tokens):
                self.tail.append(Query(self.source, self.span_from(start), tuple(tokens), tuple(nested)))
        return Query(
            self.source, self.span_from(start), tuple(tokens), tuple(nested), tuple(self._bound(tokens))
        )

    def _read_sql(self, ended: Callable[[], bool], tokens: list[Token], nested: list[Nested]) -> None:
        """Read SQL into the two lists."""
        open_brackets: list[Token] = []
        while not self.done and (open_brackets or not ended()):
            token = self.tokens[self.at]
            if token.kind == "unclosed":
                raise unclosed(token)
            if token.text in CLOSING.values() and (
                not open_brackets or CLOSING[open_brackets.pop().text] != token.text
            ):
                fix = Fix(f"remove {token.text}", Replace(token.span, ""))
                raise ParseError(f"{token.text} closes nothing", span=token.span, fixes=[fix])
            self.at += 1
            tokens.append(token)
            if token.text in CLOSING:
                open_brackets.append(token)
                if token.text == "(" and (child := self._nested_here()) is not None:
                    nested.append(child)
        if self.at == len(self.tokens):
            self.want("sql")
        if open_brackets:
            raise self._not_closed(open_brackets[-1])
        if tokens and tokens[0].upper == "WITH" and not has_main_query(tokens):
            self.want("symbol", ",")
            self.want("word", "SELECT")
            raise self.fail()

    def _bound(self, tokens: Sequence[Token]) -> Iterator[Bound]:
        """The literals of the parameters among the tokens."""
        if self._parameters is not None:
            for token in tokens:
                if token.kind == "parameter":
                    yield Bound(token.span, sql_literal(token, self._parameters))

    def _not_closed(self, opening: Token) -> ParseError:
        self.want("symbol", CLOSING[opening.text])
        error = ParseError if self.stop < len(self.tokens) else UnexpectedEnd
        fixes = [self._closing_fix(opening)]
        return error(f"this {opening.text} is not closed", span=opening.span, fixes=fixes)

    def _closing_fix(self, opening: Token) -> Fix:
        """The bracket closed in front of the next clause if it holds an expression, else at the end."""
        sign = CLOSING[opening.text]
        inside = [token for token in self.tokens if token.start >= opening.end]
        clause = next((index for index, token in self._outer(inside) if token.upper in CLAUSES), 0)
        end, where = inside[-1].end if inside else opening.end, "at the end"
        if clause and not self._begins_query(token_index(self.tokens, opening.end)):
            end, where = inside[clause - 1].end, f"in front of {inside[clause].upper}"
        return Fix(f"insert {sign} {where}", Replace(Span(end, end), sign), is_preferred=False)

    @staticmethod
    def _outer(tokens: Sequence[Token]) -> Iterator[tuple[int, Token]]:
        """The tokens outside all brackets among them."""
        depth = 0
        for index, token in enumerate(tokens):
            depth += (token.text in CLOSING) - (token.text in CLOSING.values())
            if depth == 0:
                yield index, token

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
