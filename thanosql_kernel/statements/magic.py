"""The lines that notebooks of the old service begin with: ``%load_ext``, ``%thanosql``. They stay harmless.

The token that such a line may hold is read over: it is kept nowhere, so it cannot be shown, logged or stored.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from thanosql_kernel.errors import ParseError, Span, Unsupported
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.lexer import Token, significant, tokenize
from thanosql_kernel.sql.parameters import Parameters
from thanosql_kernel.sql.script import Piece
from thanosql_kernel.statements.registry import parse_at, parse_nested
from thanosql_kernel.statements.results import Message
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.statement import Statement, Words
from thanosql_kernel.wording import Wording, answers
from thanosql_kernel.wording.grammar import TS100
from thanosql_kernel.wording.refusals import TS600

_LOAD = re.compile(r"%(?:re)?load_ext[ \t]+(?:thanosql|sql\b)")
_THANOSQL = re.compile(r"%+(?:thano)?sql\b[ \t]*")
_TOKEN = re.compile(r"\s*api_?token\b", re.IGNORECASE)
_VARIABLE = re.compile(r"\s*(\$[^\W\d]\w*)\s*;?\s*")
_URL = re.compile(r"\s*(?:https?|wss?)://|\s*<?\w+(?:\.\w+)+(?::\d+)?/?\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class MagicLine(Statement):
    """A line of the old notebooks that has nothing left to do.

    Attributes:
        answer: What to tell the user.
    """

    answer: Wording

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Never called: the line is no statement of the dialect."""
        raise AssertionError("magic lines are parsed by parse_magic")

    def run(self, runtime: Runtime) -> Message:
        """Answer."""
        return Message(self.answer())


def is_known_magic(line: str) -> bool:
    """Whether a ``%`` or ``!`` line says something to this kernel."""
    return (_LOAD.match(line) or _THANOSQL.match(line)) is not None


def parse_magic(text: str, piece: Piece, parameters: Parameters | None = None) -> Statement:
    """The statement of a ``%`` or ``!`` line.

    Raises:
        ParseError: It holds a statement that does not parse.
        Unsupported: It is meant for Python.
    """
    line, span = piece.magic or "", piece.span
    if _LOAD.match(line):
        return MagicLine(span, (), answers.NO_EXTENSION)
    match = _THANOSQL.match(line)
    if match is None:
        word = line.split(maxsplit=1)[0]
        raise Unsupported(
            TS600.FOR_PYTHON(word=word),
            span=Span(span.start, span.start + len(word)),
            hint=TS600.CHOOSE_PYTHON(),
        )
    rest = line[match.end() :]
    if not rest.strip():
        return MagicLine(span, (), answers.NOTHING_TO_RUN)
    if _TOKEN.match(rest):
        return MagicLine(span, (), answers.NO_TOKEN)
    if (variable := _VARIABLE.fullmatch(rest)) is not None:
        start = span.start + match.end() + variable.start(1)
        raise Unsupported(
            TS600.TEXT_OF_VARIABLE(name=variable[1]),
            span=Span(start, start + len(variable[1])),
            hint=TS600.PASTE_OR_PYTHON(),
        )
    if _URL.match(rest):
        return MagicLine(span, (), answers.NO_SERVER)
    return _inline(text, span.start + match.end(), span.end, parameters)


def _inline(text: str, start: int, end: int, parameters: Parameters | None) -> Statement:
    """The statement on the rest of a ``%thanosql`` line."""
    tokens = [
        Token(token.kind, token.text, token.start + start, token.end + start)
        for token in significant(tokenize(text[start:end]))
    ]
    while tokens and tokens[-1].text == ";":
        tokens.pop()
    if any(token.text == ";" for token in tokens):
        raise ParseError(TS100.ONE_STATEMENT_A_LINE(), span=Span(start, end), hint=TS100.USE_ANOTHER_CELL())
    return parse_at(Cursor(text, tokens, nested=parse_nested, parameters=parameters))
