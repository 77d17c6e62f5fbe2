"""Names and values as statement parsers read them, on top of the words of `TokenReader`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from thanosql_kernel.errors import ParseError, Span, UnexpectedEnd
from thanosql_kernel.sql.brackets import CLOSING, closing_fix
from thanosql_kernel.sql.lexer import Token
from thanosql_kernel.sql.literals import literal, number, unquote
from thanosql_kernel.sql.lookalikes import is_lookalike, lookalike_error, plain
from thanosql_kernel.sql.nodes import Assignment, Name, NameKind, Scalar, Value
from thanosql_kernel.sql.parameters import Parameters, option_value, unresolved
from thanosql_kernel.sql.table_versions import version_length
from thanosql_kernel.sql.token_reader import TokenReader, WantKind, token_index
from thanosql_kernel.wording.grammar import TS100, TS103, TS104

_TABLES = ("table", "new table", "table or view", "view", "new view")


class ValueReader(TokenReader):
    """Reads names, texts, numbers, lists and options.

    Attributes:
        source: The whole cell.
        queried: The options (lower case) whose values may be queries in parentheses.
    """

    queried: frozenset[str] = frozenset()

    def __init__(self, source: str, tokens: Sequence[Token], parameters: Parameters | None) -> None:
        super().__init__(tokens)
        self.source = source
        self._parameters = parameters

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

    def name(self, kind: NameKind, *, optional: bool = False, at_version: bool = False) -> Name:
        """Read a name: a word, ``"quoted"``, or a manual's ``[gap to fill in]``.

        Args:
            kind: Of what.
            optional: Whether nothing of that name needs to be there.
            at_version: Whether a version may stand behind it, which is read only.

        Raises:
            ParseError: Something else is next, or a version stands behind it that is not read.
        """
        self.want("name", kind)
        token = self.peek()
        if token is not None and token.text == "[":
            span = self._placeholder()
            return Name(self.source[span.start : span.end], span, kind, placeholder=True)
        if token is None or not token.is_name:
            raise self.fail()
        if not at_version and (length := self._versioned(kind)):
            span = Span(token.start, self.tokens[self.at + length].end)
            raise ParseError(TS104.VERSION_IS_READ(table=token.text), span=span, hint=TS104.READ_VERSION())
        self.at += 1
        return Name(token.name, token.span, kind, is_optional=optional)

    def _versioned(self, kind: NameKind) -> int:
        """How many tokens behind the next one say of which version a table is."""
        return version_length(self.tokens, self.at, self.stop) if kind in _TABLES else 0

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
                raise ParseError(TS103.NO_TEXT(name=token.text), span=token.span)
            return value
        if token is None or token.kind not in ("string", "quoted", "word"):
            raise self.fail()
        self.at += 1
        form: Literal["word", "string"] = "word" if token.kind == "word" else "string"
        return Value(unquote(token), token.span, form)

    def texts(self, what: WantKind) -> Value:
        """Read what `text` does, or a list of strings.

        Raises:
            ParseError: Something else is next.
        """
        first = self.peek(1) if self.looking_at("[") else None
        if first is None or first.kind not in ("string", "quoted", "parameter"):
            return self.text(what)
        opening, items = self.expect("["), []
        while not self.accept("]"):
            items.append(self.text(what))
            if not self.accept(","):
                self.expect("]")
                break
        return Value([item.value for item in items], self.span_from(opening.start), "list", tuple(items))  # type: ignore[misc]

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
        if token.text == "(" and option.lower() in self.queried:
            return self._rows()
        if token.text in ("-", "+") and (digits := self.peek(1)) is not None and digits.kind == "number":
            self.at += 2
            return Value(number(token.text + digits.text), Span(token.start, digits.end), "number")
        if token.kind not in ("string", "quoted", "number", "word", "parameter"):
            raise self.fail()
        self.at += 1
        return self._parameter(token) if token.kind == "parameter" else literal(token)

    def _rows(self) -> Value:
        """Read a query in parentheses."""
        raise self.fail()

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

    def _not_closed(self, opening: Token, *, holds_query: bool = False) -> ParseError:
        self.want("symbol", CLOSING[opening.text])
        error = ParseError if self.stop < len(self.tokens) else UnexpectedEnd
        inside = self.tokens[token_index(self.tokens, opening.end) :]
        fixes = [closing_fix(opening, inside, holds_query=holds_query)]
        return error(TS100.BRACKET_OPEN(bracket=opening.text), span=opening.span, fixes=fixes)
