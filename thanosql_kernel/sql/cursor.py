"""The cursor that statement parsers read with.

It remembers, for every token, what it would have accepted there. That memory is both the "expected USING, found
WITH" of an error and the list that an editor completes from.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal, NamedTuple

from thanosql_kernel.errors import ParseError, Span, UnexpectedEnd, did_you_mean
from thanosql_kernel.sql.lexer import Token, significant, tokenize
from thanosql_kernel.sql.literals import literal, number, unquote
from thanosql_kernel.sql.nodes import Assignment, Name, NameKind, Scalar, Value
from thanosql_kernel.sql.parameters import Parameters, option_value, sql_literal, unresolved
from thanosql_kernel.sql.query import Bound, Nested, Query, has_main_query

CLOSING = {"(": ")", "[": "]"}

WantKind = Literal["word", "symbol", "name", "option", "value", "path", "query", "condition", "sql", "type"]


class Want(NamedTuple):
    """Something a parser would have accepted.

    Attributes:
        kind: What sort of thing.
        text: The word or symbol itself, the kind of a name, or the option whose value is wanted.
    """

    kind: WantKind
    text: str

    def __str__(self) -> str:
        """As an error message says it."""
        if self.kind in ("word", "symbol"):
            return self.text
        if self.kind == "name":
            return f"a {self.text} name"
        return {
            "option": "an option",
            "value": "a value",
            "path": "a path in quotes",
            "query": "a query (SELECT …)",
            "condition": "an SQL expression",
            "sql": "more SQL",
            "type": "a column type",
        }[self.kind]


#: Parses the table-valued statement that starts at the cursor, or returns None where none starts.
NestedParser = Callable[["Cursor"], Any]


class Cursor:
    """Reads the significant tokens of one statement from left to right.

    Attributes:
        source: The whole cell.
        tokens: The tokens of the statement.
        at: Index of the next token.
        open: The statements being read, outermost first: what `statements.registry` is in the middle of.
        wants: Token index -> what would have been accepted there, in the order asked; ``len(tokens)`` is the end.
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
        self.source = source
        self.tokens = tokens
        self.at = 0
        self.stop = len(tokens)
        self.wants: dict[int, list[Want]] = {}
        self.open: list[Any] = []
        self._parameters = parameters
        self._nested = nested
        self._end = len(source) if end is None else end

    @classmethod
    def over(cls, text: str, nested: NestedParser | None = None) -> Cursor:
        """A cursor over a text that is one statement."""
        return cls(text, significant(tokenize(text)), nested=nested)

    # -- looking ---------------------------------------------------------------------------------------------
    def peek(self, ahead: int = 0) -> Token | None:
        """The token ``ahead`` of the next one, None past the end."""
        index = self.at + ahead
        return self.tokens[index] if index < self.stop else None

    @property
    def done(self) -> bool:
        """Whether every token is read."""
        return self.at >= self.stop

    def looking_at(self, *words: str) -> bool:
        """Whether the next tokens are these words (capitals) or symbols; remembers nothing."""
        return all(
            (token := self.peek(i)) is not None and token.upper == word for i, word in enumerate(words)
        )

    def here(self) -> Span:
        """The next token, or the empty place behind the last one."""
        token = self.peek()
        if token is not None:
            return token.span
        end = self.tokens[self.stop - 1].end if self.stop else 0
        return Span(end, end)

    def span_from(self, start: int) -> Span:
        """From offset ``start`` to the end of the token read last."""
        end = self.tokens[self.at - 1].end if self.at else start
        return Span(start, max(start, end))

    # -- wanting ---------------------------------------------------------------------------------------------
    def want(self, kind: WantKind, text: str = "") -> None:
        """Remember that this would be accepted here."""
        wanted = self.wants.setdefault(self.at, [])
        if (want := Want(kind, text)) not in wanted:
            wanted.append(want)

    def want_words(self, wants: Sequence[Want]) -> None:
        """Remember that any of these would be accepted here."""
        wanted = self.wants.get(self.at)
        if wanted is None:
            self.wants[self.at] = list(wants)
        else:
            wanted += [want for want in wants if want not in wanted]

    def fail(self) -> ParseError:
        """The error that the next token is none of what was wanted here."""
        wants = [want for want in self.wants.get(self.at, []) if want.kind != "sql"]
        expected = " or ".join(dict.fromkeys(str(want) for want in wants[:8])) or "the end of the statement"
        token = self.peek()
        if token is None:
            closing = self.tokens[self.stop] if self.stop < len(self.tokens) else None
            if closing is None:
                return UnexpectedEnd(f"expected {expected}, found the end of the statement", span=self.here())
            return ParseError(f"expected {expected}, found {closing.text}", span=closing.span)
        if token.kind == "unclosed":
            return unclosed(token)
        found = token.text if len(token.text) <= 40 else token.text[:37] + "…"
        hint = did_you_mean(token.text, [want.text for want in wants if want.kind == "word"])
        return ParseError(f"expected {expected}, found {found}", span=token.span, hint=hint)

    # -- words and symbols -----------------------------------------------------------------------------------
    def accept(self, word: str) -> Token | None:
        """Read a statement word (capitals) or symbol if it is next."""
        self.want("word" if word[0].isalpha() else "symbol", word)
        token = self.peek()
        if token is None or token.upper != word:
            return None
        self.at += 1
        return token

    def accept_words(self, *words: str) -> Token | None:
        """Read several words if they are next, all or none; returns the first."""
        start = self.at
        for word in words:
            if self.accept(word) is None:
                self.at = start
                return None
        return self.tokens[start]

    def expect(self, *words: str) -> Token:
        """Read these words or symbols.

        Raises:
            ParseError: Something else is next.
        """
        first: Token | None = None
        for word in words:
            token = self.accept(word)
            if token is None:
                raise self.fail()
            first = first or token
        assert first is not None
        return first

    def expect_end(self) -> None:
        """Nothing may follow.

        Raises:
            ParseError: Something does.
        """
        if not self.done:
            raise self.fail()

    # -- names and values ------------------------------------------------------------------------------------
    def name(self, kind: NameKind) -> Name:
        """Read a name: a word, ``"quoted"``, or a manual's ``[gap to fill in]``.

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
        return Name(token.name, token.span, kind)

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
        """Index of the first of these words outside parentheses; the end if there is none."""
        depth = 0
        for index in range(self.at, self.stop):
            token = self.tokens[index]
            depth += (token.text == "(") - (token.text == ")")
            if depth == 0 and token.upper in words:
                return index
        return self.stop

    def condition(self, *stop_words: str) -> Query:
        """Read an SQL expression up to the end or, outside parentheses, a comma or one of the words.

        Raises:
            ParseError: It is empty, or a parenthesis is left open.
        """
        self.want("condition")
        ends = {*stop_words, ","} if stop_words else set()
        if self.done or self.tokens[self.at].upper in ends:
            raise self.fail()
        return self.sql(lambda: self.tokens[self.at].upper in ends)

    def sql(self, ended: Callable[[], bool]) -> Query:
        """Read SQL up to the end, or until ``ended`` says so outside parentheses."""
        start, tokens, nested = self.tokens[self.at].start, [], []
        open_brackets: list[Token] = []
        while not self.done and (open_brackets or not ended()):
            token = self.tokens[self.at]
            if token.kind == "unclosed":
                raise unclosed(token)
            if token.text in ")]" and (not open_brackets or CLOSING[open_brackets.pop().text] != token.text):
                raise ParseError(f"{token.text} closes nothing", span=token.span)
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
        return Query(
            self.source, self.span_from(start), tuple(tokens), tuple(nested), tuple(self._bound(tokens))
        )

    def _bound(self, tokens: Sequence[Token]) -> Iterator[Bound]:
        """The literals of the parameters among the tokens."""
        if self._parameters is not None:
            for token in tokens:
                if token.kind == "parameter":
                    yield Bound(token.span, sql_literal(token, self._parameters))

    def _not_closed(self, opening: Token) -> ParseError:
        self.want("symbol", CLOSING[opening.text])
        if self.stop < len(self.tokens):
            return ParseError(f"this {opening.text} is not closed", span=opening.span)
        return UnexpectedEnd(f"this {opening.text} is not closed", span=opening.span)

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
        outer, self.stop = self.stop, stop
        try:
            return self._nested(self)
        finally:
            self.stop = outer

    def _matching(self) -> int | None:
        """Index of the parenthesis that closes the one just read, None if it is not closed."""
        depth = 1
        for index in range(self.at, self.stop):
            text = self.tokens[index].text
            depth += (text == "(") - (text == ")")
            if depth == 0:
                return index
        return None


QUERY_WORDS = {"SELECT", "WITH", "FROM", "VALUES", "TABLE", "("}


def unclosed(token: Token) -> ParseError:
    """The error for a string, name or comment that is not closed."""
    what = {"/": "comment", "'": "string", '"': "name or string"}[token.text[0]]
    error = UnexpectedEnd if token.text[0] == "/" else ParseError
    return error(f"this {what} is not closed", code="TS101", span=Span(token.start, token.end))


def token_index(tokens: Sequence[Token], offset: int) -> int:
    """Index of the first token that starts at or behind ``offset``."""
    return bisect_left(tokens, offset, key=lambda token: token.start)
