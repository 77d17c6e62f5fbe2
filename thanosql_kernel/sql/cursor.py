"""The cursor that statement parsers read with: names, values and SQL, on top of the words of `TokenReader`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, Literal

from thanosql_kernel.errors import Fix, ParseError, Replace, Span, UnexpectedEnd, too_deep
from thanosql_kernel.sql.brackets import CLOSING, QUERY_WORDS, closing_fix
from thanosql_kernel.sql.ends import Ends
from thanosql_kernel.sql.lexer import Token, significant, tokenize
from thanosql_kernel.sql.literals import literal, number, unquote
from thanosql_kernel.sql.lookalikes import is_lookalike, lookalike_error, plain, stands_for_sql
from thanosql_kernel.sql.nodes import Assignment, Name, NameKind, Scalar, Value
from thanosql_kernel.sql.parameters import Parameters, option_value, sql_literal, unresolved
from thanosql_kernel.sql.query import Bound, Form, Nested, Query, behind_with, has_main_query
from thanosql_kernel.sql.token_reader import TokenReader, WantKind, unclosed

#: Statements within statements; what works on them follows them by recursion, a dozen of Python's calls each.
MOST_NESTED = 32

#: Parses the table-valued statement that starts at the cursor, or returns None where none starts.
NestedParser = Callable[["Cursor"], Any]


class Cursor(TokenReader):
    """Reads one statement.

    Attributes:
        source: The whole cell.
        given: The common table expressions in front of the statement, if it has any.
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
        self.given: Query | None = None
        self._parameters = parameters
        self._nested = nested
        self._depth = 0
        self._end = len(source) if end is None else end

    @classmethod
    def over(cls, text: str, nested: NestedParser | None = None) -> Cursor:
        """A cursor over a text that is one statement."""
        return cls(text, significant(tokenize(text)), nested=nested)

    def fail(self) -> ParseError:
        """The error that the next token is none of what was wanted here, or only looks like it."""
        token = self.peek()
        written = plain(token.text) if token is not None else ""
        if token is not None and (
            is_lookalike(token) or (written != token.text and self._is_wanted(written))
        ):
            return lookalike_error(self.source, self.tokens, self.at)
        return super().fail()

    def _is_wanted(self, word: str) -> bool:
        wants = self.wants.get(self.at, ())
        return any(want.kind == "word" and want.text == word.upper() for want in wants)

    # -- names and values ------------------------------------------------------------------------------------
    def start_of(self, words: Sequence[str]) -> int:
        """Where the words stand that were read last, or WITH in front of them."""
        return self.given.span.start if self.given is not None else self.tokens[self.at - len(words)].start

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
            if value.form != "parameter" and not isinstance(value.value, str):
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
        if self.done:
            raise self._not_closed(opening)
        closing = self.expect("]")
        return Span(opening.start, closing.end)

    # -- queries ---------------------------------------------------------------------------------------------
    def query(self, *stop_words: str) -> Query:
        """Read a query up to the end (or, outside parentheses, one of the words).

        It is SQL, or a table-valued statement, bare or in parentheses.

        Raises:
            ParseError: What is next does not begin a query, or a parenthesis is left open.
        """
        if stop_words:
            outer, self.stop = self.stop, self._first_outside(stop_words)
            try:
                return self.query()
            finally:
                self.stop = outer
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
        if token.upper not in QUERY_WORDS:
            # Where the words of a nested statement break off, if it has begun.
            self.at = max((index for index in self.wants if index > start), default=start)
            raise self.fail()
        return self.sql(lambda: False)

    def _first_outside(self, words: tuple[str, ...]) -> int:
        """Index of the first of these words, or words in a row, outside parentheses; the end if there is none."""
        depth, rows = 0, [word.split() for word in words]
        for index in range(self.at, self.stop):
            token = self.tokens[index]
            depth += (token.text == "(") - (token.text == ")")
            if depth == 0 and any(
                row[0] == token.upper
                and row == [item.upper for item in self.tokens[index : min(index + len(row), self.stop)]]
                for row in rows
            ):
                return index
        return self.stop

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
        return replace(self.sql(lambda: ended(self.at)), form=form)

    def read_given(self, words: Collection[str]) -> None:
        """Read ``WITH a AS (…), …`` if one of the words follows: `given` has it for whoever reads what follows.

        Raises:
            ParseError: A parenthesis is left open.
        """
        if self.open or not self.looking_at("WITH"):
            return
        behind = behind_with(self.tokens[self.at : self.stop])
        if behind is not None and self.tokens[end := self.at + behind].upper in words:
            self.given = replace(self.sql(lambda: self.at >= end), form="with")
        elif behind is None and self.tokens[self.stop - 1].text == ")":
            start, self.at = self.at, self.stop
            for word in sorted(words):
                self.want("word", word)
            self.at = start

    def sql(self, ended: Callable[[], bool]) -> Query:
        """Read SQL up to the end, or until ``ended`` says so outside parentheses."""
        start, tokens, nested = self.tokens[self.at].start, [], []
        open_brackets: list[Token] = []
        while not self.done and (open_brackets or not ended()):
            token = self.tokens[self.at]
            if token.kind == "unclosed":
                raise unclosed(token)
            if stands_for_sql(self.tokens, self.at):
                raise lookalike_error(self.source, self.tokens, self.at)
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
        if self.done and tokens and tokens[0].upper == "WITH" and not has_main_query(tokens):
            self.want("symbol", ",")
            self.want("word", "SELECT")
            raise self.fail()
        return Query(
            self.source, self.span_from(start), tuple(tokens), tuple(nested), tuple(self._bound(tokens))
        )

    def _bound(self, tokens: Sequence[Token]) -> Iterator[Bound]:
        """The literals of the parameters among the tokens."""
        if self._parameters is not None:
            for token in tokens:
                if (
                    token.kind == "parameter"
                    and (literal := sql_literal(token, self._parameters)) is not None
                ):
                    yield Bound(token.span, literal)

    def _not_closed(self, opening: Token) -> ParseError:
        self.want("symbol", CLOSING[opening.text])
        error = ParseError if self.stop < len(self.tokens) else UnexpectedEnd
        fixes = [closing_fix(self.tokens, opening)]
        return error(f"this {opening.text} is not closed", span=opening.span, fixes=fixes)

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
        if self._nested is None:
            return None
        if self._depth == MOST_NESTED:
            raise too_deep(self.tokens[self.at].span if self.at < len(self.tokens) else None)
        outer, self.stop = self.stop, stop
        self._depth += 1
        try:
            return self._nested(self)
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
